import type { Calendar } from './calendar.ts';

/** From when until when something is in force (有效期); without a last day it has no end. */
export type Validity = { readonly validFrom: string; readonly validThrough?: string };

const FOREVER = '9999-12-31';

function endOf({ validThrough = FOREVER }: Validity): string {
  return validThrough;
}

/** What is in force on a day; of several, the one that began last. */
export function inForceOn<T extends Validity>(periods: readonly T[], day: string): T | undefined {
  return periods.filter((one) => one.validFrom <= day && endOf(one) >= day).toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0];
}

/** The last day up to which something is in force without a gap from a day on; undefined where that has no end, or nothing is in force on the day. */
export function coveredThrough(calendar: Calendar, periods: readonly Validity[], day: string): string | undefined {
  const first = inForceOn(periods, day);
  if (first === undefined) return undefined;
  let end = endOf(first);
  for (const one of periods.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)))
    if (end !== FOREVER && one.validFrom <= calendar.addDays(end, 1) && endOf(one) > end) end = endOf(one);
  return end === FOREVER ? undefined : end;
}

/**
 * Which of those on record a new one supersedes: one that has begun takes the place of all that have; a renewal that begins later takes the place of those
 * that would begin with it or after it, and leaves what is in force until then.
 */
export function isSuperseded(earlier: Validity, given: Validity, today: string): boolean {
  return given.validFrom > today ? earlier.validFrom >= given.validFrom : earlier.validFrom <= today;
}
