import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { isErased } from '../../kernel/seal.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import type { PostingContent } from '../../rules/posting-schema.ts';
import { APPEAL_SCHEMA, TAKEDOWN_SCHEMA } from '../../rules/schemas.ts';
import type { AppealInput, TakedownInput } from '../../rules/schemas.ts';
import { isOutside, own, permit } from './access.ts';
import { gateIssues, licencedThrough, operatorIssues } from './conditions.ts';
import type { GateState } from './conditions.ts';
import { decision, decisionFacts, idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';
import { loadGate } from './queue.ts';
import { reasonsOf } from './reasons.ts';
import { versionId } from './records.ts';
import type {
  AppealRecord,
  DecisionRecord,
  MaterialRecord,
  OperatorRecord,
  PostingRecord,
  PostingState,
  ReviewRecord,
  VersionRecord,
} from './records.ts';

export type Moved = {
  readonly id: string;
  readonly state: PostingState;
  readonly version: number;
  readonly expiresOn?: string;
  readonly decision?: string;
};

/** A posting as the public may see it (公开的招聘信息). */
export interface PublishedPosting {
  readonly id: string;
  readonly content: PostingContent;
  /** SHA-256 over the canonical form of `{content, salt}`: what was approved, for anyone to check. */
  readonly contentHash: string;
  readonly salt: string;
  readonly publishedAt: string;
  readonly expiresOn: string;
}

/** Publication and what follows it (发布及其后). */
export interface LifecycleCommands {
  /** Publish an approved posting; every condition is checked again. @throws ZP_STATE, ZP_MATERIALS_INCOMPLETE, ZP_LICENCE_INVALID, ZP_SCREENING_BLOCKED @source Order 44 Arts. 9, 15, 17 */
  publishPosting(actor: Actor, id: string, options?: CommandOptions): Promise<Moved>;
  withdrawPosting(actor: Actor, id: string, options?: CommandOptions): Promise<Moved>;
  closePosting(actor: Actor, id: string, options?: CommandOptions): Promise<Moved>;
  /** Say that a published posting still stands; starts its interval anew. @source Order 44 Art. 18 */
  confirmPosting(actor: Actor, id: string, options?: CommandOptions): Promise<Moved>;
  /** Take a published or approved posting down with a statement of reasons. */
  suspendPosting(actor: Actor, id: string, input: unknown, options?: CommandOptions): Promise<Moved>;
  /** Mark published postings whose last day has passed; returns how many. They are not shown from that day on even before this runs. */
  expirePostings(actor: Actor): Promise<{ readonly expired: number }>;
  /** Appeal a decision, once. @throws ZP_APPEAL_USED, ZP_STATE, ZP_NOT_FOUND */
  appealDecision(
    actor: Actor,
    decisionId: string,
    input: unknown,
    options?: CommandOptions,
  ): Promise<{ readonly decision: string; readonly review: string }>;
  getPosting(actor: Actor, id: string): Promise<Pick<VersionRecord, 'content' | 'salt'> & { readonly posting: Loaded<PostingRecord> }>;
  listPostings(actor: Actor, page: PageOptions & { readonly state?: PostingState }): Promise<Listing<Loaded<PostingRecord>>>;
  getDecision(actor: Actor, id: string): Promise<{ readonly decision: Loaded<DecisionRecord>; readonly appeal?: AppealRecord }>;
  listDecisions(actor: Actor, subject: string, page: PageOptions): Promise<Listing<Loaded<DecisionRecord>>>;
  /** What anyone may see of a posting. @throws ZP_NOT_PUBLISHED when it, its licence or its materials no longer stand */
  publishedPosting(tenant: string, id: string): Promise<PublishedPosting>;
}

type Step = { readonly from: readonly PostingState[]; readonly to: PostingState; readonly kind: string };

const WITHDRAW: Step = {
  from: ['draft', 'in-review', 'approved', 'returned', 'published', 'expired'],
  to: 'withdrawn',
  kind: 'posting.withdrawn',
};
const CLOSE: Step = {
  from: ['approved', 'returned', 'rejected', 'published', 'expired', 'withdrawn', 'suspended'],
  to: 'closed',
  kind: 'posting.closed',
};
const SWEEP = 200;

function earliest(...dates: readonly (string | undefined)[]): string {
  return dates.filter((d) => d !== undefined).toSorted()[0] ?? '9999-12-31';
}

/** Neither approval nor a public life outlasts leaving the published state. */
function withoutPublication(posting: PostingRecord): PostingRecord {
  const { approval: _approval, expiresOn: _expiresOn, ...rest } = posting;
  return rest;
}

/** The lifecycle commands over a context. */
export function createLifecycle(context: ReviewContext, nowMs: () => number): LifecycleCommands {
  const { calendar } = context;
  const parseTakedown = createValidator<TakedownInput>(TAKEDOWN_SCHEMA);
  const parseAppeal = createValidator<AppealInput>(APPEAL_SCHEMA);

  function guard(actor: Actor, posting: Loaded<PostingRecord>, from: readonly PostingState[], options: CommandOptions): void {
    own(actor, posting.body.organisation);
    if (options.expectedVersion !== undefined && options.expectedVersion !== posting.version)
      throw new ComplianceError('ZP_PRECONDITION_FAILED');
    if (!from.includes(posting.body.state)) throw new ComplianceError('ZP_STATE');
  }

  function move(actor: Actor, id: string, step: Step, options: CommandOptions): Promise<Moved> {
    return context.execute<{ readonly posting: Loaded<PostingRecord>; readonly review: Loaded<ReviewRecord> | undefined }, Moved>({
      actor,
      ...idempotent(options),
      load: async (reader) => {
        const posting = found(await load<PostingRecord>(reader, 'postings', id));
        return {
          posting,
          review: posting.body.review === undefined ? undefined : await load<ReviewRecord>(reader, 'reviews', posting.body.review),
        };
      },
      decide({ posting, review }, now) {
        guard(actor, posting, step.from, options);
        const body: PostingRecord = { ...withoutPublication(posting.body), state: step.to, updatedAt: now };
        const changes = [replace('postings', posting, body)];
        if (review?.body.state === 'open') {
          const { claim: _claim, ...rest } = review.body;
          changes.push(replace('reviews', review, { ...rest, state: 'void' }));
        }
        const facts = { from: posting.body.state, contentHash: posting.body.contentHash };
        return {
          drafts: [{ kind: step.kind, subject: { collection: 'postings', id }, facts, changes }],
          result: { id, state: step.to, version: posting.version + 1 },
        };
      },
    });
  }

  function lastDay(content: PostingContent, gate: GateState, materials: readonly Loaded<MaterialRecord>[], today: string): string {
    const { validThrough, reconfirmEveryDays } = content.validity;
    const valid = reconfirmEveryDays === undefined ? validThrough : calendar.addDays(today, reconfirmEveryDays);
    const licence = gate.operator?.agencyType === 'commercial' ? licencedThrough(calendar, gate.operator, today) : undefined;
    return earliest(valid, licence, ...materials.map((m) => m.body.expiresOn));
  }

  function put(actor: Actor, id: string, from: PostingState, kind: string, options: CommandOptions): Promise<Moved> {
    return context.execute<{ readonly posting: Loaded<PostingRecord>; readonly gate: GateState }, Moved>({
      actor,
      ...idempotent(options),
      load: async (reader) => {
        const posting = found(await load<PostingRecord>(reader, 'postings', id));
        return { posting, gate: await loadGate(reader, actor.tenant, posting) };
      },
      decide({ posting, gate }, now) {
        guard(actor, posting, [from], options);
        const { approval } = posting.body;
        if (!approval || approval.contentHash !== posting.body.contentHash || gate.content === undefined)
          throw new ComplianceError('ZP_STATE');
        const today = calendar.today(Date.parse(now));
        const issues = gateIssues(gate, today);
        if (issues.operator.length > 0) throw new ComplianceError('ZP_LICENCE_INVALID', { issues: issues.operator });
        if (issues.materials.length > 0)
          throw new ComplianceError('ZP_MATERIALS_INCOMPLETE', { issues: issues.materials, citations: [cite('order44', '17(1)')] });
        if (issues.other.length > 0) throw new ComplianceError('ZP_SCREENING_BLOCKED', { issues: issues.other });
        const expiresOn = lastDay(gate.content, gate, issues.relied, today);
        const materials = issues.relied.map((m) => m.id);
        const body: PostingRecord = {
          ...posting.body,
          state: 'published',
          updatedAt: now,
          publishedAt: posting.body.publishedAt ?? now,
          expiresOn,
          approval: { ...approval, materials },
        };
        const facts = { contentHash: approval.contentHash, approval: approval.decision, approvedBy: approval.by, materials, expiresOn };
        return {
          drafts: [{ kind, subject: { collection: 'postings', id }, facts, changes: [replace('postings', posting, body)] }],
          result: { id, state: 'published', version: posting.version + 1, expiresOn },
        };
      },
    });
  }

  return {
    async publishPosting(actor, id, options = {}) {
      permit(actor, 'posting.publish');
      return put(actor, id, 'approved', 'posting.published', options);
    },
    async confirmPosting(actor, id, options = {}) {
      permit(actor, 'posting.confirm');
      return put(actor, id, 'published', 'posting.confirmed', options);
    },
    async withdrawPosting(actor, id, options = {}) {
      permit(actor, 'posting.withdraw');
      return move(actor, id, WITHDRAW, options);
    },
    async closePosting(actor, id, options = {}) {
      permit(actor, 'posting.close');
      return move(actor, id, CLOSE, options);
    },

    async suspendPosting(actor, id, input, options = {}) {
      permit(actor, 'posting.suspend');
      const reasons = reasonsOf(parseTakedown(input).reasons);
      const decisionId = context.newId();
      return context.execute<Loaded<PostingRecord>, Moved>({
        actor,
        ...idempotent(options),
        load: async (reader) => found(await load<PostingRecord>(reader, 'postings', id)),
        decide(posting, now) {
          guard(actor, posting, ['published', 'approved', 'expired'], options);
          const { organisation, contentHash } = posting.body;
          const made = decision({
            tenant: actor.tenant,
            subject: id,
            collection: 'postings',
            organisation,
            contentHash,
            verdict: 'suspend',
            automated: false,
            by: actor.id,
            at: now,
            reasons,
          });
          const body: PostingRecord = { ...withoutPublication(posting.body), state: 'suspended', updatedAt: now };
          return {
            drafts: [
              {
                kind: 'posting.suspended',
                subject: { collection: 'postings', id },
                facts: decisionFacts(decisionId, made),
                changes: [replace('postings', posting, body), create('decisions', decisionId, made)],
              },
            ],
            result: { id, state: 'suspended', version: posting.version + 1, decision: decisionId },
          };
        },
      });
    },

    async expirePostings(actor) {
      permit(actor, 'posting.expire');
      let expired = 0;
      for (;;) {
        const count = await context.execute<readonly Loaded<PostingRecord>[], { readonly count: number }>({
          actor,
          load: async (reader) => {
            const today = calendar.today(nowMs());
            const page = await reader.find('postings', {
              where: { state: 'published' },
              range: { field: 'expiresOn', lt: today },
              limit: SWEEP,
            });
            return page.records.map((r) => ({ id: r.id, version: r.version, body: r.body as PostingRecord }));
          },
          decide(due, now) {
            const drafts = due.map((posting): Draft => {
              const body: PostingRecord = { ...withoutPublication(posting.body), state: 'expired', updatedAt: now };
              const facts = { expiresOn: posting.body.expiresOn ?? '', contentHash: posting.body.contentHash };
              return {
                kind: 'posting.expired',
                subject: { collection: 'postings', id: posting.id },
                facts,
                changes: [replace('postings', posting, body)],
              };
            });
            return { drafts, result: { count: due.length } };
          },
        });
        expired += count.count;
        if (count.count < SWEEP) return { expired };
      }
    },

    async appealDecision(actor, decisionId, input, options = {}) {
      permit(actor, 'decision.appeal');
      const { explanation } = parseAppeal(input);
      return context.execute<
        { readonly made: Loaded<DecisionRecord>; readonly earlier: Loaded<AppealRecord> | undefined },
        { readonly decision: string; readonly review: string }
      >({
        actor,
        ...idempotent(options),
        load: async (reader) => ({
          made: found(await load<DecisionRecord>(reader, 'decisions', decisionId)),
          earlier: await load<AppealRecord>(reader, 'appeals', decisionId),
        }),
        decide({ made, earlier }, now) {
          own(actor, made.body.organisation);
          if (!made.body.appeal.possible) throw new ComplianceError('ZP_STATE');
          if (earlier) throw new ComplianceError('ZP_APPEAL_USED');
          const review = `appeal.${decisionId}`;
          const { organisation, contentHash } = made.body;
          const appeal: AppealRecord = {
            tenant: actor.tenant,
            decision: decisionId,
            explanation,
            filedBy: actor.id,
            filedAt: now,
            state: 'open',
          };
          const barred = [...new Set([actor.id, made.body.by])];
          const task: ReviewRecord = {
            tenant: actor.tenant,
            kind: 'appeal',
            subject: decisionId,
            organisation,
            contentHash,
            state: 'open',
            openedAt: now,
            barred,
            fence: 0,
          };
          const facts = { decision: decisionId, contentHash };
          return {
            drafts: [
              {
                kind: 'decision.appealed',
                subject: { collection: 'decisions', id: decisionId },
                facts,
                changes: [create('appeals', decisionId, appeal), create('reviews', review, task)],
              },
            ],
            result: { decision: decisionId, review },
          };
        },
      });
    },

    async getPosting(actor, id) {
      permit(actor, 'posting.read');
      const reader = context.reader(actor.tenant);
      const posting = found(await load<PostingRecord>(reader, 'postings', id));
      own(actor, posting.body.organisation);
      const version = found(await load<VersionRecord>(reader, 'postingVersions', versionId(id, posting.body.contentVersion)));
      return { posting, content: version.body.content, salt: version.body.salt };
    },

    async listPostings(actor, { state, ...page }) {
      permit(actor, 'posting.read');
      const where = { ...(isOutside(actor) ? { organisation: actor.organisation ?? '' } : {}), ...(state === undefined ? {} : { state }) };
      const result = await context.reader(actor.tenant).find('postings', { where, range: { field: 'updatedAt' }, order: 'desc', ...page });
      return listed<PostingRecord>(result);
    },

    async getDecision(actor, id) {
      permit(actor, 'decision.read');
      const reader = context.reader(actor.tenant);
      const made = found(await load<DecisionRecord>(reader, 'decisions', id));
      own(actor, made.body.organisation);
      const appeal = await load<AppealRecord>(reader, 'appeals', id);
      return { decision: made, ...(appeal ? { appeal: appeal.body } : {}) };
    },

    async listDecisions(actor, subject, page) {
      permit(actor, 'decision.read');
      const result = await context.reader(actor.tenant).find('decisions', { where: { subject }, range: { field: 'at' }, ...page });
      const decisions = listed<DecisionRecord>(result);
      for (const { body } of decisions.items) own(actor, body.organisation);
      return decisions;
    },

    async publishedPosting(tenant, id) {
      const reader = context.reader(tenant);
      const today = calendar.today(nowMs());
      const gone = new ComplianceError('ZP_NOT_PUBLISHED');
      const posting = await load<PostingRecord>(reader, 'postings', id);
      if (posting === undefined) throw gone;
      const { state, expiresOn, approval, publishedAt, contentVersion, contentHash } = posting.body;
      if (
        state !== 'published' ||
        !approval ||
        publishedAt === undefined ||
        expiresOn === undefined ||
        expiresOn < today ||
        approval.contentHash !== contentHash
      )
        throw gone;
      const [operator, version, ...materials] = await Promise.all([
        load<OperatorRecord>(reader, 'operators', tenant),
        load<VersionRecord>(reader, 'postingVersions', versionId(id, contentVersion)),
        ...approval.materials.map((m) => load<MaterialRecord>(reader, 'materials', m)),
      ]);
      // A licence or material that stopped standing takes the posting down now, not at the next sweep.
      const stands = materials.every((m) => m?.body.state === 'accepted' && (m.body.expiresOn ?? '9999') >= today);
      const text = version?.body.contentHash === contentHash && !isErased(version.body.content) ? version.body : undefined;
      if (!text || !stands || operatorIssues(operator?.body, today).length > 0) throw gone;
      return { id, content: text.content, salt: text.salt, contentHash, publishedAt, expiresOn };
    },
  };
}
