import { ComplianceError } from '../../kernel/errors.ts';
import { leafHash, same } from '../merkle.ts';
import { checkBundle } from './bundle-check.ts';
import { createEdge } from './edge.ts';
import { createFindings } from './findings.ts';
import type { TreeFinding, TreeFindings, TreeReport } from './findings.ts';
import { tilePath, WIDTH } from './paths.ts';
import { declaredKeys, isVkey, openTree, textOf, treesIn } from './trees.ts';
import type { PublishedTree, SignedTree, TreeSource } from './trees.ts';
import { openTiles } from './trust.ts';

/** How far the check of one log had come (校验进度). */
export interface TreeProgress {
  readonly size: number;
  /** Root, base64. */
  readonly root: string;
  /** Entries checked, from 0. */
  readonly done: number;
  readonly good: number;
  readonly findings: readonly TreeFinding[];
  readonly more: number;
}

/** Where to go on later, by origin; plain JSON (续验状态). */
export interface TreeResume {
  readonly v: 1;
  readonly logs: { readonly [origin: string]: TreeProgress };
}

/** What to verify and what to trust (校验选项). */
export interface TreeVerifyOptions {
  /** Only this tenant; default all. */
  readonly tenant?: string;
  /** Verifier key kept elsewhere; default: the keys the log declares beside its tree. */
  readonly vkey?: string;
  /** A signed checkpoint kept elsewhere: the log must contain it. */
  readonly against?: string;
  /** What an earlier, interrupted run had got to. */
  readonly resume?: TreeResume;
  /** Called after each bundle with what would let another run go on there. */
  readonly onProgress?: (done: number, total: number, resume: () => TreeResume) => void | Promise<void>;
}

/** The outcome (校验报告), by log. */
export interface TreeVerifyReport {
  readonly ok: boolean;
  readonly logs: readonly TreeReport[];
}

const OPTIONS: readonly string[] = ['tenant', 'vkey', 'against', 'resume', 'onProgress'];

function checkOptions(options: TreeVerifyOptions): void {
  const { vkey } = options;
  const wrong = Object.keys(options).find((key) => !OPTIONS.includes(key)) ?? (vkey !== undefined && !isVkey(vkey) ? 'vkey' : undefined);
  if (wrong !== undefined)
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `选项无效：${wrong}`, en: `not a valid option: ${wrong}` } });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The tree whose tiles are read, with what is known of it. */
interface Check {
  readonly source: TreeSource;
  readonly tree: PublishedTree;
  readonly signed: SignedTree;
  readonly against: SignedTree | undefined;
  readonly findings: TreeFindings;
  readonly earlier: TreeProgress | undefined;
}

type OnBundle = (done: number, good: number) => void | Promise<void>;

/** An earlier root against today's tree. @returns whether it is part of it */
async function contains(
  tiles: Awaited<ReturnType<typeof openTiles>>,
  check: Check,
  size: number,
  root: string,
  what: { readonly zh: string; readonly en: string },
): Promise<boolean> {
  const { signed, findings } = check;
  if (size > signed.size) {
    const detail = {
      zh: `检查点止于 ${signed.size} 条，而${what.zh}有 ${size} 条`,
      en: `The checkpoint ends after ${signed.size} entries, ${what.en} has ${size}`,
    };
    findings.add({ kind: 'rolled-back', index: signed.size, path: 'checkpoint', detail });
    return false;
  }
  const own = await tiles.rootAt(size);
  // Damaged tiles are told of by themselves.
  if (own === undefined || base64(own) === root) return own !== undefined;
  const detail = {
    zh: `前 ${size} 条与${what.zh}不符：日志被重写`,
    en: `The first ${size} entries do not have the root of ${what.en}: the log was rewritten`,
  };
  findings.add({ kind: 'forked', index: 0, path: 'checkpoint', detail });
  return false;
}

const KEPT = { zh: '另行保管的检查点', en: 'the checkpoint kept elsewhere' };
const SEEN = { zh: '上次校验所见的日志', en: 'the log seen by the run before' };

/** Every bundle of a log in order. @returns entries found good */
async function walk(check: Check, onBundle: OnBundle): Promise<number> {
  const { source, tree, signed, findings, against, earlier } = check;
  const tiles = await openTiles(source, tree.prefix, signed, findings);
  if (against && tiles.isAnchored()) await contains(tiles, check, against.size, base64(against.root), KEPT);
  const goesOn = earlier !== undefined && (await contains(tiles, check, earlier.size, earlier.root, SEEN));
  let done = goesOn ? Math.floor(earlier.done / WIDTH) * WIDTH : 0;
  // What the last, partial bundle had counted is counted again.
  let good = goesOn ? earlier.good - (earlier.done - done) : 0;
  /** First of the bundles that are missing up to here. */
  let gap: number | undefined;
  // Without an anchor the entries themselves may still agree with an older checkpoint.
  const own = tiles.isAnchored() || done > 0 ? undefined : createEdge();
  let agreed = 0;
  const spare = (index: number, width: number) => source.get(tree.prefix + tilePath({ level: 0, index, width }));

  while (done < signed.size) {
    const index = Math.floor(done / WIDTH);
    const width = Math.min(WIDTH, signed.size - index * WIDTH);
    const bundle = await checkBundle(tiles, { tenant: signed.tenant, index, width }, spare, findings);
    if (bundle.entries === undefined) gap ??= index;
    else if (gap !== undefined) {
      absent('missing', gap, index * WIDTH);
      gap = undefined;
    }
    for (const entry of own && gap === undefined ? (bundle.entries ?? []) : []) {
      own?.append(leafHash(entry));
      if (against && own?.size() === against.size && same(own.root(), against.root)) agreed = against.size;
    }
    good += bundle.good;
    done = index * WIDTH + width;
    await onBundle(done, good);
  }
  if (gap !== undefined) absent('truncated', gap, signed.size);
  if (!tiles.isAnchored() && findings.list().length === 0) {
    const detail = {
      zh: `条目、瓦片彼此相符而与已签名的根不符：自条目 ${agreed} 起分叉`,
      en: `Entries and tiles agree with each other and not with the signed root: forked from entry ${agreed} on`,
    };
    findings.add({ kind: 'forked', index: agreed, path: 'checkpoint', detail });
  }
  return good;

  function absent(kind: 'missing' | 'truncated', from: number, to: number): void {
    const index = from * WIDTH;
    const path = tilePath({ level: 'entries', index: from, width: Math.min(WIDTH, signed.size - index) });
    const detail =
      kind === 'missing'
        ? { zh: `条目 ${index} 至 ${to - 1} 的条目包缺失`, en: `The bundles of entries ${index} to ${to - 1} are missing` }
        : { zh: `日志止于 ${index} 条，检查点有 ${to} 条`, en: `The log ends after ${index} entries, its checkpoint has ${to}` };
    findings.add({ kind, index, path, detail });
  }
}

