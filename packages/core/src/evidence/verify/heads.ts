import type { Store } from '../../kernel/store.ts';
import type { Hash } from '../merkle.ts';
import { readable } from './reading.ts';
import { isObject, isSeq, parseHash } from './values.ts';

/** The head of a tenant's log as it stands: what is legible of it is used even when the whole is not. */
export interface HeadRow {
  readonly state: 'absent' | 'malformed' | 'read';
  readonly version: number;
  readonly size: number;
  readonly frontier: readonly string[];
  readonly note: string;
  readonly vkey: string | undefined;
  /** Every key the log says ever signed for it. */
  readonly vkeys: readonly string[];
}

const NO_HEAD: HeadRow = { state: 'absent', version: 0, size: 0, frontier: [], note: '', vkey: undefined, vkeys: [] };

export async function readHead(store: Store, tenant: string): Promise<HeadRow> {
  const found = await readable(store, () => store.get('evidenceHeads', tenant));
  if (found === undefined) return { ...NO_HEAD, state: 'malformed' };
  if (found.value === undefined) return NO_HEAD;
  const body: unknown = found.value.body;
  if (!isObject(body)) return { ...NO_HEAD, state: 'malformed' };
  const { size, frontier, checkpoint, vkey, vkeys } = body;
  const hashes = Array.isArray(frontier) ? frontier.filter((hash) => parseHash(hash) !== undefined).map(String) : [];
  const whole =
    isSeq(size) &&
    Array.isArray(frontier) &&
    hashes.length === frontier.length &&
    typeof checkpoint === 'string' &&
    typeof vkey === 'string' &&
    Array.isArray(vkeys) &&
    vkeys.includes(vkey);
  return {
    state: whole && Object.keys(body).length === 5 ? 'read' : 'malformed',
    version: found.value.version,
    size: isSeq(size) ? size : 0,
    frontier: hashes,
    note: typeof checkpoint === 'string' ? checkpoint : '',
    vkey: typeof vkey === 'string' ? vkey : undefined,
    vkeys: Array.isArray(vkeys) ? vkeys.map(String) : [],
  };
}

/** The head repeats some subtree hashes: they help when the row that held them is gone. */
export function subtreeIn(head: HeadRow, start: number, level: number): Hash | undefined {
  let from = 0;
  let rest = head.size;
  for (const hash of head.frontier) {
    if (rest <= 0) return undefined;
    const span = 2 ** Math.floor(Math.log2(rest));
    if (from === start && span === 2 ** level) return parseHash(hash);
    from += span;
    rest -= span;
  }
  return undefined;
}
