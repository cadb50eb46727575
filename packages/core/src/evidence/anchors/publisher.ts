import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../../kernel/clock.ts';
import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import type { Store } from '../../kernel/store.ts';
import { withSignatures } from '../cosignature.ts';
import { createLease } from '../lease.ts';
import type { LeaseOptions } from '../lease.ts';
import { rowId, storedNodes } from '../stored.ts';
import { consistencyPath } from '../merkle.ts';
import { anchorError, isAnchorName, rolledBack } from './anchor.ts';
import type { Anchor, AnchorCode, AnchoredCheckpoint, AnchorReceipt } from './anchor.ts';
import { anchorRowId, anchorRows, changeAnchorRow } from './rows.ts';
import type { AnchorRow, AnchorTrouble } from './rows.ts';

/** Where checkpoints go outside, and when being late is a finding (外存配置). */
export interface Anchoring {
  readonly to: readonly Anchor[];
  /** At most one checkpoint of a log in this time, and one at closing; in ms. Default 60,000. */
  readonly intervalMs?: number;
  /** How long an entry may wait for an anchor before that is a finding, in ms. Default 600,000. */
  readonly maxLagMs?: number;
  /** How many entries may. Default any number. */
  readonly maxLagEntries?: number;
  /** How long an anchor may take to answer, in ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told once when an anchor gets into trouble of a new kind. Default: a warning of the process. */
  readonly warn?: (tenant: string, anchor: string, trouble: AnchorTrouble) => void;
}

/** Hands checkpoints to anchors at intervals (检查点发布). */
export interface Publisher {
  /** One turn now; the timer takes its own. Never rejects. */
  turn(): Promise<void>;
  /** A last turn, and none after it; waits no longer than some seconds for anchors that do not answer. */
  stop(): Promise<void>;
}

export interface PublisherContext {
  readonly store: Store;
  readonly clock: Clock;
  /** For tests: waits between attempts in ms, and the lease. */
  readonly retriesMs?: readonly number[];
  readonly lease?: LeaseOptions;
}

const OPTIONS = ['to', 'intervalMs', 'maxLagMs', 'maxLagEntries', 'timeoutMs', 'warn'];
const RETRIES_MS: readonly number[] = [500, 2000];
const FIRST_MS = 1000;
const CLOSING_MS = 5000;
const LEAST_LEASE_MS = 10_000;
const RECEIPT_LENGTH = 1000;
const PAGE = 500;

/** @throws ZP_OPTION_INVALID naming what is wrong */
function checkAnchoring(anchoring: Anchoring): void {
  const { to, intervalMs = 1, maxLagMs = 1, maxLagEntries = 1, timeoutMs = 1 } = anchoring;
  const names = to.map(({ name }) => name);
  const wrong =
    Object.keys(anchoring).find((key) => !OPTIONS.includes(key)) ??
    ([intervalMs, maxLagMs, maxLagEntries, timeoutMs].every((n) => Number.isSafeInteger(n) && n > 0) ? undefined : 'intervalMs …') ??
    names.find((name, i) => !isAnchorName(name) || names.indexOf(name) !== i);
  if (wrong === undefined) return;
  throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `anchors 无效：${wrong}`, en: `not valid in anchors: ${wrong}` } });
}

function warnProcess(tenant: string, anchor: string, { code, detail }: AnchorTrouble): void {
  process.emitWarning(`锚点 ${anchor}（${tenant}）：${detail.zh} / anchor ${anchor} (${tenant}): ${detail.en}`, {
    type: 'ZhengpinAnchor',
    code,
  });
}

/** What an anchor threw, as trouble; of an unknown error nothing is repeated. */
function failureOf(error: unknown): { readonly code: AnchorCode; readonly detail: AnchorTrouble['detail'] } {
  if (isComplianceError(error) && error.code.startsWith('ZP_ANCHOR_')) return { code: error.code as AnchorCode, detail: error.detail };
  return { code: 'ZP_ANCHOR_UNAVAILABLE', detail: { zh: '发布检查点时出错', en: 'Publishing the checkpoint failed' } };
}

