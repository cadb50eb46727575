import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { canonical } from './canonical.ts';
import { ComplianceError } from './errors.ts';

/** What a data key belongs to; authenticated with it, so that a wrapped key put in another's place does not open. */
export interface KeyContext {
  readonly tenant: string;
  /** `account.ID` or `organisation.ID`. */
  readonly subject: string;
}

/** A data key as stored (已包裹的数据密钥): which key-encryption key holds it, and the sealed key itself. */
export interface WrappedKey {
  readonly kek: string;
  readonly key: string;
}

/**
 * Where the key-encryption keys live (密钥端口): small enough for a key management service. Nothing secret passes but
 * data keys of 32 bytes; what the kit stores is only ever {@link WrappedKey}.
 *
 * - `wrap` always uses the key `current` names; `unwrap` takes any key the ring still holds.
 * - Both reject with `ZP_KEYS_UNAVAILABLE` when the service is down or the key is not held. `unwrap` under another
 *   context or of altered bytes rejects with `ZP_SEALED_UNREADABLE`, or as unavailable where a service cannot tell.
 */
export interface Keys {
  /** Id of the key-encryption key that wraps from now on. */
  current(): Promise<string>;
  wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey>;
  unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array>;
}

/** Key-encryption keys by id, and the one in use. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** Length of every key, in bytes. */
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Form of a key's id. */
export const KEY_ID: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function keysUnavailable(zh: string, en: string, cause?: unknown): ComplianceError {
  return new ComplianceError('ZP_KEYS_UNAVAILABLE', { detail: { zh, en }, ...(cause === undefined ? {} : { cause }) });
}

/** AES-256-GCM with a fresh random nonce: nonce, ciphertext and tag in one. */
export function encrypt(key: Uint8Array, plain: Uint8Array, bound: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(bound));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws ZP_SEALED_UNREADABLE for another key, another place, or altered bytes */
export function decrypt(key: Uint8Array, sealed: Uint8Array, bound: string): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new ComplianceError('ZP_SEALED_UNREADABLE');
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()]);
  } catch (cause) {
    throw new ComplianceError('ZP_SEALED_UNREADABLE', { cause });
  }
}

function ringInvalid(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `密钥环：${zh}`, en: `keyring: ${en}` } });
}

/** A ring out of its pairs; the last is current unless one is named. Errors name ids and lines, never a key. */
function ringOf(pairs: readonly (readonly [id: string, key: string])[], current: string | undefined): KeyRing {
  const keys = new Map<string, Uint8Array>();
  for (const [index, [id, text]] of pairs.entries()) {
    if (!KEY_ID.test(id)) throw ringInvalid(`第 ${index + 1} 个密钥的标识无效`, `the id of key ${index + 1} is not valid`);
    if (keys.has(id)) throw ringInvalid(`标识 ${id} 重复`, `the id ${id} is there twice`);
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_BYTES) throw ringInvalid(`密钥 ${id} 不是 32 字节的 base64`, `key ${id} is not 32 bytes in base64`);
    keys.set(id, key);
  }
  const last = current ?? pairs.at(-1)?.[0];
  if (last === undefined || !keys.has(last)) throw ringInvalid('没有当前密钥', 'no current key');
  return { current: last, keys };
}

/**
 * Read a keyring (密钥环): either JSON `{"current": ID, "keys": {ID: BASE64}}`, or one `ID:BASE64` a line (or parted by
 * commas), the last one current, `#` for remarks.
 * @throws ZP_OPTION_INVALID naming what is wrong, never a key
 */
export function parseKeyring(text: string): KeyRing {
  if (!text.trimStart().startsWith('{')) {
    const lines = text.split(/[\n,]/).map((line) => line.trim());
    const pairs = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/:\s*/, 2));
    return ringOf(
      pairs.map(([id = '', key = '']) => [id, key] as const),
      undefined,
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message would quote the text, which holds keys.
    throw ringInvalid('不是有效的 JSON', 'not valid JSON');
  }
  const { current, keys } = parsed as { readonly current?: unknown; readonly keys?: unknown };
  if (typeof keys !== 'object' || keys === null || typeof current !== 'string')
    throw ringInvalid('须有 current 与 keys', 'current and keys are required');
  return ringOf(
    Object.entries(keys).map(([id, key]) => [id, String(key)] as const),
    current,
  );
}

