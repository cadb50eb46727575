import { hash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { Json } from './store.ts';

/** RFC 8785 canonical JSON (规范化 JSON): the same value gives the same bytes everywhere. */
export function canonical(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** SHA-256 as lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 over the canonical form, as lower-case hex: the content hash (内容哈希) an approval is bound to. */
export function contentHash(value: Json): string {
  return sha256Hex(canonical(value));
}