/** Whoever does not heed the signal is not waited for either. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = (): Error => anchorError('ZP_ANCHOR_UNAVAILABLE', '锚点未在时限内应答', 'The anchor did not answer in time');
  if (signal.aborted) {
    work.catch(() => undefined);
    throw late();
  }
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(late());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

async function* checkpointsOf(store: Store): AsyncGenerator<AnchoredCheckpoint, void, undefined> {
  for (let cursor: string | undefined; ;) {
    const page = await store.find('evidenceHeads', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id: tenant, body } of page.records) {
      const { size, checkpoint: note } = body;
      if (typeof size !== 'number' || typeof note !== 'string' || size === 0) continue;
      yield {
        tenant,
        origin: note.slice(0, note.indexOf('\n')),
        size,
        note,
        async consistency(from) {
          const path = await consistencyPath(storedNodes(store, tenant), from, size);
          return path.map((node) => Buffer.from(node).toString('base64'));
        },
      };
    }
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** Signatures of others are kept with the checkpoint they are about. */
async function keepSignatures(store: Store, { tenant, size }: AnchoredCheckpoint, lines: string): Promise<void> {
  const id = rowId(tenant, size);
  for (let tries = 0; ; tries++) {
    const stored = await store.get('checkpoints', id);
    const note = stored?.body['note'];
    if (stored === undefined || typeof note !== 'string' || withSignatures(note, lines) === note) return;
    const body = { ...stored.body, note: withSignatures(note, lines) };
    try {
      return await store.commit([{ collection: 'checkpoints', id, expectedVersion: stored.version, body }]);
    } catch (error) {
      if (tries >= 3 || !isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
    }
  }
}

/**
 * Hands the newest checkpoint of every log to every anchor, apart from all requests: an anchor that is down holds up
 * nobody. One process of a fleet publishes, whoever holds the lease `publisher`. How far each anchor has come is kept in
 * the store, so that the next process goes on from there. Keeps no process alive.
 * @throws ZP_OPTION_INVALID for anchors that are not set up right
 */
export function startPublisher(anchoring: Anchoring, context: PublisherContext): Publisher {
  checkAnchoring(anchoring);
  const { to, intervalMs = 60_000, maxLagMs = 600_000, maxLagEntries, timeoutMs = 10_000, warn = warnProcess } = anchoring;
  const { store, clock, retriesMs = RETRIES_MS } = context;
  const lease = createLease(store, { row: 'publisher', ttlMs: Math.max(3 * intervalMs, LEAST_LEASE_MS), ...context.lease });
  const limits = { maxLagMs, ...(maxLagEntries === undefined ? {} : { maxLagEntries }) };
  /** Logs each anchor was asked about by this process: the first time also when the store says that it is up to date. */
  const asked = new Set<string>();
  const closing = new AbortController();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const now = (): string => new Date(clock.now()).toISOString();

  async function attempt(anchor: Anchor, checkpoint: AnchoredCheckpoint, known: number): Promise<AnchorReceipt> {
    for (let tries = 0; ; tries++) {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing.signal]);
      try {
        return await within(anchor.publish(checkpoint, { known, signal }), signal);
      } catch (error) {
        const wait = retriesMs[tries];
        if (wait === undefined || closing.signal.aborted || failureOf(error).code !== 'ZP_ANCHOR_UNAVAILABLE') throw error;
        await sleep(wait, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** @returns whether the anchor answers */
  async function publish(anchor: Anchor, checkpoint: AnchoredCheckpoint, row: AnchorRow | undefined): Promise<boolean> {
    const { tenant, size } = checkpoint;
    const base = { tenant, anchor: anchor.name, ...limits };
    try {
      const known = row?.size ?? 0;
      if (known > size) throw rolledBack(known, size);
      const { cosignatures, receipt } = await attempt(anchor, checkpoint, known);
      if (cosignatures !== undefined) await keepSignatures(store, checkpoint, cosignatures);
      const kept = {
        ...(receipt === undefined ? {} : { receipt: receipt.slice(0, RECEIPT_LENGTH) }),
        ...(cosignatures === undefined ? {} : { cosigns: true as const }),
      };
      await changeAnchorRow(store, tenant, anchor.name, () => ({ ...base, size, at: now(), ...kept }));
      return true;
    } catch (error) {
      const failure = failureOf(error);
      const isNew = row?.trouble?.code !== failure.code;
      const trouble = { ...failure, since: isNew ? now() : (row?.trouble?.since ?? now()) };
      if (isNew) warn(tenant, anchor.name, trouble);
      await changeAnchorRow(store, tenant, anchor.name, (before) => {
        const { retired: _retired, ...kept } = before ?? { size: 0, at: '' };
        return { ...kept, ...base, trouble };
      });
      return failure.code !== 'ZP_ANCHOR_UNAVAILABLE';
    }
  }

  async function publishAll(anchor: Anchor, rows: ReadonlyMap<string, AnchorRow>): Promise<void> {
    for await (const checkpoint of checkpointsOf(store)) {
      const id = anchorRowId(checkpoint.tenant, anchor.name);
      const row = rows.get(id);
      const isCurrent = row?.size === checkpoint.size && row.trouble === undefined && row.retired === undefined;
      if (isCurrent && asked.has(id)) continue;
      // One that does not answer for the first log will not for the next thousand.
      if (!(await publish(anchor, checkpoint, row))) return;
      asked.add(id);
    }
  }

  async function isPublisher(): Promise<boolean> {
    const claim = await lease.claim();
    if (claim === undefined) return false;
    try {
      await store.commit([claim.change]);
      lease.committed(claim);
      return true;
    } catch {
      lease.forget();
      return false;
    }
  }

  async function publishOnce(): Promise<void> {
    if (!(await isPublisher())) return;
    const rows = new Map<string, AnchorRow>();
    const names = new Set(to.map(({ name }) => name));
    for await (const { row } of anchorRows(store)) {
      rows.set(anchorRowId(row.tenant, row.anchor), row);
      if (!names.has(row.anchor) && row.retired === undefined)
        await changeAnchorRow(store, row.tenant, row.anchor, (before) => ({ ...(before ?? row), retired: now() }));
    }
    await Promise.allSettled(to.map((anchor) => publishAll(anchor, rows)));
  }

  async function turn(): Promise<void> {
    // What a turn could not do is done by the next one: how late it is shows in the states.
    running = running.then(() => publishOnce().catch(() => undefined));
    await running;
  }

  function schedule(waitMs: number): void {
    if (isStopped) return;
    timer = setTimeout(() => void turn().then(() => schedule(intervalMs)), waitMs);
    timer.unref();
  }

  schedule(Math.min(intervalMs, FIRST_MS));
  return {
    turn,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      clearTimeout(timer);
      const deadline = setTimeout(() => closing.abort(), CLOSING_MS);
      await turn();
      clearTimeout(deadline);
      await lease.release();
    },
  };
}
