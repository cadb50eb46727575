import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, remove, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { PLAN_SCHEMA } from '../../rules/retention-schemas.ts';
import type { PlanInput } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetainedPosting, RetentionContext, RetentionOptions } from './context.ts';
import { deliverEvents, disposedEvent, dueEvents } from './events.ts';
import { holdsInForce, targetsOf } from './holds.ts';
import type { Standing } from './holds.ts';
import { periodFor } from './periods.ts';
import type { Period } from './periods.ts';
import { createPlanning } from './planning.ts';
import type { Surveyed } from './planning.ts';
import type { CertificateRecord, GateRecord, LinkRecord, PlanItem, PlanRecord, ServiceRecord } from './records.ts';
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
  listPlans(actor: Actor, page: PageOptions): Promise<Listing<Loaded<PlanRecord>>>;
  getCertificate(actor: Actor, service: string): Promise<Loaded<CertificateRecord>>;
}

const CAP = 100;
const APPROVALS = 2;
/** Services disposed of in one commit, and parts of one removed in it. */
const TOGETHER = 20;
const PARTS = 200;
/** What reopens a service whose posting was taken up again. */
const BY_RULE = 'rule:posting-under-way';
/** Copies outside the rows, which removing rows does not reach. */
const REMAINS: CertificateRecord['remains'] = ['backups', 'write-ahead-log', 'free-pages'];

