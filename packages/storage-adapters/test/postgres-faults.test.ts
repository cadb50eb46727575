import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { postgresSettings, postgresStore } from '../src/postgres.ts';
import type { PostgresStore, PostgresStoreOptions } from '../src/postgres.ts';
import { createLoopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';
import { createDatabase, createPool, serverAnswers } from './postgres-server.ts';
import type { TestDatabase } from './postgres-server.ts';

const collections = [
  { name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] },
  { name: 'others', fields: [], indexes: [] },
];
const put = (id: string, n: number, expectedVersion = 0, collection = 'things') => ({
  collection,
  id,
  expectedVersion,
  body: { kind: 'a', n },
});
const UNAVAILABLE = { code: 'ZP_STORE_UNAVAILABLE' };

let database: TestDatabase;
const answers = await serverAnswers();

beforeAll(async () => {
  if (answers) database = await createDatabase();
});
afterAll(async () => {
  if (answers) await database.drop();
});

function open(more: Partial<PostgresStoreOptions> = {}): PostgresStore {
  return postgresStore({ url: database.url, schema: database.fresh(), collections, maxConnections: 4, ...more });
}

async function through(
  work: (way: Loopback, store: PostgresStore) => Promise<void>,
  more: Partial<PostgresStoreOptions> = {},
): Promise<void> {
  const url = new URL(database.url);
  const way = await createLoopback(new URL(database.url));
  url.port = String(way.port);
  url.hostname = '127.0.0.1';
  const store = open({ url: url.href, ...more });
  try {
    await store.commit([put('first', 1)]);
    await work(way, store);
  } finally {
    await way.close();
    await store.close();
  }
}

describe.skipIf(!answers)('a PostgreSQL store whose connection is cut', () => {
  it.each([
    ['before the server hears of it, and nothing was written', 'cut before', undefined],
    ['before the client hears of it, and all was written', 'cut after answer', 1],
  ] as const)('says unavailable for a commit cut %s', async (_when, verdict, version) => {
    await through(async (way, store) => {
      way.cutWhen((chunk) => (chunk.includes('"lost"') ? verdict : 'pass'));
      await expect(store.commit([put('lost', 1), put('lost', 2, 0, 'others')])).rejects.toMatchObject(UNAVAILABLE);
      way.cutWhen(() => 'pass');
      expect((await store.get('things', 'lost'))?.version).toBe(version);
      expect((await store.get('others', 'lost'))?.version).toBe(version);
      await store.commit([put('first', 2, 1), put('next', 1)]);
    });
  });

  it('answers at once while nobody listens, and by itself works again afterwards', async () => {
    await through(async (way, store) => {
      way.refuse(true);
      await expect(store.get('things', 'first')).rejects.toMatchObject(UNAVAILABLE);
      await expect(store.commit([put('x', 1)])).rejects.toMatchObject(UNAVAILABLE);
      way.refuse(false);
      expect((await store.get('things', 'first'))?.version).toBe(1);
      expect(await store.get('things', 'x')).toBeUndefined();
    });
  });

  it('does not wait for ever for a server that no longer answers', async () => {
    await through(
      async (way, store) => {
        way.stall(true);
        await expect(store.get('things', 'first')).rejects.toMatchObject(UNAVAILABLE);
        await expect(store.get('things', 'first')).rejects.toMatchObject(UNAVAILABLE);
        way.stall(false);
        expect((await store.get('things', 'first'))?.version).toBe(1);
      },
      { statementTimeoutMs: 1000, connectTimeoutMs: 2000 },
    );
  });

  it('goes on after the server has ended its connections', async () => {
    const store = open();
    await store.commit([put('x', 1)]);
    await database.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    // Whether the pool has noticed by now is a matter of chance; a second try never fails.
    await store.get('things', 'x').catch(() => undefined);
    expect((await store.get('things', 'x'))?.version).toBe(1);
    await store.close();
  });
});

