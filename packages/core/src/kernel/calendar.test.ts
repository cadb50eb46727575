import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDuty, createCalendar, officialHolidays } from './calendar.ts';
import type { HolidayTable } from './calendar.ts';

const calendar = createCalendar();
const day = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const table = (...years: number[]): HolidayTable => ({ name: 'test', years: () => years, kind: () => 'ordinary' });

describe('today', () => {
  it('names the civil date in Shanghai, whatever zone the machine is in', () => {
    expect(calendar.today(Date.parse('2026-11-22T15:59:59.999Z'))).toBe('2026-11-22');
    expect(calendar.today(Date.parse('2026-11-22T16:00:00.000Z'))).toBe('2026-11-23');
    expect(calendar.today(Date.parse('2025-12-31T16:00:00.000Z'))).toBe('2026-01-01');
  });
});

describe('isDate', () => {
  it('accepts dates that exist and nothing else', () => {
    for (const date of ['2024-02-29', '2026-12-31', '2000-02-29', '1000-01-01']) expect(calendar.isDate(date)).toBe(true);
    for (const text of [
      '0099-01-01',
      '2026-02-29',
      '1900-02-29',
      '2026-02-30',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-1-1',
      '20260101',
      '2026-01-01T00:00:00Z',
      '2026-01-01\n',
      '',
      '２０２６-01-01',
    ])
      expect(calendar.isDate(text), text).toBe(false);
  });
});

describe('isWorkingDay', () => {
  it('treats the announced make-up days of 2025 and 2026 as working days', () => {
    const madeUp = [
      '2025-01-26',
      '2025-02-08',
      '2025-04-27',
      '2025-09-28',
      '2025-10-11',
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ];
    for (const date of madeUp) {
      expect([0, 6], date).toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
      expect(calendar.isWorkingDay(date), date).toBe(true);
    }
  });

  it('treats announced holidays on weekdays as days off', () => {
    for (const date of ['2025-01-28', '2025-10-08', '2026-01-02', '2026-02-23', '2026-05-05', '2026-09-25', '2026-10-07'])
      expect(calendar.isWorkingDay(date), date).toBe(false);
  });

  it('follows the weekday otherwise', () => {
    expect(calendar.isWorkingDay('2026-11-20')).toBe(true);
    expect(calendar.isWorkingDay('2026-11-21')).toBe(false);
    expect(calendar.isWorkingDay('2026-11-22')).toBe(false);
  });

  it('refuses to guess a year that is not loaded and names it', () => {
    expect(() => calendar.isWorkingDay('2003-05-01')).toThrow(expect.objectContaining({ code: 'ZP_CALENDAR_YEAR_UNKNOWN' }));
    expect(() => createCalendar(table(2026)).isWorkingDay('2027-10-01')).toThrow(
      expect.objectContaining({
        code: 'ZP_CALENDAR_YEAR_UNKNOWN',
        detail: expect.objectContaining({ en: expect.stringContaining('2027') }),
      }),
    );
  });

  it('reads its table anew on every call, so a year added later counts', () => {
    const years = [2026];
    const growing = createCalendar({ name: 'growing', years: () => years, kind: () => 'ordinary' });
    expect(() => growing.isWorkingDay('2027-01-04')).toThrow();
    years.push(2027);
    expect(growing.isWorkingDay('2027-01-04')).toBe(true);
  });
});

describe('addWorkingDays', () => {
  it('jumps over the National Day break and counts its make-up day', () => {
    // 30 September is a Wednesday; 1-7 October are off; Saturday 10 October is worked.
    expect(calendar.addWorkingDays('2026-09-30', 1)).toBe('2026-10-08');
    expect(calendar.addWorkingDays('2026-09-30', 3)).toBe('2026-10-10');
    expect(calendar.addWorkingDays('2026-09-30', 4)).toBe('2026-10-12');
    expect(calendar.addWorkingDays('2026-10-12', -4)).toBe('2026-09-30');
  });

  it('counts the ten working days of a disclosure update across the 2025 Spring Festival', () => {
    expect(calendar.addWorkingDays('2025-01-24', 10)).toBe('2025-02-13');
  });

  it('leaves the day as it is for zero', () => {
    expect(calendar.addWorkingDays('2026-10-01', 0)).toBe('2026-10-01');
  });

  it('stops at the edge of the loaded years', () => {
    const edge = createCalendar(table(2026));
    expect(edge.addWorkingDays('2026-12-30', 1)).toBe('2026-12-31');
    expect(() => edge.addWorkingDays('2026-12-30', 2)).toThrow(expect.objectContaining({ code: 'ZP_CALENDAR_YEAR_UNKNOWN' }));
  });
});

