import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createCosigner, isWitnessKey, openCosignature, withSignatures } from './cosignature.ts';
import { createSigner, openCheckpoint } from './note.ts';

const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const root = Buffer.alloc(32, 1).toString('base64');
const signer = createSigner('jobs.example', pem());
const note = signer.sign({ origin: 'jobs.example/main', size: 7, root });
const witness = createCosigner('witness.example/w1', pem());

describe('a cosignature', () => {
  it('verifies with its time, and leaves the note a checkpoint of its log', () => {
    const line = witness.cosign(note, 1_790_000_000);
    const whole = withSignatures(note, line);
    expect(openCosignature(whole, witness.vkey)).toEqual({ name: 'witness.example/w1', time: 1_790_000_000, line });
    expect(openCosignature(note, witness.vkey, line)?.time).toBe(1_790_000_000);
    expect(openCheckpoint(whole, signer.vkey)).toMatchObject({ size: 7 });
    expect(withSignatures(whole, line)).toBe(whole);
  });

  it('is nobody else’s, of no other note and of no other time', () => {
    const line = witness.cosign(note, 1_790_000_000);
    const other = createCosigner('witness.example/w1', pem());
    expect(openCosignature(note, other.vkey, line)).toBeUndefined();
    expect(openCosignature(note.replace('\n7\n', '\n8\n'), witness.vkey, line)).toBeUndefined();
    const bytes = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64');
    bytes.writeUInt8(1 + bytes.readUInt8(11), 11);
    expect(openCosignature(note, witness.vkey, `— witness.example/w1 ${bytes.toString('base64')}\n`)).toBeUndefined();
    expect(openCosignature(note, witness.vkey, 'nonsense\n— witness.example/w1 AAAA\n')).toBeUndefined();
    expect(openCosignature(note, witness.vkey)).toBeUndefined();
  });

  it('counts by its newest time when a witness has signed twice', () => {
    const lines = witness.cosign(note, 1_790_000_000) + witness.cosign(note, 1_790_000_060) + witness.cosign(note, 1_790_000_030);
    expect(openCosignature(note, witness.vkey, lines)?.time).toBe(1_790_000_060);
  });

  it('has the key and the form of the example in C2SP tlog-cosignature', () => {
    // Only the layout: four bytes of key id, eight of time, sixty-four of signature.
    const text = 'jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==';
    const own = Buffer.from(witness.cosign(note, 1_679_315_147).trim().split(' ')[2] ?? '', 'base64');
    const theirs = Buffer.from(text, 'base64');
    expect(own.length).toBe(theirs.length);
    expect(own.subarray(4, 12)).toEqual(theirs.subarray(4, 12));
  });
});

describe('the key of a witness', () => {
  it('is told from a key that signs logs, and from one that was mistyped', () => {
    expect(isWitnessKey(witness.vkey)).toBe(true);
    expect(isWitnessKey(signer.vkey)).toBe(false);
    expect(isWitnessKey(witness.vkey.replace('w1', 'w2'))).toBe(false);
    expect(() => createCosigner('a b', pem())).toThrow(/ZP_OPTION_INVALID/);
    expect(() => createCosigner('w', 'no key')).toThrow(/ZP_OPTION_INVALID/);
  });
});
