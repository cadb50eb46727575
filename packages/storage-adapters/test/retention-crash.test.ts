import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { createCompliance, createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Compliance, Store, TestClock } from '@zhengpin/core';
import { afterAll, expect, it, vi } from 'vitest';

import { sqliteStore } from '../src/sqlite.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
const folder = mkdtempSync(join(tmpdir(), 'zp-retention-crash-'));
afterAll(() => {
  warned.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

const WORKER = fileURLToPath(new URL('retention-worker.ts', import.meta.url));
const SERVICES = 120;
const MOST_ROUNDS = 60;
const operator: Actor = { id: 'operator', tenant: 'main', role: 'operator' };
const officer: Actor = { id: 'officer', tenant: 'main', role: 'compliance-officer' };
const path = join(folder, 'store.db');
const key = join(folder, 'key.pem');
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
writeFileSync(key, privateKeyPem, { mode: 0o600 });

function open(clock: TestClock): { readonly compliance: Compliance; readonly store: Store } {
  const store = sqliteStore({ path });
  const identity = { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] };
  return { store, compliance: createCompliance({ store, signing: { name: 'crash.example', privateKeyPem }, identity, clock }) };
}

/** One run of the pass, ended at a blow after so long. @returns what it said, if it came to its end */
async function run(at: string, plan: string, killAfterMs: number): Promise<string | undefined> {
  const child = spawn(process.execPath, ['--conditions=@zhengpin/source', WORKER, path, key, at, plan]);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const closed = once(child, 'close');
  while (!out.includes('begun') && child.exitCode === null) await sleep(1);
  await Promise.race([closed, sleep(killAfterMs)]);
  child.kill('SIGKILL');
  await closed;
  return /^\{.*\}$/mu.exec(out)?.[0];
}

it('a sweep killed again and again disposes of everything once, each with its certificate', { timeout: 180_000 }, async () => {
  const clock = createTestClock('2026-11-25T02:00:00.000Z');
  const first = open(clock);
  await first.compliance.setOperator(operator, {
    name: '示例公共就业服务中心',
    agencyType: 'public',
    modes: ['platform'],
    jurisdictions: ['CN'],
  });
  for (let i = 0; i < SERVICES; i++) {
    const { id } = await first.compliance.openService(operator, { kind: 'other', organisation: 'org-1', postings: [] });
    await first.compliance.recordPart(operator, id, { kind: 'order', ref: `o-${i}`, state: 'ended' });
  }
  expect(await first.compliance.settleServices(operator)).toMatchObject({ completed: SERVICES });
  clock.set('2030-01-02T02:00:00.000Z');
  for (const by of [officer, operator]) await first.compliance.confirmTime(by, { today: '2030-01-02', reference: 'CLOCK-1' });
  const { id: plan = '', items } = await first.compliance.planDisposal(operator, { record: true, cap: 500 });
  expect(items).toHaveLength(SERVICES);
  for (const by of [officer, operator]) await first.compliance.approveDisposal(by, plan);
  await first.compliance.close();

  let said: string | undefined;
  let kills = -1;
  for (let round = 0; said === undefined && round < MOST_ROUNDS; round++) {
    said = await run('2030-01-02T02:00:00.000Z', plan, 15 + round * 12);
    kills++;
  }
  expect(kills).toBeGreaterThan(2);
  expect(JSON.parse(said ?? '{}')).toMatchObject({ state: 'applied', disposed: SERVICES, kept: [] });

  const { compliance, store } = open(clock);
  const certified = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = await store.find('disposalCertificates', {
      where: { tenant: 'main' },
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.records) certified.add(id);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect([...certified].toSorted()).toEqual(items.map(({ service }) => service).toSorted());
  for (const name of ['services', 'serviceParts'])
    expect((await store.find(name, { where: { tenant: 'main' }, limit: 1 })).records).toEqual([]);
  const report = await verifyEvidence(store, { vkey: compliance.evidence.vkey, tenant: 'main' });
  expect(report.ok).toBe(true);
  await compliance.close();
});
