import { isArchiveKey } from '../../kernel/archive.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Store } from '../../kernel/store.ts';
import { rowId } from '../stored.ts';
import { leafHash, same } from '../merkle.ts';
import { readHead } from '../verify/heads.ts';
import type { HeadRow } from '../verify/heads.ts';
import { seqOf } from '../verify/values.ts';
import { decodeBundle, encodeBundle } from './bundles.ts';
import { createEdge, decodeTile, encodeTile, rootOf } from './edge.ts';
import type { Edge, Levels } from './edge.ts';
import { partialTiles, tilePath, WIDTH } from './paths.ts';
import type { TileName } from './paths.ts';
import { entryTexts } from './rows.ts';
import { nameOfLog, openTree, textOf } from './trees.ts';
import type { SignedTree, TreeTarget } from './trees.ts';

/** What to publish (发布选项). */
export interface PublishOptions {
  /** Only this tenant; default all. */
  readonly tenant?: string;
  /** Verifier keys that a checkpoint must be signed by one of; default: those the store declares. */
  readonly vkeys?: readonly string[];
  /** Called as entries are published. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A log after it was published (发布结果). */
export interface Published {
  readonly tenant: string;
  readonly origin: string;
  /** Entries published by now. */
  readonly size: number;
  /** Of them by this call. */
  readonly added: number;
}

/** Entries held in memory while a signature for them is looked for; more than that are read twice instead. */
const HELD = 2048;
/** Entries after which a checkpoint is published even though more follow: what an interrupted run need not do again. */
const STEP = 65_536;
const PUTS = 16;

function broken(tenant: string, zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_EVIDENCE_BROKEN', { detail: { zh: `${tenant}：${zh}`, en: `${tenant}: ${en}` } });
}

/** The tree as published so far, proven against its own checkpoint. */
interface Start {
  readonly size: number;
  readonly levels: Levels;
  /** Entries of the partial bundle. */
  readonly texts: readonly string[];
}

async function readStart(target: TreeTarget, prefix: string, signed: SignedTree): Promise<Start> {
  const { size, tenant } = signed;
  const damaged = (path: string): ComplianceError =>
    broken(tenant, `归档中的 ${path} 缺失或被改动`, `${path} in the archive is missing or edited`);
  const levels: Levels[number][] = [];
  let texts: readonly string[] = [];
  for (const tile of partialTiles(size)) {
    const hashes = decodeTile(await target.get(prefix + tilePath(tile)), tile.width);
    if (hashes === undefined) throw damaged(tilePath(tile));
    while (levels.length < tile.level) levels.push([]);
    levels.push(hashes);
    if (tile.level > 0) continue;
    const path = tilePath({ ...tile, level: 'entries' });
    const { entries } = decodeBundle((await target.get(prefix + path)) ?? new Uint8Array());
    if (entries.length !== tile.width || !entries.every((entry, i) => same(leafHash(entry), hashes[i] ?? entry))) throw damaged(path);
    texts = entries.map((entry) => Buffer.from(entry).toString('utf8'));
  }
  if (!same(rootOf(levels), signed.root))
    throw broken(tenant, '归档中的瓦片与其检查点不符', 'the tiles in the archive do not have the root of its checkpoint');
  return { size, levels, texts };
}

/** Writes a growing tree; what is written is not linked to a checkpoint until `finish`. */
function createWriter(
  target: TreeTarget,
  prefix: string,
  start: Start,
): { add(text: string): Promise<void>; flush(): Promise<void>; partials(): Promise<void>; readonly edge: Edge } {
  const edge = createEdge(start.levels);
  let texts = [...start.texts];
  let puts: Promise<void>[] = [];

  async function flush(): Promise<void> {
    await Promise.all(puts);
    puts = [];
  }
  async function put(tile: TileName, bytes: Uint8Array): Promise<void> {
    const done = target.put(prefix + tilePath(tile), bytes);
    // Whoever flushes hears of a failure; until then it must not count as one that nobody heard.
    done.catch(() => undefined);
    puts.push(done);
    if (puts.length >= PUTS) await flush();
  }

  return {
    edge,
    flush,
    async add(text) {
      texts.push(text);
      for (const { level, index, hashes } of edge.append(leafHash(text))) {
        if (level === 0) {
          await put({ level: 'entries', index, width: WIDTH }, encodeBundle(texts));
          texts = [];
        }
        await put({ level, index, width: WIDTH }, encodeTile(hashes));
      }
    },
    async partials() {
      const levels = edge.levels();
      for (const tile of partialTiles(edge.size())) {
        if (tile.level === 0) await put({ ...tile, level: 'entries' }, encodeBundle(texts));
        await put(tile, encodeTile(levels[tile.level] ?? []));
      }
      await flush();
    },
  };
}

/** A signed size to go on to: the furthest whose entries fit into memory, else the next one. */
async function nextSigned(store: Store, tenant: string, from: number, head: SignedTree, vkeys: readonly string[]): Promise<SignedTree> {
  if (head.size - from <= HELD) return head;
  const near = { field: 'id', gt: rowId(tenant, from), lte: rowId(tenant, from + HELD) };
  const far = { field: 'id', gt: rowId(tenant, from + HELD), lt: rowId(tenant, head.size) };
  const { records } = await store.find('checkpoints', { range: near, order: 'desc', limit: 1 });
  const [row] = records.length > 0 ? records : (await store.find('checkpoints', { range: far, limit: 1 })).records;
  if (row === undefined) return head;
  const note = row.body['note'];
  const signed = typeof note === 'string' ? openTree(note, vkeys) : undefined;
  if (signed?.tenant !== tenant || signed.size !== seqOf(tenant, row.id))
    throw broken(tenant, `检查点 ${row.id} 无效`, `checkpoint ${row.id} is not valid`);
  return signed;
}

/** Nothing reaches the archive before a signature has vouched for it: what is put there cannot be taken back. */
async function proven(store: Store, from: Edge, next: SignedTree): Promise<() => AsyncIterable<string> | Iterable<string>> {
  const { tenant } = next;
  const again = (): AsyncIterable<string> => entryTexts(store, tenant, from.size(), next.size);
  const held: string[] = [];
  const keep = next.size - from.size() <= HELD;
  const edge = createEdge(from.levels());
  for await (const text of again()) {
    edge.append(leafHash(text));
    if (keep) held.push(text);
  }
  if (same(edge.root(), next.root)) return keep ? () => held : again;
  const last = next.size - 1;
  throw broken(
    tenant,
    `条目 ${from.size()} 至 ${last} 与已签名的根不符，或归档与存储分叉；请运行 zhengpin verify`,
    `entries ${from.size()} to ${last} do not have the signed root, or archive and store have forked; run zhengpin verify`,
  );
}

function headOf(tenant: string, head: HeadRow, vkeys: readonly string[]): SignedTree {
  const signed = openTree(head.note, vkeys);
  if (signed?.tenant !== tenant || signed.size !== head.size) throw broken(tenant, '日志头无效', 'the log head is not valid');
  if (!isArchiveKey(`${signed.origin}/tile/entries/x000/x000/x000/000.p/000`)) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: {
        zh: `日志名称 ${signed.origin} 不能用作归档路径`,
        en: `The name of the log ${signed.origin} cannot be a path in an archive`,
      },
    });
  }
  return signed;
}

