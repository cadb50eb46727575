import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { ComplianceError } from '../kernel/errors.ts';

/** A witness's word for a checkpoint (见证签名): C2SP tlog-cosignature, Ed25519 (`cosignature/v1`). */
export interface Cosignature {
  /** Name of the witness. */
  readonly name: string;
  /** When it was given, by the clock of the witness; seconds since the Unix epoch. */
  readonly time: number;
  /** The signature line, with its line feed. */
  readonly line: string;
}

/** The key of a witness (见证者). */
export interface Cosigner {
  readonly name: string;
  /** Verifier key in vkey form: `<name>+<8 hex>+<base64>`. */
  readonly vkey: string;
  /**
   * @param note a signed checkpoint; what it says must have been checked before
   * @param time seconds since the Unix epoch
   * @returns one signature line
   */
  cosign(note: string, time: number): string;
}

const COSIGNATURE_V1 = 4;
const NAME = /^[^\s+]{1,200}$/u;
const VKEY = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/u;
const TIME_AT = 4;
const SIGNATURE_AT = 12;
const LENGTH = SIGNATURE_AT + 64;

function keyId(name: string, publicKey: Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([COSIGNATURE_V1]), publicKey]);
  return hash('sha256', text, 'buffer').subarray(0, 4);
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}

/** What is signed of a note: its text, without any signature. */
function messageOf(note: string, time: bigint): Buffer | undefined {
  const cut = note.lastIndexOf('\n\n');
  return cut < 0 ? undefined : Buffer.from(`cosignature/v1\ntime ${time}\n${note.slice(0, cut + 1)}`);
}

/**
 * The key of a witness over an Ed25519 private key in PKCS #8 PEM; it must not be one that signs logs.
 * @throws ZP_OPTION_INVALID for another kind of key or a name with spaces or `+`
 */
export function createCosigner(name: string, privateKeyPem: string): Cosigner {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch {
    // Told below, without a word of what was in the text.
  }
  if (!NAME.test(name) || key?.asymmetricKeyType !== 'ed25519') {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: {
        zh: '见证者名称不得含空白或加号，私钥须为 PEM 格式的 Ed25519',
        en: 'A witness has a name without white space or "+" and an Ed25519 key in PEM',
      },
    });
  }
  const own = key;
  const publicKey = rawPublicKey(createPublicKey(own));
  const id = keyId(name, publicKey);
  return {
    name,
    vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.from([COSIGNATURE_V1]), publicKey]).toString('base64')}`,
    cosign(note, time) {
      const message = messageOf(note, BigInt(time));
      if (message === undefined) throw new RangeError('not a signed note');
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      return `— ${name} ${Buffer.concat([id, stamp, sign(null, message, own)]).toString('base64')}\n`;
    },
  };
}

interface WitnessKey {
  readonly name: string;
  readonly id: string;
  readonly key: KeyObject;
}

function openVkey(vkey: string): WitnessKey | undefined {
  const [, name, id, text] = VKEY.exec(vkey) ?? [];
  const raw = Buffer.from(text ?? '', 'base64');
  if (name === undefined || id === undefined || raw.length !== 33 || raw[0] !== COSIGNATURE_V1) return undefined;
  const publicKey = raw.subarray(1);
  if (keyId(name, publicKey).toString('hex') !== id) return undefined;
  return { name, id, key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' }) };
}

/** True for the verifier key of a witness whose parts agree (见证密钥). */
export function isWitnessKey(vkey: string): boolean {
  return openVkey(vkey) !== undefined;
}

/**
 * Look for the word of a witness among the signature lines of a checkpoint (核对见证签名).
 * @param lines where to look; default the note itself, else what a witness answered for it
 * @returns the newest that verifies; `undefined` when none does
 */
export function openCosignature(
  note: string,
  vkey: string,
  lines: string = note.slice(note.lastIndexOf('\n\n') + 2),
): Cosignature | undefined {
  const witness = openVkey(vkey);
  if (witness === undefined) return undefined;
  let newest: Cosignature | undefined;
  for (const line of lines.split('\n')) {
    const [dash, name, text, ...more] = line.split(' ');
    const bytes = Buffer.from(text ?? '', 'base64');
    if (dash !== '—' || name !== witness.name || more.length > 0 || bytes.length !== LENGTH) continue;
    if (bytes.toString('base64') !== text || bytes.subarray(0, TIME_AT).toString('hex') !== witness.id) continue;
    const time = bytes.readBigUInt64BE(TIME_AT);
    const message = messageOf(note, time);
    if (message === undefined || time === 0n || time > BigInt(Number.MAX_SAFE_INTEGER)) continue;
    if (!verify(null, message, witness.key, bytes.subarray(SIGNATURE_AT))) continue;
    if (newest === undefined || Number(time) > newest.time) newest = { name: witness.name, time: Number(time), line: `${line}\n` };
  }
  return newest;
}

/** A note with further signature lines, each once and in the order given (合并签名行). */
export function withSignatures(note: string, lines: string): string {
  const known = new Set(note.split('\n'));
  const further = lines.split('\n').filter((line) => line.startsWith('— ') && !known.has(line));
  return `${note}${further.map((line) => `${line}\n`).join('')}`;
}
