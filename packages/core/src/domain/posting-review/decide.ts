import { ComplianceError } from '../../kernel/errors.ts';
import type { Issue } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { FOREIGN_HIRE_CHECKLIST } from '../../rules/reasons.ts';
import { VERDICT_SCHEMA } from '../../rules/schemas.ts';
import type { VerdictInput } from '../../rules/schemas.ts';
import { permit } from './access.ts';
import { readClearances } from './clearances.ts';
import { gateIssues } from './conditions.ts';
import type { GateState } from './conditions.ts';
import { decision, decisionFacts, idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';
import { materialHash } from './materials.ts';
import { loadGate } from './queue.ts';
import { reasonsOf } from './reasons.ts';
import type {
  AppealRecord,
  Clearance,
  DecisionRecord,
  MaterialRecord,
  PostingRecord,
  ReasonRecord,
  ReviewRecord,
  Verdict,
} from './records.ts';

export type Decided = {
  readonly review: string;
  readonly decision: string;
  readonly verdict: Verdict;
  readonly subject: string;
  readonly state: string;
};

/** Decisions of reviewers (审查决定). */
export interface DecideCommands {
  /**
   * Decide a claimed task. `options.expectedVersion` (If-Match) is required: it is the version the claim returned.
   * Postings take approve, return, reject; materials approve, reject; appeals uphold, overturn.
   * @throws ZP_PRECONDITION_REQUIRED, ZP_PRECONDITION_FAILED, ZP_CLAIM_REQUIRED, ZP_SEPARATION_OF_DUTIES, ZP_STATE,
   * ZP_MATERIALS_INCOMPLETE, ZP_LICENCE_INVALID, ZP_SCREENING_BLOCKED, ZP_INPUT_INVALID
   * @source Order 44 Art. 17
   */
  decideReview(actor: Actor, id: string, input: unknown, options?: CommandOptions): Promise<Decided>;
}

interface State {
  readonly task: Loaded<ReviewRecord>;
  readonly appeal: Loaded<AppealRecord> | undefined;
  readonly appealed: Loaded<DecisionRecord> | undefined;
  readonly material: Loaded<MaterialRecord> | undefined;
  readonly posting: Loaded<PostingRecord> | undefined;
  readonly gate: GateState | undefined;
}

interface Ruling {
  readonly actor: Actor;
  readonly given: VerdictInput;
  readonly reasons: readonly ReasonRecord[];
  readonly id: string;
  readonly now: string;
  readonly today: string;
}

const VERDICTS: { readonly [kind in ReviewRecord['kind']]: readonly VerdictInput['verdict'][] } = {
  posting: ['approve', 'return', 'reject'],
  material: ['approve', 'reject'],
  appeal: ['uphold', 'overturn'],
};

function complaint(pointer: string, rule: string, zh: string, en: string): Issue {
  return { pointer, rule, title: { zh, en }, advice: { zh, en }, citations: [cite('order44', '17')] };
}

function checkVerdict(task: ReviewRecord, given: VerdictInput): void {
  if (!VERDICTS[task.kind].includes(given.verdict)) {
    refuse([
      complaint(
        '/verdict',
        'verdict',
        `该任务可作：${VERDICTS[task.kind].join('、')}`,
        `this task takes ${VERDICTS[task.kind].join(', ')}`,
      ),
    ]);
  }
  const adverse = given.verdict === 'return' || given.verdict === 'reject' || given.verdict === 'uphold';
  if (adverse && (given.reasons ?? []).length === 0) {
    refuse([complaint('/reasons', 'required', '不利决定须说明理由', 'an adverse decision states its reasons')]);
  }
}

/** Conditions of an approval; refusing leaves the task open and the claim standing. */
function checkApproval(gate: GateState, ruling: Ruling): readonly string[] {
  const issues = gateIssues(gate, ruling.today);
  if (issues.operator.length > 0) throw new ComplianceError('ZP_LICENCE_INVALID', { issues: issues.operator });
  if (issues.materials.length > 0)
    throw new ComplianceError('ZP_MATERIALS_INCOMPLETE', { issues: issues.materials, citations: [cite('order44', '17(1)')] });
  if (issues.other.length > 0) throw new ComplianceError('ZP_SCREENING_BLOCKED', { issues: issues.other });
  if (gate.content?.hiresForeigners === true) {
    const open = Object.keys(FOREIGN_HIRE_CHECKLIST).filter((item) => !(ruling.given.checklist ?? []).includes(item));
    if (open.length > 0) {
      refuse(
        open.map((item) => ({
          ...complaint('/checklist', item, FOREIGN_HIRE_CHECKLIST[item]?.zh ?? '', FOREIGN_HIRE_CHECKLIST[item]?.en ?? ''),
          citations: [cite('order44', '17(2)')],
        })),
      );
    }
  }
  return issues.relied.map((m) => m.id);
}

function decidePosting(
  context: ReviewContext,
  state: State,
  ruling: Ruling,
): { readonly made: DecisionRecord; readonly changes: readonly Change[]; readonly state: string } {
  const { task, gate } = state;
  const posting = found(state.posting);
  const { actor, given, id, now } = ruling;
  if (posting.body.state !== 'in-review' || posting.body.contentHash !== task.body.contentHash || posting.body.review !== task.id)
    throw new ComplianceError('ZP_STATE');
  if (posting.body.barred.includes(actor.id)) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
  const materials = given.verdict === 'approve' ? checkApproval(found(gate), ruling) : [];
  const verdict = given.verdict as 'approve' | 'return' | 'reject';
  const reasonsFound = gate?.screening?.reasons ?? [];
  const clearances = verdict === 'approve' ? readClearances(context, reasonsFound, given.clearances, () => false) : [];
  const next = ({ approve: 'approved', return: 'returned', reject: 'rejected' } as const)[verdict];
  const made = decision({
    tenant: actor.tenant,
    subject: posting.id,
    collection: 'postings',
    organisation: posting.body.organisation,
    contentHash: posting.body.contentHash,
    verdict,
    automated: false,
    by: actor.id,
    at: now,
    pack: gate?.screening?.pack ?? '',
    outcome: posting.body.outcome,
    // An approval says which findings the reviewer had before them.
    reasons: verdict === 'approve' ? reasonsFound : ruling.reasons,
    ...(clearances.length > 0 ? { clearances } : {}),
    ...(given.checklist ? { checklist: given.checklist } : {}),
    ...(verdict === 'approve' ? { materials } : {}),
  });
  const approval =
    verdict === 'approve' ? { approval: { decision: id, contentHash: posting.body.contentHash, by: actor.id, materials } } : {};
  const body: PostingRecord = {
    ...posting.body,
    state: next,
    updatedAt: now,
    clearances: [...posting.body.clearances, ...clearances],
    ...approval,
  };
  return { made, changes: [replace('postings', posting, body)], state: next };
}

function decideMaterial(
  state: State,
  ruling: Ruling,
): { readonly made: DecisionRecord; readonly changes: readonly Change[]; readonly state: string } {
  const material = found(state.material);
  const { actor, given, id, now, today } = ruling;
  if (
    material.body.state !== 'submitted' ||
    materialHash(material.body) !== state.task.body.contentHash ||
    material.body.review !== state.task.id
  )
    throw new ComplianceError('ZP_STATE');
  const accepted = given.verdict === 'approve';
  if (accepted && (material.body.expiresOn ?? '9999') < today) {
    throw new ComplianceError('ZP_MATERIALS_INCOMPLETE', {
      issues: [complaint('/expiresOn', 'expired', '材料已过期，不能通过', 'the material has expired')],
    });
  }
  const made = decision({
    tenant: actor.tenant,
    subject: material.id,
    collection: 'materials',
    organisation: material.body.organisation,
    contentHash: state.task.body.contentHash,
    verdict: accepted ? 'accept' : 'reject',
    automated: false,
    by: actor.id,
    at: now,
    reasons: ruling.reasons,
  });
  const body: MaterialRecord = {
    ...material.body,
    state: accepted ? 'accepted' : 'rejected',
    verdict: { by: actor.id, at: now, decision: id },
  };
  return { made, changes: [replace('materials', material, body)], state: body.state };
}

/** What an overturned appeal reopens: the same content, with a task someone else decides. */
function reopen(
  state: State,
  ruling: Ruling,
  clearances: readonly Clearance[],
): { readonly changes: readonly Change[]; readonly state: string } {
  const { actor, now } = ruling;
  const appealed = found(state.appealed);
  if (appealed.body.collection === 'materials') {
    const material = found(state.material);
    const barred = [...new Set([...material.body.barred, actor.id])];
    const review = `material.${material.id}.${appealed.id}`;
    const task: ReviewRecord = {
      tenant: actor.tenant,
      kind: 'material',
      subject: material.id,
      organisation: material.body.organisation,
      contentHash: materialHash(material.body),
      state: 'open',
      openedAt: now,
      barred,
      fence: 0,
    };
    const { verdict: _verdict, ...rest } = material.body;
    return {
      changes: [replace('materials', material, { ...rest, state: 'submitted', review, barred }), create('reviews', review, task)],
      state: 'submitted',
    };
  }
  const posting = found(state.posting);
  const barred = [...new Set([...posting.body.barred, actor.id])];
  const review = `posting.${posting.id}.${appealed.id}`;
  const task: ReviewRecord = {
    tenant: actor.tenant,
    kind: 'posting',
    subject: posting.id,
    organisation: posting.body.organisation,
    contentHash: posting.body.contentHash,
    state: 'open',
    openedAt: now,
    barred,
    fence: 0,
  };
  const { approval: _approval, expiresOn: _expiresOn, publishedAt: _publishedAt, ...rest } = posting.body;
  const body: PostingRecord = {
    ...rest,
    state: 'in-review',
    updatedAt: now,
    review,
    barred,
    clearances: [...posting.body.clearances, ...clearances],
  };
  return { changes: [replace('postings', posting, body), create('reviews', review, task)], state: 'in-review' };
}

function decideAppeal(
  context: ReviewContext,
  state: State,
  ruling: Ruling,
): { readonly made: DecisionRecord; readonly changes: readonly Change[]; readonly state: string } {
  const appeal = found(state.appeal);
  const appealed = found(state.appealed);
  const { actor, given, id, now } = ruling;
  // Someone who decided the case, or is party to it, never hears its appeal.
  if (appealed.body.by === actor.id || appeal.body.filedBy === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
  const overturn = given.verdict === 'overturn';
  const currentHash =
    appealed.body.collection === 'materials' ? materialHash(found(state.material).body) : found(state.posting).body.contentHash;
  const status = appealed.body.collection === 'materials' ? found(state.material).body.state : found(state.posting).body.state;
  const moot = currentHash !== appealed.body.contentHash || !['rejected', 'returned', 'suspended', 'revoked'].includes(status);
  if (overturn && moot)
    throw new ComplianceError('ZP_STATE', {
      detail: { zh: '所申诉的内容已被修改，申诉失去对象', en: 'The content appealed about has changed since; only upholding is possible' },
    });
  const mustClear = appealed.body.verdict === 'block';
  const clearances = overturn
    ? readClearances(context, appealed.body.reasons, given.clearances, (r) => mustClear && r.severity === 'block')
    : [];
  const opened = overturn ? reopen(state, ruling, clearances) : { changes: [], state: status };
  const made = decision({
    tenant: actor.tenant,
    subject: appealed.id,
    collection: 'decisions',
    organisation: appealed.body.organisation,
    contentHash: appealed.body.contentHash,
    verdict: overturn ? 'overturn' : 'uphold',
    automated: false,
    by: actor.id,
    at: now,
    reasons: ruling.reasons,
    ...(clearances.length > 0 ? { clearances } : {}),
  });
  const body: AppealRecord = { ...appeal.body, state: overturn ? 'overturned' : 'upheld', outcome: id };
  return { made, changes: [replace('appeals', appeal, body), ...opened.changes], state: opened.state };
}

async function loadState(reader: Reader, tenant: string, id: string): Promise<State> {
  const task = found(await load<ReviewRecord>(reader, 'reviews', id));
  const appeal = task.body.kind === 'appeal' ? await load<AppealRecord>(reader, 'appeals', task.body.subject) : undefined;
  const appealed = appeal && (await load<DecisionRecord>(reader, 'decisions', appeal.body.decision));
  const subject = appealed?.body.subject ?? task.body.subject;
  const onMaterial = task.body.kind === 'material' || appealed?.body.collection === 'materials';
  const material = onMaterial ? await load<MaterialRecord>(reader, 'materials', subject) : undefined;
  const posting = onMaterial ? undefined : await load<PostingRecord>(reader, 'postings', subject);
  const gate = posting && (await loadGate(reader, tenant, posting));
  return { task, appeal, appealed, material, posting, gate };
}

/** The deciding commands over a context. */
export function createDecide(context: ReviewContext): DecideCommands {
  const parse = createValidator<VerdictInput>(VERDICT_SCHEMA);

  function checkTask(task: Loaded<ReviewRecord>, actor: Actor, now: string, options: CommandOptions): void {
    const { claim, state, barred } = task.body;
    if (options.expectedVersion !== task.version) throw new ComplianceError('ZP_PRECONDITION_FAILED');
    if (state !== 'open') throw new ComplianceError('ZP_STATE');
    if (barred.includes(actor.id)) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
    if (!claim || claim.by !== actor.id || claim.until <= now) throw new ComplianceError('ZP_CLAIM_REQUIRED');
  }

  return {
    async decideReview(actor, id, input, options = {}) {
      permit(actor, 'review.decide');
      const given = parse(input);
      const reasons = reasonsOf(given.reasons ?? []);
      if (options.expectedVersion === undefined) throw new ComplianceError('ZP_PRECONDITION_REQUIRED');
      const decisionId = context.newId();
      return context.execute<State, Decided>({
        actor,
        ...idempotent(options),
        load: (reader) => loadState(reader, actor.tenant, id),
        decide(state, now) {
          const { task } = state;
          checkTask(task, actor, now, options);
          checkVerdict(task.body, given);
          const ruling: Ruling = { actor, given, reasons, id: decisionId, now, today: context.calendar.today(Date.parse(now)) };
          const ruled =
            task.body.kind === 'posting'
              ? decidePosting(context, state, ruling)
              : task.body.kind === 'material'
                ? decideMaterial(state, ruling)
                : decideAppeal(context, state, ruling);
          const done: ReviewRecord = { ...task.body, state: 'done', decision: decisionId };
          const draft: Draft = {
            kind: `${task.body.kind}.${ruled.made.verdict}`,
            subject: { collection: ruled.made.collection, id: ruled.made.subject },
            facts: { ...decisionFacts(decisionId, ruled.made), review: id, fence: task.body.fence },
            changes: [...ruled.changes, replace('reviews', task, done), create('decisions', decisionId, ruled.made)],
          };
          return {
            drafts: [draft],
            result: { review: id, decision: decisionId, verdict: ruled.made.verdict, subject: ruled.made.subject, state: ruled.state },
          };
        },
      });
    },
  };
}
