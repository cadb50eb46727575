import type { Tries } from './vocabulary.ts';

/**
 * Tries as a list of edges, by the node they leave (字典树压缩形式): nodes with the same words below them are one, which
 * leaves a tenth or so of a vocabulary. Places mean the same to whoever walks them.
 */
export interface TrieEdges {
  /** How many edges leave each node, from node 1 on. */
  readonly degrees: Uint16Array;
  /** The character class of each edge, and the place behind it. */
  readonly labels: Uint16Array;
  readonly places: Int32Array;
  /** The node each trie begins with. */
  readonly roots: Int32Array;
}

/** Merges equal nodes. Nodes are numbered as they are made, so what hangs below one always has a higher number. */
export function edgesOf({ table, width, roots }: Tries): TrieEdges {
  const below = new Map<number, [label: number, place: number][]>();
  for (let at = 0; at < table.length; at += 2) {
    const key = table[at] as number;
    if (key === 0) continue;
    const node = Math.floor(key / width);
    const edges = below.get(node) ?? [];
    edges.push([key % width, table[at + 1] as number]);
    below.set(node, edges);
  }
  const count = roots.indexOf(0);
  const used = roots.subarray(0, count < 0 ? roots.length : count);
  const leaf = 1;
  const numberOf = new Map<number, number>();
  const known = new Map<string, number>();
  // The leaf comes first: nothing leaves it.
  const degrees: number[] = [0];
  const labels: number[] = [];
  const places: number[] = [];
  for (const node of [...below.keys()].toSorted((a, b) => b - a)) {
    const edges = (below.get(node) ?? [])
      .map(([label, place]) => [label, ((numberOf.get(place >>> 1) ?? leaf) << 1) | (place & 1)] as const)
      .toSorted(([a], [b]) => a - b);
    const name = edges.join(' ');
    let number = known.get(name);
    if (number === undefined) {
      number = degrees.push(edges.length);
      known.set(name, number);
      for (const [label, place] of edges) {
        labels.push(label);
        places.push(place);
      }
    }
    numberOf.set(node, number);
  }
  return {
    degrees: Uint16Array.from(degrees),
    labels: Uint16Array.from(labels),
    places: Int32Array.from(places),
    roots: Int32Array.from(used, (place) => numberOf.get(place >>> 1) ?? leaf),
  };
}

/** Slots an edge, at least. */
const LEAST_ROOM = 1.6;

/** The tries of these edges, ready to be walked. */
export function triesOf({ degrees, labels, places, roots }: TrieEdges, width: number): Tries {
  const headWords = (width + 31) >>> 5;
  const firsts = new Int32Array(degrees.length + 2);
  const keys = new Int32Array(labels.length);
  let edge = 0;
  for (let i = 0; i < degrees.length; i++) {
    const end = edge + (degrees[i] as number);
    for (; edge < end; edge++) keys[edge] = (i + 1) * width + (labels[edge] as number);
    firsts[i + 2] = end;
  }
  const heads = new Int32Array(roots.length * headWords);
  for (let trie = 0; trie < roots.length; trie++) {
    const node = roots[trie] as number;
    for (let at = firsts[node] as number; at < (firsts[node + 1] as number); at++) {
      const label = labels[at] as number;
      const word = trie * headWords + (label >>> 5);
      heads[word] = (heads[word] as number) | (1 << (label & 31));
    }
  }
  // A little fuller than a vocabulary that still grows: every page not touched is time saved at start-up.
  const bits = 32 - Math.clz32(Math.ceil(labels.length * LEAST_ROOM));
  return { width, headWords, table: slotsOf(keys, places, bits), bits, roots: placesOf(roots), heads };
}

function placesOf(nodes: Int32Array): Int32Array {
  const places = new Int32Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) places[i] = (nodes[i] as number) << 1;
  return places;
}

/** Keys and values side by side at the places where a vocabulary looks for them. */
function slotsOf(keys: Int32Array, values: Int32Array, bits: number): Int32Array {
  const slots = new Int32Array(2 << bits);
  const mask = (2 << bits) - 1;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    let at = (Math.imul(key, 0x9e3779b1) >>> (32 - bits)) << 1;
    while (slots[at] !== 0) at = (at + 2) & mask;
    slots[at] = key;
    slots[at + 1] = values[i] as number;
  }
  return slots;
}
