import { hash } from 'node:crypto';

import { ComplianceError, isComplianceError } from '@zhengpin/core';

import { CONFLICT } from './statements.ts';
import type { Statement } from './statements.ts';

/** A client of the driver `pg` (数据库连接), by what is used of it. */
export interface PostgresClient {
  query(config: PostgresQuery): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface PostgresQuery {
  text: string;
  values?: unknown[];
  name?: string;
  types?: { getTypeParser(): (value: string) => string };
  query_timeout?: number;
}

/** A client on loan. */
export interface PostgresLoan extends PostgresClient {
  release(destroy?: boolean): void;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
}

/** A pool of the driver `pg` (连接池), by what is used of it. */
export interface PostgresPool {
  connect(): Promise<PostgresLoan>;
}

/** A row as the server wrote it, every column a text. */
export type Row = Readonly<Record<string, string | null | undefined>>;

/** Statements a connection keeps prepared; beyond this many shapes the rest are planned each time. */
const MOST_PREPARED = 200;
/** The server is asked to give up first; this much later the client stops waiting for it. */
const GRACE_MS = 1000;

const RAW = { getTypeParser: () => (value: string) => value };

/** Names of prepared statements, one for each shape; the same shape has the same name in every process. */
export function createNames(): (statement: Statement) => { readonly name?: string } {
  const names = new Map<string, string>();
  return ({ text, planned }) => {
    if (planned !== undefined) return {};
    let name = names.get(text);
    if (name === undefined) {
      if (names.size >= MOST_PREPARED) return {};
      names.set(text, (name = `zp_${hash('sha256', text, 'hex').slice(0, 24)}`));
    }
    return { name };
  };
}

/** Run a statement of the kit on a client: prepared where it has a name, unparsed, never waiting for ever. */
export async function ask(
  client: PostgresClient,
  { text, values }: Statement,
  timeoutMs: number,
  name: { readonly name?: string } = {},
): Promise<readonly Row[]> {
  const { rows } = await client.query({ text, values: [...values], ...name, types: RAW, query_timeout: timeoutMs + GRACE_MS });
  return rows as readonly Row[];
}

/** SQLSTATE of an answer of the server; nothing for a connection that failed. */
export function sqlState(error: unknown): string | undefined {
  const fromServer = error instanceof Error && 'severity' in error && 'code' in error;
  return fromServer && typeof error.code === 'string' ? error.code : undefined;
}

/** The transaction was undone only because of what ran beside it. */
export function isCollision(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error) ?? '');
}

/** After these the connection is as good as before; after any other it may be broken, or lead to a server that steps down. */
const CONNECTION_LIVES = /^(?:22|23|40|42|54|57014)/;

/** Borrow a client for one piece of work; a client whose connection may be broken does not go back into the pool. */
export async function borrowed<T>(pool: PostgresPool, work: (client: PostgresClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // The query reports the loss as well; without a listener the process would end.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let destroy = true;
  try {
    const result = await work(client);
    destroy = false;
    return result;
  } catch (error) {
    destroy = !isComplianceError(error) && !CONNECTION_LIVES.test(sqlState(error) ?? '');
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(destroy);
  }
}

export function unavailable(zh: string, en: string, cause?: unknown): ComplianceError {
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh, en }, ...(cause === undefined ? {} : { cause }) });
}

/** The server's errors carry the row they are about; what is kept of them names none. */
function withoutRow(error: unknown): unknown {
  const state = sqlState(error);
  return state === undefined || !(error instanceof Error) ? error : Object.assign(new Error(error.message), { code: state });
}

/** What a failure means to a caller of the store: a conflict, a record that cannot be kept, or no answer. */
export function failure(error: unknown): ComplianceError {
  if (isComplianceError(error)) return error;
  const state = sqlState(error) ?? '';
  const cause = withoutRow(error);
  if (isCollision(error)) return new ComplianceError('ZP_CONFLICT', { cause });
  if (state === '22P02' && error instanceof Error && error.message.includes(`"${CONFLICT}:`)) return new ComplianceError('ZP_CONFLICT');
  // Too deep, too large, or an indexed text of more than a third of a page: it would fail again.
  if (/^(?:22|54)/.test(state))
    return new ComplianceError('ZP_INPUT_INVALID', {
      detail: { zh: `PostgreSQL 无法保存该记录（${state}）`, en: `PostgreSQL cannot keep this record (${state})` },
      cause,
    });
  if (state === '25P01')
    return new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: 'within 需要一个已开启的事务', en: 'within needs a client with an open transaction' },
    });
  if (state === '25006') return unavailable('该服务器只读（备库）', 'The server only reads: it is a standby', cause);
  if (state === '42501') return unavailable('该数据库角色无此权限', 'The database role may not do that', cause);
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { cause });
}
