import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

import {
  addKey,
  createCalendar,
  createCompliance,
  createDevelopmentIssuer,
  fileKeyring,
  isComplianceError,
  systemClock,
} from '@zhengpin/core';
import type { Clock, Compliance, Keys } from '@zhengpin/core';
import { startScheduler } from '@zhengpin/core/scheduler';
import type { Scheduler } from '@zhengpin/core/scheduler';
import { assertGate } from '@zhengpin/express';
import { filesystemArchive } from '@zhengpin/storage-adapters/filesystem';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import { createApp } from './app.ts';
import { createApplications, guardApplications } from './applications.ts';
import type { Applications } from './applications.ts';
import { TENANT } from './board.ts';
import { paths } from './paths.ts';
import { createPayments } from './payments.ts';
import type { Payments } from './payments.ts';
import { seedDisplay } from './seed-display.ts';
import { ACCOUNTS, actor, FIRMS, samplePosting, seed } from './seed.ts';

/** How long requests under way may take once the server is told to stop. */
const GRACE_MS = 10_000;

/** The key lives beside the store, not in it: whoever edits the database cannot sign. */
function signingKey(file: string): string {
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8');
}

/** Personal fields are sealed by keys beside the store: a copy of the database alone tells nobody anything. */
function sealingKeys(file: string): Keys {
  if (!existsSync(file)) addKey({ path: file, id: 'first' });
  return fileKeyring({ path: file });
}

/** One line for a log: the code of an error, never its text or the request. */
function report(error: unknown): void {
  console.error(isComplianceError(error) ? error.code : `unexpected ${error instanceof Error ? error.name : typeof error}`);
}

function port(): number {
  const value = Number(process.env['PORT'] ?? 3000);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`PORT must be a port number 端口无效: ${process.env['PORT'] ?? ''}`);
  return value;
}

function greeting(base: string, vkey: string, store: string, bearer: string): string {
  const curl = (body: object): string =>
    `curl -sS -i ${base}/jobs -H 'content-type: application/json' -H 'authorization: Bearer ${bearer}' -d '${JSON.stringify(body)}'`;
  const lawful = samplePosting(FIRMS[0]);
  return `Zhengpin job board 正聘示例招聘网  ${base}
verifier key 验证公钥  ${vkey}

# 1. lawful: 202, waits for a reviewer 合法信息：进入审查队列
${curl(lawful)}

# 2. 限男性: 422, Order 44 Art. 15 网络招聘服务管理规定第十五条
${curl({ ...lawful, requirements: '限男性，能吃苦耐劳' })}

# 3. 入职交500元押金: 422, Order 44 Art. 19 网络招聘服务管理规定第十九条
${curl({ ...lawful, workContent: '门店销售，入职交500元押金' })}

Sign in at ${base}/login (no password): emp-1 … emp-20 post, agency posts for a client, rev-1 … rev-3 review,
officer, auditor, inspector and operator look on. Approve 1 as rev-1, publish it as emp-1; then
登录 ${base}/login（无密码）：以 rev-1 审查通过第 1 条，以 emp-1 发布；然后
npx zhengpin verify --store ${store}`;
}

/** The machine's clock, or with CLOCK one that starts at another instant, to see what time brings (测试时钟). */
function boardClock(): Clock {
  const start = process.env['CLOCK'];
  if (start === undefined) return systemClock;
  const ahead = Date.parse(start) - Date.now();
  if (Number.isNaN(ahead)) throw new Error(`CLOCK is no instant 不是有效的时刻: ${start}`);
  return { now: () => Date.now() + ahead };
}

