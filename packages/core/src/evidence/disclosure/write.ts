import { canonical, sha256Hex } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Json, JsonObject, Store } from '../../kernel/store.ts';
import { readRow } from '../stored.ts';
import { consistencyPath, inclusionPath, leafHash, verifyConsistency, verifyInclusion } from '../merkle.ts';
import type { Hash, NodeLookup } from '../merkle.ts';
import { encodeTile, tileRoot } from '../tiles/edge.ts';
import { WIDTH } from '../tiles/paths.ts';
import { brokenAt, entryTexts } from '../tiles/rows.ts';
import { openTree } from '../tiles/trees.ts';
import type { SignedTree } from '../tiles/trees.ts';
import { readHead } from '../verify/heads.ts';
import { commitsOf } from '../verify/rows.ts';
import { keyOf } from '../verify/values.ts';
import type { RecordName } from '../verify/values.ts';

export const FORMAT = 'zhengpin-bundle/1';
/** Levels of the tree inside a block of entries. */
const BLOCK_LEVELS = Math.log2(WIDTH);

/** What a bundle is to hold (证据包选项). */
export interface BundleOptions {
  readonly tenant: string;
  /** Entries about these records, and the records themselves; default: the whole log and no records. */
  readonly subjects?: readonly RecordName[];
  /** Verifier keys that the head must be signed by one of; default: those the store declares. */
  readonly vkeys?: readonly string[];
  /** A signed checkpoint the reader has kept: the bundle then proves that it is part of the log. */
  readonly against?: string;
}

const README: { readonly zh: string; readonly en: string } = {
  zh: '每行一个 JSON。entry 是规范化 JSON 原文：SHA-256(0x00 ‖ entry) 为叶哈希，proof 按 RFC 6962 将其连至 checkpoint 的根；block 同此，证明 256 个叶哈希。checkpoint 为 C2SP signed note（Ed25519），请用另行取得的验证密钥，不要只用此处的 vkeys。record 的 SHA-256 须等于 index 所指条目 commits 中的 hash。条目仅证明自身在日志中；不证明没有其他条目（整册日志除外），亦不证明检查点之后的事。校验：npx zhengpin verify --bundle FILE --vkey KEY',
  en: 'One JSON object a line. entry is canonical JSON as it was hashed: SHA-256(0x00 || entry) is the leaf, proof leads from it to the root in checkpoint by RFC 6962; block does the same for 256 leaves. checkpoint is a C2SP signed note (Ed25519): check it with a verifier key you got elsewhere, not only with vkeys. The SHA-256 of record must be the hash in commits of the entry at index. An entry proves that it is in the log; not that there is no other (unless the bundle is the whole log), and nothing after the checkpoint. Check: npx zhengpin verify --bundle FILE --vkey KEY',
};

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function lookupIn(store: Store, tenant: string): NodeLookup {
  return async (level, index) => {
    const seq = (index + 1) * 2 ** level - 1;
    const node = (await readRow(store, tenant, seq))?.nodes[level];
    if (node === undefined) throw brokenAt(seq, '哈希树节点缺失', 'its tree nodes are missing');
    return Buffer.from(node, 'base64');
  };
}

async function openHead(
  store: Store,
  { tenant, vkeys }: BundleOptions,
): Promise<{ readonly signed: SignedTree; readonly vkeys: readonly string[] }> {
  const head = await readHead(store, tenant);
  if (head.state === 'absent')
    throw new ComplianceError('ZP_NOT_FOUND', {
      detail: { zh: `存储中没有租户 ${tenant} 的日志`, en: `The store has no log of tenant ${tenant}` },
    });
  const signed = openTree(head.note, vkeys ?? head.vkeys);
  if (signed?.tenant !== tenant || signed.size !== head.size)
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', { detail: { zh: '日志头无效', en: 'The log head is not valid' } });
  return { signed, vkeys: head.vkeys };
}

/** Proof that the checkpoint the reader kept is part of the log. @throws ZP_EVIDENCE_BROKEN when it is not */
async function consistencyWith(note: string, signed: SignedTree, vkeys: readonly string[], lookup: NodeLookup): Promise<JsonObject> {
  const kept = openTree(note, vkeys);
  if (kept?.origin !== signed.origin) {
    throw new ComplianceError('ZP_INPUT_INVALID', {
      detail: { zh: '保管的检查点不属于该日志', en: 'The checkpoint kept elsewhere is not one of this log' },
    });
  }
  const path = kept.size > signed.size ? [] : await consistencyPath(lookup, kept.size, signed.size);
  if (!verifyConsistency(kept.size, signed.size, kept.root, signed.root, path)) {
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', {
      detail: { zh: '日志与保管的检查点不符', en: 'The log does not contain the checkpoint kept elsewhere' },
    });
  }
  return { first: kept.size, proof: path.map(base64) };
}

function concerns(entry: JsonObject, wanted: ReadonlySet<string>): boolean {
  const subject = entry['subject'] as { readonly collection?: unknown; readonly id?: unknown } | undefined;
  if (wanted.has(keyOf(String(subject?.collection), String(subject?.id)))) return true;
  return commitsOf(entry).some(({ collection, id }) => wanted.has(keyOf(collection, id)));
}

