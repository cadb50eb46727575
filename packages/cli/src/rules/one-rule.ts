import type { Pack, Rule } from '@zhengpin/core';

/** A pack of one rule with the word lists it names (单条规则包): small enough to be compiled many times over. */
export function onlyRule(pack: Pack, rule: Rule): Pack {
  const said = JSON.stringify([rule.phrases, rule.allow, rule.negators, rule.negatorsAfter, rule.when]);
  const words = Object.fromEntries(Object.entries(pack.words ?? {}).filter(([name]) => said.includes(`{${name}}`)));
  return { ...pack, words, rules: [rule] };
}
