import fc from 'fast-check';
import { expect, it } from 'vitest';

import { feesWorld, SHA } from '../../../test/fees.ts';
import type { FeesWorld } from '../../../test/fees.ts';
import { DAY_MS, officer, operator } from '../../../test/world.ts';
import { isComplianceError } from '../../kernel/errors.ts';
import { listed } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { JsonObject } from '../../kernel/store.ts';
import type { ChargeRecord, PriceItem, PriceListRecord, RefundRecord } from './records.ts';

const WHAT = { zh: '自愿选购的服务', en: 'Nobody has to take it' };
const COMMON = { what: WHAT, kind: 'extra', unit: 'service', basis: 'market-adjusted' } as const;
/** Lawful ones first; the last three may never be declared. */
const ITEMS: readonly PriceItem[] = [
  { ...COMMON, id: 'top', name: { zh: '职位置顶', en: 'Posting on top' }, payer: 'employer', amountFen: 100 },
  { ...COMMON, id: 'search', name: { zh: '简历搜索', en: 'Search' }, payer: 'agency', amountFen: 70 },
  {
    ...COMMON,
    id: 'resume',
    name: { zh: '简历优化', en: 'Résumé' },
    payer: 'worker',
    amountFen: 30,
    optional: true,
    category: 'resume-service',
  },
  {
    ...COMMON,
    id: 'held',
    name: { zh: '简历押金', en: 'Résumé' },
    payer: 'worker',
    amountFen: 30,
    optional: true,
    category: 'resume-service',
  },
  {
    ...COMMON,
    id: 'hidden',
    name: { zh: '简历鸭 金', en: 'Résumé' },
    payer: 'worker',
    amountFen: 30,
    optional: true,
    category: 'resume-service',
  },
  {
    ...COMMON,
    id: 'entry',
    name: { zh: '入职费', en: 'Entry fee' },
    payer: 'worker',
    amountFen: 30,
    optional: true,
    category: 'membership',
  },
];
const LAWFUL = 3;

type Step =
  | { readonly do: 'publish'; readonly inDays: number; readonly items: readonly number[]; readonly priceFen: number }
  | {
      readonly do: 'charge';
      readonly payment: number;
      readonly item: number;
      readonly quantity: number;
      readonly offFen: number;
      readonly payer: 'employer' | 'worker' | 'agency' | undefined;
      readonly payee: 'platform' | 'employer' | 'agency';
      readonly twice: boolean;
    }
  | { readonly do: 'refund'; readonly payment: number; readonly refund: number; readonly amountFen: number; readonly twice: boolean }
  | { readonly do: 'wait'; readonly days: number };

const itemAt = fc.oneof({ weight: 5, arbitrary: fc.nat(LAWFUL - 1) }, { weight: 1, arbitrary: fc.nat(ITEMS.length - 1) });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('publish' as const),
        inDays: fc.integer({ min: -1, max: 12 }),
        items: fc.uniqueArray(itemAt, { maxLength: 4 }),
        priceFen: fc.nat(3),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('charge' as const),
        payment: fc.nat(5),
        item: itemAt,
        quantity: fc.integer({ min: 1, max: 3 }),
        offFen: fc.constantFrom(0, 0, 0, 1, -1),
        payer: fc.constantFrom(undefined, undefined, 'employer' as const, 'worker' as const, 'agency' as const),
        payee: fc.constantFrom('platform' as const, 'platform' as const, 'employer' as const, 'agency' as const),
        twice: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('refund' as const),
        payment: fc.nat(5),
        refund: fc.nat(9),
        amountFen: fc.integer({ min: 1, max: 150 }),
        twice: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 9 }) }) },
  ),
  { minLength: 8, maxLength: 40 },
);

/** Whether it was done; a refusal thrown is none, anything else is a failure. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isComplianceError(error) && error.code === 'ZP_INPUT_INVALID') return false;
    throw error;
  }
}

interface Model {
  readonly lists: { readonly from: string; readonly items: readonly PriceItem[] }[];
  /** Charges allowed, by payment: what was asked and when, and the id. */
  readonly allowed: Map<string, { readonly asked: string; readonly on: string; readonly id: string }>;
  /** Payments of which money was given back. */
  readonly givenBack: Set<string>;
}

function inEffect({ lists }: Model, day: string): readonly PriceItem[] | undefined {
  return lists.filter(({ from }) => from <= day).at(-1)?.items;
}

async function publish(world: FeesWorld, model: Model, step: Extract<Step, { readonly do: 'publish' }>, today: string): Promise<void> {
  const from = world.calendar.addDays(today, step.inDays);
  const items = step.items.flatMap((at) => ITEMS[at] ?? []).map((item) => ({ ...item, amountFen: item.amountFen + step.priceFen }));
  const last = model.lists.at(-1);
  const isInTime = last === undefined ? from >= today : step.inDays >= 7 && from > last.from;
  const isLawful = step.items.every((at) => at < LAWFUL);
  const done = await isDone(world.publishPriceList(officer, { effectiveFrom: from, basis: { reference: 'minutes', sha256: SHA }, items }));
  expect(done).toBe(isInTime && isLawful);
  if (done) model.lists.push({ from, items });
}

