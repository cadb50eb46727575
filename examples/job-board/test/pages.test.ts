import request from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';

import { html } from '../src/html.ts';
import { FIRMS, samplePosting } from '../src/seed.ts';
import { createSite } from './board.ts';
import type { Site } from './board.ts';

const PAGES: { readonly [account: string]: readonly string[] } = {
  '': ['/', '/?q=工程师&city=北京', '/?page=2', '/login', '/login?next=/reviews', '/no-such-page', '/postings/no-such-posting'],
  'emp-1': ['/employer', '/employer/new', '/employer/materials', '/reviews'],
  agency: ['/employer', '/employer/new', '/employer/materials'],
  'rev-1': ['/reviews', '/reviews?kind=material', '/reviews/no-such-task', '/employer'],
  officer: ['/reviews', '/operator', '/retention', '/retention?organisation=org-1', '/evidence', '/evidence?entry=0'],
  auditor: ['/reviews', '/operator', '/evidence?entry=7'],
  inspector: ['/reviews', '/operator', '/retention?organisation=org-2', '/evidence?entry=99999999'],
  operator: ['/operator', '/evidence', '/evidence?entry=x', '/employer/new'],
};

const ELEMENT = /<script type="module" src="\/\.well-known\/zhengpin-disclosure\.js" integrity="sha384-[A-Za-z0-9+/=]{64}"><\/script>/;

