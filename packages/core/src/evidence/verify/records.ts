import { COLLECTIONS } from '../../kernel/collections.ts';
import type { StoredRecord } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { at } from './faults.ts';
import { readHead } from './heads.ts';
import { createReadAhead } from './ahead.ts';
import type { ReadAhead } from './ahead.ts';
import { readable, readPage } from './reading.ts';
import type { Fault } from './report.ts';
import { newestWriters } from './reread.ts';
import { commitmentNow, commitsOf, intact, readRow, recordSeq } from './rows.ts';
import type { Shared, TenantState } from './state.ts';
import { byCodePoint, keyOf, ownerOf } from './values.ts';
import type { RecordName } from './values.ts';
import { vouchedByWaiting, writerOf } from './waiting.ts';

/** Not records: the log itself, how far anchors have come, and results kept for a day so that a retry is answered alike. */
const UNRECORDED: readonly string[] = [
  'leases',
  'inbox',
  'positions',
  'evidence',
  'evidenceHeads',
  'checkpoints',
  'anchors',
  'idempotency',
];

/** Records remembered for finding out who wrote them; any further one is reported by the entry it claims. */
const REMEMBERED = 10_000;

/** A record that the entry it claims does not know, and that claim. */
interface Stranger {
  readonly record: RecordName;
  readonly claimed: number | undefined;
}

/** Of each log, the record that was written by the furthest entry past its end. */
type Beyond = Map<TenantState, { readonly seq: number; readonly record: RecordName }>;

/** The id of the next record that cannot be read, among those the first pass came upon. */
async function nextUnreadable({ store, unreadable }: Shared, collection: string, after: string): Promise<string | undefined> {
  const next = [...(unreadable.get(collection) ?? [])].filter((id) => byCodePoint(id, after) > 0).sort(byCodePoint)[0];
  if (next === undefined) return undefined;
  // Hop only over the row already reported, never over one in front of it.
  const between = await readable(store, () => store.find(collection, { range: { field: 'id', gt: after, lt: next }, limit: 1 }));
  return between?.value.records.length === 0 ? next : undefined;
}

/** Whether the log of its tenant knows the record as it is, or a damage already reported keeps that from being told. */
async function known(
  shared: Shared,
  ahead: ReadAhead,
  state: TenantState,
  collection: string,
  live: StoredRecord,
  beyond: Beyond,
): Promise<boolean> {
  const { store } = shared;
  let seq = await writerOf(shared, live.body);
  if (seq === 'waiting') {
    const vouched = await vouchedByWaiting(shared, collection, live);
    if (vouched !== undefined) return vouched;
    seq = await writerOf(shared, live.body);
  }
  if (seq === undefined || seq === 'waiting') return false;
  const found = await ahead.get({ collection: 'evidence', id: rowId(state.tenant, seq) });
  const row = found?.value && readRow(found.value, seq);
  const sound = row !== undefined && intact(row, state.tenant, seq);
  const named =
    sound && row.entry ? commitsOf(row.entry).find((c) => c.collection === collection && c.id === live.id && !c.removed) : undefined;
  if (seq < state.size) {
    // A damaged entry was reported by itself. The hash of a sound one was compared in pass 1.
    if (!sound) state.unprovenRecords++;
    return !sound || named?.version === live.version;
  }
  // Written since the first pass came by.
  if (sound && (await readHead(store, state.tenant)).size > seq)
    return named !== undefined && commitmentNow(live, collection) === named.hash;
  state.unprovenRecords++;
  // Rows already reported as cut off, or as signed by nobody, explain their records.
  if (seq >= Math.max(state.signed, state.end)) {
    const furthest = beyond.get(state);
    if (furthest === undefined || furthest.seq < seq) beyond.set(state, { seq, record: { collection, id: live.id } });
  }
  return true;
}