function boundTo(kek: string, { tenant, subject }: KeyContext): string {
  return canonical({ v: 1, kek, tenant, subject });
}

/** Keys over a ring in this process; `again` reads the ring anew when a key is asked for that it lacks. */
export function ringKeys(ring: KeyRing, again?: () => Promise<KeyRing>): Keys {
  let held = ring;
  async function keyOf(id: string): Promise<Uint8Array> {
    if (!held.keys.has(id) && again) held = await again();
    const key = held.keys.get(id);
    if (key === undefined) throw keysUnavailable('没有所需的主密钥', 'The key-encryption key asked for is not held');
    return key;
  }
  return {
    current: async () => held.current,
    async wrap(dataKey, context) {
      const kek = held.current;
      return { kek, key: encrypt(await keyOf(kek), dataKey, boundTo(kek, context)).toString('base64url') };
    },
    async unwrap({ kek, key }, context) {
      return decrypt(await keyOf(kek), Buffer.from(key, 'base64url'), boundTo(kek, context));
    },
  };
}

/** Keys in memory (内存密钥): gone with the process, and with them all that was sealed. For tests and trials. */
export function memoryKeys(ring: KeyRing = { current: 'memory', keys: new Map([['memory', randomBytes(KEY_BYTES)]]) }): Keys {
  return ringKeys(ring);
}

/**
 * Keys from an environment variable (环境变量密钥), in either form of {@link parseKeyring}.
 * @throws ZP_OPTION_INVALID when it is not set or not a keyring
 */
export function environmentKeys(options: {
  readonly variable: string;
  /** Default: the environment of this process. */
  readonly environment?: { readonly [name: string]: string | undefined };
}): Keys {
  const { variable, environment = process.env } = options;
  const text = environment[variable];
  if (text === undefined || text === '') throw ringInvalid(`环境变量 ${variable} 未设置`, `the variable ${variable} is not set`);
  return ringKeys(parseKeyring(text));
}

/** The two calls of a key management service that are needed (密钥管理服务). */
export interface KmsCalls {
  /** Id of the master key to wrap by from now on; asked for at every wrap, so it may change. */
  keyId(): string | Promise<string>;
  /** `context` is the service's encryption context. */
  encrypt(request: { readonly keyId: string; readonly plaintext: Uint8Array; readonly context: KeyContext }): Promise<Uint8Array>;
  decrypt(request: { readonly keyId: string; readonly ciphertext: Uint8Array; readonly context: KeyContext }): Promise<Uint8Array>;
}

/**
 * Keys in a key management service (密钥管理服务), by its own encrypt and decrypt; no software kit is a dependency. With
 * AWS KMS: `encrypt: async ({ keyId, plaintext, context }) => (await kms.send(new EncryptCommand({ KeyId: keyId,
 * Plaintext: plaintext, EncryptionContext: { ...context } }))).CiphertextBlob`; Alibaba Cloud KMS takes the same
 * context as `EncryptionContext`. Data keys are cached, so the service is asked once a subject and process.
 */
export function kmsKeys(calls: KmsCalls): Keys {
  function failed(cause: unknown): ComplianceError {
    return keysUnavailable('密钥管理服务未能完成请求', 'The key management service did not do it', cause);
  }
  return {
    current: async () => calls.keyId(),
    async wrap(plaintext, context) {
      try {
        const kek = await calls.keyId();
        return { kek, key: Buffer.from(await calls.encrypt({ keyId: kek, plaintext, context })).toString('base64url') };
      } catch (error) {
        throw failed(error);
      }
    },
    async unwrap({ kek, key }, context) {
      try {
        return await calls.decrypt({ keyId: kek, ciphertext: Buffer.from(key, 'base64url'), context });
      } catch (error) {
        throw failed(error);
      }
    },
  };
}