describe('every page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await createSite();
  });

  for (const [account, paths] of Object.entries(PAGES)) {
    for (const language of ['zh', 'en']) {
      it(`is whole, labelled and free of inline code for ${account || 'a visitor'} in ${language}`, async () => {
        const visitor = await site.visitor(account === '' ? undefined : account, language);
        for (const path of paths) {
          const { text, headers, status } = await visitor.get(path);
          expect(status, path).toBeLessThan(500);
          expect(headers['content-security-policy'], path).toContain("default-src 'none'");
          expect(headers['content-security-policy'], path).not.toContain('unsafe');
          expect(headers, path).toMatchObject({
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'same-origin',
            'cache-control': 'no-store',
          });
          expect(text, path).toContain(`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`);
          // The one script there is brings the display up to date, and its integrity is in the page.
          expect(text.replace(ELEMENT, ''), path).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
          expect(text.match(/<h1>/g), path).toHaveLength(1);
          for (const landmark of ['<main', '<nav', '<header', '<footer']) expect(text, path).toContain(landmark);
          const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
          expect(new Set(ids).size, `${path}: an id stands twice`).toBe(ids.length);
          for (const [, target] of text.matchAll(/(?:for|aria-describedby|aria-labelledby|href)="#?([\w\s/-]+)"/g)) {
            for (const id of (target ?? '').split(' ').filter((word) => /^[a-z][\w-]*$/i.test(word)))
              expect(ids, `${path}: #${id}`).toContain(id);
          }
          const named = [...text.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)].filter(([tag]) => !tag.includes('type="hidden"'));
          for (const [tag] of named) expect(text, tag).toContain(`for="${/id="([^"]+)"/.exec(tag)?.[1] ?? 'none'}"`);
        }
      });
    }
  }

  it('shows only what is published, and finds it by word and city', async () => {
    const visitor = await site.visitor();
    const all = await visitor.get('/');
    for (const words of ['共 13 个岗位', '正聘示例人力资源服务有限公司', '(京)人服证字〔2025〕第0123456789号'])
      expect(all.text).toContain(words);
    const found = await visitor.get(`/?q=${encodeURIComponent('ＴＹＰＥscript 后端')}&city=${encodeURIComponent('北京')}`);
    expect(found.text).toContain('共 1 个岗位');
    expect((await visitor.get(`/?q=${encodeURIComponent('外籍法语教师')}`)).text).toContain('共 0 个岗位');
    const path = /href="(\/postings\/[^"]+)"/.exec(found.text)?.[1] ?? '';
    const page = await visitor.get(path);
    for (const words of ['后端工程师', FIRMS[0].name, FIRMS[0].uscc, '15,000–25,000 元/月 · 13 薪', '每 30 天', '12333'])
      expect(page.text).toContain(words);
  });

  it('stops showing a posting the moment its material is taken back', async () => {
    const own = await createSite();
    const visitor = await own.visitor();
    const before = await visitor.get('/?city=昆明'.replace('昆明', encodeURIComponent('昆明')));
    const path = /href="(\/postings\/[^"]+)"/.exec(before.text)?.[1] ?? '';
    expect((await visitor.get(path)).status).toBe(200);
    const officer = { id: 'officer', tenant: 'main', role: 'compliance-officer' } as const;
    const { items } = await own.compliance.listMaterials(officer, 'org-5', { limit: 10 });
    const licence = items.find((m) => m.body.kind === 'business-licence');
    await own.compliance.revokeMaterial(officer, licence?.id ?? '', { reasons: [{ reason: 'material-unverified' }] });
    expect((await visitor.get(path)).status).toBe(404);
    expect((await visitor.get(`/?city=${encodeURIComponent('昆明')}`)).text).toContain('共 0 个岗位');
    expect((await request(own.app).get(path.replace('/postings/', '/jobs/'))).headers['content-type']).toContain(
      'application/problem+json',
    );
  });

  it('follows the language asked for and remembers it', async () => {
    const visitor = await site.visitor(undefined, 'fr');
    expect((await visitor.get('/')).text).toContain('lang="zh-CN"');
    const switched = await visitor.get('/?city=x&lang=en');
    expect(switched.text).toContain('<html lang="en">');
    expect(switched.text).toContain('href="/?city=x&amp;lang=zh"');
    const cookie = String(switched.headers['set-cookie']);
    expect(cookie).toMatch(/zp_board_lang=en;.*HttpOnly; SameSite=Strict/);
    expect((await request(site.app).get('/').set('cookie', 'zp_board_lang=en')).text).toContain('<html lang="en">');
  });

  it('escapes whatever stands in a posting', async () => {
    const own = await createSite();
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'';
    const content = samplePosting(FIRMS[0], {
      title: `测试${hostile}`,
      requirements: `会用电脑${hostile}`,
      workContent: `录入${hostile}`,
      workingConditions: `常白班${hostile}`,
      employer: { name: FIRMS[0].name, uscc: FIRMS[0].uscc, industry: hostile, introduction: hostile },
      place: { city: hostile.slice(0, 60), address: hostile },
      pay: { minFen: 100_000, maxFen: 200_000, unit: 'month', note: hostile },
      source: { kind: 'repost', name: hostile, url: 'https://jobs.example.cn/?a="><script>' },
    });
    const poster = { id: 'emp-1', tenant: 'main', role: 'employer', organisation: 'org-1' } as const;
    await expect(own.compliance.submitPosting(poster, content)).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
      issues: [{ pointer: '/source/url' }],
    });
    const { id, review } = await own.compliance.submitPosting(poster, {
      ...content,
      source: { ...content.source, url: "https://jobs.example.cn/?a='b" },
    });
    const [employer, reviewer, visitor] = await Promise.all([own.visitor('emp-1'), own.visitor('rev-1'), own.visitor()]);
    const judge = { id: 'rev-2', tenant: 'main', role: 'reviewer' } as const;
    const shown = [
      await employer.get('/employer'),
      await employer.get(`/employer/postings/${id}`),
      await employer.get(`/employer/postings/${id}/edit`),
      await reviewer.get('/reviews'),
      await reviewer.get(`/reviews/${review ?? ''}`),
    ];
    const { version } = await own.compliance.claimReview(judge, review ?? '');
    await own.compliance.decideReview(judge, review ?? '', { verdict: 'approve' }, { expectedVersion: version });
    await own.compliance.publishPosting(poster, id);
    shown.push(
      await visitor.get('/'),
      await visitor.get(`/postings/${id}`),
      await visitor.get(`/?q=${encodeURIComponent(hostile)}`),
      await visitor.get(`/login?next=${encodeURIComponent(`/${hostile}`)}`),
    );
    for (const { text, status } of shown) {
      expect(status).toBe(200);
      expect(text.replace(ELEMENT, '')).not.toMatch(/<script|<img|onerror=alert\(1\)>(?!<\/)/);
    }
    expect(shown.slice(0, 7).every(({ text }) => text.includes('&lt;script&gt;'))).toBe(true);
  });
});

describe('the html tag', () => {
  it('escapes everything but what it made itself', () => {
    const forged = { text: '<b>' } as unknown as string;
    expect(html`<p title="${'"<>&\''}">${html`<i>${'<'}</i>`}${[1, '<', false, undefined]}${forged}</p>`.text).toBe(
      '<p title="&quot;&lt;&gt;&amp;&#39;"><i>&lt;</i>1&lt;{&quot;text&quot;:&quot;&lt;b&gt;&quot;}</p>',
    );
  });
});
