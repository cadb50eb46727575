import { expect, it } from 'vitest';

import { charge, charging, SHA } from '../../../test/fees.ts';
import type { FeesWorld } from '../../../test/fees.ts';
import { auditor, DAY_MS, officer, operator } from '../../../test/world.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';

type Line = ReconciliationInput['payments'][number];

function line(payment: string, on: string, over: Partial<Line> = {}): Line {
  return { payment, amountFen: 39_800, payer: 'employer', on, ...over };
}

/** A world whose payment channel tells of these, day by day. */
async function exporting(channel: (day: string) => Line[]): Promise<FeesWorld & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const world = await charging({
    async exportPayments({ from, through }) {
      asked.push(from === through ? from : `${from} ${through}`);
      return { payments: channel(from), reference: 'EXPORT-1' };
    },
  });
  return { ...world, asked };
}

const taken =
  (...lines: readonly Line[]) =>
  (day: string) =>
    lines.filter(({ on }) => on === day);
const kindsOf = async (world: FeesWorld) => (await world.reconcileDue(operator))?.differences.map(({ kind }) => kind);
const byHand = (world: FeesWorld, day: string) =>
  world.reconcile(officer, { from: day, through: day, payments: [], sha256: SHA, reference: 'by-hand' });

it('compares a day that was only compared by hand before it had ended', async () => {
  const world = await exporting(taken(line('stolen', '2026-11-24')));
  await byHand(world, '2026-11-24');
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual(['not-authorised']);
  expect(await world.reconcileDue(operator)).toBeUndefined();
});

it('compares the days before one that was compared by hand, each by itself', async () => {
  const world = await exporting(taken(line('stolen', '2026-11-26')));
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual([]);
  world.clock.advance(4 * DAY_MS);
  await byHand(world, '2026-11-27');
  expect(await world.reconcileDue(operator)).toMatchObject({ days: ['2026-11-25', '2026-11-26', '2026-11-28'], total: 1 });
  expect(world.asked).toEqual(['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-28']);
});

it('tries a day again whose export failed, and lets the later ones wait', async () => {
  let isDown = true;
  const world = await exporting((day) => {
    if (isDown && day === '2026-11-25') throw new Error('down');
    return [];
  });
  world.clock.advance(3 * DAY_MS);
  await expect(world.reconcileDue(operator)).rejects.toThrow('down');
  await expect(world.reconcileDue(operator)).rejects.toThrow('down');
  isDown = false;
  expect(await world.reconcileDue(operator)).toMatchObject({ days: ['2026-11-25', '2026-11-26'] });
  expect(world.asked).toEqual(['2026-11-24', '2026-11-25', '2026-11-25', '2026-11-25', '2026-11-26']);
});

it('goes back a month, and tells of older days once', async () => {
  const world = await exporting(() => []);
  world.clock.advance(41 * DAY_MS);
  const first = await world.reconcileDue(operator);
  expect([first?.days.length, first?.days[0], first?.total]).toEqual([31, '2026-12-04', 1]);
  expect(first?.differences).toEqual([{ kind: 'days-left-out', from: '2026-11-24', through: '2026-12-03' }]);
  world.clock.advance(DAY_MS);
  expect(await world.reconcileDue(operator)).toMatchObject({ days: ['2027-01-04'], total: 0 });
});

it('goes on over lines it cannot read, and keeps nothing of them but their place', async () => {
  const bad = [line('ALI/2026#7', '2026-11-24'), line('other-day', '2026-11-23'), null, line('p', '2026-11-24', { amountFen: Number.NaN })];
  const world = await exporting(() => [line('stolen', '2026-11-24'), ...(bad as Line[])]);
  world.clock.advance(DAY_MS);
  expect((await world.reconcileDue(operator))?.differences).toEqual([
    ...[1, 2, 3, 4].map((at) => ({ kind: 'unreadable-line', line: at })),
    { kind: 'not-authorised', payment: 'stolen', export: 39_800 },
  ]);
  const [{ body } = { body: undefined }] = (await world.listReconciliations(auditor, { limit: 1 })).items;
  expect([body?.payments, body?.counts['unreadable-line']]).toEqual([5, 4]);
  expect(JSON.stringify(body)).not.toMatch(/ALI|other-day/u);
});

