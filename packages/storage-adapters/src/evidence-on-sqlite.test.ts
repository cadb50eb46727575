import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createExecute,
  createLog,
  createSigner,
  createTestClock,
  leafHash,
  canonical,
  openCheckpoint,
  verifyInclusion,
} from '@zhengpin/core';
import { expect, it } from 'vitest';

import { sqliteStore } from './sqlite.ts';

it('keeps record and evidence together in SQLite, and the proof holds after a reopening', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'zp-')), 'store.db');
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const signer = createSigner('jobs.example', pem);
  const store = sqliteStore({ path });
  let ids = 0;
  const execute = createExecute({
    store,
    log: createLog(store, signer),
    clock: createTestClock('2026-11-24T00:00:00.000Z'),
    newId: () => `e${++ids}`,
  });
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      execute({
        actor: { id: 'r', tenant: 'main', role: 'reviewer' },
        load: (reader) => reader.get('postings', `p${i}`),
        decide: () => {
          const change = { collection: 'postings', id: `p${i}`, expectedVersion: 0, body: { tenant: 'main', i } };
          return { drafts: [{ kind: 'made', subject: { collection: 'postings', id: `p${i}` }, facts: {}, changes: [change] }], result: {} };
        },
      }),
    ),
  );
  await store.close();

  const again = sqliteStore({ path });
  const log = createLog(again, signer);
  const receipt = await log.inclusion('main', 17);
  const checkpoint = openCheckpoint(receipt.checkpoint, signer.vkey);
  expect(checkpoint?.size).toBe(30);
  const proof = receipt.proof.map((h) => Buffer.from(h, 'base64'));
  const root = Buffer.from(checkpoint?.root ?? '', 'base64');
  expect(verifyInclusion(leafHash(canonical(receipt.entry)), 17, 30, proof, root)).toBe(true);
  expect(verifyInclusion(leafHash(canonical({ ...receipt.entry, kind: 'forged' })), 17, 30, proof, root)).toBe(false);
  await again.close();
});
