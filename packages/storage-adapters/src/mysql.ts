import { checkQuery, COLLECTIONS, ComplianceError } from '@zhengpin/core';
import type { Change, CollectionDeclaration, Store } from '@zhengpin/core';
import { createPool } from 'mysql2/promise';
import type { Connection, Pool } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';

import { asComplianceError, endsTransaction, isContended, isTaken, unavailable } from './mysql/errors.ts';
import { findPage, getRecord } from './mysql/reads.ts';
import type { Reading } from './mysql/reads.ts';
import { hasColumn, isCurrent, migrate, readLayout, schemaVersion } from './mysql/schema.ts';
import { createSessions, inTime, sessionOf } from './mysql/session.ts';
import type { Server, Session } from './mysql/session.ts';
import { poolUri } from './mysql/url.ts';
import { checkDeclarations, hexText, invalid, possibleId, quotedText } from './mysql/values.ts';
import { applyAlone, applyWithin, plan } from './mysql/writes.ts';

export { mysqlSettings } from './mysql/settings.ts';
export type { MysqlSettings } from './mysql/settings.ts';

/** Which database and how to use it (MySQL 存储选项). One of `url` and `pool` is required. */
export interface MysqlStoreOptions {
  /** `mysql://user:password@host:3306/database` or `mariadb://…`; further options of mysql2 as query parameters, e.g. `?ssl={}`. */
  readonly url?: string;
  /**
   * A pool of mysql2/promise made for the store alone: it sets `sql_mode`, time zone, isolation and time limits of every
   * session it borrows. With `multipleStatements: true` a commit is one round trip. The store does not end it.
   */
  readonly pool?: Pool;
  /** Connections of the pool made from `url`. Default 10. */
  readonly connections?: number;
  /** Longest a statement runs or a free connection is waited for, in ms. Default 5000. */
  readonly statementTimeoutMs?: number;
  /** Defaults to the kit's own collections. */
  readonly collections?: readonly CollectionDeclaration[];
  /**
   * Read what is there without setting up or writing anything. A row whose text this store cannot have written is then not
   * handed out: ZP_STORE_UNAVAILABLE. Default false.
   */
  readonly readOnly?: boolean;
}

/** The store, and its binding to a transaction of the host (宿主事务). */
export interface MysqlStore extends Store {
  /**
   * A store over the host's open transaction: what it commits becomes visible and durable when the host commits, together with
   * the host's own rows. A conflict leaves the transaction as it was before, by a savepoint; a deadlock ends it
   * (ZP_CONFLICT says so) and the host begins anew. Begin it with READ COMMITTED: under MySQL's default isolation its reads
   * stay at the first one's moment. Closing it does nothing.
   */
  within(connection: Connection): Store;
  /** What time it is at the server (数据库时间), in ms since the epoch, for `databaseClock`. @throws ZP_STORE_UNAVAILABLE */
  serverTime(): Promise<number>;
}

const KNOWN = new Set(['url', 'pool', 'connections', 'statementTimeoutMs', 'collections', 'readOnly']);
const ATTEMPTS = 8;

type Checked = Required<Omit<MysqlStoreOptions, 'url' | 'pool'>> & Pick<MysqlStoreOptions, 'url' | 'pool'>;

function checked(options: MysqlStoreOptions): Checked {
  for (const key of Object.keys(options)) if (!KNOWN.has(key)) throw invalid(`option ${key}`);
  const { url, pool, connections = 10, statementTimeoutMs = 5000, collections = COLLECTIONS, readOnly = false } = options;
  if ((url === undefined) === (pool === undefined)) throw invalid('url 与 pool 须且只须给出一个', 'exactly one of url and pool is needed');
  if (!Number.isInteger(connections) || connections < 1) throw invalid('connections');
  if (!Number.isInteger(statementTimeoutMs) || statementTimeoutMs < 1) throw invalid('statementTimeoutMs');
  if (typeof readOnly !== 'boolean') throw invalid('readOnly');
  checkDeclarations(collections);
  return {
    ...(url === undefined ? {} : { url }),
    ...(pool === undefined ? {} : { pool }),
    connections,
    statementTimeoutMs,
    collections,
    readOnly,
  };
}

function makePool({ url = '', connections, statementTimeoutMs }: Checked): Pool {
  return createPool({
    uri: poolUri(url),
    connectionLimit: connections,
    connectTimeout: statementTimeoutMs,
    charset: 'utf8mb4',
    // So that a commit is one round trip; how values stand in a statement is said in values.ts.
    multipleStatements: true,
  });
}

interface Prepared {
  readonly server: Server;
  readonly reading: Reading;
}

/**
 * A store in a database of the MySQL protocol (MySQL 协议存储): MySQL 8, MariaDB 10.11, Galera. It connects and sets up its
 * tables at the first use, so the host also starts while the database is down, and recovers by itself.
 *
 * A commit that meets a deadlock, a lock wait or, on Galera, failed certification is tried again a few times, then rejects with
 * ZP_CONFLICT. Limits beyond the port, each refused by name: ids of 1024 bytes, declared fields of 499 bytes, 31 levels in a
 * body with declared fields, `max_allowed_packet` a body (half of it over a pool or transaction of the host).
 * @throws ZP_OPTION_INVALID for unknown options or collections whose names or indexes do not fit
 */
