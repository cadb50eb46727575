import { openCheckpoint, verifyTiles } from '@zhengpin/core';
import type { TreeSource } from '@zhengpin/core';
import express from 'express';
import type { Express } from 'express';
import request from 'supertest';
import { expect, it } from 'vitest';

import { complianceRouter, reviewRouter, verifierKeys } from '../src/index.ts';
import { auditor, createPlatform, employer, FIRM } from './platform.ts';
import type { Platform } from './platform.ts';

async function started(
  options: Parameters<typeof complianceRouter>[1] = {},
): Promise<{ readonly app: Express; readonly platform: Platform }> {
  const platform = await createPlatform();
  await platform.acceptMaterials(employer, FIRM.uscc);
  const app = express();
  app.use(verifierKeys(platform.compliance));
  app.use('/compliance', complianceRouter(platform.compliance, options));
  app.use('/reviews', reviewRouter(platform.compliance, options));
  return { app, platform };
}

async function bearer(platform: Platform, actor = auditor): Promise<string> {
  return `Bearer ${await platform.token(actor)}`;
}

it('serves the log as tlog-tiles to whoever may read evidence, with types and caching of the specification', async () => {
  const { app, platform } = await started();
  const token = await bearer(platform);
  const get = (path: string): request.Test => request(app).get(`/compliance/tlog/main/${path}`).set('Authorization', token);
  const checkpoint = await get('checkpoint')
    .expect(200)
    .expect('Content-Type', 'text/plain; charset=utf-8')
    .expect('Cache-Control', 'no-cache');
  const { size } = openCheckpoint(checkpoint.text, platform.compliance.evidence.vkey) ?? expect.fail('not signed');
  expect(size).toBeGreaterThan(10);
  for (const kind of ['0', 'entries']) {
    await get(`tile/${kind}/000.p/${size}`)
      .expect(200)
      .expect('Content-Type', 'application/octet-stream')
      .expect('Cache-Control', 'private, max-age=31536000, immutable')
      .expect('X-Content-Type-Options', 'nosniff');
  }
  // Of any earlier size, too, and nothing beyond the signed one.
  await get('tile/entries/000.p/3').expect(200);
  for (const path of [`tile/0/000.p/${size + 1}`, 'tile/0/000', 'tile/1/000.p/1', 'tile/0/0000', 'tile/0/../000', 'tile', 'other', ''])
    await get(path).expect(404);
  await get('vkeys').expect(200, `${platform.compliance.evidence.vkey}\n`);
  await request(app).post('/compliance/tlog/main/checkpoint').set('Authorization', token).expect(404);
});

it('gives everything an outsider needs to verify the log', async () => {
  const { app, platform } = await started({ publicLogs: ['main'] });
  const source: TreeSource = {
    async get(key) {
      const reply = await request(app)
        .get(`/compliance/tlog/main/${key}`)
        .buffer(true)
        .parse((res, done) => {
          const parts: Buffer[] = [];
          res.on('data', (part: Buffer) => parts.push(part));
          res.on('end', () => done(null, Buffer.concat(parts)));
        });
      return reply.status === 200 ? (reply.body as Buffer) : undefined;
    },
    list: async () => ({ entries: [] }),
  };
  const report = await verifyTiles(source, { vkey: platform.compliance.evidence.vkey });
  expect(report).toMatchObject({ ok: true, logs: [{ origin: 'jobs.example/main' }] });
  expect(report.logs[0]?.entriesChecked).toBe(report.logs[0]?.size);
});

it('asks for a token of the tenant that may read evidence, unless the log is public by an option', async () => {
  const { app, platform } = await started();
  const path = '/compliance/tlog/main/checkpoint';
  await request(app).get(path).expect(401);
  await request(app)
    .get(path)
    .set('Authorization', await bearer(platform, employer))
    .expect(403);
  await request(app)
    .get(path)
    .set('Authorization', await bearer(platform, { ...auditor, tenant: 'west' }))
    .expect(404);
  await request(app)
    .get('/reviews/tlog/main/checkpoint')
    .set('Authorization', await bearer(platform))
    .expect(404);
  const open = await started({ publicLogs: ['main'] });
  await request(open.app).get(path).expect(200);
  await request(open.app)
    .get('/compliance/tlog/main/tile/0/000.p/1')
    .expect(200)
    .expect('Cache-Control', 'public, max-age=31536000, immutable');
  await request(open.app).get('/compliance/tlog/west/checkpoint').expect(401);
});

it('publishes the verifier keys at a well-known place', async () => {
  const { app, platform } = await started();
  await request(app)
    .get('/.well-known/zhengpin-vkeys')
    .expect(200, `${platform.compliance.evidence.vkeys.join('\n')}\n`);
  await request(app).post('/.well-known/zhengpin-vkeys').expect(404);
  await request(app).get('/.well-known/other').expect(404);
});
