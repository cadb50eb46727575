import { expect, it } from 'vitest';

import { charge, charging, employerItem, feesWorld, priceList, rulesOf, screenText } from '../../../test/fees.ts';
import type { FeesWorld } from '../../../test/fees.ts';
import { auditor, officer, operator } from '../../../test/world.ts';

async function reasons(world: FeesWorld, over: object): Promise<readonly string[]> {
  const { allowed, reasons: why } = await world.authoriseCharge(operator, charge(over));
  expect(allowed).toBe(why.length === 0);
  return why.map(({ code, pointer }) => `${pointer} ${code}`);
}

it('allows what is in the list, at its price and of its payer', async () => {
  const world = await charging();
  expect(await reasons(world, {})).toEqual([]);
  expect(
    await reasons(world, { payment: 'pay-2', item: 'resume-polish', quantity: 1, amountFen: 9900, payer: { kind: 'worker', id: 'w1' } }),
  ).toEqual([]);
  expect((await world.entries()).slice(1).map(({ kind, facts }) => [kind, facts['payer'], facts['priceList']])).toEqual([
    ['charge.allowed', 'employer', 1],
    ['charge.allowed', 'worker', 1],
  ]);
});

it.each([
  ['an item nobody has declared', { item: 'other' }, '/item item-not-in-effect'],
  ['another payer', { payer: { kind: 'agency', id: 'a1' } }, '/payer/kind payer-differs'],
  ['a worker in place of the employer', { payer: { kind: 'worker', id: 'w1' } }, '/payer/kind payer-differs'],
  ['a fen too much', { amountFen: 39_801 }, '/amountFen amount-differs'],
  ['a fen too little', { amountFen: 39_799 }, '/amountFen amount-differs'],
  [
    'an employer that collects from a worker',
    { item: 'resume-polish', quantity: 1, amountFen: 9900, payer: { kind: 'worker', id: 'w1' }, payee: 'employer' },
    '/payee employer-collects',
  ],
  [
    'an agency that collects from a worker',
    { item: 'resume-polish', quantity: 1, amountFen: 9900, payer: { kind: 'worker', id: 'w1' }, payee: 'agency' },
    '/payee employer-collects',
  ],
])('refuses %s, and puts that on record', async (_what, over, reason) => {
  const world = await charging();
  const { allowed, reasons: why, id } = await world.authoriseCharge(operator, charge(over));
  expect([allowed, why.map(({ code, pointer }) => `${pointer} ${code}`)]).toEqual([false, [reason]]);
  expect(why.every(({ title, advice, citations }) => title.zh !== '' && advice.en !== '' && citations.length > 0)).toBe(true);
  const record = (await world.store.get('charges', id))?.body;
  expect([record?.['state'], record?.['priceList'], record?.['day']]).toEqual(['refused', 1, '2026-11-24']);
  expect((await world.entries()).at(-1)).toMatchObject({ kind: 'charge.refused', subject: { collection: 'charges', id } });
});

it('refuses all there is wrong at once, and anything before a list is in effect', async () => {
  const world = feesWorld();
  expect(await reasons(world, {})).toEqual(['/item no-price-list']);
  await world.publishPriceList(officer, priceList('2026-11-25'));
  expect(await reasons(world, { payment: 'p' })).toEqual(['/item no-price-list']);
  world.clock.set('2026-11-24T16:00:00.000Z');
  const over = { payer: { kind: 'worker', id: 'w' }, amountFen: 1, payee: 'employer' };
  expect(await reasons(world, over)).toEqual(['/payer/kind payer-differs', '/amountFen amount-differs', '/payee employer-collects']);
});

it('charges by the list of the day, to the minute it turns', async () => {
  const world = await charging();
  await world.publishPriceList(officer, priceList('2026-12-01', [employerItem({ amountFen: 100 })]));
  world.clock.set('2026-11-30T15:59:59.999Z');
  expect(await reasons(world, { payment: 'a' })).toEqual([]);
  expect(await reasons(world, { payment: 'b', amountFen: 200 })).toEqual(['/amountFen amount-differs']);
  world.clock.advance(1);
  expect(await reasons(world, { payment: 'c', amountFen: 200 })).toEqual([]);
  expect(await reasons(world, { payment: 'd', item: 'resume-polish', quantity: 1, amountFen: 9900 })).toEqual(['/item item-not-in-effect']);
});

it('answers a retry with the same decision, says so, and leaves nothing more', async () => {
  const world = await charging();
  const first = await world.authoriseCharge(operator, charge());
  expect(first.replayed).toBe(false);
  expect(await world.authoriseCharge(operator, charge())).toEqual({ ...first, replayed: true });
  const refused = await world.authoriseCharge(operator, charge({ payment: 'pay-2', amountFen: 1 }));
  expect(await world.authoriseCharge(operator, charge({ payment: 'pay-2', amountFen: 1 }))).toEqual({ ...refused, replayed: true });
  expect((await world.entries()).length).toBe(3);
});

it('allows a payment again neither on another day nor once money of it was given back', async () => {
  const world = await charging();
  const { id } = await world.authoriseCharge(operator, charge());
  world.clock.set('2026-11-24T15:59:59.999Z');
  expect(await reasons(world, {})).toEqual([]);
  world.clock.advance(1);
  expect(await reasons(world, {})).toEqual(['/payment payment-reused']);
  world.clock.set('2026-11-24T03:00:00.000Z');
  await world.recordRefund(operator, { charge: id, amountFen: 1, refund: 'r1', reason: 'cancelled' });
  expect(await reasons(world, {})).toEqual(['/payment payment-reused']);
});