function reportOf(tree: PublishedTree, signed: SignedTree | undefined, given: boolean, findings: TreeFindings, good: number): TreeReport {
  return {
    tenant: signed?.tenant ?? tree.tenant,
    origin: signed?.origin ?? tree.prefix.replace(/\/$/, ''),
    size: signed?.size ?? 0,
    root: signed === undefined ? '' : base64(signed.root),
    entriesChecked: good,
    recordsChecked: 0,
    vkey: signed?.vkey ?? '',
    vkeySource: given ? 'given' : 'declared',
    ok: findings.list().length === 0,
    findings: findings.list(),
    more: findings.more(),
  };
}

/** Open the newest checkpoint of a log, and the one kept elsewhere if it is about this log. */
async function openBoth(
  source: TreeSource,
  tree: PublishedTree,
  options: TreeVerifyOptions,
  findings: TreeFindings,
): Promise<{ readonly signed: SignedTree | undefined; readonly against: SignedTree | undefined }> {
  const vkeys = options.vkey === undefined ? await declaredKeys(source, tree.prefix) : [options.vkey];
  const note = textOf(await source.get(`${tree.prefix}checkpoint`));
  const signed = note === undefined ? undefined : openTree(note, vkeys);
  const fits = signed !== undefined && (tree.prefix === '' || tree.prefix === `${signed.origin}/`);
  if (!fits) {
    const detail =
      note === undefined
        ? { zh: '没有检查点', en: 'There is no checkpoint' }
        : { zh: '检查点的签名或来源无效', en: 'The signature or origin of the checkpoint is not valid' };
    findings.add({ kind: note === undefined ? 'missing' : 'checkpoint-invalid', path: 'checkpoint', detail });
    return { signed: undefined, against: undefined };
  }
  const about = options.against?.split('\n')[0];
  if (options.against === undefined || (options.tenant === undefined && about !== signed.origin)) return { signed, against: undefined };
  const against = openTree(options.against, vkeys);
  if (against?.origin === signed.origin) return { signed, against };
  const detail = {
    zh: '另行保管的检查点不是用本日志的密钥签名的',
    en: 'The checkpoint kept elsewhere is not signed by the key of this log',
  };
  findings.add({ kind: 'checkpoint-invalid', detail });
  return { signed, against: undefined };
}

/**
 * Verify published logs offline (离线校验已发布的日志): signature, every tile, every entry, against the newest checkpoint of
 * each and one kept elsewhere. Reads one bundle at a time; can go on where an interrupted run stopped.
 *
 * Proves that the entries are those that were signed, in their order, and none is missing up to the checkpoint. What records
 * say, what came after the checkpoint, and whether another checkpoint was shown to others is not in what is verified here.
 * @throws ZP_NOT_FOUND when there is no log; ZP_OPTION_INVALID for an unknown option or a malformed key; what the source throws
 */
export async function verifyTiles(source: TreeSource, options: TreeVerifyOptions = {}): Promise<TreeVerifyReport> {
  checkOptions(options);
  const { onProgress } = options;
  const logs: TreeReport[] = [];
  const progress: Record<string, TreeProgress> = { ...options.resume?.logs };
  const trees = await treesIn(source, options.tenant);
  let claimed = options.against === undefined;
  let before = 0;
  for (const tree of trees) {
    const opening = createFindings();
    const { signed, against } = await openBoth(source, tree, options, opening);
    claimed ||= against !== undefined || opening.list().length > 0;
    if (signed === undefined) {
      logs.push(reportOf(tree, undefined, options.vkey !== undefined, opening, 0));
      continue;
    }
    const earlier = options.resume?.logs[signed.origin];
    const findings = createFindings([...(earlier?.findings ?? []), ...opening.list()], earlier?.more);
    const root = base64(signed.root);
    const good = await walk({ source, tree, signed, against, findings, earlier }, async (done, soFar) => {
      progress[signed.origin] = { size: signed.size, root, done, good: soFar, findings: findings.list(), more: findings.more() };
      await onProgress?.(before + done, before + signed.size, () => ({ v: 1, logs: { ...progress } }));
    });
    before += signed.size;
    logs.push(reportOf(tree, signed, options.vkey !== undefined, findings, good));
  }
  if (!claimed) {
    throw new ComplianceError('ZP_INPUT_INVALID', {
      detail: { zh: '另行保管的检查点不属于此处的任何日志', en: 'The checkpoint kept elsewhere is about none of the logs here' },
    });
  }
  return { ok: logs.every(({ ok }) => ok), logs };
}
