import { ComplianceError } from '@zhengpin/core';
import type { Change, CollectionDeclaration, FieldValue, Json, Query } from '@zhengpin/core';

import { jsonToColumn, textToColumn } from './text.ts';

/** SQL with its parameters, ready for the driver. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number)[];
  /** Which way is best depends on how large the tables are by now: to be planned each time. */
  readonly planned?: 'each time';
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function tableName(schema: string, collection: string): string {
  return `${quoted(schema)}.${quoted(`zp_${collection}`)}`;
}

/** Negative numbers sort backwards by their bits, so these are turned over. */
const TURNED = ['0123456789abcdef', 'fedcba9876543210'] as const;

/**
 * What a field is compared and ordered by: one text for every type, so that one index serves them all and the order is
 * that of code points or of numbers whatever the database's collation is.
 */
function keyExpression(field: string): string {
  const value = `body->'${field}'`;
  const bits = `encode(float8send((${value})::float8), 'hex')`;
  return (
    `(CASE jsonb_typeof(${value}) WHEN 'string' THEN 's' || (body->>'${field}') WHEN 'boolean' THEN 'b' || (body->>'${field}') ` +
    `WHEN 'number' THEN CASE WHEN (${value})::float8 < 0 THEN 'n0' || translate(${bits}, '${TURNED[0]}', '${TURNED[1]}') ` +
    `ELSE 'n1' || ${bits} END END COLLATE "C")`
  );
}

/** The text {@link keyExpression} gives for a value. */
function keyOf(value: FieldValue): string {
  if (typeof value === 'string') return `s${textToColumn(value)}`;
  if (typeof value === 'boolean') return `b${value}`;
  const bits = Buffer.alloc(8);
  // Adding zero makes -0 the 0 that JSON writes.
  bits.writeDoubleBE(value + 0);
  const hex = bits.toString('hex');
  return value < 0 ? `n0${hex.replace(/./g, (digit) => TURNED[1][TURNED[0].indexOf(digit)] ?? '')}` : `n1${hex}`;
}

/** Where a page starts: after this value and id. */
export interface After {
  readonly value: FieldValue | null;
  readonly id: string;
}

