import type { Issue } from '../../kernel/errors.ts';
import { refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import type { VerdictInput } from '../../rules/schemas.ts';
import type { ReviewContext } from './context.ts';
import type { Clearance, ReasonRecord } from './records.ts';

function wrong(rule: string, start: number | undefined): Issue {
  return {
    pointer: '/clearances',
    rule,
    title: {
      zh: '须以所列法定例外或误判说明逐条解除',
      en: 'clear each finding by a listed exception or by saying why it is a misreading',
    },
    advice: { zh: '二者择一；例外须在该规则的例外清单内', en: 'One of the two; the exception must be on the rule’s own list' },
    citations: [cite('order44', '17')],
    ...(start === undefined ? {} : { start }),
  };
}

/**
 * The findings a reviewer sets aside (解除提示), each by a listed exception or a stated misreading, never by free text alone.
 * @param must which findings have to be set aside for the verdict to stand
 * @throws ZP_INPUT_INVALID naming every finding that is not, or a clearance of something that was not found
 */
export function readClearances(
  context: ReviewContext,
  reasons: readonly ReasonRecord[],
  given: VerdictInput['clearances'],
  must: (reason: ReasonRecord) => boolean,
): readonly Clearance[] {
  const clearances: Clearance[] = [];
  const issues: Issue[] = [];
  for (const { rule, field, start, exception, misreading } of given ?? []) {
    const found = reasons.some((r) => r.rule === rule && r.field === field && r.start === start);
    const listed = exception === undefined || context.pack.exceptionsOf(rule).includes(exception);
    if (!found || !listed || (exception === undefined) === (misreading === undefined)) issues.push(wrong(rule, start));
    else
      clearances.push({
        rule,
        field,
        start,
        ...(exception === undefined ? {} : { exception }),
        ...(misreading === undefined ? {} : { misreading }),
      });
  }
  for (const reason of reasons.filter(must)) {
    const cleared = clearances.some((c) => c.rule === reason.rule && c.field === reason.field && c.start === reason.start);
    if (!cleared && !issues.some((i) => i.rule === reason.rule && i.start === reason.start))
      issues.push(wrong(reason.rule ?? '', reason.start));
  }
  if (issues.length > 0) refuse(issues);
  return clearances;
}
