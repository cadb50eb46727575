import { sha256Hex } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/store.ts';
import { leafHash, same, verifyConsistency, verifyInclusion } from '../merkle.ts';
import type { Hash } from '../merkle.ts';
import { entryAt } from '../tiles/bundle-check.ts';
import { createEdge, decodeTile, tileRoot } from '../tiles/edge.ts';
import type { Edge } from '../tiles/edge.ts';
import { createFindings } from '../tiles/findings.ts';
import type { TreeFault, TreeFindings, TreeReport } from '../tiles/findings.ts';
import { WIDTH } from '../tiles/paths.ts';
import { isVkey, openTree } from '../tiles/trees.ts';
import type { SignedTree } from '../tiles/trees.ts';
import { commitsOf } from '../verify/rows.ts';
import { isObject, isSeq, keyOf, parseHash } from '../verify/values.ts';
import { FORMAT } from './write.ts';

/** What to trust when a bundle is verified (证据包校验选项). */
export interface BundleVerifyOptions {
  /** Verifier key kept elsewhere; default: the keys in the bundle. */
  readonly vkey?: string;
  /** A signed checkpoint kept elsewhere: the log the bundle is from must contain it. */
  readonly against?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Header {
  readonly origin: string;
  readonly tenant: string;
  readonly checkpoint: string;
  readonly vkeys: readonly string[];
  readonly isWhole: boolean;
  readonly names: readonly string[];
  readonly consistency: unknown;
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function nameOf({ collection, id }: JsonObject): string {
  return keyOf(typeof collection === 'string' ? collection : '', typeof id === 'string' ? id : '');
}

function headerOf(line: string | undefined): Header {
  const value = line === undefined ? undefined : parse(line);
  const { origin, tenant, checkpoint, vkeys, scope, records, consistency } = value ?? {};
  if (value?.['format'] !== FORMAT || typeof checkpoint !== 'string' || typeof origin !== 'string' || typeof tenant !== 'string') {
    throw new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: '不是证据包', en: 'This is not a bundle of evidence' } });
  }
  return {
    origin,
    tenant,
    checkpoint,
    vkeys: Array.isArray(vkeys) ? vkeys.map(String) : [],
    isWhole: scope === 'log',
    names: (Array.isArray(records) ? records : []).filter(isObject).map(nameOf),
    consistency,
  };
}

function pathOf(value: unknown): readonly Hash[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const hashes = value.map(parseHash);
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
}

/** One bundle being read. */
interface Reading {
  readonly header: Header;
  readonly signed: SignedTree;
  readonly findings: TreeFindings;
  /** Grows with the entries of a whole log, to be compared with a checkpoint kept elsewhere. */
  readonly edge: Edge | undefined;
  readonly against: SignedTree | undefined;
  /** What the entries said last, and before, about the records that are disclosed. */
  readonly commits: Map<
    string,
    { readonly index: number; readonly hash: unknown; readonly removed: boolean; readonly older: ReadonlySet<unknown> }
  >;
  readonly seen: Set<string>;
  block: { readonly first: number; readonly leaves: readonly Hash[] } | undefined;
  next: number;
  good: number;
  entries: number;
  records: number;
  goodRecords: number;
}

function find(reading: Reading, kind: TreeFault, index: number | undefined, zh: string, en: string): void {
  reading.findings.add({ kind, ...(index === undefined ? {} : { index }), detail: { zh, en } });
}

/** The hashes of 256 entries at once, proven by the path of their common root. */
function readBlock(reading: Reading, line: JsonObject): void {
  const { signed } = reading;
  const place = line['block'];
  const hashes = line['hashes'];
  const path = pathOf(line['proof']);
  reading.block = undefined;
  const leaves = typeof hashes === 'string' ? decodeTile(Buffer.from(hashes, 'base64'), WIDTH) : undefined;
  const holds =
    isSeq(place) &&
    leaves !== undefined &&
    path !== undefined &&
    verifyInclusion(tileRoot(leaves), place, Math.ceil(signed.size / WIDTH), path, signed.root);
  if (holds) reading.block = { first: place * WIDTH, leaves };
  else
    find(
      reading,
      'edited',
      isSeq(place) ? place * WIDTH : reading.next,
      '256 个叶哈希与已签名的根不符',
      'The hashes of 256 entries do not have the signed root',
    );
}

