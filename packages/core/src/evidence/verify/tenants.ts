import type { Store } from '../../kernel/store.ts';
import { readable, readPage } from './reading.ts';
import type { Fault } from './report.ts';
import { above, below, byCodePoint } from './values.ts';

/** The tenants of a store, and what belongs to none. */
export interface Tenants {
  readonly tenants: readonly string[];
  readonly faults: readonly Fault[];
}

function stray(collection: string, entry: string): Fault {
  return {
    kind: 'unsigned',
    entry,
    detail: { zh: `${collection} 中的行不属于任何日志`, en: `The row in ${collection} belongs to no log` },
  };
}

function stuck(collection: string): Fault {
  return { kind: 'unreadable', detail: { zh: `${collection} 中有行无法读取`, en: `A row in ${collection} cannot be read` } };
}

async function withHead(store: Store, faults: Fault[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let after = ''; ;) {
    const page = await readPage(store, 'evidenceHeads', { field: 'id', gt: after });
    if (page.stuck) faults.push(stuck('evidenceHeads'));
    const last = page.records.at(-1);
    if (last === undefined) return known;
    for (const { id } of page.records) known.add(id);
    after = last.id;
  }
}

/** Only between the tenants already known: one without a head shows up there, and nobody's rows are read through. */
async function addWithoutHead(store: Store, collection: string, known: Set<string>, faults: Fault[]): Promise<void> {
  let lower = '';
  const bounds = [...known].sort((a, b) => byCodePoint(below(a), below(b)));
  for (const tenant of [...bounds, undefined]) {
    for (;;) {
      const range = tenant === undefined ? { field: 'id', gte: lower } : { field: 'id', gte: lower, lt: below(tenant) };
      const page = await readable(store, () => store.find(collection, { range, limit: 1 }));
      const id = page?.value.records[0]?.id;
      if (page === undefined) faults.push(stuck(collection));
      if (id === undefined) break;
      const cut = id.indexOf('/');
      if (cut > 0) known.add(id.slice(0, cut));
      else faults.push(stray(collection, id));
      lower = cut > 0 ? above(id.slice(0, cut)) : `${id}\u0000`;
    }
    if (tenant !== undefined) lower = above(tenant);
  }
}

/** Every tenant that left a trace in the log's collections, also without a head. */
export async function tenantsOf(store: Store): Promise<Tenants> {
  const faults: Fault[] = [];
  const known = await withHead(store, faults);
  for (const collection of ['evidence', 'checkpoints']) await addWithoutHead(store, collection, known, faults);
  return { tenants: [...known].sort(byCodePoint), faults };
}

/** The tenant a note is about, by its origin line; not proof of anything before the note is opened. */
export function tenantOfNote(note: string): string {
  const origin = note.slice(0, Math.max(0, note.indexOf('\n')));
  return origin.slice(origin.lastIndexOf('/') + 1);
}
