import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { COLLECTIONS } from '@zhengpin/core';
import type { Change, CollectionDeclaration, FieldValue, JsonObject, Store } from '@zhengpin/core';
import { createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { mysqlSettings, mysqlStore } from '../../src/mysql.ts';
import type { MysqlStore, MysqlStoreOptions } from '../../src/mysql.ts';
import { selectPage } from '../../src/mysql/reads.ts';
import { admin, describeMysql, newDatabase } from './server.ts';

const collections: readonly CollectionDeclaration[] = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const put = (id: string, body: JsonObject, expectedVersion = 0): Change => ({ collection: 'things', id, expectedVersion, body });
const source = new URL('../../src/mysql.ts', import.meta.url).href;

/** What each of several processes does: count up one shared record, with a record of its own in the same commit. */
const COUNTER = `
  const [url, name, source] = process.argv.slice(1);
  const { mysqlStore } = await import(source);
  const store = mysqlStore({ url, collections: ${JSON.stringify(collections)} });
  for (let done = 0; done < 30; ) {
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

let url: string;
let stores: Store[];
const open = (options: Partial<MysqlStoreOptions> = {}): MysqlStore => {
  const store = mysqlStore({ url, collections, ...options });
  stores.push(store);
  return store;
};
const found = async (store: Store, query: Parameters<Store['find']>[1]): Promise<readonly string[]> =>
  (await store.find('things', query)).records.map((record) => record.id);

beforeEach(() => {
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
});

describeMysql('the options of the MySQL store', () => {
  beforeEach(() => {
    url = 'mysql://root@127.0.0.1:1/none';
  });

  it('are refused by name where they are unknown or do not fit', () => {
    const refused = (options: object): void => void open(options);
    expect(() => refused({ host: 'x' })).toThrow(/ZP_OPTION_INVALID: not valid: option host/);
    expect(() => mysqlStore({})).toThrow(/exactly one of url and pool/);
    expect(() => refused({ statementTimeoutMs: 0 })).toThrow(/statementTimeoutMs/);
    expect(() => refused({ connections: 1.5 })).toThrow(/connections/);
    for (const other of ['postgres://h/d', 'root:secret@h/d', 'mysql://root:secret@h']) {
      expect(() => refused({ url: other })).toThrow(/ZP_OPTION_INVALID/);
      expect(() => refused({ url: other })).not.toThrow(/secret/);
    }
  });

  it('take no collection that SQL could not name apart or index', () => {
    const declare = (name: string, fields: readonly string[] = [], indexes: readonly (readonly string[])[] = []) => ({
      name,
      fields,
      indexes,
    });
    const refused = (...declared: readonly CollectionDeclaration[]): void => void open({ collections: declared });
    expect(() => refused(declare('a`b'))).toThrow(/ZP_OPTION_INVALID/);
    expect(() => refused(declare('x'.repeat(61)))).toThrow(/ZP_OPTION_INVALID/);
    expect(() => refused(declare('things'), declare('Things'))).toThrow(/Things \(named twice\)/);
    expect(() => refused(declare('things', ['kind', 'Kind']))).toThrow(/Kind \(named twice\)/);
    expect(() => refused(declare('things', ['a'], [['b']]))).toThrow(/things\.b/);
    expect(() => refused(declare('things', [...'abcde'], [[...'abcde']]))).toThrow(/more than 4 fields/);
  });
});

