/** A JSON value as a store keeps it: no `undefined`, no `NaN`, integers only where the kit writes numbers. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A record as read back: its version counts commits to it, from 1. */
export interface StoredRecord {
  readonly id: string;
  readonly version: number;
  readonly body: JsonObject;
}

/** One write: `expectedVersion` 0 = must not exist yet; `body` absent = remove. */
export interface Change {
  readonly collection: string;
  readonly id: string;
  readonly expectedVersion: number;
  readonly body?: JsonObject;
}

/** Values a declared field can be compared with. */
export type FieldValue = string | number | boolean;

export interface Query {
  /** Equality on declared fields; all must hold. */
  readonly where?: { readonly [field: string]: FieldValue };
  /** One range over a declared field or `id`; bounds of the field's own type. */
  readonly range?: {
    readonly field: string;
    readonly gt?: FieldValue;
    readonly gte?: FieldValue;
    readonly lt?: FieldValue;
    readonly lte?: FieldValue;
  };
  /** Order by the range's field (or `id` without one), ties by id; strings compare by Unicode code point (UTF-8 bytes). */
  readonly order?: 'asc' | 'desc';
  /** Opaque, from {@link Page.cursor} of the same query. */
  readonly cursor?: string;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface Page {
  readonly records: readonly StoredRecord[];
  /** Present when more may follow. */
  readonly cursor?: string;
}

/**
 * Where records and evidence live (存储端口). Four methods, none optional.
 *
 * - `get` and `find` see every commit that was acknowledged before they were called (read your writes).
 * - `commit` is all or none and durable when it resolves. Versions are compare-and-set: if any change's
 *   `expectedVersion` differs from the stored one, nothing is written and it rejects with `ZP_CONFLICT`. Two
 *   concurrent commits that name the same record never both succeed. A commit names a record at most once.
 * - Any other failure rejects with `ZP_STORE_UNAVAILABLE`; whether that commit happened is then unknown until read.
 * - `find` pages by key, not by offset: a record that is not written meanwhile is seen exactly once.
 * - `find` on a field the collection does not declare rejects with `ZP_OPTION_INVALID`; a cursor that is not the
 *   store's own rejects with `ZP_CURSOR_INVALID`.
 * - Bodies come back as JSON equal to what was written. Adapters never interpret a body beyond declared fields.
 * - A removed record's version starts again at 1 if it is written anew.
 */
export interface Store {
  get(collection: string, id: string): Promise<StoredRecord | undefined>;
  find(collection: string, query: Query): Promise<Page>;
  commit(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** A collection with its indexed fields, declared once; adapters create tables and indexes from it. */
export interface CollectionDeclaration {
  readonly name: string;
  /** Top-level body fields usable in `where` and `range`. */
  readonly fields: readonly string[];
  /** Field lists to index, each in order; `id` is always appended as the tie-break. */
  readonly indexes: readonly (readonly string[])[];
}
