import { canonical } from '../kernel/canonical.ts';
import { COLLECTIONS } from '../kernel/collections.ts';
import { ComplianceError, isComplianceError } from '../kernel/errors.ts';
import type { JsonObject, Query, Store, StoredRecord } from '../kernel/store.ts';
import type { Text } from '../kernel/text.ts';
import { commitment, rowId } from './log.ts';
import { leafHash, nodeHash } from './merkle.ts';
import type { Hash } from './merkle.ts';
import { openCheckpoint } from './note.ts';

/** What can be wrong with a log or a record (差错种类). */
export type FaultKind =
  /** The row of an entry was changed, or cannot be read. */
  | 'edited'
  /** An entry between two others is gone. */
  | 'missing'
  /** The row holds the entry of another place. */
  | 'reordered'
  /** Rows agree with each other but not with a signed root. */
  | 'forked'
  /** The end of the log is gone. */
  | 'truncated'
  /** Rows no signed checkpoint covers. */
  | 'unsigned'
  | 'record-edited'
  | 'record-missing'
  /** An older version is back, or a removed record. */
  | 'record-rolled-back'
  /** A record the log never heard of. */
  | 'record-unrecorded'
  | 'checkpoint-invalid'
  | 'checkpoint-missing'
  | 'head-missing'
  | 'head-invalid'
  /** A row the store cannot hand out, and no way past it. */
  | 'unreadable';

/** One thing that is wrong, and where (差错). */
export interface Fault {
  readonly kind: FaultKind;
  /** Sequence number of the entry it names; the first one when it is a range. */
  readonly seq?: number;
  /** Row id of that entry. */
  readonly entry?: string;
  readonly record?: { readonly collection: string; readonly id: string };
  readonly detail: Text;
}

export interface TenantReport {
  readonly tenant: string;
  /** Entries found in place, from 0 without counting rows no checkpoint covers. */
  readonly size: number;
  /** Signed checkpoints whose root was recomputed and agrees. */
  readonly checkpointsChecked: number;
  /** Signed checkpoints that cannot be recomputed because an entry they cover is damaged. */
  readonly checkpointsUnproven: number;
  readonly recordsChecked: number;
  /** Records, present or gone, that only a damaged entry could vouch for: look at them once the entry is restored. */
  readonly recordsUnproven: number;
  /** Verifier key used; empty when there is none. */
  readonly vkey: string;
  /** `store`: the key came out of the very store under test and proves no more than that it agrees with itself. */
  readonly vkeySource: 'given' | 'store';
  readonly ok: boolean;
  /** By sequence number, so the first one names the first wrong entry; at most 100. */
  readonly faults: readonly Fault[];
  /** Faults beyond those listed. */
  readonly more: number;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly tenants: readonly TenantReport[];
}

export interface VerifyOptions {
  /** Only this tenant; default all. */
  readonly tenant?: string;
  /** Verifier key kept outside the store; default the one in the log head, which an attacker may have replaced. */
  readonly vkey?: string;
  /** A signed checkpoint kept outside the store: the log must contain it. */
  readonly against?: string;
  /** Called after each page of entries. */
  readonly onProgress?: (done: number, total: number) => void;
}

const PAGE = 1000;
const FAULTS = 100;
/** Records remembered while looking for the entry that removed them; more than that takes another pass. */
const PENDING = 50_000;
const FLAGGED = 10_000;
const CANDIDATES = 4;
const COMBINATIONS = 4096;
/** How far to look for a row that a page cannot be read past. */
const PROBES = 5000;
const HASH = /^[A-Za-z0-9+/]{43}=$/;
const KEY = /^\d{12}$/;
const VKEY = /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/;
/** Not records: the log itself, and results kept for a day so that a retry is answered alike. */
const UNRECORDED: readonly string[] = ['evidence', 'evidenceHeads', 'checkpoints', 'idempotency'];

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Only the one spelling of a hash: lenient decoding would let two texts stand for one value. */
function parseHash(value: unknown): Hash | undefined {
  if (typeof value !== 'string' || !HASH.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : undefined;
}

function same(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0;
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Sequence number or size in a row id of the tenant; `undefined` for an id the kit does not make. */
function seqOf(tenant: string, id: string): number | undefined {
  const digits = id.slice(tenant.length + 1);
  return KEY.test(digits) ? Number(digits) : undefined;
}

function unavailable(error: unknown): boolean {
  return isComplianceError(error) && error.code === 'ZP_STORE_UNAVAILABLE';
}

/** Tells one unreadable row from a store that is down: the latter ends the verification. */
async function readable<T>(store: Store, read: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!unavailable(error)) throw error;
    await store.get('evidenceHeads', '');
    return undefined;
  }
}

interface RowPage {
  readonly records: readonly StoredRecord[];
  /** The next row cannot be read; its id if it could be found out. */
  readonly stuck?: { readonly id: string | undefined };
}

async function readPage(
  store: Store,
  collection: string,
  range: NonNullable<Query['range']>,
  locate: () => Promise<string | undefined>,
): Promise<RowPage> {
  for (let limit = PAGE; limit >= 1; limit = Math.floor(limit / 10)) {
    const page = await readable(store, () => store.find(collection, { range, limit }));
    if (page) return { records: page.value.records };
  }
  return { records: [], stuck: { id: await locate() } };
}

interface FaultList {
  add(fault: Fault): void;
  has(seq: number): boolean;
  list(): readonly Fault[];
  more(): number;
}

