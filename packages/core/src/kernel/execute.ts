import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from './clock.ts';
import { ComplianceError, isComplianceError } from './errors.ts';
import type { Actor } from './identity.ts';
import type { Change, JsonObject, Page, Query, Store, StoredRecord } from './store.ts';

/** What one decision writes (决定): an evidence entry and the record changes it commits to. */
export interface Draft {
  /** Event name, e.g. `posting.approved`. */
  readonly kind: string;
  readonly subject: { readonly collection: string; readonly id: string };
  /** Codes, ids and hashes that explain the event; never personal information or free text. */
  readonly facts: JsonObject;
  /** What it writes. A removed record's id is not used again: nothing is left of it that would order a new one behind. */
  readonly changes: readonly Change[];
}

/** A draft with who and when, ready for the log. */
export interface PendingEntry extends Draft {
  readonly id: string;
  readonly tenant: string;
  readonly at: string;
  readonly actor: { readonly id: string; readonly role: string };
  /** The latest inbox key among the records that were read for it; empty when none came by way of the inbox. */
  readonly after: string;
}

/** What the evidence log must offer to the writer. */
export interface EntryAppender {
  /** Stamp the records of the entries and return every change the batch needs; with no entries, what there is to integrate. */
  prepare(entries: readonly PendingEntry[]): Promise<readonly Change[]>;
  /** The batch is on disk: what was prepared is now the head. */
  committed(): void;
  /** The batch failed or its fate is unknown: read the heads again before the next one. @param contended over a conflict */
  forget(contended: boolean): void;
  /** Whether an entry of a batch whose fate is unknown is on disk after all. */
  landed(entry: PendingEntry): Promise<boolean>;
  /** The fate of these entries is of no more interest. */
  settled(entries: readonly PendingEntry[]): void;
  /** Whether more waits to be integrated than the last batch could take. */
  hasMore(): boolean;
  /** Leave the numbering of entries to others. */
  release(): Promise<void>;
}

/** Reads inside one tenant: a record of another tenant does not exist. */
export interface Reader {
  get(collection: string, id: string): Promise<StoredRecord | undefined>;
  find(collection: string, query: Query): Promise<Page>;
}

/** A retry-safe key of the caller, already reduced to digests. */
export interface Idempotency {
  /** Digest of tenant, actor, route and key. */
  readonly id: string;
  /** Digest of the request it belongs to. */
  readonly request: string;
}

export interface Command<State, Result extends JsonObject> {
  readonly actor: Actor;
  load(reader: Reader): Promise<State>;
  /** Pure: no I/O, no clock, no randomness. Throws a ComplianceError to refuse without a trace. */
  decide(state: State, now: string): { readonly drafts: readonly Draft[]; readonly result: Result };
  readonly idempotency?: Idempotency;
}

export type Execute = <State, Result extends JsonObject>(command: Command<State, Result>) => Promise<Result>;

/** The writer, and a turn of it that only takes waiting entries into the log. */
export type Writer = Execute & { readonly integrate: () => Promise<void> };

interface Pending {
  readonly entries: readonly PendingEntry[];
  readonly extra: readonly Change[];
  resolve(): void;
  reject(error: unknown): void;
}

const ATTEMPTS = 8;
/** Waits before a commit of unknown fate is looked for and tried again, in ms: a connection lost is found again, a store gone is told. */
const RETRIES_MS: readonly number[] = [20, 80, 320];
const BATCH = 256;
/** Writes waiting for the store beyond which new ones are turned away: a store that has stalled must not fill the memory. */
const WAITING = 4096;
const IDEMPOTENCY_MS = 24 * 3600_000;
/** Batches one turn of integration takes at most, with those of writers in between. */
const MOST_TURNS = 16;
/** How many batches go by between two looks for lapsed idempotency records. */
const HOUSEKEEPING = 64;

/** A reader that remembers the latest inbox key of what it has read: what is decided from it comes after. */
function createWitness(reader: Reader): Reader & { readonly latest: () => string } {
  let latest = '';
  const see = (record: StoredRecord): void => {
    const evidence = record.body['evidence'] as { readonly entry?: unknown } | null | undefined;
    const key = evidence?.entry;
    if (typeof key === 'string' && key > latest) latest = key;
  };
  return {
    async get(collection, id) {
      const record = await reader.get(collection, id);
      if (record) see(record);
      return record;
    },
    async find(collection, query) {
      const page = await reader.find(collection, query);
      page.records.forEach(see);
      return page;
    },
    latest: () => latest,
  };
}

