import { setImmediate as nextTurn } from 'node:timers/promises';

import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { PURPOSES } from '../../rules/personal-fields.ts';
import { ACCESS_QUERY_SCHEMA, ACCESS_SCHEMA, CANARY_SCHEMA, EXPORT_SCHEMA } from '../../rules/personal-schemas.ts';
import type { AccessInput, AccessQuery, CanaryInput, ExportInput } from '../../rules/personal-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { canaryId, counterId } from './records.ts';
import type { AccessCounter, AccessItem, AccessRecord, CanaryRecord, ExportRecord } from './records.ts';

/** What the commands work with. */
interface AccessContext extends DeskContext {
  readonly hooks: PersonalHooks;
  /** Subjects one account may be shown on one day before an export has to be granted. */
  readonly dailySubjects: number;
}

/** Somebody looked at an identity that is nobody's (诱饵告警). */
export type CanaryAlarm = {
  readonly tenant: string;
  readonly subject: string;
  readonly by: string;
  readonly route: string;
  readonly at: string;
};

export interface PersonalHooks {
  /** Told after the look is on record; an error of its own hurts nobody. */
  readonly onCanary?: (alarm: CanaryAlarm) => Promise<void> | void;
}

export type ExportView = { readonly id: string; readonly version: number; readonly state: ExportRecord['state']; readonly day?: string };

/** Who saw what and why (访问留痕). */
export interface AccessCommands {
  /**
   * Put a look at personal information on record, before it is shown. Looks that arrive together are written together. It resolves when the
   * record is durable, and not before.
   * @throws ZP_PURPOSE_INVALID, ZP_ACCESS_QUOTA beyond the daily quota of the account, ZP_FORBIDDEN, ZP_STORE_UNAVAILABLE: then nothing may be shown
   * @source Order 44 Art. 21(2); PIPL Art. 51
   */
  recordAccess(actor: Actor, input: unknown): Promise<void>;
  /** Looks on record, newest first. @throws ZP_INPUT_INVALID */
  listAccesses(actor: Actor, query: unknown, page: PageOptions): Promise<Listing<AccessItem>>;
  /** Ask to be shown more than the quota, once. @throws ZP_INPUT_INVALID */
  askExport(actor: Actor, input: unknown, options?: DeskOptions): Promise<ExportView>;
  /** Grant it, as another person, for the present day. @throws ZP_SEPARATION_OF_DUTIES, ZP_STATE */
  grantExport(actor: Actor, id: string, options?: DeskOptions): Promise<ExportView>;
  /** Whoever looks at this identity from now on is named at once. */
  setCanary(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly subject: string }>;
  /** Looks that touched a canary, by subject. */
  listCanaries(actor: Actor, page: PageOptions): Promise<Listing<Loaded<CanaryRecord>>>;
}

interface Waiting {
  readonly actor: Actor;
  readonly item: Omit<AccessItem, 'at'>;
  settle(outcome: 'recorded' | 'refused'): void;
  fail(error: unknown): void;
}

/** Looks of one entry; an entry has to fit into 64 KB with what it says of each. */
const TOGETHER = 64;
const MOST_CANARIES = 1000;
/** Roles that look for the law or for the person, and have no quota. */
const UNCOUNTED: readonly Actor['role'][] = ['inspector', 'auditor'];

