import { expect, it } from 'vitest';

import { createCalendar } from '../../kernel/calendar.ts';
import { overdueOf } from './deadline.ts';

const calendar = createCalendar();

it.each<[string, string, string | undefined, string | undefined, string, boolean]>([
  // Done in January: the end of the next calendar year would be late, 365 days are the stricter.
  ['2026-06-01', 'done early in the year', '2026-01-10', '2025-01-01', '2027-01-10', false],
  // Done in December: 365 days are over before the end of the next year.
  ['2026-12-20', 'done late in the year', '2026-12-15', undefined, '2027-12-15', false],
  ['2027-12-15', 'on the last day', '2026-12-15', undefined, '2027-12-15', false],
  ['2027-12-16', 'a day late', '2026-12-15', undefined, '2027-12-15', true],
  // A leap year has 366 days, and 365 are allowed.
  ['2028-06-01', 'over 29 February', '2028-02-01', undefined, '2029-01-31', false],
  // Never done: by the end of the year it began in.
  ['2026-11-25', 'never done', undefined, '2026-03-01', '2026-12-31', false],
  ['2027-01-01', 'never done, a day late', undefined, '2026-03-01', '2026-12-31', true],
  ['2026-11-25', 'nothing known', undefined, undefined, '2026-12-31', false],
])('is due by the stricter of two readings of a year: on %s, %s', (today, _name, last, since, dueOn, isOverdue) => {
  expect(overdueOf(calendar, today, last, since)).toMatchObject({ dueOn, isOverdue, daysLeft: calendar.daysBetween(today, dueOn) });
});
