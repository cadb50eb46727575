import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Compliance } from '@zhengpin/core';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, disclosureSite } from '../src/index.ts';
import { APP, createDisplay, DAY_MS, DISPLAY, LICENCE, OWN_PAGE, PROOF, TELECOM, BUSINESS } from './display.ts';
import type { Display } from './display.ts';
import { auditor, employer, FIRM, officer, operator, OPERATOR, posting, reviewer } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const NOTICE = {
  zh: '本网站将于三十日后终止网络招聘服务，请及时办理有关事项。',
  en: 'This site ends its recruitment service after thirty days.',
};
const WAIVER = { kind: 'telecom-licence', reason: '律师书面意见认为本业务无须取得', ...PROOF };
let display: Display;
let compliance: Compliance;

beforeEach(async () => {
  display = await createDisplay();
  ({ compliance } = display);
});

describe('a credential', () => {
  it('that is renewed early stays in force until the renewal is: on the page, at the gate, and for live postings', async () => {
    await display.acceptMaterials(employer, FIRM.uscc);
    await compliance.recordCredential(officer, { ...LICENCE, validThrough: '2026-03-31' });
    const { id, review } = await compliance.submitPosting(employer, posting());
    await display.decide(reviewer, review ?? '', { verdict: 'approve' });
    await compliance.publishPosting(employer, id);
    display.clock.advance(1000);
    await compliance.recordCredential(officer, { ...LICENCE, validFrom: '2026-04-01', validThrough: '2031-03-31' });
    expect((await compliance.publicDisclosure('main')).missing).toEqual([]);
    await compliance.publishedPosting('main', id);
    const second = await compliance.submitPosting(employer, posting({ headcount: 7 }));
    await display.decide(reviewer, second.review ?? '', { verdict: 'approve' });
    await compliance.publishPosting(employer, second.id);
    // It is shown for as long as the licences together reach, and not only until the first ends.
    display.clock.advance(60 * DAY_MS);
    expect(await compliance.publishedPosting('main', second.id)).toMatchObject({ expiresOn: '2027-03-31' });
    expect((await compliance.publicDisclosure('main')).missing).toEqual([]);
    expect((await display.duties('credential-expiry')).find(({ dueOn }) => dueOn === '2026-03-31')).toMatchObject({
      state: 'discharged',
      late: false,
    });
  });

  it('opens nothing before it is valid', async () => {
    const fresh = await createDisplay([BUSINESS, LICENCE, { ...TELECOM, validFrom: '2027-01-01' }]);
    await fresh.acceptMaterials(employer, FIRM.uscc);
    await expect(fresh.compliance.submitPosting(employer, posting())).rejects.toMatchObject({
      issues: [{ rule: 'operator-telecom-licence' }],
    });
  });

  it('that has run out is not brought back by a profile', async () => {
    await display.acceptMaterials(employer, FIRM.uscc);
    await compliance.recordCredential(officer, { ...LICENCE, validThrough: '2026-02-11' });
    await compliance.setOperator(operator, OPERATOR);
    await expect(compliance.submitPosting(employer, posting())).rejects.toMatchObject({ issues: [{ rule: 'operator-licence-expired' }] });
  });

  it('is not taken away by a waiver beside it, and answers one', async () => {
    await display.acceptMaterials(employer, FIRM.uscc);
    await compliance.waiveCredential(officer, { ...WAIVER, validThrough: '2026-03-31' });
    await display.days(50);
    await compliance.submitPosting(employer, posting());
    const bare = await createDisplay([]);
    await bare.compliance.waiveCredential(officer, { ...WAIVER, validThrough: '2026-04-30' });
    await bare.days(1);
    await bare.compliance.recordCredential(officer, TELECOM);
    await bare.days(90);
    const waived = (await bare.duties('credential-expiry')).filter(({ subject }) => subject === 'telecom-licence-waiver');
    expect(waived.map(({ state, late }) => [state, late])).toEqual([['discharged', false]]);
  });
});

describe('ending the service', () => {
  it.each<[string, object]>([
    ['taken off the list', { homePages: [APP] }],
    ['called an app, and seen by a person', { homePages: [{ id: 'web', kind: 'app' }] }],
    ['moved', { homePages: [{ id: 'web', kind: 'web', url: 'https://elsewhere.example/' }] }],
  ])('is not made easy by a page that is %s', async (_how, change) => {
    await compliance.announceEnding(officer, { endsOn: '2026-03-15', notice: NOTICE });
    await expect(compliance.setDisclosure(officer, { ...DISPLAY, ...change })).rejects.toMatchObject({
      issues: [{ pointer: '/homePages', rule: 'ending' }],
    });
  });

  it('takes days on which every look saw the notice: an error in between is none', async () => {
    await compliance.announceEnding(officer, { endsOn: '2026-03-15', notice: NOTICE });
    const whole = await display.show();
    await display.days(31, async () => {
      display.site.set('/', 503);
      await compliance.checkHomePages(officer);
      display.site.set('/', whole);
      await compliance.checkHomePages(officer);
    });
    await expect(compliance.endService(officer)).rejects.toMatchObject({ issues: [{ rule: 'notice-unproven' }] });
  });

  it('is announced by the latest word, also when a clock went back between calling off and announcing', async () => {
    await compliance.announceEnding(officer, { endsOn: '2026-04-20', notice: NOTICE });
    await compliance.callOffEnding(officer);
    display.clock.advance(-3_600_000);
    await compliance.announceEnding(officer, { endsOn: '2026-04-20', notice: NOTICE });
    expect((await compliance.publicDisclosure('main')).ending).toMatchObject({ endsOn: '2026-04-20' });
  });
});

