import { hash } from 'node:crypto';

/** A node of the tree (哈希树节点): 32 bytes. */
export type Hash = Uint8Array;

const NODE = Buffer.from([1]);
const LEAF = Buffer.from([0]);

/** RFC 6962 leaf hash (叶哈希): SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes: string | Uint8Array): Hash {
  return hash('sha256', Buffer.concat([LEAF, typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes]), 'buffer');
}

/** RFC 6962 node hash: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

export function same(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The hash of an empty tree. */
function emptyRoot(): Hash {
  return hash('sha256', '', 'buffer');
}

/** The perfect subtrees a log of some size is made of, left to right: all that appending needs. */
export type Frontier = readonly Hash[];

/**
 * Append one leaf. `completed` are the roots of the perfect subtrees this leaf closes, from the leaf itself (level 0)
 * upwards: every interior node of the tree is completed by exactly one leaf, so keeping them beside that leaf gives
 * proofs in O(log n) look-ups without a second structure.
 */
export function appendLeaf(
  frontier: Frontier,
  size: number,
  leaf: Hash,
): { readonly frontier: Frontier; readonly completed: readonly Hash[] } {
  const rest = [...frontier];
  const completed: Hash[] = [leaf];
  let node = leaf;
  for (let pending = size; pending % 2 === 1; pending = (pending - 1) / 2) {
    const left = rest.pop();
    if (left === undefined) throw new RangeError('frontier does not fit the size');
    node = nodeHash(left, node);
    completed.push(node);
  }
  rest.push(node);
  return { frontier: rest, completed };
}

/** The root of the tree with this frontier. */
export function frontierRoot(frontier: Frontier): Hash {
  let root: Hash | undefined;
  for (let i = frontier.length - 1; i >= 0; i--) {
    const left = frontier[i];
    if (left !== undefined) root = root === undefined ? left : nodeHash(left, root);
  }
  return root ?? emptyRoot();
}

/** Looks up the root of the perfect subtree of 2^level leaves that starts at leaf `index * 2^level`. */
export type NodeLookup = (level: number, index: number) => Promise<Hash>;

function splitPoint(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

/** MTH of leaves [from, to), RFC 6962 §2.1. */
export async function subtreeRoot(node: NodeLookup, from: number, to: number): Promise<Hash> {
  const count = to - from;
  if (count === 0) return emptyRoot();
  const level = Math.log2(count);
  if (Number.isInteger(level)) return node(level, from / count);
  const k = splitPoint(count);
  return nodeHash(await subtreeRoot(node, from, from + k), await subtreeRoot(node, from + k, to));
}

/** PATH(index, D[from:to]), RFC 6962 §2.1.1 (包含证明). */
export async function inclusionPath(node: NodeLookup, index: number, size: number, from = 0): Promise<readonly Hash[]> {
  if (size - from <= 1) return [];
  const k = splitPoint(size - from);
  return index < from + k
    ? [...(await inclusionPath(node, index, from + k, from)), await subtreeRoot(node, from + k, size)]
    : [...(await inclusionPath(node, index, size, from + k)), await subtreeRoot(node, from, from + k)];
}

/** PROOF(first, D[second]), RFC 6962 §2.1.2 (一致性证明). */
export async function consistencyPath(node: NodeLookup, first: number, second: number): Promise<readonly Hash[]> {
  if (first === 0 || first === second) return [];
  return subproof(node, first, 0, second, true);
}

async function subproof(node: NodeLookup, first: number, from: number, to: number, whole: boolean): Promise<readonly Hash[]> {
  if (first === to) return whole ? [] : [await subtreeRoot(node, from, to)];
  const k = splitPoint(to - from);
  return first <= from + k
    ? [...(await subproof(node, first, from, from + k, whole)), await subtreeRoot(node, from + k, to)]
    : [...(await subproof(node, first, from + k, to, false)), await subtreeRoot(node, from, from + k)];
}

/** Check an inclusion proof (包含证明) against a root, RFC 9162 §2.1.3.2. */
export function verifyInclusion(leaf: Hash, index: number, size: number, path: readonly Hash[], root: Hash): boolean {
  if (index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      r = nodeHash(r, p);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && same(r, root);
}

/** Check a consistency proof (一致性证明) between two roots, RFC 9162 §2.1.4.2. */
export function verifyConsistency(first: number, second: number, firstRoot: Hash, secondRoot: Hash, path: readonly Hash[]): boolean {
  if (first > second || first < 0) return false;
  if (first === second) return path.length === 0 && same(firstRoot, secondRoot);
  if (first === 0) return path.length === 0 && same(firstRoot, emptyRoot());
  const proof = Number.isInteger(Math.log2(first)) ? [firstRoot, ...path] : [...path];
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  const [seed, ...rest] = proof;
  if (seed === undefined) return false;
  let fr = seed;
  let sr = seed;
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && same(fr, firstRoot) && same(sr, secondRoot);
}
