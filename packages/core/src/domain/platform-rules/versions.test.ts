import { expect, it } from 'vitest';

import { ANSWER, CHANGED, proposal, REASON, refusalOf, rulesWorld, section, SECTIONS } from '../../../test/platform-rules.ts';
import { agency, auditor, employer, officer, operator } from '../../../test/world.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { isComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';

it('lets a first version take effect on the day it is published, without asking for comments', async () => {
  const kit = rulesWorld();
  expect(await kit.rulesInEffect('main', 'agreement')).toBeUndefined();
  const written = await kit.proposeRules(officer, proposal());
  expect(await refusalOf(kit.publishRules(officer, written.id, { effectiveFrom: kit.plus(-1) }))).toEqual([
    'ZP_INPUT_INVALID',
    '/effectiveFrom past',
  ]);
  expect(await kit.rulesInEffect('main', 'agreement')).toBeUndefined();
  await kit.publishRules(officer, written.id, { effectiveFrom: kit.plus(0) });
  const shown = await kit.rulesInEffect('main', 'agreement');
  expect(shown).toMatchObject({
    id: 'main:agreement:000001',
    number: 1,
    state: 'in-effect',
    publishedOn: '2026-09-01',
    sha256: written.sha256,
  });
  expect(contentHash({ format: 'zhengpin-rules/1', document: 'agreement', number: 1, sections: shown?.sections ?? [] })).toBe(
    written.sha256,
  );
  expect(JSON.stringify(shown)).not.toContain('acct-officer');
  expect(await kit.rulesInEffect('other', 'agreement')).toBeUndefined();
});

it('wants all four topics of an agreement, and of the rules none', async () => {
  const { proposeRules } = rulesWorld();
  const sections = [section('joining', ['entry-and-exit', 'other'])];
  const error: unknown = await proposeRules(officer, proposal({ sections })).catch((thrown: unknown) => thrown);
  expect(isComplianceError(error) && error.issues).toMatchObject([
    { pointer: '/sections', rule: 'topic-missing', title: { en: expect.stringContaining('service-quality') } },
    { pointer: '/sections', rule: 'topic-missing', title: { en: expect.stringContaining('job-seeker-rights') } },
    { pointer: '/sections', rule: 'topic-missing', title: { en: expect.stringContaining('personal-information') } },
  ]);
  expect(isComplianceError(error) && error.issues[0]?.citations).toEqual([{ instrument: 'order44', article: '24(1)', version: '2020' }]);
  expect((await proposeRules(officer, proposal({ document: 'rules', sections }))).id).toBe('main:rules:000001');
});

it.each([
  ['TODO', 'placeholder'],
  ['待补充                         ', 'placeholder'],
  ['略。略。略。略。略。略。略。略。略。略。略。', 'placeholder'],
  ['xxx xxx xxx xxx xxx xxx xxx', 'placeholder'],
  ['……………………………………………………', 'placeholder'],
  ['用户可以随时退出本平台不受任何限制特', 'minLength'],
  [`${'短'.repeat(19)}       `, 'minLength'],
  ['There is no Chinese in this text at all.', 'language'],
  ['此处填写条款正文此处填写条款正文此处填写', 'placeholder'],
  ['【待补充】本条由法务部门于下周补充完整后再行提出', 'placeholder'],
  ['条款内容待补充，条款内容待补充，条款内容待补充。', 'placeholder'],
  ['测试测试测试测试测试测试测试测试测试测试测试', 'placeholder'],
  ['................................一', 'placeholder'],
  ['用户可以随时退出平台\u202E，费用按剩余天数退还。', 'pattern'],
  ['用户可以随时退出平台\u001B[2J，费用按剩余天数退还。', 'pattern'],
])('refuses %j as the text of a section', async (zh, rule) => {
  const sections = [...SECTIONS.slice(1), section('joining', ['entry-and-exit'], { zh })];
  expect(await refusalOf(rulesWorld().proposeRules(officer, proposal({ sections })))).toEqual([
    'ZP_INPUT_INVALID',
    `/sections/2/text/zh ${rule}`,
  ]);
});

it('takes a text of just twenty characters, and refuses placeholders in English and the same id twice', async () => {
  const { proposeRules } = rulesWorld();
  const twenty = [...SECTIONS.slice(1), section('joining', ['entry-and-exit'], { zh: '退'.repeat(20) })];
  const twice = [...SECTIONS, section('privacy', ['other'], { en: 'TBD. TBD. TBD. TBD. TBD.' })];
  expect(await refusalOf(proposeRules(officer, proposal({ sections: twice })))).toEqual([
    'ZP_INPUT_INVALID',
    '/sections/3/id duplicate',
    '/sections/3/text/en placeholder',
  ]);
  expect((await proposeRules(officer, proposal({ sections: twenty }))).number).toBe(1);
});

