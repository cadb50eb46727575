/**
 * Retention over many records (大量留存下的处置): `npm run bench -- retention`, RETAINED=2000000 for ten million records instead of
 * half a million: a service is five. Half of what a store of its own keeps is due. Planning, finding and sweeping are measured in a process
 * that did not fill the store, with the memory they take, and the sweep beside plain indexed deletes of as many rows in the same store.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';

import { createCompliance, createTestClock } from '@zhengpin/core';
import type { Actor, Change, Compliance, Store } from '@zhengpin/core';
import pg from 'pg';

import { postgresStore } from '../src/postgres.ts';
import { sqliteStore } from '../src/sqlite.ts';

const POSTGRES = process.env['ZP_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const BATCH = 500;
const CAP = 500;
const SWEEPS = 4;
/** Half of them due, and the other half enough for the plain deletes. */
const COUNT = Math.max(2 * CAP * SWEEPS, Number(process.env['RETAINED'] ?? '100000'));
const FINDS = 200;
/** Postings of one employer. */
const EACH = 50;
const MB = 1024 * 1024;
const TENANT = 'main';

const operator: Actor = { id: 'operator', tenant: TENANT, role: 'operator' };
const officer: Actor = { id: 'officer', tenant: TENANT, role: 'compliance-officer' };
const NO_TOKENS = { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] };

function print(name: string, ...values: readonly string[]): void {
  process.stdout.write(`${name.padEnd(28)}${values.join('  ')}\n`);
}

function rss(): number {
  return process.memoryUsage().rss / MB;
}

/** A service with its posting, completed a day later the higher its number: the first half is due. */
function rows(i: number, day: string): readonly Change[] {
  const id = `p${String(i).padStart(9, '0')}`;
  const organisation = `org-${Math.floor(i / EACH)}`;
  const base = { tenant: TENANT, organisation, updatedAt: `${day}T02:00:00.000Z` };
  const service = {
    ...base,
    kind: 'introduce',
    postings: [id],
    openParts: 0,
    parts: 0,
    state: 'completed',
    openedOn: day,
    completedOn: day,
    reopened: 0,
    archive: 'due',
    segments: [],
  };
  const posting = {
    ...base,
    state: 'closed',
    title: '岗位',
    contentVersion: 1,
    contentHash: 'a'.repeat(64),
    submittedBy: 'emp',
    barred: [],
    clearances: [],
  };
  return [
    { collection: 'services', id, expectedVersion: 0, body: service },
    { collection: 'serviceLinks', id, expectedVersion: 0, body: { tenant: TENANT, service: id } },
    { collection: 'postings', id, expectedVersion: 0, body: posting },
    {
      collection: 'postingVersions',
      id: `${id}.1`,
      expectedVersion: 0,
      body: { ...base, posting: id, content: { text: 'x'.repeat(400) } },
    },
    {
      collection: 'decisions',
      id: `d${id}`,
      expectedVersion: 0,
      body: { ...base, subject: id, at: base.updatedAt, kind: 'screening', outcome: 'pass' },
    },
  ];
}

async function fill(store: Store): Promise<void> {
  for (let i = 0; i < COUNT; i += BATCH) {
    const batch: Change[] = [];
    for (let j = i; j < Math.min(COUNT, i + BATCH); j++) batch.push(...rows(j, j < COUNT / 2 ? '2026-01-15' : '2029-06-15'));
    await store.commit(batch);
  }
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [ms: number, result: T]> {
  const from = performance.now();
  const result = await work();
  return [performance.now() - from, result];
}

/** One plan, its two approvals and its pass. @returns services disposed of */
async function sweep(compliance: Compliance): Promise<number> {
  const { id = '' } = await compliance.planDisposal(operator, { record: true, cap: CAP });
  for (const by of [operator, officer]) await compliance.approveDisposal(by, id);
  return (await compliance.applyDisposal(operator, id)).disposed;
}

/** As many rows as the sweep removed, by id, one commit for each service. */
async function plain(store: Store, from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i++) {
    const id = `p${String(i).padStart(9, '0')}`;
    await store.commit([
      { collection: 'services', id, expectedVersion: 1 },
      { collection: 'serviceLinks', id, expectedVersion: 1 },
      { collection: 'postings', id, expectedVersion: 1 },
      { collection: 'postingVersions', id: `${id}.1`, expectedVersion: 1 },
      { collection: 'decisions', id: `d${id}`, expectedVersion: 1 },
    ]);
  }
}

