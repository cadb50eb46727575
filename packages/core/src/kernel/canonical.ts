import { hash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { Json } from './store.ts';

/** Deeper values go to the library, which needs no call stack for them. */
const MOST_DEPTH = 64;

/** Names of members as they are written, followed by their colon; most records have the same few. */
const MOST_NAMES = 2048;
const names = new Map<string, string>();

function nameOf(key: string): string | undefined {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (!key.isWellFormed()) return undefined;
  const name = `${JSON.stringify(key)}:`;
  if (names.size < MOST_NAMES && key.length <= 64) names.set(key, name);
  return name;
}

/** Keys by UTF-16 code unit. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return keys.sort();
  return keys;
}

function writeObject(value: { readonly [key: string]: Json }, depth: number): string | undefined {
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    const written = write(member, depth);
    const name = nameOf(key);
    if (written === undefined || name === undefined) return undefined;
    text += (text === '' ? '{' : ',') + name + written;
  }
  return text === '' ? '{}' : `${text}}`;
}

function writeArray(values: readonly Json[], depth: number): string | undefined {
  let text = '';
  for (const value of values) {
    const written = write(value, depth);
    if (written === undefined) return undefined;
    text += (text === '' ? '[' : ',') + written;
  }
  return text === '' ? '[]' : `${text}]`;
}

/** What is plain JSON, written at once; absent for anything else, which the library judges. */
function write(value: Json, depth: number): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (typeof value !== 'object' || depth === 0) return undefined;
  if (Array.isArray(value)) return writeArray(value as readonly Json[], depth - 1);
  // Dates, boxed numbers and the like are the library's.
  const isPlain = Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value);
  return isPlain ? writeObject(value as { readonly [key: string]: Json }, depth - 1) : undefined;
}

/** RFC 8785 canonical JSON (规范化 JSON): the same value gives the same bytes everywhere. */
export function canonical(value: Json): string {
  const text = write(value, MOST_DEPTH) ?? canonicalize(value);
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
