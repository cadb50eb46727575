import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { disclosureSite } from '@zhengpin/express';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { seedDisplay } from '../src/seed-display.ts';
import { actor } from '../src/seed.ts';
import { createSite } from './board.ts';
import type { Site } from './board.ts';
import { CHROMIUM, openTab } from './browser.ts';
import type { Tab } from './browser.ts';

const SHOTS = process.env['SCREENSHOTS'];
const ITEMS = ['business-licence', 'hr-licence', 'telecom-licence', 'icp-filing', 'price-list', 'authority', 'complaints'];
const PHONE = 390;
const DESKTOP = 1280;

/** A site on a port of its own; `without` is the item somebody has taken out of its home page. */
async function listen(site: Site): Promise<{ readonly server: Server; readonly base: string; without?: string }> {
  const own: { server: Server; base: string; without?: string } = { server: createServer(), base: '' };
  own.server.on('request', (req, res) => {
    if (own.without === undefined || req.url !== '/') {
      site.app(req, res);
      return;
    }
    const item = new RegExp(`<div data-item="${own.without}">.*?</div>`);
    void request(site.app)
      .get('/')
      .then(({ text }) => res.setHeader('content-type', 'text/html; charset=utf-8').end(text.replace(item, '')));
  });
  own.server.listen(0, '127.0.0.1');
  await once(own.server, 'listening');
  own.base = `http://127.0.0.1:${(own.server.address() as AddressInfo).port}`;
  await seedDisplay(site.compliance, own.base, '2026-11-24');
  return own;
}

