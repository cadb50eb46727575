import assert from 'node:assert/strict';

import type { Change, CollectionDeclaration, JsonObject, Query, Store, StoredRecord } from '../kernel/store.ts';
import { refuses } from './refuses.ts';

/** How a case of the list gets its stores (被测存储). */
export interface StoreUnderTest {
  /** A store over fresh, empty data with these collections. */
  create(collections: readonly CollectionDeclaration[]): Promise<Store>;
  /** Open again the data of a closed store from `create`; absent only in an adapter documented as not durable. */
  reopen?(closed: Store): Promise<Store>;
}

export interface StoreConformanceCase {
  /** A sentence, fit to be the name of a test. */
  readonly name: string;
  /** Rejects with an AssertionError when the promise is not kept. */
  run(subject: StoreUnderTest): Promise<void>;
}

const COLLECTIONS: readonly CollectionDeclaration[] = [
  { name: 'things', fields: ['kind', 'n', 'flag', 'word'], indexes: [['kind', 'n'], ['flag'], ['word']] },
  { name: 'others', fields: [], indexes: [] },
];

function put(id: string, body: JsonObject, expectedVersion = 0, collection = 'things'): Change {
  return { collection, id, expectedVersion, body };
}

function remove(id: string, expectedVersion: number): Change {
  return { collection: 'things', id, expectedVersion };
}

/** Every record of a query, page by page; `between` runs after each page. */
async function all(store: Store, query: Query, between?: () => Promise<void>): Promise<StoredRecord[]> {
  const seen: StoredRecord[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.find('things', cursor === undefined ? query : { ...query, cursor });
    assert.ok(page.records.length <= query.limit, 'a page is longer than its limit');
    seen.push(...page.records);
    if (page.cursor === undefined) return seen;
    cursor = page.cursor;
    await between?.();
  }
}

async function ids(store: Store, query: Omit<Query, 'limit'>): Promise<string[]> {
  return (await all(store, { ...query, limit: 3 })).map((record) => record.id);
}

type Check = (store: Store, subject: StoreUnderTest) => Promise<void>;

function item(name: string, check: Check): StoreConformanceCase {
  return {
    name,
    async run(subject) {
      const store = await subject.create(COLLECTIONS);
      try {
        await check(store, subject);
      } finally {
        await store.close();
      }
    },
  };
}

/** Texts in code point order, which is neither UTF-16 order nor any dictionary's. */
const WORDS = ['', 'A', 'Z', 'a', 'aa', 'b', 'é', '一', '聘', '\uFF5E', '\uFFFD', '\u{1F600}', '\u{20000}'];

const AWKWARD: readonly JsonObject[] = [
  {},
  { nothing: null, yes: true, no: false, zero: 0, minus: -1, big: Number.MAX_SAFE_INTEGER, small: Number.MIN_SAFE_INTEGER },
  { empty: [], emptyObject: {}, emptyText: '', nested: { a: [{ b: [[], [null], { c: {} }] }] } },
  { text: '引号 " 反斜杠 \\ 换行 \n 制表 \t 控制 \u0001 \u007f 行分隔 \u2028\u2029 表情 \u{1F600} 组合 e\u0301 é' },
  { 键: '值', 'key with space': 1, 'a.b': 2, "quote'": 3, $: 4, '': 5, constructor: 6 },
  { b: 1, a: 2, 10: 'ten', 9: 'nine' },
  { long: '长'.repeat(100_000) },
];

/**
 * What every store must keep (存储一致性清单), one case for each promise of the port. It needs no test runner:
 * `for (const c of storeConformance) it(c.name, () => c.run(subject))`.
 */
