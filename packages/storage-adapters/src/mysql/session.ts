import type { Connection, Pool, PoolConnection } from 'mysql2/promise';

import { spoilsConnection, unavailable } from './errors.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What one statement gave: rows, or how many it changed. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly affected: number;
}

/** One connection as the store uses it. */
export interface Session {
  /** One round trip where the connection takes several statements at once, else one each. Stops at the first failure. */
  run(statements: readonly string[]): Promise<readonly Outcome[]>;
  readonly joins: boolean;
}

/** What the server is and allows, asked once. */
export interface Server {
  /** MySQL and MariaDB, where the one-trip commit was thought through; others get a commit of their own trip. */
  readonly familiar: boolean;
  /** Sessions wait for other nodes, and every statement is a packet of its own. */
  readonly galera: boolean;
  readonly maxPacketBytes: number;
  readonly lockWait: boolean;
  /** Ends a transaction whose client has fallen silent. */
  readonly idleLimit: boolean;
  /** Variable that limits a statement, and how it counts. */
  readonly timeout: { readonly variable: string; readonly perMs: number } | undefined;
}

/** Beyond the server's own limit: only a dead network or a stopped server reaches it. */
const GRACE_MS = 1000;
/** Longest that making one table or index may take. */
const SET_UP_MS = 3_600_000;

function outcomeOf(result: unknown): Outcome {
  if (Array.isArray(result)) return { rows: result as readonly Row[], affected: 0 };
  const affected = typeof result === 'object' && result !== null && 'affectedRows' in result ? Number(result.affectedRows) : 0;
  return { rows: [], affected };
}

/**
 * @param timeoutMs how long one round trip may take, give or take
 * @param server undefined while it is not known what it is: nothing is written then
 */
export function sessionOf(connection: Connection, timeoutMs: number, server: Server | undefined): Session {
  // Galera may turn a transaction away between two statements of a packet; what follows in the packet then runs, and commits,
  // alone. It says so before a statement only when that comes in a packet of its own.
  const joins = connection.config.multipleStatements === true && server?.galera !== true;

  async function query(sql: string): Promise<unknown> {
    // Whatever the host's pool asks for elsewhere, results are read here as plain rows.
    const [result] = await connection.query({ sql, rowsAsArray: false, nestTables: false, typeCast: true, timeout: timeoutMs + GRACE_MS });
    return result;
  }

  return {
    joins,
    async run(statements) {
      const [only, ...more] = statements;
      if (only === undefined) return [];
      if (more.length === 0) return [outcomeOf(await query(only))];
      if (joins) return ((await query(statements.join(';\n'))) as readonly unknown[]).map(outcomeOf);
      const outcomes: Outcome[] = [];
      for (const statement of statements) outcomes.push(outcomeOf(await query(statement)));
      return outcomes;
    },
  };
}

