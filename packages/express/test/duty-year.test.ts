import { CLOCKS, createCalendar, createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, DutyEvent, DutyView, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, inspector, officer, operator } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };
const BEGAN = '2026-01-05';
const DISPLAY = {
  name: '示例人力资源服务有限公司',
  domicile: '示例市示例区示例路1号',
  legalRepresentative: '示例',
  authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
  complaints: { phone: '010-00000001' },
  priceList: '/fees',
  homePages: [
    { id: 'web', kind: 'web', url: 'https://jobs.example/' },
    { id: 'app', kind: 'app' },
  ],
};
const CREDENTIAL = { kind: 'icp-filing', number: '京ICP备2025000001号', authority: '示例市通信管理局', validFrom: '2025-01-01', ...PROOF };
/** Clocks somebody starts in the calendar, each with what it takes. */
const OPENED: { readonly [clock: string]: object } = {
  'branch-report': { subject: 'branch-1' },
  'service-filing': { subject: 'service-1' },
  'entrant-reverification': { subject: 'org-agency' },
  'audit-rectification': { subject: 'audit-1' },
  'algorithm-filing': { subject: 'ranking' },
  'algorithm-ending': { subject: 'matching' },
};

describe('a year in which one duty of each kind is missed', () => {
  const store: Store = memoryStore();
  const calendar = createCalendar();
  const told: DutyEvent[] = [];
  let platform: Platform;
  let items: readonly DutyView[];

  async function call(by: Actor, path: string): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    return request(app)
      .get(`/compliance${path}`)
      .set('Authorization', `Bearer ${await platform.token(by)}`);
  }

  beforeAll(async () => {
    const clock = createTestClock(`${BEGAN}T02:00:00.000Z`);
    platform = await createPlatform(store, clock, {
      // The home page of nobody: it never answers, and then, to end the service, shows all of it.
      disclosure: { fetch: async () => new Response(shown, { status: shown === '' ? 503 : 200 }) },
      duties: { onDuty: (event) => void told.push(event) },
    });
    const { compliance } = platform;
    let shown = '';
    await compliance.setDisclosure(officer, DISPLAY);
    await compliance.recordCredential(officer, { ...CREDENTIAL, validThrough: '2026-05-31' });
    for (const [of, body] of Object.entries(OPENED)) await compliance.openDuty(officer, { clock: of, startedOn: BEGAN, ...body });
    await compliance.openRightsRequest(operator, { subject: 'p-1', kind: 'copy', reference: 'CASE-1' });
    await compliance.openIncident(officer, {
      kind: 'leak',
      level: 'larger',
      discoveredAt: `${BEGAN}T01:00:00.000Z`,
      persons: 3,
      sensitivePersons: 0,
      reference: 'CASE-1',
    });
    await compliance.recordScale(officer, { persons: 1_000_000, sensitivePersons: 0 });
    await compliance.openRectification(officer, {
      order: 'ORDER-2026-1',
      sha256: PROOF.sha256,
      authority: '示例市人力资源和社会保障局',
      receivedOn: BEGAN,
      dueOn: '2026-02-05',
      articles: ['O44-13.1'],
      matter: '首页未公示监督电话',
    });

    // A day at a time, as the job does; nobody lifts a finger.
    for (let day = 0; day < 380; day++) {
      clock.advance(DAY);
      const today = calendar.today(clock.now());
      if (today === '2026-03-01')
        await compliance.setDisclosure(officer, {
          ...DISPLAY,
          name: '示例人力资源集团有限公司',
          registration: { completedOn: '2026-01-30', ...PROOF },
        });
      if (today === '2026-04-10')
        await compliance.openDuty(officer, { clock: 'annual-report', subject: '2026', dueOn: '2026-06-30', source: PROOF });
      if (today === '2026-07-01') {
        // It means to end, and does so by the rules, but for its report.
        const notice = { zh: '本网站将终止网络招聘服务，请及时办理。', en: 'This site ends its recruitment service.' };
        await compliance.announceEnding(officer, { endsOn: '2026-08-10', notice });
      }
      if (today >= '2026-07-01' && today <= '2026-08-10') {
        shown = `本网站将终止网络招聘服务，请及时办理。`;
        if (today === '2026-07-02') await compliance.recordSighting(officer, { page: 'app', missing: ['icp-filing'], ...PROOF });
        if (today === '2026-08-01') await compliance.recordSighting(officer, { page: 'app', missing: ['authority'], ...PROOF });
        if (today < '2026-08-10') await compliance.checkHomePages(officer);
      }
      if (today === '2026-08-10') {
        await compliance.endService(officer);
        await compliance.recordDeregistration(officer, { completedOn: '2026-08-10', ...PROOF });
      }
      await compliance.tickDuties(operator);
    }
    ({ items } = await compliance.listDuties(auditor));
  }, 120_000);

  const deadlines = CLOCKS.filter(({ kind }) => kind === 'deadline');

  it.each(deadlines.map(({ id }) => id))('%s: missed, on record, told and shown', async (id) => {
    const missed = items.filter((item) => item.clock === id && item.missedOn !== undefined);
    expect(missed.length).toBeGreaterThan(0);
    for (const item of missed) {
      expect(item.state === 'missed' || item.late === true).toBe(true);
      expect(
        told.filter((event) => event.state === 'missed' && event.clock === id && event.subject === item.subject).length,
      ).toBeGreaterThan(0);
    }
    const page = (await call(inspector, '/duties')).body as { items: { clock: string; missedOn?: string }[] };
    expect(page.items.some((item) => item.clock === id && item.missedOn !== undefined)).toBe(true);
    const ics = (await call(auditor, '/duties/calendar')).text.replaceAll('\r\n ', '');
    const title = CLOCKS.find((clock) => clock.id === id)?.title.zh ?? '';
    expect(ics).toMatch(new RegExp(`SUMMARY:(\\[逾期\\]|\\[已履行\\]) ${title}`));
    expect((await call(auditor, '/duties/metrics')).text).toMatch(
      new RegExp(`zhengpin_duties\\{clock="${id}",state="(missed|discharged)"\\} [1-9]`),
    );
  });

  it('puts each on record once, on the day after its last one', async () => {
    const missed = items.filter((item) => item.state === 'missed' && item.dueAt === undefined && item.startedOn < item.dueOn);
    expect(missed.length).toBeGreaterThan(15);
    // A change that was told of a month late is on record from that day on.
    for (const { clock, dueOn, missedOn } of missed)
      expect(missedOn).toBe(clock === 'change-report' ? '2026-03-01' : calendar.addDays(dueOn, 1));
    const once = told.filter(({ state }) => state === 'missed').map(({ id }) => id);
    expect(new Set(once).size).toBe(once.length);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('reminded of each before, at every step of its clock', () => {
    const of = (clock: string): readonly number[] =>
      told.filter((event) => event.clock === clock && event.state === 'due').map(({ daysLeft }) => daysLeft);
    expect(of('branch-report')).toEqual([8, 3, 0]);
    expect(of('self-audit')).toEqual([60, 30, 7, 0]);
    expect(of('annual-report')).toEqual([30, 14, 3, 0]);
  });

  it('opens the next annual report by itself, though the last one was never made', () => {
    expect(items.filter(({ clock }) => clock === 'annual-report').map(({ subject, dueOn }) => [subject, dueOn])).toEqual([
      ['2026', '2026-06-30'],
      ['2027', '2027-06-30'],
    ]);
  });

  it('is for nobody outside to read', async () => {
    expect((await call(employer, '/duties')).status).toBe(403);
  });
});

describe('the duty calendar', () => {
  let platform: Platform;
  const told: DutyEvent[] = [];
  let isDown = false;

  async function send(method: 'get' | 'post', by: Actor | undefined, path: string, body?: object): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const sent = request(app)[method](`/compliance${path}`);
    if (by !== undefined) void sent.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? sent : sent.send(body);
  }

  beforeAll(async () => {
    platform = await createPlatform(memoryStore(), createTestClock('2026-02-12T02:00:00.000Z'), {
      duties: {
        onDuty(event) {
          if (isDown) throw new Error('the pager is down');
          told.push(event);
        },
      },
    });
  });

  it.each([
    ['/clock', { clock: 'no-such-clock', subject: 'x' }],
    ['/clock', { clock: 'self-audit', subject: 'x', startedOn: '2026-01-01' }],
    ['/clock', { clock: 'holiday-table', subject: '2027', dueOn: '2026-12-31', source: PROOF }],
    ['/startedOn', { clock: 'branch-report', subject: 'x' }],
    ['/startedOn', { clock: 'branch-report', subject: 'x', startedOn: '2026-02-13' }],
    ['/dueOn', { clock: 'branch-report', subject: 'x', startedOn: '2026-02-10', dueOn: '2026-06-30' }],
    ['/dueOn', { clock: 'annual-report', subject: '2026', source: PROOF }],
    ['/source', { clock: 'annual-report', subject: '2026', dueOn: '2026-06-30' }],
    ['/opensOn', { clock: 'annual-report', subject: '2026', opensOn: '2026-07-01', dueOn: '2026-06-30', source: PROOF }],
    ['/subject', { clock: 'branch-report', subject: '张三', startedOn: '2026-02-10' }],
  ])('refuses a clock with a fault at %s', async (pointer, body) => {
    const { status, body: problem } = await send('post', officer, '/duties', body);
    expect(status).toBe(422);
    expect((problem as { findings: { pointer: string }[] }).findings.map((finding) => finding.pointer)).toContain(pointer);
  });

  it('starts a clock once, and stops it with a proof; one that comes back starts anew', async () => {
    const duty = { clock: 'entrant-reverification', subject: 'org-agency', startedOn: '2026-02-10' };
    const opened = await send('post', officer, '/duties', duty);
    expect(opened.body).toMatchObject({ dueOn: '2026-08-10' });
    const { id } = opened.body as { id: string };
    expect((await send('post', officer, '/duties', duty)).status).toBe(409);
    expect((await send('post', auditor, `/duties/${id}/discharge`, { on: '2026-02-12', ...PROOF })).status).toBe(403);
    expect((await send('post', officer, `/duties/${id}/discharge`, { on: '2026-02-13', ...PROOF })).status).toBe(422);
    expect((await send('post', officer, `/duties/${id}/discharge`, { on: '2026-02-09', ...PROOF })).status).toBe(422);
    const done = await send('post', officer, `/duties/${id}/discharge`, { on: '2026-02-12', ...PROOF });
    expect(done.body).toMatchObject({ late: false, next: expect.any(String) });
    expect((await send('post', officer, `/duties/${id}/discharge`, { on: '2026-02-12', ...PROOF })).status).toBe(409);
    const { items } = (await send('get', auditor, '/duties')).body as { items: { id: string; dueOn: string; state: string }[] };
    expect(items.find((item) => item.id === (done.body as { next: string }).next)).toMatchObject({
      dueOn: '2026-08-12',
      state: 'upcoming',
    });
  });

  it('says that something was done late, and still that it was missed', async () => {
    const { id } = (await send('post', officer, '/duties', { clock: 'branch-report', subject: 'branch-9', startedOn: '2026-01-20' }))
      .body as { id: string };
    await platform.compliance.tickDuties(operator);
    const done = await send('post', officer, `/duties/${id}/discharge`, { on: '2026-02-12', ...PROOF });
    expect(done.body).toMatchObject({ late: true });
    const { items } = (await send('get', auditor, '/duties')).body as { items: { id: string }[] };
    expect(items.find((item) => item.id === id)).toMatchObject({ state: 'discharged', late: true, missedOn: '2026-02-12' });
  });

  it('tells again what the host could not hear', async () => {
    await send('post', officer, '/duties', { clock: 'service-filing', subject: 'service-7', startedOn: '2026-01-20' });
    isDown = true;
    await expect(platform.compliance.tickDuties(operator)).rejects.toThrow('pager');
    isDown = false;
    told.length = 0;
    await platform.compliance.tickDuties(operator);
    await platform.compliance.tickDuties(operator);
    expect(told.filter(({ subject }) => subject === 'service-7').map(({ state }) => state)).toEqual(['missed']);
  });

  it('is read at an address of its own until that is closed, by its secret only', async () => {
    const { body } = await send('post', officer, '/duties/feeds', {});
    const { id, path } = body as { id: string; path: string };
    const feed = await send('get', undefined, path);
    expect(feed.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(feed.text).toMatch(/^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR/);
    expect((await send('get', undefined, `${path}?lang=en`)).text).toContain('Compliance duties');
    // The same duties are the same file.
    expect((await send('get', undefined, path)).text).toBe(feed.text);
    expect((await send('get', undefined, `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    expect((await send('get', undefined, path.replace('/main/', '/other/'))).status).toBe(404);
    // The id is the hash of the secret, and opens nothing.
    expect((await send('get', undefined, `/duty-feed/main/${id.slice(0, 43)}`)).status).toBe(404);
    expect((await send('post', officer, `/duties/feeds/${id}/closure`, {})).status).toBe(200);
    expect((await send('get', undefined, path)).status).toBe(404);
    expect((await send('post', officer, `/duties/feeds/${id}/closure`, {})).status).toBe(409);
  });

  it('lists every clock and whether it binds', async () => {
    const { items } = (await send('get', auditor, '/duties/clocks')).body as { items: { id: string; binds: boolean }[] };
    expect(items.map(({ id }) => id)).toEqual(CLOCKS.map(({ id }) => id));
    expect(items.every(({ binds }) => binds)).toBe(true);
  });
});