export function createDisposal(context: RetentionContext): DisposalCommands {
  const { execute, calendar } = context;
  const parse = createValidator<PlanInput>(PLAN_SCHEMA);
  const { itemOf, survey } = createPlanning(context);

  /** A planned service as it stands now: why it is kept, or what removing it takes. */
  interface Judged {
    readonly planned: PlanItem;
    readonly service: Loaded<ServiceRecord> | undefined;
    readonly why?: KeptWhy;
    readonly item?: PlanItem;
    readonly postings: readonly (RetainedPosting & { readonly id: string })[];
    readonly removal: readonly Change[];
    readonly parts: readonly Change[];
    readonly isLastParts: boolean;
  }

  /** Services judged together, and the gate as it stood before any of them was looked at. */
  interface Bench {
    readonly gate: Loaded<GateRecord> | undefined;
    readonly judged: readonly Judged[];
  }

  async function judge(reader: Reader, planned: PlanItem, period: Period, holds: Standing): Promise<Judged> {
    const none = { planned, postings: [], removal: [], parts: [], isLastParts: true };
    const service = await load<ServiceRecord>(reader, 'services', planned.service);
    if (service === undefined) return { ...none, service, why: 'gone' };
    const { body } = service;
    if (body.state === 'open' || body.completedOn === undefined) return { ...none, service, why: 'reopened' };
    const item = itemOf(service.id, body, period, calendar.today(context.now()));
    if (item === undefined) return { ...none, service, why: 'not-due' };
    if (await holds(targetsOf(service.id, body))) return { ...none, service, why: 'held' };
    const postings: (RetainedPosting & { readonly id: string })[] = [];
    const removal: Change[] = [];
    for (const id of body.postings) {
      const posting = await context.postings.find(reader, id);
      const changes = posting?.ended === undefined ? undefined : await context.postings.removal(reader, id);
      const link = await load<LinkRecord>(reader, 'serviceLinks', id);
      if (link) removal.push(replace('serviceLinks', link, { ...link.body, disposed: true }));
      if (posting === undefined) continue;
      if (changes === undefined || (posting.ended?.on ?? '9999') > body.completedOn) return { ...none, service, why: 'under-way' };
      postings.push({ id, ...posting });
      removal.push(...changes);
    }
    const page = await reader.find('serviceParts', { where: { service: service.id }, limit: PARTS });
    const parts = page.records.map((part) => remove('serviceParts', part));
    return { planned, service, item, postings, removal, parts, isLastParts: page.cursor === undefined };
  }

  async function judgeAll(reader: Reader, actor: Actor, planned: readonly PlanItem[]): Promise<Bench> {
    // First: a hold set after this is read changes the gate, and then nothing of this is committed.
    const gate = await loadGate(reader, actor.tenant);
    assertTrusted(await timeAnomalies(context, reader, actor.tenant, gate?.body));
    const [period, holds] = await Promise.all([periodFor(context, reader, actor.tenant, gate?.body), holdsInForce(reader)]);
    return { gate, judged: await Promise.all(planned.map((one) => judge(reader, one, period, holds))) };
  }

  function countsOf(changes: readonly Change[], removedParts: number): CertificateRecord['removed'] {
    const counts: Record<string, number> = { services: 1 };
    for (const { collection, body } of changes) if (body === undefined) counts[collection] = (counts[collection] ?? 0) + 1;
    if (removedParts > 0) counts['serviceParts'] = (counts['serviceParts'] ?? 0) + removedParts;
    return counts;
  }

  function disposal(
    actor: Actor,
    plan: Loaded<PlanRecord>,
    judged: Judged,
    pass: readonly Change[],
    now: string,
  ): { readonly draft: Draft; readonly isDone: boolean } {
    const { item, postings, removal, parts, isLastParts } = judged;
    const service = judged.service as Loaded<ServiceRecord>;
    const { body } = service;
    const subject = { collection: 'services', id: service.id };
    if (!isLastParts) {
      const removedParts = (body.removedParts ?? 0) + parts.length;
      const next: ServiceRecord = { ...body, state: 'disposing', removedParts, updatedAt: now };
      const changes = [replace('services', service, next), ...parts, ...pass];
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
      remains: body.segments.length > 0 ? [...REMAINS, 'archive'] : REMAINS,
      segments: body.segments,
    };
    const { class: retentionClass, completedOn, retainUntil: until, approvers, method, removed } = certificate;
    const facts = { plan: plan.id, class: retentionClass, completedOn, retainUntil: until, approvers, method, removed };
    const event = {
      tenant: actor.tenant,
      service: service.id,
      organisation: body.organisation,
      postings: body.postings,
      plan: plan.id,
      disposedAt: now,
    };
    const changes = [
      remove('services', service),
      ...removal,
      ...parts,
      create('disposalCertificates', service.id, certificate),
      ...disposedEvent(context, event),
      ...pass,
    ];
    return { draft: { kind: 'retention.disposed', subject, facts, changes }, isDone: true };
  }

  type Outcome = 'disposed' | 'more' | KeptWhy;

  /** Planned services, each gone with its certificate or kept and why; all of them in one commit, or none. */
  async function disposeOf(actor: Actor, plan: Loaded<PlanRecord>, planned: readonly PlanItem[]): Promise<readonly Outcome[]> {
    const { outcomes } = await execute<Bench, { readonly outcomes: readonly Outcome[] }>({
      actor,
      load: (reader) => judgeAll(reader, actor, planned),
      decide({ gate, judged }, now) {
        const drafts: Draft[] = [];
        const all = judged.map((one): Outcome => {
          const { why, service } = one;
          if (why === 'under-way' && service) drafts.push(reopening(service, BY_RULE, now));
          if (why !== undefined) return why;
          // A commit names the gate once: the first removal does it for all.
          const isFirst = !drafts.some(({ changes }) => changes.some(({ collection }) => collection === 'retentionGates'));
          const { draft, isDone } = disposal(actor, plan, one, isFirst ? [passGate(gate, actor.tenant, now)] : [], now);
          drafts.push(draft);
          return isDone ? 'disposed' : 'more';
        });
        return { drafts, result: { outcomes: all } };
      },
    });
    return outcomes;
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
      const plan = await execute<Surveyed & { readonly events: readonly Draft[] }, Plan>({
        actor,
        ...idempotent(options),
        async load(reader) {
          const surveyed = await survey(reader, actor, cap);
          return { ...surveyed, events: await dueEvents(context, reader, { id, tenant: actor.tenant }, surveyed.items) };
        },
        decide({ items, held, more, gate, anomalies, events }, now) {
          assertTrusted(anomalies);
          const body: PlanRecord = { tenant: actor.tenant, state: 'planned', madeBy: actor.id, madeAt: now, items, approvals: [] };
          const draft = {
            kind: 'retention.planned',
            subject: { collection: 'disposalPlans', id },
            facts: { services: items.length, held: held.length, more },
            changes: [create('disposalPlans', id, body), passGate(gate, actor.tenant, now)],
          };
          return { drafts: [draft, ...events], result: { id, version: 1, items, held, more, anomalies } };
        },
      });
      await deliverEvents(context, actor);
      return plan;
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
      for (let waiting = plan.body.items; waiting.length > 0;) {
        const batch = waiting.slice(0, TOGETHER);
        const outcomes = await disposeOf(actor, plan, batch);
        // Those with very many parts take their turn again.
        waiting = [...batch.filter((_item, i) => outcomes[i] === 'more'), ...waiting.slice(TOGETHER)];
        for (const [i, { service }] of batch.entries()) {
          const outcome = outcomes[i] ?? 'gone';
          if (outcome === 'disposed') disposed++;
          else if (outcome === 'gone' && (await load(reader, 'disposalCertificates', service))) disposed++;
          else if (outcome !== 'more') kept.push({ service, why: outcome });
        }
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
      await deliverEvents(context, actor);
      return { plan: id, state: 'applied', disposed, kept };
    },

    async getPlan(actor, id) {
      context.permit(actor, 'retention.read');
      return found(await load<PlanRecord>(context.reader(actor.tenant), 'disposalPlans', id));
    },
    async listPlans(actor, page) {
      context.permit(actor, 'retention.read');
      const reader = context.reader(actor.tenant);
      return listed<PlanRecord>(await reader.find('disposalPlans', { range: { field: 'madeAt', gt: '' }, order: 'desc', ...page }));
    },
    async getCertificate(actor, id) {
      context.permit(actor, 'retention.read');
      return found(await load<CertificateRecord>(context.reader(actor.tenant), 'disposalCertificates', id));
    },
  };
}
