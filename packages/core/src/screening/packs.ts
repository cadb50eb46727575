import { ComplianceError } from '../kernel/errors.ts';
import type { Text } from '../kernel/text.ts';
import { isNowhereMilder } from './contexts.ts';
import type { Pack, Rule } from './types.ts';

/** How one pack differs from another (规则包差异), rule by rule. */
export interface PackChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Stricter or wider than before. */
  readonly tightened: readonly string[];
  /** Milder or narrower in any respect, whatever else it gained. */
  readonly loosened: readonly string[];
}

function covers(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  const known = new Set(wide);
  return (narrow ?? []).every((item) => known.has(item));
}

function same(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return covers(one, other) && covers(other, one);
}

/** A rule catches no less than another when it has all its phrases and no more ways out. */
function atLeast(next: Rule, before: Rule): boolean {
  const exceptions = (rule: Rule): readonly string[] => rule.exceptions.map((e) => e.id);
  // A rule that holds everywhere is wider than one bound to a context; the words of a context only add cases.
  const always = next.when === undefined && next.contexts === undefined;
  const context = always || before.when === undefined || (next.when !== undefined && covers(next.when, before.when));
  // What a rule about a lack looks for is what satisfies it: more words there, or more fields to find them in, is milder.
  const lacks = next.absentFrom !== undefined || before.absentFrom !== undefined;
  const words = lacks
    ? next.absentFrom !== undefined &&
      before.absentFrom !== undefined &&
      covers(before.absentFrom, next.absentFrom) &&
      covers(before.phrases, next.phrases)
    : covers(next.phrases, before.phrases);
  return (
    next.ground === before.ground &&
    // In every context, no flags set included: what a flag makes milder is a way out like any other.
    isNowhereMilder(next, before) &&
    words &&
    covers(next.recognise, before.recognise) &&
    covers(before.allow, next.allow) &&
    covers(before.negators, next.negators) &&
    covers(before.negatorsAfter, next.negatorsAfter) &&
    covers(exceptions(before), exceptions(next)) &&
    JSON.stringify(next.pairs) === JSON.stringify(before.pairs) &&
    context
  );
}

function alike(one: Rule, other: Rule): boolean {
  return (
    one.severity === other.severity &&
    same(one.phrases, other.phrases) &&
    same(one.allow, other.allow) &&
    atLeast(one, other) &&
    atLeast(other, one)
  );
}

/** What changes for employers when `next` takes the place of `before`. */
export function comparePacks(before: Pack, next: Pack): PackChanges {
  const known = new Map(before.rules.map((rule) => [rule.id, rule]));
  const kept = new Set(next.rules.map((rule) => rule.id));
  const narrower = Object.entries(before.words ?? {}).some(([name, list]) => !covers(next.words?.[name], list));
  const tightened: string[] = [];
  const loosened: string[] = narrower ? ['words'] : [];
  for (const rule of next.rules) {
    const earlier = known.get(rule.id);
    if (!earlier || alike(rule, earlier)) continue;
    (atLeast(rule, earlier) ? tightened : loosened).push(rule.id);
  }
  return {
    added: next.rules.filter((rule) => !known.has(rule.id)).map((rule) => rule.id),
    removed: before.rules.filter((rule) => !kept.has(rule.id)).map((rule) => rule.id),
    tightened,
    loosened,
  };
}

function refused(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh, en } });
}

function joined(one: Text, other: Text): Text {
  return { zh: `${one.zh} + ${other.zh}`, en: `${one.en} + ${other.en}` };
}

/**
 * Lay a provincial or tenant pack over a base (规则包叠加). It may add rules and tighten those it repeats by id.
 * @throws ZP_OPTION_INVALID naming the rule that would be loosened: that takes a decision of its own, not an overlay
 */
export function overlayPack(base: Pack, overlay: Pack): Pack {
  const words = { ...base.words };
  for (const [name, list] of Object.entries(overlay.words ?? {})) words[name] = [...new Set([...(words[name] ?? []), ...list])];
  const replaced = new Map(overlay.rules.map((rule) => [rule.id, rule]));
  const rules = [
    ...base.rules.map((rule) => replaced.get(rule.id) ?? rule),
    ...overlay.rules.filter((rule) => !base.rules.some((r) => r.id === rule.id)),
  ];
  const pack: Pack = {
    id: `${base.id}+${overlay.id}`,
    version: `${base.version}+${overlay.version}`,
    jurisdiction: overlay.jurisdiction,
    effectiveFrom: base.effectiveFrom > overlay.effectiveFrom ? base.effectiveFrom : overlay.effectiveFrom,
    title: joined(base.title, overlay.title),
    rules,
    ...(Object.keys(words).length > 0 ? { words } : {}),
  };
  const { loosened } = comparePacks(base, pack);
  if (loosened.length > 0) {
    throw refused(`叠加包 ${overlay.id} 放宽了规则：${loosened.join('、')}`, `the overlay ${overlay.id} loosens ${loosened.join(', ')}`);
  }
  return pack;
}

/**
 * The pack for a place and day (按地区和日期选包): the newest national pack in force, with the newest pack of each
 * province served laid over it.
 * @param on civil date `YYYY-MM-DD`
 * @param jurisdictions as in the operator's profile, e.g. `['CN', 'CN-GD']`
 * @throws ZP_OPTION_INVALID when no national pack is in force that day, or a provincial one loosens it
 */
export function choosePack(packs: readonly Pack[], on: string, jurisdictions: readonly string[]): Pack {
  const newest = (jurisdiction: string): Pack | undefined =>
    packs
      .filter((pack) => pack.jurisdiction === jurisdiction && pack.effectiveFrom <= on)
      .toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1))[0];
  const national = newest('CN');
  if (national === undefined) throw refused(`${on} 没有生效的全国规则包`, `no national pack is in force on ${on}`);
  const local = [...new Set(jurisdictions)].filter((code) => code !== 'CN').toSorted();
  return local.map(newest).reduce<Pack>((pack, overlay) => (overlay ? overlayPack(pack, overlay) : pack), national);
}
