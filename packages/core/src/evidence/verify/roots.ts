import { same } from '../merkle.ts';
import type { Signed } from './extent.ts';
import { at } from './faults.ts';
import type { FaultList } from './faults.ts';
import type { Fault } from './report.ts';
import type { Tree } from './tree.ts';

/** Signed roots against the recomputed tree. */
export interface RootCheck {
  /** The tree has just reached this size; `kept` when the signature comes from outside the store. */
  check(signed: Signed, kept: boolean): void;
  checked(): number;
  /** A root that only a key not trusted here signed. */
  pass(): void;
  /** Roots that could not be recomputed because an entry below them is damaged, or that no trusted key signed. */
  unproven(): number;
}

/** The signatures inside were made anew to fit: no entry can be named. */
function rewritten(size: number): Fault {
  return {
    kind: 'forked',
    detail: {
      zh: `前 ${size} 条与库外保存的检查点不符，而与库内的签名相符：日志被持有签名密钥者重写`,
      en: `The first ${size} entries do not have the root of the checkpoint kept outside although signatures inside agree: rewritten by a holder of the key`,
    },
  };
}

function between(tenant: string, proven: number, size: number): Fault {
  return {
    kind: 'forked',
    ...at(tenant, proven),
    detail: {
      zh: `最后相符的检查点为 ${proven}，首个不符的检查点为 ${size}：改动在条目 ${proven} 至 ${size - 1} 之间`,
      en: `The last checkpoint that agrees has size ${proven}, the first that does not has size ${size}: the change is in entries ${proven} to ${size - 1}`,
    },
  };
}

export function createRootCheck(tenant: string, tree: Tree, faults: FaultList): RootCheck {
  let checked = 0;
  let unproven = 0;
  let last: Signed | undefined;
  return {
    check(signed, kept) {
      const { size, root } = signed;
      // The head, its checkpoint row and the copy kept outside are often one note.
      if (last?.size === size && same(last.root, root)) return;
      last = signed;
      const proven = tree.proven();
      const result = tree.prove(size, root);
      if (result === 'good') {
        checked++;
      } else if (result === 'damaged') {
        unproven++;
      } else if (kept && proven === size) {
        faults.add(rewritten(size));
      } else {
        // A single entry already reported needs no second name for the same thing.
        if (size - proven > 1 || !faults.has(proven)) faults.add(between(tenant, proven, size));
        tree.doubt();
      }
    },
    pass() {
      unproven++;
    },
    checked: () => checked,
    unproven: () => unproven,
  };
}