it.each([
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit.',
  'To be completed. To be completed. To be completed.',
  'TBD by legal, before this is published.',
  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy',
])('refuses %j as an English text', async (en) => {
  const sections = [...SECTIONS.slice(1), section('joining', ['entry-and-exit'], { en })];
  expect(await refusalOf(rulesWorld().proposeRules(officer, proposal({ sections })))).toEqual([
    'ZP_INPUT_INVALID',
    '/sections/2/text/en placeholder',
  ]);
});

it('counts no space around a text, and takes no placeholder for a summary, an answer or a reason', async () => {
  const kit = rulesWorld();
  const blank = { zh: ' '.repeat(20), en: ' '.repeat(20) };
  const untitled = SECTIONS.map((one, at) => (at === 0 ? { ...one, title: { zh: '  ', en: 'Joining' } } : one));
  const refused = refusalOf(kit.proposeRules(officer, proposal({ summary: { ...blank, en: 'TBD, to be written.' }, sections: untitled })));
  expect(await refused).toEqual(['ZP_INPUT_INVALID', '/summary/zh minLength', '/summary/en placeholder', '/sections/0/title/zh minLength']);
  await kit.first();
  const { id } = await kit.change();
  expect(await refusalOf(kit.publishRules(officer, id, { effectiveFrom: kit.plus(7), answer: blank }))).toEqual([
    'ZP_INPUT_INVALID',
    '/answer/zh minLength',
    '/answer/en minLength',
  ]);
  expect(await refusalOf(kit.withdrawProposal(officer, id, { reason: { ...REASON, zh: '待补充原因' } }))).toEqual([
    'ZP_INPUT_INVALID',
    '/reason/zh placeholder',
  ]);
});

it('opens a change for comments for seven days at least', async () => {
  const kit = rulesWorld();
  await kit.first();
  const propose = (over: object) => refusalOf(kit.proposeRules(officer, proposal({ sections: CHANGED, ...over })));
  const refused = ['ZP_INPUT_INVALID', '/commentsThrough comment-window'];
  expect(await propose({})).toEqual(refused);
  expect(await propose({ commentsThrough: kit.plus(6) })).toEqual(refused);
  expect(await propose({ commentsThrough: kit.plus(7), sections: SECTIONS })).toEqual(['ZP_INPUT_INVALID', '/sections unchanged']);
  expect(await propose({ commentsThrough: kit.plus(7) })).toEqual([expect.stringContaining('main:agreement:000002')]);
  expect(await propose({ commentsThrough: kit.plus(7), document: 'rules' })).toEqual([expect.stringContaining('main:rules:000001')]);
  expect(await propose({ commentsThrough: kit.plus(7) })).toEqual(['ZP_STATE']);
  expect(await kit.openRules('main', 'agreement')).toMatchObject({ number: 2, state: 'open-for-comments', commentsThrough: '2026-09-08' });
});

it('refuses a window in the past also for a first version', async () => {
  const kit = rulesWorld();
  expect(await refusalOf(kit.proposeRules(officer, proposal({ commentsThrough: kit.plus(-1) })))).toEqual([
    'ZP_INPUT_INVALID',
    '/commentsThrough comment-window',
  ]);
  expect((await kit.proposeRules(officer, proposal({ commentsThrough: kit.plus(0) }))).number).toBe(1);
});

