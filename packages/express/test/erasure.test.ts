import { createTestClock, isErased, memoryKeys } from '@zhengpin/core';
import type { Actor } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { createPlatform, employer, FIRM, officer, operator, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

describe('erasing a subject over HTTP', () => {
  let platform: Platform;
  const given = { subject: `account.${employer.id}`, ground: 'consent-withdrawn', reference: 'case/2026-17' };

  beforeEach(async () => {
    platform = await createPlatform(memoryStore(), createTestClock('2026-11-24T02:00:00.000Z'), { keys: memoryKeys() });
  });

  async function send(by: Actor, path: string, body?: object, key?: string): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    const call = request(app)
      .post(`/compliance${path}`)
      .set('Authorization', `Bearer ${await platform.token(by)}`);
    if (key !== undefined) void call.set('Idempotency-Key', key);
    return body === undefined ? call : call.send(body);
  }

  async function read(by: Actor, path: string): Promise<Response> {
    const app = express().use('/compliance', complianceRouter(platform.compliance));
    return request(app)
      .get(`/compliance${path}`)
      .set('Authorization', `Bearer ${await platform.token(by)}`);
  }

  it('takes two persons, answers a retry alike, and leaves a marker', async () => {
    const ids = await platform.acceptMaterials(employer, FIRM.uscc);
    expect((await send(reviewer, '/erasures', given)).body).toMatchObject({ code: 'ZP_FORBIDDEN' });
    const proposed = await send(officer, '/erasures', given, 'erase-1');
    expect(proposed).toMatchObject({ status: 200, body: { state: 'awaiting-second-person' } });
    expect((await send(officer, '/erasures', given, 'erase-1')).body).toEqual(proposed.body);
    expect(await send(officer, '/erasures', given)).toMatchObject({ status: 403, body: { code: 'ZP_SEPARATION_OF_DUTIES' } });
    expect(await send(operator, '/erasures', given)).toMatchObject({
      status: 200,
      body: { state: 'erased', by: [officer.id, operator.id] },
    });
    expect(await send(operator, '/erasures', given)).toMatchObject({ status: 410, body: { code: 'ZP_SUBJECT_ERASED' } });
    const materials = await Promise.all(ids.map((id) => platform.compliance.getMaterial(officer, id)));
    expect(materials.filter(({ body }) => isErased(body.reference)).map(({ body }) => body.kind)).toEqual([
      'handler-identity',
      'authorisation-letter',
    ]);
  });

  it('restricts what the law still wants kept, with a written answer, until two persons lift it', async () => {
    const subject = 'organisation.org-firm';
    const { id } = await platform.compliance.submitPosting(employer, posting());
    const early = await send(officer, '/erasures', { ...given, subject });
    expect(early).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });
    expect(JSON.stringify(early.body)).toContain('under way');
    await platform.compliance.withdrawPosting(employer, id);
    const restricted = await send(officer, '/erasures', { ...given, subject });
    expect(restricted).toMatchObject({ status: 200, body: { state: 'restricted' } });
    expect(JSON.stringify(restricted.body)).toContain('PIPL Art. 47(2)');
    expect((await read(operator, `/erasures/${subject}`)).body).toEqual(restricted.body);
    expect((await read(operator, '/erasures/organisation.nobody')).status).toBe(404);
    expect((await read(reviewer, `/erasures/${subject}`)).status).toBe(403);
    expect((await send(operator, '/erasures/settle', {})).body).toEqual({ erased: 0, restricted: 1 });
    const lift = { subject, reference: 'order/2026-1' };
    expect((await send(officer, '/erasures/lifts', lift)).body).toMatchObject({ state: 'awaiting-second-person' });
    expect(await send(officer, '/erasures/lifts', lift)).toMatchObject({ status: 403, body: { code: 'ZP_SEPARATION_OF_DUTIES' } });
    expect((await send(operator, '/erasures/lifts', lift)).body).toMatchObject({ state: 'lifted' });
    expect((await platform.compliance.getPosting(officer, id)).posting.body.title).toBe('后端工程师');
  });

  it('restricts nobody whose appeal is open: its reviewer has to read it', async () => {
    const { review } = await platform.compliance.submitPosting(employer, posting());
    const verdict = { verdict: 'reject', reasons: [{ reason: 'untrue-information', facts: '地址不实' }] };
    const decision = await platform.decide(reviewer, review ?? '', verdict);
    await platform.compliance.appealDecision(employer, decision, { explanation: '地址属实，附租赁合同，请复核原决定。' });
    for (const subject of ['organisation.org-firm', `account.${employer.id}`])
      expect(await send(officer, '/erasures', { ...given, subject })).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });
  });

  it('rewraps keys a page at a time', async () => {
    await platform.acceptMaterials(employer, FIRM.uscc);
    const first = await send(operator, '/key-rotations?limit=1');
    expect(first).toMatchObject({ status: 200, body: { checked: 1, rewrapped: 0, kek: 'memory' } });
    const { cursor } = first.body as { readonly cursor: string };
    expect((await send(operator, `/key-rotations?limit=1&cursor=${cursor}`)).body).toEqual({ checked: 1, rewrapped: 0, kek: 'memory' });
  });
});
