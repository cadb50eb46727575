import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import type { ContextFlag } from './contexts.ts';

/** Grounds whose names are shared with public labelled sets (筛查事由). */
export type LabelledGround =
  | 'gender'
  | 'ethnicity'
  | 'religion'
  | 'hukou'
  | 'region'
  | 'marital'
  | 'disability'
  | 'infection'
  | 'age'
  | 'minor'
  | 'appearance'
  | 'school'
  | 'political'
  | 'zodiac'
  | 'criminal'
  | 'deposit'
  | 'fee'
  | 'id_withholding'
  | 'loan'
  | 'pay_missing'
  | 'contact'
  | 'fraud';

/** Grounds a finding can have: those labelled sets know, and those they do not tell apart. */
export type Ground =
  | LabelledGround
  | 'status'
  | 'residence'
  | 'health'
  | 'rehabilitation'
  | 'vocational'
  | 'orientation'
  | 'private_life'
  | 'nationality'
  | 'care_post'
  | 'clergy'
  | 'repost'
  /** Not a ground of law: the engine could not read the text, so a person must. */
  | 'unreadable';

/** Legal class: a Order 44 Art. 15(1); b Art. 15(2); c another statute; d not prohibited nationally but flagged. */
export type RuleClass = 'a' | 'b' | 'c' | 'd';
export type Severity = 'advise' | 'review' | 'block';
export type Outcome = 'pass' | Severity;

/** What the engine reads (待筛查文本): any subset of a posting's text fields, each kept apart so offsets stay true. */
export interface ScreenInput {
  readonly id?: string;
  readonly title?: string;
  readonly text?: string;
  readonly salary?: string;
  readonly requirements?: string;
  readonly workContent?: string;
  readonly workingConditions?: string;
  readonly employerName?: string;
  readonly industry?: string;
  readonly city?: string;
  readonly address?: string;
  readonly sourceName?: string;
}

export interface ScreenOptions {
  /**
   * The input is all there is of the posting (整条信息): only then are rules judged about what a posting lacks, such as
   * pay. A posting whose pay stands in structured fields of its own is never judged so.
   */
  readonly complete?: boolean;
  /** What the posting is besides its words (场合): flags that make rules count or change what they say. */
  readonly context?: readonly ContextFlag[];
}

export interface Finding {
  /** Rule id, e.g. `gender.limit`. */
  readonly rule: string;
  readonly ground: Ground;
  readonly class: RuleClass;
  readonly severity: Severity;
  /** The flag whose modifier gave severity, class, citations and advice; absent where the rule stands as it is. */
  readonly context?: ContextFlag;
  /** Key of {@link ScreenInput} the offsets belong to. */
  readonly field: string;
  /** UTF-16 offsets into that field's original text. */
  readonly start: number;
  readonly end: number;
  /** The original words. */
  readonly matched: string;
  readonly title: Text;
  readonly citations: readonly Citation[];
  readonly advice: Text;
}

export interface ScreenResult {
  /** The strictest severity among the findings, or `pass`. */
  readonly outcome: Outcome;
  /** Ordered by field, then start. */
  readonly findings: readonly Finding[];
  /** Pack id, version and content hash, e.g. `cn-national@2026.11+1a2b3c4d`. */
  readonly pack: string;
}

/** A lawful exception to a rule: a closed, cited list; free text never clears a block. */
export interface RuleException {
  readonly id: string;
  readonly title: Text;
  readonly citations: readonly Citation[];
}

/**
 * What a flag changes about a rule (场合调整): its severity always, the rest where given. Of several the strictest counts,
 * even where all of them are milder than the rule.
 */
export interface Modifier {
  readonly context: ContextFlag;
  readonly severity: Severity;
  readonly class?: RuleClass;
  readonly citations?: readonly Citation[];
  readonly penalty?: string;
  readonly advice?: Text;
}

/** One screening rule as data (筛查规则). */
export interface Rule {
  readonly id: string;
  readonly ground: Ground;
  readonly class: RuleClass;
  readonly severity: Severity;
  readonly title: Text;
  readonly citations: readonly Citation[];
  /** Penalty route under the rule's own article, e.g. `P-43`; see `rules/penalties.ts`. */
  readonly penalty: string;
  readonly exceptions: readonly RuleException[];
  /** What is wrong and how to say it lawfully. */
  readonly advice: Text;
  /**
   * Phrases in folded form, with alternatives in parentheses `(限|仅限)男`, an empty one included `男(性|)`.
   * `{gap}` is at most 4 characters other than sentence ends, `{num}` a number in digits or characters, `{sum}` one of
   * at least three digits, `{name}` a word of {@link Pack.words}, `^` and `$` the edges of a clause. Every phrase needs a literal of at least one
   * character.
   */
  readonly phrases: readonly string[];
  /** Contact details found by their shape, besides the phrases (联系方式识别). */
  readonly recognise?: readonly ('phone' | 'email' | 'chat')[];
  /** Phrases that clear a hit they cover or reach into from outside, e.g. `不限男`, `女装`. */
  readonly allow: readonly string[];
  /** Words that clear a hit when they stand before it in its clause (否定、禁止), e.g. `无需`. */
  readonly negators?: readonly string[];
  /** Words that clear a hit when they follow it closely in its clause, e.g. `押金全免`. */
  readonly negatorsAfter?: readonly string[];
  /** The rule counts only for a posting with one of these words in any field, e.g. `应届`. */
  readonly when?: readonly string[];
  /** The rule counts only where one of these flags is set; beside `when`, either will do. */
  readonly contexts?: readonly ContextFlag[];
  readonly modifiers?: readonly Modifier[];
  /**
   * Hits come in kinds told apart by a word (`男` and `女`). `alone`: a hit counts unless one of another kind is
   * near. `different`: it counts only if one of another kind is near and the numbers after the two differ.
   */
  readonly pairs?: { readonly words: readonly string[]; readonly keep: 'alone' | 'different' };
  /**
   * The rule counts when none of its phrases stands in any of these fields (缺项), the first of them being where it
   * belongs: `['salary', 'title', 'text']` for pay. Judged only for {@link ScreenOptions.complete} input.
   */
  readonly absentFrom?: readonly Exclude<keyof ScreenInput, 'id'>[];
  readonly examples: { readonly violating: readonly string[]; readonly complying: readonly string[] };
}

/** A dated set of rules for a jurisdiction (规则包). */
export interface Pack {
  readonly id: string;
  readonly version: string;
  readonly jurisdiction: string;
  /** Civil date from which the pack applies. */
  readonly effectiveFrom: string;
  readonly title: Text;
  /** Word lists that phrases name, e.g. `place` for `{place}`. */
  readonly words?: { readonly [name: string]: readonly string[] };
  readonly rules: readonly Rule[];
}
