import { frontierRoot, nodeHash } from '../merkle.ts';
import type { Hash } from '../merkle.ts';
import { WIDTH } from './paths.ts';

const HASH_BYTES = 32;

/** The hashes of the partial tiles of a tree, from the leaves upwards: everything that growing it and its root need (瓦片边缘). */
export type Levels = readonly (readonly Hash[])[];

/** A tile that an appended leaf has filled. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Hash[];
}

/** The right edge of a growing tree, one tile a level in memory. */
export interface Edge {
  size(): number;
  /** @returns the tiles this leaf completes, from the leaves upwards */
  append(leaf: Hash): readonly FullTile[];
  levels(): Levels;
  root(): Hash;
}

/** The root over as many neighbouring subtrees as a power of two. */
function perfectRoot(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let i = 0; i + 1 < row.length; i += 2) above.push(nodeHash(row[i] ?? Buffer.alloc(0), row[i + 1] ?? Buffer.alloc(0)));
    row = above;
  }
  const [root] = row;
  if (root === undefined) throw new RangeError('an empty tile has no root');
  return root;
}

/** The hash a full tile has in the tile above it. */
export function tileRoot(hashes: readonly Hash[]): Hash {
  if (hashes.length !== WIDTH) throw new RangeError('only a full tile has a root');
  return perfectRoot(hashes);
}

/** The root of the tree with these partial tiles. */
export function rootOf(levels: Levels): Hash {
  const frontier: Hash[] = [];
  for (const hashes of [...levels].reverse()) {
    // A tile of width 5 is a subtree of four hashes and one of one.
    for (let from = 0, bit = WIDTH / 2; bit >= 1; bit /= 2) {
      if ((hashes.length & bit) === 0) continue;
      frontier.push(perfectRoot(hashes.slice(from, from + bit)));
      from += bit;
    }
  }
  return frontierRoot(frontier);
}

/** An edge to append to, from the partial tiles of a tree; default: the empty tree. */
export function createEdge(from: Levels = []): Edge {
  const levels: Hash[][] = from.map((hashes) => [...hashes]);
  let size = levels.reduce((sum, hashes, level) => sum + hashes.length * WIDTH ** level, 0);
  return {
    size: () => size,
    append(leaf) {
      const full: FullTile[] = [];
      size++;
      let carried: Hash | undefined = leaf;
      for (let level = 0; carried !== undefined; level++) {
        const hashes: Hash[] = (levels[level] ??= []);
        hashes.push(carried);
        carried = undefined;
        if (hashes.length < WIDTH) break;
        levels[level] = [];
        full.push({ level, index: size / WIDTH ** (level + 1) - 1, hashes });
        carried = tileRoot(hashes);
      }
      return full;
    },
    levels: () => levels.map((hashes) => [...hashes]),
    root: () => rootOf(levels),
  };
}

/** The bytes of a tile. */
export function encodeTile(hashes: readonly Hash[]): Uint8Array {
  return Buffer.concat(hashes);
}

/** The first `width` hashes of a tile; `undefined` when it has fewer, or is no row of hashes. */
export function decodeTile(bytes: Uint8Array | undefined, width: number): readonly Hash[] | undefined {
  if (bytes === undefined || bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES) return undefined;
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
