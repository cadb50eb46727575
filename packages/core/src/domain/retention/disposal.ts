import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { PLAN_SCHEMA } from '../../rules/retention-schemas.ts';
import type { PlanInput } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetainedPosting, RetentionContext, RetentionOptions } from './context.ts';
import { standingHold, targetsOf } from './holds.ts';
import { latestDue, periodFor, retainUntil } from './periods.ts';
import type { Period } from './periods.ts';
import { create, found, load, remove, replace } from '../../kernel/records.ts';
import type { CertificateRecord, GateRecord, LinkRecord, PlanItem, PlanRecord, ServiceRecord } from './records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { reopening } from './services.ts';
import { assertTrusted, loadGate, passGate, timeAnomalies } from './time.ts';
import type { TimeAnomaly } from './time.ts';

/** Why something due by its period is kept all the same (暂不处置的原因). */
export type KeptWhy = 'held' | 'reopened' | 'not-due' | 'under-way' | 'gone';

export type Plan = {
  /** Absent of a dry run. */
  readonly id?: string;
  readonly version?: number;
  readonly items: readonly PlanItem[];
  /** Due by their period, and kept by a hold. */
  readonly held: readonly string[];
  /** Whether there was more than the cap. */
  readonly more: boolean;
  readonly anomalies: readonly TimeAnomaly[];
};

export type PlanView = {
  readonly id: string;
  readonly version: number;
  readonly state: PlanRecord['state'];
  readonly approvals: readonly string[];
};

export type Pass = {
  readonly plan: string;
  readonly state: PlanRecord['state'];
  readonly disposed: number;
  readonly kept: readonly { readonly service: string; readonly why: KeptWhy }[];
};

/** Disposal (处置): time only proposes. */
export interface DisposalCommands {
  /**
   * What is due, why and since when (处置计划). A dry run unless `record` is set; a plan on record waits for two approvals.
   * @throws ZP_RETENTION_PAUSED for a plan on record while the time is not to be believed; a dry run names what is wrong
   */
  planDisposal(actor: Actor, input: unknown, options?: RetentionOptions): Promise<Plan>;
  /** One of two approvals, each by another person. @throws ZP_SEPARATION_OF_DUTIES, ZP_STATE */
  approveDisposal(actor: Actor, plan: string, options?: RetentionOptions): Promise<PlanView>;
  /**
   * Dispose of what an approved plan lists (执行处置), one service at a time: each is looked at again, and what is held, not
   * due or under way by then is kept. A pass that was interrupted goes on when it is asked for again; nothing is disposed
   * of twice and nothing without its certificate.
   * @throws ZP_STATE for a plan without both approvals, ZP_RETENTION_PAUSED as soon as the time is not to be believed
   */
  applyDisposal(actor: Actor, plan: string): Promise<Pass>;
  getPlan(actor: Actor, plan: string): Promise<Loaded<PlanRecord>>;
  /** Plans on record, newest first. */
  listPlans(
    actor: Actor,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly items: readonly Loaded<PlanRecord>[]; readonly cursor?: string }>;
  getCertificate(actor: Actor, service: string): Promise<Loaded<CertificateRecord>>;
}

const CAP = 100;
const APPROVALS = 2;
const PAGE = 200;
/** Parts removed in one commit. */
const PARTS = 200;
/** What reopens a service whose posting was taken up again. */
const BY_RULE = 'rule:posting-under-way';
/** Copies outside the rows, which removing rows does not reach. */
const REMAINS: CertificateRecord['remains'] = ['backups', 'write-ahead-log', 'free-pages', 'archive'];

interface Due {
  readonly items: readonly PlanItem[];
  readonly held: readonly string[];
  readonly more: boolean;
}

