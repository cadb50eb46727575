import { link, lstat, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { checkArchiveKey, isComplianceError, listPage, listPosition, retentionEnd, sha256Hex } from '@zhengpin/core';
import type { Archive, ArchiveEntry, ArchiveStat } from '@zhengpin/core';

import {
  checkLengthens,
  checkRemovable,
  closedError,
  contentMark,
  headError,
  instantMs,
  MARK,
  notFound,
  notTheBytes,
  optionError,
  otherBytes,
  readMarks,
  removingError,
  retainMark,
  stateError,
  unavailable,
} from '../archive-marks.ts';
import type { Marks } from '../archive-marks.ts';
import { createFolderWriter, ifThere, linked, OWN, read, size, sync, systemCode, walk } from './folder.ts';

/** Where the folder is (文件系统归档选项). */
export interface FilesystemArchiveOptions {
  /** A folder that exists: one that is missing is more often a mount that failed than a wish. */
  readonly directory: string;
}

/**
 * An archive in a folder of this machine (文件系统归档). Objects lie under their keys, read-only, so that any program can
 * read or serve them; what the kit knows of them lies in `.zhengpin`. A file comes under its key by a hard link once its
 * bytes are on disk, so it is whole or not there, and never over another. Nothing here stops an administrator of the
 * machine: `describe` says so. Symbolic links below the folder are refused.
 * @throws ZP_OPTION_INVALID for unknown options
 */
export function filesystemArchive(options: FilesystemArchiveOptions): Archive {
  for (const key of Object.keys(options)) if (key !== 'directory') throw optionError(`无效：option ${key}`, `not valid: option ${key}`);
  const { directory } = options;
  if (typeof directory !== 'string' || directory === '') throw optionError('无效：directory', 'not valid: directory');
  let closed = false;
  let root: string | undefined;
  const { prepare, staged } = createFolderWriter();

  async function guarded<T>(work: (base: string) => Promise<T>): Promise<T> {
    if (closed) throw closedError();
    try {
      root ??= await realpath(directory).catch((cause: unknown) => {
        throw unavailable('没有归档目录', 'There is no archive folder', cause);
      });
      return await work(root);
    } catch (error) {
      if (isComplianceError(error)) throw error;
      const code = systemCode(error);
      if (code === 'ENOTDIR' || code === 'EISDIR') throw otherBytes();
      if (code === 'ELOOP') throw linked(error);
      throw unavailable(`归档目录不可用（${code}）`, `The archive folder cannot be used (${code})`, error);
    }
  }

  const marksOf = (base: string, key: string): string => join(base, OWN, 'marks', key);

  async function marks(base: string, key: string): Promise<Marks> {
    return readMarks((await ifThere(readdir(marksOf(base, key)))) ?? []);
  }

  async function mark(base: string, key: string, name: string): Promise<void> {
    const folder = marksOf(base, key);
    await prepare(base, folder);
    try {
      const handle = await open(join(folder, name), 'wx', 0o444);
      await handle.close();
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    await sync(folder);
  }

  async function unmark(base: string, key: string, names: readonly string[]): Promise<void> {
    const folder = marksOf(base, key);
    for (const name of names) await ifThere(unlink(join(folder, name)));
    if ((await ifThere(lstat(folder))) !== undefined) await sync(folder);
  }

  /** After this returns the object and its record are gone for good. */
  async function erase(base: string, key: string): Promise<void> {
    const path = join(base, key);
    await ifThere(unlink(path));
    await sync(dirname(path));
    const folder = marksOf(base, key);
    await unmark(
      base,
      key,
      ((await ifThere(readdir(folder))) ?? []).filter((name) => name.startsWith('.')),
    );
    // Marks of keys below keep the folder.
    await rmdir(folder).catch(() => undefined);
  }

  /** Marks an object, and makes sure that a removal going on at the same time has seen it or is seen. */
  async function protect(base: string, key: string, name: string): Promise<void> {
    await mark(base, key, name);
    if ((await marks(base, key)).removing) throw removingError();
    if ((await size(join(base, key))) === undefined) throw notFound();
  }

  async function statOf(base: string, key: string): Promise<ArchiveStat | undefined> {
    const [bytes, known] = [await size(join(base, key)), await marks(base, key)];
    if (bytes === undefined) return undefined;
    const kind = known.head && known.contents.size === 0 ? 'head' : 'object';
    return { key, size: bytes, kind, ...(known.retainUntil === undefined ? {} : { retainUntil: known.retainUntil }), held: known.held };
  }

  async function objectAt(base: string, key: string): Promise<ArchiveStat> {
    const stat = await statOf(base, key);
    if (stat === undefined) throw notFound();
    if (stat.kind === 'head') throw headError();
    return stat;
  }

  return {
    async put(key, bytes, { retainUntil } = {}) {
      const copy = Uint8Array.from(bytes);
      checkArchiveKey(key);
      const end = retainUntil === undefined ? undefined : retentionEnd(retainUntil);
      await guarded(async (base) => {
        const path = join(base, key);
        if ((await marks(base, key)).head) throw otherBytes();
        await staged(base, copy, 0o444, async (ready) => {
          await prepare(base, dirname(path));
          try {
            await link(ready, path);
          } catch (error) {
            if (systemCode(error) !== 'EEXIST') throw error;
            const there = await read(path);
            if (there === undefined || Buffer.compare(there, copy) !== 0) throw otherBytes();
          }
          await sync(dirname(path));
        });
        await mark(base, key, contentMark(sha256Hex(copy)));
        const known = await marks(base, key);
        if (known.head) throw otherBytes();
        if (end !== undefined && (known.retainUntil === undefined || known.retainUntil < end)) await protect(base, key, retainMark(end));
      });
    },

    async replace(key, bytes) {
      const copy = Uint8Array.from(bytes);
      checkArchiveKey(key);
      await guarded(async (base) => {
        const path = join(base, key);
        const known = await marks(base, key);
        if (known.contents.size > 0 || (!known.head && (await ifThere(lstat(path))) !== undefined)) throw otherBytes();
        if (!known.head) await mark(base, key, MARK.head);
        if ((await marks(base, key)).contents.size > 0) throw otherBytes();
        await staged(base, copy, 0o644, async (ready) => {
          await prepare(base, dirname(path));
          await rename(ready, path);
          await sync(dirname(path));
        });
      });
    },

    async get(key) {
      checkArchiveKey(key);
      return guarded(async (base) => {
        const bytes = await read(join(base, key)).catch((error: unknown) => {
          // A folder, or below another object: nothing under this very key.
          if (['EISDIR', 'ENOTDIR'].includes(systemCode(error))) return undefined;
          throw error;
        });
        if (bytes === undefined) return undefined;
        const { contents } = await marks(base, key);
        if (contents.size > 0 && !contents.has(sha256Hex(bytes))) throw notTheBytes();
        return bytes;
      });
    },

    async stat(key) {
      checkArchiveKey(key);
      return guarded((base) => statOf(base, key));
    },

    async list(prefix, listing = {}) {
      const { after, limit } = listPosition(prefix, listing);
      return guarded(async (base) => {
        const entries: ArchiveEntry[] = [];
        for await (const entry of walk(base, '', prefix, after)) {
          entries.push(entry);
          if (entries.length > limit) break;
        }
        return listPage(prefix, entries, limit);
      });
    },

    async extend(key, retainUntil) {
      checkArchiveKey(key);
      const end = retentionEnd(retainUntil);
      await guarded(async (base) => {
        checkLengthens((await objectAt(base, key)).retainUntil, end);
        await protect(base, key, retainMark(end));
      });
    },

    async hold(key) {
      checkArchiveKey(key);
      await guarded(async (base) => {
        await objectAt(base, key);
        await protect(base, key, MARK.hold);
      });
    },

    async release(key) {
      checkArchiveKey(key);
      await guarded(async (base) => {
        await objectAt(base, key);
        await unmark(base, key, [MARK.hold]);
      });
    },

    async remove(key, now) {
      checkArchiveKey(key);
      const nowMs = instantMs(now);
      await guarded(async (base) => {
        const stat = await statOf(base, key);
        const known = await marks(base, key);
        if (stat === undefined) {
          if (known.removing) await erase(base, key);
          throw notFound();
        }
        if (stat.kind === 'head') return erase(base, key);
        if (known.contents.size === 0)
          throw stateError('该归档对象没有保存记录，不得删除', 'The archived object has no record of its retention');
        checkRemovable(stat, nowMs);
        await mark(base, key, MARK.removing);
        try {
          checkRemovable(await marks(base, key), nowMs);
        } catch (error) {
          await unmark(base, key, [MARK.removing]);
          throw error;
        }
        return erase(base, key);
      });
    },

    async describe() {
      return guarded(async (base) => {
        await staged(base, new Uint8Array(), 0o444, async (one) => {
          const again = await link(one, one).then(
            () => '',
            (error: unknown) => systemCode(error),
          );
          if (again !== 'EEXIST') throw optionError(`文件系统不支持硬链接（${again}）`, `The file system has no hard links (${again})`);
        });
        return {
          kind: 'filesystem',
          guarantees: [
            { id: 'create-once', by: 'server', detail: { zh: '硬链接，从不覆盖', en: 'hard links, which never overwrite' } },
            {
              id: 'retention',
              by: 'kit',
              detail: {
                zh: '期限与冻结由本工具遵守；文件只读，本机管理员仍可删除',
                en: 'dates and holds are kept by the kit; files are read-only, but an administrator of the machine can delete them',
              },
            },
            { id: 'integrity', by: 'kit', detail: { zh: '读取时核对 SHA-256', en: 'SHA-256 compared at every reading' } },
          ],
        };
      });
    },

    async close() {
      closed = true;
    },
  };
}
