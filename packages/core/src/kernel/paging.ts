import { canonical, sha256Hex } from './canonical.ts';
import { ComplianceError } from './errors.ts';
import type { CollectionDeclaration, FieldValue, Query } from './store.ts';

/** Where the next page starts: after this sort value and id. */
export interface Position {
  readonly value: FieldValue | null;
  readonly id: string;
}

/** Fails with ZP_OPTION_INVALID unless the query names a declared collection, declared fields and a limit of 1 to 1000. */
export function checkQuery(declarations: readonly CollectionDeclaration[], collection: string, query: Query): void {
  const declaration = declarations.find((d) => d.name === collection);
  const fields = [...Object.keys(query.where ?? {}), ...(query.range && query.range.field !== 'id' ? [query.range.field] : [])];
  const unknown = declaration === undefined ? collection : fields.find((field) => !declaration.fields.includes(field));
  const limitOk = Number.isInteger(query.limit) && query.limit >= 1 && query.limit <= 1000;
  if (unknown === undefined && limitOk) return;
  const what = unknown ?? `limit ${query.limit}`;
  throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `查询无效：${what}`, en: `not a valid query: ${what}` } });
}

function digest(collection: string, query: Query): string {
  const { where = {}, range = {}, order = 'asc' } = query;
  return sha256Hex(canonical({ collection, where, range: { ...range }, order })).slice(0, 16);
}

/** An opaque cursor bound to its query (分页游标). */
export function encodeCursor(collection: string, query: Query, position: Position): string {
  return Buffer.from(JSON.stringify([digest(collection, query), position.value, position.id])).toString('base64url');
}

/** @throws ZP_CURSOR_INVALID for anything that {@link encodeCursor} did not make for this query. */
export function decodeCursor(collection: string, query: Query): Position | undefined {
  if (query.cursor === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw new ComplianceError('ZP_CURSOR_INVALID', { cause });
  }
  if (Array.isArray(parsed) && parsed.length === 3) {
    const [bound, value, id] = parsed as readonly unknown[];
    const valueOk = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (bound === digest(collection, query) && valueOk && typeof id === 'string') return { value, id };
  }
  throw new ComplianceError('ZP_CURSOR_INVALID');
}
