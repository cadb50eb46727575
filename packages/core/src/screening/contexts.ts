import type { Modifier, Rule, Severity } from './types.ts';

/**
 * What a posting is besides its words (场合), as far as it changes what the law says of them: aimed at graduates; told on
 * a campus; for a venue barred to minors; in close contact with minors; of a public body; placed for pay.
 */
export const CONTEXT_FLAGS = ['graduates', 'campus', 'venue', 'minors-contact', 'public-body', 'promoted'] as const;
export type ContextFlag = (typeof CONTEXT_FLAGS)[number];

const RANK: { readonly [severity in Severity]: number } = { advise: 0, review: 1, block: 2 };

/** How severe a rule is where these flags are set. @returns -1 when it does not count there, whatever the words say */
function rankIn(rule: Rule, worded: boolean, flags: readonly ContextFlag[]): number {
  return isDue(rule, worded, flags) ? RANK[inContext(rule, flags).severity] : -1;
}

/** Whether a rule counts at all: always, or because of a word of its context, or of a flag. */
export function isDue({ when, contexts }: Rule, worded: boolean, flags: readonly ContextFlag[]): boolean {
  if (when === undefined && contexts === undefined) return true;
  return (when !== undefined && worded) || (contexts !== undefined && contexts.some((flag) => flags.includes(flag)));
}

/** The strictest modifier whose flag is set: what one law eases another may still forbid. */
function modifierOf({ modifiers }: Rule, flags: readonly ContextFlag[]): Modifier | undefined {
  let strictest: Modifier | undefined;
  for (const one of modifiers ?? []) {
    if (flags.includes(one.context) && (strictest === undefined || RANK[one.severity] > RANK[strictest.severity])) strictest = one;
  }
  return strictest;
}

/** The rule as it stands where these flags are set (场合下的规则): a modifier's own parts take the place of the rule's. */
export function inContext(rule: Rule, flags: readonly ContextFlag[]): Rule & { readonly context?: ContextFlag } {
  const modifier = flags.length === 0 ? undefined : modifierOf(rule, flags);
  return modifier === undefined ? rule : { ...rule, ...modifier };
}

/** All sets of flags: few enough to compare two rules in each. */
const SETS: readonly (readonly ContextFlag[])[] = Array.from({ length: 2 ** CONTEXT_FLAGS.length }, (_, bits) =>
  CONTEXT_FLAGS.filter((_flag, at) => (bits & (1 << at)) !== 0),
);

/** Whether a rule is nowhere milder than another: whatever flags are set, with and without the words of its context. */
export function isNowhereMilder(next: Rule, before: Rule): boolean {
  // Most rules know no flags.
  const flagged = [next, before].some(({ contexts, modifiers }) => contexts !== undefined || modifiers !== undefined);
  const sets = flagged ? SETS : SETS.slice(0, 1);
  return sets.every((flags) => [false, true].every((worded) => rankIn(next, worded, flags) >= rankIn(before, worded, flags)));
}
