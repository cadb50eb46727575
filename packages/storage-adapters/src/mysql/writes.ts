import { ComplianceError } from '@zhengpin/core';
import type { Change, CollectionDeclaration } from '@zhengpin/core';

import { isErrno, spoilsConnection, unavailable } from './errors.ts';
import type { Outcome, Session } from './session.ts';
import { bodyText, invalid, literal, possibleId } from './values.ts';
import type { TextLiteral } from './values.ts';

/** One statement, and how many rows it reports when every change in it applied. */
interface Step {
  readonly sql: string;
  readonly affects: number;
  /** Applies wholly or not at all, also without a transaction around it. */
  readonly atomic: boolean;
  /** Length in a packet, at most. */
  readonly bytes: number;
}

/** Rows one statement writes at most: beyond that the server's range optimiser may give up on a list of keys. */
const ROWS = 500;
/** Left free in a packet for what stands around the rows. */
const FRAME_BYTES = 2048;
/** A statement and its guard around their rows. */
const STATEMENT_BYTES = 512;
/** Punctuation and a version around a row. */
const ROW_BYTES = 64;

const CONFLICT = (): ComplianceError => new ComplianceError('ZP_CONFLICT');

interface Item {
  readonly id: string;
  readonly version: number;
  readonly row: string;
  /** What it takes of a statement. */
  readonly bytes: number;
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.bytes, STATEMENT_BYTES);
}

/** Split so that no statement is longer than a packet or has too many rows. */
function chunks(items: readonly Item[], mostBytes: number): readonly (readonly Item[])[] {
  const all: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const current = all.at(-1);
    size += item.bytes;
    if (current && current.length < ROWS && size <= mostBytes) current.push(item);
    else {
      all.push([item]);
      size = item.bytes;
    }
  }
  return all;
}

function inserts(table: string, items: readonly Item[], mostBytes: number): readonly Step[] {
  return chunks(items, mostBytes).map((some) => ({
    // A row that is there already is an error, which undoes the whole statement.
    sql: `INSERT INTO ${table} (id, version, body) VALUES ${some.map((item) => item.row).join(', ')}`,
    affects: some.length,
    atomic: true,
    bytes: bytesOf(some),
  }));
}

function updates(table: string, items: readonly Item[], mostBytes: number): readonly Step[] {
  return chunks(items, mostBytes).map((some) => {
    const [only] = some;
    if (only && some.length === 1) {
      const sql = `UPDATE ${table} SET version=version+1, body=${only.row} WHERE id=${literal(only.id)} AND version=${only.version}`;
      return { sql, affects: 1, atomic: true, bytes: only.bytes + STATEMENT_BYTES };
    }
    // Many rows of compare-and-set in one statement. A row at the version expected counts 2; one at another version stays as
    // it is and counts 0 or 1 (as the driver asks the server to count), a missing one is inserted and counts 1: only when all
    // applied is the sum 2 for each, and anything less is rolled back.
    const rows = some.map(({ id, version, row }) => `(${literal(id)}, ${version + 1}, ${row})`).join(', ');
    const keep = (column: string): string => `${column}=IF(version=VALUES(version)-1, VALUES(${column}), ${column})`;
    const sql = `INSERT INTO ${table} (id, version, body) VALUES ${rows} ON DUPLICATE KEY UPDATE ${keep('body')}, ${keep('version')}`;
    return { sql, affects: 2 * some.length, atomic: false, bytes: bytesOf(some) };
  });
}

