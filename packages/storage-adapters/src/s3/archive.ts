import { hash } from 'node:crypto';

import { checkArchiveKey, isArchiveKey, listPage, listPosition, retentionEnd, sha256Hex } from '@zhengpin/core';
import type { Archive, ArchiveEntry, ArchiveGuarantee, ComplianceError } from '@zhengpin/core';

import {
  checkRemovable,
  closedError,
  headError,
  instantMs,
  notFound,
  notTheBytes,
  optionError,
  otherBytes,
  stateError,
  unavailable,
} from '../archive-marks.ts';
import { openBucket } from './bucket.ts';
import type { Bucket, Kept, S3Credentials, Version } from './bucket.ts';
import { probe } from './probe.ts';
import type { Honoured } from './probe.ts';
import { lockKeeper, markKeeper } from './retention.ts';
import type { Place, Retention } from './retention.ts';
import { versionsOf } from './versions.ts';

export type { S3Credentials } from './bucket.ts';

/** Which bucket, and how to reach it (对象存储归档选项). */
export interface S3ArchiveOptions {
  /** Must exist, with versioning on and, unless `lock` says otherwise, made with Object Lock. */
  readonly bucket: string;
  /** The service's own name of the region; `us-east-1` for servers that have none. */
  readonly region: string;
  /**
   * Who may shorten or lift a retention: nobody (`COMPLIANCE`), whoever has the right to bypass it (`GOVERNANCE`), or, for
   * a stated reason, whoever may delete (`none`): the kit then keeps dates and holds itself, beside the objects.
   */
  readonly lock: 'COMPLIANCE' | 'GOVERNANCE' | { readonly none: string };
  /** Every key lies under it, e.g. `zhengpin/`. Default none. */
  readonly prefix?: string;
  /** `https://…` of a service that is not Amazon's. */
  readonly endpoint?: string;
  /** Bucket in the path instead of the host name, as most own servers need and most public clouds refuse. Default false. */
  readonly pathStyle?: boolean;
  /** Default: the environment, as every Amazon client finds them. */
  readonly credentials?: S3Credentials;
  /** How long one call may take, its retries included, in ms. Default 60000. */
  readonly timeoutMs?: number;
}

const KNOWN = ['bucket', 'region', 'lock', 'prefix', 'endpoint', 'pathStyle', 'credentials', 'timeoutMs'];
const PREFIX = /^([A-Za-z0-9_\-:@+=][A-Za-z0-9._\-:@+=]*\/)*$/;
const KIND = 'zp-kind';
const CONTENT = 'zp-sha256';
/** How often to look again when what was listed is gone. */
const MOST_LOOKS = 10;

interface Current {
  readonly version: Version;
  readonly kind: 'object' | 'head';
  readonly place: Place;
}

function invalid(name: string): never {
  throw optionError(`无效：${name}`, `not valid: ${name}`);
}

function restless(): ComplianceError {
  return unavailable('归档对象在读取时不断变化', 'The archived object keeps changing while it is read');
}

function isHead(kept: Kept | undefined): boolean {
  return kept?.metadata[KIND] === 'head';
}

function openOptions(options: S3ArchiveOptions): { readonly bucket: Bucket; readonly prefix: string; readonly reason: string | undefined } {
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) invalid(`option ${key}`);
  const { bucket, region, lock, prefix = '', endpoint, pathStyle = false, credentials, timeoutMs = 60_000 } = options;
  if (typeof bucket !== 'string' || bucket === '') invalid('bucket');
  if (typeof region !== 'string' || region === '') invalid('region');
  if (!PREFIX.test(prefix) || prefix.length > 200) invalid('prefix');
  if (endpoint !== undefined && !URL.canParse(endpoint)) invalid('endpoint');
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1) invalid('timeoutMs');
  if (typeof pathStyle !== 'boolean') invalid('pathStyle');
  const reason = typeof lock === 'object' ? lock.none : undefined;
  if (reason === undefined ? lock !== 'COMPLIANCE' && lock !== 'GOVERNANCE' : reason.trim() === '') invalid('lock');
  return { bucket: openBucket({ bucket, region, endpoint, pathStyle, credentials, timeoutMs }), prefix, reason };
}

/**
 * An archive in a bucket of an S3-compatible object store (对象存储归档). What counts under a key is its oldest version, for
 * heads the newest: whoever writes over an object without the kit changes nothing of what is read. What the server
 * honours is tried out before the first write and by `describe`, under `.zhengpin/`.
 * @throws ZP_OPTION_INVALID for unknown or unusable options; writing and `describe` reject with it when the bucket has no
 * versioning, or no Object Lock though `lock` asks for it
 */
