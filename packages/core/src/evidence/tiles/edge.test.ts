import { hash } from 'node:crypto';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Hash } from '../merkle.ts';
import { decodeBundle, encodeBundle } from './bundles.ts';
import { createEdge, decodeTile, encodeTile, rootOf } from './edge.ts';
import type { FullTile } from './edge.ts';
import { isWithin, parseTilePath, partialTiles, span, tilePath, WIDTH } from './paths.ts';

/** RFC 6962 section 2.1, word for word and as slow as it reads. */
function mth(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (leaves.length === 0) return hash('sha256', '', 'buffer');
  if (leaves.length === 1 && only !== undefined) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash('sha256', Buffer.concat([Buffer.from([1]), mth(leaves.slice(0, k)), mth(leaves.slice(k))]), 'buffer');
}

function leaf(i: number): Hash {
  return hash('sha256', `leaf ${i}`, 'buffer');
}

const leaves = Array.from({ length: 66_200 }, (_, i) => leaf(i));

function grow(size: number): { readonly edge: ReturnType<typeof createEdge>; readonly full: readonly FullTile[] } {
  const edge = createEdge();
  return { edge, full: leaves.slice(0, size).flatMap((one) => edge.append(one)) };
}

/** Tile by its definition in C2SP tlog-tiles. */
function defined(level: number, index: number, width: number): Uint8Array {
  return Buffer.concat(
    Array.from({ length: width }, (_, i) => mth(leaves.slice((index * WIDTH + i) * span(level), (index * WIDTH + i + 1) * span(level)))),
  );
}

it('has the root of RFC 6962 at every size up to 600', () => {
  const edge = createEdge();
  for (let size = 1; size <= 600; size++) {
    edge.append(leaf(size - 1));
    expect(Buffer.from(edge.root()).toString('hex')).toBe(Buffer.from(mth(leaves.slice(0, size))).toString('hex'));
  }
});

it.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_791, 65_792, 65_793, 66_048, 66_049])(
  'has the tiles of tlog-tiles and the root of RFC 6962 at size %i',
  (size) => {
    const { edge, full } = grow(size);
    expect(edge.size()).toBe(size);
    expect(edge.root()).toEqual(mth(leaves.slice(0, size)));
    const partial = partialTiles(size);
    for (const { level, index, width } of partial) {
      expect(width).toBe(Math.floor(size / span(level)) % WIDTH);
      expect(encodeTile(edge.levels()[level] ?? [])).toEqual(defined(level, index, width));
    }
    expect(full.filter(({ level }) => level === 0)).toHaveLength(Math.floor(size / WIDTH));
    expect(full.filter(({ level }) => level === 1)).toHaveLength(Math.floor(size / WIDTH ** 2));
    for (const { level, index, hashes } of [...full.slice(0, 2), ...full.slice(-3)])
      expect(encodeTile(hashes)).toEqual(defined(level, index, WIDTH));
  },
);

it('lists the partial tiles of the example in the specification', () => {
  expect(partialTiles(70_000).map(tilePath)).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
  expect(partialTiles(256).map(tilePath)).toEqual(['tile/1/000.p/1']);
  expect(partialTiles(0)).toEqual([]);
});

it('goes on from the partial tiles of any size as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 700 }), (stop, more) => {
      const edge = createEdge(grow(stop).edge.levels());
      for (const one of leaves.slice(stop, stop + more)) edge.append(one);
      expect(edge.size()).toBe(stop + more);
      expect(edge.root()).toEqual(rootOf(grow(stop + more).edge.levels()));
      expect(edge.root()).toEqual(mth(leaves.slice(0, stop + more)));
    }),
    { numRuns: 60, seed: 44 },
  );
});

it('spells a place in exactly one way', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: WIDTH })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 'entries', index: 0, width: 5 })).toBe('tile/entries/000.p/5');
  fc.assert(
    fc.property(
      fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      fc.integer({ min: 0, max: 10 ** 12 }),
      fc.integer({ min: 1, max: WIDTH }),
      (level, index, width) => {
        expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
      },
    ),
    { seed: 44 },
  );
  const wrong = ['tile/0/x000/001', 'tile/0/01', 'tile/00/001', 'tile/64/001', 'tile/0/001.p/0', 'tile/0/001.p/256', 'tile/0/001.p/05'];
  for (const path of [...wrong, 'tile/0/001/', 'tile/-1/001', 'tile/entries/x001/1', '', 'checkpoint', 'tile/0/../001'])
    expect(parseTilePath(path)).toBeUndefined();
});

it('knows which tiles a size has', () => {
  expect(isWithin({ level: 0, index: 0, width: 256 }, 255)).toBe(false);
  expect(isWithin({ level: 0, index: 0, width: 255 }, 255)).toBe(true);
  expect(isWithin({ level: 1, index: 0, width: 1 }, 255)).toBe(false);
  expect(isWithin({ level: 1, index: 0, width: 1 }, 256)).toBe(true);
  expect(isWithin({ level: 'entries', index: 1, width: 2 }, 258)).toBe(true);
  expect(isWithin({ level: 'entries', index: 1, width: 3 }, 258)).toBe(false);
});

it('reads back the entries of a bundle, and says what is left when it was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 }), fc.nat(), (entries, at) => {
      const bytes = encodeBundle(entries);
      expect(decodeBundle(bytes)).toEqual({ entries: entries.map((entry) => Buffer.from(entry)), left: 0 });
      const cut = decodeBundle(bytes.subarray(0, bytes.length === 0 ? 0 : at % bytes.length));
      expect(entries.length === 0 || cut.entries.length < entries.length).toBe(true);
    }),
    { seed: 44 },
  );
  const longest = 'x'.repeat(65_535);
  expect(decodeBundle(encodeBundle([longest])).entries[0]).toHaveLength(65_535);
  expect(() => encodeBundle([`${longest}x`])).toThrow(RangeError);
});

it('takes the first hashes of a wider tile and refuses a narrower or uneven one', () => {
  const tile = encodeTile(leaves.slice(0, 4));
  expect(decodeTile(tile, 3)).toEqual(leaves.slice(0, 3));
  expect(decodeTile(tile, 5)).toBeUndefined();
  expect(decodeTile(tile.subarray(1), 3)).toBeUndefined();
  expect(decodeTile(undefined, 1)).toBeUndefined();
});
