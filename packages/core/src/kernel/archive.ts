import { createCalendar } from './calendar.ts';
import { ComplianceError } from './errors.ts';
import { decodeCursor, encodeCursor } from './paging.ts';
import type { Query } from './store.ts';
import type { Text } from './text.ts';

/** What an archive knows of an object besides its bytes (归档对象状态). */
export interface ArchiveStat {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** `head` can be replaced and is never retained; `object` never changes. */
  readonly kind: 'object' | 'head';
  /** Instant in UTC before which the object cannot be removed; absent when nothing was asked for. */
  readonly retainUntil?: string;
  /** Under legal hold (冻结): not removable whatever the date. */
  readonly held: boolean;
}

export interface ArchiveEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

export interface ArchivePage {
  /** In ascending order of the key's bytes. */
  readonly entries: readonly ArchiveEntry[];
  /** Present when more may follow. */
  readonly cursor?: string;
}

export interface ArchiveListOptions {
  /** Opaque, from {@link ArchivePage.cursor} of a listing with the same prefix. */
  readonly cursor?: string;
  /** 1 to 1000. Default 1000. */
  readonly limit?: number;
}

export interface ArchivePutOptions {
  /** Civil date `YYYY-MM-DD` (kept to the end of that day in Shanghai) or an instant in UTC ending in `Z`. */
  readonly retainUntil?: string;
}

/** One protection an archive gives and who sees to it (归档保护). */
export interface ArchiveGuarantee {
  readonly id: 'create-once' | 'retention' | 'integrity';
  /** `server`: the storage refuses whoever asks; `kit`: only programs that use the kit are bound. */
  readonly by: 'server' | 'kit';
  readonly detail: Text;
}

/** What this archive honours here and now (归档能力), found out by trying where that is the only way. */
export interface ArchiveDescription {
  readonly kind: string;
  readonly guarantees: readonly ArchiveGuarantee[];
  /** Why the archive was allowed to protect less than it should; absent when it was not. */
  readonly weakening?: string;
}

/**
 * Where cold evidence and records with long retention live (归档端口): objects written once, kept until a date.
 *
 * - `put` creates. The same bytes again are accepted, and never shorten what was there; other bytes under a key that
 *   exists, or a key that is a head, reject with `ZP_CONFLICT`. Of concurrent puts of different bytes under one key
 *   exactly one succeeds.
 * - `replace` is for heads, such as the newest checkpoint of a log: it creates or overwrites, the last writer wins, and a
 *   reader sees the old bytes or the new, whole. On a key that was `put` it rejects with `ZP_CONFLICT`. Who may write a
 *   head, and never an older one, is for the caller to settle. The partial tiles of a tlog-tiles tree have names of their
 *   own (`tile/0/000.p/5`) and are `put`.
 * - What resolved is durable and seen by every `get`, `stat` and `list` called afterwards. What rejected with
 *   `ZP_STORE_UNAVAILABLE` may or may not have happened; the same call again settles it. No object is ever seen in part.
 * - `get` rejects with `ZP_EVIDENCE_BROKEN` when the bytes are not those that were put.
 * - A date that is past protects nothing; storage with a clock of its own may refuse it with `ZP_INPUT_INVALID`.
 * - `extend` only lengthens: an earlier date rejects with `ZP_STATE`. `hold` and `release` are separate from dates and may
 *   be repeated; a release leaves the date as it was.
 * - `remove` takes the caller's trusted time, and rejects with `ZP_STATE` while the object is retained or held at that
 *   time, by the storage's own clock too where it has one, or when the record of its retention is missing. A head may
 *   always be removed.
 * - `extend`, `hold`, `release` and `remove` reject with `ZP_NOT_FOUND` for a key that is not there, the first three
 *   with `ZP_STATE` for a head.
 * - Keys are one to twelve segments of letters, digits and `. _ - : @ + =`, joined by `/`, none beginning with a dot,
 *   each at most 200 characters and together at most 700; anything else rejects with `ZP_INPUT_INVALID`. No key may be
 *   the folder of another (`a` and `a/b`); storage that keeps folders rejects that with `ZP_CONFLICT`.
 * - A closed archive rejects everything with `ZP_STORE_UNAVAILABLE`.
 */
