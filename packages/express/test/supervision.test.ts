import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, inspector, officer, operator, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const SHA = 'a'.repeat(64);
const PROOF = { reference: 'FILE-1', sha256: SHA };
const ORDER = {
  order: 'ORDER-2026-1',
  sha256: SHA,
  authority: '示例市人力资源和社会保障局',
  receivedOn: '2026-02-10',
  dueOn: '2026-02-25',
  articles: ['O44-13.1', 'O44-18'],
  matter: '首页未公示监督电话 <b>',
};

let platform: Platform;
let store: Store;

async function send(method: 'get' | 'post', by: Actor, path: string, body?: object): Promise<Response> {
  const app = express().use('/compliance', complianceRouter(platform.compliance));
  const call = request(app)[method](`/compliance${path}`);
  void call.set('Authorization', `Bearer ${await platform.token(by)}`);
  return body === undefined ? call : call.send(body);
}

const pointers = ({ body }: Response): readonly string[] =>
  (body as { findings: { pointer: string }[] }).findings.map(({ pointer }) => pointer);

beforeEach(async () => {
  store = memoryStore();
  platform = await createPlatform(store, createTestClock('2026-02-12T02:00:00.000Z'));
});
afterEach(async () => {
  expect(await verifyEvidence(store)).toMatchObject({ ok: true });
});

describe('an order to correct', () => {
  async function open(over: object = {}): Promise<string> {
    const { status, body } = await send('post', officer, '/rectifications', { ...ORDER, ...over });
    expect(status).toBe(201);
    return (body as { id: string }).id;
  }
  const step = (id: string, name: string, more: object = {}): Promise<Response> =>
    send('post', officer, `/rectifications/${id}/steps`, { step: name, on: '2026-02-12', ...PROOF, ...more });
  const duty = async (id: string) => (await platform.compliance.listDuties(auditor)).items.find(({ subject }) => subject === id);

  it.each([
    ['/receivedOn', { receivedOn: '2026-02-13' }],
    ['/dueOn', { dueOn: '2026-02-09' }],
    ['/articles/1', { articles: ['O44-13.1', 'O44-99'] }],
    ['/matter', { matter: '请联系张先生 13812345678 核实' }],
    ['/sha256', { sha256: 'x' }],
    ['/authority', { authority: '' }],
  ])('is refused with a fault at %s', async (pointer, over) => {
    const answer = await send('post', officer, '/rectifications', { ...ORDER, ...over });
    expect([answer.status, pointers(answer)]).toEqual([422, [pointer]]);
  });

  it('has its own clock, and stops it when the report is handed in', async () => {
    const id = await open();
    expect(await duty(id)).toMatchObject({ clock: 'rectification', dueOn: '2026-02-25', state: 'due', reminder: 14 });
    // Nothing was mended yet: there is nothing to report.
    expect((await step(id, 'sent')).status).toBe(409);
    expect((await step(id, 'receipt')).status).toBe(409);
    expect((await step(id, 'action', { note: '已在首页补充监督电话' })).body).toMatchObject({ state: 'open' });
    expect((await step(id, 'sent')).body).toMatchObject({ state: 'sent', late: false });
    expect(await duty(id)).toMatchObject({ state: 'discharged', late: false });
    expect((await step(id, 'receipt')).body).toMatchObject({ state: 'sent' });
    // The authority is not content: the file is open again, and its last day is what it was.
    expect((await step(id, 'refused')).body).toMatchObject({ state: 'open', dueOn: '2026-02-25' });
    expect(await duty(id)).not.toMatchObject({ state: 'discharged' });
    expect((await step(id, 'sent')).body).toMatchObject({ state: 'sent' });
    expect((await step(id, 'accepted')).body).toMatchObject({ state: 'closed' });
    expect((await step(id, 'action')).status).toBe(409);
    expect((await send('get', inspector, `/rectifications/${id}`)).body).toMatchObject({
      version: 7,
      body: { steps: expect.objectContaining({ length: 6 }) },
    });
  });

  it('is late after its last day, unless more time was given before', async () => {
    const [one, other] = [await open(), await open()];
    expect((await step(other, 'extended')).status).toBe(422);
    expect((await step(other, 'extended', { dueOn: '2026-02-25' })).status).toBe(422);
    expect((await step(other, 'extended', { dueOn: '2026-03-10' })).body).toMatchObject({ dueOn: '2026-03-10' });
    platform.clock.advance(14 * DAY);
    await platform.compliance.tickDuties(operator);
    expect([await duty(one), await duty(other)]).toMatchObject([
      { state: 'missed', missedOn: '2026-02-26' },
      { state: 'due', dueOn: '2026-03-10' },
    ]);
    const on = { on: '2026-02-26' };
    // Time that is given after the last day heals nothing.
    const third = await open({ order: 'ORDER-2026-3' });
    expect((await step(third, 'extended', { ...on, dueOn: '2026-03-20' })).body).toMatchObject({ late: true });
    const both = (await platform.compliance.listDuties(auditor)).items.filter(({ subject }) => subject === third);
    expect(both.map(({ dueOn, state }) => [dueOn, state])).toEqual([
      ['2026-02-25', 'missed'],
      ['2026-03-20', 'upcoming'],
    ]);
    await step(one, 'action', on);
    expect((await step(one, 'sent', on)).body).toMatchObject({ late: true });
    await step(other, 'action', on);
    expect((await step(other, 'sent', on)).body).toMatchObject({ late: false });
  });

  it.each([
    ['/on', { on: '2026-02-13' }],
    ['/on', { on: '2026-02-09' }],
    ['/note', { note: '身份证 11010519491231002X 已核实' }],
  ])('takes no step with a fault at %s', async (pointer, more) => {
    const id = await open();
    const answer = await step(id, 'action', more);
    expect([answer.status, pointers(answer)]).toEqual([422, [pointer]]);
    expect((await send('get', auditor, `/rectifications/${id}`)).body).toMatchObject({ version: 1 });
  });

  it('is one page to hand in: the order, its steps, what the articles threaten and what was done before', async () => {
    const id = await open();
    await step(id, 'action', { note: '已在首页补充监督电话' });
    const page = await send('get', inspector, `/rectifications/${id}/dossier`);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toMatch(
      /责令改正事项整改档案[^]*首页未公示监督电话 &lt;b&gt;[^]*P-44[^]*已在首页补充监督电话[^]*第三十三条[^]*jobs\.example/,
    );
    expect((await send('get', auditor, `/rectifications/${id}/dossier?lang=en`)).text).toMatch(/<html lang="en">[^]*draws no conclusion/);
    expect((await send('get', reviewer, `/rectifications/${id}/dossier`)).status).toBe(403);
    expect((await send('post', auditor, `/rectifications/${id}/steps`, { step: 'action', on: '2026-02-12', ...PROOF })).status).toBe(403);
  });
});