async function ask(world: FeesWorld, model: Model, step: Extract<Step, { readonly do: 'charge' }>, today: string): Promise<void> {
  const wanted = ITEMS[step.item];
  const item = inEffect(model, today)?.find(({ id }) => id === wanted?.id);
  const payment = `payment-${step.payment}`;
  const kind = step.payer ?? wanted?.payer ?? 'worker';
  const input = {
    payment,
    item: wanted?.id,
    quantity: step.quantity,
    amountFen: (item ?? wanted ?? { amountFen: 0 }).amountFen * step.quantity + step.offFen,
    payer: { kind, id: 'account-1' },
    payee: step.payee,
  };
  const asked = JSON.stringify(input);
  const before = model.allowed.get(payment);
  const isFair = item !== undefined && kind === item.payer && step.offFen === 0 && (kind !== 'worker' || step.payee === 'platform');
  const isReplay = before?.asked === asked && before.on === today && !model.givenBack.has(before.id);
  const expected = before ? isReplay : isFair;
  const [decision, again] = await Promise.all([
    world.authoriseCharge(operator, input),
    step.twice ? world.authoriseCharge(operator, input) : undefined,
  ]);
  expect(decision.allowed).toBe(expected);
  if (again) expect({ ...again, replayed: true }).toEqual({ ...decision, replayed: true });
  if (decision.allowed && before === undefined) model.allowed.set(payment, { asked, on: today, id: decision.id });
}

async function giveBack(world: FeesWorld, model: Model, step: Extract<Step, { readonly do: 'refund' }>): Promise<void> {
  const charges = [...model.allowed.values()];
  const charge = charges[step.payment % charges.length];
  if (!charge) return;
  const input = { charge: charge.id, amountFen: step.amountFen, reason: 'goodwill' };
  const names = step.twice ? [`r-${step.refund}`, `s-${step.refund}`] : [`r-${step.refund}`];
  const done = await Promise.all(names.map((refund) => isDone(world.recordRefund(operator, { ...input, refund }))));
  if (done.includes(true)) model.givenBack.add(charge.id);
}

async function recordsOf<Body extends JsonObject>(world: FeesWorld, collection: string): Promise<readonly Loaded<Body>[]> {
  return listed<Body>(await world.store.find(collection, { limit: 1000 })).items;
}

/** Everything that is on record, held against the lists and the evidence. @returns how many refunds there were */
async function judge(world: FeesWorld): Promise<number> {
  const lists = (await recordsOf<PriceListRecord>(world, 'priceLists')).map(({ body }) => body);
  const charges = await recordsOf<ChargeRecord>(world, 'charges');
  const refunds = (await recordsOf<RefundRecord>(world, 'refunds')).map(({ body }) => body);
  const entries = await world.entries();
  for (const { body } of charges.filter((one) => one.body.state === 'allowed')) {
    const list = lists
      .filter(({ effectiveFrom }) => effectiveFrom <= body.day)
      .sort((a, b) => a.number - b.number)
      .at(-1);
    const item = list?.items.find(({ id }) => id === body.item);
    expect(list?.number).toBe(body.priceList);
    expect([item?.payer, (item?.amountFen ?? -1) * body.quantity]).toEqual([body.payer.kind, body.amountFen]);
    if (body.payer.kind === 'worker') expect([body.payee, body.item]).toEqual(['platform', 'resume']);
  }
  for (const { id, body } of charges) {
    const given = refunds.filter(({ charge }) => charge === id).reduce((sum, { amountFen }) => sum + amountFen, 0);
    expect(body.refundedFen).toBe(given);
    expect(given).toBeLessThanOrEqual(body.state === 'allowed' ? body.amountFen : 0);
  }
  const told = entries.filter(({ subject }) => subject.collection === 'charges');
  expect(told.map(({ subject, kind }) => `${subject.id} ${kind}`).toSorted()).toEqual(
    charges.map(({ id, body }) => `${id} charge.${body.state}`).toSorted(),
  );
  expect(entries.filter(({ kind }) => kind === 'charge.refunded').length).toBe(refunds.length);
  expect(entries.filter(({ kind }) => kind === 'price-list.published').length).toBe(lists.length);
  return refunds.length;
}

it('allows no charge that the list in effect does not, whatever is done in whatever order', async () => {
  let allowed = 0;
  let refunded = 0;
  const run = async (hasList: boolean, todo: readonly Step[]): Promise<void> => {
    const world = feesWorld();
    const model: Model = { lists: [], allowed: new Map(), givenBack: new Set() };
    const first: Step = { do: 'publish', inDays: 0, items: [0, 1, 2], priceFen: 0 };
    for (const step of hasList ? [first, ...todo] : todo) {
      const today = world.calendar.today(world.clock.now());
      if (step.do === 'wait') world.clock.advance(step.days * DAY_MS);
      else if (step.do === 'publish') await publish(world, model, step, today);
      else if (step.do === 'charge') await ask(world, model, step, today);
      else await giveBack(world, model, step);
    }
    refunded += await judge(world);
    allowed += model.allowed.size;
  };
  await fc.assert(fc.asyncProperty(fc.boolean(), steps, run), { numRuns: 300 });
  // A model in which nothing is ever allowed would show nothing.
  expect(allowed).toBeGreaterThan(100);
  expect(refunded).toBeGreaterThan(50);
});
