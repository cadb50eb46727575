import { citationText, compilePack, createCalendar, screen } from '@zhengpin/core';
import type { CompiledPack, ErrorCode, ScreenInput, ScreenResult, Text } from '@zhengpin/core';

import { readChunks, readLines } from './input.ts';
import type { Line } from './input.ts';
import { both, EXIT, isBrokenPipe, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { choosePack } from './packs.ts';

export interface ScreenArgs {
  /** Path, or `-` for stdin. */
  readonly file: string;
  readonly format: 'jsonl' | 'table';
  /** Id of the rule pack. */
  readonly pack: string;
  /** Civil date whose rules apply; default today in Shanghai. */
  readonly on?: string;
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
/** Written at once; a line a write would cost more than the screening. */
const BATCH_UNITS = 64 * 1024;

/**
 * Screen postings given as JSON Lines (批量筛查), in order and in constant memory; each line is answered or refused by
 * itself. Ends with `usage` if any line was refused, else with `finding` if any posting needs a person or is blocked.
 * @throws ZP_OPTION_INVALID for the pack or date, ZP_NOT_FOUND and ZP_BODY_MALFORMED for the file
 */
export async function screenCommand(args: ScreenArgs, io: Io): Promise<ExitCode> {
  const pack = compilePack(choosePack(args.pack, args.on ?? createCalendar().today(io.clock.now())));
  const tally = { lines: 0, findings: 0, errors: 0 };
  let out = args.format === 'table' ? row(HEAD) : '';
  let err = '';
  async function flush(): Promise<void> {
    const [toOut, toErr] = [out, err];
    out = err = '';
    if (toErr !== '') await write(io.stderr, toErr);
    if (toOut !== '') await write(io.stdout, toOut);
  }

  try {
    for await (const lines of readLines(readChunks(args.file, io.stdin))) {
      for (const line of lines) {
        const one = screenLine(line, pack);
        tally.lines++;
        if ('error' in one) {
          tally.errors++;
          err += `${JSON.stringify(one)}\n`;
        } else {
          if (one.result.outcome === 'review' || one.result.outcome === 'block') tally.findings++;
          out += args.format === 'table' ? rows(one) : `${JSON.stringify(answer(one))}\n`;
        }
        if (out.length + err.length >= BATCH_UNITS) await flush();
      }
      // Whoever follows a growing file sees each answer as soon as its line is in.
      await flush();
    }
    if (args.format === 'table') {
      const { lines, findings, errors } = tally;
      out += `\n共 ${lines} 条，须处理 ${findings} 条，无法读取 ${errors} 条 / ${lines} postings, ${findings} to act on, ${errors} not readable · ${pack.reference}\n`;
    }
    await flush();
  } catch (error) {
    // What was seen until the reader had enough still counts.
    if (!isBrokenPipe(error)) throw error;
  }
  return tally.errors > 0 ? EXIT.usage : tally.findings > 0 ? EXIT.finding : EXIT.ok;
}

function screenLine(line: Line, pack: CompiledPack): Answered | Refused {
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
    if (value === undefined) continue;
    if (typeof value !== 'string') return refuse('ZP_INPUT_INVALID', `${field} 须为字符串`, `${field} must be a string`);
    input[field] = value;
  }
  // An object of other keys would pass for want of anything to read.
  if (Object.keys(input).length === 0) {
    return refuse('ZP_INPUT_INVALID', `须至少有以下一项：${FIELDS.join('、')}`, `At least one of these is needed: ${FIELDS.join(', ')}`);
  }
  return { line: line.number, id, result: screen(input, pack) };
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
