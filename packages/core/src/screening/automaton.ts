import { arranged } from './double-array.ts';
import type { Alphabet } from './vocabulary.ts';

/** A set of words found in one pass over a text (多模式匹配). */
export interface Automaton {
  /**
   * Every place of every word, by rising start, then by rising end. The answer is overwritten by the next call.
   * @param classes character classes of the text, with a 0 and room for one more behind the last
   */
  readonly find: (classes: Uint16Array, size: number) => Matches;
}

/** Words found: word, start and end side by side, {@link count} times. A list, not a callback: whoever reads it is compiled by itself. */
interface Matches {
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
 * Builds the automaton. A table of the pairs with which words begin passes over nearly every place; only behind such a
 * pair is the trie walked, for at most the length of a word, so the time is linear in any text.
 * @param words distinct, none empty
 */
export function createAutomaton(words: readonly string[], alphabet: Alphabet): Automaton {
  return automatonOver(tabulate(words, alphabet));
}

/** The tables of {@link createAutomaton} by themselves. */
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

/** The automaton that searches with these tables. */
export function automatonOver({ cells, wordAt, pairs, alone }: AutomatonTables): Automaton {
  const shift = Math.clz32(pairs.length) + 1;
  let starts = new Int32Array(1024);

  /** Where a word may begin. Without a branch, which the processor would guess wrong at every third character. */
  const sift = (classes: Uint16Array, length: number, into: Int32Array): number => {
    let count = 0;
    let head = classes[0] as number;
    let next = classes[1] as number;
    let kind = pairs[pairOf(head, next, shift)] as number;
    for (let start = 0; start < length; start++) {
      // Behind the last character stands a 0, and behind that whatever an earlier text left: it can only let a place pass.
      const third = classes[start + 2] as number;
      const following = pairs[pairOf(next, third, shift)] as number;
      into[count] = start;
      // FIRST and SECOND stand a bit apart from each other, and FIRST from WHOLE.
      count += (kind | ((kind >>> 1) & (following >>> 2)) | (alone[head] as number)) & 1;
      head = next;
      next = third;
      kind = following;
    }
    return count;
  };

  const matches: Matches = { count: 0, items: new Int32Array(3 * 256) };

  return {
    find(classes, length) {
      if (starts.length <= length) starts = new Int32Array(length * 2);
      const count = sift(classes, length, starts);
      const root = (cells[1] as number) >>> 1;
      let { items } = matches;
      let limit = items.length - 3;
      let filled = 0;
      for (let i = 0; i < count; i++) {
        const start = starts[i] as number;
        let base = root;
        let node = 0;
        // The 0 behind the last character hangs below nothing.
        for (let at = start; base !== 0; at++) {
          const below = base + (classes[at] as number);
          if (cells[below * 2] !== node + 1) break;
          node = below;
          const value = cells[below * 2 + 1] as number;
          base = value >>> 1;
          if ((value & 1) === 0) continue;
          if (filled > limit) {
            items = widened(matches);
            limit = items.length - 3;
          }
          items[filled] = wordAt[below] as number;
          items[filled + 1] = start;
          items[filled + 2] = at + 1;
          filled += 3;
        }
      }
      matches.count = filled / 3;
      return matches;
    },
  };
}

function widened(matches: Matches): Int32Array {
  const wider = new Int32Array(matches.items.length * 2);
  wider.set(matches.items);
  matches.items = wider;
  return wider;
}
