import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Reader } from '../../kernel/execute.ts';
import { permit } from './access.ts';
import { gateIssues } from './conditions.ts';
import type { GateState } from './conditions.ts';
import type { ReviewContext } from './context.ts';
import { materialsFor } from './materials.ts';
import { versionId } from './records.ts';
import type {
  AppealRecord,
  DecisionRecord,
  MaterialRecord,
  OperatorRecord,
  OrganisationRecord,
  PostingRecord,
  ReviewRecord,
  VersionRecord,
} from './records.ts';
import type { Issue } from '../../kernel/errors.ts';
import { found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';

/** How long a claim lasts (领取时限). */
const LEASE_MS = 15 * 60_000;

/** A task with everything a reviewer needs to judge it (审查任务详情). */
export interface ReviewDetail {
  readonly task: Loaded<ReviewRecord>;
  readonly posting?: Loaded<PostingRecord>;
  readonly content?: VersionRecord['content'];
  readonly screening?: DecisionRecord;
  readonly materials?: readonly Loaded<MaterialRecord>[];
  readonly material?: Loaded<MaterialRecord>;
  readonly appeal?: AppealRecord;
  readonly appealed?: DecisionRecord;
  /** What would stop an approval now. */
  readonly missing: readonly Issue[];
}

/** The one queue of postings, materials and appeals (审查队列). */
export interface QueueCommands {
  /** Open tasks, oldest first. */
  listReviews(actor: Actor, page: PageOptions & { readonly kind?: ReviewRecord['kind'] }): Promise<Listing<Loaded<ReviewRecord>>>;
  getReview(actor: Actor, id: string): Promise<ReviewDetail>;
  /**
   * Take a task for 15 minutes. The holder decides with the version this returns; after expiry another may claim it,
   * which changes the version, so the late holder’s decision is refused.
   * @throws ZP_CLAIM_HELD, ZP_SEPARATION_OF_DUTIES, ZP_STATE, ZP_NOT_FOUND
   */
  claimReview(
    actor: Actor,
    id: string,
  ): Promise<{ readonly id: string; readonly version: number; readonly until: string; readonly fence: number }>;
}

/** What approval and publication are judged by, read together. */
export async function loadGate(reader: Reader, tenant: string, posting: Loaded<PostingRecord>): Promise<GateState> {
  const { organisation, employerUscc, contentVersion, screening } = posting.body;
  const [operator, registered, version, screened, materials] = await Promise.all([
    load<OperatorRecord>(reader, 'operators', tenant),
    load<OrganisationRecord>(reader, 'organisations', organisation),
    load<VersionRecord>(reader, 'postingVersions', versionId(posting.id, contentVersion)),
    screening === undefined ? undefined : load<DecisionRecord>(reader, 'decisions', screening),
    materialsFor(reader, organisation, employerUscc),
  ]);
  return {
    operator: operator?.body,
    organisation: registered?.body,
    posting: posting.body,
    content: version?.body.content,
    salt: version?.body.salt,
    screening: screened?.body,
    materials,
  };
}

/** The queue over a context. */
export function createQueue(context: ReviewContext, nowMs: () => number): QueueCommands {
  return {
    async listReviews(actor, { kind, ...page }) {
      permit(actor, 'review.read');
      const where = { state: 'open', ...(kind === undefined ? {} : { kind }) };
      const result = await context.reader(actor.tenant).find('reviews', { where, range: { field: 'openedAt' }, ...page });
      return listed<ReviewRecord>(result);
    },

    async getReview(actor, id) {
      permit(actor, 'review.read');
      const reader = context.reader(actor.tenant);
      const task = found(await load<ReviewRecord>(reader, 'reviews', id));
      if (task.body.kind === 'material') {
        return { task, material: found(await load<MaterialRecord>(reader, 'materials', task.body.subject)), missing: [] };
      }
      const appeal = task.body.kind === 'appeal' ? found(await load<AppealRecord>(reader, 'appeals', task.body.subject)) : undefined;
      const appealed = appeal && found(await load<DecisionRecord>(reader, 'decisions', appeal.body.decision));
      const basis = { task, ...(appeal ? { appeal: appeal.body } : {}), ...(appealed ? { appealed: appealed.body } : {}) };
      if (appealed?.body.collection === 'materials') {
        return { ...basis, material: found(await load<MaterialRecord>(reader, 'materials', appealed.body.subject)), missing: [] };
      }
      const posting = found(await load<PostingRecord>(reader, 'postings', appealed?.body.subject ?? task.body.subject));
      const state = await loadGate(reader, actor.tenant, posting);
      const issues = gateIssues(state, context.calendar.today(nowMs()));
      return {
        ...basis,
        posting,
        ...(state.content ? { content: state.content } : {}),
        ...(state.screening ? { screening: state.screening } : {}),
        materials: state.materials,
        missing: [...issues.operator, ...issues.materials, ...issues.other],
      };
    },

    async claimReview(actor, id) {
      permit(actor, 'review.decide');
      return context.execute({
        actor,
        load: async (reader) => found(await load<ReviewRecord>(reader, 'reviews', id)),
        decide(task: Loaded<ReviewRecord>, now) {
          const { claim, state, barred } = task.body;
          if (state !== 'open') throw new ComplianceError('ZP_STATE');
          if (barred.includes(actor.id)) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          if (claim && claim.by !== actor.id && claim.until > now) throw new ComplianceError('ZP_CLAIM_HELD');
          const fence = task.body.fence + 1;
          const until = new Date(Date.parse(now) + LEASE_MS).toISOString();
          const body: ReviewRecord = { ...task.body, fence, claim: { by: actor.id, until, fence } };
          const facts = { until, fence, earlier: claim?.by ?? null };
          return {
            drafts: [{ kind: 'review.claimed', subject: { collection: 'reviews', id }, facts, changes: [replace('reviews', task, body)] }],
            result: { id, version: task.version + 1, until, fence },
          };
        },
      });
    },
  };
}