export function createAccess(context: AccessContext): AccessCommands {
  const { execute, calendar } = context;
  const parseAccess = createValidator<AccessInput>(ACCESS_SCHEMA);
  const parseExport = createValidator<ExportInput>(EXPORT_SCHEMA);
  const parseCanary = createValidator<CanaryInput>(CANARY_SCHEMA);
  const parseQuery = createValidator<AccessQuery>(ACCESS_QUERY_SCHEMA);
  const queues = new Map<string, Waiting[]>();
  const draining = new Set<string>();

  interface State {
    readonly counters: ReadonlyMap<string, Loaded<AccessCounter> | undefined>;
    readonly canaries: readonly Loaded<CanaryRecord>[];
  }

  async function loadState(reader: Reader, tenant: string, batch: readonly Waiting[], day: string): Promise<State> {
    const accounts = [...new Set(batch.map(({ actor }) => actor.id))];
    const [counters, canaries] = await Promise.all([
      Promise.all(
        accounts.map(async (by) => [by, await load<AccessCounter>(reader, 'accessCounters', counterId(tenant, day, by))] as const),
      ),
      reader.find('canaries', { limit: MOST_CANARIES }),
    ]);
    return {
      counters: new Map(counters),
      canaries: canaries.records.map(({ id, version, body }) => ({ id, version, body: body as CanaryRecord })),
    };
  }

  /** What one batch writes, and what each who waits is told. */
  function decide(
    tenant: string,
    batch: readonly Waiting[],
    { counters, canaries }: State,
    at: string,
  ): {
    readonly drafts: readonly Draft[];
    readonly outcomes: readonly ('recorded' | 'refused')[];
    readonly alarms: readonly CanaryAlarm[];
  } {
    const day = calendar.today(Date.parse(at));
    const spent = new Map<string, number>();
    const outcomes: ('recorded' | 'refused')[] = [];
    const items: AccessItem[] = [];
    const alarms: CanaryAlarm[] = [];
    for (const { actor, item } of batch) {
      const counter = counters.get(actor.id)?.body;
      const before = spent.get(actor.id) ?? counter?.subjects ?? 0;
      const isOver =
        !UNCOUNTED.includes(actor.role) && item.count > 0 && before + item.count > context.dailySubjects + (counter?.granted ?? 0);
      outcomes.push(isOver ? 'refused' : 'recorded');
      items.push(isOver ? { ...item, at, refused: true } : { ...item, at });
      if (!isOver) spent.set(actor.id, before + item.count);
      for (const { body } of canaries)
        if (item.subjects.includes(body.subject)) alarms.push({ tenant, subject: body.subject, by: actor.id, route: item.route, at });
    }
    const id = context.newId();
    const record: AccessRecord = { tenant, at, items };
    const changes: Change[] = [create('accesses', id, record)];
    for (const [by, subjects] of spent) {
      const counter = counters.get(by);
      const body: AccessCounter = { tenant, day, by, granted: 0, ...counter?.body, subjects };
      if (counter?.body.subjects === subjects) continue;
      changes.push(counter ? replace('accessCounters', counter, body) : create('accessCounters', counterId(tenant, day, by), body));
    }
    const refused = outcomes.filter((outcome) => outcome === 'refused').length;
    const subject = { collection: 'accesses', id };
    const drafts: Draft[] = [{ kind: 'personal.accessed', subject, facts: { looks: items.length, refused }, changes }];
    for (const canary of canaries) {
      const own = alarms.filter((alarm) => alarm.subject === canary.body.subject);
      if (own.length === 0) continue;
      drafts.push({
        kind: 'personal.canary-touched',
        subject: { collection: 'canaries', id: canary.id },
        facts: { by: [...new Set(own.map(({ by }) => by))], routes: [...new Set(own.map(({ route }) => route))] },
        changes: [replace('canaries', canary, { ...canary.body, touched: canary.body.touched + own.length })],
      });
    }
    return { drafts, outcomes, alarms };
  }

  async function write(tenant: string, batch: readonly Waiting[]): Promise<void> {
    let alarms: readonly CanaryAlarm[] = [];
    try {
      const { outcomes } = await execute<State, { readonly outcomes: readonly ('recorded' | 'refused')[] }>({
        // Each look names its own account; the entry is the guard's.
        actor: { id: 'rule:egress', tenant, role: 'operator' },
        load: (reader) => loadState(reader, tenant, batch, calendar.today(context.now())),
        decide(state, at) {
          const decided = decide(tenant, batch, state, at);
          ({ alarms } = decided);
          return { drafts: decided.drafts, result: { outcomes: decided.outcomes } };
        },
      });
      for (const [i, waiting] of batch.entries()) waiting.settle(outcomes[i] ?? 'refused');
    } catch (error) {
      for (const waiting of batch) waiting.fail(error);
      return;
    }
    for (const alarm of alarms) {
      try {
        await context.hooks.onCanary?.(alarm);
      } catch {
        // The host's own; the alarm is on record.
      }
    }
  }

  /** One batch at a time, each with everything that arrived while the one before was being written. */
  async function drain(tenant: string): Promise<void> {
    if (draining.has(tenant)) return;
    draining.add(tenant);
    try {
      // Whatever else has arrived is read first and comes along: a store that answers at once would else write each look by itself.
      for (await nextTurn(); (queues.get(tenant) ?? []).length > 0; await nextTurn()) {
        const queue = queues.get(tenant) ?? [];
        queues.set(tenant, queue.slice(TOGETHER));
        await write(tenant, queue.slice(0, TOGETHER));
      }
      queues.delete(tenant);
    } finally {
      draining.delete(tenant);
    }
  }

  function matches(item: AccessItem, { subject, by }: AccessQuery): boolean {
    return (subject === undefined || item.subjects.includes(subject)) && (by === undefined || item.by === by);
  }

  return {
    async recordAccess(actor, input) {
      context.permit(actor, 'personal.read');
      const { purpose, ...given } = parseAccess(input);
      const known = PURPOSES.find(({ id }) => id === purpose);
      if (known === undefined) {
        const ids = PURPOSES.map(({ id }) => id).join(', ');
        throw new ComplianceError('ZP_PURPOSE_INVALID', {
          detail: { zh: `处理目的须为：${ids}`, en: `The purpose is one of: ${ids}` },
          citations: [cite('pipl', '6')],
        });
      }
      const item = { ...given, undeclared: given.undeclared ?? [], by: actor.id, role: actor.role, purpose, basis: known.basis };
      const outcome = await new Promise<'recorded' | 'refused'>((resolve, reject) => {
        const waiting = { actor, item, settle: resolve, fail: reject };
        const queue = queues.get(actor.tenant);
        if (queue) queue.push(waiting);
        else queues.set(actor.tenant, [waiting]);
        void drain(actor.tenant);
      });
      if (outcome === 'refused') {
        throw new ComplianceError('ZP_ACCESS_QUOTA', {
          detail: {
            zh: `超过每日可查看的 ${context.dailySubjects} 人：请申请批量导出，由另一人批准`,
            en: `Beyond the ${context.dailySubjects} subjects of a day: ask for an export, which another person grants`,
          },
          citations: [cite('order44', '21(2)'), cite('pipl', '51')],
        });
      }
    },

    async listAccesses(actor, query, page) {
      context.permit(actor, 'personal.log');
      const asked = parseQuery(query);
      const { from, to } = asked;
      const reader = context.reader(actor.tenant);
      const start = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();
      const records = await reader.find('accesses', {
        range: {
          field: 'at',
          gte: from === undefined ? '' : start(from),
          ...(to === undefined ? {} : { lt: start(calendar.addDays(to, 1)) }),
        },
        order: 'desc',
        ...page,
      });
      const items = records.records.flatMap(({ body }) => (body as AccessRecord).items.toReversed().filter((item) => matches(item, asked)));
      return { items, ...(records.cursor === undefined ? {} : { cursor: records.cursor }) };
    },

    async askExport(actor, input, options = {}) {
      context.permit(actor, 'personal.read');
      const { purpose, count, reference } = parseExport(input);
      const id = context.newId();
      return execute<undefined, ExportView>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const { tenant, id: by, role } = actor;
          const body: ExportRecord = { tenant, by, role, purpose, count, reference, askedAt: now, state: 'asked' };
          const draft = {
            kind: 'personal.export-asked',
            subject: { collection: 'exports', id },
            facts: { purpose, count, reference },
            changes: [create('exports', id, body)],
          };
          return { drafts: [draft], result: { id, version: 1, state: 'asked' } };
        },
      });
    },

    async grantExport(actor, id, options = {}) {
      context.permit(actor, 'personal.grant');
      interface Asked {
        readonly asked: Loaded<ExportRecord>;
        readonly counter: Loaded<AccessCounter> | undefined;
        readonly day: string;
      }
      return execute<Asked, ExportView>({
        actor,
        ...retrying(options),
        async load(reader) {
          const asked = found(await load<ExportRecord>(reader, 'exports', id));
          const day = calendar.today(context.now());
          return { asked, day, counter: await load<AccessCounter>(reader, 'accessCounters', counterId(actor.tenant, day, asked.body.by)) };
        },
        decide({ asked, counter, day }) {
          const { by, count, purpose } = asked.body;
          if (asked.body.state !== 'asked') throw new ComplianceError('ZP_STATE');
          if (by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const body: ExportRecord = { ...asked.body, state: 'granted', day, grantedBy: actor.id };
          const row: AccessCounter = {
            tenant: actor.tenant,
            day,
            by,
            subjects: 0,
            ...counter?.body,
            granted: (counter?.body.granted ?? 0) + count,
          };
          const changes = [
            replace('exports', asked, body),
            counter ? replace('accessCounters', counter, row) : create('accessCounters', counterId(actor.tenant, day, by), row),
          ];
          const draft = {
            kind: 'personal.export-granted',
            subject: { collection: 'exports', id },
            facts: { by, count, purpose, day },
            changes,
          };
          return { drafts: [draft], result: { id, version: asked.version + 1, state: 'granted', day } };
        },
      });
    },

    async setCanary(actor, input, options = {}) {
      context.permit(actor, 'personal.grant');
      const { subject } = parseCanary(input);
      const id = canaryId(actor.tenant, subject);
      return execute<Loaded<CanaryRecord> | undefined, { readonly subject: string }>({
        actor,
        ...retrying(options),
        load: (reader) => load<CanaryRecord>(reader, 'canaries', id),
        decide(there, now) {
          if (there) return { drafts: [], result: { subject } };
          const body: CanaryRecord = { tenant: actor.tenant, subject, setBy: actor.id, at: now, touched: 0 };
          // Which identity it is stands in the record alone: who reads the log must not learn what to keep away from.
          const draft = {
            kind: 'personal.canary-set',
            subject: { collection: 'canaries', id },
            facts: {},
            changes: [create('canaries', id, body)],
          };
          return { drafts: [draft], result: { subject } };
        },
      });
    },

    async listCanaries(actor, page) {
      context.permit(actor, 'personal.grant');
      const { records, cursor } = await context.reader(actor.tenant).find('canaries', page);
      const items = records.map(({ id, version, body }) => ({ id, version, body: body as CanaryRecord }));
      return { items, ...(cursor === undefined ? {} : { cursor }) };
    },
  };
}
