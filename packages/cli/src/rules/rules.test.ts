import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CN_NATIONAL, createValidator } from '@zhengpin/core';
import type { Modifier, Pack, Rule } from '@zhengpin/core';
import { expect, it } from 'vitest';

import { temporary, world } from '../../test/world.ts';
import { EXIT } from '../io.ts';
import { PACKS } from '../packs.ts';
import { run } from '../program.ts';
import { diffPacks } from './diff.ts';
import { testPack } from './examples.ts';
import { lintPack } from './lint.ts';
import { PACK_SCHEMA } from './pack-schema.ts';

const RULE: Rule = {
  id: 'fee.locker',
  ground: 'fee',
  class: 'c',
  severity: 'block',
  title: { zh: '收取更衣柜费用', en: 'Charges for a locker' },
  citations: [{ instrument: 'order44', article: '19(2)', version: '2020' }],
  penalty: 'P-43',
  exceptions: [],
  advice: { zh: '不得收取费用。', en: 'Charge nothing.' },
  phrases: ['柜子费', '更衣柜(收费|费用)'],
  allow: ['免柜子费'],
  negators: ['不收', '没有'],
  examples: {
    violating: ['柜子费五十元', '须交柜子费', '更衣柜收费', '更衣柜费用自理', '柜子费自理'],
    complying: ['免柜子费', '不收柜子费', '没有柜子费', '更衣柜免费', '提供柜子'],
  },
};

const LAW = { instrument: 'order44', article: '19(2)', version: '2020' };
const EASED: Modifier = { context: 'campus', severity: 'advise', citations: [LAW] };

function pack(...rules: readonly Rule[]): Pack {
  return {
    id: 'cn-test',
    version: '1',
    jurisdiction: 'CN',
    effectiveFrom: '2026-11-01',
    title: { zh: '测试规则', en: 'Test rules' },
    rules,
  };
}

