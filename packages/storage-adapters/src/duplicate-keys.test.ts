import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createExecute, createLog, createSigner, createTestClock, verifyEvidence } from '@zhengpin/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { sqliteStore } from './sqlite.ts';

const directory = mkdtempSync(join(tmpdir(), 'zp-'));
const original = join(directory, 'original.db');
const signer = createSigner('jobs.example', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
let copies = 0;

beforeAll(async () => {
  const store = sqliteStore({ path: original });
  let ids = 0;
  const execute = createExecute({
    store,
    log: createLog(store, signer),
    clock: createTestClock('2026-11-24T00:00:00.000Z'),
    newId: () => `e${++ids}`,
  });
  for (const id of ['p0', 'p1', 'p2', 'p3', 'p4']) {
    await execute({
      actor: { id: 'r', tenant: 'main', role: 'reviewer' },
      load: async () => undefined,
      decide: () => {
        // Texts whose spelling JSON leaves open, and keys that objects put in another order.
        const body = { tenant: 'main', state: 'refused', text: '招聘 "\u2028" \u0000 \u{1f600} \\', n: 1e21, 7: -0 };
        const change = { collection: 'postings', id, expectedVersion: 0, body };
        return { drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} };
      },
    });
  }
  await store.close();
});

function tampered(table: string, id: string, change: (text: string) => string): string {
  const path = join(directory, `copy-${++copies}.db`);
  copyFileSync(original, path);
  const db = new DatabaseSync(path);
  const text = String(db.prepare(`SELECT body FROM zp_${table} WHERE id=?`).get(id)?.['body']);
  db.prepare(`UPDATE zp_${table} SET body=? WHERE id=?`).run(change(text), id);
  db.close();
  return path;
}

async function faults(path: string): Promise<readonly (readonly [kind: string, seq: number | undefined, record: string | undefined])[]> {
  const store = sqliteStore({ path, readOnly: true });
  const report = await verifyEvidence(store, { vkey: signer.vkey });
  await store.close();
  return report.tenants.flatMap((t) => t.faults).map(({ kind, seq, record }) => [kind, seq, record?.id] as const);
}

const row = (seq: number): string => `main/${String(seq).padStart(12, '0')}`;
const twice = (field: string, value: string) => (text: string) => text.replace('{', `{"${field}":${JSON.stringify(value)},`);

describe('a key written twice by hand', () => {
  it('makes a record found as one thing and read as another', async () => {
    const path = tampered('postings', 'p2', twice('state', 'published'));
    const store = sqliteStore({ path });
    const found = await store.find('postings', { where: { tenant: 'main', state: 'published' }, limit: 10 });
    expect(found.records.map(({ id, body }) => [id, body['state']])).toEqual([['p2', 'refused']]);
    await store.close();
  });

  it('is refused by a store opened read-only, and named by the verifier', async () => {
    const path = tampered('postings', 'p2', twice('state', 'published'));
    const store = sqliteStore({ path, readOnly: true });
    await expect(store.get('postings', 'p2')).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    await expect(store.find('postings', { limit: 10 })).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    expect(await store.get('postings', 'p1')).toMatchObject({ id: 'p1' });
    await store.close();
    expect(await faults(path)).toEqual([['record-edited', 2, 'p2']]);
    const escaped = tampered('postings', 'p2', (text) => text.replace('{', '{"st\\u0061te":"published",'));
    expect(await faults(escaped)).toEqual([['record-edited', 2, 'p2']]);
    const deep = tampered('postings', 'p2', (text) => text.replace('"seq":', '"seq":0,"seq":'));
    expect(await faults(deep)).toEqual([['record-edited', 2, 'p2']]);
  });

  it('is named in an entry, a checkpoint and a head', async () => {
    expect(await faults(tampered('evidence', row(3), (text) => text.replace('"seq":', '"seq":0,"seq":')))).toEqual([
      ['edited', 3, undefined],
    ]);
    expect(await faults(tampered('checkpoints', row(3), twice('note', 'x')))).toEqual([['checkpoint-invalid', 2, undefined]]);
    expect((await faults(tampered('evidenceHeads', 'main', twice('size', 'x')))).map(([kind]) => kind)).toContain('head-invalid');
  });
});

it('refuses nothing the store wrote itself', async () => {
  expect(await faults(original)).toEqual([]);
});
