import { AUDIT_CHECKS } from '@zhengpin/core';
import { beforeEach, describe, expect, it } from 'vitest';

import { actor, FIRMS, samplePosting } from '../src/seed.ts';
import { createSite } from './board.ts';
import type { Site } from './board.ts';

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };

describe('a year of self-audits on the board', () => {
  let site: Site;

  beforeEach(async () => {
    site = await createSite();
  });

  it(
    'month by month by itself, with a planted defect found, mended, tested again, and the year closed on the pages',
    { timeout: 120_000 },
    async () => {
      const { compliance, clock, store } = site;
      const operator = actor('operator');
      await compliance.runDue(operator);
      // A posting whose title stands in clear: somebody was at the database.
      const { id } = await compliance.submitPosting(actor('emp-1'), samplePosting(FIRMS[0], { title: '密封示例岗位' }));
      const row = await store.get('postings', id);
      const sealed = row?.body['title'];
      await store.commit([{ collection: 'postings', id, expectedVersion: row?.version ?? 0, body: { ...row?.body, title: '明文' } }]);
      for (let month = 0; month < 12; month++) {
        clock.advance(30 * DAY);
        // One month nobody was there.
        if (month !== 5) await compliance.runDue(operator);
      }
      const officer = await site.visitor('officer');
      const page = (await officer.get('/audits')).text;
      expect(page).toContain('应当密封的个人信息是否均已密封存储');
      expect(page).toContain('年度自查已逾期');
      const runs = (
        await store.find('runs', { range: { field: 'id', gte: 'main/light-audit/', lt: 'main/light-audit0' }, limit: 100 })
      ).records.map(({ body }) => body['state']);
      expect(runs.filter((state) => state === 'missed').length).toBeGreaterThan(0);
      expect(runs.filter((state) => state === 'done').length).toBeGreaterThan(9);

      // Mended: sealed again.
      const now = await store.get('postings', id);
      await store.commit([{ collection: 'postings', id, expectedVersion: now?.version ?? 0, body: { ...now?.body, title: sealed ?? '' } }]);
      expect((await officer.send('/audits', '/audits', { kind: 'full' })).status).toBe(303);
      const audit = (await compliance.listAudits(actor('auditor'), { limit: 5 })).items.find(({ body }) => body.kind === 'full');
      const path = `/audits/${audit?.id ?? ''}`;
      for (const { id: check } of AUDIT_CHECKS.filter(({ kind }) => kind === 'attested'))
        expect((await officer.send(path, `${path}/attestations`, { check, answer: 'met', ...PROOF })).status).toBe(303);
      // The hazard is of high severity, and what was edited behind the kit's back the log still names.
      expect((await officer.send(path, `${path}/closure`, {})).status).toBe(409);
      const open = (await compliance.listFindings(actor('auditor'), { limit: 50 })).items.filter(({ body }) => body.state !== 'closed');
      expect(open.map(({ body }) => body.check)).toContain('unsealed-fields');
      for (const finding of open) {
        await officer.send('/audits', `/findings/${finding.id}/remedy`, PROOF);
        await officer.send('/audits', `/findings/${finding.id}/retest`, {});
      }
      const left = (await compliance.listFindings(actor('auditor'), { limit: 50 })).items
        .filter(({ body }) => body.state !== 'closed' && body.severity === 'high')
        .map(({ body }) => body.check);
      expect(left).not.toContain('unsealed-fields');
      for (const [language, words] of [
        ['zh', ['个人信息保护自查报告', '已消除']],
        ['en', ['Report of the self-audit', 'closed']],
      ] as const) {
        const report = (await (await site.visitor('inspector', language)).get(`${path}/report`)).text;
        for (const word of words) expect(report).toContain(word);
      }
      expect((await (await site.visitor('rev-1')).get('/audits')).status).toBe(403);
    },
  );
});
