import type { StoredRecord } from '../../kernel/store.ts';
import { allWaiting, keyInBody, placeOf } from '../inbox.ts';
import type { Waiting } from '../inbox.ts';
import { readable } from './reading.ts';
import type { Fault } from './report.ts';
import { commitmentNow, commitsOf, recordSeq } from './rows.ts';
import type { Commit } from './rows.ts';
import type { Shared, TenantState } from './state.ts';
import { isObject, keyOf } from './values.ts';

/** The number of the entry a record says it was written by, or that this entry still waits for one. */
export async function writerOf({ store }: Shared, body: unknown): Promise<number | 'waiting' | undefined> {
  const seq = recordSeq(body);
  if (seq !== undefined) return seq;
  const key = keyInBody(body);
  if (key === '') return undefined;
  return (await readable(store, () => placeOf(store, key)))?.value;
}

/** Whether the waiting entry a record names committed to it as it is; absent when that entry does not wait any more. */
export async function vouchedByWaiting({ store }: Shared, collection: string, live: StoredRecord): Promise<boolean | undefined> {
  const row = (await readable(store, () => store.get('inbox', keyInBody(live.body))))?.value;
  if (row === undefined) return undefined;
  const entry = isObject(row.body['entry']) ? row.body['entry'] : undefined;
  const named = entry && commitsOf(entry).find((c) => c.collection === collection && c.id === live.id && !c.removed);
  return named !== undefined && named.hash === commitmentNow(live, collection);
}

/** What a waiting entry has against the record as it is. */
async function objection(shared: Shared, key: string, { collection, id, removed, hash }: Commit): Promise<Fault['kind'] | undefined> {
  const found = await readable(shared.store, () => shared.store.get(collection, id));
  if (found === undefined) return 'record-edited';
  const live = found.value;
  // A later entry may have removed it; the log will tell once that is numbered.
  if (live === undefined) return removed ? undefined : 'record-missing';
  const own = keyInBody(live.body);
  if (own === key) return !removed && commitmentNow(live, collection) === hash ? undefined : 'record-edited';
  return own > key ? undefined : 'record-rolled-back';
}

/** Records that waiting entries removed, each with the key of the last that did. */
export async function removedByWaiting({ store }: Shared, only: string | undefined): Promise<ReadonlyMap<string, string>> {
  const removals = new Map<string, string>();
  for await (const { key, tenant, entry } of allWaiting(store)) {
    if (only !== undefined && tenant !== only) continue;
    for (const { collection, id, removed } of commitsOf(entry)) if (removed) removals.set(keyOf(collection, id), key);
  }
  return removals;
}

/**
 * Entries that are durable and not numbered yet (校验待定序条目): nothing is signed for them, but their records must be what
 * they say.
 */
export async function verifyWaiting(shared: Shared, only: string | undefined, stateOf: (tenant: string) => TenantState): Promise<void> {
  const removals = await removedByWaiting(shared, only);

  async function check({ key, tenant, entry }: Waiting): Promise<void> {
    const state = stateOf(tenant);
    state.waiting++;
    for (const commit of commitsOf(entry)) {
      const record = { collection: commit.collection, id: commit.id };
      const name = keyOf(record.collection, record.id);
      const kind = await objection(shared, key, commit);
      if (kind === undefined || (kind === 'record-missing' && (removals.get(name) ?? '') > key)) continue;
      // Numbered meanwhile: what came after it may explain the record.
      if ((await placeOf(shared.store, key)) !== 'waiting') return;
      shared.flagged.add(name);
      state.faults.add({
        kind,
        entry: key,
        record,
        detail: { zh: '记录与待定序条目的承诺不符', en: 'The record is not what an entry waiting for its number committed to' },
      });
    }
  }
  for await (const one of allWaiting(shared.store)) if (only === undefined || one.tenant === only) await check(one);
}
