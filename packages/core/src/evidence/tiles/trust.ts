import { leafHash, same } from '../merkle.ts';
import type { Hash } from '../merkle.ts';
import { decodeBundle } from './bundles.ts';
import type { DecodedBundle } from './bundles.ts';
import { decodeTile, rootOf, tileRoot } from './edge.ts';
import type { TreeFindings } from './findings.ts';
import { partialTiles, span, tilePath, WIDTH } from './paths.ts';
import type { SignedTree, TreeSource } from './trees.ts';

type Hashes = readonly Hash[];

/** Places in which two rows may differ for all their mixtures to be tried: 256 roots of 255 hashes at most. */
const MOST_OPEN = 8;

/**
 * The tiles of a published log, proven from the signed root downwards (自上而下验证瓦片): the root vouches for the partial
 * tiles at the right edge, each hash in a tile for the full tile below it. So every leaf hash is trusted by itself, an
 * edit is named to the entry, and checking can begin anywhere.
 */
export interface TrustedTiles {
  /** Hashes of a full tile, or of the partial one at the edge; `undefined` where nothing trustworthy is left. */
  tile(level: number, index: number): Promise<Hashes | undefined>;
  /** The entries of a bundle as stored, whatever they are; `undefined` when it is not there. */
  bundle(index: number): Promise<DecodedBundle | undefined>;
  /** Whether the right edge has the signed root. */
  isAnchored(): boolean;
  /** The root of the first `size` entries; `undefined` where tiles it needs are damaged. */
  rootAt(size: number): Promise<Hash | undefined>;
}

/** Where a tile that was read and the one it should be differ first. */
function firstDifference(stored: Hashes | undefined, real: Hashes): number {
  if (stored === undefined) return 0;
  const at = real.findIndex((hash, i) => !same(hash, stored[i] ?? new Uint8Array()));
  return Math.max(0, at);
}

/** A row of hashes with the expected root, each hash from one of two rows that differ in few places. */
function mix(one: Hashes, other: Hashes, expected: Hash): Hashes | undefined {
  const open = one.flatMap((hash, i) => (same(hash, other[i] ?? hash) ? [] : [i]));
  if (open.length > MOST_OPEN) return undefined;
  for (let pick = 1; pick < 2 ** open.length; pick++) {
    const row = one.map((hash, i) => (open.includes(i) && ((pick >> open.indexOf(i)) & 1) === 1 ? (other[i] ?? hash) : hash));
    if (same(tileRoot(row), expected)) return row;
  }
  return undefined;
}