/** Reads limited to the tenant of the actor. */
export function createReader(store: Store, tenant: string): Reader {
  return {
    async get(collection, id) {
      const record = await store.get(collection, id);
      return record?.body['tenant'] === tenant ? record : undefined;
    },
    find: (collection, query) => store.find(collection, { ...query, where: { ...query.where, tenant } }),
  };
}

function isConflict(error: unknown): boolean {
  return isComplianceError(error) && error.code === 'ZP_CONFLICT';
}

function changesOf(pending: Pending): readonly Change[] {
  return [...pending.entries.flatMap((entry) => entry.changes), ...pending.extra];
}

function keyOf({ collection, id }: Change): string {
  return `${collection}/${id}`;
}

/**
 * The only writer (唯一写入口): load → decide → commit the records *and* their evidence entries in one atomic batch.
 * Callers that arrive together share a batch, so one flush to disk serves them all; nobody is answered before it.
 * A conflict reloads and decides again. Any other failed commit is of unknown fate: its entries are looked for by id and
 * the batch is tried again; when the store stays away the answer is `ZP_STORE_UNAVAILABLE`, and retrying with the same
 * idempotency key then gives the first outcome.
 * @throws ZP_CONFLICT when a record stays contended, ZP_IDEMPOTENCY_MISMATCH, ZP_STORE_UNAVAILABLE, and what `decide` throws.
 */
