import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createTestClock } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import { afterAll, expect, it, vi } from 'vitest';

import { complianceRouter, personalEgress, publicUrls, routeCoverage } from '../src/index.ts';
import { createPlatform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

it('names the routes of a running app that answer without the guard, nested ones too', async () => {
  const { compliance } = await createPlatform(memoryStore(), createTestClock('2026-11-25T02:00:00.000Z'));
  const guard = personalEgress(compliance, { fields: {}, subjects: [], purposes: ['recruit'] });
  const done: express.RequestHandler = (_req, res) => void res.end();
  const inner = express.Router().get('/bare', done).get('/guarded', guard, done);
  const all = express.Router().use(guard).get('/behind', done);
  const app = express()
    .get('/resumes/:id', guard, done)
    .get('/about', done)
    .use('/inner', inner)
    .use('/all', all)
    .use('/compliance', complianceRouter(compliance));
  const found = await routeCoverage(app, [])();
  expect(found.state).toBe('failed');
  expect(found.facts['bare']).toContain('GET /about');
  expect(found.facts['bare']).toContain('GET /bare');
  for (const guarded of ['GET /resumes/:id', 'GET /guarded', 'GET /behind']) expect(found.facts['bare']).not.toContain(guarded);
  // The kit's own router is no business of the host's.
  expect(found.facts).toMatchObject({ routes: 5, guarded: 3, bare: ['GET /about', 'GET /bare'] });
  expect(await routeCoverage(app, ['GET /about'])()).toMatchObject({ state: 'failed', facts: { bare: ['GET /bare'] } });
  expect(await routeCoverage(app, ['GET /about', 'GET /b*'])()).toMatchObject({ state: 'passed' });
  // An app without any route cannot have been looked at.
  expect(await routeCoverage(express(), [])()).toMatchObject({ state: 'failed' });
});

it('looks at what public addresses say to a browser', async () => {
  let headers: Record<string, string> = {};
  const server = createServer((_req, res) => res.writeHead(200, headers).end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const faults = async (): Promise<unknown> => (await publicUrls([url])()).facts['faults'];
  expect(Object.values((await faults()) as object)[0]).toEqual([
    'not-https',
    'strict-transport-security',
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
  ]);
  headers = {
    'strict-transport-security': 'max-age=31536000',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'set-cookie': 'sid=1; Path=/',
  };
  expect(Object.values((await faults()) as object)[0]).toEqual(['not-https', 'cookie sid']);
  server.close();
  server.closeAllConnections();
  expect(await publicUrls([url])()).toMatchObject({ state: 'failed' });
  expect(await publicUrls([])()).toMatchObject({ state: 'failed' });
});
