import type { Store } from '../../kernel/store.ts';
import type { Hash } from '../merkle.ts';
import { openCheckpoint } from '../note.ts';
import { readHead } from './heads.ts';
import type { HeadRow } from './heads.ts';
import { readable } from './reading.ts';
import { above, below, isObject, isSeq, parseHash, seqOf } from './values.ts';

const NOTES = 100;

/** What a valid signature says: the root of the first `size` entries. */
export interface Signed {
  readonly size: number;
  readonly root: Hash;
}

/** What is brought from outside the store. */
export interface Trust {
  readonly vkey: string | undefined;
  readonly against: string | undefined;
}

/** How far the signatures say the log of a tenant reaches. */
export interface Extent {
  readonly vkey: string | undefined;
  /** Keys whose signatures count: the given one, else those the store declares. */
  readonly trusted: readonly string[];
  /** The checkpoint kept outside. */
  readonly outside: Signed | undefined;
  /** The head as last read, and what its own checkpoint says. */
  head(): HeadRow;
  headSigned(): Signed | undefined;
  /** Entries some valid signature speaks of. */
  signed(): number;
  /** Somebody may be writing meanwhile: true when the log has grown since the head was last read. */
  grown(): Promise<boolean>;
}

/** Open a note as a checkpoint of this tenant's log. */
function openFor(tenant: string, note: unknown, vkeys: readonly string[]): Signed | undefined {
  for (const vkey of vkeys) {
    const opened = openWith(tenant, note, vkey);
    if (opened) return opened;
  }
  return undefined;
}

function openWith(tenant: string, note: unknown, vkey: string): Signed | undefined {
  if (typeof note !== 'string') return undefined;
  try {
    const checkpoint = openCheckpoint(note, vkey);
    const root = parseHash(checkpoint?.root);
    if (checkpoint === undefined || root === undefined || !isSeq(checkpoint.size) || checkpoint.size === 0) return undefined;
    return checkpoint.origin === `${vkey.slice(0, vkey.indexOf('+'))}/${tenant}` ? { size: checkpoint.size, root } : undefined;
  } catch {
    // A verifier key that is no key opens nothing.
    return undefined;
  }
}

/** What a checkpoint row says, if it is signed and about this tenant. */
export function openRow(tenant: string, body: unknown, vkeys: readonly string[]): Signed | undefined {
  return openFor(tenant, isObject(body) ? body['note'] : undefined, vkeys);
}

/** Size of the newest valid checkpoint row: a head that went back or went away does not hide how far the log had come. */
async function newestSigned(store: Store, tenant: string, vkeys: readonly string[]): Promise<number> {
  if (vkeys.length === 0) return 0;
  for (let before = above(tenant); ;) {
    const range = { field: 'id', gte: below(tenant), lt: before };
    const page = await readable(store, () => store.find('checkpoints', { range, order: 'desc', limit: NOTES }));
    for (const record of page?.value.records ?? []) {
      const opened = openRow(tenant, record.body, vkeys);
      if (opened && opened.size === seqOf(tenant, record.id)) return opened.size;
      before = record.id;
    }
    if (page === undefined || page.value.records.length < NOTES) return 0;
  }
}

export async function openExtent(store: Store, tenant: string, trust: Trust): Promise<Extent> {
  let head = await readHead(store, tenant);
  const vkey = trust.vkey ?? head.vkey;
  const trusted = trust.vkey === undefined ? head.vkeys : [trust.vkey];
  const outside = openFor(tenant, trust.against, trusted);
  let headSigned = openFor(tenant, head.note, trusted);
  let signed = Math.max(headSigned?.size ?? 0, outside?.size ?? 0, await newestSigned(store, tenant, trusted));
  return {
    vkey,
    trusted,
    outside,
    head: () => head,
    headSigned: () => headSigned,
    signed: () => signed,
    async grown() {
      const next = await readHead(store, tenant);
      if (next.version === head.version) return false;
      head = next;
      headSigned = openFor(tenant, head.note, trusted);
      signed = Math.max(signed, headSigned?.size ?? 0);
      return true;
    },
  };
}
