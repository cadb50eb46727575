import { createAcceptances } from '../src/domain/platform-rules/acceptances.ts';
import type { AcceptanceCommands } from '../src/domain/platform-rules/acceptances.ts';
import { createRuleComments } from '../src/domain/platform-rules/comments.ts';
import type { RuleCommentCommands } from '../src/domain/platform-rules/comments.ts';
import { createRulePages } from '../src/domain/platform-rules/pages.ts';
import type { RulePageCommands } from '../src/domain/platform-rules/pages.ts';
import type { RuleSection } from '../src/domain/platform-rules/records.ts';
import { createRuleVersions } from '../src/domain/platform-rules/versions.ts';
import type { PublishedRules, RuleVersionCommands, WrittenRules } from '../src/domain/platform-rules/versions.ts';
import { isComplianceError } from '../src/kernel/errors.ts';
import { recognise } from '../src/recognition/recognise.ts';
import { createWorld, DAY_MS, officer } from './world.ts';
import type { World } from './world.ts';

const SUMMARY = { zh: '首次制定服务协议，明确各方权利义务。', en: 'The first agreement of the platform.' };
export const ANSWER = { zh: '收到的意见均已采纳并写入修改稿。', en: 'All comments received were taken up.' };
export const REASON = { zh: '文本有误，另行提出。', en: 'A mistake in the text; put forward again.' };

/** A section in both languages; `text` replaces what it says. */
export function section(id: string, topics: RuleSection['topics'], text?: Partial<RuleSection['text']>): RuleSection {
  return {
    id,
    topics,
    title: { zh: `关于${id}的约定`, en: `About ${id}` },
    text: {
      zh: '本节写明双方的权利义务以及办理的方式和时间，具体如下所述。',
      en: 'This section says who does what, how and by when.',
      ...text,
    },
  };
}

/** A first agreement, with all the topics it needs. */
export const SECTIONS: readonly RuleSection[] = [
  section('joining', ['entry-and-exit'], {
    zh: '用户可以在提前三日通知后退出平台，已经付清的费用按剩余天数退还。',
    en: 'A user may leave after three days notice, and unused fees are paid back.',
  }),
  section('quality', ['service-quality', 'job-seeker-rights']),
  section('privacy', ['personal-information']),
];

/** The same, with another first section. */
export const CHANGED: readonly RuleSection[] = [
  section('joining', ['entry-and-exit'], {
    zh: '用户可以随时退出平台，已经付清的费用按剩余天数退还。',
    en: 'A user may leave at any time, and unused fees are paid back.',
  }),
  ...SECTIONS.slice(1),
];

/** A proposal as it is put in, of a first agreement; `over` replaces fields. */
export const proposal = (over: object = {}): object => ({ document: 'agreement', summary: SUMMARY, sections: SECTIONS, ...over });

/** The commands about agreement and rules over a world of their own. */
export interface RulesWorld extends World, RuleVersionCommands, RuleCommentCommands, AcceptanceCommands, RulePageCommands {
  /** The day so many days from today. */
  plus(days: number): string;
  /** Let days go by. */
  days(count: number): void;
  /** A first agreement in effect today. */
  first(): Promise<PublishedRules>;
  /** A change whose days for comments are over. */
  change(sections?: readonly RuleSection[]): Promise<WrittenRules>;
}

/** A world in which nothing has been proposed. */
export function rulesWorld(start = '2026-09-01T02:00:00.000Z'): RulesWorld {
  const world = createWorld(start);
  const context = { ...world, recognise };
  const { calendar, clock } = world;
  const versions = createRuleVersions(context);
  const plus = (days: number): string => calendar.addDays(calendar.today(clock.now()), days);
  return {
    ...world,
    ...versions,
    ...createRuleComments(context),
    ...createAcceptances(context),
    ...createRulePages(context),
    plus,
    days: (count) => clock.advance(count * DAY_MS),
    async first() {
      const { id } = await versions.proposeRules(officer, proposal());
      return versions.publishRules(officer, id, { effectiveFrom: plus(0) });
    },
    async change(sections = CHANGED) {
      const written = await versions.proposeRules(officer, proposal({ sections, commentsThrough: plus(7) }));
      clock.advance(8 * DAY_MS);
      return written;
    },
  };
}

/** Code of a refusal and where it was; what it gave where there was none. */
export async function refusalOf(promise: Promise<unknown>): Promise<readonly string[]> {
  return promise.then(
    (value) => [`done: ${JSON.stringify(value)}`],
    (error: unknown) =>
      isComplianceError(error) ? [error.code, ...error.issues.map((one) => `${one.pointer} ${one.rule}`)] : [String(error)],
  );
}
