import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { COMPLETION_SCHEMA, PART_SCHEMA, REOPENING_SCHEMA, SERVICE_SCHEMA } from '../../rules/retention-schemas.ts';
import type { CompletionInput, PartInput, ReopeningInput, ServiceInput } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetentionContext, RetentionOptions } from './context.ts';
import { partId } from './records.ts';
import type { CompletionBasis, GateRecord, LinkRecord, PartRecord, ServiceRecord } from './records.ts';
import { loadGate, passGate } from './time.ts';

export type ServiceView = {
  readonly id: string;
  readonly version: number;
  readonly state: ServiceRecord['state'];
  readonly completedOn?: string;
};

/** When a service could be called complete, or what it still waits for (完成建议). */
export type Proposal = {
  /** Absent while something is open. */
  readonly completedOn?: string;
  readonly basis: readonly CompletionBasis[];
  /** Postings under way, by id, and how many other parts are open. */
  readonly openPostings: readonly string[];
  readonly openParts: number;
};

/** Services and their completion (服务记录与完成). */
export interface ServiceCommands {
  /** @throws ZP_INPUT_INVALID, ZP_NOT_FOUND for a posting that does not exist, ZP_STATE for one that has a service, ZP_FORBIDDEN @source Order 44 Art. 26 */
  openService(actor: Actor, input: unknown, options?: RetentionOptions): Promise<ServiceView>;
  /** Begin or end an order, an application or a complaint; one that begins reopens a completed service. @throws ZP_STATE once disposal is under way */
  recordPart(actor: Actor, service: string, input: unknown, options?: RetentionOptions): Promise<ServiceView>;
  proposeCompletion(actor: Actor, service: string): Promise<Proposal>;
  /**
   * Record on which day a service was complete (确认完成): the fact its period runs from.
   * @throws ZP_STATE while anything of it is open, ZP_INPUT_INVALID for a day before its parts ended or after today
   */
  completeService(actor: Actor, service: string, input: unknown, options?: RetentionOptions): Promise<ServiceView>;
  /** The clock stands again, and begins anew with the next completion. @throws ZP_STATE unless it is completed */
  reopenService(actor: Actor, service: string, input: unknown, options?: RetentionOptions): Promise<ServiceView>;
  /** Complete by rule what has wholly ended, and give every ended posting without a service one of its own. */
  settleServices(actor: Actor): Promise<{ readonly opened: number; readonly completed: number }>;
  getService(actor: Actor, service: string): Promise<Loaded<ServiceRecord>>;
}

const PAGE = 200;
const BY_RULE = 'rule:all-parts-ended';
/** A write is stamped before it is on disk, on a clock of another machine: looked back this far. */
const OVERLAP_MS = 86_400_000;

/** A service and its postings as they stand. */
interface Whole {
  readonly service: Loaded<ServiceRecord>;
  readonly postings: readonly CompletionBasis[];
  readonly openPostings: readonly string[];
}

async function loadWhole(context: RetentionContext, reader: Reader, id: string): Promise<Whole> {
  const service = found(await load<ServiceRecord>(reader, 'services', id));
  const postings: CompletionBasis[] = [];
  const openPostings: string[] = [];
  for (const posting of service.body.postings) {
    const ended = (await context.postings.find(reader, posting))?.ended;
    if (ended) postings.push({ part: 'posting', id: posting, endedOn: ended.on, how: ended.how });
    else openPostings.push(posting);
  }
  return { service, postings, openPostings };
}

function proposalOf({ service, postings, openPostings }: Whole): Proposal {
  const { openParts, parts, partsEndedOn } = service.body;
  const basis: CompletionBasis[] = [...postings];
  if (parts > openParts && partsEndedOn !== undefined) basis.push({ part: 'others', endedOn: partsEndedOn, how: 'last-ended' });
  const last = basis
    .map(({ endedOn }) => endedOn)
    .toSorted()
    .at(-1);
  const isOpen = openParts > 0 || openPostings.length > 0;
  return { ...(isOpen || last === undefined ? {} : { completedOn: last }), basis, openPostings, openParts };
}

