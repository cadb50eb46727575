import { readFile } from 'node:fs/promises';

import { ComplianceError } from '@zhengpin/core';

import { unreadable } from './input.ts';

/**
 * A signed checkpoint that was kept in a file (保存的检查点).
 * @throws ZP_NOT_FOUND when the file cannot be read, ZP_INPUT_INVALID when it is none
 */
export async function readCheckpoint(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  // An editor's line ends are not an attack; what is signed has only line feeds.
  const note = text.replace(/^\u{FEFF}/u, '').replaceAll('\r\n', '\n');
  if (!note.includes('\n\n— ')) {
    throw new ComplianceError('ZP_INPUT_INVALID', {
      detail: { zh: `${path} 不是已签名的检查点`, en: `${path} is not a signed checkpoint` },
    });
  }
  return note;
}