it('takes a day with more lines than one export by hand may have', { timeout: 60_000 }, async () => {
  const world = await exporting((day) => Array.from({ length: 50_001 }, (_, at) => line(`p-${at}`, day)));
  world.clock.advance(DAY_MS);
  expect(await world.reconcileDue(operator)).toMatchObject({ days: ['2026-11-24'], total: 50_001 });
  expect((await world.listReconciliations(auditor, { limit: 5 })).items.length).toBe(1);
});

it('finds that money was taken twice on one permission, also on another day', async () => {
  const days = ['2026-11-24', '2026-11-25', '2026-11-27'];
  const world = await exporting(taken(...days.map((on) => line('pay-1', on))));
  const { id } = await world.authoriseCharge(operator, charge());
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual([]);
  expect((await world.store.get('charges', id))?.body['seenOn']).toBe('2026-11-24');
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual(['duplicate-in-export']);
  world.clock.advance(2 * DAY_MS);
  expect(await kindsOf(world)).toEqual(['duplicate-in-export']);
  // The same day once more is no second taking.
  const again = { from: '2026-11-24', through: '2026-11-24', payments: [line('pay-1', '2026-11-24')], sha256: SHA, reference: 'again' };
  expect((await world.reconcile(officer, again)).total).toBe(0);
});

it('marks as many charges as an export names', { timeout: 60_000 }, async () => {
  const payments = Array.from({ length: 450 }, (_, at) => `pay-${at}`);
  const world = await exporting(taken(...payments.map((one) => line(one, '2026-11-24'))));
  const ids = await Promise.all(payments.map(async (payment) => (await world.authoriseCharge(operator, charge({ payment }))).id));
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual([]);
  const marks = await Promise.all(ids.map(async (id) => (await world.store.get('charges', id))?.body['seenOn']));
  expect(new Set(marks)).toEqual(new Set(['2026-11-24']));
  const told = (await world.entries()).filter(({ kind }) => kind.startsWith('fees.'));
  expect(told.map(({ kind, facts }) => [kind, facts['charges']])).toEqual([
    ['fees.payments-seen', 200],
    ['fees.payments-seen', 200],
    ['fees.reconciled', 450],
  ]);
});

it('misses a refund of an earlier charge that was put on record and never left', async () => {
  const world = await exporting(taken(line('pay-1', '2026-11-24'), line('pay-1', '2026-11-26', { refundedFen: 39_800 })));
  const { id } = await world.authoriseCharge(operator, charge());
  const refund = (name: string, amountFen: number) =>
    world.recordRefund(operator, { charge: id, amountFen, refund: name, reason: 'cancelled' });
  world.clock.set('2026-11-24T17:00:00.000Z');
  // After midnight: nothing of the day before.
  await refund('r1', 800);
  expect(await kindsOf(world)).toEqual([]);
  world.clock.set('2026-11-26T02:00:00.000Z');
  expect((await world.reconcileDue(operator))?.differences).toEqual([{ kind: 'refund-differs', payment: 'pay-1', ledger: 800, export: 0 }]);
  await refund('r2', 39_000);
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual([]);
});

it('finds a refund that left and is on no record', async () => {
  const world = await exporting(taken(line('pay-1', '2026-11-24'), line('pay-1', '2026-11-25', { refundedFen: 500 })));
  await world.authoriseCharge(operator, charge());
  world.clock.advance(2 * DAY_MS);
  expect(await kindsOf(world)).toEqual(['refund-differs']);
});

it('misses a payment a day after it was allowed, when it may have been taken past midnight', async () => {
  const world = await exporting(taken(line('pay-1', '2026-11-25')));
  world.clock.set('2026-11-24T15:59:59.000Z');
  await world.authoriseCharge(operator, charge());
  await world.authoriseCharge(operator, charge({ payment: 'pay-2' }));
  world.clock.set('2026-11-25T02:00:00.000Z');
  expect(await kindsOf(world)).toEqual([]);
  world.clock.advance(DAY_MS);
  expect((await world.reconcileDue(operator))?.differences).toEqual([{ kind: 'missing-in-export', payment: 'pay-2', ledger: 39_800 }]);
  world.clock.advance(DAY_MS);
  expect(await kindsOf(world)).toEqual([]);
});
