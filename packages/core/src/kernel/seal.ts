import { ComplianceError } from './errors.ts';
import { decrypt, encrypt } from './keys.ts';
import type { Json, JsonObject } from './store.ts';

/** Where a sealed value stands (密封位置): authenticated with it, so that it opens nowhere else. */
export interface Place {
  readonly tenant: string;
  readonly subject: string;
  readonly collection: string;
  readonly id: string;
  /** JSON Pointer inside the record. */
  readonly field: string;
}

/** A value as stored (密封值): whose key seals it, and nonce, ciphertext and tag in base64url. */
export type SealedValue = { readonly subject: string; readonly sealed: string };

const V1 = 'v1.';
/** Stands in a record written after its subject was erased. */
const ERASED = 'erased';

/** What a reader gets in place of a text whose subject was erased (已删除标记). */
export const ERASED_TEXT = '〔已删除 erased〕';
/** What a reader gets in place of any other value whose subject was erased. */
export const ERASED_VALUE: JsonObject = { erased: true };

/** What a reader gets in place of a text whose subject's data is only stored any more (限制处理标记). */
export const RESTRICTED_TEXT = '〔限制处理 restricted〕';
/** What a reader gets in place of any other value of such a subject. */
export const RESTRICTED_VALUE: JsonObject = { restricted: true };

/** What is authenticated with a sealed value: a list, so that no two places ever read alike. */
function boundTo({ tenant, subject, collection, id, field }: Place): string {
  return JSON.stringify([1, tenant, subject, collection, id, field]);
}

export function isSealed(value: Json | undefined): value is SealedValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { sealed, subject } = value as JsonObject;
  return typeof sealed === 'string' && typeof subject === 'string' && Object.keys(value).length === 2;
}

/** True for what stands in place of an erased value. */
export function isErased(value: unknown): boolean {
  if (value === ERASED_TEXT) return true;
  return typeof value === 'object' && value !== null && 'erased' in value && Object.keys(value).length === 1;
}

/** True for what stands in place of a restricted value. */
export function isRestricted(value: unknown): boolean {
  if (value === RESTRICTED_TEXT) return true;
  return typeof value === 'object' && value !== null && 'restricted' in value && Object.keys(value).length === 1;
}

/** A value sealed with its subject's key. */
export function sealValue(key: Uint8Array, place: Place, value: Json): SealedValue {
  const sealed = encrypt(key, Buffer.from(JSON.stringify(value)), boundTo(place));
  return { subject: place.subject, sealed: V1 + sealed.toString('base64url') };
}

/** The marker kept in place of a value whose subject was erased. */
export function erasedValue(subject: string): SealedValue {
  return { subject, sealed: ERASED };
}

/** @throws ZP_SEALED_UNREADABLE for another place or key, an unknown form, or altered bytes */
export function openValue(key: Uint8Array, place: Place, { sealed }: SealedValue): Json {
  if (!sealed.startsWith(V1)) throw new ComplianceError('ZP_SEALED_UNREADABLE');
  const plain = decrypt(key, Buffer.from(sealed.slice(V1.length), 'base64url'), boundTo(place));
  return JSON.parse(plain.toString('utf8')) as Json;
}
