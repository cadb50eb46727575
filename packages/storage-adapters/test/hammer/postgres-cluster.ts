import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { freePort } from '../ports.ts';
import { end, endWithChildren, isRunning, until } from './process.ts';
import type { OwnServer } from './servers.ts';

const run = promisify(execFile);
const START_MS = 60_000;

/** A PostgreSQL of the test's own, which may be killed and copied. */
export interface PostgresNode extends OwnServer {
  readonly port: number;
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** A standby of this server, streaming from it by way of `port` (its own by default). */
  standby(port?: number, name?: string): Promise<PostgresNode>;
  promote(): Promise<void>;
}

/** Debian's binaries, the newest; absent where there are none. */
export function postgresBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root: then it runs as the user Debian made for it. */
async function account(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function makeFolder(who: { readonly uid?: number; readonly gid?: number }, parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'zp-pg-'));
  chmodSync(folder, 0o755);
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid ?? who.uid);
  return folder;
}

async function asClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Start the server whose data are in this folder. */
async function serve(bin: string, folder: string, settings: readonly string[]): Promise<PostgresNode> {
  const who = await account();
  const data = join(folder, 'data');
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=200', ...settings];
    await until('PostgreSQL starts', START_MS, async () => {
      // Straight after a kill the old one's memory may still be in use: then it ends, and is started again.
      if (child === undefined || !isRunning(child)) {
        const log = openSync(join(folder, 'log'), 'a');
        child = spawn(join(bin, 'postgres'), ['-D', data, ...options.flatMap((o) => ['-c', o])], { stdio: ['ignore', log, log], ...who });
      }
      return asClient(url, async () => true).catch(() => false);
    });
  }

  const sql = (text: string): Promise<readonly Record<string, unknown>[]> =>
    asClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

  await start();
  return {
    url,
    port,
    start,
    async kill() {
      if (child) await endWithChildren(child);
    },
    async stop() {
      if (child) await end(child, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    sql,
    async standby(from = port, name = 'standby') {
      const copy = makeFolder(who);
      const source = `host=127.0.0.1 port=${from} user=postgres application_name=${name}`;
      await run(join(bin, 'pg_basebackup'), ['-D', join(copy, 'data'), '-d', source, '-R', '-X', 'stream', '-c', 'fast'], {
        cwd: copy,
        ...who,
      });
      return serve(bin, copy, []);
    },
    async promote() {
      await sql('SELECT pg_promote(true, 60)');
    },
  };
}

/** A new, empty PostgreSQL on loopback under a temporary folder, with the defaults that keep what it acknowledged. */
export async function startPostgres(settings: readonly string[] = [], parent: string = tmpdir()): Promise<PostgresNode> {
  const bin = postgresBinaries();
  if (bin === undefined) throw new Error('needs the binaries of the package postgresql');
  const who = await account();
  const folder = makeFolder(who, parent);
  const options = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale'];
  await run(join(bin, 'initdb'), options, { cwd: folder, ...who });
  return serve(bin, folder, settings);
}