function createFaults(): FaultList {
  let faults = new Map<string, Fault>();
  let dropped = 0;
  const place = (fault: Fault): number => fault.seq ?? Number.MAX_SAFE_INTEGER;
  const nameOf = ({ kind, seq, record, entry }: Fault): string => JSON.stringify([kind, seq, record?.collection, record?.id, entry]);
  function trim(): void {
    const sorted = [...faults].sort(([, a], [, b]) => place(a) - place(b));
    dropped += Math.max(0, sorted.length - FAULTS);
    faults = new Map(sorted.slice(0, FAULTS));
  }
  return {
    add(fault) {
      const name = nameOf(fault);
      if (faults.has(name)) return;
      faults.set(name, fault);
      if (faults.size >= 2 * FAULTS) trim();
    },
    has: (seq) => [...faults.values()].some((fault) => fault.seq === seq),
    list() {
      trim();
      return [...faults.values()];
    },
    more: () => dropped,
  };
}

/** A hash a subtree may truly have, and what must have happened if it is that one. */
interface Candidate {
  readonly hash: Hash;
  readonly blame: readonly Fault[];
}

interface Slot {
  readonly start: number;
  readonly level: number;
  readonly candidates: readonly Candidate[];
  /** A fault already reported leaves the true hash unknown: disagreement above says nothing new. */
  readonly damaged: boolean;
}

interface Tree {
  /** Append a leaf with its candidate hashes and the nodes its row holds. */
  step(seq: number, leaf: readonly Hash[], stored: readonly (Hash | undefined)[], damaged: boolean): void;
  /** `good` when the tree so far has this root; `damaged` when that cannot be told; `bad` otherwise. */
  prove(size: number, root: Hash): 'good' | 'damaged' | 'bad';
  /** Everything so far is in doubt from here on. */
  doubt(): void;
  /** Size of the newest signed root that agreed. */
  proven(): number;
  frontier(): readonly string[];
}

/**
 * The tree recomputed from the entries, beside the nodes stored with them. Where the two disagree both stay
 * candidates until a signed root tells which one is true: that is what names one wrong row instead of all after it.
 */
function createTree(
  told: (start: number, level: number) => Hash | undefined,
  faults: FaultList,
  blameFork: (from: number, to: number) => Fault,
  blameNodes: (seq: number) => Fault,
): Tree {
  let slots: Slot[] = [];
  let proven = 0;

  function join(left: Slot, right: Slot, stored: Hash | undefined, seq: number): Slot {
    const { start } = left;
    const level = right.level + 1;
    const damaged = left.damaged || right.damaged;
    // What a signed root has proven cannot be to blame any more.
    const fork = (): readonly Fault[] => (damaged ? [] : [blameFork(Math.max(start, proven), seq + 1)]);
    let candidates: Candidate[] = left.candidates.flatMap((a) =>
      right.candidates.map((b) => ({ hash: nodeHash(a.hash, b.hash), blame: [...a.blame, ...b.blame] })),
    );
    if (stored !== undefined) {
      const agreed = candidates.filter((c) => same(c.hash, stored));
      candidates =
        agreed.length > 0
          ? [...agreed, ...candidates.filter((c) => !agreed.includes(c))]
          : [{ hash: stored, blame: fork() }, ...candidates.map((c) => ({ hash: c.hash, blame: [...c.blame, blameNodes(seq)] }))];
    }
    const hint = told(start, level);
    if (hint !== undefined && !candidates.some((c) => same(c.hash, hint))) candidates.unshift({ hash: hint, blame: fork() });
    return { start, level, candidates: candidates.slice(0, CANDIDATES), damaged };
  }

  function match(root: Hash): readonly Candidate[] | undefined {
    let budget = COMBINATIONS;
    function descend(at: number, right: Hash | undefined): readonly Candidate[] | undefined {
      const slot = slots[at];
      if (slot === undefined) return right !== undefined && same(right, root) ? [] : undefined;
      for (const candidate of slot.candidates) {
        if (budget-- <= 0) return undefined;
        const rest = descend(at - 1, right === undefined ? candidate.hash : nodeHash(candidate.hash, right));
        if (rest) return [...rest, candidate];
      }
      return undefined;
    }
    return descend(slots.length - 1, undefined);
  }

  return {
    step(seq, leaf, stored, damaged) {
      const hint = told(seq, 0);
      const hashes = hint !== undefined && !leaf.some((hash) => same(hash, hint)) && damaged ? [hint, ...leaf] : leaf;
      let slot: Slot = { start: seq, level: 0, candidates: hashes.map((hash) => ({ hash, blame: [] })), damaged };
      for (let pending = seq; pending % 2 === 1; pending = (pending - 1) / 2) {
        const left = slots.pop();
        if (left === undefined) throw new RangeError('frontier does not fit the size');
        slot = join(left, slot, stored[slot.level + 1], seq);
      }
      slots.push(slot);
    },
    prove(size, root) {
      const chosen = match(root);
      if (chosen === undefined) return slots.some((slot) => slot.damaged) ? 'damaged' : 'bad';
      for (const fault of chosen.flatMap((candidate) => candidate.blame)) faults.add(fault);
      slots = slots.map((slot, i) => ({ ...slot, candidates: chosen.slice(i, i + 1).map(({ hash }) => ({ hash, blame: [] })), damaged: false }));
      proven = size;
      return 'good';
    },
    doubt() {
      slots = slots.map((slot) => ({ ...slot, damaged: true }));
    },
    proven: () => proven,
    frontier: () => slots.map((slot) => Buffer.from(slot.candidates[0]?.hash ?? []).toString('base64')),
  };
}

interface Row {
  readonly entry: JsonObject | undefined;
  /** Hash of the entry as it stands; absent when it is no canonical JSON. */
  readonly leaf: Hash | undefined;
  readonly nodes: readonly (Hash | undefined)[];
  /** Exactly the fields, and as many nodes as a leaf at this place completes. */
  readonly wellFormed: boolean;
}

