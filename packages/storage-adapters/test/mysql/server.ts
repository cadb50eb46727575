import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { afterAll, describe } from 'vitest';

/** A server for the tests, with the right to make databases. */
const SERVER = process.env['ZP_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/test';

async function answers(): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: SERVER, connectTimeout: 2000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

/** Without a server a laptop skips these tests; in CI they fail. */
export const describeMysql: typeof describe.skip = process.env['CI'] === 'true' || (await answers()) ? describe : describe.skip;

const made: string[] = [];

/** @returns the URL of a new, empty database, dropped after the tests of the file */
export async function newDatabase(): Promise<string> {
  const name = `zp_my_${process.pid}_${Date.now().toString(36)}_${made.length}`;
  made.push(name);
  await admin(SERVER, `CREATE DATABASE ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return url.href;
}

/** Run statements as the administrator, behind the store's back. @returns the rows of the last */
export async function admin(url: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const connection: Connection = await createConnection(url);
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) {
      const [result] = await connection.query(statement);
      rows = Array.isArray(result) ? (result as readonly Record<string, unknown>[]) : [];
    }
    return rows;
  } finally {
    await connection.end();
  }
}

afterAll(async () => {
  for (const name of made.splice(0)) await admin(SERVER, `DROP DATABASE IF EXISTS ${name}`);
});
