import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSite } from './board.ts';
import type { Site } from './board.ts';
import { CHROMIUM, openTab } from './browser.ts';
import type { Tab } from './browser.ts';

/** Where screenshots go when somebody wants to look: `SCREENSHOTS=/some/folder`. */
const SHOTS = process.env['SCREENSHOTS'];

// A laptop may have no Chromium; the judge of main must.
describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)('in a real browser', () => {
  let site: Site;
  let server: Server;
  let tab: Tab;
  let base = '';

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error('no Chromium: set CHROMIUM or install the chromium package');
    site = await createSite();
    server = createServer(site.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    tab = await openTab(CHROMIUM);
    if (SHOTS !== undefined) mkdirSync(SHOTS, { recursive: true });
  });
  afterAll(async () => {
    await tab.close();
    server.closeAllConnections();
    server.close();
  });

  const click = (selector: string): Promise<void> => tab.act(`document.querySelector(${JSON.stringify(selector)}).click()`);
  const signIn = async (account: string): Promise<void> => {
    await tab.open(`${base}/login`);
    await click(`button[value="${account}"]`);
  };
  const fill = (fields: { readonly [id: string]: string }): Promise<void> =>
    tab.read(`for (const [id, value] of Object.entries(${JSON.stringify(fields)})) document.getElementById(id).value = value; undefined`);
  const shot = async (name: string, width = 1280, height = 1500): Promise<void> => {
    if (SHOTS !== undefined) await tab.screenshot(`${SHOTS}/${name}.png`, width, height);
  };
  /** Wider than the window at phone width, or a control without a name: what a reader would trip over. */
  const trips = (): Promise<readonly string[]> =>
    tab.read(`[
      ...(document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []),
      ...[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((e) => e.labels.length === 0 && !e.getAttribute('aria-label')).map((e) => 'no label: ' + e.name),
      ...[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i).map((id) => 'id twice: ' + id),
      ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
    ]`);

  it('shows the home page and the queue, and a refused form that leads to the words and the field', { timeout: 120_000 }, async () => {
    await tab.open(`${base}/?lang=zh`);
    expect(await tab.read('document.querySelectorAll("main h2 a").length')).toBeGreaterThan(3);
    await shot('home');
    await shot('home-phone', 390, 1400);
    expect(await trips()).toEqual([]);

    await signIn('emp-1');
    await tab.open(`${base}/employer/new`);
    await fill({
      'f-title': '前台接待',
      'f-headcount': '2',
      'f-requirements': '限女性，形象大方，能用英语接待',
      'f-workContent': '接待来访，接听电话，入职交500元押金领取工服',
      'f-workingConditions': '五天八小时，缴纳五险一金',
      'f-place-city': '北京',
      'f-pay-minFen': '6000',
      'f-pay-maxFen': '8000',
    });
    await click('main form button[type=submit], main form button:not([type])');
    expect(await tab.read('[...document.querySelectorAll("[role=alert] mark")].map((m) => m.textContent).join()')).toContain('限女性');
    expect(await tab.read('document.querySelector("[role=alert]").textContent')).toMatch(/第十五条第一款[^]*第十九条第二款/);
    expect(
      await tab.read(
        '[...document.querySelectorAll("[role=alert] a[href^=\\"#\\"]")].every((a) => document.getElementById(a.hash.slice(1)) !== null)',
      ),
    ).toBe(true);
    await shot('refused-form', 1280, 2200);
    await shot('refused-form-phone', 390, 2600);
    expect(await trips()).toEqual([]);

    await signIn('rev-1');
    await tab.open(`${base}/reviews`);
    await shot('queue');
    expect(await trips()).toEqual([]);
    await tab.act('document.querySelector("main a[href^=\\"/reviews/\\"]").click()');
    await shot('review', 1280, 1800);
    expect(await trips()).toEqual([]);
    for (const [account, path] of [
      ['operator', '/operator'],
      ['auditor', '/evidence'],
      ['emp-1', '/employer/materials'],
    ] as const) {
      await signIn(account);
      await tab.open(`${base}${path}?lang=en`);
      await shot(path.slice(1).replaceAll('/', '-'), 1280, 1800);
      expect(await trips(), path).toEqual([]);
    }
    expect(site.errors).toEqual([]);
    // A refused form is answered with 422, which the browser reports as a failed load; nothing else may be said.
    expect(tab.complaints.filter((c) => !c.includes('422'))).toEqual([]);
  });
});
