/** The clock port (时钟): the only source of "now". */
export interface Clock {
  /** Milliseconds since the Unix epoch, as `Date.now()`. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

export interface TestClock extends Clock {
  /** Move by a number of milliseconds; negative moves back. */
  advance(byMs: number): void;
  /** Jump to an instant (`2027-01-01T00:00:00.000Z`). */
  set(instant: string): void;
}

/** A clock that stands still until told to move (测试时钟). */
export function createTestClock(start: string): TestClock {
  let at = Date.parse(start);
  if (Number.isNaN(at)) throw new RangeError(`not an instant: ${start}`);
  return {
    now: () => at,
    advance(byMs) {
      at += byMs;
    },
    set(instant) {
      const next = Date.parse(instant);
      if (Number.isNaN(next)) throw new RangeError(`not an instant: ${instant}`);
      at = next;
    },
  };
}
