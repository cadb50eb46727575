import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

import { checkArchiveKey, isArchiveKey, isComplianceError, listPage, listPosition, retentionEnd, sha256Hex } from '@zhengpin/core';
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
} from './archive-marks.ts';
import type { Marks } from './archive-marks.ts';

/** Where the folder is (文件系统归档选项). */
export interface FilesystemArchiveOptions {
  /** A folder that exists: one that is missing is more often a mount that failed than a wish. */
  readonly directory: string;
}

/** The kit's own corner; no key begins with a dot. */
const OWN = '.zhengpin';

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** `undefined` when it is not there. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function sync(folder: string): Promise<void> {
  // Windows opens no folder; its NTFS journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
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
  let swept = false;
  /** Folders whose names, up to the root, this process has seen onto the disk. */
  const synced = new Set<string>();

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
      if (code === 'ELOOP') throw unavailable('归档目录中不得有符号链接', 'An archive has no symbolic links', error);
      throw unavailable(`归档目录不可用（${code}）`, `The archive folder cannot be used (${code})`, error);
    }
  }

  /** A link anywhere on the way would lead out of the archive. */
  async function straight(folder: string): Promise<void> {
    if ((await realpath(folder)) !== folder) throw unavailable('归档目录中不得有符号链接', 'An archive has no symbolic links');
  }

  async function prepare(base: string, folder: string): Promise<void> {
    if (!synced.has(folder)) {
      await mkdir(folder, { recursive: true });
      for (let at = folder; at.length >= base.length; at = dirname(at)) await sync(at);
      synced.add(folder);
    }
    await straight(folder);
  }

  /** Files that a process which died was about to bring in. */
  async function sweep(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
      const [pid, ...host] = name.split('~').slice(0, -1).reverse();
      if (host.join('~') === hostname() && !alive(Number(pid))) await ifThere(unlink(join(folder, name)));
    }
  }

  /** A file of its own, whole and on disk, handed to `use` and gone afterwards. */
  async function staged<T>(base: string, bytes: Uint8Array, mode: number, use: (path: string) => Promise<T>): Promise<T> {
    const folder = join(base, OWN, 'tmp');
    await prepare(base, folder);
    if (!swept) {
      swept = true;
      await sweep(folder);
    }
    const path = join(folder, `${hostname()}~${process.pid}~${randomUUID()}`);
    try {
      const handle = await open(path, 'wx', mode);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return await use(path);
    } finally {
      await ifThere(unlink(path));
    }
  }

  async function read(path: string): Promise<Uint8Array | undefined> {
    const folder = await ifThere(realpath(dirname(path)));
    if (folder === undefined) return undefined;
    await straight(dirname(path));
    const handle = await ifThere(open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
    if (handle === undefined) return undefined;
    try {
      return new Uint8Array(await handle.readFile());
    } finally {
      await handle.close();
    }
  }

  async function size(path: string): Promise<number | undefined> {
    const found = await ifThere(lstat(path)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOTDIR') return undefined;
      throw error;
    });
    if (found === undefined || found.isDirectory()) return undefined;
    if (!found.isFile()) throw unavailable('归档目录中不得有符号链接', 'An archive has no symbolic links');
    await straight(dirname(path));
    return found.size;
  }

  const marksOf = (base: string, key: string): string => join(base, OWN, 'marks', key);

  async function marks(base: string, key: string): Promise<Marks> {
    return readMarks((await ifThere(readdir(marksOf(base, key)))) ?? []);
  }

  async function mark(base: string, key: string, name: string): Promise<void> {
    const folder = marksOf(base, key);
    await prepare(base, folder);
    const handle = await open(join(folder, name), 'a', 0o444);
    await handle.close();
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
    await unmark(base, key, ((await ifThere(readdir(folder))) ?? []).filter((name) => name.startsWith('.')));
    synced.delete(folder);
    // Marks of keys below keep the folder.
    await rmdir(folder).catch(() => undefined);
  }

  /** Marks an object, and makes sure that a removal going on at the same time has seen it or is seen. */
  async function protect(base: string, key: string, name: string): Promise<void> {
    await mark(base, key, name);
    if ((await marks(base, key)).removing) throw removingError();
    if ((await size(join(base, key))) === undefined) throw notFound();
  }

  async function found(base: string, key: string): Promise<ArchiveStat | undefined> {
    const [bytes, known] = [await size(join(base, key)), await marks(base, key)];
    if (bytes === undefined) return undefined;
    const kind = known.head && known.contents.size === 0 ? 'head' : 'object';
    return { key, size: bytes, kind, ...(known.retainUntil === undefined ? {} : { retainUntil: known.retainUntil }), held: known.held };
  }

  async function objectAt(base: string, key: string): Promise<ArchiveStat> {
    const stat = await found(base, key);
    if (stat === undefined) throw notFound();
    if (stat.kind === 'head') throw headError();
    return stat;
  }

  async function* walk(folder: string, above: string, prefix: string, after: string): AsyncGenerator<ArchiveEntry> {
    const rows = (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
    const names = rows.filter((row) => row.isFile() || row.isDirectory()).map((row) => (row.isFile() ? row.name : `${row.name}/`));
    // The slash belongs to the order of keys: `a.b` comes before `a/b`.
    for (const name of names.sort()) {
      const key = above + name;
      if (name.endsWith('/')) {
        const inside = key.startsWith(prefix) || prefix.startsWith(key);
        if (inside && isArchiveKey(key.slice(0, -1)) && (key > after || after.startsWith(key))) yield* walk(join(folder, name), key, prefix, after);
      } else if (key.startsWith(prefix) && key > after && isArchiveKey(key)) {
        const row = await ifThere(lstat(join(folder, name)));
        if (row !== undefined) yield { key, size: row.size };
      }
    }
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
      return guarded((base) => found(base, key));
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
        const stat = await found(base, key);
        const known = await marks(base, key);
        if (stat === undefined) {
          if (known.removing) await erase(base, key);
          throw notFound();
        }
        if (stat.kind === 'head') return erase(base, key);
        if (known.contents.size === 0) throw stateError('该归档对象没有保存记录，不得删除', 'The archived object has no record of its retention');
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