export const storeConformance: readonly StoreConformanceCase[] = [
  item('reads its own writes by id and by query, and counts versions from 1', async (store) => {
    assert.equal(await store.get('things', 'x'), undefined);
    await store.commit([put('x', { kind: 'a', n: 1 })]);
    assert.deepEqual(await store.get('things', 'x'), { id: 'x', version: 1, body: { kind: 'a', n: 1 } });
    await store.commit([put('x', { kind: 'b', n: 2 }, 1)]);
    assert.deepEqual(await store.get('things', 'x'), { id: 'x', version: 2, body: { kind: 'b', n: 2 } });
    assert.deepEqual(await ids(store, { where: { kind: 'a' } }), []);
    assert.deepEqual(await ids(store, { where: { kind: 'b' } }), ['x']);
    assert.equal(await store.get('others', 'x'), undefined);
  }),

  item('keeps what was committed across a reopening, where it is durable', async (store, subject) => {
    await store.commit([put('x', { n: 1 }), put('gone', { n: 1 })]);
    await store.commit([put('x', { n: 2 }, 1), remove('gone', 1)]);
    await store.close();
    if (subject.reopen === undefined) return;
    const again = await subject.reopen(store);
    try {
      assert.deepEqual(await again.get('things', 'x'), { id: 'x', version: 2, body: { n: 2 } });
      assert.equal(await again.get('things', 'gone'), undefined);
    } finally {
      await again.close();
    }
  }),

  item('refuses a change whose expected version is not the stored one', async (store) => {
    await refuses('ZP_CONFLICT', store.commit([put('x', { n: 1 }, 1)]));
    await refuses('ZP_CONFLICT', store.commit([remove('x', 1)]));
    await store.commit([put('x', { n: 1 })]);
    await refuses('ZP_CONFLICT', store.commit([put('x', { n: 2 })]));
    await refuses('ZP_CONFLICT', store.commit([put('x', { n: 2 }, 2)]));
    await refuses('ZP_CONFLICT', store.commit([remove('x', 2)]));
    assert.deepEqual(await store.get('things', 'x'), { id: 'x', version: 1, body: { n: 1 } });
  }),

  item('writes all of a commit or none of it, across collections', async (store) => {
    await store.commit([put('x', { n: 1 }), put('y', { n: 1 })]);
    const good = [put('new', { n: 1 }), put('x', { n: 2 }, 1), put('new', {}, 0, 'others'), remove('y', 1)];
    await refuses('ZP_CONFLICT', store.commit([...good, put('z', {}, 7)]));
    await refuses('ZP_CONFLICT', store.commit([put('z', {}, 7), ...good]));
    assert.equal(await store.get('things', 'new'), undefined);
    assert.equal(await store.get('others', 'new'), undefined);
    assert.equal((await store.get('things', 'x'))?.version, 1);
    assert.equal((await store.get('things', 'y'))?.version, 1);
    await store.commit(good);
    assert.deepEqual(await ids(store, {}), ['new', 'x']);
    assert.equal((await store.get('others', 'new'))?.version, 1);
  }),

  item('refuses a commit that names a record twice, and writes nothing of it', async (store) => {
    await refuses('ZP_OPTION_INVALID', store.commit([put('x', { n: 1 }), put('y', {}), put('x', { n: 2 }, 1)]));
    assert.deepEqual(await ids(store, {}), []);
    await store.commit([put('x', {}), put('x', {}, 0, 'others')]);
  }),

  item('lets only one of two concurrent commits on a record succeed', async (store) => {
    await store.commit([put('x', { n: 0 })]);
    for (let round = 1; round <= 5; round++) {
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) =>
          store.commit([put(`own-${round}-${i}`, { kind: 'own' }), put('x', { n: round, by: i }, round)]),
        ),
      );
      assert.equal(tries.filter((t) => t.status === 'fulfilled').length, 1);
      for (const t of tries) if (t.status === 'rejected') await refuses('ZP_CONFLICT', Promise.reject(t.reason));
      const winner = tries.findIndex((t) => t.status === 'fulfilled');
      assert.deepEqual((await store.get('things', 'x'))?.body, { n: round, by: winner });
    }
    assert.equal((await ids(store, { where: { kind: 'own' } })).length, 5);
  }),

  item('starts a removed record at version 1 again', async (store) => {
    await store.commit([put('x', { n: 1 })]);
    await store.commit([put('x', { n: 2 }, 1)]);
    await store.commit([remove('x', 2)]);
    assert.equal(await store.get('things', 'x'), undefined);
    assert.deepEqual(await ids(store, {}), []);
    await store.commit([put('x', { n: 3 })]);
    assert.deepEqual(await store.get('things', 'x'), { id: 'x', version: 1, body: { n: 3 } });
  }),

  item('gives bodies back as they were, and nobody can change them from outside', async (store) => {
    const mine = { list: ['a'] };
    await store.commit([...AWKWARD.map((body, i) => put(`b${i}`, body)), put('mine', mine)]);
    for (const [i, body] of AWKWARD.entries()) assert.deepEqual((await store.get('things', `b${i}`))?.body, body);
    mine.list.push('later');
    assert.deepEqual((await store.get('things', 'mine'))?.body, { list: ['a'] });
    const read = await store.get('things', 'mine');
    try {
      (read?.body['list'] as string[] | undefined)?.push('by a reader');
    } catch {
      // A frozen body is as good as a copy.
    }
    assert.deepEqual((await store.get('things', 'mine'))?.body, { list: ['a'] });
  }),

  item('keeps any text as an id', async (store) => {
    const odd = ['main/000000000001', "it's", 'a%b_c', 'A', 'a', ' ', '聘', '\u{1F600}', 'x'.repeat(300)];
    await store.commit(odd.map((id) => put(id, { id })));
    for (const id of odd) assert.deepEqual((await store.get('things', id))?.body, { id });
    assert.equal((await ids(store, {})).length, odd.length);
  }),

  item('finds by equality on text, numbers and booleans, all conditions holding', async (store) => {
    await store.commit([
      put('1', { kind: 'a', n: 1, flag: true }),
      put('2', { kind: 'a', n: 2, flag: false }),
      put('3', { kind: 'b', n: 1, flag: true }),
      put('4', { kind: 'a', n: 1, flag: false }),
      put('5', { kind: null, n: 10 }),
    ]);
    assert.deepEqual(await ids(store, { where: { kind: 'a' } }), ['1', '2', '4']);
    assert.deepEqual(await ids(store, { where: { n: 1 } }), ['1', '3', '4']);
    assert.deepEqual(await ids(store, { where: { flag: true } }), ['1', '3']);
    assert.deepEqual(await ids(store, { where: { flag: false } }), ['2', '4']);
    assert.deepEqual(await ids(store, { where: { kind: 'a', n: 1, flag: false } }), ['4']);
    assert.deepEqual(await ids(store, { where: { kind: 'A' } }), []);
    assert.deepEqual(await ids(store, { where: { kind: '' } }), []);
  }),

  item('finds by a range with open and closed bounds, in the order of its field, without records that lack it', async (store) => {
    await store.commit([...[-3, 0, 2, 10, 33].map((n) => put(`n${n}`, { n })), put('none', { kind: 'a' }), put('null', { n: null })]);
    assert.deepEqual(await ids(store, { range: { field: 'n' } }), ['n-3', 'n0', 'n2', 'n10', 'n33']);
    assert.deepEqual(await ids(store, { range: { field: 'n' }, order: 'desc' }), ['n33', 'n10', 'n2', 'n0', 'n-3']);
    assert.deepEqual(await ids(store, { range: { field: 'n', gt: 0, lt: 33 } }), ['n2', 'n10']);
    assert.deepEqual(await ids(store, { range: { field: 'n', gte: 0, lte: 33 } }), ['n0', 'n2', 'n10', 'n33']);
    assert.deepEqual(await ids(store, { range: { field: 'n', gt: 33 } }), []);
    assert.deepEqual(await ids(store, { where: { n: 2 }, range: { field: 'n', gte: 2 } }), ['n2']);
    assert.deepEqual(await ids(store, { range: { field: 'id', gte: 'n10', lt: 'n33' } }), ['n10', 'n2']);
    assert.deepEqual(await ids(store, { range: { field: 'id', gt: 'n10', lte: 'n33' }, order: 'desc' }), ['n33', 'n2']);
  }),

  item('orders text by Unicode code point, in fields and in ids, beyond the basic plane too', async (store) => {
    await store.commit([...WORDS].reverse().map((word) => put(`w${word}`, { word })));
    const expected = WORDS.map((word) => `w${word}`);
    assert.deepEqual(await ids(store, {}), expected);
    assert.deepEqual(await ids(store, { order: 'desc' }), [...expected].reverse());
    assert.deepEqual(await ids(store, { range: { field: 'word' } }), expected);
    assert.deepEqual(await ids(store, { range: { field: 'word' }, order: 'desc' }), [...expected].reverse());
    assert.deepEqual(await ids(store, { range: { field: 'word', gt: '\uFF5E' } }), ['w\uFFFD', 'w\u{1F600}', 'w\u{20000}']);
    assert.deepEqual(await ids(store, { range: { field: 'word', gte: '聘', lt: '\u{1F600}' } }), ['w聘', 'w\uFF5E', 'w\uFFFD']);
    assert.deepEqual(await ids(store, { range: { field: 'id', gt: 'w\uFF5E' } }), ['w\uFFFD', 'w\u{1F600}', 'w\u{20000}']);
  }),

  item('pages through ties seeing each record exactly once, in both orders and at every page length', async (store) => {
    await store.commit(Array.from({ length: 50 }, (_, i) => put(`r${i}`, { kind: 'a', n: i % 4, flag: i % 2 === 0 })));
    for (const order of ['asc', 'desc'] as const) {
      for (const limit of [1, 7, 10, 40, 1000]) {
        for (const range of [undefined, { field: 'n', gte: 0 }, { field: 'flag' }, { field: 'id', gt: '' }]) {
          const seen = (await all(store, { where: { kind: 'a' }, ...(range ? { range } : {}), order, limit })).map((r) => r.id);
          assert.equal(seen.length, 50);
          assert.equal(new Set(seen).size, 50);
        }
      }
      const byTie = await all(store, { range: { field: 'n' }, order, limit: 7 });
      const sign = order === 'asc' ? 1 : -1;
      for (const [i, record] of byTie.entries()) {
        const before = byTie[i - 1];
        if (before === undefined) continue;
        const step = Number(record.body['n']) - Number(before.body['n']);
        assert.ok(sign * step > 0 || (step === 0 && sign * (record.id < before.id ? -1 : 1) > 0), 'ties are not in the order of their ids');
      }
    }
  }),

  item('sees a record that is not written meanwhile exactly once while others come, change and go', async (store) => {
    for (const order of ['asc', 'desc'] as const) {
      const mark = order === 'asc' ? 'u' : 'd';
      await store.commit(Array.from({ length: 30 }, (_, i) => put(`${mark}${i}`, { kind: mark, n: i % 3 })));
      await store.commit(Array.from({ length: 10 }, (_, i) => put(`${mark}-moving-${i}`, { kind: mark, n: i % 3 })));
      let turn = 0;
      const seen = await all(store, { where: { kind: mark }, range: { field: 'n' }, order, limit: 4 }, async () => {
        const i = turn++;
        await store.commit([put(`${mark}-new-${i}`, { kind: mark, n: i % 3 })]);
        if (i < 5)
          await store.commit([put(`${mark}-moving-${i}`, { kind: mark, n: 2 - (i % 3) }, 1), remove(`${mark}-moving-${i + 5}`, 1)]);
      });
      const still = seen.map((r) => r.id).filter((id) => !id.includes('-'));
      assert.equal(still.length, 30);
      assert.equal(new Set(still).size, 30);
    }
  }),

  item('gives no cursor when nothing follows', async (store) => {
    assert.deepEqual(await store.find('things', { limit: 10 }), { records: [] });
    await store.commit([put('a', {}), put('b', {})]);
    const page = await store.find('things', { limit: 2 });
    assert.equal(page.records.length, 2);
    if (page.cursor !== undefined) assert.deepEqual((await store.find('things', { limit: 2, cursor: page.cursor })).records, []);
    assert.equal((await store.find('things', { limit: 3 })).cursor, undefined);
    assert.notEqual((await store.find('things', { limit: 1 })).cursor, undefined);
  }),

  item('refuses fields it does not declare, unknown collections and limits out of bounds', async (store) => {
    await refuses('ZP_OPTION_INVALID', store.find('things', { where: { secret: 1 }, limit: 1 }));
    await refuses('ZP_OPTION_INVALID', store.find('things', { range: { field: 'secret' }, limit: 1 }));
    await refuses('ZP_OPTION_INVALID', store.find('others', { where: { kind: 'a' }, limit: 1 }));
    await refuses('ZP_OPTION_INVALID', store.find('nothing', { limit: 1 }));
    await refuses('ZP_OPTION_INVALID', store.get('nothing', 'x'));
    await refuses('ZP_OPTION_INVALID', store.commit([put('y', {}), put('x', {}, 0, 'nothing')]));
    assert.equal(await store.get('things', 'y'), undefined);
    for (const limit of [0, -1, 1001, 1.5, Number.NaN]) await refuses('ZP_OPTION_INVALID', store.find('things', { limit }));
  }),

  item('refuses a cursor it did not make for the same query', async (store) => {
    await store.commit([
      put('a', { kind: 'a', n: 1 }),
      put('b', { kind: 'a', n: 2 }),
      put('a', {}, 0, 'others'),
      put('b', {}, 0, 'others'),
    ]);
    const query = { where: { kind: 'a' }, range: { field: 'n', gte: 0 }, limit: 1 };
    const { cursor } = await store.find('things', query);
    assert.ok(cursor !== undefined);
    assert.deepEqual(
      (await store.find('things', { ...query, cursor })).records.map((r) => r.id),
      ['b'],
    );
    const foreign: readonly Query[] = [
      { ...query, order: 'desc', cursor },
      { ...query, where: { kind: 'b' }, cursor },
      { ...query, range: { field: 'n', gte: 1 }, cursor },
      { limit: 1, cursor },
    ];
    for (const other of foreign) await refuses('ZP_CURSOR_INVALID', store.find('things', other));
    await refuses('ZP_CURSOR_INVALID', store.find('others', { limit: 1, cursor }));
    for (const garbage of ['', 'zzz', cursor.slice(1), Buffer.from('[1,2,3]').toString('base64url')]) {
      await refuses('ZP_CURSOR_INVALID', store.find('things', { ...query, cursor: garbage }));
    }
  }),

  item('is unavailable once closed, and closes twice without complaint', async (store) => {
    await store.commit([put('x', {})]);
    await store.close();
    await store.close();
    await refuses('ZP_STORE_UNAVAILABLE', store.get('things', 'x'));
    await refuses('ZP_STORE_UNAVAILABLE', store.find('things', { limit: 1 }));
    await refuses('ZP_STORE_UNAVAILABLE', store.commit([put('y', {})]));
  }),
];
