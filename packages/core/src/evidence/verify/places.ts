import type { Store, StoredRecord } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { same } from '../merkle.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { CommitCheck } from './commitments.ts';
import type { Extent } from './extent.ts';
import { at, edited, missing } from './faults.ts';
import type { FaultList } from './faults.ts';
import { readable } from './reading.ts';
import type { Fault } from './report.ts';
import type { RootCheck } from './roots.ts';
import { hashed, inPlace, intact, readRow } from './rows.ts';
import type { Row } from './rows.ts';
import type { Tree } from './tree.ts';
import { below, isSeq } from './values.ts';

/** The log of one tenant under verification. */
export interface Log {
  readonly store: Store;
  readonly tenant: string;
  readonly faults: FaultList;
  readonly extent: Extent;
  readonly tree: Tree;
  readonly roots: RootCheck;
  readonly checkpoints: Checkpoints;
  readonly commits: CommitCheck;
}

/** The places of a log, 0 upwards, each filled once: by its row, or by a fault that says why not. */
export interface Places {
  /** Fill the place with its row, and those before it as missing; `bound` is the last checkpoint row worth reading ahead to. */
  fill(seq: number, record: StoredRecord, bound: string): Promise<void>;
  /** The row of this place cannot be read. */
  skip(seq: number, bound: string): Promise<void>;
  /** The next place. */
  position(): number;
  /** The last entry that cannot be read for what it did to records; -1 for none. */
  lostUpTo(): number;
}

function reordered(tenant: string, seq: number, claimed: unknown): Fault {
  return {
    kind: 'reordered',
    ...at(tenant, seq),
    detail: { zh: `此处是条目 ${String(claimed)}`, en: `What stands here is entry ${String(claimed)}` },
  };
}

interface Home {
  /** The row an entry says it belongs to. */
  readonly there: Row;
  /** The same row, read as one of the place the entry was found in. */
  readonly here: Row;
}

async function homeOf({ store, tenant }: Log, claimed: unknown, seq: number): Promise<Home | undefined> {
  if (!isSeq(claimed) || claimed === seq) return undefined;
  const found = await readable(store, () => store.get('evidence', rowId(tenant, claimed)));
  return found?.value && { there: readRow(found.value, claimed), here: readRow(found.value, seq) };
}

/** An entry that says it belongs elsewhere: moved, alone or with its row, or only made to say so. */
async function misplaced(log: Log, seq: number, row: Row): Promise<void> {
  const { tenant, tree, faults } = log;
  const claimed = row.entry?.['seq'];
  const home = await homeOf(log, claimed, seq);
  const own = row.nodes[0];
  const origin = home?.there.nodes[0];
  const withRow = hashed(row);
  const alone = row.leaf !== undefined && origin !== undefined && same(row.leaf, origin);
  faults.add(
    withRow || alone
      ? reordered(tenant, seq, claimed)
      : edited(tenant, seq, '条目的序号或所属日志被改动', 'The sequence number or log name of the entry was changed'),
  );
  // The hash of the true entry is what its own row still says, or what a row it was swapped with carries.
  if (!withRow) tree.step(seq, own ? [own] : [], row.nodes, own === undefined);
  else if (home?.here.leaf && inPlace(home.here, tenant, seq)) tree.step(seq, [home.here.leaf], home.here.nodes, true);
  else tree.step(seq, [], [], true);
}

/** An entry that belongs here by what it says and is not what it was. */
function changed({ tenant, tree, faults }: Log, seq: number, row: Row): void {
  const own = row.nodes[0];
  if (hashed(row)) {
    faults.add(edited(tenant, seq, '该行的结构或所存的哈希树节点被改动', 'The shape of the row or its tree nodes were changed'));
  } else {
    faults.add(edited(tenant, seq, '条目内容与其哈希不符', 'The entry does not have the hash stored for it'));
  }
  // Either may be the true one until a signed root decides: the entry was changed, or the hash beside it.
  const leaves = [own, row.leaf].filter((hash) => hash !== undefined);
  tree.step(seq, hashed(row) ? leaves.slice(0, 1) : leaves, row.nodes, leaves.length === 0);
}

export function createPlaces(log: Log): Places {
  const { tenant, faults, extent, tree, roots, checkpoints, commits } = log;
  let position = 0;
  let lostUpTo = -1;
  let ahead = below(tenant);

  /** To the next place, and whatever is signed for the size the tree now has. */
  async function advance(): Promise<void> {
    position++;
    await checkpoints.upTo(position, ahead);
    const headSigned = extent.headSigned();
    if (headSigned?.size === position) roots.check(headSigned, false);
    if (extent.outside?.size === position) roots.check(extent.outside, true);
  }

  async function lose(seq: number, fault: Fault): Promise<void> {
    faults.add(fault);
    lostUpTo = seq;
    tree.step(seq, [], [], true);
    await advance();
  }

  async function reach(seq: number, bound: string): Promise<void> {
    ahead = bound;
    while (position < seq) await lose(position, missing(tenant, position));
  }

  return {
    async fill(seq, record, bound) {
      await reach(seq, bound);
      const row = readRow(record, seq);
      if (intact(row, tenant, seq) && row.entry && row.leaf) {
        tree.step(seq, [row.leaf], row.nodes, false);
        await commits.entry(seq, row.entry);
      } else {
        lostUpTo = seq;
        if (row.entry === undefined || inPlace(row, tenant, seq)) changed(log, seq, row);
        else await misplaced(log, seq, row);
      }
      await advance();
    },
    async skip(seq, bound) {
      await reach(seq, bound);
      await lose(seq, edited(tenant, seq, '该行无法读取', 'The row cannot be read'));
    },
    position: () => position,
    lostUpTo: () => lostUpTo,
  };
}
