import { PROTECTED_FILTERS } from '../../rules/protected-filters.ts';
import type { Finding } from '../../screening/types.ts';

/** Values that sort nobody out. */
const NEUTRAL = new Set(['', '不限', '无要求', '均可', 'any', 'all', 'none', 'unlimited', 'null', 'undefined', 'false']);

function folded(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.]/g, '');
}

function neutral(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(neutral);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(neutral);
  return NEUTRAL.has(typeof value === 'string' ? value.trim().toLowerCase() : JSON.stringify(value ?? null));
}

/**
 * Structured fields or recruiter search filters that sort people by a protected trait (筛选条件审查).
 * @param filters field name → value, as the host's form or search sends them
 * @returns a finding a field, `field` being `filters.<name>` and the words the name itself
 */
export function screenFilters(filters: { readonly [name: string]: unknown }): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(filters)) {
    const rule = PROTECTED_FILTERS.find((filter) => filter.names.includes(folded(name)));
    if (!rule || neutral(value)) continue;
    findings.push({
      rule: `filter.${rule.ground}`,
      ground: rule.ground,
      class: rule.class,
      severity: rule.severity,
      field: `filters.${name}`,
      start: 0,
      end: name.length,
      matched: name,
      title: rule.title,
      citations: rule.citations,
      advice: rule.advice,
    });
  }
  return findings;
}
