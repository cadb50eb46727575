import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { RetentionContext } from './context.ts';
import { holdsInForce, targetsOf } from './holds.ts';
import { latestDue, periodFor, retainUntil } from './periods.ts';
import type { Period } from './periods.ts';
import type { GateRecord, PlanItem, ServiceRecord } from './records.ts';
import { loadGate, timeAnomalies } from './time.ts';
import type { TimeAnomaly } from './time.ts';

const PAGE = 200;

/** What is due and why (到期服务). */
interface Due {
  readonly items: readonly PlanItem[];
  readonly held: readonly string[];
  readonly more: boolean;
}

/** The same with what it rests on. */
export interface Surveyed extends Due {
  readonly gate: Loaded<GateRecord> | undefined;
  readonly anomalies: readonly TimeAnomaly[];
}

/** Looks for what is due; decides nothing. */
export function createPlanning(context: RetentionContext): {
  /** What a plan says of a service; undefined for one that is not due. */
  itemOf(id: string, body: ServiceRecord, period: Period, today: string): PlanItem | undefined;
  survey(reader: Reader, actor: Actor, cap: number): Promise<Surveyed>;
} {
  const { calendar } = context;

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
    const holds = await holdsInForce(reader);
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
          if (!(await holds(targetsOf(id, body as ServiceRecord)))) items.push(item);
          else if (held.length < cap) held.push(id);
        }
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
    }
    return { items, held, more: false };
  }

  async function survey(reader: Reader, actor: Actor, cap: number): Promise<Surveyed> {
    const gate = await loadGate(reader, actor.tenant);
    const period = await periodFor(context, reader, actor.tenant, gate?.body);
    const anomalies = await timeAnomalies(context, reader, actor.tenant, gate?.body);
    return { ...(await due(reader, period, calendar.today(context.now()), cap)), gate, anomalies };
  }

  return { itemOf, survey };
}
