/** A set of literals found in one pass over a text (多模式匹配自动机, Aho–Corasick). */
export interface Automaton {
  /** Calls `found` with the literal's index and the offset after it, by rising end, longest first at one end. */
  readonly each: (text: string, found: (literal: number, end: number) => void) => void;
}

/**
 * Builds the automaton. Matching takes one table step a character, whatever the text or the number of literals.
 * @param literals distinct, none empty.
 */
export function createAutomaton(literals: readonly string[]): Automaton {
  // Characters that no literal has share class 0, which keeps the table small enough to stay in cache.
  const classes = new Uint16Array(0x10000);
  let width = 1;
  let room = 1;
  for (const literal of literals) {
    room += literal.length;
    for (let i = 0; i < literal.length; i++) {
      const unit = literal.charCodeAt(i);
      if (classes[unit] === 0) classes[unit] = width++;
    }
  }
  const next = new Int32Array(room * width);
  const ending = new Int32Array(room).fill(-1);
  let size = 1;
  for (const [index, literal] of literals.entries()) {
    let state = 0;
    for (let i = 0; i < literal.length; i++) {
      const edge = state * width + (classes[literal.charCodeAt(i)] ?? 0);
      const to = next[edge] ?? 0;
      state = to === 0 ? size++ : to;
      next[edge] = state;
    }
    ending[state] = index;
  }
  // Breadth first: the fall-back of a state is complete before its children need it.
  const fail = new Int32Array(size);
  const shorter = new Int32Array(size);
  const queue: number[] = [];
  for (let c = 1; c < width; c++) if ((next[c] ?? 0) !== 0) queue.push(next[c] ?? 0);
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const back = fail[state] ?? 0;
    shorter[state] = (ending[back] ?? -1) >= 0 ? back : (shorter[back] ?? 0);
    for (let c = 1; c < width; c++) {
      const edge = state * width + c;
      const to = next[edge] ?? 0;
      const fallback = next[back * width + c] ?? 0;
      if (to === 0) next[edge] = fallback;
      else {
        fail[to] = fallback;
        queue.push(to);
      }
    }
  }
  const first = new Int32Array(size);
  for (let state = 0; state < size; state++) first[state] = (ending[state] ?? -1) >= 0 ? state : (shorter[state] ?? 0);

  return {
    each(text, found) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        state = next[state * width + (classes[text.charCodeAt(i)] ?? 0)] ?? 0;
        for (let hit = first[state] ?? 0; hit !== 0; hit = shorter[hit] ?? 0) found(ending[hit] ?? 0, i + 1);
      }
    },
  };
}
