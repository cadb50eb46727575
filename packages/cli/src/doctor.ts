import { calendarDuty, compilePack, createCalendar } from '@zhengpin/core';
import type { Calendar, JsonObject, Pack, Store } from '@zhengpin/core';

import { openArchive } from './archive-url.ts';
import { finding, ok, refusal, unknown } from './check.ts';
import type { Check, Status } from './check.ts';
import { checkAnchors } from './check-anchors.ts';
import { checkAudits } from './check-audits.ts';
import { checkArchive } from './check-archive.ts';
import { checkDuties } from './check-duties.ts';
import { checkMysql } from './check-mysql.ts';
import { checkPostgres } from './check-postgres.ts';
import { both, EXIT, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { choosePack, PACKS } from './packs.ts';
import { openStore, storeAddress } from './store-url.ts';
import type { StoreAddress } from './store-url.ts';

export interface DoctorArgs {
  /** `sqlite:PATH`, a bare path, `postgres://…` or `mysql://…`. */
  readonly store?: string;
  /** `file:DIR` or `s3://BUCKET/PREFIX?…`; asking it writes and removes an empty object of the kit's own. */
  readonly archive?: string;
  readonly json?: boolean;
}

/** What is looked at besides the store; by default this process. */
export interface Host {
  /** As `process.versions.node`. */
  readonly nodeVersion: string;
  readonly calendar: Calendar;
  readonly packs: readonly Pack[];
}

const LEAST_NODE = [22, 13] as const;
/** Clocks of machines that write to one store may differ by this much. */
const SKEW_MS = 5 * 60_000;
const MOST_LOGS = 1000;
const LABEL: Readonly<Record<Status, string>> = { ok: '正常 ok', finding: '待办 finding', 'cannot-check': '无法检查 cannot check' };

async function checkStore(address: StoreAddress): Promise<readonly Check[]> {
  switch (address.kind) {
    case 'sqlite':
      return checkFile(address.path);
    case 'mysql':
      return checkMysql(address.url);
    case 'postgres':
      return checkPostgres(address);
  }
}

/**
 * Look over the installation (环境检查). It tells what it saw and vouches for nothing: whether duties are met is not for
 * a program to say. Ends with `environment` when the store or archive given cannot be opened, else `finding` if there is one.
 * @throws ZP_OPTION_INVALID for a kind of store or archive that is not supported
 */
export async function doctorCommand(
  args: DoctorArgs,
  io: Io,
  host: Host = { nodeVersion: process.versions.node, calendar: createCalendar(), packs: PACKS },
): Promise<ExitCode> {
  const now = io.clock.now();
  const today = host.calendar.today(now);
  const address = args.store === undefined ? undefined : storeAddress(args.store);
  const archive = args.archive === undefined ? undefined : await openArchive(args.archive);
  const checks = [
    checkNode(host.nodeVersion),
    await checkSqlite(),
    ...checkPacks(host.packs, today),
    ...checkCalendar(host.calendar, today),
    checkClock(host, today),
  ];
  let opened = true;
  if (args.store === undefined || address === undefined)
    checks.push(unknown('store', '未给出 --store，未检查存储', 'No --store was given, so no store was looked at'));
  else {
    const store = await openStore(args.store).catch(refusal);
    opened = 'get' in store;
    if (!('get' in store)) checks.push({ id: 'store', status: 'cannot-check', detail: store });
    else {
      checks.push(
        await checkEntries(store, now),
        ...(await checkAnchors(store, now)),
        ...(await checkAudits(store, now)),
        ...(await checkDuties(store, now)),
      );
      await store.close();
      checks.push(...(await checkStore(address)));
    }
  }
  if (archive !== undefined) {
    const looked = await checkArchive(archive);
    opened &&= looked.reached;
    checks.push(...looked.checks);
  }
  const lines = checks.map(({ id, status, detail }) => `[${LABEL[status]}] ${id}: ${plain(both(detail))}\n`);
  await write(io.stdout, args.json ? `${JSON.stringify({ on: today, checks }, undefined, 2)}\n` : lines.join(''));
  if (!opened) return EXIT.environment;
  return checks.some((check) => check.status === 'finding') ? EXIT.finding : EXIT.ok;
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
    ? ok('node', `Node ${version}`, `Node ${version}`)
    : finding(
        'node',
        `Node ${version} 过旧，须 ${LEAST_NODE.join('.')} 以上`,
        `Node ${version} is too old: ${LEAST_NODE.join('.')} or later is needed`,
      );
}

async function checkSqlite(): Promise<Check> {
  try {
    const { sqliteSettings } = await import('@zhengpin/storage-adapters/sqlite');
    const version = sqliteSettings().library;
    return ok('node:sqlite', `SQLite ${version}`, `SQLite ${version}`);
  } catch {
    return finding(
      'node:sqlite',
      '此 Node 没有 node:sqlite，无法使用 SQLite 存储',
      'This Node has no node:sqlite, so the SQLite store cannot be used',
    );
  }
}

function checkPacks(packs: readonly Pack[], today: string): readonly Check[] {
  return [...new Set(packs.map((pack) => pack.id))].map((id) => {
    try {
      const { pack, reference } = compilePack(choosePack(id, today, packs));
      const count = pack.rules.length;
      return ok(`pack ${id}`, `${reference}，${count} 条规则均通过自检`, `${reference}: all ${count} rules agree with their examples`);
    } catch (error) {
      return { id: `pack ${id}`, status: 'finding', detail: refusal(error) };
    }
  });
}

function checkCalendar(calendar: Calendar, today: string): readonly Check[] {
  const years = calendar.years();
  const span = `${years[0] ?? ''}–${years.at(-1) ?? ''}`;
  const duty = calendarDuty(calendar, today);
  return [
    ok('calendar table', `${calendar.table}，${span}`, `${calendar.table}, ${span}`),
    duty === undefined
      ? ok('calendar years', '目前所需年度的节假日安排均已载入', 'The arrangements needed by now are loaded')
      : finding(
          'calendar years',
          `${duty.title.zh}（${duty.due} 前）：${duty.advice.zh}`,
          `${duty.title.en} (by ${duty.due}): ${duty.advice.en}`,
        ),
  ];
}

/** There is nobody to ask for the time, but today can be neither before the rules of this release nor long after its calendar. */
function checkClock({ calendar, packs }: Host, today: string): Check {
  const earliest = packs.map((pack) => pack.effectiveFrom).sort()[0] ?? '';
  if (today < earliest)
    return finding(
      'clock',
      `本机日期 ${today} 早于规则施行日 ${earliest}`,
      `The machine says ${today}, before the rules applied (${earliest})`,
    );
  if (Number(today.slice(0, 4)) > (calendar.years().at(-1) ?? 9998) + 1) {
    return finding(
      'clock',
      `本机日期 ${today} 过晚：时钟有误，或本版本过旧`,
      `The machine says ${today}: its clock is wrong or this release too old`,
    );
  }
  return ok('clock', `上海日期 ${today}`, `The date in Shanghai is ${today}`);
}

/** An entry from the future means that this clock, or the one that wrote it, is wrong. */
async function checkEntries(store: Store, now: number): Promise<Check> {
  try {
    const heads = await store.find('evidenceHeads', { limit: MOST_LOGS });
    let newest = '';
    for (const { id } of heads.records) {
      // "0" follows "/" in code point order: rows of exactly this tenant.
      const last = await store.find('evidence', { range: { field: 'id', gt: `${id}/`, lt: `${id}0` }, order: 'desc', limit: 1 });
      const entry = last.records[0]?.body['entry'];
      const at = typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? (entry as JsonObject)['at'] : undefined;
      if (typeof at === 'string' && at > newest) newest = at;
    }
    if (newest === '') return unknown('entries', '日志为空', 'The log is empty');
    if (!(Date.parse(newest) <= now + SKEW_MS))
      return finding(
        'entries',
        `最新条目的时间 ${newest} 晚于本机时钟`,
        `The newest entry is of ${newest}, later than this machine’s clock`,
      );
    return ok('entries', `最新条目 ${newest}`, `The newest entry is of ${newest}`);
  } catch (error) {
    return { id: 'entries', status: 'cannot-check', detail: refusal(error) };
  }
}

async function checkFile(path: string): Promise<readonly Check[]> {
  try {
    const { sqliteSettings } = await import('@zhengpin/storage-adapters/sqlite');
    const { journalMode: mode, synchronous: level } = sqliteSettings(path);
    return [
      mode === 'wal'
        ? ok('journal_mode', 'WAL', 'WAL')
        : finding(
            'journal_mode',
            `${mode}，应为 WAL：由本工具打开写入一次即恢复`,
            `${mode} instead of WAL; opening the store once for writing sets it`,
          ),
      unknown(
        'synchronous',
        `SQLite 不在文件中保存此项：本工具写入时一律设为 FULL，其他程序的连接无从得知（本连接默认 ${level}）`,
        `SQLite does not keep it in the file: the kit always writes with FULL, what other programs use cannot be seen (default of this connection: ${level})`,
      ),
    ];
  } catch {
    return [unknown('journal_mode', '无法查询该文件', 'The file could not be queried')];
  }
}
