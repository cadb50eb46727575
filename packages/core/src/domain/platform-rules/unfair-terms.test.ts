import { expect, it } from 'vitest';

import { CHANGED, proposal, rulesWorld, section, SECTIONS } from '../../../test/platform-rules.ts';
import { officer } from '../../../test/world.ts';
import { INSTRUMENTS } from '../../rules/instruments.ts';
import { findUnfairTerms, UNFAIR_TERMS } from '../../rules/unfair-terms.ts';

it.each([
  ['final-interpretation', '本协议的最终解释权归平台所有。', 'The platform has the right of final interpretation.'],
  ['leaving-forbidden', '合作期内用户不得擅自退出平台。', 'During the term a user may not leave the platform.'],
  ['leaving-charged', '用户退出的，应支付违约金。', 'Terminating early means a penalty of one month.'],
  ['rights-waived', '用户放弃就此提起诉讼的权利。', 'The user waives all claims against the platform.'],
  ['liability-waived', '对招聘信息平台概不负责。', 'We are not liable for any loss.'],
  ['blanket-personal-information', '平台可永久、不限目的地使用用户简历信息。', 'Personal information may be used for any purpose.'],
  ['tie-in', '发布职位须同时购买推广服务。', 'Employers must also buy promotion.'],
  ['exclusivity', '企业不得在其他平台发布同一职位。', 'Employers may not post the same job on other platforms.'],
  ['change-without-notice', '平台可随时修改本规则，无需另行通知。', 'We may change these rules at any time without notice.'],
])('points out %s, and does not refuse it', async (term, zh, en) => {
  const text = { zh: `第一款照常约定各方的权利义务。${zh}`, en: `The first paragraph is an ordinary one. ${en}` };
  const kit = rulesWorld();
  const { id, warnings } = await kit.proposeRules(officer, proposal({ sections: [...SECTIONS, section('odd', ['other'], text)] }));
  expect(warnings.map((one) => [one.term, one.pointer])).toEqual([
    [term, '/sections/3/text/zh'],
    [term, '/sections/3/text/en'],
  ]);
  expect(zh).toContain(text.zh.slice(warnings[0]?.start, warnings[0]?.end));
  expect((await kit.publishRules(officer, id, { effectiveFrom: kit.plus(0) })).warnings).toEqual(warnings);
  expect((await kit.entries())[0]?.facts).toMatchObject({ warnings: [term] });
});

it('finds nothing unfair in fair terms, stops at a hundred, and cites what it knows', () => {
  expect(findUnfairTerms(CHANGED)).toEqual([]);
  const fair = section('fair', ['other'], {
    zh: '用户可以随时退出，平台不得阻止；修改在实施前七日公示并公开征求意见。平台不得未经同意向他人提供简历。',
    en: 'A user may leave at any time. Changes are published seven days before effect and opened for comments.',
  });
  expect(findUnfairTerms([fair])).toEqual([]);
  expect(findUnfairTerms([section('many', ['other'], { zh: '最终解释权。'.repeat(3000) })])).toHaveLength(100);
  const known = new Set(INSTRUMENTS.map(({ id, version }) => `${id} ${version}`));
  for (const { citations } of UNFAIR_TERMS) {
    expect(citations.length).toBeGreaterThan(0);
    expect(citations.every(({ instrument, version }) => known.has(`${instrument} ${version}`))).toBe(true);
  }
  expect(new Set(UNFAIR_TERMS.map(({ id }) => id)).size).toBe(UNFAIR_TERMS.length);
});

it('reads a long text for unfair terms in a time that grows with its length', () => {
  const sections = ['退出', '不得', '放弃', '随时', '一切责任', '视为同意', '须'].map((word) =>
    section('long', ['other'], { zh: word.repeat(20_000 / word.length), en: 'change waives leaving personal information '.repeat(460) }),
  );
  const started = performance.now();
  findUnfairTerms(sections);
  expect(performance.now() - started).toBeLessThan(2000);
});
