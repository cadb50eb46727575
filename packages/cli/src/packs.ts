import { CN_NATIONAL, createCalendar } from '@zhengpin/core';
import type { Pack } from '@zhengpin/core';

import { invalid } from './io.ts';

/** Every pack this release carries (规则包). */
export const PACKS: readonly Pack[] = [CN_NATIONAL];

/**
 * The newest pack of that id in force on a date (选定规则包).
 * @param on civil date `YYYY-MM-DD`
 * @throws ZP_OPTION_INVALID for an unknown id, a date that does not exist, or one before the first version
 */
export function choosePack(id: string, on: string, packs: readonly Pack[] = PACKS): Pack {
  const known = [...new Set(packs.map((pack) => pack.id))].join(', ');
  const versions = packs.filter((pack) => pack.id === id).sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const first = versions[0];
  if (first === undefined) throw invalid(`没有规则包 ${id}，现有：${known}`, `There is no pack ${id}; known: ${known}`);
  if (!createCalendar().isDate(on)) throw invalid(`不是日期：${on}（YYYY-MM-DD）`, `Not a date that exists, YYYY-MM-DD: ${on}`);
  const found = versions.findLast((pack) => pack.effectiveFrom <= on);
  if (found) return found;
  throw invalid(
    `${on} 尚无施行的 ${id} 规则包，最早自 ${first.effectiveFrom} 施行`,
    `No version of ${id} is in force on ${on}; the first one applies from ${first.effectiveFrom}`,
  );
}
