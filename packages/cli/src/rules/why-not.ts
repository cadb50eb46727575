import { compilePack, screen } from '@zhengpin/core';
import type { Finding, Pack, Rule, ScreenInput, ScreenOptions } from '@zhengpin/core';

import { onlyRule } from './one-rule.ts';

/** What of a rule can hold a hit back. */
const HOLDS = ['allow', 'negators', 'negatorsAfter', 'when', 'contexts', 'pairs'] as const;
type Hold = (typeof HOLDS)[number];

/** Words a rule looks for that are no finding, and why (未计入的命中). */
export interface Dropped {
  readonly rule: string;
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly matched: string;
  /** What held it back; `covered` by a finding of the same ground, `together` when no single part does it. */
  readonly because: Hold | 'covered' | 'together';
  /** The rule's own words that did, or the rule that covers it. */
  readonly by: readonly string[];
}

const MOST_WORDS_TOLD = 3;
/** A text no rule has anything against: what a rule clears is not asked of a rule stripped of it. */
const NOTHING = Array.from({ length: 5 }, () => '。');

function stripped(rule: Rule): Rule {
  const { negators: _before, negatorsAfter: _after, when: _when, contexts: _contexts, pairs: _pairs, ...rest } = rule;
  return { ...rest, allow: [], examples: { violating: rule.examples.violating, complying: NOTHING } };
}

function overlaps(one: Finding, other: Finding): boolean {
  return one.field === other.field && one.start < other.end && other.start < one.end;
}

/**
 * The hits the engine has dropped, found by asking it again without the parts of a rule that can drop one (为何不计入).
 * Costs many compilations: for one text at a time.
 */
export function whyNot(input: ScreenInput, pack: Pack, found: readonly Finding[], options: ScreenOptions): readonly Dropped[] {
  const dropped: Dropped[] = [];
  for (const rule of pack.rules) {
    // A rule about what is missing is held back by the very words that are there.
    if (rule.absentFrom !== undefined) continue;
    const bare = stripped(rule);
    const ask = (one: Rule): readonly Finding[] =>
      screen(input, compilePack(onlyRule(pack, one)), options).findings.filter(({ ground }) => ground === rule.ground);
    for (const hit of ask(bare)) {
      if (found.some((finding) => finding.rule === rule.id && overlaps(finding, hit))) continue;
      const { field, start, end, matched } = hit;
      const stands = (one: Rule): boolean => ask(one).some((other) => overlaps(other, hit));
      const cover = found.find((finding) => finding.ground === rule.ground && overlaps(finding, hit));
      const reason = cover ? { because: 'covered' as const, by: [cover.rule] } : heldBy(rule, bare, stands);
      dropped.push({ rule: rule.id, field, start, end, matched, ...reason });
    }
  }
  return dropped;
}

function heldBy(rule: Rule, bare: Rule, stands: (one: Rule) => boolean): Pick<Dropped, 'because' | 'by'> {
  for (const hold of HOLDS) {
    const part = rule[hold];
    if (part === undefined || stands({ ...bare, [hold]: part })) continue;
    if (hold === 'pairs' || hold === 'when' || hold === 'contexts') return { because: hold, by: [] };
    const by: string[] = [];
    for (const phrase of rule[hold] ?? []) {
      if (by.length === MOST_WORDS_TOLD) break;
      if (!stands({ ...bare, [hold]: [phrase] })) by.push(phrase);
    }
    return { because: hold, by };
  }
  return { because: 'together', by: [] };
}
