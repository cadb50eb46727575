import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Change, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

/** A store whose copy lags: failing over to it loses the last commits. */
function lagging(): Store & { failOver(lost: number): Promise<void> } {
  let inner = memoryStore();
  const commits: (readonly Change[])[] = [];
  return {
    get: (collection, id) => inner.get(collection, id),
    find: (collection, query) => inner.find(collection, query),
    async commit(changes) {
      await inner.commit(changes);
      commits.push(changes);
    },
    close: () => inner.close(),
    async failOver(lost) {
      inner = memoryStore();
      for (const changes of commits.splice(0, commits.length - lost)) await inner.commit(changes);
    },
  };
}

describe('evidence lost in a fail-over, over HTTP', () => {
  let platform: Platform;
  let store: ReturnType<typeof lagging>;

  beforeEach(async () => {
    store = lagging();
    platform = await createPlatform(store, createTestClock('2026-11-24T02:00:00.000Z'));
  });

  async function send(method: 'get' | 'post', by: Actor, path: string, body?: object, key?: string): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const url = `/compliance${path}`;
    const call = method === 'get' ? request(app).get(url) : request(app).post(url);
    void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    if (key !== undefined) void call.set('Idempotency-Key', key);
    return body === undefined ? call : call.send(body);
  }

  it('is shown, declared by somebody who has read how much, and numbering goes on with the statement in the log', async () => {
    expect((await send('get', auditor, '/evidence/losses')).body).toEqual({ losses: [] });
    const none = await send('post', officer, '/evidence/losses', { signed: 3, cause: 'fail-over', reference: 'INC-2026-11' });
    expect(none).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });

    await platform.compliance.submitPosting(employer, posting());
    await store.failOver(1);
    const { decision } = await platform.compliance.submitPosting(employer, posting({ title: '前端工程师' }));
    expect((await send('get', auditor, `/evidence/receipts/${decision}`)).status).toBe(404);
    const { losses } = (await send('get', auditor, '/evidence/losses')).body as { losses: { size: number; signed: number }[] };
    expect(losses).toMatchObject([{ tenant: 'main', note: expect.stringContaining('jobs.example/main') }]);
    const { size = 0, signed = 0 } = losses[0] ?? {};
    expect(signed).toBeGreaterThan(size);
    expect((await verifyEvidence(store)).ok).toBe(false);

    // What was decided is not known for sure: nothing is disposed of meanwhile, and two persons cannot talk it away.
    expect((await platform.compliance.planDisposal(officer, {})).anomalies).toContain('evidence-lost');
    await expect(platform.compliance.planDisposal(officer, { record: true })).rejects.toMatchObject({ code: 'ZP_RETENTION_PAUSED' });
    const { anomalies } = await platform.compliance.tickRetention(operator);
    expect(anomalies).toContain('evidence-lost');

    const statement = { signed, cause: 'fail-over', reference: 'INC-2026-11' };
    expect((await send('post', reviewer, '/evidence/losses', statement)).body).toMatchObject({ code: 'ZP_FORBIDDEN' });
    expect(await send('post', officer, '/evidence/losses', { ...statement, cause: '' })).toMatchObject({
      status: 422,
      body: { code: 'ZP_INPUT_INVALID', findings: [{ pointer: '/cause' }] },
    });
    expect((await send('post', officer, '/evidence/losses', { ...statement, signed: signed + 1 })).body).toMatchObject({
      code: 'ZP_STATE',
    });
    const declared = await send('post', officer, '/evidence/losses', statement, 'loss-1');
    expect(declared).toMatchObject({ status: 200, body: { size, signed } });
    expect((await send('post', officer, '/evidence/losses', statement, 'loss-1')).body).toEqual(declared.body);

    expect((await send('get', auditor, `/evidence/receipts/${decision}?wait=20000`)).status).toBe(200);
    expect((await send('get', auditor, '/evidence/losses')).body).toEqual({ losses: [] });
    const entries = (await store.find('evidence', { limit: 100 })).records.map(({ body }) => body['entry']);
    expect(entries).toContainEqual(
      expect.objectContaining({
        kind: 'evidence.loss-declared',
        actor: { id: officer.id, role: officer.role },
        facts: { size, signed, root: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/), cause: 'fail-over', reference: 'INC-2026-11' },
      }),
    );
    expect((await verifyEvidence(store)).tenants.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
