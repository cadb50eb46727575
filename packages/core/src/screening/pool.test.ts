import { afterEach, expect, it } from 'vitest';

import { CN_NATIONAL } from '../rules/pack-cn-national.ts';
import { compilePack, screen } from './engine.ts';
import { createScreenPool, createWorkerPool } from './pool.ts';
import type { ScreenPool, WorkerPool } from './pool.ts';
import type { Pack, ScreenInput } from './types.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

function screenPool(size: number, pack: Pack = CN_NATIONAL): ScreenPool {
  const pool = createScreenPool({ pack, size });
  open.push(pool);
  return pool;
}

/** Threads that run a few lines of their own. */
function threads(code: string, size = 2): WorkerPool<number, number> {
  const head = `import { parentPort as port } from 'node:worker_threads';`;
  const pool = createWorkerPool<number, number>({
    module: new URL(`data:text/javascript,${encodeURIComponent(head + code)}`),
    data: undefined,
    size,
  });
  open.push(pool);
  return pool;
}

const POSTINGS: readonly ScreenInput[] = Array.from({ length: 1000 }, (_, i) => ({
  title: `第${i}号岗位`,
  text: i % 3 === 0 ? '本岗位仅限男性，入职须交押金' : '负责门店理货，男女不限',
  ...(i % 2 === 0 ? { salary: '月薪6000元' } : {}),
}));

it.each([1, 2, 3])('answers a batch on %i threads in order and as one by one', async (size) => {
  const compiled = compilePack(CN_NATIONAL);
  const pool = screenPool(size);
  const expected = POSTINGS.map((posting) => screen(posting, compiled));
  const [all, few, none] = await Promise.all([pool.screenBatch(POSTINGS), pool.screenBatch(POSTINGS.slice(1, 8)), pool.screenBatch([])]);
  expect(all).toEqual(expected);
  expect(few).toEqual(expected.slice(1, 8));
  expect(none).toEqual([]);
});

it('hands hostile input to the engine as it came, which sends it to a person', async () => {
  const hostile = [
    { text: '\u{d800}仅限男性\u{dc00}' },
    { text: 5 },
    { text: 'x'.repeat(30_000), __proto__: null },
    { text: '' },
  ] as unknown as readonly ScreenInput[];
  const compiled = compilePack(CN_NATIONAL);
  const answers = await screenPool(2).screenBatch(hostile);
  expect(answers).toEqual(hostile.map((input) => screen(input, compiled)));
  expect(answers.map(({ outcome }) => outcome)).toEqual(['block', 'review', 'review', 'pass']);
});

it('passes the options on to the engine', async () => {
  const compiled = compilePack(CN_NATIONAL);
  const bare = [{ title: '理货员', text: '负责门店理货' }];
  expect(await screenPool(1).screenBatch(bare, { complete: true })).toEqual(
    bare.map((input) => screen(input, compiled, { complete: true })),
  );
});

it('tells of a rule as its context changes it, as one by one', async () => {
  const compiled = compilePack(CN_NATIONAL);
  const options = { complete: true, context: ['graduates', 'campus', 'minors-contact', 'public-body', 'promoted'] } as const;
  const postings = CN_NATIONAL.rules.flatMap(({ examples }) => examples.violating.map((text) => ({ title: '招聘', text })));
  const expected = postings.map((posting) => screen(posting, compiled, options));
  expect(expected.some(({ findings }) => findings.some(({ context }) => context !== undefined))).toBe(true);
  expect(await screenPool(2).screenBatch(postings, options)).toEqual(expected);
});

it('refuses every batch when the pack contradicts its examples', async () => {
  const [rule] = CN_NATIONAL.rules;
  if (!rule) throw new Error('there is a rule');
  const wrong = { ...rule, examples: { ...rule.examples, violating: Array.from({ length: 5 }, () => '负责门店理货') } };
  const pool = screenPool(2, { ...CN_NATIONAL, rules: [wrong] });
  await expect(pool.screenBatch(POSTINGS)).rejects.toMatchObject({
    code: 'ZP_OPTION_INVALID',
    detail: { en: expect.stringContaining(rule.id) },
  });
  await expect(pool.screenBatch(POSTINGS)).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
});

it.each([
  ['exits', 'process.exit(0)'],
  ['throws', `throw new Error('secret')`],
])('refuses what a thread that %s had taken, and all that follows', async (_how, fault) => {
  const pool = threads(`port.on('message', (n) => { if (n === 3) { ${fault} } port.postMessage({ answer: n * 2 }); });`);
  const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => pool.run(n)));
  for (const [n, end] of ends.entries()) {
    if (end.status === 'fulfilled') expect(end.value).toBe(n * 2);
    else expect(end.reason).toMatchObject({ code: 'ZP_INTERNAL', detail: { en: 'A worker ended unexpectedly' } });
  }
  expect(ends[3]?.status).toBe('rejected');
  await expect(pool.run(1)).rejects.toMatchObject({ code: 'ZP_INTERNAL' });
});

it('refuses with the task that failed only, and goes on', async () => {
  const pool = threads(
    `port.on('message', (n) => port.postMessage(n === 1 ? { failed: { code: 'ZP_INTERNAL', detail: { zh: '错', en: 'wrong' } } } : { answer: n }));`,
  );
  const ends = await Promise.allSettled([0, 1, 2].map((n) => pool.run(n)));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await expect(pool.run(4)).resolves.toBe(4);
  // A task no thread can be sent refuses itself, too.
  await expect(pool.run((() => 1) as unknown as number)).rejects.toThrow('could not be cloned');
  await expect(pool.run(5)).resolves.toBe(5);
});

it('never gives a thread more than two tasks at once', async () => {
  const pool = threads(
    `let held = 0; let most = 0; port.on('message', () => { held++; most = Math.max(most, held); setTimeout(() => { held--; port.postMessage({ answer: most }); }, 5); });`,
  );
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => pool.run(n)));
  expect(Math.max(...answers)).toBe(2);
});

it('refuses what is under way when it is closed, and whatever comes later', async () => {
  const pool = screenPool(2);
  const [batch] = await Promise.allSettled([pool.screenBatch(POSTINGS), pool.close()]);
  expect(batch).toMatchObject({ status: 'rejected', reason: { code: 'ZP_STATE' } });
  await expect(pool.screenBatch(POSTINGS)).rejects.toMatchObject({ code: 'ZP_STATE' });
});

it.each([0, 1.5, -1, 65, Number.NaN])('refuses to start %d threads', (size) => {
  expect(() => createScreenPool({ pack: CN_NATIONAL, size })).toThrow('ZP_OPTION_INVALID');
});
