import { createConnection } from 'mysql2/promise';

import { asComplianceError, isErrno, isMissingTable } from './errors.ts';
import { sessionOf } from './session.ts';
import type { Session } from './session.ts';
import { poolUri } from './url.ts';
import { literal } from './values.ts';

/** The collections the kit only ever adds to. */
const APPEND_ONLY = ['evidence', 'checkpoints'] as const;

/** What a server of the MySQL protocol says about itself (MySQL 设置). Variables a server does not know are absent. */
export interface MysqlSettings {
  readonly flavour: 'MySQL' | 'MariaDB' | 'TiDB' | 'OceanBase';
  readonly version: string;
  /** 1: a commit is on disk before it is acknowledged. */
  readonly flushLogAtCommit: string | undefined;
  /** 1: so is the binary log, which replicas and a restore to a moment are made from. Absent or unused without one. */
  readonly syncBinlog: string | undefined;
  readonly binlog: boolean;
  readonly doublewrite: string | undefined;
  /** Defaults of a session that sets nothing; the kit's own sessions set their own. */
  readonly isolation: string | undefined;
  readonly sqlMode: string;
  readonly readOnly: boolean;
  readonly maxAllowedPacketBytes: number;
  /** Absent when the server is no Galera node. */
  readonly galera: { readonly clusterSize: number; readonly clusterStatus: string; readonly syncWait: string } | undefined;
  readonly evidence: {
    /** `table: UPDATE` or `table: DELETE` for each right this role has over tables the kit only adds to; absent without tables. */
    readonly excess: readonly string[] | undefined;
    /** Statements for an administrator that take these rights away and leave the others; none when there is no excess. */
    readonly statements: readonly string[];
  };
}

const VARIABLES = [
  'version',
  'version_comment',
  'innodb_flush_log_at_trx_commit',
  'sync_binlog',
  'log_bin',
  'innodb_doublewrite',
  'transaction_isolation',
  'tx_isolation',
  'sql_mode',
  'read_only',
  'max_allowed_packet',
  'wsrep_on',
  'wsrep_sync_wait',
];

