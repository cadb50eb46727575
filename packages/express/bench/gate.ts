/**
 * The gate against the same Express app with bare ajv validation and one SQLite insert, in one run: each server in its own
 * process, turns interleaved, the ratio of the medians printed. `node --conditions=@zhengpin/source packages/express/bench/gate.ts`
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

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import autocannon from 'autocannon';
import express from 'express';

import { completeUscc, createCompliance, createDevelopmentIssuer, isUscc, POSTING_SCHEMA, systemClock } from '@zhengpin/core';
import type { Actor, PostingContent } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import { complianceRouter, postingGate } from '../src/index.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const CONNECTIONS = 64;
const FIRM = { name: '启明示例科技有限公司', uscc: completeUscc('91110108MA00YP00A') };
const SENTENCES = [
  '负责交易系统后端服务的设计、开发与维护，保证线上稳定',
  '参与需求评审，输出技术方案并推动落地',
  '编写单元测试与接口文档，持续改进代码质量',
  '与产品、测试同事配合，按期交付版本',
  '跟踪线上问题并给出改进措施',
  '熟悉关系数据库原理，能独立完成性能分析',
  '具备良好的沟通能力与团队协作意识',
];

function content(i: number): PostingContent {
  const text = Array.from({ length: 12 }, (_, k) => `${k + 1}、${SENTENCES[(i + k) % SENTENCES.length] ?? ''}；`).join('');
  return {
    title: `后端工程师${i}`,
    accountType: 'employer-direct',
    employer: FIRM,
    headcount: 1 + (i % 9),
    requirements: text.slice(0, 200),
    workContent: text,
    workingConditions: '办公室工作，五天八小时，缴纳五险一金',
    place: { city: '北京', address: '海淀区示例路1号' },
    pay: { minFen: 1_500_000, maxFen: 2_500_000, unit: 'month' },
    employmentType: 'full-time',
    validity: { reconfirmEveryDays: 30 },
    source: { kind: 'original' },
  };
}

async function serve(kind: string, dir: string): Promise<void> {
  const app = express();
  let token = '';
  if (kind === 'gate') {
    const issuer = await createDevelopmentIssuer(systemClock);
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const compliance = createCompliance({
      store: sqliteStore({ path: join(dir, 'gate.db') }),
      signing: { name: 'bench.example', privateKeyPem },
      identity: issuer.identity,
    });
    const operator: Actor = { id: 'operator', tenant: 'main', role: 'operator' };
    const employer: Actor = { id: 'employer', tenant: 'main', role: 'employer', organisation: 'firm' };
    const licence = {
      number: '(京)人服证字〔2025〕第0123456789号',
      authority: '示例市人力资源和社会保障局',
      scope: ['开展网络招聘服务'],
      validFrom: '2025-01-01',
    };
    await compliance.setOperator(operator, {
      name: '示例人力资源服务有限公司',
      agencyType: 'commercial',
      modes: ['platform'],
      jurisdictions: ['CN'],
      licence,
    });
    await compliance.registerOrganisation(employer, { ...FIRM, accountType: 'employer-direct' });
    token = await issuer.mint(employer);
    app.use('/compliance', complianceRouter(compliance));
    app.post('/jobs', postingGate(compliance, { answer: true }));
  } else {
    const db = new DatabaseSync(join(dir, 'bare.db'));
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE jobs (id INTEGER PRIMARY KEY, body TEXT NOT NULL)');
    const insert = db.prepare('INSERT INTO jobs (body) VALUES (?)');
    const ajv = new Ajv2020({ strictRequired: false });
    formats.default(ajv);
    ajv.addFormat('uscc', isUscc);
    const validate = ajv.compile(POSTING_SCHEMA);
    app.post('/jobs', express.json(), (req, res) => {
      if (!validate(req.body)) {
        res.status(422).json(validate.errors);
        return;
      }
      const { lastInsertRowid } = insert.run(JSON.stringify(req.body));
      res.status(202).json({ id: String(lastInsertRowid) });
    });
  }
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port, token });
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
    url: `http://127.0.0.1:${port}/jobs`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        setupRequest: (request) => ({ ...request, body: JSON.stringify(content(i++)) }),
      },
    ],
  });
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99, refused: result.non2xx + result.errors };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'zp-bench-'));
  const rounds: { readonly [kind: string]: Round[] } = { bare: [], gate: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of round % 2 === 0 ? ['bare', 'gate'] : ['gate', 'bare']) {
        const own = mkdtempSync(join(dir, kind));
        const child = fork(fileURLToPath(import.meta.url), [kind, own]);
        const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token: string }];
        rounds[kind]?.push(await load(port, token));
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  for (const [kind, runs] of Object.entries(rounds)) {
    const refused = runs.reduce((sum, run) => sum + run.refused, 0);
    console.log(
      `${kind.padEnd(5)} ${median(runs.map((r) => r.perSecond)).toFixed(0)} requests/s  p50 ${median(runs.map((r) => r.p50))} ms  p99 ${median(runs.map((r) => r.p99))} ms  refused ${refused}`,
    );
  }
  const ratio = median((rounds['gate'] ?? []).map((r) => r.perSecond)) / median((rounds['bare'] ?? []).map((r) => r.perSecond));
  console.log(`ratio gate/bare ${ratio.toFixed(2)}  (${ROUNDS} interleaved rounds of ${SECONDS} s, ${CONNECTIONS} connections)`);
}

const [, , kind, dir] = process.argv;
await (kind !== undefined && dir !== undefined ? serve(kind, dir) : main());