function readRow(record: StoredRecord, seq: number): Row {
  const body: unknown = record.body;
  if (!isObject(body)) return { entry: undefined, leaf: undefined, nodes: [], wellFormed: false };
  const listed = body['nodes'];
  const nodes = Array.isArray(listed) ? listed.map(parseHash) : [];
  const entry = isObject(body['entry']) ? body['entry'] : undefined;
  let leaf: Hash | undefined;
  try {
    if (entry) leaf = leafHash(canonical(entry));
  } catch {
    // A value JSON can spell but RFC 8785 cannot: the kit never wrote it.
  }
  let due = 1;
  for (let pending = seq; pending % 2 === 1; pending = (pending - 1) / 2) due++;
  const wellFormed =
    record.version === 1 && Object.keys(body).length === 2 && nodes.length === due && nodes.every((hash) => hash !== undefined);
  return { entry, leaf, nodes, wellFormed };
}

function inPlace(row: Row, tenant: string, seq: number): boolean {
  return row.entry?.['seq'] === seq && row.entry['log'] === tenant;
}

/** True for a row that agrees with itself; whether the log agrees with it is for the signed roots to say. */
function intact(row: Row, tenant: string, seq: number): boolean {
  const own = row.nodes[0];
  return row.wellFormed && inPlace(row, tenant, seq) && row.leaf !== undefined && own !== undefined && same(row.leaf, own);
}

interface Commit {
  readonly collection: string;
  readonly id: string;
  readonly version: unknown;
  readonly hash: unknown;
  readonly removed: boolean;
}

function commitsOf(entry: JsonObject): readonly Commit[] {
  const listed: unknown = entry['commits'];
  if (!Array.isArray(listed)) return [];
  return (listed as readonly unknown[]).filter(isObject).map((c) => ({
    collection: String(c['collection']),
    id: String(c['id']),
    version: c['version'],
    hash: c['hash'],
    removed: c['removed'] === true,
  }));
}

/** The entry a record says it was written by. */
function recordSeq(body: unknown): number | undefined {
  const evidence = isObject(body) ? body['evidence'] : undefined;
  const seq = isObject(evidence) ? evidence['seq'] : undefined;
  return isSeq(seq) ? seq : undefined;
}

function commits(record: StoredRecord, collection: string): string | undefined {
  try {
    return commitment(collection, record.id, record.version, record.body);
  } catch {
    return undefined;
  }
}

function keyOf(collection: string, id: string): string {
  return `${collection}/${id}`;
}

/** What all tenants share: which records were already reported, and which the store cannot hand out. */
interface Shared {
  readonly store: Store;
  readonly flagged: Set<string>;
  readonly unreadable: Map<string, Set<string>>;
}

interface HeadRow {
  readonly state: 'absent' | 'malformed' | 'read';
  readonly version: number;
  readonly size: number;
  readonly frontier: readonly string[];
  readonly note: string;
  readonly vkey: string | undefined;
}

const NO_HEAD: HeadRow = { state: 'absent', version: 0, size: 0, frontier: [], note: '', vkey: undefined };

async function readHead(store: Store, tenant: string): Promise<HeadRow> {
  const found = await readable(store, () => store.get('evidenceHeads', tenant));
  if (found === undefined) return { ...NO_HEAD, state: 'malformed' };
  if (found.value === undefined) return NO_HEAD;
  const body: unknown = found.value.body;
  if (!isObject(body)) return { ...NO_HEAD, state: 'malformed' };
  const { size, frontier, checkpoint, vkey } = body;
  const hashes = Array.isArray(frontier) ? frontier.filter((hash) => parseHash(hash) !== undefined).map(String) : [];
  const whole = isSeq(size) && Array.isArray(frontier) && hashes.length === frontier.length && typeof checkpoint === 'string' && typeof vkey === 'string';
  return {
    state: whole && Object.keys(body).length === 4 ? 'read' : 'malformed',
    version: found.value.version,
    size: isSeq(size) ? size : 0,
    frontier: hashes,
    note: typeof checkpoint === 'string' ? checkpoint : '',
    vkey: typeof vkey === 'string' ? vkey : undefined,
  };
}

interface Signed {
  readonly size: number;
  readonly root: Hash;
}

/** Open a note as a checkpoint of this tenant's log. */
function openFor(tenant: string, note: unknown, vkey: string | undefined): Signed | undefined {
  if (vkey === undefined || typeof note !== 'string') return undefined;
  try {
    const checkpoint = openCheckpoint(note, vkey);
    const root = parseHash(checkpoint?.root);
    if (checkpoint === undefined || root === undefined || !isSeq(checkpoint.size) || checkpoint.size === 0) return undefined;
    return checkpoint.origin === `${vkey.slice(0, vkey.indexOf('+'))}/${tenant}` ? { size: checkpoint.size, root } : undefined;
  } catch {
    // A verifier key that is no key opens nothing.
    return undefined;
  }
}

interface TenantState {
  readonly tenant: string;
  readonly faults: FaultList;
  readonly vkey: string | undefined;
  readonly vkeySource: 'given' | 'store';
  /** Entries verified in place. */
  readonly size: number;
  /** Entries some valid signature speaks of. */
  readonly signed: number;
  /** One past the last row, covered or not. */
  readonly end: number;
  readonly checked: number;
  readonly unproven: number;
  records: number;
  unprovenRecords: number;
}

function emptyState(tenant: string): TenantState {
  return { tenant, faults: createFaults(), vkey: undefined, vkeySource: 'store', size: 0, signed: 0, end: 0, checked: 0, unproven: 0, records: 0, unprovenRecords: 0 };
}

