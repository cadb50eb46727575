/**
 * The two loops that see every character of a posting (逐字循环), in AssemblyScript, which looks like TypeScript and becomes
 * WebAssembly: folding a text to character classes, and finding the words in it. What they read and write lies in one memory,
 * laid out by `../src/screening/memory.ts`; the numbers below are the places of its header, the same there.
 * `npm run wasm` compiles this file into `../src/screening/reading-wasm.ts`.
 */

/** What the loops and their callers tell each other. */
const SIZE: usize = 0;
const PLACE_COUNT: usize = 4;
const TWICE_AT: usize = 8;
const IS_ROW: usize = 12;
const START_COUNT: usize = 16;
const FOUND: usize = 20;
/** The classes of what folds to a mark: a sentence's end, alternatives, a clause's, and a space, a dash, a point between two words. */
const SENTENCE_CLASS: usize = 24;
const ALTERNATIVE_CLASS: usize = 28;
const CLAUSE_CLASS: usize = 32;
const MARK_CLASSES: usize = 36;
const PAIRS_SHIFT: usize = 48;
/** Where everything lies. */
const TABLE: usize = 52;
const KINDS: usize = 56;
const IDEOGRAPHS: usize = 60;
const PAIRS: usize = 64;
const ALONE: usize = 68;
const CELLS: usize = 72;
const WORD_AT: usize = 76;
const TEXT: usize = 80;
const CLASSES: usize = 84;
const BEFORE: usize = 88;
const PLACES: usize = 92;
const STARTS: usize = 96;
const ITEMS: usize = 100;
const ITEMS_END: usize = 104;

/** In the table of classes: a unit that needs more than a look-up. */
const SLOW: u32 = 0xffff;
/** Kinds of units, as in `fold-table.ts`, and of those that fold to one unit whether it is a letter or a digit. */
const WORD: u32 = 16;
const BRACKET: u32 = 2;
const SLASH: u32 = 3;
const SPACE: u32 = 6;
const POINT: u32 = 8;
const LINE: u32 = 9;
/** What was dropped before a unit, as in `shape.ts`. */
const SPACED: u8 = 1;
const BRACKETED: u8 = 2;
const RUN: i32 = -1;
const CLAUSE_UNIT: i32 = 0xff0c;

function put(unit: i32, start: i32, end: i32, folded: i32): void {
  const count = load<i32>(PLACE_COUNT);
  const at = <usize>load<u32>(PLACES) + ((<usize>count) << 4);
  store<i32>(at, unit);
  store<i32>(at, start, 4);
  store<i32>(at, end, 8);
  store<i32>(at, folded, 12);
  store<i32>(PLACE_COUNT, count + 1);
}

/**
 * Folds ordinary characters from `from` on, and single marks between two of them; the end of what it folded. What is rarer
 * is left to the caller. Room for every unit of the text is the caller's care.
 */
export function run(from: i32, length: i32): i32 {
  const text: usize = load<u32>(TEXT);
  const classes: usize = load<u32>(CLASSES);
  const before: usize = load<u32>(BEFORE);
  const table: usize = load<u32>(TABLE);
  const kinds: usize = load<u32>(KINDS);
  const ideographs: usize = load<u32>(IDEOGRAPHS);
  const first: usize = text + ((<usize>from) << 1);
  const end: usize = text + ((<usize>length) << 1);
  const size = load<i32>(SIZE);
  let p: usize = first;
  let out: usize = classes + ((<usize>size) << 1);
  let runStart: usize = p;
  let runOut: usize = out;
  let previous: u32 = size > 0 ? load<u16>(out - 2) : 0;
  for (;;) {
    while (p < end) {
      const charClass: u32 = load<u16>(table + ((<usize>load<u16>(p)) << 1));
      if (charClass === SLOW) break;
      if (charClass === previous) {
        // An ideograph where the same one stands before it: right behind another such one the two are a row.
        if (load<u8>(ideographs + charClass) !== 0) {
          const at = <i32>((out - classes) >> 1);
          if (at - load<i32>(TWICE_AT) === 2) store<i32>(IS_ROW, 1);
          store<i32>(TWICE_AT, at);
        }
      }
      store<u16>(out, charClass);
      out += 2;
      p += 2;
      previous = charClass;
    }
    if (p === first || p + 2 >= end) break;
    const following: u32 = load<u16>(p, 2);
    if (<u32>load<u16>(table + ((<usize>following) << 1)) === SLOW) break;
    const unit: u32 = load<u16>(p);
    const facts: u32 = load<u8>(kinds + unit);
    if (facts === BRACKET) {
      put(<i32>((runOut - classes) >> 1), <i32>((runStart - text) >> 1), RUN, 0);
      store<u8>(before + ((out - classes) >> 1), BRACKETED);
      p += 2;
      runStart = p;
      runOut = out;
      continue;
    }
    // Else only marks that alone mean the same wherever they stand; one two characters from its like may decorate.
    if (facts !== SLASH && (facts < SPACE || facts > LINE)) break;
    if (p - text >= 4 && <u32>load<u16>(p - 4) === unit) break;
    if (p + 4 < end && <u32>load<u16>(p, 4) === unit) break;
    if (facts === LINE || facts === SLASH) {
      previous = load<u32>(facts === LINE ? SENTENCE_CLASS : ALTERNATIVE_CLASS);
      store<u16>(out, previous);
      out += 2;
      p += 2;
      continue;
    }
    store<u8>(before + ((out - classes) >> 1), SPACED);
    if ((load<u8>(kinds + load<u16>(p - 2)) & WORD) !== 0) {
      if ((load<u8>(kinds + following) & WORD) !== 0) {
        previous = load<u32>(MARK_CLASSES + ((facts - SPACE) << 2));
        store<u16>(out, previous);
        out += 2;
        p += 2;
        continue;
      }
      if (facts === POINT) {
        // The number of an item: a clause begins behind it.
        put(<i32>((runOut - classes) >> 1), <i32>((runStart - text) >> 1), RUN, 0);
        const at = <i32>((p - text) >> 1);
        put(<i32>((out - classes) >> 1), at, at + 1, CLAUSE_UNIT);
        previous = load<u32>(CLAUSE_CLASS);
        store<u16>(out, previous);
        out += 2;
        p += 2;
        runStart = p;
        runOut = out;
        continue;
      }
    }
    put(<i32>((runOut - classes) >> 1), <i32>((runStart - text) >> 1), RUN, 0);
    p += 2;
    runStart = p;
    runOut = out;
  }
  if (out > runOut) put(<i32>((runOut - classes) >> 1), <i32>((runStart - text) >> 1), RUN, 0);
  store<i32>(SIZE, <i32>((out - classes) >> 1));
  return <i32>((p - text) >> 1);
}

