import { checkQuery, COLLECTIONS, ComplianceError, decodeCursor, encodeCursor } from '@zhengpin/core';
import type { CollectionDeclaration, FieldValue, Json, JsonObject, Page, Query, Store, StoredRecord } from '@zhengpin/core';

/** What the store in memory holds (内存存储选项). */
export interface MemoryStoreOptions {
  /** Defaults to the kit's own collections. */
  readonly collections?: readonly CollectionDeclaration[];
}

interface Row {
  readonly id: string;
  readonly version: number;
  /** JSON text: every reader parses its own copy, so nobody can change what is stored. */
  readonly text: string;
  readonly fields: { readonly [field: string]: FieldValue };
}

interface Table {
  readonly declaration: CollectionDeclaration;
  readonly rows: Map<string, Row>;
  /** Ids in order; absent after an insertion or removal until somebody asks. */
  sorted: readonly string[] | undefined;
}

function invalid(what: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `无效：${what}`, en: `not valid: ${what}` } });
}

/** Code point order. UTF-16 units order alike, except that surrogates stand for what lies above every other unit. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const high = x >= 0xd800 && x <= 0xdfff;
    return high === (y >= 0xd800 && y <= 0xdfff) ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

function compare(a: FieldValue, b: FieldValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'string') return 1;
  if (typeof b === 'string') return -1;
  return Number(a) - Number(b);
}

function isFieldValue(value: Json | undefined): value is FieldValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function makeRow(declaration: CollectionDeclaration, id: string, version: number, body: JsonObject): Row {
  const text = JSON.stringify(body);
  const kept = JSON.parse(text) as JsonObject;
  const fields = declaration.fields.flatMap((field) => {
    const value = Object.hasOwn(kept, field) ? kept[field] : undefined;
    return isFieldValue(value) ? [[field, value] as const] : [];
  });
  return { id, version, text, fields: Object.fromEntries(fields) };
}

function recordOf({ id, version, text }: Row): StoredRecord {
  return { id, version, body: JSON.parse(text) as JsonObject };
}

/** First place in sorted ids that is not before this id. */
function lowerBound(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText(ids[middle] ?? '', id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A store in the memory of this process (内存存储): for tests and trials. It keeps the whole port except that nothing
 * survives the process, so it is no place for records the law wants kept.
 * @throws ZP_OPTION_INVALID for unknown options.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  for (const key of Object.keys(options)) if (key !== 'collections') throw invalid(`option ${key}`);
  const { collections = COLLECTIONS } = options;
  const tables = new Map<string, Table>();
  for (const declaration of collections) tables.set(declaration.name, { declaration, rows: new Map(), sorted: undefined });
  let open = true;

  function table(collection: string): Table {
    if (!open) throw new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh: '存储已关闭', en: 'The store is closed' } });
    const found = tables.get(collection);
    if (found === undefined) throw invalid(`collection ${collection}`);
    return found;
  }

  function idsOf(from: Table): readonly string[] {
    return (from.sorted ??= [...from.rows.keys()].sort(compareText));
  }

  function candidates(from: Table, query: Query, after: string | undefined): readonly Row[] {
    const { range, order } = query;
    const ids = idsOf(from);
    const rowsOf = (some: readonly string[]): readonly Row[] => some.flatMap((id) => from.rows.get(id) ?? []);
    if (range !== undefined && range.field !== 'id') return rowsOf(ids);
    // In id order a page costs a search and a slice, not a pass over the collection.
    const lowest = [range?.gt, range?.gte, order === 'desc' ? undefined : after].filter((v) => typeof v === 'string');
    const highest = [range?.lt, range?.lte, order === 'desc' ? after : undefined].filter((v) => typeof v === 'string');
    const start = Math.max(0, ...lowest.map((id) => lowerBound(ids, id)));
    const end = Math.min(ids.length, ...highest.map((id) => lowerBound(ids, id) + 1));
    const whole = query.where !== undefined && Object.keys(query.where).length > 0;
    // Room for the bounds themselves, which an exclusive bound drops again.
    const room = query.limit + 4;
    if (whole) return rowsOf(ids.slice(start, end));
    return rowsOf(order === 'desc' ? ids.slice(Math.max(start, end - room), end) : ids.slice(start, Math.min(end, start + room)));
  }

  return {
    async get(collection, id) {
      const row = table(collection).rows.get(id);
      return row && recordOf(row);
    },

    async find(collection, query): Promise<Page> {
      if (open) checkQuery(collections, collection, query);
      const from = table(collection);
      const position = decodeCursor(collection, query);
      const { range, where = {}, limit } = query;
      const sign = query.order === 'desc' ? -1 : 1;
      const key = range?.field ?? 'id';
      const sortValue = (row: Row): FieldValue | undefined => (key === 'id' ? row.id : row.fields[key]);
      const matches = candidates(from, query, key === 'id' ? position?.id : undefined)
        .flatMap((row) => {
          const value = sortValue(row);
          return value === undefined ? [] : [{ row, value }];
        })
        .filter(({ row, value }) => {
          for (const [field, wanted] of Object.entries(where)) if (row.fields[field] !== wanted) return false;
          if (range?.gt !== undefined && compare(value, range.gt) <= 0) return false;
          if (range?.gte !== undefined && compare(value, range.gte) < 0) return false;
          if (range?.lt !== undefined && compare(value, range.lt) >= 0) return false;
          if (range?.lte !== undefined && compare(value, range.lte) > 0) return false;
          if (position === undefined || position.value === null) return true;
          return sign * (compare(value, position.value) || compareText(row.id, position.id)) > 0;
        })
        .sort((a, b) => sign * (compare(a.value, b.value) || compareText(a.row.id, b.row.id)));
      const page = matches.slice(0, limit);
      const last = page.at(-1);
      const records = page.map(({ row }) => recordOf(row));
      if (matches.length <= limit || last === undefined) return { records };
      return { records, cursor: encodeCursor(collection, query, { value: last.value, id: last.row.id }) };
    },

    async commit(changes) {
      const names = new Set(changes.map((c) => `${c.collection}/${c.id}`));
      if (names.size !== changes.length) throw invalid('a commit names a record twice');
      const writes = changes.map((change) => {
        const { collection, id, expectedVersion, body } = change;
        const into = table(collection);
        const stored = into.rows.get(id)?.version ?? 0;
        const removesNothing = body === undefined && stored === 0;
        if (stored !== expectedVersion || removesNothing) throw new ComplianceError('ZP_CONFLICT');
        return { into, id, fresh: stored === 0, row: body && makeRow(into.declaration, id, stored + 1, body) };
      });
      // Nothing below can fail or wait, so nobody sees half a commit.
      for (const { into, id, fresh, row } of writes) {
        if (row) into.rows.set(id, row);
        else into.rows.delete(id);
        if (fresh || row === undefined) into.sorted = undefined;
      }
    },

    async close() {
      open = false;
    },
  };
}