/** Checkpoints only move on: of two publishers the slower one leaves the newer checkpoint alone. */
async function replaceCheckpoint(target: TreeTarget, prefix: string, next: SignedTree, vkeys: readonly string[]): Promise<void> {
  const there = textOf(await target.get(`${prefix}checkpoint`));
  if (there !== undefined && (openTree(there, vkeys)?.size ?? 0) >= next.size) return;
  await target.replace(`${prefix}checkpoint`, Buffer.from(next.note));
}

/** Where every version of a head is kept for good, the same text again would only be litter. */
async function declare(target: TreeTarget, key: string, lines: readonly string[]): Promise<void> {
  const text = `${lines.join('\n')}\n`;
  if (textOf(await target.get(key)) !== text) await target.replace(key, Buffer.from(text));
}

async function publishLog(store: Store, target: TreeTarget, tenant: string, options: PublishOptions): Promise<Published | undefined> {
  const first = await readHead(store, tenant);
  if (first.state === 'absent') return undefined;
  const origin = headOf(tenant, first, options.vkeys ?? first.vkeys).origin;
  const prefix = `${origin}/`;
  // The archive before the store: another publisher may be at work, and what it has published the store has.
  const note = textOf(await target.get(`${prefix}checkpoint`));
  const now = await readHead(store, tenant);
  const vkeys = options.vkeys ?? now.vkeys;
  const head = headOf(tenant, now, vkeys);
  const before = note === undefined ? undefined : openTree(note, vkeys);
  if (note !== undefined && before?.origin !== origin)
    throw broken(tenant, '归档中的检查点无效', 'the checkpoint in the archive is not valid');
  if (before !== undefined && before.size > head.size) {
    throw broken(
      tenant,
      `存储只有 ${head.size} 条，而归档已有 ${before.size} 条：存储丢失了末尾`,
      `the store has ${head.size} entries, the archive ${before.size}: the store has lost its end`,
    );
  }
  if (before?.size === head.size && !same(before.root, head.root)) throw broken(tenant, '归档与存储分叉', 'archive and store have forked');
  await declare(target, `${prefix}vkeys`, now.vkeys);
  await declare(target, nameOfLog(tenant), [origin]);

  const start: Start = before === undefined ? { size: 0, levels: [], texts: [] } : await readStart(target, prefix, before);
  const writer = createWriter(target, prefix, start);
  let published = start.size;
  while (writer.edge.size() < head.size) {
    const next = await nextSigned(store, tenant, writer.edge.size(), head, vkeys);
    for await (const text of (await proven(store, writer.edge, next))()) await writer.add(text);
    await writer.flush();
    options.onProgress?.(next.size, head.size);
    if (next.size < head.size && next.size - published < STEP) continue;
    if (!same(writer.edge.root(), next.root)) throw broken(tenant, '条目在读取间被改动', 'entries changed while they were read');
    await writer.partials();
    await replaceCheckpoint(target, prefix, next, vkeys);
    published = next.size;
  }
  return { tenant, origin, size: head.size, added: head.size - start.size };
}

