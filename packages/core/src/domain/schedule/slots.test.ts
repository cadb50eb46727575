import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cronOf, JOBS } from '../../rules/jobs.ts';
import type { Schedule } from '../../rules/jobs.ts';
import { lastSlot, slotsBetween } from './slots.ts';

const at = (text: string): number => Date.parse(text);
const shown = (slots: readonly number[]): readonly string[] => slots.map((ms) => new Date(ms).toISOString().slice(0, 16));

describe('when a job is due', () => {
  it('is counted in the civil time of Shanghai', () => {
    // Half past three in the night of the first of the month, in Shanghai.
    expect(shown(slotsBetween({ minute: 30, hour: 3, day: 1 }, at('2026-10-15T00:00:00Z'), at('2027-02-01T00:00:00Z'), 10))).toEqual([
      '2026-10-31T19:30',
      '2026-11-30T19:30',
      '2026-12-31T19:30',
      '2027-01-31T19:30',
    ]);
    expect(shown(slotsBetween({ minute: 5 }, at('2026-11-25T02:05:00Z'), at('2026-11-25T05:05:00Z'), 10))).toEqual([
      '2026-11-25T03:05',
      '2026-11-25T04:05',
      '2026-11-25T05:05',
    ]);
    expect(shown([lastSlot({ minute: 0, hour: 0, day: 1, month: 1 }, at('2026-11-25T00:00:00Z')) ?? 0])).toEqual(['2025-12-31T16:00']);
  });

  it('leaves none out and makes none up, minute by minute', () => {
    const schedule = fc.record({
      minute: fc.integer({ min: 0, max: 59 }),
      hour: fc.option(fc.integer({ min: 0, max: 23 }), { nil: undefined }),
    }) as fc.Arbitrary<Schedule>;
    fc.assert(
      fc.property(schedule, fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 4000 }), (given, start, length) => {
        const from = at('2026-11-25T00:00:00Z') + start * 60_000;
        const until = from + length * 60_000;
        const wanted: number[] = [];
        for (let ms = from + 60_000; ms <= until; ms += 60_000) {
          const civil = new Date(ms + 8 * 3_600_000);
          if (civil.getUTCMinutes() === given.minute && (given.hour === undefined || civil.getUTCHours() === given.hour)) wanted.push(ms);
        }
        expect(slotsBetween(given, from, until, 10_000)).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  it('reads as a cron expression', () => {
    expect(JOBS.map(({ id, schedule }) => [id, cronOf(schedule)])).toContainEqual(['light-audit', '30 3 1 * *']);
    expect(new Set(JOBS.map(({ id }) => id)).size).toBe(JOBS.length);
  });
});
