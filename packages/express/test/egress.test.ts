import { Readable } from 'node:stream';

import { createTestClock, ComplianceError, verifyEvidence } from '@zhengpin/core';
import type { Actor, CanaryAlarm, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import type { Express, RequestHandler, Response as ExpressResponse } from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, guardOf, personalEgress } from '../src/index.ts';
import type { Egress } from '../src/index.ts';
import { agency, auditor, createPlatform, employer, inspector, officer, operator, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const FIELDS = {
  '/id': 'public',
  '/name': 'name',
  '/sex': 'sex',
  '/born': 'age',
  '/mobile': 'mobile',
  '/contacts/*/email': 'email',
  '/religion': 'religion',
  '/jobs': 'experience',
  '/items/*/name': 'name',
  '/items/*/mobile': 'mobile',
} as const;
const RESUME = {
  id: 'p-1',
  name: '欧阳晓明',
  sex: '男',
  born: '1990-03-07',
  mobile: '13800138000',
  contacts: [{ email: 'xiaoming@mail.example.com' }, { email: 'b@mail.example.com' }],
  religion: '无',
  jobs: [{ employer: '某厂', from: 2015 }],
  note: '可致电 13900139000',
};

describe('the guard of personal information', () => {
  let platform: Platform;
  let store: Store;
  let alarms: CanaryAlarm[];
  let errors: unknown[];

  beforeEach(async () => {
    store = memoryStore();
    [alarms, errors] = [[], []];
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'), {
      personal: { dailySubjects: 30, onCanary: (alarm) => void alarms.push(alarm) },
    });
  });

  function site(
    handler: (res: ExpressResponse, egress: Egress) => unknown,
    more: { purposes?: readonly string[]; subjects?: readonly string[] } = {},
  ): Express {
    const guard = personalEgress(platform.compliance, {
      fields: FIELDS,
      subjects: ['/id', '/items/*/id'],
      purposes: ['recruit'],
      onError: (error) => errors.push(error),
      ...more,
    });
    const last: RequestHandler = async (_req, res) => {
      await handler(res, res.locals['egress'] as Egress);
    };
    return express().get('/resumes/:id', guard, last);
  }

  async function ask(app: Express, by: Actor, purpose?: string): Promise<Response> {
    // Looks of one instant have no order.
    platform.clock.advance(1);
    const call = request(app)
      .get('/resumes/p-1')
      .set('Authorization', `Bearer ${await platform.token(by)}`);
    if (purpose !== undefined) void call.set('Zhengpin-Purpose', purpose);
    return call;
  }

  const accesses = async (query: object = {}) => (await platform.compliance.listAccesses(auditor, query, { limit: 100 })).items;

  it('shows each role what it may see, in whole or in part, and withholds what nobody declared', async () => {
    const app = site((res) => res.json(RESUME));
    expect((await ask(app, employer)).body).toEqual({
      id: 'p-1',
      name: '欧阳晓明',
      sex: '*',
      born: '1990',
      mobile: '13800138000',
      contacts: [{ email: 'xiaoming@mail.example.com' }, { email: 'b@mail.example.com' }],
      jobs: [{ employer: '某厂', from: 2015 }],
      note: '可致电 〔手机号〕',
    });
    platform.clock.advance(1000);
    expect((await ask(app, reviewer)).body).toEqual({
      id: 'p-1',
      name: '欧***',
      mobile: '138****8000',
      contacts: [{ email: 'x******@mail.example.com' }, { email: '*@mail.example.com' }],
      jobs: [{ employer: '某厂', from: 2015 }],
      note: '可致电 〔手机号〕',
    });
    expect(await accesses()).toEqual([
      expect.objectContaining({ by: reviewer.id, role: 'reviewer' }),
      {
        by: employer.id,
        role: 'employer',
        at: expect.stringMatching(/^2026-11-25T02:00:00/u) as string,
        route: 'GET /resumes/:id',
        purpose: 'recruit',
        basis: 'consent',
        how: 'view',
        fields: ['age', 'email', 'experience', 'mobile', 'name', 'sex'],
        subjects: ['p-1'],
        count: 1,
        undeclared: ['mobile'],
      },
    ]);
    // The log of looks holds nothing of what was looked at.
    const everything = JSON.stringify(
      await Promise.all(['accesses', 'evidence', 'accessCounters'].map((name) => store.find(name, { limit: 1000 }))),
    );
    for (const value of ['13800138000', '13900139000', '欧阳', 'xiaoming']) expect(everything).not.toContain(value);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('is on record before a byte leaves, and without a record nothing does', async () => {
    const app = site((res) => res.json(RESUME));
    const { commit } = store;
    store.commit = () => Promise.reject(new ComplianceError('ZP_STORE_UNAVAILABLE'));
    const refused = await ask(app, employer);
    expect(refused).toMatchObject({ status: 503, body: { code: 'ZP_STORE_UNAVAILABLE' } });
    expect(refused.text).not.toContain('13800138000');
    store.commit = commit;
    expect(await accesses()).toEqual([]);
    expect((await ask(app, employer)).status).toBe(200);
    expect(await accesses()).toHaveLength(1);
  });

  it('wants a purpose the route is for, and a token', async () => {
    const app = site((res) => res.json(RESUME), { purposes: ['recruit', 'complaint'] });
    expect(await ask(app, employer)).toMatchObject({ status: 400, body: { code: 'ZP_PURPOSE_INVALID' } });
    expect(await ask(app, employer, 'curiosity')).toMatchObject({ status: 400, body: { code: 'ZP_PURPOSE_INVALID' } });
    expect((await ask(app, employer, 'complaint')).status).toBe(200);
    expect((await accesses())[0]).toMatchObject({ purpose: 'complaint', basis: 'legal-duty' });
    expect((await request(app).get('/resumes/p-1')).status).toBe(401);
    expect((await ask(app, auditor, 'recruit')).body).toMatchObject({ code: 'ZP_FORBIDDEN' });
    expect(() => site(() => undefined, { purposes: ['curiosity'] })).toThrow(/ZP_OPTION_INVALID/);
    expect(() => personalEgress(platform.compliance, { fields: { '/a': 'nothing' }, subjects: [], purposes: ['recruit'] })).toThrow(
      /ZP_OPTION_INVALID/,
    );
  });

  it.each<[string, (res: ExpressResponse) => unknown, number, string]>([
    ['a text', (res) => res.send('致电 13800138000'), 200, '致电 〔手机号〕'],
    ['a text by end', (res) => res.end('致电 13800138000'), 200, '致电 〔手机号〕'],
    [
      'JSON as a text',
      (res) => res.type('json').send('{"mobile":"13800138000","x":"13900139000"}'),
      200,
      '{"mobile":"138****8000","x":"〔手机号〕"}',
    ],
    ['a broken JSON text', (res) => res.type('json').send('{"mobile":"13800138000"'), 500, 'ZP_EGRESS_UNDECLARED'],
    ['bytes', (res) => res.send(Buffer.from('13800138000')), 500, 'ZP_EGRESS_UNDECLARED'],
    ['bytes by end', (res) => res.end(Buffer.from('13800138000')), 500, 'ZP_EGRESS_UNDECLARED'],
    ['a write', (res) => res.write('13800138000'), 500, 'ZP_EGRESS_UNDECLARED'],
    ['a stream', (res) => Readable.from(['13800138000']).pipe(res), 500, 'ZP_EGRESS_UNDECLARED'],
    ['a redirect with a number in it', (res) => res.redirect('/x?tel=13800138000'), 500, 'ZP_EGRESS_UNDECLARED'],
    ['a header', (res) => res.set('content-disposition', 'attachment; filename="13800138000.pdf"').json({}), 500, 'ZP_EGRESS_UNDECLARED'],
    ['a problem', (res) => res.status(404).json({ detail: 'no 13800138000' }), 404, 'no 〔手机号〕'],
    ['nothing', (res) => res.status(204).end(), 204, ''],
    ['a value with its own way of JSON', (res) => res.json({ x: { toJSON: () => '13800138000' } }), 200, '〔手机号〕'],
    ['a key', (res) => res.json({ '13800138000': 1 }), 200, '〔手机号〕'],
    ['a number', (res) => res.json({ x: 13_800_138_000 }), 200, '〔手机号〕'],
    ['a prototype', (res) => res.json(JSON.parse('{"__proto__":{"mobile":"13800138000"}}')), 200, '〔手机号〕'],
  ])('lets nothing out by %s', async (_name, handler, status, said) => {
    const answer = await ask(
      site((res) => {
        try {
          return handler(res);
        } catch {
          return undefined;
        }
      }),
      reviewer,
    );
    expect(answer.status).toBe(status);
    const all = `${answer.text ?? ''} ${JSON.stringify(answer.headers)}`;
    expect(all).toContain(said);
    expect(all).not.toContain('13800138000');
  });

  it('answers once, whatever the handler says afterwards', async () => {
    const app = site((res) => {
      res.json({ mobile: '13800138000' });
      res.json({ mobile: '13900139000' });
      res.end('13800138000');
    });
    expect((await ask(app, employer)).body).toEqual({ mobile: '13800138000' });
  });

  it('sends a file that is one field of one subject to whoever sees all of it', async () => {
    const bytes = Buffer.from([1, 2, 3]);
    const app = site((res, egress) => {
      res.type('image/png');
      return egress.file({ subject: 'p-1', field: 'portrait' }, Readable.from([bytes]));
    });
    expect(await ask(app, employer)).toMatchObject({ status: 403, body: { code: 'ZP_FORBIDDEN' } });
    expect((await ask(app, inspector)).body).toEqual(bytes);
    expect(await accesses()).toMatchObject([{ how: 'file', fields: ['portrait'], subjects: ['p-1'], by: inspector.id }]);
  });

  describe('of very many', () => {
    async function* people(count: number): AsyncGenerator {
      for (let i = 0; i < count; i++) yield { id: `p-${i}`, name: '张三', mobile: '13800138000', religion: '无', pad: 'x'.repeat(10_000) };
    }

    it.each(['ndjson', 'json'] as const)('streams %s, each batch on record before it leaves', async (format) => {
      const app = site((_res, egress) => egress.stream(people(250), format));
      const { text, status } = await ask(app, inspector);
      expect(status).toBe(200);
      const items = (
        format === 'json'
          ? JSON.parse(text)
          : text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line))
      ) as readonly object[];
      expect(items).toHaveLength(250);
      expect(items[249]).toMatchObject({ id: 'p-249', name: '张三' });
      expect((await accesses()).map(({ count, how }) => [count, how] as const).toSorted(([a], [b]) => a - b)).toEqual([
        [50, 'export'],
        [100, 'export'],
        [100, 'export'],
      ]);
    });

    it('answers an empty stream, and one that breaks off before it began', async () => {
      expect(
        (
          await ask(
            site((_res, egress) => egress.stream([], 'json')),
            inspector,
          )
        ).text,
      ).toBe('[]');
      const broken = site((_res, egress) =>
        egress.stream(
          (async function* () {
            if (Date.now() > 0) throw new TypeError('13800138000');
            yield {};
          })(),
        ),
      );
      const answer = await ask(broken, inspector);
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('13800138000');
    });

    it('stops at the quota of a day, until another person grants more', async () => {
      const app = site((res) => res.json({ items: Array.from({ length: 20 }, (_, i) => ({ id: `p-${i}`, name: '张三' })) }));
      expect((await ask(app, employer)).status).toBe(200);
      const refused = await ask(app, employer);
      expect(refused).toMatchObject({ status: 403, body: { code: 'ZP_ACCESS_QUOTA' } });
      expect(refused.text).not.toContain('张');
      // Each has a quota of its own, and an inspector none.
      expect((await ask(app, agency)).status).toBe(200);
      for (let i = 0; i < 3; i++) expect((await ask(app, inspector)).status).toBe(200);
      const router = express().use('/compliance', complianceRouter(platform.compliance));
      const send = async (by: Actor, path: string, body: object): Promise<Response> =>
        request(router)
          .post(`/compliance${path}`)
          .set('Authorization', `Bearer ${await platform.token(by)}`)
          .send(body);
      const asked = await send(employer, '/personal/exports', { purpose: 'export', count: 20, reference: 'CASE-1' });
      expect(asked).toMatchObject({ status: 201, body: { state: 'asked' } });
      const grant = `/personal/exports/${String(asked.body.id)}/grant`;
      expect((await send(employer, grant, {})).status).toBe(403);
      expect((await send(officer, grant, {})).body).toMatchObject({ state: 'granted', day: '2026-11-25' });
      expect((await send(officer, grant, {})).body).toMatchObject({ code: 'ZP_STATE' });
      expect((await ask(app, employer)).status).toBe(200);
      expect((await ask(app, employer)).status).toBe(403);
      // A grant is for its day; the next has the quota again.
      platform.clock.advance(86_400_000);
      expect((await ask(app, employer)).status).toBe(200);
      expect((await ask(app, employer)).status).toBe(403);
      const log = await request(router)
        .get(`/compliance/personal/accesses?by=${employer.id}&from=2026-11-25&to=2026-11-25`)
        .set('Authorization', `Bearer ${await platform.token(auditor)}`);
      expect(log.body.items.map(({ refused: was }: { readonly refused?: true }) => was === true)).toEqual([true, false, true, false]);
    });

    it('writes looks that come together into one entry', async () => {
      const app = site((res) => res.json(RESUME));
      await Promise.all(Array.from({ length: 30 }, () => ask(app, inspector)));
      expect(await accesses()).toHaveLength(30);
      expect((await store.find('accesses', { limit: 100 })).records.length).toBeLessThan(30);
    });
  });

  it('names whoever looks at an identity that is nobody’s', async () => {
    await platform.compliance.setCanary(officer, { subject: 'p-1' });
    await ask(
      site((res) => res.json(RESUME)),
      employer,
    );
    expect(alarms).toEqual([
      { tenant: 'main', subject: 'p-1', by: employer.id, route: 'GET /resumes/:id', at: '2026-11-25T02:00:00.001Z' },
    ]);
    expect((await platform.compliance.listCanaries(officer, { limit: 10 })).items).toMatchObject([
      { body: { subject: 'p-1', touched: 1 } },
    ]);
    await expect(platform.compliance.listCanaries(operator, { limit: 10 })).rejects.toMatchObject({ code: 'ZP_FORBIDDEN' });
  });

  it('can be found on a route, with what it declares', () => {
    const guard = personalEgress(platform.compliance, { fields: FIELDS, subjects: ['/id'], purposes: ['recruit'] });
    expect(guardOf(guard)).toEqual({ fields: ['name', 'sex', 'age', 'mobile', 'email', 'religion', 'experience'], purposes: ['recruit'] });
    expect(guardOf(express.json())).toBeUndefined();
  });
});
