/**
 * Speed of screening (筛查速度): `node packages/core/bench/screen.ts FILE [SECONDS]`.
 * FILE holds postings as JSON Lines, gzipped when its name ends in `.gz`. One thread, the whole national pack, every
 * judgement on; reading and parsing the file are not counted.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

import type { ScreenInput } from '../src/screening/types.ts';

const FIELDS = ['title', 'text', 'salary', 'city'] as const;
const DEFAULT_SECONDS = 5;
/** Enough for the compiler to settle on the code it will run. */
const WARM_UP_SHARE = 0.3;

function postingsIn(path: string): readonly ScreenInput[] {
  const raw = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line): ScreenInput => {
      const given = new Map<string, unknown>(Object.entries(JSON.parse(line) as object));
      return Object.fromEntries(FIELDS.flatMap((field) => (typeof given.get(field) === 'string' ? [[field, given.get(field)]] : [])));
    });
}

function bytesOf(posting: ScreenInput): number {
  return FIELDS.reduce((sum, field) => sum + Buffer.byteLength(posting[field] ?? ''), 0);
}

const [path, seconds = String(DEFAULT_SECONDS)] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: node screen.ts FILE [SECONDS]');

const started = performance.now();
const { compilePack, screen } = await import('../src/screening/engine.ts');
const { CN_NATIONAL } = await import('../src/rules/pack-cn-national.ts');
const loaded = performance.now();
const pack = compilePack(CN_NATIONAL);
screen({ text: '招聘会计一名' }, pack, { complete: true });
const ready = performance.now();

const postings = postingsIn(path);
const bytes = postings.reduce((sum, posting) => sum + bytesOf(posting), 0);
const duration = Number(seconds) * 1000;

function pass(): number {
  let found = 0;
  for (const posting of postings) found += screen(posting, pack, { complete: true }).findings.length;
  return found;
}

for (const until = performance.now() + duration * WARM_UP_SHARE; performance.now() < until;) pass();
let passes = 0;
let findings = 0;
const from = performance.now();
while (performance.now() - from < duration) {
  findings = pass();
  passes++;
}
const elapsed = (performance.now() - from) / 1000;

const times = Float64Array.from(postings, (posting) => {
  const at = performance.now();
  screen(posting, pack, { complete: true });
  return (performance.now() - at) * 1000;
}).sort();
const sized = postings.filter((posting) => Math.abs(bytesOf(posting) - 1024) < 128);
const timesOfOneKilobyte = Float64Array.from(sized, (posting) => {
  const at = performance.now();
  screen(posting, pack, { complete: true });
  return (performance.now() - at) * 1000;
}).sort();
const share = (sorted: Float64Array, part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);

const rows: readonly (readonly [string, string])[] = [
  ['postings', `${postings.length}, mean ${Math.round(bytes / postings.length)} bytes, ${findings} findings`],
  ['speed', `${Math.round((passes * postings.length) / elapsed)} postings/s, ${((passes * bytes) / elapsed / 1e6).toFixed(1)} MB/s`],
  [
    'latency',
    `p50 ${share(times, 0.5)} µs, p99 ${share(times, 0.99)} µs; of 1 KB ± 128 bytes p50 ${share(timesOfOneKilobyte, 0.5)} µs, p99 ${share(timesOfOneKilobyte, 0.99)} µs`,
  ],
  ['start-up', `${(ready - started).toFixed(0)} ms: load ${(loaded - started).toFixed(0)}, compile ${(ready - loaded).toFixed(0)}`],
  ['heap', `${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`],
];
process.stdout.write(`${rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n')}\n`);
