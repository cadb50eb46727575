import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { AUDIT_CHECKS, ComplianceError, createTestClock, memoryKeys, verifyEvidence } from '@zhengpin/core';
import type { Actor, Anchor, Archive, ProbeResult, Store } from '@zhengpin/core';
import { filesystemArchive } from '@zhengpin/storage-adapters/filesystem';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, inspector, officer, operator, OPERATOR, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };
const second: Actor = { id: 'acct-officer-2', tenant: 'main', role: 'compliance-officer' };
/** What only the host can see, as the test says. */
const HOST = ['unguarded-routes', 'dormant-accounts', 'backup-age', 'dependencies', 'public-urls'] as const;

describe('the self-audit', () => {
  let platform: Platform;
  let store: Store;
  let archive: Archive;
  let host: { [check: string]: ProbeResult['state'] };

  beforeEach(async () => {
    store = memoryStore();
    archive = filesystemArchive({ directory: mkdtempSync(join(tmpdir(), 'zp-audit-')) });
    host = Object.fromEntries(HOST.map((check) => [check, 'passed']));
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'), {
      keys: memoryKeys(),
      retention: { archive },
      personal: { dailySubjects: 1000 },
      selfAudit: { probes: Object.fromEntries(HOST.map((check) => [check, async () => ({ state: host[check] ?? 'failed', facts: {} })])) },
    });
    await platform.compliance.runDue(operator);
  });

  async function failed(): Promise<readonly string[]> {
    const { id } = await platform.compliance.startAudit(officer, { kind: 'light' });
    return (await platform.compliance.getAudit(auditor, id)).body.items.filter(({ state }) => state === 'failed').map(({ check }) => check);
  }

  async function edit(collection: string, id: string, change: (body: Record<string, unknown>) => object): Promise<void> {
    const row = await store.get(collection, id);
    await store.commit([{ collection, id, expectedVersion: row?.version ?? 0, body: change({ ...row?.body }) as never }]);
  }

  const look = (by: Actor, count: number, more: object = {}): Promise<void> =>
    platform.compliance.recordAccess(by, {
      purpose: 'recruit',
      route: 'GET /x',
      how: 'view',
      fields: ['name'],
      subjects: ['p-1'],
      count,
      ...more,
    });

  it('asks about everything, each question with its law, in both languages', () => {
    expect(new Set(AUDIT_CHECKS.map(({ id }) => id)).size).toBe(AUDIT_CHECKS.length);
    for (const { citations, question, remedy } of AUDIT_CHECKS) {
      expect(citations.length).toBeGreaterThan(1);
      for (const text of [question, remedy]) expect(text.zh !== '' && text.en !== '').toBe(true);
    }
    expect(AUDIT_CHECKS.filter(({ kind }) => kind === 'automatic').length).toBeGreaterThanOrEqual(20);
  });

  it('finds nothing where nothing is wrong', async () => {
    const { id } = await platform.compliance.submitPosting(employer, posting());
    await platform.compliance.withdrawPosting(employer, id);
    expect(await failed()).toEqual([]);
  });

  /** One planted defect for each automatic check; how it is mended again. */
  const PLANTED: readonly (readonly [check: string, plant: () => Promise<void>, mend: () => Promise<void>])[] = [
    [
      'unsealed-fields',
      async () => {
        const { id } = await platform.compliance.submitPosting(employer, posting());
        await edit('postings', id, (body) => ({ ...body, title: '明文岗位' }));
      },
      async () => {
        const [row] = (await store.find('postings', { limit: 1 })).records;
        await edit('postings', row?.id ?? '', (body) => ({ ...body, title: '' }));
      },
    ],
    [
      'key-age',
      async () => {
        await platform.compliance.submitPosting(employer, posting());
        await edit('subjectKeys', 'main/organisation.org-firm', (body) => ({ ...body, createdAt: '2024-01-01T00:00:00.000Z' }));
      },
      async () => edit('subjectKeys', 'main/organisation.org-firm', (body) => ({ ...body, wrappedAt: '2026-11-25T00:00:00.000Z' })),
    ],
    [
      'log-integrity',
      async () => edit('operators', 'main', (body) => ({ ...body, name: '改过' })),
      async () => edit('operators', 'main', (body) => body),
    ],
    ['undeclared-fields', async () => look(employer, 1, { undeclared: ['mobile'] }), async () => platform.clock.advance(40 * DAY)],
    ['bulk-access', async () => look(employer, 400), async () => platform.clock.advance(40 * DAY)],
    [
      'off-hours-access',
      async () => {
        platform.clock.set('2026-11-25T18:30:00.000Z');
        for (let i = 0; i < 12; i++) await look(reviewer, 1);
      },
      async () => platform.clock.advance(40 * DAY),
    ],
    [
      'refused-access',
      async () => {
        for (let i = 0; i < 3; i++) await look(employer, 1001).catch(() => undefined);
      },
      async () => platform.clock.advance(40 * DAY),
    ],
    [
      'canary-touched',
      async () => {
        await platform.compliance.setCanary(officer, { subject: 'p-1' });
        await look(employer, 1);
      },
      async () => edit('canaries', 'main/p-1', (body) => ({ ...body, touched: 0 })),
    ],
    [
      'bulk-exports',
      async () => {
        for (let i = 0; i < 10; i++) {
          const { id } = await platform.compliance.askExport(employer, { purpose: 'export', count: 1, reference: 'CASE-1' });
          await platform.compliance.grantExport(officer, id);
        }
      },
      async () => {
        const { id } = await platform.compliance.askExport(employer, { purpose: 'export', count: 1, reference: 'CASE-1' });
        await platform.compliance.grantExport(second, id);
      },
    ],
    [
      'separation-of-duties',
      async () => {
        for (let i = 0; i < 10; i++) {
          const { id = '' } = await platform.compliance.planDisposal(operator, { record: true });
          for (const by of [officer, operator]) await platform.compliance.approveDisposal(by, id);
        }
      },
      async () => {
        const { id = '' } = await platform.compliance.planDisposal(operator, { record: true });
        for (const by of [officer, second]) await platform.compliance.approveDisposal(by, id);
      },
    ],
    [
      'open-erasures',
      async () => {
        await platform.acceptMaterials(employer, (await import('./platform.ts')).FIRM.uscc);
        await platform.compliance.eraseSubject(officer, {
          subject: `account.${employer.id}`,
          ground: 'consent-withdrawn',
          reference: 'case/1',
        });
        platform.clock.advance(20 * DAY);
      },
      async () => {
        await platform.compliance.eraseSubject(operator, {
          subject: `account.${employer.id}`,
          ground: 'consent-withdrawn',
          reference: 'case/1',
        });
      },
    ],
    [
      'restore-drill',
      async () => {
        const { id } = await platform.compliance.submitPosting(employer, posting());
        await platform.compliance.withdrawPosting(employer, id);
        await platform.compliance.settleServices(operator);
        await platform.compliance.archiveRetained(operator);
      },
      async () => {
        await platform.compliance.drillRetention(operator, {});
      },
    ],
    [
      'licence-expiry',
      async () => {
        await platform.compliance.setOperator(operator, { ...OPERATOR, licence: { ...OPERATOR.licence, validThrough: '2026-12-31' } });
      },
      async () => {
        await platform.compliance.setOperator(operator, OPERATOR);
      },
    ],
    [
      'jobs-run',
      async () => {
        const [row] = (await store.find('runs', { limit: 1 })).records;
        await edit('runs', row?.id ?? '', (body) => ({ ...body, state: 'failed' }));
      },
      async () => {
        const [row] = (await store.find('runs', { limit: 1 })).records;
        await edit('runs', row?.id ?? '', (body) => ({ ...body, state: 'done' }));
      },
    ],
    ...HOST.map((check) => [check, async () => void (host[check] = 'failed'), async () => void (host[check] = 'passed')] as const),
  ];

  it.each(PLANTED.map(([check, plant, mend]) => [check, plant, mend] as const))(
    'finds a planted defect of %s, has it remedied and tested again, and closes it',
    async (check, plant, mend) => {
      await plant();
      // Some plants are edits behind the kit's back, which the log sees as well.
      expect(await failed()).toContain(check);
      const finding = (await platform.compliance.listFindings(auditor, { limit: 50 })).items.find(({ body }) => body.check === check);
      const id = finding?.id ?? '';
      await expect(platform.compliance.retestFinding(auditor, id)).rejects.toMatchObject({ code: 'ZP_STATE' });
      await platform.compliance.assignFinding(officer, id, { owner: 'acct-operator', dueOn: '2026-12-10' });
      // Called mended and not mended: it stays open.
      await platform.compliance.remedyFinding(operator, id, PROOF);
      expect(await platform.compliance.retestFinding(auditor, id)).toMatchObject({ state: 'open' });
      await mend();
      await platform.compliance.remedyFinding(operator, id, PROOF);
      expect(await platform.compliance.retestFinding(auditor, id)).toMatchObject({ state: check === 'log-integrity' ? 'open' : 'closed' });
    },
  );

  it('sees what is due and not disposed of', async () => {
    const { id } = await platform.compliance.submitPosting(employer, posting());
    await platform.compliance.withdrawPosting(employer, id);
    await platform.compliance.settleServices(operator);
    platform.clock.advance(1200 * DAY);
    expect(await failed()).toContain('overdue-disposal');
  });

  it('sees an anchor that is behind', async () => {
    const anchor: Anchor = { name: 'dead', publish: () => Promise.reject(new ComplianceError('ZP_ANCHOR_UNAVAILABLE')) };
    platform = await createPlatform(memoryStore(), createTestClock('2026-11-25T02:00:00.000Z'), {
      anchors: { to: [anchor], intervalMs: 1000 },
    });
    while ((await platform.compliance.evidence.anchors(auditor)).length === 0) await sleep(20);
    platform.clock.advance(3 * DAY);
    expect(await failed()).toContain('anchors-behind');
    await platform.compliance.close();
  });

  describe('of a year', () => {
    async function send(method: 'get' | 'post', by: Actor, path: string, body?: object): Promise<Response> {
      const app = express().use('/compliance', complianceRouter(platform.compliance));
      const call = method === 'get' ? request(app).get(`/compliance${path}`) : request(app).post(`/compliance${path}`);
      void call.set('Authorization', `Bearer ${await platform.token(by)}`);
      return body === undefined ? call : call.send(body);
    }

    it('is answered, closed only without a hazard of high severity, reported in both languages, and due again', async () => {
      expect((await send('get', auditor, '/audits/status')).body).toMatchObject({ dueOn: '2026-12-31', isOverdue: false, daysLeft: 36 });
      expect((await send('post', reviewer, '/audits', { kind: 'full' })).status).toBe(403);
      const started = await send('post', officer, '/audits', { kind: 'full' });
      expect(started).toMatchObject({ status: 201, body: { state: 'open', failed: 0 } });
      const path = `/audits/${String(started.body.id)}`;
      expect((await send('post', officer, '/audits', { kind: 'full' })).body).toMatchObject({ code: 'ZP_STATE' });
      const early = await send('post', officer, `${path}/closure`, {});
      expect(early).toMatchObject({ status: 409, body: { code: 'ZP_STATE' } });
      expect(early.body.detailZh).toContain('尚待答复');
      // What nobody has answered was looked at by nobody.
      const open = (await send('get', inspector, `${path}/report`)).text;
      expect(open.match(/系统检查/gu)).toHaveLength(AUDIT_CHECKS.filter(({ kind }) => kind === 'automatic').length);

      const asked = AUDIT_CHECKS.filter(({ kind }) => kind === 'attested');
      for (const { id: check } of asked) {
        const answer = check === 'notice' ? 'not-met' : check === 'minors' ? 'not-applicable' : 'met';
        expect((await send('post', auditor, `${path}/attestations`, { check, answer, ...PROOF })).status).toBe(200);
      }
      expect((await send('post', auditor, `${path}/attestations`, { check: 'key-age', answer: 'met', ...PROOF })).status).toBe(409);
      expect((await send('post', auditor, `${path}/attestations`, { check: 'notice', answer: 'met' })).status).toBe(422);
      // The notice is a hazard of high severity: the year stays open.
      expect((await send('post', officer, `${path}/closure`, {})).body.detailZh).toContain('notice');
      expect((await send('get', inspector, '/audits/status')).body.openFindings).toEqual({ high: 1, medium: 0, low: 0 });
      const [finding] = (await send('get', auditor, '/findings')).body.items as readonly { readonly id: string }[];
      await send('post', operator, `/findings/${finding?.id}/remedy`, PROOF);
      // What only a person can tell, another person confirms.
      expect((await send('post', operator, `/findings/${finding?.id}/retest`, {})).body).toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
      expect((await send('post', auditor, `/findings/${finding?.id}/retest`, {})).body).toMatchObject({ state: 'closed' });
      expect((await send('post', auditor, `${path}/closure`, {})).status).toBe(403);
      expect((await send('post', officer, `${path}/closure`, {})).body).toMatchObject({ state: 'closed', waiting: 0 });
      expect((await send('post', officer, `${path}/closure`, {})).body).toMatchObject({ code: 'ZP_STATE' });

      expect((await send('get', auditor, '/audits/status')).body).toMatchObject({
        lastClosedOn: '2026-11-25',
        dueOn: '2027-11-25',
        isOverdue: false,
      });
      for (const [lang, words] of [
        ['zh', ['个人信息保护自查报告', '发现隐患', '已消除', '第二十一条']],
        ['en', ['Report of the self-audit', 'hazard found', 'closed', 'Art. 21']],
      ] as const) {
        const report = await send('get', inspector, `${path}/report?lang=${lang}`);
        expect(report.headers['content-type']).toContain('text/html');
        for (const word of words) expect(report.text).toContain(word);
        expect(report.text).not.toMatch(/<script|compliant|合规达标/iu);
      }
      expect((await send('get', inspector, `${path}/report?lang=fr`)).status).toBe(400);
      platform.clock.advance(366 * DAY);
      expect((await send('get', auditor, '/audits/status')).body).toMatchObject({ isOverdue: true, daysLeft: -1 });
      expect(await verifyEvidence(store)).toMatchObject({ ok: true });
    });

    it('is checked every month by itself, and a month nobody was there is on record', async () => {
      for (let month = 0; month < 4; month++) {
        platform.clock.advance(30 * DAY);
        if (month !== 1) await platform.compliance.runDue(operator);
      }
      const light = (await platform.compliance.listAudits(auditor, { limit: 20 })).items.filter(({ body }) => body.kind === 'light');
      expect(light.length).toBeGreaterThanOrEqual(3);
      const runs = (await store.find('runs', { limit: 1000 })).records
        .filter(({ body }) => body['job'] === 'light-audit')
        .map(({ body }) => body['state']);
      expect(runs.filter((state) => state === 'done').length).toBeGreaterThanOrEqual(3);
      expect(runs).toContain('missed');
    });
  });
});
