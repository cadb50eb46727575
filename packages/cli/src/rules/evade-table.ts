import { plain } from '../io.ts';
import type { Evasion, Standing } from './evade.ts';

const NAME_WIDTH = 20;
const WIDTH = 9;

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)}%`;
}

function row(name: string, cells: readonly string[], rest = ''): string {
  return `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}${rest === '' ? '' : `  ${rest}`}`;
}

function standingRow({ id, applied, kept, grounds, clean, changed }: Standing): string {
  const weak = grounds.filter((one) => one.kept < one.applied).map((one) => `${one.ground} ${one.kept}/${one.applied}`);
  const onClean = clean === 0 ? ['–', '–'] : [String(clean), String(changed)];
  return row(id, [String(applied), String(kept), share(kept, applied), ...onClean], weak.join(', '));
}

/** Escaped, since a disguise may be invisible; a line break would end the line. */
function shown(words: string): string {
  return plain(words.replaceAll('\n', '⏎'));
}

function missLines({ id, lost, hit }: Standing): readonly string[] {
  return [
    ...lost.map((one) => `${id}  漏报 miss  ${one.ground}  ${plain(one.id ?? '')}  【${shown(one.words)}】`),
    ...hit.map((one) => `${id}  误报 false hit  ${one.rule}  ${plain(one.id ?? '')}  【${shown(one.words)}】`),
  ];
}

/** The figures for people (抗规避结果表). */
export function evadeTable({ pack, postings, unreadable, found, standings }: Evasion): string {
  const misses = standings.flatMap(missLines);
  const lines = [
    row('disguise', ['words', 'found', 'kept', 'clean', 'changed'], 'grounds below 100 %'),
    ...standings.map(standingRow),
    '',
    `共 ${postings} 条，无法读取 ${unreadable} 条，原样命中的标注 ${found} 处 / ${postings} postings, ${unreadable} not readable, ${found} quoted passages found undisguised · ${pack}`,
    ...(misses.length > 0 ? ['', ...misses] : []),
  ];
  return `${lines.join('\n')}\n`;
}
