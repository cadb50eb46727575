import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Store } from '@zhengpin/core';
import { createPool } from 'mysql2/promise';
import pg from 'pg';

import { mysqlStore } from '../src/mysql.ts';
import { postgresStore } from '../src/postgres.ts';
import { sqliteStore } from '../src/sqlite.ts';

/** A database measured from both sides (被测数据库): through the kit, and by itself. */
export interface Subject {
  readonly name: string;
  readonly store: Store;
  /** Appends these rows in one durable commit, as plainly as the driver can. */
  readonly append: (rows: readonly (readonly [id: string, body: string])[]) => Promise<void>;
  /** The same guarded by a head row that every writer locks, one entry a commit; absent where all writers are one anyway. */
  readonly chain?: (id: string, body: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const CONNECTIONS = 16;

function sqliteSubject(): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'zp-bench-'));
  const raw = new DatabaseSync(join(folder, 'raw.db'));
  raw.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT NOT NULL)');
  const insert = raw.prepare('INSERT INTO plain VALUES (?, ?)');
  const store = sqliteStore({ path: join(folder, 'kit.db') });
  return {
    name: 'SQLite',
    store,
    async append(rows) {
      raw.exec('BEGIN IMMEDIATE');
      for (const [id, body] of rows) insert.run(id, body);
      raw.exec('COMMIT');
    },
    async close() {
      await store.close();
      raw.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function postgresSubject(url: string): Promise<Subject | undefined> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: 2000 });
  pool.on('error', () => undefined);
  const schema = `zp_bench_${process.pid}`;
  try {
    await pool.query(`CREATE SCHEMA ${schema}`);
  } catch {
    await pool.end();
    return undefined;
  }
  await pool.query(`CREATE TABLE ${schema}.plain (id text PRIMARY KEY, body text NOT NULL)`);
  await pool.query(`CREATE TABLE ${schema}.head (id int PRIMARY KEY, hash text NOT NULL)`);
  await pool.query(`INSERT INTO ${schema}.head VALUES (1, '')`);
  const store = postgresStore({ url, schema, maxConnections: CONNECTIONS });
  return {
    name: 'PostgreSQL',
    store,
    async append(rows) {
      const text = `INSERT INTO ${schema}.plain SELECT * FROM unnest($1::text[], $2::text[])`;
      await pool.query({ name: 'append', text, values: [rows.map(([id]) => id), rows.map(([, body]) => body)] });
    },
    async chain(id, body) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query(`SELECT hash FROM ${schema}.head WHERE id=1 FOR UPDATE`);
        await client.query(`INSERT INTO ${schema}.plain VALUES ($1, $2)`, [id, body]);
        await client.query(`UPDATE ${schema}.head SET hash=$1 WHERE id=1`, [id]);
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    },
    async close() {
      await store.close();
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}

async function mysqlSubject(url: string): Promise<Subject | undefined> {
  const name = `zp_bench_${process.pid}`;
  const admin = createPool({ uri: url, connectionLimit: 1, connectTimeout: 2000 });
  try {
    await admin.query(`CREATE DATABASE ${name}`);
  } catch {
    await admin.end();
    return undefined;
  }
  const own = new URL(url);
  own.pathname = `/${name}`;
  const pool = createPool({ uri: own.href, connectionLimit: CONNECTIONS });
  await pool.query('CREATE TABLE plain (id VARCHAR(64) PRIMARY KEY, body LONGTEXT NOT NULL) CHARACTER SET utf8mb4');
  const store = mysqlStore({ url: own.href, connections: CONNECTIONS });
  return {
    name: 'MariaDB',
    store,
    async append(rows) {
      await pool.query('INSERT INTO plain VALUES ?', [rows]);
    },
    async close() {
      await store.close();
      await pool.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}

/** Every database that answers. */
export async function subjects(): Promise<readonly Subject[]> {
  const { ZP_POSTGRES_URL, ZP_MYSQL_URL } = process.env;
  const found = [
    sqliteSubject(),
    await postgresSubject(ZP_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test'),
    await mysqlSubject(ZP_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306/test'),
  ];
  return found.filter((subject) => subject !== undefined);
}
