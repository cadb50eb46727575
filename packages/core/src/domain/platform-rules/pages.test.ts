import { expect, it } from 'vitest';

import { ANSWER, CHANGED, proposal, refusalOf, rulesWorld, section, SECTIONS } from '../../../test/platform-rules.ts';
import { officer } from '../../../test/world.ts';

it('says what differs between two versions, in words', async () => {
  const kit = rulesWorld();
  const first = await kit.first();
  const sections = [section('fees', ['other']), CHANGED[0], SECTIONS[2], section('quality-two', ['service-quality', 'job-seeker-rights'])];
  const { id } = await kit.proposeRules(officer, proposal({ sections, commentsThrough: kit.plus(7) }));
  const diffs = await kit.diffRules('main', first.id, id);
  expect(diffs.map(({ section: name, state }) => [name, state])).toEqual([
    ['fees', 'added'],
    ['joining', 'changed'],
    ['quality', 'removed'],
    ['quality-two', 'added'],
  ]);
  expect(diffs[1]?.zh).toEqual([
    { state: 'same', text: '用户可以' },
    { state: 'removed', text: '在提前三日通知后' },
    { state: 'added', text: '随时' },
    { state: 'same', text: '退出平台，已经付清的费用按剩余天数退还。' },
  ]);
  expect(diffs[1]?.en).toEqual([
    { state: 'same', text: 'A user may leave ' },
    { state: 'removed', text: 'after three days notice' },
    { state: 'added', text: 'at any time' },
    { state: 'same', text: ', and unused fees are paid back.' },
  ]);
  const draft = await kit.proposeRules(officer, proposal({ document: 'rules' }));
  expect(await refusalOf(kit.diffRules('main', first.id, draft.id))).toEqual(['ZP_NOT_FOUND']);
  await kit.publishRules(officer, draft.id, { effectiveFrom: kit.plus(0) });
  expect(await refusalOf(kit.diffRules('main', first.id, draft.id))).toEqual(['ZP_INPUT_INVALID', '/to document']);
  expect(await refusalOf(kit.diffRules('other', first.id, id))).toEqual(['ZP_NOT_FOUND']);
});

it('tells a section that only moved, another title and other topics', async () => {
  const kit = rulesWorld();
  const first = await kit.first();
  const [joining, quality, privacy] = SECTIONS.map((one) => structuredClone(one));
  if (!joining || !quality || !privacy) throw new Error('three sections');
  const renamed = { ...quality, title: { zh: '服务质量', en: 'Quality' }, topics: [...quality.topics, 'other' as const] };
  const { id } = await kit.proposeRules(officer, proposal({ sections: [privacy, joining, renamed], commentsThrough: kit.plus(7) }));
  const diffs = await kit.diffRules('main', first.id, id);
  expect(diffs.map(({ section: name, state }) => [name, state])).toEqual([
    ['privacy', 'moved'],
    ['quality', 'changed'],
  ]);
  expect(diffs[1]).toMatchObject({ titleBefore: quality.title, topicsBefore: ['service-quality', 'job-seeker-rights'] });
  expect(diffs[1]?.zh).toEqual([{ state: 'same', text: quality.text.zh }]);
});

it('compares long texts that have nothing in common within bounds, and loses nothing of either', async () => {
  const kit = rulesWorld();
  const long = (seed: number) =>
    Array.from({ length: 20_000 }, (_, i) => (i % 37 === 36 ? '。' : String.fromCharCode(0x4e00 + ((i * seed * 7919 + seed) % 6000)))).join(
      '',
    );
  const make = (seed: number) =>
    Array.from({ length: 60 }, (_, i) =>
      section(`part-${i}`, ['entry-and-exit', 'service-quality', 'job-seeker-rights', 'personal-information'], {
        zh: long(seed + i * 3),
        en: long(seed + 1 + i * 3).slice(0, 5000),
      }),
    );
  const { id } = await kit.proposeRules(officer, proposal({ sections: make(11) }));
  const first = await kit.publishRules(officer, id, { effectiveFrom: kit.plus(0) });
  const second = await kit.proposeRules(officer, proposal({ sections: make(500), commentsThrough: kit.plus(7) }));
  const started = performance.now();
  const diffs = await kit.diffRules('main', first.id, second.id);
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(diffs).toHaveLength(60);
  const textOf = (without: string) => diffs[3]?.zh.flatMap(({ state, text }) => (state === without ? [] : [text])).join('');
  expect(textOf('added')).toBe(make(11)[3]?.text.zh);
  expect(textOf('removed')).toBe(make(500)[3]?.text.zh);
});

it('prints the version in effect with what is announced, escaped, and a page of differences', async () => {
  const kit = rulesWorld();
  expect(await refusalOf(kit.printRules('main', 'agreement', 'zh'))).toEqual(['ZP_NOT_FOUND']);
  const sections = [
    ...SECTIONS,
    section('markup', ['other'], { en: 'Nothing <script>alert(1)</script> runs & nothing breaks.\nSecond line.' }),
  ];
  const { id } = await kit.proposeRules(officer, proposal({ sections }));
  const first = await kit.publishRules(officer, id, { effectiveFrom: kit.plus(2) });
  expect(await kit.printRules('main', 'agreement', 'zh')).toContain('已公示，尚未实施');
  kit.days(2);
  const second = await kit.change();
  const page = await kit.printRules('main', 'agreement', 'en');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; runs &amp; nothing breaks.</p>\n<p>Second line.');
  expect(page).not.toContain('<script');
  expect(page).toContain('Platform service agreement, version 1</title>');
  expect(page).toContain('comments closed');
  expect(page).toContain(first.sha256);
  await kit.publishRules(officer, second.id, { effectiveFrom: kit.plus(7), answer: ANSWER });
  expect(await kit.printRules('main', 'agreement', 'zh')).toContain('<h2>修改公告</h2>');
  expect(await kit.printRulesVersion('main', second.id, 'zh')).toContain(ANSWER.zh);
  const diff = await kit.printRulesDiff('main', first.id, second.id, 'zh');
  expect(diff).toContain('用户可以<del>在提前三日通知后</del><ins>随时</ins>退出平台');
  expect(diff).toContain('关于markup的约定 <small>删除</small>');
  expect(await kit.printRulesDiff('main', first.id, first.id, 'en')).toContain('Nothing differs.');
});
