import assert from 'node:assert/strict';

import { isComplianceError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Keys } from '../kernel/keys.ts';

/** How a case of the list gets its keys (被测密钥). */
export interface KeysUnderTest {
  /** Fresh keys with one key-encryption key. */
  create(): Promise<Keys>;
  /** Make another key-encryption key current, keep the earlier ones, and give keys over all of them. */
  rotate(keys: Keys): Promise<Keys>;
}

export interface KeysConformanceCase {
  /** A sentence, fit to be the name of a test. */
  readonly name: string;
  /** Rejects with an AssertionError when the promise is not kept. */
  run(subject: KeysUnderTest): Promise<void>;
}

const DATA_KEY = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const CONTEXT = { tenant: 'main', subject: 'account.a' };

async function refuses(codes: readonly ErrorCode[], work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(isComplianceError(error) && codes.includes(error.code), `expected ${codes.join(' or ')}, got ${String(error)}`);
    return true;
  });
}

const NOT_OPENED: readonly ErrorCode[] = ['ZP_SEALED_UNREADABLE', 'ZP_KEYS_UNAVAILABLE'];

/**
 * What every implementation of the keys port must keep (密钥一致性清单). It needs no test runner:
 * `for (const c of keysConformance) it(c.name, () => c.run(subject))`.
 */
export const keysConformance: readonly KeysConformanceCase[] = [
  {
    name: 'opens what it wrapped, and names the key it wrapped by',
    async run({ create }) {
      const keys = await create();
      const wrapped = await keys.wrap(DATA_KEY, CONTEXT);
      assert.equal(wrapped.kek, await keys.current());
      assert.deepEqual(Uint8Array.from(await keys.unwrap(wrapped, CONTEXT)), DATA_KEY);
    },
  },
  {
    name: 'wraps the same data key differently each time, never in clear',
    async run({ create }) {
      const keys = await create();
      const [one, two] = [await keys.wrap(DATA_KEY, CONTEXT), await keys.wrap(DATA_KEY, CONTEXT)];
      assert.notEqual(one.key, two.key);
      assert.ok(!Buffer.from(one.key, 'base64url').includes(Buffer.from(DATA_KEY)));
    },
  },
  {
    name: 'refuses a wrapped key in the place of another tenant or subject',
    async run({ create }) {
      const keys = await create();
      const wrapped = await keys.wrap(DATA_KEY, CONTEXT);
      await refuses(NOT_OPENED, keys.unwrap(wrapped, { ...CONTEXT, tenant: 'other' }));
      await refuses(NOT_OPENED, keys.unwrap(wrapped, { ...CONTEXT, subject: 'account.b' }));
    },
  },
  {
    name: 'refuses altered bytes, cut bytes and none',
    async run({ create }) {
      const keys = await create();
      const { kek, key } = await keys.wrap(DATA_KEY, CONTEXT);
      const bytes = Buffer.from(key, 'base64url');
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      for (const other of [bytes.toString('base64url'), key.slice(0, 12), ''])
        await refuses(NOT_OPENED, keys.unwrap({ kek, key: other }, CONTEXT));
    },
  },
  {
    name: 'refuses a key-encryption key it does not hold',
    async run({ create }) {
      const keys = await create();
      const { key } = await keys.wrap(DATA_KEY, CONTEXT);
      await refuses(['ZP_KEYS_UNAVAILABLE'], keys.unwrap({ kek: 'nobody-has-this', key }, CONTEXT));
    },
  },
  {
    name: 'wraps by the newest key after a rotation and still opens what the earlier one wrapped',
    async run({ create, rotate }) {
      const before = await create();
      const old = await before.wrap(DATA_KEY, CONTEXT);
      const keys = await rotate(before);
      const fresh = await keys.wrap(DATA_KEY, CONTEXT);
      assert.notEqual(fresh.kek, old.kek);
      assert.equal(fresh.kek, await keys.current());
      for (const wrapped of [old, fresh]) assert.deepEqual(Uint8Array.from(await keys.unwrap(wrapped, CONTEXT)), DATA_KEY);
    },
  },
];
