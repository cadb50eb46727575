import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import type { Pack, ScreenInput } from '../src/screening/types.ts';

const FIELDS = ['title', 'text', 'salary', 'city'] as const;
/** Sentences a made posting has: about as long as a real one. */
const SENTENCES = 24;
const MADE = 2000;

/** Postings of a file (样本): JSON Lines, gzipped when the name ends in `.gz`; fields other than the four are left out. */
export function postingsIn(path: string): readonly ScreenInput[] {
  const raw = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line): ScreenInput => {
      const given = new Map<string, unknown>(Object.entries(JSON.parse(line) as object));
      return Object.fromEntries(FIELDS.flatMap((field) => (typeof given.get(field) === 'string' ? [[field, given.get(field)]] : [])));
    });
}

/** Postings put together from a pack's examples, mostly the lawful ones: for a machine without a sample. */
export function postingsOf(pack: Pack): readonly ScreenInput[] {
  const lawful = pack.rules.flatMap(({ examples }) => examples.complying);
  const unlawful = pack.rules.flatMap(({ examples }) => examples.violating);
  return Array.from({ length: MADE }, (_, i) => {
    const sentences = Array.from({ length: SENTENCES }, (__, k) => lawful[(i * 7 + k * 13) % lawful.length] ?? '');
    if (i % 3 === 0) sentences[i % SENTENCES] = unlawful[i % unlawful.length] ?? '';
    return { title: `岗位${i}`, text: sentences.join('；'), salary: '6000-8000元/月', city: '杭州' };
  });
}

/** The words of a posting, as one text. */
export function textOf(posting: ScreenInput): string {
  return FIELDS.map((field) => posting[field] ?? '').join('\n');
}

/** UTF-8 bytes of a posting's words. */
export function bytesOf(posting: ScreenInput): number {
  return FIELDS.reduce((sum, field) => sum + Buffer.byteLength(posting[field] ?? ''), 0);
}
