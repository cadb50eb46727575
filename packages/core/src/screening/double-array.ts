/** Cells a node with several below it is tried at before those are left to nodes with one. */
const MOST_TRIES = 32;
/** Cells before the first that may be taken: base 0 stands for nothing below. */
const LEAST_BASE = 1;

/** A node, the classes below it, and where the words that go on with each begin in the order; the end of the last behind them. */
interface Branching {
  readonly node: number;
  readonly labels: readonly number[];
  readonly firsts: readonly number[];
  readonly depth: number;
}

function branching(words: readonly string[], order: Uint32Array, node: number, from: number, to: number, depth: number): Branching {
  const labels: number[] = [];
  const firsts: number[] = [];
  for (let i = from; i < to; i++) {
    const label = (words[order[i] as number] as string).charCodeAt(depth);
    if (label === labels.at(-1)) continue;
    labels.push(label);
    firsts.push(i);
  }
  firsts.push(to);
  return { node, labels, firsts, depth };
}

/** Cells under construction, with those still free chained in both directions. */
interface Room {
  cells: Int32Array;
  wordAt: Int32Array;
  next: Int32Array;
  previous: Int32Array;
  /** Behind the highest cell ever taken. */
  end: number;
  /** The free cell, or the head, behind which several are looked for. */
  hint: number;
}

/** Cell 0 is the root and the head of the chain. */
function createRoom(size: number): Room {
  const room: Room = {
    cells: new Int32Array(0),
    wordAt: new Int32Array(0),
    next: new Int32Array(0),
    previous: new Int32Array(0),
    end: 1,
    hint: 0,
  };
  widen(room, size);
  return room;
}

function widen(room: Room, least: number): void {
  const old = room.next.length;
  const size = Math.max(least, old * 2);
  const wider = (from: Int32Array, width: number): Int32Array => {
    const to = new Int32Array(size * width);
    to.set(from);
    return to;
  };
  room.cells = wider(room.cells, 2);
  room.wordAt = wider(room.wordAt, 1);
  const next = wider(room.next, 1);
  const previous = wider(room.previous, 1);
  let last = old === 0 ? 0 : (previous[0] as number);
  for (let at = Math.max(1, old); at < size; at++) {
    next[last] = at;
    previous[at] = last;
    last = at;
  }
  next[last] = 0;
  previous[0] = last;
  room.next = next;
  room.previous = previous;
}

function isFree({ cells }: Room, at: number): boolean {
  return at > 0 && cells[at * 2] === 0;
}

function take(room: Room, at: number, below: number): void {
  const { next, previous, cells } = room;
  if (at === room.hint) room.hint = previous[at] as number;
  const after = next[at] as number;
  const before = previous[at] as number;
  next[before] = after;
  previous[after] = before;
  cells[at * 2] = below + 1;
  room.end = Math.max(room.end, at + 1);
}

/**
 * A base at which all labels find a free cell. One alone fits the first free cell; several are tried from the hint on, which
 * moves past cells that many tries found of no use: each is passed over once, so that building stays linear.
 */
function baseFor(room: Room, labels: readonly number[], width: number): number {
  const first = labels[0] as number;
  const isOne = labels.length === 1;
  let tries = 0;
  let at = room.next[isOne ? 0 : room.hint] as number;
  for (; ; at = room.next[at] as number) {
    if (at === 0) {
      const last = room.previous[0] as number;
      widen(room, 0);
      at = room.next[last] as number;
    }
    const base = at - first;
    if (base < LEAST_BASE) continue;
    if (base + width >= room.next.length) widen(room, base + width + 1);
    if (labels.every((label) => isFree(room, base + label))) return base;
    if (!isOne && ++tries === MOST_TRIES) {
      tries = 0;
      room.hint = at;
    }
  }
}

/**
 * Lays words out as a double array (双数组构造): what {@link AutomatonTables.cells} and `wordAt` hold, with room behind the
 * last cell for any class.
 * @param words as character classes, distinct, none empty
 * @param width the number of classes
 */
export function arranged(words: readonly string[], width: number): { readonly cells: Int32Array; readonly wordAt: Int32Array } {
  const order = Uint32Array.from(words.keys()).sort((a, b) => ((words[a] as string) < (words[b] as string) ? -1 : 1));
  const room = createRoom(Math.max(1024, width * 2));
  room.cells[0] = -1;
  // Nodes nearest the root first: they are met most, and so stand together.
  let level: readonly Branching[] = words.length === 0 ? [] : [branching(words, order, 0, 0, order.length, 0)];
  while (level.length > 0) {
    const below: Branching[] = [];
    for (const { node, labels, firsts, depth } of level) {
      const base = baseFor(room, labels, width);
      room.cells[node * 2 + 1] = (room.cells[node * 2 + 1] as number) | (base << 1);
      for (const label of labels) take(room, base + label, node);
      for (const [i, label] of labels.entries()) {
        const own = base + label;
        let first = firsts[i] as number;
        const word = order[first] as number;
        // Of words that begin alike the shortest comes first.
        if ((words[word] as string).length === depth + 1) {
          room.cells[own * 2 + 1] = 1;
          room.wordAt[own] = word;
          first++;
        }
        const last = firsts[i + 1] as number;
        if (first < last) below.push(branching(words, order, own, first, last, depth + 1));
      }
    }
    level = below;
  }
  room.cells[0] = 0;
  return { cells: room.cells.slice(0, (room.end + width) * 2), wordAt: room.wordAt.slice(0, room.end) };
}
