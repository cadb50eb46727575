import {
  ALTERNATIVE,
  BRACKET,
  CLAUSE,
  DROPPED,
  foldOf,
  KINDS,
  LINE,
  LONGER_TEXTS,
  PLAIN,
  POINT,
  RING,
  SENTENCE,
  SLASH,
  SPACE,
  SURROGATE,
} from './fold-table.ts';
import { isChained, isDecoration, isHan } from './spelling.ts';
import type { Alphabet } from './vocabulary.ts';

/** Nothing visible was dropped before the unit. */
export const JOINED = 0;
/** A space or decoration was dropped: words may join, a clause may also begin here. */
const SPACED = 1;
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
  /** The folded units. This and the offsets are filled only when asked for: most texts have nothing to place. */
  units: Uint16Array;
  /** First original UTF-16 offset of the unit. */
  map: Int32Array;
  /** Original UTF-16 offset after the last unit it stands for. */
  ends: Int32Array;
}

/** How text folds to the character classes of one alphabet. */
export interface Folding {
  /** Original unit → class, or {@link SLOW} for a unit that needs more than a look-up. */
  readonly table: Uint16Array;
  readonly classOf: Uint16Array;
  /** 1 for the class of an ideograph. */
  readonly ideographs: Uint8Array;
}

const SLOW = 0xffff;
/** More units than a text can have. */
const ALL_UNITS = 0x3fffffff;
const AMPERSAND = 0x26;
const AT_SIGN = 0x40;
const WIDE_AT_SIGN = 0xff20;
const DASH_UNIT = 0x2d;
const POINT_UNIT = 0x2e;
const SPACE_UNIT = 0x20;
const SPOKEN = '零〇一二三四五六七八九幺';
const CLAUSE_UNIT = CLAUSE.charCodeAt(0);
const SENTENCE_UNIT = SENTENCE.charCodeAt(0);
const ALTERNATIVE_UNIT = ALTERNATIVE.charCodeAt(0);

export function createShape(room: number): Shape {
  return {
    size: 0,
    classes: new Uint16Array(room),
    before: new Uint8Array(room),
    hasAt: false,
    units: new Uint16Array(0),
    map: new Int32Array(0),
    ends: new Int32Array(0),
  };
}

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
  return { table, classOf, ideographs };
}

/** Every unit is its own class: a pattern folds like the texts it is looked for in. */
const PLAIN_FOLDING: Folding = createFolding({ classOf: Uint16Array.from({ length: 0x10000 }, (_, unit) => unit), width: 0x10000 });

