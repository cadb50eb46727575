import { createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, officer, operator, reviewer } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const section = (id: string, topics: readonly string[], zh: string, en: string): object => ({
  id,
  topics,
  title: { zh: id.repeat(2), en: id },
  text: { zh, en },
});
const SECTIONS = [
  section(
    'joining',
    ['entry-and-exit'],
    '单位经核验后开通账号，用户可以随时退出平台，不设障碍。',
    'Accounts open once verified; a user may leave at any time.',
  ),
  section(
    'quality',
    ['service-quality', 'job-seeker-rights'],
    '每条信息发布前经人工审查，任何人不得向求职者收取押金。',
    'Postings are reviewed; no deposits from job seekers.',
  ),
  section(
    'privacy',
    ['personal-information'],
    '只为招聘所必需处理个人信息，分项征得同意，期满销毁密钥。',
    'Personal information is processed as needed and then destroyed.',
  ),
];
const SUMMARY = { zh: '首次制定平台服务协议。', en: 'The first platform agreement.' };

it('are put forward, commented on, published, accepted and left, by everybody in their part', async () => {
  const store: Store = memoryStore();
  const platform = await createPlatform(store, createTestClock('2026-11-24T02:00:00.000Z'));
  const app = express().use('/compliance', complianceRouter(platform.compliance, { publicTenant: 'main' }));
  async function send(method: 'get' | 'post', by: Actor | undefined, path: string, body?: object): Promise<Response> {
    const call = request(app)[method](`/compliance${path}`);
    if (by) void call.set('Authorization', `Bearer ${await platform.token(by)}`);
    return body === undefined ? call : call.send(body);
  }

  // Three of the four topics are no agreement.
  const lacking = await send('post', officer, '/rules', { document: 'agreement', summary: SUMMARY, sections: SECTIONS.slice(0, 2) });
  expect([lacking.status, (lacking.body as { findings: { rule: string }[] }).findings[0]?.rule]).toEqual([422, 'topic-missing']);
  const first = await send('post', officer, '/rules', { document: 'agreement', summary: SUMMARY, sections: SECTIONS });
  expect(first.status).toBe(201);
  const { id: one, sha256 } = first.body as { id: string; sha256: string };
  expect((await send('post', reviewer, `/rules/${one}/publication`, { effectiveFrom: '2026-11-24' })).status).toBe(403);
  expect((await send('post', officer, `/rules/${one}/publication`, { effectiveFrom: '2026-11-24' })).status).toBe(200);
  expect((await send('get', undefined, '/public/rules?document=agreement')).body).toMatchObject({ inEffect: { number: 1, sha256 } });

  // An employer accepts what it was shown, and nothing else.
  const accept = { version: one, sha256, channel: 'prompt' };
  expect((await send('post', employer, '/rules/acceptances', { ...accept, sha256: 'b'.repeat(64) })).status).toBe(422);
  expect((await send('post', employer, '/rules/acceptances', accept)).body).toMatchObject({ number: 1 });
  expect((await send('post', operator, '/rules/acceptances', { ...accept, channel: 'sign-up', user: 'acct-seeker-1' })).status).toBe(200);
  expect((await send('get', auditor, `/rules/acceptances?version=${one}`)).body).toMatchObject({ items: { length: 2 } });
  expect((await send('get', employer, '/rules/acceptances')).status).toBe(403);

  // A change is opened for comments first, then published seven days ahead.
  const changed = [
    section(
      'joining',
      ['entry-and-exit'],
      '单位经核验后开通账号，用户提前三日通知后退出平台，不设障碍。',
      'Accounts open once verified; a user leaves after three days.',
    ),
    ...SECTIONS.slice(1),
  ];
  const change = { document: 'agreement', summary: { zh: '退出须提前三日通知。', en: 'Leaving takes three days.' }, sections: changed };
  expect((await send('post', officer, '/rules', change)).status).toBe(422);
  const second = await send('post', officer, '/rules', { ...change, commentsThrough: '2026-12-01' });
  const { id: two } = second.body as { id: string };
  expect((await send('get', undefined, '/public/rules')).body).toMatchObject({ openForComments: { id: two } });
  expect((await send('post', employer, `/rules/${two}/comments`, { text: '请致电 13812345678 说明理由' })).status).toBe(422);
  expect((await send('post', employer, `/rules/${two}/comments`, { text: '三日太长，建议保留随时退出' })).body).toMatchObject({ left: 19 });
  expect((await send('get', auditor, `/rules/${two}/comments`)).body).toMatchObject({ items: { length: 1 } });
  const answer = { zh: '考虑到结算需要，保留三日。', en: 'Three days stay, for the billing.' };
  expect((await send('post', officer, `/rules/${two}/publication`, { effectiveFrom: '2027-01-01', answer })).status).toBe(409);
  platform.clock.advance(8 * DAY);
  expect((await send('post', officer, `/rules/${two}/publication`, { effectiveFrom: '2026-12-08', answer })).status).toBe(422);
  expect((await send('post', officer, `/rules/${two}/publication`, { effectiveFrom: '2026-12-09', answer })).status).toBe(200);
  expect((await platform.compliance.listDuties(auditor)).items.find(({ clock }) => clock === 'rules-publication')).toMatchObject({
    subject: 'agreement-2',
    dueOn: '2026-12-09',
    state: 'upcoming',
  });

  // What changed is shown, word by word.
  const diff = (await send('get', undefined, `/public/rules/versions/${two}/changes?since=${one}&as=json`)).body as {
    items: { section: string; zh: { state: string; text: string }[] }[];
  };
  expect(diff.items.map(({ section: of }) => of)).toEqual(['joining']);
  expect(
    diff.items[0]?.zh
      .filter(({ state }) => state === 'removed')
      .map(({ text }) => text)
      .join(''),
  ).toContain('随时');
  expect((await send('get', undefined, `/public/rules/versions/${two}/changes?since=${one}`)).text).toMatch(/<del>[^<]*随时/);
  expect((await send('get', undefined, `/public/rules/versions/${two}/page?lang=en`)).text).toContain('<html lang="en">');
  expect((await send('get', undefined, '/public/rules/page')).text).toContain('平台服务协议');
  expect((await send('get', undefined, '/public/rules/versions?document=agreement')).body).toMatchObject({ items: { length: 2 } });

  // Whoever does not accept it leaves, and nothing keeps them.
  expect((await send('get', employer, '/rules/standing')).body).toMatchObject({ isCurrent: true, awaits: { version: two } });
  const left = await send('post', employer, '/rules/leavings', { document: 'agreement', reason: 'does-not-accept-change' });
  expect([left.status, left.body]).toMatchObject([200, { ended: [one], under: one }]);
  expect((await send('post', employer, '/rules/leavings', { document: 'agreement', reason: 'leaves' })).body).toEqual(left.body);
  expect((await send('post', employer, '/rules/leavings', { document: 'rules', reason: 'leaves' })).status).toBe(409);
  platform.clock.advance(8 * DAY);
  expect((await send('get', undefined, '/public/rules')).body).toMatchObject({ inEffect: { number: 2 } });
  expect(await verifyEvidence(store)).toMatchObject({ ok: true });
});
