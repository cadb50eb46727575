import { generateKeyPairSync } from 'node:crypto';

import { createLog } from '../src/evidence/log.ts';
import { createSigner } from '../src/evidence/note.ts';
import { readRow } from '../src/evidence/stored.ts';
import { createCalendar } from '../src/kernel/calendar.ts';
import { createTestClock } from '../src/kernel/clock.ts';
import type { TestClock } from '../src/kernel/clock.ts';
import { COLLECTIONS } from '../src/kernel/collections.ts';
import { ComplianceError } from '../src/kernel/errors.ts';
import { createExecute, createReader } from '../src/kernel/execute.ts';
import type { PendingEntry } from '../src/kernel/execute.ts';
import type { Actor } from '../src/kernel/identity.ts';
import { letterId } from '../src/kernel/ids.ts';
import { checkQuery, decodeCursor, encodeCursor } from '../src/kernel/paging.ts';
import type { FieldValue, JsonObject, Store, StoredRecord } from '../src/kernel/store.ts';
import { PERMISSIONS } from '../src/rules/permissions.ts';
import type { DeskContext } from '../src/rules/permissions.ts';

export const employer: Actor = { id: 'acct-employer', tenant: 'main', role: 'employer', organisation: 'org-firm' };
export const agency: Actor = { id: 'acct-agency', tenant: 'main', role: 'agency', organisation: 'org-agency' };
export const officer: Actor = { id: 'acct-officer', tenant: 'main', role: 'compliance-officer' };
export const auditor: Actor = { id: 'acct-auditor', tenant: 'main', role: 'auditor' };
export const operator: Actor = { id: 'acct-operator', tenant: 'main', role: 'operator' };

export const DAY_MS = 86_400_000;

/** Signs the log of every world. */
const PEM = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

function compare(a: FieldValue, b: FieldValue): number {
  return a < b ? -1 : Number(a > b);
}

/** The Store port over a Map, every query by a pass over all of it. */
function mapStore(): Store {
  const rows = new Map<string, StoredRecord>();
  return {
    get: async (collection, id) => rows.get(`${collection}/${id}`),
    async find(collection, query) {
      checkQuery(COLLECTIONS, collection, query);
      const { where = {}, range, limit, order } = query;
      const { field = 'id', gt, gte, lt, lte } = range ?? {};
      const sign = order === 'desc' ? -1 : 1;
      const after = decodeCursor(collection, query);
      const matches = [...rows]
        .flatMap(([key, record]) => {
          const value = (field === 'id' ? record.id : record.body[field]) as FieldValue | undefined;
          return key.startsWith(`${collection}/`) && value !== undefined ? [{ record, value }] : [];
        })
        .filter(({ record }) => Object.entries(where).every(([name, wanted]) => record.body[name] === wanted))
        .filter(({ value }) => (gt === undefined || value > gt) && (gte === undefined || value >= gte))
        .filter(({ value }) => (lt === undefined || value < lt) && (lte === undefined || value <= lte))
        .filter(({ record, value }) => !after || sign * (compare(value, after.value ?? '') || compare(record.id, after.id)) > 0)
        .sort((a, b) => sign * (compare(a.value, b.value) || compare(a.record.id, b.record.id)));
      const page = matches.slice(0, limit);
      const last = page.at(-1);
      const records = page.map(({ record }) => record);
      if (matches.length <= limit || !last) return { records };
      return { records, cursor: encodeCursor(collection, query, { value: last.value, id: last.record.id }) };
    },
    async commit(changes) {
      const isStale = changes.some((one) => (rows.get(`${one.collection}/${one.id}`)?.version ?? 0) !== one.expectedVersion);
      if (isStale) throw new ComplianceError('ZP_CONFLICT');
      for (const { collection, id, expectedVersion, body } of changes) {
        const key = `${collection}/${id}`;
        if (body === undefined) rows.delete(key);
        else rows.set(key, { id, version: expectedVersion + 1, body: JSON.parse(JSON.stringify(body)) as JsonObject });
      }
    },
    async close() {},
  };
}

/** An entry of the evidence log, as far as tests look into it. */
type Entry = Pick<PendingEntry, 'id' | 'at' | 'actor' | 'kind' | 'subject' | 'facts'>;

/** What commands are built over: the real writer, log and permissions, on a store and by a clock of the test's own. */
export interface World extends DeskContext {
  readonly store: Store;
  readonly clock: TestClock;
  /** All evidence of the tenant `main`, in its order. */
  entries(): Promise<readonly Entry[]>;
}

/** A world of its own, its clock standing at this instant. */
export function createWorld(start: string): World {
  const store = mapStore();
  const clock = createTestClock(start);
  const log = createLog(store, createSigner('jobs.example', PEM), { clock });
  const newId = (): string => letterId(clock.now());
  return {
    store,
    clock,
    calendar: createCalendar(),
    execute: createExecute({ store, log, clock, newId }),
    reader: (tenant) => createReader(store, tenant),
    permit(actor, verb) {
      if (!PERMISSIONS[verb].some((role) => role === actor.role)) throw new ComplianceError('ZP_FORBIDDEN');
    },
    newId,
    now: () => clock.now(),
    async entries() {
      const { size } = await log.head('main');
      const rows = await Promise.all(Array.from({ length: size }, (_, seq) => readRow(store, 'main', seq)));
      return rows.map((row, seq) => {
        if (row === undefined) throw new Error(`the log has no entry ${seq}`);
        return row.entry as unknown as Entry;
      });
    },
  };
}
