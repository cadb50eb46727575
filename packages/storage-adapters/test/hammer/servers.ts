import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Store } from '@zhengpin/core';
import { createConnection } from 'mysql2/promise';

import { mysqlStore } from '../../src/mysql.ts';
import { postgresStore } from '../../src/postgres.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { postgresBinaries, startPostgres } from './postgres-cluster.ts';
import { freePort } from '../ports.ts';
import { end, isRunning, until } from './process.ts';

const run = promisify(execFile);
const MARIADB = '/usr/sbin/mariadbd';

export type Kind = 'sqlite' | 'postgres' | 'mysql';

/** A database of the test's own. */
export interface OwnServer {
  readonly url: string;
  /** Start it again after a kill. */
  start(): Promise<void>;
  /** As kill -9 does, with everything it has started. */
  kill(): Promise<void>;
  /** End it and take its data away. */
  stop(): Promise<void>;
  log(): string;
}

/** Whether this machine has what `startServer` needs; under CI its absence is a failure, so there the answer is yes. */
export function canStart(kind: Kind): boolean {
  if (kind === 'sqlite' || process.env['CI'] === 'true') return true;
  return kind === 'postgres' ? postgresBinaries() !== undefined : existsSync(MARIADB);
}

async function startMariadb(parent: string): Promise<OwnServer> {
  const folder = mkdtempSync(join(parent, 'zp-my-'));
  chmodSync(folder, 0o755);
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  if (user.length > 0) await run('chown', ['mysql', folder]);
  const data = join(folder, 'data');
  const basic = ['--no-defaults', ...user, `--datadir=${data}`];
  await run('mariadb-install-db', [...basic, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const port = await freePort();
  const server = `mysql://root@127.0.0.1:${port}`;
  const options = [`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`, `--port=${port}`];
  let child: ChildProcess | undefined;

  async function sql(text: string): Promise<void> {
    const connection = await createConnection({ uri: `${server}/mysql`, connectTimeout: 2000 });
    await connection.query(text);
    await connection.end();
  }

  async function start(): Promise<void> {
    await until('MariaDB starts', 60_000, async () => {
      if (child === undefined || !isRunning(child)) {
        const log = openSync(join(folder, 'log'), 'a');
        const more = ['--bind-address=127.0.0.1', '--skip-name-resolve', '--max-connections=200', '--innodb-buffer-pool-size=256M'];
        child = spawn(MARIADB, [...basic, ...options, ...more], { stdio: ['ignore', log, log] });
      }
      return sql('DO 1').then(
        () => true,
        () => false,
      );
    });
  }

  await start();
  await sql('CREATE DATABASE zp CHARACTER SET utf8mb4');
  return {
    url: `${server}/zp`,
    start,
    async kill() {
      if (child) await end(child, 'SIGKILL');
    },
    async stop() {
      if (child) await end(child, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
  };
}

/** SQLite has no server: killing and starting it is up to those who use the file. */
function startSqlite(parent: string): OwnServer {
  const folder = mkdtempSync(join(parent, 'zp-lite-'));
  return {
    url: join(folder, 'store.db'),
    start: async () => undefined,
    kill: async () => undefined,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    log: () => '',
  };
}

/** A new, empty database on this machine, flushing at every commit as its defaults are. @param parent folder it lies in */
export async function startServer(kind: Kind, parent: string = tmpdir()): Promise<OwnServer> {
  if (kind === 'postgres') return startPostgres([], parent);
  return kind === 'mysql' ? startMariadb(parent) : startSqlite(parent);
}

/** A store over a URL as a host opens it; anything that is no URL of a server is the path of a file. */
export function openStore(url: string): Store {
  if (url.startsWith('postgres:')) return postgresStore({ url });
  return url.startsWith('mysql:') ? mysqlStore({ url }) : sqliteStore({ path: url, busyTimeoutMs: 15_000 });
}