async function askServer(session: Session): Promise<Server> {
  const names = [
    'version',
    'version_comment',
    'wsrep_on',
    'max_allowed_packet',
    'innodb_lock_wait_timeout',
    'max_execution_time',
    'max_statement_time',
    'idle_transaction_timeout',
  ];
  const [outcome] = await session.run([`SHOW VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`]);
  const found = new Map(outcome?.rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  const label = `${found.get('version') ?? ''} ${found.get('version_comment') ?? ''}`;
  return {
    familiar: !/tidb|oceanbase/i.test(label),
    galera: found.get('wsrep_on') === 'ON',
    maxPacketBytes: Number(found.get('max_allowed_packet') ?? 1 << 22),
    lockWait: found.has('innodb_lock_wait_timeout'),
    idleLimit: found.has('idle_transaction_timeout'),
    timeout: found.has('max_statement_time')
      ? { variable: 'max_statement_time', perMs: 1 / 1000 }
      : found.has('max_execution_time')
        ? { variable: 'max_execution_time', perMs: 1 }
        : undefined,
  };
}

/** What a session of the store is set to, whatever the server's defaults. */
function settings(server: Server, timeoutMs: number, readOnly: boolean): readonly string[] {
  const values = [
    'autocommit=1',
    // Too much is refused, never cut off.
    `sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`,
    `time_zone='+00:00'`,
    ...(server.lockWait ? [`innodb_lock_wait_timeout=${Math.max(1, Math.floor(timeoutMs / 2000))}`] : []),
    // A process that is stopped between a conflict and its ROLLBACK would otherwise keep rows locked for hours.
    ...(server.idleLimit ? [`idle_transaction_timeout=${Math.max(1, Math.floor(timeoutMs / 2000))}`] : []),
    ...(server.timeout ? [`${server.timeout.variable}=${timeoutMs * server.timeout.perMs}`] : []),
    // A Galera node may lag behind a commit another node acknowledged: reads, updates and inserts wait for it.
    ...(server.galera ? ['wsrep_sync_wait=7'] : []),
  ];
  return [
    // Also where the server is told to ignore what a client asks for when it connects.
    'SET NAMES utf8mb4',
    `SET SESSION ${values.join(', ')}`,
    // Compare-and-set reads the newest row under its lock in any isolation; this one takes no gap locks, so writers of
    // different records do not deadlock, and a plain read sees every commit made before it.
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    // A second lock on the door, where the server has one: the store itself refuses to commit.
    ...(readOnly && server.familiar ? ['SET SESSION TRANSACTION READ ONLY'] : []),
  ];
}

/** What was promised, or a refusal once it has taken too long; what comes later is nobody's. */
export async function inTime<T>(promised: Promise<T>, timeoutMs: number, refuse: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(refuse()), timeoutMs);
  });
  try {
    return await Promise.race([promised, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Sessions {
  /** Lend a set-up connection to `work`; one that failed in a way that spoils it is thrown away. */
  use<T>(work: (session: Session, server: Server) => Promise<T>): Promise<T>;
  /** Lend one that may take an hour over a statement, and throw it away. */
  useAtLength(work: (session: Session) => Promise<void>): Promise<void>;
}

export function createSessions(pool: Pool, options: { readonly timeoutMs: number; readonly readOnly: boolean }): Sessions {
  const { timeoutMs, readOnly } = options;
  const ready = new WeakSet<Connection>();
  // A pool that resets its connections also undoes what they were set to.
  const { config } = pool.pool as { readonly config?: { readonly resetOnRelease?: boolean } };
  const resets = config?.resetOnRelease === true;
  let asked: Server | undefined;

  /** A full pool or a server that does not answer must not hold a request for ever. */
  async function borrow(): Promise<PoolConnection> {
    let late = false;
    const asking = pool.getConnection().then((connection) => {
      if (late) connection.release();
      return connection;
    });
    return inTime(asking, timeoutMs, () => {
      late = true;
      return unavailable('数据库连接已用尽或无法建立', 'No database connection was to be had in time');
    });
  }

  async function setUp(connection: PoolConnection): Promise<Server> {
    const session = sessionOf(connection, timeoutMs, undefined);
    const server = (asked ??= await askServer(session));
    if (resets || !ready.has(connection.connection)) {
      await session.run(settings(server, timeoutMs, readOnly));
      ready.add(connection.connection);
    }
    return server;
  }

  async function lend<T>(keep: boolean, work: (connection: PoolConnection, server: Server) => Promise<T>): Promise<T> {
    const connection = await borrow();
    let spoilt = !keep;
    try {
      return await work(connection, await setUp(connection));
    } catch (error) {
      if (spoilsConnection(error)) spoilt = true;
      throw error;
    } finally {
      if (spoilt) connection.destroy();
      else connection.release();
    }
  }

  return {
    use: (work) => lend(true, (connection, server) => work(sessionOf(connection, timeoutMs, server), server)),
    useAtLength: (work) =>
      lend(false, async (connection, server) => {
        const session = sessionOf(connection, SET_UP_MS, server);
        if (server.timeout) await session.run([`SET SESSION ${server.timeout.variable}=0`]);
        await work(session);
      }),
  };
}
