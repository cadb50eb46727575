import { compilePack, screen } from './engine.ts';
import { numbersOf, packResults, unpackInputs } from './pool-wire.ts';
import type { PackedInputs, PlainInputs } from './pool-wire.ts';
import type { Pack } from './types.ts';
import { answerTasks } from './worker-pool.ts';

answerTasks((pack: Pack) => {
  const compiled = compilePack(pack);
  const numbers = numbersOf(pack);
  return (batch: PackedInputs | PlainInputs) => {
    const results = unpackInputs(batch).map((input) => screen(input, compiled, batch.options));
    return { answer: packResults(results, numbers) };
  };
});
