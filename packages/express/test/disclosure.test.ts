import { createHash } from 'node:crypto';

import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, GapEvent, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, disclosureSite } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator, OPERATOR, posting, FIRM } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };
const CREDENTIALS = [
  { kind: 'business-licence', number: '91110108MA00EXMP0A', authority: '示例市市场监督管理局', link: '/licences/business' },
  {
    kind: 'hr-licence',
    number: '(京)人服证字〔2025〕第0123456789号',
    authority: '示例市人力资源和社会保障局',
    scope: ['职业中介活动（开展网络招聘服务）'],
    link: '/licences/hr',
  },
  { kind: 'telecom-licence', number: '京B2-20250001', authority: '示例市通信管理局' },
  { kind: 'icp-filing', number: '京ICP备2025000001号', authority: '示例市通信管理局', link: 'https://beian.miit.gov.cn/' },
].map((one) => ({ validFrom: '2025-01-01', ...PROOF, ...one }));
const DISPLAY = {
  name: '示例人力资源服务有限公司',
  domicile: '示例市示例区示例路1号',
  legalRepresentative: '示例',
  authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
  complaints: { phone: '010-00000001', link: '/complaints' },
  priceList: '/fees',
  homePages: [
    { id: 'web', kind: 'web', url: 'https://jobs.example/' },
    { id: 'app', kind: 'app' },
  ],
};

