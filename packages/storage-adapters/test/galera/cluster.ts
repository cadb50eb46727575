import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { createConnection } from 'mysql2/promise';

import { freePort } from '../ports.ts';

const run = promisify(execFile);
const SERVER = '/usr/sbin/mariadbd';
const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
/** A state transfer on a busy machine takes its time; a node that has not joined by then will not. */
const JOIN_MS = 120_000;

export interface Cluster {
  /** URLs of a database `zp` that the cluster begins with, one a node. */
  readonly urls: readonly string[];
  /** End a node at once, as a power cut does. */
  kill(node: number): Promise<void>;
  /** Start a killed node; resolves when it has caught up with the others. */
  rejoin(node: number): Promise<void>;
  /** A counter of `SHOW STATUS`, summed over the nodes that run. */
  status(name: string): Promise<number>;
  /** What a node wrote to its log. */
  log(node: number): string;
  stop(): Promise<void>;
}

/** Put in what is missing, where Debian's packages are to be had. @throws when it is still missing then */
async function install(): Promise<void> {
  const missing = [
    ['mariadb-server', SERVER],
    ['galera-4', PROVIDER],
    ['rsync', '/usr/bin/rsync'],
  ].filter(([, file]) => !existsSync(file ?? ''));
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing.map(([name]) => name ?? '')], { env });
}

async function statusOf(url: string, name: string): Promise<string> {
  const connection = await createConnection({ uri: url, connectTimeout: 2000 });
  try {
    const [rows] = await connection.query({ sql: `SHOW STATUS LIKE '${name}'`, timeout: 5000 });
    return String((rows as readonly Record<string, unknown>[])[0]?.['Value'] ?? '');
  } finally {
    connection.destroy();
  }
}

interface Node {
  readonly directory: string;
  readonly url: string;
  readonly options: readonly string[];
  process: ChildProcess | undefined;
}

function start(node: Node, ...more: readonly string[]): void {
  const output = openSync(join(node.directory, 'log'), 'a');
  node.process = spawn(SERVER, [...node.options, ...more], { stdio: ['ignore', output, output] });
}

async function end(node: Node, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const child = node.process;
  node.process = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function joined(node: Node, size: number): Promise<void> {
  for (const until = performance.now() + JOIN_MS; performance.now() < until; await sleep(250)) {
    const child = node.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) break;
    const seen = await Promise.all(['wsrep_cluster_size', 'wsrep_local_state_comment'].map((name) => statusOf(node.url, name))).catch(
      () => [],
    );
    if (seen[0] === String(size) && seen[1] === 'Synced') return;
  }
  throw new Error(`a node did not join:\n${readFileSync(join(node.directory, 'log'), 'utf8').slice(-4000)}`);
}

/** Where a node stopped, so that the others send it only what it missed. */
async function position(node: Node): Promise<string> {
  const child = spawn(SERVER, [...node.options, '--wsrep-recover'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), JOIN_MS);
  let said = '';
  let found: string | undefined;
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    said += String(chunk);
    found = /Recovered position: (\S+)\s/.exec(said)?.[1];
    // It now only has to end, and after a kill it at times never does: its shutdown waits for a purge that waits for it.
    if (found !== undefined) child.kill('SIGKILL');
  }
  clearTimeout(late);
  await exit;
  if (found === undefined) throw new Error(`a node did not say where it stopped:\n${said.slice(-4000)}`);
  return found;
}

/** MariaDB Galera of three nodes on this machine (三节点集群): own ports, sockets and directories under a temporary one. */
export async function startCluster(): Promise<Cluster> {
  await install();
  const root = mkdtempSync(join(tmpdir(), 'zp-galera-'));
  const ports: number[] = [];
  while (ports.length < 12) ports.push(await freePort());
  const port = (node: number, which: number): number => ports[node * 4 + which] ?? 0;
  const indexes = [0, 1, 2];
  const members = indexes.map((i) => `127.0.0.1:${port(i, 1)}`).join(',');
  // As root, rsync takes what it receives as nobody would: the nodes then run as the user Debian made for them.
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? ['--user=mysql'] : [];
  chmodSync(root, 0o755);
  const nodes = indexes.map((i): Node => {
    const directory = join(root, `node${i}`);
    mkdirSync(directory);
    const [group, ist, sst] = [1, 2, 3].map((which) => `127.0.0.1:${port(i, which)}`);
    const options = [
      '--no-defaults',
      ...user,
      `--datadir=${join(directory, 'data')}`,
      `--socket=${join(directory, 'socket')}`,
      `--pid-file=${join(directory, 'pid')}`,
      `--port=${port(i, 0)}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=32M',
      '--innodb-autoinc-lock-mode=2',
      '--binlog-format=ROW',
      '--wsrep-on=ON',
      `--wsrep-provider=${PROVIDER}`,
      '--wsrep-cluster-name=zp',
      `--wsrep-cluster-address=gcomm://${members}`,
      `--wsrep-node-name=node${i}`,
      `--wsrep-node-address=${group}`,
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=${sst}`,
      '--wsrep-slave-threads=2',
      `--wsrep-provider-options=gmcast.listen_addr=tcp://${group};ist.recv_addr=${ist};gcache.size=64M`,
    ];
    return { directory, url: `mysql://root@127.0.0.1:${port(i, 0)}/zp`, options, process: undefined };
  });
  const [first, ...others] = nodes;
  if (first === undefined) throw new Error('a cluster has a first node');

  const cluster: Cluster = {
    urls: nodes.map((node) => node.url),
    async kill(i) {
      const node = nodes[i];
      if (node) await end(node, 'SIGKILL');
    },
    async rejoin(i) {
      const node = nodes[i];
      if (node === undefined) return;
      start(node, `--wsrep-start-position=${await position(node)}`);
      await joined(node, nodes.filter((other) => other.process).length);
    },
    async status(name) {
      const values = await Promise.all(nodes.filter((node) => node.process).map((node) => statusOf(node.url, name)));
      return values.reduce((sum, value) => sum + Number(value), 0);
    },
    log: (i) => readFileSync(join(nodes[i]?.directory ?? '', 'log'), 'utf8'),
    async stop() {
      for (const node of [...nodes].reverse()) await end(node, 'SIGTERM');
      rmSync(root, { recursive: true, force: true });
    },
  };

  try {
    const data = join(first.directory, 'data');
    if (asRoot) await run('chown', ['-R', 'mysql', root]);
    await run('mariadb-install-db', [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ]);
    start(first, '--wsrep-new-cluster');
    await joined({ ...first, url: first.url.replace('/zp', '/mysql') }, 1);
    const connection = await createConnection(first.url.replace('/zp', '/mysql'));
    await connection.query('CREATE DATABASE zp CHARACTER SET utf8mb4');
    await connection.end();
    await end(first, 'SIGTERM');
    // The others begin as copies of a node that stopped in good order, so nothing need be transferred.
    for (const node of others) {
      const copied = (file: string): boolean => !file.endsWith('galera.cache');
      cpSync(data, join(node.directory, 'data'), { recursive: true, preserveTimestamps: true, filter: copied });
    }
    if (asRoot) await run('chown', ['-R', 'mysql', root]);
    for (const node of nodes) start(node, ...(node === first ? ['--wsrep-new-cluster'] : []));
    for (const node of nodes) await joined(node, nodes.length);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
