import { AhoCorasick } from '@monyone/aho-corasick/fast';

import { find, tabulate } from '../src/screening/automaton.ts';
import { createFolding } from '../src/screening/folding.ts';
import { fold, foldedText } from '../src/screening/normalise.ts';
import { createShape, endOf, fillUnits, startOf } from '../src/screening/shape.ts';
import type { ScreenInput } from '../src/screening/types.ts';
import { createAlphabet } from '../src/screening/vocabulary.ts';
import { bytesInUse, interleaved, megabytes, print, timed } from './measure.ts';
import { createRandom } from './random.ts';
import { bytesOf, textOf } from './sample.ts';

const SIZES = [
  { size: 1000, buildMs: '', memory: '1 MB' },
  { size: 10_000, buildMs: '150 ms', memory: '3 MB' },
  { size: 100_000, buildMs: '1500 ms', memory: '12 MB' },
] as const;
const ROUNDS = 5;
const SEED = 1;
const SHORTEST = 2;
const LONGEST = 6;
const CHECKED_TEXTS = 300;
const CHECKED_WORDS = 1000;

/** Words cut from the texts themselves, so that there is something to find; the same for the same texts. */
function wordsFrom(texts: readonly string[], count: number): readonly string[] {
  const random = createRandom(SEED);
  const words = new Set<string>();
  for (let tries = 0; words.size < count && tries < count * 50; tries++) {
    const text = random.pick(texts);
    const at = random.below(text.length + 1);
    const word = text.slice(at, at + SHORTEST + random.below(LONGEST - SHORTEST + 1));
    if (/^\p{sc=Han}{2,}$/u.test(word)) words.add(foldedText(word));
  }
  return [...words];
}

interface Matcher {
  /** Bytes its loops work in, which the process does not count. */
  readonly bytes: number;
  /** Calls `found` with the word and its place in the original text. */
  readonly each: (text: string, found: (word: number, start: number, end: number) => void) => void;
  /** The text the words are looked for in. */
  readonly foldedOf: (text: string) => string;
}

function createMatcher(words: readonly string[]): Matcher {
  const alphabet = createAlphabet(words);
  const shape = createShape(createFolding(alphabet), 4096, tabulate(words, alphabet));
  return {
    bytes: shape.memory.memory.buffer.byteLength,
    each(text, found) {
      fold(text, shape);
      const { count, items } = find(shape);
      for (let i = 0; i < count * 3; i += 3)
        found(items[i] as number, startOf(shape, items[i + 1] as number), endOf(shape, (items[i + 2] as number) - 1));
    },
    foldedOf(text) {
      fold(text, shape);
      fillUnits(shape, text);
      return Array.from(shape.units.subarray(0, shape.size), (unit) => String.fromCharCode(unit)).join('');
    },
  };
}

/** Every occurrence of some words in some texts, by `indexOf` and by the matcher; whether they agree. */
function checkComplete(texts: readonly string[], words: readonly string[]): boolean {
  const matcher = createMatcher(words);
  const step = Math.max(1, Math.floor(words.length / CHECKED_WORDS));
  const checked = words.map((word, index) => ({ word, index })).filter(({ index }) => index % step === 0);
  const isChecked = new Set(checked.map(({ index }) => index));
  let pairs = 0;
  let hits = 0;
  let wrong = 0;
  for (const text of texts.slice(0, CHECKED_TEXTS)) {
    const folded = matcher.foldedOf(text);
    const expected = new Map<number, number>();
    for (const { word, index } of checked) {
      pairs++;
      let count = 0;
      for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) count++;
      if (count > 0) expected.set(index, count);
      hits += count;
    }
    matcher.each(text, (word, start, end) => {
      if (!isChecked.has(word)) return;
      expected.set(word, (expected.get(word) ?? 0) - 1);
      // The original words must fold to what was looked for: the offsets are true.
      if (foldedText(text.slice(start, end)) !== words[word]) wrong++;
    });
    for (const left of expected.values()) if (left !== 0) wrong++;
  }
  print(`  complete`, `${pairs} pairs of text and word, ${hits} occurrences, ${wrong} differ from indexOf`, '100,000 pairs, none');
  return wrong === 0;
}

/** The matcher alone, with fold and offsets, against the peer at each size; whether it finds all that is there (匹配器). */
export function benchMatcher(postings: readonly ScreenInput[]): boolean {
  const texts = postings.map(textOf);
  const bytes = postings.reduce((sum, posting) => sum + bytesOf(posting), 0);
  const table = new Uint16Array(0x10000).map((_, unit) => unit & 0xff);
  let isComplete = true;
  for (const { size, buildMs, memory } of SIZES) {
    const words = wordsFrom(texts, size);
    const before = bytesInUse();
    let matcher = createMatcher(words);
    const held = bytesInUse() - before + matcher.bytes;
    const build = timed(() => (matcher = createMatcher(words)));
    const peer = new AhoCorasick([...words]);
    let sink = 0;
    const { own, other, calibration } = interleaved(ROUNDS, {
      own: () => {
        for (const text of texts) matcher.each(text, (_word, start, end) => (sink += end - start));
      },
      other: () => {
        for (const text of texts) for (const { begin, end } of peer.matchInText(text)) sink += end - begin;
      },
      calibration: () => {
        for (const text of texts) for (let i = 0; i < text.length; i++) sink += table[text.charCodeAt(i)] as number;
      },
    });
    const speed = (ms: number): string => `${(bytes / ms / 1000).toFixed(0)} MB/s`;
    print(`matcher, ${words.length}`, `${speed(own)}, peer ${speed(other)}, ratio ${(other / own).toFixed(2)}`, 'ratio 4');
    print('', `${(calibration / own).toFixed(3)} of the calibration loop`, size === 1000 ? '0.2' : '');
    print('  build, memory', `${build.toFixed(0)} ms, ${megabytes(held)}`, buildMs === '' ? memory : `${buildMs}, ${memory}`);
    isComplete = checkComplete(texts, words) && isComplete;
    if (sink < 0) return false;
  }
  return isComplete;
}
