import { isComplianceError } from '../../kernel/errors.ts';
import type { Query, Store, StoredRecord } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';

const PAGE = 1000;
/** How far to look for a row that a page cannot be read past. */
const PROBES = 5000;

export type Range = NonNullable<Query['range']>;

/** What one read gave; absent when that row cannot be read although the store answers. */
export interface Read<T> {
  readonly value: T;
}

function unavailable(error: unknown): boolean {
  return isComplianceError(error) && error.code === 'ZP_STORE_UNAVAILABLE';
}

/** Tells one unreadable row from a store that is down: the latter ends the verification. */
export async function readable<T>(store: Store, read: () => Promise<T>): Promise<Read<T> | undefined> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!unavailable(error)) throw error;
    await store.get('evidenceHeads', '');
    return undefined;
  }
}

export interface RowPage {
  readonly records: readonly StoredRecord[];
  /** The next row cannot be read; its id if it could be found out. */
  readonly stuck?: { readonly id: string | undefined };
}

/** A page of rows. One unreadable row spoils every page it is on, so smaller ones are tried up to the row itself. */
export async function readPage(
  store: Store,
  collection: string,
  range: Range,
  locate: () => Promise<string | undefined> = async () => undefined,
): Promise<RowPage> {
  for (let limit = PAGE; limit >= 1; limit = Math.floor(limit / 10)) {
    const page = await readable(store, () => store.find(collection, { range, limit }));
    if (page) return { records: page.value.records };
  }
  return { records: [], stuck: { id: await locate() } };
}

/** The id of the next row that cannot be read, looked for where the kit would have put one. */
export async function firstUnreadable(
  store: Store,
  collection: string,
  tenant: string,
  from: number,
  upTo: number,
): Promise<string | undefined> {
  for (let seq = from; seq <= upTo && seq < from + PROBES; seq++) {
    const id = rowId(tenant, seq);
    if ((await readable(store, () => store.get(collection, id))) === undefined) return id;
  }
  return undefined;
}
