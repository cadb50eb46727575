import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createCompliance, createDevelopmentIssuer, createTestClock, memoryKeys } from '@zhengpin/core';
import type { Compliance, Store, TestClock } from '@zhengpin/core';
import { filesystemArchive } from '@zhengpin/storage-adapters/filesystem';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import type { Express } from 'express';
import request from 'supertest';
import type { Response, Test } from 'supertest';

import { createApp } from '../src/app.ts';
import { createApplications } from '../src/applications.ts';
import type { Applications } from '../src/applications.ts';
import { createPayments } from '../src/payments.ts';
import type { Payments } from '../src/payments.ts';
import { seedDisplay } from '../src/seed-display.ts';
import { actor, seed } from '../src/seed.ts';

const HOST = 'board.test';

/** A browser with one account: its cookie, its language, and forms sent as a page of the board sends them. */
interface Visitor {
  get(path: string): Test;
  /** Fetch the page the form stands on, then send the form with the token found there. */
  send(page: string, action: string, fields: Record<string, string>): Promise<Response>;
}

export interface Site {
  readonly app: Express;
  /** Folder of the archive. */
  readonly archive: string;
  readonly applications: Applications;
  readonly compliance: Compliance;
  readonly clock: TestClock;
  readonly errors: unknown[];
  readonly store: Store;
  token(account: string): Promise<string>;
  visitor(account?: string, language?: string): Promise<Visitor>;
}

/** Values of the hidden and filled fields a form on a page carries. */
export function hidden(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
}

/** The seeded board on the memory store. */
export async function createSite(): Promise<Site> {
  const clock = createTestClock('2026-11-24T02:00:00.000Z');
  const issuer = await createDevelopmentIssuer(clock);
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const store = memoryStore();
  const archive = mkdtempSync(join(tmpdir(), 'zp-board-archive-'));
  const host: { applications?: Applications; payments?: Payments } = {};
  const compliance: Compliance = createCompliance({
    store,
    signing: { name: 'board.example', privateKeyPem },
    identity: issuer.identity,
    keys: memoryKeys(),
    clock,
    retention: {
      archive: filesystemArchive({ directory: archive }),
      onDisposed: async (event) => host.applications?.disposed(event),
    },
    fees: {
      exportPayments: async ({ from, through }) => ({
        payments: host.payments?.between(from, through) ?? [],
        reference: `board/payments/${from}/${through}`,
      }),
    },
  });
  const database = new DatabaseSync(':memory:');
  const applications = createApplications(compliance, database, actor('operator'));
  const payments = createPayments(database);
  host.payments = payments;
  host.applications = applications;
  await seed(compliance, '2026-11-24');
  await seedDisplay(compliance, 'http://127.0.0.1:1', '2026-11-24');
  const errors: unknown[] = [];
  const app = createApp({
    compliance,
    applications,
    payments,
    mint: (who) => issuer.mint(who),
    now: () => clock.now(),
    onError: (error) => errors.push(error),
  });
  return {
    app,
    archive,
    applications,
    compliance,
    clock,
    errors,
    store,
    token: (account) => issuer.mint(actor(account)),
    async visitor(account, language = 'zh') {
      const cookie = account === undefined ? '' : `zp_board_session=${await issuer.mint(actor(account))}`;
      const get = (path: string): Test => request(app).get(path).set('host', HOST).set('cookie', cookie).set('accept-language', language);
      return {
        get,
        async send(page, action, fields) {
          const { text } = await get(page);
          const form = new URLSearchParams({ csrf: hidden(text, 'csrf'), ...fields }).toString();
          return request(app)
            .post(action)
            .set('host', HOST)
            .set('origin', `http://${HOST}`)
            .set('cookie', cookie)
            .set('accept-language', language)
            .type('form')
            .send(form);
        },
      };
    },
  };
}

/** What a lawful form says; `over` replaces fields. */
export function formOf(over: Record<string, string> = {}): Record<string, string> {
  return {
    '/employer/name': '启明示例软件有限公司',
    '/title': '测试工程师',
    '/headcount': '2',
    '/employmentType': 'full-time',
    '/workContent': '编写自动化测试\r\n维护测试环境',
    '/requirements': '熟悉 HTTP 与数据库',
    '/workingConditions': '五天八小时，缴纳五险一金',
    '/place/city': '北京',
    '/pay/minFen': '8,000.05',
    '/pay/maxFen': '12000',
    '/pay/unit': 'month',
    '/validity': 'reconfirmEveryDays',
    '/validity/reconfirmEveryDays': '30',
    '/source/kind': 'original',
    ...over,
  };
}
