import { compilePack, createCalendar } from '@zhengpin/core';
import type { Pack } from '@zhengpin/core';
import { builtLike, createWorkerPool } from '@zhengpin/core/screen-pool';
import type { ScreenOptions } from '@zhengpin/core/screen-pool';

import { flagsOf } from './context.ts';
import { linesOf, readBlocks, readChunks } from './input.ts';
import type { Block } from './input.ts';
import { EXIT, invalid, isBrokenPipe, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { choosePack } from './packs.ts';
import { answerLine, tableHead } from './screen-lines.ts';
import type { Format } from './screen-lines.ts';
import type { ScreenedBlock, ScreenWork } from './screen-worker.ts';

export interface ScreenArgs {
  /** Path, or `-` for stdin. */
  readonly file: string;
  readonly format: Format;
  /** Id of the rule pack. */
  readonly pack: string;
  /** Civil date whose rules apply; default today in Shanghai. */
  readonly on?: string;
  /** Threads; 1 screens on this one. */
  readonly workers?: string;
  /** Flags every line has, by commas; a line may name more in its `context`. */
  readonly context?: string;
  /** Lines are parts of postings: what one lacks does not count. Default: each is a whole posting. */
  readonly fragments?: boolean;
}

interface Tally {
  lines: number;
  findings: number;
  errors: number;
}

/** Written at once; a line a write would cost more than the screening. */
const BATCH_UNITS = 64 * 1024;
/** Read at once for threads, a hundred postings or two: a message costs as much as several of them. */
const BLOCK_BYTES = 128 * 1024;
const MOST_WORKERS = 64;
/** Blocks under way a thread: one it works on, one that lies ready, one that is being written. */
const BLOCKS_A_WORKER = 3;

/**
 * Screen postings given as JSON Lines (批量筛查), in order and in constant memory; each line is answered or refused by
 * itself. Ends with `usage` if any line was refused, else with `finding` if any posting needs a person or is blocked.
 * @throws ZP_OPTION_INVALID for the pack, date, context or number of workers, ZP_NOT_FOUND and ZP_BODY_MALFORMED for the file,
 * ZP_INTERNAL when a worker dies
 */
export async function screenCommand(args: ScreenArgs, io: Io): Promise<ExitCode> {
  const workers = workersOf(args.workers);
  const options = optionsOf(args);
  const pack = choosePack(args.pack, args.on ?? createCalendar().today(io.clock.now()));
  const tally: Tally = { lines: 0, findings: 0, errors: 0 };
  try {
    if (args.format === 'table') await write(io.stdout, tableHead());
    await (workers === 1 ? screenHere(args, options, pack, io, tally) : screenOnThreads(args, options, pack, workers, io, tally));
    if (args.format === 'table') {
      const { lines, findings, errors } = tally;
      await write(
        io.stdout,
        `\n共 ${lines} 条，须处理 ${findings} 条，无法读取 ${errors} 条 / ${lines} postings, ${findings} to act on, ${errors} not readable · ${compilePack(pack).reference}\n`,
      );
    }
  } catch (error) {
    // What was seen until the reader had enough still counts.
    if (!isBrokenPipe(error)) throw error;
  }
  return tally.errors > 0 ? EXIT.usage : tally.findings > 0 ? EXIT.finding : EXIT.ok;
}

function workersOf(given = '1'): number {
  const workers = /^\d+$/u.test(given) ? Number(given) : 0;
  if (workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw invalid(`--workers 须为 1 至 ${MOST_WORKERS} 的整数`, `--workers must be an integer from 1 to ${MOST_WORKERS}`);
}

function optionsOf({ fragments, context }: ScreenArgs): ScreenOptions {
  return { complete: fragments !== true, context: flagsOf(context) };
}

async function put(io: Io, out: string | Uint8Array, err: string | Uint8Array): Promise<void> {
  if (err.length > 0) await write(io.stderr, err);
  if (out.length > 0) await write(io.stdout, out);
}

async function screenHere(args: ScreenArgs, options: ScreenOptions, pack: Pack, io: Io, tally: Tally): Promise<void> {
  const compiled = compilePack(pack);
  for await (const block of readBlocks(readChunks(args.file, io.stdin))) {
    let out = '';
    let err = '';
    for (const line of linesOf(block)) {
      const answer = answerLine(line, compiled, args.format, options);
      tally.lines++;
      if (answer.counts === 'error') tally.errors++;
      if (answer.counts === 'finding') tally.findings++;
      out += answer.out;
      err += answer.err;
      if (out.length + err.length < BATCH_UNITS) continue;
      await put(io, out, err);
      out = err = '';
    }
    // Whoever follows a growing file sees each answer as soon as its line is in.
    await put(io, out, err);
  }
}

async function screenOnThreads(args: ScreenArgs, options: ScreenOptions, pack: Pack, workers: number, io: Io, tally: Tally): Promise<void> {
  const pool = createWorkerPool<Block, ScreenedBlock>({
    module: builtLike(import.meta.url, new URL('./screen-worker.ts', import.meta.url)),
    data: { pack, format: args.format, options } satisfies ScreenWork,
    size: workers,
  });
  try {
    let last: Promise<void> = Promise.resolve();
    const underWay: Promise<void>[] = [];
    const tell = async (answer: Promise<ScreenedBlock>, earlier: Promise<void>): Promise<void> => {
      await earlier;
      const { out, err, lines, findings, errors } = await answer;
      tally.lines += lines;
      tally.findings += findings;
      tally.errors += errors;
      await put(io, out, err);
    };
    for await (const { before, bytes } of readBlocks(readChunks(args.file, io.stdin, BLOCK_BYTES))) {
      // A buffer can be given away only whole, and a small one is part of another.
      const own = new Uint8Array(bytes);
      const answer = pool.run({ before, bytes: own }, [own.buffer]);
      // Both are met below; until then a failure must not end the process as one that nobody hears.
      answer.catch(() => undefined);
      last = tell(answer, last);
      last.catch(() => undefined);
      underWay.push(last);
      if (underWay.length >= workers * BLOCKS_A_WORKER) await underWay.shift();
    }
    await last;
  } finally {
    await pool.close();
  }
}
