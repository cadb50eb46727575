import type { Schedule } from '../../rules/jobs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Shanghai is eight hours ahead of UTC the whole year. */
const SHANGHAI_MS = 8 * HOUR_MS;

function isDay(ms: number, { day, month }: Schedule): boolean {
  const civil = new Date(ms + SHANGHAI_MS);
  return (day === undefined || civil.getUTCDate() === day) && (month === undefined || civil.getUTCMonth() + 1 === month);
}

/**
 * When a schedule was due (应执行时点) after one instant and up to another, in ms, oldest first; of very many the newest.
 * @param most how many at most
 */
export function slotsBetween(schedule: Schedule, afterMs: number, untilMs: number, most: number): readonly number[] {
  const { minute, hour } = schedule;
  const step = hour === undefined ? HOUR_MS : DAY_MS;
  const offset = (hour ?? 0) * HOUR_MS + minute * 60_000;
  const slots: number[] = [];
  // Backwards from the last one that has come: a machine that slept for years need not count them all.
  const base = Math.floor((untilMs + SHANGHAI_MS) / step) * step - SHANGHAI_MS + offset;
  for (let slot = base > untilMs ? base - step : base; slot > afterMs && slots.length < most; slot -= step)
    if (isDay(slot, schedule)) slots.push(slot);
  return slots.toReversed();
}

/** The last time it was due up to an instant; looks back two years at most. */
export function lastSlot(schedule: Schedule, untilMs: number): number | undefined {
  return slotsBetween(schedule, untilMs - 732 * DAY_MS, untilMs, 1)[0];
}
