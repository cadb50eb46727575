import type { Store, StoredRecord } from '../../kernel/store.ts';
import { openRow } from './extent.ts';
import type { Extent } from './extent.ts';
import { at, stuckAfter } from './faults.ts';
import type { FaultList } from './faults.ts';
import { firstUnreadable, readPage } from './reading.ts';
import type { RootCheck } from './roots.ts';
import { below, byCodePoint, seqOf } from './values.ts';

/** The checkpoint rows of a tenant, read beside its entries. */
export interface Checkpoints {
  /** Work through the rows of sizes up to this one; `bound` is the last row id worth reading ahead to. */
  upTo(size: number, bound: string): Promise<void>;
  /** Rows found, valid or not. */
  count(): number;
}

export function createCheckpoints(store: Store, tenant: string, extent: Extent, roots: RootCheck, faults: FaultList): Checkpoints {
  let page: readonly StoredRecord[] = [];
  let next = 0;
  /** The last row worked through. */
  let after = below(tenant);
  let stuck = false;
  let count = 0;

  function invalid(id: string, size: number | undefined): void {
    const detail = { zh: '检查点的签名、来源或大小无效', en: 'The signature, origin or size of the checkpoint is not valid' };
    const named = size === undefined || size === 0 ? { entry: id } : at(tenant, size - 1);
    faults.add({ kind: 'checkpoint-invalid', ...named, detail });
  }

  function passUnreadable(id: string | undefined): void {
    if (id === undefined) {
      stuck = true;
      faults.add(stuckAfter('checkpoints', after));
      return;
    }
    after = id;
    count++;
    invalid(id, seqOf(tenant, id));
  }

  /** Read on; false when there is nothing left up to the bound. */
  async function refill(bound: string): Promise<boolean> {
    if (stuck || byCodePoint(after, bound) >= 0) return false;
    const from = (seqOf(tenant, after) ?? 0) + 1;
    const range = { field: 'id', gt: after, lte: bound };
    const read = await readPage(store, 'checkpoints', range, () => firstUnreadable(store, 'checkpoints', tenant, from, extent.signed()));
    page = read.records;
    next = 0;
    if (read.stuck) passUnreadable(read.stuck.id);
    else if (page.length === 0) after = bound;
    return true;
  }

  /** Without any key there is nothing to open notes with: the head is reported for that, not every row. */
  function open({ id, body }: StoredRecord, own: number | undefined, size: number): void {
    const opened = openRow(tenant, body, extent.trusted);
    if (opened === undefined || opened.size !== own) {
      // Signed before the given key was: the newer roots that it did sign cover the same entries.
      const earlier = opened === undefined ? openRow(tenant, body, extent.head().vkeys) : undefined;
      if (earlier !== undefined && earlier.size === own && earlier.size < (extent.headSigned()?.size ?? 0)) roots.pass();
      else if (extent.trusted.length > 0) invalid(id, own);
    } else if (opened.size === size) {
      roots.check(opened, false);
    }
  }

  return {
    async upTo(size, bound) {
      for (;;) {
        const row = page[next];
        if (row === undefined) {
          if (await refill(bound)) continue;
          return;
        }
        const own = seqOf(tenant, row.id);
        if (own !== undefined && own > size) return;
        next++;
        after = row.id;
        count++;
        open(row, own, size);
      }
    },
    count: () => count,
  };
}
