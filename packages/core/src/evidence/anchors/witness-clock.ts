import type { Store } from '../../kernel/store.ts';
import type { TimeSource } from '../../kernel/time-source.ts';
import { openCosignature } from '../cosignature.ts';
import { rowId } from '../stored.ts';
import { anchorRows } from './rows.ts';

/**
 * The time at which a witness outside last signed a checkpoint (外部检查点): a clock before it was set back.
 * @param vkey verifier key of the witness, kept apart from the store
 */
export function witnessClock(store: Store, vkey: string): TimeSource {
  return {
    name: 'witness',
    async read(tenant) {
      let size = 0;
      for await (const { row } of anchorRows(store, tenant)) if (row.cosigns === true) size = Math.max(size, row.size);
      const note = size === 0 ? undefined : (await store.get('checkpoints', rowId(tenant, size)))?.body['note'];
      const signed = typeof note === 'string' ? openCosignature(note, vkey) : undefined;
      return signed && { notBefore: signed.time * 1000 };
    },
  };
}
