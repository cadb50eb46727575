import type { ContextFlag } from './contexts.ts';
import type { Finding, Outcome, Rule, ScreenInput, Severity } from './types.ts';

const RANK: Readonly<Record<Outcome, number>> = { pass: 0, advise: 1, review: 2, block: 3 };

export function outcomeOf(findings: readonly Finding[]): Outcome {
  let outcome: Outcome = 'pass';
  for (const { severity } of findings) if (RANK[severity] > RANK[outcome]) outcome = severity;
  return outcome;
}

/** A rule as it stands in its context; which flag changed it, if one did. */
type Applied = Rule & { readonly context?: ContextFlag };

export function violation(rule: Applied, field: string, text: string, start: number, end: number): Finding {
  const { id, ground, severity, title, citations, advice, context } = rule;
  const matched = text.slice(start, end);
  const found = { rule: id, ground, class: rule.class, severity, field, start, end, matched, title, citations, advice };
  return context === undefined ? found : { ...found, context };
}

/** What the posting does not say: told of the field where it belongs, as a whole. */
export function lacking(rule: Applied, input: ScreenInput): Finding {
  const field = rule.absentFrom?.find((one) => input[one] !== undefined) ?? rule.absentFrom?.[0] ?? '';
  const given: unknown = field === '' || field !== rule.absentFrom?.[0] ? '' : input[field];
  // A host's own object may hold anything in the field: that is told of apart, and quoted never.
  const text = typeof given === 'string' ? given : '';
  return violation(rule, field, text, 0, text.length);
}

export function unread(field: string): Finding {
  return {
    rule: 'engine.unreadable',
    ground: 'unreadable',
    class: 'd',
    severity: 'review' satisfies Severity,
    field,
    start: 0,
    end: 0,
    matched: '',
    citations: [],
    title: { zh: '无法自动筛查', en: 'Could not be screened automatically' },
    advice: { zh: '请人工审查全文', en: 'A person must review the whole text' },
  };
}

export function overLong(field: string, most: number): Finding {
  return {
    ...unread(field),
    rule: 'engine.over-long',
    title: { zh: '文本过长，未作自动筛查', en: 'Too long to be screened automatically' },
    advice: {
      zh: `请将文本压缩至 ${most} 字以内，或人工审查全文`,
      en: `Shorten the text to ${most} characters, or have a person review all of it`,
    },
  };
}

export function truncated(field: string): Finding {
  return {
    ...unread(field),
    rule: 'engine.truncated',
    title: { zh: '疑似条件过多，仅列出部分', en: 'Too many possible conditions; only some are listed' },
    advice: { zh: '请精简重复内容，或人工审查全文', en: 'Remove repetition, or have a person review the whole text' },
  };
}

/** In order of place; of overlapping findings of one ground only the strictest, then the longest, is told. */
export function strictest(found: readonly Finding[]): readonly Finding[] {
  if (found.length < 2) return found;
  // Compared only within runs of overlapping findings: a text of nothing but hits stays linear.
  const kept: Finding[] = [];
  let run: Finding[] = [];
  let reach = 0;
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    if (one.start >= reach) {
      kept.push(...strictestOf(run));
      run = [];
    }
    run.push(one);
    reach = Math.max(reach, one.end);
  }
  kept.push(...strictestOf(run));
  return kept.sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : 1));
}

function strictestOf(found: readonly Finding[]): readonly Finding[] {
  if (found.length < 2) return found;
  const ranked = found.toSorted((a, b) => RANK[b.severity] - RANK[a.severity] || b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: Finding[] = [];
  for (const one of ranked) {
    if (!kept.some((k) => k.ground === one.ground && k.start < one.end && one.start < k.end)) kept.push(one);
  }
  return kept;
}