describe('the home page as the monitor sees it', () => {
  it('shows every item, over a real connection; one that is taken out is a gap on record, and on the page of the officer', async () => {
    const site = await createSite();
    const own = await listen(site);
    const { compliance } = site;
    const officer = actor('officer');
    expect(await compliance.checkHomePages(officer)).toMatchObject([{ page: 'web', ok: true, status: 200, missing: [], unreachable: [] }]);
    own.without = 'authority';
    expect(await compliance.checkHomePages(officer)).toMatchObject([{ ok: false, status: 200, missing: ['authority'] }]);
    const page = (await (await site.visitor('officer')).get('/disclosure')).text;
    expect(page).toMatch(/缺漏[^]*authority/);
    const [capture] = (await compliance.listCaptures(actor('auditor'), { limit: 1 })).items;
    expect(capture?.body).toMatchObject({ ok: false, missing: ['authority'], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    own.server.closeAllConnections();
    own.server.close();
  });

  it('is served while the store is down, also by a process that starts then', async () => {
    const site = await createSite();
    const cacheFile = join(mkdtempSync(join(tmpdir(), 'zp-display-')), 'display.json');
    const show = disclosureSite(site.compliance, { tenant: 'main', cacheFile });
    const before = await show.fragment('zh');
    expect(before).toContain('0123456789');
    const down = vi.spyOn(site.store, 'get').mockImplementation(() => Promise.reject(new Error('down')));
    const hanging = vi.spyOn(site.store, 'find').mockImplementation(() => new Promise(() => undefined));
    expect(JSON.parse(readFileSync(cacheFile, 'utf8'))).toMatchObject({ format: 'zhengpin-disclosure/1' });
    const restarted = disclosureSite(site.compliance, { tenant: 'main', cacheFile });
    expect(await restarted.fragment('zh')).toBe(before);
    expect((await request(express().use(restarted.handler)).get('/.well-known/zhengpin-disclosure.json')).status).toBe(200);
    // A process that never saw it has nothing, and says so.
    const fresh = disclosureSite(site.compliance, { tenant: 'main' });
    expect(await fresh.fragment('zh')).toBe('');
    down.mockRestore();
    hanging.mockRestore();
  });
});

// A laptop may have no Chromium; the judge of main must.
describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)('the display in a real browser', () => {
  let site: Site;
  let own: Awaited<ReturnType<typeof listen>>;
  let tab: Tab;

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error('no Chromium: set CHROMIUM or install the chromium package');
    site = await createSite();
    own = await listen(site);
    tab = await openTab(CHROMIUM);
    if (SHOTS !== undefined) mkdirSync(SHOTS, { recursive: true });
  });
  afterAll(async () => {
    await tab.close();
    own.server.closeAllConnections();
    own.server.close();
  });

  const shot = async (name: string, width: number, height: number): Promise<void> => {
    if (SHOTS !== undefined) await tab.screenshot(`${SHOTS}/${name}.png`, width, height);
  };
  /** The items of the display that take up room on the page, each with its words. */
  const seen = (): Promise<Record<string, string>> =>
    tab.read(`Object.fromEntries([...document.querySelectorAll('zhengpin-disclosure [data-item]')]
      .filter((e) => e.getBoundingClientRect().height > 0)
      .map((e) => [e.dataset.item, e.innerText]))`);
  const settled = (): Promise<boolean> =>
    tab.read(`new Promise((resolve) => {
      const wait = (left) => document.querySelector('zhengpin-disclosure')?.dataset.ready === 'yes' || left === 0
        ? resolve(left > 0) : setTimeout(wait, 50, left - 1);
      wait(100);
    })`);

  it.each([
    [true, DESKTOP, 'zh'],
    [true, PHONE, 'zh'],
    [true, DESKTOP, 'en'],
    [true, PHONE, 'en'],
    [false, DESKTOP, 'zh'],
    [false, PHONE, 'zh'],
    [false, DESKTOP, 'en'],
    [false, PHONE, 'en'],
  ] as const)('is whole and accessible: scripts %s, width %d, %s', { timeout: 60_000 }, async (scripts, width, lang) => {
    await tab.scripts(scripts);
    await tab.size(width, 900);
    await tab.open(`${own.base}/?lang=${lang}`);
    if (scripts) expect(await settled()).toBe(true);
    const items = await seen();
    expect(Object.keys(items)).toEqual(ITEMS);
    expect(items['hr-licence']).toContain('(京)人服证字〔2025〕第0123456789号');
    expect(items['authority']).toMatch(lang === 'zh' ? /监督机关[^]*12333/ : /Supervising authority[^]*12333/);
    expect(await tab.read('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await tab.accessibility()).toEqual([]);
    await shot(`display-${scripts ? 'scripts' : 'plain'}-${width}-${lang}`, width, 2400);
    // Nothing was blocked: neither the policy nor the integrity of a file.
    expect(tab.complaints).toEqual([]);
  });

  it('changes its language in place with scripts, and on a page of its own without', { timeout: 60_000 }, async () => {
    await tab.size(DESKTOP, 900);
    await tab.scripts(true);
    await tab.open(`${own.base}/?lang=zh`);
    expect(await settled()).toBe(true);
    await tab.read("document.querySelector('zhengpin-disclosure a[hreflang]').click()");
    expect((await seen())['hr-licence']).toContain('Human resources service licence');
    expect(await tab.read('document.activeElement.textContent')).toBe('中文');
    expect(await tab.accessibility()).toEqual([]);
    await tab.scripts(false);
    await tab.open(`${own.base}/?lang=zh`);
    await tab.act("document.querySelector('zhengpin-disclosure a[hreflang]').click()");
    expect(await tab.read('location.pathname')).toBe('/.well-known/zhengpin-disclosure.html');
    expect(await tab.read('document.body.innerText')).toContain('Human resources service licence');
    expect(await tab.accessibility()).toEqual([]);
    await shot('display-page', DESKTOP, 900);
    expect(tab.complaints).toEqual([]);
  });

  it('says that the service ends, with scripts and without', { timeout: 60_000 }, async () => {
    const notice = { zh: '本网站将终止网络招聘服务，请及时办理。', en: 'This site ends its recruitment service.' };
    await site.compliance.announceEnding(actor('officer'), { endsOn: '2027-01-31', notice });
    for (const scripts of [true, false]) {
      await tab.scripts(scripts);
      await tab.size(PHONE, 900);
      // What is served may be two seconds old.
      await vi.waitFor(
        async () => {
          await tab.open(`${own.base}/?lang=en`);
          if (scripts) await settled();
          expect((await seen())['ending-notice']).toMatch(/2027-01-31[^]*ends its recruitment service/);
        },
        { timeout: 20_000, interval: 500 },
      );
      expect(await tab.accessibility()).toEqual([]);
    }
    await site.compliance.callOffEnding(actor('officer'));
  });

  it.each([
    ['officer', '/duties'],
    ['officer', '/duties?state=upcoming'],
    ['officer', '/disclosure'],
    ['officer', '/supervision'],
    ['officer', '/fees'],
    ['officer', '/rules'],
    ['officer', '/rules/agreement/proposal'],
    ['emp-1', '/fees'],
    ['emp-1', '/rules'],
  ])('the pages of %s at %s are accessible, at both widths', { timeout: 60_000 }, async (account, path) => {
    await tab.scripts(true);
    await tab.open(`${own.base}/login`);
    await tab.act(`document.querySelector('button[value="${account}"]').click()`);
    for (const [width, lang] of [
      [DESKTOP, 'zh'],
      [PHONE, 'en'],
    ] as const) {
      await tab.size(width, 900);
      await tab.open(`${own.base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      await tab.read("for (const one of document.querySelectorAll('details')) one.open = true; undefined");
      expect(await tab.accessibility(), `${width}`).toEqual([]);
      expect(await tab.read('document.documentElement.scrollWidth > innerWidth'), `${width}`).toBe(false);
      await shot(`${account}${path.replaceAll(/[/?=]/g, '-')}-${width}`, width, 1600);
    }
    expect(tab.complaints).toEqual([]);
    expect(site.errors).toEqual([]);
  });
});
