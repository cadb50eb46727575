import { expect, it } from 'vitest';

import { createCalendar } from './calendar.ts';
import { coveredThrough, inForceOn, isSuperseded } from './validity.ts';
import type { Validity } from './validity.ts';

const calendar = createCalendar();
const OLD: Validity = { validFrom: '2021-04-01', validThrough: '2026-03-31' };
const NEXT: Validity = { validFrom: '2026-04-01', validThrough: '2031-03-31' };

it.each<[string, Validity | undefined]>([
  ['2021-03-31', undefined],
  ['2021-04-01', OLD],
  ['2026-03-31', OLD],
  ['2026-04-01', NEXT],
  ['2031-04-01', undefined],
])('on %s the one in date is in force, and none before or after', (day, one) => {
  expect(inForceOn([NEXT, OLD], day)).toBe(one);
});

it('is covered through the end of what follows without a gap', () => {
  expect(coveredThrough(calendar, [NEXT, OLD], '2026-02-01')).toBe('2031-03-31');
  expect(coveredThrough(calendar, [OLD, { ...NEXT, validFrom: '2026-04-02' }], '2026-02-01')).toBe('2026-03-31');
  expect(coveredThrough(calendar, [OLD, { validFrom: '2026-01-01' }], '2026-02-01')).toBeUndefined();
  expect(coveredThrough(calendar, [OLD], '2026-04-01')).toBeUndefined();
});

it('supersedes what has begun only once it has begun itself', () => {
  expect(isSuperseded(OLD, NEXT, '2026-02-01')).toBe(false);
  expect(isSuperseded(OLD, NEXT, '2026-04-01')).toBe(true);
  // Recorded again with another number: the renewal that waits stays, or is replaced by another renewal.
  expect(isSuperseded(NEXT, OLD, '2026-02-01')).toBe(false);
  expect(isSuperseded(NEXT, { ...NEXT, validThrough: '2030-03-31' }, '2026-02-01')).toBe(true);
});
