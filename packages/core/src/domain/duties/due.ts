import type { Calendar } from '../../kernel/calendar.ts';
import type { DutyClock } from '../../rules/clocks.ts';
import { workingDaysFrom } from '../../kernel/desk.ts';

/** upcoming: reminders have not begun; due: they have; discharged; missed: its last day passed without a proof (义务状态). */
export type DutyState = 'upcoming' | 'due' | 'discharged' | 'missed';

const HOUR_MS = 3_600_000;

/**
 * The last day of a clock that starts on a day (届满日): the day it starts on is not counted. Natural days run over weekends and holidays, and a last
 * day that is not a working day is not moved: what is done before it is in time by any reading. Working days are those of the State Council’s
 * arrangement, make-up days included.
 * @param start `YYYY-MM-DD`, or an instant for a clock that counts hours
 * @returns undefined for a clock whose last day somebody else sets
 */
export function dueOf(
  calendar: Calendar,
  { length }: Pick<DutyClock, 'length'>,
  start: string,
): { readonly dueOn: string; readonly dueAt?: string } | undefined {
  if ('stated' in length) return undefined;
  if ('hours' in length) {
    const dueAt = new Date(Date.parse(start) + length.hours * HOUR_MS).toISOString();
    return { dueOn: calendar.today(Date.parse(dueAt)), dueAt };
  }
  if ('workingDays' in length) return { dueOn: workingDaysFrom(calendar, start, length.workingDays) };
  if ('months' in length) return { dueOn: calendar.addMonths(start, length.months) };
  if ('years' in length) return { dueOn: calendar.addYears(start, length.years) };
  return { dueOn: calendar.addDays(start, length.days) };
}

/** Whether the last moment has passed. */
export function isOver(calendar: Calendar, duty: { readonly dueOn: string; readonly dueAt?: string }, nowMs: number): boolean {
  return duty.dueAt === undefined ? calendar.today(nowMs) > duty.dueOn : nowMs > Date.parse(duty.dueAt);
}

/** The reminder that is due: the smallest number of days before the end that has been reached; undefined before the first. */
export function reminderOf(calendar: Calendar, remind: readonly number[], dueOn: string, today: string): number | undefined {
  const left = calendar.daysBetween(today, dueOn);
  return remind.filter((days) => left <= days).toSorted((a, b) => a - b)[0];
}
