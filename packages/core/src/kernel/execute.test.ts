import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createLog } from '../evidence/log.ts';
import { commitment, readRow } from '../evidence/stored.ts';
import { leafHash, verifyInclusion } from '../evidence/merkle.ts';
import { createSigner, openCheckpoint } from '../evidence/note.ts';
import { canonical } from './canonical.ts';
import { createTestClock } from './clock.ts';
import { ComplianceError } from './errors.ts';
import { createExecute } from './execute.ts';
import type { Command } from './execute.ts';
import type { Actor } from './identity.ts';
import type { Change, Store, StoredRecord } from './store.ts';

/** The Store port over a Map, as much of it as the writer uses; `find` finds nothing. */
function mapStore(): Store & { readonly rows: Map<string, StoredRecord>; down: boolean } {
  const rows = new Map<string, StoredRecord>();
  const store = {
    rows,
    down: false,
    async get(collection: string, id: string) {
      return rows.get(`${collection}/${id}`);
    },
    async find() {
      return { records: [] };
    },
    async commit(changes: readonly Change[]) {
      if (store.down) throw new ComplianceError('ZP_STORE_UNAVAILABLE');
      const stale = changes.some((c) => (rows.get(`${c.collection}/${c.id}`)?.version ?? 0) !== c.expectedVersion);
      if (stale) throw new ComplianceError('ZP_CONFLICT');
      for (const { collection, id, expectedVersion, body } of changes) {
        if (body === undefined) rows.delete(`${collection}/${id}`);
        else rows.set(`${collection}/${id}`, { id, version: expectedVersion + 1, body });
      }
    },
    async close() {},
  };
  return store;
}

const actor: Actor = { id: 'reviewer-1', tenant: 'main', role: 'reviewer' };

function setUp() {
  const store = mapStore();
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const log = createLog(store, createSigner('jobs.example', pem));
  let ids = 0;
  const execute = createExecute({ store, log, clock: createTestClock('2026-11-24T00:00:00.000Z'), newId: () => `entry-${++ids}` });
  return { store, log, execute };
}

function add(
  id: string,
  who: Actor = actor,
  idempotency?: Command<unknown, { n: number }>['idempotency'],
): Command<StoredRecord | undefined, { n: number }> {
  return {
    actor: who,
    load: (reader) => reader.get('postings', id),
    decide(current) {
      const n = Number(current?.body['n'] ?? 0) + 1;
      const change = { collection: 'postings', id, expectedVersion: current?.version ?? 0, body: { tenant: who.tenant, n } };
      return { drafts: [{ kind: 'counted', subject: { collection: 'postings', id }, facts: { n }, changes: [change] }], result: { n } };
    },
    ...(idempotency ? { idempotency } : {}),
  };
}

