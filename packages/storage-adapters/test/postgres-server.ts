import { randomBytes } from 'node:crypto';

import { Client, Pool } from 'pg';

/** Where the tests find a server; the role must be allowed to create databases and roles. */
const SERVER = process.env['ZP_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A database for one test file, dropped at its end. */
export interface TestDatabase {
  readonly url: string;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** A name that no other test uses, fit for a schema or a role. */
  fresh(): string;
  /** The same database as another role. */
  as(role: string): string;
  drop(): Promise<void>;
}

async function once<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether a server answers. A laptop without one skips; under CI its absence is a failure, so there the answer is yes. */
export async function serverAnswers(): Promise<boolean> {
  if (process.env['CI'] === 'true') return true;
  return once(SERVER, async () => true).catch(() => false);
}

/** A pool as a host has one. */
export function createPool(url: string, max: number): Pool {
  const pool = new Pool({ connectionString: url, max, connectionTimeoutMillis: 2000 });
  // Without a listener an idle connection that is lost ends the process.
  pool.on('error', () => undefined);
  return pool;
}

export async function createDatabase(): Promise<TestDatabase> {
  const name = `zp_pg_${randomBytes(6).toString('hex')}`;
  const create = `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`;
  // A dictionary's order where the server has one (PostgreSQL 15 and later): nothing may depend on the database's collation.
  await once(SERVER, (client) => client.query(`${create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`).catch(() => client.query(create)));
  const at = new URL(SERVER);
  at.pathname = `/${name}`;
  const client = new Client({ connectionString: at.href });
  client.on('error', () => undefined);
  await client.connect();
  let schemas = 0;
  return {
    url: at.href,
    sql: async (text, values = []) => (await client.query<Record<string, unknown>>(text, values)).rows,
    fresh: () => `${name}_${++schemas}`,
    as: (role) => {
      const url = new URL(at);
      url.username = role;
      url.password = '';
      return url.href;
    },
    drop: async () => {
      await client.end();
      await once(SERVER, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}
