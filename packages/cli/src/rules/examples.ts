import { compilePack, isComplianceError, screen } from '@zhengpin/core';
import type { CompiledPack, Pack, Rule } from '@zhengpin/core';

import { EXIT, plain, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { onlyRule } from './one-rule.ts';
import { loadPack } from './pack-file.ts';

export interface TestArgs {
  readonly pack: string;
  readonly base?: string;
  readonly json?: boolean;
}

interface Tested {
  readonly rule: string;
  readonly violating: number;
  readonly complying: number;
  readonly failures: readonly { readonly kind: 'violating' | 'complying' | 'rule'; readonly text: string }[];
}

/** What the engine has against a pack, if anything. */
function refusal(pack: Pack): string | undefined {
  try {
    compilePack(pack);
    return undefined;
  } catch (error) {
    if (isComplianceError(error)) return error.detail.en;
    throw error;
  }
}

/** A text no rule has anything against. */
const NOTHING = '。';

/** Whether a rule hits a text, asked of the engine by giving it the text as the rule's only example. */
function hits(pack: Pack, rule: Rule, text: string): boolean {
  const examples = { violating: Array.from({ length: 5 }, () => text), complying: Array.from({ length: 5 }, () => NOTHING) };
  return refusal(onlyRule(pack, { ...rule, examples })) === undefined;
}

function alone(pack: Pack, rule: Rule): Tested['failures'] {
  const reason = refusal(onlyRule(pack, rule));
  if (reason === undefined) return [];
  // Of a rule about what is missing, the text that nothing is wrong with would be an example.
  if (rule.absentFrom !== undefined) return [{ kind: 'rule', text: reason }];
  const missed = rule.examples.violating.filter((text) => !hits(pack, rule, text));
  // A rule that cannot be read hits nothing; what the engine says of it tells more than a list of its examples.
  if (missed.length === rule.examples.violating.length) return [{ kind: 'rule', text: reason }];
  return [
    ...missed.map((text) => ({ kind: 'violating' as const, text })),
    ...rule.examples.complying.filter((text) => hits(pack, rule, text)).map((text) => ({ kind: 'complying' as const, text })),
  ];
}

/** In the whole pack another rule may speak for this one, but the ground must be told. */
function together(compiled: CompiledPack, rule: Rule): Tested['failures'] {
  const found = (text: string): readonly { readonly rule: string; readonly ground: string }[] =>
    screen({ text }, compiled, {
      complete: rule.absentFrom !== undefined,
      // Examples bring the words of their context along, if the rule has any.
      context: rule.when === undefined ? (rule.contexts ?? []) : [],
    }).findings;
  return [
    ...rule.examples.violating
      .filter((text) => !found(text).some((finding) => finding.ground === rule.ground))
      .map((text) => ({ kind: 'violating' as const, text })),
    ...rule.examples.complying
      .filter((text) => found(text).some((finding) => finding.rule === rule.id))
      .map((text) => ({ kind: 'complying' as const, text })),
  ];
}

/** Tries every example of every rule (规则样例测试), each rule by itself and all of them together. */
export function testPack(pack: Pack): readonly Tested[] {
  const compiled = refusal(pack) === undefined ? compilePack(pack) : undefined;
  return pack.rules.map((rule) => ({
    rule: rule.id,
    violating: rule.examples.violating.length,
    complying: rule.examples.complying.length,
    // The engine has tried each rule by itself when it takes the pack.
    failures: compiled ? together(compiled, rule) : alone(pack, rule),
  }));
}

/**
 * `zhengpin rules test` (规则样例测试): ends with `finding` if any example fails.
 * @throws as {@link loadPack}
 */
export async function testCommand(args: TestArgs, io: Io): Promise<ExitCode> {
  const pack = await loadPack(args.pack, args.base);
  const tested = testPack(pack);
  const failed = tested.reduce((sum, { failures }) => sum + failures.length, 0);
  const examples = tested.reduce((sum, { violating, complying }) => sum + violating + complying, 0);
  // Rules that stand alone can still be refused together, by a repeated id for one.
  const refused = failed === 0 ? refusal(pack) : undefined;
  if (args.json) {
    const report = { pack: pack.id, version: pack.version, examples, failed, ...(refused === undefined ? {} : { refused }), rules: tested };
    await write(io.stdout, `${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    const lines = tested.flatMap(({ rule, violating, complying, failures }) => [
      `${failures.length === 0 ? '✓' : '✗'} ${plain(rule)}  反例 violating ${violating}  正例 complying ${complying}`,
      ...failures.map(({ kind, text }) => `    ${SAYS[kind]} ${plain(text)}`),
    ]);
    if (refused !== undefined) lines.push(`✗ ${plain(refused)}`);
    lines.push(
      `规则 ${tested.length} 条，样例 ${examples} 条，失败 ${failed} 条 / ${tested.length} rules, ${examples} examples, ${failed} failed`,
    );
    await write(io.stdout, `${lines.join('\n')}\n`);
  }
  return failed === 0 && refused === undefined ? EXIT.ok : EXIT.finding;
}

const SAYS = {
  violating: '反例未命中 / violating example not found:',
  complying: '正例被误伤 / complying example found:',
  rule: '规则有误 / the rule is not well formed:',
} as const;
