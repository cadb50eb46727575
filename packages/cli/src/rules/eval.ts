import { compilePack, screen } from '@zhengpin/core';
import type { CompiledPack, Finding, ScreenInput } from '@zhengpin/core';

import { readChunks, readLines } from '../input.ts';
import { EXIT, invalid, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { evalTable } from './eval-table.ts';
import { FIELDS, labelled, refusal } from './labelled.ts';
import type { Labelled } from './labelled.ts';
import { LABELLED_GROUNDS } from './pack-schema.ts';
import { loadPack } from './pack-file.ts';

export interface EvalArgs {
  readonly file: string;
  readonly pack: string;
  readonly base?: string;
  readonly json?: boolean;
  /** How many misses and false hits of each ground to print. */
  readonly misses?: string;
}

/** How one ground fares, counted by posting (按事由的准确率). */
export interface Score {
  readonly ground: string;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** `null` where nothing was found, or nothing was there. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** A posting the engine and the label disagree on (分歧). */
export interface Miss {
  readonly line: number;
  readonly id: string | null;
  readonly ground: string;
  readonly kind: 'miss' | 'false hit';
  /** Rule of a false hit. */
  readonly rule: string | null;
  /** The words in question, and what stands around them. */
  readonly quote: string;
  readonly before: string;
  readonly after: string;
}

export interface Evaluation {
  readonly pack: string;
  readonly postings: number;
  readonly unreadable: number;
  readonly scores: readonly Score[];
  readonly total: Score;
  readonly misses: readonly Miss[];
}

interface Counter {
  tp: number;
  fp: number;
  fn: number;
}

const CONTEXT = 20;
const MEASURED: ReadonlySet<string> = new Set([...LABELLED_GROUNDS, 'unreadable']);
const MOST_MISSES = 1000;

function scoreOf(ground: string, { tp, fp, fn }: Counter): Score {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return { ground, tp, fp, fn, precision: share(tp, tp + fp), recall: share(tp, tp + fn), f1: share(2 * tp, 2 * tp + fp + fn) };
}

function around(text: string, start: number, end: number): Pick<Miss, 'quote' | 'before' | 'after'> {
  return { quote: text.slice(start, end), before: text.slice(Math.max(0, start - CONTEXT), start), after: text.slice(end, end + CONTEXT) };
}

/** Where a quoted passage stands; a quote that is not in the text is shown as it is. */
function placeOf(quote: string, input: ScreenInput): Pick<Miss, 'quote' | 'before' | 'after'> {
  for (const field of FIELDS) {
    const text = input[field] ?? '';
    const start = quote === '' ? -1 : text.indexOf(quote);
    if (start >= 0) return around(text, start, start + quote.length);
  }
  return { quote, before: '', after: '' };
}

function falseHit({ field, start, end, rule }: Finding, input: ScreenInput): Pick<Miss, 'quote' | 'before' | 'after' | 'rule'> {
  const text = FIELDS.find((name) => name === field);
  return { rule, ...around(text === undefined ? '' : (input[text] ?? ''), start, end) };
}

/** Counts what agrees and keeps so many disagreements of each kind (评测); nothing else of a posting is kept. */
class Tally {
  postings = 0;
  readonly #counters = new Map<string, Counter>();
  readonly #misses = new Map<string, Miss[]>();
  readonly #pack: CompiledPack;
  readonly #most: number;

  constructor(pack: CompiledPack, most: number) {
    this.#pack = pack;
    this.#most = most;
  }

  add(line: number, { id, input, labels }: Labelled): void {
    this.postings++;
    // A labelled posting is a whole one: what it lacks is labelled, too.
    const { findings } = screen(input, this.#pack, { complete: true });
    const found = new Map(findings.toReversed().map((finding) => [finding.ground as string, finding]));
    for (const [ground, quote] of labels) {
      this.#counter(ground)[found.has(ground) ? 'tp' : 'fn']++;
      if (!found.has(ground))
        this.#keep(() => ({ line, id, ground, kind: 'miss', rule: null, ...placeOf(quote, input) }), `${ground} miss`);
    }
    for (const [ground, finding] of found) {
      // Of a ground nobody labels, nothing can be said.
      if (labels.has(ground) || !MEASURED.has(ground)) continue;
      this.#counter(ground).fp++;
      this.#keep(() => ({ line, id, ground, kind: 'false hit', ...falseHit(finding, input) }), `${ground} false hit`);
    }
  }

  #counter(ground: string): Counter {
    const known = this.#counters.get(ground) ?? { tp: 0, fp: 0, fn: 0 };
    this.#counters.set(ground, known);
    return known;
  }

  #keep(miss: () => Miss, key: string): void {
    const kept = this.#misses.get(key) ?? [];
    if (kept.length < this.#most) this.#misses.set(key, [...kept, miss()]);
  }

  result(unreadable: number): Evaluation {
    const names = [...LABELLED_GROUNDS, 'unreadable'].filter((ground) => this.#counters.has(ground));
    const all = { tp: 0, fp: 0, fn: 0 };
    for (const { tp, fp, fn } of this.#counters.values()) {
      all.tp += tp;
      all.fp += fp;
      all.fn += fn;
    }
    return {
      pack: this.#pack.reference,
      postings: this.postings,
      unreadable,
      scores: names.map((ground) => scoreOf(ground, this.#counter(ground))),
      total: scoreOf('total', all),
      misses: names.flatMap((ground) => ['miss', 'false hit'].flatMap((kind) => this.#misses.get(`${ground} ${kind}`) ?? [])),
    };
  }
}

/**
 * `zhengpin rules eval` (规则包评测): measures a pack on labelled JSON Lines, in constant memory. A ground counts once a
 * posting. Ends with `usage` if a line cannot be read, else with `ok`: figures are for people to judge.
 * @throws as {@link loadPack} and for the file as `screen` does; ZP_OPTION_INVALID for the number of misses
 */
export async function evalCommand(args: EvalArgs, io: Io): Promise<ExitCode> {
  const most = args.misses === undefined ? 0 : /^\d{1,4}$/u.test(args.misses) ? Number(args.misses) : -1;
  if (most < 0 || most > MOST_MISSES)
    throw invalid(`--misses 须为 0 至 ${MOST_MISSES} 的整数`, `--misses must be an integer from 0 to ${MOST_MISSES}`);
  const tally = new Tally(compilePack(await loadPack(args.pack, args.base)), most);
  let unreadable = 0;
  for await (const lines of readLines(readChunks(args.file, io.stdin))) {
    for (const line of lines) {
      const posting = 'error' in line ? undefined : labelled(line.text);
      if (posting) tally.add(line.number, posting);
      else {
        unreadable++;
        await write(io.stderr, refusal(line));
      }
    }
  }
  const result = tally.result(unreadable);
  await write(io.stdout, args.json ? `${JSON.stringify(result, undefined, 2)}\n` : evalTable(result));
  return unreadable > 0 ? EXIT.usage : EXIT.ok;
}