function isProven(reading: Reading, index: number, text: string, line: JsonObject): boolean {
  const { signed, block } = reading;
  const leaf = leafHash(text);
  const expected = block?.leaves[index - block.first];
  if (line['proof'] === undefined) return expected !== undefined && same(expected, leaf);
  const path = pathOf(line['proof']);
  return path !== undefined && verifyInclusion(leaf, index, signed.size, path, signed.root);
}

function readEntry(reading: Reading, line: JsonObject): void {
  const { header, signed, commits, edge, against } = reading;
  const { index, entry: text } = line;
  reading.entries++;
  if (!isSeq(index) || typeof text !== 'string') return find(reading, 'edited', reading.next, '该行无法读取', 'The line is not readable');
  if (index < reading.next) return find(reading, 'edited', index, '条目次序颠倒', 'The entries are out of order');
  if (header.isWhole && index > reading.next)
    find(
      reading,
      'missing',
      reading.next,
      `条目 ${reading.next} 至 ${index - 1} 缺失`,
      `Entries ${reading.next} to ${index - 1} are missing`,
    );
  reading.next = index + 1;
  edge?.append(leafHash(text));
  if (edge && against && edge.size() === against.size && !same(edge.root(), against.root) && !reading.findings.below(against.size))
    find(reading, 'forked', 0, '与另行保管的检查点不符', 'The entries do not have the root of the checkpoint kept elsewhere');
  if (!isProven(reading, index, text, line))
    return find(reading, 'edited', index, '条目与已签名的根不符', 'The entry does not have the signed root');
  const entry = entryAt(Buffer.from(text), signed.tenant, index);
  if (entry === undefined) return find(reading, 'edited', index, '条目自称属于别处', 'The entry says it belongs elsewhere');
  reading.good++;
  for (const { collection, id, hash, removed } of commitsOf(entry as JsonObject)) {
    const name = keyOf(collection, id);
    if (!header.names.includes(name)) continue;
    const before = commits.get(name);
    commits.set(name, { index, hash, removed, older: new Set([...(before?.older ?? []), before?.hash]) });
  }
}

function readRecord(reading: Reading, line: JsonObject): void {
  const text = line['record'];
  const record = typeof text === 'string' ? parse(text) : undefined;
  reading.records++;
  if (record === undefined || typeof text !== 'string')
    return find(reading, 'edited', undefined, '记录无法读取', 'The record is not readable');
  const name = nameOf(record);
  const known = reading.commits.get(name);
  reading.seen.add(name);
  const hash = sha256Hex(text);
  if (known === undefined)
    return find(reading, 'edited', undefined, `没有条目承诺记录 ${name}`, `No entry committed to the record ${name}`);
  if (known.hash === hash && !known.removed) reading.goodRecords++;
  else if (known.older.has(hash) || known.removed)
    find(reading, 'rolled-back', known.index, `记录 ${name} 是旧版本`, `The record ${name} is an older version than this entry’s`);
  else find(reading, 'edited', known.index, `记录 ${name} 与承诺不符`, `The record ${name} is not what this entry committed to`);
}

/** The counts in the last line, the end of a whole log, and records that were promised. */
function finish(reading: Reading, end: unknown): void {
  const { header, signed, next, entries, records, commits, seen } = reading;
  if (!isObject(end)) return find(reading, 'truncated', next, '证据包不完整：缺少末行', 'The bundle was cut: its last line is missing');
  if (header.isWhole && next < signed.size)
    find(
      reading,
      'truncated',
      next,
      `日志止于 ${next} 条，检查点有 ${signed.size} 条`,
      `The log ends after ${next} entries, its checkpoint has ${signed.size}`,
    );
  else if (end['entries'] !== entries || end['records'] !== records)
    find(reading, 'missing', undefined, '行数与末行所记不符', 'There are not as many lines as the last one says');
  for (const name of header.names) {
    const known = commits.get(name);
    if (known !== undefined && !known.removed && !seen.has(name))
      find(reading, 'missing', known.index, `记录 ${name} 未附`, `The record ${name} is not in the bundle`);
    if (known === undefined) find(reading, 'missing', undefined, `没有条目关于 ${name}`, `No entry is about ${name}`);
  }
}

