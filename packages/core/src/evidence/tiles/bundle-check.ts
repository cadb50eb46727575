import { leafHash, same } from '../merkle.ts';
import { isObject } from '../verify/values.ts';
import { decodeTile } from './edge.ts';
import type { TreeFindings } from './findings.ts';
import { tilePath, WIDTH } from './paths.ts';
import type { TrustedTiles } from './trust.ts';

/** The entry these bytes are, when they are JSON that says it belongs to this place of this log. */
export function entryAt(bytes: Uint8Array, tenant: string, index: number): { readonly [key: string]: unknown } | undefined {
  try {
    const entry: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isObject(entry) && entry['seq'] === index && entry['log'] === tenant ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What a bundle has given. */
export interface CheckedBundle {
  /** Entries found to be what was signed. */
  readonly good: number;
  /** As stored, good or not; absent when the bundle is not there. */
  readonly entries: readonly Uint8Array[] | undefined;
}

/**
 * One bundle against trusted leaf hashes (校验条目包). Where those are lost, against the stored ones: a difference is still
 * named, agreement then proves nothing.
 */
export async function checkBundle(
  tiles: TrustedTiles,
  place: { readonly tenant: string; readonly index: number; readonly width: number },
  spare: (index: number, width: number) => Promise<Uint8Array | undefined>,
  findings: TreeFindings,
): Promise<CheckedBundle> {
  const { tenant, index, width } = place;
  const first = index * WIDTH;
  const path = tilePath({ level: 'entries', index, width });
  const trusted = await tiles.tile(0, index);
  const found = await tiles.bundle(index);
  if (found === undefined) return { good: 0, entries: undefined };
  const hashes = trusted ?? decodeTile(await spare(index, width), width);
  let good = 0;
  const edited = (i: number, zh: string, en: string): void => findings.add({ kind: 'edited', index: first + i, path, detail: { zh, en } });
  for (const [i, entry] of found.entries.slice(0, width).entries()) {
    const expected = hashes?.[i];
    if (expected !== undefined && !same(leafHash(entry), expected))
      edited(i, '条目与已签名的哈希不符', 'The entry does not have the signed hash');
    else if (entryAt(entry, tenant, first + i) === undefined) edited(i, '条目自称属于别处', 'The entry says it belongs elsewhere');
    else if (trusted !== undefined) good++;
  }
  const count = found.entries.length;
  if (count < width) {
    findings.add({
      kind: 'missing',
      index: first + count,
      path,
      detail: { zh: `条目包缺末尾 ${width - count} 条`, en: `The bundle lacks its last ${width - count} entries` },
    });
  } else if (found.left > 0 || (count > width && count !== WIDTH)) {
    edited(width - 1, '条目包之后还有多余的字节', 'There are bytes behind the last entry of the bundle');
  }
  return { good, entries: found.entries };
}
