import { contentHash } from '../kernel/canonical.ts';
import { ComplianceError } from '../kernel/errors.ts';
import type { Json, JsonObject, Store, StoredRecord } from '../kernel/store.ts';
import type { Frontier, NodeLookup } from './merkle.ts';

/** The state of one tenant's log (日志头) as read from the store. */
export interface Head {
  readonly version: number;
  readonly size: number;
  readonly frontier: Frontier;
  /** Signed note of the newest checkpoint. */
  readonly checkpoint: string;
  /** Every verifier key that ever signed for this log. */
  readonly vkeys: readonly string[];
}

/** A row of the log as stored (日志行): the entry, and the tree nodes its leaf completes. */
export interface LogRow {
  readonly entry: JsonObject;
  readonly nodes: readonly string[];
}

const DIGITS = 12;

/** Key of a log row: fixed width, so that key order is sequence order. */
export function rowId(tenant: string, seq: number): string {
  return `${tenant}/${String(seq).padStart(DIGITS, '0')}`;
}

/** The commitment an entry makes to a record version (承诺): salted by the record's own random salt. */
export function commitment(collection: string, id: string, version: number, body: Json): string {
  return contentHash({ collection, id, version, body });
}

/** The head of a tenant's log; one of size 0 before its first entry. @throws ZP_EVIDENCE_BROKEN when it is not readable */
export async function readHead(store: Store, tenant: string): Promise<Head> {
  const record = await store.get('evidenceHeads', tenant);
  if (record === undefined) return { version: 0, size: 0, frontier: [], checkpoint: '', vkeys: [] };
  const { size, frontier, checkpoint, vkeys } = record.body;
  if (typeof size !== 'number' || !Array.isArray(frontier) || typeof checkpoint !== 'string' || !Array.isArray(vkeys)) {
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', { detail: { zh: '日志头无法读取', en: 'The log head is not readable' } });
  }
  return {
    version: record.version,
    size,
    frontier: frontier.map((h) => Buffer.from(String(h), 'base64')),
    checkpoint,
    vkeys: vkeys.map(String),
  };
}

/** Read a row; `undefined` when it is missing or not a row. */
export async function readRow(store: Store, tenant: string, seq: number): Promise<LogRow | undefined> {
  const record = await store.get('evidence', rowId(tenant, seq));
  return record && parseRow(record);
}

/** The tree of a tenant as its rows keep it. @returns a look-up that throws ZP_EVIDENCE_BROKEN for a node that is not there */
export function storedNodes(store: Store, tenant: string): NodeLookup {
  return async (level, index) => {
    const row = await readRow(store, tenant, (index + 1) * 2 ** level - 1);
    const node = row?.nodes[level];
    if (node === undefined) throw new ComplianceError('ZP_EVIDENCE_BROKEN');
    return Buffer.from(node, 'base64');
  };
}

/** The stored shape of a row, checked. */
function parseRow(record: StoredRecord): LogRow | undefined {
  const { entry, nodes } = record.body;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !Array.isArray(nodes)) return undefined;
  return { entry: entry as JsonObject, nodes: nodes.map(String) };
}
