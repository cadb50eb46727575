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

/** Few enough that the table of pairs stays in the nearest cache. */
const FILTER_BITS = 15;
/** What a pair of characters is to some word: all of it, its first two of more, its second and third. */
const WHOLE = 1;
const FIRST = 2;
const SECOND = 4;

function pairOf(one: number, other: number): number {
  return Math.imul((one << 12) ^ other, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

/**
 * Builds the automaton. A table of the pairs with which words begin passes over nearly every place; only behind such a
 * pair is the trie walked, for at most the length of a word, so the time is linear in any text.
 * @param words distinct, none empty
 */
export function createAutomaton(words: readonly string[], { classOf, width }: Alphabet): Automaton {
  let room = 2;
  for (const word of words) room += word.length;
  // At most a quarter of the places is taken, and key and node stand side by side: nearly every look-up meets one line of cache.
  const bits = 32 - Math.clz32(room * 4);
  const mask = (2 << bits) - 1;
  const edges = new Int32Array(2 << bits);
  const wordAt = new Int32Array(room);
  const pairs = new Uint8Array(1 << FILTER_BITS);
  // 1 for a character that is a word by itself.
  const alone = new Uint8Array(width);
  let size = 1;
  const mark = (one: number, other: number, as: number): void => {
    const at = pairOf(one, other);
    pairs[at] = (pairs[at] as number) | as;
  };
  for (const [index, word] of words.entries()) {
    const classAt = (at: number): number => classOf[word.charCodeAt(at)] as number;
    if (word.length === 1) alone[classAt(0)] = 1;
    else if (word.length === 2) mark(classAt(0), classAt(1), WHOLE);
    else {
      mark(classAt(0), classAt(1), FIRST);
      mark(classAt(1), classAt(2), SECOND);
    }
    let node = 0;
    for (let i = 0; i < word.length; i++) {
      const key = node * width + (classOf[word.charCodeAt(i)] as number);
      let at = (Math.imul(key, 0x9e3779b1) >>> (32 - bits)) << 1;
      while (edges[at] !== 0 && edges[at] !== key) at = (at + 2) & mask;
      if (edges[at] === 0) {
        edges[at] = key;
        edges[at + 1] = size++;
      }
      node = edges[at + 1] as number;
    }
    wordAt[node] = index + 1;
  }
  let starts = new Int32Array(1024);

  /** Where a word may begin. Without a branch, which the processor would guess wrong at every third character. */
  const sift = (classes: Uint16Array, length: number, into: Int32Array): number => {
    let count = 0;
    let head = classes[0] as number;
    let next = classes[1] as number;
    let kind = pairs[pairOf(head, next)] as number;
    for (let start = 0; start < length; start++) {
      // Behind the last character stands a 0, and behind that whatever an earlier text left: it can only let a place pass.
      const third = classes[start + 2] as number;
      const following = pairs[pairOf(next, third)] as number;
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
      let { items } = matches;
      let limit = items.length - 3;
      let filled = 0;
      for (let i = 0; i < count; i++) {
        const start = starts[i] as number;
        let node = 0;
        for (let at = start; at < length; at++) {
          const key = node * width + (classes[at] as number);
          let slot = (Math.imul(key, 0x9e3779b1) >>> (32 - bits)) << 1;
          let seen = edges[slot] as number;
          while (seen !== key && seen !== 0) {
            slot = (slot + 2) & mask;
            seen = edges[slot] as number;
          }
          if (seen === 0) break;
          node = edges[slot + 1] as number;
          const word = wordAt[node] as number;
          if (word === 0) continue;
          if (filled > limit) {
            items = widened(matches);
            limit = items.length - 3;
          }
          items[filled] = word - 1;
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
