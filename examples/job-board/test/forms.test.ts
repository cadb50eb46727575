import request from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';

import { fenOf, yuanField } from '../src/posting-form.ts';
import { FIRMS } from '../src/seed.ts';
import { createSite, formOf, hidden } from './board.ts';
import type { Site } from './board.ts';

const { uscc } = FIRMS[0];

describe('the forms', () => {
  let site: Site;
  beforeEach(async () => {
    site = await createSite();
  });

  it('take a refused posting through correction, review and publication to the search', async () => {
    const employer = await site.visitor('emp-1');
    const refused = await employer.send(
      '/employer/new',
      '/employer/new',
      formOf({ '/employer/uscc': uscc, '/requirements': '限男性，熟悉数据库' }),
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('role="alert"');
    expect(refused.text).toContain('<mark>限男性</mark>');
    expect(refused.text).toContain('《网络招聘服务管理规定》第十五条第一款');
    expect(refused.text).toMatch(
      /<textarea[^>]*id="f-requirements"[^>]*aria-invalid="true"[^>]*aria-describedby="f-requirements-hint f-requirements-error"/,
    );
    expect(refused.text).toContain('href="#f-requirements"');
    expect(refused.text).toMatch(/href="\/employer\/decisions\/[^"]+">查看处理决定并申诉/);
    const action = /action="(\/employer\/postings\/[^"]+\/edit)"/.exec(refused.text)?.[1] ?? '';
    const corrected = await employer.send(
      '/employer',
      action,
      formOf({ '/employer/uscc': uscc, version: hidden(refused.text, 'version') }),
    );
    expect(corrected.status).toBe(303);
    const own = corrected.headers['location'] ?? '';
    const id = own.split('/').at(-1) ?? '';
    expect((await site.compliance.getPosting({ id: 'operator', tenant: 'main', role: 'operator' }, id)).content).toMatchObject({
      pay: { minFen: 800_005, maxFen: 1_200_000, unit: 'month' },
      workContent: '编写自动化测试\n维护测试环境',
      validity: { reconfirmEveryDays: 30 },
      accountType: 'employer-direct',
    });

    const reviewer = await site.visitor('rev-1');
    const task = /href="(\/reviews\/[^"]+)"><bdi>测试工程师/.exec((await reviewer.get('/reviews?kind=posting')).text)?.[1] ?? '';
    expect((await reviewer.get(task)).text).not.toContain('name="verdict"');
    expect((await reviewer.send(task, `${task}/claim`, {})).status).toBe(303);
    const other = await site.visitor('rev-2');
    expect((await other.send(task, `${task}/claim`, {})).status).toBe(409);
    const { text } = await reviewer.get(task);
    const bare = await reviewer.send(task, task, { verdict: 'return', version: hidden(text, 'version') });
    expect(bare.status).toBe(422);
    expect(bare.text).toContain('不利决定须说明理由');
    expect((await reviewer.send(task, task, { verdict: 'approve', version: '1' })).status).toBe(412);
    expect((await reviewer.send(task, task, { verdict: 'approve', version: hidden(text, 'version') })).headers['location']).toBe(
      '/reviews',
    );

    const visitor = await site.visitor();
    expect((await visitor.get(`/postings/${id}`)).status).toBe(404);
    const page = await employer.get(own);
    expect(page.text).toContain('审查通过，待发布');
    expect((await employer.send(own, `${own}/publication`, { version: hidden(page.text, 'version') })).status).toBe(303);
    expect((await visitor.get(`/postings/${id}`)).text).toContain('8,000.05–12,000 元/月');
    expect((await visitor.get(`/?q=${encodeURIComponent('自动化测试')}`)).text).toContain(`/postings/${id}`);
    const published = await employer.get(own);
    await employer.send(own, `${own}/withdrawal`, { version: hidden(published.text, 'version') });
    expect((await visitor.get(`/?q=${encodeURIComponent('自动化测试')}`)).text).toContain('共 0 个岗位');
  });

  it('let a blocked posting be appealed once, overturned only with every finding cleared', async () => {
    const reviewer = await site.visitor('rev-3', 'en');
    const queue = await reviewer.get('/reviews?kind=appeal');
    const task = /href="(\/reviews\/appeal[^"]+)"/.exec(queue.text)?.[1] ?? '';
    await reviewer.send(task, `${task}/claim`, {});
    const { text } = await reviewer.get(task);
    expect(text).toContain('<mark>限男性</mark>');
    expect(text).toContain('A misreading');
    const version = hidden(text, 'version');
    const bare = await reviewer.send(task, task, { verdict: 'overturn', version });
    expect(bare.status).toBe(422);
    expect(bare.text).toContain('clear each finding');
    const cleared = await reviewer.send(task, task, {
      verdict: 'overturn',
      version,
      'clear-0': 'misreading',
      'misreading-0': '此处引用的是已更正的旧版广告原文',
    });
    expect(cleared.status).toBe(303);
    const decision = decodeURIComponent(task.replace('/reviews/appeal.', ''));
    const employer = await site.visitor('emp-20', 'en');
    expect((await employer.get(`/employer/decisions/${decision}`)).text).toContain('Overturned on appeal');
    expect((await employer.send('/employer', `/employer/decisions/${decision}/appeal`, { explanation: '再次申诉一次' })).status).toBe(409);
  });

  it('say what is wrong with figures in the words of the form', async () => {
    const employer = await site.visitor('emp-1', 'en');
    const { status, text } = await employer.send(
      '/employer/new',
      '/employer/new',
      formOf({ '/employer/uscc': uscc, '/headcount': '若干', '/pay/minFen': '面议', '/title': '' }),
    );
    expect(status).toBe(422);
    for (const words of [
      'Number of people sought: must be a whole number',
      'must be an amount',
      'figure in yuan',
      'value="若干"',
      'href="#f-title"',
      'href="#f-pay-minFen"',
    ])
      expect(text).toContain(words);
  });

  it('make one posting of a form sent twice', async () => {
    const employer = await site.visitor('emp-1');
    const form = formOf({ '/employer/uscc': uscc, key: 'a'.repeat(32) });
    const [one, two] = [await employer.send('/employer', '/employer/new', form), await employer.send('/employer', '/employer/new', form)];
    expect(one.headers['location']).toBe(two.headers['location']);
  });

  it('take a material with a hash worked out from its text', async () => {
    const employer = await site.visitor('emp-1');
    const fields = { kind: 'recruitment-brief', employerUscc: uscc, reference: 'briefs/2026-1', text: '招聘简章', handler: 'emp-1' };
    expect((await employer.send('/employer/materials', '/employer/materials', fields)).status).toBe(303);
    expect((await employer.get('/employer/materials')).text).toContain('审查中');
    const wrong = await employer.send('/employer/materials', '/employer/materials', { ...fields, reference: '../x', text: '' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="../x"');
  });

  it('refuse other roles, other firms and other sites', async () => {
    const [employer, reviewer, visitor] = await Promise.all([site.visitor('emp-1'), site.visitor('rev-1'), site.visitor()]);
    expect((await employer.get('/reviews')).status).toBe(403);
    expect((await reviewer.get('/employer/new')).status).toBe(403);
    expect((await reviewer.get('/operator')).status).toBe(403);
    expect((await employer.get('/evidence')).status).toBe(403);
    expect((await visitor.get('/employer/new')).headers['location']).toBe('/login?next=%2Femployer%2Fnew');
    const { items } = await site.compliance.listPostings({ id: 'operator', tenant: 'main', role: 'operator' }, { limit: 100 });
    const foreign = items.find((p) => p.body.organisation === 'org-2');
    expect((await employer.get(`/employer/postings/${foreign?.id ?? ''}`)).status).toBe(404);
    expect((await employer.get(`/employer/decisions/${foreign?.body.screening ?? ''}`)).status).toBe(404);

    const { text } = await reviewer.get('/reviews');
    const cookie = String((await visitor.send('/login', '/login', { account: 'emp-1' })).headers['set-cookie']).split(';')[0] ?? '';
    const post = (origin: string | undefined, csrf: string) => {
      const sent = request(site.app).post('/employer/new').set('host', 'board.test').set('cookie', cookie).type('form');
      return (origin === undefined ? sent : sent.set('origin', origin)).send(
        new URLSearchParams({ csrf, ...formOf({ '/employer/uscc': uscc }) }).toString(),
      );
    };
    const own = hidden((await request(site.app).get('/employer/new').set('cookie', cookie)).text, 'csrf');
    for (const [origin, csrf] of [
      ['http://evil.example', own],
      ['null', own],
      [undefined, own],
      ['http://board.test', hidden(text, 'csrf')],
      ['http://board.test', ''],
    ] as const) {
      expect((await post(origin, csrf)).status, origin ?? 'no origin').toBe(403);
    }
    expect((await post('http://board.test', own)).status).toBe(303);
  });

  it('sign in only seeded accounts and never send anyone elsewhere', async () => {
    const visitor = await site.visitor();
    const signed = await visitor.send('/login', '/login', { account: 'rev-1', next: '/reviews?kind=posting' });
    expect(signed.headers['location']).toBe('/reviews?kind=posting');
    expect(String(signed.headers['set-cookie'])).toMatch(/zp_board_session=[^;]+;.*HttpOnly; SameSite=Strict/);
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example']) {
      expect((await visitor.send('/login', '/login', { account: 'rev-1', next })).headers['location']).toBe('/reviews');
    }
    expect((await visitor.send('/login', '/login', { account: 'root' })).status).toBe(404);
    const reviewer = await site.visitor('rev-1');
    expect(String((await reviewer.send('/reviews', '/logout', {})).headers['set-cookie'])).toContain('zp_board_session=;');
    expect(site.errors).toEqual([]);
  });

  it('take a published posting down with reasons the employer can contest', async () => {
    const officer = await site.visitor('officer');
    const path = /href="(\/postings\/[^"]+)"/.exec((await officer.get(`/?q=${encodeURIComponent('园艺养护员')}`)).text)?.[1] ?? '';
    expect((await officer.send(path, `${path}/suspension`, {})).status).toBe(422);
    expect((await officer.send(path, `${path}/suspension`, { 'reason-0': 'fraud-signal', 'facts-0': '面试地点与公告不符' })).status).toBe(
      303,
    );
    expect((await officer.get(path)).status).toBe(404);
    const agency = await site.visitor('agency');
    const page = await agency.get(`/employer${path}`);
    for (const words of ['已暂停', '面试地点与公告不符', '提交申诉']) expect(page.text).toContain(words);
  });
});

describe('amounts in yuan', () => {
  it.each([
    ['8000', 800_000],
    ['0.29', 29],
    ['1,234.5', 123_450],
    ['１２３．４５', 12_345],
    ['999999999.99', 99_999_999_999],
  ])('reads %s to the fen', (text, fen) => {
    expect(fenOf(text)).toBe(fen);
    expect(fenOf(yuanField(fen))).toBe(fen);
  });
  it.each(['面议', '1.234', '-5', '1e3', '', '8k', '0x10'])('refuses %s', (text) => {
    expect(fenOf(text)).toBeUndefined();
  });
});
