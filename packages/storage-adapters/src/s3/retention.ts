import { ComplianceError } from '@zhengpin/core';

import { checkLengthens, MARK, readMarks, removingError, retainMark, checkRemovable, unavailable } from '../archive-marks.ts';
import type { Bucket } from './bucket.ts';
import { versionsOf } from './versions.ts';

/** One stored version of a key, without the archive's prefix in `key`. */
export interface Place {
  readonly key: string;
  readonly path: string;
  readonly version: string;
}

export interface Retention {
  readonly retainUntil?: string;
  readonly held: boolean;
}

/** How retention and holds are kept on an object store (保存期与冻结). */
export interface Keeper {
  read(place: Place): Promise<Retention>;
  /** @throws ZP_STATE when that would shorten */
  lengthen(place: Place, end: string): Promise<void>;
  hold(place: Place): Promise<void>;
  release(place: Place): Promise<void>;
  /** Makes sure that nothing retains the object, runs the removal, and forgets. @throws ZP_STATE */
  removing(place: Place, nowMs: number, remove: () => Promise<void>): Promise<void>;
}

function badDate(): ComplianceError {
  const detail = { zh: '对象存储不接受该保存期限（是否已过？）', en: 'The object store does not take that date (is it past?)' };
  return new ComplianceError('ZP_INPUT_INVALID', { detail });
}

/** By the server's Object Lock, on the version. */
export function lockKeeper(bucket: Bucket, mode: 'COMPLIANCE' | 'GOVERNANCE'): Keeper {
  const end = (place: Place): Promise<string | undefined> => bucket.retention(place.path, place.version);

  async function read(place: Place): Promise<Retention> {
    const [retainUntil, held] = await Promise.all([end(place), bucket.held(place.path, place.version)]);
    return { ...(retainUntil === undefined ? {} : { retainUntil }), held };
  }

  return {
    read,
    async lengthen(place, wanted) {
      // A server may let the later of two writers win with the earlier date: look again.
      for (let tries = 0; tries < 5; tries++) {
        const current = await end(place);
        if (current === wanted) return;
        checkLengthens(current, wanted);
        const outcome = await bucket.retain(place.path, place.version, mode, wanted);
        if (outcome === 'bad-date') throw badDate();
        if (outcome === 'refused') {
          checkLengthens(await end(place), wanted);
          throw unavailable('对象存储拒绝设定保存期限（权限）', 'The object store refuses to set a retention (rights)');
        }
        const now = await end(place);
        if (now !== undefined && now >= wanted) return;
      }
      throw unavailable('对象存储未记下保存期限', 'The object store did not keep the retention it was given');
    },
    hold: (place) => bucket.hold(place.path, place.version, true),
    release: (place) => bucket.hold(place.path, place.version, false),
    async removing(place, nowMs, remove) {
      checkRemovable(await read(place), nowMs);
      await remove();
    },
  };
}

/** By marks beside the object, which only the kit obeys. */
export function markKeeper(bucket: Bucket, corner: string): Keeper {
  const folder = (key: string): string => `${corner}marks/${key}/`;

  async function all(key: string): Promise<readonly { readonly name: string; readonly path: string; readonly version: string }[]> {
    const found = [];
    // Only marks begin with a dot; keys below this one do not.
    for await (const { key: path, id } of versionsOf(bucket, `${folder(key)}.`, { pageSize: 100 })) {
      found.push({ name: path.slice(folder(key).length), path, version: id });
    }
    return found;
  }

  const marks = async (key: string): Promise<ReturnType<typeof readMarks>> => readMarks((await all(key)).map(({ name }) => name));

  async function mark(key: string, name: string): Promise<void> {
    await bucket.put({ key: folder(key) + name, bytes: new Uint8Array(), metadata: {} });
  }

  async function unmark(key: string, chosen: (name: string) => boolean): Promise<void> {
    for (const { name, path, version } of await all(key)) if (chosen(name)) await bucket.remove(path, version);
  }

  /** Either a removal going on at the same time sees the mark, or it is seen here. */
  async function protect({ key, path, version }: Place, name: string): Promise<void> {
    await mark(key, name);
    if ((await marks(key)).removing || (await bucket.head(path, version)) === undefined) throw removingError();
  }

  return {
    async read({ key }) {
      const { retainUntil, held } = await marks(key);
      return { ...(retainUntil === undefined ? {} : { retainUntil }), held };
    },
    async lengthen(place, end) {
      const { retainUntil } = await marks(place.key);
      checkLengthens(retainUntil, end);
      await protect(place, retainMark(end));
    },
    hold: (place) => protect(place, MARK.hold),
    release: ({ key }) => unmark(key, (name) => name === MARK.hold),
    async removing({ key }, nowMs, remove) {
      checkRemovable(await marks(key), nowMs);
      await mark(key, MARK.removing);
      try {
        checkRemovable(await marks(key), nowMs);
      } catch (error) {
        await unmark(key, (name) => name === MARK.removing);
        throw error;
      }
      await remove();
      await unmark(key, () => true);
    },
  };
}
