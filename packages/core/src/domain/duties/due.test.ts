import { expect, it } from 'vitest';

import { createCalendar } from '../../kernel/calendar.ts';
import { clockOf, CLOCKS } from '../../rules/clocks.ts';
import { OBLIGATIONS } from '../../rules/obligations.ts';
import { dueOf, isOver, reminderOf } from './due.ts';

const calendar = createCalendar();

// Counted by hand from the arrangement of the State Council for 2026: off 15-23 February, 25-27 September and 1-7 October; working Saturdays and
// Sundays 14 and 28 February, 20 September, 10 October.
it.each<[string, string, string]>([
  ['change-report', '2026-02-12', '2026-02-27'],
  // The last day of natural days is not moved by a holiday.
  ['change-report', '2026-09-20', '2026-10-05'],
  ['change-report', '2027-12-20', '2028-01-04'],
  ['ending-report', '2026-09-28', '2026-10-13'],
  ['ending-notice', '2026-09-10', '2026-10-10'],
  ['ending-notice', '2028-01-30', '2028-02-29'],
  ['disclosure-update', '2026-02-12', '2026-03-04'],
  ['disclosure-update', '2026-02-14', '2026-03-06'],
  ['disclosure-update', '2026-09-18', '2026-10-09'],
  ['disclosure-update', '2026-09-28', '2026-10-16'],
  ['home-page-display', '2026-10-03', '2026-10-03'],
  ['app-display', '2026-01-31', '2026-03-02'],
  ['branch-report', '2026-02-12', '2026-02-27'],
  ['service-filing', '2026-02-12', '2026-02-27'],
  ['entrant-reverification', '2026-08-31', '2027-02-28'],
  ['self-audit', '2027-03-01', '2028-02-29'],
  ['rights-answer', '2026-02-12', '2026-03-11'],
  ['rights-answer', '2026-09-24', '2026-10-22'],
  ['officer-filing', '2026-02-12', '2026-04-01'],
  ['audit-rectification', '2026-09-28', '2026-10-23'],
  ['algorithm-filing', '2026-09-30', '2026-10-20'],
  ['algorithm-ending', '2026-02-12', '2026-03-18'],
  ['rules-publication', '2026-02-24', '2026-03-03'],
  ['mlps-test', '2028-02-29', '2029-02-28'],
  ['incident-drill', '2026-10-01', '2027-10-01'],
  ['log-proof', '2026-08-31', '2027-02-28'],
  ['keep-platform-information', '2028-02-29', '2031-02-28'],
  ['keep-service-ledger', '2026-02-12', '2028-02-12'],
  ['keep-network-logs', '2026-08-30', '2027-02-28'],
  ['keep-assessments', '2026-10-01', '2029-10-01'],
  ['keep-provision-records', '2026-10-01', '2029-10-01'],
])('the last day of %s from %s is %s', (id, start, dueOn) => {
  const clock = clockOf(id);
  expect(clock && dueOf(calendar, clock, start)).toEqual({ dueOn });
});

it('counts hours from the instant of a discovery, into the next civil day', () => {
  const clock = clockOf('incident-report');
  // 22:30 in Shanghai.
  const due = clock && dueOf(calendar, clock, '2026-10-03T14:30:00.000Z');
  expect(due).toEqual({ dueOn: '2026-10-04', dueAt: '2026-10-03T18:30:00.000Z' });
  expect(due && isOver(calendar, due, Date.parse('2026-10-03T18:30:00.000Z'))).toBe(false);
  expect(due && isOver(calendar, due, Date.parse('2026-10-03T18:30:00.001Z'))).toBe(true);
});

it('leaves to others the last day that others set', () => {
  const stated = CLOCKS.filter(({ length }) => 'stated' in length);
  expect(stated.map(({ id }) => id)).toEqual([
    'credential-expiry',
    'annual-report-window',
    'annual-report',
    'rectification',
    'holiday-table',
    'posting-validity',
  ]);
  for (const clock of stated) expect(dueOf(calendar, clock, '2026-02-12')).toBeUndefined();
});

it('is over when the civil day in Shanghai is, and not before', () => {
  const duty = { dueOn: '2026-02-27' };
  expect(isOver(calendar, duty, Date.parse('2026-02-27T15:59:59.999Z'))).toBe(false);
  expect(isOver(calendar, duty, Date.parse('2026-02-27T16:00:00.000Z'))).toBe(true);
});

it('reminds by the smallest number of days that has been reached', () => {
  const remind = [8, 3, 0];
  const on = (today: string): number | undefined => reminderOf(calendar, remind, '2026-02-27', today);
  expect(['2026-02-18', '2026-02-19', '2026-02-23', '2026-02-24', '2026-02-27', '2026-03-01'].map(on)).toEqual([undefined, 8, 8, 3, 0, 0]);
});

it('names a row of the table of duties, and in both languages what starts it and what proves it', () => {
  expect(new Set(CLOCKS.map(({ id }) => id)).size).toBe(CLOCKS.length);
  for (const clock of CLOCKS) {
    if (clock.obligation !== undefined) expect(OBLIGATIONS.map(({ id }) => id)).toContain(clock.obligation);
    expect(clock.citations.length).toBeGreaterThan(0);
    for (const text of [clock.title, clock.trigger, clock.proof]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).toMatch(/^[\x20-\x7e’–]+$/u);
    }
  }
});
