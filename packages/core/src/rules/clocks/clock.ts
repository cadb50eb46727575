import type { Citation } from '../../kernel/law.ts';
import type { Text } from '../../kernel/text.ts';
import type { BoundParty } from '../obligations.ts';

/** How long a clock runs (期间). `stated`: somebody else sets the last day, an order or a local notice, and whoever opens it says which. */
export type Length =
  | { readonly days: number }
  | { readonly workingDays: number }
  | { readonly months: number }
  | { readonly years: number }
  | { readonly hours: number }
  | { readonly stated: true };

/** One clock of the law or of the house (时限), as data. */
export interface DutyClock {
  readonly id: string;
  /** Id of the row of `OBLIGATIONS` it serves, where Order 44 is its root. */
  readonly obligation?: string;
  readonly boundBy: BoundParty;
  readonly title: Text;
  /** What starts it. The day it starts on is not counted. */
  readonly trigger: Text;
  readonly length: Length;
  /**
   * `deadline`: done by the last day. `not-before`: nothing may follow until the last day has passed. `keep`: kept until then, and the schedule of
   * retention sees to it. `automatic`: the kit does it itself when the time has come.
   */
  readonly kind: 'deadline' | 'not-before' | 'keep' | 'automatic';
  /** Whether a statute, a notice below it or only the kit's own target says how long. */
  readonly basis: 'law' | 'notice' | 'internal';
  /** What shows that it was done. */
  readonly proof: Text;
  /** Days before the last one on which somebody is reminded, the earliest first. */
  readonly remind: readonly number[];
  /** Comes back: counted from the day it was done, or, where it hangs on a date of the year, from its last day. */
  readonly recurs?: 'from-discharge' | 'every-year';
  /**
   * `duties`: opened and discharged by somebody, in the calendar. `calendar`: by the date alone. Otherwise the part of the kit whose records start and
   * stop it.
   */
  readonly keptBy:
    | 'duties'
    | 'calendar'
    | 'posting-review'
    | 'disclosure'
    | 'supervision'
    | 'self-audit'
    | 'personal-information'
    | 'platform-rules'
    | 'retention';
  readonly citations: readonly Citation[];
}
