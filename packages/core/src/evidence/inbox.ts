import { canonical } from '../kernel/canonical.ts';
import { letterId, timeOfId } from '../kernel/ids.ts';
import type { Change, JsonObject, Store, StoredRecord } from '../kernel/store.ts';

/** An entry that is durable and not numbered yet (待定序条目). */
export interface Waiting {
  /** Key of the inbox row: in the order of cause and effect. */
  readonly key: string;
  readonly version: number;
  readonly tenant: string;
  readonly entry: JsonObject;
  /** What its writer vouched for it with. */
  readonly mac: string;
}

/** What the mac of an inbox row covers: the row can be neither changed nor moved to another key or tenant. */
export function macText(key: string, tenant: string, entry: JsonObject): string {
  return canonical({ key, tenant, entry });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A key for an entry: later than the key of any entry whose records it has read, whatever the clocks of two machines
 * say, so that the order of keys never puts an effect before its cause.
 */
export function inboxKey(atMs: number, after: string): string {
  return letterId(Math.max(atMs, timeOfId(after) + 1));
}

/** The key in a record that was written by way of the inbox; empty for any other. */
export function keyInBody(body: unknown): string {
  const evidence: unknown = isObject(body) ? body['evidence'] : undefined;
  const key = isObject(evidence) ? evidence['entry'] : undefined;
  return typeof key === 'string' ? key : '';
}

/** The next entries to number, in order. What is no entry any more is handed on as it is: the log shows what stood there. */
export async function readInbox(store: Store, limit: number): Promise<readonly Waiting[]> {
  return (await store.find('inbox', { limit })).records.map(waitingOf);
}

const PAGE = 500;

/** Every entry that waits, a page at a time: for looking only. */
export async function* allWaiting(store: Store): AsyncGenerator<Waiting, void, undefined> {
  for (let cursor: string | undefined; ;) {
    const page = await store.find('inbox', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const record of page.records) yield waitingOf(record);
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

function waitingOf({ id, version, body }: StoredRecord): Waiting {
  const { tenant, entry, mac } = body;
  return {
    key: id,
    version,
    tenant: typeof tenant === 'string' ? tenant : '',
    entry: isObject(entry) ? entry : { unreadable: true },
    mac: typeof mac === 'string' ? mac : '',
  };
}

/** What a batch writes to move an entry out of the inbox: its place in the log stays findable by its key. */
export function moved({ key, version, tenant }: Waiting, seq: number): readonly Change[] {
  return [
    { collection: 'inbox', id: key, expectedVersion: version },
    { collection: 'positions', id: key, expectedVersion: 0, body: { tenant, seq } },
  ];
}

/** Where an entry stands by its key: its number, or that it still waits; absent when the store has neither. */
export async function placeOf(store: Store, key: string): Promise<number | 'waiting' | undefined> {
  const seqIn = async (): Promise<number | undefined> => {
    const seq = (await store.get('positions', key))?.body['seq'];
    return typeof seq === 'number' ? seq : undefined;
  };
  const found = await seqIn();
  if (found !== undefined) return found;
  if ((await store.get('inbox', key)) !== undefined) return 'waiting';
  // It may have moved between the two looks.
  return seqIn();
}

/** The number of the entry a record names, when it has one. */
export async function seqOf(store: Store, body: unknown): Promise<number | undefined> {
  const evidence = (body as { readonly evidence?: { readonly seq?: unknown } | null }).evidence;
  if (typeof evidence?.seq === 'number') return evidence.seq;
  const place = await placeOf(store, keyInBody(body));
  return typeof place === 'number' ? place : undefined;
}