function pairOf(one: u32, other: u32, shift: u32): usize {
  return <usize>((((one << 12) ^ other) * 0x9e3779b1) >> shift);
}

/** Where a word may begin. Without a branch, which the processor would guess wrong at every third character. */
function sift(length: i32): i32 {
  const classes: usize = load<u32>(CLASSES);
  const pairs: usize = load<u32>(PAIRS);
  const alone: usize = load<u32>(ALONE);
  const shift: u32 = load<u32>(PAIRS_SHIFT);
  const starts: usize = load<u32>(STARTS);
  const end: usize = classes + ((<usize>length) << 1);
  let out: usize = starts;
  let head: u32 = load<u16>(classes);
  let next: u32 = load<u16>(classes, 2);
  let kind: u32 = load<u8>(pairs + pairOf(head, next, shift));
  let start: i32 = 0;
  for (let p: usize = classes; p < end; p += 2) {
    // Behind the last character stands a 0, and behind that whatever an earlier text left: it can only let a place pass.
    const third: u32 = load<u16>(p, 4);
    const following: u32 = load<u8>(pairs + pairOf(next, third, shift));
    store<i32>(out, start);
    // What a pair is to some word: all of it (1), its first two of more (2), its second and third (4).
    out += ((kind | ((kind >> 1) & (following >> 2)) | load<u8>(alone + head)) & 1) << 2;
    head = next;
    next = third;
    kind = following;
    start++;
  }
  return <i32>((out - starts) >> 2);
}

/**
 * Walks the words from where they may begin, as of the `from`-th place; the number of places done, less than `count` when
 * the room for what was found ran out. What was found: word, start and end, one after the other.
 */
export function walk(from: i32, count: i32): i32 {
  const classes: usize = load<u32>(CLASSES);
  const cells: usize = load<u32>(CELLS);
  const wordAt: usize = load<u32>(WORD_AT);
  const starts: usize = load<u32>(STARTS);
  const items: usize = load<u32>(ITEMS);
  const limit: usize = <usize>load<u32>(ITEMS_END) - 12;
  const root: u32 = load<u32>(cells, 4) >> 1;
  let out: usize = items + <usize>load<u32>(FOUND) * 12;
  for (let i = from; i < count; i++) {
    const start = load<i32>(starts + ((<usize>i) << 2));
    const kept = out;
    let at = start;
    let base = root;
    let node: u32 = 0;
    // The 0 behind the last character hangs below nothing.
    while (base !== 0) {
      const below: u32 = base + <u32>load<u16>(classes + ((<usize>at) << 1));
      const cell = load<u64>(cells + ((<usize>below) << 3));
      if (<u32>cell !== node + 1) break;
      if (out > limit) {
        store<u32>(FOUND, <u32>((kept - items) / 12));
        return i;
      }
      const value = <u32>(cell >> 32);
      node = below;
      base = value >> 1;
      at++;
      // Kept only when a word ends here: no branch to guess wrong.
      store<u32>(out, load<u32>(wordAt + ((<usize>below) << 2)));
      store<i32>(out, start, 4);
      store<i32>(out, at, 8);
      out += (value & 1) * 12;
    }
  }
  store<u32>(FOUND, <u32>((out - items) / 12));
  return count;
}

/** Finds every word in the first `length` units; the number of places done, as {@link walk}. */
export function find(length: i32): i32 {
  const count = sift(length);
  store<i32>(START_COUNT, count);
  store<u32>(FOUND, 0);
  return walk(0, count);
}
