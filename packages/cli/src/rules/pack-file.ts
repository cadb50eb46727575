import { readFile } from 'node:fs/promises';

import { ComplianceError, createValidator, overlayPack } from '@zhengpin/core';
import type { Pack } from '@zhengpin/core';

import { unreadable } from '../input.ts';
import { invalid } from '../io.ts';
import { PACKS } from '../packs.ts';
import { PACK_SCHEMA } from './pack-schema.ts';

function malformed(path: string): ComplianceError {
  return new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: `${path} 不是 JSON 文件`, en: `${path} is not a JSON file` } });
}

async function readPack(path: string): Promise<Pack> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch {
    throw malformed(path);
  }
  return createValidator<Pack>(PACK_SCHEMA)(parsed);
}

function builtIn(name: string): Pack {
  const [id, version] = name.split('@');
  const found = PACKS.findLast((pack) => pack.id === id && (version === undefined || pack.version === version));
  if (found) return found;
  const known = PACKS.map((pack) => `${pack.id}@${pack.version}`).join(', ');
  throw invalid(`没有规则包 ${name}，现有：${known}，或 .json 文件`, `There is no pack ${name}; known: ${known}, or a .json file`);
}

/**
 * A pack of this release by `id` or `id@version`, or one in a JSON file (读取规则包).
 * @param base the pack it is laid over, for one that only adds or tightens
 * @throws ZP_OPTION_INVALID for an unknown id or an overlay that loosens, ZP_NOT_FOUND for a file that cannot be read,
 * ZP_INPUT_INVALID for one that is not a pack
 */
export async function loadPack(name: string, base?: string): Promise<Pack> {
  const pack = name.endsWith('.json') ? await readPack(name) : builtIn(name);
  return base === undefined ? pack : overlayPack(await loadPack(base), pack);
}
