import { AGENCY_CLOCKS } from './clocks/agency.ts';
import type { DutyClock } from './clocks/clock.ts';
import { INFORMATION_CLOCKS } from './clocks/information.ts';

export type { DutyClock, Length } from './clocks/clock.ts';

/**
 * Every clock an agency lives by (时限表). A number that a statute does not name says so in `basis`.
 * @source Order 44 Arts. 12, 13, 20, 21, 24, 25, 26, 29 and the instruments each row cites
 */
export const CLOCKS: readonly DutyClock[] = [...AGENCY_CLOCKS, ...INFORMATION_CLOCKS];

/** One clock of the table. */
export function clockOf(id: string): DutyClock | undefined {
  return CLOCKS.find((clock) => clock.id === id);
}
