import { beforeAll, describe, expect, it } from 'vitest';

import { actor } from '../src/seed.ts';
import { createSite } from './board.ts';
import type { Site } from './board.ts';

const DAY = 86_400_000;
const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };

describe('what binds the operator, on the pages', () => {
  let site: Site;
  let officer: Awaited<ReturnType<Site['visitor']>>;
  let employer: typeof officer;

  beforeAll(async () => {
    site = await createSite();
    officer = await site.visitor('officer');
    employer = await site.visitor('emp-1');
  });

  it('a deposit is not published as a fee; an order is billed by the list, and the day after compared', async () => {
    const list = { keep: 'posting-month', effectiveFrom: '2026-12-24', payer: 'worker', unit: 'person', yuan: '500', ...PROOF };
    const item = { id: 'badge', nameZh: '工牌保证金', nameEn: 'Badge', whatZh: '入职领取工牌', whatEn: 'A badge' };
    const refused = await officer.send('/fees', '/fees', { ...list, ...item });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('第十九条第二款');
    const bought = await employer.send('/fees', '/fees/orders', { item: 'posting-month' });
    expect([bought.status, bought.text]).toEqual([201, expect.stringContaining('199')]);
    // What is not on the list, or is for somebody else to pay, is not billed.
    expect((await employer.send('/fees', '/fees/orders', { item: 'no-such-item' })).status).toBe(404);
    expect((await employer.send('/fees', '/fees/orders', { item: 'resume-review' })).status).toBe(422);
    expect((await officer.send('/fees', '/fees/orders', { item: 'posting-month' })).status).toBe(403);
    const ledger = (await officer.get('/fees')).text;
    expect(ledger).toMatch(/准许[^]*|payer-differs/);
    expect(ledger).toContain('payer-differs');
    // Nobody outside reads it.
    expect((await employer.get('/fees')).text).not.toContain('payer-differs');
    site.clock.advance(DAY);
    await site.compliance.runDue(actor('operator'), ['reconcile-fees']);
    const [compared] = (await site.compliance.listReconciliations(actor('auditor'), { limit: 1 })).items;
    expect(compared?.body).toMatchObject({ from: '2026-11-24', payments: 1, charges: 1, total: 0 });
    site.clock.advance(-DAY);
  });

  it('a price is yuan and fen or nothing, and a list behind an announced one keeps what that has', async () => {
    const list = { keep: 'posting-month', payer: 'employer', unit: 'month', ...PROOF };
    const slot = { id: 'ad-slot', nameZh: '广告展示位', nameEn: 'Ad slot', whatZh: '首页广告展示一个月', whatEn: 'An ad on the home page' };
    for (const yuan of ['', '1.005', '0x10', '1e3', '-1', '.5'])
      expect((await officer.send('/fees', '/fees', { ...list, ...slot, effectiveFrom: '2026-12-24', yuan })).status, yuan).toBe(422);
    expect((await officer.send('/fees', '/fees', { ...list, ...slot, effectiveFrom: '2026-12-24', yuan: '10.5' })).status).toBe(303);
    const second = { ...slot, id: 'ad-two', nameZh: '第二广告位', keep: 'ad-slot', effectiveFrom: '2026-12-25', yuan: '20' };
    expect((await officer.send('/fees', '/fees', { ...list, ...second })).status).toBe(303);
    const announced = await site.compliance.announcedPriceLists('main');
    expect(announced.map(({ body }) => body.items.map(({ id, amountFen }) => [id, amountFen]))).toEqual([
      [expect.arrayContaining(['posting-month']), ['ad-slot', 1050]],
      [
        ['ad-slot', 1050],
        ['ad-two', 2000],
      ],
    ]);
    expect((await officer.get('/fees')).text).toContain('keep-ad-two');
    expect((await employer.get('/fees')).text).toContain('第二广告位');
  });

  it('a change of the agreement is proposed, commented on, published and accepted', async () => {
    const shown = (await employer.get('/rules')).text;
    expect(shown).toContain('求职者权益');
    const [version, sha256] = ['version', 'sha256'].map((name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown)?.[1] ?? '');
    expect((await employer.send('/rules', '/rules/acceptances', { version: version ?? '', sha256: sha256 ?? '' })).status).toBe(303);
    expect((await employer.get('/rules')).text).toContain('您已于 2026-11-24 接受第 1 版');
    expect((await officer.get('/rules/nonsense/proposal')).status).toBe(404);
    const form = (await officer.get('/rules/agreement/proposal')).text;
    const sections = Object.fromEntries(
      [...form.matchAll(/name="((?:zh|en):[a-z-]+)"[^>]*>([^<]*)<\/textarea/gu)].map(([, name = '', text = '']) => [name, text]),
    );
    expect(Object.keys(sections)).toHaveLength(8);
    const changed = { ...sections, 'zh:joining': `${sections['zh:joining'] ?? ''}退出须提前三日通知。` };
    const summary = { summaryZh: '增加退出的通知期，改为三日。', summaryEn: 'A notice of three days.' };
    const path = '/rules/agreement/proposal';
    expect((await officer.send(path, path, { ...changed, ...summary, commentsThrough: '2026-11-30' })).status).toBe(422);
    expect((await officer.send(path, path, { ...changed, ...summary, commentsThrough: '2026-12-01' })).status).toBe(303);
    const open = (await employer.get('/rules')).text;
    const comments = /action="(\/rules\/[^"]+\/comments)"/.exec(open)?.[1] ?? '';
    expect((await employer.send('/rules', comments, { text: '建议保留随时退出' })).status).toBe(303);
    site.clock.advance(8 * DAY);
    // A session lasts half a day.
    [officer, employer] = await Promise.all([site.visitor('officer'), site.visitor('emp-1')]);
    const publication = comments.replace('comments', 'publication');
    const answer = { zh: '考虑结算需要，保留三日。', en: 'Three days stay, for the billing.' };
    expect((await officer.send('/rules', publication, { effectiveFrom: '2026-12-10', ...answer })).status).toBe(303);
    const announced = (await employer.get('/rules')).text;
    expect(announced).toContain('第 2 版，2026-12-10 起实施');
    expect((await employer.send('/rules', '/rules/leavings', { document: 'agreement', reason: 'does-not-accept-change' })).status).toBe(
      303,
    );
    expect((await employer.get('/rules')).text).toContain('您尚未接受');
  });

  it('a clock is started, shown and stopped; an order to correct has its file', async () => {
    const today = '2026-12-02';
    expect((await officer.send('/duties', '/duties', { clock: 'branch-report', subject: 'branch-1', startedOn: today })).status).toBe(303);
    const duties = (await officer.get('/duties')).text;
    expect(duties).toMatch(/设立分支机构的书面报告[^]*2026-12-17/);
    const discharge = /action="(\/duties\/[^"]+\/discharge)"/.exec(duties)?.[1] ?? '';
    expect((await officer.send('/duties', discharge, { on: today, ...PROOF })).status).toBe(303);
    expect((await officer.get('/duties?state=discharged')).text).toContain('branch-1');
    const feed = await officer.send('/duties', '/duties/feeds', {});
    const address = /http:\/\/board\.test(\/compliance\/duty-feed\/[^<]+)</.exec(feed.text)?.[1] ?? '';
    expect((await (await site.visitor()).get(address)).text).toContain('BEGIN:VCALENDAR');

    const order = {
      order: 'ORDER-1',
      authority: '示例市人力资源和社会保障局',
      receivedOn: today,
      dueOn: '2026-12-20',
      articles: 'O44-13.1',
      matter: '首页未公示监督电话',
      sha256: PROOF.sha256,
    };
    expect((await officer.send('/supervision', '/supervision', order)).status).toBe(303);
    const steps = /action="(\/supervision\/[^"]+\/steps)"/.exec((await officer.get('/supervision')).text)?.[1] ?? '';
    expect((await officer.send('/supervision', steps, { step: 'action', on: today, note: '已补充', ...PROOF })).status).toBe(303);
    expect((await officer.get(steps.replace('steps', 'dossier'))).text).toMatch(/责令改正事项整改档案[^]*已补充/);
    expect((await officer.send('/supervision', '/supervision/proofs', { kind: 'incident-drill', on: today, ...PROOF })).status).toBe(303);
    expect((await officer.get('/supervision')).text).toContain('FILE-1');
  });

  it('a credential is recorded, a change reported, and the end of the service announced', async () => {
    const credential = {
      kind: 'icp-filing',
      number: '京ICP备2025000002号',
      authority: '示例市通信管理局',
      validFrom: '2026-12-01',
      ...PROOF,
    };
    expect((await officer.send('/disclosure', '/disclosure/credentials', credential)).status).toBe(303);
    const page = (await officer.get('/disclosure')).text;
    expect(page).toMatch(/京ICP备2025000001号[^]*京ICP备2025000002号|京ICP备2025000002号[^]*京ICP备2025000001号/);
    expect(
      (
        await officer.send('/disclosure', '/disclosure/ending', {
          endsOn: '2026-12-20',
          zh: '本网站将终止服务，请及时办理。',
          en: 'This site ends.',
        })
      ).status,
    ).toBe(422);
    expect(
      (
        await officer.send('/disclosure', '/disclosure/ending', {
          endsOn: '2027-02-20',
          zh: '本网站将终止服务，请及时办理。',
          en: 'This site ends.',
        })
      ).status,
    ).toBe(303);
    expect((await officer.get('/disclosure')).text).toContain('公告留存缺失');
    expect((await officer.send('/disclosure', '/disclosure/ending/completion', {})).status).toBe(422);
    expect((await officer.send('/disclosure', '/disclosure/ending/calling-off', {})).status).toBe(303);
    expect(site.errors).toEqual([]);
  });

  it('is for those who look on, and not for employers', async () => {
    for (const path of ['/duties', '/disclosure', '/supervision']) expect((await employer.get(path)).status, path).toBe(403);
  });
});
