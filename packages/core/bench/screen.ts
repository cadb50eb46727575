/**
 * The screening engine in figures (筛查引擎性能): `npm run bench -- screen [FILE]`. FILE holds real postings as JSON Lines,
 * gzipped when its name ends in `.gz`; without one the postings are made from the pack's examples, and figures say less.
 * One thread but for the last line. Sides take turns, medians of the thread's processor time are printed, and what counts are the
 * ratios. Ends with 1 when
 * the matcher misses anything or places it wrongly.
 */
import { CN_NATIONAL } from '../src/rules/pack-cn-national.ts';
import { compileAnew, compiledOf } from '../src/screening/engine.ts';
import { freeze, thaw } from '../src/screening/frozen-plan.ts';
import { benchHostile } from './hostile.ts';
import { benchMatcher } from './matcher.ts';
import { print } from './measure.ts';
import { benchHeap, benchStart, benchThreads } from './process.ts';
import { bytesOf, postingsIn, postingsOf } from './sample.ts';
import { benchWhole } from './whole.ts';

const [file] = process.argv.slice(2);
const postings = file === undefined ? postingsOf(CN_NATIONAL) : postingsIn(file);
const mean = Math.round(postings.reduce((sum, posting) => sum + bytesOf(posting), 0) / postings.length);
print(
  'postings',
  `${postings.length}, mean ${mean} bytes, ${file === undefined ? "MADE from the pack's examples: give a file of real ones" : file}`,
);
// As the build ships it and every process reads it: laid out anew, its tables would lie scattered among what made them.
const shipped = thaw(freeze(compileAnew(CN_NATIONAL).layout, 'bench'), 'bench');
if (shipped === undefined) throw new Error('the frozen pack does not thaw');
const pack = compiledOf(CN_NATIONAL, shipped);
benchWhole(postings, pack);
benchStart();
const isComplete = benchMatcher(postings);
benchHostile(postings, pack);
benchHeap(postings, pack);
await benchThreads(postings, pack);
process.exitCode = isComplete ? 0 : 1;
