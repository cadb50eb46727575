import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';

import { ComplianceError } from './errors.ts';
import { KEY_BYTES, KEY_ID, keysUnavailable, parseKeyring, ringKeys } from './keys.ts';
import type { KeyRing, Keys } from './keys.ts';

/** Read and write bits of group and others: nobody else may read a keyring. */
const OTHERS = 0o077;

function read(path: string): KeyRing {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw keysUnavailable(`无法打开密钥环 ${path}`, `The keyring ${path} cannot be opened`, cause);
  }
  try {
    // Asked of the open file, so that it is the file that is read.
    if (process.platform !== 'win32' && (fstatSync(file).mode & OTHERS) !== 0) {
      throw new ComplianceError('ZP_OPTION_INVALID', {
        detail: { zh: `密钥环 ${path} 他人可读，须 chmod 600`, en: `The keyring ${path} is open to others: chmod 600` },
      });
    }
    return parseKeyring(readFileSync(file, 'utf8'));
  } finally {
    closeSync(file);
  }
}

/**
 * Replace a file in one step: a reader sees the old ring or the new one, a crash leaves one of them. The next ring is
 * made while its file is held, so that of two who add a key at once neither loses the other's.
 */
function replace(path: string, make: () => KeyRing): void {
  const next = `${path}.next`;
  let file: number;
  try {
    file = openSync(next, 'wx', 0o600);
  } catch (cause) {
    throw keysUnavailable(`无法写入 ${next}：可能正在被更改`, `${next} cannot be made: the ring may be changing just now`, cause);
  }
  try {
    const { current, keys } = make();
    const texts = Object.fromEntries([...keys].map(([id, key]) => [id, Buffer.from(key).toString('base64')]));
    writeSync(file, `${JSON.stringify({ current, keys: texts }, undefined, 2)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * Keys in a file only its owner may read (密钥环文件), in either form of `parseKeyring`. A key added to the file is found
 * when something wrapped by it is first met, without a restart.
 * @throws ZP_OPTION_INVALID for a file others may read or that is no keyring; ZP_KEYS_UNAVAILABLE when it cannot be opened
 */
export function fileKeyring(options: { readonly path: string }): Keys {
  const { path } = options;
  return ringKeys(read(path), async () => read(path));
}

/**
 * Add a new key to a keyring and make it current (增加主密钥), in one step; earlier keys stay, so that what they wrapped
 * still opens. A file that is not there is made, with mode 0600.
 * @returns the new key's id
 * @throws ZP_OPTION_INVALID for an id in use or a file that is no keyring
 */
export function addKey(options: { readonly path: string; readonly id: string }): string {
  const { path, id } = options;
  replace(path, () => {
    const before = existsSync(path) ? read(path).keys : new Map<string, Uint8Array>();
    if (before.has(id) || !KEY_ID.test(id)) {
      const detail = { zh: `密钥标识 ${id} 无效或已使用`, en: `The key id ${id} is not valid or taken` };
      throw new ComplianceError('ZP_OPTION_INVALID', { detail });
    }
    return { current: id, keys: new Map([...before, [id, randomBytes(KEY_BYTES)]]) };
  });
  return id;
}
