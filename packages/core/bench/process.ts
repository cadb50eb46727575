import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import type { CompiledPack } from '../src/screening/engine.ts';
import { screen } from '../src/screening/engine.ts';
import { createScreenPool } from '../src/screening/pool.ts';
import type { ScreenInput } from '../src/screening/types.ts';
import { bytesInUse, median, megabytes, print } from './measure.ts';

const STARTS = 5;
const FEW = 100_000;
const MANY = 1_000_000;
const BATCHES = 5;

/** Load and compile, each time in a process of its own (启动). */
export function benchStart(): void {
  const script = fileURLToPath(new URL('./start.ts', import.meta.url));
  for (const from of ['src', 'dist'] as const) {
    const engine = new URL(`../${from}/screening/engine.${from === 'src' ? 'ts' : 'js'}`, import.meta.url);
    if (!existsSync(engine)) continue;
    const runs = Array.from({ length: STARTS }, () => {
      const [load = 0, compile = 0] = JSON.parse(
        execFileSync(process.execPath, ['--conditions=@zhengpin/source', script, from], { encoding: 'utf8' }),
      ) as readonly number[];
      return { load, compile };
    });
    const [load, compile] = [median(runs.map((run) => run.load)), median(runs.map((run) => run.compile))];
    print(`start, ${from === 'src' ? 'sources' : 'built'}`, `load ${load.toFixed(0)} ms, compile ${compile.toFixed(0)} ms`);
  }
}

/** Memory while very many postings are screened (内存). */
export function benchHeap(postings: readonly ScreenInput[], pack: CompiledPack): void {
  let few = 0;
  for (let i = 1; i <= MANY; i++) {
    screen(postings[i % postings.length] ?? {}, pack, { complete: true });
    if (i === FEW) few = bytesInUse();
  }
  const many = bytesInUse();
  print('heap', `${megabytes(few)} after ${FEW} postings, ${megabytes(many)} after ${MANY}`, 'flat');
}

/** Batches on two threads against one, in turns (线程池). */
export async function benchThreads(postings: readonly ScreenInput[], { pack }: CompiledPack): Promise<void> {
  const pools = [1, 2].map((size) => ({ pool: createScreenPool({ pack, size }), times: [] as number[] }));
  for (const { pool } of pools) await pool.screenBatch(postings, { complete: true });
  for (let round = 0; round < BATCHES; round++) {
    for (const { pool, times } of round % 2 === 0 ? pools : pools.toReversed()) {
      const from = performance.now();
      await pool.screenBatch(postings, { complete: true });
      times.push(performance.now() - from);
    }
  }
  const [one = 0, two = 0] = pools.map(({ times }) => median(times));
  await Promise.all(pools.map(({ pool }) => pool.close()));
  const speed = (ms: number): string => `${Math.round((postings.length / ms) * 1000)} postings/s`;
  print('threads', `1: ${speed(one)}, 2: ${speed(two)}, ratio ${(one / two).toFixed(2)}`);
}