async function measure(store: Store): Promise<void> {
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const clock = createTestClock('2029-12-01T02:00:00.000Z');
  const compliance = createCompliance({ store, signing: { name: 'bench.example', privateKeyPem }, identity: NO_TOKENS, clock });
  await compliance.setOperator(operator, { name: '示例机构', agencyType: 'public', modes: ['platform'], jurisdictions: ['CN'] });
  for (const by of [operator, officer]) await compliance.confirmTime(by, { today: '2029-12-01', reference: 'bench' });

  const [planMs, plan] = await timed(() => compliance.planDisposal(operator, { cap: CAP }));
  print('  plan, dry run', `${planMs.toFixed(0)} ms for ${plan.items.length}, more ${String(plan.more)}, ${rss().toFixed(0)} MB`);
  const [findMs] = await timed(async () => {
    for (let i = 0; i < FINDS; i++) {
      const id = (i * 7919) % COUNT;
      await compliance.findRetained(officer, { organisation: `org-${Math.floor(id / EACH)}`, from: '2026-01-01' }, { limit: 50 });
    }
  });
  print('  find, by employer', `${(findMs / FINDS).toFixed(2)} ms, ${rss().toFixed(0)} MB`);
  const [oneMs] = await timed(async () => {
    for (let i = 0; i < FINDS; i++) await compliance.retentionOf(officer, `p${String((i * 104_729) % COUNT).padStart(9, '0')}`);
  });
  print('  find, by posting', `${(oneMs / FINDS).toFixed(2)} ms`);

  let disposed = 0;
  let sweepMs = 0;
  let plainMs = 0;
  for (let i = 0; i < SWEEPS; i++) {
    const [ms, count] = await timed(() => sweep(compliance));
    sweepMs += ms;
    disposed += count;
    // From the end, which is not due: no plan ever sees them.
    plainMs += (await timed(() => plain(store, COUNT - (i + 1) * CAP, CAP)))[0];
  }
  const perSecond = (ms: number): string => `${((disposed / ms) * 1000).toFixed(0)}/s`;
  print(
    '  sweep',
    `${perSecond(sweepMs)} with certificates; plain deletes ${perSecond(plainMs)}, ratio ${(plainMs / sweepMs).toFixed(2)}; ${rss().toFixed(0)} MB`,
  );
  await compliance.close();
}

/** A store by what a child process is told of it. */
function storeAt(place: string): Store {
  return place.startsWith('schema:')
    ? postgresStore({ url: POSTGRES, schema: place.slice('schema:'.length), statementTimeoutMs: 600_000 })
    : sqliteStore({ path: place });
}

/** Fill and measure, each in a process of its own. */
function bench(name: string, place: string): void {
  print(name, `${COUNT} services, ${5 * COUNT} records`);
  for (const step of ['fill', 'measure']) {
    const argv = ['--conditions=@zhengpin/source', fileURLToPath(import.meta.url), step, place];
    const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${step} of ${name} failed`);
  }
}

async function all(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zp-bench-retention-'));
  try {
    bench('SQLite', join(folder, 'store.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const client = new pg.Client({ connectionString: POSTGRES });
  const isThere = await client.connect().then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const schema = `zp_bench_retention_${process.pid}`;
  try {
    bench('PostgreSQL', `schema:${schema}`);
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  }
}

const [step, place = ''] = process.argv.slice(2);
if (step === undefined) await all();
else {
  const store = storeAt(place);
  if (step === 'fill') {
    const [ms] = await timed(() => fill(store));
    print('  filled', `in ${(ms / 1000).toFixed(0)} s`);
    await store.close();
  } else await measure(store);
}