describe('the monitor', () => {
  const look = async () => (await compliance.checkHomePages(officer)).find(({ page }) => page === 'web');

  it.each<[string, (html: string) => string]>([
    ['a small font around it', (html) => html.replace('<zhengpin-disclosure', '<div style="font-size:0.875rem"><zhengpin-disclosure')],
    ['another data-item around it', (html) => html.replace('<zhengpin-disclosure', '<div data-item="footer"><zhengpin-disclosure')],
  ])('finds a fragment with %s', async (_what, change) => {
    display.site.set('/', change(await display.show()));
    expect(await look()).toMatchObject({ ok: true, missing: [] });
  });

  it.each<[string, (html: string) => string]>([
    ['as it is', (html) => html],
    ['with data-item of its own', (html) => html.replace('<body>', '<body><ul><li data-item="42">后端工程师</li></ul>')],
    ['with a head that is not closed', (html) => `<head><title>x</title><p>hi</p>${html.replace(/<\/?body>/g, '')}`],
  ])('finds everything on a page of its own design, %s', async (_what, change) => {
    display.site.set('/', change(OWN_PAGE));
    expect(await look()).toMatchObject({ ok: true, missing: [] });
  });

  it.each<[string, (html: string) => string]>([
    ['only where nothing is drawn', (html) => html.replace('12333', '<canvas>12333</canvas>')],
    ['as part of a longer number', (html) => html.replace('12333', '0101233345')],
    [
      'under a style that insists',
      (html) => html.replace('<p>示例市人力资源和社会保障局 12333', '<p style="display:none!important">示例市人力资源和社会保障局 12333'),
    ],
  ])('does not find a telephone that stands %s', async (_where, change) => {
    display.site.set('/', change(OWN_PAGE));
    expect((await look())?.missing).toContain('authority');
  });

  it('does not believe an empty element for any script on the page', async () => {
    const { text } = await request(express().use(disclosureSite(compliance, { tenant: 'main' }).handler)).get(
      '/.well-known/zhengpin-disclosure.json',
    );
    display.site.set('/.well-known/zhengpin-disclosure.json', text);
    display.site.set(
      '/',
      '<script src="https://analytics.example/a.js"></script><zhengpin-disclosure src="/.well-known/zhengpin-disclosure.json"></zhengpin-disclosure>',
    );
    expect(await look()).toMatchObject({ ok: false });
  });

  it('takes no two pages under one id', async () => {
    const homePages = [...DISPLAY.homePages, { id: 'web', kind: 'web', url: 'https://jobs.example/other' }];
    await expect(compliance.setDisclosure(officer, { ...DISPLAY, homePages })).rejects.toMatchObject({
      issues: [{ pointer: '/homePages/1/id' }],
    });
  });

  it('tells of the gap of an app, and of one the pager could not hear, on the next day', async () => {
    await compliance.setDisclosure(officer, { ...DISPLAY, homePages: [...DISPLAY.homePages, APP] });
    await compliance.recordSighting(officer, { page: 'app', missing: ['authority'], ...PROOF });
    expect(display.gaps.map(({ page }) => page)).toEqual(['app']);
    const whole = await display.show();
    display.site.set('/', 503);
    display.broken.gap = true;
    await expect(compliance.checkHomePages(officer)).rejects.toThrow('pager');
    display.broken.gap = false;
    display.site.set('/', whole);
    display.clock.advance(DAY_MS);
    await compliance.checkHomePages(officer);
    await compliance.checkHomePages(officer);
    expect(display.gaps.map(({ page, day }) => [page, day])).toEqual([
      ['app', '2026-02-12'],
      ['web', '2026-02-12'],
    ]);
  });

  it('looks at the other pages though the pager is down', async () => {
    const shop = { id: 'shop', kind: 'web', url: 'https://jobs.example/nothing' };
    await compliance.setDisclosure(officer, { ...DISPLAY, homePages: [shop, ...DISPLAY.homePages] });
    display.broken.gap = true;
    await expect(compliance.checkHomePages(officer)).rejects.toThrow('pager');
    const { items } = await compliance.listCaptures(auditor, { limit: 10 });
    expect(items.map(({ body }) => body.page).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['shop', 'web']);
  });
});

describe('the site', () => {
  it.each(['{}', 'null', '[]', '"x"', '{"format":"zhengpin-disclosure/1","items":[],"sha256":"0"}'])(
    'shows nothing of a cache file that says %s, and does not fail',
    async (text) => {
      const cacheFile = join(mkdtempSync(join(tmpdir(), 'zp-display-')), 'display.json');
      writeFileSync(cacheFile, text);
      vi.spyOn(compliance, 'publicDisclosure').mockRejectedValue(new Error('down'));
      expect(await disclosureSite(compliance, { tenant: 'main', cacheFile }).fragment('zh')).toBe('');
    },
  );

  it('asks again after a query that never came back', { timeout: 20_000 }, async () => {
    const asked = vi.spyOn(compliance, 'publicDisclosure').mockImplementationOnce(() => new Promise(() => undefined));
    const show = disclosureSite(compliance, { tenant: 'main' });
    expect(await show.fragment('zh')).toBe('');
    expect(await show.fragment('zh')).toContain('12333');
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is changed only from the version that was read', async () => {
    await compliance.setDisclosure(officer, { ...DISPLAY, homePages: [...DISPLAY.homePages, APP] });
    const app = express().use('/compliance', complianceRouter(compliance));
    const put = async (tag: string) =>
      request(app)
        .put('/compliance/disclosure')
        .set('Authorization', `Bearer ${await display.token(officer)}`)
        .set('If-Match', tag)
        .send(DISPLAY);
    expect((await put('"1"')).status).toBe(412);
    expect((await put('"2"')).status).toBe(200);
  });
});