/** The end of the log is gone, signatures and all, and a record it wrote was left behind. */
function reportBeyond(beyond: Beyond): void {
  for (const [{ tenant, signed, end, faults }, { seq, record }] of beyond) {
    const first = Math.max(signed, end);
    faults.add({
      kind: 'truncated',
      ...at(tenant, first),
      record,
      detail: {
        zh: `有记录由条目 ${seq} 写下，而日志止于 ${first} 条：缺 ${seq - first + 1} 条`,
        en: `A record was written by entry ${seq} while the log ends after ${first} entries: ${seq - first + 1} missing`,
      },
    });
  }
}

function unrecorded(tenant: string, { record, claimed }: Stranger): Fault {
  const detail = { zh: '日志中没有写下该记录的条目', en: 'No entry of the log wrote this record' };
  return { kind: 'record-unrecorded', ...(claimed === undefined ? {} : at(tenant, claimed)), record, detail };
}

function replaced(tenant: string, { record }: Stranger, writer: number): Fault {
  const detail = { zh: '此处的记录不是该条目写下的', en: 'What stands in the place of this record is not what this entry wrote' };
  return { kind: 'record-edited', ...at(tenant, writer), record, detail };
}

/**
 * A stranger may stand where the log wrote something else, as when two records are swapped: then the entry to name is
 * the one whose record is no longer there. Not so before a lost entry, which may have written what is there now.
 */
async function reportStrangers({ store }: Shared, state: TenantState, strangers: readonly Stranger[]): Promise<void> {
  const { tenant, size, lostUpTo, faults } = state;
  const writers = await newestWriters(store, tenant, size, new Set(strangers.map(({ record }) => keyOf(record.collection, record.id))));
  for (const stranger of strangers) {
    const writer = writers.get(keyOf(stranger.record.collection, stranger.record.id));
    faults.add(writer !== undefined && writer > lostUpTo ? replaced(tenant, stranger, writer) : unrecorded(tenant, stranger));
  }
}

/** Pass 2 (校验记录): every record must be known to the log of its tenant. */
export async function verifyRecords(shared: Shared, only: string | undefined, stateOf: (tenant: string) => TenantState): Promise<void> {
  const beyond: Beyond = new Map();
  const strangers = new Map<TenantState, Stranger[]>();
  const ahead = createReadAhead(shared.store);
  let remembered = 0;

  /** The rows of the log these records name. */
  function* writers(records: readonly StoredRecord[]): Generator<RecordName, void, undefined> {
    for (const { body } of records) {
      const seq = recordSeq(body);
      if (seq !== undefined && (only === undefined || ownerOf(body) === only))
        yield { collection: 'evidence', id: rowId(ownerOf(body), seq) };
    }
  }

  async function checkRecord(collection: string, live: StoredRecord): Promise<void> {
    const tenant = ownerOf(live.body);
    if (only !== undefined && tenant !== only) return;
    if (shared.flagged.has(keyOf(collection, live.id))) return;
    const state = stateOf(tenant);
    state.records++;
    if (await known(shared, ahead, state, collection, live, beyond)) return;
    const stranger = { record: { collection, id: live.id }, claimed: recordSeq(live.body) };
    if (remembered++ >= REMEMBERED) return state.faults.add(unrecorded(tenant, stranger));
    const found = strangers.get(state);
    if (found) found.push(stranger);
    else strangers.set(state, [stranger]);
  }

  async function checkCollection(name: string): Promise<void> {
    for (let after = ''; ;) {
      const page = await readPage(shared.store, name, { field: 'id', gt: after }, () => nextUnreadable(shared, name, after));
      if (page.stuck?.id !== undefined) {
        after = page.stuck.id;
        continue;
      }
      if (page.stuck) {
        const detail = { zh: `${name} 中 ${after} 之后的记录无法读取`, en: `The record after ${after} in ${name} cannot be read` };
        stateOf(only ?? '').faults.add({ kind: 'unreadable', detail });
        return;
      }
      await ahead.fetch(writers(page.records));
      for (const live of page.records) await checkRecord(name, live);
      const last = page.records.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  for (const { name } of COLLECTIONS) if (!UNRECORDED.includes(name)) await checkCollection(name);
  for (const [state, found] of strangers) await reportStrangers(shared, state, found);
  reportBeyond(beyond);
}