describe('execute', () => {
  it('commits each record with an entry that proves it under the signed checkpoint', async () => {
    const { store, log, execute } = setUp();
    await Promise.all(Array.from({ length: 40 }, (_, i) => execute(add(`p${i}`))));
    const checkpoint = openCheckpoint((await log.head('main')).checkpoint, log.vkey);
    expect(checkpoint?.size).toBe(40);
    for (let seq = 0; seq < 40; seq++) {
      const receipt = await log.inclusion('main', seq);
      const path = receipt.proof.map((h) => Buffer.from(h, 'base64'));
      expect(verifyInclusion(leafHash(canonical(receipt.entry)), seq, 40, path, Buffer.from(checkpoint?.root ?? '', 'base64'))).toBe(true);
    }
    const record = store.rows.get('postings/p0');
    const row = await readRow(store, 'main', (record?.body['evidence'] as { seq: number } | undefined)?.seq ?? -1);
    expect(row?.entry['commits']).toEqual([
      { collection: 'postings', id: 'p0', version: 1, hash: commitment('postings', 'p0', 1, record?.body ?? null) },
    ]);
  });

  it('decides again after a conflict, so no racing command is lost', async () => {
    const { store, log, execute } = setUp();
    await Promise.all(Array.from({ length: 6 }, () => execute(add('same'))));
    expect(store.rows.get('postings/same')?.body['n']).toBe(6);
    expect((await log.head('main')).size).toBe(6);
  });

  it('does not ask the store about what it has itself just written over', async () => {
    const { store, execute } = setUp();
    let refused = 0;
    const commit = store.commit.bind(store);
    store.commit = (changes) =>
      commit(changes).catch((error: unknown) => {
        refused++;
        throw error;
      });
    await Promise.all(Array.from({ length: 6 }, () => execute(add('same'))));
    expect(store.rows.get('postings/same')?.body['n']).toBe(6);
    expect(refused).toBe(0);
  });

  it('finds the one stale change of a batch by halves, and commits the rest together', async () => {
    const { store, execute } = setUp();
    await execute(add('hot'));
    let tries = 0;
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      tries++;
      return commit(changes);
    };
    // Somebody else writes the record after it was read and before the batch is committed.
    const raced: Command<StoredRecord | undefined, { n: number }> = {
      ...add('hot'),
      async load(reader) {
        const read = await reader.get('postings', 'hot');
        const now = store.rows.get('postings/hot');
        if (now?.version === 1) store.rows.set('postings/hot', { ...now, version: 2 });
        return read;
      },
    };
    const rest = Array.from({ length: 31 }, (_, i) => execute(add(`p${i}`)));
    const [last] = await Promise.all([execute(raced), ...rest]);
    expect(last).toEqual({ n: 2 });
    expect(store.rows.get('postings/hot')?.version).toBe(3);
    expect([...store.rows.keys()].filter((key) => key.startsWith('postings/p')).length).toBe(31);
    // Two a level of halving at most, and one to decide again; one by one it would be more than thirty.
    expect(tries).toBeLessThanOrEqual(13);
  });

  it('gives the first outcome to a retry with the same idempotency key and refuses another request under it', async () => {
    const { log, execute } = setUp();
    const key = { id: 'k', request: 'r' };
    expect(await execute(add('p', actor, key))).toEqual({ n: 1 });
    expect(await execute(add('p', actor, key))).toEqual({ n: 1 });
    await expect(execute(add('p', actor, { id: 'k', request: 'other' }))).rejects.toMatchObject({ code: 'ZP_IDEMPOTENCY_MISMATCH' });
    expect((await log.head('main')).size).toBe(1);
  });

  it('answers an error and writes nothing when the store is down, and goes on when it is back', async () => {
    const { store, log, execute } = setUp();
    store.down = true;
    await expect(execute(add('p'))).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    expect(store.rows.size).toBe(0);
    store.down = false;
    expect(await execute(add('p'))).toEqual({ n: 1 });
    expect((await log.head('main')).size).toBe(1);
  });

  it('turns writes away instead of piling them up when the store has stalled', async () => {
    const { store, execute } = setUp();
    const stalled = { ...store, commit: () => new Promise<never>(() => {}) };
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const slow = createExecute({
      store: stalled,
      log: createLog(stalled, createSigner('jobs.example', pem)),
      clock: createTestClock('2026-11-24T00:00:00.000Z'),
      newId: () => 'e',
    });
    let refused = 0;
    for (let i = 0; i < 4500; i++)
      void slow(add(`p${i}`)).catch((error: unknown) => (refused += Number((error as ComplianceError).code === 'ZP_STORE_UNAVAILABLE')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(4500 - 4096);
    expect(await execute(add('p'))).toEqual({ n: 1 });
  });

  it('does not see the record of another tenant', async () => {
    const { execute } = setUp();
    await execute(add('p'));
    // The other tenant reads nothing, so it tries to create the same id and stays in conflict: it never gets the body.
    await expect(execute(add('p', { ...actor, tenant: 'other' }))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
  });
});
