import { Presets, SingleBar } from 'cli-progress';

import type { Io } from './io.ts';

/** A bar on stderr (进度条), where somebody watches. */
export interface Progress {
  readonly move: (done: number, total: number) => void;
  stop(): void;
}

export function createProgress(io: Io, what = '校验 Verifying'): Progress {
  if (!io.isTTY) return { move: () => undefined, stop: () => undefined };
  const format = `${what} {bar} {percentage}% {value}/{total}`;
  const bar = new SingleBar({ stream: io.stderr, format, hideCursor: true, clearOnComplete: true }, Presets.rect);
  return {
    move(done, total) {
      if (!bar.isActive) bar.start(total, done);
      bar.setTotal(total);
      bar.update(done);
    },
    stop() {
      if (bar.isActive) bar.stop();
    },
  };
}
