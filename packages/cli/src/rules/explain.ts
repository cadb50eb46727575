import { citationText, compilePack, PENALTIES, screen } from '@zhengpin/core';
import type { Finding, Pack, Rule } from '@zhengpin/core';

import { both, EXIT, invalid, plain, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { flagsOf } from '../context.ts';
import { loadPack } from './pack-file.ts';
import { TEXT_FIELDS } from './pack-schema.ts';
import { whyNot } from './why-not.ts';
import type { Dropped } from './why-not.ts';

export interface ExplainArgs {
  readonly text: string;
  readonly field: string;
  readonly pack: string;
  readonly base?: string;
  /** Flags of the posting, by commas. */
  readonly context?: string;
  readonly json?: boolean;
}

const BECAUSE: Readonly<Record<Dropped['because'], string>> = {
  allow: '属于不计入的说法 / an allowed phrase',
  negators: '前有否定或中性词 / a negation or neutral word before it',
  negatorsAfter: '后有否定或中性词 / a negation or neutral word after it',
  when: '规则所需的场合未出现 / the rule counts only in a context this text lacks',
  contexts: '规则仅在其他场合适用 / the rule counts only where another flag is set',
  pairs: '须与另一类词对照，此处不成立 / counts only beside, or apart from, words of another kind',
  covered: '同一事由已由另一发现指出 / told by another finding of that ground',
  together: '由规则的多个部分合起来排除 / cleared by several parts of the rule together',
};

/**
 * `zhengpin rules explain` (解释筛查结果): what is found in a text under which law, what to write instead, and which
 * words were looked at but not counted. Ends with `finding` if a person must look.
 * @throws as {@link loadPack}; ZP_OPTION_INVALID for an unknown field or flag
 */
export async function explainCommand(args: ExplainArgs, io: Io): Promise<ExitCode> {
  const field = TEXT_FIELDS.find((name) => name === args.field);
  if (field === undefined)
    throw invalid(
      `没有字段 ${args.field}，现有：${TEXT_FIELDS.join('、')}`,
      `There is no field ${args.field}; known: ${TEXT_FIELDS.join(', ')}`,
    );
  const pack = await loadPack(args.pack, args.base);
  const compiled = compilePack(pack);
  const input = { [field]: args.text };
  const options = { context: flagsOf(args.context) };
  const result = screen(input, compiled, options);
  const dropped = whyNot(input, pack, result.findings, options);
  const text = args.json
    ? JSON.stringify({ outcome: result.outcome, findings: result.findings, dropped, pack: result.pack }, undefined, 2)
    : human(result.outcome, result.findings, dropped, pack);
  await write(io.stdout, `${text}\n`);
  return result.outcome === 'block' || result.outcome === 'review' ? EXIT.finding : EXIT.ok;
}

function human(outcome: string, findings: readonly Finding[], dropped: readonly Dropped[], pack: Pack): string {
  const rules = new Map(pack.rules.map((rule) => [rule.id, rule]));
  const lines = [`结论 Outcome: ${outcome}`];
  for (const finding of findings) lines.push('', ...findingText(finding, rules.get(finding.rule)));
  if (dropped.length > 0) lines.push('', '未计入 / Looked at but not counted:');
  for (const { rule, start, end, matched, because, by } of dropped) {
    lines.push(
      `  ${rule}  ${start}-${end} “${plain(matched)}”`,
      `    ${BECAUSE[because]}${by.length > 0 ? `: ${by.map((word) => plain(shortened(word))).join('  ')}` : ''}`,
    );
  }
  if (findings.length === 0 && dropped.length === 0) lines.push('没有规则的词语出现 / No words of any rule occur');
  return lines.join('\n');
}

/** A phrase with hundreds of alternatives fills the screen and says no more. */
function shortened(phrase: string): string {
  return phrase.length > 60 ? `${phrase.slice(0, 60)}…` : phrase;
}

function findingText(finding: Finding, rule: Rule | undefined): readonly string[] {
  const { start, end, matched, severity, citations, title, advice } = finding;
  const modifier = rule?.modifiers?.find(({ context }) => context === finding.context);
  const penalty = Object.values(PENALTIES).find(({ code }) => code === (modifier?.penalty ?? rule?.penalty));
  return [
    `${finding.rule}  ${severity}  ${start}-${end} “${plain(matched)}”  ${both(title)}`,
    ...(finding.context === undefined ? [] : [`  场合 Context: ${finding.context}`]),
    ...(finding.class === 'd' ? ['  全国性法律法规未禁止 / not prohibited by national statute'] : []),
    ...citations.map((citation) => `  依据 Law: ${both(citationText(citation))}`),
    ...(penalty ? [`  罚则 Penalty: ${penalty.code} ${both(penalty.title)}`] : []),
    ...(rule?.exceptions ?? []).map((one) => `  例外 Exception ${one.id}: ${both(one.title)}`),
    `  改写 Rewording: ${advice.zh}`,
    `    ${advice.en}`,
  ];
}
