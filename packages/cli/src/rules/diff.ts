import { citationText, comparePacks } from '@zhengpin/core';
import type { Pack, Rule, Severity } from '@zhengpin/core';

import { both, EXIT, plain, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { loadPack } from './pack-file.ts';

export interface DiffArgs {
  readonly before: string;
  readonly after: string;
  readonly json?: boolean;
}

interface Changed {
  readonly rule: string;
  readonly effect: 'tightened' | 'loosened' | 'reworded';
  readonly severity?: readonly [Severity, Severity];
  /** How many there were and are. */
  readonly phrases?: readonly [number, number];
  readonly allow?: readonly [number, number];
  readonly negators?: readonly [number, number];
  readonly exceptions?: readonly [number, number];
  /** The flags it counts by, or what they change. */
  readonly contexts?: true;
  readonly lawAdded?: readonly string[];
  readonly lawRemoved?: readonly string[];
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly Changed[];
  /** Word lists whose words are not the same. */
  readonly words: readonly { readonly name: string; readonly count: readonly [number, number] }[];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function counts(one: readonly unknown[], other: readonly unknown[]): readonly [number, number] | undefined {
  return same(one, other) ? undefined : [one.length, other.length];
}

function laws(rule: Rule): readonly string[] {
  return rule.citations.map((citation) => both(citationText(citation)));
}

function changes(before: Rule, after: Rule, effect: Changed['effect']): Changed {
  const clears = (rule: Rule): readonly string[] => [...(rule.negators ?? []), ...(rule.negatorsAfter ?? [])];
  const [phrases, allow] = [counts(before.phrases, after.phrases), counts(before.allow, after.allow)];
  const [negators, exceptions] = [counts(clears(before), clears(after)), counts(before.exceptions, after.exceptions)];
  const [old, now] = [laws(before), laws(after)];
  const lawAdded = now.filter((law) => !old.includes(law));
  const lawRemoved = old.filter((law) => !now.includes(law));
  return {
    rule: after.id,
    effect,
    ...(before.severity === after.severity ? {} : { severity: [before.severity, after.severity] as const }),
    ...(phrases ? { phrases } : {}),
    ...(allow ? { allow } : {}),
    ...(negators ? { negators } : {}),
    ...(exceptions ? { exceptions } : {}),
    ...(same([before.contexts, before.modifiers], [after.contexts, after.modifiers]) ? {} : { contexts: true as const }),
    ...(lawAdded.length > 0 ? { lawAdded } : {}),
    ...(lawRemoved.length > 0 ? { lawRemoved } : {}),
  };
}

/** What changes from one pack to another (规则包比较), rule by rule. */
export function diffPacks(before: Pack, after: Pack): Difference {
  const { added, removed, tightened, loosened } = comparePacks(before, after);
  const effect = (id: string): Changed['effect'] =>
    tightened.includes(id) ? 'tightened' : loosened.includes(id) ? 'loosened' : 'reworded';
  const earlier = new Map(before.rules.map((rule) => [rule.id, rule]));
  const changed = after.rules.flatMap((rule) => {
    const old = earlier.get(rule.id);
    return old === undefined || same(old, rule) ? [] : [changes(old, rule, effect(rule.id))];
  });
  const names = new Set([...Object.keys(before.words ?? {}), ...Object.keys(after.words ?? {})]);
  const words = [...names].flatMap((name) => {
    const count = counts(before.words?.[name] ?? [], after.words?.[name] ?? []);
    return count ? [{ name, count }] : [];
  });
  return { added, removed, changed, words };
}

/**
 * `zhengpin rules diff` (规则包比较): ends with `ok` whether or not they differ, as both are lawful answers.
 * @throws as {@link loadPack}
 */
export async function diffCommand(args: DiffArgs, io: Io): Promise<ExitCode> {
  const difference = diffPacks(await loadPack(args.before), await loadPack(args.after));
  await write(io.stdout, args.json ? `${JSON.stringify(difference, undefined, 2)}\n` : human(difference));
  return EXIT.ok;
}

const EFFECTS: Readonly<Record<Changed['effect'], string>> = {
  tightened: '收紧 tightened',
  loosened: '放宽 LOOSENED',
  reworded: '文字等 other',
};

function human({ added, removed, changed, words }: Difference): string {
  const step = (name: string, pair: readonly [unknown, unknown] | undefined): readonly string[] =>
    pair ? [`    ${name}: ${String(pair[0])} → ${String(pair[1])}`] : [];
  const lines = [
    ...added.map((id) => `+ ${plain(id)}`),
    ...removed.map((id) => `- ${plain(id)}`),
    ...changed.flatMap((one) => [
      `~ ${plain(one.rule)}  ${EFFECTS[one.effect]}`,
      ...step('处理 severity', one.severity),
      ...step('词语 phrases', one.phrases),
      ...step('不计入的说法 allow', one.allow),
      ...step('否定词 negators', one.negators),
      ...step('例外 exceptions', one.exceptions),
      ...(one.contexts ? ['    场合 contexts: ≠'] : []),
      ...(one.lawAdded ?? []).map((law) => `    依据 law: + ${plain(law)}`),
      ...(one.lawRemoved ?? []).map((law) => `    依据 law: - ${plain(law)}`),
    ]),
    ...words.map(({ name, count }) => `~ {${plain(name)}}: ${count[0]} → ${count[1]}`),
    `新增 ${added.length}，删除 ${removed.length}，变更 ${changed.length} / ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
  ];
  return `${lines.join('\n')}\n`;
}
