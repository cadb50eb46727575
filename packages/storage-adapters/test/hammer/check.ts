import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createExecute, createLog, createSigner, systemClock, verifyEvidence } from '@zhengpin/core';
import type { JsonObject, Store, StoredRecord } from '@zhengpin/core';

import { until } from './process.ts';

interface Acknowledged {
  readonly own: string;
  readonly tenant: string;
  readonly hot: string;
  readonly n: number;
}

interface Numbered {
  readonly numbered: number;
  readonly lease: number;
  readonly epoch: number;
  readonly by: string;
}

/** What the workers wrote down outside the store. */
export interface Journals {
  readonly acknowledged: readonly Acknowledged[];
  readonly numbered: readonly Numbered[];
  readonly refused: ReadonlyMap<string, number>;
}

export function readJournals(folder: string): Journals {
  const acknowledged: Acknowledged[] = [];
  const numbered: Numbered[] = [];
  const refused = new Map<string, number>();
  for (const by of readdirSync(folder).filter((name) => name.endsWith('.journal'))) {
    // A line without an end was being written when its process was killed.
    for (const text of readFileSync(join(folder, by), 'utf8').split('\n').slice(0, -1)) {
      const line = JSON.parse(text) as Partial<Acknowledged & Numbered & { readonly refused: string }>;
      if (line.own !== undefined) acknowledged.push(line as Acknowledged);
      else if (line.numbered !== undefined) numbered.push({ ...(line as Numbered), by });
      else if (line.refused !== undefined) refused.set(line.refused, (refused.get(line.refused) ?? 0) + 1);
    }
  }
  return { acknowledged, numbered, refused };
}

/** Every record of a collection, a page at a time. */
async function* records(store: Store, collection: string): AsyncGenerator<StoredRecord, void, undefined> {
  for (let cursor: string | undefined; ;) {
    const page = await store.find(collection, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.records;
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** Take in what waits, as a process of the kit that starts now. */
async function drainInbox(store: Store, privateKeyPem: string): Promise<void> {
  const log = createLog(store, createSigner('hammer.example', privateKeyPem), { lease: { ttlMs: 500, checkMs: 50 } });
  const execute = createExecute({ store, log, clock: systemClock, newId: () => 'never-used' });
  await until('the inbox is empty', 120_000, async () => {
    await execute.integrate().catch(() => undefined);
    return (await store.find('inbox', { limit: 1 })).records.length === 0;
  });
  await log.release();
}

/** No batch was numbered by one that had been overtaken: in the order of the lease, epochs only grow and have one holder. */
function checkFencing(numbered: readonly Numbered[], faults: string[]): void {
  const holders = new Map<number, string>();
  let last: Numbered | undefined;
  for (const batch of [...numbered].sort((a, b) => a.lease - b.lease)) {
    if (batch.lease < 0) faults.push(`${batch.by} numbered entries without the lease`);
    if (last !== undefined && batch.lease === last.lease) faults.push(`two batches under lease version ${batch.lease}`);
    if (last !== undefined && batch.epoch < last.epoch) faults.push(`${batch.by} numbered in epoch ${batch.epoch} after ${last.epoch}`);
    const holder = holders.get(batch.epoch) ?? batch.by;
    if (holder !== batch.by) faults.push(`epoch ${batch.epoch} has two holders`);
    holders.set(batch.epoch, holder);
    last = batch;
  }
}

/** Each shared record was counted 1, 2, 3 … and every count left a record of its own. */
async function checkCounts(store: Store, own: ReadonlyMap<string, JsonObject>, faults: string[]): Promise<void> {
  const counts = new Map<string, number[]>();
  for (const body of own.values()) {
    const hot = String(body['hot']);
    if (hot !== '') counts.set(hot, [...(counts.get(hot) ?? []), Number(body['n'])]);
  }
  for await (const { id, body, version } of records(store, 'postings')) {
    const counted = (counts.get(id) ?? []).sort((a, b) => a - b);
    const isWhole = counted.length === body['n'] && counted.length === version && counted.every((n, i) => n === i + 1);
    if (!isWhole) faults.push(`${id} says ${String(body['n'])} at version ${version} and was counted up ${counted.length} times`);
    counts.delete(id);
  }
  for (const hot of counts.keys()) faults.push(`${hot} was counted up and is not there`);
}

export interface Outcome {
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly entries: number;
  readonly conflicts: number;
  readonly unavailable: number;
  /** Batches written straight into the log, and by how many holders one after the other. */
  readonly batches: number;
  readonly epochs: number;
  readonly records: number;
}

/** Everything that must hold after any number of crashes (总检查); the inbox is taken in first. */
export async function check(store: Store, privateKeyPem: string, journals: Journals): Promise<Outcome> {
  await drainInbox(store, privateKeyPem);
  const faults: string[] = [];
  const own = new Map<string, JsonObject>();
  for await (const { id, body } of records(store, 'reviews')) own.set(id, body);
  const entered = new Map<string, number>();
  const ids = new Set<string>();
  let entries = 0;
  for await (const { body } of records(store, 'evidence')) {
    const entry = body['entry'] as { readonly id: string; readonly kind: string; readonly subject?: { readonly id: string } };
    entries++;
    if (ids.has(entry.id)) faults.push(`entry ${entry.id} is there twice`);
    ids.add(entry.id);
    if (entry.kind !== 'hammer.counted') faults.push(`an entry of kind ${entry.kind}`);
    const subject = entry.subject?.id ?? '';
    entered.set(subject, (entered.get(subject) ?? 0) + 1);
  }
  for (const [id, times] of entered) if (times !== 1) faults.push(`${id} has ${times} entries`);
  for (const id of own.keys()) if (!entered.has(id)) faults.push(`${id} has no entry`);
  for (const id of entered.keys()) if (!own.has(id)) faults.push(`${id} has an entry and no record`);
  for (const { own: id, n, hot } of journals.acknowledged) {
    const body = own.get(id);
    if (body === undefined) faults.push(`${id} was acknowledged and is lost`);
    else if (body['n'] !== n || body['hot'] !== hot) faults.push(`${id} is not what was acknowledged`);
  }
  await checkCounts(store, own, faults);
  checkFencing(journals.numbered, faults);
  const { vkey } = createSigner('hammer.example', privateKeyPem);
  const report = await verifyEvidence(store, { vkey });
  for (const { tenant, faults: found } of report.tenants)
    for (const { kind, seq, record, detail } of found)
      faults.push(`verify: ${tenant} ${kind} ${seq ?? ''} ${record === undefined ? '' : `${record.collection}/${record.id}`} ${detail.en}`);
  return {
    faults,
    acknowledged: journals.acknowledged.length,
    entries,
    conflicts: journals.refused.get('ZP_CONFLICT') ?? 0,
    unavailable: journals.refused.get('ZP_STORE_UNAVAILABLE') ?? 0,
    batches: journals.numbered.length,
    epochs: new Set(journals.numbered.map(({ epoch }) => epoch)).size,
    records: report.tenants.reduce((sum, { recordsChecked }) => sum + recordsChecked, 0),
  };
}
