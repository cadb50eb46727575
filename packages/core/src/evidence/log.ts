import { performance } from 'node:perf_hooks';

import { systemClock } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { canonical, sha256Hex } from '../kernel/canonical.ts';
import { ComplianceError, isComplianceError } from '../kernel/errors.ts';
import type { EntryAppender, PendingEntry } from '../kernel/execute.ts';
import { randomBytes } from '../kernel/random.ts';
import type { Change, Json, JsonObject, Store } from '../kernel/store.ts';
import { inboxKey, macText, moved, placeOf, readInbox } from './inbox.ts';
import type { Waiting } from './inbox.ts';
import { createLease } from './lease.ts';
import type { Claim, LeaseOptions } from './lease.ts';
import { haltFor, lossesIn, warnOfLosses } from './loss.ts';
import type { Loss } from './loss.ts';
import { appendLeaf, consistencyPath, frontierRoot, inclusionPath, leafHash, same, subtreeRoot } from './merkle.ts';
import type { Signer } from './note.ts';
import { commitment, readHead, readRow, rowId, storedNodes } from './stored.ts';
import type { Head } from './stored.ts';

/** A proof a third party can check with the verifier key alone (证明). */
export interface InclusionReceipt {
  readonly checkpoint: string;
  readonly index: number;
  readonly entry: JsonObject;
  /** Base64 hashes, leaf to root. */
  readonly proof: readonly string[];
}

/** What an entry bundle of C2SP tlog-tiles can hold: lengths are two bytes. */
const MOST_ENTRY_BYTES = 65_535;
/** `"seq":` and the longest number. */
const SEQ_BYTES = 32;