describe('civil periods', () => {
  it('clamps to the last day of a month that has no corresponding day', () => {
    expect(calendar.addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(calendar.addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(calendar.addMonths('2026-08-31', 6)).toBe('2027-02-28');
    expect(calendar.addMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(calendar.addMonths('2026-01-15', -1)).toBe('2025-12-15');
    expect(calendar.addYears('2024-02-29', 3)).toBe('2027-02-28');
    expect(calendar.addYears('2024-02-29', 4)).toBe('2028-02-29');
    expect(calendar.addYears('2026-11-23', 3)).toBe('2029-11-23');
  });

  it('adds and counts natural days across leap days and years', () => {
    expect(calendar.addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(calendar.addDays('2026-12-25', 15)).toBe('2027-01-09');
    expect(calendar.daysBetween('2026-11-23', '2026-11-08')).toBe(-15);
    fc.assert(
      fc.property(day, fc.integer({ min: -4000, max: 4000 }), (date, n) => {
        expect(calendar.daysBetween(date, calendar.addDays(date, n))).toBe(n);
      }),
    );
  });

  it('never moves more than the clamp when a year is added and taken back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 40 }), (date, n) => {
        const there = calendar.addYears(date, n);
        expect(there.slice(0, 7)).toBe(`${Number(date.slice(0, 4)) + n}${date.slice(4, 7)}`);
        expect(Math.abs(calendar.daysBetween(date, calendar.addYears(there, -n)))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses what is not a date, not a whole period or beyond the calendar', () => {
    for (const attempt of [
      () => calendar.addDays('2026-02-30', 1),
      () => calendar.addDays('2026-02-20', 1.5),
      () => calendar.addDays('9999-12-31', 1),
      () => calendar.addMonths('2026-01-01', Number.NaN),
      () => calendar.daysBetween('2026-01-01', 'tomorrow'),
      () => calendar.today(Number.NaN),
    ])
      expect(attempt).toThrow(expect.objectContaining({ code: 'ZP_INPUT_INVALID' }));
  });
});

describe('officialHolidays', () => {
  it('takes the years it knows from its own data, without a gap', () => {
    const years = officialHolidays.years();
    expect(years).toContain(2025);
    expect(years).toContain(2026);
    expect(years).toEqual(years.map((_, index) => (years[0] ?? 0) + index));
  });
});

describe('calendarDuty', () => {
  const until2026 = createCalendar(table(2025, 2026));

  it('asks for next year from 15 November, due before the year begins', () => {
    expect(calendarDuty(until2026, '2026-11-14')).toBeUndefined();
    expect(calendarDuty(until2026, '2026-11-15')).toMatchObject({ due: '2026-12-31', year: 2027 });
    expect(calendarDuty(until2026, '2026-12-31')).toMatchObject({ due: '2026-12-31', year: 2027 });
    expect(calendarDuty(createCalendar(table(2026, 2027)), '2026-12-01')).toBeUndefined();
  });

  it('is overdue at any time when the current year is missing', () => {
    expect(calendarDuty(until2026, '2027-03-01')).toMatchObject({ due: '2026-12-31', year: 2027 });
    expect(calendarDuty(until2026, '2025-06-01')).toBeUndefined();
  });

  it('speaks both languages and names the year', () => {
    const duty = calendarDuty(until2026, '2026-11-23');
    expect(duty?.title.zh).toMatch(/2027年节假日/);
    expect(duty?.title.en).toContain('2027');
    expect(duty?.advice.en).not.toMatch(/\p{Script=Han}/u);
  });
});
