import { compilePack } from '@zhengpin/core';
import type { Pack } from '@zhengpin/core';
import { answerTasks } from '@zhengpin/core/screen-pool';
import type { ScreenOptions } from '@zhengpin/core/screen-pool';

import { linesOf } from './input.ts';
import type { Block } from './input.ts';
import { answerLine } from './screen-lines.ts';
import type { Format } from './screen-lines.ts';

/** What a thread of `zhengpin screen` starts from (筛查线程). */
export interface ScreenWork {
  readonly pack: Pack;
  readonly format: Format;
  readonly options: ScreenOptions;
}

/** A block of lines, answered. */
export interface ScreenedBlock {
  readonly out: Uint8Array;
  readonly err: Uint8Array;
  readonly lines: number;
  readonly findings: number;
  readonly errors: number;
}

// Reading and writing JSON costs about as much as screening, so the thread does all three.
answerTasks(({ pack, format, options }: ScreenWork) => {
  const compiled = compilePack(pack);
  const encoder = new TextEncoder();
  return (block: Block) => {
    const counts = { clear: 0, finding: 0, error: 0 };
    let out = '';
    let err = '';
    for (const line of linesOf(block)) {
      const answer = answerLine(line, compiled, format, options);
      counts[answer.counts]++;
      out += answer.out;
      err += answer.err;
    }
    const [outBytes, errBytes] = [encoder.encode(out), encoder.encode(err)];
    const answer: ScreenedBlock = {
      out: outBytes,
      err: errBytes,
      lines: counts.clear + counts.finding + counts.error,
      findings: counts.finding,
      errors: counts.error,
    };
    return { answer, transfer: [outBytes.buffer, errBytes.buffer] };
  };
});
