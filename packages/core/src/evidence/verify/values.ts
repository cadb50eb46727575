import type { JsonObject } from '../../kernel/store.ts';
import type { Hash } from '../merkle.ts';

const HASH = /^[A-Za-z0-9+/]{43}=$/;
const KEY = /^\d{12}$/;

/** A record by its place in the store (记录名). */
export interface RecordName {
  readonly collection: string;
  readonly id: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Only the one spelling of a hash: lenient decoding would let two texts stand for one value. */
export function parseHash(value: unknown): Hash | undefined {
  if (typeof value !== 'string' || !HASH.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : undefined;
}

/** The order of ids in every store. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Below every row id of the tenant, and the lower bound of its rows. */
export function below(tenant: string): string {
  return `${tenant}/`;
}

/** Above every row id of the tenant: "0" is the character after "/". */
export function above(tenant: string): string {
  return `${tenant}0`;
}

/** Sequence number or size in a row id of the tenant; `undefined` for an id the kit does not make. */
export function seqOf(tenant: string, id: string): number | undefined {
  const digits = id.slice(tenant.length + 1);
  return KEY.test(digits) ? Number(digits) : undefined;
}

/** The tenant a record says it belongs to; empty for none. */
export function ownerOf(body: unknown): string {
  const owner = isObject(body) ? body['tenant'] : undefined;
  return typeof owner === 'string' ? owner : '';
}

export function keyOf(collection: string, id: string): string {
  return `${collection}/${id}`;
}
