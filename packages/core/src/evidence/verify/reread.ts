import type { JsonObject, Store } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { firstUnreadable, readPage } from './reading.ts';
import { commitsOf, intact, readRow } from './rows.ts';
import { keyOf, seqOf } from './values.ts';

/** An entry whose row agrees with itself. */
export interface SoundEntry {
  readonly seq: number;
  readonly entry: JsonObject;
}

/** The sound entries from one to another, in order, for a further look: what is wrong with the rest was reported before. */
export async function* soundEntries(store: Store, tenant: string, from: number, to: number): AsyncGenerator<SoundEntry, void, undefined> {
  for (let next = from; next < to;) {
    const start = next;
    const range = { field: 'id', gte: rowId(tenant, start), lt: rowId(tenant, to) };
    const page = await readPage(store, 'evidence', range, () => firstUnreadable(store, 'evidence', tenant, start, to - 1));
    const last = page.stuck ? page.stuck.id : page.records.at(-1)?.id;
    const reached = last === undefined ? undefined : seqOf(tenant, last);
    if (reached === undefined) return;
    next = reached + 1;
    for (const record of page.records) {
      const seq = seqOf(tenant, record.id);
      if (seq === undefined) continue;
      const row = readRow(record, seq);
      if (row.entry && intact(row, tenant, seq)) yield { seq, entry: row.entry };
    }
  }
}

/**
 * The newest entry that wrote each of these records; none for a record the log removed or never heard of. A whole
 * pass over the log: only for records already known to be wrong.
 *
 * @param keys of records, see {@link keyOf}.
 */
export async function newestWriters(
  store: Store,
  tenant: string,
  size: number,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const writers = new Map<string, number>();
  for await (const { seq, entry } of soundEntries(store, tenant, 0, size)) {
    for (const { collection, id, removed } of commitsOf(entry)) {
      const key = keyOf(collection, id);
      if (!keys.has(key)) continue;
      if (removed) writers.delete(key);
      else writers.set(key, seq);
    }
  }
  return writers;
}
