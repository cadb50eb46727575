import assert from 'node:assert/strict';

import type { Archive } from '../kernel/archive.ts';
import { refuses } from './refuses.ts';

/** How a case of the list gets its archives (被测归档). */
export interface ArchiveUnderTest {
  /** An archive over fresh, empty storage. */
  create(): Promise<Archive>;
  /** Another handle on the objects of one from `create`, closed or not, as another process would have it. */
  again(archive: Archive): Promise<Archive>;
}

export interface ArchiveConformanceCase {
  /** A sentence, fit to be the name of a test. */
  readonly name: string;
  /** Rejects with an AssertionError when the promise is not kept. */
  run(subject: ArchiveUnderTest): Promise<void>;
}

const [SOON, LATER, LATEST] = ['2090-01-01T00:00:00.000Z', '2091-01-01T00:00:00.000Z', '2092-01-01T00:00:00.000Z'];
const NOW = '2026-11-25T00:00:00.000Z';
const LARGE = 16 * 1024 * 1024;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function reads(archive: Archive, key: string, expected: string | undefined): Promise<void> {
  const found = await archive.get(key);
  assert.equal(found === undefined ? undefined : new TextDecoder().decode(found), expected);
}

/** Every key of a listing, page by page; `between` runs after each page. */
async function keys(archive: Archive, prefix: string, limit = 1000, between?: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await archive.list(prefix, cursor === undefined ? { limit } : { limit, cursor });
    assert.ok(page.entries.length <= limit, 'a page is longer than its limit');
    seen.push(...page.entries.map((entry) => entry.key));
    if (page.cursor === undefined) return seen;
    cursor = page.cursor;
    await between?.();
  }
}

type Check = (archive: Archive, subject: ArchiveUnderTest) => Promise<void>;

function item(name: string, check: Check): ArchiveConformanceCase {
  return {
    name,
    async run(subject) {
      const archive = await subject.create();
      try {
        await check(archive, subject);
      } finally {
        await archive.close();
      }
    },
  };
}

/**
 * What every archive must keep (归档一致性清单), one case for each promise of the port. It needs no test runner:
 * `for (const c of archiveConformance) it(c.name, () => c.run(subject))`. Dates lie far ahead, so objects that a case
 * retains stay in the storage: give each run storage that can be thrown away.
 */