export function createExecute(context: {
  readonly store: Store;
  readonly log: EntryAppender;
  readonly clock: Clock;
  readonly newId: () => string;
}): Writer {
  const { store, log, clock, newId } = context;
  let queue: Pending[] = [];
  let draining = false;
  let batches = 0;

  /** Idempotency records are no evidence: they go once no retry can need them. A failure here hurts nobody. */
  async function dropLapsed(): Promise<void> {
    const lapsed = await store.find('idempotency', { range: { field: 'expiresAt', lt: new Date(clock.now()).toISOString() }, limit: 1000 });
    if (lapsed.records.length === 0) return;
    await store.commit(lapsed.records.map(({ id, version }) => ({ collection: 'idempotency', id, expectedVersion: version })));
  }

  async function write(batch: readonly Pending[], entries: readonly PendingEntry[]): Promise<void> {
    try {
      const changes = [...(await log.prepare(entries)), ...batch.flatMap((p) => p.extra)];
      if (changes.length > 0) await store.commit(changes);
      log.committed();
    } catch (error) {
      log.forget(isConflict(error));
      throw error;
    }
  }

  /** Writes a batch; a commit whose fate is unknown is looked for by the ids of its entries before it is tried again. */
  async function commit(batch: readonly Pending[]): Promise<void> {
    const entries = batch.flatMap((p) => p.entries);
    const [first] = entries;
    let unknown = false;
    for (let tries = 0; ; tries++) {
      try {
        // All or none: one entry speaks for the batch.
        if (unknown && first !== undefined && (await log.landed(first))) break;
        await write(batch, entries);
        break;
      } catch (error) {
        const wait = RETRIES_MS[tries];
        const lost = isComplianceError(error) && error.code === 'ZP_STORE_UNAVAILABLE';
        // A conflict may be with the batch itself, come to rest meanwhile.
        const own = unknown && first !== undefined && isConflict(error) && (await log.landed(first).catch(() => false));
        if (own) break;
        if (!lost || wait === undefined || first === undefined) {
          log.settled(entries);
          throw error;
        }
        unknown = true;
        await sleep(wait);
      }
    }
    log.settled(entries);
    for (const pending of batch) pending.resolve();
    if (batches++ % HOUSEKEEPING === 0) await dropLapsed().catch(() => undefined);
  }

  /**
   * Commit a batch and answer everybody in it. One stale change fails all of it: then each half is tried by itself, down
   * to the one that is stale, and only that is refused.
   */
  async function settle(batch: readonly Pending[]): Promise<void> {
    try {
      await commit(batch);
    } catch (error) {
      if (batch.length === 1 || !isConflict(error)) {
        for (const pending of batch) pending.reject(error);
        return;
      }
      const half = batch.length >> 1;
      await settle(batch.slice(0, half));
      await settle(batch.slice(half));
      return;
    }
    turnAwayStale(batch);
  }

  /** Whoever waits with what has just been written over cannot succeed any more: no trip to the store to learn that. */
  function turnAwayStale(batch: readonly Pending[]): void {
    const versions = new Map<string, number>();
    for (const change of batch.flatMap(changesOf)) versions.set(keyOf(change), change.body === undefined ? 0 : change.expectedVersion + 1);
    const isStale = (change: Change): boolean => (versions.get(keyOf(change)) ?? change.expectedVersion) !== change.expectedVersion;
    const waiting = queue;
    queue = [];
    for (const pending of waiting) {
      if (changesOf(pending).some(isStale)) pending.reject(new ComplianceError('ZP_CONFLICT'));
      else queue.push(pending);
    }
  }

  /** Who is served next: writers that share no record, in their order, or a turn of integration by itself. */
  function nextBatch(): readonly Pending[] {
    const [first, ...others] = queue;
    if (first !== undefined && first.entries.length === 0) {
      queue = others;
      return [first];
    }
    const seen = new Set<string>();
    const batch: Pending[] = [];
    const later: Pending[] = [];
    for (const pending of queue) {
      const keys = changesOf(pending).map(keyOf);
      const joins = pending.entries.length > 0 && batch.length < BATCH && !keys.some((key) => seen.has(key));
      (joins ? batch : later).push(pending);
      for (const key of keys) seen.add(key);
    }
    queue = later;
    return batch;
  }

  async function drain(): Promise<void> {
    draining = true;
    while (queue.length > 0) await settle(nextBatch());
    draining = false;
  }

  function enqueue(entries: readonly PendingEntry[], extra: readonly Change[]): Promise<void> {
    if (queue.length >= WAITING)
      throw new ComplianceError('ZP_STORE_UNAVAILABLE', {
        detail: { zh: '待写入的请求过多', en: 'Too many writes are waiting for the store' },
      });
    return new Promise((resolve, reject) => {
      queue.push({ entries, extra, resolve, reject });
      // Wait for the rest of this turn of the event loop: whoever is ready now shares the flush.
      if (!draining) {
        draining = true;
        setImmediate(() => void drain());
      }
    });
  }

  async function attempt<State, Result extends JsonObject>(command: Command<State, Result>): Promise<Result> {
    const { actor, idempotency } = command;
    const nowMs = clock.now();
    const at = new Date(nowMs).toISOString();
    let extra: readonly Change[] = [];
    const earlier = idempotency && (await store.get('idempotency', idempotency.id));
    const lapses = earlier?.body['expiresAt'];
    if (idempotency && earlier && typeof lapses === 'string' && lapses > at) {
      if (earlier.body['request'] !== idempotency.request) throw new ComplianceError('ZP_IDEMPOTENCY_MISMATCH');
      return earlier.body['result'] as Result;
    }
    const reader = createWitness(createReader(store, actor.tenant));
    const state = await command.load(reader);
    const { drafts, result } = command.decide(state, at);
    if (drafts.length === 0) return result;
    if (idempotency) {
      const expiresAt = new Date(nowMs + IDEMPOTENCY_MS).toISOString();
      const body = { tenant: actor.tenant, request: idempotency.request, result, expiresAt };
      extra = [{ collection: 'idempotency', id: idempotency.id, expectedVersion: earlier?.version ?? 0, body }];
    }
    const who = { id: actor.id, role: actor.role };
    await enqueue(
      drafts.map((draft) => ({ ...draft, id: newId(), tenant: actor.tenant, at, actor: who, after: reader.latest() })),
      extra,
    );
    return result;
  }

  const execute: Execute = async (command) => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(command);
      } catch (error) {
        if (tries === ATTEMPTS || !isConflict(error)) throw error;
      }
    }
  };
  async function integrate(): Promise<void> {
    for (let turns = 0; turns === 0 || (turns < MOST_TURNS && log.hasMore()); turns++) await enqueue([], []);
  }

  return Object.assign(execute, { integrate });
}
