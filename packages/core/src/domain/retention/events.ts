import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, listed, remove } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import type { RetentionContext } from './context.ts';
import type { PlanItem, ServiceRecord } from './records.ts';

/** A service that a plan on record lists as due (到期事件). The same id always means the same fact. */
export type RetentionDue = {
  readonly id: string;
  readonly tenant: string;
  readonly service: string;
  readonly organisation: string;
  readonly postings: readonly string[];
  readonly completedOn: string;
  /** Last civil day on which it had to be kept. */
  readonly retainUntil: string;
  readonly plan: string;
};

/** A service that was disposed of, with its certificate (处置事件). */
export type Disposed = {
  readonly id: string;
  readonly tenant: string;
  /** Also the id of its certificate. */
  readonly service: string;
  readonly organisation: string;
  readonly postings: readonly string[];
  readonly plan: string;
  readonly disposedAt: string;
};

/**
 * What a host is told (宿主回调), at least once: an event is on disk with the fact it tells, and stays until the callback
 * has resolved. A rejection is tried again at the next plan, pass or tick. The same event may come twice, with the same id.
 */
export interface RetentionHooks {
  /** Before anybody approves: time to set a hold, or to hand out a copy. */
  readonly onRetentionDue?: (event: RetentionDue) => Promise<void> | void;
  /** After it is gone: time to remove what the host keeps of the same service. */
  readonly onDisposed?: (event: Disposed) => Promise<void> | void;
}

type EventRecord = { readonly tenant: string } & (
  | { readonly type: 'due'; readonly event: RetentionDue }
  | { readonly type: 'disposed'; readonly event: Disposed }
);

/** Events delivered in one turn, and told of as delivered in one entry. */
const PAGE = 100;

/** The events of due services, as drafts that go with their plan; none where nobody listens. */
export async function dueEvents(
  context: RetentionContext,
  reader: Reader,
  plan: { readonly id: string; readonly tenant: string },
  items: readonly PlanItem[],
): Promise<readonly Draft[]> {
  if (context.hooks.onRetentionDue === undefined) return [];
  const { id: planId, tenant } = plan;
  const events: Change[] = [];
  for (const { service, organisation, completedOn, retainUntil } of items) {
    const record = await reader.get('services', service);
    const { postings = [] } = (record?.body ?? {}) as Partial<ServiceRecord>;
    const id = `due.${planId}.${service}`;
    const event: RetentionDue = { id, tenant, service, organisation, postings, completedOn, retainUntil, plan: planId };
    const body: EventRecord = { tenant, type: 'due', event };
    events.push(create('retentionEvents', id, body));
  }
  const drafts: Draft[] = [];
  for (let i = 0; i < events.length; i += PAGE) {
    const changes = events.slice(i, i + PAGE);
    const subject = { collection: 'disposalPlans', id: planId };
    drafts.push({ kind: 'retention.due-announced', subject, facts: { events: changes.length }, changes });
  }
  return drafts;
}

/** The event of a disposal, as a record that is written with it. */
export function disposedEvent(context: RetentionContext, event: Omit<Disposed, 'id'>): readonly Change[] {
  if (context.hooks.onDisposed === undefined) return [];
  const id = `disposed.${event.service}`;
  const body: EventRecord = { tenant: event.tenant, type: 'disposed', event: { id, ...event } };
  return [create('retentionEvents', id, body)];
}

/** Deliver what waits. @returns how many could not be delivered */
export async function deliverEvents(context: RetentionContext, actor: Actor): Promise<number> {
  const { onRetentionDue, onDisposed } = context.hooks;
  if (onRetentionDue === undefined && onDisposed === undefined) return 0;
  const reader = context.reader(actor.tenant);
  let undelivered = 0;
  for (let cursor: string | undefined; ;) {
    const page = await reader.find('retentionEvents', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const delivered: Loaded<EventRecord>[] = [];
    for (const record of listed<EventRecord>(page).items) {
      const { type, event } = record.body;
      try {
        // Nobody listens any more to what somebody listened to: it waits until somebody does.
        const call = type === 'due' ? onRetentionDue?.bind(undefined, event) : onDisposed?.bind(undefined, event);
        if (call === undefined) continue;
        await call();
        delivered.push(record);
      } catch {
        // The host's own error, for the host's own log.
        undelivered++;
      }
    }
    await acknowledge(context, actor, delivered);
    cursor = page.cursor;
    if (cursor === undefined) return undelivered;
  }
}

/** Two processes may have delivered the same: what is gone by now needs no second word. */
async function acknowledge(context: RetentionContext, actor: Actor, delivered: readonly Loaded<EventRecord>[]): Promise<void> {
  if (delivered.length === 0) return;
  await context.execute<readonly (Loaded<EventRecord> | undefined)[], Record<string, never>>({
    actor,
    load: (reader) =>
      Promise.all(
        delivered.map(async ({ id }) => {
          const record = await reader.get('retentionEvents', id);
          return record && { id, version: record.version, body: record.body as EventRecord };
        }),
      ),
    decide(found) {
      const changes = found.flatMap((record) => (record ? [remove('retentionEvents', record)] : []));
      if (changes.length === 0) return { drafts: [], result: {} };
      const subject = { collection: 'retentionGates', id: actor.tenant };
      return { drafts: [{ kind: 'retention.events-delivered', subject, facts: { events: changes.length }, changes }], result: {} };
    },
  });
}
