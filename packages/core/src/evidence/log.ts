import { randomBytes } from 'node:crypto';

import { canonical, contentHash } from '../kernel/canonical.ts';
import { ComplianceError } from '../kernel/errors.ts';
import type { EntryAppender, PendingEntry } from '../kernel/execute.ts';
import type { Change, Json, JsonObject, Store, StoredRecord } from '../kernel/store.ts';
import { appendLeaf, consistencyPath, frontierRoot, inclusionPath, leafHash } from './merkle.ts';
import type { Frontier, NodeLookup } from './merkle.ts';
import type { Signer } from './note.ts';

/** The state of one tenant's log (日志头) as read from the store. */
export interface Head {
  readonly version: number;
  readonly size: number;
  readonly frontier: Frontier;
  /** Signed note of the newest checkpoint. */
  readonly checkpoint: string;
}

/** A row of the log as stored (日志行): the entry, and the tree nodes its leaf completes. */
export interface LogRow {
  readonly entry: JsonObject;
  readonly nodes: readonly string[];
}

/** A proof a third party can check with the verifier key alone (证明). */
export interface InclusionReceipt {
  readonly checkpoint: string;
  readonly index: number;
  readonly entry: JsonObject;
  /** Base64 hashes, leaf to root. */
  readonly proof: readonly string[];
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

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function parseHead(record: StoredRecord | undefined): Head {
  if (record === undefined) return { version: 0, size: 0, frontier: [], checkpoint: '' };
  const { size, frontier, checkpoint } = record.body;
  if (typeof size !== 'number' || !Array.isArray(frontier) || typeof checkpoint !== 'string') {
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', { detail: { zh: '日志头无法读取', en: 'The log head is not readable' } });
  }
  return { version: record.version, size, frontier: frontier.map((h) => Buffer.from(String(h), 'base64')), checkpoint };
}

/** Read a row; `undefined` when it is missing or not a row. */
export async function readRow(store: Store, tenant: string, seq: number): Promise<LogRow | undefined> {
  const record = await store.get('evidence', rowId(tenant, seq));
  return record && parseRow(record);
}

/** The stored shape of a row, checked. */
function parseRow(record: StoredRecord): LogRow | undefined {
  const { entry, nodes } = record.body;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !Array.isArray(nodes)) return undefined;
  return { entry: entry as JsonObject, nodes: nodes.map(String) };
}

/** The evidence log (证据日志): what the only writer appends to and proofs are read from. */
export interface EvidenceLog extends EntryAppender {
  readonly vkey: string;
  head(tenant: string): Promise<Head>;
  /** @throws ZP_NOT_FOUND when the log has no such entry yet. */
  inclusion(tenant: string, seq: number): Promise<InclusionReceipt>;
  /** @throws ZP_NOT_FOUND when `first` is beyond the log. */
  consistency(tenant: string, first: number): Promise<{ readonly checkpoint: string; readonly proof: readonly string[] }>;
}

/**
 * The evidence log (证据日志) over a store: one RFC 6962 tree a tenant, one signed checkpoint a batch.
 * Origin of a tenant's log is `<signer name>/<tenant>`.
 */
export function createLog(store: Store, signer: Signer): EvidenceLog {
  const heads = new Map<string, Head>();
  let prepared = new Map<string, Head>();

  async function head(tenant: string): Promise<Head> {
    return parseHead(await store.get('evidenceHeads', tenant));
  }

  function stamp(entry: PendingEntry, seq: number): { readonly records: readonly Change[]; readonly commits: readonly Json[] } {
    const records: Change[] = [];
    const commits: Json[] = [];
    for (const change of entry.changes) {
      const version = change.expectedVersion + 1;
      const { collection, id } = change;
      if (change.body === undefined) {
        records.push(change);
        commits.push({ collection, id, version, removed: true });
        continue;
      }
      const body = { ...change.body, evidence: { seq, salt: randomBytes(16).toString('base64url') } };
      records.push({ ...change, body });
      commits.push({ collection, id, version, hash: commitment(collection, id, version, body) });
    }
    return { records, commits };
  }

  async function append(tenant: string, entries: readonly PendingEntry[]): Promise<readonly Change[]> {
    const current = heads.get(tenant) ?? (await head(tenant));
    const changes: Change[] = [];
    let { size, frontier } = current;
    for (const pending of entries) {
      const { records, commits } = stamp(pending, size);
      const { id, at, kind, actor, subject, facts } = pending;
      const entry: JsonObject = {
        v: 1,
        log: tenant,
        seq: size,
        id,
        at,
        kind,
        actor: { ...actor },
        subject: { ...subject },
        facts,
        commits,
      };
      const step = appendLeaf(frontier, size, leafHash(canonical(entry)));
      changes.push(...records, {
        collection: 'evidence',
        id: rowId(tenant, size),
        expectedVersion: 0,
        body: { entry, nodes: step.completed.map(base64) },
      });
      frontier = step.frontier;
      size += 1;
    }
    const root = base64(frontierRoot(frontier));
    const checkpoint = signer.sign({ origin: `${signer.name}/${tenant}`, size, root });
    prepared.set(tenant, { version: current.version + 1, size, frontier, checkpoint });
    changes.push(
      { collection: 'checkpoints', id: rowId(tenant, size), expectedVersion: 0, body: { note: checkpoint } },
      {
        collection: 'evidenceHeads',
        id: tenant,
        expectedVersion: current.version,
        body: { size, frontier: frontier.map(base64), checkpoint, vkey: signer.vkey },
      },
    );
    return changes;
  }

  function lookup(tenant: string): NodeLookup {
    return async (level, index) => {
      const row = await readRow(store, tenant, (index + 1) * 2 ** level - 1);
      const node = row?.nodes[level];
      if (node === undefined) throw new ComplianceError('ZP_EVIDENCE_BROKEN');
      return Buffer.from(node, 'base64');
    };
  }

  function beyond(): ComplianceError {
    return new ComplianceError('ZP_NOT_FOUND', { detail: { zh: '日志中没有该条目', en: 'The log has no such entry' } });
  }

  return {
    vkey: signer.vkey,
    head,
    async prepare(entries) {
      prepared = new Map();
      const byTenant = Map.groupBy(entries, (entry) => entry.tenant);
      const changes: Change[] = [];
      for (const [tenant, own] of byTenant) changes.push(...(await append(tenant, own)));
      return changes;
    },
    committed() {
      for (const [tenant, next] of prepared) heads.set(tenant, next);
    },
    forget() {
      heads.clear();
    },
    async inclusion(tenant, seq) {
      const current = await head(tenant);
      const row = seq < current.size ? await readRow(store, tenant, seq) : undefined;
      if (row === undefined) throw beyond();
      const path = await inclusionPath(lookup(tenant), seq, current.size);
      return { checkpoint: current.checkpoint, index: seq, entry: row.entry, proof: path.map(base64) };
    },
    async consistency(tenant, first) {
      const current = await head(tenant);
      if (first > current.size) throw beyond();
      const path = await consistencyPath(lookup(tenant), first, current.size);
      return { checkpoint: current.checkpoint, proof: path.map(base64) };
    },
  };
}
