import type { AutomatonTables } from './automaton.ts';
import { ALTERNATIVE_UNIT, CLAUSE_UNIT, DASH_UNIT, POINT_UNIT, RUN_KINDS, SENTENCE_UNIT, SPACE_UNIT } from './folding.ts';
import type { Folding } from './folding.ts';
import { READING_WASM } from './reading-wasm.ts';

/** What the loops of `wasm/reading.ts` do; units are UTF-16 code units of the text, or folded. */
interface Loops {
  /** Folds from a unit of the text on; the unit at which something rarer stands. */
  readonly run: (from: number, length: number) => number;
  /** Finds words in as many folded units; the number of places walked, of {@link START_COUNT}. */
  readonly find: (length: number) => number;
  readonly walk: (from: number, count: number) => number;
}

/** The header both sides read, by place; the rest of it only the loops do. */
export const SIZE = 0;
export const PLACE_COUNT = 1;
export const TWICE_AT = 2;
export const IS_ROW = 3;
export const START_COUNT = 4;
export const FOUND = 5;
const MARKS = 6;
const PAIRS_SHIFT = 12;
const TABLES = 13;
const WORK = 20;
const HEADER_WORDS = 32;
/** Numbers a place and a find take. */
export const PLACE_WORDS = 4;
const FIND_WORDS = 3;

/** What is needed of WebAssembly: its types come with those of browsers only. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (pages: { readonly initial: number }) => WasmMemory;
}
const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: Wasm };
const PAGE = 65_536;
/** Behind the last unit of a text: a 0, and what the loops read ahead. */
export const AHEAD = 4;

/**
 * The memory the loops work in (工作内存): their tables, then room for one text. Views change when the room grows: whoever
 * holds one across that sees the old text.
 */
export interface Memory {
  readonly loops: Loops;
  readonly memory: WasmMemory;
  /** Where the room for texts begins, behind the tables. */
  readonly floor: number;
  /** Units there is room for. */
  room: number;
  header: Int32Array;
  text: Buffer;
  classes: Uint16Array;
  before: Uint8Array;
  places: Int32Array;
  /** Words found: word, start and end side by side. */
  items: Int32Array;
}

let compiled: object | undefined;

/** @throws Error where the runtime was started without WebAssembly: nothing is screened there, rather than something passed. */
function start(pages: number): Pick<Memory, 'loops' | 'memory'> {
  if (wasm === undefined) throw new Error('screening needs WebAssembly (筛查需要 WebAssembly): start Node.js without --jitless');
  compiled ??= new wasm.Module(Buffer.from(READING_WASM, 'base64'));
  const memory = new wasm.Memory({ initial: pages });
  return { memory, loops: new wasm.Instance(compiled, { env: { memory } }).exports as Loops };
}

const NO_WORDS: AutomatonTables = {
  cells: new Int32Array(0),
  wordAt: new Int32Array(0),
  pairs: new Uint8Array(1),
  alone: new Uint8Array(0),
};

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** @param words what is looked for in the texts, if anything is */
export function createMemory(folding: Folding, units: number, words: AutomatonTables = NO_WORDS): Memory {
  const { classOf, table, ideographs } = folding;
  const tables = [table, RUN_KINDS, ideographs, words.pairs, words.alone, words.cells, words.wordAt];
  const floor = tables.reduce((sum, { byteLength }) => sum + aligned(byteLength), HEADER_WORDS * 4);
  const { memory, loops } = start(Math.ceil(floor / PAGE));
  const header = new Int32Array(memory.buffer, 0, HEADER_WORDS);
  for (const [i, unit] of [SENTENCE_UNIT, ALTERNATIVE_UNIT, CLAUSE_UNIT, SPACE_UNIT, DASH_UNIT, POINT_UNIT].entries())
    header[MARKS + i] = classOf[unit] as number;
  header[PAIRS_SHIFT] = Math.clz32(words.pairs.length) + 1;
  const bytes = new Uint8Array(memory.buffer);
  let at = HEADER_WORDS * 4;
  for (const [i, { buffer, byteOffset, byteLength }] of tables.entries()) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    header[TABLES + i] = at;
    at += aligned(byteLength);
  }
  const none = new Int32Array(0);
  const made: Memory = {
    loops,
    memory,
    floor,
    room: 0,
    header,
    text: Buffer.alloc(0),
    classes: new Uint16Array(0),
    before: new Uint8Array(0),
    places: none,
    items: none,
  };
  arrange(made, units, units * FIND_WORDS);
  return made;
}

/** Lays the room out anew; what was in it is lost. */
function arrange(made: Memory, room: number, itemWords: number): void {
  const { memory, floor } = made;
  // A folded text has no more places than units, and words begin at no more of them.
  const sizes = [room * 2, (room + AHEAD) * 2, room + AHEAD, room * PLACE_WORDS * 4, room * 4, itemWords * 4].map(aligned);
  const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, floor));
  const end = (offsets.at(-1) as number) + (sizes.at(-1) as number);
  const more = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
  if (more > 0) memory.grow(more);
  const { buffer } = memory;
  const [text, classes, before, places, , items] = offsets as [number, number, number, number, number, number];
  made.room = room;
  made.header = new Int32Array(buffer, 0, HEADER_WORDS);
  made.header.set([...offsets, end], WORK);
  made.text = Buffer.from(buffer, text, room * 2);
  made.classes = new Uint16Array(buffer, classes, room + AHEAD);
  made.before = new Uint8Array(buffer, before, room + AHEAD);
  made.places = new Int32Array(buffer, places, room * PLACE_WORDS);
  made.items = new Int32Array(buffer, items, itemWords);
}

/** Room for at least as many units, what is there kept. */
export function makeRoom(made: Memory, units: number): void {
  const { text, classes, before, places } = made;
  const kept = { text: Uint8Array.from(text), classes: classes.slice(), before: before.slice(), places: places.slice() };
  arrange(made, Math.max(units, made.room * 2), made.items.length);
  made.text.set(kept.text);
  made.classes.set(kept.classes);
  made.before.fill(0, kept.before.length);
  made.before.set(kept.before);
  made.places.set(kept.places);
}

/** Twice the room for what is found, what is there kept: it stands last, and so may grow where it stands. */
export function makeItemRoom(made: Memory): void {
  arrange(made, made.room, made.items.length * 2);
}