export function getStatement(schema: string, collection: string, id: string): Statement {
  return { text: `SELECT id, version, body FROM ${tableName(schema, collection)} WHERE id = $1`, values: [textToColumn(id)] };
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** One row more than the limit is asked for, to know whether a page follows. */
export function findStatement(schema: string, collection: string, query: Query, after: After | undefined): Statement {
  const { where = {}, range, limit } = query;
  const field = range?.field ?? 'id';
  const sort = field === 'id' ? 'id' : keyExpression(field);
  const sortKey = (value: FieldValue): string => (field === 'id' ? textToColumn(String(value)) : keyOf(value));
  const values: (string | number)[] = [];
  const add = (value: string | number): string => `$${values.push(value)}`;
  const conditions = Object.entries(where).map(([name, value]) => `${keyExpression(name)} = ${add(keyOf(value))}`);
  for (const [bound, sign] of Object.entries(SIGNS)) {
    const value = range?.[bound as keyof typeof SIGNS];
    if (value !== undefined) conditions.push(`${sort} ${sign} ${add(sortKey(value))}`);
  }
  if (field !== 'id') conditions.push(`${sort} IS NOT NULL`);
  const [order, beyond] = query.order === 'desc' ? ['DESC', '<'] : ['ASC', '>'];
  if (after !== undefined) {
    const id = textToColumn(after.id);
    if (field === 'id') conditions.push(`id ${beyond} ${add(id)}`);
    else conditions.push(`(${sort}, id) ${beyond} (${add(sortKey(after.value ?? ''))}, ${add(id)})`);
  }
  const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const by = field === 'id' ? `id ${order}` : `${sort} ${order}, id ${order}`;
  const text = `SELECT id, version, body FROM ${tableName(schema, collection)}${filter} ORDER BY ${by} LIMIT ${add(limit + 1)}`;
  return { text, values };
}

type Kind = 'insert' | 'update' | 'delete';

/** What one kind of change does, over rows of one JSON array; each counts the rows it changed. */
function part(kind: Kind, table: string, parameter: string): string {
  const rows = `jsonb_array_elements(${parameter}::jsonb) AS r(e)`;
  switch (kind) {
    case 'insert':
      return `INSERT INTO ${table} (id, version, body) SELECT e->>0, 1, e->1 FROM ${rows} ON CONFLICT DO NOTHING RETURNING 1 AS done`;
    // Through the primary key row by row, in the order of the array, whatever the planner knows of the table. A record
    // that is not there would be inserted at a negative version: it does not count, so the commit fails and undoes it.
    case 'update':
      return (
        `INSERT INTO ${table} AS t (id, version, body) SELECT e->>0, -(e->>1)::bigint, e->2 FROM ${rows} ` +
        `ON CONFLICT (id) DO UPDATE SET version = t.version + 1, body = excluded.body WHERE t.version = -excluded.version ` +
        `RETURNING CASE WHEN t.version > 0 THEN 1 END AS done`
      );
    case 'delete':
      return (
        `DELETE FROM ${table} AS t USING (SELECT s.id, s.version FROM ${rows} JOIN ${table} AS s ` +
        `ON s.id = e->>0 AND s.version = (e->>1)::bigint ORDER BY s.id FOR UPDATE OF s) AS l ` +
        `WHERE t.id = l.id AND t.version = l.version RETURNING 1 AS done`
      );
  }
}

/** Begins the message of the error that undoes a commit whose versions are not the stored ones. */
export const CONFLICT = 'ZP_CONFLICT';

function kindOf({ expectedVersion, body }: Change): Kind {
  if (body === undefined) return 'delete';
  return expectedVersion === 0 ? 'insert' : 'update';
}

function rowOf(change: Change): Json {
  const { id, expectedVersion, body = null } = change;
  return { insert: [id, body], update: [id, expectedVersion, body], delete: [id, expectedVersion] }[kindOf(change)];
}

/**
 * One statement for a whole commit: it is its own transaction, so nothing of it stays unless every change was made, and
 * it costs one round trip. Collections, kinds and ids come in one order, so that two commits wait for each other in line
 * instead of crosswise.
 */
export function commitStatement(schema: string, changes: readonly Change[]): Statement {
  for (const { expectedVersion } of changes)
    if (!Number.isSafeInteger(expectedVersion) || expectedVersion < 0) throw new ComplianceError('ZP_CONFLICT');
  const ordered = changes.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const groups = [...Map.groupBy(ordered, (change) => `${change.collection} ${kindOf(change)}`)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = groups.map(([name], index) => {
    const [collection = '', kind] = name.split(' ');
    return `c${index} AS (${part(kind as Kind, tableName(schema, collection), `$${index + 2}`)})`;
  });
  const made = groups.map((_, index) => `(SELECT count(done) FROM c${index})`).join(' + ');
  // The cast of a text that is no number is the only error plain SQL can raise; the server's log then says what it was.
  // A commit is flushed also where the role or database asks for synchronous_commit = off.
  const text =
    `WITH ${parts.join(', ')} SELECT CASE WHEN made = $1::bigint THEN 0 ` +
    `ELSE ('${CONFLICT}: ' || made || ' of ' || $1 || ' changes')::int END, ` +
    `CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END ` +
    `FROM (SELECT ${made} AS made OFFSET 0) AS total`;
  const values = [changes.length, ...groups.map(([, group]) => jsonToColumn(group.map(rowOf)))];
  return changes.some((change) => kindOf(change) === 'delete') ? { text, values, planned: 'each time' } : { text, values };
}

/** Longest name PostgreSQL keeps, in bytes. */
const LONGEST_NAME = 63;

/** The index names and statements a collection declares. */
export function indexStatements(
  schema: string,
  declaration: CollectionDeclaration,
): readonly { readonly name: string; readonly text: string }[] {
  return declaration.indexes.map((fields) => {
    const name = `zp_${declaration.name}_${fields.join('_')}`;
    if (name.length > LONGEST_NAME)
      throw new ComplianceError('ZP_OPTION_INVALID', {
        detail: { zh: `索引名过长：${name}`, en: `the name of an index is too long: ${name}` },
      });
    // Expressions over the body, not copied columns: a row edited by hand cannot disagree with what it is found by.
    const on = [...fields.map(keyExpression), 'id'].join(', ');
    return { name, text: `CREATE INDEX IF NOT EXISTS ${quoted(name)} ON ${tableName(schema, declaration.name)} (${on})` };
  });
}