export function createDisposal(context: RetentionContext): DisposalCommands {
  const { execute, calendar } = context;
  const parse = createValidator<PlanInput>(PLAN_SCHEMA);

  function itemOf(id: string, body: ServiceRecord, period: Period, today: string): PlanItem | undefined {
    if (body.completedOn === undefined) return undefined;
    const until = retainUntil(calendar, body.completedOn, period);
    if (today <= until) return undefined;
    return {
      service: id,
      organisation: body.organisation,
      class: period.class.id,
      months: period.months,
      completedOn: body.completedOn,
      retainUntil: until,
    };
  }

  async function due(reader: Reader, period: Period, today: string, cap: number): Promise<Due> {
    const items: PlanItem[] = [];
    const held: string[] = [];
    // Those a pass was interrupted in come first.
    for (const state of ['disposing', 'completed'] as const) {
      for (let cursor: string | undefined; ;) {
        const page = await reader.find('services', {
          where: { state },
          range: { field: 'completedOn', lte: latestDue(calendar, today, period) },
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const { id, body } of page.records) {
          const item = itemOf(id, body as ServiceRecord, period, today);
          if (item === undefined) continue;
          if (items.length === cap) return { items, held, more: true };
          if ((await standingHold(reader, targetsOf(id, body as ServiceRecord))) === undefined) items.push(item);
          else if (held.length < cap) held.push(id);
        }
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
    }
    return { items, held, more: false };
  }

  async function survey(
    reader: Reader,
    actor: Actor,
    cap: number,
  ): Promise<Due & { readonly gate: Loaded<GateRecord> | undefined; readonly anomalies: readonly TimeAnomaly[] }> {
    const gate = await loadGate(reader, actor.tenant);
    const period = await periodFor(context, reader, actor.tenant, gate?.body);
    const anomalies = await timeAnomalies(context, reader, actor.tenant, gate?.body);
    return { ...(await due(reader, period, calendar.today(context.now()), cap)), gate, anomalies };
  }

  /** What stands between a service and its disposal now; undefined when nothing does. */
  interface Judged {
    readonly gate: Loaded<GateRecord> | undefined;
    readonly service: Loaded<ServiceRecord> | undefined;
    readonly why?: KeptWhy;
    readonly item?: PlanItem;
    readonly postings: readonly (RetainedPosting & { readonly id: string })[];
    readonly removal: readonly Change[];
    readonly parts: readonly Change[];
    readonly isLastParts: boolean;
  }

  async function judge(reader: Reader, actor: Actor, planned: PlanItem): Promise<Judged> {
    // First: a hold set after this is read changes the gate, and then nothing of this is committed.
    const gate = await loadGate(reader, actor.tenant);
    assertTrusted(await timeAnomalies(context, reader, actor.tenant, gate?.body));
    const none = { gate, postings: [], removal: [], parts: [], isLastParts: true };
    const service = await load<ServiceRecord>(reader, 'services', planned.service);
    if (service === undefined) return { ...none, service, why: 'gone' };
    const { body } = service;
    if (body.state === 'open' || body.completedOn === undefined) return { ...none, service, why: 'reopened' };
    const period = await periodFor(context, reader, actor.tenant, gate?.body);
    const item = itemOf(service.id, body, period, calendar.today(context.now()));
    if (item === undefined) return { ...none, service, why: 'not-due' };
    if ((await standingHold(reader, targetsOf(service.id, body))) !== undefined) return { ...none, service, why: 'held' };
    const postings: (RetainedPosting & { readonly id: string })[] = [];
    const removal: Change[] = [];
    for (const id of body.postings) {
      const posting = await context.postings.find(reader, id);
      const changes = posting?.ended === undefined ? undefined : await context.postings.removal(reader, id);
      const link = await load<LinkRecord>(reader, 'serviceLinks', id);
      if (link) removal.push(remove('serviceLinks', link));
      if (posting === undefined) continue;
      if (changes === undefined || (posting.ended?.on ?? '9999') > body.completedOn) return { ...none, service, why: 'under-way' };
      postings.push({ id, ...posting });
      removal.push(...changes);
    }
    const page = await reader.find('serviceParts', { where: { service: service.id }, limit: PARTS });
    const parts = page.records.map((part) => remove('serviceParts', part));
    return { gate, service, item, postings, removal, parts, isLastParts: page.cursor === undefined };
  }

  function countsOf(changes: readonly Change[], removedParts: number): CertificateRecord['removed'] {
    const counts: Record<string, number> = { services: 1 };
    for (const { collection } of changes) counts[collection] = (counts[collection] ?? 0) + 1;
    if (removedParts > 0) counts['serviceParts'] = (counts['serviceParts'] ?? 0) + removedParts;
    return counts;
  }

  function disposal(
    actor: Actor,
    plan: Loaded<PlanRecord>,
    judged: Judged,
    now: string,
  ): { readonly draft: Draft; readonly isDone: boolean } {
    const { gate, item, postings, removal, parts, isLastParts } = judged;
    const service = judged.service as Loaded<ServiceRecord>;
    const { body } = service;
    const subject = { collection: 'services', id: service.id };
    if (!isLastParts) {
      const removedParts = (body.removedParts ?? 0) + parts.length;
      const next: ServiceRecord = { ...body, state: 'disposing', removedParts, updatedAt: now };
      const changes = [replace('services', service, next), ...parts, passGate(gate, actor.tenant, now)];
      return {
        draft: { kind: 'retention.parts-disposed', subject, facts: { plan: plan.id, parts: parts.length }, changes },
        isDone: false,
      };
    }
    const certificate: CertificateRecord = {
      tenant: actor.tenant,
      organisation: body.organisation,
      service: service.id,
      kind: body.kind,
      class: item?.class ?? '',
      months: item?.months ?? 0,
      trigger: 'service-completed',
      completedOn: item?.completedOn ?? '',
      retainUntil: item?.retainUntil ?? '',
      plan: plan.id,
      approvers: plan.body.approvals.map(({ by }) => by),
      disposedBy: actor.id,
      disposedAt: now,
      method: 'delete',
      postings: postings.map(({ id, contentHash }) => ({ id, contentHash })),
      removed: countsOf([...removal, ...parts], body.removedParts ?? 0),
      remains: REMAINS,
    };
    const { class: retentionClass, completedOn, retainUntil: until, approvers, method, removed } = certificate;
    const facts = { plan: plan.id, class: retentionClass, completedOn, retainUntil: until, approvers, method, removed };
    const changes = [
      remove('services', service),
      ...removal,
      ...parts,
      create('disposalCertificates', service.id, certificate),
      passGate(gate, actor.tenant, now),
    ];
    return { draft: { kind: 'retention.disposed', subject, facts, changes }, isDone: true };
  }

  /** One planned service: gone with its certificate, or kept and why. */
  async function disposeOf(actor: Actor, plan: Loaded<PlanRecord>, planned: PlanItem): Promise<'disposed' | KeptWhy> {
    for (;;) {
      const { outcome } = await execute<Judged, { readonly outcome: 'disposed' | 'more' | KeptWhy }>({
        actor,
        load: (reader) => judge(reader, actor, planned),
        decide(judged, now) {
          const { why, service } = judged;
          if (why !== undefined)
            return { drafts: why === 'under-way' && service ? [reopening(service, BY_RULE, now)] : [], result: { outcome: why } };
          const { draft, isDone } = disposal(actor, plan, judged, now);
          return { drafts: [draft], result: { outcome: isDone ? 'disposed' : 'more' } };
        },
      });
      if (outcome !== 'more') return outcome;
    }
  }

  function viewOf({ id, version, body }: Loaded<PlanRecord>): PlanView {
    return { id, version, state: body.state, approvals: body.approvals.map(({ by }) => by) };
  }

  return {
    async planDisposal(actor, input, options = {}) {
      context.permit(actor, 'retention.plan');
      const { cap = CAP, record = false } = parse(input);
      if (!record) {
        const { items, held, more, anomalies } = await survey(context.reader(actor.tenant), actor, cap);
        return { items, held, more, anomalies };
      }
      const id = context.newId();
      return execute<Awaited<ReturnType<typeof survey>>, Plan>({
        actor,
        ...idempotent(options),
        load: (reader) => survey(reader, actor, cap),
        decide({ items, held, more, gate, anomalies }, now) {
          assertTrusted(anomalies);
          const body: PlanRecord = { tenant: actor.tenant, state: 'planned', madeBy: actor.id, madeAt: now, items, approvals: [] };
          const draft = {
            kind: 'retention.planned',
            subject: { collection: 'disposalPlans', id },
            facts: { services: items.length, held: held.length, more },
            changes: [create('disposalPlans', id, body), passGate(gate, actor.tenant, now)],
          };
          return { drafts: [draft], result: { id, version: 1, items, held, more, anomalies } };
        },
      });
    },

    async approveDisposal(actor, id, options = {}) {
      context.permit(actor, 'retention.approve');
      return execute<Loaded<PlanRecord>, PlanView>({
        actor,
        ...idempotent(options),
        load: async (reader) => found(await load<PlanRecord>(reader, 'disposalPlans', id)),
        decide(plan, now) {
          if (plan.body.state !== 'planned') throw new ComplianceError('ZP_STATE');
          if (plan.body.approvals.some(({ by }) => by === actor.id)) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const approvals = [...plan.body.approvals, { by: actor.id, at: now }];
          const body: PlanRecord = { ...plan.body, approvals, state: approvals.length === APPROVALS ? 'approved' : 'planned' };
          const draft = {
            kind: 'retention.approved',
            subject: { collection: 'disposalPlans', id },
            facts: { by: approvals.map(({ by }) => by), services: body.items.length },
            changes: [replace('disposalPlans', plan, body)],
          };
          return { drafts: [draft], result: viewOf({ id, version: plan.version + 1, body }) };
        },
      });
    },

    async applyDisposal(actor, id) {
      context.permit(actor, 'retention.apply');
      const reader = context.reader(actor.tenant);
      const plan = found(await load<PlanRecord>(reader, 'disposalPlans', id));
      if (plan.body.state === 'applied') return { plan: id, state: 'applied', disposed: 0, kept: [], ...plan.body.outcome } as Pass;
      if (plan.body.state !== 'approved') {
        throw new ComplianceError('ZP_STATE', {
          detail: { zh: '处置计划须经两人批准', en: 'A plan needs the approval of two persons' },
          citations: [cite('order44', '26')],
        });
      }
      let disposed = 0;
      const kept: { readonly service: string; readonly why: KeptWhy }[] = [];
      for (const item of plan.body.items) {
        const outcome = await disposeOf(actor, plan, item);
        if (outcome === 'disposed') disposed++;
        else if (outcome !== 'gone') kept.push({ service: item.service, why: outcome });
        else if (await load(reader, 'disposalCertificates', item.service)) disposed++;
        else kept.push({ service: item.service, why: 'gone' });
      }
      await execute<Loaded<PlanRecord>, { readonly state: string }>({
        actor,
        load: async (own) => found(await load<PlanRecord>(own, 'disposalPlans', id)),
        decide(current) {
          if (current.body.state === 'applied') return { drafts: [], result: { state: 'applied' } };
          const body: PlanRecord = { ...current.body, state: 'applied', outcome: { disposed, kept } };
          const draft = {
            kind: 'retention.applied',
            subject: { collection: 'disposalPlans', id },
            facts: { disposed, kept: kept.length },
            changes: [replace('disposalPlans', current, body)],
          };
          return { drafts: [draft], result: { state: 'applied' } };
        },
      });
      return { plan: id, state: 'applied', disposed, kept };
    },

    async getPlan(actor, id) {
      context.permit(actor, 'retention.read');
      return found(await load<PlanRecord>(context.reader(actor.tenant), 'disposalPlans', id));
    },
    async listPlans(actor, page) {
      context.permit(actor, 'retention.read');
      const plans = await context
        .reader(actor.tenant)
        .find('disposalPlans', { range: { field: 'madeAt', gt: '' }, order: 'desc', ...page });
      return {
        items: plans.records.map(({ id, version, body }) => ({ id, version, body: body as PlanRecord })),
        ...(plans.cursor === undefined ? {} : { cursor: plans.cursor }),
      };
    },
    async getCertificate(actor, id) {
      context.permit(actor, 'retention.read');
      return found(await load<CertificateRecord>(context.reader(actor.tenant), 'disposalCertificates', id));
    },
  };
}
