import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { world } from '../../test/world.ts';
import { EXIT } from '../io.ts';
import { run } from '../program.ts';

const FILE = fileURLToPath(new URL('../../test/labelled.jsonl', import.meta.url));

interface Report {
  readonly postings: number;
  readonly scores: readonly { readonly ground: string }[];
  readonly misses: readonly object[];
}

it('counts each ground once a posting and gives precision, recall and F1', async () => {
  const w = world();
  expect(await run(['rules', 'eval', FILE, '--json'], w.io)).toBe(EXIT.ok);
  const report = JSON.parse(w.out()) as Report;
  expect(report).toMatchObject({ postings: 6, unreadable: 0, misses: [] });
  const byGround = Object.fromEntries(report.scores.map((score) => [score.ground, score]));
  expect(byGround).toMatchObject({
    gender: { tp: 1, fp: 1, fn: 0, precision: 0.5, recall: 1, f1: 2 / 3 },
    deposit: { tp: 1, fp: 0, fn: 0, precision: 1, recall: 1, f1: 1 },
    hukou: { tp: 1, fp: 0, fn: 0 },
    zodiac: { tp: 0, fp: 0, fn: 1, precision: null, recall: 0, f1: 0 },
  });
});

it('prints a table with misses and false hits in their context', async () => {
  const w = world();
  expect(await run(['rules', 'eval', FILE, '--misses', '1'], w.io)).toBe(EXIT.ok);
  expect(w.out()).toMatch(/^gender +1 +1 +0 +0\.500 +1\.000 +0\.667$/m);
  expect(w.out()).toMatch(/^zodiac +0 +0 +1 +– +0\.000 +0\.000$/m);
  expect(w.out()).toMatch(/gender {2}误报 false hit gender\.\S+ {2}#4 l4\n {4}本店经营女装与童鞋，【只招女生】，每周休息两天。/);
  // Twenty characters on either side, no more.
  expect(w.out()).toContain('zodiac  漏报 miss  #5 l5\n    熟练使用制图软件，希望应聘者是【白羊星君门下】，能按期交图，配合工地复核尺寸。');
});

it('prints no more misses of a ground than asked for', async () => {
  const lines = Array.from(
    { length: 50 },
    (_, i) => `${JSON.stringify({ id: `n${i}`, title: '理货', text: '门店理货', labels: [{ ground: 'zodiac', quote: '' }] })}\n`,
  );
  const w = world(lines.join(''));
  expect(await run(['rules', 'eval', '-', '--json', '--misses', '3'], w.io)).toBe(EXIT.ok);
  const report = JSON.parse(w.out()) as Report;
  expect(report.misses.filter((miss) => 'ground' in miss && miss.ground === 'zodiac')).toHaveLength(3);
  expect(report.scores.find(({ ground }) => ground === 'zodiac')).toMatchObject({ fn: 50 });
});

it('refuses a line that is not a labelled posting, counts the others and ends with 1', async () => {
  const bad = [
    '{',
    '[]',
    '{"text":"门店理货"}',
    '{"text":5,"labels":[]}',
    '{"text":"x","labels":[{"ground":"height","quote":"x"}]}',
    '{"text":"x","labels":[null]}',
  ];
  const w = world(`${bad.join('\n')}\n${readFileSync(FILE, 'utf8')}`);
  expect(await run(['rules', 'eval', '-', '--json'], w.io)).toBe(EXIT.usage);
  expect(JSON.parse(w.out())).toMatchObject({ postings: 6, unreadable: bad.length });
  const refusals = w.err().trim().split('\n');
  expect(refusals).toHaveLength(bad.length);
  expect(refusals[0]).toContain('"line":1,"error":{"code":"ZP_INPUT_INVALID"');
  expect(w.err()).not.toContain('门店');
});

it.each([['-1'], ['many'], ['1001']])('refuses --misses %s', async (misses) => {
  const w = world();
  expect(await run(['rules', 'eval', FILE, `--misses=${misses}`], w.io)).toBe(EXIT.usage);
  expect(w.err()).toMatch(/^ZP_OPTION_INVALID /);
});
