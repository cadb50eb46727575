import type { Text } from '../../kernel/text.ts';

/** What can be wrong with a published log or a bundle (差错种类). */
export type TreeFault =
  /** An entry, tile, record or note is not what was signed. */
  | 'edited'
  /** An entry or tile is not there, others after it are. */
  | 'missing'
  /** Two signed roots, or the entries and a signed root, cannot be of one log. */
  | 'forked'
  /** Everything from this entry on is gone. */
  | 'truncated'
  /** The newest checkpoint is older than one kept elsewhere. */
  | 'rolled-back'
  /** The checkpoint is not signed by a key that counts, or is none. */
  | 'checkpoint-invalid';

/** One thing that is wrong, and where (差错). */
export interface TreeFinding {
  readonly kind: TreeFault;
  /** First entry it concerns. */
  readonly index?: number;
  /** The file it was found in. */
  readonly path?: string;
  readonly detail: Text;
}

/** What was found about one published log or bundle (校验结果). */
export interface TreeReport {
  readonly tenant: string;
  readonly origin: string;
  /** Entries the checkpoint speaks of. */
  readonly size: number;
  /** Root of the checkpoint, base64. */
  readonly root: string;
  /** Entries found to be what was signed. */
  readonly entriesChecked: number;
  /** Records found to be what an entry committed to; only a bundle has any. */
  readonly recordsChecked: number;
  /** Verifier key the checkpoint opened with; empty when none did. */
  readonly vkey: string;
  /** `declared`: the key came with what it is to verify, and proves no more than that it agrees with itself. */
  readonly vkeySource: 'given' | 'declared';
  readonly ok: boolean;
  /** By entry, so the first one names the first wrong entry; at most 100. */
  readonly findings: readonly TreeFinding[];
  /** Findings beyond those listed. */
  readonly more: number;
}

const LISTED = 100;

/** Findings in the order of entries: as many as are listed, and a count of the rest. */
export interface TreeFindings {
  add(finding: TreeFinding): void;
  list(): readonly TreeFinding[];
  more(): number;
  /** Whether something is wrong with an entry below this one. */
  below(index: number): boolean;
}

export function createFindings(from: readonly TreeFinding[] = [], dropped = 0): TreeFindings {
  const findings: TreeFinding[] = [...from];
  let more = dropped;
  let lowest = Math.min(Number.POSITIVE_INFINITY, ...from.map(({ index }) => index ?? Number.POSITIVE_INFINITY));
  return {
    add(finding) {
      const { kind, index, path } = finding;
      // A check that goes on later meets the same tiles again.
      if (findings.some((known) => known.kind === kind && known.index === index && known.path === path)) return;
      lowest = Math.min(lowest, finding.index ?? Number.POSITIVE_INFINITY);
      // They are found nearly in order: what comes late is never the first.
      if (findings.length < LISTED) findings.push(finding);
      else more++;
    },
    list: () => [...findings].sort((a, b) => (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER)),
    more: () => more,
    below: (index) => lowest < index,
  };
}