export async function openTiles(
  source: Pick<TreeSource, 'get'>,
  prefix: string,
  signed: SignedTree,
  findings: TreeFindings,
): Promise<TrustedTiles> {
  const edge = new Map(partialTiles(signed.size).map((partial) => [partial.level, partial]));
  const trustedEdge = new Map<number, Hashes>();
  /** The tile last asked for, one a level: reading goes from left to right. */
  const last = new Map<number, { readonly index: number; readonly hashes: Hashes | undefined }>();

  function widthOf(level: number, index: number): number {
    const partial = edge.get(level);
    return partial?.index === index ? partial.width : WIDTH;
  }

  /** A partial file may be gone once the full one is there. */
  async function read(level: number | 'entries', index: number): Promise<Uint8Array | undefined> {
    const width = widthOf(level === 'entries' ? 0 : level, index);
    const own = await source.get(prefix + tilePath({ level, index, width }));
    return own ?? (width === WIDTH ? undefined : source.get(prefix + tilePath({ level, index, width: WIDTH })));
  }

  async function stored(level: number, index: number): Promise<Hashes | undefined> {
    const width = widthOf(level, index);
    const bytes = await read(level, index);
    const isExact = bytes?.length === width * 32 || bytes?.length === WIDTH * 32;
    return isExact ? decodeTile(bytes, width) : undefined;
  }

  async function bundle(index: number): Promise<DecodedBundle | undefined> {
    const bytes = await read('entries', index);
    return bytes && decodeBundle(bytes);
  }

  /** A tile made anew from what lies below it. */
  async function recomputed(level: number, index: number): Promise<Hashes | undefined> {
    const width = widthOf(level, index);
    if (level === 0) {
      const found = await bundle(index);
      return found && found.entries.length >= width ? found.entries.slice(0, width).map((entry) => leafHash(entry)) : undefined;
    }
    const hashes: Hash[] = [];
    for (let i = 0; i < width; i++) {
      const below = await stored(level - 1, index * WIDTH + i);
      if (below === undefined) return undefined;
      hashes.push(tileRoot(below));
    }
    return hashes;
  }

  function report(level: number, index: number, was: Hashes | undefined, at: number): void {
    const path = tilePath({ level, index, width: widthOf(level, index) });
    const detail =
      was === undefined
        ? { zh: '瓦片缺失或残缺', en: 'The tile is missing or incomplete' }
        : { zh: '瓦片中的哈希被改动', en: 'A hash in the tile was changed' };
    findings.add({ kind: was === undefined ? 'missing' : 'edited', index: (index * WIDTH + at) * span(level), path, detail });
  }

  /** Which of the stored and the recomputed partial tiles have the signed root together; few levels, so all are tried. */
  async function anchor(): Promise<boolean> {
    const levels = partialTiles(signed.size);
    const options: (readonly (Hashes | undefined)[])[] = [];
    for (const { level, index } of levels) options.push([await stored(level, index)]);
    const height = (levels.at(-1)?.level ?? -1) + 1;
    const attempt = (choice: readonly (Hashes | undefined)[]): boolean => {
      if (choice.some((hashes) => hashes === undefined)) return false;
      const rows = Array.from({ length: height }, (_, level) => choice[levels.findIndex((partial) => partial.level === level)] ?? []);
      if (!same(rootOf(rows), signed.root)) return false;
      for (const [i, { level }] of levels.entries()) trustedEdge.set(level, choice[i] ?? []);
      return true;
    };
    const asStored = options.map(([own]) => own);
    if (attempt(asStored)) return true;
    for (const [i, { level, index }] of levels.entries()) options[i] = [asStored[i], await recomputed(level, index)];
    for (let pick = 1; pick < 2 ** levels.length; pick++) {
      if (!attempt(options.map((two, i) => two[(pick >> i) & 1]))) continue;
      for (const [i, { level, index }] of levels.entries()) {
        const real = trustedEdge.get(level) ?? [];
        const was = asStored[i];
        if (was === undefined || real.some((hash, n) => !same(hash, was[n] ?? new Uint8Array())))
          report(level, index, was, firstDifference(was, real));
      }
      return true;
    }
    return false;
  }

  const anchored = signed.size === 0 || (await anchor());

  /** The tile under a hash that is trusted. */
  async function under(level: number, index: number, expected: Hash | undefined): Promise<Hashes | undefined> {
    const own = await stored(level, index);
    if (expected === undefined) return undefined;
    if (own !== undefined && same(tileRoot(own), expected)) return own;
    const made = await recomputed(level, index);
    if (made !== undefined && same(tileRoot(made), expected)) {
      report(level, index, own, firstDifference(own, made));
      return made;
    }
    // Neither is what was signed as a whole: a hash was edited here, and something below another one.
    const mixed = own && made ? mix(own, made, expected) : undefined;
    report(level, index, own, own && (mixed ?? made) ? firstDifference(own, mixed ?? made ?? []) : 0);
    return mixed;
  }

  async function tile(level: number, index: number): Promise<Hashes | undefined> {
    const partial = edge.get(level);
    if (partial?.index === index) return anchored ? trustedEdge.get(level) : undefined;
    const known = last.get(level);
    if (known?.index === index) return known.hashes;
    if (!anchored) return undefined;
    const parent = await tile(level + 1, Math.floor(index / WIDTH));
    const hashes = await under(level, index, parent?.[index % WIDTH]);
    last.set(level, { index, hashes });
    return hashes;
  }

  return {
    tile,
    bundle,
    isAnchored: () => anchored,
    async rootAt(size) {
      const levels: Hashes[] = [];
      for (const { level, index, width } of partialTiles(size)) {
        const hashes = await tile(level, index);
        if (hashes === undefined) return undefined;
        while (levels.length < level) levels.push([]);
        levels.push(hashes.slice(0, width));
      }
      return rootOf(levels);
    },
  };
}