/** The newest thing the entries say about a record. */
interface Newest {
  readonly index: number;
  readonly hash: unknown;
  readonly removed: boolean;
}

/** The record as it is, proven to be what its newest entry committed to. */
async function recordLine(store: Store, name: RecordName, newest: Newest): Promise<Json | undefined> {
  if (newest.removed) return undefined;
  const { collection, id } = name;
  const found = await store.get(collection, id);
  const text = found && canonical({ collection, id, version: found.version, body: found.body });
  if (text === undefined || sha256Hex(text) !== newest.hash) {
    throw new ComplianceError('ZP_STATE', {
      detail: {
        zh: `记录 ${collection}/${id} 不是条目 ${newest.index} 所承诺的版本：正在写入，或被改动（请运行 zhengpin verify）`,
        en: `The record ${collection}/${id} is not the version entry ${newest.index} committed to: being written, or edited (run zhengpin verify)`,
      },
    });
  }
  return { record: text, index: newest.index };
}

/**
 * A bundle of evidence to hand out (证据包): JSON Lines that prove themselves with the verifier key alone. The first line holds
 * the signed checkpoint, the verifier keys and how to check; then entries, each with its inclusion proof, or the whole log in
 * proven blocks of 256; then the records asked for, as stored: sealed fields stay sealed. The last line counts, so that a
 * bundle that was cut shows. Whatever is written has been checked first.
 * @throws ZP_NOT_FOUND for a tenant without a log or a record no entry names; ZP_EVIDENCE_BROKEN for a store that does not
 * agree with its signatures; ZP_STATE for a record that is being written; ZP_INPUT_INVALID for a foreign checkpoint
 */
export async function* bundleLines(store: Store, options: BundleOptions): AsyncGenerator<string, void, undefined> {
  const { tenant, subjects = [] } = options;
  const { signed, vkeys } = await openHead(store, options);
  const { size, root, origin, note } = signed;
  const lookup = lookupIn(store, tenant);
  const wanted = new Set(subjects.map(({ collection, id }) => keyOf(collection, id)));
  const isWhole = wanted.size === 0;
  const consistency =
    options.against === undefined ? undefined : await consistencyWith(options.against, signed, options.vkeys ?? vkeys, lookup);
  const line = (value: Json): string => `${JSON.stringify(value)}\n`;
  yield line({
    format: FORMAT,
    readme: README,
    origin,
    tenant,
    size,
    checkpoint: note,
    vkeys,
    scope: isWhole ? 'log' : 'records',
    records: subjects.map(({ collection, id }) => ({ collection, id })),
    ...(consistency === undefined ? {} : { consistency }),
  });

  let [count, records] = [0, 0];
  const newest = new Map<string, Newest>();
  let block: string[] = [];
  const proofOf = async (index: number, leaf: Hash): Promise<readonly string[]> => {
    const path = await inclusionPath(lookup, index, size);
    if (!verifyInclusion(leaf, index, size, path, root)) throw brokenAt(index, '与已签名的根不符', 'it does not have the signed root');
    return path.map(base64);
  };
  let index = 0;
  for await (const text of entryTexts(store, tenant, 0, size)) {
    const at = index++;
    if (isWhole) {
      block.push(text);
      if (block.length < WIDTH) continue;
      const leaves = block.map((one) => leafHash(one));
      const path = (await inclusionPath(lookup, at, size)).slice(BLOCK_LEVELS);
      const place = Math.floor(at / WIDTH);
      if (!verifyInclusion(tileRoot(leaves), place, Math.ceil(size / WIDTH), path, root))
        throw brokenAt(place * WIDTH, '此处起 256 条与已签名的根不符', 'the 256 entries from here do not have the signed root');
      yield line({ block: place, hashes: base64(encodeTile(leaves)), proof: path.map(base64) });
      for (const [i, entry] of block.entries()) yield line({ index: place * WIDTH + i, entry });
      count += WIDTH;
      block = [];
      continue;
    }
    const entry = JSON.parse(text) as JsonObject;
    if (!concerns(entry, wanted)) continue;
    for (const { collection, id, hash, removed } of commitsOf(entry)) newest.set(keyOf(collection, id), { index: at, hash, removed });
    count++;
    yield line({ index: at, entry: text, proof: await proofOf(at, leafHash(text)) });
  }
  for (const [i, entry] of block.entries()) {
    const at = size - block.length + i;
    count++;
    yield line({ index: at, entry, proof: await proofOf(at, leafHash(entry)) });
  }
  for (const name of subjects) {
    const known = newest.get(keyOf(name.collection, name.id));
    if (known === undefined) {
      throw new ComplianceError('ZP_NOT_FOUND', {
        detail: { zh: `没有条目提到 ${name.collection}/${name.id}`, en: `No entry is about ${name.collection}/${name.id}` },
      });
    }
    const found = await recordLine(store, name, known);
    if (found === undefined) continue;
    records++;
    yield line(found);
  }
  yield line({ end: { entries: count, records } });
}