function removals(table: string, items: readonly Item[], mostBytes: number): readonly Step[] {
  return chunks(items, mostBytes).map((some) => ({
    sql: `DELETE FROM ${table} WHERE ${some.map((item) => item.row).join(' OR ')}`,
    affects: some.length,
    atomic: some.length === 1,
    bytes: bytesOf(some),
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The statements of one commit, always in the order of tables and ids, so that two commits never wait for each other.
 * @throws ZP_CONFLICT for versions no record can have; ZP_OPTION_INVALID for an id or a body that cannot be stored
 */
export function plan(
  changes: readonly Change[],
  declarationOf: (collection: string) => CollectionDeclaration,
  maxPacketBytes: number,
  textLiteral: TextLiteral,
): readonly Step[] {
  const mostBytes = maxPacketBytes - FRAME_BYTES;
  const tables = new Map<string, { insert: Item[]; update: Item[]; remove: Item[] }>();
  const seen = new Set<string>();
  const sorted = changes
    .map((change) => ({ change, declaration: declarationOf(change.collection) }))
    .sort((a, b) => compare(a.change.collection, b.change.collection) || compare(a.change.id, b.change.id));
  for (const { change, declaration } of sorted) {
    const { collection, id, expectedVersion: version, body } = change;
    const name = `${collection}/${id}`;
    if (seen.has(name)) throw invalid('一次提交中同一记录出现两次', 'a commit names a record twice');
    seen.add(name);
    if (!possibleId(id)) throw invalid('编号过长或含有残缺的字符', 'an id is too long or holds half a character');
    if (!Number.isSafeInteger(version) || version < 0 || (version === 0 && body === undefined)) throw CONFLICT();
    let of = tables.get(collection);
    if (of === undefined) tables.set(collection, (of = { insert: [], update: [], remove: [] }));
    if (body === undefined) {
      const row = `(id=${literal(id)} AND version=${version})`;
      of.remove.push({ id, version, row, bytes: row.length + ROW_BYTES });
      continue;
    }
    const text = textLiteral(bodyText(declaration, body));
    const row = version === 0 ? `(${literal(id)}, 1, ${text})` : text;
    const bytes = Buffer.byteLength(row) + 2 * Buffer.byteLength(id) + ROW_BYTES;
    if (bytes > mostBytes) {
      throw invalid(
        `${collection} 的一条记录过大（语句 ${bytes} 字节，数据库 max_allowed_packet 为 ${maxPacketBytes}）`,
        `a record of ${collection} is too large: ${bytes} bytes in a statement, and max_allowed_packet of the database is ${maxPacketBytes}`,
      );
    }
    of[version === 0 ? 'insert' : 'update'].push({ id, version, row, bytes });
  }
  return [...tables].flatMap(([collection, of]) => {
    const table = `\`zp_${collection}\``;
    return [...updates(table, of.update, mostBytes), ...inserts(table, of.insert, mostBytes), ...removals(table, of.remove, mostBytes)];
  });
}

function check(steps: readonly Step[], outcomes: readonly Outcome[]): void {
  for (const [i, step] of steps.entries()) if (outcomes[i]?.affected !== step.affects) throw CONFLICT();
}

/** Fails inside the server, with error 1242, unless the statement before it changed that many rows. */
function guard(affects: number): string {
  return `SET @zp_guard = (SELECT 1 UNION ALL SELECT 1 FROM DUAL WHERE ROW_COUNT() <> ${affects})`;
}

/** Steps in as few packets as they fit. */
function trips(steps: readonly Step[], maxPacketBytes: number): readonly (readonly Step[])[] {
  const all: Step[][] = [];
  let size = 0;
  for (const step of steps) {
    const current = all.at(-1);
    size += step.bytes;
    if (current && size <= maxPacketBytes - FRAME_BYTES) current.push(step);
    else {
      all.push([step]);
      size = step.bytes;
    }
  }
  return all;
}

async function runAll(session: Session, steps: readonly Step[], maxPacketBytes: number, begin: readonly string[]): Promise<void> {
  let first = begin;
  for (const trip of trips(steps, maxPacketBytes)) {
    const outcomes = await session.run([...first, ...trip.map((step) => step.sql)]);
    check(trip, outcomes.slice(first.length));
    first = [];
  }
}

/**
 * Apply the steps in a transaction of their own. One round trip where the server can be told to stop before COMMIT if a row
 * was at another version, else one a packet and one for COMMIT.
 * @throws ZP_CONFLICT, and what the driver throws; then nothing was written unless the connection was lost
 */
export async function applyAlone(
  session: Session,
  steps: readonly Step[],
  server: { readonly maxPacketBytes: number; readonly familiar: boolean },
): Promise<void> {
  const [only] = steps;
  if (only && steps.length === 1 && only.atomic) {
    check(steps, await session.run([only.sql]));
    return;
  }
  const packets = trips(steps, server.maxPacketBytes);
  try {
    if (session.joins && server.familiar && packets.length === 1) {
      const guarded = steps.flatMap((step) => [step.sql, guard(step.affects)]);
      const outcomes = await session.run(['START TRANSACTION', ...guarded, 'COMMIT']);
      const counted = steps.every((step, i) => outcomes[2 * i + 1]?.affected === step.affects);
      // Never seen; if a server counted otherwise inside than outside, nobody may believe that this was compare-and-set.
      if (!counted)
        throw unavailable('数据库报告的行数前后不一致', 'The server counts changed rows in two ways; do not use it for this store');
      return;
    }
    await runAll(session, steps, server.maxPacketBytes, ['START TRANSACTION']);
    await session.run(['COMMIT']);
  } catch (error) {
    // A connection that is gone rolls back by itself, if it did not commit.
    if (!spoilsConnection(error)) await session.run(['ROLLBACK']);
    throw error;
  }
}

const NO_SAVEPOINT = 1305;

/**
 * Apply the steps inside the host's transaction, which a conflict leaves as it was.
 * @throws ZP_OPTION_INVALID when no transaction is open
 */
export async function applyWithin(session: Session, steps: readonly Step[], maxPacketBytes: number): Promise<void> {
  try {
    // Outside a transaction a savepoint is silently none, and each statement would stand alone: going back to it tells.
    await runAll(session, steps, maxPacketBytes, ['SAVEPOINT zp_commit', 'ROLLBACK TO SAVEPOINT zp_commit']);
    await session.run(['RELEASE SAVEPOINT zp_commit']);
  } catch (error) {
    if (isErrno(error, NO_SAVEPOINT)) throw invalid('该连接没有打开的事务', 'no transaction is open on this connection');
    await session.run(['ROLLBACK TO SAVEPOINT zp_commit', 'RELEASE SAVEPOINT zp_commit']).catch(() => undefined);
    throw error;
  }
}
