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
import { AT_SIGN, createShape, endOf, fillUnits, grow, JOINED, place, placeRun, SPACED, BRACKETED, startOf } from './shape.ts';
import type { Shape } from './shape.ts';
import { isChained, isDecoration, isHan } from './spelling.ts';
import type { Alphabet } from './vocabulary.ts';

/** How text folds to the character classes of one alphabet. */
export interface Folding {
  /** Original unit → class, or {@link SLOW} for a unit that needs more than a look-up. */
  readonly table: Uint16Array;
  readonly classOf: Uint16Array;
  /** 1 for the class of an ideograph. */
  readonly ideographs: Uint8Array;
}

const SLOW = 0xffff;
const AMPERSAND = 0x26;
const WIDE_AT_SIGN = 0xff20;
const DASH_UNIT = 0x2d;
const POINT_UNIT = 0x2e;
const SPACE_UNIT = 0x20;
const SPOKEN = '零〇一二三四五六七八九幺';
const CLAUSE_UNIT = CLAUSE.charCodeAt(0);
const SENTENCE_UNIT = SENTENCE.charCodeAt(0);
const ALTERNATIVE_UNIT = ALTERNATIVE.charCodeAt(0);

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

/** A folded unit between original offsets, behind what was dropped. @param shown what {@link fillUnits} tells of it */
function put(shape: Shape, { classOf, ideographs }: Folding, unit: number, start: number, end: number, shown: number = unit): void {
  const at = shape.size;
  if (at + 2 >= shape.classes.length) grow(shape);
  const charClass = classOf[unit] as number;
  shape.classes[at] = charClass;
  if (at > 0 && charClass === shape.classes[at - 1]) noteTwice(at, charClass, ideographs);
  if (state.dropped !== JOINED) shape.before[at] = state.dropped;
  state.dropped = JOINED;
  state.last = unit;
  place(shape, at, start, end, shown);
  shape.size = at + 1;
}

/** Where folding stands between two ordinary characters; one for all texts, as folding is never interrupted. */
const state = {
  dropped: JOINED,
  mark: 0,
  isRange: false,
  markStart: 0,
  markEnd: 0,
  last: 0,
  cleared: 0,
  isAt: false,
  twiceAt: 0,
  isRow: false,
};

/** Notes an ideograph that stands where the same one stands before it: right behind another such one the two are a row. */
function noteTwice(at: number, charClass: number, ideographs: Uint8Array): void {
  if (ideographs[charClass] === 0) return;
  state.isRow ||= at - state.twiceAt === 2;
  state.twiceAt = at;
}

/**
 * Folds text for matching (文本归一化): width, case and compatibility forms, a few traditional characters, no invisible
 * characters, no spaces or decoration except inside Latin words and numbers; clause marks become `，`, sentence ends
 * `。`, alternatives `、`, colons `：`.
 * @param label ordinary characters read before the text: their offsets are negative
 */
export function fold(text: string, shape: Shape, folding: Folding = PLAIN_FOLDING, label = ''): void {
  const { length } = text;
  const room = length + label.length;
  // Room for the usual case, in which no text grows, so that the runs need not ask.
  while (shape.classes.length <= room + 2) grow(shape);
  shape.before.fill(JOINED, 0, room + 1);
  state.cleared = room + 1;
  shape.size = 0;
  shape.placeCount = 0;
  shape.near = 0;
  shape.hasAt = false;
  state.last = 0;
  state.twiceAt = -2;
  state.isRow = false;
  if (label !== '') putLabel(label, shape, folding);
  for (let at = 0; at < length;) {
    const from = at;
    at = run(text, at, shape, folding);
    if (at === length) break;
    if (at > from) {
      state.last = PLAIN[text.charCodeAt(at - 1)] as number;
      const plainly = gap(text, at, state.last, folding.table);
      if (plainly !== JOINED) {
        shape.before[shape.size] = plainly;
        at++;
        continue;
      }
    }
    at = stretch(text, at, shape, folding);
  }
  if (state.isRow) collapse(shape, folding, text);
  // Whoever looks past the end must not see an earlier text.
  shape.classes[shape.size] = 0;
}

function putLabel(label: string, shape: Shape, { classOf }: Folding): void {
  placeRun(shape, 0, -label.length);
  for (let at = 0; at < label.length; at++) shape.classes[at] = classOf[PLAIN[label.charCodeAt(at)] as number] as number;
  shape.size = label.length;
  state.last = PLAIN[label.charCodeAt(label.length - 1)] as number;
}

/** Classes of ordinary characters from `at` on; the end of them. By itself: beside the rest the compiler would spill what it keeps in hand. */
function run(text: string, from: number, shape: Shape, { table, ideographs }: Folding): number {
  const { classes } = shape;
  let { size } = shape;
  let previous = size === 0 ? 0 : (classes[size - 1] as number);
  let at = from;
  const stop = Math.min(text.length, from + classes.length - 1 - size);
  for (; at < stop; at++) {
    const charClass = table[text.charCodeAt(at)] as number;
    if (charClass === SLOW) break;
    // Below zero for the class before once more, unless it is 0: one branch that is hardly ever taken.
    if ((((charClass ^ previous) - 1) & -charClass) < 0) noteTwice(size, charClass, ideographs);
    classes[size++] = charClass;
    previous = charClass;
  }
  if (at > from) placeRun(shape, shape.size, from);
  shape.size = size;
  return at;
}

