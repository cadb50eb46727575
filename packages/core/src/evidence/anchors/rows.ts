import { isComplianceError } from '../../kernel/errors.ts';
import type { Json, JsonObject, Store } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import type { AnchorCode } from './anchor.ts';

/** What went wrong at an anchor, and since when (锚点故障). */
export interface AnchorTrouble {
  readonly code: AnchorCode;
  readonly detail: Text;
  /** Instant of the first of the failures in a row. */
  readonly since: string;
}

/** How far an anchor has come with the log of a tenant, as the publisher keeps it (锚点进度). */
export interface AnchorRow {
  readonly tenant: string;
  readonly anchor: string;
  /** Size of the newest checkpoint it holds; 0 for none. */
  readonly size: number;
  /** When that was handed over; empty for never. */
  readonly at: string;
  readonly receipt?: string;
  /** The checkpoint of that size carries its signature. */
  readonly cosigns?: true;
  readonly trouble?: AnchorTrouble;
  /** It is no longer published to since then. */
  readonly retired?: string;
  /** After which it counts as a finding, kept here so that whoever reads the store alone knows. */
  readonly maxLagMs: number;
  readonly maxLagEntries?: number;
}

export interface StoredAnchorRow {
  readonly version: number;
  readonly row: AnchorRow;
}

const PAGE = 500;

function troubleOf(body: Json | undefined): AnchorTrouble | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { code, zh, en, since } = body as JsonObject;
  if (typeof code !== 'string' || typeof zh !== 'string' || typeof en !== 'string' || typeof since !== 'string') return undefined;
  return code.startsWith('ZP_ANCHOR_') ? { code: code as AnchorCode, detail: { zh, en }, since } : undefined;
}

function parse(body: JsonObject): AnchorRow | undefined {
  const { tenant, anchor, size, at, receipt, cosigns, retired, maxLagMs, maxLagEntries } = body;
  if (typeof tenant !== 'string' || typeof anchor !== 'string' || typeof size !== 'number' || typeof at !== 'string') return undefined;
  if (typeof maxLagMs !== 'number') return undefined;
  const trouble = troubleOf(body['trouble']);
  return {
    tenant,
    anchor,
    size,
    at,
    maxLagMs,
    ...(typeof receipt === 'string' ? { receipt } : {}),
    ...(cosigns === true ? { cosigns } : {}),
    ...(trouble ? { trouble } : {}),
    ...(typeof retired === 'string' ? { retired } : {}),
    ...(typeof maxLagEntries === 'number' ? { maxLagEntries } : {}),
  };
}

function bodyOf({ trouble, ...row }: AnchorRow): JsonObject {
  if (trouble === undefined) return { ...row };
  const { code, detail, since } = trouble;
  return { ...row, trouble: { code, since, zh: detail.zh, en: detail.en } };
}

/** Tenant first: it holds no slash, and the name of an anchor may. */
export function anchorRowId(tenant: string, anchor: string): string {
  return `${tenant}/${anchor}`;
}

/** The rows of one tenant, or of all. What is no such row is passed over. */
export async function* anchorRows(store: Store, tenant?: string): AsyncGenerator<StoredAnchorRow, void, undefined> {
  const where = tenant === undefined ? {} : { where: { tenant } };
  for (let cursor: string | undefined; ;) {
    const page = await store.find('anchors', { ...where, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { version, body } of page.records) {
      const row = parse(body);
      if (row) yield { version, row };
    }
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/**
 * Change one row. Rows are no evidence: whoever holds the database may write what he likes here, and only the anchor
 * itself is believed.
 */
export async function changeAnchorRow(
  store: Store,
  tenant: string,
  anchor: string,
  change: (before: AnchorRow | undefined) => AnchorRow,
): Promise<void> {
  const id = anchorRowId(tenant, anchor);
  for (let tries = 0; ; tries++) {
    const stored = await store.get('anchors', id);
    const body = bodyOf(change(stored && parse(stored.body)));
    try {
      return await store.commit([{ collection: 'anchors', id, expectedVersion: stored?.version ?? 0, body }]);
    } catch (error) {
      if (tries >= 3 || !isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
    }
  }
}