export const archiveConformance: readonly ArchiveConformanceCase[] = [
  item('gives back what was put, to every handle, also after closing', async (archive, subject) => {
    await reads(archive, 'tile/0/000', undefined);
    assert.equal(await archive.stat('tile/0/000'), undefined);
    await archive.put('tile/0/000', bytes('leaf'));
    await reads(archive, 'tile/0/000', 'leaf');
    assert.deepEqual(await archive.stat('tile/0/000'), { key: 'tile/0/000', size: 4, kind: 'object', held: false });
    const other = await subject.again(archive);
    await reads(other, 'tile/0/000', 'leaf');
    await archive.close();
    await reads(other, 'tile/0/000', 'leaf');
    await other.put('tile/0/001', bytes('next'));
    await other.close();
    const third = await subject.again(archive);
    await reads(third, 'tile/0/001', 'next');
    await third.close();
  }),

  item('accepts the same bytes again and refuses other bytes under the key', async (archive) => {
    await archive.put('a', bytes('one'));
    await archive.put('a', bytes('one'));
    await refuses('ZP_CONFLICT', archive.put('a', bytes('two')));
    await refuses('ZP_CONFLICT', archive.put('a', bytes('on')));
    await refuses('ZP_CONFLICT', archive.put('a', bytes('')));
    await reads(archive, 'a', 'one');
  }),

  item('keeps an empty object, and a large one whole', async (archive) => {
    await archive.put('empty', bytes(''));
    await archive.put('empty', bytes(''));
    assert.equal((await archive.get('empty'))?.length, 0);
    await refuses('ZP_CONFLICT', archive.put('empty', bytes('x')));
    const large = new Uint8Array(LARGE);
    for (let i = 0; i < large.length; i += 4093) large[i] = i % 251;
    await archive.put('large', large);
    const back = await archive.get('large');
    assert.ok(back !== undefined && Buffer.compare(back, large) === 0, 'the large object came back changed');
    assert.equal((await archive.stat('large'))?.size, LARGE);
    const other = Uint8Array.from(large);
    other[LARGE - 1] = 1;
    await refuses('ZP_CONFLICT', archive.put('large', other));
  }),

  item('keeps what it was given even if the caller changes the buffer afterwards', async (archive) => {
    const mine = bytes('mine');
    const done = archive.put('a', mine);
    mine.fill(0);
    await done;
    await reads(archive, 'a', 'mine');
  }),

  item('lets exactly one of several concurrent puts of different bytes succeed', async (archive, subject) => {
    const other = await subject.again(archive);
    for (let round = 0; round < 5; round++) {
      const key = `race/${round}`;
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? archive : other).put(key, bytes(`by ${i}`), { retainUntil: SOON })),
      );
      assert.equal(tries.filter((t) => t.status === 'fulfilled').length, 1);
      for (const t of tries) if (t.status === 'rejected') await refuses('ZP_CONFLICT', Promise.reject(t.reason));
      await reads(archive, key, `by ${tries.findIndex((t) => t.status === 'fulfilled')}`);
      await reads(other, key, `by ${tries.findIndex((t) => t.status === 'fulfilled')}`);
      assert.equal((await other.stat(key))?.retainUntil, SOON);
    }
    await other.close();
  }),

  item('lets all of several concurrent puts of the same bytes succeed', async (archive, subject) => {
    const other = await subject.again(archive);
    const same = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? archive : other).put('same', bytes('same'), { retainUntil: SOON }));
    await Promise.all(same);
    await reads(archive, 'same', 'same');
    assert.deepEqual(await keys(archive, ''), ['same']);
    await other.close();
  }),

  item('replaces a head, and neither puts over a head nor replaces an object', async (archive, subject) => {
    await archive.replace('checkpoint', bytes('size 1'));
    await archive.replace('checkpoint', bytes('size 22'));
    await reads(archive, 'checkpoint', 'size 22');
    assert.deepEqual(await archive.stat('checkpoint'), { key: 'checkpoint', size: 7, kind: 'head', held: false });
    await refuses('ZP_CONFLICT', archive.put('checkpoint', bytes('size 22')));
    await archive.put('tile/0/000', bytes('leaf'));
    await refuses('ZP_CONFLICT', archive.replace('tile/0/000', bytes('leaf')));
    await reads(archive, 'tile/0/000', 'leaf');
    const other = await subject.again(archive);
    await Promise.all(Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? archive : other).replace('checkpoint', bytes(`size ${i}`))));
    assert.match(new TextDecoder().decode(await archive.get('checkpoint')), /^size [0-5]$/);
    await archive.replace('checkpoint', bytes('last'));
    await reads(other, 'checkpoint', 'last');
    await other.close();
    await refuses('ZP_STATE', archive.extend('checkpoint', SOON));
    await refuses('ZP_STATE', archive.hold('checkpoint'));
    await refuses('ZP_STATE', archive.release('checkpoint'));
    await archive.remove('checkpoint', NOW);
    await reads(archive, 'checkpoint', undefined);
  }),

  item('lengthens a retention and never shortens it', async (archive, subject) => {
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    assert.equal((await archive.stat('a'))?.retainUntil, LATER);
    await refuses('ZP_STATE', archive.extend('a', SOON));
    await archive.extend('a', LATER);
    await archive.put('a', bytes('a'), { retainUntil: SOON });
    await archive.put('a', bytes('a'));
    const other = await subject.again(archive);
    assert.equal((await other.stat('a'))?.retainUntil, LATER);
    await other.extend('a', LATEST);
    assert.equal((await archive.stat('a'))?.retainUntil, LATEST);
    await other.close();
    await archive.put('b', bytes('b'));
    await archive.extend('b', SOON);
    await archive.put('b', bytes('b'), { retainUntil: LATER });
    assert.equal((await archive.stat('b'))?.retainUntil, LATER);
    await reads(archive, 'b', 'b');
    await refuses('ZP_NOT_FOUND', archive.extend('nothing', SOON));
  }),

  item('ends with the latest of several concurrent lengthenings', async (archive, subject) => {
    await archive.put('a', bytes('a'));
    const other = await subject.again(archive);
    const tries = await Promise.allSettled([SOON, LATEST, LATER].map((until, i) => (i % 2 === 0 ? archive : other).extend('a', until)));
    assert.equal(tries[1]?.status, 'fulfilled');
    for (const t of tries) if (t.status === 'rejected') await refuses('ZP_STATE', Promise.reject(t.reason));
    assert.equal((await archive.stat('a'))?.retainUntil, LATEST);
    await other.close();
  }),

  item('takes a civil date to the end of its day in Shanghai, and no date that is not one', async (archive) => {
    await archive.put('a', bytes('a'), { retainUntil: '2089-12-31' });
    assert.equal((await archive.stat('a'))?.retainUntil, '2089-12-31T16:00:00.000Z');
    await archive.extend('a', '2090-01-01T00:00:00.001Z');
    assert.equal((await archive.stat('a'))?.retainUntil, '2090-01-01T00:00:01.000Z');
    for (const bad of ['', '2089-02-30', '2089-1-1', '2089-02-30T00:00:00Z', '2090-01-01T00:00:00+08:00', 'forever']) {
      await refuses('ZP_INPUT_INVALID', archive.put('b', bytes('b'), { retainUntil: bad }));
      await refuses('ZP_INPUT_INVALID', archive.extend('a', bad));
    }
    await reads(archive, 'b', undefined);
  }),

  item('refuses to remove what is retained or held, and removes what is neither', async (archive) => {
    await archive.put('free', bytes('free'));
    await archive.remove('free', NOW);
    await reads(archive, 'free', undefined);
    assert.deepEqual(await keys(archive, ''), []);
    await refuses('ZP_NOT_FOUND', archive.remove('free', NOW));
    await archive.put('free', bytes('written anew'));
    await reads(archive, 'free', 'written anew');
    await archive.put('retained', bytes('r'), { retainUntil: SOON });
    await refuses('ZP_STATE', archive.remove('retained', NOW));
    await reads(archive, 'retained', 'r');
    await refuses('ZP_INPUT_INVALID', archive.remove('free', 'tomorrow'));
  }),

  item('keeps a held object until the hold is released, which leaves its date as it was', async (archive, subject) => {
    await archive.put('a', bytes('a'));
    await archive.hold('a');
    await archive.hold('a');
    const other = await subject.again(archive);
    assert.equal((await other.stat('a'))?.held, true);
    await refuses('ZP_STATE', other.remove('a', NOW));
    await archive.put('a', bytes('a'));
    assert.equal((await archive.stat('a'))?.held, true);
    await other.release('a');
    await other.release('a');
    assert.equal((await archive.stat('a'))?.held, false);
    await other.close();
    await archive.remove('a', NOW);
    await reads(archive, 'a', undefined);
    await archive.put('b', bytes('b'), { retainUntil: SOON });
    await archive.hold('b');
    await archive.release('b');
    assert.deepEqual(await archive.stat('b'), { key: 'b', size: 1, kind: 'object', retainUntil: SOON, held: false });
    await refuses('ZP_STATE', archive.remove('b', NOW));
    await refuses('ZP_NOT_FOUND', archive.hold('nothing'));
    await refuses('ZP_NOT_FOUND', archive.release('nothing'));
  }),

  item('lists keys in the order of their bytes, by prefix, each once at every page length', async (archive) => {
    const all = ['Z', 'a', 'b-c', 'b.c', 'b/c', 'b/d/e', 'b0', 'b:c', 'bb', 'checkpoint', 'tile/0/000', 'tile/0/000.p/5', 'tile/0/001'];
    await Promise.all(
      [...all].reverse().map((key) => (key === 'checkpoint' ? archive.replace(key, bytes(key)) : archive.put(key, bytes(key)))),
    );
    for (const limit of [1, 2, 5, 1000]) {
      assert.deepEqual(await keys(archive, '', limit), all);
      assert.deepEqual(await keys(archive, 'b', limit), ['b-c', 'b.c', 'b/c', 'b/d/e', 'b0', 'b:c', 'bb']);
      assert.deepEqual(await keys(archive, 'b/', limit), ['b/c', 'b/d/e']);
      assert.deepEqual(await keys(archive, 'tile/0/000', limit), ['tile/0/000', 'tile/0/000.p/5']);
      assert.deepEqual(await keys(archive, 'nothing/', limit), []);
    }
    const { entries } = await archive.list('tile/0/000.p/');
    assert.deepEqual(entries, [{ key: 'tile/0/000.p/5', size: 14 }]);
  }),

  item('lists a key that stays exactly once while others come and go', async (archive) => {
    const stay = Array.from({ length: 12 }, (_, i) => `k/${String(i).padStart(2, '0')}`);
    for (const key of [...stay, 'k/03-going', 'k/09-going']) await archive.put(key, bytes(key));
    let turn = 0;
    const seen = await keys(archive, 'k/', 3, async () => {
      turn++;
      await archive.put(`k/0${turn}-new`, bytes('new'));
      if (turn === 1) for (const going of ['k/03-going', 'k/09-going']) await archive.remove(going, NOW);
    });
    assert.deepEqual(
      seen.filter((key) => stay.includes(key)),
      stay,
    );
  }),

  item('gives no cursor when nothing follows, and refuses limits out of bounds and cursors not its own', async (archive) => {
    assert.deepEqual(await archive.list(''), { entries: [] });
    for (const key of ['a/1', 'a/2', 'b/1']) await archive.put(key, bytes(key));
    assert.equal((await archive.list('a/', { limit: 3 })).cursor, undefined);
    const { cursor } = await archive.list('a/', { limit: 1 });
    assert.ok(cursor !== undefined);
    await refuses('ZP_CURSOR_INVALID', archive.list('b/', { limit: 1, cursor }));
    for (const garbage of ['', 'zzz', cursor.slice(1)]) await refuses('ZP_CURSOR_INVALID', archive.list('a/', { cursor: garbage }));
    for (const limit of [0, -1, 1001, 1.5, Number.NaN]) await refuses('ZP_OPTION_INVALID', archive.list('a/', { limit }));
  }),

  item('refuses keys outside its alphabet, and those that climb out or hide', async (archive) => {
    const bad = [
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      'a/../b',
      '../a',
      '.zhengpin/a',
      'a/.b',
      'a b',
      'a\\b',
      'a%2fb',
      'é',
      '聘',
      'a\0',
      'a\n',
    ];
    for (const key of [
      ...bad,
      'x'.repeat(201),
      'a/'.repeat(12) + 'a',
      `${'x/'.repeat(4)}${'y'.repeat(200)}/${'y'.repeat(200)}/${'y'.repeat(200)}/${'y'.repeat(200)}`,
    ]) {
      await refuses('ZP_INPUT_INVALID', archive.put(key, bytes('x')));
      await refuses('ZP_INPUT_INVALID', archive.replace(key, bytes('x')));
      await refuses('ZP_INPUT_INVALID', archive.get(key));
      await refuses('ZP_INPUT_INVALID', archive.stat(key));
      await refuses('ZP_INPUT_INVALID', archive.extend(key, SOON));
      await refuses('ZP_INPUT_INVALID', archive.hold(key));
      await refuses('ZP_INPUT_INVALID', archive.release(key));
      await refuses('ZP_INPUT_INVALID', archive.remove(key, NOW));
    }
    await refuses('ZP_INPUT_INVALID', archive.list('a b'));
    assert.deepEqual(await keys(archive, ''), []);
    const longest = ['y'.repeat(200), 'y'.repeat(200), 'y'.repeat(200)].join('/');
    await archive.put(longest, bytes('long'));
    await reads(archive, longest, 'long');
    assert.deepEqual(await keys(archive, ''), [longest]);
  }),

  item('says what it honours and who sees to it', async (archive) => {
    const { kind, guarantees } = await archive.describe();
    assert.ok(kind.length > 0);
    assert.deepEqual(
      guarantees.map((g) => g.id),
      ['create-once', 'retention', 'integrity'],
    );
    for (const { detail } of guarantees) assert.ok(detail.zh.length > 0 && detail.en.length > 0);
    assert.deepEqual(await keys(archive, ''), []);
  }),

  item('is unavailable once closed, and closes twice without complaint', async (archive) => {
    await archive.put('a', bytes('a'));
    await archive.close();
    await archive.close();
    await refuses('ZP_STORE_UNAVAILABLE', archive.get('a'));
    await refuses('ZP_STORE_UNAVAILABLE', archive.stat('a'));
    await refuses('ZP_STORE_UNAVAILABLE', archive.list(''));
    await refuses('ZP_STORE_UNAVAILABLE', archive.put('b', bytes('b')));
    await refuses('ZP_STORE_UNAVAILABLE', archive.replace('c', bytes('c')));
    await refuses('ZP_STORE_UNAVAILABLE', archive.extend('a', SOON));
    await refuses('ZP_STORE_UNAVAILABLE', archive.hold('a'));
    await refuses('ZP_STORE_UNAVAILABLE', archive.release('a'));
    await refuses('ZP_STORE_UNAVAILABLE', archive.remove('a', NOW));
    await refuses('ZP_STORE_UNAVAILABLE', archive.describe());
  }),
];
