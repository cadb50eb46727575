/** Hashes in a full tile, and entries in a full bundle. */
export const WIDTH = 256;

/** A tile of hashes, or a bundle of entries, by its place in a log of C2SP tlog-tiles (瓦片). */
export interface TileName {
  /** 0 holds leaf hashes, each level above the roots of 256 full tiles below. */
  readonly level: number | 'entries';
  /** Place within the level, from 0. */
  readonly index: number;
  /** 1 to 256; less than 256 for a partial tile. */
  readonly width: number;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
const MOST_LEVEL = 63;

/** Leaves below one hash of a tile at this level. */
export function span(level: number | 'entries'): number {
  return level === 'entries' ? 1 : WIDTH ** level;
}

/** `tile/0/x001/x234/067` or `tile/entries/000.p/5` (瓦片路径). */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const folders = groups.slice(0, -1).map((group) => `x${group}/`);
  return `tile/${level}/${folders.join('')}${groups.at(-1)}${width === WIDTH ? '' : `.p/${width}`}`;
}

/** The tile a path names; `undefined` for anything but the one spelling of it. */
export function parseTilePath(path: string): TileName | undefined {
  const [, level, folders, last, partial] = PATH.exec(path) ?? [];
  if (level === undefined || folders === undefined || last === undefined) return undefined;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(`${folders.replaceAll(/[x/]/g, '')}${last}`),
    width: partial === undefined ? WIDTH : Number(partial),
  };
  const isOne = name.level === 'entries' || name.level <= MOST_LEVEL;
  return isOne && Number.isSafeInteger(name.index) && tilePath(name) === path ? name : undefined;
}

/** The partial tiles of a tree of this size, from the leaves upwards. */
export function partialTiles(size: number): readonly (TileName & { readonly level: number })[] {
  const tiles: (TileName & { readonly level: number })[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / WIDTH)) {
    const width = rest % WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(rest / WIDTH), width });
  }
  return tiles;
}

/** Whether a tree of this size has such a tile, of this width or wider. */
export function isWithin({ level, index, width }: TileName, size: number): boolean {
  return (index * WIDTH + width) * span(level) <= size;
}
