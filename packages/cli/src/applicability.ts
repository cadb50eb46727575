import { applicability, applicabilityMarkdown, citationText } from '@zhengpin/core';
import type { Applicability, OperatorProfile, Text } from '@zhengpin/core';

import { both, EXIT, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';

export interface ApplicabilityArgs {
  readonly agencyType?: string;
  readonly mode?: readonly string[];
  readonly jurisdiction?: readonly string[];
  readonly format: 'md' | 'json' | 'text';
  /** Default: both languages in text, Chinese in Markdown. */
  readonly lang?: 'zh' | 'en';
}

/**
 * Tell which articles bind an operator, and why (适用性判定).
 * @throws ZP_APPLICABILITY_UNKNOWN with a finding for every value that is unknown, missing or given twice
 */
export async function applicabilityCommand(args: ApplicabilityArgs, io: Io): Promise<ExitCode> {
  // Taken as they come: `applicability` checks every value and names all faults at once.
  const profile = { agencyType: args.agencyType, modes: args.mode, jurisdictions: args.jurisdiction } as OperatorProfile;
  const result = applicability(profile);
  const text =
    args.format === 'json'
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : args.format === 'md'
        ? applicabilityMarkdown(result, args.lang ?? 'zh')
        : plainText(result, args.lang);
  await write(io.stdout, text);
  return EXIT.ok;
}

function plainText({ rows, retention, remarks }: Applicability, lang: 'zh' | 'en' | undefined): string {
  const say = (text: Text): string => (lang === undefined ? both(text) : text[lang]);
  const lines: string[] = [];
  for (const binds of [true, false]) {
    const some = rows.filter((row) => row.binds === binds);
    const head = binds
      ? { zh: `适用的义务（${some.length}）`, en: `Duties that apply (${some.length})` }
      : { zh: `不适用的条款（${some.length}）`, en: `Articles that do not bind (${some.length})` };
    lines.push(say(head), '');
    for (const { article, title, reason, note, penalties } of some) {
      lines.push(say({ zh: `第${article}条 ${title.zh}`, en: `Art. ${article} ${title.en}` }), `    ${say(reason)}`);
      if (note) lines.push(`    ${say(note)}`);
      if (penalties.length > 0) lines.push(`    ${say({ zh: '罚则', en: 'Penalties' })}: ${penalties.join(', ')}`);
    }
    lines.push('');
  }
  const basis = retention.citations.map((citation) => say(citationText(citation))).join('; ');
  lines.push(`${say({ zh: '最短保存期限', en: 'Retention floor' })}: ${say(retention.reason)} (${basis})`, '', ...remarks.map(say));
  return `${lines.join('\n')}\n`;
}
