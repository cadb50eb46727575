import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Change, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter, deletionGuard } from '../src/index.ts';
import { auditor, createPlatform, employer, inspector, officer, operator, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const second: Actor = { id: 'acct-officer-2', tenant: 'main', role: 'compliance-officer' };

describe('retention', () => {
  let platform: Platform;
  let store: Store;

  beforeEach(async () => {
    store = memoryStore();
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'));
    await platform.compliance.tickRetention(operator);
  });

  async function send(method: 'get' | 'post', by: Actor, path: string, body?: object): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const call = method === 'get' ? request(app).get(`/compliance${path}`) : request(app).post(`/compliance${path}`);
    void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? call : call.send(body);
  }

  /** A posting that was withdrawn today, with its service completed by rule. */
  async function ended(title = '后端工程师'): Promise<string> {
    const { id } = await platform.compliance.submitPosting(employer, posting({ title }));
    await platform.compliance.withdrawPosting(employer, id);
    await platform.compliance.settleServices(operator);
    return id;
  }

  /** More services than go in one commit. */
  async function many(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { id } = await platform.compliance.submitPosting(employer, posting({ headcount: i + 1 }));
      await platform.compliance.withdrawPosting(employer, id);
    }
    await platform.compliance.settleServices(operator);
  }

  /** Time as it passes on a machine that runs: a tick a month. */
  async function pass(days: number): Promise<void> {
    for (let left = days; left > 0; left -= 30) {
      platform.clock.advance(Math.min(30, left) * DAY);
      await platform.compliance.tickRetention(operator);
    }
  }

  async function approved(cap?: number): Promise<string> {
    const plan = await platform.compliance.planDisposal(operator, { record: true, ...(cap === undefined ? {} : { cap }) });
    await platform.compliance.approveDisposal(officer, plan.id ?? '');
    await platform.compliance.approveDisposal(second, plan.id ?? '');
    return plan.id ?? '';
  }

  describe('a service', () => {
    it('is complete when its posting, its order, its application and its complaint have ended, and not before', async () => {
      const { id } = await platform.compliance.submitPosting(employer, posting());
      const opened = await send('post', operator, '/services', { kind: 'recommend', organisation: 'org-firm', postings: [id] });
      expect(opened.status).toBe(201);
      const service = `/services/${String(opened.body.id)}`;
      await send('post', operator, `${service}/parts`, { kind: 'application', ref: 'app-1', state: 'open' });
      const early = await send('post', officer, `${service}/completion`, { completedOn: '2026-11-25', reference: 'CASE-1' });
      expect(early).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });
      expect((await send('get', auditor, `${service}/proposal`)).body).toEqual({ basis: [], openPostings: [id], openParts: 1 });

      await platform.compliance.withdrawPosting(employer, id);
      platform.clock.advance(3 * DAY);
      await send('post', operator, `${service}/parts`, { kind: 'application', ref: 'app-1', state: 'ended' });
      const proposal = await send('get', auditor, `${service}/proposal`);
      expect(proposal.body).toEqual({
        completedOn: '2026-11-28',
        openParts: 0,
        openPostings: [],
        basis: [
          { part: 'posting', id, endedOn: '2026-11-25', how: 'withdrawn' },
          // An application was the last: nothing says that it was an order.
          { part: 'others', endedOn: '2026-11-28', how: 'last-ended' },
        ],
      });
      // The posting ended on the 25th, the application on the 28th: the later counts.
      const wrong = await send('post', officer, `${service}/completion`, { completedOn: '2026-11-25', reference: 'CASE-1' });
      expect(wrong).toMatchObject({ status: 422, body: { code: 'ZP_INPUT_INVALID' } });
      const done = await send('post', officer, `${service}/completion`, { completedOn: '2026-11-28', reference: 'CASE-1' });
      expect(done.body).toMatchObject({ state: 'completed', completedOn: '2026-11-28' });
      expect((await send('get', inspector, `/retention/postings/${id}`)).body).toMatchObject({
        state: 'kept',
        retainUntil: '2029-11-28',
        held: false,
      });

      // A complaint reopens it, and its end is what counts then.
      await send('post', operator, `${service}/parts`, { kind: 'complaint', ref: 'c-1', state: 'open' });
      expect((await send('get', auditor, service)).body.body).toMatchObject({ state: 'open', reopened: 1 });
      platform.clock.advance(30 * DAY);
      await send('post', operator, `${service}/parts`, { kind: 'complaint', ref: 'c-1', state: 'ended' });
      expect((await send('post', operator, '/services/settle', {})).body).toMatchObject({ completed: 1 });
      expect((await send('get', inspector, `/retention/postings/${id}`)).body).toMatchObject({ retainUntil: '2029-12-28' });
    });

    it('takes no posting of another organisation or service, and no part that ends tomorrow', async () => {
      const id = await ended();
      const again = await send('post', operator, '/services', { kind: 'introduce', organisation: 'org-firm', postings: [id] });
      expect(again).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });
      const other = await send('post', operator, '/services', { kind: 'introduce', organisation: 'org-other', postings: [id] });
      expect(other.status).toBe(404);
      const part = await send('post', operator, `/services/${id}/parts`, {
        kind: 'order',
        ref: 'o-1',
        state: 'ended',
        endedOn: '2026-11-26',
      });
      expect(part).toMatchObject({ status: 422, body: { code: 'ZP_INPUT_INVALID' } });
      expect((await send('post', employer, '/services', { kind: 'introduce', organisation: 'org-firm', postings: [] })).status).toBe(403);
    });
  });

  describe('disposal', () => {
    it('is proposed after three years to the day, approved by two, done once, and certified for good', async () => {
      const id = await ended();
      await pass(1096);
      // 25 November 2029 is the last day it must be kept.
      expect(platform.clock.now()).toBe(Date.parse('2029-11-25T02:00:00.000Z'));
      expect((await send('post', operator, '/disposals', {})).body).toMatchObject({ items: [], more: false, anomalies: [] });
      await pass(1);
      const dry = await send('post', operator, '/disposals', {});
      expect(dry.body.items).toEqual([
        {
          service: id,
          organisation: 'org-firm',
          class: 'platform-service',
          months: 36,
          completedOn: '2026-11-25',
          retainUntil: '2029-11-25',
        },
      ]);
      expect(dry.body.id).toBeUndefined();

      const plan = await send('post', operator, '/disposals', { record: true });
      const path = `/disposals/${String(plan.body.id)}`;
      expect((await send('post', operator, `${path}/pass`, {})).body).toMatchObject({ code: 'ZP_STATE' });
      expect((await send('post', officer, `${path}/approval`, {})).body).toMatchObject({ state: 'planned' });
      expect((await send('post', officer, `${path}/approval`, {})).body).toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
      expect((await send('post', operator, `${path}/pass`, {})).body).toMatchObject({ code: 'ZP_STATE' });
      expect((await send('post', second, `${path}/approval`, {})).body).toMatchObject({ state: 'approved' });
      const done = await send('post', operator, `${path}/pass`, {});
      expect(done.body).toEqual({ plan: plan.body.id, state: 'applied', disposed: 1, kept: [] });

      expect(await store.get('postings', id)).toBeUndefined();
      expect(await store.get('postingVersions', `${id}.1`)).toBeUndefined();
      expect((await store.find('decisions', { where: { tenant: 'main', subject: id }, limit: 10 })).records).toEqual([]);
      expect((await store.find('reviews', { where: { tenant: 'main', subject: id }, limit: 10 })).records).toEqual([]);
      const certificate = await send('get', inspector, `/certificates/${id}`);
      expect(certificate.body.body).toMatchObject({
        class: 'platform-service',
        months: 36,
        trigger: 'service-completed',
        completedOn: '2026-11-25',
        retainUntil: '2029-11-25',
        approvers: [officer.id, second.id],
        method: 'delete',
        removed: { services: 1, postings: 1, postingVersions: 1, decisions: 1, reviews: 1 },
        // No archive is configured: none is claimed to remain.
        remains: ['backups', 'write-ahead-log', 'free-pages'],
        segments: [],
      });
      expect((await send('get', inspector, `/retention/postings/${id}`)).body).toMatchObject({ state: 'disposed' });
      await expect(platform.compliance.assertDeletable('main', id)).resolves.toBeUndefined();
      // Asked for again, the pass tells the same.
      expect((await send('post', operator, `${path}/pass`, {})).body).toMatchObject({ disposed: 1, state: 'applied' });
      const report = await verifyEvidence(store, { vkey: platform.compliance.evidence.vkey, tenant: 'main' });
      expect(report).toMatchObject({ ok: true });
    });

    it('leaves alone what was taken up again meanwhile, and counts anew from its next end', async () => {
      const id = await ended();
      await pass(1100);
      const plan = await approved();
      await platform.compliance.submitPosting(employer, posting({ title: '后端工程师（二）', validity: { validThrough: '2030-03-31' } }), {
        id,
      });
      expect(await platform.compliance.applyDisposal(operator, plan)).toMatchObject({
        disposed: 0,
        kept: [{ service: id, why: 'under-way' }],
      });
      expect((await platform.compliance.getService(auditor, id)).body.state).toBe('open');
      await platform.compliance.withdrawPosting(employer, id);
      await platform.compliance.settleServices(operator);
      expect(await platform.compliance.retentionOf(auditor, id)).toMatchObject({ state: 'kept', completedOn: '2029-11-29' });
      expect((await platform.compliance.planDisposal(operator, {})).items).toEqual([]);
    });

    it('goes on where it was interrupted: nothing twice, nothing without its certificate', async () => {
      await many(45);
      await pass(1100);
      const plan = await approved();
      const { commit } = store;
      let left = 1;
      store.commit = (changes: readonly Change[]) =>
        changes.some(({ collection, body }) => collection === 'disposalCertificates' && body !== undefined) && left-- <= 0
          ? Promise.reject(new Error('killed'))
          : commit.call(store, changes);
      await expect(platform.compliance.applyDisposal(operator, plan)).rejects.toThrow();
      store.commit = commit;
      expect((await store.find('disposalCertificates', { where: { tenant: 'main' }, limit: 100 })).records).toHaveLength(20);
      expect(await platform.compliance.applyDisposal(operator, plan)).toMatchObject({ disposed: 45, kept: [] });
      expect((await store.find('disposalCertificates', { where: { tenant: 'main' }, limit: 100 })).records).toHaveLength(45);
      expect((await store.find('postings', { where: { tenant: 'main' }, limit: 10 })).records).toHaveLength(0);
      expect(await verifyEvidence(store, { vkey: platform.compliance.evidence.vkey, tenant: 'main' })).toMatchObject({ ok: true });
    });

    it('lists no more than its cap, and says that there is more', async () => {
      for (const title of ['测试工程师', '前端工程师', '数据分析师']) await ended(title);
      await pass(1100);
      expect(await platform.compliance.planDisposal(operator, { cap: 2 })).toMatchObject({ items: [{}, {}], more: true });
    });

    it('waits for a longer period the operator has set, which cannot be made shorter again', async () => {
      const id = await ended();
      const longer = await send('post', officer, '/retention/periods', { class: 'platform-service', months: 60, reference: 'POLICY-7' });
      expect(longer.body).toEqual({ class: 'platform-service', months: 60 });
      const shorter = await send('post', officer, '/retention/periods', { class: 'platform-service', months: 36, reference: 'POLICY-8' });
      expect(shorter).toMatchObject({ status: 422, body: { code: 'ZP_INPUT_INVALID' } });
      await pass(1500);
      expect((await platform.compliance.planDisposal(operator, {})).items).toEqual([]);
      await pass(400);
      expect((await platform.compliance.planDisposal(operator, {})).items).toMatchObject([{ service: id, months: 60 }]);
    });
  });

  describe('a hold', () => {
    it('keeps whatever it covers, of an employer also what arrives later, until two persons release it', async () => {
      const set = await send('post', officer, '/holds', { kind: 'inspection', scope: 'organisation.org-firm', reference: 'INSP-2026-3' });
      expect(set).toMatchObject({ status: 201, body: { state: 'held' } });
      const id = await ended();
      await pass(1100);
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject({ items: [], held: [id] });
      const path = `/holds/${String(set.body.id)}/release`;
      expect((await send('post', officer, path, { reference: 'INSP-2026-3/closed' })).body).toMatchObject({
        state: 'awaiting-second-person',
      });
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject({ items: [], held: [id] });
      expect((await send('post', officer, path, { reference: 'INSP-2026-3/closed' })).body).toMatchObject({
        code: 'ZP_SEPARATION_OF_DUTIES',
      });
      expect((await send('post', second, path, { reference: 'INSP-2026-3/closed' })).body).toMatchObject({ state: 'released' });
      expect((await send('post', second, path, { reference: 'INSP-2026-3/closed' })).body).toMatchObject({ code: 'ZP_STATE' });
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject({ items: [{ service: id }], held: [] });
    });

    it.each(['all', 'service', 'posting'])('set after the approval stops the pass (%s)', async (scope) => {
      const id = await ended();
      await pass(1100);
      const plan = await approved();
      await platform.compliance.setHold(officer, {
        kind: 'litigation',
        scope: scope === 'all' ? 'all' : `${scope}.${id}`,
        reference: 'CASE-99',
      });
      expect(await platform.compliance.applyDisposal(operator, plan)).toMatchObject({ disposed: 0, kept: [{ service: id, why: 'held' }] });
      expect((await send('get', auditor, '/holds')).body.items).toHaveLength(1);
    });

    it('set while a disposal is being committed is never passed over', async () => {
      const id = await ended();
      await pass(1100);
      const plan = await approved();
      const { get } = store;
      let isSet = false;
      // Between reading the holds and committing: the last thing read is the link of the posting.
      store.get = async (collection, key) => {
        const record = await get.call(store, collection, key);
        if (collection === 'serviceLinks' && !isSet) {
          isSet = true;
          await platform.compliance.setHold(officer, { kind: 'legal', scope: `service.${id}`, reference: 'CASE-100' });
        }
        return record;
      };
      expect(await platform.compliance.applyDisposal(operator, plan)).toMatchObject({ disposed: 0, kept: [{ service: id, why: 'held' }] });
      store.get = get;
      expect(await store.get('postings', id)).toBeDefined();
    });
  });

  describe('the clock', () => {
    it.each([
      ['one second back', -1000, []],
      ['one day back', -DAY, ['clock-backward', 'future-records']],
      ['four years back', -1461 * DAY, ['clock-backward', 'future-records']],
      ['one second forward', 1000, []],
      ['one day forward', DAY, []],
      ['four years forward', 1461 * DAY, ['clock-jump']],
    ])('%s disposes of nothing early and is named', async (_name, step, anomalies) => {
      await platform.compliance.tickRetention(operator);
      await ended();
      platform.clock.advance(step);
      const dry = await platform.compliance.planDisposal(operator, {});
      expect(dry.anomalies.toSorted()).toEqual(anomalies);
      if (anomalies.length === 0) expect(dry.items).toEqual([]);
      else {
        const refused = await send('post', operator, '/disposals', { record: true });
        expect(refused).toMatchObject({ status: 409, body: { code: 'ZP_RETENTION_PAUSED' } });
        expect(refused.body.findings.map(({ rule }: { readonly rule: string }) => rule).toSorted()).toEqual(anomalies);
        expect(await platform.compliance.tickRetention(operator)).toEqual({ anomalies: dry.anomalies, undelivered: 0 });
      }
    });

    it('that jumped is believed again when two persons say what day it is', async () => {
      await platform.compliance.tickRetention(operator);
      const id = await ended();
      platform.clock.advance(1200 * DAY);
      const today = { today: '2030-03-09', reference: 'CLOCK-1' };
      expect((await send('post', operator, '/retention/time', { today: '2026-11-25', reference: 'CLOCK-1' })).status).toBe(422);
      expect((await send('post', operator, '/retention/time', today)).body).toEqual({ state: 'awaiting-second-person' });
      expect((await send('post', operator, '/retention/time', today)).body).toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual(['clock-jump']);
      expect((await send('post', officer, '/retention/time', today)).body).toEqual({ state: 'confirmed' });
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject({ anomalies: [], items: [{ service: id }] });
    });

    it('stepped in the middle of a pass stops it', async () => {
      await many(45);
      await pass(1100);
      const plan = await approved();
      const { commit } = store;
      let done = 0;
      store.commit = async (changes: readonly Change[]) => {
        await commit.call(store, changes);
        if (changes.some(({ collection }) => collection === 'disposalCertificates') && ++done === 1) platform.clock.advance(-400 * DAY);
      };
      await expect(platform.compliance.applyDisposal(operator, plan)).rejects.toMatchObject({ code: 'ZP_RETENTION_PAUSED' });
      expect((await store.find('disposalCertificates', { where: { tenant: 'main' }, limit: 100 })).records).toHaveLength(20);
      platform.clock.advance(400 * DAY);
      expect(await platform.compliance.applyDisposal(operator, plan)).toMatchObject({ disposed: 45 });
    });

    it('is recorded once a day, however often it is asked to be', async () => {
      const marks = async (): Promise<number> =>
        (await store.find('evidence', { limit: 1000 })).records.filter(({ body }) => JSON.stringify(body).includes('retention.time-marked'))
          .length;
      for (let i = 0; i < 3; i++) await platform.compliance.tickRetention(operator);
      expect(await marks()).toBe(1);
      platform.clock.advance(DAY);
      await platform.compliance.tickRetention(operator);
      expect(await marks()).toBe(2);
    });

    it('without any recorded time plans nothing on record, until two persons say what day it is', async () => {
      store = memoryStore();
      platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'));
      const id = await ended();
      const unmarked = { anomalies: ['clock-unmarked'] };
      platform.clock.advance(1200 * DAY);
      const dry = await platform.compliance.planDisposal(operator, {});
      expect(dry).toMatchObject({ items: [{ service: id }], anomalies: ['clock-unmarked'] });
      await expect(platform.compliance.planDisposal(operator, { record: true })).rejects.toMatchObject({ code: 'ZP_RETENTION_PAUSED' });
      // No one person's doing is a recorded time: not a tick, a hold, a longer period or the first word of two.
      expect(await platform.compliance.tickRetention(operator)).toMatchObject(unmarked);
      const hold = await platform.compliance.setHold(officer, { kind: 'legal', scope: 'posting.other', reference: 'CASE-1' });
      expect(hold.state).toBe('held');
      await platform.compliance.lengthenRetention(officer, { class: 'service-ledger', months: 48, reference: 'POLICY-1' });
      const today = { today: '2030-03-09', reference: 'CLOCK-1' };
      await platform.compliance.confirmTime(operator, today);
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject(unmarked);
      await platform.compliance.confirmTime(officer, today);
      expect(await platform.compliance.planDisposal(operator, {})).toMatchObject({ anomalies: [] });
    });
  });

  describe('retrieval and the guard', () => {
    it('finds services of an employer by day of completion, for an inspector', async () => {
      const first = await ended('测试工程师');
      platform.clock.advance(10 * DAY);
      const later = await ended('前端工程师');
      const all = await send('get', inspector, '/retention/services?organisation=org-firm');
      expect(all.body.items.map(({ postings }: { readonly postings: readonly string[] }) => postings[0])).toEqual([first, later]);
      const some = await send('get', inspector, '/retention/services?organisation=org-firm&from=2026-12-01&to=2026-12-31');
      expect(some.body.items).toMatchObject([{ state: 'kept', completedOn: '2026-12-05', postings: [later] }]);
      expect((await send('get', inspector, '/retention/services')).status).toBe(422);
      expect((await send('get', inspector, '/retention/services?organisation=org-firm&from=2026-02-30')).status).toBe(422);
      expect((await send('get', reviewer, '/retention/services?organisation=org-firm')).status).toBe(403);
    });

    it('stands before a route of the host that deletes, until the posting was disposed of', async () => {
      const id = await ended();
      const deleted: string[] = [];
      const app = express().delete('/jobs/:id', deletionGuard(platform.compliance, { tenant: 'main' }), (req, res) => {
        deleted.push(String(req.params['id']));
        res.sendStatus(204);
      });
      const early = await request(app).delete(`/jobs/${id}`);
      expect(early).toMatchObject({ status: 409, body: { code: 'ZP_RETAINED' } });
      expect(early.body.detailZh).toContain('2029-11-25');
      expect((await request(app).delete('/jobs/no%20id')).status).toBe(404);
      await pass(1100);
      expect((await request(app).delete(`/jobs/${id}`)).status).toBe(409);
      await platform.compliance.applyDisposal(operator, await approved());
      expect((await request(app).delete(`/jobs/${id}`)).status).toBe(204);
      expect(deleted).toEqual([id]);
    });

    it('refuses an early delete of the host with the day and the article, and knows no posting it may not know', async () => {
      const { id } = await platform.compliance.submitPosting(employer, posting());
      const check = (): Promise<void> => platform.compliance.assertDeletable('main', id);
      await expect(check()).rejects.toMatchObject({ code: 'ZP_RETAINED', citations: [{ instrument: 'order44', article: '26' }, {}] });
      await platform.compliance.withdrawPosting(employer, id);
      await platform.compliance.settleServices(operator);
      await expect(check()).rejects.toMatchObject({ code: 'ZP_RETAINED', detail: { en: expect.stringContaining('2029-11-25') as string } });
      await pass(1100);
      // Due is not disposed of.
      await expect(check()).rejects.toMatchObject({ code: 'ZP_RETAINED' });
      await expect(platform.compliance.assertDeletable('main', 'posting-nobody-knows')).rejects.toMatchObject({ code: 'ZP_RETAINED' });
    });
  });
});
