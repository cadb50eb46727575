import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { keysConformance } from '../conformance/keys.ts';
import type { KeysUnderTest } from '../conformance/keys.ts';
import { addKey, fileKeyring } from './file-keyring.ts';
import { decrypt, encrypt, environmentKeys, kmsKeys, memoryKeys, parseKeyring } from './keys.ts';
import type { Keys } from './keys.ts';

const ONE = Buffer.alloc(32, 1).toString('base64');
const TWO = Buffer.alloc(32, 2).toString('base64');

function temporary(): string {
  return join(mkdtempSync(join(tmpdir(), 'zp-keys-')), 'keyring.json');
}

/** A key service that binds the context, as real ones do, and knows nothing of this kit. */
function service(): Keys & { add(): void } {
  const masters = new Map([['arn:1', Buffer.alloc(32, 9)]]);
  const held = (id: string): Buffer => {
    const key = masters.get(id);
    if (key === undefined) throw new Error('NotFoundException');
    return key;
  };
  const keys = kmsKeys({
    keyId: () => [...masters.keys()].at(-1) ?? '',
    encrypt: async ({ keyId, plaintext, context }) => encrypt(held(keyId), plaintext, JSON.stringify(context)),
    decrypt: async ({ keyId, ciphertext, context }) => decrypt(held(keyId), ciphertext, JSON.stringify(context)),
  });
  return { ...keys, add: () => void masters.set(`arn:${masters.size + 1}`, Buffer.alloc(32, masters.size)) };
}

const services = new Map<Keys, () => void>();
const paths = new Map<Keys, string>();

const SUBJECTS: Readonly<Record<string, KeysUnderTest>> = {
  memory: {
    create: async () => memoryKeys(parseKeyring(`one:${ONE}`)),
    rotate: async () => memoryKeys(parseKeyring(`one:${ONE}\ntwo:${TWO}`)),
  },
  environment: {
    create: async () => environmentKeys({ variable: 'KEYS', environment: { KEYS: `one:${ONE}` } }),
    rotate: async () => environmentKeys({ variable: 'KEYS', environment: { KEYS: `one:${ONE},two:${TWO}` } }),
  },
  'file keyring': {
    async create() {
      const path = temporary();
      addKey({ path, id: 'one' });
      const keys = fileKeyring({ path });
      paths.set(keys, path);
      return keys;
    },
    async rotate(keys) {
      const path = paths.get(keys) ?? '';
      addKey({ path, id: 'two' });
      return fileKeyring({ path });
    },
  },
  'key management service': {
    async create() {
      const keys = service();
      services.set(keys, keys.add);
      return keys;
    },
    async rotate(keys) {
      services.get(keys)?.();
      return keys;
    },
  },
};

describe.each(Object.entries(SUBJECTS))('%s', (_name, subject) => {
  for (const { name, run } of keysConformance) it(name, () => run(subject));
});

describe('keyring', () => {
  it('reads JSON and lines alike', () => {
    const lines = parseKeyring(`# ring\none:${ONE}\ntwo: ${TWO}\n`);
    expect(lines).toEqual(parseKeyring(JSON.stringify({ current: 'two', keys: { one: ONE, two: TWO } })));
    expect(lines.current).toBe('two');
  });

  it.each([
    '',
    '{',
    '{}',
    `{"current":"two","keys":{"one":"${ONE}"}}`,
    'one:short',
    `one:${ONE}\none:${TWO}`,
    `bad id:${ONE}`,
    `{"current":"one","keys":{"one":"${ONE}`,
  ])('refuses %j without quoting a key', (text) => {
    let message = '';
    try {
      parseKeyring(text);
    } catch (error) {
      message = String(error) + JSON.stringify(error);
    }
    expect(message).toContain('ZP_OPTION_INVALID');
    expect(message).not.toContain(ONE.slice(0, 12));
  });

  it('makes a file for its owner only and refuses one that others may read', () => {
    const path = temporary();
    addKey({ path, id: 'one' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    expect(() => fileKeyring({ path })).toThrow('chmod 600');
    expect(() => addKey({ path, id: 'two' })).toThrow('chmod 600');
    expect(existsSync(`${path}.next`)).toBe(false);
  });

  it('adds a key without losing one, and not twice under one id', () => {
    const path = temporary();
    addKey({ path, id: 'one' });
    const before = parseKeyring(readFileSync(path, 'utf8'));
    addKey({ path, id: 'two' });
    const after = parseKeyring(readFileSync(path, 'utf8'));
    expect(after.current).toBe('two');
    expect(after.keys.get('one')).toEqual(before.keys.get('one'));
    expect(() => addKey({ path, id: 'one' })).toThrow('one');
  });

  it('leaves the ring as it is while somebody else changes it', () => {
    const path = temporary();
    addKey({ path, id: 'one' });
    writeFileSync(`${path}.next`, '');
    const before = readFileSync(path, 'utf8');
    expect(() => addKey({ path, id: 'two' })).toThrow('may be changing');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('finds a key added to the file after it was read', async () => {
    const path = temporary();
    addKey({ path, id: 'one' });
    const running = fileKeyring({ path });
    addKey({ path, id: 'two' });
    const context = { tenant: 'main', subject: 'account.a' };
    const wrapped = await fileKeyring({ path }).wrap(Buffer.alloc(32, 5), context);
    expect(wrapped.kek).toBe('two');
    expect(Buffer.from(await running.unwrap(wrapped, context))).toEqual(Buffer.alloc(32, 5));
  });
});
