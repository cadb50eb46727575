import { contentHash } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Issue } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Citation } from '../../kernel/law.ts';
import { randomBytes } from '../../kernel/random.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { TOLD_DAYS } from '../../kernel/sourced-duty.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RULE_PROPOSAL_SCHEMA, RULE_PUBLICATION_SCHEMA, RULE_RETRACTION_SCHEMA } from '../../rules/platform-rule-schemas.ts';
import type { RuleProposalInput, RulePublicationInput, RuleRetractionInput } from '../../rules/platform-rule-schemas.ts';
import { findUnfairTerms } from '../../rules/unfair-terms.ts';
import type { TermWarning } from '../../rules/unfair-terms.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import {
  announcedOn,
  currentVersions,
  diffSections,
  effectOf,
  headOf,
  inEffectOn,
  isPublic,
  rulesHash,
  ruleVersionId,
  versionsBackTo,
  viewOf,
} from './records.ts';
import { sectionIssues, writtenIssues } from './texts.ts';
import type { RuleDocument, RuleSection, RuleVersionHead, RuleVersionRecord, RuleVersionView, SectionDiff } from './records.ts';

export type WrittenRules = {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
  /** Terms that look unfair: for a person to judge. */
  readonly warnings: readonly TermWarning[];
};

export type PublishedRules = WrittenRules & { readonly effectiveFrom: string };