/**
 * What a single mark between two ordinary characters leaves when it leaves no unit, as most do: {@link SPACED} or
 * {@link BRACKETED}; {@link JOINED} when it needs {@link stretch}.
 */
function gap(text: string, at: number, last: number, table: Uint16Array): number {
  const unit = text.charCodeAt(at);
  const kind = KINDS[unit] as number;
  if (kind !== SPACE && kind !== BRACKET) return JOINED;
  if (at + 1 === text.length || table[text.charCodeAt(at + 1)] === SLOW) return JOINED;
  if (kind === BRACKET) return BRACKETED;
  return isWord(last) || isChained(text, at) ? JOINED : SPACED;
}

/** The characters between two runs: dropped, or put one by one. */
function stretch(text: string, from: number, shape: Shape, folding: Folding): number {
  const { table } = folding;
  const { length } = text;
  state.dropped = JOINED;
  state.mark = 0;
  for (let at = from; at < length;) {
    const unit = text.charCodeAt(at);
    // An ordinary character comes first where the room ran out.
    if (table[unit] !== SLOW && at > from) {
      if (state.mark !== 0) putMark(PLAIN[unit] as number, shape, folding);
      if (state.dropped !== JOINED) shape.before[shape.size] = state.dropped;
      return at;
    }
    at = one(text, at, unit, shape, folding);
  }
  return length;
}

/** Any one character; where the next begins. */
function one(text: string, at: number, unit: number, shape: Shape, folding: Folding): number {
  let plain = PLAIN[unit] as number;
  let kind = KINDS[unit] as number;
  let next = at + 1;
  let longer = '';
  let isAt = unit === AT_SIGN || unit === WIDE_AT_SIGN;
  if (kind === SURROGATE) {
    const code = text.codePointAt(at) ?? unit;
    ({ kind, text: longer } = foldOf(code));
    if (code > 0xffff) next = at + 2;
  } else if (unit === AMPERSAND) {
    const end = entityEnd(text, at);
    if (end > 0) {
      plain = 0;
      ({ kind, text: longer } = foldOf(entityCode));
      isAt = entityCode === AT_SIGN;
      next = end;
    }
  }
  if ((kind >= SPACE && kind <= POINT) || isDecoration(text, at, kind)) {
    if (state.mark === 0) {
      state.markStart = at;
      state.isRange = false;
      state.isAt = false;
    }
    if (isAt) shape.hasAt = state.isAt = true;
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
    if (state.mark !== 0) putMark(plain === 0 ? longer.charCodeAt(0) : plain, shape, folding);
    if (plain === 0) putLonger(longer, shape, folding, at, next);
    else put(shape, folding, plain, at, next);
  }
  return next;
}

/** A character that stands for several. A text that grows passes the room that was cleared for it. */
function putLonger(longer: string, shape: Shape, folding: Folding, start: number, end: number): void {
  for (let i = 0; i < longer.length; i++) put(shape, folding, longer.charCodeAt(i), start, end);
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

/** Two or more ideographs in a row that each stand twice or more are written so to hide (限限男男); one alone is a word (天天). */
function collapse(shape: Shape, { ideographs }: Folding, text: string): void {
  fillUnits(shape, text);
  const { classes, before, units, size } = shape;
  const starts = Int32Array.from({ length: size }, (_, unit) => startOf(shape, unit));
  const ends = Int32Array.from({ length: size }, (_, unit) => endOf(shape, unit));
  let into = 0;
  shape.placeCount = 0;
  shape.near = 0;
  const keep = (from: number, end: number): void => {
    classes[into] = classes[from] as number;
    before[into] = before[from] as number;
    place(shape, into, starts[from] as number, ends[end - 1] as number, units[from] as number);
    into++;
  };
  for (let at = 0; at < size;) {
    const end = isRepeated(shape, ideographs, at) ? sameEnd(shape, at) : at + 1;
    const isRow = end - at > 1 && isRepeated(shape, ideographs, end);
    if (isRow) {
      for (; isRepeated(shape, ideographs, at); at = sameEnd(shape, at)) keep(at, sameEnd(shape, at));
    } else for (; at < end; at++) keep(at, at + 1);
  }
  shape.size = into;
}

/** Keeps the mark last dropped where it means something: between Latin words and numbers, or behind the number of an item. */
function putMark(first: number, shape: Shape, folding: Folding): void {
  const { last, mark, isRange, markStart, markEnd } = state;
  state.mark = 0;
  if (!isWord(last) || state.dropped === BRACKETED || (!isWord(first) && mark !== POINT_UNIT)) return;
  // 18 - 35 is a range however it is spaced; 1. before a word begins a clause.
  const kept = !isWord(first) ? CLAUSE_UNIT : isRange && mark === SPACE_UNIT && isDigit(last) && isDigit(first) ? DASH_UNIT : mark;
  put(shape, folding, kept, markStart, markEnd, state.isAt ? AT_SIGN : kept);
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
  const folded = foldedText(text);
  const { size, before } = ROOM;
  return {
    folded,
    map: Int32Array.from({ length: size }, (_, unit) => startOf(ROOM, unit)),
    ends: Int32Array.from({ length: size }, (_, unit) => endOf(ROOM, unit)),
    before: before.slice(0, size),
  };
}

/** {@link fold} as a text: what words of a pattern are looked for as. */
export function foldedText(text: string): string {
  fold(text, ROOM);
  fillUnits(ROOM, text);
  let folded = '';
  for (let i = 0; i < ROOM.size; i++) folded += String.fromCharCode(ROOM.units[i] as number);
  return folded;
}
