import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { endianness } from 'node:os';

import type { Json } from '../kernel/store.ts';

/** Arrays a file of tables holds. */
export type Table = Uint8Array | Uint16Array | Int32Array;

/** What a file of tables holds (冻结表): facts as JSON, and arrays by name. */
export interface Frozen {
  readonly facts: Json;
  readonly tables: ReadonlyMap<string, Table>;
}

interface Header {
  readonly facts: Json;
  /** Name, bytes an item, offset behind the header in bytes, items. */
  readonly tables: readonly (readonly [name: string, width: number, offset: number, length: number])[];
}

// The last character is the version of the form of the file; what is in it has an identity of its own.
const MAGIC = 'ZPTABLE1';
const HASH_BYTES = 32;
const HASH_AT = MAGIC.length;
const LENGTH_AT = HASH_AT + HASH_BYTES;
const HEADER_AT = LENGTH_AT + 4;
/** Arrays begin at a multiple of their widest item. */
const ALIGNED = 4;

/** Typed arrays have the machine's order of bytes; the file has the one of nearly every machine. */
const IS_LITTLE = endianness() === 'LE';

function aligned(at: number): number {
  return Math.ceil(at / ALIGNED) * ALIGNED;
}

function hashOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes.subarray(LENGTH_AT), 'buffer');
}

/**
 * Writes facts and arrays as one file: magic, SHA-256 of what follows, length of the header, header as JSON, arrays in
 * little-endian order.
 * @throws RangeError on a machine whose order of bytes is another
 */
export function writeFrozen(facts: Json, tables: { readonly [name: string]: Table }): Uint8Array {
  if (!IS_LITTLE) throw new RangeError('tables are written on little-endian machines only');
  let size = 0;
  const places: Header['tables'][number][] = [];
  for (const [name, table] of Object.entries(tables)) {
    places.push([name, table.BYTES_PER_ELEMENT, size, table.length]);
    size = aligned(size + table.byteLength);
  }
  const header = Buffer.from(JSON.stringify({ facts, tables: places } satisfies Header));
  const start = aligned(HEADER_AT + header.length);
  const file = Buffer.alloc(start + size);
  file.write(MAGIC, 'latin1');
  file.writeUInt32LE(header.length, LENGTH_AT);
  file.set(header, HEADER_AT);
  for (const [i, table] of Object.values(tables).entries()) {
    file.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), start + (places[i]?.[2] ?? 0));
  }
  file.set(hashOf(file), HASH_AT);
  return file;
}

/** Reads what {@link writeFrozen} wrote; undefined for a file that is another, cut short or changed by a single bit. */
export function readFrozen(file: Uint8Array): Frozen | undefined {
  if (!IS_LITTLE || file.length < HEADER_AT) return undefined;
  const placed = file.byteOffset % ALIGNED === 0 ? file : new Uint8Array(file);
  const bytes = Buffer.from(placed.buffer, placed.byteOffset, placed.length);
  if (bytes.toString('latin1', 0, HASH_AT) !== MAGIC || !hashOf(bytes).equals(bytes.subarray(HASH_AT, LENGTH_AT))) return undefined;
  const end = HEADER_AT + bytes.readUInt32LE(LENGTH_AT);
  // Whole, as the hash shows, and so in the form it was written in.
  const { facts, tables } = JSON.parse(bytes.toString('utf8', HEADER_AT, end)) as Header;
  const start = bytes.byteOffset + aligned(end);
  return { facts, tables: new Map(tables.map(([name, width, at, length]) => [name, viewOf(bytes.buffer, start + at, width, length)])) };
}

function viewOf(buffer: ArrayBufferLike, at: number, width: number, length: number): Table {
  if (width === 1) return new Uint8Array(buffer, at, length);
  return width === 2 ? new Uint16Array(buffer, at, length) : new Int32Array(buffer, at, length);
}
