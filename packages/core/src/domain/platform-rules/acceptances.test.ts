import { expect, it } from 'vitest';

import { ANSWER, CHANGED, proposal, REASON, refusalOf, rulesWorld, section, SECTIONS } from '../../../test/platform-rules.ts';
import { agency, auditor, employer, officer, operator } from '../../../test/world.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import type { Actor } from '../../kernel/identity.ts';
import { commitmentOf } from './records.ts';
import type { AcceptanceRecord } from './records.ts';

const SECTIONS_AGAIN = [section('joining', ['entry-and-exit']), ...SECTIONS.slice(1)];

it('records an acceptance once, bound to the text that was shown', async () => {
  const kit = rulesWorld();
  const { id, sha256 } = await kit.first();
  const accept = (actor: Actor, over: object = {}) => kit.acceptRules(actor, { version: id, sha256, channel: 'sign-up', ...over });
  expect(await refusalOf(accept(employer, { sha256: '0'.repeat(64) }))).toEqual(['ZP_INPUT_INVALID', '/sha256 content-changed']);
  expect(await refusalOf(accept(employer, { user: 'acct-agency' }))).toEqual(['ZP_INPUT_INVALID', '/user self']);
  expect(await refusalOf(accept(operator))).toEqual(['ZP_INPUT_INVALID', '/user required']);
  expect(await refusalOf(accept(operator, { user: '13800138000' }))).toEqual(['ZP_INPUT_INVALID', '/user personal-information']);
  expect(await refusalOf(accept(officer))).toEqual(['ZP_FORBIDDEN']);
  expect(await refusalOf(accept({ ...employer, tenant: 'other' }))).toEqual(['ZP_NOT_FOUND']);
  const accepted = await accept(operator, { user: 'seeker-77' });
  expect(accepted).toMatchObject({ document: 'agreement', version: id, number: 1, sha256, since: '2026-09-01' });
  kit.days(3);
  expect(await accept(operator, { user: 'seeker-77', channel: 'prompt' })).toEqual(accepted);
  await Promise.all([accept(employer), accept(employer, { channel: 'api' })]);
  const entries = (await kit.entries()).filter(({ kind }) => kind === 'rules.accepted');
  expect(entries).toHaveLength(2);
  const { items } = await kit.listAcceptances(auditor, { limit: 10 });
  expect(items.map(({ body }) => body.user).sort((a, b) => a.localeCompare(b))).toEqual(['acct-employer', 'seeker-77']);
  const record: AcceptanceRecord | undefined = items.find(({ body }) => body.user === 'seeker-77')?.body;
  expect(entries[0]?.facts).toEqual({
    document: 'agreement',
    version: id,
    number: 1,
    sha256,
    channel: 'sign-up',
    user: commitmentOf(record?.salt ?? '', 'seeker-77'),
  });
  expect(JSON.stringify(entries)).not.toContain('seeker-77');
  expect(JSON.stringify(entries)).not.toContain(sha256Hex(`main:seeker-77:${id}`));
});

it('accepts what is in effect or announced, and nothing else', async () => {
  const kit = rulesWorld();
  const first = await kit.first();
  const { id, sha256 } = await kit.proposeRules(officer, proposal({ sections: CHANGED, commentsThrough: kit.plus(7) }));
  const accept = (version: string, hash: string) => refusalOf(kit.acceptRules(agency, { version, sha256: hash, channel: 'prompt' }));
  expect(await accept(id, sha256)).toEqual(['ZP_STATE']);
  kit.days(8);
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(7), answer: ANSWER });
  expect(await kit.standingOf(agency, 'agreement')).toEqual({
    document: 'agreement',
    inEffect: { version: first.id, number: 1, sha256: first.sha256 },
    isCurrent: false,
    awaits: { version: id, number: 2, sha256, effectiveFrom: '2026-09-16' },
  });
  expect(await accept(id, sha256)).toEqual([expect.stringContaining('"number":2')]);
  const waiting = await kit.standingOf(agency, 'agreement');
  expect([waiting.accepted, waiting.acceptedAhead?.number, waiting.isCurrent, waiting.awaits]).toEqual([undefined, 2, false, undefined]);
  kit.days(7);
  expect(await kit.standingOf(agency, 'agreement')).toMatchObject({ isCurrent: true, accepted: { number: 2 } });
  expect(await accept(first.id, first.sha256)).toEqual(['ZP_STATE']);
  expect(await refusalOf(kit.standingOf(operator, 'agreement'))).toEqual(['ZP_INPUT_INVALID', '/user required']);
  expect((await kit.standingOf(operator, 'agreement', 'acct-agency')).isCurrent).toBe(true);
});