export function mysqlStore(options: MysqlStoreOptions): MysqlStore {
  const settings = checked(options);
  const { collections, statementTimeoutMs, readOnly } = settings;
  const pool = settings.pool ?? makePool(settings);
  const sessions = createSessions(pool, { timeoutMs: statementTimeoutMs, readOnly });
  const textLiteral = settings.pool === undefined ? quotedText : hexText;
  const declarations = new Map(collections.map((c) => [c.name, c]));
  let ready: Prepared | undefined;
  let preparing: Promise<Prepared> | undefined;
  let open = true;

  function declarationOf(collection: string): CollectionDeclaration {
    const found = declarations.get(collection);
    if (found === undefined) throw invalid(`collection ${collection}`);
    return found;
  }

  async function prepare(): Promise<Prepared> {
    if (!readOnly) {
      const reading: Reading = { exact: false, hasColumn: () => true };
      const current = await sessions.use((session) => isCurrent(session, collections));
      // At length: an index over a large table takes what it takes.
      if (!current) await sessions.useAtLength((session) => migrate(session, collections));
      return { server: await sessions.use(async (_session, server) => server), reading };
    }
    return sessions.use(async (session, server) => {
      if ((await schemaVersion(session)) === 0)
        throw unavailable('该数据库中没有本工具的存储', 'There is no store of the kit in this database');
      const layout = await readLayout(session);
      return { server, reading: { exact: true, hasColumn: (collection, field) => hasColumn(layout, collection, field) } };
    });
  }

  /** Once for all callers; a failure is forgotten, so the next caller tries anew. Nobody waits longer than for a statement. */
  async function prepared(): Promise<Prepared> {
    if (!open) throw unavailable('存储已关闭', 'The store is closed');
    if (ready) return ready;
    preparing ??= prepare()
      .then((done) => (ready = done))
      .finally(() => (preparing = undefined));
    return inTime(preparing, 2 * statementTimeoutMs, () => unavailable('数据表正在建立', 'The tables are being set up'));
  }

  async function guarded<T>(work: (done: Prepared) => Promise<T>): Promise<T> {
    try {
      return await work(await prepared());
    } catch (error) {
      throw asComplianceError(error);
    }
  }

  async function commit(changes: readonly Change[], server: Server): Promise<void> {
    const steps = plan(changes, declarationOf, server.maxPacketBytes, textLiteral);
    const until = performance.now() + statementTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        await sessions.use((session) => applyAlone(session, steps, server));
        return;
      } catch (error) {
        if (isTaken(error)) throw new ComplianceError('ZP_CONFLICT', { cause: error });
        if (!isContended(error)) throw error;
        if (attempt === ATTEMPTS || performance.now() > until) throw new ComplianceError('ZP_CONFLICT', { cause: error });
        // Those who met must not meet again: each waits a while of its own.
        await sleep(Math.random() * 2 ** attempt);
      }
    }
  }

  async function commitWithin(changes: readonly Change[], session: Session, server: Server): Promise<void> {
    try {
      await applyWithin(session, plan(changes, declarationOf, server.maxPacketBytes, hexText), server.maxPacketBytes);
    } catch (error) {
      if (isTaken(error)) throw new ComplianceError('ZP_CONFLICT', { cause: error });
      if (!isContended(error)) throw error;
      const detail = { zh: '数据库已回滚整个事务，请重新开始', en: 'The server rolled the whole transaction back: begin anew' };
      throw new ComplianceError('ZP_CONFLICT', { cause: error, ...(endsTransaction(error) ? { detail } : {}) });
    }
  }

  type Lend = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

  function storeOver(lend: Lend, write: (changes: readonly Change[], server: Server) => Promise<void>, close: () => Promise<void>): Store {
    return {
      async get(collection, id) {
        declarationOf(collection);
        if (!possibleId(id)) return undefined;
        return guarded(({ reading }) => lend((session) => getRecord(session, reading, collection, id)));
      },
      async find(collection, query) {
        checkQuery(collections, collection, query);
        return guarded(({ reading }) => lend((session) => findPage(session, reading, collection, query)));
      },
      async commit(changes) {
        if (readOnly) throw invalid('以 readOnly 打开的存储不能提交', 'commit to a store opened with readOnly');
        if (changes.length > 0) await guarded(({ server }) => write(changes, server));
      },
      close,
    };
  }

  return {
    ...storeOver(
      (work) => sessions.use(work),
      commit,
      async () => {
        if (!open) return;
        open = false;
        if (settings.pool === undefined) await pool.end();
      },
    ),
    async serverTime() {
      const [outcome] = await guarded(() => sessions.use((session) => session.run(['SELECT UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS ms'])));
      return Number(outcome?.rows[0]?.['ms']);
    },
    within(connection) {
      return storeOver(
        (work) => work(sessionOf(connection, statementTimeoutMs, undefined)),
        (changes, server) => commitWithin(changes, sessionOf(connection, statementTimeoutMs, server), server),
        async () => undefined,
      );
    },
  };
}
