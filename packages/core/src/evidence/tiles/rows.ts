import { canonical } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Store } from '../../kernel/store.ts';
import { readRow, rowId } from '../stored.ts';
import type { Hash } from '../merkle.ts';
import { inPlace, readRow as readStored } from '../verify/rows.ts';
import { parseHash } from '../verify/values.ts';
import { encodeBundle } from './bundles.ts';
import { encodeTile } from './edge.ts';
import { isWithin, span, WIDTH } from './paths.ts';
import type { TileName } from './paths.ts';

const PAGE = 500;

/** The log is not what it must be at this entry. */
export function brokenAt(seq: number, zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_EVIDENCE_BROKEN', { detail: { zh: `条目 ${seq}：${zh}`, en: `entry ${seq}: ${en}` } });
}

/**
 * The entries of a log in order (按序读取条目), as the canonical text their leaf hashes are over; a page in memory.
 * @param to one past the last
 * @throws ZP_EVIDENCE_BROKEN naming the first entry that is missing or of another place
 */
export async function* entryTexts(store: Store, tenant: string, from: number, to: number): AsyncGenerator<string, void, undefined> {
  for (let next = from; next < to;) {
    const limit = Math.min(PAGE, to - next);
    const { records } = await store.find('evidence', { range: { field: 'id', gte: rowId(tenant, next), lt: rowId(tenant, to) }, limit });
    if (records.length === 0) throw brokenAt(next, '缺失', 'missing');
    for (const record of records) {
      if (record.id !== rowId(tenant, next)) throw brokenAt(next, '缺失', 'missing');
      const row = readStored(record, next);
      if (row.entry === undefined || row.leaf === undefined || !inPlace(row, tenant, next)) throw brokenAt(next, '被改动', 'edited');
      yield canonical(row.entry);
      next++;
    }
  }
}

/** The root of the full subtree below a hash of a tile, kept beside the leaf that completed it. */
async function storedHash(store: Store, tenant: string, level: number, place: number): Promise<Hash> {
  const seq = (place + 1) * span(level) - 1;
  const hash = parseHash((await readRow(store, tenant, seq))?.nodes[level * Math.log2(WIDTH)]);
  if (hash === undefined) throw brokenAt(seq, '哈希树节点缺失', 'its tree nodes are missing');
  return hash;
}

/**
 * A tile or bundle of a tenant's log as stored (由存储取瓦片), of any width the log has reached: 256 rows at most are read.
 * Nothing is proven here; whoever reads tiles checks them against a signed checkpoint.
 * @returns `undefined` for one beyond `size`
 * @throws ZP_EVIDENCE_BROKEN when a row it is made of is gone
 */
export async function readTile(store: Store, tenant: string, name: TileName, size: number): Promise<Uint8Array | undefined> {
  if (!isWithin(name, size)) return undefined;
  const { level, index, width } = name;
  const first = index * WIDTH;
  if (level === 'entries') {
    const texts: string[] = [];
    for await (const text of entryTexts(store, tenant, first, first + width)) texts.push(text);
    return encodeBundle(texts);
  }
  const places = Array.from({ length: width }, (_, i) => first + i);
  if (level > 0) return encodeTile(await Promise.all(places.map((place) => storedHash(store, tenant, level, place))));
  const range = { field: 'id', gte: rowId(tenant, first), lt: rowId(tenant, first + width) };
  const { records } = await store.find('evidence', { range, limit: WIDTH });
  const hashes = new Map(records.map(({ id, body }) => [id, Array.isArray(body['nodes']) ? parseHash(body['nodes'][0]) : undefined]));
  return encodeTile(
    places.map((seq) => {
      const hash = hashes.get(rowId(tenant, seq));
      if (hash === undefined) throw brokenAt(seq, '哈希树节点缺失', 'its tree nodes are missing');
      return hash;
    }),
  );
}
