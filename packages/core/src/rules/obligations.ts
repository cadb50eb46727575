import { MARKET_ENTRY } from './obligations/market-entry.ts';
import type { Obligation } from './obligations/obligation.ts';
import { PLATFORM_AND_SUPERVISION } from './obligations/platform-and-supervision.ts';
import { RECRUITMENT } from './obligations/recruitment.ts';

export type { BoundParty, Obligation, ObligationVerb } from './obligations/obligation.ts';

/**
 * Every duty of Order 44 that reaches an agency, and the articles around it that decide whom (义务清单), in article order.
 * Which of them bind one operator is decided by `applicability`.
 * @source Order 44
 */
export const OBLIGATIONS: readonly Obligation[] = [...MARKET_ENTRY, ...RECRUITMENT, ...PLATFORM_AND_SUPERVISION];
