/** Characters seen in any word of a pack, numbered from 1; every other character is 0 (字符类). */
export interface Alphabet {
  readonly classOf: Uint16Array;
  /** The number of classes, 0 included. */
  readonly width: number;
}

/** Words as tries over character classes, all in one table (词库): one look-up a character, whatever the number of words. */
export interface Vocabulary {
  readonly alphabet: Alphabet;
  /** The trie of these words, read backwards when so asked. The same list gives the same trie. */
  readonly add: (words: readonly string[], backwards: boolean) => number;
  /** The node after `node` on a character class, 0 if none. */
  readonly step: (node: number, charClass: number) => number;
  /** Whether a word ends at the node. */
  readonly isWord: (node: number) => boolean;
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

export function createVocabulary(alphabet: Alphabet): Vocabulary {
  const { classOf, width } = alphabet;
  // Open addressing with at most half the places taken: a look-up that finds nothing ends at the first free place.
  let keys = new Int32Array(1 << 16);
  let nodes = new Int32Array(1 << 16);
  let shift = 16;
  let edges = 0;
  let size = 1;
  let ends = new Uint8Array(1 << 12);
  const roots = new Map<string, number>();

  const place = (key: number): number => {
    const mask = keys.length - 1;
    let at = Math.imul(key, 0x9e3779b1) >>> shift;
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & mask;
    return at;
  };
  const created = (): number => {
    if (size === ends.length) {
      const wider = new Uint8Array(size * 2);
      wider.set(ends);
      ends = wider;
    }
    return size++;
  };
  const grow = (): void => {
    const [oldKeys, oldNodes] = [keys, nodes];
    keys = new Int32Array(oldKeys.length * 2);
    nodes = new Int32Array(oldKeys.length * 2);
    shift--;
    for (const [i, key] of oldKeys.entries()) {
      if (key === 0) continue;
      const at = place(key);
      keys[at] = key;
      nodes[at] = oldNodes[i] as number;
    }
  };
  const extend = (node: number, charClass: number): number => {
    const key = node * width + charClass;
    let at = place(key);
    if (keys[at] === key) return nodes[at] as number;
    if (++edges * 2 > keys.length) {
      grow();
      at = place(key);
    }
    keys[at] = key;
    return (nodes[at] = created());
  };

  return {
    alphabet,
    add(words, backwards) {
      const name = `${backwards ? '<' : '>'}${words.join('|')}`;
      const known = roots.get(name);
      if (known !== undefined) return known;
      const root = created();
      roots.set(name, root);
      for (const word of words) {
        // An empty word would make the root one.
        if (word === '') continue;
        let node = root;
        for (let i = 0; i < word.length; i++) node = extend(node, classOf[word.charCodeAt(backwards ? word.length - 1 - i : i)] as number);
        ends[node] = 1;
      }
      return root;
    },
    step(node, charClass) {
      if (charClass === 0) return 0;
      const key = node * width + charClass;
      const mask = keys.length - 1;
      for (let at = Math.imul(key, 0x9e3779b1) >>> shift; ; at = (at + 1) & mask) {
        const found = keys[at] as number;
        if (found === key) return nodes[at] as number;
        if (found === 0) return 0;
      }
    },
    isWord(node) {
      return ends[node] === 1;
    },
  };
}
