import { performance } from 'node:perf_hooks';

import { AhoCorasick } from '@monyone/aho-corasick/fast';

import type { CompiledPack } from '../src/screening/engine.ts';
import { screen } from '../src/screening/engine.ts';
import { foldedText } from '../src/screening/normalise.ts';
import { createReading, readPhrase } from '../src/screening/phrases.ts';
import type { Pack, ScreenInput } from '../src/screening/types.ts';
import { interleaved, print, quantile } from './measure.ts';
import { bytesOf, textOf } from './sample.ts';

const ROUNDS = 7;
const LATENCY_TRIES = 3;
const KILOBYTE = 1024;
const KILOBYTE_WITHIN = 128;

/** The words the engine looks for on behalf of the rules. */
function literalsOf(pack: Pack): readonly string[] {
  const reading = createReading(pack.words ?? {}, (text) => foldedText(`x${text}x`).slice(1, -1));
  const sequences = pack.rules.flatMap(({ phrases }) => phrases.flatMap((phrase) => readPhrase(phrase, reading)));
  return [...new Set(sequences.flatMap(({ anchors }) => anchors))].filter((word) => word !== '');
}

/** The whole of `screen`, with every judgement, against a matcher that only finds the same words (整体速度). */
export function benchWhole(postings: readonly ScreenInput[], pack: CompiledPack): void {
  const texts = postings.map(textOf);
  const bytes = postings.reduce((sum, posting) => sum + bytesOf(posting), 0);
  const literals = literalsOf(pack.pack);
  const peer = new AhoCorasick([...literals]);
  const table = new Uint16Array(0x10000).map((_, unit) => unit & 0xff);
  let sink = 0;
  const { whole, other, calibration } = interleaved(ROUNDS, {
    whole: () => {
      for (const posting of postings) sink += screen(posting, pack, { complete: true }).findings.length;
    },
    other: () => {
      for (const text of texts) sink += peer.matchInText(text).length;
    },
    calibration: () => {
      for (const text of texts) for (let i = 0; i < text.length; i++) sink += table[text.charCodeAt(i)] as number;
    },
  });
  const speed = (ms: number): string => `${Math.round((postings.length / ms) * 1000)} postings/s, ${(bytes / ms / 1000).toFixed(1)} MB/s`;
  print('screen', speed(whole), '100,000 postings/s');
  print('peer, matching only', `${speed(other)}; ${literals.length} words of the pack`);
  print('screen : peer', (other / whole).toFixed(2), '1.5');
  print('calibration loop', `${speed(calibration)}; screen is ${(calibration / whole).toFixed(3)} of it`);

  const sized = postings.filter((posting) => Math.abs(bytesOf(posting) - KILOBYTE) < KILOBYTE_WITHIN);
  // The least of a few: the rest is what the machine was interrupted by.
  const times = sized.map((posting) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < LATENCY_TRIES; i++) {
      const from = performance.now();
      sink += screen(posting, pack, { complete: true }).findings.length;
      least = Math.min(least, (performance.now() - from) * 1000);
    }
    return least;
  });
  print(
    'latency of 1 KB',
    `p50 ${quantile(times, 0.5).toFixed(1)} µs, p99 ${quantile(times, 0.99).toFixed(1)} µs of ${sized.length}`,
    'p99 60 µs',
  );
  if (sink === 0) print('nothing found', 'the sample has nothing the pack looks for');
}