describe('the proofs of network security', () => {
  const prove = (kind: string, more: object = {}): Promise<Response> =>
    send('post', officer, '/security-proofs', { kind, on: '2026-02-10', ...PROOF, ...more });
  const missing = async (): Promise<readonly string[]> =>
    ((await send('get', auditor, '/security-proofs/status')).body as { kinds: { kind: string; missing: boolean }[] }).kinds
      .filter((one) => one.missing)
      .map(({ kind }) => kind);

  it('are missing until they are there, and again when they are out of date', async () => {
    expect(await missing()).toHaveLength(8);
    for (const kind of ['mlps-grading', 'mlps-filing', 'incident-plan', 'incident-drill', 'training', 'security-system']) await prove(kind);
    await prove('mlps-test', { level: 2, validThrough: '2026-06-30' });
    expect((await prove('log-retention')).status).toBe(422);
    expect((await prove('log-retention', { oldestLog: '2025-08-11' })).body).toMatchObject({ enough: false });
    expect(await missing()).toEqual(['log-retention']);
    platform.clock.advance(1000);
    expect((await prove('log-retention', { oldestLog: '2025-08-10' })).body).toMatchObject({ enough: true });
    expect(await missing()).toEqual([]);
    platform.clock.advance(150 * DAY);
    expect(await missing()).toEqual(['mlps-test']);
    expect(pointers(await prove('training', { on: '2030-01-01' }))).toEqual(['/on']);
    expect(pointers(await prove('log-retention', { oldestLog: '2030-01-01' }))).toEqual(['/oldestLog']);
  });

  it('are asked for again by the calendar, also where there never was one', async () => {
    const due = async () =>
      Object.fromEntries(
        (await platform.compliance.listDuties(auditor)).items
          .filter(({ clock }) => ['mlps-test', 'incident-drill', 'log-proof'].includes(clock))
          .map(({ clock, dueOn, state }) => [clock, [dueOn, state]]),
      );
    expect(await due()).toEqual({
      'mlps-test': ['2027-02-12', 'upcoming'],
      'incident-drill': ['2027-02-12', 'upcoming'],
      'log-proof': ['2026-08-12', 'upcoming'],
    });
    await prove('mlps-test', { validThrough: '2026-06-30' });
    await prove('incident-drill');
    // Five months of logs are not six.
    await prove('log-retention', { oldestLog: '2025-09-10' });
    expect(await due()).toEqual({
      'mlps-test': ['2026-06-30', 'upcoming'],
      'incident-drill': ['2027-02-10', 'upcoming'],
      'log-proof': ['2026-02-10', 'missed'],
    });
  });
});
