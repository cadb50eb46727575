import type { AutomatonTables } from './automaton.ts';
import { DASH, KINDS, LINE, PLAIN, POINT, SLASH, SPACE } from './fold-table.ts';
import { ALTERNATIVE_UNIT, DASH_UNIT, POINT_UNIT, SENTENCE_UNIT, SPACE_UNIT } from './folding.ts';
import type { Folding } from './folding.ts';
import { createMemory, makeRoom, PLACE_WORDS } from './memory.ts';
import type { Memory } from './memory.ts';

/** Nothing visible was dropped before the unit. */
export const JOINED = 0;
/** A space or decoration was dropped: words may join, a clause may also begin here. */
export const SPACED = 1;
/** A bracket or quotation mark was dropped: as {@link SPACED}, and a negation does not reach across it. */
export const BRACKETED = 2;

/** Text as rules see it (归一化文本), in room used again for every text: nothing is allocated while screening. */
export interface Shape {
  readonly folding: Folding;
  /** What the loops over a text work in; the arrays below are views of it. */
  readonly memory: Memory;
  /** How many folded units there are; the arrays are longer. */
  size: number;
  /** The character class of each folded unit, with a 0 behind the last. */
  classes: Uint16Array;
  /** What was dropped just before the unit: {@link JOINED}, {@link SPACED} or {@link BRACKETED}. */
  before: Uint8Array;
  /** Whether the text has an @, which folds away. */
  hasAt: boolean;
  /**
   * Where units come from, by rising unit, four numbers each: the first unit, its original offset, the offset behind it or
   * {@link RUN} when each further unit up to the next place comes from one further original unit, and the folded unit.
   */
  places: Int32Array;
  placeCount: number;
  /** The place asked for last. */
  near: number;
  /** The folded units, once {@link fillUnits} was asked for them: most texts have nothing to read twice. */
  units: Uint16Array;
}

/** The unit of a mark between two words that has an @ in it: only its class is that of another mark. */
export const AT_SIGN = 0x40;
/** In the place of an end: as many units as there are until the next place, one original unit each. */
const RUN = -1;

/**
 * Room for texts of one alphabet.
 * @param words what is looked for in them, if anything is
 */
export function createShape(folding: Folding, room: number, words?: AutomatonTables): Shape {
  const memory = createMemory(folding, room, words);
  const { classes, before, places } = memory;
  return { folding, memory, size: 0, classes, before, hasAt: false, places, placeCount: 0, near: 0, units: new Uint16Array(0) };
}

/** Room for at least as many units, what is there kept. */
export function grow(shape: Shape, units: number): void {
  if (units <= shape.memory.room) return;
  makeRoom(shape.memory, units);
  view(shape);
}

/** Looks at the memory anew, where it may have grown. */
export function view(shape: Shape): void {
  ({ classes: shape.classes, before: shape.before, places: shape.places } = shape.memory);
}

/** From `unit` on, one folded unit for each original one from `start` on. */
export function placeRun(shape: Shape, unit: number, start: number): void {
  place(shape, unit, start, RUN, 0);
}

/** One folded unit between original offsets. */
export function place(shape: Shape, unit: number, start: number, end: number, folded: number): void {
  const at = shape.placeCount * PLACE_WORDS;
  const { places } = shape;
  places[at] = unit;
  places[at + 1] = start;
  places[at + 2] = end;
  places[at + 3] = folded;
  shape.placeCount++;
}

/** How many places on or back are looked at before the list is halved. */
const NEARBY = 4;

/** Where the place of a unit stands in the list. Asked for from left to right it is the one found last, or soon behind it. */
function placeOf(shape: Shape, unit: number): number {
  const { places, placeCount } = shape;
  if (placeCount < 2) return 0;
  let low = shape.near;
  for (let tries = 0; tries < NEARBY; tries++) {
    const at = low * PLACE_WORDS;
    if ((places[at] as number) > unit) low--;
    else if (low + 1 === placeCount || (places[at + PLACE_WORDS] as number) > unit) {
      shape.near = low;
      return at;
    } else low++;
  }
  low = 0;
  let high = placeCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((places[middle * PLACE_WORDS] as number) <= unit) low = middle;
    else high = middle - 1;
  }
  shape.near = low;
  return low * PLACE_WORDS;
}

/** First original UTF-16 offset of a unit. */
export function startOf(shape: Shape, unit: number): number {
  const at = placeOf(shape, unit);
  const { places } = shape;
  const start = places[at + 1] as number;
  return places[at + 2] === RUN ? start + unit - (places[at] as number) : start;
}

/** Original UTF-16 offset after what a unit stands for. */
export function endOf(shape: Shape, unit: number): number {
  const at = placeOf(shape, unit);
  const { places } = shape;
  const end = places[at + 2] as number;
  return end === RUN ? (places[at + 1] as number) + unit - (places[at] as number) + 1 : end;
}

/** By kind: what a single mark between two characters folds to where it does not fold away. */
const SHOWN = Uint16Array.from({ length: 16 });
SHOWN[SPACE] = SPACE_UNIT;
SHOWN[DASH] = DASH_UNIT;
SHOWN[POINT] = POINT_UNIT;
SHOWN[LINE] = SENTENCE_UNIT;
SHOWN[SLASH] = ALTERNATIVE_UNIT;

/** The folded unit of one in a run. */
function shownAs(unit: number): number {
  const plain = PLAIN[unit] as number;
  return plain === 0 ? (SHOWN[KINDS[unit] as number] as number) : plain;
}

/**
 * Fills the folded units of the text that was folded last, with a 0 behind them: all, or those from `from` to `to`, then with
 * a 0 before them too.
 */
export function fillUnits(shape: Shape, text: string, from = 0, to: number = shape.size): void {
  const { size, places, placeCount } = shape;
  if (shape.units.length <= size) shape.units = new Uint16Array(Math.max(size + 1, shape.classes.length));
  const { units } = shape;
  for (let at = placeOf(shape, from), end = placeCount * PLACE_WORDS; at < end && (places[at] as number) < to; at += PLACE_WORDS) {
    const first = places[at] as number;
    if (places[at + 2] !== RUN) {
      units[first] = places[at + 3] as number;
      continue;
    }
    const start = (places[at + 1] as number) - first;
    const last = Math.min(to, at + PLACE_WORDS === end ? size : (places[at + PLACE_WORDS] as number));
    let unit = Math.max(first, from);
    // Of a label read before the text nothing is read twice.
    for (; unit < last && start + unit < 0; unit++) units[unit] = 0;
    for (; unit < last; unit++) units[unit] = shownAs(text.charCodeAt(start + unit));
  }
  // Whoever looks past the end must not see an earlier text.
  units[to] = 0;
  if (from > 0) units[from - 1] = 0;
}