/** Compares the commitments of entries, in order, with the records as they are now. */
function createCommitCheck(shared: Shared, tenant: string, faults: FaultList) {
  const { store } = shared;
  type Doubt = { readonly seq: number; readonly kind: FaultKind; readonly detail: Text };
  let doubts = new Map<string, Doubt & { readonly record: { readonly collection: string; readonly id: string } }>();
  let resume: number | undefined;
  let full = false;

  function report(seq: number, record: { readonly collection: string; readonly id: string }, kind: FaultKind, detail: Text): void {
    if (shared.flagged.size < FLAGGED) shared.flagged.add(keyOf(record.collection, record.id));
    faults.add({ kind, seq, entry: rowId(tenant, seq), record, detail });
  }

  function doubt(seq: number, record: { readonly collection: string; readonly id: string }, kind: FaultKind, detail: Text): void {
    const key = keyOf(record.collection, record.id);
    if (full && !doubts.has(key)) resume ??= seq;
    else doubts.set(key, { seq, kind, detail, record });
  }

  async function current(collection: string, id: string): Promise<{ readonly value: StoredRecord | undefined } | undefined> {
    if (!COLLECTIONS.some((c) => c.name === collection)) return { value: undefined };
    const found = await readable(store, () => store.get(collection, id));
    if (found === undefined) {
      const ids = shared.unreadable.get(collection) ?? new Set();
      if (ids.size < FLAGGED) shared.unreadable.set(collection, ids.add(id));
    }
    return found;
  }

  return {
    async entry(seq: number, entry: JsonObject): Promise<void> {
      // Decided once an entry, so that every further pass gets past the entry it starts at.
      full = doubts.size >= PENDING;
      for (const { collection, id, hash, removed } of commitsOf(entry)) {
        const record = { collection, id };
        const key = keyOf(collection, id);
        const found = await current(collection, id);
        if (found === undefined) {
          doubt(seq, record, 'record-edited', { zh: '记录无法读取', en: 'The record cannot be read' });
          continue;
        }
        const live = found.value;
        if (live === undefined) {
          // It may have been removed later: only an entry further on can say so.
          if (removed) doubts.delete(key);
          else doubt(seq, record, 'record-missing', { zh: '记录已不存在，而日志中没有删除它的条目', en: 'The record is gone and no entry removed it' });
          continue;
        }
        const at = recordSeq(live.body);
        if (at === undefined) {
          doubt(seq, record, 'record-edited', { zh: '记录中的证据字段被去除或改坏', en: 'The evidence field of the record was stripped or spoilt' });
        } else if (at < seq || (removed && at === seq)) {
          doubt(seq, record, 'record-rolled-back', {
            zh: removed ? '已删除的记录又出现' : `记录是条目 ${at} 的旧版本`,
            en: removed ? 'A removed record is back' : `The record is the older version of entry ${at}`,
          });
        } else if (at === seq && commits(live, collection) !== hash) {
          report(seq, record, 'record-edited', { zh: '记录与该条目的承诺不符', en: 'The record is not what this entry committed to' });
        }
      }
    },
    /**
     * Report what no later entry explained. An entry lost further on may have removed a record that is gone: blaming
     * the earlier entry would name a wrong place, so such records are only counted.
     */
    settle(lostUpTo: number): { readonly resume: number | undefined; readonly unproven: number } {
      let unproven = 0;
      for (const { seq, kind, detail, record } of doubts.values()) {
        if (kind === 'record-missing' && seq < lostUpTo) unproven++;
        else report(seq, record, kind, detail);
      }
      doubts = new Map();
      const next = resume;
      resume = undefined;
      return { resume: next, unproven };
    },
  };
}

