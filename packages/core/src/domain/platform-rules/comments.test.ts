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
