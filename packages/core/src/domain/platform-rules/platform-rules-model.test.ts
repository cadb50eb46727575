import fc from 'fast-check';
import { expect, it } from 'vitest';

import { rulesWorld } from '../../../test/platform-rules.ts';
import { auditor, DAY_MS, officer, operator } from '../../../test/world.ts';
import { createCalendar } from '../../kernel/calendar.ts';
import { isComplianceError } from '../../kernel/errors.ts';
import { commitmentOf, rulesHash } from './records.ts';
import type { RuleDocument } from './records.ts';

const FIRST_DAY = '2026-03-01';
const DOCUMENTS: readonly RuleDocument[] = ['agreement', 'rules'];
const calendar = createCalendar();
/** Of all sequences: a model that never comes so far proves nothing. */
const reached = { changesInEffect: 0, acceptances: 0, leavings: 0, refusals: 0 };

/** What may happen, in any order; numbers pick among what there is, or count days. */
type Step =
  | { readonly do: 'propose'; readonly document: RuleDocument; readonly window: number | null }
  | { readonly do: 'publish'; readonly document: RuleDocument; readonly back: number; readonly ahead: number; readonly answers: boolean }
  | { readonly do: 'withdraw'; readonly document: RuleDocument; readonly back: number }
  | { readonly do: 'accept'; readonly document: RuleDocument; readonly back: number; readonly user: string; readonly honest: boolean }
  | { readonly do: 'leave'; readonly document: RuleDocument; readonly user: string }
  | { readonly do: 'time'; readonly days: number };

const document = fc.constantFrom(...DOCUMENTS);
const user = fc.constantFrom('user-a', 'user-b');
const back = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('propose' as const), document, window: fc.constantFrom(null, -1, 0, 6, 7, 9) }),
  fc.record({ do: fc.constant('publish' as const), document, back, ahead: fc.constantFrom(-1, 0, 6, 7, 8, 20), answers: fc.boolean() }),
  fc.record({ do: fc.constant('withdraw' as const), document, back }),
  fc.record({ do: fc.constant('accept' as const), document, back, user, honest: fc.boolean() }),
  fc.record({ do: fc.constant('leave' as const), document, user }),
  fc.record({ do: fc.constant('time' as const), days: fc.constantFrom(0, 1, 6, 7, 8) }),
);

/** A first version and changes of it, with anything between: by chance alone hardly a change would take effect. */
const sequence: fc.Arbitrary<readonly Step[]> = fc
  .tuple(document, fc.array(fc.array(step, { maxLength: 3 }), { minLength: 12, maxLength: 12 }))
  .map(([of, between]) => {
    const way: readonly Step[] = [
      { do: 'propose', document: of, window: null },
      { do: 'publish', document: of, back: 0, ahead: 0, answers: false },
      { do: 'accept', document: of, back: 0, user: 'user-a', honest: true },
      { do: 'propose', document: of, window: 7 },
      { do: 'time', days: 8 },
      { do: 'publish', document: of, back: 0, ahead: 7, answers: true },
      { do: 'accept', document: of, back: 0, user: 'user-b', honest: true },
      { do: 'time', days: 7 },
      { do: 'leave', document: of, user: 'user-a' },
      { do: 'propose', document: of, window: 7 },
      { do: 'time', days: 9 },
      { do: 'publish', document: of, back: 0, ahead: 8, answers: true },
    ];
    return way.flatMap((one, i) => [...(between[i] ?? []), one]);
  });

/** A version as the law counts it. */
interface Version {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
  readonly window?: string;
  state: 'open' | 'published' | 'withdrawn';
  publishedOn?: string;
  effectiveFrom?: string;
  isFirst?: boolean;
}

function sectionsOf(text: string) {
  return [
    {
      id: 'whole',
      topics: ['entry-and-exit', 'service-quality', 'job-seeker-rights', 'personal-information'] as const,
      title: { zh: '全文', en: 'All of it' },
      text: { zh: `${text}：本版写明各方的权利义务以及办理的方式。`, en: `${text}: this version says who does what, and how.` },
    },
  ];
}

async function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    (error: unknown) => {
      if (!isComplianceError(error) || !['ZP_STATE', 'ZP_INPUT_INVALID', 'ZP_NOT_FOUND'].includes(error.code)) throw error;
      reached.refusals++;
      return false;
    },
  );
}

