import { ComplianceError } from '../kernel/errors.ts';
import type { Citation } from '../kernel/law.ts';
import type { Pack, Rule } from '../screening/types.ts';
import { citationText, INSTRUMENTS } from './instruments.ts';

function citedBy({ citations, exceptions, modifiers }: Rule): readonly Citation[] {
  return [...citations, ...exceptions.flatMap((one) => one.citations), ...(modifiers ?? []).flatMap((one) => one.citations ?? [])];
}

/**
 * Refuses a pack that relies on law not in force on the day the pack begins (规则包依据的时效): nobody is turned away under
 * an article that does not bind yet or no longer. Local instruments the table does not hold are the pack's own matter.
 * @throws ZP_OPTION_INVALID naming rule and article
 */
export function checkPackCitations({ rules, effectiveFrom }: Pack): void {
  for (const rule of rules) {
    for (const citation of citedBy(rule)) {
      const row = INSTRUMENTS.find(({ id, version }) => id === citation.instrument && version === citation.version);
      if (row === undefined || (row.effectiveFrom <= effectiveFrom && (row.effectiveTo ?? '9999') >= effectiveFrom)) continue;
      const { zh, en } = citationText(citation);
      throw new ComplianceError('ZP_OPTION_INVALID', {
        detail: {
          zh: `筛查规则 ${rule.id}：${zh}在 ${effectiveFrom} 未施行`,
          en: `screening rule ${rule.id}: ${en} is not in force on ${effectiveFrom}`,
        },
      });
    }
  }
}