export interface Archive {
  put(key: string, bytes: Uint8Array, options?: ArchivePutOptions): Promise<void>;
  replace(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  stat(key: string): Promise<ArchiveStat | undefined>;
  /** Keys that begin with the prefix, a text and not a folder; empty for all. A key that stays is listed exactly once. */
  list(prefix: string, options?: ArchiveListOptions): Promise<ArchivePage>;
  /** @param retainUntil as in {@link ArchivePutOptions.retainUntil}. */
  extend(key: string, retainUntil: string): Promise<void>;
  hold(key: string): Promise<void>;
  release(key: string): Promise<void>;
  /** @param now instant in UTC that retention is measured against. */
  remove(key: string, now: string): Promise<void>;
  /** @throws ZP_OPTION_INVALID when the storage cannot keep what was asked of it */
  describe(): Promise<ArchiveDescription>;
  close(): Promise<void>;
}

const SEGMENT = /^[A-Za-z0-9_\-:@+=][A-Za-z0-9._\-:@+=]{0,199}$/;
const PREFIX = /^[A-Za-z0-9._\-:@+=/]*$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
const DAY_MS = 86_400_000;
const calendar = createCalendar();

function invalid(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_INPUT_INVALID', { detail: { zh, en } });
}

/** True for a key the port allows. */
export function isArchiveKey(key: string): boolean {
  const segments = key.split('/');
  return key.length <= 700 && segments.length <= 12 && segments.every((segment) => SEGMENT.test(segment));
}

/** @throws ZP_INPUT_INVALID unless {@link isArchiveKey} */
export function checkArchiveKey(key: string): void {
  if (!isArchiveKey(key)) throw invalid('归档键不符合要求', 'not a key of the archive');
}

/**
 * The instant a retention ends (保存期截止时刻), in whole seconds because object stores keep no finer time.
 * @param retainUntil as in {@link ArchivePutOptions.retainUntil}
 * @returns `YYYY-MM-DDTHH:mm:ss.000Z`, rounded up: never earlier than what was asked for
 * @throws ZP_INPUT_INVALID for anything else
 */
export function retentionEnd(retainUntil: string): string {
  const ms = calendar.isDate(retainUntil)
    ? Date.parse(`${retainUntil}T00:00:00+08:00`) + DAY_MS
    : INSTANT.test(retainUntil) && calendar.isDate(retainUntil.slice(0, 10))
      ? Date.parse(retainUntil)
      : Number.NaN;
  const end = new Date(Math.ceil(ms / 1000) * 1000);
  if (Number.isNaN(ms) || end.getUTCFullYear() > 9999)
    throw invalid('保存期限须为 YYYY-MM-DD 或 UTC 时刻', 'a retention is YYYY-MM-DD or an instant in UTC');
  return end.toISOString();
}

/** The place of a listing after which to go on, and how many keys to give. @throws ZP_INPUT_INVALID, ZP_OPTION_INVALID, ZP_CURSOR_INVALID */
export function listPosition(
  prefix: string,
  { cursor, limit = 1000 }: ArchiveListOptions,
): { readonly after: string; readonly limit: number } {
  if (prefix.length > 700 || !PREFIX.test(prefix)) throw invalid('归档前缀不符合要求', 'not a prefix of keys of the archive');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `查询无效：limit ${limit}`, en: `not a valid query: limit ${limit}` } });
  }
  const query: Query = { where: { prefix }, limit };
  const after = decodeCursor('archive', cursor === undefined ? query : { ...query, cursor })?.id ?? '';
  return { after, limit };
}

/** A page from keys in order, of which there may be more than fit. */
export function listPage(prefix: string, entries: readonly ArchiveEntry[], limit: number): ArchivePage {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  if (entries.length <= limit || last === undefined) return { entries: page };
  return { entries: page, cursor: encodeCursor('archive', { where: { prefix }, limit }, { value: null, id: last.key }) };
}