/** Stop taking requests, let those under way finish, then close the store. */
function stopOn(server: Server, close: () => Promise<void>): void {
  const stop = (): void => {
    server.close(() => void close());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function main(): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'This server signs anyone in without a password, so it does not run with NODE_ENV=production. In your own application pass `identity` with your JWKS, issuer and audience.\n本服务器无密码登录，仅供开发，不在 NODE_ENV=production 下运行；正式应用请以自己的 JWKS、签发者和受众配置 identity。',
    );
  }
  const { dir, store, key, keyring, tokens, archive, display } = paths();
  const host = process.env['HOST'] ?? '127.0.0.1';
  const wanted = port();
  // The archive makes no folder of its own: one that is missing may be a disk that is not there.
  for (const folder of [dir, archive]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = boardClock();
  const issuer = await createDevelopmentIssuer(clock);
  const own: { applications?: Applications; payments?: Payments } = {};
  const compliance: Compliance = createCompliance({
    store: sqliteStore({ path: store }),
    signing: { name: 'board.example', privateKeyPem: signingKey(key) },
    identity: issuer.identity,
    keys: sealingKeys(keyring),
    clock,
    retention: {
      archive: filesystemArchive({ directory: archive }),
      // The board's own rows go with the service they belong to.
      onDisposed: async (event) => own.applications?.disposed(event),
    },
    duties: { onDuty: ({ clock: due, state, dueOn }) => console.log(`${state} ${due} ${dueOn}`) },
    disclosure: {
      onGap: ({ page, day, missing, status }) => console.error(`home page ${page} ${day} ${status} lacks ${missing.join(' ')}`),
    },
    fees: {
      exportPayments: async ({ from, through }) => ({
        payments: own.payments?.between(from, through) ?? [],
        reference: `board/payments/${from}/${through}`,
      }),
    },
  });
  // The same file: one transaction log, one backup, and triggers that see what the kit has disposed of.
  const database = new DatabaseSync(store, { timeout: 5000 });
  const applications = createApplications(compliance, database, actor('operator'));
  guardApplications(database, TENANT);
  own.applications = applications;
  const payments = createPayments(database);
  own.payments = payments;
  await seed(compliance, createCalendar().today(clock.now()));
  const minted = Object.fromEntries(await Promise.all(ACCOUNTS.map(async (a) => [a.actor.id, await issuer.mint(a.actor)] as const)));
  writeFileSync(tokens, JSON.stringify(minted), { mode: 0o600 });
  // A file that was there keeps its own mode.
  chmodSync(tokens, 0o600);
  const app = createApp({
    compliance,
    applications,
    payments,
    displayFile: display,
    mint: (who) => issuer.mint(who),
    now: () => clock.now(),
    onError: report,
  });
  await assertGate(app, [
    { method: 'POST', path: '/jobs' },
    { method: 'GET', path: '/jobs/any' },
  ]);

  await applications.catchUp();
  let scheduler: Scheduler | undefined;
  // What comes back, each at its hour; at the start, what was due and nobody has run. The home page has to answer by then.
  async function begin(base: string): Promise<void> {
    // A notice of the end holds the list of home pages: then the board goes on under its old address.
    await seedDisplay(compliance, base, createCalendar().today(clock.now())).catch(report);
    scheduler = startScheduler(compliance, {
      actor: actor('operator'),
      onError: report,
      onRun: ({ job, state, why }) => {
        if (state === 'failed') console.error(`${job} ${why ?? ''}`);
      },
    });
  }

  const server = createServer(app);
  server.once('error', (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${wanted} is in use; set PORT 端口 ${wanted} 已被占用，请设置 PORT` : error.message);
    process.exitCode = 1;
    void compliance.close();
  });
  server.listen(wanted, host, () => {
    const bound = server.address() as AddressInfo;
    const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
    const base = `http://${name}:${bound.port}`;
    void begin(base);
    console.log(greeting(base, compliance.evidence.vkey, store, minted['emp-1'] ?? ''));
  });
  stopOn(server, async () => {
    await scheduler?.stop();
    await compliance.close();
    database.close();
  });
}

await main().catch((error: unknown) => {
  console.error(
    isComplianceError(error) ? `${error.code}: ${error.detail.zh} ${error.detail.en}` : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