/** The platform agreement and rules, from proposal to effect (平台服务协议和规则). */
export interface RuleVersionCommands {
  /**
   * Put a text forward. A change is opened for comments for seven days or more; a first version may go without. One proposal of a document at a time.
   * @throws ZP_INPUT_INVALID (`topic-missing`, `comment-window`, `placeholder`, …); ZP_STATE while another is open
   * @source Order 44 Art. 24(1); E-commerce Law Arts. 32, 34(1)
   */
  proposeRules(actor: Actor, input: unknown, options?: DeskOptions): Promise<WrittenRules>;
  /**
   * Publish what was put forward, unchanged, once the days for comments are over. It takes effect by itself on its day.
   * @throws ZP_INPUT_INVALID (`notice`: less than seven days ahead), ZP_STATE @source E-commerce Law Art. 34(1)
   */
  publishRules(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<PublishedRules>;
  /** Take back a proposal, or a published version before it takes effect. It stays on record. @throws ZP_STATE */
  withdrawProposal(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<{ readonly id: string; readonly on: string }>;
  /** Public, without an account. @param day today unless given @source E-commerce Law Art. 33 */
  rulesInEffect(tenant: string, document: RuleDocument, day?: string): Promise<RuleVersionView | undefined>;
  /** Public: published and not yet in effect, the next one first. */
  announcedRules(tenant: string, document: RuleDocument): Promise<readonly RuleVersionView[]>;
  /** Public: what comments are or were asked on, until it is published or taken back. */
  openRules(tenant: string, document: RuleDocument): Promise<RuleVersionView | undefined>;
  /** Public: any version that ever was. @throws ZP_NOT_FOUND */
  rulesVersion(tenant: string, id: string): Promise<RuleVersionView>;
  /** Public: every version that ever was, newest first. */
  publicRuleVersions(tenant: string, document: RuleDocument, page: PageOptions): Promise<Listing<RuleVersionHead>>;
  /** All of them with who did what, also what was never public. */
  listRuleVersions(actor: Actor, document: RuleDocument, page: PageOptions): Promise<Listing<Loaded<RuleVersionRecord>>>;
  /** Public: what differs between two versions of a document, section by section. @throws ZP_NOT_FOUND; ZP_INPUT_INVALID for two documents */
  diffRules(tenant: string, from: string, to: string): Promise<readonly SectionDiff[]>;
  /** The duty source: changes published in the last 400 days. @param today `YYYY-MM-DD` */
  ruleDuties(tenant: string, today: string): Promise<readonly SourcedDuty[]>;
}

const WINDOW_DAYS = 7;
const NOTICE_DAYS = 7;
const LEAST_SUMMARY = 10;
const LEAST_REASON = 5;
const MOST_DIFFS = 50;
const DOCUMENTS: readonly RuleDocument[] = ['agreement', 'rules'];
const TOPICS: { readonly [topic in Exclude<RuleSection['topics'][number], 'other'>]: { readonly zh: string; readonly en: string } } = {
  'entry-and-exit': { zh: '进入和退出平台', en: 'entering and leaving the platform' },
  'service-quality': { zh: '服务质量保障', en: 'quality of the service' },
  'job-seeker-rights': { zh: '求职者权益保护', en: 'protection of job seekers' },
  'personal-information': { zh: '个人信息保护', en: 'protection of personal information' },
};
const CHANGES = [cite('e-commerce', '34(1)')];

function issue(pointer: string, rule: string, zh: string, en: string, citations: readonly Citation[]): Issue {
  return { pointer, rule, title: { zh, en }, advice: { zh, en }, citations };
}

function wrongState(zh: string, en: string): never {
  throw new ComplianceError('ZP_STATE', { detail: { zh, en }, citations: CHANGES });
}

/** What the schema cannot say. @throws ZP_INPUT_INVALID */
function checkTexts({ document, summary, sections }: RuleProposalInput): void {
  const ids = sections.map(({ id }) => id);
  const issues = sections.flatMap((section, i) => [
    ...(ids.indexOf(section.id) === i ? [] : [issue(`/sections/${i}/id`, 'duplicate', '条款编号重复', 'is used by two sections', [])]),
    ...sectionIssues(section, `/sections/${i}`),
  ]);
  const covered = new Set<string>(sections.flatMap(({ topics }) => topics));
  const missing = document === 'agreement' ? Object.entries(TOPICS).filter(([topic]) => !covered.has(topic)) : [];
  const all = [
    ...writtenIssues(summary, '/summary', LEAST_SUMMARY),
    ...issues,
    ...missing.map(([topic, { zh, en }]) =>
      issue('/sections', 'topic-missing', `服务协议未规定“${zh}”（${topic}）`, `lacks the topic ${topic}: ${en}`, [
        cite('order44', '24(1)'),
      ]),
    ),
  ];
  if (all.length > 0) refuse(all.slice(0, 50));
}

export function createRuleVersions(context: DeskContext): RuleVersionCommands {
  const { execute, calendar } = context;
  const parseProposal = createValidator<RuleProposalInput>(RULE_PROPOSAL_SCHEMA);
  const parsePublication = createValidator<RulePublicationInput>(RULE_PUBLICATION_SCHEMA);
  const parseRetraction = createValidator<RuleRetractionInput>(RULE_RETRACTION_SCHEMA);
  const today = (): string => calendar.today(context.now());
  /** The latest comparisons, those asked for last at the end. */
  const diffs = new Map<string, Promise<readonly SectionDiff[]>>();

  async function readAt(tenant: string, document: RuleDocument, day: string) {
    const now = today();
    const versions = await versionsBackTo(context.reader(tenant), document, day < now ? day : now);
    return { versions, now, current: inEffectOn(versions, now)?.id };
  }

  async function published(tenant: string, id: string): Promise<Loaded<RuleVersionRecord>> {
    const version = found(await load<RuleVersionRecord>(context.reader(tenant), 'ruleVersions', id));
    return found(isPublic(version.body) ? version : undefined);
  }

  return {
    async proposeRules(actor, input, options = {}) {
      context.permit(actor, 'rules.publish');
      const given = parseProposal(input);
      checkTexts(given);
      const { document, summary, sections, commentsThrough } = given;
      const warnings = findUnfairTerms(sections);
      const salt = randomBytes(16).toString('base64url');
      return execute<readonly Loaded<RuleVersionRecord>[], WrittenRules>({
        actor,
        ...retrying(options),
        load: (reader) => currentVersions(reader, calendar, document, context.now()),
        decide(versions, now) {
          const on = calendar.today(Date.parse(now));
          if (versions.some(({ body }) => body.state === 'open-for-comments' || body.state === 'proposed'))
            wrongState('已有一份草案尚未公示或撤回', 'Another proposal is neither published nor taken back');
          const latest = versions.find(({ body }) => body.state === 'published');
          const least = latest ? calendar.addDays(on, WINDOW_DAYS) : on;
          if (commentsThrough === undefined ? latest !== undefined : commentsThrough < least)
            refuse([
              issue(
                '/commentsThrough',
                'comment-window',
                `修改须公开征求意见，截止日不早于${least}`,
                `a change is opened for comments, until ${least} or later`,
                CHANGES,
              ),
            ]);
          if (latest && contentHash(latest.body.sections) === contentHash(sections))
            refuse([issue('/sections', 'unchanged', '与上一版本相同', 'is the same as the version before', [])]);
          const number = (versions[0]?.body.number ?? 0) + 1;
          const id = ruleVersionId(actor.tenant, document, number);
          const sha256 = rulesHash(document, number, sections);
          const body: RuleVersionRecord = {
            tenant: actor.tenant,
            document,
            number,
            state: commentsThrough === undefined ? 'proposed' : 'open-for-comments',
            summary,
            sections,
            sha256,
            salt,
            proposedBy: actor.id,
            proposedAt: now,
            proposedOn: on,
            ...(commentsThrough === undefined ? {} : { commentsThrough }),
          };
          const terms = [...new Set(warnings.map(({ term }) => term))];
          const facts = { document, number, sha256, sections: sections.length, commentsThrough: commentsThrough ?? null, warnings: terms };
          const changes = [create('ruleVersions', id, body)];
          return {
            drafts: [{ kind: 'rules.proposed', subject: { collection: 'ruleVersions', id }, facts, changes }],
            result: { id, number, sha256, warnings },
          };
        },
      });
    },
    async publishRules(actor, id, input, options = {}) {
      context.permit(actor, 'rules.publish');
      const given = parsePublication(input);
      const unwritten = given.answer ? writtenIssues(given.answer, '/answer', LEAST_SUMMARY) : [];
      if (unwritten.length > 0) refuse(unwritten);
      return execute<{ readonly version: Loaded<RuleVersionRecord>; readonly before?: Loaded<RuleVersionRecord> }, PublishedRules>({
        actor,
        ...retrying(options),
        async load(reader) {
          const version = found(await load<RuleVersionRecord>(reader, 'ruleVersions', id));
          const versions = await currentVersions(reader, calendar, version.body.document, context.now());
          const before = versions.find(({ id: other, body }) => other !== id && body.state === 'published');
          return { version, ...(before ? { before } : {}) };
        },
        decide({ version, before }, now) {
          const on = calendar.today(Date.parse(now));
          const { document, number, sha256, sections, state, commentsThrough } = version.body;
          if (state !== 'open-for-comments' && state !== 'proposed')
            wrongState('该版本已公示或已撤回', 'It is published or taken back already');
          if (commentsThrough !== undefined && on <= commentsThrough)
            wrongState(
              `征求意见至${commentsThrough}，期满方可公示`,
              `Comments are asked until ${commentsThrough}; it is published after that`,
            );
          if (commentsThrough !== undefined && given.answer === undefined)
            refuse([issue('/answer', 'required', '须说明意见的采纳情况', 'has to say how the comments were dealt with', CHANGES)]);
          const { effectiveFrom } = given;
          const least = before ? calendar.addDays(on, NOTICE_DAYS) : on;
          if (effectiveFrom < least)
            refuse([
              before
                ? issue(
                    '/effectiveFrom',
                    'notice',
                    `修改至少在实施前七日公示，不早于${least}`,
                    `is less than seven days ahead: ${least} or later`,
                    CHANGES,
                  )
                : issue('/effectiveFrom', 'past', '不得早于今日', 'must not be in the past', CHANGES),
            ]);
          const earlier = before && effectOf(before.body);
          if (earlier !== undefined && effectiveFrom <= earlier)
            refuse([
              issue(
                '/effectiveFrom',
                'order',
                `须晚于上一版本的实施日${earlier}`,
                `must be after that of the version before: ${earlier}`,
                [],
              ),
            ]);
          const replaces = before?.id;
          const body: RuleVersionRecord = {
            ...version.body,
            state: 'published',
            published: { ...given, by: actor.id, at: now, on, ...(replaces === undefined ? {} : { replaces }) },
          };
          const facts = {
            document,
            number,
            sha256,
            publishedOn: on,
            effectiveFrom,
            replaces: replaces ?? null,
            answer: given.answer ? contentHash(given.answer) : null,
            answerFile: given.answerFile?.sha256 ?? null,
          };
          const changes = [replace('ruleVersions', version, body)];
          return {
            drafts: [{ kind: 'rules.published', subject: { collection: 'ruleVersions', id }, facts, changes }],
            result: { id, number, sha256, effectiveFrom, warnings: findUnfairTerms(sections) },
          };
        },
      });
    },
    async withdrawProposal(actor, id, input, options = {}) {
      context.permit(actor, 'rules.publish');
      const { reason } = parseRetraction(input);
      const unwritten = writtenIssues(reason, '/reason', LEAST_REASON);
      if (unwritten.length > 0) refuse(unwritten);
      return execute<Loaded<RuleVersionRecord>, { readonly id: string; readonly on: string }>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<RuleVersionRecord>(reader, 'ruleVersions', id)),
        decide(version, now) {
          const on = calendar.today(Date.parse(now));
          const { document, number, sha256, state } = version.body;
          const from = effectOf(version.body);
          if (state === 'withdrawn') wrongState('该版本已撤回', 'It is taken back already');
          if (from !== undefined && from <= on)
            wrongState('该版本已实施，须另行公示新版本', 'It has taken effect: publish another version instead');
          const body: RuleVersionRecord = { ...version.body, state: 'withdrawn', withdrawn: { reason, by: actor.id, at: now, on } };
          const facts = { document, number, sha256, was: state, effectiveFrom: from ?? null };
          const changes = [replace('ruleVersions', version, body)];
          return {
            drafts: [{ kind: 'rules.retracted', subject: { collection: 'ruleVersions', id }, facts, changes }],
            result: { id, on },
          };
        },
      });
    },
    async rulesInEffect(tenant, document, day = today()) {
      if (!calendar.isDate(day)) refuse([issue('/day', 'format', '须为真实存在的日期', 'must be a date that exists', [])]);
      const { versions, now, current } = await readAt(tenant, document, day);
      const version = inEffectOn(versions, day);
      return version && viewOf(version, current, now);
    },
    async announcedRules(tenant, document) {
      const { versions, now, current } = await readAt(tenant, document, today());
      return announcedOn(versions, now).map((version) => viewOf(version, current, now));
    },
    async openRules(tenant, document) {
      const { versions, now, current } = await readAt(tenant, document, today());
      const version = versions.find(({ body }) => body.state === 'open-for-comments');
      return version && viewOf(version, current, now);
    },
    async rulesVersion(tenant, id) {
      const version = await published(tenant, id);
      const { now, current } = await readAt(tenant, version.body.document, today());
      return viewOf(version, current, now);
    },
    async publicRuleVersions(tenant, document, page) {
      const { now, current } = await readAt(tenant, document, today());
      const { items, ...rest } = await listVersions(tenant, document, page);
      return { items: items.filter(({ body }) => isPublic(body)).map((version) => headOf(version, current, now)), ...rest };
    },
    async listRuleVersions(actor, document, page) {
      context.permit(actor, 'rules.log');
      return listVersions(actor.tenant, document, page);
    },
    async diffRules(tenant, from, to) {
      const [old, version] = await Promise.all([published(tenant, from), published(tenant, to)]);
      if (old.body.document !== version.body.document)
        refuse([issue('/to', 'document', '须为同一文件的两个版本', 'must be of the same document', [])]);
      // Anybody may ask, and neither text ever changes.
      const key = `${from} ${to}`;
      const known = diffs.get(key) ?? diffSections(old.body.sections, version.body.sections);
      diffs.delete(key);
      diffs.set(key, known);
      for (const oldest of diffs.keys()) if (diffs.size > MOST_DIFFS) diffs.delete(oldest);
      return known;
    },
    async ruleDuties(tenant, day) {
      const since = calendar.addDays(day, -TOLD_DAYS);
      const lists = await Promise.all(DOCUMENTS.map((document) => versionsBackTo(context.reader(tenant), document, since)));
      return lists.flat().flatMap(({ id, body }) => {
        const { document, number, state, published: publication } = body;
        if (state !== 'published' || publication?.replaces === undefined || publication.on < since) return [];
        const startedOn = publication.on;
        const dueOn = calendar.addDays(startedOn, NOTICE_DAYS);
        // None takes effect before, so the days have been kept once they have gone by, however much later it takes effect.
        const discharged = day < dueOn ? {} : { discharged: { on: dueOn, late: false, reference: id } };
        return [{ clock: 'rules-publication', subject: `${document}-${number}`, startedOn, dueOn, ...discharged }];
      });
    },
  };

  async function listVersions(tenant: string, document: RuleDocument, page: PageOptions): Promise<Listing<Loaded<RuleVersionRecord>>> {
    const query = { where: { document }, range: { field: 'number', gt: 0 }, order: 'desc' as const, ...page };
    return listed<RuleVersionRecord>(await context.reader(tenant).find('ruleVersions', query));
  }
}
