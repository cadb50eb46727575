import { checkQuery, COLLECTIONS, ComplianceError, decodeCursor, encodeCursor } from '@zhengpin/core';
import type { Change, CollectionDeclaration, FieldValue, JsonObject, Page, Query, Store, StoredRecord } from '@zhengpin/core';
import { Pool } from 'pg';

import { absent, migrate } from './postgres/layout.ts';
import { ask, borrowed, createNames, failure, isCollision, unavailable } from './postgres/session.ts';
import type { PostgresClient, PostgresPool, Row } from './postgres/session.ts';
import { commitStatement, findStatement, getStatement } from './postgres/statements.ts';
import type { Statement } from './postgres/statements.ts';
import { jsonFromColumn, textFromColumn } from './postgres/text.ts';

export { postgresSettings } from './postgres/settings.ts';
export type { EvidenceTable, PostgresSettings } from './postgres/settings.ts';
export type { PostgresClient, PostgresLoan, PostgresPool, PostgresQuery } from './postgres/session.ts';

/** Where the database is and how to use it (PostgreSQL 存储选项): exactly one of `url` and `pool`. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`; the store then keeps its own connections. */
  readonly url?: string;
  /** A pool of the host's; it stays open when the store is closed, and its own time-outs apply to connecting. */
  readonly pool?: PostgresPool;
  /** Database schema of the tables `zp_…`; made if it is not there. Default `public`. */
  readonly schema?: string;
  /** Defaults to the kit's own collections. */
  readonly collections?: readonly CollectionDeclaration[];
  /** Read what is there, creating and writing nothing: a role with SELECT is enough. Default false. */
  readonly readOnly?: boolean;
  /** Connections of the store's own. Default 10; with `pool` it has no meaning and is refused. */
  readonly maxConnections?: number;
  /** How long to wait for a connection, free or new, in ms. Default 5000; refused with `pool`. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take, in ms. Default 15000. */
  readonly statementTimeoutMs?: number;
}

/** A store in PostgreSQL, which can also write inside a transaction of the host's. */
export interface PostgresStore extends Store {
  /**
   * The same store inside the host's open transaction on this client (宿主事务内): what it commits stays or goes with
   * that transaction. A conflict leaves the transaction usable. Each call to `commit` is a savepoint; closing is up to
   * the host. Of a commit that failed otherwise nothing is left either, but the connection may be gone.
   */
  within(client: PostgresClient): Store;
  /** What time it is at the server (数据库时间), in ms since the epoch, for `databaseClock`. @throws ZP_STORE_UNAVAILABLE */
  serverTime(): Promise<number>;
}

const KNOWN: readonly (keyof PostgresStoreOptions)[] = [
  'url',
  'pool',
  'schema',
  'collections',
  'readOnly',
  'maxConnections',
  'connectTimeoutMs',
  'statementTimeoutMs',
];
const NAME = /^[A-Za-z][A-Za-z0-9]*$/;
/** How often a commit is tried again when the server undid it because of what ran beside it. */
const TRIES = 4;

function invalid(what: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `无效：${what}`, en: `not valid: ${what}` } });
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1) throw invalid(name);
  return value;
}

function ownPool({ url = '', maxConnections = 10, connectTimeoutMs = 5000 }: PostgresStoreOptions, statementTimeoutMs: number): Pool {
  // A URL that will not do may still hold a password: it is not repeated.
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol)) throw invalid('url');
  const pool = new Pool({
    connectionString: url,
    max: positive('maxConnections', maxConnections),
    connectionTimeoutMillis: positive('connectTimeoutMs', connectTimeoutMs),
    statement_timeout: statementTimeoutMs,
    keepAlive: true,
  });
  // An idle connection was lost: the pool has dropped it and makes another when it needs one.
  pool.on('error', () => undefined);
  return pool;
}

function recordOf(row: Row): StoredRecord {
  return { id: textFromColumn(row['id'] ?? ''), version: Number(row['version']), body: jsonFromColumn(row['body'] ?? '') as JsonObject };
}