describeMysql('the tables of the MySQL store', () => {
  beforeEach(async () => {
    url = await newDatabase();
  });

  it('are made once by three processes that start at once, and no update is lost', async () => {
    const names = ['p', 'q', 'r'];
    const run = promisify(execFile);
    await Promise.all(
      names.map((name) =>
        run(process.execPath, ['--conditions=@zhengpin/source', '--input-type=module', '-e', COUNTER, url, name, source], {
          cwd: import.meta.dirname,
        }),
      ),
    );
    const store = open();
    expect(await store.get('things', 'shared')).toEqual({ id: 'shared', version: 90, body: { kind: 'shared', n: 90 } });
    for (const kind of names) expect(await found(store, { where: { kind }, limit: 1000 })).toHaveLength(30);
    expect(await admin(url, 'SELECT * FROM zp_schema')).toEqual([{ id: 1, version: 1 }]);
  });

  it('gain the collections, fields and indexes declared later, with what they hold', async () => {
    await open().commit([put('x', { kind: 'a', n: 1, at: '2026-01-02' })]);
    const long = ['aFieldWithQuiteALongName', 'anotherFieldWithQuiteALongName', 'at'];
    const later = [
      { name: 'things', fields: ['kind', 'n', ...long], indexes: [['kind', 'n'], ['at'], long] },
      { name: 'more', fields: [], indexes: [] },
    ];
    await Promise.all([open({ collections: later }), open({ collections: later })].map((store) => store.get('more', 'x')));
    const store = open({ collections: later });
    expect(await found(store, { range: { field: 'at', gt: '2026-01-01' }, limit: 1 })).toEqual(['x']);
    // The older release beside it, in the midst of a rolling update.
    expect(await found(open(), { where: { kind: 'a' }, limit: 1 })).toEqual(['x']);
  });

  it('of a newer kit are refused and left alone', async () => {
    await admin(url, 'CREATE TABLE zp_schema (id INT PRIMARY KEY, version INT)', 'INSERT INTO zp_schema VALUES (1, 2)');
    for (const readOnly of [false, true]) {
      await expect(open({ readOnly }).get('things', 'x')).rejects.toThrow(/ZP_STORE_UNAVAILABLE.*schema version 2/);
    }
    expect(await admin(url, 'SHOW TABLES')).toHaveLength(1);
  });

  it('need no rights to make tables once they are there, and none to change or remove evidence', async () => {
    await open({ collections: COLLECTIONS }).get('evidence', 'x');
    const { pathname } = new URL(url);
    const user = `zp_my_${process.pid}`;
    await admin(
      url,
      'CREATE TABLE jobs (id INT PRIMARY KEY)',
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${pathname.slice(1)}.* TO '${user}'@'%'`,
    );
    try {
      const own = new URL(url);
      own.username = user;
      own.password = 'pw';
      const before = await mysqlSettings(own.href);
      expect(before.evidence.excess).toEqual([
        'zp_evidence: UPDATE',
        'zp_evidence: DELETE',
        'zp_checkpoints: UPDATE',
        'zp_checkpoints: DELETE',
      ]);
      await admin(url, ...before.evidence.statements);
      // What the host's own program does with its tables goes on.
      await admin(own.href, 'DELETE FROM jobs');
      const after = await mysqlSettings(own.href);
      expect(after.evidence).toEqual({ excess: [], statements: [] });
      const store = open({ url: own.href, collections: COLLECTIONS });
      const change = (collection: string, expectedVersion: number, body?: JsonObject): Change => ({
        collection,
        id: 'x',
        expectedVersion,
        ...(body && { body }),
      });
      const all = ['evidence', 'checkpoints', 'postings'].map((name) => change(name, 0, { a: 1 }));
      await store.commit(all);
      await store.commit([change('postings', 1, { a: 2 })]);
      await store.commit([change('postings', 2)]);
      await expect(store.commit([change('evidence', 1, { a: 2 })])).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
      await expect(store.commit([change('evidence', 1)])).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
      // An administrator is told to make an account of its own for the kit.
      const { evidence } = await mysqlSettings(url);
      expect(evidence.statements[0]).toMatch(/^CREATE USER/);
      expect(evidence.statements.filter((s) => /`zp_evidence`|`zp_checkpoints`/.test(s)).map((s) => s.split(' ON ')[0])).toEqual([
        'GRANT SELECT, INSERT',
        'GRANT SELECT, INSERT',
      ]);
    } finally {
      await admin(url, `DROP USER '${user}'@'%'`);
    }
  });

  it('let every search of the kit walk an index in its order', async () => {
    const store = open({ collections: COLLECTIONS });
    await store.get('postings', 'x');
    const reading = { exact: false, hasColumn: () => true };
    for (const { name, indexes } of COLLECTIONS) {
      for (const index of indexes) {
        const field = index.at(-1) ?? '';
        const where = Object.fromEntries(index.slice(0, -1).map((f): [string, FieldValue] => [f, 'main']));
        for (const order of ['asc', 'desc'] as const) {
          const sql = selectPage(reading, name, { where, range: { field, gt: '2026' }, order, limit: 20 });
          const [plan] = await admin(url, `EXPLAIN ${sql.replace(/, CAST\(body AS BINARY\) AS body/, '')}`);
          expect(String(plan?.['possible_keys']).split(','), sql).toContain(`ix_${index.join('_')}`);
          expect(String(plan?.['Extra']), sql).not.toMatch(/filesort/);
        }
      }
    }
  });
});

describeMysql('what the MySQL store keeps', () => {
  beforeEach(async () => {
    url = await newDatabase();
  });

  it('tells types apart and orders booleans, numbers and text, each by its value', async () => {
    const store = open();
    const values: readonly (FieldValue | null | JsonObject)[] = [
      false,
      true,
      Number.MIN_SAFE_INTEGER,
      -1e21,
      -2,
      -1.5,
      -1e-7,
      0,
      1e-7,
      0.1,
      1,
      1.5,
      10,
      1e21,
      '',
      '1',
      'true',
      'x ',
      'x',
      null,
      {},
    ];
    await store.commit(values.map((n, i) => put(`v${String(i).padStart(2, '0')}`, { n })));
    const inOrder = (await store.find('things', { range: { field: 'n' }, limit: 100 })).records.map((record) => record.body['n']);
    const numbers = values.filter((v) => typeof v === 'number').sort((a, b) => a - b);
    expect(inOrder).toEqual([false, true, ...numbers, '', '1', 'true', 'x', 'x ']);
    for (const value of [true, 1, '1', 'x', -1e21, 1e-7, 0.1])
      expect(await found(store, { where: { n: value }, limit: 10 })).toHaveLength(1);
    const paged: unknown[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await store.find('things', {
        range: { field: 'n' },
        order: 'desc',
        limit: 4,
        ...(cursor === undefined ? {} : { cursor }),
      });
      paged.push(...page.records.map((record) => record.body['n']));
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(paged).toEqual([...inOrder].reverse());
  });

  it('finds ids that differ only in case, accents, blanks at the end or width, and no others', async () => {
    const store = open();
    const ids = ['a', 'A', 'á', 'a ', 'ａ', 'a\u0000', "a'", 'a\\', 'x'.repeat(1024), '聘'.repeat(341)];
    await store.commit(ids.map((id) => put(id, { id })));
    for (const id of ids) expect((await store.get('things', id))?.body).toEqual({ id });
    for (const id of ['', 'b', 'a  ', 'x'.repeat(1023), 'x'.repeat(1025), 'a\ud800']) expect(await store.get('things', id)).toBeUndefined();
  });

  it('stores whatever a text holds as text, over its own connections and within a transaction of the host', async () => {
    const store = open();
    // Bytes that end a literal, escape its end, or would in another character set swallow the escape.
    const parts = ["'", '\\', '"', '`', '%', '\u0000', '\u001a', '聘', '縗', '\u00bf', ';', '-- ', '/*', '\n', 'X', '\u{1F600}'];
    const texts = parts.flatMap((a) => parts.flatMap((b) => [`${a}${b}`, `${a}${a}${b}'); DELETE FROM zp_things; -- `]));
    await store.commit(texts.map((text, i) => put(`own-${i}`, { kind: text, [text]: text })));
    const host = await createConnection({ uri: url, charset: 'gbk' });
    await host.query(`SET SESSION sql_mode='NO_BACKSLASH_ESCAPES'`);
    await host.beginTransaction();
    await store.within(host).commit(texts.map((text, i) => put(`host-${i}`, { kind: text, [text]: text })));
    await host.commit();
    await host.end();
    for (const [i, text] of texts.entries()) {
      expect((await store.find('things', { where: { kind: text }, limit: 9 })).records.map(({ id, body }) => [id, body])).toEqual([
        [`host-${i}`, { kind: text, [text]: text }],
        [`own-${i}`, { kind: text, [text]: text }],
      ]);
    }
  });

  it('never cuts off: what does not fit is refused by name and nothing of the commit is written', async () => {
    const store = open();
    await store.get('things', 'x');
    const refused = async (change: Change, reason: RegExp): Promise<void> => {
      await expect(store.commit([put('beside', {}), change])).rejects.toThrow(reason);
      expect(await store.get('things', 'beside')).toBeUndefined();
    };
    await refused(put('x'.repeat(1025), {}), /ZP_OPTION_INVALID: not valid: an id is too long/);
    await refused(put('x', { kind: '长'.repeat(167) }), /ZP_OPTION_INVALID: not valid: things\.kind is longer than 499 bytes/);
    await refused(put('x', { n: 1e-30 }), /ZP_OPTION_INVALID.*1e-30/);
    await refused(put('x', { text: 'half \ud83d' }), /ZP_OPTION_INVALID.*lone surrogate/);
    await refused(put('x', { deep: JSON.parse('['.repeat(31) + ']'.repeat(31)) }), /ZP_OPTION_INVALID.*31 levels/);
    const [packet] = await admin(url, 'SELECT @@max_allowed_packet AS bytes');
    await refused(put('x', { text: 'x'.repeat(Number(packet?.['bytes'])) }), /ZP_OPTION_INVALID.*too large.*max_allowed_packet/);
    await store.commit([
      put('x', {
        kind: '长'.repeat(166),
        deep: JSON.parse('['.repeat(30) + ']'.repeat(30)),
        text: 'a \\ud83d is six letters \ud83d\ude00',
      }),
    ]);
    expect(await found(store, { where: { kind: '长'.repeat(166) }, limit: 1 })).toEqual(['x']);
  });

  it('writes all or none of a commit that is larger than a packet and touches a thousand rows', async () => {
    const store = open();
    const [packet] = await admin(url, 'SELECT @@max_allowed_packet AS bytes');
    const text = 'x'.repeat(Number(packet?.['bytes']) / 3);
    const ids = Array.from({ length: 1000 }, (_, i) => `r${i}`);
    const bodyOf = (i: number, n: number): JsonObject => ({ kind: 'a', n, ...(i % 150 === 0 ? { text } : {}) });
    await store.commit(ids.map((id, i) => put(id, bodyOf(i, 1))));
    const second = ids.map((id, i) => (i % 3 === 0 ? { collection: 'things', id, expectedVersion: 1 } : put(id, bodyOf(i, 2), 1)));
    await expect(store.commit([...second, put('r1001', {}, 5)])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    expect(await admin(url, 'SELECT version, COUNT(*) AS n FROM zp_things GROUP BY version')).toEqual([{ version: 1, n: 1000 }]);
    await store.commit([...second, put('one more', {})]);
    expect(await admin(url, 'SELECT version, COUNT(*) AS n FROM zp_things GROUP BY version ORDER BY version')).toEqual([
      { version: 1, n: 1 },
      { version: 2, n: 666 },
    ]);
  });

  it('lets one of several commits win, from several pools and in any order of records', async () => {
    const pools = [open(), open(), open()];
    await pools[0]?.commit(['a', 'b', 'c'].map((id) => put(id, { n: 0 })));
    for (let round = 1; round <= 10; round++) {
      const orders = [
        ['a', 'b', 'c'],
        ['c', 'b', 'a'],
        ['b', 'c', 'a'],
      ];
      const tries = await Promise.allSettled(
        pools.flatMap((store, p) =>
          [0, 1].map((t) =>
            store.commit([...(orders[p] ?? []).map((id) => put(id, { n: round, p, t }, round)), put(`own-${round}-${p}-${t}`, {})]),
          ),
        ),
      );
      const codes = tries.map((t) => (t.status === 'fulfilled' ? 'ok' : (t.reason as { code: string }).code)).sort();
      expect(codes).toEqual([...Array.from({ length: 5 }, () => 'ZP_CONFLICT'), 'ok']);
    }
    const bodies = await Promise.all(['a', 'b', 'c'].map(async (id) => (await pools[1]?.get('things', id))?.body));
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(await found(open(), { range: { field: 'id', gt: 'own-', lt: 'own.' }, limit: 100 })).toHaveLength(10);
  });

  it('reads but never writes when it is opened read-only, also what an older release left', async () => {
    await expect(open({ readOnly: true }).get('things', 'x')).rejects.toThrow(/ZP_STORE_UNAVAILABLE: There is no store/);
    const store = open();
    await store.commit([put('x', { kind: 'a', at: '2026' }), put('y', { kind: 'a' })]);
    const later = [
      { name: 'things', fields: ['kind', 'at'], indexes: [['at']] },
      { name: 'more', fields: ['kind'], indexes: [] },
    ];
    const reader = open({ readOnly: true, collections: later });
    expect(await found(reader, { range: { field: 'at', gte: '2026' }, limit: 10 })).toEqual(['x']);
    expect(await reader.find('more', { where: { kind: 'a' }, limit: 10 })).toEqual({ records: [] });
    expect(await reader.get('more', 'x')).toBeUndefined();
    await expect(reader.commit([put('z', {})])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(await admin(url, 'SHOW TABLES')).toHaveLength(2);
    await admin(url, `UPDATE zp_things SET body='{"kind":"b","kind":"a"}' WHERE id='y'`);
    await expect(reader.get('things', 'y')).rejects.toThrow(/record y was not written by this store/);
    // A column over the body: what was edited by hand is found by what it says now.
    await admin(url, `UPDATE zp_things SET body='{"kind":"c"}' WHERE id='y'`);
    expect(await found(store, { where: { kind: 'c' }, limit: 10 })).toEqual(['y']);
  });
});
