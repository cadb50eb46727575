import { plain } from '../io.ts';
import type { Evaluation, Miss, Score } from './eval.ts';

const NAME_WIDTH = 16;
const WIDTH = 10;

function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(NAME_WIDTH) : cell.padStart(WIDTH))).join('');
}

function scoreRow({ ground, tp, fp, fn, precision, recall, f1 }: Score): string {
  return row([ground, String(tp), String(fp), String(fn), share(precision), share(recall), share(f1)]);
}

function missText({ line, id, ground, kind, rule, quote, before, after }: Miss): readonly string[] {
  const what = kind === 'miss' ? '漏报 miss' : `误报 false hit ${rule ?? ''}`;
  return [`${ground}  ${what}  #${line} ${plain(id ?? '')}`, `    ${plain(before)}【${plain(quote)}】${plain(after)}`];
}

/** The figures for people (评测结果表). */
export function evalTable({ pack, postings, unreadable, scores, total, misses }: Evaluation): string {
  const lines = [
    row(['ground', 'tp', 'fp', 'fn', 'precision', 'recall', 'F1']),
    ...scores.map(scoreRow),
    scoreRow(total),
    '',
    `共 ${postings} 条，无法读取 ${unreadable} 条 / ${postings} postings, ${unreadable} not readable · ${pack}`,
    ...(misses.length > 0 ? ['', ...misses.flatMap(missText)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
