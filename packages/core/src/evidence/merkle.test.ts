import { describe, expect, it } from 'vitest';

import {
  appendLeaf,
  consistencyPath,
  frontierRoot,
  inclusionPath,
  leafHash,
  nodeHash,
  subtreeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';
import type { Hash } from './merkle.ts';

/** The definition of RFC 6962 §2.1, written down again without any of the incremental machinery. */
function definition(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(definition(leaves.slice(0, k)), definition(leaves.slice(k)));
}

const SIZE = 70;
const leaves = Array.from({ length: SIZE }, (_, i) => leafHash(`leaf ${i}`));
const rows: (readonly Hash[])[] = [];
const roots: Hash[] = [];
let frontier: readonly Hash[] = [];
for (const [i, leaf] of leaves.entries()) {
  const step = appendLeaf(frontier, i, leaf);
  frontier = step.frontier;
  rows.push(step.completed);
  roots.push(frontierRoot(frontier));
}
const node = async (level: number, index: number): Promise<Hash> => {
  const hash = rows[(index + 1) * 2 ** level - 1]?.[level];
  if (hash === undefined) throw new Error('no such node');
  return hash;
};
const rootOf = (size: number): Hash => roots[size - 1] ?? leafHash('none');

describe('the evidence tree', () => {
  it('has the empty root and the leaf hash of the RFC 6962 test vectors', () => {
    expect(Buffer.from(frontierRoot([])).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(Buffer.from(leafHash('')).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  it('has the root that the definition gives, at every size', async () => {
    for (let size = 1; size <= SIZE; size++) {
      const expected = definition(leaves.slice(0, size));
      expect(Buffer.compare(rootOf(size), expected)).toBe(0);
      expect(Buffer.compare(await subtreeRoot(node, 0, size), expected)).toBe(0);
    }
  });

  it('proves every entry in every size, and nothing else', async () => {
    for (let size = 1; size <= SIZE; size++) {
      for (let i = 0; i < size; i++) {
        const path = await inclusionPath(node, i, size);
        const leaf = leaves[i] ?? leafHash('none');
        expect(verifyInclusion(leaf, i, size, path, rootOf(size))).toBe(true);
        expect(verifyInclusion(leafHash('forged'), i, size, path, rootOf(size))).toBe(false);
        if (size > 1) expect(verifyInclusion(leaf, (i + 1) % size, size, path, rootOf(size))).toBe(false);
      }
    }
  });

  it('proves that every size extends every smaller one, and refuses a fork', async () => {
    for (let second = 1; second <= SIZE; second++) {
      for (let first = 1; first <= second; first++) {
        const path = await consistencyPath(node, first, second);
        expect(verifyConsistency(first, second, rootOf(first), rootOf(second), path)).toBe(true);
        expect(verifyConsistency(first, second, leafHash('fork'), rootOf(second), path)).toBe(false);
      }
    }
  });
});
