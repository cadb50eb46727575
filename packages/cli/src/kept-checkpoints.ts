import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ComplianceError } from '@zhengpin/core';
import type { Archive, KeptCheckpoint } from '@zhengpin/core';

import { openArchive } from './archive-url.ts';
import { unreadable } from './input.ts';

/** A checkpoint with the signatures of many witnesses is still far smaller. */
const MOST_BYTES = 65_536;
/** Where the archive anchor puts checkpoints. */
const FOLDER = 'checkpoints/';

function noCheckpoint(place: string): ComplianceError {
  return new ComplianceError('ZP_INPUT_INVALID', {
    detail: { zh: `${place} 不是已签名的检查点`, en: `${place} is not a signed checkpoint` },
  });
}

/** An editor's line ends are not an attack; what is signed has only line feeds. */
function noteOf(text: string): string | undefined {
  const note = text.replace(/^\u{FEFF}/u, '').replaceAll('\r\n', '\n');
  return note.includes('\n\n— ') ? note : undefined;
}

async function readNote(path: string): Promise<KeptCheckpoint | undefined> {
  const { size, mtime } = await stat(path);
  const note = size > MOST_BYTES ? undefined : noteOf(await readFile(path, 'utf8'));
  return note === undefined ? undefined : { note, keptAt: mtime.toISOString() };
}

/** Every checkpoint in a folder and those below it; other files are passed over. */
async function inFolder(path: string): Promise<readonly KeptCheckpoint[]> {
  const found: KeptCheckpoint[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const own = join(path, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.push(...(await inFolder(own)));
    const note = entry.isFile() ? await readNote(own) : undefined;
    if (note) found.push(note);
  }
  return found;
}

async function inArchive(archive: Archive): Promise<readonly KeptCheckpoint[]> {
  const found: KeptCheckpoint[] = [];
  try {
    for (let cursor: string | undefined; ;) {
      const page = await archive.list(FOLDER, cursor === undefined ? {} : { cursor });
      for (const { key } of page.entries) {
        const note = noteOf(Buffer.from((await archive.get(key)) ?? []).toString('utf8'));
        if (note !== undefined) found.push({ note });
      }
      if (page.cursor === undefined) return found;
      cursor = page.cursor;
    }
  } finally {
    await archive.close();
  }
}

/**
 * Checkpoints kept outside a store (外存检查点).
 * @param place a file, a folder of them, or an archive URL (`file:DIR`, `s3://BUCKET/PREFIX/?…`)
 * @throws ZP_NOT_FOUND when it cannot be read, ZP_INPUT_INVALID when no checkpoint is there, ZP_OPTION_INVALID for the URL
 */
export async function readKept(place: string): Promise<readonly KeptCheckpoint[]> {
  const isUrl = /^(file:|s3:\/\/)/i.test(place);
  const kept = isUrl ? await inArchive(await openArchive(place)) : await fromFiles(place);
  if (kept.length === 0) throw noCheckpoint(place);
  return kept;
}

async function fromFiles(path: string): Promise<readonly KeptCheckpoint[]> {
  try {
    if ((await stat(path)).isDirectory()) return await inFolder(path);
    const note = await readNote(path);
    return note === undefined ? [] : [note];
  } catch (error) {
    throw unreadable(path, error);
  }
}