function sortValue({ id, body }: StoredRecord, field: string | undefined): FieldValue | null {
  if (field === undefined || field === 'id') return id;
  const value = body[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/**
 * A store in PostgreSQL (PostgreSQL 存储), one table a collection, bodies as `jsonb`. Tables are made or brought up to
 * date at the first use. A commit is one statement, flushed before it resolves; it is tried again when the server undid
 * it for a deadlock or a serialization failure, and is a conflict when that does not end.
 * @throws ZP_OPTION_INVALID for unknown or contradictory options. The first use rejects with ZP_STORE_UNAVAILABLE when
 * the server cannot be reached, only reads, was set up by a newer kit, or (read-only) holds no store; a later use tries
 * again. `commit` also rejects with ZP_INPUT_INVALID for a record PostgreSQL cannot keep: an id or indexed text of more
 * than about 2,600 bytes, or JSON nested thousands deep.
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw invalid(`option ${key}`);
  const { url, pool: given, schema = 'public', collections = COLLECTIONS, readOnly = false } = options;
  if ((url === undefined) === (given === undefined)) throw invalid('exactly one of url and pool is needed');
  if (given !== undefined && (options.maxConnections ?? options.connectTimeoutMs) !== undefined)
    throw invalid('maxConnections and connectTimeoutMs belong to the pool given');
  if (typeof schema !== 'string' || schema === '' || schema.includes('\0')) throw invalid('schema');
  if (typeof readOnly !== 'boolean') throw invalid('readOnly');
  for (const { name, fields, indexes } of collections)
    for (const word of [name, ...fields, ...indexes.flat()]) if (!NAME.test(word)) throw invalid(word);
  const timeoutMs = positive('statementTimeoutMs', options.statementTimeoutMs ?? 15_000);
  const own = given === undefined ? ownPool(options, timeoutMs) : undefined;
  const pool: PostgresPool | undefined = given ?? own;
  const nameOf = createNames();
  let opening: Promise<ReadonlySet<string>> | undefined;
  let closed = false;

  async function guarded<T>(work: (pool: PostgresPool) => Promise<T>): Promise<T> {
    if (closed || pool === undefined) throw unavailable('存储已关闭', 'The store is closed');
    try {
      return await work(pool);
    } catch (error) {
      throw failure(error);
    }
  }

  /** Collections to be read as empty; what failed is tried again by the next caller. */
  function opened(): Promise<ReadonlySet<string>> {
    opening ??= guarded((from) =>
      borrowed(from, async (client) => {
        const place = { client, schema, collections, timeoutMs };
        if (readOnly) return absent(place);
        await migrate(place);
        return new Set<string>();
      }),
    ).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  function check(collection: string): void {
    if (!collections.some(({ name }) => name === collection)) throw invalid(`collection ${collection}`);
  }

  function checkChanges(changes: readonly Change[]): void {
    if (readOnly) throw invalid('commit to a store opened with readOnly');
    const names = new Set(changes.map(({ collection, id }) => `${collection}/${id}`));
    if (names.size !== changes.length) throw invalid('a commit names a record twice');
    for (const { collection } of changes) check(collection);
  }

  /** The reading half of the port, over one way to run a statement. */
  function reader(run: (statement: Statement) => Promise<readonly Row[]>): Pick<Store, 'get' | 'find'> {
    return {
      async get(collection, id) {
        check(collection);
        if ((await opened()).has(collection)) return undefined;
        const [row] = await run(getStatement(schema, collection, id));
        return row && recordOf(row);
      },
      async find(collection, query: Query): Promise<Page> {
        checkQuery(collections, collection, query);
        const after = decodeCursor(collection, query);
        if ((await opened()).has(collection)) return { records: [] };
        const rows = await run(findStatement(schema, collection, query, after));
        const records = rows.slice(0, query.limit).map(recordOf);
        const last = records.at(-1);
        if (rows.length <= query.limit || last === undefined) return { records };
        return { records, cursor: encodeCursor(collection, query, { value: sortValue(last, query.range?.field), id: last.id }) };
      },
    };
  }

  const run = (statement: Statement): Promise<readonly Row[]> =>
    guarded((from) => borrowed(from, (client) => ask(client, statement, timeoutMs, nameOf(statement))));

  async function commit(changes: readonly Change[]): Promise<void> {
    checkChanges(changes);
    await opened();
    if (changes.length === 0) return;
    const statement = commitStatement(schema, changes);
    await guarded(async (from) => {
      for (let tries = 1; ; tries++) {
        try {
          await borrowed(from, (client) => ask(client, statement, timeoutMs, nameOf(statement)));
          return;
        } catch (error) {
          if (tries === TRIES || !isCollision(error)) throw error;
        }
      }
    });
  }

  function within(client: PostgresClient): Store {
    const plain = (text: string): Promise<unknown> => ask(client, { text, values: [] }, timeoutMs);
    const inside = (statement: Statement): Promise<readonly Row[]> => guarded(() => ask(client, statement, timeoutMs, nameOf(statement)));
    return {
      ...reader(inside),
      async commit(changes) {
        checkChanges(changes);
        await opened();
        if (changes.length === 0) return;
        const statement = commitStatement(schema, changes);
        await guarded(async () => {
          await plain('SAVEPOINT zp_commit');
          try {
            await ask(client, statement, timeoutMs, nameOf(statement));
          } catch (error) {
            // Where the connection is gone the transaction is, too; the first error says more than this one.
            await plain('ROLLBACK TO SAVEPOINT zp_commit').catch(() => undefined);
            throw error;
          }
          await plain('RELEASE SAVEPOINT zp_commit');
        });
      },
      close: async () => undefined,
    };
  }

  return {
    ...reader(run),
    commit,
    within,
    async serverTime() {
      const [row] = await run({ text: 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms', values: [] });
      return Number(row?.['ms']);
    },
    async close() {
      if (closed) return;
      closed = true;
      await own?.end();
    },
  };
}
