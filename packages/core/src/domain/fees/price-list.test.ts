import { expect, it } from 'vitest';

import { employerItem, feesWorld, priceList, rulesOf, workerItem } from '../../../test/fees.ts';
import { auditor, employer, officer } from '../../../test/world.ts';
import { isComplianceError } from '../../kernel/errors.ts';
import { citationText, INSTRUMENTS } from '../../rules/instruments.ts';
import { priceListPage } from './page.ts';

it('says of every refusal where, by which article and what to do', async () => {
  const { publishPriceList } = feesWorld();
  const error: unknown = await publishPriceList(
    officer,
    priceList('2026-11-24', [workerItem({ name: { zh: '服装押金', en: 'Deposit' } })]),
  ).catch((thrown: unknown) => thrown);
  if (!isComplianceError(error)) throw new Error('was not refused');
  expect(error.code).toBe('ZP_INPUT_INVALID');
  for (const { title, advice, citations } of error.issues) {
    expect(title.zh.length * title.en.length * advice.zh.length * advice.en.length).toBeGreaterThan(0);
    for (const citation of citations) expect(citationText(citation).zh).toMatch(/^《/u);
    expect(citations.map(({ instrument }) => INSTRUMENTS.some(({ id }) => id === instrument))).not.toContain(false);
    expect(citations.length).toBeGreaterThan(0);
  }
});

it('lets the first list take effect today and a later one after seven days that do not count the day it is published', async () => {
  const { publishPriceList, clock } = feesWorld('2026-11-24T15:59:59.000Z');
  expect(await rulesOf(publishPriceList(officer, priceList('2026-11-23')))).toEqual(['/effectiveFrom past']);
  expect(await publishPriceList(officer, priceList('2026-11-24'))).toEqual({ id: 'main:000001', number: 1, effectiveFrom: '2026-11-24' });
  expect(await rulesOf(publishPriceList(officer, priceList('2026-11-30')))).toEqual(['/effectiveFrom notice']);
  // A second later it is the next day in Shanghai.
  clock.advance(1000);
  expect(await rulesOf(publishPriceList(officer, priceList('2026-12-01')))).toEqual(['/effectiveFrom notice']);
  expect((await publishPriceList(officer, priceList('2026-12-02'))).number).toBe(2);
  expect(await rulesOf(publishPriceList(officer, priceList('2026-12-02')))).toEqual(['/effectiveFrom order']);
  expect((await publishPriceList(officer, priceList('2026-12-03'))).number).toBe(3);
});

it('shows the list in effect on a day, the next one, and keeps the old', async () => {
  const { publishPriceList, currentPriceList, announcedPriceList, listPriceLists, clock, entries } = feesWorld();
  expect(await currentPriceList('main')).toBeUndefined();
  await publishPriceList(officer, priceList('2026-11-24'));
  await publishPriceList(officer, priceList('2026-12-01', [employerItem({ amountFen: 1 })]));
  await publishPriceList(officer, priceList('2026-12-08', []));
  expect((await currentPriceList('main'))?.body.number).toBe(1);
  expect((await currentPriceList('main', '2026-12-07'))?.body.number).toBe(2);
  expect(await currentPriceList('other')).toBeUndefined();
  expect((await announcedPriceList('main'))?.body.number).toBe(2);
  clock.set('2026-12-07T16:00:00.000Z');
  expect((await currentPriceList('main'))?.body.number).toBe(3);
  expect(await announcedPriceList('main')).toBeUndefined();
  const newest = await listPriceLists(auditor, { limit: 2 });
  expect(newest.items.map(({ body }) => body.number)).toEqual([3, 2]);
  const rest = await listPriceLists(auditor, { limit: 2, cursor: newest.cursor ?? '' });
  expect(rest.items.map(({ body }) => body.number)).toEqual([1]);
  expect((await entries()).map(({ kind, facts }) => [kind, facts['number'], facts['items']])).toEqual([
    ['price-list.published', 1, 2],
    ['price-list.published', 2, 1],
    ['price-list.published', 3, 0],
  ]);
});

it('shows every announced list, also one behind another', async () => {
  const world = feesWorld();
  await world.publishPriceList(officer, priceList('2026-11-24'));
  for (const day of ['2026-12-01', '2026-12-02']) await world.publishPriceList(officer, priceList(day));
  const announced = await world.announcedPriceLists('main');
  expect(announced.map(({ body }) => body.number)).toEqual([2, 3]);
  const page = priceListPage(await world.currentPriceList('main'), announced, 'Example', 'en');
  expect(page).toMatch(/in effect from 2026-12-01[^]*in effect from 2026-12-02/u);
});

