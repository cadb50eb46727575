import type { Calendar } from '../../kernel/calendar.ts';
import type { Reader } from '../../kernel/execute.ts';
import { classOfService } from '../../rules/retention-schedule.ts';
import type { RetentionClass } from '../../rules/retention-schedule.ts';
import type { RetentionContext } from './context.ts';
import type { GateRecord } from './records.ts';

/** How long services of a tenant are kept (适用期限). */
export interface Period {
  readonly class: RetentionClass;
  readonly months: number;
}

/** Never less than the floor, whatever a record says. */
export function periodOf(retentionClass: RetentionClass, lengthened: GateRecord['lengthened'] | undefined): Period {
  const asked = lengthened?.[retentionClass.id] ?? 0;
  return { class: retentionClass, months: Math.max(retentionClass.floor.months, retentionClass.kept.months, asked) };
}

/**
 * The last day on which something must be kept: the corresponding day, the day of completion not counted.
 * @source Civil Code Arts. 201, 202
 */
export function retainUntil(calendar: Calendar, completedOn: string, { months }: Pick<Period, 'months'>): string {
  return calendar.addMonths(completedOn, months);
}

/** The latest day of completion whose period can be over on `today`: what is later need not be looked at. */
export function latestDue(calendar: Calendar, today: string, { months }: Pick<Period, 'months'>): string {
  return calendar.addDays(calendar.addMonths(today, -months), 1);
}

/** The period of a tenant's services now. */
export async function periodFor(context: RetentionContext, reader: Reader, tenant: string, gate: GateRecord | undefined): Promise<Period> {
  return periodOf(classOfService(await context.modesOf(reader, tenant)), gate?.lengthened);
}