async function run(steps: readonly Step[]): Promise<void> {
  const kit = rulesWorld(`${FIRST_DAY}T02:00:00.000Z`);
  const versions: { readonly [of in RuleDocument]: Version[] } = { agreement: [], rules: [] };
  /** Versions accepted and not ended. */
  const held: { readonly [of in RuleDocument]: Map<string, Set<string>> } = { agreement: new Map(), rules: new Map() };
  const kinds: string[] = [];
  const today = () => calendar.today(kit.clock.now());
  const inEffect = (of: RuleDocument, day: string) => {
    const some = versions[of].filter(({ state, effectiveFrom }) => state === 'published' && (effectiveFrom ?? '') <= day);
    return some.toSorted((a, b) => ((a.effectiveFrom ?? '') < (b.effectiveFrom ?? '') ? 1 : -1))[0];
  };

  for (const [i, one] of steps.entries()) {
    const now = today();
    switch (one.do) {
      case 'time':
        kit.clock.advance(one.days * DAY_MS);
        break;
      case 'propose': {
        const all = versions[one.document];
        const isChange = all.some(({ state }) => state === 'published');
        const window = one.window === null ? undefined : calendar.addDays(now, one.window);
        const lawful = !all.some(({ state }) => state === 'open') && (one.window === null ? !isChange : one.window >= (isChange ? 7 : 0));
        const input = {
          document: one.document,
          summary: { zh: '本次修改的内容和理由见正文。', en: 'What changes and why.' },
          sections: sectionsOf(`step ${i}`),
          ...(window === undefined ? {} : { commentsThrough: window }),
        };
        const written = await kit.proposeRules(officer, input).catch((error: unknown) => error);
        expect(isComplianceError(written)).toBe(!lawful);
        if (!isComplianceError(written)) {
          const { id, number, sha256 } = written as Awaited<ReturnType<typeof kit.proposeRules>>;
          expect(number).toBe(all.length + 1);
          all.push({ id, number, sha256, state: 'open', ...(window === undefined ? {} : { window }) });
          kinds.push('rules.proposed');
        }
        break;
      }
      case 'publish': {
        const version = versions[one.document].at(-1 - one.back);
        if (!version) break;
        const before = versions[one.document].findLast(({ state }) => state === 'published');
        const effectiveFrom = calendar.addDays(now, one.ahead);
        const lawful =
          version.state === 'open' &&
          (version.window === undefined || (now > version.window && one.answers)) &&
          one.ahead >= (before ? 7 : 0) &&
          effectiveFrom > (before?.effectiveFrom ?? '');
        const answer = { zh: '收到的意见已逐条研究并答复。', en: 'Every comment was looked at.' };
        expect(await succeeds(kit.publishRules(officer, version.id, { effectiveFrom, ...(one.answers ? { answer } : {}) }))).toBe(lawful);
        if (lawful) {
          Object.assign(version, { state: 'published', publishedOn: now, effectiveFrom, isFirst: before === undefined });
          kinds.push('rules.published');
        }
        break;
      }
      case 'withdraw': {
        const version = versions[one.document].at(-1 - one.back);
        if (!version) break;
        const lawful = version.state === 'open' || (version.state === 'published' && (version.effectiveFrom ?? '') > now);
        const reason = { zh: '文本有误，予以撤回。', en: 'A mistake in it.' };
        expect(await succeeds(kit.withdrawProposal(officer, version.id, { reason }))).toBe(lawful);
        if (lawful) {
          version.state = 'withdrawn';
          kinds.push('rules.retracted');
        }
        break;
      }
      case 'accept': {
        const version = versions[one.document].at(-1 - one.back);
        if (!version) break;
        const accepted = held[one.document].get(one.user) ?? new Set();
        const isThere = version.state === 'published' && ((version.effectiveFrom ?? '') > now || inEffect(one.document, now) === version);
        const lawful = one.honest && (accepted.has(version.id) || isThere);
        const sha256 = one.honest ? version.sha256 : version.sha256.replace(/./u, (digit) => (digit === '0' ? '1' : '0'));
        expect(await succeeds(kit.acceptRules(operator, { version: version.id, sha256, user: one.user, channel: 'prompt' }))).toBe(lawful);
        if (lawful && !accepted.has(version.id)) {
          kinds.push('rules.accepted');
          held[one.document].set(one.user, accepted.add(version.id));
          reached.acceptances++;
        }
        break;
      }
      case 'leave': {
        const accepted = held[one.document].get(one.user) ?? new Set();
        // Whoever has left already is answered as before.
        const hasEver = held[one.document].has(one.user);
        expect(await succeeds(kit.withdrawAcceptance(operator, { document: one.document, user: one.user, reason: 'leaves' }))).toBe(
          hasEver,
        );
        if (accepted.size > 0) reached.leavings++;
        for (const _ of accepted) kinds.push('rules.withdrawn');
        accepted.clear();
        break;
      }
      // no default
    }
    for (const of of DOCUMENTS) {
      expect((await kit.rulesInEffect('main', of))?.id).toBe(inEffect(of, today())?.id);
      for (const who of ['user-a', 'user-b']) {
        const standing = await kit.standingOf(operator, of, who);
        const current = inEffect(of, today());
        expect(standing.isCurrent).toBe(current !== undefined && (held[of].get(who)?.has(current.id) ?? false));
        const named = versions[of].find(({ id }) => id === standing.accepted?.version);
        if (standing.accepted) expect([named?.state, (named?.effectiveFrom ?? '') <= today()]).toEqual(['published', true]);
      }
    }
  }

  // What the evidence alone says.
  const entries = await kit.entries();
  expect(entries.map(({ kind }) => kind)).toEqual(kinds);
  const facts = (kind: string) => entries.filter((entry) => entry.kind === kind).map((entry) => entry.facts);
  for (const of of DOCUMENTS) {
    const retracted = new Set(facts('rules.retracted').flatMap((fact) => (fact['document'] === of ? [fact['number']] : [])));
    const effects = facts('rules.published')
      .filter((fact) => fact['document'] === of && !retracted.has(fact['number'] ?? 0))
      .map(
        (fact) =>
          fact as {
            readonly number: number;
            readonly publishedOn: string;
            readonly effectiveFrom: string;
            readonly replaces: string | null;
          },
      );
    // Each takes effect after the one before it, so that never two are in effect on a day.
    for (const [i, { effectiveFrom, publishedOn, number, replaces }] of effects.entries()) {
      const before = effects[i - 1];
      if (before) {
        expect(effectiveFrom > before.effectiveFrom).toBe(true);
        expect(number).toBeGreaterThan(before.number);
      }
      if (replaces !== null) expect(calendar.daysBetween(publishedOn, effectiveFrom)).toBeGreaterThanOrEqual(7);
      // Only one that nothing published comes before goes without the seven days.
      if (i > 0) expect(replaces).not.toBeNull();
      if (i > 0 && effectiveFrom <= today()) reached.changesInEffect++;
    }
    const last = today();
    for (let day = FIRST_DAY; day <= last; day = calendar.addDays(day, 1)) {
      const shown = await kit.rulesInEffect('main', of, day);
      expect(shown?.number).toBe(effects.findLast(({ effectiveFrom }) => effectiveFrom <= day)?.number);
    }
  }
  // Every acceptance names a version, and the hash of what that version says.
  const { items } = await kit.listAcceptances(auditor, { limit: 100 });
  for (const { id, body } of items) {
    const version = await kit.rulesVersion('main', body.ruleVersion);
    expect(body.sha256).toBe(rulesHash(version.document, version.number, version.sections));
    expect(body.commitment).toBe(commitmentOf(body.salt, body.user));
    const [entry] = entries.filter(({ kind, subject }) => kind === 'rules.accepted' && subject.id === id);
    expect(entry?.facts).toMatchObject({ version: body.ruleVersion, sha256: body.sha256, user: body.commitment });
  }
}

it('holds in any order of proposals, publications, days and acceptances', async () => {
  await fc.assert(fc.asyncProperty(sequence, run), { numRuns: 150 });
  expect(reached.changesInEffect).toBeGreaterThan(20);
  expect(reached.acceptances).toBeGreaterThan(100);
  expect(reached.leavings).toBeGreaterThan(50);
  expect(reached.refusals).toBeGreaterThan(100);
});