it('takes an announced list back, which then never takes effect and stands in the way of none', async () => {
  const world = feesWorld();
  const first = await world.publishPriceList(officer, priceList('2026-11-24'));
  const slip = await world.publishPriceList(officer, priceList('2206-12-01'));
  expect(await rulesOf(world.publishPriceList(officer, priceList('2026-12-31')))).toEqual(['/effectiveFrom order']);
  const withdraw = (id: string, input: object = { reason: 'mistake' }) => world.withdrawPriceList(officer, id, input);
  await expect(world.withdrawPriceList(auditor, slip.id, {})).rejects.toMatchObject({ code: 'ZP_FORBIDDEN' });
  expect(await rulesOf(withdraw(slip.id, { reason: 'ordered-by-authority' }))).toEqual(['/reference required']);
  await expect(withdraw('main:000009')).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
  await expect(withdraw(first.id)).rejects.toMatchObject({ code: 'ZP_STATE' });
  expect(await withdraw(slip.id)).toEqual({ id: slip.id, on: '2026-11-24' });
  await expect(withdraw(slip.id)).rejects.toMatchObject({ code: 'ZP_STATE' });
  expect(await world.announcedPriceLists('main')).toEqual([]);
  expect((await world.publishPriceList(officer, priceList('2026-12-31'))).number).toBe(3);
  world.clock.set('2206-12-02T02:00:00.000Z');
  expect((await world.currentPriceList('main'))?.body.number).toBe(3);
  expect((await world.listPriceLists(auditor, { limit: 5 })).items[0]?.body).toMatchObject({ number: 2, withdrawn: { reason: 'mistake' } });
  const entry = (await world.entries()).find(({ kind }) => kind === 'price-list.withdrawn');
  expect(entry?.facts).toEqual({ number: 2, effectiveFrom: '2206-12-01', reason: 'mistake', reference: null });
});

it('numbers two publications at once one behind the other', async () => {
  const { publishPriceList } = feesWorld();
  const outcomes = await Promise.allSettled([
    publishPriceList(officer, priceList('2026-11-24')),
    publishPriceList(officer, priceList('2026-12-24')),
    publishPriceList(officer, priceList('2026-11-25')),
  ]);
  const numbers = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : []));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, at) => at + 1));
  expect(numbers.length).toBe(2);
});

it('refuses ids used twice, and fees for the core services of a public agency', async () => {
  const { publishPriceList, state } = feesWorld();
  expect(await rulesOf(publishPriceList(officer, priceList('2026-11-24', [employerItem(), employerItem()])))).toEqual([
    '/items/1/id unique',
  ]);
  state.agency = 'public';
  const core = priceList('2026-11-24', [employerItem({ kind: 'core' })]);
  expect(await rulesOf(publishPriceList(officer, core))).toEqual(['/items/0/amountFen public-core-fee']);
  const free = priceList('2026-11-24', [employerItem({ kind: 'core', amountFen: 0 })]);
  expect((await publishPriceList(officer, free)).number).toBe(1);
});

it('keeps every method to the roles of the table', async () => {
  const world = feesWorld();
  const page = { limit: 1 };
  const works = [
    () => world.publishPriceList(employer, {}),
    () => world.listPriceLists(employer, page),
    () => world.authoriseCharge(officer, {}),
    () => world.recordRefund(officer, {}),
    () => world.chargeLedger(employer, page),
    () => world.refundLedger(employer, page),
    () => world.reconcile(auditor, {}),
    () => world.listReconciliations(employer, page),
  ];
  for (const work of works) await expect(work()).rejects.toMatchObject({ code: 'ZP_FORBIDDEN' });
});

it('prints the list in effect and the next one, and nothing as markup', async () => {
  const world = feesWorld();
  const items = [employerItem({ name: { zh: '<b>置顶', en: '<b>top' }, amountFen: 123_456_705 }), workerItem({ amountFen: 0 })];
  await world.publishPriceList(officer, priceList('2026-11-24', items));
  await world.publishPriceList(officer, priceList('2026-12-24', []));
  const [list, next] = [await world.currentPriceList('main'), await world.announcedPriceLists('main')];
  const zh = priceListPage(list, next, '示例<网>', 'zh');
  expect(zh).toContain('¥1,234,567.05 / 每条招聘信息');
  expect(zh).toContain('&lt;b&gt;置顶');
  expect(zh).not.toContain('<b>');
  expect(zh).toContain('示例&lt;网&gt;');
  expect(zh).toContain('2026-12-24 起施行');
  expect(zh).toMatch(/简历优化.*免费/u);
  const en = priceListPage(list, [], 'Example', 'en');
  expect(en).toContain('in effect from 2026-11-24');
  expect(en).not.toContain('2026-12-24');
  expect(priceListPage(undefined, [], 'Example', 'en')).toContain('No price list has been published yet.');
});
