/** Characters seen in any word of a pack, numbered from 1; every other character is 0 (字符类). */
export interface Alphabet {
  readonly classOf: Uint16Array;
  /** The number of classes, 0 included. */
  readonly width: number;
}

/**
 * Words as tries over character classes, all in one table (词库): one look-up a character, whatever the number of words.
 * A place in a trie is a number whose lowest bit tells whether a word ends there; 0 is nowhere.
 */
export interface Vocabulary {
  readonly alphabet: Alphabet;
  /** The trie of these words, read backwards when so asked. The same list gives the same trie. */
  readonly add: (words: readonly string[], backwards: boolean) => number;
  /** What {@link enter} and {@link step} read: the same object for good, its tables replaced as words are added. */
  readonly tries: Tries;
}

/** The tables of a vocabulary. A plain object with plain functions over it: the compiler sees through both. */
export interface Tries {
  readonly width: number;
  readonly headWords: number;
  /** Open addressing, at most half full; key and value side by side, so that a look-up meets one line of cache. */
  table: Int32Array;
  bits: number;
  roots: Int32Array;
  /** For each trie a bit a class: whether a word begins with it. */
  heads: Int32Array;
}

/** The place in a trie after its first character, 0 if no word begins so: a bit refuses most places of a text. */
export function enter(tries: Tries, trie: number, charClass: number): number {
  if ((((tries.heads[trie * tries.headWords + (charClass >>> 5)] as number) >>> (charClass & 31)) & 1) === 0) return 0;
  return step(tries, tries.roots[trie] as number, charClass);
}

/** The place after `place` on a character class, 0 if none. */
export function step(tries: Tries, place: number, charClass: number): number {
  if (charClass === 0) return 0;
  const { table, bits } = tries;
  const key = (place >>> 1) * tries.width + charClass;
  const mask = (2 << bits) - 1;
  for (let at = (Math.imul(key, 0x9e3779b1) >>> (32 - bits)) << 1; ; at = (at + 2) & mask) {
    const found = table[at] as number;
    if (found === key) return table[at + 1] as number;
    if (found === 0) return 0;
  }
}

export function endsWord(place: number): boolean {
  return (place & 1) === 1;
}

export function createAlphabet(texts: Iterable<string>): Alphabet {
  const classOf = new Uint16Array(0x10000);
  let width = 1;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (classOf[unit] === 0) classOf[unit] = width++;
    }
  }
  return { classOf, width };
}

const SMALLEST_BITS = 16;
const FIRST_TRIES = 256;

export function createVocabulary(alphabet: Alphabet): Vocabulary {
  const { classOf, width } = alphabet;
  const headWords = (width + 31) >>> 5;
  const tries: Tries = {
    width,
    headWords,
    table: new Int32Array(2 << SMALLEST_BITS),
    bits: SMALLEST_BITS,
    roots: new Int32Array(FIRST_TRIES),
    heads: new Int32Array(headWords * FIRST_TRIES),
  };
  let edges = 0;
  let size = 1;
  const known = new Map<string, number>();
  /** Tries by the very list: long ones need not be spelt out to be known again. */
  const listsForwards = new Map<readonly string[], number>();
  const listsBackwards = new Map<readonly string[], number>();

  const slotOf = (key: number): number => {
    const { table, bits } = tries;
    const mask = (2 << bits) - 1;
    let at = (Math.imul(key, 0x9e3779b1) >>> (32 - bits)) << 1;
    while (table[at] !== 0 && table[at] !== key) at = (at + 2) & mask;
    return at;
  };
  const grow = (): void => {
    const old = tries.table;
    tries.bits++;
    tries.table = new Int32Array(2 << tries.bits);
    for (let i = 0; i < old.length; i += 2) {
      const key = old[i] as number;
      if (key === 0) continue;
      const at = slotOf(key);
      tries.table[at] = key;
      tries.table[at + 1] = old[i + 1] as number;
    }
  };
  /** The slot of the edge, made when it is new. */
  const extend = (place: number, charClass: number): number => {
    const key = (place >>> 1) * width + charClass;
    let at = slotOf(key);
    if (tries.table[at] === key) return at;
    if (++edges > 1 << (tries.bits - 1)) {
      grow();
      at = slotOf(key);
    }
    tries.table[at] = key;
    tries.table[at + 1] = size++ << 1;
    return at;
  };

  return {
    alphabet,
    tries,
    add(words, backwards) {
      const lists = backwards ? listsBackwards : listsForwards;
      const same = lists.get(words);
      if (same !== undefined) return same;
      const name = `${backwards ? '<' : '>'}${words.join('|')}`;
      const earlier = known.get(name);
      if (earlier !== undefined) {
        lists.set(words, earlier);
        return earlier;
      }
      const trie = known.size;
      known.set(name, trie);
      lists.set(words, trie);
      if (trie === tries.roots.length) {
        tries.roots = widened(tries.roots);
        tries.heads = widened(tries.heads);
      }
      const root = size++ << 1;
      tries.roots[trie] = root;
      for (const word of words) {
        // An empty word would make the root one.
        if (word === '') continue;
        let at = -1;
        for (let i = 0; i < word.length; i++) {
          const charClass = classOf[word.charCodeAt(backwards ? word.length - 1 - i : i)] as number;
          at = extend(at < 0 ? root : (tries.table[at + 1] as number), charClass);
          if (i === 0) {
            const bit = trie * headWords + (charClass >>> 5);
            tries.heads[bit] = (tries.heads[bit] as number) | (1 << (charClass & 31));
          }
        }
        tries.table[at + 1] = (tries.table[at + 1] as number) | 1;
      }
      return trie;
    },
  };
}

function widened(from: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(from.length * 2);
  wider.set(from);
  return wider;
}