it('does not accept a version that was taken back', async () => {
  const kit = rulesWorld();
  const { id, sha256 } = await kit.proposeRules(officer, proposal());
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(3) });
  await kit.withdrawProposal(officer, id, { reason: REASON });
  expect(await refusalOf(kit.acceptRules(employer, { version: id, sha256, channel: 'api' }))).toEqual(['ZP_STATE']);
});

it('tells a version that was never public no differently from none', async () => {
  const kit = rulesWorld();
  const { id, sha256 } = await kit.proposeRules(officer, proposal());
  for (const version of [id, 'main:agreement:000009'])
    expect(await refusalOf(kit.acceptRules(employer, { version, sha256, channel: 'api' }))).toEqual(['ZP_NOT_FOUND']);
});

it('names no version as agreed that was taken back before it took effect', async () => {
  const kit = rulesWorld();
  const first = await kit.first();
  const accept = (actor: Actor, { id, sha256 }: { readonly id: string; readonly sha256: string }) =>
    kit.acceptRules(actor, { version: id, sha256, channel: 'prompt' });
  await accept(employer, first);
  const second = await kit.change();
  await kit.publishRules(officer, second.id, { effectiveFrom: kit.plus(30), answer: ANSWER });
  await Promise.all([accept(employer, second), accept(agency, second)]);
  expect(await kit.standingOf(employer, 'agreement')).toMatchObject({ accepted: { number: 1 }, acceptedAhead: { number: 2 } });
  await kit.withdrawProposal(officer, second.id, { reason: REASON });
  const standing = await kit.standingOf(employer, 'agreement');
  expect([standing.accepted?.version, standing.acceptedAhead]).toEqual([first.id, undefined]);
  const third = await kit.change(SECTIONS_AGAIN);
  await kit.publishRules(officer, third.id, { effectiveFrom: kit.plus(7), answer: ANSWER });
  kit.days(8);
  const leave = (actor: Actor) => kit.withdrawAcceptance(actor, { document: 'agreement', reason: 'leaves' });
  expect((await leave(employer)).under).toBe(first.id);
  const { under, ended } = await leave(agency);
  expect([under, ended]).toEqual([undefined, [second.id]]);
});

it('lets a user who does not accept a change leave, under the version before it', async () => {
  const kit = rulesWorld();
  const leave = (over: object = {}) =>
    kit.withdrawAcceptance(employer, { document: 'agreement', reason: 'does-not-accept-change', ...over });
  expect(await refusalOf(leave())).toEqual(['ZP_STATE']);
  const first = await kit.first();
  await kit.acceptRules(employer, { version: first.id, sha256: first.sha256, channel: 'sign-up' });
  const { id, sha256 } = await kit.change();
  await kit.publishRules(officer, id, { effectiveFrom: kit.plus(7), answer: ANSWER });
  await kit.acceptRules(employer, { version: id, sha256, channel: 'prompt' });
  expect(await refusalOf(leave({ document: 'rules' }))).toEqual(['ZP_STATE']);
  expect(await refusalOf(leave({ user: 'acct-employer' }))).toEqual(['ZP_INPUT_INVALID', '/user self']);
  const left = await leave();
  expect(left).toMatchObject({
    document: 'agreement',
    since: kit.plus(0),
    ended: [id, first.id],
    under: first.id,
    citations: [{ instrument: 'e-commerce', article: '34(2)' }],
  });
  const before = (await kit.entries()).length;
  expect(await leave({ reason: 'leaves' })).toEqual(left);
  expect((await kit.entries()).length).toBe(before);
  expect(await kit.standingOf(employer, 'agreement')).toMatchObject({
    isCurrent: false,
    left: { since: kit.plus(0), reason: 'does-not-accept-change' },
  });
  const withdrawn = (await kit.entries()).filter(({ kind }) => kind === 'rules.withdrawn');
  expect(withdrawn.map(({ facts }) => facts)).toMatchObject([
    { version: id, reason: 'does-not-accept-change' },
    { version: first.id, reason: 'does-not-accept-change' },
  ]);
  kit.days(2);
  expect((await kit.acceptRules(employer, { version: first.id, sha256: first.sha256, channel: 'prompt' })).since).toBe(kit.plus(0));
  const again = await kit.standingOf(employer, 'agreement');
  expect([again.accepted?.number, again.isCurrent, again.left]).toEqual([1, true, undefined]);
  const { items } = await kit.listAcceptances(auditor, { limit: 10 }, { version: first.id });
  expect(items.map(({ body }) => body.steps.map(({ step }) => step))).toEqual([['accepted', 'withdrawn', 'accepted']]);
});
