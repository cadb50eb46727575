import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

import { checkArchiveKey, ComplianceError, isArchiveKey } from '@zhengpin/core';
import type { TreeSource, TreeTarget } from '@zhengpin/core';

import { systemCode } from './io.ts';

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

function unusable(path: string, error: unknown): ComplianceError {
  const code = systemCode(error) ?? '';
  return new ComplianceError('ZP_STORE_UNAVAILABLE', {
    detail: { zh: `无法使用 ${path}（${code}）`, en: `${path} cannot be used (${code})` },
    cause: error,
  });
}

/** Write a file whole and on disk, or not at all (原子写入): a power cut leaves the old file or the new one. */
export async function writeAtomically(path: string, bytes: Uint8Array | AsyncIterable<string>): Promise<void> {
  // With a dot in front: what a process that was killed leaves behind is no file of a log.
  const staged = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const handle = await open(staged, 'w', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(staged, path);
  } catch (error) {
    await unlink(staged).catch(() => undefined);
    throw error;
  }
  await sync(dirname(path));
}

/**
 * A plain folder that logs are exported to and verified in (导出目录): nothing but the files of the logs, so it can be copied,
 * served by any web server, or burnt. Nothing protects it; an archive does.
 */
export function treeDirectory(directory: string): TreeSource & TreeTarget {
  /** Folders whose names are on the disk. */
  const synced = new Set<string>();

  async function prepare(folder: string): Promise<void> {
    let at = directory;
    for (const name of ['', ...relative(directory, folder).split(sep)]) {
      const above = at;
      at = join(at, name);
      if (synced.has(at)) continue;
      await mkdir(at, { recursive: true });
      await sync(name === '' ? dirname(at) : above);
      synced.add(at);
    }
  }

  async function read(key: string): Promise<Uint8Array | undefined> {
    checkArchiveKey(key);
    try {
      return await readFile(join(directory, key));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined;
      throw unusable(key, error);
    }
  }

  async function write(key: string, bytes: Uint8Array): Promise<void> {
    checkArchiveKey(key);
    const path = join(directory, key);
    try {
      await prepare(dirname(path));
      await writeAtomically(path, bytes);
    } catch (error) {
      throw unusable(key, error);
    }
  }

  return {
    get: read,
    async put(key, bytes) {
      const there = await read(key);
      if (there === undefined) return write(key, bytes);
      if (Buffer.compare(there, bytes) === 0) return;
      throw new ComplianceError('ZP_CONFLICT', {
        detail: { zh: `${key} 已存在且内容不同`, en: `${key} is there with other content` },
      });
    },
    replace: write,
    async list(prefix) {
      const folder = join(directory, prefix);
      const rows = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return [];
        throw unusable(prefix, error);
      });
      const keys = rows.filter((row) => row.isFile()).map((row) => `${prefix}${row.name}`);
      return { entries: keys.filter(isArchiveKey).map((key) => ({ key, size: 0 })) };
    },
  };
}
