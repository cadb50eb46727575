import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createCalendar, createCompliance, createDevelopmentIssuer, isComplianceError, systemClock } from '@zhengpin/core';
import { assertGate } from '@zhengpin/express';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import { createApp } from './app.ts';
import { paths } from './paths.ts';
import { ACCOUNTS, actor, FIRMS, samplePosting, seed } from './seed.ts';

const SWEEP_MS = 3_600_000;

/** The key lives beside the store, not in it: whoever edits the database cannot sign. */
function signingKey(file: string): string {
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8');
}

/** One line for a log: the code of an error, never its text or the request. */
function report(error: unknown): void {
  console.error(isComplianceError(error) ? error.code : `unexpected ${error instanceof Error ? error.name : typeof error}`);
}

async function main(): Promise<void> {
  const { dir, store, key, tokens } = paths();
  const host = process.env['HOST'] ?? '127.0.0.1';
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const issuer = await createDevelopmentIssuer(systemClock);
  const compliance = createCompliance({
    store: sqliteStore({ path: store }),
    signing: { name: 'board.example', privateKeyPem: signingKey(key) },
    identity: issuer.identity,
  });
  await seed(compliance, createCalendar().today(Date.now()));
  const minted = Object.fromEntries(await Promise.all(ACCOUNTS.map(async (a) => [a.actor.id, await issuer.mint(a.actor)] as const)));
  writeFileSync(tokens, JSON.stringify(minted), { mode: 0o600 });
  chmodSync(tokens, 0o600);
  const app = createApp({ compliance, mint: (who) => issuer.mint(who), onError: report });
  await assertGate(app, [
    { method: 'POST', path: '/jobs' },
    { method: 'GET', path: '/jobs/any' },
  ]);

  const sweep = (): void => void compliance.expirePostings(actor('operator')).catch(report);
  sweep();
  setInterval(sweep, SWEEP_MS).unref();

  const server = createServer(app);
  server.listen(Number(process.env['PORT'] ?? 3000), host, () => {
    const { port } = server.address() as AddressInfo;
    const base = `http://${host}:${port}`;
    const curl = (body: object): string => `curl -sS ${base}/jobs -H 'content-type: application/json' -H 'authorization: Bearer ${minted['emp-1'] ?? ''}' -d '${JSON.stringify(body)}'`;
    const lawful = samplePosting(FIRMS[0]);
    console.log(`Zhengpin job board 正聘示例招聘网  ${base}\nverifier key  ${compliance.evidence.vkey}\n`);
    console.log(`# lawful: 202, waiting for a reviewer 合法信息：进入审查队列\n${curl(lawful)}\n`);
    console.log(`# 限男性: 422, Order 44 Art. 15\n${curl({ ...lawful, requirements: '限男性，能吃苦耐劳' })}\n`);
    console.log(`# 入职交500元押金: 422, Order 44 Art. 19\n${curl({ ...lawful, workContent: '门店销售，入职交500元押金' })}\n`);
    console.log(`Sign in at ${base}/login as a reviewer to approve 登录审查；then: npx zhengpin verify --store ${store}`);
  });
  const stop = (): void => {
    server.close(() => void compliance.close());
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await main().catch((error: unknown) => {
  console.error(isComplianceError(error) ? `${error.code}: ${error.detail.zh} ${error.detail.en}` : error);
  process.exitCode = 1;
});