async function tenantsIn(store: Store): Promise<readonly string[]> {
  const tenants: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.find('evidenceHeads', { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    tenants.push(...page.records.map(({ id }) => id));
    if (page.cursor === undefined) return tenants;
    cursor = page.cursor;
  }
}

/**
 * Publish the evidence log as C2SP tlog-tiles (发布证据日志): to an archive, or a folder that is written as one. Each log
 * lies under its origin: `tile/…`, `checkpoint` and the `vkeys` it declares; `logs/<tenant>` says which origin that is.
 *
 * Only what is new is read and written: full tiles are put once, partial ones under their own names, `checkpoint` is
 * replaced last, so it never names a tree that is not all there. Entries are put only after a signed checkpoint of the
 * store has vouched for them, so a damaged store cannot spoil the archive. Memory does not grow with the log; an
 * interrupted run goes on at the last checkpoint it published. Meant for one publisher at a time; several do no harm.
 *
 * What waits in the inbox, records, and entries after the newest checkpoint are not published.
 * @returns one row a log, in the order of tenants
 * @throws ZP_EVIDENCE_BROKEN when the store does not agree with its signatures or with the archive; ZP_NOT_FOUND for a tenant
 * without a log; ZP_OPTION_INVALID for a log whose name is no path; what store and archive throw
 */
export async function publishTiles(store: Store, target: TreeTarget, options: PublishOptions = {}): Promise<readonly Published[]> {
  const { tenant } = options;
  const published: Published[] = [];
  for (const one of tenant === undefined ? await tenantsIn(store) : [tenant]) {
    const log = await publishLog(store, target, one, options);
    if (log) published.push(log);
  }
  if (tenant !== undefined && published.length === 0) {
    throw new ComplianceError('ZP_NOT_FOUND', {
      detail: { zh: `存储中没有租户 ${tenant} 的日志`, en: `The store has no log of tenant ${tenant}` },
    });
  }
  return published;
}
