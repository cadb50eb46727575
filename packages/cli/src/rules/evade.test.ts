import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { world } from '../../test/world.ts';
import { EXIT } from '../io.ts';
import { run } from '../program.ts';
import { disguises } from './disguises.ts';
import type { Evasion } from './evade.ts';

const FILE = fileURLToPath(new URL('../../test/labelled.jsonl', import.meta.url));

function line(text: string, ...labels: readonly { readonly ground: string; readonly quote: string }[]): string {
  return `${JSON.stringify({ id: text.slice(0, 4), title: '理货', salary: '6000元/月', text, labels })}\n`;
}

async function evasion(input: string): Promise<Evasion> {
  const w = world(input);
  expect(await run(['rules', 'evade', '-', '--json', '--misses', '5'], w.io)).toBe(EXIT.ok);
  return JSON.parse(w.out()) as Evasion;
}

it('writes words in each disguise, and never leaves them as they were when it has something to change', () => {
  const written = Object.fromEntries(
    disguises((words) => words.replaceAll('岁', '歲')).map(({ id, apply }) => [id, apply('限18-35岁女工 VX')]),
  );
  expect(written).toMatchObject({
    'full-width': '限１８－３５岁女工 ＶＸ',
    'zero-width': expect.stringContaining('限\u200b1\u200d8\u2060'),
    space: '限18-35岁 女 工 VX',
    slash: '限18-35岁/女/工 VX',
    newline: '限18-35岁\n女\n工 VX',
    traditional: '限18-35歲女工 VX',
    kangxi: '限18-35岁⼥⼯ VX',
    case: '限18-35岁女工 vx',
    circled: '限①⑧-③⑤岁女工 VX',
    mathematical: '限𝟏𝟖-𝟑𝟓岁女工 VX',
    numeral: '限十八-三十五岁女工 VX',
    'hex-entity': '&#x9650;18-35&#x5c81;&#x5973;&#x5de5; VX',
    repeated: '限限18-35岁岁女女工工 VX',
  });
  expect(
    disguises((words) => words)
      .find(({ id }) => id === 'numeral')
      ?.apply('10、20、105、165、300、1.65、2026'),
  ).toBe('十、二十、一百零五、一百六十五、三百、1.65、2026');
});

it('counts for each disguise the quoted words that are still found where they stand', async () => {
  const { found, standings } = await evasion(
    line('入职须缴纳押金。另收工牌押金50元', { ground: 'deposit', quote: '缴纳押金' }) +
      line('理货三年，限白羊星君', { ground: 'zodiac', quote: '白羊星君' }),
  );
  expect(found).toBe(1);
  expect(standings.find(({ id }) => id === 'zero-width')).toMatchObject({
    applied: 1,
    kept: 1,
    grounds: [{ ground: 'deposit', applied: 1, kept: 1 }],
  });
  // No rule knows the words once commas make clauses of them; that the other deposit is still found does not count for them.
  expect(standings.find(({ id }) => id === 'comma')).toMatchObject({
    applied: 1,
    kept: 0,
    lost: [{ ground: 'deposit', words: '缴，纳，押，金', id: '入职须缴' }],
  });
});

it('puts clean postings in harmless disguises only, labelled or not', async () => {
  const { postings, standings } = await evasion(
    `${JSON.stringify({ text: '门店理货，性别不限，月薪6000元' })}\n${line('月薪6000元', { ground: 'gender', quote: '' })}`,
  );
  expect(postings).toBe(2);
  expect(standings.find(({ id }) => id === 'full-width')).toMatchObject({ clean: 1, changed: 0, applied: 0 });
  expect(standings.find(({ id }) => id === 'space')).toMatchObject({ clean: 0 });
});

it('prints a row for each disguise, with the grounds that are not all kept', async () => {
  const w = world();
  expect(await run(['rules', 'evade', FILE, '--misses', '1'], w.io)).toBe(EXIT.ok);
  expect(w.out()).toMatch(/^zero-width +3 +3 +100\.0% +\d+ +0$/m);
  expect(w.out()).toMatch(/^comma +3 +\d +\d+\.\d% +– +– {2}\S+ 0\/1/m);
  expect(w.out()).toMatch(/^comma {2}漏报 miss {2}/m);
});

it('refuses lines that are no postings, counts the others and ends with 1', async () => {
  const w = world(`{\n[]\n${line('门店理货')}`);
  expect(await run(['rules', 'evade', '-', '--json'], w.io)).toBe(EXIT.usage);
  expect(JSON.parse(w.out())).toMatchObject({ postings: 1, unreadable: 2 });
  expect(w.err()).not.toContain('门店');
});

it('refuses a number of misses that is none', async () => {
  const w = world();
  expect(await run(['rules', 'evade', FILE, '--misses=many'], w.io)).toBe(EXIT.usage);
  expect(w.err()).toMatch(/^ZP_OPTION_INVALID /);
});
