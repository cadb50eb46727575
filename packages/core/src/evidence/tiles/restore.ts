import { canonical } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Change, JsonObject, Store } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { appendLeaf, frontierRoot, leafHash, same } from '../merkle.ts';
import type { Frontier } from '../merkle.ts';
import { checkBundle, entryAt } from './bundle-check.ts';
import { createFindings } from './findings.ts';
import type { TreeFindings } from './findings.ts';
import { tilePath, WIDTH } from './paths.ts';
import { brokenAt } from './rows.ts';
import { declaredKeys, openTree, textOf, treesIn } from './trees.ts';
import type { PublishedTree, SignedTree, TreeSource } from './trees.ts';
import { openTiles } from './trust.ts';

/** What to restore (恢复选项). */
export interface RestoreOptions {
  /** Only this tenant; default all. */
  readonly tenant?: string;
  /** Verifier key kept elsewhere; default: the keys the log declares beside its tree. */
  readonly vkey?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A log that was restored (恢复结果). */
export interface Restored {
  readonly tenant: string;
  readonly origin: string;
  readonly size: number;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function failFirst(findings: TreeFindings): void {
  const [first] = findings.list();
  if (first === undefined) return;
  const where = [first.index === undefined ? '' : `${first.index} `, first.path ?? ''].join('');
  throw new ComplianceError('ZP_EVIDENCE_BROKEN', {
    detail: { zh: `${where} ${first.kind}：${first.detail.zh}`, en: `${where} ${first.kind}: ${first.detail.en}` },
  });
}

function occupied(tenant: string): ComplianceError {
  return new ComplianceError('ZP_STATE', {
    detail: { zh: `存储中已有租户 ${tenant} 的日志`, en: `The store already has a log of tenant ${tenant}` },
  });
}

/** Rows of one bundle; those an interrupted run has written are compared instead. */
async function writeRows(store: Store, tenant: string, first: number, bodies: readonly JsonObject[]): Promise<void> {
  const range = { field: 'id', gte: rowId(tenant, first), lt: rowId(tenant, first + bodies.length) };
  const there = new Map((await store.find('evidence', { range, limit: WIDTH })).records.map(({ id, body }) => [id, body]));
  const changes: Change[] = [];
  for (const [i, body] of bodies.entries()) {
    const id = rowId(tenant, first + i);
    const known = there.get(id);
    if (known === undefined) changes.push({ collection: 'evidence', id, expectedVersion: 0, body });
    else if (canonical(known) !== canonical(body)) throw occupied(tenant);
  }
  if (changes.length > 0) await store.commit(changes);
}

async function restoreLog(source: TreeSource, tree: PublishedTree, store: Store, options: RestoreOptions): Promise<Restored> {
  const declared = await declaredKeys(source, tree.prefix);
  const vkeys = options.vkey === undefined ? declared : [options.vkey];
  const note = textOf(await source.get(`${tree.prefix}checkpoint`)) ?? '';
  const signed: SignedTree | undefined = openTree(note, vkeys);
  if (signed === undefined || (tree.prefix !== '' && tree.prefix !== `${signed.origin}/`)) {
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', {
      detail: { zh: `租户 ${tree.tenant} 的检查点无效`, en: `The checkpoint of tenant ${tree.tenant} is not valid` },
    });
  }
  const { tenant, size, origin } = signed;
  if ((await store.get('evidenceHeads', tenant)) !== undefined) throw occupied(tenant);
  const findings = createFindings();
  const tiles = await openTiles(source, tree.prefix, signed, findings);
  failFirst(findings);
  const spare = async (index: number, width: number) => source.get(tree.prefix + tilePath({ level: 0, index, width }));

  let frontier: Frontier = [];
  for (let index = 0; index * WIDTH < size; index++) {
    const first = index * WIDTH;
    const width = Math.min(WIDTH, size - first);
    const { entries, good } = await checkBundle(tiles, { tenant, index, width }, spare, findings);
    failFirst(findings);
    if (entries === undefined || good < width) throw brokenAt(first, '条目包缺失或无从证明', 'the bundle is missing or cannot be proven');
    const bodies = entries.slice(0, width).map((bytes, i) => {
      const text = Buffer.from(bytes).toString('utf8');
      const entry = entryAt(bytes, tenant, first + i) as JsonObject | undefined;
      // The store keeps JSON, not bytes: what would be spelt differently when read back could never be proven again.
      if (entry === undefined || canonical(entry) !== text) throw brokenAt(first + i, '不是规范化 JSON', 'not canonical JSON');
      const step = appendLeaf(frontier, first + i, leafHash(bytes));
      frontier = step.frontier;
      return { entry, nodes: step.completed.map(base64) };
    });
    await writeRows(store, tenant, first, bodies);
    options.onProgress?.(first + width, size);
  }
  if (!same(frontierRoot(frontier), signed.root)) throw brokenAt(size, '与已签名的根不符', 'the entries do not have the signed root');
  const known = [...new Set([signed.vkey, ...declared])];
  await store.commit([
    { collection: 'checkpoints', id: rowId(tenant, size), expectedVersion: 0, body: { note } },
    {
      collection: 'evidenceHeads',
      id: tenant,
      expectedVersion: 0,
      body: { size, frontier: frontier.map(base64), checkpoint: note, vkey: signed.vkey, vkeys: known },
    },
  ]);
  return { tenant, origin, size };
}

/**
 * Rebuild the evidence log of a store from what was published (由归档恢复日志): rows, tree nodes, the newest checkpoint and the
 * heads, each entry proven before it is written. The head comes last: without it the store has no log, and a run that was
 * interrupted can be repeated.
 *
 * Only the log comes back. It holds commitments to records, not the records: those must come from a backup, and
 * `verifyEvidence` then says which of them are what the log committed to. What was recorded after the checkpoint is lost.
 * @throws ZP_STATE when the store has a log of a tenant already; ZP_EVIDENCE_BROKEN naming the first thing that is wrong;
 * ZP_NOT_FOUND when nothing is published there
 */
export async function restoreEvidence(source: TreeSource, store: Store, options: RestoreOptions = {}): Promise<readonly Restored[]> {
  const restored: Restored[] = [];
  for (const tree of await treesIn(source, options.tenant)) restored.push(await restoreLog(source, tree, store, options));
  return restored;
}
