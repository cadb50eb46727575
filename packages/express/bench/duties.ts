/**
 * What the operator’s own duties cost, in one run on SQLite (机构义务的代价): `npm run bench -- duties`. A payment route bare and behind `feeGuard`, each
 * in its own process, turns interleaved; then the calendar over many duties, and home pages read by the megabyte.
 */
import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import autocannon from 'autocannon';
import express from 'express';

import { createCompliance, createDevelopmentIssuer, systemClock } from '@zhengpin/core';
import type { Actor, Compliance } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import { authenticate, feeGuard } from '../src/index.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const DUTIES = Number(process.env['BENCH_DUTIES'] ?? 5000);
const CONNECTIONS = 64;
const PROOF = { reference: 'MINUTES-1', sha256: 'a'.repeat(64) };
const operator: Actor = { id: 'operator', tenant: 'main', role: 'operator' };
const officer: Actor = { id: 'officer', tenant: 'main', role: 'compliance-officer' };
const ITEM = {
  id: 'posting-month',
  name: { zh: '招聘信息发布', en: 'Posting' },
  what: { zh: '一条招聘信息发布一个月', en: 'One posting for a month' },
  kind: 'core',
  payer: 'employer',
  unit: 'posting',
  amountFen: 19_900,
  basis: 'market-adjusted',
};

async function open(dir: string): Promise<{ readonly compliance: Compliance; readonly token: string }> {
  const issuer = await createDevelopmentIssuer(systemClock);
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const compliance = createCompliance({
    store: sqliteStore({ path: join(dir, 'kit.db') }),
    signing: { name: 'bench.example', privateKeyPem },
    identity: issuer.identity,
    disclosure: { fetch: async () => new Response(PAGE) },
  });
  return { compliance, token: await issuer.mint(operator) };
}

async function serve(kind: string, dir: string): Promise<void> {
  const { compliance, token } = await open(dir);
  const effectiveFrom = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await compliance.publishPriceList(officer, { effectiveFrom, basis: PROOF, items: [ITEM] });
  const db = new DatabaseSync(join(dir, 'host.db'));
  // As durable as the kit's own store.
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE payments (id TEXT PRIMARY KEY, fen INTEGER NOT NULL)');
  const insert = db.prepare('INSERT INTO payments VALUES (?, ?)');
  const guard = kind === 'bare' ? authenticate(compliance) : feeGuard(compliance);
  const app = express().post('/payments', express.json(), guard, (req, res) => {
    const { payment, amountFen } = req.body as { payment: string; amountFen: number };
    insert.run(payment, amountFen);
    res.status(201).json({ payment });
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port: (server.address() as AddressInfo).port, token });
}

interface Round {
  readonly perSecond: number;
  readonly p99: number;
  readonly refused: number;
}

let paid = 0;

async function load(port: number, token: string): Promise<Round> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'POST',
        path: '/payments',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        setupRequest: (request) => ({
          ...request,
          body: JSON.stringify({
            payment: `pay-${++paid}`,
            item: ITEM.id,
            quantity: 1,
            amountFen: ITEM.amountFen,
            payer: { kind: 'employer', id: `acct-${paid % 100}` },
            payee: 'platform',
          }),
        }),
      },
    ],
  });
  return { perSecond: result.requests.average, p99: result.latency.p99, refused: result.non2xx + result.errors };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function guarded(): Promise<void> {
  const kinds = ['bare', 'feeGuard'] as const;
  const dirs = kinds.map(() => mkdtempSync(join(tmpdir(), 'zp-duties-')));
  const children = kinds.map((kind, at) =>
    fork(fileURLToPath(import.meta.url), ['serve', kind, dirs[at] ?? ''], { execArgv: process.execArgv }),
  );
  const ready = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as { port: number; token: string }));
  const rounds: Round[][] = kinds.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, { port, token }] of ready.entries()) rounds[at]?.push(await load(port, token));
  const rates = rounds.map((some) => median(some.map(({ perSecond }) => perSecond)));
  for (const [at, kind] of kinds.entries()) {
    const some = rounds[at] ?? [];
    const late = median(some.map(({ p99 }) => p99));
    const refused = some.reduce((sum, one) => sum + one.refused, 0);
    console.log(`${kind.padEnd(10)}${(rates[at] ?? 0).toFixed(0).padStart(7)} payments/s  p99 ${late} ms  not 2xx ${refused}`);
  }
  console.log(`feeGuard : bare ${((rates[1] ?? 0) / (rates[0] ?? 1)).toFixed(2)}`);
  for (const child of children) child.disconnect();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
}

/** Half a megabyte of what home pages are made of. */
const PAGE = `<main>${'<div class="card"><h2><a href="/p/1">后端工程师</a></h2><p hidden>x</p><p>15,000 元/月</p></div>'.repeat(4000)}</main>`;

async function timed(name: string, times: number, work: () => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    took.push(performance.now() - start);
  }
  console.log(`${name.padEnd(44)} ${median(took).toFixed(1)} ms`);
}

async function calendar(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'zp-duties-'));
  const { compliance } = await open(dir);
  await compliance.setOperator(operator, {
    name: '示例人力资源服务有限公司',
    agencyType: 'commercial',
    modes: ['platform'],
    jurisdictions: ['CN'],
  });
  const startedOn = '2026-01-05';
  const many = Array.from({ length: DUTIES }, (_duty, at) => ({ clock: 'entrant-reverification', subject: `org-${at}`, startedOn }));
  for (let at = 0; at < many.length; at += 256)
    await Promise.all(many.slice(at, at + 256).map((duty) => compliance.openDuty(officer, duty)));
  await timed(`list of ${DUTIES} duties`, 5, () => compliance.listDuties(officer));
  await timed(`iCalendar of ${DUTIES} duties`, 3, () => compliance.dutyCalendar(officer, 'zh'));
  const before = process.memoryUsage().rss;
  await timed('first tick: what is due or missed is recorded', 1, () => compliance.tickDuties(operator));
  await timed('a tick with nothing new', 3, () => compliance.tickDuties(operator));
  console.log(`memory of the ticks ${((process.memoryUsage().rss - before) / 1024 / 1024).toFixed(0)} MB`);
  await compliance.setDisclosure(officer, {
    name: '示例人力资源服务有限公司',
    domicile: '示例市示例区示例路1号',
    legalRepresentative: '示例',
    authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
    complaints: { phone: '010-00000001' },
    homePages: [{ id: 'web', kind: 'web', url: 'https://jobs.example/' }],
  });
  await timed(`a home page of ${(PAGE.length / 1024).toFixed(0)} K characters checked`, 10, () => compliance.checkHomePages(officer));
  await compliance.close();
  rmSync(dir, { recursive: true, force: true });
}

if (process.argv[2] === 'serve') await serve(process.argv[3] ?? '', process.argv[4] ?? '');
else {
  await guarded();
  await calendar();
}
