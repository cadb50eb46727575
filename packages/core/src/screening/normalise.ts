import { BRACKET, DROPPED, foldOf, KINDS, LINE, LONGER_TEXTS, PLAIN, POINT, RING, SLASH, SPACE, SURROGATE } from './fold-table.ts';
import { ALTERNATIVE_UNIT, CLAUSE_UNIT, createFolding, DASH_UNIT, isWord, POINT_UNIT, SENTENCE_UNIT, SLOW, SPACE_UNIT } from './folding.ts';
import type { Folding } from './folding.ts';
import { AHEAD, IS_ROW, PLACE_COUNT, SIZE, TWICE_AT } from './memory.ts';
import { AT_SIGN, createShape, endOf, fillUnits, grow, JOINED, place, placeRun, SPACED, BRACKETED, startOf } from './shape.ts';
import type { Shape } from './shape.ts';
import { isChained, isDecoration } from './spelling.ts';

const AMPERSAND = 0x26;
const WIDE_AT_SIGN = 0xff20;
/** Every unit is its own class: a pattern folds like the texts it is looked for in. */
export const PLAIN_FOLDING: Folding = createFolding({ classOf: Uint16Array.from({ length: 0x10000 }, (_, unit) => unit), width: 0x10000 });

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
function put(shape: Shape, unit: number, start: number, end: number, shown: number = unit): void {
  const at = shape.size;
  if (at === shape.memory.room) grow(shape, at + 1);
  const charClass = shape.folding.classOf[unit] as number;
  shape.classes[at] = charClass;
  if (at > 0 && charClass === shape.classes[at - 1]) noteTwice(shape, at, charClass);
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
};

/** Notes an ideograph that stands where the same one stands before it: right behind another such one the two are a row. */
function noteTwice({ folding, memory: { header } }: Shape, at: number, charClass: number): void {
  if (folding.ideographs[charClass] === 0) return;
  if (at - (header[TWICE_AT] as number) === 2) header[IS_ROW] = 1;
  header[TWICE_AT] = at;
}

/**
 * Folds text for matching (文本归一化): width, case and compatibility forms, a few traditional characters, no invisible
 * characters, no spaces or decoration except inside Latin words and numbers; clause marks become `，`, sentence ends
 * `。`, alternatives `、`, colons `：`.
 * @param label ordinary characters read before the text: their offsets are negative
 */
export function fold(text: string, shape: Shape, label = ''): void {
  const { length } = text;
  const room = length + label.length;
  grow(shape, room);
  const { memory } = shape;
  memory.text.write(text, 0, length * 2, 'utf16le');
  memory.header[TWICE_AT] = -2;
  memory.header[IS_ROW] = 0;
  shape.before.fill(JOINED, 0, room + 1);
  state.cleared = room + 1;
  shape.size = 0;
  shape.placeCount = 0;
  shape.near = 0;
  shape.hasAt = false;
  state.last = 0;
  if (label !== '') putLabel(label, shape);
  for (let at = 0; at < length;) {
    const from = at;
    at = run(at, length, shape);
    if (at === length) break;
    if (at > from) state.last = PLAIN[text.charCodeAt(at - 1)] as number;
    at = stretch(text, at, shape);
  }
  if (memory.header[IS_ROW] === 1) collapse(shape, text);
  // Whoever looks past the end must not see an earlier text.
  shape.classes.fill(0, shape.size, shape.size + AHEAD);
}

function putLabel(label: string, shape: Shape): void {
  const { classOf } = shape.folding;
  placeRun(shape, 0, -label.length);
  for (let at = 0; at < label.length; at++) shape.classes[at] = classOf[PLAIN[label.charCodeAt(at)] as number] as number;
  shape.size = label.length;
  state.last = PLAIN[label.charCodeAt(label.length - 1)] as number;
}

/** Folds ordinary characters, and single marks between two of them, from a unit of the text on; the end of them. */
function run(from: number, length: number, shape: Shape): number {
  // A text that grew while it was folded needs room for the rest of it all the same.
  grow(shape, shape.size + length - from);
  const { header, loops } = shape.memory;
  header[SIZE] = shape.size;
  header[PLACE_COUNT] = shape.placeCount;
  const end = loops.run(from, length);
  shape.size = header[SIZE];
  shape.placeCount = header[PLACE_COUNT];
  return end;
}

/** The characters between two runs: dropped, or put one by one. */
function stretch(text: string, from: number, shape: Shape): number {
  const { table } = shape.folding;
  const { length } = text;
  state.dropped = JOINED;
  state.mark = 0;
  for (let at = from; at < length;) {
    const unit = text.charCodeAt(at);
    // An ordinary character comes first where the room ran out.
    if (table[unit] !== SLOW && at > from) {
      if (state.mark !== 0) putMark(PLAIN[unit] as number, shape);
      if (state.dropped !== JOINED) shape.before[shape.size] = state.dropped;
      return at;
    }
    at = one(text, at, unit, shape);
  }
  return length;
}

/** Any one character; where the next begins. */
function one(text: string, at: number, unit: number, shape: Shape): number {
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
    if (state.mark !== 0) putMark(plain === 0 ? longer.charCodeAt(0) : plain, shape);
    if (plain === 0) putLonger(longer, shape, at, next);
    else put(shape, plain, at, next);
  }
  return next;
}

/** A character that stands for several. A text that grows passes the room that was cleared for it. */
function putLonger(longer: string, shape: Shape, start: number, end: number): void {
  for (let i = 0; i < longer.length; i++) put(shape, longer.charCodeAt(i), start, end);
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
function collapse(shape: Shape, text: string): void {
  const { ideographs } = shape.folding;
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
function putMark(first: number, shape: Shape): void {
  const { last, mark, isRange, markStart, markEnd } = state;
  state.mark = 0;
  if (!isWord(last) || state.dropped === BRACKETED || (!isWord(first) && mark !== POINT_UNIT)) return;
  // 18 - 35 is a range however it is spaced; 1. before a word begins a clause.
  const kept = !isWord(first) ? CLAUSE_UNIT : isRange && mark === SPACE_UNIT && isDigit(last) && isDigit(first) ? DASH_UNIT : mark;
  put(shape, kept, markStart, markEnd, state.isAt ? AT_SIGN : kept);
}

/** A folded text by itself, for pattern words and tests; screening folds into room of its own. */
export interface Normalised {
  readonly folded: string;
  readonly map: Int32Array;
  readonly ends: Int32Array;
  readonly before: Uint8Array;
}

const ROOM = createShape(PLAIN_FOLDING, 1024);

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
