import type { PostgresSettings } from '@zhengpin/storage-adapters/postgres';

import { finding, ok, refusal, unknown } from './check.ts';
import type { Check } from './check.ts';
import { loadPostgres } from './store-url.ts';
import type { PostgresTarget } from './store-url.ts';

/** Oldest server the store was written for. */
const LEAST = 13;

/** What a PostgreSQL server says about durability, and what the role of the URL may do to evidence (PostgreSQL 检查). */
export async function checkPostgres({ url, schema }: PostgresTarget): Promise<readonly Check[]> {
  try {
    const { postgresSettings } = await loadPostgres();
    const settings = await postgresSettings(url, schema);
    return [
      ...checkServer(settings),
      ...checkFlush(settings),
      ...checkCopies(settings),
      ...checkRights(settings),
      ...checkUnlogged(settings),
    ];
  } catch (error) {
    return [{ id: 'postgres', status: 'cannot-check', detail: refusal(error) }];
  }
}

function checkServer({ version, inRecovery, defaultTransactionIsolation: isolation }: PostgresSettings): readonly Check[] {
  return [
    Number.parseInt(version, 10) >= LEAST
      ? ok('postgres', `PostgreSQL ${version}`, `PostgreSQL ${version}`)
      : finding(
          'postgres',
          `PostgreSQL ${version} 过旧，须 ${LEAST} 以上`,
          `PostgreSQL ${version} is too old: ${LEAST} or later is needed`,
        ),
    inRecovery
      ? finding('in_recovery', '这是备库，只能校验，不能写入', 'This is a standby: it can be verified, not written')
      : ok('in_recovery', '主库', 'This is a primary'),
    isolation === 'read committed'
      ? ok('transaction_isolation', isolation, isolation)
      : finding(
          'transaction_isolation',
          `默认为 ${isolation}：并发提交更易被撤销重试；本工具只需 read committed`,
          `The default is ${isolation}: commits side by side are undone and tried again more often; the kit needs read committed only`,
        ),
  ];
}

function checkFlush(settings: PostgresSettings): readonly Check[] {
  const { synchronousCommit: commit, synchronousStandbyNames: standbys } = settings;
  const switches = [
    ['fsync', settings.fsync],
    ['full_page_writes', settings.fullPageWrites],
  ] as const;
  return [
    ...switches.map(([id, value]) =>
      value === 'on'
        ? ok(id, 'on', 'on')
        : finding(id, `${value}：断电后数据库可能损坏，须为 on`, `${value}: a power failure can damage the database; it must be on`),
    ),
    commit === 'local' && standbys !== ''
      ? finding('synchronous_commit', 'local：不等待同步备库', 'local: the synchronous standby is not waited for')
      : commit === 'off'
        ? ok('synchronous_commit', '默认 off；本工具的提交一律改为 on', 'off by default; the kit turns it on for each of its commits')
        : ok('synchronous_commit', commit, commit),
  ];
}

function checkCopies({ walLevel, synchronousStandbyNames: standbys }: PostgresSettings): readonly Check[] {
  return [
    walLevel === 'minimal'
      ? finding('wal_level', 'minimal：无法归档日志，也无法建备库', 'minimal: neither archived logs nor a standby are possible')
      : ok('wal_level', walLevel, walLevel),
    standbys === ''
      ? unknown(
          'synchronous_standby_names',
          '不等待任何备库：本机毁损时，尚未复制的提交随之丢失；能否接受由贵方判断',
          'No standby is waited for: if this machine is lost, so are commits not copied yet; whether that will do is yours to judge',
        )
      : ok('synchronous_standby_names', standbys, standbys),
  ];
}

function checkRights({ evidence, role, superuser, statements }: PostgresSettings): readonly Check[] {
  if (evidence.length === 0) return [unknown('evidence rights', '尚无证据表', 'There are no evidence tables yet')];
  const open = evidence.filter((table) => table.mayUpdate || table.mayDelete || table.mayTruncate).map(({ table }) => table);
  if (open.length === 0)
    return [ok('evidence rights', `角色 ${role} 只能读取和追加证据`, `The role ${role} can only read and add evidence`)];
  const why = superuser
    ? { zh: '（超级用户）', en: ' (a superuser)' }
    : evidence.some(({ owns }) => owns)
      ? { zh: '（表的所有者）', en: ' (the owner of the tables)' }
      : { zh: '', en: '' };
  const sql = statements.map((statement) => `${statement};`).join(' ');
  return [
    finding(
      'evidence rights',
      `角色 ${role}${why.zh} 可以更改或删除 ${open.join('、')} 中的证据，应用无此需要。由所有者执行：${sql}`,
      `The role ${role}${why.en} may change or delete evidence in ${open.join(', ')}, which the application never needs. As the owner: ${sql}`,
    ),
  ];
}

function checkUnlogged({ unlogged }: PostgresSettings): readonly Check[] {
  if (unlogged.length === 0) return [];
  const names = unlogged.join(', ');
  return [finding('unlogged', `${names} 为 UNLOGGED 表，崩溃后会被清空`, `${names} are UNLOGGED: a crash empties them`)];
}