it('publishes a change once the window is over, with an answer, seven days ahead', async () => {
  const kit = rulesWorld();
  await kit.first();
  const { id } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
  const publish = (input: object) => refusalOf(kit.publishRules(officer, id, input));
  kit.days(7);
  // 2026-09-08 23:59:59.999 in Shanghai: the last moment of the window.
  kit.clock.set('2026-09-08T15:59:59.999Z');
  expect(await publish({ effectiveFrom: kit.plus(30), answer: ANSWER })).toEqual(['ZP_STATE']);
  kit.clock.advance(1);
  expect((await kit.openRules('main', 'agreement'))?.state).toBe('comments-closed');
  expect(await publish({ effectiveFrom: kit.plus(7) })).toEqual(['ZP_INPUT_INVALID', '/answer required']);
  expect(await publish({ effectiveFrom: kit.plus(6), answer: ANSWER })).toEqual(['ZP_INPUT_INVALID', '/effectiveFrom notice']);
  expect(await publish({ effectiveFrom: '2026-09-16', answer: ANSWER })).toEqual([expect.stringContaining('"effectiveFrom":"2026-09-16"')]);
  expect(await publish({ effectiveFrom: kit.plus(30), answer: ANSWER })).toEqual(['ZP_STATE']);
  expect(await kit.announcedRules('main', 'agreement')).toMatchObject([
    { number: 2, state: 'announced', replaces: 'main:agreement:000001' },
  ]);
  expect((await kit.rulesInEffect('main', 'agreement'))?.number).toBe(1);
  expect(await kit.openRules('main', 'agreement')).toBeUndefined();
  kit.clock.set('2026-09-15T15:59:59.999Z');
  expect((await kit.rulesInEffect('main', 'agreement'))?.number).toBe(1);
  kit.clock.advance(1);
  expect(await kit.rulesInEffect('main', 'agreement')).toMatchObject({ number: 2, state: 'in-effect', answer: ANSWER });
  expect(await kit.rulesInEffect('main', 'agreement', '2026-09-15')).toMatchObject({ number: 1, state: 'superseded' });
  expect(await kit.announcedRules('main', 'agreement')).toEqual([]);
  expect(await refusalOf(kit.rulesInEffect('main', 'agreement', '2026-02-30'))).toEqual(['ZP_INPUT_INVALID', '/day format']);
});

it('lets a later version take effect only after an announced one', async () => {
  const kit = rulesWorld();
  await kit.first();
  const second = await kit.change();
  await kit.publishRules(officer, second.id, { effectiveFrom: kit.plus(40), answer: ANSWER });
  const effect = kit.plus(40);
  const third = await kit.change(SECTIONS);
  expect(await refusalOf(kit.publishRules(officer, third.id, { effectiveFrom: effect, answer: ANSWER }))).toEqual([
    'ZP_INPUT_INVALID',
    '/effectiveFrom order',
  ]);
  await kit.publishRules(officer, third.id, { effectiveFrom: kit.plus(33), answer: ANSWER });
  expect((await kit.announcedRules('main', 'agreement')).map(({ number }) => number)).toEqual([2, 3]);
});

it('holds the version after an announced first one to seven days', async () => {
  const kit = rulesWorld();
  const { id } = await kit.proposeRules(officer, proposal());
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(9) });
  const second = await kit.change();
  expect(await refusalOf(kit.publishRules(officer, second.id, { effectiveFrom: kit.plus(6), answer: ANSWER }))).toEqual([
    'ZP_INPUT_INVALID',
    '/effectiveFrom notice',
  ]);
});

it('takes a version back until the day it takes effect, and keeps it', async () => {
  const kit = rulesWorld();
  const first = await kit.first();
  expect(await refusalOf(kit.withdrawProposal(officer, first.id, { reason: REASON }))).toEqual(['ZP_STATE']);
  const { id } = await kit.change();
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(7), answer: ANSWER });
  kit.days(6);
  expect(await kit.withdrawProposal(officer, id, { reason: REASON })).toEqual({ id, on: kit.plus(0) });
  expect(await refusalOf(kit.withdrawProposal(officer, id, { reason: REASON }))).toEqual(['ZP_STATE']);
  kit.days(1);
  expect((await kit.rulesInEffect('main', 'agreement'))?.number).toBe(1);
  expect(await kit.rulesVersion('main', id)).toMatchObject({ state: 'withdrawn', reason: REASON, sections: CHANGED });
  expect(await refusalOf(kit.publishRules(officer, id, { effectiveFrom: kit.plus(20), answer: ANSWER }))).toEqual(['ZP_STATE']);
  const draft = await kit.proposeRules(officer, proposal({ document: 'rules' }));
  await kit.withdrawProposal(officer, draft.id, { reason: REASON });
  expect(await refusalOf(kit.rulesVersion('main', draft.id))).toEqual(['ZP_NOT_FOUND']);
  expect((await kit.publicRuleVersions('main', 'rules', { limit: 10 })).items).toEqual([]);
  expect((await kit.listRuleVersions(auditor, 'rules', { limit: 10 })).items).toMatchObject([{ body: { state: 'withdrawn' } }]);
  expect((await kit.publicRuleVersions('main', 'agreement', { limit: 10 })).items.map(({ number, state }) => [number, state])).toEqual([
    [2, 'withdrawn'],
    [1, 'in-effect'],
  ]);
});

