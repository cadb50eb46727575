import type { Store } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import { readRow } from '../stored.ts';
import { anchorRows } from './rows.ts';
import type { AnchorRow, AnchorTrouble } from './rows.ts';

/** How an anchor stands with the log of a tenant (锚点状态). */
export interface AnchorState {
  readonly tenant: string;
  readonly anchor: string;
  /** Size of the newest checkpoint it holds; 0 for none. */
  readonly size: number;
  /** When that was handed over; empty for never. */
  readonly at: string;
  /** What it answered then, if anything. */
  readonly receipt?: string;
  /** Entries it does not vouch for yet. */
  readonly behind: number;
  /** When the first of those was decided. */
  readonly since?: string;
  readonly trouble?: AnchorTrouble;
  /** Not published to any more, since then. */
  readonly retired?: string;
  /** What a person must look at; absent when it is up to date or only moments behind. */
  readonly finding?: Text;
}

function findingOf(row: AnchorRow, behind: number, lagMs: number): Text | undefined {
  const { trouble, maxLagMs, maxLagEntries = Number.MAX_SAFE_INTEGER } = row;
  if (trouble && trouble.code !== 'ZP_ANCHOR_UNAVAILABLE') return trouble.detail;
  if (behind === 0 || (lagMs <= maxLagMs && behind <= maxLagEntries)) return undefined;
  const why = trouble?.detail;
  const minutes = Math.floor(lagMs / 60_000);
  return {
    zh: `有 ${behind} 条证据未送达锚点，最早的已 ${minutes} 分钟${why ? `：${why.zh}` : ''}`,
    en: `${behind} entries have not reached the anchor, the first of them for ${minutes} minutes${why ? `: ${why.en}` : ''}`,
  };
}

async function stateOf(store: Store, row: AnchorRow, nowMs: number): Promise<AnchorState> {
  const head = await store.get('evidenceHeads', row.tenant);
  const size = Number(head?.body['size'] ?? 0);
  const behind = Math.max(0, size - row.size);
  const entry = behind > 0 ? (await readRow(store, row.tenant, row.size))?.entry['at'] : undefined;
  const since = typeof entry === 'string' ? entry : undefined;
  // An entry without a legible time is late for sure.
  const lagMs = since === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, nowMs - Date.parse(since));
  const finding = row.retired === undefined ? findingOf(row, behind, lagMs) : undefined;
  return {
    tenant: row.tenant,
    anchor: row.anchor,
    size: row.size,
    at: row.at,
    behind,
    ...(row.receipt === undefined ? {} : { receipt: row.receipt }),
    ...(since === undefined ? {} : { since }),
    ...(row.trouble ? { trouble: row.trouble } : {}),
    ...(row.retired === undefined ? {} : { retired: row.retired }),
    ...(finding ? { finding } : {}),
  };
}

/**
 * How the anchors of a store stand (锚点状态), read from the store alone: it tells of a publisher that died, too. It is the
 * platform's own word; what an anchor really holds is for `verify` to compare.
 * @param tenant only this one; default all
 */
export async function anchorStates(store: Store, nowMs: number, tenant?: string): Promise<readonly AnchorState[]> {
  const states: AnchorState[] = [];
  for await (const { row } of anchorRows(store, tenant)) states.push(await stateOf(store, row, nowMs));
  return states;
}
