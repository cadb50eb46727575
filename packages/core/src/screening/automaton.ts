import type { Alphabet } from './vocabulary.ts';

/** A set of words found in one pass over a text (多模式匹配). */
export interface Automaton {
  /**
   * Calls `found` with the word's index and where it begins and ends, by rising start, then by rising end.
   * @param classes character classes of the text, with a 0 behind the last
   */
  readonly each: (classes: Uint16Array, size: number, found: (word: number, start: number, end: number) => void) => void;
}

const FILTER_BITS = 16;
const BEGINS = 1;
const ALONE = 2;

function pairOf(one: number, other: number): number {
  return (Math.imul(one, 1031) ^ other) & ((1 << FILTER_BITS) - 1);
}

/**
 * Builds the automaton. A table of the pairs with which words begin passes over nearly every place; only behind such a
 * pair is the trie walked, for at most the length of a word, so the time is linear in any text.
 * @param words distinct, none empty
 */
export function createAutomaton(words: readonly string[], { classOf, width }: Alphabet): Automaton {
  let room = 2;
  for (const word of words) room += word.length;
  // At most a quarter of the places is taken: nearly every look-up ends at the first.
  const bits = 32 - Math.clz32(room * 4);
  const shift = 32 - bits;
  const mask = (1 << bits) - 1;
  const keys = new Int32Array(1 << bits);
  const nodes = new Int32Array(1 << bits);
  const wordAt = new Int32Array(room);
  // A bit a pair: small enough to stay in the nearest cache.
  const pairs = new Int32Array(1 << (FILTER_BITS - 5));
  // Whether a character begins words, and whether one of them is that character alone.
  const heads = new Uint8Array(width);
  let size = 1;
  const place = (key: number): number => {
    let at = Math.imul(key, 0x9e3779b1) >>> shift;
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & mask;
    return at;
  };
  for (const [index, word] of words.entries()) {
    const head = classOf[word.charCodeAt(0)] as number;
    if (word.length === 1) heads[head] = ALONE;
    else {
      if (heads[head] === 0) heads[head] = BEGINS;
      const pair = pairOf(head, classOf[word.charCodeAt(1)] as number);
      pairs[pair >>> 5] = (pairs[pair >>> 5] as number) | (1 << (pair & 31));
    }
    let node = 0;
    for (let i = 0; i < word.length; i++) {
      const key = node * width + (classOf[word.charCodeAt(i)] as number);
      const at = place(key);
      if (keys[at] === 0) {
        keys[at] = key;
        nodes[at] = size++;
      }
      node = nodes[at] as number;
    }
    wordAt[node] = index + 1;
  }

  return {
    each(classes, length, found) {
      let next = classes[0] as number;
      for (let start = 0; start < length; start++) {
        const head = next;
        next = classes[start + 1] as number;
        const kind = heads[head] as number;
        if (kind === 0) continue;
        if (kind === BEGINS) {
          const pair = pairOf(head, next);
          if ((((pairs[pair >>> 5] as number) >>> (pair & 31)) & 1) === 0) continue;
        }
        let node = 0;
        for (let at = start; at < length; at++) {
          const charClass = classes[at] as number;
          if (charClass === 0) break;
          const key = node * width + charClass;
          let slot = Math.imul(key, 0x9e3779b1) >>> shift;
          while (keys[slot] !== key && keys[slot] !== 0) slot = (slot + 1) & mask;
          if (keys[slot] === 0) break;
          node = nodes[slot] as number;
          const word = wordAt[node] as number;
          if (word !== 0) found(word - 1, start, at + 1);
        }
      }
    },
  };
}
