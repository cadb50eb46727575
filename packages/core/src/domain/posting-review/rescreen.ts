import { setTimeout as sleep } from 'node:timers/promises';

import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { isErased } from '../../kernel/seal.ts';
import type { ScreenResult } from '../../screening/types.ts';
import { permit } from './access.ts';
import { contextOf, outcomeOf, screenInputOf } from './conditions.ts';
import { decision, decisionFacts } from './context.ts';
import type { ReviewContext } from './context.ts';
import { reasonOfFinding, versionId } from './records.ts';
import { withOpinion } from './second-opinion.ts';
import type { OpinionRecord } from './second-opinion.ts';
import type { DecisionRecord, PostingRecord, PostingState, ReasonRecord, ReviewRecord, VersionRecord } from './records.ts';

export type Rescreened = {
  readonly posting: string;
  readonly from: string;
  readonly to: string;
  readonly state: PostingState;
  readonly decision: string;
};

export interface RescreenPage {
  readonly checked: number;
  readonly changed: readonly Rescreened[];
  /** Present until every live posting has been looked at; carry on with it, also after a restart. */
  readonly cursor?: string;
}

export interface RescreenOptions {
  /** Postings looked at a second, at most. Default 200. */
  readonly perSecond?: number;
  readonly signal?: AbortSignal;
  readonly onPage?: (page: RescreenPage) => void;
}

/** Screening again what is live when the rules have changed (规则变更后复筛). */
export interface RescreenCommands {
  /**
   * Screen up to `limit` live postings that were last screened by another pack. A changed outcome is recorded as a new
   * screening decision; one that is now blocked comes down at once, with the usual appeal.
   * @throws ZP_CURSOR_INVALID, ZP_FORBIDDEN
   */
  rescreenPostings(actor: Actor, page: { readonly limit: number; readonly cursor?: string }): Promise<RescreenPage>;
  /** All of them, at a bounded rate. @returns totals */
  rescreenAll(actor: Actor, options?: RescreenOptions): Promise<{ readonly checked: number; readonly changed: number }>;
}

const LIVE: readonly PostingState[] = ['published', 'approved', 'in-review'];

function signature(reasons: readonly ReasonRecord[]): string {
  return JSON.stringify(reasons.filter((r) => r.reason === 'screening').map((r) => [r.rule, r.severity, r.field, r.start, r.end]));
}

function parseCursor(cursor: string | undefined): { readonly state: number; readonly rest?: string } {
  if (cursor === undefined) return { state: 0 };
  const [state = '', rest] = cursor.split(':');
  const index = LIVE.findIndex((_name, i) => String(i) === state);
  if (index < 0) throw new ComplianceError('ZP_CURSOR_INVALID');
  return { state: index, ...(rest === undefined || rest === '' ? {} : { rest }) };
}

/** What an earlier screening said that does not come from the rules. */
interface Kept {
  readonly reasons: readonly ReasonRecord[];
  readonly opinion?: OpinionRecord;
}

interface State {
  readonly posting: Loaded<PostingRecord>;
  readonly review: Loaded<ReviewRecord> | undefined;
}

