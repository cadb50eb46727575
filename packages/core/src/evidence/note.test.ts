import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createSigner, openCheckpoint } from './note.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const checkpoint = { origin: 'jobs.example/zhengpin/main', size: 7, root: Buffer.alloc(32, 1).toString('base64') };

describe('a signed checkpoint', () => {
  const signer = createSigner('jobs.example/zhengpin', pem);
  const note = signer.sign(checkpoint);

  it('opens with its own verifier key', () => {
    expect(openCheckpoint(note, signer.vkey)).toEqual(checkpoint);
  });

  it('does not open after any change of size or root', () => {
    expect(openCheckpoint(note.replace('\n7\n', '\n8\n'), signer.vkey)).toBeUndefined();
    expect(openCheckpoint(note.replace('AQEB', 'AgEB'), signer.vkey)).toBeUndefined();
  });

  it('does not open with the key of somebody else of the same name', () => {
    const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(openCheckpoint(note, createSigner('jobs.example/zhengpin', other).vkey)).toBeUndefined();
  });

  it('refuses a key that is not Ed25519', () => {
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(() => createSigner('jobs.example', rsa)).toThrow(/ZP_OPTION_INVALID/);
  });
});
