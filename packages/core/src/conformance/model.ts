import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { Change, CollectionDeclaration, FieldValue, JsonObject, Query, Store, StoredRecord } from '../kernel/store.ts';
import { refuses } from './refuses.ts';
import type { StoreUnderTest } from './store.ts';

/** How long and from which seed the model is run (模型检验选项). */
export interface StoreModelOptions {
  /** Sequences of commands, each over a fresh store. Default 30. */
  readonly runs?: number;
  /** Commands in a sequence at most. Default 40. */
  readonly maxCommands?: number;
  /** To repeat what failed: all three are in the message of the error. */
  readonly seed?: number;
  readonly path?: string;
  readonly replayPath?: string;
}

const COLLECTIONS: readonly CollectionDeclaration[] = [
  { name: 'things', fields: ['kind', 'n', 'flag', 'word'], indexes: [['kind', 'n'], ['flag'], ['word']] },
  { name: 'others', fields: ['kind', 'n'], indexes: [] },
];
const IDS = ['a', 'A', 'aa', 'b', '聘', '~', ' ', 'é', 'e\u0301', '\uFFFD', '\u{1F600}', "'; --", '%', '_'];
const WORDS = ['', 'A', 'a', 'aa', 'é', '一', '聘', '\uFF5E', '\uFFFD', '\u{1F600}', '\u{20000}', 'a\u0000b', '\u0001'];

/** The plain thing a store must be no different from. */
class Model {
  readonly #records = new Map<string, StoredRecord>();

  get(collection: string, id: string): StoredRecord | undefined {
    return this.#records.get(`${collection}/${id}`);
  }

  apply(changes: readonly Change[]): void {
    for (const { collection, id, expectedVersion, body } of changes) {
      if (body === undefined) this.#records.delete(`${collection}/${id}`);
      else this.#records.set(`${collection}/${id}`, { id, version: expectedVersion + 1, body });
    }
  }

  find(collection: string, { where = {}, range, order = 'asc' }: Omit<Query, 'limit'>): StoredRecord[] {
    const key = ({ id, body }: StoredRecord): FieldValue | undefined =>
      range === undefined || range.field === 'id' ? id : (body[range.field] as FieldValue | undefined);
    const within = (record: StoredRecord): boolean => {
      const value = key(record);
      if (value === undefined) return false;
      const against = (bound: FieldValue | undefined, holds: (sign: number) => boolean): boolean =>
        bound === undefined || holds(compare(value, bound));
      return (
        against(range?.gt, (sign) => sign > 0) &&
        against(range?.gte, (sign) => sign >= 0) &&
        against(range?.lt, (sign) => sign < 0) &&
        against(range?.lte, (sign) => sign <= 0)
      );
    };
    const found = [...this.#records]
      .filter(([name]) => name.startsWith(`${collection}/`))
      .map(([, record]) => record)
      .filter(({ body }) => Object.entries(where).every(([field, value]) => body[field] === value))
      .filter(within);
    const sign = order === 'asc' ? 1 : -1;
    return found.sort((x, y) => sign * (compare(key(x) ?? '', key(y) ?? '') || compare(x.id, y.id)));
  }
}

/** Numbers by size, texts by Unicode code point. */
function compare(x: FieldValue, y: FieldValue): number {
  if (typeof x !== 'string' || typeof y !== 'string') return Number(x) - Number(y);
  return Buffer.compare(Buffer.from(x), Buffer.from(y));
}

/** The store under test, which a command may exchange. */
interface Real {
  store: Store;
}

type Command = fc.AsyncCommand<Model, Real>;

/** A command that is always possible. */
function command(text: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => text };
}

interface Wish {
  readonly collection: string;
  readonly id: string;
  /** Absent: remove it, if it is there. */
  readonly body: JsonObject | undefined;
  /** How far the expected version is off. */
  readonly off: number;
}

function changeOf(model: Model, { collection, id, body, off }: Wish): Change {
  const version = model.get(collection, id)?.version ?? 0;
  const expectedVersion = Math.max(0, version + off);
  return body === undefined && version > 0 ? { collection, id, expectedVersion } : { collection, id, expectedVersion, body: body ?? {} };
}

function commit(wishes: readonly Wish[]): Command {
  return command(`commit(${JSON.stringify(wishes)})`, async (model, { store }) => {
    const changes = wishes.map((wish) => changeOf(model, wish));
    const isTwice = new Set(changes.map(({ collection, id }) => `${collection}/${id}`)).size < changes.length;
    if (isTwice) return refuses('ZP_OPTION_INVALID', store.commit(changes));
    const isStale = changes.some((c) => c.expectedVersion !== (model.get(c.collection, c.id)?.version ?? 0));
    if (isStale) return refuses('ZP_CONFLICT', store.commit(changes));
    await store.commit(changes);
    model.apply(changes);
  });
}

/** Several at once over one record: exactly one gets through. */
function race(id: string, count: number): Command {
  return command(`race(${JSON.stringify(id)}, ${count})`, async (model, { store }) => {
    const expectedVersion = model.get('things', id)?.version ?? 0;
    const tries = Array.from({ length: count }, (_, n): Change[] => [
      { collection: 'things', id, expectedVersion, body: { kind: 'race', n } },
    ]);
    const answers = await Promise.allSettled(tries.map((changes) => store.commit(changes)));
    const winners = answers.flatMap((answer, i) => (answer.status === 'fulfilled' ? [i] : []));
    assert.equal(winners.length, 1, `${winners.length} of ${count} got through`);
    for (const answer of answers) if (answer.status === 'rejected') await refuses('ZP_CONFLICT', Promise.reject(answer.reason));
    model.apply(tries[winners[0] ?? 0] ?? []);
  });
}