describe('what the operator displays', () => {
  let platform: Platform;
  let store: Store;
  /** What the invented site answers with, path by path. */
  let site: { [path: string]: string | number };
  const gaps: GapEvent[] = [];

  const fetched = vi.fn<typeof globalThis.fetch>(async (input) => {
    const { pathname } = new URL(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url);
    const answer = site[pathname];
    if (answer === undefined) return new Response('', { status: 404 });
    if (answer === 0) throw new TypeError('fetch failed');
    return typeof answer === 'number' ? new Response('', { status: answer }) : new Response(answer, { status: 200 });
  });

  async function send(method: 'get' | 'post' | 'put', by: Actor, path: string, body?: object): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const call = request(app)[method](`/compliance${path}`);
    void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? call : call.send(body);
  }

  async function homePage(): Promise<string> {
    const show = disclosureSite(platform.compliance, { tenant: 'main' });
    return `<!doctype html><html><head>${show.head}</head><body><h1>招聘</h1>${await show.fragment('zh')}</body></html>`;
  }

  async function serveHome(): Promise<void> {
    site = { '/': await homePage(), '/licences/business': 'ok', '/licences/hr': 'ok', '/complaints': 'ok', '/fees': 'ok' };
  }

  const look = async (): Promise<{
    readonly ok: boolean;
    readonly missing: readonly string[];
    readonly unreachable: readonly string[];
  }> => {
    const { items } = (await send('post', officer, '/home-pages/checks', {})).body as {
      items: { page: string; ok: boolean; missing: string[]; unreachable: string[] }[];
    };
    return items.find(({ page }) => page === 'web') ?? { ok: false, missing: ['nothing'], unreachable: [] };
  };

  beforeEach(async () => {
    store = memoryStore();
    gaps.length = 0;
    platform = await createPlatform(store, createTestClock('2026-02-12T02:00:00.000Z'), {
      disclosure: { fetch: fetched, onGap: (gap) => void gaps.push(gap) },
    });
    for (const credential of CREDENTIALS) expect((await send('post', officer, '/credentials', credential)).status).toBe(201);
    expect((await send('put', officer, '/disclosure', DISPLAY)).status).toBe(200);
    await serveHome();
  });
  afterEach(async () => {
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  describe('credentials', () => {
    it.each([
      ['/scope', { ...CREDENTIALS[1], scope: ['人力资源培训'] }],
      ['/scope', { ...CREDENTIALS[1], scope: undefined }],
      ['/number', { ...CREDENTIALS[1], number: '没有编号' }],
      ['/validThrough', { ...CREDENTIALS[0], validThrough: '2024-12-31' }],
      ['/link', { ...CREDENTIALS[0], link: 'javascript:alert(1)' }],
    ])('are refused with a fault at %s', async (pointer, body) => {
      const { status, body: problem } = await send('post', officer, '/credentials', body);
      expect(status).toBe(422);
      expect((problem as { findings: { pointer: string }[] }).findings.map((finding) => finding.pointer)).toContain(pointer);
    });

    it('that run out stop what is published, and a renewed one lets it go on', async () => {
      const { compliance, acceptMaterials } = platform;
      await acceptMaterials(employer, FIRM.uscc);
      const submit = () => compliance.submitPosting(employer, posting());
      await submit();
      await send('post', officer, '/credentials', { ...CREDENTIALS[2], validThrough: '2026-02-11' });
      await expect(submit()).rejects.toMatchObject({ code: 'ZP_LICENCE_INVALID', issues: [{ rule: 'operator-telecom-licence' }] });
      const waiver = { kind: 'telecom-licence', reason: '律师书面意见认为本业务无须取得', validThrough: '2026-12-31', ...PROOF };
      expect((await send('post', officer, '/credentials/waivers', waiver)).status).toBe(201);
      await submit();
      platform.clock.advance(330 * DAY);
      await expect(submit()).rejects.toMatchObject({ issues: [{ rule: 'operator-telecom-licence' }] });
      // A profile that is set anew does not take the gate away.
      await compliance.setOperator(operator, OPERATOR);
      await expect(submit()).rejects.toMatchObject({ issues: [{ rule: 'operator-telecom-licence' }] });
      await send('post', officer, '/credentials', { ...CREDENTIALS[2], validThrough: '2030-02-11' });
      await submit();
      await send('post', officer, '/credentials', { ...CREDENTIALS[0], validThrough: '2026-02-11' });
      await expect(submit()).rejects.toMatchObject({ issues: [{ rule: 'operator-business-licence' }] });
      const { items } = (await send('get', auditor, '/credentials')).body as { items: { body: { kind: string; current: boolean } }[] };
      expect(items.filter(({ body }) => body.kind === 'telecom-licence').map(({ body }) => body.current)).toEqual([true, false, false]);
    });
  });

  describe('the home page', () => {
    it('shows every item, is put on record, and its day is discharged', async () => {
      expect(await look()).toMatchObject({ ok: true, missing: [], unreachable: [] });
      const { items } = (await send('get', auditor, '/home-pages/captures')).body as {
        items: { body: { sha256: string; present: string[] } }[];
      };
      expect(items[0]?.body.present).toEqual([
        'name',
        'business-licence',
        'hr-licence',
        'telecom-licence',
        'icp-filing',
        'price-list',
        'authority',
        'complaints',
      ]);
      expect(items[0]?.body.sha256).toMatch(/^[0-9a-f]{64}$/);
      const today = (await platform.compliance.listDuties(auditor)).items.find(({ subject }) => subject === 'web:2026-02-12');
      expect(today).toMatchObject({ clock: 'home-page-display', state: 'discharged', late: false });
      expect(gaps).toEqual([]);
    });

    it.each<[string, (html: string) => string, readonly string[]]>([
      ['the number of a licence', (html) => html.replace('(京)人服证字〔2025〕第0123456789号', ''), ['hr-licence']],
      ['a link of a licence', (html) => html.replace('href="/licences/business"', 'href="/elsewhere"'), ['business-licence']],
      ['the telephone of the authority', (html) => html.replace('12333', '12345'), ['authority']],
      ['an item that is hidden', (html) => html.replace('data-item="icp-filing"', 'data-item="icp-filing" hidden'), ['icp-filing']],
      [
        'an item in a style',
        (html) => html.replace('data-item="complaints"', 'data-item="complaints" style="display: none"'),
        ['complaints'],
      ],
      ['the name', (html) => html.replace('<strong lang="zh-CN">示例人力资源服务有限公司</strong>', ''), ['name']],
    ])('lacks %s: the gap is recorded and told once', async (_name, change, missing) => {
      const html = await homePage();
      expect(change(html)).not.toBe(html);
      site['/'] = change(html);
      expect(await look()).toMatchObject({ ok: false, missing });
      expect(await look()).toMatchObject({ ok: false, missing });
      expect(gaps.map(({ page, day, missing: lacks }) => [page, day, lacks])).toEqual([['web', '2026-02-12', missing]]);
      // Put right on the same day: the day is kept, the gap stays on record.
      await serveHome();
      expect(await look()).toMatchObject({ ok: true });
      const { items } = (await send('get', auditor, '/home-pages/captures')).body as { items: { body: { ok: boolean; gapAt: string } }[] };
      expect(items[0]?.body).toMatchObject({ ok: true, gapAt: '2026-02-12T02:00:00.000Z' });
    });

    it.each<[string, () => void, object]>([
      ['does not answer', () => (site['/'] = 0), { ok: false, status: 0 }],
      ['answers with an error', () => (site['/'] = 500), { ok: false, status: 500 }],
      ['leads away to another host', () => (site['/'] = 302), { ok: false, status: 302 }],
      ['has a dead link', () => (site['/licences/hr'] = 404), { ok: false, missing: [], unreachable: ['hr-licence'] }],
      ['is nothing', () => (site['/'] = ''), { ok: false }],
      ['is nested without end', () => (site['/'] = '<div>'.repeat(50_000)), { ok: false }],
    ])('that %s is a gap', async (_name, spoil, result) => {
      spoil();
      expect(await look()).toMatchObject(result);
      expect(gaps).toHaveLength(1);
    });

    it('is read in the characters it is written in', async () => {
      // 示例人力资源服务有限公司 in GBK.
      const name = Buffer.from('cabec0fdc8cbc1a6d7cad4b4b7fecef1d3d0cfdeb9abcbbe', 'hex');
      const own = fetched.getMockImplementation();
      for (const [type, head] of [
        ['text/html; charset=gbk', ''],
        ['text/html', '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'],
      ] as const) {
        fetched.mockImplementationOnce(
          async () =>
            new Response(Buffer.concat([Buffer.from(`<html><head>${head}</head><p>`), name]), { headers: { 'content-type': type } }),
        );
        expect((await look()).missing).not.toContain('name');
      }
      fetched.mockImplementationOnce(async () => new Response(name, { headers: { 'content-type': 'text/html; charset=no-such' } }));
      expect((await look()).missing).toContain('name');
      expect(fetched.getMockImplementation()).toBe(own);
    });

    it('that leaves the rendering to the element shows what the element gets', async () => {
      const show = disclosureSite(platform.compliance, { tenant: 'main' });
      const { text } = await request(express().use(show.handler)).get('/.well-known/zhengpin-disclosure.json');
      site['/'] =
        `<html><head>${show.head}</head><body><zhengpin-disclosure src="/.well-known/zhengpin-disclosure.json"></zhengpin-disclosure></body></html>`;
      expect(await look()).toMatchObject({ ok: false });
      site['/.well-known/zhengpin-disclosure.json'] = text;
      expect(await look()).toMatchObject({ ok: true, missing: [] });
      // Without its script the element shows nothing.
      site['/'] = site['/'].replace(show.head, '');
      expect(await look()).toMatchObject({ ok: false });
    });

    it('of an app is seen by a person', async () => {
      const seen = { page: 'app', missing: [], ...PROOF };
      expect((await send('post', officer, '/home-pages/sightings', { ...seen, page: 'web' })).status).toBe(422);
      expect((await send('post', officer, '/home-pages/sightings', seen)).body).toMatchObject({ ok: true });
      expect((await platform.compliance.listDuties(auditor)).items.find(({ clock }) => clock === 'app-display')).toMatchObject({
        dueOn: '2026-03-14',
      });
      expect((await send('post', officer, '/home-pages/sightings', { ...seen, missing: ['authority'] })).body).toMatchObject({ ok: false });
    });

    it('is told again of a gap where the host threw', async () => {
      const told = vi.fn<(gap: GapEvent) => void>();
      told.mockImplementationOnce(() => {
        throw new Error('the pager is down');
      });
      const other = await createPlatform(memoryStore(), createTestClock('2026-02-12T02:00:00.000Z'), {
        disclosure: { fetch: fetched, onGap: told },
      });
      await other.compliance.setDisclosure(officer, DISPLAY);
      await expect(other.compliance.checkHomePages(officer)).rejects.toThrow('pager');
      await other.compliance.checkHomePages(officer);
      await other.compliance.checkHomePages(officer);
      expect(told.mock.calls.map(([gap]) => gap.id)).toEqual(['main:web:2026-02-12', 'main:web:2026-02-12']);
    });
  });

  describe('a change', () => {
    const registration = { completedOn: '2026-02-10', ...PROOF };

    it.each([
      ['/registration', { ...DISPLAY, name: '示例人力资源集团有限公司' }],
      ['/registration', { ...DISPLAY, domicile: '示例市示例区示例路2号' }],
      ['/registration', { ...DISPLAY, legalRepresentative: '样例' }],
      [
        '/registration/completedOn',
        { ...DISPLAY, legalRepresentative: '样例', registration: { ...registration, completedOn: '2026-02-13' } },
      ],
      ['/changedOn', { ...DISPLAY, complaints: { phone: '010-00000002' } }],
      ['/changedOn', { ...DISPLAY, complaints: { phone: '010-00000002' }, changedOn: '2026-02-13' }],
    ])('is refused with a fault at %s, and nothing is written', async (pointer, body) => {
      const { status, body: problem } = await send('put', officer, '/disclosure', body);
      expect(status).toBe(422);
      expect((problem as { findings: { pointer: string }[] }).findings.map((finding) => finding.pointer)).toContain(pointer);
      expect((await send('get', auditor, '/disclosure')).body).toMatchObject({ version: 1 });
    });

    it('of the name is reported within fifteen days of its registration, with a report to print and a receipt', async () => {
      const given = { ...DISPLAY, name: '示例人力资源集团有限公司', legalRepresentative: '样例', registration };
      const { body } = await send('put', officer, '/disclosure', given);
      expect(body).toMatchObject({
        version: 2,
        changes: [
          { clock: 'change-report', dueOn: '2026-02-25', late: false },
          { clock: 'disclosure-update', dueOn: '2026-03-02', late: false },
        ],
      });
      const [{ id }] = (body as { changes: [{ id: string }] }).changes;
      const report = await send('get', auditor, `/changes/${id}/report`);
      expect(report.text).toMatch(
        /示例市人力资源和社会保障局：[^]*第十二条[^]*示例人力资源服务有限公司[^]*示例人力资源集团有限公司[^]*2026-02-25/,
      );
      expect((await send('get', auditor, `/changes/${id}/report?lang=en`)).text).toMatch(/<html lang="en">[^]*Legal representative/);
      expect((await send('post', officer, `/changes/${id}/receipt`, { on: '2026-02-09', ...PROOF })).status).toBe(422);
      platform.clock.advance(14 * DAY);
      expect((await send('post', officer, `/changes/${id}/receipt`, { on: '2026-02-26', ...PROOF })).body).toMatchObject({ late: true });
      expect((await send('post', officer, `/changes/${id}/receipt`, { on: '2026-02-26', ...PROOF })).status).toBe(409);
      expect((await send('get', auditor, '/disclosure/versions')).body).toMatchObject({
        items: [{ body: { name: given.name } }, { body: { name: DISPLAY.name } }],
      });
      // Who reads it may not keep it.
      expect((await send('post', auditor, `/changes/${id}/receipt`, { on: '2026-02-26', ...PROOF })).status).toBe(403);
    });

    it('of anything else is up to date within ten working days, and late is said', async () => {
      const phone = (last: number, changedOn: string) =>
        send('put', officer, '/disclosure', { ...DISPLAY, complaints: { phone: `010-0000000${last}` }, changedOn });
      expect((await phone(2, '2026-02-02')).body).toMatchObject({
        changes: [{ clock: 'disclosure-update', dueOn: '2026-02-14', late: false }],
      });
      // Over the Spring Festival: ten working days from 30 January end on 13 February, make-up days counted.
      platform.clock.advance(2 * DAY);
      expect((await phone(3, '2026-01-30')).body).toMatchObject({ changes: [{ dueOn: '2026-02-13', late: true }] });
      // A report is of a name, a domicile or a representative only.
      const { items } = (await send('get', auditor, '/changes')).body as { items: { id: string }[] };
      expect((await send('get', auditor, `/changes/${items[0]?.id ?? ''}/report`)).status).toBe(409);
      // Done before anybody looked, and after its last day: it was missed all the same.
      await platform.compliance.tickDuties(operator);
      const updates = (await platform.compliance.listDuties(auditor)).items.filter(({ clock }) => clock === 'disclosure-update');
      expect(updates.map(({ state, late, missedOn }) => [state, late, missedOn])).toEqual([
        ['discharged', true, '2026-02-14'],
        ['discharged', false, undefined],
      ]);
      expect(await platform.compliance.tickDuties(operator)).toMatchObject({ missed: 0 });
    });
  });

  describe('ending the service', () => {
    const notice = {
      zh: '本网站将于三十日后终止网络招聘服务，请及时办理有关事项。',
      en: 'This site ends its recruitment service after thirty days.',
    };

    it('needs thirty days of notice without a break, then its registration, then the report', async () => {
      const { compliance, clock } = platform;
      expect((await send('post', officer, '/ending', { endsOn: '2026-03-14', notice })).status).toBe(422);
      expect((await send('post', officer, '/ending', { endsOn: '2026-03-15', notice })).body).toMatchObject({
        state: 'announced',
        notBefore: '2026-03-15',
      });
      expect((await send('post', officer, '/ending', { endsOn: '2026-03-20', notice })).status).toBe(409);
      // The page does not show it yet: the fragment does, as soon as it is rendered anew.
      expect(await compliance.publicDisclosure('main')).toMatchObject({ ending: { endsOn: '2026-03-15', notice } });
      await serveHome();
      expect(site['/']).toContain(notice.zh);
      // One day in the middle the notice is gone.
      for (let day = 1; day <= 31; day++) {
        clock.advance(DAY);
        if (day === 10) site['/'] = String(site['/']).replace(notice.zh, '');
        await compliance.checkHomePages(officer);
        if (day === 10) await serveHome();
        if (day === 5) await compliance.recordSighting(officer, { page: 'app', missing: ['ending-notice'], ...PROOF });
      }
      const refused = await send('post', officer, '/ending/completion', {});
      expect(refused.status).toBe(422);
      expect((refused.body as { findings: { title: { en: string } }[] }).findings[0]?.title.en).toContain('web 2026-02-22');
      expect((await send('get', auditor, '/ending')).body).toMatchObject({ unproven: ['web 2026-02-22', 'app'] });
      await compliance.recordSighting(officer, { page: 'app', missing: [], ...PROOF });
      for (let day = 1; day <= 9; day++) {
        clock.advance(DAY);
        await compliance.checkHomePages(officer);
        expect((await send('post', officer, '/ending/completion', {})).status, `day ${day}`).toBe(422);
      }
      clock.advance(DAY);
      expect((await send('post', officer, '/ending/deregistration', { completedOn: '2026-03-25', ...PROOF })).status).toBe(409);
      expect((await send('post', officer, '/ending/completion', {})).body).toMatchObject({ state: 'ended' });
      await expect(compliance.submitPosting(employer, posting())).rejects.toMatchObject({ issues: [{ rule: 'operator-ended' }] });

      // The other way round: fifteen days after the registration is completed.
      expect((await send('post', officer, '/ending/deregistration', { completedOn: '2026-03-24', ...PROOF })).status).toBe(422);
      clock.advance(20 * DAY);
      const { status, body } = await send('post', officer, '/ending/deregistration', { completedOn: '2026-04-10', ...PROOF });
      expect([status, body]).toMatchObject([201, { dueOn: '2026-04-25' }]);
      const { change } = body as { change: string };
      expect((await send('get', auditor, `/changes/${change}/report`)).text).toContain('终止网络招聘服务');
      expect((await send('post', officer, `/changes/${change}/receipt`, { on: '2026-04-12', ...PROOF })).body).toMatchObject({
        late: false,
      });
      const duties = (await compliance.listDuties(auditor)).items.filter(({ clock: of }) => of.startsWith('ending'));
      expect(duties.map(({ clock: of, dueOn, state, late }) => [of, dueOn, state, late])).toEqual([
        ['ending-notice', '2026-03-14', 'discharged', false],
        ['ending-report', '2026-04-25', 'discharged', false],
      ]);
    });

    it('can be called off, and announced again', async () => {
      await send('post', officer, '/ending', { endsOn: '2026-04-01', notice });
      expect((await send('post', officer, '/ending/calling-off', {})).body).toMatchObject({ state: 'called-off' });
      expect((await platform.compliance.publicDisclosure('main')).ending).toBeUndefined();
      expect((await send('post', officer, '/ending/calling-off', {})).status).toBe(409);
      platform.clock.advance(DAY);
      expect((await send('post', officer, '/ending', { endsOn: '2026-04-01', notice })).status).toBe(201);
    });
  });

  describe('the site', () => {
    it('serves the document, the page, the element and its style to anybody', async () => {
      const show = disclosureSite(platform.compliance, { tenant: 'main' });
      const app = express().use(show.handler);
      const json = await request(app).get('/.well-known/zhengpin-disclosure.json');
      expect(json.body).toMatchObject({ format: 'zhengpin-disclosure/1', name: DISPLAY.name, missing: [] });
      expect(json.text).not.toContain('legalRepresentative');
      const page = await request(app).get('/.well-known/zhengpin-disclosure.html?lang=en');
      expect(page.headers['content-security-policy']).toBe("default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
      expect(page.text).toMatch(/<html lang="en">[^]*Human resources service licence[^]*0123456789/);
      for (const [path, type] of [
        ['js', 'text/javascript'],
        ['css', 'text/css'],
      ] as const) {
        const file = await request(app).get(`/.well-known/zhengpin-disclosure.${path}`);
        expect(file.headers['content-type']).toContain(type);
        expect(show.head).toContain(
          `zhengpin-disclosure.${path}" integrity="sha384-${createHash('sha384').update(file.text).digest('base64')}"`,
        );
      }
      expect(show.head + (await show.fragment('zh'))).not.toMatch(/<style|style=|<script>|on[a-z]+=/);
    });

    it('escapes what an officer wrote', async () => {
      await send('put', officer, '/disclosure', {
        ...DISPLAY,
        authority: { name: '<img src=x onerror=alert(1)>', phone: '12333' },
        changedOn: '2026-02-12',
      });
      const html = await disclosureSite(platform.compliance, { tenant: 'main' }).fragment('zh');
      expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
      expect(html).not.toContain('<img');
    });

    it('is empty, and no error, while nothing was ever displayed', async () => {
      const other = await createPlatform();
      const show = disclosureSite(other.compliance, { tenant: 'main' });
      expect(await show.fragment('zh')).toBe('');
      expect((await request(express().use(show.handler)).get('/.well-known/zhengpin-disclosure.json')).status).toBe(404);
    });
  });
});
