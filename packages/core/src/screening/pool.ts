import { availableParallelism } from 'node:os';

import { packInputs, unpackResults } from './pool-wire.ts';
import type { PackedInputs, PackedResults, PlainInputs } from './pool-wire.ts';
import type { Pack, ScreenInput, ScreenOptions, ScreenResult } from './types.ts';
import { builtLike, createWorkerPool } from './worker-pool.ts';

export { answerTasks, builtLike, createWorkerPool } from './worker-pool.ts';
export type { ScreenOptions } from './types.ts';
export type { WorkerAnswer, WorkerPool, WorkerPoolOptions } from './worker-pool.ts';

export interface ScreenPoolOptions {
  readonly pack: Pack;
  /** Threads; default one fewer than the machine runs at once, and at least one. */
  readonly size?: number;
}

/** Threads that screen with one pack (筛查线程池). */
export interface ScreenPool {
  /**
   * Screen postings on the threads (批量筛查); answers in the order of the inputs, the same as `screen` gives one by one.
   * @throws ZP_INTERNAL when a thread died, from then on for every batch: what was not read is never passed
   * @throws ZP_OPTION_INVALID when the pack contradicts its examples
   */
  screenBatch(inputs: readonly ScreenInput[], options?: ScreenOptions): Promise<ScreenResult[]>;
  /** Ends the threads; batches under way are refused with ZP_STATE. */
  close(): Promise<void>;
}

/** Most postings a message, whose text must stay short enough to be collected young; and fewest, as a message costs more than a posting. */
const MOST_A_BATCH = 128;
const LEAST_A_BATCH = 32;
/** Batches a thread: one it works on, two that lie ready. More would only fill the memory. */
const LANES = 3;

/**
 * Start threads for screening in batches (创建筛查线程池). An idle pool does not keep the process alive.
 * @throws ZP_OPTION_INVALID for a size that is no count of threads
 */
export function createScreenPool({ pack, size = Math.max(1, availableParallelism() - 1) }: ScreenPoolOptions): ScreenPool {
  const pool = createWorkerPool<PackedInputs | PlainInputs, PackedResults>({
    module: builtLike(import.meta.url, new URL('./pool-worker.ts', import.meta.url)),
    data: pack,
    size,
  });
  return {
    async screenBatch(inputs, options = {}) {
      const even = Math.ceil(inputs.length / (size * LANES));
      const length = Math.min(MOST_A_BATCH, Math.max(LEAST_A_BATCH, even));
      const answers: ScreenResult[][] = [];
      let next = 0;
      async function lane(): Promise<void> {
        while (next < inputs.length) {
          const start = next;
          next += length;
          const batch = inputs.slice(start, next);
          answers[start / length] = unpackResults(await pool.run(packInputs(batch, options)), batch, options, pack);
        }
      }
      await Promise.all(Array.from({ length: size * LANES }, lane));
      return answers.flat();
    },
    close: () => pool.close(),
  };
}