/** The re-screening commands over a context. */
export function createRescreen(context: ReviewContext): RescreenCommands {
  /** Record what the new rules say of one posting, unless it has changed meanwhile. */
  function record(
    actor: Actor,
    seen: Loaded<PostingRecord>,
    screened: ScreenResult,
    outcome: ScreenResult['outcome'],
    kept: Kept,
  ): Promise<Rescreened> {
    const decisionId = context.newId();
    return context.execute<State, Rescreened>({
      actor,
      async load(reader) {
        const posting = found(await load<PostingRecord>(reader, 'postings', seen.id));
        return {
          posting,
          review: posting.body.review === undefined ? undefined : await load<ReviewRecord>(reader, 'reviews', posting.body.review),
        };
      },
      decide({ posting, review }, now) {
        const { contentHash, state, organisation, clearances } = posting.body;
        // What was submitted or moved in between has been screened by the new rules, or is no longer live.
        if (posting.version !== seen.version)
          return { drafts: [], result: { posting: posting.id, from: seen.body.outcome, to: posting.body.outcome, state, decision: '' } };
        const reasons = [...screened.findings.map(reasonOfFinding), ...kept.reasons];
        const open = reasons.filter(
          (r) => r.severity === 'block' && !clearances.some((c) => c.rule === r.rule && c.field === r.field && c.start === r.start),
        );
        const blocked = open.length > 0;
        const made: DecisionRecord = decision({
          tenant: actor.tenant,
          subject: posting.id,
          collection: 'postings',
          organisation,
          contentHash,
          verdict: blocked ? 'block' : 'refer',
          automated: true,
          by: 'screening',
          at: now,
          pack: screened.pack,
          outcome,
          reasons,
          ...(kept.opinion ? { secondOpinion: kept.opinion } : {}),
        });
        const { approval, expiresOn, ...rest } = posting.body;
        const standing = blocked ? {} : { ...(approval ? { approval } : {}), ...(expiresOn === undefined ? {} : { expiresOn }) };
        const body: PostingRecord = {
          ...rest,
          ...standing,
          state: blocked ? 'rejected' : state,
          outcome,
          screening: decisionId,
          updatedAt: now,
        };
        const changes = [replace('postings', posting, body), create('decisions', decisionId, made)];
        if (blocked && review?.body.state === 'open') {
          const { claim: _claim, ...task } = review.body;
          changes.push(replace('reviews', review, { ...task, state: 'void' }));
        }
        const facts = { ...decisionFacts(decisionId, made), from: seen.body.outcome, before: seen.body.screening ?? null };
        return {
          drafts: [
            {
              kind: blocked ? 'posting.blocked' : 'posting.rescreened',
              subject: { collection: 'postings', id: posting.id },
              facts,
              changes,
            },
          ],
          result: { posting: posting.id, from: seen.body.outcome, to: outcome, state: body.state, decision: decisionId },
        };
      },
    });
  }

  async function one(actor: Actor, posting: Loaded<PostingRecord>): Promise<Rescreened | undefined> {
    const reader = context.reader(actor.tenant);
    const before =
      posting.body.screening === undefined ? undefined : await load<DecisionRecord>(reader, 'decisions', posting.body.screening);
    if (before?.body.pack === context.pack.reference) return undefined;
    const version = found(await load<VersionRecord>(reader, 'postingVersions', versionId(posting.id, posting.body.contentVersion)));
    const { content } = version.body;
    if (isErased(content)) return undefined;
    const screened = context.screen(screenInputOf(content), contextOf(content));
    // What no rule says outlives the rules: seeking foreign nationals, and a doubt another judge once had of these very words.
    const opinion = before?.body.secondOpinion;
    const reasons = (before?.body.reasons ?? []).filter((r) => r.reason !== 'screening');
    const outcome = withOpinion(outcomeOf(content, screened), opinion);
    const same =
      outcome === posting.body.outcome && signature(screened.findings.map(reasonOfFinding)) === signature(before?.body.reasons ?? []);
    if (same) return undefined;
    const done = await record(actor, posting, screened, outcome, { reasons, ...(opinion ? { opinion } : {}) });
    return done.decision === '' ? undefined : done;
  }

  async function rescreenPostings(actor: Actor, page: { readonly limit: number; readonly cursor?: string }): Promise<RescreenPage> {
    permit(actor, 'posting.rescreen');
    const { state, rest } = parseCursor(page.cursor);
    const name = LIVE[state] ?? 'published';
    const result = await context.reader(actor.tenant).find('postings', {
      where: { state: name },
      range: { field: 'updatedAt' },
      limit: page.limit,
      ...(rest === undefined ? {} : { cursor: rest }),
    });
    const changed: Rescreened[] = [];
    for (const { id, version, body } of result.records) {
      const outcome = await one(actor, { id, version, body: body as PostingRecord });
      if (outcome) changed.push(outcome);
    }
    const next = result.cursor === undefined ? state + 1 : state;
    return { checked: result.records.length, changed, ...(next < LIVE.length ? { cursor: `${next}:${result.cursor ?? ''}` } : {}) };
  }

  return {
    rescreenPostings,
    async rescreenAll(actor, options = {}) {
      const { perSecond = 200, signal, onPage } = options;
      const limit = Math.max(1, Math.min(100, perSecond));
      let cursor: string | undefined;
      let checked = 0;
      let changed = 0;
      do {
        signal?.throwIfAborted();
        const page = await rescreenPostings(actor, { limit, ...(cursor === undefined ? {} : { cursor }) });
        checked += page.checked;
        changed += page.changed.length;
        onPage?.(page);
        cursor = page.cursor;
        if (cursor !== undefined) await sleep((page.checked / perSecond) * 1000);
      } while (cursor !== undefined);
      return { checked, changed };
    },
  };
}
