import type { Calendar } from '../../kernel/calendar.ts';

/** By when the next self-audit has to be closed (自查期限). */
export type AuditDeadline = {
  /** Day on which the last full one was closed. */
  readonly lastClosedOn?: string;
  readonly dueOn: string;
  readonly isOverdue: boolean;
  /** Negative once it is overdue. */
  readonly daysLeft: number;
};

const YEAR_DAYS = 365;

/**
 * At least once a year, by both readings of a year at once: every calendar year has one, and no more than 365 days lie between two. The stricter
 * counts. Whoever has not done one yet has until the end of the year it began in, and not longer than 365 days.
 * @param since the day the operator began
 * @source Order 44 Art. 21(3)
 */
export function overdueOf(calendar: Calendar, today: string, last: string | undefined, since: string | undefined): AuditDeadline {
  const from = last ?? since ?? today;
  const rolling = calendar.addDays(from, YEAR_DAYS);
  // Done this year: the next is wanted by the end of the next one.
  const year = Number(from.slice(0, 4)) + (last === undefined ? 0 : 1);
  const byYear = `${year}-12-31`;
  const dueOn = rolling < byYear ? rolling : byYear;
  return {
    ...(last === undefined ? {} : { lastClosedOn: last }),
    dueOn,
    isOverdue: today > dueOn,
    daysLeft: calendar.daysBetween(today, dueOn),
  };
}