function get(collection: string, id: string): Command {
  return command(`get(${JSON.stringify([collection, id])})`, async (model, { store }) => {
    assert.deepEqual(await store.get(collection, id), model.get(collection, id));
  });
}

/** Page by page to the end; `meanwhile` is written after the first page and must show where nothing was read yet. */
function find(collection: string, query: Query, meanwhile: Wish | undefined): Command {
  return command(`find(${JSON.stringify([collection, query, meanwhile])})`, async (model, { store }) => {
    const before = model.find(collection, query);
    const seen: StoredRecord[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await store.find(collection, cursor === undefined ? query : { ...query, cursor });
      assert.ok(page.records.length <= query.limit, 'a page is longer than its limit');
      seen.push(...page.records);
      cursor = page.cursor;
      if (cursor === undefined) break;
      if (seen.length === query.limit && meanwhile) await commit([{ ...meanwhile, off: 0 }]).run(model, { store });
    }
    if (seen.length <= query.limit || meanwhile === undefined) return assert.deepEqual(seen, before);
    // What was not touched is there once and in order; what was touched may have come, gone or changed its place.
    const untouched = (records: readonly StoredRecord[]): StoredRecord[] => records.filter(({ id }) => id !== meanwhile.id);
    assert.deepEqual(untouched(seen), untouched(before));
  });
}

const body = (): fc.Arbitrary<JsonObject> =>
  fc.record(
    {
      kind: fc.constantFrom('a', 'b', '聘'),
      n: fc.constantFrom(0, 1, 2, -1, 10, 9.5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
      flag: fc.boolean(),
      word: fc.constantFrom(...WORDS),
      more: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

const wish = (): fc.Arbitrary<Wish> =>
  fc.record({
    collection: fc.constantFrom('things', 'things', 'others'),
    id: fc.constantFrom(...IDS),
    body: fc.option(body(), { nil: undefined, freq: 4 }),
    off: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
  });

const bounds = (field: string, values: fc.Arbitrary<FieldValue>): fc.Arbitrary<NonNullable<Query['range']>> =>
  fc
    .record({
      low: fc.option(fc.tuple(fc.constantFrom('gt', 'gte'), values)),
      high: fc.option(fc.tuple(fc.constantFrom('lt', 'lte'), values)),
    })
    .map(({ low, high }) => ({ field, ...(low ? { [low[0]]: low[1] } : {}), ...(high ? { [high[0]]: high[1] } : {}) }));

const query = (): fc.Arbitrary<Query> =>
  fc
    .record({
      where: fc.option(
        fc.oneof(
          fc.constantFrom('a', 'b', '聘', 'race').map((kind): Query['where'] => ({ kind })),
          fc.boolean().map((flag): Query['where'] => ({ flag })),
          fc.constantFrom(...WORDS).map((word): Query['where'] => ({ word })),
        ),
      ),
      range: fc.option(
        fc.oneof(
          bounds('n', fc.constantFrom(-1, 0, 1, 9.5, Number.MAX_SAFE_INTEGER)),
          bounds('word', fc.constantFrom(...WORDS)),
          bounds('id', fc.constantFrom(...IDS)),
        ),
      ),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      limit: fc.constantFrom(1, 2, 3, 1000),
    })
    .map(({ where, range, order, limit }) => ({ order, limit, ...(where ? { where } : {}), ...(range ? { range } : {}) }));

function commandsFor(subject: StoreUnderTest): fc.Arbitrary<Command>[] {
  const { reopen } = subject;
  const always: fc.Arbitrary<Command>[] = [
    fc.array(wish(), { minLength: 1, maxLength: 5 }).map(commit),
    fc.array(wish(), { minLength: 1, maxLength: 5 }).map(commit),
    fc.tuple(fc.constantFrom('things', 'others'), fc.constantFrom(...IDS)).map(([collection, id]) => get(collection, id)),
    fc.tuple(query(), fc.option(wish(), { nil: undefined })).map(([q, meanwhile]) => find('things', q, meanwhile)),
    fc.tuple(fc.constantFrom(...IDS), fc.integer({ min: 2, max: 6 })).map(([id, count]) => race(id, count)),
  ];
  if (reopen === undefined) return always;
  const again = command('reopen', async (_, real) => {
    await real.store.close();
    real.store = await reopen(real.store);
  });
  return [...always, fc.constant(again)];
}

/**
 * Random sequences of commits, reads, races and reopenings over a store and over a plain map beside it (模型检验): at no
 * point may the two differ. What fails is shrunk to the shortest sequence that does. Needs fast-check, no test runner.
 * @throws Error with the sequence, and the seed and path to repeat it
 */
export async function storeModel(subject: StoreUnderTest, options: StoreModelOptions = {}): Promise<void> {
  const { runs = 30, maxCommands = 40, replayPath, ...repeat } = options;
  const commands = fc.commands(commandsFor(subject), { maxCommands, ...(replayPath === undefined ? {} : { replayPath }) });
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const real: Real = { store: await subject.create(COLLECTIONS) };
      try {
        await fc.asyncModelRun(() => ({ model: new Model(), real }), sequence);
      } finally {
        await real.store.close();
      }
    }),
    { numRuns: runs, ...repeat },
  );
}