/** Pass 1: the log of one tenant, its signatures, and the records its entries commit to. */
async function verifyTenant(
  shared: Shared,
  tenant: string,
  options: { readonly vkey: string | undefined; readonly against: string | undefined },
  onPage: (rows: number, expected: number) => void,
): Promise<TenantState> {
  const { store } = shared;
  const faults = createFaults();
  const at = (seq: number): { readonly seq: number; readonly entry: string } => ({ seq, entry: rowId(tenant, seq) });
  const upper = `${tenant}0`;

  let head = await readHead(store, tenant);
  const vkey = options.vkey ?? head.vkey;
  const vkeySource = options.vkey === undefined ? 'store' : 'given';
  const outside = openFor(tenant, options.against, vkey);
  let headSigned = openFor(tenant, head.note, vkey);

  async function newestSigned(): Promise<number> {
    if (vkey === undefined) return 0;
    for (let before = upper; ; ) {
      const range = { field: 'id', gte: `${tenant}/`, lt: before };
      const page = await readable(store, () => store.find('checkpoints', { range, order: 'desc', limit: 100 }));
      for (const record of page?.value.records ?? []) {
        const body: unknown = record.body;
        const opened = openFor(tenant, isObject(body) ? body['note'] : undefined, vkey);
        if (opened && opened.size === seqOf(tenant, record.id)) return opened.size;
        before = record.id;
      }
      if (page === undefined || page.value.records.length < 100) return 0;
    }
  }

  let signed = Math.max(headSigned?.size ?? 0, outside?.size ?? 0, await newestSigned());

  /** Somebody may be writing meanwhile: true when the log has grown since the head was last read. */
  async function grown(): Promise<boolean> {
    const next = await readHead(store, tenant);
    if (next.version === head.version) return false;
    head = next;
    headSigned = openFor(tenant, head.note, vkey);
    signed = Math.max(signed, headSigned?.size ?? 0);
    return true;
  }

  /** The head repeats some subtree hashes: they help when the row that held them is gone. */
  function told(start: number, level: number): Hash | undefined {
    let from = 0;
    let rest = head.size;
    for (const hash of head.frontier) {
      if (rest <= 0) return undefined;
      const span = 2 ** Math.floor(Math.log2(rest));
      if (from === start && span === 2 ** level) return parseHash(hash);
      from += span;
      rest -= span;
    }
    return undefined;
  }

  function forkFault(from: number, to: number): Fault {
    return {
      kind: 'forked',
      ...at(from),
      detail:
        to - from === 1
          ? { zh: `条目 ${from} 与已签名的根不符`, en: `Entry ${from} does not agree with the signed root` }
          : { zh: `条目 ${from} 至 ${to - 1} 中有与已签名的根不符者`, en: `Some entry from ${from} to ${to - 1} does not agree with the signed root` },
    };
  }

  function edited(seq: number, zh: string, en: string): Fault {
    return { kind: 'edited', ...at(seq), detail: { zh, en } };
  }

  const tree = createTree(told, faults, forkFault, (seq) => edited(seq, '该行所存的哈希树节点被改动', 'The tree nodes stored with this entry were changed'));
  const commitCheck = createCommitCheck(shared, tenant, faults);
  let checked = 0;
  let unproven = 0;
  let lastRoot: Signed | undefined;

  function checkRoot({ size, root }: Signed, kept: boolean): void {
    if (lastRoot?.size === size && same(lastRoot.root, root)) return;
    lastRoot = { size, root };
    const proven = tree.proven();
    const result = tree.prove(size, root);
    if (result === 'good') {
      checked++;
      return;
    }
    unproven += result === 'damaged' ? 1 : 0;
    if (result === 'damaged') return;
    if (kept && proven === size) {
      faults.add({
        kind: 'forked',
        detail: {
          zh: `前 ${size} 条与库外保存的检查点不符，而与库内的签名相符：日志被持有签名密钥者重写`,
          en: `The first ${size} entries do not have the root of the checkpoint kept outside although signatures inside agree: rewritten by a holder of the key`,
        },
      });
      return;
    }
    // A single entry already reported needs no second name for the same thing.
    if (size - proven > 1 || !faults.has(proven)) {
      faults.add({
        kind: 'forked',
        ...at(proven),
        detail: {
          zh: `最后相符的检查点为 ${proven}，首个不符的检查点为 ${size}：改动在条目 ${proven} 至 ${size - 1} 之间`,
          en: `The last checkpoint that agrees has size ${proven}, the first that does not has size ${size}: the change is in entries ${proven} to ${size - 1}`,
        },
      });
    }
    tree.doubt();
  }

  /** The id of the next row that cannot be read, looked for where the kit would have put one. */
  function locate(collection: string, from: number): () => Promise<string | undefined> {
    return async () => {
      for (let seq = from; seq <= signed && seq < from + PROBES; seq++) {
        if ((await readable(store, () => store.get(collection, rowId(tenant, seq)))) === undefined) return rowId(tenant, seq);
      }
      return undefined;
    };
  }

  function stuckFault(collection: string, after: string): Fault {
    return { kind: 'unreadable', entry: after, detail: { zh: `${collection} 中 ${after} 之后的行无法读取`, en: `The row after ${after} in ${collection} cannot be read` } };
  }

  let notes: readonly StoredRecord[] = [];
  let noteAt = 0;
  let noteAfter = `${tenant}/`;
  let notesStuck = false;
  let noteCount = 0;

  function invalidNote(id: string, size: number | undefined): void {
    const detail = { zh: '检查点的签名、来源或大小无效', en: 'The signature, origin or size of the checkpoint is not valid' };
    faults.add(size === undefined || size === 0 ? { kind: 'checkpoint-invalid', entry: id, detail } : { kind: 'checkpoint-invalid', ...at(size - 1), detail });
  }

  /** Work through the checkpoints of sizes up to this one; `bound` is how far to read ahead. */
  async function takeNotes(size: number, bound: string): Promise<void> {
    for (;;) {
      const record = notes[noteAt];
      if (record === undefined) {
        if (notesStuck || byCodePoint(noteAfter, bound) >= 0) return;
        const from = (seqOf(tenant, noteAfter) ?? 0) + 1;
        const page = await readPage(store, 'checkpoints', { field: 'id', gt: noteAfter, lte: bound }, locate('checkpoints', from));
        notes = page.records;
        noteAt = 0;
        if (page.stuck) {
          const { id } = page.stuck;
          if (id === undefined) {
            notesStuck = true;
            faults.add(stuckFault('checkpoints', noteAfter));
          } else {
            noteAfter = id;
            noteCount++;
            invalidNote(id, seqOf(tenant, id));
          }
        } else if (notes.length === 0) {
          noteAfter = bound;
        }
        continue;
      }
      const own = seqOf(tenant, record.id);
      if (own !== undefined && own > size) return;
      noteAt++;
      noteAfter = record.id;
      noteCount++;
      const body: unknown = record.body;
      const opened = openFor(tenant, isObject(body) ? body['note'] : undefined, vkey);
      if (opened === undefined || opened.size !== own) {
        if (vkey !== undefined) invalidNote(record.id, own);
      } else if (opened.size === size) {
        checkRoot(opened, false);
      }
    }
  }

  let position = 0;
  /** The last entry that cannot be read for what it did to records. */
  let lostUpTo = -1;
  let bound = `${tenant}/`;

  async function advance(): Promise<void> {
    position++;
    await takeNotes(position, bound);
    if (headSigned?.size === position) checkRoot(headSigned, false);
    if (outside?.size === position) checkRoot(outside, true);
  }

  async function lost(seq: number, fault: Fault): Promise<void> {
    faults.add(fault);
    lostUpTo = seq;
    tree.step(seq, [], [], true);
    await advance();
  }

  async function place(seq: number, record: StoredRecord): Promise<void> {
    const row = readRow(record, seq);
    const own = row.nodes[0];
    if (intact(row, tenant, seq) && row.entry && row.leaf) {
      tree.step(seq, [row.leaf], row.nodes, false);
      await commitCheck.entry(seq, row.entry);
      return advance();
    }
    lostUpTo = seq;
    const moved = row.leaf !== undefined && own !== undefined && same(row.leaf, own);
    if (row.entry !== undefined && !inPlace(row, tenant, seq)) {
      const claimed = row.entry['seq'];
      const home = isSeq(claimed) && claimed !== seq ? await readable(store, () => store.get('evidence', rowId(tenant, claimed))) : undefined;
      const other = home?.value && readRow(home.value, seq);
      const origin = home?.value && isSeq(claimed) ? readRow(home.value, claimed).nodes[0] : undefined;
      const fromThere = row.leaf !== undefined && origin !== undefined && same(row.leaf, origin);
      faults.add(
        moved || fromThere
          ? { kind: 'reordered', ...at(seq), detail: { zh: `此处是条目 ${String(claimed)}`, en: `What stands here is entry ${String(claimed)}` } }
          : edited(seq, '条目的序号或所属日志被改动', 'The sequence number or log name of the entry was changed'),
      );
      if (!moved) tree.step(seq, own ? [own] : [], row.nodes, own === undefined);
      else if (other?.leaf && inPlace(other, tenant, seq)) tree.step(seq, [other.leaf], other.nodes, true);
      else tree.step(seq, [], [], true);
      return advance();
    }
    faults.add(
      moved
        ? edited(seq, '该行的结构或所存的哈希树节点被改动', 'The shape of the row or its tree nodes were changed')
        : edited(seq, '条目内容与其哈希不符', 'The entry does not have the hash stored for it'),
    );
    const leaves = [own, row.leaf].filter((hash) => hash !== undefined);
    tree.step(seq, moved ? leaves.slice(0, 1) : leaves, row.nodes, leaves.length === 0);
    return advance();
  }

  let after = `${tenant}/`;
  let strays = 0;
  let firstStray = Number.MAX_SAFE_INTEGER;
  let end = 0;
  for (;;) {
    const page = await readPage(store, 'evidence', { field: 'id', gt: after, lt: upper }, locate('evidence', (seqOf(tenant, after) ?? -1) + 1));
    if (page.stuck) {
      const { id } = page.stuck;
      const seq = id === undefined ? undefined : seqOf(tenant, id);
      if (id === undefined || seq === undefined) {
        faults.add(stuckFault('evidence', after));
        break;
      }
      after = id;
      bound = rowId(tenant, seq + 1);
      end = seq + 1;
      while (position < seq) await lost(position, { kind: 'missing', ...at(position), detail: { zh: '条目缺失', en: 'The entry is missing' } });
      await lost(seq, edited(seq, '该行无法读取', 'The row cannot be read'));
      continue;
    }
    if (page.records.length === 0) {
      if (await grown()) continue;
      break;
    }
    let refreshed = false;
    for (const record of page.records) {
      after = record.id;
      const seq = seqOf(tenant, record.id);
      if (seq === undefined) {
        faults.add({ kind: 'unsigned', entry: record.id, detail: { zh: '行标识不是日志写入的', en: 'The log does not make such row ids' } });
        continue;
      }
      end = seq + 1;
      if (seq >= signed && !refreshed) {
        refreshed = true;
        await grown();
      }
      if (seq >= signed) {
        strays++;
        firstStray = Math.min(firstStray, seq);
        continue;
      }
      const last = page.records.findLast((r) => seqOf(tenant, r.id) !== undefined);
      bound = rowId(tenant, Math.min(signed, (seqOf(tenant, last?.id ?? record.id) ?? seq) + 1));
      while (position < seq) await lost(position, { kind: 'missing', ...at(position), detail: { zh: '条目缺失', en: 'The entry is missing' } });
      await place(seq, record);
    }
    onPage(page.records.length, signed);
  }
  // Checkpoints of sizes the rows never reached: their signatures still count, and so do forged ones.
  await takeNotes(Number.MAX_SAFE_INTEGER, upper);

  if (strays > 0) {
    lostUpTo = end;
    faults.add({
      kind: 'unsigned',
      ...at(firstStray),
      detail: { zh: `从此处起 ${strays} 行没有任何已签名的检查点覆盖`, en: `From here on ${strays} row(s) are covered by no signed checkpoint` },
    });
  }
  const reach = head.state === 'read' && headSigned ? Math.min(position, head.size) : position;
  if (position < signed) lostUpTo = signed;
  if (reach < signed) {
    faults.add({
      kind: 'truncated',
      ...at(reach),
      detail: {
        zh: `日志止于 ${reach} 条，而签名证明至少有 ${signed} 条：缺 ${signed - reach} 条`,
        en: `The log ends after ${reach} entries while a signature speaks of ${signed}: ${signed - reach} missing`,
      },
    });
  }
  await checkHead();

  async function checkHead(): Promise<void> {
    const invalid = (zh: string, en: string): void => faults.add({ kind: 'head-invalid', detail: { zh, en } });
    if (options.against !== undefined && outside === undefined) {
      faults.add({
        kind: 'checkpoint-invalid',
        detail: { zh: '库外保存的检查点不是用本日志的密钥签名的', en: 'The checkpoint kept outside is not signed by the key of this log' },
      });
    }
    if (head.state === 'absent') {
      faults.add({ kind: 'head-missing', detail: { zh: '日志头不存在', en: 'The log has no head' } });
      return;
    }
    if (head.state === 'malformed') return invalid('日志头无法读取', 'The log head is not readable');
    if (options.vkey !== undefined && head.vkey !== options.vkey) invalid('日志头中的公钥不是给定的公钥', 'The log head names another verifier key than the one given');
    if (headSigned?.size !== head.size) return invalid('日志头的检查点签名无效或大小不符', 'The checkpoint in the log head has no valid signature for its size');
    if (head.size === position && tree.proven() === position && tree.frontier().join() !== head.frontier.join()) {
      invalid('日志头的树前沿与日志不符', 'The tree frontier in the log head is not that of the log');
    }
    const newest = await readable(store, () => store.get('checkpoints', rowId(tenant, head.size)));
    const absent = newest !== undefined && newest.value === undefined;
    if (absent) {
      const detail = { zh: '日志头对应的检查点行缺失', en: 'The checkpoint row of the log head is missing' };
      faults.add({ kind: 'checkpoint-missing', ...at(head.size - 1), detail });
    }
    // The head is written once a batch, as is a checkpoint: its version counts them.
    const gone = head.version - noteCount - (absent ? 1 : 0);
    if (gone > 0) {
      const detail = { zh: `检查点缺 ${gone} 个`, en: `${gone} checkpoint(s) are missing` };
      faults.add({ kind: 'checkpoint-missing', detail });
    }
  }

  let settled = commitCheck.settle(lostUpTo);
  let unprovenRecords = settled.unproven;
  while (settled.resume !== undefined) {
    const from = settled.resume;
    for (let range: NonNullable<Query['range']> = { field: 'id', gte: rowId(tenant, from), lt: upper }; ; ) {
      const page = await readPage(store, 'evidence', range, async () => undefined);
      const last = page.records.at(-1);
      if (last === undefined) break;
      range = { field: 'id', gt: last.id, lt: upper };
      for (const record of page.records) {
        const seq = seqOf(tenant, record.id);
        if (seq === undefined || seq >= position) continue;
        const row = readRow(record, seq);
        if (row.entry && intact(row, tenant, seq)) await commitCheck.entry(seq, row.entry);
      }
    }
    settled = commitCheck.settle(lostUpTo);
    unprovenRecords += settled.unproven;
  }
  return { tenant, faults, vkey, vkeySource, size: position, signed, end, checked, unproven, records: 0, unprovenRecords };
}

