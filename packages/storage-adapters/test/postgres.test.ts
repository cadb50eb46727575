import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Json, Store } from '@zhengpin/core';
import { storeConformance } from '@zhengpin/core/conformance';
import { storeModel } from '@zhengpin/core/conformance/model';
import type { StoreUnderTest } from '@zhengpin/core/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { postgresStore } from '../src/postgres.ts';
import type { PostgresStore, PostgresStoreOptions } from '../src/postgres.ts';
import { createDatabase, createPool, serverAnswers } from './postgres-server.ts';
import type { TestDatabase } from './postgres-server.ts';

const collections = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const put = (id: string, n: Json, expectedVersion = 0) => ({ collection: 'things', id, expectedVersion, body: { kind: 'a', n } });

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

function subject(): StoreUnderTest {
  const opened = new WeakMap<Store, PostgresStoreOptions>();
  const start = (options: PostgresStoreOptions): Store => {
    const store = postgresStore(options);
    opened.set(store, options);
    return store;
  };
  return {
    create: async (declared) => start({ url: database.url, schema: database.fresh(), collections: declared, maxConnections: 4 }),
    reopen: async (closed) => start(opened.get(closed) ?? {}),
  };
}

const run = promisify(execFile);
const source = new URL('../src/postgres.ts', import.meta.url).href;
const script = (text: string, ...args: string[]) =>
  run(process.execPath, ['--conditions=@zhengpin/source', '--input-type=module', '-e', text, source, ...args], {
    cwd: import.meta.dirname,
  });

/** What each of two processes does: count up one shared record, with a record of its own in the same commit. */
const COUNTER = `
  const [source, url, schema, name] = process.argv.slice(1);
  const { postgresStore } = await import(source);
  const store = postgresStore({ url, schema, collections: [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }] });
  for (let done = 0; done < 40; ) {
    const shared = await store.get('things', 'shared');
    const n = (shared?.body.n ?? 0) + 1;
    try {
      await store.commit([
        { collection: 'things', id: name + n, expectedVersion: 0, body: { kind: name, n } },
        { collection: 'things', id: 'shared', expectedVersion: shared?.version ?? 0, body: { kind: 'shared', n } },
      ]);
      done++;
    } catch (error) {
      if (error.code !== 'ZP_CONFLICT') throw error;
    }
  }
  await store.close();
`;

