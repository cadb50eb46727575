/** Longest entry a bundle can hold, in bytes: lengths are two bytes. */
const MOST_ENTRY_BYTES = 65_535;
const PREFIX_BYTES = 2;

/** An entry bundle of C2SP tlog-tiles (条目包): each entry behind its length in two bytes, big-endian. */
export function encodeBundle(entries: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const bytes = Buffer.from(entry);
      if (bytes.length > MOST_ENTRY_BYTES) throw new RangeError('an entry is too long for a bundle');
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt16BE(bytes.length);
      return [prefix, bytes];
    }),
  );
}

/** The entries of a bundle, as far as they are whole. */
export interface DecodedBundle {
  readonly entries: readonly Uint8Array[];
  /** Bytes behind the last whole entry: a bundle that was cut, or written over. */
  readonly left: number;
}

export function decodeBundle(bytes: Uint8Array): DecodedBundle {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + PREFIX_BYTES <= view.length) {
    const end = at + PREFIX_BYTES + view.readUInt16BE(at);
    if (end > view.length) break;
    entries.push(view.subarray(at + PREFIX_BYTES, end));
    at = end;
  }
  return { entries, left: view.length - at };
}
