import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { found, load } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RETENTION_SCHEDULE } from '../../rules/retention-schedule.ts';
import { PERIOD_SCHEMA, RETAINED_QUERY_SCHEMA } from '../../rules/retention-schemas.ts';
import type { PeriodInput, RetainedQuery } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetentionContext, RetentionOptions } from './context.ts';
import { holdsInForce, targetsOf } from './holds.ts';
import { periodFor, periodOf, retainUntil } from './periods.ts';
import type { Period } from './periods.ts';
import type { CertificateRecord, GateRecord, LinkRecord, ServiceRecord } from './records.ts';
import { loadGate, passGate } from './time.ts';

/** Where something stands in its retention (保存状态). */
export type Retention = {
  readonly state: 'under-way' | 'kept' | 'due' | 'disposed';
  readonly service?: string;
  readonly organisation?: string;
  readonly completedOn?: string;
  /** Last day on which it must be kept; absent while its service is under way. */
  readonly retainUntil?: string;
  readonly held: boolean;
};

export type RetainedItem = Retention & { readonly postings: readonly string[] };

/** Retrieval, and refusal of early deletes (调取与防删). */
export interface GuardCommands {
  /** Where a posting stands. @throws ZP_NOT_FOUND for one nobody knows, which is no leave to delete it */
  retentionOf(actor: Actor, posting: string): Promise<Retention>;
  /**
   * Refuse a delete of the host's own that the law does not allow yet (防删校验): passes only what was disposed of here.
   * @throws ZP_RETAINED with the day and the article
   * @source Order 44 Art. 26
   */
  assertDeletable(tenant: string, posting: string): Promise<void>;
  /** Completed services of an organisation by day of completion, newest last (调取). @throws ZP_INPUT_INVALID */
  findRetained(actor: Actor, query: unknown, page: PageOptions): Promise<Listing<RetainedItem>>;
  /** Keep a class longer than the schedule says. @throws ZP_INPUT_INVALID below what binds */
  lengthenRetention(actor: Actor, input: unknown, options?: RetentionOptions): Promise<{ readonly class: string; readonly months: number }>;
}

export function createGuard(context: RetentionContext): GuardCommands {
  const { execute, calendar } = context;
  const parsePeriod = createValidator<PeriodInput>(PERIOD_SCHEMA);
  const parseQuery = createValidator<RetainedQuery>(RETAINED_QUERY_SCHEMA);

  async function find(tenant: string, posting: string): Promise<Retention | undefined> {
    const reader = context.reader(tenant);
    const link = await load<LinkRecord>(reader, 'serviceLinks', posting);
    const service = link?.body.service ?? posting;
    const [record, certificate, there] = await Promise.all([
      load<ServiceRecord>(reader, 'services', service),
      load<CertificateRecord>(reader, 'disposalCertificates', service),
      context.postings.find(reader, posting),
    ]);
    const isHeld = async (body: Pick<ServiceRecord, 'organisation' | 'postings'>): Promise<boolean> =>
      (await holdsInForce(reader))(targetsOf(service, body));
    if (record) {
      const gate = await loadGate(reader, tenant);
      return viewOf(record, await periodFor(context, reader, tenant, gate?.body), await isHeld(record.body));
    }
    if (there) {
      const { organisation } = there;
      return { state: 'under-way', organisation, held: await isHeld({ organisation, postings: [posting] }) };
    }
    const disposed = certificate?.body.postings.some(({ id }) => id === posting) === true;
    if (certificate === undefined || !disposed) return undefined;
    const { organisation, completedOn, retainUntil: until } = certificate.body;
    return { state: 'disposed', service, organisation, completedOn, retainUntil: until, held: false };
  }

  function viewOf({ id, body }: Loaded<ServiceRecord>, period: Period, held: boolean): Retention {
    const { organisation, completedOn } = body;
    if (completedOn === undefined) return { state: 'under-way', service: id, organisation, held };
    const until = retainUntil(calendar, completedOn, period);
    const state = calendar.today(context.now()) > until ? 'due' : 'kept';
    return { state, service: id, organisation, completedOn, retainUntil: until, held };
  }

  return {
    async retentionOf(actor, posting) {
      context.permit(actor, 'retention.read');
      return found(await find(actor.tenant, posting));
    },
    async assertDeletable(tenant, posting) {
      const { state, retainUntil: until, held = false } = (await find(tenant, posting)) ?? {};
      if (state === 'disposed') return;
      throw new ComplianceError('ZP_RETAINED', {
        detail: held
          ? { zh: '有案件需要，已暂停处置', en: 'A case needs it: a hold is set' }
          : until === undefined
            ? { zh: '服务尚未确认完成，保存期限尚未起算', en: 'Its service is not on record as complete: its period has not begun' }
            : {
                zh: `须保存至 ${until}，到期后经批准方可处置`,
                en: `To be kept until ${until}, and disposed of after that by approval only`,
              },
        citations: [cite('order44', '26'), cite('e-commerce', '31')],
      });
    },
    async findRetained(actor, query, page) {
      context.permit(actor, 'retention.read');
      const { organisation, from, to } = parseQuery(query);
      const reader = context.reader(actor.tenant);
      const gate = await loadGate(reader, actor.tenant);
      const period = await periodFor(context, reader, actor.tenant, gate?.body);
      const services = await reader.find('services', {
        where: { organisation },
        range: { field: 'completedOn', gte: from ?? '0001-01-01', ...(to === undefined ? {} : { lte: to }) },
        ...page,
      });
      const holds = await holdsInForce(reader);
      const items: RetainedItem[] = [];
      for (const { id, version, body } of services.records) {
        const service = { id, version, body: body as ServiceRecord };
        const held = await holds(targetsOf(id, service.body));
        items.push({ ...viewOf(service, period, held), postings: service.body.postings });
      }
      return { items, ...(services.cursor === undefined ? {} : { cursor: services.cursor }) };
    },
    async lengthenRetention(actor, input, options = {}) {
      context.permit(actor, 'retention.schedule');
      const { class: id, months, reference } = parsePeriod(input);
      const row = RETENTION_SCHEDULE.find((one) => one.id === id);
      if (row === undefined) throw new ComplianceError('ZP_NOT_FOUND');
      return execute<Loaded<GateRecord> | undefined, { readonly class: string; readonly months: number }>({
        actor,
        ...idempotent(options),
        load: (reader) => loadGate(reader, actor.tenant),
        decide(gate) {
          const before = periodOf(row, gate?.body.lengthened).months;
          if (months < before) {
            throw new ComplianceError('ZP_INPUT_INVALID', {
              detail: { zh: `只可延长：现为 ${before} 个月`, en: `It can only be lengthened: it is ${before} months now` },
              citations: row.citations,
            });
          }
          const lengthened = { ...gate?.body.lengthened, [id]: months };
          const draft: Draft = {
            kind: 'retention.lengthened',
            subject: { collection: 'retentionGates', id: actor.tenant },
            facts: { class: id, months, before, reference },
            changes: [passGate(gate, actor.tenant, gate?.body.at ?? '', { lengthened })],
          };
          return { drafts: [draft], result: { class: id, months } };
        },
      });
    },
  };
}