it('lets a refused payment be tried again, and an allowed one for nothing else', async () => {
  const world = await charging();
  const first = await world.authoriseCharge(operator, charge({ amountFen: 1 }));
  const second = await world.authoriseCharge(operator, charge({ amountFen: 2 }));
  const third = await world.authoriseCharge(operator, charge());
  const fourth = await world.authoriseCharge(operator, charge({ quantity: 1, amountFen: 19_900 }));
  expect([first, second, third, fourth].map(({ allowed }) => allowed)).toEqual([false, false, true, false]);
  expect(fourth.reasons.map(({ code }) => code)).toEqual(['payment-reused']);
  expect(new Set([first, second, third, fourth].map(({ id }) => id)).size).toBe(4);
  const ledger = await world.chargeLedger(auditor, { limit: 10 });
  expect(ledger.items.map(({ body }) => body.state).toSorted()).toEqual(['allowed', 'refused', 'refused', 'refused']);
});

it('allows a payment once, however many ask at once', async () => {
  const world = await charging();
  const asked = await Promise.all(Array.from({ length: 6 }, (_, at) => world.authoriseCharge(operator, charge({ for: `posting-${at}` }))));
  expect(asked.filter(({ allowed }) => allowed).length).toBe(1);
  expect((await world.entries()).filter(({ kind }) => kind === 'charge.allowed').length).toBe(1);
  expect((await world.entries()).filter(({ kind }) => kind === 'charge.refused').length).toBe(5);
});

it('keeps to the rules as they stand when it is charged', async () => {
  const world = await charging();
  const pay = { payment: 'p', item: 'resume-polish', quantity: 1, amountFen: 9900, payer: { kind: 'worker', id: 'w' } };
  world.state.screenText = (text) => ({
    ...screenText('入职交押金500元'),
    ...(text.includes('简历') ? {} : { findings: [] }),
  });
  expect(await reasons(world, pay)).toEqual(['/item item-refused']);
  const core = feesWorld();
  await core.publishPriceList(officer, priceList('2026-11-24', [employerItem({ kind: 'core' })]));
  core.state.agency = 'public';
  expect(await reasons(core, {})).toEqual(['/item public-core-fee']);
});

it('keeps ids of persons out of the evidence, and refuses those that are numbers of persons', async () => {
  const world = await charging();
  await world.authoriseCharge(operator, charge({ payer: { kind: 'worker', id: 'worker-account-99' } }));
  expect(JSON.stringify((await world.entries()).map(({ facts, subject }) => [facts, subject]))).not.toMatch(/worker-account-99|pay-1/u);
  const phone = charge({ payer: { kind: 'worker', id: '13800000000' } });
  expect(await rulesOf(world.authoriseCharge(operator, phone))).toEqual(['/payer/id opaque']);
  const numbers = charge({ payment: '13800000000', for: 'orders/110101199003074514' });
  expect(await rulesOf(world.authoriseCharge(operator, numbers))).toEqual(['/payment opaque', '/for opaque']);
  // A UUID in which the digits of a telephone number happen to stand.
  expect(await reasons(world, { payment: '0a1b2c3d-0000-4000-8000-f13800000000', for: 'orders/7' })).toEqual([]);
});

it('refunds no more than was charged, also when many ask at once', async () => {
  const world = await charging();
  const { id } = await world.authoriseCharge(operator, charge());
  const refund = (name: string, amountFen: number) =>
    world.recordRefund(operator, { charge: id, amountFen, refund: name, reason: 'cancelled' });
  const asked = await Promise.allSettled(Array.from({ length: 5 }, (_, at) => refund(`r${at}`, 10_000)));
  expect(asked.filter(({ status }) => status === 'fulfilled').length).toBe(3);
  expect((await world.store.get('charges', id))?.body['refundedFen']).toBe(30_000);
  expect(await rulesOf(refund('r9', 9801))).toEqual(['/amountFen exceeds']);
  expect(await refund('r9', 9800)).toMatchObject({ refundedFen: 39_800, leftFen: 0 });
  expect(await refund('r9', 9800)).toMatchObject({ refundedFen: 39_800, leftFen: 0 });
  expect(await rulesOf(refund('r9', 1))).toEqual(['/refund refund-reused']);
  expect((await world.entries()).filter(({ kind }) => kind === 'charge.refunded').length).toBe(4);
  expect((await world.refundLedger(auditor, { limit: 10 })).items.length).toBe(4);
});

it('refunds only what was allowed, and an order with its reference', async () => {
  const world = await charging();
  const { id } = await world.authoriseCharge(operator, charge({ amountFen: 1 }));
  const refund = { charge: id, amountFen: 1, refund: 'r1', reason: 'duplicate' };
  await expect(world.recordRefund(operator, refund)).rejects.toMatchObject({ code: 'ZP_STATE' });
  await expect(world.recordRefund(operator, { ...refund, charge: 'a'.repeat(40) })).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
  await expect(world.recordRefund({ ...operator, tenant: 'other' }, refund)).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
  expect(await rulesOf(world.recordRefund(operator, { ...refund, reason: 'ordered-by-authority' }))).toEqual(['/reference required']);
});
