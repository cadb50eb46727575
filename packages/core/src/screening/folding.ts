import { ALTERNATIVE, CLAUSE, KINDS, PLAIN, SENTENCE } from './fold-table.ts';
import { isHan } from './spelling.ts';
import type { Alphabet } from './vocabulary.ts';

/** How text folds to the character classes of one alphabet (归一化表). */
export interface Folding {
  /** Original unit → class, or {@link SLOW} for a unit that needs more than a look-up. */
  readonly table: Uint16Array;
  readonly classOf: Uint16Array;
  /** 1 for the class of an ideograph. */
  readonly ideographs: Uint8Array;
  /** The number of classes, 0 included. */
  readonly width: number;
}

export const SLOW = 0xffff;
export const DASH_UNIT = 0x2d;
export const POINT_UNIT = 0x2e;
export const SPACE_UNIT = 0x20;
export const CLAUSE_UNIT: number = CLAUSE.charCodeAt(0);
export const SENTENCE_UNIT: number = SENTENCE.charCodeAt(0);
export const ALTERNATIVE_UNIT: number = ALTERNATIVE.charCodeAt(0);
const SPOKEN = '零〇一二三四五六七八九幺';

export function createFolding({ classOf, width }: Alphabet): Folding {
  const table = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) {
    const plain = PLAIN[unit] as number;
    table[unit] = plain === 0 ? SLOW : (classOf[plain] as number);
  }
  const ideographs = new Uint8Array(width);
  for (let unit = 0x3400; isHan(unit); unit++) ideographs[classOf[unit] as number] = 1;
  // A number said digit by digit repeats what it repeats.
  for (const numeral of SPOKEN) ideographs[classOf[numeral.charCodeAt(0)] as number] = 0;
  ideographs[0] = 0;
  return { table, classOf, ideographs, width };
}

/** Whether a folded unit is part of a Latin word or a number. */
export function isWord(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
}

/** Beside a kind: the unit folds to a letter or a digit. */
const WORD = 16;
/** A kind for what a page may write as several characters, or an address is known by: never passed over in a run. */
const SPECIAL = 15;

/** {@link KINDS} as the loops over a text read them. */
export const RUN_KINDS: Uint8Array = runKinds();

function runKinds(): Uint8Array {
  const kinds = Uint8Array.from(KINDS, (kind, unit) => (isWord(PLAIN[unit] as number) ? kind | WORD : kind));
  for (const unit of '&@＠') kinds[unit.charCodeAt(0)] = SPECIAL;
  return kinds;
}