describe.skipIf(!answers)('the PostgreSQL store', () => {
  for (const c of storeConformance) it(c.name, () => c.run(subject()));
  it('is no different from a map, whatever is done to it', () => storeModel(subject(), { runs: 15 }));

  it('refuses unknown and contradictory options by name, without repeating the URL', () => {
    const url = 'postgres://u:secret@127.0.0.1/x';
    const wrong: readonly [object, RegExp][] = [
      [{ url, sync: 'off' }, /option sync/],
      [{}, /exactly one of url and pool/],
      [{ url, pool: { connect: () => undefined } }, /exactly one of url and pool/],
      [{ pool: { connect: () => undefined }, maxConnections: 3 }, /maxConnections/],
      [{ url, statementTimeoutMs: 0 }, /statementTimeoutMs/],
      [{ url: 'mysql://u:secret@127.0.0.1/x' }, /not valid: url$/],
      [{ url, collections: [{ name: 'a"b', fields: [], indexes: [] }] }, /a"b/],
      [{ url, collections: [{ name: 'a', fields: ['b'], indexes: [["b'"]] }] }, /b'/],
    ];
    for (const [options, message] of wrong) {
      expect(() => postgresStore(options)).toThrow(/ZP_OPTION_INVALID/);
      expect(() => postgresStore(options)).toThrow(message);
      expect(() => postgresStore(options)).not.toThrow(/secret/);
    }
  });

  it('keeps the null character, half a surrogate pair and its own escapes in bodies, keys, ids and fields, in order', async () => {
    const store = open();
    const words = [
      '',
      '\0',
      '\0a',
      '\u{1}',
      '\u{1}\u{1}',
      '\u{2}',
      '\u{D7FE}',
      '\u{D7FF}',
      '\u{D7FF}0',
      '\uD800',
      '\uDFFF',
      '\u{E000}',
      '\u{1F600}',
    ];
    await store.commit(
      words.toReversed().map((kind) => ({ collection: 'things', id: `w${kind}`, expectedVersion: 0, body: { kind, [kind]: [kind] } })),
    );
    const found = await store.find('things', { range: { field: 'kind' }, limit: 100 });
    expect(found.records.map(({ body }) => body)).toEqual(words.map((kind) => ({ kind, [kind]: [kind] })));
    expect((await store.find('things', { limit: 100 })).records.map(({ id }) => id)).toEqual(words.map((kind) => `w${kind}`));
    for (const kind of words) {
      expect((await store.get('things', `w${kind}`))?.body['kind']).toBe(kind);
      expect((await store.find('things', { where: { kind }, limit: 2 })).records.map(({ id }) => id)).toEqual([`w${kind}`]);
    }
    expect((await store.find('things', { range: { field: 'kind', gt: '\0', lt: '\u{2}' }, limit: 9 })).records).toHaveLength(3);
    await store.close();
  });

  it('orders numbers of every size by number', async () => {
    const store = open();
    const numbers = [-1.5e300, -(2 ** 53 - 1), -2, -1, -0.5, -5e-324, 0, 5e-324, 0.5, 1, 2, 10, 2 ** 53 - 1, 1e21, 1.5e300];
    await store.commit(numbers.toReversed().map((n, i) => put(`n${i}`, n)));
    const all = await store.find('things', { range: { field: 'n' }, limit: 100 });
    expect(all.records.map(({ body }) => body['n'])).toEqual(numbers);
    for (const n of numbers) expect((await store.find('things', { where: { n }, limit: 2 })).records).toHaveLength(1);
    expect((await store.find('things', { where: { n: -0 }, limit: 2 })).records).toHaveLength(1);
    await store.close();
  });

  it('tells a number, a boolean and a text that are spelt alike apart', async () => {
    const store = open();
    await store.commit([put('number', 1), put('text', '1'), put('boolean', true), put('word', 'true')]);
    const ids = async (n: string | number | boolean) =>
      (await store.find('things', { where: { n }, limit: 9 })).records.map(({ id }) => id);
    expect([await ids(1), await ids('1'), await ids(true), await ids('true')]).toEqual([['number'], ['text'], ['boolean'], ['word']]);
    await store.close();
  });

  it('reads what it finds: a key written twice by hand has one value', async () => {
    const schema = database.fresh();
    const store = open({ schema });
    await store.commit([put('x', 1)]);
    await database.sql(`UPDATE "${schema}".zp_things SET body = '{"kind":"hidden","kind":"seen","n":1}' WHERE id = 'x'`);
    expect((await store.find('things', { where: { kind: 'hidden' }, limit: 2 })).records).toEqual([]);
    expect((await store.find('things', { where: { kind: 'seen' }, limit: 2 })).records.map(({ body }) => body['kind'])).toEqual(['seen']);
    await database.sql(`UPDATE "${schema}".zp_things SET body = '{"kind":"\\u0001x"}' WHERE id = 'x'`);
    await expect(store.get('things', 'x')).rejects.toMatchObject({
      code: 'ZP_STORE_UNAVAILABLE',
      message: expect.stringContaining('did not write'),
    });
    await store.close();
  });

  it('uses the declared index for equality, range, order and the next page', async () => {
    const schema = database.fresh();
    const store = open({ schema });
    for (let at = 0; at < 4; at++)
      await store.commit(
        Array.from({ length: 1000 }, (_, i) => ({
          collection: 'things',
          id: `i${at}-${i}`,
          expectedVersion: 0,
          body: { kind: `k${i % 50}`, n: i },
        })),
      );
    await database.sql(`ANALYZE "${schema}".zp_things`);
    const { findStatement } = await import('../src/postgres/statements.ts');
    const query = { where: { kind: 'k7' }, range: { field: 'n', gte: 100 }, order: 'desc', limit: 10 } as const;
    for (const after of [undefined, { value: 500, id: 'i1' }]) {
      const { text, values } = findStatement(schema, 'things', query, after);
      const plan = (await database.sql(`EXPLAIN ${text}`, [...values])).map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('Index Scan Backward using zp_things_kind_n');
      expect(plan).not.toMatch(/Sort|Filter|Seq Scan/);
    }
    await store.close();
  });

  it('refuses a record that PostgreSQL cannot keep, without repeating it, and goes on', async () => {
    const store = open();
    const long = Array.from({ length: 9000 }, (_, i) => ((i * 7919) % 997).toString(36)).join('');
    let deep: Json = 0;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const wrong: readonly Json[] = [long, deep];
    for (const n of wrong) {
      const error = await store.commit([put('fine', 1), put('x', n)]).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'ZP_INPUT_INVALID' });
      expect(JSON.stringify([error, (error as Error).cause, (error as Error).message])).not.toContain(long.slice(0, 20));
    }
    expect(await store.get('things', 'fine')).toBeUndefined();
    await store.commit([put('x', 1)]);
    await store.close();
  });

  it('asks for a flush where the role or database has turned it off', async () => {
    const schema = database.fresh();
    const pool = createPool(database.url, 2);
    const store = postgresStore({ pool, schema, collections });
    const client = await pool.connect();
    await client.query('SET synchronous_commit = off');
    await client.query('BEGIN');
    await store.within(client).commit([put('x', 1)]);
    expect((await client.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
    await client.query('COMMIT');
    client.release();
    await store.close();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('lets one of several pools win each record, and commits of the same records in opposite order never block each other', async () => {
    const schema = database.fresh();
    const stores = Array.from({ length: 3 }, () => open({ schema }));
    const [first] = stores;
    const ids = Array.from({ length: 40 }, (_, i) => `r${i}`);
    await first?.commit(ids.map((id) => put(id, 0)));
    const deadlocks = async () =>
      Number((await database.sql(`SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`))[0]?.['deadlocks']);
    const before = await deadlocks();
    for (let round = 1; round <= 10; round++) {
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, async (_, i) => {
          const changes = (i % 2 === 0 ? ids : ids.toReversed()).map((id) => put(id, round * 100 + i, round));
          await stores[i % 3]?.commit([...changes, put(`new${round}`, i)]);
        }),
      );
      expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
      for (const t of tries) if (t.status === 'rejected') expect(t.reason).toMatchObject({ code: 'ZP_CONFLICT' });
      const values = (await first?.find('things', { range: { field: 'id', gt: 'r', lt: 's' }, limit: 100 }))?.records.map(
        (r) => r.body['n'],
      );
      expect(new Set(values).size).toBe(1);
    }
    await Promise.all(stores.map((store) => store.close()));
    expect(await deadlocks()).toBe(before);
  });

  it('tries again what the server undid for what ran beside it, and says conflict when that does not end', async () => {
    const schema = database.fresh();
    const store = open({ schema });
    await store.commit([put('x', 0)]);
    await database.sql(`CREATE SEQUENCE "${schema}".fails`);
    await database.sql(
      `CREATE FUNCTION "${schema}".fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ` +
        `IF nextval('"${schema}".fails') <= 2 THEN RAISE EXCEPTION 'beside' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$`,
    );
    await database.sql(`CREATE TRIGGER fail BEFORE INSERT ON "${schema}".zp_things FOR EACH ROW EXECUTE FUNCTION "${schema}".fail()`);
    await store.commit([put('y', 1)]);
    expect((await store.get('things', 'y'))?.version).toBe(1);
    await database.sql(`ALTER SEQUENCE "${schema}".fails RESTART INCREMENT BY -1 MINVALUE -1000 START 0`);
    await expect(store.commit([put('z', 1)])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    expect(await store.get('things', 'z')).toBeUndefined();
    await store.close();
  });

  it('keeps its promise to one of several also where transactions are serializable by default', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_isolation=serializable');
    const cases = storeConformance.filter(({ name }) => /concurrent|all of a commit|expected version/.test(name));
    expect(cases).toHaveLength(3);
    for (const c of cases)
      await c.run({ create: async (declared) => postgresStore({ url: url.href, schema: database.fresh(), collections: declared }) });
  });

  it('loses no update when two processes set up and write one new schema at once', async () => {
    const schema = database.fresh();
    await Promise.all(['p', 'q'].map((name) => script(COUNTER, database.url, schema, name)));
    const store = open({ schema });
    expect(await store.get('things', 'shared')).toEqual({ id: 'shared', version: 80, body: { kind: 'shared', n: 80 } });
    for (const kind of ['p', 'q']) expect((await store.find('things', { where: { kind }, limit: 1000 })).records).toHaveLength(40);
    await store.close();
  });
});