describe.skipIf(!answers)('a PostgreSQL store whose server will not', () => {
  it('gives up a statement that waits too long for a lock, and writes nothing of it', async () => {
    const schema = database.fresh();
    const store = open({ schema, statementTimeoutMs: 1000 });
    await store.commit([put('x', 1)]);
    const pool = createPool(database.url, 1);
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM "${schema}".zp_things FOR UPDATE`);
    await expect(store.commit([put('y', 1), put('x', 2, 1)])).rejects.toMatchObject(UNAVAILABLE);
    await client.query('ROLLBACK');
    client.release();
    expect(await store.get('things', 'y')).toBeUndefined();
    await store.commit([put('y', 1), put('x', 2, 1)]);
    await pool.end();
    await store.close();
  });

  it('says so soon when every connection is taken, and when one is free again goes on', async () => {
    const schema = database.fresh();
    const pool = createPool(database.url, 1);
    const store = postgresStore({ pool, schema, collections });
    await store.commit([put('x', 1)]);
    const taken = await pool.connect();
    await expect(store.commit([put('x', 2, 1)])).rejects.toMatchObject(UNAVAILABLE);
    taken.release();
    await store.commit([put('x', 2, 1)]);
    await pool.end();
    await store.close();
  });

  it('names a server that only reads, takes no such connection back, and goes on when it writes again', async () => {
    const store = open({ maxConnections: 1 });
    await store.commit([put('x', 1)]);
    const [{ name }] = (await database.sql('SELECT current_database() AS name')) as [{ name: string }];
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await database.sql(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    await database.sql(end);
    await store.get('things', 'x').catch(() => undefined);
    await expect(store.commit([put('x', 2, 1)])).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining('standby') });
    expect((await store.get('things', 'x'))?.version).toBe(1);
    await database.sql(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    // The one connection there is still belongs to the server as it was: it is given up, and the next try has a new one.
    await expect(store.commit([put('x', 2, 1)])).rejects.toMatchObject(UNAVAILABLE);
    await store.commit([put('x', 2, 1)]);
    expect((await store.get('things', 'x'))?.version).toBe(2);
    await store.close();
  });

  it('opens by itself once the database that was not there is', async () => {
    const url = new URL(database.url);
    url.pathname = '/zp_pg_nowhere';
    const store = open({ url: url.href });
    await expect(store.get('things', 'x')).rejects.toMatchObject(UNAVAILABLE);
    await store.close();
    const schema = database.fresh();
    await database.sql(`CREATE SCHEMA "${schema}"`);
    await database.sql(`CREATE TABLE "${schema}".zp_schema (version integer, applied_at timestamptz DEFAULT now())`);
    await database.sql(`INSERT INTO "${schema}".zp_schema VALUES (2)`);
    const early = open({ schema });
    await expect(early.get('things', 'x')).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining('schema version 2') });
    expect(await database.sql(`SELECT 1 FROM pg_tables WHERE schemaname = '${schema}' AND tablename = 'zp_things'`)).toEqual([]);
    await database.sql(`UPDATE "${schema}".zp_schema SET version = 1`);
    expect(await early.get('things', 'x')).toBeUndefined();
    await early.close();
  });
});

describe.skipIf(!answers)('the tables in PostgreSQL', () => {
  it('are made once when many replicas start at once, and later get the collections and indexes declared since', async () => {
    const schema = database.fresh();
    const replicas = Array.from({ length: 6 }, () => open({ schema, maxConnections: 1 }));
    await Promise.all(replicas.map((store, i) => store.commit([put(`r${i}`, i)])));
    expect(await database.sql(`SELECT version FROM "${schema}".zp_schema`)).toEqual([{ version: 1 }]);
    const later = [
      { name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n'], ['n']] },
      { name: 'evenLater', fields: ['kind'], indexes: [['kind']] },
    ];
    const more = Array.from({ length: 3 }, () => open({ schema, maxConnections: 1, collections: later }));
    await Promise.all(more.map((store, i) => store.commit([put(`m${i}`, i, 0, 'evenLater')])));
    const indexes = await database.sql(`SELECT indexname FROM pg_indexes WHERE schemaname = '${schema}' ORDER BY 1`);
    expect(indexes.map((row) => row['indexname'])).toEqual(
      [
        'zp_evenLater_kind',
        'zp_evenLater_pkey',
        'zp_others_pkey',
        'zp_schema_pkey',
        'zp_things_kind_n',
        'zp_things_n',
        'zp_things_pkey',
      ].sort(),
    );
    expect((await more[0]?.find('things', { limit: 100 }))?.records).toHaveLength(6);
    await Promise.all([...replicas, ...more].map((store) => store.close()));
  });

  it('builds an index again whose building was broken off', async () => {
    const schema = database.fresh();
    const store = open({ schema });
    await store.commit([put('x', 1)]);
    await store.close();
    await database.sql(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"${schema}".zp_things_kind_n'::regclass`);
    const again = open({ schema });
    expect((await again.get('things', 'x'))?.version).toBe(1);
    const valid = await database.sql(`SELECT indisvalid FROM pg_index WHERE indexrelid = '"${schema}".zp_things_kind_n'::regclass`);
    expect(valid).toEqual([{ indisvalid: true }]);
    await again.close();
  });

  it('can be used by a role that may only add evidence, and read by one that may only read', async () => {
    const schema = database.fresh();
    const kit = [
      { name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] },
      { name: 'evidence', fields: [], indexes: [] },
      { name: 'checkpoints', fields: [], indexes: [] },
    ];
    const owner = open({ schema, collections: kit });
    await owner.commit([put('x', 1), put('e1', 1, 0, 'evidence')]);
    const before = await postgresSettings(database.url, schema);
    expect(before.evidence.map(({ table, mayUpdate }) => [table, mayUpdate])).toEqual([
      ['zp_checkpoints', true],
      ['zp_evidence', true],
    ]);
    const [app, auditor] = [database.fresh(), database.fresh()];
    try {
      for (const statement of before.statements) await database.sql(statement.replaceAll('"zhengpin_app"', `"${app}"`));
      await database.sql(`CREATE ROLE "${auditor}" LOGIN`);
      await database.sql(`GRANT USAGE ON SCHEMA "${schema}" TO "${auditor}"`);
      await database.sql(`GRANT SELECT ON ALL TABLES IN SCHEMA "${schema}" TO "${auditor}"`);
      const store = open({ url: database.as(app), schema, collections: kit });
      await store.commit([put('x', 2, 1), put('e2', 2, 0, 'evidence')]);
      await expect(store.commit([put('e1', 9, 1, 'evidence')])).rejects.toMatchObject({
        ...UNAVAILABLE,
        detail: { en: expect.stringContaining('role') },
      });
      await expect(store.commit([{ collection: 'evidence', id: 'e1', expectedVersion: 1 }])).rejects.toMatchObject(UNAVAILABLE);
      expect((await store.get('evidence', 'e1'))?.body['n']).toBe(1);
      const after = await postgresSettings(database.as(app), schema);
      expect(after).toMatchObject({ role: app, superuser: false, statements: [] });
      expect(after.evidence.some((t) => t.mayUpdate || t.mayDelete || t.mayTruncate || t.owns)).toBe(false);
      await store.close();

      const later = [...kit, { name: 'later', fields: ['kind'], indexes: [] }];
      const reader = open({ url: database.as(auditor), schema, collections: later, readOnly: true });
      expect((await reader.find('things', { where: { kind: 'a' }, limit: 10 })).records.map(({ version }) => version)).toEqual([2]);
      expect(await reader.get('later', 'x')).toBeUndefined();
      expect(await reader.find('later', { where: { kind: 'a' }, limit: 10 })).toEqual({ records: [] });
      await expect(reader.commit([put('y', 1)])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
      await reader.close();
      const writer = open({ url: database.as(auditor), schema, collections: kit });
      await expect(writer.commit([put('y', 1)])).rejects.toMatchObject(UNAVAILABLE);
      await writer.close();
    } finally {
      for (const role of [app, auditor]) {
        await database.sql(`DROP OWNED BY "${role}"`);
        await database.sql(`DROP ROLE "${role}"`);
      }
    }
    await owner.close();
  });

  it('are not made by a store opened read-only', async () => {
    const schema = database.fresh();
    const reader = open({ schema, readOnly: true });
    await expect(reader.get('things', 'x')).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining('no store') });
    expect(await database.sql(`SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`)).toEqual([]);
    await reader.close();
  });
});
