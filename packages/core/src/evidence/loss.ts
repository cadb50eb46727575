import { setTimeout as sleep } from 'node:timers/promises';

import { isComplianceError } from '../kernel/errors.ts';
import type { JsonObject, Store, StoredRecord } from '../kernel/store.ts';
import { SEQUENCER } from './lease.ts';

/**
 * Entries that were signed and that the store no longer has (证据尾部丢失), as after a fail-over to a copy that lagged or
 * a backup restored under a running platform. Kept in the row of the lease: while one is there nobody numbers entries,
 * so that no number is signed for twice in silence; what is decided meanwhile is durable and waits in the inbox.
 */
export interface Loss {
  readonly tenant: string;
  /** Entries the log had when it was found out. */
  readonly size: number;
  /** Entries that had been signed. */
  readonly signed: number;
  /** The signed checkpoint that says so. */
  readonly note: string;
  /** When the store had acknowledged it, an instant. */
  readonly at: string;
}

const TRIES = 20;

/** The losses the row of the lease tells of. */
export function lossesIn(row: StoredRecord | undefined): readonly Loss[] {
  const losses = row?.body['losses'];
  if (!Array.isArray(losses)) return [];
  return losses.filter((loss): loss is JsonObject & Loss => {
    const { tenant, size, signed, note, at } = (loss ?? {}) as { readonly [field: string]: unknown };
    return [tenant, note, at].every((text) => typeof text === 'string') && [size, signed].every(Number.isSafeInteger);
  });
}

/** What the store is known to have lost and nobody has declared yet. @throws ZP_STORE_UNAVAILABLE */
export async function readLosses(store: Store): Promise<readonly Loss[]> {
  return lossesIn(await store.get('leases', SEQUENCER));
}

/** Rewrite the losses by compare-and-set on the row of the lease; the holder, if there is one, is overtaken by that. */
async function change(store: Store, next: (known: readonly Loss[]) => Promise<readonly Loss[]>): Promise<readonly Loss[]> {
  for (let tries = 1; ; tries++) {
    // Read first: nobody can have numbered anything between this and a commit that succeeds.
    const row = await store.get('leases', SEQUENCER);
    const known = lossesIn(row);
    const losses = await next(known);
    if (losses.length === known.length && losses.every((loss, i) => loss === known[i])) return losses;
    const epoch = row?.body['epoch'];
    const body = { holder: '', epoch: (typeof epoch === 'number' ? epoch : 0) + 1, losses: losses.map((loss) => ({ ...loss })) };
    try {
      await store.commit([{ collection: 'leases', id: SEQUENCER, expectedVersion: row?.version ?? 0, body }]);
      return losses;
    } catch (error) {
      if (tries === TRIES || !isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
      await sleep(5 * tries);
    }
  }
}

/**
 * Stop numbering because of what was lost. `find` looks again at every try, from what the store has by then: a copy that
 * was merely read late is no loss.
 * @returns what is now known to be lost
 */
export async function haltFor(store: Store, find: () => Promise<readonly Loss[]>): Promise<readonly Loss[]> {
  return change(store, async (known) => {
    const found = await find();
    const isNew = (loss: Loss): boolean => known.every(({ tenant, signed }) => tenant !== loss.tenant || signed < loss.signed);
    const fresh = found.filter(isNew);
    return [...known.filter(({ tenant }) => fresh.every((loss) => loss.tenant !== tenant)), ...fresh];
  });
}

/** A loss has been declared; with the last one gone, entries are numbered again. */
export async function settleLoss(store: Store, tenant: string, signed: number): Promise<void> {
  await change(store, async (known) => known.filter((loss) => loss.tenant !== tenant || loss.signed !== signed));
}

/** Tell whoever runs the platform. */
export function warnOfLosses(losses: readonly Loss[]): void {
  for (const { tenant, size, signed } of losses) {
    process.emitWarning(
      `证据日志 ${tenant} 已签名至 ${signed} 条而存储只有 ${size} 条，已停止编号，须声明丢失 / ` +
        `the log ${tenant} was signed up to ${signed} entries and the store has ${size}: numbering has stopped until the loss is declared`,
      { type: 'ZhengpinEvidence', code: 'ZP_EVIDENCE_BROKEN' },
    );
  }
}
