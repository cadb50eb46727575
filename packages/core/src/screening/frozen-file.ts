import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

import { thaw } from './frozen-plan.ts';
import type { Layout } from './frozen-plan.ts';
import type { Pack } from './types.ts';

/** Where the build leaves what it compiled of the packs it ships: beside the rules. */
const FOLDER = new URL('../rules/', import.meta.url);
const CODE = new URL('./', import.meta.url);
/** A pack's id is anybody's word; it must not lead out of the folder. */
const SAFE_ID = /^[a-z]{2}(?:-[a-z]+)*$/u;

/** A module as built or as source; tests and declarations make no tables. */
const MODULE = /^[\w-]+\.[jt]s$/u;

/** The file that holds the compiled form of a pack (冻结规则包文件). */
export function frozenFile(pack: Pack, folder: URL = FOLDER): URL | undefined {
  return SAFE_ID.test(pack.id) ? new URL(`pack-${pack.id}.tables`, folder) : undefined;
}

/**
 * What a compiled form depends on, as SHA-256: every word of the pack, and every byte of the code that read it. The order
 * of keys counts too: a pack that only looks the same is compiled again, which is slow but never wrong.
 * @param code the folder of the engine's modules
 */
export function identityOf(pack: Pack, code: URL = CODE): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(code).toSorted()) {
    if (!MODULE.test(name)) continue;
    const source = readFileSync(new URL(name, code));
    hash.update(`${name} ${source.length}\n`).update(source);
  }
  const { rules, ...rest } = pack;
  hash.update(`${JSON.stringify(rest)}\n`);
  // Rule by rule: the text of a whole pack would be half a megabyte to make room for.
  for (const rule of rules) hash.update(`${JSON.stringify(rule)}\n`);
  return hash.digest('hex');
}

/**
 * The compiled form the build left of exactly this pack, read by exactly this code; undefined when there is none, which
 * is so for any other pack, in a bundle, and for a file that is damaged or older than the code.
 */
export function readLayout(pack: Pack, folder: URL = FOLDER, code: URL = CODE): Layout | undefined {
  try {
    const place = frozenFile(pack, folder);
    return place && thaw(readFileSync(place), identityOf(pack, code));
  } catch {
    // Whatever is wrong with a file that only saves time is answered by taking the time.
    return undefined;
  }
}
