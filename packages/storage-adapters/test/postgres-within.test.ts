import { generateKeyPairSync } from 'node:crypto';

import { createExecute, createLog, createSigner, createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { postgresStore } from '../src/postgres.ts';
import type { PostgresStore } from '../src/postgres.ts';
import { createDatabase, createPool, serverAnswers } from './postgres-server.ts';
import type { TestDatabase } from './postgres-server.ts';

const signer = createSigner('jobs.example', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
const clock = createTestClock('2026-11-24T00:00:00.000Z');
const answers = await serverAnswers();
let database: TestDatabase;
let pool: Pool;
let store: PostgresStore;
let ids = 0;

beforeAll(async () => {
  if (!answers) return;
  database = await createDatabase();
  pool = createPool(database.url, 4);
  store = postgresStore({ pool });
  await store.get('evidenceHeads', 'main');
  await pool.query('CREATE TABLE jobs (id text PRIMARY KEY)');
});
afterAll(async () => {
  if (!answers) return;
  await store.close();
  await pool.end();
  await database.drop();
});

/** Record a decision on a posting through the only writer, over whichever store. */
async function record(over: Store, id: string): Promise<void> {
  const execute = createExecute({
    store: over,
    log: createLog(over, signer, { onlyInbox: over !== store }),
    clock,
    newId: () => `e${++ids}`,
  });
  await execute({
    actor: { id: 'r', tenant: 'main', role: 'reviewer' },
    load: (reader) => reader.get('postings', id),
    decide: (posting) => {
      const change = {
        collection: 'postings',
        id,
        expectedVersion: posting?.version ?? 0,
        body: { tenant: 'main', state: 'published', text: '聘 \0 \u{1F600}' },
      };
      return { drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} };
    },
  });
}

async function transaction(work: (client: PoolClient) => Promise<'COMMIT' | 'ROLLBACK'>): Promise<void> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(await work(client).catch(() => 'ROLLBACK'));
  client.release();
}

const jobs = async () => (await pool.query<{ id: string }>('SELECT id FROM jobs ORDER BY id')).rows.map(({ id }) => id);

describe.skipIf(!answers)('a PostgreSQL store within a transaction of the host', () => {
  it('keeps the row of the host, the record and its evidence together, and loses them together', async () => {
    await transaction(async (client) => {
      await client.query(`INSERT INTO jobs VALUES ('kept')`);
      await record(store.within(client), 'kept');
      expect(await store.get('postings', 'kept')).toBeUndefined();
      expect((await store.within(client).get('postings', 'kept'))?.version).toBe(1);
      return 'COMMIT';
    });
    await transaction(async (client) => {
      await client.query(`INSERT INTO jobs VALUES ('lost')`);
      await record(store.within(client), 'lost');
      return 'ROLLBACK';
    });
    expect(await jobs()).toEqual(['kept']);
    expect((await store.get('postings', 'kept'))?.version).toBe(1);
    expect(await store.get('postings', 'lost')).toBeUndefined();
    await record(store, 'outside');
    const report = await verifyEvidence(store, { vkey: signer.vkey });
    expect(report.ok).toBe(true);
    expect((await store.get('evidenceHeads', 'main'))?.body['size']).toBe(2);
  });

  it('leaves the transaction usable after a conflict, with nothing of the commit in it', async () => {
    await store.commit([{ collection: 'appeals', id: 'taken', expectedVersion: 0, body: { n: 1 } }]);
    await transaction(async (client) => {
      const inside = store.within(client);
      await client.query(`INSERT INTO jobs VALUES ('usable')`);
      const stale = ['fresh', 'taken'].map((id) => ({ collection: 'appeals', id, expectedVersion: 0, body: { n: 2 } }));
      await expect(inside.commit(stale)).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
      expect(await inside.get('appeals', 'fresh')).toBeUndefined();
      await inside.commit([{ collection: 'appeals', id: 'taken', expectedVersion: 1, body: { n: 2 } }]);
      await inside.close();
      return 'COMMIT';
    });
    expect(await jobs()).toContain('usable');
    expect((await store.get('appeals', 'taken'))?.version).toBe(2);
  });

  it('refuses to commit on a client without an open transaction, and writes nothing', async () => {
    const client = await pool.connect();
    const change = { collection: 'appeals', id: 'loose', expectedVersion: 0, body: {} };
    await expect(store.within(client).commit([change])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    client.release();
    expect(await store.get('appeals', 'loose')).toBeUndefined();
  });
});
