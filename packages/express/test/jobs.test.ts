import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { RunRecord, Store } from '@zhengpin/core';
import { startScheduler } from '@zhengpin/core/scheduler';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const HOUR = 3_600_000;
const START = '2026-11-25T02:00:00.000Z';

describe('jobs', () => {
  let store: Store;
  let one: Platform;

  beforeEach(async () => {
    store = memoryStore();
    one = await createPlatform(store, createTestClock(START));
  });
  afterEach(() => vi.useRealTimers());

  /** Another process over the same store; its clock is the first one's. */
  async function replica(): Promise<Platform> {
    return createPlatform({ ...store, close: async () => undefined }, one.clock);
  }

  async function runs(job: string): Promise<readonly RunRecord[]> {
    const { items } = await one.compliance.listRuns(auditor, { limit: 100 });
    return items.map(({ body }) => body).filter((body) => body.job === job);
  }

  it('run once, the latest occurrence, however many processes ask', async () => {
    const two = await replica();
    const outcomes = await Promise.all([one, two, one, two].map(({ compliance }) => compliance.runDue(operator, ['expire-postings'])));
    expect(outcomes.flat()).toMatchObject([
      { job: 'expire-postings', slot: '2026-11-25T01:05:00.000Z', state: 'done', attempts: 1, missed: 0 },
    ]);
    expect(await one.compliance.runDue(operator, ['expire-postings'])).toEqual([]);
    expect(await runs('expire-postings')).toMatchObject([{ state: 'done', attempts: 1 }]);
  });

  it('have what nobody was there for on record as missed, and run the latest', async () => {
    await one.compliance.runDue(operator, ['expire-postings']);
    one.clock.advance(5 * HOUR);
    expect(await one.compliance.runDue(operator, ['expire-postings'])).toMatchObject([{ slot: '2026-11-25T06:05:00.000Z', missed: 4 }]);
    expect((await runs('expire-postings')).map(({ slot, state, why }) => [slot.slice(11, 16), state, why ?? ''])).toEqual([
      ['06:05', 'done', ''],
      ['05:05', 'missed', 'nobody-running'],
      ['04:05', 'missed', 'nobody-running'],
      ['03:05', 'missed', 'nobody-running'],
      ['02:05', 'missed', 'nobody-running'],
      ['01:05', 'done', ''],
    ]);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('missed for very long are one record and the last ones, and every one is counted', async () => {
    await one.compliance.runDue(operator, ['expire-postings']);
    one.clock.advance(100 * HOUR);
    expect(await one.compliance.runDue(operator, ['expire-postings'])).toMatchObject([{ missed: 99 }]);
    const all = await runs('expire-postings');
    // The first and the latest were run, sixty stand by themselves, and one stands for thirty-nine.
    expect(all).toHaveLength(63);
    expect(all.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(101);
    expect(all.at(-2)).toMatchObject({ slot: '2026-11-25T02:05:00.000Z', count: 39, upTo: '2026-11-26T16:05:00.000Z' });
  });

  it('are taken over from a process that died in the middle, when its lease has ended and not before', async () => {
    expect(await one.compliance.claimRun(operator, 'expire-postings', '2026-11-25T01:05:00.000Z')).toBe('claimed');
    const two = await replica();
    expect(await two.compliance.runDue(operator, ['expire-postings'])).toEqual([]);
    one.clock.advance(31 * 60_000);
    expect(await two.compliance.runDue(operator, ['expire-postings'])).toMatchObject([{ slot: '2026-11-25T02:05:00.000Z', missed: 0 }]);
    // The abandoned one was not the latest any more: it is on record as that.
    expect(await runs('expire-postings')).toMatchObject([{ state: 'done' }, { state: 'failed', attempts: 1, why: 'abandoned' }]);
    // The latest is run by whoever comes, and what the dead one says when it comes to itself does not count.
    one.clock.advance(HOUR);
    const slot = '2026-11-25T03:05:00.000Z';
    expect(await one.compliance.claimRun(operator, 'expire-postings', slot)).toBe('claimed');
    expect(await two.compliance.claimRun(operator, 'expire-postings', slot)).toBe('taken');
    one.clock.advance(30 * 60_000);
    expect(await two.compliance.runDue(operator, ['expire-postings'])).toMatchObject([{ slot, state: 'done', attempts: 2 }]);
    expect(await one.compliance.runClaimed(operator, 'expire-postings', slot)).toMatchObject({ attempts: 2 });
    expect((await runs('expire-postings'))[0]).toMatchObject({ slot, state: 'done', attempts: 2 });
  });

  it('that fail say so by a code, and no more', async () => {
    const { find } = store;
    store.find = async (collection, query) => {
      if (collection === 'postings') throw new Error('no 13800138000');
      return find.call(store, collection, query);
    };
    expect(await one.compliance.runDue(operator, ['expire-postings'])).toMatchObject([{ state: 'failed', why: 'unexpected' }]);
    expect(JSON.stringify(await runs('expire-postings'))).not.toContain('13800138000');
  });

  it('do what they are for, over HTTP, for a scheduler outside', async () => {
    const { id } = await one.compliance.submitPosting(employer, (await import('./platform.ts')).posting());
    await one.compliance.withdrawPosting(employer, id);
    const app = express().use('/compliance', complianceRouter(one.compliance));
    const done = await request(app)
      .post('/compliance/jobs/due')
      .set('Authorization', `Bearer ${await one.token(operator)}`)
      .send({});
    // No archive, no keys and no payments are configured here: what needs them is not run.
    expect(done.body.runs.map(({ job }: { readonly job: string }) => job)).toEqual([
      'expire-postings',
      'duties-tick',
      'disclosure-monitor',
      'settle-services',
      'retention-tick',
      'light-audit',
    ]);
    expect(await one.compliance.retentionOf(officer, id)).toMatchObject({ state: 'kept' });
    const denied = await request(app)
      .post('/compliance/jobs/due')
      .set('Authorization', `Bearer ${await one.token(officer)}`)
      .send({});
    expect(denied.status).toBe(403);
    const listed = await request(app)
      .get('/compliance/jobs/runs')
      .set('Authorization', `Bearer ${await one.token(auditor)}`);
    expect(listed.body.items).toHaveLength(6);
  });

  it('come by themselves at their minute, in one of several processes', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-25T03:04:58.000Z'), shouldAdvanceTime: true });
    one.clock.set('2026-11-25T03:04:58.000Z');
    const two = await replica();
    const seen: string[] = [];
    const jobs = ['expire-postings'];
    const schedulers = [one, two].map(({ compliance }) =>
      startScheduler(compliance, {
        actor: operator,
        jobs,
        onRun: ({ job, slot, state }) => seen.push(`${job} ${slot} ${state}`),
        onError: (error) => seen.push(String(error)),
      }),
    );
    // At its start each looks for what was due: one of them finds it.
    await vi.advanceTimersByTimeAsync(500);
    one.clock.advance(5000);
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
    expect(seen).toEqual(['expire-postings 2026-11-25T02:05:00.000Z done', 'expire-postings 2026-11-25T03:05:00.000Z done']);
  });
});
