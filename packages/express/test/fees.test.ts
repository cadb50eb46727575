import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, ReconciliationInput, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, feeGuard, problemDetails } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const BASIS = { reference: 'MINUTES-1', sha256: 'a'.repeat(64) };
const MONTH = {
  id: 'posting-month',
  name: { zh: '招聘信息发布', en: 'Posting' },
  what: { zh: '一条招聘信息发布一个月', en: 'One posting for a month' },
  kind: 'core',
  payer: 'employer',
  unit: 'posting',
  amountFen: 19_900,
  basis: 'market-adjusted',
};
const RESUME = {
  id: 'resume-review',
  name: { zh: '简历修改建议', en: 'Resume review' },
  what: { zh: '由职业指导人员给出书面修改建议', en: 'Written advice on a resume' },
  kind: 'extra',
  payer: 'worker',
  optional: true,
  category: 'resume-service',
  unit: 'service',
  amountFen: 9900,
  basis: 'market-adjusted',
};
const charge = (over: object = {}): object => ({
  payment: 'pay-1',
  item: 'posting-month',
  quantity: 2,
  amountFen: 39_800,
  payer: { kind: 'employer', id: 'acct-employer' },
  payee: 'platform',
  ...over,
});

describe('fees', () => {
  let platform: Platform;
  let store: Store;
  let exported: ReconciliationInput['payments'];
  const asked = vi.fn<(days: object) => void>();
  /** What the host’s own route did: money taken. */
  const taken: string[] = [];

  async function send(method: 'get' | 'post', by: Actor | undefined, path: string, body?: object): Promise<Response> {
    const app = express();
    app.post('/host/payments', express.json(), feeGuard(platform.compliance), (req, res) => {
      taken.push((req.body as { payment: string }).payment);
      res.status(201).json(res.locals['charge']);
    });
    app.use('/compliance', complianceRouter(platform.compliance, { publicTenant: 'main' }));
    app.use(problemDetails({ baseUrl: '/compliance' }));
    const call = request(app)[method](path.startsWith('/host') ? path : `/compliance${path}`);
    if (by) void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? call : call.send(body);
  }

  beforeEach(async () => {
    store = memoryStore();
    taken.length = 0;
    exported = [];
    asked.mockClear();
    platform = await createPlatform(store, createTestClock('2026-11-24T02:00:00.000Z'), {
      fees: {
        async exportPayments(days) {
          asked(days);
          return { payments: exported, reference: 'EXPORT-1' };
        },
      },
    });
    const list = { effectiveFrom: '2026-11-24', basis: BASIS, items: [MONTH, RESUME] };
    expect((await send('post', officer, '/price-lists', list)).body).toMatchObject({ number: 1 });
  });
  afterEach(async () => {
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('are shown to everybody, without who set them', async () => {
    const { body, text } = await send('get', undefined, '/public/fees');
    expect(body).toMatchObject({ inEffect: { number: 1, items: [{ id: 'posting-month' }, { id: 'resume-review' }] } });
    expect(text).not.toContain('acct-officer');
    expect((await send('get', undefined, '/public/fees?day=2026-12-01')).status).toBe(400);
    expect((await send('get', undefined, '/public/fees/page?lang=en')).text).toMatch(/<html lang="en">[^]*Resume review[^]*¥99\.00/);
    const next = { effectiveFrom: '2026-12-01', basis: BASIS, items: [MONTH] };
    expect((await send('post', officer, '/price-lists', next)).status).toBe(201);
    expect((await send('get', undefined, '/public/fees')).body).toMatchObject({ inEffect: { number: 1 }, announced: [{ number: 2 }] });
    platform.clock.advance(7 * DAY);
    expect((await send('get', undefined, '/public/fees')).body).toMatchObject({ inEffect: { number: 2 }, announced: [] });
  });

  it.each([
    ['/items/0/name/zh', { ...RESUME, name: { zh: '工服押金', en: 'Resume review' } }],
    ['/items/0/name/zh', { ...RESUME, name: { zh: '简历修改押 金', en: 'Resume review' } }],
    ['/items/0/name/en', { ...RESUME, name: { zh: '简历修改建议', en: 'Resume security deposit' } }],
    ['/items/0/optional', { ...RESUME, optional: false }],
    ['/items/0/category', { ...RESUME, category: undefined }],
  ])('for workers are not declared with a fault at %s', async (pointer, item) => {
    const { status, body } = await send('post', officer, '/price-lists', { effectiveFrom: '2026-12-24', basis: BASIS, items: [item] });
    expect(status).toBe(422);
    expect((body as { findings: { pointer: string }[] }).findings.map((finding) => finding.pointer)).toContain(pointer);
  });

  describe('the guard', () => {
    const pay = (over: object = {}): Promise<Response> => send('post', operator, '/host/payments', charge(over));

    it('lets a published charge through, with the record of it', async () => {
      const { status, body } = await pay();
      expect([status, body]).toMatchObject([201, { allowed: true, priceList: 1 }]);
      expect(taken).toEqual(['pay-1']);
      expect((await send('get', auditor, '/charges')).body).toMatchObject({ items: [{ body: { state: 'allowed', amountFen: 39_800 } }] });
    });

    it.each<[string, string, object]>([
      ['an item that is not published', 'item-not-in-effect', { item: 'fast-lane' }],
      ['another amount', 'amount-differs', { amountFen: 39_799 }],
      ['another payer', 'payer-differs', { payer: { kind: 'worker', id: 'acct-1' } }],
      [
        'a worker who pays the employer',
        'employer-collects',
        { item: 'resume-review', quantity: 1, amountFen: 9900, payer: { kind: 'worker', id: 'acct-1' }, payee: 'employer' },
      ],
    ])('takes nothing for %s, and the refusal is evidence', async (_name, reason, over) => {
      const { status, body } = await pay(over);
      expect([status, (body as { code: string }).code]).toEqual([422, 'ZP_CHARGE_REFUSED']);
      expect((body as { findings: { rule: string }[] }).findings.map(({ rule }) => rule)).toContain(reason);
      expect(taken).toEqual([]);
      expect((await send('get', auditor, '/charges')).body).toMatchObject({ items: [{ body: { state: 'refused' } }] });
    });

    it('takes nothing without a token, for a user’s token, or while the store is down', async () => {
      expect((await send('post', undefined, '/host/payments', charge())).status).toBe(401);
      expect((await send('post', employer, '/host/payments', charge())).status).toBe(403);
      const down = vi.spyOn(store, 'commit').mockRejectedValue(new Error('down'));
      expect((await pay()).status).toBeGreaterThanOrEqual(500);
      down.mockRestore();
      expect(taken).toEqual([]);
      expect((await pay()).status).toBe(201);
    });

    it('takes nothing for what is no charge at all', async () => {
      expect((await pay({ quantity: 0 })).status).toBe(422);
      expect((await pay({ payer: { kind: 'worker', id: '13812345678' } })).status).toBe(422);
      expect(taken).toEqual([]);
    });
  });

  describe('the guard without an error handler', () => {
    async function order(chargeOf: (req: express.Request, res: express.Response) => unknown, ...keys: readonly string[]) {
      const app = express();
      app.post('/orders', feeGuard(platform.compliance, { actor: operator, chargeOf }), (_req, res) => {
        res.json({ replayed: (res.locals['charge'] as { replayed: boolean }).replayed });
      });
      const call = request(app).post('/orders');
      for (const key of keys) void call.set('Idempotency-Key', key);
      return call;
    }

    it('answers a refusal itself, and tells nothing of a store that is down', async () => {
      const refused = await order(() => charge({ amountFen: 1 }));
      expect([refused.status, refused.type]).toEqual([422, 'application/problem+json']);
      expect(refused.body).toMatchObject({ code: 'ZP_CHARGE_REFUSED', findings: [{ rule: 'amount-differs' }] });
      const down = vi.spyOn(store, 'commit').mockRejectedValue(new Error('password=none down'));
      const { status, text } = await order(() => charge());
      down.mockRestore();
      expect(status).toBeGreaterThanOrEqual(500);
      expect(text).not.toContain('password');
    });

    it('leaves an answer alone that was given already', async () => {
      const { status, text } = await order((_req, res) => void res.status(402).send('no card'));
      expect([status, text]).toEqual([402, 'no card']);
    });

    it('says that a request has passed before, whatever key it carries', async () => {
      expect((await order(() => charge(), 'k1')).body).toEqual({ replayed: false });
      expect((await order(() => charge({ payment: 'pay-2' }), 'k1')).body).toEqual({ replayed: false });
      expect((await order(() => charge(), 'k1')).body).toEqual({ replayed: true });
      platform.clock.advance(DAY);
      expect((await order(() => charge(), 'k1')).body).toMatchObject({ findings: [{ rule: 'payment-reused' }] });
    });

    it('is not made with an option nobody knows, nor with an account and no charge', () => {
      const make = (options: object) => () => feeGuard(platform.compliance, options);
      expect(make({ actor: operator, chargeof: () => charge() })).toThrow('ZP_OPTION_INVALID');
      expect(make({ actor: operator })).toThrow('ZP_OPTION_INVALID');
    });
  });

  it('take an announced list back, which is then shown to nobody', async () => {
    const next = { effectiveFrom: '2026-12-01', basis: BASIS, items: [MONTH] };
    const { id } = (await send('post', officer, '/price-lists', next)).body as { id: string };
    expect((await send('post', auditor, `/price-lists/${id}/withdrawal`, { reason: 'mistake' })).status).toBe(403);
    expect((await send('post', officer, `/price-lists/${id}/withdrawal`, { reason: 'because' })).status).toBe(422);
    expect((await send('post', officer, `/price-lists/${id}/withdrawal`, { reason: 'mistake' })).body).toEqual({ id, on: '2026-11-24' });
    expect((await send('get', undefined, '/public/fees')).body).toMatchObject({ inEffect: { number: 1 }, announced: [] });
  });

  it('take money for nothing but what the list says, whatever is asked for', { timeout: 60_000 }, async () => {
    const names = ['posting-month', 'resume-review', 'deposit', '押金', 'Posting-Month'];
    // Mostly right, each part wrong now and then.
    const mostly = <T, U>(right: T, ...wrong: readonly U[]) =>
      fc.oneof({ weight: 3 * wrong.length, arbitrary: fc.constant(right) }, { weight: wrong.length, arbitrary: fc.constantFrom(...wrong) });
    const requests = fc
      .record({
        payment: fc.nat(60).map((n) => `pay-${n}`),
        item: mostly('posting-month', ...names),
        quantity: mostly(2, -1, 0, 1, 3),
        amountFen: mostly(39_800, 0, 9900, 19_900, 19_800, 50_000, 39_800.5, -1),
        payerKind: mostly('employer', 'worker', 'agency', 'nobody'),
        payerId: mostly('acct-1', 'acct-2', '13812345678'),
        payee: mostly('platform', 'employer', 'agency'),
      })
      .map(({ payerKind, payerId, ...rest }) => ({ ...rest, payer: { kind: payerKind, id: payerId } }));
    const prices = new Map([MONTH, RESUME].map((one) => [one.id, one]));
    const used = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 8 }), async (some) => {
        for (const one of some) {
          taken.length = 0;
          const { status } = await send('post', operator, '/host/payments', one);
          const item = prices.get(one.item);
          const isRight =
            item !== undefined &&
            item.payer === one.payer.kind &&
            one.quantity >= 1 &&
            item.amountFen * one.quantity === one.amountFen &&
            one.payer.id !== '13812345678' &&
            (one.payer.kind !== 'worker' || one.payee === 'platform');
          // The same request again is answered as before; another under its id is not.
          if (taken.length > 0) {
            expect(isRight, JSON.stringify(one)).toBe(true);
            expect(status).toBe(201);
            used.add(one.payment);
          } else if (isRight) expect(used.has(one.payment), JSON.stringify(one)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    expect(used.size).toBeGreaterThan(3);
  });

  it('are given back up to what was taken', async () => {
    const { body } = await send('post', operator, '/charges', charge());
    const { id } = body as { id: string };
    const refund = (amountFen: number, refunded: string) =>
      send('post', operator, '/refunds', { charge: id, amountFen, refund: refunded, reason: 'cancelled' });
    expect((await refund(30_000, 'r-1')).body).toMatchObject({ refundedFen: 30_000, leftFen: 9800 });
    expect((await refund(9801, 'r-2')).status).toBe(422);
    expect((await refund(9800, 'r-2')).body).toMatchObject({ leftFen: 0 });
    expect((await send('get', auditor, '/refunds')).body).toMatchObject({ items: { length: 2 } });
  });

  it('are compared with the payments of each day that is over, once', async () => {
    await send('post', operator, '/charges', charge());
    platform.clock.advance(DAY);
    exported = [
      { payment: 'pay-1', amountFen: 39_800, payer: 'employer', on: '2026-11-24' },
      { payment: 'pay-behind', amountFen: 500, payer: 'worker', on: '2026-11-24' },
    ];
    const { compliance } = platform;
    expect(await compliance.reconcileDue(operator)).toMatchObject({
      total: 1,
      differences: [{ kind: 'not-authorised', payment: 'pay-behind' }],
    });
    // The same days are not asked for twice.
    expect(await compliance.reconcileDue(operator)).toBeUndefined();
    platform.clock.advance(3 * DAY);
    exported = [];
    expect(await compliance.reconcileDue(operator)).toMatchObject({ total: 0 });
    const days = asked.mock.calls.map(([one]) => one);
    expect(days).toEqual(
      ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'].map((day) => ({ tenant: 'main', from: day, through: day })),
    );
    platform.clock.advance(60 * DAY);
    await compliance.runDue(operator, ['reconcile-fees']);
    // No further back than it may take, and what is left out is told.
    expect(asked.mock.calls.length).toBe(4 + 31);
    expect(asked.mock.calls[4]?.[0]).toMatchObject({ from: '2026-12-27' });
    const { items } = (await send('get', auditor, '/reconciliations?limit=100')).body as { items: { body: { from: string } }[] };
    expect(items.find(({ body }) => body.from === '2026-12-27')?.body).toMatchObject({
      total: 1,
      differences: [{ kind: 'days-left-out', from: '2026-11-28', through: '2026-12-26' }],
    });
  });

  it('take an export of many lines over HTTP', async () => {
    const payments = Array.from({ length: 5000 }, (_line, at) => ({
      payment: `p-${at}`,
      amountFen: 100,
      payer: 'employer',
      on: '2026-11-24',
    }));
    const { status, body } = await send('post', officer, '/reconciliations', {
      from: '2026-11-24',
      through: '2026-11-24',
      payments,
      ...BASIS,
    });
    expect([status, body]).toMatchObject([201, { total: 5000, counts: { 'not-authorised': 5000 }, differences: { length: 200 } }]);
  });
});
