import { decodeCursor, encodeCursor } from '@zhengpin/core';
import type { JsonObject, Page, Query, StoredRecord } from '@zhengpin/core';

import { isMissingTable, unavailable } from './errors.ts';
import type { Row, Session } from './session.ts';
import { keyExpression, keyOf, literal } from './values.ts';

/** How a store reads: `exact` hands out only texts the store writes itself; `hasColumn` is false for fields declared later. */
export interface Reading {
  readonly exact: boolean;
  hasColumn(collection: string, field: string): boolean;
}

function bytesOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

function recordOf(id: string, row: Row, exact: boolean): StoredRecord {
  const text = bytesOf(row['body']);
  const body = JSON.parse(text) as JsonObject;
  // The server finds a row by one of two equal keys and JSON.parse reads the last: what an index shows could differ from what
  // the evidence vouches for. A text that comes back as it was has each key once.
  if (exact && JSON.stringify(body) !== text)
    throw unavailable(`记录 ${id} 的文本不是本存储写入的`, `The text of record ${id} was not written by this store`);
  return { id, version: Number(row['version']), body };
}

/** A database written before a collection existed has no table for it: read-only, that is an empty one. */
async function rowsOf(session: Session, sql: string, exact: boolean): Promise<readonly Row[]> {
  try {
    const [outcome] = await session.run([sql]);
    return outcome?.rows ?? [];
  } catch (error) {
    if (exact && isMissingTable(error)) return [];
    throw error;
  }
}

// As bytes: the character set of a host's connection then changes nothing.
const BODY = 'CAST(body AS BINARY) AS body';

export async function getRecord(session: Session, reading: Reading, collection: string, id: string): Promise<StoredRecord | undefined> {
  const sql = `SELECT version, ${BODY} FROM \`zp_${collection}\` WHERE id=${literal(id)}`;
  const [row] = await rowsOf(session, sql, reading.exact);
  return row && recordOf(id, row, reading.exact);
}

/** The query as one statement, for a page and one row more. @throws ZP_CURSOR_INVALID, ZP_OPTION_INVALID */
export function selectPage(reading: Reading, collection: string, query: Query): string {
  const column = (field: string): string => {
    if (field === 'id') return 'id';
    return reading.hasColumn(collection, field) ? `\`f_${field}\`` : `CAST(${keyExpression(field)} AS BINARY)`;
  };
  const position = decodeCursor(collection, query);
  const { range, where = {}, limit } = query;
  const key = column(range?.field ?? 'id');
  const valueOf = (value: string | number | boolean): string => literal(key === 'id' ? String(value) : keyOf(value));
  const conditions = Object.entries(where).map(([field, value]) => `${column(field)} = ${literal(keyOf(value))}`);
  for (const [bound, sign] of [
    ['gt', '>'],
    ['gte', '>='],
    ['lt', '<'],
    ['lte', '<='],
  ] as const) {
    const value = range?.[bound];
    if (value !== undefined) conditions.push(`${key} ${sign} ${valueOf(value)}`);
  }
  if (range) conditions.push(`${key} IS NOT NULL`);
  const [order, after] = query.order === 'desc' ? ['DESC', '<'] : ['ASC', '>'];
  if (position) {
    const id = literal(position.id);
    const value = literal(String(position.value));
    // Not a comparison of pairs: not every server finds a place in an index by one.
    if (key === 'id') conditions.push(`id ${after} ${id}`);
    else conditions.push(`${key} ${after}= ${value}`, `(${key} ${after} ${value} OR id ${after} ${id})`);
  }
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const sort = key === 'id' ? `id ${order}` : `${key} ${order}, id ${order}`;
  const columns = key === 'id' ? '' : `, ${key} AS sort_key`;
  return `SELECT id, version, ${BODY}${columns} FROM \`zp_${collection}\` ${filter} ORDER BY ${sort} LIMIT ${limit + 1}`;
}

export async function findPage(session: Session, reading: Reading, collection: string, query: Query): Promise<Page> {
  const rows = await rowsOf(session, selectPage(reading, collection, query), reading.exact);
  const page = rows.slice(0, query.limit);
  const records = page.map((row) => recordOf(bytesOf(row['id']), row, reading.exact));
  const last = page.at(-1);
  if (rows.length <= query.limit || last === undefined) return { records };
  const id = bytesOf(last['id']);
  const value = last['sort_key'] === undefined ? id : bytesOf(last['sort_key']);
  return { records, cursor: encodeCursor(collection, query, { value, id }) };
}