/** Every tenant that left a trace in the log's collections, also without a head. */
async function tenantsOf(store: Store): Promise<{ readonly tenants: readonly string[]; readonly faults: readonly Fault[] }> {
  const known = new Set<string>();
  const faults: Fault[] = [];
  const stray = (entry: string, collection: string): void => {
    faults.push({ kind: 'unsigned', entry, detail: { zh: `${collection} 中的行不属于任何日志`, en: `The row in ${collection} belongs to no log` } });
  };
  const stuck = (collection: string): void => {
    faults.push({ kind: 'unreadable', detail: { zh: `${collection} 中有行无法读取`, en: `A row in ${collection} cannot be read` } });
  };
  for (let after = ''; ; ) {
    const page = await readPage(store, 'evidenceHeads', { field: 'id', gt: after }, async () => undefined);
    if (page.stuck) stuck('evidenceHeads');
    const last = page.records.at(-1);
    if (last === undefined) break;
    for (const { id } of page.records) known.add(id);
    after = last.id;
  }
  // Only between the tenants already known: a tenant without a head shows up there.
  for (const collection of ['evidence', 'checkpoints']) {
    let lower = '';
    const bounds = [...known].sort((a, b) => byCodePoint(`${a}/`, `${b}/`));
    for (const tenant of [...bounds, undefined]) {
      for (;;) {
        const range = tenant === undefined ? { field: 'id', gte: lower } : { field: 'id', gte: lower, lt: `${tenant}/` };
        const page = await readable(store, () => store.find(collection, { range, limit: 1 }));
        const id = page?.value.records[0]?.id;
        if (page === undefined) stuck(collection);
        if (id === undefined) break;
        const cut = id.indexOf('/');
        if (cut > 0) known.add(id.slice(0, cut));
        else stray(id, collection);
        lower = cut > 0 ? `${id.slice(0, cut)}0` : `${id}\u0000`;
      }
      if (tenant !== undefined) lower = `${tenant}0`;
    }
  }
  return { tenants: [...known].sort(byCodePoint), faults };
}

