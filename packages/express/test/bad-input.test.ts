import { createServer, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { COLLECTIONS } from '@zhengpin/core';

import { complianceRouter, postingGate } from '../src/index.ts';
import { createPlatform, employer, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

let server: Server;
let platform: Platform;
let tokens: { readonly employer: string; readonly reviewer: string };
let task: string;

beforeAll(async () => {
  platform = await createPlatform();
  const app = express();
  app.use('/compliance', complianceRouter(platform.compliance));
  app.post('/jobs', postingGate(platform.compliance, { answer: true }));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokens = { employer: await platform.token(employer), reviewer: await platform.token(reviewer) };
  task = (await platform.compliance.submitPosting(employer, posting())).review ?? '';
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

function send(sent: Sent): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const call = httpRequest(
      { port, host: '127.0.0.1', method: sent.method, path: sent.path, headers: { ...sent.headers, connection: 'close' } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, type: String(res.headers['content-type']), text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.on('error', reject);
    call.end(sent.body);
  });
}

async function snapshot(): Promise<string> {
  const pages = await Promise.all(COLLECTIONS.map((c) => platform.store.find(c.name, { limit: 1000 })));
  return JSON.stringify(pages.map((page) => page.records.map((r) => [r.id, r.version])));
}

const json = { 'content-type': 'application/json' };
const asEmployer = () => ({ ...json, authorization: `Bearer ${tokens.employer}` });
const asReviewer = () => ({ ...json, authorization: `Bearer ${tokens.reviewer}` });
const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)), minLength: 1, maxLength: 60 });

/** A valid posting with one field made wrong: a type no field has, a missing element, a field that does not exist. */
const wrongField = fc
  .record({
    field: fc.constantFrom(
      'title',
      'accountType',
      'employer',
      'headcount',
      'requirements',
      'workContent',
      'place',
      'pay',
      'validity',
      'source',
    ),
    value: fc.constantFrom<unknown>(null, [], [[]], true, -1, 1.5, 1e300, {}, '', '\ud800', { __proto__x: 1 }),
  })
  .map(({ field, value }) => JSON.stringify({ ...posting(), [field]: value }));
const missing = fc
  .constantFrom(
    'title',
    'accountType',
    'employer',
    'headcount',
    'requirements',
    'workContent',
    'place',
    'pay',
    'validity',
    'source',
    'employmentType',
    'workingConditions',
  )
  .map((field) => JSON.stringify(Object.fromEntries(Object.entries(posting()).filter(([key]) => key !== field))));
const extra = fc
  .constantFrom('status', 'state', 'approval', '__proto__', 'constructor', 'tenant', 'sex')
  .map((field) => JSON.stringify(posting()).replace('{', `{"${field}":"published",`));
const values = fc
  .constantFrom<object>(
    { pay: { minFen: 2, maxFen: 1, unit: 'month' } },
    { pay: { minFen: '面议', maxFen: '面议', unit: 'month' } },
    { validity: {} },
    { validity: { validThrough: '2026-02-30' } },
    { validity: { validThrough: '2020-01-01' } },
    { validity: { validThrough: '2027-01-01', reconfirmEveryDays: 3 } },
    { employer: { name: '某公司', uscc: '91110108MA00YP00A0' } },
    { source: { kind: 'repost' } },
    { source: { kind: 'repost', name: '来源', url: 'javascript:alert(1)' } },
    { headcount: 0 },
    { title: '长'.repeat(121) },
  )
  .map((over) => JSON.stringify({ ...posting(), ...over }));
