import { canonical } from '../../kernel/canonical.ts';
import type { JsonObject, StoredRecord } from '../../kernel/store.ts';
import { commitment } from '../stored.ts';
import { leafHash, same } from '../merkle.ts';
import type { Hash } from '../merkle.ts';
import { isObject, isSeq, parseHash } from './values.ts';

/** A row of the log as it stands, whatever was done to it. */
export interface Row {
  readonly entry: JsonObject | undefined;
  /** Hash of the entry as it stands; absent when it is no canonical JSON. */
  readonly leaf: Hash | undefined;
  readonly nodes: readonly (Hash | undefined)[];
  /** Exactly the fields, and as many nodes as a leaf at this place completes. */
  readonly wellFormed: boolean;
}

/** How many perfect subtrees a leaf at this place completes, itself included. */
function nodesDue(seq: number): number {
  let due = 1;
  for (let pending = seq; pending % 2 === 1; pending = (pending - 1) / 2) due++;
  return due;
}

export function readRow(record: StoredRecord, seq: number): Row {
  const body: unknown = record.body;
  if (!isObject(body)) return { entry: undefined, leaf: undefined, nodes: [], wellFormed: false };
  const listed = body['nodes'];
  const nodes = Array.isArray(listed) ? listed.map(parseHash) : [];
  const entry = isObject(body['entry']) ? body['entry'] : undefined;
  let leaf: Hash | undefined;
  try {
    if (entry) leaf = leafHash(canonical(entry));
  } catch {
    // A value JSON can spell but RFC 8785 cannot: the kit never wrote it.
  }
  const whole = nodes.length === nodesDue(seq) && nodes.every((hash) => hash !== undefined);
  return { entry, leaf, nodes, wellFormed: record.version === 1 && Object.keys(body).length === 2 && whole };
}

/** True for an entry that says it belongs here. */
export function inPlace(row: Row, tenant: string, seq: number): boolean {
  return row.entry?.['seq'] === seq && row.entry['log'] === tenant;
}

/** True for a row whose entry has the hash stored beside it. */
export function hashed(row: Row): boolean {
  const own = row.nodes[0];
  return row.leaf !== undefined && own !== undefined && same(row.leaf, own);
}

/** True for a row that agrees with itself; whether the log agrees with it is for the signed roots to say. */
export function intact(row: Row, tenant: string, seq: number): boolean {
  return row.wellFormed && inPlace(row, tenant, seq) && hashed(row);
}

/** What an entry says it did to a record. */
export interface Commit {
  readonly collection: string;
  readonly id: string;
  readonly version: unknown;
  readonly hash: unknown;
  readonly removed: boolean;
}

/** A name the kit did not make is kept as it reads: it matches no record and still shows up in the report. */
function nameIn(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

export function commitsOf(entry: JsonObject): readonly Commit[] {
  const listed: unknown = entry['commits'];
  if (!Array.isArray(listed)) return [];
  return (listed as readonly unknown[]).filter(isObject).map((c) => ({
    collection: nameIn(c['collection']),
    id: nameIn(c['id']),
    version: c['version'],
    hash: c['hash'],
    removed: c['removed'] === true,
  }));
}

/** The entry a record says it was written by. */
export function recordSeq(body: unknown): number | undefined {
  const evidence = isObject(body) ? body['evidence'] : undefined;
  const seq = isObject(evidence) ? evidence['seq'] : undefined;
  return isSeq(seq) ? seq : undefined;
}

/** The commitment an entry would make to the record as it is now; `undefined` for a body the kit cannot have written. */
export function commitmentNow(record: StoredRecord, collection: string): string | undefined {
  try {
    return commitment(collection, record.id, record.version, record.body);
  } catch {
    return undefined;
  }
}