function tooLarge(): ComplianceError {
  return new ComplianceError('ZP_INPUT_INVALID', {
    detail: { zh: '证据条目超过 65535 字节', en: 'The evidence entry is larger than 65,535 bytes' },
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The evidence log (证据日志): what the only writer appends to and proofs are read from. */
export interface EvidenceLog extends EntryAppender {
  readonly vkey: string;
  /** Of all keys that sign now. */
  readonly vkeys: readonly string[];
  head(tenant: string): Promise<Head>;
  /** @throws ZP_NOT_FOUND when the log has no such entry yet. */
  inclusion(tenant: string, seq: number): Promise<InclusionReceipt>;
  /** @throws ZP_NOT_FOUND when `first` is beyond the log. */
  consistency(tenant: string, first: number): Promise<{ readonly checkpoint: string; readonly proof: readonly string[] }>;
}

export interface LogOptions {
  readonly lease?: LeaseOptions;
  /** Never number entries here, as inside the host's own transaction: they wait in the inbox. Default false. */
  readonly onlyInbox?: boolean;
  /** Says when checkpoints were signed. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** Entries taken out of the inbox by one batch. */
const MOST_MOVED = 256;
/** How long an inbox found empty is believed to be, in ms. */
const LOOK_MS = 50;
/** How long after a conflict with others entries are kept apart from those taken out of the inbox, in ms. */
const CONTENDED_MS = 1000;
/** How long after entries of others were seen they are expected at any time, in ms. */
const ALONE_MS = 60_000;

/** Where a pending entry went: into the log at once, or into the inbox. */
type Place = { readonly seq: number } | { readonly entry: string };

function stamp(entry: PendingEntry, place: Place): { readonly records: readonly Change[]; readonly commits: readonly Json[] } {
  const records: Change[] = [];
  const commits: Json[] = [];
  for (const change of entry.changes) {
    const version = change.expectedVersion + 1;
    const { collection, id } = change;
    if (change.body === undefined) {
      records.push(change);
      commits.push({ collection, id, version, removed: true });
      continue;
    }
    const body = { ...change.body, evidence: { ...place, salt: randomBytes(16).toString('base64url') } };
    records.push({ ...change, body });
    commits.push({ collection, id, version, hash: commitment(collection, id, version, body) });
  }
  return { records, commits };
}

function entryOf({ id, at, kind, actor, subject, facts, tenant }: PendingEntry, commits: readonly Json[]): JsonObject {
  return { v: 1, log: tenant, id, at, kind, actor: { ...actor }, subject: { ...subject }, facts, commits };
}

/**
 * The evidence log (证据日志) over a store: one RFC 6962 tree a tenant, one signed checkpoint a batch.
 * Origin of a tenant's log is `<signer name>/<tenant>`.
 *
 * Whoever holds the lease numbers entries: its own go straight into the log, those of other processes are taken out of
 * the inbox, where they are as durable as anything else. Nobody waits for the holder, and no row is contended.
 */
export function createLog(store: Store, signer: Signer, options: LogOptions = {}): EvidenceLog {
  const lease = createLease(store, options.lease, (row) => acknowledge(lossesIn(row)));
  const { clock = systemClock } = options;
  const heads = new Map<string, Head>();
  /** The last heads this process has signed and the store has acknowledged: every later state must contain them. */
  const signed = new Map<string, Head & { readonly at: string }>();
  /** Tenants whose batch went wrong since: to be looked at again, also where somebody else numbers by now. */
  const suspects = new Set<string>();
  let prepared = new Map<string, Head>();
  /** Where the entries of batches whose fate is unknown would be. */
  const attempts = new Map<string, { readonly tenant: string; readonly place: Place }[]>();
  let held: Claim | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let othersAt = Number.NEGATIVE_INFINITY;
  let contendedAt = Number.NEGATIVE_INFINITY;
  /** Whether the batch under way moves entries out of the inbox, and whether the last that did went wrong. */
  let moves = false;
  let hasMore = false;
  let moveFailed = false;
  let replayed: readonly Waiting[] = [];

  const head = (tenant: string): Promise<Head> => readHead(store, tenant);

  /** Whether the log still has everything that was signed up to this head. */
  async function holds(tenant: string, before: Head, now: Head): Promise<boolean> {
    if (now.checkpoint === before.checkpoint) return true;
    if (now.size < before.size) return false;
    try {
      return same(await subtreeRoot(storedNodes(store, tenant), 0, before.size), frontierRoot(before.frontier));
    } catch (error) {
      if (isComplianceError(error) && error.code === 'ZP_EVIDENCE_BROKEN') return false;
      throw error;
    }
  }

  /** What is known to be lost is missed no longer: once it is declared, the log goes on from what is left. */
  function acknowledge(losses: readonly Loss[]): void {
    for (const loss of losses) {
      if ((signed.get(loss.tenant)?.size ?? 0) > loss.signed) continue;
      signed.delete(loss.tenant);
      suspects.delete(loss.tenant);
    }
  }

  async function lossOf(tenant: string, before: Head & { readonly at: string }): Promise<Loss | undefined> {
    const now = await head(tenant);
    if (await holds(tenant, before, now)) return undefined;
    return { tenant, size: now.size, signed: before.size, note: before.checkpoint, at: before.at };
  }

  /**
   * The head as it is now, held against what was signed: after a batch that went wrong perhaps another store answers.
   * @throws ZP_CONFLICT when it has lost what was signed: nothing is numbered any more, the entries go to the inbox
   */
  async function reread(tenant: string): Promise<Head> {
    const now = await head(tenant);
    const before = signed.get(tenant);
    if (before === undefined || (await holds(tenant, before, now))) return now;
    const losses = await haltFor(store, async () => {
      const found = await Promise.all([...signed].map(([name, last]) => lossOf(name, last)));
      return found.filter((loss) => loss !== undefined);
    });
    acknowledge(losses);
    warnOfLosses(losses);
    throw new ComplianceError('ZP_CONFLICT');
  }

  function attempted(id: string, tenant: string, place: Place): void {
    const known = attempts.get(id) ?? [];
    known.push({ tenant, place });
    attempts.set(id, known);
  }

  /** Number the entries of one tenant, those from the inbox first. */
  async function append(tenant: string, waiting: readonly Waiting[], own: readonly PendingEntry[]): Promise<readonly Change[]> {
    const current = heads.get(tenant) ?? (await reread(tenant));
    const changes: Change[] = [];
    let { size, frontier } = current;
    const add = (entry: JsonObject): void => {
      const numbered = { ...entry, seq: size };
      const text = canonical(numbered);
      if (text.length > MOST_ENTRY_BYTES / 3 && Buffer.byteLength(text) > MOST_ENTRY_BYTES) throw tooLarge();
      const step = appendLeaf(frontier, size, leafHash(text));
      const body = { entry: numbered, nodes: step.completed.map(base64) };
      changes.push({ collection: 'evidence', id: rowId(tenant, size), expectedVersion: 0, body });
      frontier = step.frontier;
      size += 1;
    };
    for (const one of waiting) {
      changes.push(...moved(one, size));
      add(vouched(one));
    }
    for (const pending of own) {
      const place = { seq: size };
      const { records, commits } = stamp(pending, place);
      changes.push(...records);
      attempted(pending.id, tenant, place);
      add(entryOf(pending, commits));
    }
    const root = base64(frontierRoot(frontier));
    const checkpoint = signer.sign({ origin: `${signer.name}/${tenant}`, size, root });
    const vkeys = [...new Set([...signer.vkeys, ...current.vkeys])];
    prepared.set(tenant, { version: current.version + 1, size, frontier, checkpoint, vkeys });
    changes.push(
      { collection: 'checkpoints', id: rowId(tenant, size), expectedVersion: 0, body: { note: checkpoint } },
      {
        collection: 'evidenceHeads',
        id: tenant,
        expectedVersion: current.version,
        body: { size, frontier: frontier.map(base64), checkpoint, vkey: signer.vkey, vkeys },
      },
    );
    return changes;
  }

  /** Nobody without a signing key may have an entry signed by putting it into the inbox: what did, is told of instead. */
  function vouched({ key, tenant, entry, mac }: Waiting): JsonObject {
    const text = macText(key, tenant, entry);
    if (signer.checkMac(text, mac)) return entry;
    return { v: 1, log: tenant, id: key, kind: 'inbox.unvouched', facts: { sha256: sha256Hex(text) }, commits: [] };
  }

  /** Leave the entries to whoever holds the lease. */
  function leave(entries: readonly PendingEntry[]): readonly Change[] {
    return entries.flatMap((pending) => {
      const key = inboxKey(Date.parse(pending.at), pending.after);
      const { records, commits } = stamp(pending, { entry: key });
      attempted(pending.id, pending.tenant, { entry: key });
      const entry = entryOf(pending, commits);
      if (Buffer.byteLength(canonical(entry)) > MOST_ENTRY_BYTES - SEQ_BYTES) throw tooLarge();
      const { tenant } = pending;
      const mac = signer.mac(macText(key, tenant, entry));
      return [...records, { collection: 'inbox', id: key, expectedVersion: 0, body: { tenant, entry, mac } }];
    });
  }

  async function lookIntoInbox(force: boolean): Promise<readonly Waiting[]> {
    const now = performance.now();
    // Alone in the store, as far as is known, a glance now and then is enough.
    const isAlone = now - othersAt > ALONE_MS;
    if (!force && isAlone && now - lookedAt < LOOK_MS) return [];
    const waiting = await readInbox(store, MOST_MOVED);
    lookedAt = now;
    if (waiting.length > 0) othersAt = now;
    if (!moveFailed || waiting.length === 0) return waiting;
    // A batch that could not be written: perhaps a row came back that was numbered before. It goes as it came.
    const known = await alreadyIn(waiting);
    replayed = waiting.filter(({ key }) => known.has(key));
    return waiting.filter(({ key }) => !known.has(key));
  }

  /** Which of these have a number. */
  async function alreadyIn(waiting: readonly Waiting[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    const range = { field: 'id', gte: waiting[0]?.key ?? '', lte: waiting.at(-1)?.key ?? '' };
    for (let cursor: string | undefined; ;) {
      const page = await store.find('positions', { range, limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id } of page.records) known.add(id);
      cursor = page.cursor;
      if (cursor === undefined) return known;
    }
  }

  function beyond(): ComplianceError {
    return new ComplianceError('ZP_NOT_FOUND', { detail: { zh: '日志中没有该条目', en: 'The log has no such entry' } });
  }

  return {
    vkey: signer.vkey,
    vkeys: signer.vkeys,
    head,
    async prepare(entries) {
      prepared = new Map();
      moves = hasMore = false;
      for (const tenant of suspects) {
        await reread(tenant);
        suspects.delete(tenant);
      }
      held = options.onlyInbox === true ? undefined : await lease.claim();
      if (held === undefined) return leave(entries);
      // While others contend for the same records entries go as those of anybody: the more a batch carries, the sooner one
      // of its records is stale, and who numbers for all would hardly get a change through.
      const now = performance.now();
      if (entries.length > 0 && now - contendedAt < CONTENDED_MS && now - othersAt < ALONE_MS) {
        held = undefined;
        othersAt = now;
        return leave(entries);
      }
      // An effect must not be numbered before a cause that still waits: whoever read a record of the inbox looks there
      // first, and queues up behind a cause that is not among the next.
      const waiting = await lookIntoInbox(entries.length === 0 || entries.some(({ after }) => after !== ''));
      moves = waiting.length + replayed.length > 0;
      hasMore = waiting.length === MOST_MOVED;
      const last = waiting.length === MOST_MOVED ? (waiting.at(-1)?.key ?? '') : undefined;
      const isBehind = ({ after }: PendingEntry): boolean => last !== undefined && after > last;
      const behind = entries.filter(isBehind);
      const own = Map.groupBy(
        entries.filter((entry) => !isBehind(entry)),
        (entry) => entry.tenant,
      );
      const others = Map.groupBy(waiting, ({ tenant }) => tenant);
      const changes: Change[] = replayed.map(({ key, version }) => ({ collection: 'inbox', id: key, expectedVersion: version }));
      for (const tenant of new Set([...others.keys(), ...own.keys()]))
        changes.push(...(await append(tenant, others.get(tenant) ?? [], own.get(tenant) ?? [])));
      changes.push(...leave(behind));
      if (changes.length === 0) {
        held = undefined;
        return [];
      }
      return [held.change, ...changes];
    },
    committed() {
      const at = new Date(clock.now()).toISOString();
      for (const [tenant, next] of prepared) {
        heads.set(tenant, next);
        signed.set(tenant, { ...next, at });
      }
      prepared = new Map();
      replayed = [];
      if (moves) moveFailed = false;
      if (held) lease.committed(held);
      held = undefined;
    },
    forget(contended) {
      if (contended) contendedAt = performance.now();
      for (const tenant of prepared.keys()) suspects.add(tenant);
      heads.clear();
      prepared = new Map();
      held = undefined;
      replayed = [];
      if (moves) moveFailed = true;
      moves = false;
      lease.forget();
    },
    async landed({ id }) {
      for (const { tenant, place } of attempts.get(id) ?? []) {
        if ('entry' in place) {
          if ((await placeOf(store, place.entry)) !== undefined) return true;
        } else if ((await readRow(store, tenant, place.seq))?.entry['id'] === id) return true;
      }
      return false;
    },
    settled(entries) {
      for (const { id } of entries) attempts.delete(id);
    },
    hasMore: () => hasMore,
    release: () => lease.release(),
    async inclusion(tenant, seq) {
      const current = await head(tenant);
      const row = seq < current.size ? await readRow(store, tenant, seq) : undefined;
      if (row === undefined) throw beyond();
      const path = await inclusionPath(storedNodes(store, tenant), seq, current.size);
      return { checkpoint: current.checkpoint, index: seq, entry: row.entry, proof: path.map(base64) };
    },
    async consistency(tenant, first) {
      const current = await head(tenant);
      if (first > current.size) throw beyond();
      const path = await consistencyPath(storedNodes(store, tenant), first, current.size);
      return { checkpoint: current.checkpoint, proof: path.map(base64) };
    },
  };
}
