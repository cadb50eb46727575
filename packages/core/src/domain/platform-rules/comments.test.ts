import { expect, it } from 'vitest';

import { CHANGED, proposal, refusalOf, rulesWorld } from '../../../test/platform-rules.ts';
import { agency, auditor, employer, officer, operator } from '../../../test/world.ts';
import type { Actor } from '../../kernel/identity.ts';

it('takes comments until the last day of the window, twenty an account, without personal information', async () => {
  const kit = rulesWorld();
  await kit.first();
  const { id } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
  const comment = (actor: Actor, input: object, version = id) => refusalOf(kit.commentOnRules(actor, version, input));
  expect(await comment(employer, { text: '请致电13800138000商量' })).toEqual(['ZP_INPUT_INVALID', '/text personal-information']);
  expect(await comment(employer, { text: '  ' })).toEqual(['ZP_INPUT_INVALID', '/text pattern']);
  expect(await comment(employer, { text: '建议保留三日', section: 'unknown' })).toEqual(['ZP_INPUT_INVALID', '/section unknown-section']);
  expect(await comment(employer, { text: '建议保留三日' }, 'main:agreement:000001')).toEqual(['ZP_STATE']);
  expect(await comment(employer, { text: '建议保留三日' }, 'main:agreement:000009')).toEqual(['ZP_NOT_FOUND']);
  expect(await comment({ ...employer, tenant: 'other' }, { text: '建议保留三日' })).toEqual(['ZP_NOT_FOUND']);
  expect(await comment(operator, { text: '建议保留三日' })).toEqual(['ZP_FORBIDDEN']);
  const all = await Promise.all(Array.from({ length: 19 }, () => comment(employer, { text: '建议保留三日的通知期', section: 'joining' })));
  expect(all.filter(([code]) => code === 'ZP_CONFLICT')).toHaveLength(all.filter(([code]) => !code?.startsWith('done')).length);
  for (let left = all.filter(([code]) => code?.startsWith('done')).length; left < 20; left++)
    await comment(employer, { text: '建议保留通知期' });
  expect(await comment(employer, { text: '第二十一条意见' })).toEqual(['ZP_STATE']);
  kit.clock.set('2026-09-08T15:59:59.999Z');
  expect(await comment(agency, { text: '同意修改' })).toEqual([expect.stringContaining('"left":19')]);
  kit.clock.advance(1);
  expect(await comment(agency, { text: '同意修改' })).toEqual(['ZP_STATE']);
  const { items } = await kit.listRuleComments(auditor, id, { limit: 100 });
  expect(items.filter(({ body }) => body.by === 'acct-employer')).toHaveLength(20);
  expect(items).toHaveLength(21);
  const log = JSON.stringify(await kit.entries());
  expect(log).toContain('rules.commented');
  expect(log).not.toContain('建议');
});

it.each([
  '手机一三八零零一三八零零零',
  '壹叁捌零零壹叁捌零零零',
  '138\u200B0013\u200B8000',
  '1,3,8,0,0,1,3,8,0,0,0',
  '1。3。8。0。0。1。3。8。0。0。0',
  '①③⑧00138000',
  '138oo138ooo',
  'a.b(at)example.com',
])('finds the personal information in a comment: %s', async (text) => {
  const kit = rulesWorld();
  await kit.first();
  const { id } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
  const comment = (given: string) => refusalOf(kit.commentOnRules(employer, id, { text: given }));
  expect(await comment(`请联系 ${text}`)).toEqual(['ZP_INPUT_INVALID', '/text personal-information']);
  expect(await comment('a\u202Eb')).toEqual(['ZP_INPUT_INVALID', '/text pattern']);
});

it.each([
  '建议2026-09-01至2026-09-30公示',
  '第1、2、3、4、5、6、7、8、9、10条合并',
  '违约金由1,000,000元改为100,000元',
  '第一条第二款\n三日改为一周',
])('takes a comment with other numbers: %s', async (text) => {
  const kit = rulesWorld();
  await kit.first();
  const { id } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
  expect(await refusalOf(kit.commentOnRules(employer, id, { text }))).toEqual([expect.stringMatching(/^done/u)]);
});
