import type { Citation } from '../../kernel/law.ts';
import type { Text } from '../../kernel/text.ts';
import type { PenaltyCode } from '../penalties.ts';

/**
 * Whom an article addresses (义务主体): every human resources service agency, public or commercial; commercial agencies
 * only; agencies that run a platform; public agencies only; employers; workers; the authority.
 */
export type BoundParty = 'all' | 'commercial' | 'platform' | 'public' | 'employer' | 'worker' | 'regulator';

/** What the kit can do about a duty: stop a request, keep evidence, watch a clock, write a report, serve a page. */
export type ObligationVerb = 'enforce' | 'record' | 'remind' | 'report' | 'serve';

/** One duty or prohibition of Order 44 (义务), an article row that can be inspected on its own. */
export interface Obligation {
  /** `O44-` and the article; a letter where one paragraph holds two duties, e.g. `O44-15.1b`. */
  readonly id: string;
  /** Article and paragraph as in a citation, e.g. `15(1)`. */
  readonly article: string;
  readonly boundBy: BoundParty;
  /** Agencies the article reaches besides, e.g. whoever publishes what an employer supplied. */
  readonly alsoBinds?: 'all' | 'commercial';
  readonly title: Text;
  /** The duty in the kit's own words. */
  readonly duty: Text;
  /** From when and how long, where a period runs. Internal targets are called internal. */
  readonly clock?: Text;
  /** What an inspector would ask to see. */
  readonly evidence: Text;
  /** Keys of `PENALTIES`; empty where the article has no penalty of its own. */
  readonly penalties: readonly PenaltyCode[];
  readonly citations: readonly Citation[];
  readonly verbs: readonly ObligationVerb[];
  /** Modules of core that serve the duty; empty when it is left to the operator. */
  readonly servedBy: readonly string[];
  /** What of the duty that leaves open, where it is not the whole of it. */
  readonly open?: Text;
}