function file(content: unknown): string {
  const path = join(temporary(), 'pack.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

it('has nothing against the packs of this release, as JSON files too', async () => {
  for (const one of PACKS) {
    expect(createValidator<Pack>(PACK_SCHEMA)(JSON.parse(JSON.stringify(one)))).toEqual(one);
    const w = world();
    expect(await run(['rules', 'lint', '--pack', file(one)], w.io)).toBe(EXIT.ok);
    expect(await run(['rules', 'test', '--pack', one.id], w.io)).toBe(EXIT.ok);
    expect(await run(['rules', 'lint', '--pack', `${one.id}@${one.version}`, '--json'], world().io)).toBe(EXIT.ok);
  }
});

it.each<[string, string, Partial<Rule>]>([
  ['texts', 'a title without English', { title: { zh: '标题', en: ' ' } }],
  ['texts', 'advice without Chinese', { advice: { zh: 'none', en: 'Charge nothing.' } }],
  ['citations', 'an unknown instrument', { citations: [{ instrument: 'order45', article: '1', version: '2020' }] }],
  ['citations', 'an unknown version', { citations: [{ instrument: 'order44', article: '1', version: '1999' }] }],
  ['citations', 'an article of no known form', { citations: [{ instrument: 'order44', article: 'fifteen', version: '2020' }] }],
  ['citations', 'no citation', { citations: [] }],
  [
    'exceptions',
    'an exception without a citation',
    { exceptions: [{ id: 'free', title: { zh: '例外', en: 'Exception' }, citations: [] }] },
  ],
  ['examples', 'an example told five times', { examples: { ...RULE.examples, violating: Array.from({ length: 5 }, () => '柜子费自理') } }],
  ['examples', 'an example on both sides', { examples: { ...RULE.examples, complying: [...RULE.examples.complying, '柜子费自理'] } }],
  ['penalty', 'an unknown penalty', { penalty: 'P-99' }],
  ['class', 'a block without a statute', { class: 'd', penalty: '' }],
  ['modifiers', 'two modifiers for one flag', { modifiers: [EASED, { ...EASED, severity: 'review' }] }],
  ['modifiers', 'a severity changed without law', { modifiers: [{ context: 'campus', severity: 'advise' }] }],
  ['modifiers', 'a modifier that cites an unknown version', { modifiers: [{ ...EASED, citations: [{ ...LAW, version: '1999' }] }] }],
  ['class', 'a block in a context without a statute', { penalty: '', modifiers: [{ ...EASED, class: 'd', severity: 'block' }] }],
  ['class', 'a penalty left on what a context finds lawful', { modifiers: [{ ...EASED, class: 'd' }] }],
  ['penalty', 'an unknown penalty in a context', { modifiers: [{ ...EASED, penalty: 'P-99' }] }],
  ['texts', 'advice in a context without English', { modifiers: [{ ...EASED, advice: { zh: '不得收取费用。', en: '' } }] }],
  ['engine', 'a phrase that cannot be read', { phrases: ['(柜子费'] }],
])('finds %s: %s', async (check, _what, change) => {
  const wrong = pack({ ...RULE, ...change });
  expect(lintPack(wrong).map((remark) => remark.check)).toContain(check);
  expect(await run(['rules', 'lint', '--pack', file(wrong)], world().io)).toBe(EXIT.finding);
});

it('finds an id used twice and a citation not yet in force', () => {
  expect(lintPack(pack(RULE, RULE)).map(({ check }) => check)).toEqual(['ids', 'engine']);
  expect(lintPack({ ...pack(RULE), effectiveFrom: '2021-01-01' })).toMatchObject([{ of: 'fee.locker', check: 'citations' }]);
  expect(lintPack(pack(RULE))).toEqual([]);
});

it.each([
  ['ethnic-unity', '59', '2026', '2026-06-30', '2026-07-01'],
  ['prison', '62', '2026', '2026-10-31', '2026-11-01'],
  ['infectious-diseases', '16(2)', '2025', '2025-08-31', '2025-09-01'],
])('refuses to cite %s Art. %s (%s) in a pack of the day before it is in force', (instrument, article, version, before, from) => {
  const citations = [{ instrument, article, version }];
  const cited: readonly Partial<Rule>[] = [
    { citations },
    { exceptions: [{ id: 'by-law', title: RULE.title, citations }] },
    { modifiers: [{ context: 'campus', severity: 'block', citations }] },
  ];
  for (const part of cited) {
    const early = { ...pack({ ...RULE, ...part }), effectiveFrom: before };
    expect(lintPack(early)).toMatchObject([{ of: 'fee.locker', detail: { en: expect.stringContaining(`not in force on ${before}`) } }]);
    expect(lintPack({ ...early, effectiveFrom: from })).toEqual([]);
  }
});

it('refuses a file that is no pack with 1 and names each fault by its place', async () => {
  const w = world();
  const { advice: _advice, ...rest } = RULE;
  expect(await run(['rules', 'lint', '--pack', file({ ...pack(RULE), rules: [{ ...rest, ground: 'height', colour: 1 }] })], w.io)).toBe(
    EXIT.usage,
  );
  for (const pointer of ['/rules/0/advice', '/rules/0/ground', '/rules/0/colour']) expect(w.err()).toContain(pointer);
  for (const content of ['{', '[]', '{"id":"x"}', 'null'])
    expect(await run(['rules', 'lint', '--pack', file(content)], world().io)).toBe(EXIT.usage);
  expect(await run(['rules', 'lint', '--pack', '/nowhere/pack.json'], world().io)).toBe(EXIT.environment);
  const unknown = world();
  expect(await run(['rules', 'test', '--pack', 'nowhere'], unknown.io)).toBe(EXIT.usage);
  expect(unknown.err()).toContain('cn-national@');
});

it('tells every example that fails, not only the first, and ends with 2', async () => {
  const { violating, complying } = RULE.examples;
  const other: Rule = {
    ...RULE,
    id: 'fee.badge',
    phrases: ['胸牌费'],
    allow: [],
    examples: { violating: ['胸牌费', '交胸牌费', '胸牌五元', '胸牌费自付', '胸卡费'], complying: [...complying, '胸牌费由公司承担'] },
  };
  const wrong = pack({ ...RULE, examples: { violating: [...violating, '柜子归你'], complying } }, other, {
    ...RULE,
    id: 'fee.broken',
    phrases: ['(费'],
  });
  const tested = testPack(wrong);
  expect(tested.map(({ failures }) => failures)).toMatchObject([
    [{ kind: 'violating', text: '柜子归你' }],
    [
      { kind: 'violating', text: '胸牌五元' },
      { kind: 'violating', text: '胸卡费' },
      { kind: 'complying', text: '胸牌费由公司承担' },
    ],
    [{ kind: 'rule' }],
  ]);
  const w = world();
  expect(await run(['rules', 'test', '--pack', file(wrong)], w.io)).toBe(EXIT.finding);
  expect(w.out()).toContain('✗ fee.badge  反例 violating 5  正例 complying 6');
  expect(w.out()).toContain('3 rules, 32 examples, 5 failed');
});

it('ends the test of a pack with 2 that is refused though each rule holds', async () => {
  const w = world();
  expect(await run(['rules', 'test', '--json', '--pack', file(pack(RULE, RULE))], w.io)).toBe(EXIT.finding);
  expect(JSON.parse(w.out())).toMatchObject({ failed: 0, refused: expect.stringContaining('fee.locker') });
});

it('lays a provincial pack over its base and refuses one that loosens it', async () => {
  const [first] = CN_NATIONAL.rules;
  if (!first) throw new Error('there is a rule');
  const over = file({ ...pack(RULE), jurisdiction: 'CN-GD' });
  const w = world();
  expect(await run(['rules', 'test', '--pack', over, '--base', 'cn-national'], w.io)).toBe(EXIT.ok);
  expect(w.out()).toContain(`${CN_NATIONAL.rules.length + 1} rules`);
  const loose = file({ ...pack({ ...first, severity: 'advise' }), jurisdiction: 'CN-GD' });
  const refused = world();
  expect(await run(['rules', 'lint', '--pack', loose, '--base', 'cn-national'], refused.io)).toBe(EXIT.usage);
  expect(refused.err()).toContain(first.id);
});

it('explains a finding with its law, penalty and rewording', async () => {
  const w = world();
  expect(await run(['rules', 'explain', '收银员，仅限女性', '--field', 'title'], w.io)).toBe(EXIT.finding);
  expect(w.out()).toContain('结论 Outcome: block');
  expect(w.out()).toContain('4-8 “仅限女性”');
  expect(w.out()).toContain('《网络招聘服务管理规定》第十五条第一款');
  expect(w.out()).toContain('罚则 Penalty: P-43');
  expect(w.out()).toContain('改写 Rewording: 删去性别条件');
});

it('explains what held a hit back, word by word', async () => {
  const because = async (text: string): Promise<unknown> => {
    const w = world();
    expect(
      await run(
        [
          'rules',
          'explain',
          text,
          '--json',
          '--pack',
          file(pack({ ...RULE, negatorsAfter: ['全免'] }, { ...RULE, id: 'fee.any', negatorsAfter: ['全免'] })),
        ],
        w.io,
      ),
    ).toBe(EXIT.ok);
    return (JSON.parse(w.out()) as { dropped: unknown }).dropped;
  };
  const hit = { field: 'text', matched: '柜子费' };
  expect(await because('免柜子费')).toMatchObject([
    { ...hit, rule: 'fee.locker', because: 'allow', by: ['免柜子费'] },
    { ...hit, rule: 'fee.any', because: 'allow' },
  ]);
  expect(await because('这里不收任何柜子费')).toMatchObject([{ ...hit, because: 'negators', by: ['不收'] }, {}]);
  expect(await because('柜子费全免')).toMatchObject([{ ...hit, because: 'negatorsAfter', by: ['全免'] }, {}]);
  expect(await because('门店理货')).toEqual([]);
});

it('explains a rule that lacks its context, and one that another speaks for', async () => {
  const w = world();
  const path = file(
    pack({
      ...RULE,
      when: ['试用'],
      examples: { violating: RULE.examples.violating.map((text) => `试用：${text}`), complying: RULE.examples.complying },
    }),
  );
  expect(await run(['rules', 'explain', '柜子费自理', '--pack', path], w.io)).toBe(EXIT.ok);
  expect(w.out()).toContain('规则所需的场合未出现');
  const covered = world();
  const twice = file(pack(RULE, { ...RULE, id: 'fee.longer', severity: 'review' }));
  expect(await run(['rules', 'explain', '柜子费自理', '--json', '--pack', twice], covered.io)).toBe(EXIT.finding);
  expect(JSON.parse(covered.out())).toMatchObject({
    findings: [{ rule: 'fee.locker' }],
    dropped: [{ rule: 'fee.longer', because: 'covered', by: ['fee.locker'] }],
  });
});

it('explains what a flag of the posting changes', async () => {
  const explained = async (...flags: readonly string[]): Promise<string> => {
    const w = world();
    const path = file(
      pack(
        { ...RULE, class: 'c', modifiers: [{ context: 'campus', severity: 'advise', class: 'd', penalty: '', citations: [LAW] }] },
        { ...RULE, id: 'loan.venue', ground: 'loan', contexts: ['venue'] },
      ),
    );
    await run(['rules', 'explain', '柜子费自理', '--pack', path, ...flags], w.io);
    return w.out();
  };
  const plain = await explained();
  expect(plain).toContain('结论 Outcome: block');
  expect(plain).toContain('罚则 Penalty: P-43');
  expect(plain).toContain('规则仅在其他场合适用');
  const flagged = await explained('--context', 'campus,venue');
  expect(flagged).toContain('fee.locker  advise');
  expect(flagged).toContain('场合 Context: campus');
  expect(flagged).toContain('loan.venue  block');
  const eased = await explained('--context', 'campus');
  expect(eased).toContain('结论 Outcome: advise');
  expect(eased).not.toContain('罚则 Penalty');
  const unknown = world();
  expect(await run(['rules', 'explain', '柜子费', '--context', 'school'], unknown.io)).toBe(EXIT.usage);
  expect(unknown.err()).toContain('minors-contact');
});

it('refuses to explain a field there is not, and prints nothing a terminal would obey', async () => {
  const w = world();
  expect(await run(['rules', 'explain', '仅限女性', '--field', 'sex'], w.io)).toBe(EXIT.usage);
  expect(w.err()).toContain('workContent');
  const hostile = world();
  await run(['rules', 'explain', '仅限\u{1b}[2J女性'], hostile.io);
  expect(hostile.out()).not.toContain('\u{1b}');
});

it('tells what changes from one pack to another', async () => {
  const before = pack(RULE, { ...RULE, id: 'fee.gone' });
  const after = pack(
    {
      ...RULE,
      severity: 'review',
      phrases: [...RULE.phrases, '柜费'],
      citations: [{ instrument: 'hr-market', article: '25', version: '2018' }],
    },
    { ...RULE, id: 'fee.new' },
  );
  expect(diffPacks(before, after)).toMatchObject({
    added: ['fee.new'],
    removed: ['fee.gone'],
    changed: [
      {
        rule: 'fee.locker',
        effect: 'loosened',
        severity: ['block', 'review'],
        phrases: [2, 3],
        lawAdded: [expect.stringContaining('人力资源市场暂行条例')],
      },
    ],
    words: [],
  });
  const w = world();
  expect(await run(['rules', 'diff', file(before), file(after)], w.io)).toBe(EXIT.ok);
  expect(w.out()).toContain(
    '+ fee.new\n- fee.gone\n~ fee.locker  放宽 LOOSENED\n    处理 severity: block → review\n    词语 phrases: 2 → 3\n',
  );
  expect(w.out()).toContain('1 added, 1 removed, 1 changed');
  expect(diffPacks(before, before)).toEqual({ added: [], removed: [], changed: [], words: [] });
  const same = world();
  expect(await run(['rules', 'diff', 'cn-national', 'cn-national', '--json'], same.io)).toBe(EXIT.ok);
  expect(JSON.parse(same.out())).toMatchObject({ changed: [] });
});
