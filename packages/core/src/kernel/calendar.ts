import arrangements from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { ComplianceError } from './errors.ts';
import type { Text } from './text.ts';

/** How an official arrangement treats a day: off, a weekend worked to make up for one, or left to its weekday. */
export type DayKind = 'holiday' | 'make-up' | 'ordinary';

/**
 * The holiday table port (节假日安排表): one State Council notice a year, published in November of the year before.
 * A year is listed only when its whole arrangement is loaded; nothing is guessed for the others.
 */
export interface HolidayTable {
  readonly name: string;
  /** Civil years whose arrangement is loaded, ascending. */
  years(): readonly number[];
  /** @param date `YYYY-MM-DD` inside one of {@link HolidayTable.years}. */
  kind(date: string): DayKind;
}

// The package's functions name the day before when the machine stands west of Greenwich, and answer for years nobody
// has announced yet; its published data has neither fault.
const DAYS_OFF: ReadonlySet<string> = new Set(Object.keys(arrangements.holidays));
const DAYS_MADE_UP: ReadonlySet<string> = new Set(Object.keys(arrangements.workdays));
// 1 January is often announced with the year before, so 1 October decides that a year's own notice is in.
const YEARS: readonly number[] = [...DAYS_OFF]
  .filter((date) => date.endsWith('-10-01'))
  .map((date) => Number(date.slice(0, 4)))
  .sort((a, b) => a - b);

/**
 * The arrangements of the State Council General Office (国务院办公厅节假日安排) as carried by `chinese-days`.
 * @source 国务院办公厅关于部分节假日安排的通知, one a year
 */
export const officialHolidays: HolidayTable = {
  name: 'chinese-days',
  years: () => YEARS,
  kind: (date) => (DAYS_MADE_UP.has(date) ? 'make-up' : DAYS_OFF.has(date) ? 'holiday' : 'ordinary'),
};

/** Civil days of Asia/Shanghai (民用日历); every date is `YYYY-MM-DD`. All but `today` and `isDate` throw ZP_INPUT_INVALID on anything else. */
export interface Calendar {
  /** {@link HolidayTable.name} of the table in use. */
  readonly table: string;
  /** Years for which working days can be counted. */
  years(): readonly number[];
  /** The civil date in Shanghai at an instant. @param nowMs milliseconds since the epoch, as `Clock.now()`. */
  today(nowMs: number): string;
  /** True for a date that exists, written `YYYY-MM-DD`. */
  isDate(text: string): boolean;
  /** Whether a day is a working day (工作日). @throws ZP_CALENDAR_YEAR_UNKNOWN */
  isWorkingDay(date: string): boolean;
  /** Natural days (自然日); the starting day is not counted. */
  addDays(date: string, days: number): string;
  /**
   * Working days; the starting day is not counted and 0 gives it back as it is.
   * @throws ZP_CALENDAR_YEAR_UNKNOWN when the count has to enter a year that is not loaded
   */
  addWorkingDays(date: string, days: number): string;
  /** The corresponding day, or the last day of a month that has none. @source Civil Code Art. 202 */
  addMonths(date: string, months: number): string;
  /** The corresponding day; 29 February becomes 28 February in a common year. @source Civil Code Art. 202 */
  addYears(date: string, years: number): string;
  /** Natural days from one date to another; negative when `to` is earlier. */
  daysBetween(from: string, to: string): number;
}

const DAY_MS = 86_400_000;
// Mainland time has been UTC+8 without daylight saving since 1992; the rules counted here begin in 2018.
const SHANGHAI_MS = 8 * 3_600_000;

/**
 * The Shanghai calendar over a holiday table (创建日历).
 * @param table the official arrangements unless replaced, e.g. by one that adds a year published after this release.
 */
