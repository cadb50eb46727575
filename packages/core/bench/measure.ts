import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

/** Milliseconds of processor time of this thread: what else the machine does is not counted. */
export function timed(run: () => unknown): number {
  const from = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

/** The least milliseconds of a few runs, for what is too short for the processor's own count: the rest is interruption. */
export function leastMs(runs: number, run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    run();
    least = Math.min(least, performance.now() - from);
  }
  return least;
}

/**
 * Median milliseconds of each side (交替计时): the sides take turns, so that what else the machine does falls on all of them.
 * Only their ratios mean something. One turn of each is not counted.
 */
export function interleaved<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => unknown>>,
): Readonly<Record<Side, number>> {
  const names = Object.keys(sides) as Side[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const ms = timed(sides[name]);
      if (round > 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Side, number>;
}

let gc: (() => void) | undefined;

/** Bytes in use once what nobody holds is gone, buffers included. */
export function bytesInUse(): number {
  if (gc === undefined) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A line of figures, and whether it keeps its bar; only what is wrong, not what is slow, fails a run. */
export function print(name: string, value: string, bar = ''): void {
  process.stdout.write(`${name.padEnd(25)}${value}${bar === '' ? '' : `   [${bar}]`}\n`);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