const broken = fc.oneof(
  fc.integer({ min: 1, max: 200 }).map((cut) => JSON.stringify(posting()).slice(0, -cut)),
  fc.constantFrom(
    '',
    'null',
    '"text"',
    '12',
    '[]',
    '{"a":',
    '\u0000',
    '{"a":1}}',
    '{'.repeat(5000),
    '['.repeat(100_000),
    `{"title":"${'长'.repeat(200_000)}"}`,
  ),
  fc.string({ minLength: 1, maxLength: 80 }).filter((text) => !text.trimStart().startsWith('{')),
);
const deep = fc.integer({ min: 17, max: 400 }).map((depth) => `{"employer":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);

const bodies: fc.Arbitrary<() => Sent> = fc
  .record({ body: fc.oneof(wrongField, missing, extra, values, broken, deep), path: fc.constantFrom('/compliance/postings', '/jobs') })
  .map(({ body, path }) => () => ({ method: 'POST', path, headers: asEmployer(), body }));
const bytes: fc.Arbitrary<() => Sent> = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .filter((raw) => raw[0] !== 0x7b)
  .map((body) => () => ({ method: 'POST', path: '/compliance/postings', headers: asEmployer(), body }));
const headers: fc.Arbitrary<() => Sent> = fc.oneof(
  visible
    .filter((v) => !/^"[1-9]\d{0,14}"$/.test(v))
    .map((v) => () => ({
      method: 'POST',
      path: `/compliance/reviews/${task}/decision`,
      headers: { ...asReviewer(), 'if-match': v },
      body: '{"verdict":"approve"}',
    })),
  fc
    .string({ unit: fc.constantFrom(' ', 'é', 'ÿ', '\t', 'a'), minLength: 1, maxLength: 20 })
    .filter((v) => /[^\x21-\x7e]/.test(v.trim()))
    .map((v) => () => ({
      method: 'POST',
      path: '/compliance/postings',
      headers: { ...asEmployer(), 'idempotency-key': v },
      body: JSON.stringify(posting()),
    })),
  fc.constant(() => ({
    method: 'POST',
    path: '/compliance/postings',
    headers: { ...asEmployer(), 'idempotency-key': 'k'.repeat(129) },
    body: JSON.stringify(posting()),
  })),
  fc
    .constantFrom(
      'text/plain',
      'application/xml',
      'application/json; charset=utf-99',
      'multipart/form-data',
      '/',
      'application/x-www-form-urlencoded',
    )
    .map((type) => () => ({
      method: 'POST',
      path: '/compliance/postings',
      headers: { ...asEmployer(), 'content-type': type },
      body: JSON.stringify(posting()),
    })),
  fc.constantFrom('gzip', 'br', 'deflate', 'zip').map((encoding) => () => ({
    method: 'POST',
    path: '/compliance/postings',
    headers: { ...asEmployer(), 'content-encoding': encoding },
    body: JSON.stringify(posting()),
  })),
);
const cursors: fc.Arbitrary<() => Sent> = fc
  .oneof(
    fc
      .base64String({ maxLength: 80 })
      .map((c) => c.replaceAll(/[+/]/g, '-'))
      .filter((c) => c !== ''),
    fc.constantFrom('WyJhIiwxLCJiIl0', '%00', '%ff', '..', 'a'.repeat(600)),
  )
  .map((cursor) => () => ({ method: 'GET', path: `/compliance/reviews?cursor=${cursor}`, headers: asReviewer() }));
const queries: fc.Arbitrary<() => Sent> = fc
  .constantFrom(
    'limit=x',
    'limit=-1',
    'limit=1e3',
    'limit=999999',
    'limit=1&limit=2',
    'kind=none',
    'kind[]=posting',
    'where[tenant]=other',
    '__proto__=1',
    'x=1',
    'kind=%E0%A4%A',
  )
  .map((query) => () => ({ method: 'GET', path: `/compliance/reviews?${query}`, headers: asReviewer() }));
const paths: fc.Arbitrary<() => Sent> = fc
  .oneof(
    fc.constantFrom('%', '%E0%A4%A', '..%2f..%2fetc', '%00', '__proto__', "1'%20OR%201=1--", 'a'.repeat(300), '%F0%9F%98%80'),
    fc.base64String({ minLength: 4, maxLength: 30 }).map(encodeURIComponent),
  )
  .map((id) => () => ({ method: 'GET', path: `/compliance/reviews/${id}`, headers: asReviewer() }));
const authorizations: fc.Arbitrary<() => Sent> = fc
  .oneof(
    visible,
    visible.map((v) => `Bearer ${v}`),
    fc.nat(200).map((at) => () => `Bearer ${tokens.employer.slice(0, at)}x${tokens.employer.slice(at + 2)}`),
    fc.constant(() => `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${tokens.employer.split('.')[1] ?? ''}.`),
  )
  .map((value) => () => ({
    method: 'POST',
    path: '/compliance/postings',
    headers: { ...json, authorization: typeof value === 'string' ? value : value() },
    body: JSON.stringify(posting()),
  }));

it('answers 1,000 malformed requests with a 4xx problem and a pointer, and stores none', async () => {
  const before = await snapshot();
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ arbitrary: bodies, weight: 4 }, bytes, { arbitrary: headers, weight: 2 }, cursors, queries, paths, {
        arbitrary: authorizations,
        weight: 2,
      }),
      async (make) => {
        const sent = make();
        const answer = await send(sent);
        const where = `${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${String(sent.body).slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
        expect(answer.status, where).toBeGreaterThanOrEqual(400);
        expect(answer.status, where).toBeLessThan(500);
        expect(answer.type, where).toContain('application/problem+json');
        const problem = JSON.parse(answer.text) as { findings: { pointer: unknown }[]; code: string };
        expect(typeof problem.findings[0]?.pointer, where).toBe('string');
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      },
    ),
    { numRuns: 1000 },
  );
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([400, 401, 404, 415, 422]));
  expect(await snapshot()).toBe(before);
});
