import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createCalendar } from '../../kernel/calendar.ts';
import { classOfService, RETENTION_SCHEDULE } from '../../rules/retention-schedule.ts';
import { latestDue, periodOf, retainUntil } from './periods.ts';

const calendar = createCalendar();
const platform = classOfService(['platform']);
const ledger = classOfService(['own-site']);

describe('the last day of a period', () => {
  it.each([
    ['2026-11-25', 36, '2029-11-25'],
    ['2024-02-29', 36, '2027-02-28'],
    ['2025-02-28', 36, '2028-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-01-31', 37, '2029-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-12-31', 36, '2029-12-31'],
    ['2026-05-31', 24, '2028-05-31'],
  ])('of what was complete on %s and is kept %i months is %s', (completedOn, months, until) => {
    expect(retainUntil(calendar, completedOn, { months })).toBe(until);
  });

  it('is a civil day of Shanghai, whatever the hour in London', () => {
    expect(calendar.today(Date.parse('2026-11-24T15:59:59.999Z'))).toBe('2026-11-24');
    expect(calendar.today(Date.parse('2026-11-24T16:00:00.000Z'))).toBe('2026-11-25');
  });

  it('is never looked past: whatever is over on a day completed by the latest day that is asked for', () => {
    const day = fc.date({ min: new Date('2021-03-01'), max: new Date('2080-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 240 }), (start, days, months) => {
        const completedOn = start.toISOString().slice(0, 10);
        const today = calendar.addDays(retainUntil(calendar, completedOn, { months }), 1 + days);
        expect(completedOn <= latestDue(calendar, today, { months })).toBe(true);
      }),
    );
  });
});

describe('the period', () => {
  it('is three years on a platform and three by default elsewhere, where two would do', () => {
    expect(periodOf(platform, {})).toMatchObject({ months: 36 });
    expect(periodOf(ledger, {})).toMatchObject({ months: 36, class: { floor: { months: 24 } } });
  });

  it('can be longer, never shorter, whatever a record says', () => {
    expect(periodOf(platform, { 'platform-service': 60 }).months).toBe(60);
    expect(periodOf(platform, { 'platform-service': 1 }).months).toBe(36);
    expect(periodOf(platform, { 'service-ledger': 60 }).months).toBe(36);
  });

  it('of every class has its source, and is kept no shorter than it binds', () => {
    for (const row of RETENTION_SCHEDULE) {
      expect(row.citations.length).toBeGreaterThan(0);
      expect(row.kept.months).toBeGreaterThanOrEqual(row.floor.months);
    }
    expect(new Set(RETENTION_SCHEDULE.map(({ id }) => id)).size).toBe(RETENTION_SCHEDULE.length);
  });
});
