import { Client } from 'pg';

import { failure } from './session.ts';
import { quoted, tableName } from './statements.ts';

/** Collections whose rows the kit only ever adds. */
const ONLY_ADDED = ['evidence', 'checkpoints'] as const;

/** What the role of the URL may do to rows that nobody needs to change (证据表权限). */
export interface EvidenceTable {
  /** e.g. `zp_evidence`. */
  readonly table: string;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
  readonly mayTruncate: boolean;
  /** The owner can give itself every right again. */
  readonly owns: boolean;
}

/** What a PostgreSQL server says about itself and about the tables of the kit (PostgreSQL 设置). */
export interface PostgresSettings {
  readonly version: string;
  readonly synchronousCommit: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly walLevel: string;
  /** Empty where no standby is waited for. */
  readonly synchronousStandbyNames: string;
  /** True on a standby, which only reads. */
  readonly inRecovery: boolean;
  readonly defaultTransactionIsolation: string;
  readonly role: string;
  readonly superuser: boolean;
  /** Empty where the kit has no tables yet. */
  readonly evidence: readonly EvidenceTable[];
  /** Tables of the kit that a crash would empty. */
  readonly unlogged: readonly string[];
  /** Statements for the owner that leave this role what it needs and no more. */
  readonly statements: readonly string[];
}

const SETTINGS = {
  synchronousCommit: 'synchronous_commit',
  fsync: 'fsync',
  fullPageWrites: 'full_page_writes',
  walLevel: 'wal_level',
  synchronousStandbyNames: 'synchronous_standby_names',
  defaultTransactionIsolation: 'default_transaction_isolation',
} as const;

const TABLES = `
  SELECT c.relname AS "table", c.relpersistence = 'u' AS "unlogged",
    has_table_privilege(c.oid, 'UPDATE') AS "mayUpdate", has_table_privilege(c.oid, 'DELETE') AS "mayDelete",
    has_table_privilege(c.oid, 'TRUNCATE') AS "mayTruncate", pg_has_role(c.relowner, 'MEMBER') AS "owns"
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname LIKE 'zp\\_%' ORDER BY 1`;

function statementsFor(schema: string, role: string, superuser: boolean, evidence: readonly EvidenceTable[]): readonly string[] {
  const open = evidence.filter((t) => t.mayUpdate || t.mayDelete || t.mayTruncate);
  if (open.length === 0) return [];
  const tables = ONLY_ADDED.map((name) => tableName(schema, name)).join(', ');
  // What a superuser or an owner may do cannot be taken away: the application needs a role of its own.
  const own = superuser || open.some((t) => t.owns);
  const to = own ? quoted('zhengpin_app') : quoted(role);
  return [
    ...(own
      ? [
          `CREATE ROLE ${to} LOGIN`,
          `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${to}`,
          `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${to}`,
        ]
      : []),
    `REVOKE UPDATE, DELETE, TRUNCATE ON ${tables} FROM PUBLIC, ${to}`,
    `GRANT SELECT, INSERT ON ${tables} TO ${to}`,
  ];
}

/**
 * Look at a server and the kit's tables as the role of the URL (PostgreSQL 设置), for a look-over of the installation;
 * writes nothing.
 * @param url `postgres://…`, with the role the application uses
 * @throws ZP_STORE_UNAVAILABLE when the server cannot be asked within some seconds
 */
export async function postgresSettings(url: string, schema = 'public'): Promise<PostgresSettings> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const columns = Object.entries(SETTINGS).map(([key, name]) => `current_setting('${name}') AS "${key}"`);
    type Server = Record<keyof typeof SETTINGS | 'version' | 'role', string> & Record<'inRecovery' | 'superuser', boolean>;
    const server = await client.query<Server>(
      `SELECT ${columns.join(', ')}, current_setting('server_version') AS version, pg_is_in_recovery() AS "inRecovery", ` +
        `current_user::text AS role, (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser`,
    );
    const [says] = server.rows;
    if (says === undefined) throw new Error('the server gave no answer');
    const tables = (await client.query<EvidenceTable & { readonly unlogged: boolean }>(TABLES, [schema])).rows;
    const evidence = tables
      .filter(({ table }) => ONLY_ADDED.some((name) => table === `zp_${name}`))
      .map(({ unlogged: _unlogged, ...rights }) => rights);
    const unlogged = tables.filter((t) => t.unlogged).map(({ table }) => table);
    return { ...says, evidence, unlogged, statements: statementsFor(schema, says.role, says.superuser, evidence) };
  } catch (error) {
    throw failure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
