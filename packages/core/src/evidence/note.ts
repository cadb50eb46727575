import { createHmac, createPrivateKey, createPublicKey, hash, hkdfSync, sign, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { ComplianceError } from '../kernel/errors.ts';

/**
 * Checkpoints (检查点) as C2SP tlog-checkpoint bodies inside C2SP signed notes, Ed25519: any tool that reads those
 * formats can check them.
 */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Root hash, base64. */
  readonly root: string;
}

/** The keys of one operator's log (签名者): they sign checkpoints, and tell others what to check them with. */
export interface Signer {
  /** Key name, e.g. `jobs.example.cn/zhengpin`. */
  readonly name: string;
  /** Verifier key of the first key, in vkey form: `<name>+<8 hex>+<base64>`. */
  readonly vkey: string;
  /** Verifier keys of all keys that sign, the first one first. */
  readonly vkeys: readonly string[];
  /** One signature line a key: whoever trusts one of them can check the note. */
  sign(checkpoint: Checkpoint): string;
  /** Vouches, among holders of the first key, for what is not signed yet. */
  mac(text: string): string;
  /** Whether any of the keys vouched so; takes the same time for any wrong one. */
  checkMac(text: string, mac: string): boolean;
}

const ED25519 = 1;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+]{1,200}$/u;

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function keyId(name: string, publicKey: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey]), 'buffer').subarray(0, 4);
}

function bodyOf(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root}\n`;
}

interface Key {
  readonly vkey: string;
  readonly mac: (text: string) => Buffer;
  readonly sign: (body: string) => string;
}

function openKey(name: string, privateKeyPem: string): Key {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch (cause) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: '签名私钥无法读取', en: 'The signing key is not a PEM private key' },
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '签名私钥须为 Ed25519', en: 'The signing key must be Ed25519' } });
  }
  const publicKey = rawPublicKey(createPublicKey(key));
  const id = keyId(name, publicKey);
  const macKey = Buffer.from(hkdfSync('sha256', key.export({ format: 'der', type: 'pkcs8' }), '', 'zhengpin inbox', 32));
  return {
    vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), publicKey]).toString('base64')}`,
    mac: (text) => createHmac('sha256', macKey).update(text).digest(),
    sign: (body) => `— ${name} ${Buffer.concat([id, sign(null, Buffer.from(body), key)]).toString('base64')}\n`,
  };
}

/**
 * A checkpoint signer (签名者) over Ed25519 private keys in PKCS #8 PEM.
 * @param others keys that sign beside the first while verifiers change from one to another (密钥轮换)
 * @throws ZP_OPTION_INVALID for another kind of key, the same key twice, or a name with spaces or `+`.
 */
export function createSigner(name: string, privateKeyPem: string, others: readonly string[] = []): Signer {
  if (!NAME.test(name)) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: '签名者名称不得含空白或加号', en: 'The signer name must not contain white space or "+"' },
    });
  }
  const first = openKey(name, privateKeyPem);
  const keys = [first, ...others.map((pem) => openKey(name, pem))];
  const vkeys = keys.map(({ vkey }) => vkey);
  if (new Set(vkeys).size !== vkeys.length)
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '同一签名私钥重复', en: 'A signing key is given twice' } });
  return {
    name,
    vkey: first.vkey,
    vkeys,
    sign(checkpoint) {
      const body = bodyOf(checkpoint);
      return `${body}\n${keys.map((key) => key.sign(body)).join('')}`;
    },
    mac: (text) => first.mac(text).toString('base64'),
    checkMac(text, mac) {
      const given = Buffer.from(mac, 'base64');
      return keys.map((key) => key.mac(text)).some((own) => own.length === given.length && timingSafeEqual(own, given));
    },
  };
}

/** Parse a checkpoint (检查点) and check its signature by the verifier key; `undefined` when anything is off. */
export function openCheckpoint(note: string, vkey: string): Checkpoint | undefined {
  const [name, id, key, ...more] = vkey.split('+');
  // base64 may itself contain "+", so what follows the second one belongs together.
  const raw = Buffer.from([key ?? '', ...more].join('+'), 'base64');
  if (name === undefined || id === undefined || raw.length !== 33 || raw[0] !== ED25519) return undefined;
  const publicKey = raw.subarray(1);
  if (keyId(name, publicKey).toString('hex') !== id) return undefined;
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0) return undefined;
  const body = note.slice(0, cut + 1);
  const spki = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  const signed = note
    .slice(cut + 2)
    .split('\n')
    .some((line) => {
      const [dash, signer, signature] = line.split(' ');
      if (dash !== '—' || signer !== name || signature === undefined) return false;
      const bytes = Buffer.from(signature, 'base64');
      return bytes.length === 68 && bytes.subarray(0, 4).toString('hex') === id && verify(null, Buffer.from(body), spki, bytes.subarray(4));
    });
  const [origin, sizeText, root] = body.split('\n');
  if (!signed || origin === undefined || sizeText === undefined || root === undefined || !/^(0|[1-9]\d*)$/.test(sizeText)) return undefined;
  return { origin, size: Number(sizeText), root };
}