export function createCalendar(table: HolidayTable = officialHolidays): Calendar {
  function isWorkingDay(date: string): boolean {
    const at = parse(date);
    const year = Number(date.slice(0, 4));
    if (!table.years().includes(year)) throw yearUnknown(year, table.name);
    const kind = table.kind(date);
    if (kind !== 'ordinary') return kind === 'make-up';
    const weekday = new Date(at).getUTCDay();
    return weekday >= 1 && weekday <= 5;
  }

  function addMonths(date: string, months: number): string {
    const from = new Date(parse(date));
    const index = from.getUTCFullYear() * 12 + from.getUTCMonth() + whole(months);
    const lastDay = new Date(Date.UTC(Math.floor(index / 12), (((index % 12) + 12) % 12) + 1, 0)).getUTCDate();
    return format(Date.UTC(Math.floor(index / 12), ((index % 12) + 12) % 12, Math.min(from.getUTCDate(), lastDay)));
  }

  return {
    table: table.name,
    years: () => table.years(),
    today: (nowMs) => format(nowMs + SHANGHAI_MS),
    isDate,
    isWorkingDay,
    addDays: (date, days) => format(parse(date) + whole(days) * DAY_MS),
    addWorkingDays(date, days) {
      let at = parse(date);
      const step = whole(days) < 0 ? -DAY_MS : DAY_MS;
      for (let left = Math.abs(days); left > 0;) {
        at += step;
        if (isWorkingDay(format(at))) left -= 1;
      }
      return format(at);
    },
    addMonths,
    addYears: (date, years) => addMonths(date, whole(years) * 12),
    daysBetween: (from, to) => (parse(to) - parse(from)) / DAY_MS,
  };
}

/** Something to do by a civil date about the calendar itself (日历待办). */
export interface CalendarDuty {
  /** Civil date by which the table must be in; in the past when it is overdue. */
  readonly due: string;
  /** The year whose arrangement is missing. */
  readonly year: number;
  readonly title: Text;
  readonly advice: Text;
}

/**
 * Ask for a holiday arrangement before working-day deadlines need it (节假日安排提醒).
 * @param today `YYYY-MM-DD`, as {@link Calendar.today}.
 * @returns the duty for this year when it is missing, for next year from 15 November on, otherwise nothing.
 */
export function calendarDuty(calendar: Calendar, today: string): CalendarDuty | undefined {
  parse(today);
  const thisYear = Number(today.slice(0, 4));
  const loaded = calendar.years();
  const year = !loaded.includes(thisYear)
    ? thisYear
    : today.slice(5) >= '11-15' && !loaded.includes(thisYear + 1)
      ? thisYear + 1
      : undefined;
  if (year === undefined) return undefined;
  return {
    due: `${String(year - 1).padStart(4, '0')}-12-31`,
    year,
    title: { zh: `载入${year}年节假日安排`, en: `Load the holiday arrangement of ${year}` },
    advice: {
      zh: '国务院办公厅一般于上年11月公布安排。请升级 chinese-days，或向 createCalendar 传入含该年度的节假日表；此前涉及该年度的工作日期限无法计算。',
      en: 'The arrangement is usually published in November of the year before. Update chinese-days, or pass createCalendar a table that has the year; until then no working-day deadline that reaches into it can be counted.',
    },
  };
}

/** A date that exists, written `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  // Some engines roll 30 February over into March instead of refusing it.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function parse(date: string): number {
  if (!isDate(date)) throw inputInvalid('须为有效的日期（YYYY-MM-DD）', 'must be a date that exists, written YYYY-MM-DD');
  return Date.parse(`${date}T00:00:00Z`);
}

function format(ms: number): string {
  const day = new Date(ms);
  const year = day.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) throw inputInvalid('日期超出可表示的范围', 'the date is outside the years 1000 to 9999');
  return day.toISOString().slice(0, 10);
}

function whole(count: number): number {
  if (!Number.isSafeInteger(count)) throw inputInvalid('期间须为整数', 'a period must be a whole number');
  return count;
}

function inputInvalid(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_INPUT_INVALID', { detail: { zh, en } });
}

function yearUnknown(year: number, table: string): ComplianceError {
  return new ComplianceError('ZP_CALENDAR_YEAR_UNKNOWN', {
    detail: {
      zh: `${year}年节假日安排尚未载入（${table}），无法计算工作日`,
      en: `the holiday arrangement of ${year} is not loaded (${table}), so its working days cannot be counted`,
    },
  });
}