/** The checkpoint kept elsewhere against the bundle's own, where that can be told without the entries. */
function compareKept(reading: Reading): void {
  const { against, signed, header } = reading;
  if (against === undefined) return;
  if (against.size > signed.size) {
    find(
      reading,
      'rolled-back',
      signed.size,
      `检查点止于 ${signed.size} 条，而另行保管的有 ${against.size} 条`,
      `The checkpoint ends after ${signed.size} entries, the one kept elsewhere has ${against.size}`,
    );
    return;
  }
  const consistency = isObject(header.consistency) ? header.consistency : undefined;
  const path = against.size === signed.size ? [] : consistency?.['first'] === against.size ? pathOf(consistency['proof']) : undefined;
  if (path === undefined) {
    if (header.isWhole) return;
    throw new ComplianceError('ZP_INPUT_INVALID', {
      detail: {
        zh: '证据包没有与该检查点的一致性证明：制作时请以 --against 给出',
        en: 'The bundle has no consistency proof for that checkpoint: make it with --against',
      },
    });
  }
  if (!verifyConsistency(against.size, signed.size, against.root, signed.root, path))
    find(reading, 'forked', 0, '日志与另行保管的检查点不符', 'The log does not contain the checkpoint kept elsewhere');
}

/**
 * Verify a bundle of evidence offline (校验证据包), line by line in constant memory.
 * @param lines the lines of the file, without line ends
 * @throws ZP_INPUT_INVALID for what is no bundle; ZP_OPTION_INVALID for a malformed key
 */
export async function verifyBundle(lines: AsyncIterable<string>, options: BundleVerifyOptions = {}): Promise<TreeReport> {
  const { vkey, onProgress } = options;
  if (vkey !== undefined && !isVkey(vkey))
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '选项无效：vkey', en: 'not a valid option: vkey' } });
  const findings = createFindings();
  let reading: Reading | undefined;
  let header: Header | undefined;
  let end: unknown;
  for await (const text of lines) {
    if (header === undefined) {
      header = headerOf(text);
      const vkeys = vkey === undefined ? header.vkeys : [vkey];
      const signed = openTree(header.checkpoint, vkeys);
      if (signed?.origin !== header.origin || signed.tenant !== header.tenant) {
        findings.add({
          kind: 'checkpoint-invalid',
          detail: { zh: '检查点的签名或来源无效', en: 'The signature or origin of the checkpoint is not valid' },
        });
        break;
      }
      const against = options.against === undefined ? undefined : openTree(options.against, vkeys);
      if (options.against !== undefined && against?.origin !== signed.origin)
        findings.add({
          kind: 'checkpoint-invalid',
          detail: {
            zh: '另行保管的检查点不是用本日志的密钥签名的',
            en: 'The checkpoint kept elsewhere is not signed by the key of this log',
          },
        });
      const edge = header.isWhole && against !== undefined ? createEdge() : undefined;
      const counts = { next: 0, good: 0, entries: 0, records: 0, goodRecords: 0 };
      reading = { header, signed, findings, edge, against, commits: new Map(), seen: new Set(), block: undefined, ...counts };
      compareKept(reading);
      continue;
    }
    if (reading === undefined) break;
    const line = parse(text);
    if (end !== undefined) find(reading, 'edited', undefined, '末行之后还有内容', 'There is more behind the last line');
    else if (line === undefined) find(reading, 'edited', reading.next, '该行不是 JSON', 'The line is not JSON');
    else if ('block' in line) readBlock(reading, line);
    else if ('record' in line) readRecord(reading, line);
    else if ('end' in line) end = line['end'];
    else readEntry(reading, line);
    onProgress?.(reading.next, reading.signed.size);
  }
  if (header === undefined) headerOf(undefined);
  if (reading) finish(reading, end);
  const signed = reading?.signed;
  return {
    tenant: header?.tenant ?? '',
    origin: header?.origin ?? '',
    size: signed?.size ?? 0,
    root: signed === undefined ? '' : Buffer.from(signed.root).toString('base64'),
    entriesChecked: reading?.good ?? 0,
    recordsChecked: reading?.goodRecords ?? 0,
    vkey: signed?.vkey ?? '',
    vkeySource: vkey === undefined ? 'declared' : 'given',
    ok: findings.list().length === 0,
    findings: findings.list(),
    more: findings.more(),
  };
}
