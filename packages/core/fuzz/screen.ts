/**
 * Hostile texts (模糊测试): `npm run fuzz:screen -- [SECONDS] [FILE]`, with FUZZ_SEED=N again from where one failed.
 * Pack examples, and the postings of FILE when given, are mutated and screened; what must hold for any text is checked.
 */
import { performance } from 'node:perf_hooks';

import { createRandom } from '../bench/random.ts';
import type { Random } from '../bench/random.ts';
import { postingsIn } from '../bench/sample.ts';
import { CN_NATIONAL } from '../src/rules/pack-cn-national.ts';
import { compilePack } from '../src/screening/engine.ts';
import type { CompiledPack } from '../src/screening/engine.ts';
import { faultOf, PASSED, screened, smallest } from './checks.ts';
import type { Case } from './checks.ts';
import { mutated } from './mutations.ts';

const DEFAULT_SECONDS = 60;
/** Cases between two fresh packs: compiling one takes as long as screening thousands. */
const ROUND = 4000;
const REPEATED_BY_FRESH_PACK = 200;
const MOST_FAULTS = 10;
const FIELDS = ['title', 'text', 'salary', 'requirements', 'workContent', 'employerName', 'address'] as const;

const [seconds = String(DEFAULT_SECONDS), file] = process.argv.slice(2);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const until = performance.now() + Number(seconds) * 1000;
if (!Number.isFinite(until) || !Number.isSafeInteger(seed)) throw new Error('usage: fuzz:screen -- [SECONDS] [FILE]');

// Alone, some rules count only beside what another sentence says: those examples cannot stand for the whole text.
const unlawful = CN_NATIONAL.rules
  .filter(({ severity, pairs, absentFrom }) => severity === 'block' && pairs === undefined && absentFrom === undefined)
  .flatMap(({ examples }) => examples.violating);
const examples = CN_NATIONAL.rules.flatMap((rule) => [...rule.examples.violating, ...rule.examples.complying]);
const texts = file === undefined ? examples : [...examples, ...postingsIn(file).flatMap(({ text }) => text ?? [])];

/** One case from its own seed, so that a failure is seen again without all that came before. */
function caseOf(random: Random): Case {
  const text = mutated(random.pick(texts), random, texts);
  const isUnlawful = random.below(4) === 0;
  const input: Record<string, unknown> = { text: isUnlawful ? `${random.pick(unlawful)}。${text}` : text };
  for (let n = random.below(3); n > 0; n--) {
    const field = random.pick(FIELDS);
    if (field !== 'text')
      input[field] = random.below(50) === 0 ? random.pick([null, 5, {}, []]) : mutated(random.pick(texts), random, texts);
  }
  return { input, complete: random.below(2) === 0, isUnlawful };
}

let cases = 0;
let faults = 0;
let truncated = 0;
let overLong = 0;
let units = 0;

function report(at: number, one: Case, fault: string, stillFails: (smaller: Case) => boolean): void {
  faults++;
  // What makes a text unlawful is its beginning: cut down, it would be another text.
  const { input } = fault === PASSED ? one : smallest(one, stillFails);
  process.stdout.write(`FUZZ_SEED=${at}: ${fault}\n  ${JSON.stringify(input).slice(0, 2000)}\n`);
}

process.stdout.write(`seed ${seed}, ${seconds} s, ${texts.length} texts\n`);
let pack: CompiledPack = compilePack(CN_NATIONAL);
while (performance.now() < until && faults < MOST_FAULTS) {
  const kept: { readonly at: number; readonly one: Case; readonly result: string }[] = [];
  for (let n = 0; n < ROUND && performance.now() < until && faults < MOST_FAULTS; n++) {
    const at = seed + cases++;
    const one = caseOf(createRandom(at));
    const fault = faultOf(one, pack);
    if (fault !== undefined) report(at, one, fault, (smaller) => faultOf(smaller, pack) === fault);
    const result = screened(one, pack);
    for (const { rule } of result.findings) {
      if (rule === 'engine.truncated') truncated++;
      if (rule === 'engine.over-long') overLong++;
    }
    units += Object.values(one.input).reduce((sum: number, value: unknown) => sum + (typeof value === 'string' ? value.length : 0), 0);
    if (n < REPEATED_BY_FRESH_PACK) kept.push({ at, one, result: JSON.stringify(result) });
  }
  pack = compilePack(CN_NATIONAL);
  for (const { at, one, result } of kept) {
    const fresh = pack;
    const differs = (other: Case): boolean =>
      JSON.stringify(screened(other, fresh)) !== JSON.stringify(screened(other, compilePack(CN_NATIONAL)));
    if (JSON.stringify(screened(one, fresh)) !== result) report(at, one, 'gives another result from a fresh pack', differs);
  }
}
process.stdout.write(
  `${cases} cases, ${(units / 1e6).toFixed(1)} million units, ${faults} faults; sent to a person unread: ${truncated} fields with too much to judge, ${overLong} too long\n`,
);
process.exitCode = faults > 0 ? 1 : 0;
