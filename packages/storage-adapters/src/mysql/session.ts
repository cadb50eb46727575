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
  readonly galera: boolean;
  readonly maxPacketBytes: number;
  /** Variable that limits a statement, and how it counts. */
  readonly timeout: { readonly variable: string; readonly perMs: number } | undefined;
}

/** Beyond the server's own limit: only a dead network or a stopped server reaches it. */
const GRACE_MS = 1000;

function outcomeOf(result: unknown): Outcome {
  if (Array.isArray(result)) return { rows: result as readonly Row[], affected: 0 };
  const affected = typeof result === 'object' && result !== null && 'affectedRows' in result ? Number(result.affectedRows) : 0;
  return { rows: [], affected };
}

/** @param timeoutMs how long one round trip may take; absent for no limit */
export function sessionOf(connection: Connection, timeoutMs?: number): Session {
  const joins = connection.config.multipleStatements === true;
  const limit = timeoutMs === undefined ? {} : { timeout: timeoutMs + GRACE_MS };

  async function query(sql: string): Promise<unknown> {
    // Whatever the host's pool asks for elsewhere, results are read here as plain rows.
    const [result] = await connection.query({ sql, rowsAsArray: false, nestTables: false, typeCast: true, ...limit });
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
  const names = ['version', 'version_comment', 'wsrep_on', 'max_allowed_packet', 'max_execution_time', 'max_statement_time'];
  const [outcome] = await session.run([`SHOW VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`]);
  const found = new Map(outcome?.rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  const label = `${found.get('version') ?? ''} ${found.get('version_comment') ?? ''}`;
  return {
    familiar: !/tidb|oceanbase/i.test(label),
    galera: found.get('wsrep_on') === 'ON',
    maxPacketBytes: Number(found.get('max_allowed_packet') ?? 1 << 22),
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
    `innodb_lock_wait_timeout=${Math.max(1, Math.floor(timeoutMs / 2000))}`,
    ...(server.timeout ? [`${server.timeout.variable}=${timeoutMs * server.timeout.perMs}`] : []),
    // A Galera node may lag behind a commit another node acknowledged: reads, updates and inserts wait for it.
    ...(server.galera ? ['wsrep_sync_wait=7'] : []),
  ];
  return [
    `SET SESSION ${values.join(', ')}`,
    // Compare-and-set reads the newest row under its lock in any isolation; this one takes no gap locks, so writers of
    // different records do not deadlock, and a plain read sees every commit made before it.
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    ...(readOnly ? ['SET SESSION TRANSACTION READ ONLY'] : []),
  ];
}

export interface Sessions {
  /** Ask the server once, on a connection of the pool. */
  server(): Promise<Server>;
  /** Lend a set-up connection to `work`; one that failed in a way that spoils it is thrown away. */
  use<T>(work: (session: Session, server: Server) => Promise<T>, unlimited?: boolean): Promise<T>;
}

export function createSessions(pool: Pool, options: { readonly timeoutMs: number; readonly readOnly: boolean }): Sessions {
  const { timeoutMs, readOnly } = options;
  const ready = new WeakSet<Connection>();
  let asked: Server | undefined;

  /** A full pool or a server that does not answer must not hold a request for ever. */
  async function borrow(): Promise<PoolConnection> {
    const asking = pool.getConnection();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    try {
      const connection = await Promise.race([asking, late]);
      if (connection) return connection;
    } finally {
      clearTimeout(timer);
    }
    asking.then(
      (connection) => connection.release(),
      () => undefined,
    );
    throw unavailable('数据库连接已用尽或无法建立', 'No database connection was to be had in time');
  }

  async function setUp(connection: PoolConnection): Promise<Server> {
    const session = sessionOf(connection, timeoutMs);
    const server = (asked ??= await askServer(session));
    if (!ready.has(connection.connection)) {
      await session.run(settings(server, timeoutMs, readOnly));
      ready.add(connection.connection);
    }
    return server;
  }

  async function use<T>(work: (session: Session, server: Server) => Promise<T>, unlimited = false): Promise<T> {
    const connection = await borrow();
    let keep = !unlimited;
    try {
      const server = await setUp(connection);
      if (!unlimited) return await work(sessionOf(connection, timeoutMs), server);
      if (server.timeout) await sessionOf(connection).run([`SET SESSION ${server.timeout.variable}=0`]);
      return await work(sessionOf(connection), server);
    } catch (error) {
      if (spoilsConnection(error)) keep = false;
      throw error;
    } finally {
      if (keep) connection.release();
      else connection.destroy();
    }
  }

  return { use, server: () => use(async (_session, server) => server) };
}
