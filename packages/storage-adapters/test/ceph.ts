import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { freePort } from './ports.ts';

/** A Ceph object gateway with Object Lock on loopback, for as long as a test needs it. */
export interface CephServer {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another user's keys: valid, but without any right to the first one's buckets. */
  readonly stranger: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph-authtool', 'monmaptool'];

/** Whether the Debian packages ceph-mon, ceph-osd, radosgw and ceph-common are installed. */
export function cephInstalled(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return PROGRAMS.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

const run = promisify(execFile);

function settings(directory: string, fsid: string, monPort: number, gatewayPort: number): string {
  return `[global]
fsid = ${fsid}
mon_host = [v2:127.0.0.1:${monPort}/0]
mon_initial_members = a
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = ${directory}/keyring
run_dir = ${directory}
admin_socket =
pid_file =
log_to_file = false
mon_cluster_log_to_file = false
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_class_load_list = *
osd_class_default_list = *
osd_data = ${directory}/osd
mon_data = ${directory}/mon
ms_bind_ipv6 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw_data = ${directory}/rgw
rgw_enable_usage_log = false
rgw_thread_pool_size = 32
`;
}

/**
 * Start one: a monitor, one store in memory, the gateway; about ten seconds.
 * @throws with the end of the logs when it does not come up
 */
export async function startCeph(): Promise<CephServer> {
  if (!cephInstalled()) throw new Error('Ceph is not installed: apt-get install ceph-mon ceph-osd radosgw ceph-common');
  const directory = await mkdtemp(join(tmpdir(), 'zp-ceph-'));
  const conf = join(directory, 'ceph.conf');
  const [monPort, gatewayPort] = [await freePort(), await freePort()];
  const fsid = crypto.randomUUID();
  const children: ChildProcess[] = [];
  const asRoot = process.getuid?.() === 0 ? ['--setuser', 'root', '--setgroup', 'root'] : [];

  async function ceph(...args: string[]): Promise<string> {
    const { stdout } = await run('ceph', ['-c', conf, '--connect-timeout', '30', ...args]);
    return stdout;
  }

  function daemon(program: string, ...args: string[]): void {
    const log = createWriteStream(join(directory, `${program}.log`));
    const child = spawn(program, ['-c', conf, '-f', ...asRoot, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    children.push(child);
  }

  function killAll(): void {
    for (const child of children) child.kill('SIGKILL');
  }
  process.on('exit', killAll);

  async function stop(): Promise<void> {
    process.off('exit', killAll);
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        // Nothing here is worth an orderly end.
        child.kill('SIGKILL');
        await gone;
      }),
    );
    await rm(directory, { recursive: true, force: true });
  }

  async function user(name: string): Promise<CephServer['credentials']> {
    const credentials = { accessKeyId: `${name}key`, secretAccessKey: `${name}secret` };
    const { accessKeyId, secretAccessKey } = credentials;
    const who = [`--uid=${name}`, `--display-name=${name}`, `--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
    await run('radosgw-admin', ['-c', conf, '-n', 'client.admin', 'user', 'create', ...who]);
    return credentials;
  }

  try {
    await writeFile(conf, settings(directory, fsid, monPort, gatewayPort));
    for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(directory, name));
    const keyring = join(directory, 'keyring');
    const key = async (name: string, ...caps: string[]): Promise<void> => {
      await run('ceph-authtool', [keyring, ...(existsSync(keyring) ? [] : ['--create-keyring']), '--gen-key', '-n', name, ...caps]);
    };
    await key('mon.', '--cap', 'mon', 'allow *');
    await key('client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *');
    await key('osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *');
    await key('client.rgw', '--cap', 'mon', 'allow rw', '--cap', 'osd', 'allow rwx');
    const map = join(directory, 'monmap');
    await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monPort}]`, map]);
    await run('ceph-mon', ['-c', conf, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring, ...asRoot]);
    daemon('ceph-mon', '-i', 'a');
    const osd = crypto.randomUUID();
    await ceph('osd', 'new', osd);
    await ceph('osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=local');
    await run('ceph-osd', ['-c', conf, '-i', '0', '--mkfs', '--osd-uuid', osd, '--keyring', keyring, ...asRoot]);
    daemon('ceph-osd', '-i', '0');
    daemon('radosgw', '-n', 'client.rgw');
    const endpoint = `http://127.0.0.1:${gatewayPort}`;
    for (let tries = 0; ; tries++) {
      const answer = await fetch(endpoint).catch(() => undefined);
      if (answer?.status === 200) break;
      if (tries >= 480) throw new Error(`Ceph did not come up; see ${directory}`);
      await pause(250);
    }
    return { endpoint, credentials: await user('keeper'), stranger: await user('stranger'), stop };
  } catch (error) {
    killAll();
    throw error;
  }
}
