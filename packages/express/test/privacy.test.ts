import { createTestClock, routeNeeded, verifyEvidence } from '@zhengpin/core';
import type { Actor, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, personalEgress } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };

describe('the desk of personal information', () => {
  let platform: Platform;
  let store: Store;

  beforeEach(async () => {
    store = memoryStore();
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'));
  });
  afterEach(async () => {
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  async function send(method: 'get' | 'post', by: Actor, path: string, body?: object): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const call = method === 'get' ? request(app).get(`/compliance${path}`) : request(app).post(`/compliance${path}`);
    void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? call : call.send(body);
  }

  const notice = (version: string, effectiveFrom: string, material: boolean) => ({
    notice: 'privacy',
    version,
    sha256: version.repeat(64).slice(0, 64),
    effectiveFrom,
    material,
  });
  const CONSENT = {
    subject: 'p-1',
    scope: 'separate',
    purpose: 'recruit',
    recipient: 'org-firm',
    notice: 'privacy',
    version: '1',
    reference: 'CONSENT-1',
  };

  describe('consent', () => {
    beforeEach(async () => {
      await send('post', operator, '/notices', notice('1', '2026-01-01', true));
    });

    it('is given under a notice that was shown, withdrawn as easily, and asked for anew after a material change', async () => {
      const asked = { subject: 'p-1', scope: 'separate', purpose: 'recruit', recipient: 'org-firm' } as const;
      const standing = (): Promise<string> => platform.compliance.consentStanding('main', asked);
      expect(await standing()).toBe('none');
      expect((await send('post', operator, '/consents', { ...CONSENT, version: '9' })).status).toBe(404);
      expect((await send('post', reviewer, '/consents', CONSENT)).status).toBe(403);
      expect((await send('post', operator, '/consents', CONSENT)).status).toBe(201);
      expect(await standing()).toBe('given');
      // Given to one employer is not given to another, nor in general, nor for something else.
      for (const other of [{ recipient: 'org-agency' }, { scope: 'general' as const }, { purpose: 'recommend' }])
        expect(await platform.compliance.consentStanding('main', { ...asked, ...other })).toBe('none');
      // A small change leaves it standing, a material one does not; not before it is in effect.
      await send('post', operator, '/notices', notice('2', '2026-11-01', false));
      expect(await standing()).toBe('given');
      await send('post', operator, '/notices', notice('3', '2026-12-01', true));
      expect(await standing()).toBe('given');
      platform.clock.advance(10 * DAY);
      expect(await standing()).toBe('outdated');
      expect((await send('post', operator, '/consents', { ...CONSENT, version: '2' })).body).toMatchObject({ code: 'ZP_STATE' });
      await send('post', operator, '/consents', { ...CONSENT, version: '3' });
      expect(await standing()).toBe('given');
      const { subject, scope, purpose, recipient } = CONSENT;
      expect(
        (await send('post', operator, '/consents/withdrawals', { subject, scope, purpose, recipient, reference: 'CASE-2' })).body,
      ).toMatchObject({ state: 'withdrawn' });
      expect(await standing()).toBe('withdrawn');
      await expect(platform.compliance.assertConsent('main', asked)).rejects.toMatchObject({
        code: 'ZP_CONSENT_MISSING',
        citations: expect.arrayContaining([expect.objectContaining({ article: '23' })]) as unknown,
      });
      expect((await send('get', auditor, '/consents/p-1')).body.items).toHaveLength(1);
    });

    it('a version that is out does not change its text', async () => {
      expect((await send('post', operator, '/notices', notice('1', '2026-01-01', true))).status).toBe(201);
      expect((await send('post', operator, '/notices', { ...notice('1', '2026-01-01', true), sha256: 'f'.repeat(64) })).body).toMatchObject(
        { code: 'ZP_STATE' },
      );
    });

    it('stands before a résumé goes to an employer', async () => {
      const guard = personalEgress(platform.compliance, {
        fields: { '/name': 'name' },
        subjects: ['/id'],
        purposes: ['recruit'],
        separateConsent: true,
      });
      const app = express().get('/resumes/:id', guard, (_req, res) => void res.json({ id: 'p-1', name: '张三' }));
      const ask = async (by: Actor): Promise<Response> =>
        request(app)
          .get('/resumes/p-1')
          .set('Authorization', `Bearer ${await platform.token(by)}`);
      const refused = await ask(employer);
      expect(refused).toMatchObject({ status: 403, body: { code: 'ZP_CONSENT_MISSING' } });
      expect(refused.text).not.toContain('张');
      await send('post', operator, '/consents', CONSENT);
      expect((await ask(employer)).body).toEqual({ id: 'p-1', name: '张三' });
      // A reviewer has no organisation to hand it to.
      expect((await ask(reviewer)).status).toBe(200);
    });
  });

  it('takes requests of persons up, answers them in time or late on record, and refuses only with a reason', async () => {
    const opened = await send('post', operator, '/rights-requests', { subject: 'p-1', kind: 'copy', reference: 'CASE-1' });
    // Fifteen working days from 25 November 2026.
    expect(opened).toMatchObject({ status: 201, body: { state: 'open', dueOn: '2026-12-16' } });
    await send('post', operator, '/rights-requests', { subject: 'p-2', kind: 'delete', reference: 'CASE-2' });
    expect((await send('get', auditor, '/rights-requests')).body.items).toHaveLength(2);
    const path = `/rights-requests/${String(opened.body.id)}/answer`;
    expect((await send('post', operator, path, { outcome: 'refused', ...PROOF })).status).toBe(422);
    expect((await send('post', operator, path, { outcome: 'refused', reason: 'not-identified', ...PROOF })).body).toMatchObject({
      state: 'answered',
    });
    expect((await send('post', operator, path, { outcome: 'done', ...PROOF })).body).toMatchObject({ code: 'ZP_STATE' });
    platform.clock.advance(30 * DAY);
    const audit = await platform.compliance.startAudit(officer, { kind: 'light' });
    const failed = (await platform.compliance.getAudit(auditor, audit.id)).body.items
      .filter(({ state }) => state === 'failed')
      .map(({ check }) => check);
    expect(failed).toContain('rights-overdue');
    const [late] = (await send('get', auditor, '/rights-requests')).body.items as readonly { readonly id: string }[];
    await send('post', operator, `/rights-requests/${late?.id}/answer`, { outcome: 'done', ...PROOF });
    expect((await store.get('rightsRequests', late?.id ?? ''))?.body).toMatchObject({ answer: { late: true } });
  });

  describe('the gate for transfers abroad', () => {
    let assessment: string;
    const transfer = (subjects: readonly string[], sensitive = false) => ({
      recipient: 'hq',
      purpose: 'recruit',
      sensitive,
      subjects,
      reference: 'CASE-1',
    });

    beforeEach(async () => {
      await send('post', operator, '/notices', notice('1', '2026-01-01', true));
      assessment = String(
        (await send('post', officer, '/assessments', { trigger: 'cross-border', conclusion: 'proceed', ...PROOF })).body.id,
      );
    });
    async function recipient(route: string, more: object = {}): Promise<void> {
      const given = { recipient: 'hq', jurisdiction: 'SG', route, assessment, ...PROOF, ...more };
      for (const by of [officer, operator]) await send('post', by, '/transfers/recipients', given);
    }
    async function agree(...subjects: readonly string[]): Promise<void> {
      for (const subject of subjects) await send('post', operator, '/consents', { ...CONSENT, subject, recipient: 'hq' });
    }

    it.each<[number, number, string]>([
      [0, 0, 'small-volume'],
      [99_999, 0, 'small-volume'],
      [100_000, 0, 'standard-contract'],
      [1, 1, 'standard-contract'],
      [999_999, 9999, 'standard-contract'],
      [1_000_000, 0, 'security-assessment'],
      [10_000, 10_000, 'security-assessment'],
    ])('%i persons, %i of them sensitive, need %s', (persons, sensitive, route) => {
      expect(routeNeeded(persons, sensitive)).toBe(route);
    });

    it('lets nothing pass by default, and then only with route, assessment and the consent of each', async () => {
      const pass = async (subjects: readonly string[], sensitive = false): Promise<Response> =>
        send('post', operator, '/transfers', transfer(subjects, sensitive));
      expect((await pass(['p-1'])).body).toMatchObject({ code: 'ZP_TRANSFER_REFUSED', detailZh: '接收方未经批准' });
      const given = { recipient: 'hq', jurisdiction: 'SG', route: 'small-volume', assessment, ...PROOF };
      expect((await send('post', officer, '/transfers/recipients', { ...given, assessment: 'none' })).status).toBe(404);
      expect((await send('post', officer, '/transfers/recipients', given)).body).toMatchObject({ state: 'proposed' });
      expect((await send('post', officer, '/transfers/recipients', given)).body).toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
      expect((await pass(['p-1'])).status).toBe(403);
      // Another content is another proposal.
      expect((await send('post', operator, '/transfers/recipients', { ...given, jurisdiction: 'US' })).body).toMatchObject({
        state: 'proposed',
      });
      await recipient('small-volume');
      expect((await pass(['p-1'])).body).toMatchObject({ detailZh: '缺少单独同意' });
      await agree('p-1', 'p-2');
      expect((await pass(['p-1', 'p-3'])).body).toMatchObject({ detailZh: '缺少单独同意' });
      expect((await pass(['p-1', 'p-2'])).body).toEqual({ passed: true, year: '2026', persons: 2, sensitive: 0 });
      // A person counts once a year, and anew in the next.
      expect((await pass(['p-1'])).body).toMatchObject({ persons: 2 });
      expect((await pass(['p-1'], true)).body).toMatchObject({ code: 'ZP_TRANSFER_REFUSED', detailZh: '出境路径不足以覆盖本年度人数' });
      await recipient('standard-contract');
      expect((await pass(['p-1'], true)).body).toMatchObject({ persons: 2, sensitive: 1 });
      await store.commit([
        {
          collection: 'transferYears',
          id: 'main/2026',
          expectedVersion: (await store.get('transferYears', 'main/2026'))?.version ?? 0,
          body: { ...(await store.get('transferYears', 'main/2026'))?.body, persons: 999_999 },
        },
      ]);
      await agree('p-4');
      expect((await pass(['p-4'])).body).toMatchObject({ detailZh: '出境路径不足以覆盖本年度人数' });
      platform.clock.advance(60 * DAY);
      expect((await pass(['p-4'])).body).toEqual({ passed: true, year: '2027', persons: 1, sensitive: 0 });
      expect((await send('get', auditor, '/transfers/years/2027')).body).toMatchObject({ persons: 1 });
      // Put back what the test changed behind the kit's back.
      const row = await store.get('transferYears', 'main/2026');
      await store.commit([{ collection: 'transferYears', id: 'main/2026', expectedVersion: row?.version ?? 0 }]);
      store = memoryStore();
    });

    it('closes when the route has expired or the assessment says stop', async () => {
      await agree('p-1');
      await recipient('standard-contract', { validThrough: '2026-12-01' });
      expect((await send('post', operator, '/transfers', transfer(['p-1']))).status).toBe(200);
      platform.clock.advance(10 * DAY);
      expect((await send('post', operator, '/transfers', transfer(['p-1']))).body).toMatchObject({ detailZh: '出境路径已过期' });
      assessment = String((await send('post', officer, '/assessments', { trigger: 'cross-border', conclusion: 'stop', ...PROOF })).body.id);
      await recipient('standard-contract');
      expect((await send('post', operator, '/transfers', transfer(['p-1']))).body.detailZh).toContain('影响评估');
      expect((await send('get', auditor, '/assessments')).body.items[0].body).toMatchObject({ keepUntil: '2029-12-05' });
    });
  });

  it('runs the clocks of an incident from its discovery, and closes it only when everything was done', async () => {
    const incident = {
      kind: 'leak',
      level: 'larger',
      discoveredAt: '2026-11-25T01:00:00.000Z',
      persons: 120,
      sensitivePersons: 3,
      reference: 'CASE-1',
    };
    expect((await send('post', officer, '/incidents', { ...incident, discoveredAt: '2026-11-26T01:00:00.000Z' })).status).toBe(422);
    const opened = await send('post', officer, '/incidents', incident);
    expect(opened.body).toMatchObject({ reportBy: '2026-11-25T05:00:00.000Z', missing: ['contained', 'reported', 'persons-notified'] });
    const step = (name: string): Promise<Response> =>
      send('post', officer, `/incidents/${String(opened.body.id)}/steps`, { step: name, ...PROOF });
    expect((await step('closed')).body).toMatchObject({ code: 'ZP_STATE' });
    expect((await step('contained')).body).toMatchObject({ missing: ['reported', 'persons-notified'] });
    platform.clock.advance(5 * 3_600_000);
    const audit = await platform.compliance.startAudit(officer, { kind: 'light' });
    expect((await platform.compliance.getAudit(auditor, audit.id)).body.items.find(({ check }) => check === 'incidents-open')?.state).toBe(
      'failed',
    );
    await step('reported');
    await step('persons-notified');
    expect((await step('closed')).body).toMatchObject({ state: 'closed', missing: [] });
    const [found] = (await send('get', auditor, '/incidents')).body.items as readonly {
      readonly body: { readonly steps: readonly object[] };
    }[];
    expect(found?.body.steps).toMatchObject([{ late: false }, { step: 'reported', late: true }, { late: false }, { step: 'closed' }]);
    const ordinary = await send('post', officer, '/incidents', { ...incident, level: 'ordinary', persons: 2_000_000 });
    expect(ordinary.body.reportBy).toBeUndefined();
    expect((await store.get('incidents', String(ordinary.body.id)))?.body).toMatchObject({ mayOrderAudit: true });
  });

  it('watches the numbers of persons: what a threshold asks for has its day, and a reached one stays reached', async () => {
    expect((await send('get', auditor, '/person-scale')).status).toBe(404);
    const scale = (persons: number, sensitivePersons: number): Promise<Response> =>
      send('post', operator, '/person-scale', { persons, sensitivePersons });
    expect((await scale(999_999, 99_999)).body).toMatchObject({ reached: [], overdue: [] });
    // Nobody knows the holidays of 2027 yet: days with weekends are counted, which is earlier than thirty working days.
    const reached = await scale(1_000_000, 100_000);
    expect(reached.body.reached).toMatchObject([{ threshold: 'sensitive-100k' }, { threshold: 'officer-1m', on: '2026-11-25' }]);
    expect(reached.body.reached[1]).toMatchObject({ dueOn: '2026-12-25' });
    expect((await scale(10, 0)).body.reached).toHaveLength(2);
    const duty = { threshold: 'officer-1m', ...PROOF };
    expect((await send('post', operator, '/person-scale/discharges', { ...duty, threshold: 'audit-10m' })).status).toBe(404);
    platform.clock.advance(60 * DAY);
    expect((await send('get', auditor, '/person-scale')).body.overdue).toEqual(['officer-1m']);
    const audit = await platform.compliance.startAudit(officer, { kind: 'light' });
    expect((await platform.compliance.getAudit(auditor, audit.id)).body.items.find(({ check }) => check === 'thresholds')?.state).toBe(
      'failed',
    );
    expect((await send('post', operator, '/person-scale/discharges', duty)).body).toMatchObject({ overdue: [] });
    expect((await send('post', operator, '/person-scale/discharges', duty)).body).toMatchObject({ code: 'ZP_STATE' });
  });
});
