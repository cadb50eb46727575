import { sha256Hex } from '../../kernel/canonical.ts';
import type { PlacedRecord } from '../../kernel/records.ts';
import type { JsonObject } from '../../kernel/store.ts';

/** First line of every segment; whoever reads one in ten years knows by it what it is. */
const FORMAT = 'zhengpin-retained/1';

/** A segment as bytes, with the name its content gives it (归档段). */
export interface Segment {
  readonly id: string;
  readonly key: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Everything of one tenant in the archive, or of one month. */
export function segmentPrefix(tenant: string, month = ''): string {
  return `retained/${tenant}/${month === '' ? '' : `${month}/`}`;
}

/**
 * JSON Lines: a header, then each record as it is stored, sealed where it is sealed. The name is the digest of the
 * content, so that writing the same again after an interruption writes the same object.
 */
export function writeSegment(tenant: string, month: string, records: readonly PlacedRecord[]): Segment {
  const lines: unknown[] = [{ format: FORMAT, tenant, month }];
  for (const { collection, record } of records) lines.push({ collection, id: record.id, version: record.version, body: record.body });
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const sha256 = sha256Hex(bytes);
  const id = sha256.slice(0, 32);
  return { id, key: `${segmentPrefix(tenant, month)}${id}.jsonl`, sha256, bytes };
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The records of a segment; undefined for bytes that are none of this tenant. */
export function readSegment(tenant: string, bytes: Uint8Array): readonly PlacedRecord[] | undefined {
  const records: PlacedRecord[] = [];
  try {
    const lines = Buffer.from(bytes).toString('utf8').split('\n');
    for (const [i, line] of lines.entries()) {
      if (line === '' && i === lines.length - 1) break;
      const value: unknown = JSON.parse(line);
      if (!isRecord(value)) return undefined;
      if (i === 0) {
        if (value['format'] !== FORMAT || value['tenant'] !== tenant) return undefined;
        continue;
      }
      const { collection, id, version, body } = value;
      if (typeof collection !== 'string' || typeof id !== 'string' || typeof version !== 'number' || !isRecord(body)) return undefined;
      records.push({ collection, record: { id, version, body } });
    }
  } catch {
    return undefined;
  }
  return records;
}
