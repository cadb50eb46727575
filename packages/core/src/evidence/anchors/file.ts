import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { ComplianceError } from '../../kernel/errors.ts';
import { letterId } from '../../kernel/ids.ts';
import { anchorError, checkpointPlace, forkedFrom, rolledBack, textOf } from './anchor.ts';
import type { Anchor } from './anchor.ts';

export interface FileAnchorOptions {
  /** A folder that exists, such as a mounted share the regulator holds or a drive that is carried away. */
  readonly dir: string;
  /** Default `file`. */
  readonly name?: string;
}

const SIZE = /^\d{12}$/;
const READ_ONLY = 0o444;

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function largest(folder: string): Promise<number> {
  return (await readdir(folder)).reduce((most, name) => (SIZE.test(name) ? Math.max(most, Number(name)) : most), 0);
}

/**
 * Checkpoints in a folder (文件锚点), `<dir>/<origin>/<size>`: a read-only file each, on disk before it has its name. It is
 * outside the trust domain only as far as the folder is.
 * @throws ZP_OPTION_INVALID for an empty path
 */
export function fileAnchor(options: FileAnchorOptions): Anchor {
  const { dir, name = 'file' } = options;
  if (dir === '') throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: 'dir 不得为空', en: 'dir must not be empty' } });
  const held = new Map<string, number>();

  /** Under its name the file is whole, and a name that is taken stays what it was. */
  async function create(folder: string, file: string, note: string): Promise<boolean> {
    const next = join(folder, `.${letterId(0)}`);
    const handle = await open(next, 'wx', READ_ONLY);
    try {
      await handle.writeFile(note);
      await handle.sync();
      await handle.close();
      await link(next, join(folder, file));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await handle.close().catch(() => undefined);
      await rm(next, { force: true });
    }
  }

  async function keep(origin: string, size: number, note: string): Promise<void> {
    const { folder: sub, file } = checkpointPlace(origin, size);
    const folder = join(dir, sub);
    // Only inside a folder that is there: a missing one is a mount that failed.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const most = held.get(origin) ?? (await largest(folder));
    if (most > size) throw rolledBack(most, size);
    if (!(await create(folder, file, note)) && textOf(await readFile(join(folder, file), 'utf8')) !== textOf(note)) throw forkedFrom(size);
    await flushFolder(folder);
    await flushFolder(dir);
    held.set(origin, size);
  }

  return {
    name,
    async publish({ origin, size, note }) {
      try {
        await keep(origin, size, note);
      } catch (error) {
        if (error instanceof ComplianceError) throw error;
        const code = (error as NodeJS.ErrnoException).code ?? '';
        throw anchorError('ZP_ANCHOR_UNAVAILABLE', `无法写入锚点目录（${code}）`, `The anchor folder cannot be written (${code})`, error);
      }
      return {};
    },
  };
}
