import { createConnection } from 'mysql2/promise';

import { asComplianceError, isErrno, isMissingTable } from './errors.ts';
import { sessionOf } from './session.ts';
import type { Session } from './session.ts';
import { poolUri } from './url.ts';

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
    /** Statements for an administrator that leave this role what the kit needs at run time. */
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

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A right over a whole database cannot be taken back for one table, so all are taken and the needed ones given anew. */
async function statements(session: Session): Promise<readonly string[]> {
  const [where, tables] = await session.run([
    'SELECT CURRENT_USER() AS account, DATABASE() AS base',
    `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'zp\\_%' ORDER BY table_name`,
  ]);
  const account = String(where?.rows[0]?.['account'] ?? '');
  const at = account.lastIndexOf('@');
  const who = `'${account.slice(0, at).replaceAll("'", "''")}'@'${account.slice(at + 1).replaceAll("'", "''")}'`;
  const base = quoted(String(where?.rows[0]?.['base'] ?? ''));
  const names = tables?.rows.map((row) => String(row['t'])) ?? [];
  return [
    `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${who};`,
    ...names.map((name) => {
      const added = name === 'zp_schema' ? '' : APPEND_ONLY.some((only) => name === `zp_${only}`) ? ', INSERT' : ', INSERT, UPDATE, DELETE';
      return `GRANT SELECT${added} ON ${base}.${quoted(name)} TO ${who};`;
    }),
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
      const session = sessionOf(connection, 5000);
      const found = await pairs(session, 'VARIABLES', VARIABLES);
      const galera = found.get('wsrep_on') === 'ON';
      const cluster = galera ? await pairs(session, 'STATUS', ['wsrep_cluster_size', 'wsrep_cluster_status']) : undefined;
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
        evidence: { excess: await excessRights(session), statements: await statements(session) },
      };
    } finally {
      await connection.end();
    }
  } catch (error) {
    throw asComplianceError(error);
  }
}
