import { COLLECTIONS } from '../../kernel/collections.ts';
import type { JsonObject, StoredRecord } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import { at } from './faults.ts';
import type { FaultList } from './faults.ts';
import { createReadAhead } from './ahead.ts';
import type { Read } from './reading.ts';
import type { FaultKind } from './report.ts';
import { commitmentNow, commitsOf } from './rows.ts';
import type { Commit } from './rows.ts';
import type { Shared } from './state.ts';
import { isObject, keyOf, ownerOf } from './values.ts';
import type { RecordName } from './values.ts';
import { writerOf } from './waiting.ts';

/** Records remembered while looking for the entry that removed them; more than that takes another pass. */
const PENDING = 50_000;
/** Records remembered as reported or unreadable: beyond that a fault may be named twice, which is no harm. */
const REMEMBERED = 10_000;

const UNREADABLE: Text = { zh: '记录无法读取', en: 'The record cannot be read' };
const GONE: Text = { zh: '记录已不存在，而日志中没有删除它的条目', en: 'The record is gone and no entry removed it' };
const STRIPPED: Text = { zh: '记录中的证据字段被去除或改坏', en: 'The evidence field of the record was stripped or spoilt' };
const FOREIGN: Text = { zh: '记录自称属于另一租户', en: 'The record says it belongs to another tenant' };
const BACK: Text = { zh: '已删除的记录又出现', en: 'A removed record is back' };
const DIFFERENT: Text = { zh: '记录与该条目的承诺不符', en: 'The record is not what this entry committed to' };

function older(seq: number): Text {
  return { zh: `记录是条目 ${seq} 的旧版本`, en: `The record is the older version of entry ${seq}` };
}

interface Doubt {
  readonly seq: number;
  readonly record: RecordName;
  readonly kind: FaultKind;
  readonly detail: Text;
}

/** The commitments of entries, in order, against the records as they are now. */
export interface CommitCheck {
  /** Read ahead what the entries of these rows speak of; an empty list forgets what was. */
  expect(rows: readonly StoredRecord[]): Promise<void>;
  entry(seq: number, entry: JsonObject): Promise<void>;
  /** An entry not walked over has removed the record. */
  removed(key: string): void;
  /**
   * Report what no later entry explained, and say from which entry another pass is needed. An entry lost further on
   * may have removed a record that is gone: blaming the earlier entry would name a wrong place, so such records are
   * only counted.
   */
  settle(lostUpTo: number): { readonly resume: number | undefined; readonly unproven: number };
}

export function createCommitCheck(shared: Shared, tenant: string, faults: FaultList): CommitCheck {
  let doubts = new Map<string, Doubt>();
  let resume: number | undefined;
  let full = false;
  const ahead = createReadAhead(shared.store);

  function report({ seq, record, kind, detail }: Doubt): void {
    if (shared.flagged.size < REMEMBERED) shared.flagged.add(keyOf(record.collection, record.id));
    faults.add({ kind, ...at(tenant, seq), record, detail });
  }

  /** What a later entry may still explain. */
  function doubt(of: Doubt): void {
    const key = keyOf(of.record.collection, of.record.id);
    if (full && !doubts.has(key)) resume ??= of.seq;
    else doubts.set(key, of);
  }

  async function current({ collection, id }: RecordName): Promise<Read<StoredRecord | undefined> | undefined> {
    if (!COLLECTIONS.some((c) => c.name === collection)) return { value: undefined };
    const found = await ahead.get({ collection, id });
    if (found === undefined) {
      const ids = shared.unreadable.get(collection) ?? new Set();
      if (ids.size < REMEMBERED) shared.unreadable.set(collection, ids.add(id));
    }
    return found;
  }

  async function compare(seq: number, { collection, id, hash, removed }: Commit): Promise<void> {
    const record = { collection, id };
    const key = keyOf(collection, id);
    const found = await current(record);
    if (found === undefined) return doubt({ seq, record, kind: 'record-edited', detail: UNREADABLE });
    const live = found.value;
    if (live === undefined) {
      // It may have been removed later: only an entry further on can say so.
      if (removed) doubts.delete(key);
      else doubt({ seq, record, kind: 'record-missing', detail: GONE });
      return;
    }
    const writer = await writerOf(shared, live.body);
    // Whatever waits for its number comes after everything that has one.
    const written = writer === 'waiting' ? Number.MAX_SAFE_INTEGER : writer;
    if (written === undefined) return doubt({ seq, record, kind: 'record-edited', detail: STRIPPED });
    if (written > seq && ownerOf(live.body) !== tenant) {
      // A place further on in another log: only that log could tell, and it may not be among those verified.
      if (removed) doubts.delete(key);
      else doubt({ seq, record, kind: 'record-edited', detail: FOREIGN });
      return;
    }
    if (written < seq || (removed && written === seq)) {
      return doubt({ seq, record, kind: 'record-rolled-back', detail: removed ? BACK : older(written) });
    }
    // Whatever an earlier entry found has been written over meanwhile: the newest look at a record is the one that counts.
    doubts.delete(key);
    if (written === seq && commitmentNow(live, collection) !== hash) report({ seq, record, kind: 'record-edited', detail: DIFFERENT });
  }

  return {
    expect(rows) {
      const entries = rows.map(({ body }): unknown => (isObject(body) ? body['entry'] : undefined)).filter(isObject);
      const named = entries.flatMap(commitsOf).filter(({ collection }) => COLLECTIONS.some((c) => c.name === collection));
      return ahead.fetch(named);
    },
    async entry(seq, entry) {
      // Decided once an entry, so that every further pass gets past the entry it starts at.
      full = doubts.size >= PENDING;
      for (const commit of commitsOf(entry)) await compare(seq, commit);
    },
    removed(key) {
      if (doubts.get(key)?.kind === 'record-missing') doubts.delete(key);
    },
    settle(lostUpTo) {
      let unproven = 0;
      for (const of of doubts.values()) {
        if (of.kind === 'record-missing' && of.seq < lostUpTo) unproven++;
        else report(of);
      }
      doubts = new Map();
      const next = resume;
      resume = undefined;
      return { resume: next, unproven };
    },
  };
}
