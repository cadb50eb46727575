import { PLAIN } from './fold-table.ts';

/** Nothing visible was dropped before the unit. */
export const JOINED = 0;
/** A space or decoration was dropped: words may join, a clause may also begin here. */
export const SPACED = 1;
/** A bracket or quotation mark was dropped: as {@link SPACED}, and a negation does not reach across it. */
export const BRACKETED = 2;

/** Text as rules see it (归一化文本), in room used again for every text: nothing is allocated while screening. */
export interface Shape {
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
const WORDS = 4;

export function createShape(room: number): Shape {
  return {
    size: 0,
    classes: new Uint16Array(room),
    before: new Uint8Array(room),
    hasAt: false,
    places: new Int32Array(WORDS * room),
    placeCount: 0,
    near: 0,
    units: new Uint16Array(0),
  };
}

/** Twice the room for units. */
export function grow(shape: Shape): void {
  const classes = new Uint16Array(shape.classes.length * 2);
  classes.set(shape.classes);
  shape.classes = classes;
  const before = new Uint8Array(classes.length);
  before.set(shape.before);
  shape.before = before;
}

/** From `unit` on, one folded unit for each original one from `start` on. */
export function placeRun(shape: Shape, unit: number, start: number): void {
  place(shape, unit, start, RUN, 0);
}

/** One folded unit between original offsets. */
export function place(shape: Shape, unit: number, start: number, end: number, folded: number): void {
  const at = shape.placeCount * WORDS;
  if (at === shape.places.length) {
    const wider = new Int32Array(at * 2);
    wider.set(shape.places);
    shape.places = wider;
  }
  const { places } = shape;
  places[at] = unit;
  places[at + 1] = start;
  places[at + 2] = end;
  places[at + 3] = folded;
  shape.placeCount++;
}

/** Where the place of a unit stands in the list. Asked for from left to right it is the one found last, or soon behind it. */
function placeOf(shape: Shape, unit: number): number {
  const { places, placeCount, near } = shape;
  let low = 0;
  let high = placeCount - 1;
  if (near < high && (places[near * WORDS] as number) <= unit) {
    if ((places[(near + 1) * WORDS] as number) > unit) return near * WORDS;
    low = near + 1;
  }
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((places[middle * WORDS] as number) <= unit) low = middle;
    else high = middle - 1;
  }
  shape.near = low;
  return low * WORDS;
}

/** First original UTF-16 offset of a unit. */
export function startOf(shape: Shape, unit: number): number {
  const at = placeOf(shape, unit);
  const start = shape.places[at + 1] as number;
  return shape.places[at + 2] === RUN ? start + unit - (shape.places[at] as number) : start;
}

/** Original UTF-16 offset after what a unit stands for. */
export function endOf(shape: Shape, unit: number): number {
  const end = shape.places[placeOf(shape, unit) + 2] as number;
  return end === RUN ? startOf(shape, unit) + 1 : end;
}

/**
 * Fills the folded units of the text that was folded last, with a 0 behind them: all, or those from `from` to `to`, then with
 * a 0 before them too.
 */
export function fillUnits(shape: Shape, text: string, from = 0, to: number = shape.size): void {
  const { size, places, placeCount } = shape;
  if (shape.units.length <= size) shape.units = new Uint16Array(Math.max(size + 1, shape.classes.length));
  const { units } = shape;
  for (let at = placeOf(shape, from), end = placeCount * WORDS; at < end && (places[at] as number) < to; at += WORDS) {
    const first = places[at] as number;
    if (places[at + 2] !== RUN) {
      units[first] = places[at + 3] as number;
      continue;
    }
    const start = (places[at + 1] as number) - first;
    const last = Math.min(to, at + WORDS === end ? size : (places[at + WORDS] as number));
    let unit = Math.max(first, from);
    // Of a label read before the text nothing is read twice.
    for (; unit < last && start + unit < 0; unit++) units[unit] = 0;
    for (; unit < last; unit++) units[unit] = PLAIN[text.charCodeAt(start + unit)] as number;
  }
  // Whoever looks past the end must not see an earlier text.
  units[to] = 0;
  if (from > 0) units[from - 1] = 0;
}
