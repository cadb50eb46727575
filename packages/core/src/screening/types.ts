import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';

/** Grounds a finding can have (筛查事由); the names are shared with public labelled sets. */
export type Ground =
  | 'gender' | 'ethnicity' | 'religion' | 'hukou' | 'region' | 'marital' | 'disability' | 'infection'
  | 'age' | 'minor' | 'appearance' | 'school' | 'political' | 'zodiac' | 'criminal'
  | 'deposit' | 'fee' | 'id_withholding' | 'loan' | 'pay_missing' | 'contact' | 'fraud';

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
}

export interface Finding {
  /** Rule id, e.g. `gender.limit`. */
  readonly rule: string;
  readonly ground: Ground;
  readonly class: RuleClass;
  readonly severity: Severity;
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
   * Phrases in folded form. `{gap}` stands for at most 4 characters other than sentence ends; alternatives in
   * parentheses `(限|仅限)男`. Every phrase needs a literal anchor of at least one character.
   */
  readonly phrases: readonly string[];
  /** Longer phrases that clear a hit they cover, e.g. `男女不限`. */
  readonly allow: readonly string[];
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
  readonly rules: readonly Rule[];
}
