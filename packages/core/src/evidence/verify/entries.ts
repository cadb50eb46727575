import type { StoredRecord } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createCommitCheck } from './commitments.ts';
import { checkHead, checkOutside, checkReach, unsigned } from './ending.ts';
import { openExtent } from './extent.ts';
import type { Trust } from './extent.ts';
import { createFaults, stuckAfter } from './faults.ts';
import { readHead, subtreeIn } from './heads.ts';
import { createPlaces } from './places.ts';
import type { Log, Places } from './places.ts';
import { firstUnreadable, readPage } from './reading.ts';
import { soundEntries } from './reread.ts';
import { createRootCheck } from './roots.ts';
import type { Shared, TenantState } from './state.ts';
import { commitsOf } from './rows.ts';
import { createTree } from './tree.ts';
import { above, below, keyOf, seqOf } from './values.ts';
import { removedByWaiting } from './waiting.ts';

type OnPage = (rows: number, expected: number) => void;

/** What reading to the last row has found. */
interface Walked {
  /** One past the last row, covered or not. */
  readonly end: number;
  /** Rows no signature covers, and the first of them. */
  readonly strays: number;
  readonly firstStray: number;
}

async function openLog(shared: Shared, tenant: string, trust: Trust): Promise<Log> {
  const { store } = shared;
  const faults = createFaults();
  const extent = await openExtent(store, tenant, trust);
  const tree = createTree(tenant, (start, level) => subtreeIn(extent.head(), start, level), faults);
  const roots = createRootCheck(tenant, tree, faults);
  const checkpoints = createCheckpoints(store, tenant, extent, roots, faults);
  return { store, tenant, faults, extent, tree, roots, checkpoints, commits: createCommitCheck(shared, tenant, faults) };
}

/** Every row of the tenant in order, each into its place. */
async function walk({ store, tenant, extent, faults, commits }: Log, places: Places, onPage: OnPage): Promise<Walked> {
  let after = below(tenant);
  let end = 0;
  let strays = 0;
  let firstStray = Number.MAX_SAFE_INTEGER;

  /** Past a row that cannot be read; false when it is not even known which one that is. */
  async function passUnreadable(id: string | undefined): Promise<boolean> {
    const seq = id === undefined ? undefined : seqOf(tenant, id);
    if (id === undefined || seq === undefined) {
      faults.add(stuckAfter('evidence', after));
      return false;
    }
    after = id;
    end = seq + 1;
    await places.skip(seq, rowId(tenant, seq + 1));
    return true;
  }

  async function placeAll(records: readonly StoredRecord[]): Promise<void> {
    const last = records.reduce((furthest, { id }) => Math.max(furthest, seqOf(tenant, id) ?? 0), 0);
    let refreshed = false;
    for (const record of records) {
      after = record.id;
      const seq = seqOf(tenant, record.id);
      if (seq === undefined) {
        faults.add({
          kind: 'unsigned',
          entry: record.id,
          detail: { zh: '行标识不是日志写入的', en: 'The log does not make such row ids' },
        });
        continue;
      }
      end = seq + 1;
      // It may have been written since the head was read. Once a page is enough: a head never covers less than it did.
      if (seq >= extent.signed() && !refreshed) {
        refreshed = true;
        await extent.grown();
      }
      if (seq >= extent.signed()) {
        strays++;
        firstStray = Math.min(firstStray, seq);
        continue;
      }
      await places.fill(seq, record, rowId(tenant, Math.min(extent.signed(), last + 1)));
    }
  }

  for (;;) {
    const next = (seqOf(tenant, after) ?? -1) + 1;
    const range = { field: 'id', gt: after, lt: above(tenant) };
    const page = await readPage(store, 'evidence', range, () => firstUnreadable(store, 'evidence', tenant, next, extent.signed()));
    if (page.stuck) {
      if (await passUnreadable(page.stuck.id)) continue;
      break;
    }
    if (page.records.length === 0) {
      if (await extent.grown()) continue;
      break;
    }
    await commits.expect(page.records);
    await placeAll(page.records);
    onPage(page.records.length, extent.signed());
  }
  await commits.expect([]);
  return { end, strays, firstStray };
}

/** What was removed by entries that wait, or that left the inbox after the walk went by: in this order none slips through. */
async function explainRemovals(shared: Shared, { store, tenant, commits }: Log, position: number): Promise<void> {
  for (const key of (await removedByWaiting(shared, tenant)).keys()) commits.removed(key);
  const { size } = await readHead(store, tenant);
  for await (const { entry } of soundEntries(store, tenant, position, size)) {
    for (const { collection, id, removed } of commitsOf(entry)) if (removed) commits.removed(keyOf(collection, id));
  }
}

/** Settle what entries committed to, in as many passes as remembering a bounded number of records takes. */
async function settleCommits(shared: Shared, log: Log, position: number, lostUpTo: number): Promise<number> {
  const { store, tenant, commits } = log;
  await explainRemovals(shared, log, position);
  let { resume, unproven } = commits.settle(lostUpTo);
  while (resume !== undefined) {
    for await (const { seq, entry } of soundEntries(store, tenant, resume, position)) await commits.entry(seq, entry);
    await explainRemovals(shared, log, position);
    const settled = commits.settle(lostUpTo);
    resume = settled.resume;
    unproven += settled.unproven;
  }
  return unproven;
}

/** Pass 1 (校验日志): the log of one tenant, its signatures, and the records its entries commit to. */
export async function verifyTenant(shared: Shared, tenant: string, trust: Trust, onPage: OnPage): Promise<TenantState> {
  const log = await openLog(shared, tenant, trust);
  const { faults, extent, roots, checkpoints } = log;
  const places = createPlaces(log);
  const { end, strays, firstStray } = await walk(log, places, onPage);
  // Checkpoints of sizes the rows never reached: their signatures still count, and so do forged ones.
  await checkpoints.upTo(Number.MAX_SAFE_INTEGER, above(tenant));

  const position = places.position();
  const signed = extent.signed();
  if (strays > 0) faults.add(unsigned(tenant, firstStray, strays));
  checkReach(log, position);
  checkOutside(log, trust.against);
  await checkHead(log, trust.vkey, position);

  // Rows that are gone or that nobody signed may have removed records, just as a damaged one may.
  const lostUpTo = position < signed ? signed : strays > 0 ? end : places.lostUpTo();
  return {
    tenant,
    faults,
    vkey: extent.vkey,
    vkeySource: trust.vkey === undefined ? 'store' : 'given',
    size: position,
    signed,
    end,
    lostUpTo,
    checked: roots.checked(),
    unproven: roots.unproven(),
    records: 0,
    waiting: 0,
    kept: 0,
    unprovenRecords: await settleCommits(shared, log, position, lostUpTo),
  };
}
