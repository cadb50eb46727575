import { ComplianceError } from './errors.ts';
import type { Reader } from './execute.ts';
import type { Change, JsonObject, Page, Query, StoredRecord } from './store.ts';

/** A record as loaded: with the version its next change must expect. */
export interface Loaded<T> {
  readonly id: string;
  readonly version: number;
  readonly body: T;
}

/** A record and where it stands. */
export interface PlacedRecord {
  readonly collection: string;
  readonly record: StoredRecord;
}

/** How much of a list, and from where on. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Listing<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

/** A page as it is answered with. */
export function listed<T extends JsonObject>({ records, cursor }: Page): Listing<Loaded<T>> {
  const items = records.map(({ id, version, body }) => ({ id, version, body: body as T }));
  return { items, ...(cursor === undefined ? {} : { cursor }) };
}

const PAGE = 500;

/** Every record of a query, page by page (全部记录): for what there are few of. */
export async function everything<T extends JsonObject>(
  reader: Reader,
  collection: string,
  query: Omit<Query, 'limit' | 'cursor'>,
): Promise<readonly Loaded<T>[]> {
  const items: Loaded<T>[] = [];
  for (let cursor: string | undefined; ;) {
    const page = listed<T>(await reader.find(collection, { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }));
    items.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined) return items;
  }
}

/** Read one record of the kit's own writing; its shape is what the writer gave it, and the evidence log says so. */
export async function load<T extends JsonObject>(reader: Reader, collection: string, id: string): Promise<Loaded<T> | undefined> {
  const record = await reader.get(collection, id);
  return record && { id: record.id, version: record.version, body: record.body as T };
}

/** @throws ZP_NOT_FOUND */
export function found<T>(record: T | undefined): T {
  if (record === undefined) throw new ComplianceError('ZP_NOT_FOUND');
  return record;
}

export function create(collection: string, id: string, body: JsonObject): Change {
  return { collection, id, expectedVersion: 0, body };
}

export function replace(collection: string, current: { readonly id: string; readonly version: number }, body: JsonObject): Change {
  return { collection, id: current.id, expectedVersion: current.version, body };
}

export function remove(collection: string, { id, version }: { readonly id: string; readonly version: number }): Change {
  return { collection, id, expectedVersion: version };
}
