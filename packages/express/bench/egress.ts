/**
 * A résumé endpoint bare and behind the guard of personal information, in one run (个人信息外发守卫的代价): `npm run bench -- egress`. Each server in its own
 * process, turns interleaved; both check the token and read the résumé from SQLite. Then 10 MB answers as streams, with the memory they take.
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
import type { RequestHandler } from 'express';
import pg from 'pg';

import { createCompliance, createDevelopmentIssuer, systemClock } from '@zhengpin/core';
import type { Actor, Store } from '@zhengpin/core';
import { postgresStore } from '@zhengpin/storage-adapters/postgres';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import { authenticate, personalEgress } from '../src/index.ts';
import type { Egress } from '../src/index.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const POSTGRES = process.env['ZP_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const CONNECTIONS = 64;
const PEOPLE = 1000;
const MB = 1024 * 1024;
/** Of about a kilobyte: 10 MB in all. */
const STREAMED = 10_000;

function resume(i: number): object {
  return {
    id: `p-${i}`,
    name: '欧阳晓明',
    sex: '男',
    born: '1990-03-07',
    mobile: `138${String(i).padStart(8, '0')}`,
    contacts: [{ email: `person${i}@mail.example.com` }],
    expectation: { title: '后端工程师', city: '北京' },
    jobs: Array.from({ length: 4 }, (_, k) => ({
      employer: '示例科技有限公司',
      from: 2012 + k,
      to: 2013 + k,
      work: '负责交易系统后端服务的设计、开发与维护，保证线上稳定；'.repeat(3),
    })),
  };
}

const FIELDS = {
  '/id': 'public',
  '/name': 'name',
  '/sex': 'sex',
  '/born': 'age',
  '/mobile': 'mobile',
  '/contacts/*/email': 'email',
  '/expectation': 'expectation',
  '/jobs': 'experience',
} as const;

function storeOf(kind: string, dir: string): Store {
  return kind.startsWith('postgres')
    ? postgresStore({ url: POSTGRES, schema: `zp_egress_${process.pid}` })
    : sqliteStore({ path: join(dir, 'kit.db') });
}

async function serve(kind: string, dir: string): Promise<void> {
  const issuer = await createDevelopmentIssuer(systemClock);
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const compliance = createCompliance({
    store: storeOf(kind, dir),
    signing: { name: 'bench.example', privateKeyPem },
    identity: issuer.identity,
    personal: { dailySubjects: Number.MAX_SAFE_INTEGER },
  });
  const employer: Actor = { id: 'employer', tenant: 'main', role: 'employer', organisation: 'firm' };
  const db = new DatabaseSync(join(dir, 'host.db'));
  db.exec('PRAGMA journal_mode=WAL; CREATE TABLE resumes (id TEXT PRIMARY KEY, body TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO resumes VALUES (?, ?)');
  for (let i = 0; i < PEOPLE; i++) insert.run(`p-${i}`, JSON.stringify(resume(i)));
  const select = db.prepare('SELECT body FROM resumes WHERE id = ?');
  const show: RequestHandler = (req, res) => {
    res.json(JSON.parse(String(select.get(String(req.params['id']))?.['body'])));
  };
  const guard = personalEgress(compliance, { fields: FIELDS, subjects: ['/id'], purposes: ['recruit'] });
  const app = express().get('/resumes/:id', kind === 'bare' ? authenticate(compliance) : guard, show);
  app.get('/all', guard, async (_req, res) => {
    const { stream } = res.locals['egress'] as Egress;
    await stream(
      (function* () {
        for (let i = 0; i < STREAMED; i++) yield resume(i);
      })(),
    );
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('disconnect', () => process.exit(0));
  process.on('message', () => process.send?.({ rss: process.memoryUsage().rss / MB }));
  process.send?.({ port: (server.address() as AddressInfo).port, token: await issuer.mint(employer) });
}

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
}

async function load(port: number, token: string): Promise<Round> {
  let i = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'GET',
        headers: { authorization: `Bearer ${token}` },
        setupRequest: (request) => ({ ...request, path: `/resumes/p-${i++ % PEOPLE}` }),
      },
    ],
  });
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99, refused: result.non2xx + result.errors };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function streams(port: number, token: string, ask: () => Promise<number>): Promise<void> {
  const before = await ask();
  let [bytes, most] = [0, before];
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/all`, { headers: { authorization: `Bearer ${token}` } });
    for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length;
    most = Math.max(most, await ask());
  }
  console.log(`streams   5 of ${(bytes / 5 / MB).toFixed(1)} MB, ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`);
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'zp-egress-'));
  const client = new pg.Client({ connectionString: POSTGRES });
  const hasPostgres = await client.connect().then(
    () => true,
    () => false,
  );
  const kinds = ['bare', 'sqlite', ...(hasPostgres ? ['postgres'] : [])];
  const rounds = new Map<string, Round[]>(kinds.map((kind) => [kind, []]));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
        const own = mkdtempSync(join(dir, kind));
        const child = fork(fileURLToPath(import.meta.url), [kind, own]);
        const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token: string }];
        await load(port, token).catch(() => undefined);
        rounds.get(kind)?.push(await load(port, token));
        const ask = async (): Promise<number> => {
          child.send('rss');
          const [{ rss }] = (await once(child, 'message')) as [{ rss: number }];
          return rss;
        };
        if (round === 0 && kind === 'sqlite') await streams(port, token, ask);
        child.kill('SIGKILL');
        await once(child, 'exit');
        if (kind === 'postgres') await client.query(`DROP SCHEMA IF EXISTS zp_egress_${child.pid} CASCADE`);
      }
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
    if (hasPostgres) await client.end();
  }
  const bare = rounds.get('bare') ?? [];
  for (const [kind, runs] of rounds) {
    const ratio = median(runs.map((r) => r.perSecond)) / median(bare.map((r) => r.perSecond));
    const refused = runs.reduce((sum, run) => sum + run.refused, 0);
    const more = median(runs.map((r) => r.p99)) - median(bare.map((r) => r.p99));
    console.log(
      `${kind.padEnd(9)} ${median(runs.map((r) => r.perSecond)).toFixed(0)} requests/s  p50 ${median(runs.map((r) => r.p50))} ms  p99 ${median(runs.map((r) => r.p99))} ms  ratio ${ratio.toFixed(2)}  p99 +${more} ms  refused ${refused}`,
    );
  }
  console.log(`${ROUNDS} interleaved rounds of ${SECONDS} s, ${CONNECTIONS} connections`);
}

const [, , kind, dir] = process.argv;
await (kind !== undefined && dir !== undefined ? serve(kind, dir) : main());
