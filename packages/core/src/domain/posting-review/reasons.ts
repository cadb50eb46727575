import { refuse } from '../../kernel/validate.ts';
import { REASONS } from '../../rules/reasons.ts';
import type { ReasonRecord } from './records.ts';

/** Coded reasons of a person, with title, law and advice filled in from the table. @throws ZP_INPUT_INVALID for an unlisted code */
export function reasonsOf(
  given: readonly { readonly reason: string; readonly pointer?: string; readonly facts?: string }[],
  at = '/reasons',
): readonly ReasonRecord[] {
  return given.map(({ reason, pointer, facts }, index) => {
    const row = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
    if (row === undefined) {
      const codes = Object.keys(REASONS).join(', ');
      refuse([
        {
          pointer: `${at}/${index}/reason`,
          rule: 'reason',
          citations: [],
          title: { zh: '理由代码未列入', en: 'Not a listed reason' },
          advice: { zh: `可用：${codes}`, en: `One of ${codes}` },
        },
      ]);
    }
    return {
      reason,
      ...(pointer === undefined ? {} : { pointer }),
      ...(facts === undefined ? {} : { facts }),
      title: { ...row.title },
      advice: { ...row.advice },
      citations: row.citations.map((c) => ({ ...c })),
    };
  });
}