function viewOf({ id, version, body }: Loaded<ServiceRecord>): ServiceView {
  return { id, version, state: body.state, ...(body.completedOn === undefined ? {} : { completedOn: body.completedOn }) };
}

function stateRefused(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_STATE', { detail: { zh, en }, citations: [cite('order44', '26')] });
}

/** Without the completion, if there was one. */
function reopened(body: ServiceRecord, now: string): ServiceRecord {
  const { completedOn, completion: _completion, ...rest } = body;
  return { ...rest, state: 'open', reopened: rest.reopened + (completedOn === undefined ? 0 : 1), archive: 'due', updatedAt: now };
}

/** A completed service taken up again, as an entry. */
export function reopening(service: Loaded<ServiceRecord>, reference: string, now: string): Draft {
  return {
    kind: 'service.reopened',
    subject: { collection: 'services', id: service.id },
    facts: { reference, was: service.body.completedOn ?? null },
    changes: [replace('services', service, reopened(service.body, now))],
  };
}

function completed(whole: Whole, completedOn: string, by: string, reference: string, now: string): { body: ServiceRecord; draft: Draft } {
  const { service } = whole;
  const { basis } = proposalOf(whole);
  const body: ServiceRecord = {
    ...service.body,
    state: 'completed',
    completedOn,
    completion: { by, at: now, reference, basis },
    archive: 'due',
    updatedAt: now,
  };
  const draft: Draft = {
    kind: 'service.completed',
    subject: { collection: 'services', id: service.id },
    facts: { completedOn, reference, basis },
    changes: [replace('services', service, body)],
  };
  return { body, draft };
}

