import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import type { Change, Store, StoredRecord } from '../kernel/store.ts';

/**
 * Who may number entries (定序租约). A row, taken and kept by compare-and-set: every batch of the holder writes it, so a
 * holder that was overtaken cannot write another batch, however late it wakes. No clock is compared with another: a
 * lease that nobody has written for a while, by the watch of whoever waits, is free.
 */
export interface Lease {
  /**
   * What a batch must write to be the holder's: keeps the lease, or takes a free one. Absent when somebody else holds it.
   * @throws ZP_STORE_UNAVAILABLE
   */
  claim(): Promise<Claim | undefined>;
  /** The batch with this claim is on disk. */
  committed(claim: Claim): void;
  /** The batch failed or its fate is unknown. */
  forget(): void;
  /** Let it go, so that nobody has to wait for it. */
  release(): Promise<void>;
}

export interface Claim {
  readonly change: Change;
  /** Counts the holders: a later one has a higher number. */
  readonly epoch: number;
}

export interface LeaseOptions {
  /** What is leased. Default: the numbering of entries. */
  readonly row?: string;
  /** How long the row must stand still before it counts as free, in ms. Default 3000. */
  readonly ttlMs?: number;
  /** How long the answer "somebody else" is believed, in ms. Default 200. */
  readonly checkMs?: number;
  /** A clock that never goes back, in ms. Default `performance.now`. */
  readonly watch?: () => number;
}

/** The row of the lease by which entries are numbered. */
export const SEQUENCER = 'sequencer';

/**
 * A lease for one process over a store.
 * @param onHalted told of the row when nobody may hold it, because of what was lost
 */
export function createLease(store: Store, options: LeaseOptions = {}, onHalted: (row: StoredRecord) => void = () => undefined): Lease {
  const { row: id = SEQUENCER, ttlMs = 3000, checkMs = 200, watch = () => performance.now() } = options;
  const holder = randomUUID();
  let mine: { readonly version: number; readonly epoch: number } | undefined;
  /** The row as it was last seen to change. */
  let seen: { readonly version: number; readonly at: number } | undefined;
  let asked = Number.NEGATIVE_INFINITY;

  const epochOf = (row: StoredRecord | undefined): number => {
    const epoch = row?.body['epoch'];
    return typeof epoch === 'number' ? epoch : 0;
  };

  /** What is to be written over a row of this version. */
  const over = (version: number, epoch: number): Claim => ({
    change: { collection: 'leases', id, expectedVersion: version, body: { holder, epoch } },
    epoch,
  });

  return {
    async claim() {
      if (mine) return over(mine.version, mine.epoch);
      const at = watch();
      if (at - asked < checkMs) return undefined;
      const row = await store.get('leases', id);
      const version = row?.version ?? 0;
      // Signed entries are missing: nobody may, until that is declared.
      if (row !== undefined && Array.isArray(row.body['losses']) && row.body['losses'].length > 0) {
        asked = at;
        onHalted(row);
        return undefined;
      }
      if (row === undefined || row.body['holder'] === '') return over(version, epochOf(row) + 1);
      // Its own batch, whose answer got lost.
      if (row.body['holder'] === holder) return over(version, epochOf(row));
      if (seen?.version !== version) seen = { version, at };
      else if (at - seen.at >= ttlMs) return over(version, epochOf(row) + 1);
      asked = at;
      return undefined;
    },
    committed({ change, epoch }) {
      mine = { version: change.expectedVersion + 1, epoch };
    },
    forget() {
      mine = undefined;
      asked = Number.NEGATIVE_INFINITY;
    },
    async release() {
      if (mine === undefined) return;
      const { version, epoch } = mine;
      mine = undefined;
      // Whoever took it meanwhile, or a store that is gone, has no use for this.
      await store.commit([{ collection: 'leases', id, expectedVersion: version, body: { holder: '', epoch } }]).catch(() => undefined);
    },
  };
}
