import { compilePack, screen } from '@zhengpin/core';
import type { CompiledPack, ScreenInput, ScreenResult } from '@zhengpin/core';

import { readChunks, readLines } from '../input.ts';
import { EXIT, invalid, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { disguises } from './disguises.ts';
import type { Disguise } from './disguises.ts';
import { evadeTable } from './evade-table.ts';
import { FIELDS, labelled, refusal } from './labelled.ts';
import type { Labelled } from './labelled.ts';
import { loadPack } from './pack-file.ts';

export interface EvadeArgs {
  readonly file: string;
  readonly pack: string;
  readonly base?: string;
  readonly json?: boolean;
  /** How many words that got through, and clean postings that were hit, to print of each disguise. */
  readonly misses?: string;
}

/** How often words of one ground were disguised, and how often they were found all the same. */
interface Kept {
  readonly ground: string;
  readonly applied: number;
  readonly kept: number;
}

/** How a pack stands one disguise (变形后的召回). */
export interface Standing {
  readonly id: string;
  readonly title: Disguise['title'];
  readonly applied: number;
  readonly kept: number;
  readonly grounds: readonly Kept[];
  /** Clean postings put in this disguise as a whole, and those whose outcome changed; none for one that may make new words. */
  readonly clean: number;
  readonly changed: number;
  readonly lost: readonly { readonly ground: string; readonly words: string; readonly id: string | null }[];
  readonly hit: readonly { readonly rule: string; readonly words: string; readonly id: string | null }[];
}

export interface Evasion {
  readonly pack: string;
  readonly postings: number;
  readonly unreadable: number;
  /** Quoted words that are found as they stand: what the disguises are put on. */
  readonly found: number;
  readonly standings: readonly Standing[];
}

interface Tally {
  readonly disguise: Disguise;
  readonly grounds: Map<string, { applied: number; kept: number }>;
  readonly lost: Standing['lost'][number][];
  readonly hit: Standing['hit'][number][];
  clean: number;
  changed: number;
}

interface Place {
  readonly field: (typeof FIELDS)[number];
  readonly start: number;
  readonly end: number;
}

const MOST_MISSES = 1000;

function placeOf(quote: string, input: ScreenInput): Place | undefined {
  for (const field of FIELDS) {
    const start = quote === '' ? -1 : (input[field] ?? '').indexOf(quote);
    if (start >= 0) return { field, start, end: start + quote.length };
  }
  return undefined;
}

/** Whether words are found where they stand: that the ground is found elsewhere in the posting proves nothing. */
function isFound({ findings }: ScreenResult, ground: string, { field, start, end }: Place): boolean {
  return findings.some((one) => one.ground === ground && one.field === field && one.start < end && one.end > start);
}

/** Puts every disguise on what is found in a posting, and the harmless ones on a posting in which nothing is. */
function tryOut({ id, input, labels }: Labelled, pack: CompiledPack, tallies: readonly Tally[], most: number): number {
  const options = { complete: true };
  const result = screen(input, pack, options);
  let found = 0;
  for (const [ground, quote] of labels) {
    const place = placeOf(quote, input);
    if (place === undefined || !isFound(result, ground, place)) continue;
    found++;
    const text = input[place.field] ?? '';
    for (const { disguise, grounds, lost } of tallies) {
      const words = disguise.apply(quote);
      if (words === quote) continue;
      const count = grounds.get(ground) ?? { applied: 0, kept: 0 };
      grounds.set(ground, count);
      count.applied++;
      const hidden = { ...input, [place.field]: text.slice(0, place.start) + words + text.slice(place.end) };
      if (isFound(screen(hidden, pack, options), ground, { ...place, end: place.start + words.length })) count.kept++;
      else if (lost.length < most) lost.push({ ground, words, id });
    }
  }
  if (labels.size > 0 || result.outcome !== 'pass') return found;
  for (const tally of tallies) {
    if (!tally.disguise.isHarmless) continue;
    const fields = FIELDS.map((field): readonly [string, string] => [field, tally.disguise.apply(input[field] ?? '')]);
    if (fields.every(([field, text]) => Object.entries(input).some(([name, value]) => name === field && value === text))) continue;
    tally.clean++;
    const { outcome, findings } = screen(Object.fromEntries(fields), pack, options);
    if (outcome === 'pass') continue;
    tally.changed++;
    const [first] = findings;
    if (first !== undefined && tally.hit.length < most) tally.hit.push({ rule: first.rule, words: first.matched, id });
  }
  return found;
}

function standingOf({ disguise, grounds, lost, hit, clean, changed }: Tally): Standing {
  const kept = [...grounds].map(([ground, count]): Kept => ({ ground, ...count })).toSorted((a, b) => b.applied - a.applied);
  const sum = (of: 'applied' | 'kept'): number => kept.reduce((all, one) => all + one[of], 0);
  return { id: disguise.id, title: disguise.title, applied: sum('applied'), kept: sum('kept'), grounds: kept, clean, changed, lost, hit };
}

/** Simplified to traditional, by OpenCC's table of characters, which no other command needs: a word's own form is its first. */
async function readTraditional(): Promise<(words: string) => string> {
  const { default: table } = await import('opencc-js/dict/STCharacters');
  const forms = new Map(table.split('|').map((row) => row.split(' ', 2) as [simplified: string, traditional: string]));
  return (words) => Array.from(words, (char) => forms.get(char) ?? char).join('');
}

/**
 * `zhengpin rules evade` (规则包抗规避评测): disguises the quoted words of labelled postings and counts which are still
 * found, and puts whole clean postings in the harmless disguises and counts which are then not passed. Lines without labels count for
 * the second only. Ends with `usage` if a line cannot be read, else with `ok`: figures are for people to judge.
 * @throws as {@link loadPack} and for the file as `screen` does; ZP_OPTION_INVALID for the number of misses
 */
export async function evadeCommand(args: EvadeArgs, io: Io): Promise<ExitCode> {
  const most = args.misses === undefined ? 0 : /^\d{1,4}$/u.test(args.misses) ? Number(args.misses) : -1;
  if (most < 0 || most > MOST_MISSES)
    throw invalid(`--misses 须为 0 至 ${MOST_MISSES} 的整数`, `--misses must be an integer from 0 to ${MOST_MISSES}`);
  const traditional = await readTraditional();
  const pack = compilePack(await loadPack(args.pack, args.base));
  const tallies = disguises(traditional).map((disguise): Tally => ({
    disguise,
    grounds: new Map(),
    lost: [],
    hit: [],
    clean: 0,
    changed: 0,
  }));
  let postings = 0;
  let unreadable = 0;
  let found = 0;
  for await (const lines of readLines(readChunks(args.file, io.stdin))) {
    for (const line of lines) {
      const posting = 'error' in line ? undefined : labelled(line.text, true);
      if (posting) {
        postings++;
        found += tryOut(posting, pack, tallies, most);
      } else {
        unreadable++;
        await write(io.stderr, refusal(line));
      }
    }
  }
  const result: Evasion = { pack: pack.reference, postings, unreadable, found, standings: tallies.map(standingOf) };
  await write(io.stdout, args.json ? `${JSON.stringify(result, undefined, 2)}\n` : evadeTable(result));
  return unreadable > 0 ? EXIT.usage : EXIT.ok;
}