it('does not fork: of two proposals at once, and of two publications, one is refused', async () => {
  const kit = rulesWorld();
  await kit.first();
  const propose = () => refusalOf(kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) })));
  const proposed = await Promise.all([propose(), propose()]);
  expect(proposed.filter(([code]) => code === 'ZP_STATE')).toHaveLength(1);
  kit.days(8);
  const publish = (days: number) =>
    refusalOf(kit.publishRules(officer, 'main:agreement:000002', { effectiveFrom: kit.plus(days), answer: ANSWER }));
  const published = await Promise.all([publish(7), publish(8)]);
  expect(published.filter(([code]) => code === 'ZP_STATE')).toHaveLength(1);
  expect(await kit.announcedRules('main', 'agreement')).toHaveLength(1);
  expect((await kit.entries()).map(({ kind }) => kind)).toEqual(['rules.proposed', 'rules.published', 'rules.proposed', 'rules.published']);
});

it('answers a retried proposal and publication with the first outcome', async () => {
  const kit = rulesWorld();
  const options = { idempotency: { id: 'a'.repeat(64), request: 'b'.repeat(64) } };
  const once = await kit.proposeRules(officer, proposal(), options);
  expect(await kit.proposeRules(officer, proposal(), options)).toEqual(once);
  expect(await kit.entries()).toHaveLength(1);
});

it('tells the duty calendar of changes, not of first versions, and never as missed', async () => {
  const kit = rulesWorld();
  await kit.first();
  const { id } = await kit.change();
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(30), answer: ANSWER });
  const duty = { clock: 'rules-publication', subject: 'agreement-2', startedOn: '2026-09-09', dueOn: '2026-09-16' };
  expect(await kit.ruleDuties('main', '2026-09-15')).toEqual([duty]);
  const done = { ...duty, discharged: { on: '2026-09-16', late: false, reference: id } };
  expect(await kit.ruleDuties('main', '2026-09-16')).toEqual([done]);
  expect(await kit.ruleDuties('main', '2027-10-14')).toEqual([done]);
  expect(await kit.ruleDuties('main', '2027-10-15')).toEqual([]);
  expect(await kit.ruleDuties('other', '2026-09-15')).toEqual([]);
  await kit.withdrawProposal(officer, id, { reason: REASON });
  expect(await kit.ruleDuties('main', '2026-09-15')).toEqual([]);
});

it('reads back more versions than a page of the store holds', async () => {
  const kit = rulesWorld();
  await kit.first();
  for (let i = 0; i < 23; i++) {
    const { id } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
    await kit.withdrawProposal(officer, id, { reason: REASON });
  }
  expect((await kit.rulesInEffect('main', 'agreement'))?.number).toBe(1);
  expect((await kit.change()).number).toBe(25);
  const pages = [await kit.publicRuleVersions('main', 'agreement', { limit: 20 })];
  const { cursor } = pages[0] ?? {};
  pages.push(await kit.publicRuleVersions('main', 'agreement', { limit: 20, ...(cursor === undefined ? {} : { cursor }) }));
  expect(pages.map(({ items }) => items.length)).toEqual([20, 5]);
});

it('keeps each verb to its roles', async () => {
  const kit = rulesWorld();
  const { id } = await kit.first();
  const elsewhere: Actor = { ...officer, tenant: 'other' };
  const page = { limit: 10 };
  const refused = await Promise.all([
    refusalOf(kit.proposeRules(employer, proposal())),
    refusalOf(kit.publishRules(operator, id, { effectiveFrom: '2026-12-01' })),
    refusalOf(kit.withdrawProposal(auditor, id, { reason: REASON })),
    refusalOf(kit.listRuleVersions(employer, 'agreement', page)),
    refusalOf(kit.listRuleComments(agency, id, page)),
    refusalOf(kit.listAcceptances(employer, page)),
    refusalOf(kit.withdrawAcceptance(auditor, { document: 'agreement', reason: 'leaves' })),
    refusalOf(kit.standingOf(officer, 'agreement')),
  ]);
  expect(refused).toEqual(Array.from({ length: 8 }, () => ['ZP_FORBIDDEN']));
  expect(await refusalOf(kit.publishRules(elsewhere, id, { effectiveFrom: '2026-12-01' }))).toEqual(['ZP_NOT_FOUND']);
  expect(await refusalOf(kit.withdrawProposal(elsewhere, id, { reason: REASON }))).toEqual(['ZP_NOT_FOUND']);
  expect((await kit.listAcceptances(elsewhere, page)).items).toEqual([]);
});
