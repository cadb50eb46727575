import { randomFillSync } from 'node:crypto';

/** A call of the system for each number would cost more than all the hashing of an entry. */
const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Unguessable bytes (随机字节) from the system's generator, fetched ahead. @param count up to 4,096 */
export function randomBytes(count: number): Buffer {
  if (used + count > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  // What was handed out does not stay behind.
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
