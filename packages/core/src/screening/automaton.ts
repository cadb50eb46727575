import { arranged } from './double-array.ts';
import { FOUND, makeItemRoom, START_COUNT } from './memory.ts';
import { view } from './shape.ts';
import type { Shape } from './shape.ts';
import type { Alphabet } from './vocabulary.ts';

/** Words found: word, start and end side by side, {@link count} times; overwritten by the next search. */
export interface Matches {
  count: number;
  items: Int32Array;
}

/** Few enough that the table of pairs stays in the nearest cache; with many words a fuller table would pass over less. */
const FILTER_BITS = 15;
const MOST_FILTER_BITS = 18;
/** Entries for each word. */
const FILTER_ROOM = 4;
/** What a pair of characters is to some word: all of it, its first two of more, its second and third. */
const WHOLE = 1;
const FIRST = 2;
const SECOND = 4;

function pairOf(one: number, other: number, shift: number): number {
  return Math.imul((one << 12) ^ other, 0x9e3779b1) >>> shift;
}

function filterBits(words: number): number {
  return Math.min(MOST_FILTER_BITS, Math.max(FILTER_BITS, 32 - Math.clz32(words * FILTER_ROOM)));
}

/** What an automaton searches with (自动机表): plain arrays, so that they can be kept and read again. */
export interface AutomatonTables {
  /**
   * A trie in a double array (双数组字典树): by node, one more than the node it hangs below, and beside it twice the base of
   * what hangs below it, plus one when a word ends there. What hangs below a node on a class stands at base plus class.
   */
  readonly cells: Int32Array;
  /** By node: the word that ends there. */
  readonly wordAt: Int32Array;
  readonly pairs: Uint8Array;
  /** 1 for a character that is a word by itself. */
  readonly alone: Uint8Array;
}

/**
 * The tables by which a set of words is found in one pass over a text (多模式匹配). A table of the pairs with which words begin
 * passes over nearly every place; only behind such a pair is the trie walked, for at most the length of a word, so the time
 * is linear in any text.
 * @param words distinct, none empty
 */
export function tabulate(words: readonly string[], { classOf, width }: Alphabet): AutomatonTables {
  const bits = filterBits(words.length);
  const pairs = new Uint8Array(1 << bits);
  const alone = new Uint8Array(width);
  const mark = (one: number, other: number, as: number): void => {
    const at = pairOf(one, other, 32 - bits);
    pairs[at] = (pairs[at] as number) | as;
  };
  const spelt = words.map((word) => {
    let classes = '';
    for (let i = 0; i < word.length; i++) classes += String.fromCharCode(classOf[word.charCodeAt(i)] as number);
    return classes;
  });
  for (const word of spelt) {
    if (word.length === 1) alone[word.charCodeAt(0)] = 1;
    else if (word.length === 2) mark(word.charCodeAt(0), word.charCodeAt(1), WHOLE);
    else {
      mark(word.charCodeAt(0), word.charCodeAt(1), FIRST);
      mark(word.charCodeAt(1), word.charCodeAt(2), SECOND);
    }
  }
  return { ...arranged(spelt, width), pairs, alone };
}

const matches: Matches = { count: 0, items: new Int32Array(0) };

/** Every place in the text folded last of every word the shape was made with: by rising start, then by rising end. */
export function find(shape: Shape): Matches {
  const { memory } = shape;
  let done = memory.loops.find(shape.size);
  while (done < (memory.header[START_COUNT] as number)) {
    makeItemRoom(memory);
    view(shape);
    done = memory.loops.walk(done, memory.header[START_COUNT] as number);
  }
  matches.count = memory.header[FOUND] as number;
  ({ items: matches.items } = memory);
  return matches;
}