export function s3Archive(options: S3ArchiveOptions): Archive {
  const { bucket, prefix, reason } = openOptions(options);
  const { lock } = options;
  const corner = `${prefix}.zhengpin/`;
  const keeper = typeof lock === 'object' ? markKeeper(bucket, corner) : lockKeeper(bucket, lock);
  let closed = false;
  let tried: Promise<Honoured> | undefined;

  function honoured(): Promise<Honoured> {
    tried ??= probe(bucket, corner, reason === undefined).catch((error: unknown) => {
      // A server that was away is asked again.
      tried = undefined;
      throw error;
    });
    return tried;
  }

  function open(): void {
    if (closed) throw closedError();
  }

  /** Newest first. */
  async function versionsOfKey(key: string): Promise<readonly Version[]> {
    const found: Version[] = [];
    for await (const version of versionsOf(bucket, prefix + key, { pageSize: 20 })) {
      // The key itself comes first among those that begin with it.
      if (version.key !== prefix + key) break;
      found.push(version);
    }
    return found;
  }

  async function newestHead(versions: readonly Version[]): Promise<Version | undefined> {
    for (const version of versions) if (isHead(await bucket.head(version.key, version.id))) return version;
    return undefined;
  }

  /** The version that counts. */
  async function current(key: string, given?: readonly Version[]): Promise<Current | undefined> {
    let all = given ?? (await versionsOfKey(key));
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      const oldest = all.at(-1);
      if (oldest === undefined) return undefined;
      const kept = await bucket.head(oldest.key, oldest.id);
      const version = isHead(kept) ? await newestHead(all) : oldest;
      if (kept !== undefined && version !== undefined) {
        return { version, kind: isHead(kept) ? 'head' : 'object', place: { key, path: version.key, version: version.id } };
      }
      // A head replaced, or an object removed, between the calls.
      all = await versionsOfKey(key);
    }
    throw restless();
  }

  async function read(key: string): Promise<(Kept & { readonly bytes: Uint8Array }) | undefined> {
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      const versions = await versionsOfKey(key);
      const [only] = versions;
      if (only === undefined) return undefined;
      const place = versions.length === 1 ? { path: only.key, version: only.id } : (await current(key, versions))?.place;
      const kept = place && (await bucket.get(place.path, place.version));
      if (kept !== undefined) return kept;
    }
    throw restless();
  }

  async function object(key: string): Promise<Place> {
    const found = await current(key);
    if (found === undefined) throw notFound();
    if (found.kind === 'head') throw headError();
    return found.place;
  }

  /** @throws ZP_CONFLICT unless what counts under the key is an object of these bytes */
  async function same(key: string, bytes: Uint8Array): Promise<Place> {
    const found = await current(key);
    if (found === undefined) throw unavailable('归档对象在写入时被删除', 'The archived object was removed while it was put');
    if (found.kind === 'head' || found.version.size !== bytes.length) throw otherBytes();
    const there = await bucket.get(found.place.path, found.place.version);
    if (there === undefined || Buffer.compare(there.bytes, bytes) !== 0) throw otherBytes();
    return found.place;
  }

  async function store(key: string, bytes: Uint8Array, kind: 'object' | 'head', ifAbsent: boolean): Promise<string | undefined> {
    const { checksum } = await honoured();
    const request = { key: prefix + key, bytes, metadata: { [KIND]: kind, [CONTENT]: sha256Hex(bytes) }, ifAbsent };
    const answer = await bucket.put(checksum ? { ...request, sha256: hash('sha256', bytes, 'base64') } : request);
    if (answer.outcome === 'exists') return undefined;
    if (!checksum) {
      const back = await bucket.get(prefix + key, answer.version);
      // A head may be gone already, replaced by the next.
      if (back === undefined ? kind === 'object' : Buffer.compare(back.bytes, bytes) !== 0) {
        await bucket.remove(prefix + key, answer.version);
        throw unavailable('对象存储未如实保存所写内容', 'The object store did not keep the bytes it was given');
      }
    }
    return answer.version;
  }

  async function create(key: string, bytes: Uint8Array): Promise<Place> {
    const { conditionalPut } = await honoured();
    // Saves a version that would lose anyway.
    if (!conditionalPut && (await versionsOfKey(key)).length > 0) return same(key, bytes);
    const version = await store(key, bytes, 'object', conditionalPut);
    if (version === undefined) return same(key, bytes);
    const oldest = (await versionsOfKey(key)).at(-1);
    if (oldest?.id === version) return { key, path: prefix + key, version };
    // Somebody was first, or a delete marker hid an older version from the condition.
    await bucket.remove(prefix + key, version);
    return same(key, bytes);
  }

  async function removeVersions(key: string, versions: readonly Version[]): Promise<void> {
    // The oldest last: if this is cut short, what is left still is what it was.
    for (const { key: path, id } of versions) {
      if ((await bucket.remove(path, id)) === 'removed') continue;
      const place = { key, path, version: id };
      const { held, retainUntil }: Retention = await keeper.read(place).catch(() => ({ held: false }));
      if (held || retainUntil !== undefined) {
        checkRemovable({ held, retainUntil }, 0);
        throw stateError('对象存储仍锁定该对象', 'The object store still locks the object');
      }
      throw unavailable('对象存储拒绝删除（权限）', 'The object store refuses to delete (rights)');
    }
  }

  function guarantees({ conditionalPut, checksum }: Honoured): readonly ArchiveGuarantee[] {
    const retention: ArchiveGuarantee =
      typeof lock === 'object'
        ? {
            id: 'retention',
            by: 'kit',
            detail: {
              zh: '未用对象锁定：期限与冻结仅由本工具遵守，有删除权限者仍可删除',
              en: 'no Object Lock: dates and holds are kept by the kit only, whoever may delete can delete',
            },
          }
        : { id: 'retention', by: 'server', detail: { zh: `对象锁定 ${lock}`, en: `Object Lock, ${lock}` } };
    return [
      conditionalPut
        ? {
            id: 'create-once',
            by: 'server',
            detail: { zh: '服务器执行条件写入；以最早版本为准', en: 'the server heeds conditional puts; the oldest version counts' },
          }
        : {
            id: 'create-once',
            by: 'kit',
            detail: { zh: '服务器忽略条件写入；以最早版本为准', en: 'the server ignores conditional puts; the oldest version counts' },
          },
      retention,
      checksum
        ? {
            id: 'integrity',
            by: 'server',
            detail: { zh: '服务器核对 SHA-256；读取时再核对', en: 'the server compares SHA-256; compared again at every reading' },
          }
        : {
            id: 'integrity',
            by: 'kit',
            detail: {
              zh: '服务器忽略 SHA-256；写入后读回比较，读取时再核对',
              en: 'the server ignores SHA-256; read back and compared after writing and at every reading',
            },
          },
    ];
  }

  return {
    async put(key, bytes, { retainUntil } = {}) {
      const copy = Uint8Array.from(bytes);
      checkArchiveKey(key);
      const end = retainUntil === undefined ? undefined : retentionEnd(retainUntil);
      open();
      const place = await create(key, copy);
      if (end === undefined) return;
      const { retainUntil: now } = await keeper.read(place);
      if (now === undefined || now < end) await keeper.lengthen(place, end);
    },

    async replace(key, bytes) {
      const copy = Uint8Array.from(bytes);
      checkArchiveKey(key);
      open();
      if ((await current(key))?.kind === 'object') throw otherBytes();
      const version = await store(key, copy, 'head', false);
      const after = await versionsOfKey(key);
      if (version !== undefined && (await current(key, after))?.kind === 'object') {
        await bucket.remove(prefix + key, version);
        throw otherBytes();
      }
      const own = after.findIndex((v) => v.id === version);
      // Older heads are of no more use; where a default retention keeps them they stay, and cost only time.
      if (own >= 0) for (const { key: path, id } of after.slice(own + 1)) await bucket.remove(path, id);
    },

    async get(key) {
      checkArchiveKey(key);
      open();
      const kept = await read(key);
      if (kept === undefined) return undefined;
      const sha256 = kept.metadata[CONTENT];
      if (sha256 !== undefined && sha256 !== sha256Hex(kept.bytes)) throw notTheBytes();
      return kept.bytes;
    },

    async stat(key) {
      checkArchiveKey(key);
      open();
      const found = await current(key);
      if (found === undefined) return undefined;
      const { kind, version, place } = found;
      const retention = kind === 'head' ? { held: false } : await keeper.read(place);
      return { key, size: version.size, kind, ...retention };
    },

    async list(start, listing = {}) {
      const { after, limit } = listPosition(start, listing);
      open();
      const groups: { readonly key: string; readonly versions: Version[] }[] = [];
      const range = { pageSize: 1000, passOver: corner, ...(after === '' ? {} : { after: prefix + after }) };
      for await (const version of versionsOf(bucket, prefix + start, range)) {
        const key = version.key.slice(prefix.length);
        if (!isArchiveKey(key)) continue;
        const last = groups.at(-1);
        if (last?.key === key) last.versions.push(version);
        // One more than fits shows that there is a next page; it is complete when another begins.
        else if (groups.length > limit) break;
        else groups.push({ key, versions: [version] });
      }
      const entries: ArchiveEntry[] = [];
      for (const { key, versions } of groups) {
        const counts = versions.length === 1 ? undefined : await current(key, versions);
        entries.push({ key, size: (counts?.version ?? versions[0])?.size ?? 0 });
      }
      return listPage(start, entries, limit);
    },

    async extend(key, retainUntil) {
      checkArchiveKey(key);
      const end = retentionEnd(retainUntil);
      open();
      await honoured();
      await keeper.lengthen(await object(key), end);
    },

    async hold(key) {
      checkArchiveKey(key);
      open();
      await honoured();
      await keeper.hold(await object(key));
    },

    async release(key) {
      checkArchiveKey(key);
      open();
      await keeper.release(await object(key));
    },

    async remove(key, now) {
      checkArchiveKey(key);
      const nowMs = instantMs(now);
      open();
      const versions = await versionsOfKey(key);
      const found = await current(key, versions);
      if (found === undefined) throw notFound();
      if (found.kind === 'head') return removeVersions(key, versions);
      return keeper.removing(found.place, nowMs, () => removeVersions(key, versions));
    },

    async describe() {
      open();
      const what = await honoured();
      return { kind: 's3', guarantees: guarantees(what), ...(reason === undefined ? {} : { weakening: reason }) };
    },

    async close() {
      if (!closed) bucket.close();
      closed = true;
    },
  };
}
