import { contentHash } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Issue } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { JsonObject } from '../../kernel/store.ts';
import { cite } from '../../rules/instruments.ts';
import { POSTING_NOTES, POSTING_SCHEMA } from '../../rules/posting-schema.ts';
import type { PostingContent } from '../../rules/posting-schema.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import type { Validator } from '../../kernel/validate.ts';
import type { ScreenResult } from '../../screening/types.ts';
import { own, permit } from './access.ts';
import { accountIssues, contentIssues, contextOf, operatorIssues, outcomeOf, pointerOfField, screenInputOf } from './conditions.ts';
import { decision, decisionFacts, idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';
import { askOpinion, withOpinion } from './second-opinion.ts';
import { reasonOfFinding, versionId } from './records.ts';
import type {
  DecisionRecord,
  OperatorRecord,
  OrganisationRecord,
  PostingRecord,
  PostingState,
  ReasonRecord,
  ReviewRecord,
  VersionRecord,
} from './records.ts';

/** Answer to a submission (提交结果). */
export type Submitted = {
  readonly id: string;
  readonly state: PostingState;
  readonly version: number;
  readonly contentHash: string;
  readonly outcome: ScreenResult['outcome'];
  /** The recorded screening decision. */
  readonly decision: string;
  readonly review: string | null;
  readonly reasons: readonly ReasonRecord[];
};

/** Any part of a posting. */
type DraftContent = { readonly [field in keyof PostingContent]?: PostingContent[field] };

interface State {
  readonly operator: Loaded<OperatorRecord> | undefined;
  readonly organisation: Loaded<OrganisationRecord> | undefined;
  readonly posting: Loaded<PostingRecord> | undefined;
  readonly review: Loaded<ReviewRecord> | undefined;
  readonly screening: Loaded<DecisionRecord> | undefined;
  readonly current: Loaded<VersionRecord> | undefined;
}

/** States a new version may be submitted from; the rest are over or under suspension. */
const REVISABLE: readonly PostingState[] = ['draft', 'in-review', 'approved', 'returned', 'rejected', 'published', 'expired', 'withdrawn'];

function foreignReason(): ReasonRecord {
  return {
    reason: 'foreign-hire',
    severity: 'review',
    pointer: '/hiresForeigners',
    title: { zh: '拟聘用外国人，须人工核对', en: 'Seeks foreign nationals: a person checks the list' },
    advice: { zh: '准备工作许可安排的说明', en: 'Have the work-permit arrangement ready' },
    citations: [cite('order44', '17(2)'), cite('exit-entry', '41')],
  };
}

/** The refusal an employer sees after an automated block (自动拦截). */
function blockedError(result: Submitted): ComplianceError {
  const issues = result.reasons.map((r): Issue => ({
    pointer: r.pointer ?? pointerOfField(r.field ?? ''),
    rule: r.rule ?? r.reason,
    title: r.title,
    advice: r.advice,
    citations: r.citations,
    ...(r.ground === undefined ? {} : { ground: r.ground }),
    ...(r.start === undefined ? {} : { start: r.start }),
    ...(r.end === undefined ? {} : { end: r.end }),
  }));
  return new ComplianceError('ZP_SCREENING_BLOCKED', {
    issues,
    citations: issues
      .flatMap((i) => i.citations)
      .filter((c, i, all) => all.findIndex((d) => d.instrument === c.instrument && d.article === c.article) === i),
    decision: { id: result.decision, subjectId: result.id, appealable: true },
  });
}

/** Everything a person may change about a posting goes through here: first submission, draft, revision. */
export interface SubmitCommands {
  /**
   * Submit a posting for review (提交审查), new or as a revision of `id`. Screening runs in the same atomic step: the
   * posting is then `in-review`, or `rejected` with an appealable decision. A revision takes a live posting down.
   * @throws ZP_INPUT_INVALID, ZP_LICENCE_INVALID, ZP_ACCOUNT_SCOPE, ZP_SCREENING_BLOCKED (recorded), ZP_STATE,
   * ZP_PRECONDITION_FAILED, ZP_NOT_FOUND, ZP_FORBIDDEN
   * @source Order 44 Arts. 15, 17, 18
   */
  submitPosting(actor: Actor, input: unknown, options?: CommandOptions & { readonly id?: string }): Promise<Submitted>;
  /**
   * Keep an unfinished posting (草稿): any subset of the schema's fields, not screened, never shown.
   * @throws ZP_INPUT_INVALID, ZP_STATE once it has been submitted, ZP_PRECONDITION_FAILED, ZP_NOT_FOUND, ZP_FORBIDDEN
   */
  saveDraft(
    actor: Actor,
    input: unknown,
    options?: CommandOptions & { readonly id?: string },
  ): Promise<{ readonly id: string; readonly version: number }>;
  /** Check a body as `submitPosting` would at the edge, without storing anything. */
  readonly parsePosting: Validator<PostingContent>;
}

/** The submission commands over a context. */
export function createSubmit(context: ReviewContext): SubmitCommands {
  const { execute, calendar } = context;
  const parsePosting = createValidator<PostingContent>(POSTING_SCHEMA, POSTING_NOTES);
  const parseDraft = createValidator<DraftContent>(draftSchema(POSTING_SCHEMA) as object, POSTING_NOTES);

  function check(actor: Actor, state: State, content: PostingContent, today: string, options: CommandOptions): void {
    const { posting, organisation, operator } = state;
    if (posting) {
      own(actor, posting.body.organisation);
      if (options.expectedVersion !== undefined && options.expectedVersion !== posting.version)
        throw new ComplianceError('ZP_PRECONDITION_FAILED');
      if (!REVISABLE.includes(posting.body.state)) throw new ComplianceError('ZP_STATE');
    }
    if (organisation === undefined) {
      throw new ComplianceError('ZP_ACCOUNT_SCOPE', {
        detail: { zh: '本单位尚未登记', en: 'The organisation is not registered yet' },
        citations: [cite('notice-2025-60', '3')],
      });
    }
    const licence = operatorIssues(operator?.body, today);
    if (licence.length > 0) throw new ComplianceError('ZP_LICENCE_INVALID', { issues: licence, citations: licence[0]?.citations ?? [] });
    const wrong = contentIssues(content, operator?.body, today);
    if (wrong.length > 0) refuse(wrong);
    const scope = accountIssues(content, organisation.body);
    if (scope.length > 0) throw new ComplianceError('ZP_ACCOUNT_SCOPE', { issues: scope, citations: scope[0]?.citations ?? [] });
  }

  async function submitPosting(actor: Actor, input: unknown, options: CommandOptions & { readonly id?: string } = {}): Promise<Submitted> {
    permit(actor, 'posting.submit');
    const content = parsePosting(input);
    const salt = context.newSalt();
    const hash = contentHash({ content, salt });
    const organisationId = actor.organisation ?? '';
    const id = options.id ?? context.newId();
    const texts = screenInputOf(content);
    const screened = context.screen(texts, contextOf(content));
    // Asked only where the answer could matter: nothing it says lifts a block.
    const opinion = context.secondOpinion && screened.outcome !== 'block' ? await askOpinion(context.secondOpinion, texts) : undefined;
    const result = await execute<State, Submitted>({
      actor,
      ...idempotent(options),
      async load(reader) {
        const posting = options.id === undefined ? undefined : found(await load<PostingRecord>(reader, 'postings', options.id));
        const review = posting?.body.review === undefined ? undefined : await load<ReviewRecord>(reader, 'reviews', posting.body.review);
        const screening =
          posting?.body.screening === undefined ? undefined : await load<DecisionRecord>(reader, 'decisions', posting.body.screening);
        const operator = await load<OperatorRecord>(reader, 'operators', actor.tenant);
        const organisation = await load<OrganisationRecord>(reader, 'organisations', organisationId);
        const current = posting && (await load<VersionRecord>(reader, 'postingVersions', versionId(id, posting.body.contentVersion)));
        return { posting, review, screening, operator, organisation, current };
      },
      decide(state, now) {
        check(actor, state, content, calendar.today(Date.parse(now)), options);
        const { posting, review } = state;
        const unchanged =
          posting !== undefined &&
          posting.body.contentHash === contentHash({ content, salt: state.current?.body.salt ?? '' }) &&
          posting.body.state !== 'withdrawn' &&
          posting.body.state !== 'expired';
        if (unchanged && posting.body.screening !== undefined)
          return { drafts: [], result: unchangedResult(posting, state.screening?.body.reasons ?? []) };

        const outcome = withOpinion(outcomeOf(content, screened), opinion);
        const blocked = outcome === 'block';
        const contentVersion = (posting?.body.contentVersion ?? 0) + 1;
        const version = versionId(id, contentVersion);
        const decisionId = `${version}.screening`;
        const reviewId = blocked ? undefined : version;
        const reasons = [...screened.findings.map(reasonOfFinding), ...(content.hiresForeigners === true ? [foreignReason()] : [])];
        const made: DecisionRecord = decision({
          tenant: actor.tenant,
          subject: id,
          collection: 'postings',
          organisation: organisationId,
          contentHash: hash,
          verdict: blocked ? 'block' : 'refer',
          automated: true,
          by: 'screening',
          at: now,
          pack: screened.pack,
          outcome,
          reasons,
          ...(opinion ? { secondOpinion: opinion } : {}),
        });
        const record: PostingRecord = {
          tenant: actor.tenant,
          organisation: organisationId,
          state: blocked ? 'rejected' : 'in-review',
          title: content.title,
          employerUscc: content.employer.uscc,
          contentVersion,
          contentHash: hash,
          submittedBy: actor.id,
          updatedAt: now,
          outcome,
          screening: decisionId,
          ...(reviewId === undefined ? {} : { review: reviewId }),
          barred: [actor.id],
          clearances: [],
        };
        const task: ReviewRecord = {
          tenant: actor.tenant,
          kind: 'posting',
          subject: id,
          organisation: organisationId,
          contentHash: hash,
          state: 'open',
          openedAt: now,
          barred: [actor.id],
          fence: 0,
        };
        const text: VersionRecord = {
          tenant: actor.tenant,
          organisation: organisationId,
          posting: id,
          content,
          salt,
          contentHash: hash,
          by: actor.id,
          at: now,
        };
        const draft: Draft = {
          kind: blocked ? 'posting.blocked' : 'posting.submitted',
          subject: { collection: 'postings', id },
          facts: { ...decisionFacts(decisionId, made), contentVersion, from: posting?.body.state ?? null },
          changes: [
            posting ? replace('postings', posting, record) : create('postings', id, record),
            create('postingVersions', version, text),
            create('decisions', decisionId, made),
            ...(reviewId === undefined ? [] : [create('reviews', reviewId, task)]),
            // The task of an earlier version is moot once there is a newer one to review.
            ...(review?.body.state === 'open' ? [replace('reviews', review, { ...withoutClaim(review.body), state: 'void' })] : []),
          ],
        };
        return {
          drafts: [draft],
          result: {
            id,
            state: record.state,
            version: (posting?.version ?? 0) + 1,
            contentHash: hash,
            outcome,
            decision: decisionId,
            review: reviewId ?? null,
            reasons,
          },
        };
      },
    });
    if (result.state === 'rejected' && result.outcome === 'block') throw blockedError(result);
    return result;
  }

  async function saveDraft(
    actor: Actor,
    input: unknown,
    options: CommandOptions & { readonly id?: string } = {},
  ): Promise<{ readonly id: string; readonly version: number }> {
    permit(actor, 'posting.submit');
    const content = parseDraft(input);
    const salt = context.newSalt();
    const hash = contentHash({ content, salt });
    const id = options.id ?? context.newId();
    const organisation = actor.organisation ?? '';
    const text = versionId(id, 0);
    return execute<
      { readonly posting: Loaded<PostingRecord> | undefined; readonly text: Loaded<JsonObject> | undefined },
      { readonly id: string; readonly version: number }
    >({
      actor,
      ...idempotent(options),
      async load(reader) {
        if (options.id === undefined) return { posting: undefined, text: undefined };
        return {
          posting: found(await load<PostingRecord>(reader, 'postings', id)),
          text: await load<JsonObject>(reader, 'postingVersions', text),
        };
      },
      decide({ posting, text: saved }, now) {
        if (posting) {
          own(actor, posting.body.organisation);
          if (options.expectedVersion !== undefined && options.expectedVersion !== posting.version)
            throw new ComplianceError('ZP_PRECONDITION_FAILED');
          if (posting.body.state !== 'draft') throw new ComplianceError('ZP_STATE');
        }
        const record: PostingRecord = {
          tenant: actor.tenant,
          organisation,
          state: 'draft',
          title: content.title ?? '',
          employerUscc: content.employer?.uscc ?? '',
          contentVersion: 0,
          contentHash: hash,
          submittedBy: actor.id,
          updatedAt: now,
          outcome: 'review',
          barred: [actor.id],
          clearances: [],
        };
        const body: JsonObject = {
          tenant: actor.tenant,
          organisation,
          posting: id,
          content,
          salt,
          contentHash: hash,
          by: actor.id,
          at: now,
        };
        const changes = [
          posting ? replace('postings', posting, record) : create('postings', id, record),
          saved ? replace('postingVersions', saved, body) : create('postingVersions', text, body),
        ];
        return {
          drafts: [{ kind: 'posting.drafted', subject: { collection: 'postings', id }, facts: { contentHash: hash }, changes }],
          result: { id, version: (posting?.version ?? 0) + 1 },
        };
      },
    });
  }

  return { submitPosting, saveDraft, parsePosting };
}

/** The posting schema with nothing required: what a draft is held to. */
function draftSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(draftSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const dropped = ['required', 'if', 'then', 'minProperties'];
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !dropped.includes(key))
      .map(([key, value]) => [key, draftSchema(value)]),
  );
}

/** The same content again changes nothing, and is told again what was found. */
function unchangedResult(posting: Loaded<PostingRecord>, reasons: readonly ReasonRecord[]): Submitted {
  const { state, contentHash: hash, outcome, screening, review } = posting.body;
  return {
    id: posting.id,
    state,
    version: posting.version,
    contentHash: hash,
    outcome,
    decision: screening ?? '',
    review: review ?? null,
    reasons,
  };
}

function withoutClaim(review: ReviewRecord): ReviewRecord {
  const { claim: _claim, ...rest } = review;
  return rest;
}
