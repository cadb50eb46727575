import type { MysqlSettings } from '@zhengpin/storage-adapters/mysql';

import { finding, ok, refusal, unknown } from './check.ts';
import type { Check } from './check.ts';
import { loadMysql } from './store-url.ts';

/** Below this a body of ordinary size with its evidence may not fit: half of a packet is what a record can have. */
const LEAST_PACKET_BYTES = 4 << 20;

/** What a server of the MySQL protocol says about itself (MySQL 检查). The password in the URL is never printed. */
export async function checkMysql(url: string): Promise<readonly Check[]> {
  try {
    const { mysqlSettings } = await loadMysql();
    return mysqlChecks(await mysqlSettings(url));
  } catch (error) {
    return [{ id: 'mysql', status: 'cannot-check', detail: refusal(error) }];
  }
}

function setting(
  id: string,
  value: string | undefined,
  wanted: readonly string[],
  why: { readonly zh: string; readonly en: string },
): Check {
  if (value === undefined) return unknown(id, '该数据库没有此项', 'This server has no such setting');
  if (wanted.includes(value)) return ok(id, value, value);
  return finding(id, `${value}，应为 ${wanted[0] ?? ''}：${why.zh}`, `${value} instead of ${wanted[0] ?? ''}: ${why.en}`);
}

function galera(settings: MysqlSettings): readonly Check[] {
  if (settings.galera === undefined) return [];
  const { clusterSize, clusterStatus, syncWait } = settings.galera;
  const seen = `${clusterSize}, ${clusterStatus}`;
  return [
    clusterStatus === 'Primary' && clusterSize >= 3
      ? ok('galera', seen, seen)
      : finding(
          'galera',
          `节点数 ${clusterSize}，状态 ${clusterStatus}：至少三个节点并处于主分区，才能失去一个而不停`,
          `${clusterSize} nodes, ${clusterStatus}: with three in the primary part one can be lost without a stop`,
        ),
    ok(
      'wsrep_sync_wait',
      `默认 ${syncWait}；本工具的连接一律设为 7，读到的总是已提交的`,
      `${syncWait} by default; the kit’s own sessions always set 7 and read what was committed`,
    ),
  ];
}

function evidenceRights({ evidence }: MysqlSettings): Check {
  if (evidence.excess === undefined)
    return unknown(
      'evidence rights',
      '尚无证据表，或该账号无权读取',
      'There are no evidence tables yet, or this account may not read them',
    );
  if (evidence.excess.length === 0)
    return ok('evidence rights', '该账号不能更改或删除证据', 'This account can neither change nor remove evidence');
  const excess = evidence.excess.join(', ');
  const statements = evidence.statements.join(' ');
  return finding(
    'evidence rights',
    `该账号可更改证据（${excess}），本工具从不需要；请管理员执行行末语句，升级建表另用管理账号`,
    `This account can alter evidence (${excess}), which the kit never needs; have an administrator run (and set up tables with another account): ${statements}`,
  );
}

/** Each setting against what durable evidence needs. */
export function mysqlChecks(settings: MysqlSettings): readonly Check[] {
  const { flavour, version, sqlMode, isolation = '?', maxAllowedPacketBytes: packet } = settings;
  const name = `${flavour} ${version}`;
  const lost = { zh: '断电会丢失已答复的提交', en: 'a power cut loses commits that were acknowledged' };
  const strict = /STRICT_(ALL|TRANS)_TABLES/.test(sqlMode);
  return [
    flavour === 'MariaDB' || flavour === 'MySQL'
      ? ok('mysql', name, name)
      : unknown('mysql', `${name}：本版本未在其上运行过`, `${name}: this release was never run on it`),
    setting('innodb_flush_log_at_trx_commit', settings.flushLogAtCommit, ['1'], lost),
    ...(settings.binlog ? [setting('sync_binlog', settings.syncBinlog, ['1'], lost)] : []),
    setting('innodb_doublewrite', settings.doublewrite, ['ON', '1', 'DETECT_AND_RECOVER'], {
      zh: '断电可能留下写了一半的页',
      en: 'a power cut may leave pages half written',
    }),
    ok(
      'isolation',
      `默认 ${isolation}；本工具的连接设为 READ COMMITTED`,
      `${isolation} by default; the kit’s own sessions set READ COMMITTED`,
    ),
    strict
      ? ok('sql_mode', '严格', 'strict')
      : finding(
          'sql_mode',
          '默认不严格：本工具的连接仍为严格，其他程序的写入可能被悄悄截断',
          'Not strict by default: the kit’s own sessions are, what other programs write may be cut off silently',
        ),
    settings.readOnly
      ? finding('read_only', '数据库只读，无法写入', 'The server is read-only: nothing can be written')
      : ok('read_only', 'OFF', 'OFF'),
    packet >= LEAST_PACKET_BYTES
      ? ok('max_allowed_packet', String(packet), String(packet))
      : finding(
          'max_allowed_packet',
          `${packet} 字节，建议至少 ${LEAST_PACKET_BYTES}：一条记录最多约占其一半`,
          `${packet} bytes; at least ${LEAST_PACKET_BYTES} is advised: a record may take about half of it`,
        ),
    ...galera(settings),
    evidenceRights(settings),
  ];
}