async function pairs(session: Session, what: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const [outcome] = await session.run([`SHOW GLOBAL ${what} WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`]);
  return new Map(outcome?.rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}

/** Asking for the plan of a statement takes the rights to run it, by whatever grant or role, and changes nothing. */
async function mayRun(session: Session, statement: string): Promise<boolean> {
  try {
    await session.run([`EXPLAIN ${statement}`]);
    return true;
  } catch (error) {
    if (isErrno(error, 1142, 1143, 1044)) return false;
    throw error;
  }
}

async function excessRights(session: Session): Promise<readonly string[] | undefined> {
  const excess: string[] = [];
  try {
    for (const name of APPEND_ONLY) {
      if (await mayRun(session, `UPDATE zp_${name} SET version=version WHERE 1=0`)) excess.push(`zp_${name}: UPDATE`);
      if (await mayRun(session, `DELETE FROM zp_${name} WHERE 1=0`)) excess.push(`zp_${name}: DELETE`);
    }
    return excess;
  } catch (error) {
    if (isMissingTable(error)) return undefined;
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** DROP is needed to empty a table at one stroke, and never by the kit. */
const ALTERING = ['UPDATE', 'DELETE', 'DROP'] as const;

function accountOf(account: string): string {
  const at = account.lastIndexOf('@');
  const part = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return `${part(account.slice(0, at))}@${part(account.slice(at + 1))}`;
}

/**
 * A right over a whole database cannot be taken back for one table: it is revoked and given anew for each other table, the
 * host's own included. Who has it everywhere, or by a role, is no account for the kit: then the statements make one.
 */
async function statements(session: Session): Promise<readonly string[]> {
  const [where] = await session.run(['SELECT CURRENT_USER() AS account, DATABASE() AS base']);
  const who = accountOf(textOf(where?.rows[0]?.['account']));
  const base = quoted(textOf(where?.rows[0]?.['base']));
  const types = `privilege_type IN (${ALTERING.map((type) => `'${type}'`).join(', ')}) AND grantee = ${literal(who)}`;
  const [tables, everywhere, inBase, onTables] = await session.run([
    `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`,
    `SELECT privilege_type AS p FROM information_schema.user_privileges WHERE ${types}`,
    `SELECT privilege_type AS p FROM information_schema.schema_privileges WHERE ${types} AND DATABASE() LIKE table_schema`,
    `SELECT privilege_type AS p, table_name AS t FROM information_schema.table_privileges WHERE ${types} AND table_schema = DATABASE()`,
  ]);
  const names = (tables?.rows ?? []).map((row) => String(row['t']));
  const added = APPEND_ONLY.map((name) => `zp_${name}`);
  const held = (inBase?.rows ?? []).map((row) => String(row['p'])).sort();
  const single = (onTables?.rows ?? []).filter((row) => added.includes(String(row['t'])));
  if ((everywhere?.rows.length ?? 0) > 0 || held.length + single.length === 0) {
    const own = "'zhengpin'@'%'";
    return [
      `CREATE USER ${own} IDENTIFIED BY '…';`,
      ...names
        .filter((name) => name.startsWith('zp_'))
        .map((name) => {
          const rights = name === 'zp_schema' ? 'SELECT' : added.includes(name) ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE';
          return `GRANT ${rights} ON ${base}.${quoted(name)} TO ${own};`;
        }),
    ];
  }
  const others = names.filter((name) => !added.includes(name) && name !== 'zp_schema');
  return [
    ...(held.length === 0 ? [] : [`REVOKE ${held.join(', ')} ON ${base}.* FROM ${who};`]),
    ...single.map((row) => `REVOKE ${String(row['p'])} ON ${base}.${quoted(String(row['t']))} FROM ${who};`),
    ...(held.length === 0 ? [] : others.map((name) => `GRANT ${held.join(', ')} ON ${base}.${quoted(name)} TO ${who};`)),
  ];
}

function flavourOf(label: string): MysqlSettings['flavour'] {
  if (/tidb/i.test(label)) return 'TiDB';
  if (/oceanbase/i.test(label)) return 'OceanBase';
  return /mariadb/i.test(label) ? 'MariaDB' : 'MySQL';
}

/**
 * What a server says about itself, for a look-over of the installation (数据库设置); writes nothing.
 * @throws ZP_OPTION_INVALID for a url of another kind, ZP_STORE_UNAVAILABLE when the server cannot be asked
 */
export async function mysqlSettings(url: string): Promise<MysqlSettings> {
  const uri = poolUri(url);
  try {
    const connection = await createConnection({ uri, connectTimeout: 5000 });
    try {
      const session = sessionOf(connection, 5000, undefined);
      const found = await pairs(session, 'VARIABLES', VARIABLES);
      const galera = found.get('wsrep_on') === 'ON';
      const cluster = galera ? await pairs(session, 'STATUS', ['wsrep_cluster_size', 'wsrep_cluster_status']) : undefined;
      const excess = await excessRights(session);
      return {
        flavour: flavourOf(`${found.get('version') ?? ''} ${found.get('version_comment') ?? ''}`),
        version: found.get('version') ?? '',
        flushLogAtCommit: found.get('innodb_flush_log_at_trx_commit'),
        syncBinlog: found.get('sync_binlog'),
        binlog: found.get('log_bin') === 'ON',
        doublewrite: found.get('innodb_doublewrite'),
        isolation: found.get('transaction_isolation') ?? found.get('tx_isolation'),
        sqlMode: found.get('sql_mode') ?? '',
        readOnly: !['OFF', '0', undefined].includes(found.get('read_only')),
        maxAllowedPacketBytes: Number(found.get('max_allowed_packet') ?? 0),
        galera: cluster && {
          clusterSize: Number(cluster.get('wsrep_cluster_size') ?? 0),
          clusterStatus: cluster.get('wsrep_cluster_status') ?? '',
          syncWait: found.get('wsrep_sync_wait') ?? '0',
        },
        evidence: { excess, statements: excess === undefined || excess.length === 0 ? [] : await statements(session) },
      };
    } finally {
      await connection.end();
    }
  } catch (error) {
    throw asComplianceError(error);
  }
}
