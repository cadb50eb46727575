import { citationText, CONTEXT_FLAGS, screen } from '@zhengpin/core';
import type { CompiledPack, ErrorCode, ScreenInput, ScreenResult, Text } from '@zhengpin/core';
import type { ScreenOptions } from '@zhengpin/core/screen-pool';

import { isFlag } from './context.ts';
import type { Line } from './input.ts';
import { both, plain } from './io.ts';

export type Format = 'jsonl' | 'table';

/** What a line comes to (一行的答复): text for one of the two outputs, and what it counts as. */
export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly counts: 'clear' | 'finding' | 'error';
}

interface Answered {
  readonly line: number;
  readonly id: string | number | null;
  readonly result: ScreenResult;
}

interface Refused {
  readonly line: number;
  readonly error: { readonly code: ErrorCode; readonly detail: Text };
}

const FIELDS = ['title', 'text', 'salary', 'requirements', 'workContent', 'workingConditions'] as const;

/** Screen one line (逐行筛查): the same on the main thread and on any other. */
export function answerLine(line: Line, pack: CompiledPack, format: Format, options: ScreenOptions): Answer {
  const one = screenLine(line, pack, options);
  if ('error' in one) return { out: '', err: `${JSON.stringify(one)}\n`, counts: 'error' };
  const { outcome } = one.result;
  return {
    out: format === 'table' ? rows(one) : `${JSON.stringify(answer(one))}\n`,
    err: '',
    counts: outcome === 'review' || outcome === 'block' ? 'finding' : 'clear',
  };
}

function screenLine(line: Line, pack: CompiledPack, options: ScreenOptions): Answered | Refused {
  if ('error' in line) return { line: line.number, error: line.error };
  const refuse = (code: ErrorCode, zh: string, en: string): Refused => ({ line: line.number, error: { code, detail: { zh, en } } });
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.text);
  } catch {
    // The parser's message repeats the text, which may hold personal information.
    return refuse('ZP_BODY_MALFORMED', '该行不是 JSON', 'The line is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse('ZP_INPUT_INVALID', '该行须为 JSON 对象', 'The line must be a JSON object');
  const given = new Map<string, unknown>(Object.entries(parsed));
  const id = given.get('id') ?? null;
  // A number JSON cannot hold exactly would come back as another posting's id.
  if (!(id === null || typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)))) {
    return refuse('ZP_INPUT_INVALID', 'id 须为字符串或可精确表示的整数', 'id must be a string or an integer that is exact in JSON');
  }
  const input: { -readonly [Field in keyof ScreenInput]: string } = {};
  for (const field of FIELDS) {
    const value = given.get(field);
    // Exports of databases write an empty column as null.
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') return refuse('ZP_INPUT_INVALID', `${field} 须为字符串`, `${field} must be a string`);
    input[field] = value;
  }
  // An object of other keys would pass for want of anything to read.
  if (Object.keys(input).length === 0) {
    return refuse('ZP_INPUT_INVALID', `须至少有以下一项：${FIELDS.join('、')}`, `At least one of these is needed: ${FIELDS.join(', ')}`);
  }
  const context = given.get('context') ?? [];
  if (!Array.isArray(context) || !context.every(isFlag)) {
    return refuse(
      'ZP_INPUT_INVALID',
      `context 须为以下各项的数组：${CONTEXT_FLAGS.join('、')}`,
      `context must be an array of these: ${CONTEXT_FLAGS.join(', ')}`,
    );
  }
  const flagged = context.length === 0 ? options : { ...options, context: [...(options.context ?? []), ...context] };
  return { line: line.number, id, result: screen(input, pack, flagged) };
}

function answer({ line, id, result }: Answered): object {
  const findings = result.findings.map(({ rule, ground, class: ruleClass, severity, field, start, end, matched, citations, advice }) => ({
    rule,
    ground,
    class: ruleClass,
    severity,
    field,
    start,
    end,
    matched,
    citations,
    advice,
  }));
  // The line as well: a posting without an id could not be found again once a line before it was refused.
  return { line, id, outcome: result.outcome, findings, pack: result.pack };
}

const HEAD = ['编号 ID', '结论 Outcome', '规则 Rule', '位置 Where', '原文 Matched'];
const WIDTHS = [20, 13, 22, 22];
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;

/** Column widths are fixed: the longest cell is only known once the input has ended. */
function row(cells: readonly string[]): string {
  const padded = cells.map((cell, at) => {
    const width = [...cell].length + (cell.match(WIDE)?.length ?? 0);
    return cell + ' '.repeat(Math.max(0, (WIDTHS[at] ?? 0) - width));
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

/** The head of the table (表头). */
export function tableHead(): string {
  return row(HEAD);
}

function rows({ line, id, result }: Answered): string {
  const name = plain(id === null ? `#${line}` : String(id));
  if (result.findings.length === 0) return row([name, result.outcome]);
  return result.findings
    .map(({ severity, rule, field, start, end, matched, citations, advice }) => {
      const basis = citations.map((citation) => `    ${both(citationText(citation))}\n`);
      return `${row([name, severity, rule, `${field}:${start}-${end}`, plain(matched)])}    ${both(advice)}\n${basis.join('')}`;
    })
    .join('');
}
