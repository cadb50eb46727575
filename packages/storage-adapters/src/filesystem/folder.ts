import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

import { isArchiveKey } from '@zhengpin/core';
import type { ArchiveEntry, ComplianceError } from '@zhengpin/core';

import { otherBytes, unavailable } from '../archive-marks.ts';

/** The kit's own corner of the folder; no key begins with a dot. */
export const OWN = '.zhengpin';

export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** `undefined` when it is not there. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function sync(folder: string): Promise<void> {
  // Windows opens no folder; its NTFS journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function linked(cause?: unknown): ComplianceError {
  return unavailable('归档目录中不得有符号链接', 'An archive has no symbolic links', cause);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Whether the folder is there. A link on the way would lead out of the archive, and is refused. */
async function reached(folder: string): Promise<boolean> {
  const real = await ifThere(realpath(folder));
  if (real !== undefined && real !== folder) throw linked();
  return real !== undefined;
}

/** The bytes of a file, `undefined` when it is not there. */
export async function read(path: string): Promise<Uint8Array | undefined> {
  if (!(await reached(dirname(path)))) return undefined;
  const handle = await ifThere(open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  if (handle === undefined) return undefined;
  try {
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/** Bytes of a file, `undefined` when there is none; a folder is none. */
export async function size(path: string): Promise<number | undefined> {
  const row = await ifThere(lstat(path)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (row === undefined || row.isDirectory()) return undefined;
  if (!row.isFile()) throw linked();
  return (await reached(dirname(path))) ? row.size : undefined;
}

/** Files under their keys, in the order of the keys' bytes (按键序遍历). */
export async function* walk(folder: string, above: string, prefix: string, after: string): AsyncGenerator<ArchiveEntry> {
  const rows = (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
  const names = rows.filter((row) => row.isFile() || row.isDirectory()).map((row) => (row.isFile() ? row.name : `${row.name}/`));
  // The slash belongs to the order of keys: `a.b` comes before `a/b`.
  for (const name of names.sort()) {
    const key = above + name;
    if (name.endsWith('/')) {
      const inside = key.startsWith(prefix) || prefix.startsWith(key);
      if (inside && isArchiveKey(key.slice(0, -1)) && (key > after || after.startsWith(key)))
        yield* walk(join(folder, name), key, prefix, after);
    } else if (key.startsWith(prefix) && key > after && isArchiveKey(key)) {
      const row = await ifThere(lstat(join(folder, name)));
      if (row !== undefined) yield { key, size: row.size };
    }
  }
}

/** Files that a process which died was about to bring in. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [pid, ...host] = name.split('~').slice(0, -1).reverse();
    if (host.join('~') === hostname() && !alive(Number(pid))) await ifThere(unlink(join(folder, name)));
  }
}

/** Writes below the folder (写入目录), with what one process remembers while it does. */
export interface FolderWriter {
  prepare(base: string, folder: string): Promise<void>;
  staged<T>(base: string, bytes: Uint8Array, mode: number, use: (path: string) => Promise<T>): Promise<T>;
}

export function createFolderWriter(): FolderWriter {
  let swept = false;
  /** Folders whose names this process has seen onto the disk. */
  const synced = new Set<string>();

  /** Folders are made one by one and never through a link, and their names are on the disk before anything lies in them. */
  async function prepare(base: string, folder: string): Promise<void> {
    let at = base;
    for (const name of relative(base, folder).split(sep)) {
      const above = at;
      at = join(at, name);
      const made = await mkdir(at).then(
        () => true,
        (error: unknown) => {
          if (systemCode(error) !== 'EEXIST') throw error;
          return false;
        },
      );
      const found = await lstat(at);
      if (found.isSymbolicLink()) throw linked();
      if (!found.isDirectory()) throw otherBytes();
      if (made || !synced.has(at)) await sync(above);
      synced.add(at);
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

  return { prepare, staged };
}
