import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { completeUscc, createCompliance, createDevelopmentIssuer, createTestClock, fileKeyring } from '@zhengpin/core';
import type { Actor } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';
import { beforeAll, expect, it } from 'vitest';

import { temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const folder = temporary();
const [store, keyring, signingKey] = ['store.db', 'keyring.json', 'signing.pem'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

async function zhengpin(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const w = world();
  const code = await run(args, w.io);
  return { code, out: w.out(), err: w.err() };
}

beforeAll(async () => {
  writeFileSync(signingKey, pem(), { mode: 0o600 });
  await zhengpin('keys', 'add', '--keyring', keyring, '--id', '2026');
  const clock = createTestClock('2026-11-10T04:00:00.000Z');
  const { identity } = await createDevelopmentIssuer(clock);
  const compliance = createCompliance({
    store: sqliteStore({ path: store }),
    signing: { name: 'jobs.example', privateKeyPem: readFileSync(signingKey, 'utf8') },
    identity,
    clock,
    keys: fileKeyring({ path: keyring }),
  });
  const uscc = completeUscc('91110108MA00YP00A');
  for (const organisation of ['org-1', 'org-2', 'org-3']) {
    const employer: Actor = { id: `acct-${organisation}`, tenant: 'main', role: 'employer', organisation };
    await compliance.registerOrganisation(employer, { name: '启明示例科技有限公司', uscc, accountType: 'employer-direct' });
    await compliance.saveDraft(employer, { title: '草稿' });
  }
  await compliance.close();
});

it('adds a key, rewraps every subject key by it, and says where they stand', async () => {
  expect((await zhengpin('keys', 'status', '--store', store, '--keyring', keyring)).code).toBe(EXIT.ok);
  expect(await zhengpin('keys', 'add', '--keyring', keyring, '--id', '2027')).toMatchObject({ code: EXIT.ok });
  const before = await zhengpin('keys', 'status', '--store', `sqlite:${store}`, '--keyring', keyring);
  expect(before.code).toBe(EXIT.finding);
  expect(before.out).toContain('2026  3（待更换 / to be rewrapped）');
  const rotated = await zhengpin('keys', 'rotate', '--store', store, '--keyring', keyring, '--signing-key', signingKey);
  expect(rotated).toMatchObject({ code: EXIT.ok, out: 'main  已查 3，重新包裹 3 / looked at 3, rewrapped 3\n' });
  const after = await zhengpin('keys', 'status', '--store', store, '--keyring', keyring, '--json');
  expect(after.code).toBe(EXIT.ok);
  expect(JSON.parse(after.out)).toEqual({ current: '2027', tenants: [{ tenant: 'main', keks: { 2027: 3 }, erased: 0, pending: 0 }] });
  expect((await zhengpin('verify', '--store', store)).code).toBe(EXIT.ok);
});

it('refuses to record a rotation under a key that does not sign this log', async () => {
  const other = join(folder, 'other.pem');
  writeFileSync(other, pem());
  const refused = await zhengpin('keys', 'rotate', '--store', store, '--keyring', keyring, '--signing-key', other);
  expect(refused.code).toBe(EXIT.usage);
  expect(refused.err).toContain('not the key this log is signed with');
  expect((await zhengpin('verify', '--store', store)).code).toBe(EXIT.ok);
});

it('makes no store where there is none, and takes no id twice', async () => {
  const missing = join(folder, 'missing.db');
  const refused = await zhengpin('keys', 'rotate', '--store', missing, '--keyring', keyring, '--signing-key', signingKey);
  expect(refused.code).toBe(EXIT.environment);
  expect(refused.err).toContain('missing.db');
  expect((await zhengpin('keys', 'add', '--keyring', keyring, '--id', '2026')).code).toBe(EXIT.usage);
});
