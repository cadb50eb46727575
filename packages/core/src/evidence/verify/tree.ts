import { nodeHash, same } from '../merkle.ts';
import type { Hash } from '../merkle.ts';
import { edited, forked } from './faults.ts';
import type { FaultList } from './faults.ts';
import type { Fault } from './report.ts';

/** Hashes kept for one subtree: two disagreements below it, and what the head says of it. */
const CANDIDATES = 4;
/** Combinations tried against one root: forged nodes must not buy unlimited work. */
const COMBINATIONS = 4096;

/** A hash a subtree may truly have, and what must have happened if it is that one. */
interface Candidate {
  readonly hash: Hash;
  readonly blame: readonly Fault[];
}

/** A perfect subtree of the frontier. */
interface Slot {
  readonly start: number;
  readonly level: number;
  readonly candidates: readonly Candidate[];
  /** A fault already reported leaves the true hash unknown: disagreement above says nothing new. */
  readonly damaged: boolean;
}

/** The tree of a log, grown leaf by leaf. */
export interface Tree {
  /** Append a leaf with its candidate hashes and the nodes its row holds. */
  step(seq: number, leaf: readonly Hash[], stored: readonly (Hash | undefined)[], damaged: boolean): void;
  /** `good` when the tree so far has this root; `damaged` when that cannot be told; `bad` otherwise. */
  prove(size: number, root: Hash): 'good' | 'damaged' | 'bad';
  /** Everything so far is in doubt from here on. */
  doubt(): void;
  /** Size of the newest signed root that agreed. */
  proven(): number;
  frontier(): readonly string[];
}

/** The candidates, one a slot, that together have this root. */
function match(slots: readonly Slot[], root: Hash): readonly Candidate[] | undefined {
  let budget = COMBINATIONS;
  function descend(at: number, right: Hash | undefined): readonly Candidate[] | undefined {
    const slot = slots[at];
    if (slot === undefined) return right !== undefined && same(right, root) ? [] : undefined;
    for (const candidate of slot.candidates) {
      if (budget-- <= 0) return undefined;
      const rest = descend(at - 1, right === undefined ? candidate.hash : nodeHash(candidate.hash, right));
      if (rest) return [...rest, candidate];
    }
    return undefined;
  }
  return descend(slots.length - 1, undefined);
}

/** What two subtrees may have for a parent, by their own candidates alone. */
function pairs(left: Slot, right: Slot): readonly Candidate[] {
  return left.candidates.flatMap((a) => right.candidates.map((b) => ({ hash: nodeHash(a.hash, b.hash), blame: [...a.blame, ...b.blame] })));
}

/**
 * The tree recomputed from the entries, beside the nodes stored with them. Where the two disagree both stay
 * candidates until a signed root tells which one is true: that is what names one wrong row instead of all after it.
 *
 * @param told hash of a subtree that something besides its own row repeats.
 */
export function createTree(tenant: string, told: (start: number, level: number) => Hash | undefined, faults: FaultList): Tree {
  let slots: Slot[] = [];
  let proven = 0;

  function join(left: Slot, right: Slot, stored: Hash | undefined, seq: number): Slot {
    const { start } = left;
    const level = right.level + 1;
    const damaged = left.damaged || right.damaged;
    // What a signed root has proven cannot be to blame any more.
    const fork = (): readonly Fault[] => (damaged ? [] : [forked(tenant, Math.max(start, proven), seq + 1)]);
    let candidates = [...pairs(left, right)];
    if (stored !== undefined) {
      const agreed = candidates.filter((c) => same(c.hash, stored));
      const nodes = (): Fault => edited(tenant, seq, '该行所存的哈希树节点被改动', 'The tree nodes stored with this entry were changed');
      candidates =
        agreed.length > 0
          ? [...agreed, ...candidates.filter((c) => !agreed.includes(c))]
          : [{ hash: stored, blame: fork() }, ...candidates.map((c) => ({ hash: c.hash, blame: [...c.blame, nodes()] }))];
    }
    const hint = told(start, level);
    if (hint !== undefined && !candidates.some((c) => same(c.hash, hint))) candidates.unshift({ hash: hint, blame: fork() });
    return { start, level, candidates: candidates.slice(0, CANDIDATES), damaged };
  }

  /** Only a damaged leaf may take its hash from elsewhere: an intact one speaks for itself. */
  function leafSlot(seq: number, leaf: readonly Hash[], damaged: boolean): Slot {
    const hint = told(seq, 0);
    const hashes = hint !== undefined && !leaf.some((hash) => same(hash, hint)) && damaged ? [hint, ...leaf] : leaf;
    return { start: seq, level: 0, candidates: hashes.map((hash) => ({ hash, blame: [] })), damaged };
  }

  return {
    step(seq, leaf, stored, damaged) {
      let slot = leafSlot(seq, leaf, damaged);
      for (let pending = seq; pending % 2 === 1; pending = (pending - 1) / 2) {
        const left = slots.pop();
        if (left === undefined) throw new RangeError('frontier does not fit the size');
        slot = join(left, slot, stored[slot.level + 1], seq);
      }
      slots.push(slot);
    },
    prove(size, root) {
      const chosen = match(slots, root);
      if (chosen === undefined) return slots.some((slot) => slot.damaged) ? 'damaged' : 'bad';
      for (const fault of chosen.flatMap((candidate) => candidate.blame)) faults.add(fault);
      // The root vouches for the hashes it was made of: nothing below it stays open.
      slots = slots.map((slot, i) => ({
        ...slot,
        candidates: chosen.slice(i, i + 1).map(({ hash }) => ({ hash, blame: [] })),
        damaged: false,
      }));
      proven = size;
      return 'good';
    },
    doubt() {
      slots = slots.map((slot) => ({ ...slot, damaged: true }));
    },
    proven: () => proven,
    frontier: () => slots.map((slot) => Buffer.from(slot.candidates[0]?.hash ?? []).toString('base64')),
  };
}
