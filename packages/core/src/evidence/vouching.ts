import { canonical } from '../kernel/canonical.ts';
import { isComplianceError } from '../kernel/errors.ts';
import type { JsonObject, Store, StoredRecord } from '../kernel/store.ts';
import { keyInBody, seqOf } from './inbox.ts';
import type { EvidenceLog } from './log.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { openCheckpoint } from './note.ts';
import { commitmentNow, commitsOf } from './verify/rows.ts';

/** Entries remembered as proven: the records of one commit name the same one. */
const REMEMBERED = 1000;

/**
 * Whether the log of a tenant committed to a copy of a record as it is (核对副本): the entry it names is proven against the
 * newest signed checkpoint, and that entry names the record with this very content.
 */
export function createVouching(
  store: Store,
  log: EvidenceLog,
  vkeys: readonly string[],
): (tenant: string, collection: string, record: StoredRecord) => Promise<boolean> {
  const proven = new Map<string, JsonObject>();

  async function entryOf(tenant: string, seq: number): Promise<JsonObject | undefined> {
    const known = proven.get(`${tenant}/${seq}`);
    if (known) return known;
    const { checkpoint, index, entry, proof } = await log.inclusion(tenant, seq);
    const signed = vkeys.map((vkey) => openCheckpoint(checkpoint, vkey)).find((one) => one !== undefined);
    const path = proof.map((hash) => Buffer.from(hash, 'base64'));
    if (signed === undefined || !verifyInclusion(leafHash(canonical(entry)), index, signed.size, path, Buffer.from(signed.root, 'base64')))
      return undefined;
    if (proven.size >= REMEMBERED) proven.clear();
    proven.set(`${tenant}/${seq}`, entry);
    return entry;
  }

  /** An entry that waits for its number is durable, and not signed for yet. */
  async function waitingOf(record: StoredRecord): Promise<JsonObject | undefined> {
    const key = keyInBody(record.body);
    const entry = key === '' ? undefined : (await store.get('inbox', key))?.body['entry'];
    return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? (entry as JsonObject) : undefined;
  }

  return async (tenant, collection, record) => {
    try {
      const seq = await seqOf(store, record.body);
      const entry = seq === undefined ? await waitingOf(record) : await entryOf(tenant, seq);
      const named = entry && commitsOf(entry).find((one) => one.collection === collection && one.id === record.id && !one.removed);
      return named !== undefined && named.hash === commitmentNow(record, collection);
    } catch (error) {
      // A log that has no such entry vouches for nothing; a store that is away is no answer.
      if (isComplianceError(error) && ['ZP_NOT_FOUND', 'ZP_EVIDENCE_BROKEN'].includes(error.code)) return false;
      throw error;
    }
  };
}