/** Pass 2: every record must be known to the log of its tenant. */
async function verifyRecords(shared: Shared, only: string | undefined, stateOf: (tenant: string) => TenantState): Promise<void> {
  const { store, flagged } = shared;
  const beyond = new Map<TenantState, { seq: number; record: { collection: string; id: string } }>();

  async function known(state: TenantState, collection: string, live: StoredRecord): Promise<boolean> {
    const seq = recordSeq(live.body);
    if (seq === undefined) return false;
    const found = await readable(store, () => store.get('evidence', rowId(state.tenant, seq)));
    const row = found?.value && readRow(found.value, seq);
    const sound = row !== undefined && intact(row, state.tenant, seq);
    const named = sound && row.entry ? commitsOf(row.entry).find((c) => c.collection === collection && c.id === live.id && !c.removed) : undefined;
    if (seq < state.size) {
      // A damaged entry was reported by itself. The hash of a sound one was compared in pass 1.
      if (!sound) state.unprovenRecords++;
      return !sound || named?.version === live.version;
    }
    if (sound && (await readHead(store, state.tenant)).size > seq) return named !== undefined && commits(live, collection) === named.hash;
    state.unprovenRecords++;
    // Rows already reported as cut off, or as signed by nobody, explain their records.
    if (seq >= Math.max(state.signed, state.end)) {
      const worst = beyond.get(state);
      if (worst === undefined || worst.seq < seq) beyond.set(state, { seq, record: { collection, id: live.id } });
    }
    return true;
  }

  for (const { name } of COLLECTIONS.filter((c) => !UNRECORDED.includes(c.name))) {
    for (let after = ''; ; ) {
      const page = await readPage(store, name, { field: 'id', gt: after }, async () => {
        const next = [...(shared.unreadable.get(name) ?? [])].filter((id) => byCodePoint(id, after) > 0).sort(byCodePoint)[0];
        if (next === undefined) return undefined;
        // Hop only over the row already reported, never over one in front of it.
        const between = await readable(store, () => store.find(name, { range: { field: 'id', gt: after, lt: next }, limit: 1 }));
        return between?.value.records.length === 0 ? next : undefined;
      });
      if (page.stuck) {
        if (page.stuck.id === undefined) {
          const detail = { zh: `${name} 中 ${after} 之后的记录无法读取`, en: `The record after ${after} in ${name} cannot be read` };
          stateOf(only ?? '').faults.add({ kind: 'unreadable', detail });
          break;
        }
        after = page.stuck.id;
        continue;
      }
      const last = page.records.at(-1);
      if (last === undefined) break;
      after = last.id;
      for (const live of page.records) {
        const body: unknown = live.body;
        const owner = isObject(body) ? body['tenant'] : undefined;
        const tenant = typeof owner === 'string' ? owner : '';
        if (only !== undefined && tenant !== only) continue;
        if (flagged.has(keyOf(name, live.id))) continue;
        const state = stateOf(tenant);
        state.records++;
        if (await known(state, name, live)) continue;
        const seq = recordSeq(body);
        state.faults.add({
          kind: 'record-unrecorded',
          ...(seq === undefined ? {} : { seq, entry: rowId(tenant, seq) }),
          record: { collection: name, id: live.id },
          detail: { zh: '日志中没有写下该记录的条目', en: 'No entry of the log wrote this record' },
        });
      }
    }
  }
  for (const [state, { seq, record }] of beyond) {
    const first = Math.max(state.signed, state.end);
    state.faults.add({
      kind: 'truncated',
      seq: first,
      entry: rowId(state.tenant, first),
      record,
      detail: {
        zh: `有记录由条目 ${seq} 写下，而日志止于 ${first} 条：缺 ${seq - first + 1} 条`,
        en: `A record was written by entry ${seq} while the log ends after ${first} entries: ${seq - first + 1} missing`,
      },
    });
  }
}

