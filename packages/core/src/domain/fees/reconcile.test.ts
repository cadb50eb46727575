import { expect, it } from 'vitest';

import { charge, charging, rulesOf, SHA } from '../../../test/fees.ts';
import { auditor, officer, operator } from '../../../test/world.ts';

it('compares ledger and export in both directions', async () => {
  const world = await charging();
  const ids = new Map<string, string>();
  for (const payment of ['same', 'amount', 'payer', 'refund', 'lost', 'twice']) {
    const { id } = await world.authoriseCharge(operator, charge({ payment }));
    ids.set(payment, id);
  }
  await world.authoriseCharge(operator, charge({ payment: 'refused', amountFen: 1 }));
  await world.recordRefund(operator, { charge: ids.get('refund'), amountFen: 5, refund: 'r', reason: 'goodwill' });
  world.clock.set('2026-11-25T02:00:00.000Z');
  const line = (payment: string, over: object = {}) => ({ payment, amountFen: 39_800, payer: 'employer', on: '2026-11-24', ...over });
  const days = { from: '2026-11-24', through: '2026-11-24', sha256: SHA, reference: 'export-1124' };
  const payments = [
    line('same'),
    line('amount', { amountFen: 40_000 }),
    line('payer', { payer: 'worker' }),
    line('refund'),
    line('twice'),
    line('twice'),
    line('refused', { amountFen: 1 }),
    line('unknown'),
  ];
  const { differences, counts, total } = await world.reconcile(officer, { ...days, payments });
  expect(differences).toEqual([
    { kind: 'amount-differs', payment: 'amount', ledger: 39_800, export: 40_000 },
    { kind: 'payer-differs', payment: 'payer', ledger: 'employer', export: 'worker' },
    { kind: 'refund-differs', payment: 'refund', ledger: 5, export: 0 },
    { kind: 'duplicate-in-export', payment: 'twice', export: 39_800 },
    { kind: 'refused-but-paid', payment: 'refused', export: 1 },
    { kind: 'not-authorised', payment: 'unknown', export: 39_800 },
    { kind: 'missing-in-export', payment: 'lost', ledger: 39_800 },
  ]);
  expect(Object.values(counts)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0]);
  expect(total).toBe(7);
  const { facts } = (await world.entries()).at(-1) ?? { facts: {} };
  expect(facts).toMatchObject({ payments: 8, charges: 6, total: 7, counts });
  expect(JSON.stringify(facts)).not.toContain('twice');
  expect((await world.listReconciliations(auditor, { limit: 5 })).items[0]?.body.differences).toEqual(differences);
});

it('finds a payment that was authorised the day before, and keeps the first two hundred differences', async () => {
  const world = await charging();
  await world.authoriseCharge(operator, charge());
  await world.authoriseCharge(operator, charge({ payment: 'pay-2', amountFen: 3 }));
  world.clock.set('2026-11-25T02:00:00.000Z');
  const line = (payment: string) => ({ payment, amountFen: 39_800, payer: 'employer', on: '2026-11-25' });
  const days = { from: '2026-11-25', through: '2026-11-25', sha256: SHA, reference: 'export-1125' };
  const outcome = await world.reconcile(officer, { ...days, payments: [line('pay-1'), line('pay-2')] });
  expect(outcome.differences.map(({ kind }) => kind)).toEqual(['refused-but-paid']);
  const many = await world.reconcile(officer, { ...days, payments: Array.from({ length: 250 }, (_, at) => line(`x${at}`)) });
  expect([many.total, many.differences.length, many.counts['not-authorised']]).toEqual([250, 200, 250]);
});

it('compares days that have been, in order, and no more than a quarter at once', async () => {
  const world = await charging();
  const input = { from: '2026-11-01', through: '2026-11-24', payments: [], sha256: SHA, reference: 'export' };
  expect(await rulesOf(world.reconcile(officer, { ...input, from: '2026-11-25' }))).toEqual(['/through order']);
  expect(await rulesOf(world.reconcile(officer, { ...input, through: '2026-11-25' }))).toEqual(['/through future']);
  expect(await rulesOf(world.reconcile(officer, { ...input, from: '2026-08-24' }))).toEqual(['/through span']);
  expect((await world.reconcile(officer, { ...input, from: '2026-08-25' })).total).toBe(0);
  const payments = [{ payment: 'p', amountFen: 1, payer: 'worker', on: '2026-10-31' }];
  expect(await rulesOf(world.reconcile(officer, { ...input, payments }))).toEqual(['/payments/0/on range']);
});
