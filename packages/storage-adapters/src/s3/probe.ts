import { hash } from 'node:crypto';

import { answerOf } from './failure.ts';
import { optionError } from '../archive-marks.ts';
import type { Bucket } from './bucket.ts';

/** What a server and bucket honour; servers exist that accept a header and ignore it (对象存储能力探测). */
export interface Honoured {
  /** A put on condition that nothing is there is refused when something is. */
  readonly conditionalPut: boolean;
  /** Bytes that do not match the SHA-256 sent along are refused. */
  readonly checksum: boolean;
}

const NOTHING = new Uint8Array();

/** A status of 400 or 501 to a header means that it is not understood. */
function notUnderstood(error: unknown): boolean {
  const { status } = answerOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  return status === 400 || status === 501;
}

async function conditionalPut(bucket: Bucket, key: string): Promise<boolean> {
  const request = { key, bytes: NOTHING, metadata: {}, ifAbsent: true };
  const stored: string[] = [];
  try {
    // The first finds it there from an earlier probe, or makes it.
    for (let tries = 0; tries < 2; tries++) {
      const answer = await bucket.put(request);
      if (answer.outcome === 'exists') return true;
      stored.push(answer.version);
    }
    return false;
  } catch (error) {
    if (notUnderstood(error)) return false;
    throw error;
  } finally {
    // One is left for the next probe where it will be found; elsewhere none would be of use.
    for (const version of stored.length > 1 ? stored : []) await bucket.remove(key, version).catch(() => undefined);
  }
}

async function checksum(bucket: Bucket, key: string): Promise<boolean> {
  try {
    const wrong = hash('sha256', 'other bytes', 'base64');
    const answer = await bucket.put({ key, bytes: NOTHING, metadata: {}, sha256: wrong });
    if (answer.outcome === 'stored') await bucket.remove(key, answer.version).catch(() => undefined);
    return false;
  } catch (error) {
    if (!notUnderstood(error)) throw error;
  }
  try {
    // Refused because it was wrong, or because any is?
    const right = await bucket.put({ key, bytes: NOTHING, metadata: {}, sha256: hash('sha256', NOTHING, 'base64') });
    if (right.outcome === 'stored') await bucket.remove(key, right.version).catch(() => undefined);
    return true;
  } catch (error) {
    if (notUnderstood(error)) return false;
    throw error;
  }
}

/**
 * Find out, by trying under a key of the kit's own.
 * @throws ZP_OPTION_INVALID when the bucket keeps no versions, or no locks though they were asked for
 */
export async function probe(bucket: Bucket, corner: string, wantsLock: boolean): Promise<Honoured> {
  if (wantsLock && !(await bucket.lockable())) {
    throw optionError(
      '存储桶未启用对象锁定（Object Lock）：任何有删除权限者都可删除归档。请新建启用对象锁定的桶，或以 lock: { none: 理由 } 明示',
      'The bucket has no Object Lock, so whoever may delete can delete what is archived. Make one with Object Lock, or say why not in lock: { none: reason }',
    );
  }
  if (!(await bucket.versioned())) {
    throw optionError(
      '存储桶须开启版本控制，否则写入可能覆盖归档',
      'The bucket must keep versions, or a write could overwrite what is archived',
    );
  }
  return { conditionalPut: await conditionalPut(bucket, `${corner}probe`), checksum: await checksum(bucket, `${corner}probe-checksum`) };
}