/** The tenant a note is about, by its origin line; not proof of anything before the note is opened. */
function tenantOfNote(note: string): string {
  const origin = note.slice(0, Math.max(0, note.indexOf('\n')));
  return origin.slice(origin.lastIndexOf('/') + 1);
}

/**
 * Checks the evidence log and every record against it (证据校验), from the stored rows alone: entries, tree nodes, signed
 * checkpoints, heads, and the commitments of entries to records. Reads in pages, in constant memory, and may run while
 * others write. What it cannot see: a log cut back to an older signed state together with its records (pass `against`),
 * and a log signed anew with another key (pass `vkey`).
 *
 * @param options.against signed checkpoint kept outside the store; it speaks about the tenant its origin names.
 * @returns faults by tenant; `ok` only when there is none and every tenant with records has a signed head.
 * @throws ZP_OPTION_INVALID for an unknown option or a malformed key; ZP_STORE_UNAVAILABLE when the store cannot be read.
 */
export async function verifyEvidence(store: Store, options: VerifyOptions = {}): Promise<VerifyReport> {
  const names = ['tenant', 'vkey', 'against', 'onProgress'];
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  const { tenant: only, vkey, against, onProgress } = options;
  const wrong = unknown ?? (vkey !== undefined && !VKEY.test(vkey) ? 'vkey' : undefined);
  if (wrong !== undefined) {
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `选项无效：${wrong}`, en: `not a valid option: ${wrong}` } });
  }
  const shared: Shared = { store, flagged: new Set(), unreadable: new Map() };
  const found = only === undefined ? await tenantsOf(store) : { tenants: [only], faults: [] };
  const about = against === undefined ? undefined : tenantOfNote(against);
  const tenants = [...found.tenants];
  // A note about a log that is gone without a trace, or about none at all, must not pass in silence.
  if (about !== undefined && !tenants.includes(about)) tenants.push(only ?? about);

  const states = new Map<string, TenantState>();
  const expected = new Map<string, number>();
  for (const tenant of tenants) expected.set(tenant, (await readHead(store, tenant)).size);
  let done = 0;
  for (const tenant of new Set(tenants)) {
    const mine = tenant === about || tenant === only ? against : undefined;
    const state = await verifyTenant(shared, tenant, { vkey, against: mine }, (rows, size) => {
      done += rows;
      expected.set(tenant, size);
      onProgress?.(done, Math.max(done, [...expected.values()].reduce((sum, n) => sum + n, 0)));
    });
    states.set(tenant, state);
  }
  const stateOf = (tenant: string): TenantState => {
    let state = states.get(tenant);
    if (state === undefined) {
      state = emptyState(tenant);
      states.set(tenant, state);
    }
    return state;
  };
  for (const fault of found.faults) stateOf('').faults.add(fault);
  await verifyRecords(shared, only, stateOf);

  const reports = [...states.values()].map((state): TenantReport => {
    const faults = state.faults.list();
    return {
      tenant: state.tenant,
      size: state.size,
      checkpointsChecked: state.checked,
      checkpointsUnproven: state.unproven,
      recordsChecked: state.records,
      recordsUnproven: state.unprovenRecords,
      vkey: vkey ?? state.vkey ?? '',
      vkeySource: vkey === undefined ? state.vkeySource : 'given',
      ok: faults.length === 0,
      faults,
      more: state.faults.more(),
    };
  });
  return { ok: reports.every((report) => report.ok), tenants: reports };
}
