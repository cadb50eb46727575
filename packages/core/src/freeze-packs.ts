/**
 * Leaves the packs this package ships compiled beside their rules (冻结规则包); run by the build, which fails when a pack
 * contradicts its own examples. With `--check` it only looks whether what was left fits. Prints each file's path in the package.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { CN_NATIONAL } from './rules/pack-cn-national.ts';
import { compileAnew } from './screening/engine.ts';
import { frozenFile, identityOf, readLayout } from './screening/frozen-file.ts';
import { freeze } from './screening/frozen-plan.ts';

for (const pack of [CN_NATIONAL]) {
  const place = frozenFile(pack);
  if (place === undefined) throw new Error(`no name of a file: ${pack.id}`);
  if (!process.argv.includes('--check')) writeFileSync(place, freeze(compileAnew(pack).layout, identityOf(pack)));
  if (readLayout(pack) === undefined) throw new Error(`does not fit: ${place.pathname}`);
  process.stdout.write(`dist/rules/${basename(place.pathname)}\n`);
}