function isWord(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isRing(text: string, at: number): boolean {
  return at >= 0 && at < text.length && KINDS[text.charCodeAt(at)] === RING;
}

const NAMED_ENTITIES: { readonly [name: string]: number } = {
  nbsp: SPACE_UNIT,
  ensp: SPACE_UNIT,
  emsp: SPACE_UNIT,
  thinsp: SPACE_UNIT,
  zwnj: 0x200c,
  zwj: 0x200d,
  shy: 0xad,
  amp: 0x26,
  lt: 0x3c,
  gt: 0x3e,
  quot: 0x22,
  apos: 0x27,
  middot: 0xb7,
  hellip: 0x2026,
};
const MOST_ENTITY_UNITS = 10;
let entityCode = 0;

/**
 * The end of a character written as an HTML reference (`&#30007;`), its code in {@link entityCode}; 0 when there is
 * none. A page shows it as the character it names.
 */
function entityEnd(text: string, at: number): number {
  const stop = text.slice(at, at + MOST_ENTITY_UNITS + 1).indexOf(';');
  if (stop < 2) return 0;
  const body = text.slice(at + 1, at + stop);
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/iu.exec(body) ?? [];
  const named = Object.hasOwn(NAMED_ENTITIES, body) ? (NAMED_ENTITIES[body] ?? 0) : 0;
  entityCode = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : named;
  return entityCode > 0 && entityCode <= 0x10ffff ? at + stop + 1 : 0;
}

/** A folded unit between original offsets, behind what was dropped. */
function put(shape: Shape, { classOf }: Folding, isFull: boolean, unit: number, start: number, end: number): void {
  const at = shape.size;
  if (at + 2 >= shape.classes.length) grow(shape);
  shape.classes[at] = classOf[unit] as number;
  if (state.dropped !== JOINED) shape.before[at] = state.dropped;
  state.dropped = JOINED;
  state.last = unit;
  if (isFull) {
    shape.units[at] = unit;
    shape.map[at] = start;
    shape.ends[at] = end;
  }
  shape.size = at + 1;
}

function grow(shape: Shape): void {
  const wider = createShape(shape.classes.length * 2);
  wider.classes.set(shape.classes);
  wider.before.set(shape.before);
  if (shape.map.length > 0) makeRoom(wider);
  wider.units.set(shape.units);
  wider.map.set(shape.map);
  wider.ends.set(shape.ends);
  Object.assign(shape, wider, { size: shape.size, hasAt: shape.hasAt });
}

/** Room for what only a full fold fills. */
function makeRoom(shape: Shape): void {
  const room = shape.classes.length;
  if (shape.map.length >= room) return;
  shape.units = new Uint16Array(room);
  shape.map = new Int32Array(room);
  shape.ends = new Int32Array(room);
}

/** Where folding stands between two ordinary characters; one for all texts, as folding is never interrupted. */
const state = { dropped: JOINED, mark: 0, isRange: false, markStart: 0, markEnd: 0, last: 0, cleared: 0 };

/**
 * Folds text for matching (文本归一化): width, case and compatibility forms, a few traditional characters, no invisible
 * characters, no spaces or decoration except inside Latin words and numbers; clause marks become `，`, sentence ends
 * `。`, alternatives `、`, colons `：`.
 * @param isFull whether to fill units and offsets too
 * @param most units after which the rest may be left out
 */
export function fold(text: string, shape: Shape, folding: Folding = PLAIN_FOLDING, isFull = true, most: number = ALL_UNITS): void {
  const { length } = text;
  // Room for the usual case, in which no text grows, so that the runs need not ask.
  while (shape.classes.length <= length + 2) grow(shape);
  if (isFull) makeRoom(shape);
  shape.before.fill(JOINED, 0, length + 1);
  state.cleared = length + 1;
  shape.size = 0;
  shape.hasAt = false;
  state.dropped = JOINED;
  state.mark = 0;
  state.last = 0;
  for (let at = 0; at < length && shape.size < most;) {
    if (state.mark === 0 && state.dropped === JOINED) {
      const from = at;
      at = isFull ? placedRun(text, at, shape, folding.table, most) : run(text, at, shape, folding.table);
      if (at === length) break;
      if (at > from) state.last = PLAIN[text.charCodeAt(at - 1)] as number;
    }
    at = one(text, at, shape, folding, isFull);
  }
  collapse(shape, folding.ideographs, isFull);
  // Whoever looks past the end must not see an earlier text.
  shape.classes[shape.size] = 0;
  if (isFull) shape.units[shape.size] = 0;
}

// The runs of ordinary characters stand by themselves: beside the rest the compiler would spill what they keep in hand.

/** Classes of ordinary characters from `at` on; the end of them. */
function run(text: string, from: number, shape: Shape, table: Uint16Array): number {
  const { classes } = shape;
  let { size } = shape;
  let at = from;
  const stop = Math.min(text.length, from + classes.length - 1 - size);
  for (; at < stop; at++) {
    const charClass = table[text.charCodeAt(at)] as number;
    if (charClass === SLOW) break;
    classes[size++] = charClass;
  }
  shape.size = size;
  return at;
}

/** {@link run} with units and offsets. */
function placedRun(text: string, from: number, shape: Shape, table: Uint16Array, most: number): number {
  const { classes, units, map, ends } = shape;
  let { size } = shape;
  let at = from;
  const stop = Math.min(text.length, from + classes.length - 1 - size, from + most - size);
  for (; at < stop; at++) {
    const unit = text.charCodeAt(at);
    const charClass = table[unit] as number;
    if (charClass === SLOW) break;
    classes[size] = charClass;
    units[size] = PLAIN[unit] as number;
    map[size] = at;
    ends[size++] = at + 1;
  }
  shape.size = size;
  return at;
}

/** Any one character; where the next begins. */
function one(text: string, at: number, shape: Shape, folding: Folding, isFull: boolean): number {
  const unit = text.charCodeAt(at);
  let plain = PLAIN[unit] as number;
  let kind = KINDS[unit] as number;
  let next = at + 1;
  let longer = '';
  if (kind === SURROGATE) {
    const code = text.codePointAt(at) ?? unit;
    ({ kind, text: longer } = foldOf(code));
    if (code > 0xffff) next = at + 2;
  } else if (unit === AT_SIGN || unit === WIDE_AT_SIGN) shape.hasAt = true;
  else if (unit === AMPERSAND) {
    const end = entityEnd(text, at);
    if (end > 0) {
      plain = 0;
      ({ kind, text: longer } = foldOf(entityCode));
      shape.hasAt ||= entityCode === AT_SIGN;
      next = end;
    }
  }
  if ((kind >= SPACE && kind <= POINT) || isDecoration(text, at, kind)) {
    if (state.mark === 0) {
      state.markStart = at;
      state.isRange = false;
    }
    // A full stop outranks a space: `1. 男` begins a clause.
    if (state.mark !== POINT_UNIT) state.mark = kind === SPACE ? SPACE_UNIT : kind === POINT ? POINT_UNIT : DASH_UNIT;
    state.isRange ||= state.mark === DASH_UNIT;
    state.markEnd = next;
    // 限 男 性 is one word written apart: no clause begins inside it. On a new line one may.
    if (state.dropped === JOINED && (kind === LINE || !isChained(text, at))) state.dropped = SPACED;
  } else if (kind === BRACKET) {
    state.dropped = BRACKETED;
  } else if (kind !== DROPPED) {
    if (kind === SLASH) plain = ALTERNATIVE_UNIT;
    else if (kind === RING) plain = CLAUSE_UNIT;
    else if (kind === LINE) plain = SENTENCE_UNIT;
    if (kind === RING && (isRing(text, at - 1) || isRing(text, at + 1))) plain = (LONGER_TEXTS.get(unit) ?? '').charCodeAt(0);
    if (plain === 0 && longer === '') longer = LONGER_TEXTS.get(unit) ?? '';
    if (state.mark !== 0) putMark(plain === 0 ? longer.charCodeAt(0) : plain, shape, folding, isFull);
    if (plain === 0) putLonger(longer, shape, folding, isFull, at, next);
    else put(shape, folding, isFull, plain, at, next);
  }
  return next;
}

/** A character that stands for several. A text that grows passes the room that was cleared for it. */
function putLonger(longer: string, shape: Shape, folding: Folding, isFull: boolean, start: number, end: number): void {
  for (let i = 0; i < longer.length; i++) put(shape, folding, isFull, longer.charCodeAt(i), start, end);
  if (longer.length < 2) return;
  shape.before.fill(JOINED, state.cleared, state.cleared + longer.length);
  state.cleared += longer.length;
}

/** The end of the same ideograph from `at` on. */
function sameEnd({ classes, size }: Shape, at: number): number {
  let end = at + 1;
  while (end < size && classes[end] === classes[at]) end++;
  return end;
}

function isRepeated({ classes, size }: Shape, ideographs: Uint8Array, at: number): boolean {
  return at + 1 < size && classes[at] === classes[at + 1] && ideographs[classes[at] as number] === 1;
}

/** Where the first two repeated ideographs in a row begin, else -1. By itself, as every text is looked through. */
function firstRepeats(shape: Shape, ideographs: Uint8Array): number {
  const { classes, size } = shape;
  let last = 0;
  for (let at = 0; at < size; at++) {
    const own = classes[at] as number;
    if (own === last && ideographs[own] === 1) {
      const end = sameEnd(shape, at);
      if (isRepeated(shape, ideographs, end)) return at - 1;
      at = end - 1;
    }
    last = own;
  }
  return -1;
}

/** Two or more ideographs in a row that each stand twice or more are written so to hide (限限男男); one alone is a word (天天). */
function collapse(shape: Shape, ideographs: Uint8Array, isFull: boolean): void {
  let at = firstRepeats(shape, ideographs);
  if (at < 0) return;
  const { classes, before, units, map, ends, size } = shape;
  let into = at;
  const keep = (from: number, end: number): void => {
    classes[into] = classes[from] as number;
    before[into] = before[from] as number;
    if (isFull) {
      units[into] = units[from] as number;
      map[into] = map[from] as number;
      ends[into] = ends[end - 1] as number;
    }
    into++;
  };
  while (at < size) {
    const end = isRepeated(shape, ideographs, at) ? sameEnd(shape, at) : at + 1;
    const isRow = end - at > 1 && isRepeated(shape, ideographs, end);
    if (isRow) {
      for (; isRepeated(shape, ideographs, at); at = sameEnd(shape, at)) keep(at, sameEnd(shape, at));
    } else for (; at < end; at++) keep(at, at + 1);
  }
  shape.size = into;
}

/** Keeps the mark last dropped where it means something: between Latin words and numbers, or behind the number of an item. */
function putMark(first: number, shape: Shape, folding: Folding, isFull: boolean): void {
  const { last, mark, isRange, markStart, markEnd } = state;
  state.mark = 0;
  if (!isWord(last) || state.dropped === BRACKETED || (!isWord(first) && mark !== POINT_UNIT)) return;
  // 18 - 35 is a range however it is spaced; 1. before a word begins a clause.
  const kept = !isWord(first) ? CLAUSE_UNIT : isRange && mark === SPACE_UNIT && isDigit(last) && isDigit(first) ? DASH_UNIT : mark;
  put(shape, folding, isFull, kept, markStart, markEnd);
}

/** A folded text by itself, for pattern words and tests; screening folds into room of its own. */
export interface Normalised {
  readonly folded: string;
  readonly map: Int32Array;
  readonly ends: Int32Array;
  readonly before: Uint8Array;
}

const ROOM = createShape(1024);

/** {@link fold} with its results apart. */
export function normalise(text: string): Normalised {
  fold(text, ROOM, PLAIN_FOLDING, true);
  const { size, units, map, ends, before } = ROOM;
  let folded = '';
  for (let i = 0; i < size; i++) folded += String.fromCharCode(units[i] as number);
  return { folded, map: map.slice(0, size), ends: ends.slice(0, size), before: before.slice(0, size) };
}