export function createServices(context: RetentionContext): ServiceCommands {
  const { execute, calendar } = context;
  const parseService = createValidator<ServiceInput>(SERVICE_SCHEMA);
  const parsePart = createValidator<PartInput>(PART_SCHEMA);
  const parseCompletion = createValidator<CompletionInput>(COMPLETION_SCHEMA);
  const parseReopening = createValidator<ReopeningInput>(REOPENING_SCHEMA);

  const todayAt = (now: string): string => calendar.today(Date.parse(now));

  function opening(actor: Actor, id: string, given: ServiceInput, now: string): { readonly draft: Draft; readonly body: ServiceRecord } {
    const body: ServiceRecord = {
      tenant: actor.tenant,
      kind: given.kind,
      organisation: given.organisation,
      postings: given.postings,
      openParts: 0,
      parts: 0,
      state: 'open',
      openedOn: todayAt(now),
      reopened: 0,
      archive: 'due',
      segments: [],
      updatedAt: now,
    };
    const link: LinkRecord = { tenant: actor.tenant, service: id };
    return {
      body,
      draft: {
        kind: 'service.opened',
        subject: { collection: 'services', id },
        facts: { kind: given.kind, organisation: given.organisation, postings: given.postings },
        changes: [create('services', id, body), ...given.postings.map((posting) => create('serviceLinks', posting, link))],
      },
    };
  }

  async function openService(actor: Actor, input: unknown, options: RetentionOptions = {}): Promise<ServiceView> {
    context.permit(actor, 'service.change');
    const given = parseService(input);
    const id = context.newId();
    return execute<boolean, ServiceView>({
      actor,
      ...idempotent(options),
      async load(reader) {
        for (const posting of given.postings) {
          const there = found(await context.postings.find(reader, posting));
          if (there.organisation !== given.organisation) throw new ComplianceError('ZP_NOT_FOUND');
          if ((await load(reader, 'serviceLinks', posting)) !== undefined)
            throw stateRefused(`招聘信息 ${posting} 已属于另一服务`, `posting ${posting} belongs to another service`);
        }
        return true;
      },
      decide(_state, now) {
        const { draft, body } = opening(actor, id, given, now);
        return { drafts: [draft], result: viewOf({ id, version: 1, body }) };
      },
    });
  }

  /** A part as it is to stand, and what that does to its service. */
  function withPart(
    service: Loaded<ServiceRecord>,
    part: Loaded<PartRecord> | undefined,
    given: PartInput,
    now: string,
  ): { readonly body: ServiceRecord; readonly part: PartRecord } {
    const today = todayAt(now);
    const endedOn = given.endedOn ?? today;
    if (given.state === 'ended' && endedOn > today)
      throw new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: '结束日不得晚于今日', en: 'It cannot have ended after today' } });
    if (service.body.state === 'disposing') throw stateRefused('该服务正在处置', 'The service is being disposed of');
    const was = part?.body.state;
    const isOpening = given.state === 'open';
    const from = isOpening && service.body.state === 'completed' ? reopened(service.body, now) : service.body;
    const openParts = from.openParts + (isOpening ? 1 : 0) - (was === 'open' ? 1 : 0);
    const last = from.partsEndedOn;
    const lastEnded = isOpening ? last : last === undefined || last < endedOn ? endedOn : last;
    const body: ServiceRecord = {
      ...from,
      openParts,
      parts: from.parts + (part ? 0 : 1),
      ...(lastEnded === undefined ? {} : { partsEndedOn: lastEnded }),
      updatedAt: now,
    };
    const base = { tenant: from.tenant, service: service.id, kind: given.kind, ref: given.ref, openedOn: part?.body.openedOn ?? today };
    return { body, part: isOpening ? { ...base, state: 'open' } : { ...base, state: 'ended', endedOn } };
  }

  /** Every ended posting without a service gets one of its own; looks at what ended since the last time, and a day before that. */
  async function openEnded(actor: Actor): Promise<number> {
    const reader = context.reader(actor.tenant);
    const started = new Date(context.now()).toISOString();
    const mark = (await loadGate(reader, actor.tenant))?.body.settledTo;
    // A mark from the future was set by a clock that had jumped: everything is looked at again.
    const isSound = mark !== undefined && mark <= started;
    const since = isSound ? new Date(Date.parse(mark) - OVERLAP_MS).toISOString() : '';
    let opened = 0;
    for await (const posting of context.postings.ended(reader, since)) {
      if ((await load(reader, 'serviceLinks', posting.id)) !== undefined) continue;
      const given: ServiceInput = { kind: 'introduce', organisation: posting.organisation, postings: [posting.id] };
      const { count } = await execute<boolean, { readonly count: number }>({
        actor,
        load: async (own) =>
          (await load(own, 'serviceLinks', posting.id)) === undefined && (await load(own, 'services', posting.id)) === undefined,
        decide: (isNew, now) =>
          isNew ? { drafts: [opening(actor, posting.id, given, now).draft], result: { count: 1 } } : { drafts: [], result: { count: 0 } },
      });
      opened += count;
    }
    // Once a day is enough while nothing happens: a scheduler may come more often.
    if (opened > 0 || !isSound || calendar.today(Date.parse(mark)) !== todayAt(started)) await markSettled(actor, started, opened);
    return opened;
  }

  async function markSettled(actor: Actor, settledTo: string, opened: number): Promise<void> {
    await execute<Loaded<GateRecord> | undefined, Record<string, never>>({
      actor,
      load: (reader) => loadGate(reader, actor.tenant),
      decide(gate) {
        // Not the time: a service is settled whatever the clock says.
        const changes = [passGate(gate, actor.tenant, gate?.body.at ?? '', { settledTo })];
        const subject = { collection: 'retentionGates', id: actor.tenant };
        return { drafts: [{ kind: 'service.settled', subject, facts: { settledTo, opened }, changes }], result: {} };
      },
    });
  }

  async function completeEnded(actor: Actor): Promise<number> {
    const reader = context.reader(actor.tenant);
    let done = 0;
    for (let cursor: string | undefined; ;) {
      const page = await reader.find('services', {
        where: { state: 'open' },
        range: { field: 'id', gt: '' },
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { id } of page.records) {
        const { count } = await execute<Whole, { readonly count: number }>({
          actor,
          load: (own) => loadWhole(context, own, id),
          decide(whole, now) {
            const { completedOn } = proposalOf(whole);
            if (whole.service.body.state !== 'open' || completedOn === undefined || completedOn > todayAt(now))
              return { drafts: [], result: { count: 0 } };
            return { drafts: [completed(whole, completedOn, actor.id, BY_RULE, now).draft], result: { count: 1 } };
          },
        });
        done += count;
      }
      cursor = page.cursor;
      if (cursor === undefined) return done;
    }
  }

  return {
    openService,
    async recordPart(actor, id, input, options = {}) {
      context.permit(actor, 'service.change');
      const given = parsePart(input);
      const own = partId(id, given.kind, given.ref);
      return execute<{ readonly service: Loaded<ServiceRecord>; readonly part: Loaded<PartRecord> | undefined }, ServiceView>({
        actor,
        ...idempotent(options),
        load: async (reader) => ({
          service: found(await load<ServiceRecord>(reader, 'services', id)),
          part: await load<PartRecord>(reader, 'serviceParts', own),
        }),
        decide({ service, part }, now) {
          const next = withPart(service, part, given, now);
          const isLate =
            service.body.state === 'completed' && given.state === 'ended' && (next.part.endedOn ?? '') > (service.body.completedOn ?? '');
          if (isLate) throw stateRefused('服务已完成，请先恢复', 'The service is complete: reopen it first');
          const changes = [
            replace('services', service, next.body),
            part ? replace('serviceParts', part, next.part) : create('serviceParts', own, next.part),
          ];
          const facts = { part: given.kind, ref: given.ref, state: given.state, endedOn: next.part.endedOn ?? null };
          const draft = { kind: 'service.part-recorded', subject: { collection: 'services', id }, facts, changes };
          return { drafts: [draft], result: viewOf({ id, version: service.version + 1, body: next.body }) };
        },
      });
    },
    async proposeCompletion(actor, id) {
      context.permit(actor, 'retention.read');
      return proposalOf(await loadWhole(context, context.reader(actor.tenant), id));
    },
    async completeService(actor, id, input, options = {}) {
      context.permit(actor, 'service.change');
      const { completedOn, reference } = parseCompletion(input);
      return execute<Whole, ServiceView>({
        actor,
        ...idempotent(options),
        load: (reader) => loadWhole(context, reader, id),
        decide(whole, now) {
          const { service } = whole;
          if (service.body.state !== 'open') throw stateRefused('该服务未处于进行中', 'The service is not open');
          const proposal = proposalOf(whole);
          if (proposal.openParts > 0 || proposal.openPostings.length > 0)
            throw stateRefused(
              '尚有未结束的招聘信息、订单、求职申请或投诉',
              'A posting, an order, an application or a complaint of it is still open',
            );
          if (completedOn < (proposal.completedOn ?? service.body.openedOn) || completedOn > todayAt(now)) {
            throw new ComplianceError('ZP_INPUT_INVALID', {
              detail: { zh: '完成日不得早于各部分结束之日，也不得晚于今日', en: 'Not before its parts ended, and not after today' },
              citations: [cite('order44', '26')],
            });
          }
          const { body, draft } = completed(whole, completedOn, actor.id, reference, now);
          return { drafts: [draft], result: viewOf({ id, version: service.version + 1, body }) };
        },
      });
    },
    async reopenService(actor, id, input, options = {}) {
      context.permit(actor, 'service.change');
      const { reference } = parseReopening(input);
      return execute<Loaded<ServiceRecord>, ServiceView>({
        actor,
        ...idempotent(options),
        load: async (reader) => found(await load<ServiceRecord>(reader, 'services', id)),
        decide(service, now) {
          if (service.body.state !== 'completed') throw stateRefused('仅已完成的服务可以恢复', 'Only a completed service can be reopened');
          const body = reopened(service.body, now);
          return { drafts: [reopening(service, reference, now)], result: viewOf({ id, version: service.version + 1, body }) };
        },
      });
    },
    async settleServices(actor) {
      context.permit(actor, 'service.change');
      const opened = await openEnded(actor);
      return { opened, completed: await completeEnded(actor) };
    },
    async getService(actor, id) {
      context.permit(actor, 'retention.read');
      return found(await load<ServiceRecord>(context.reader(actor.tenant), 'services', id));
    },
  };
}
