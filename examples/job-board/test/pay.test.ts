import { expect, it } from 'vitest';

import { parsePay } from '../src/pay.ts';

it.each([
  ['5-8千/月', { minFen: 500_000, maxFen: 800_000, unit: 'month' }],
  ['1-1.5万/月', { minFen: 1_000_000, maxFen: 1_500_000, unit: 'month' }],
  ['8千-1.2万', { minFen: 800_000, maxFen: 1_200_000, unit: 'month' }],
  ['15k-30k', { minFen: 1_500_000, maxFen: 3_000_000, unit: 'month' }],
  ['15-30K·14薪', { minFen: 1_500_000, maxFen: 3_000_000, unit: 'month', months: 14 }],
  ['10-15万/年', { minFen: 10_000_000, maxFen: 15_000_000, unit: 'year' }],
  ['200元/天', { minFen: 20_000, maxFen: 20_000, unit: 'day' }],
  ['4500-6000元/月', { minFen: 450_000, maxFen: 600_000, unit: 'month' }],
  ['8000+ /月', { minFen: 800_000, maxFen: 800_000, unit: 'month' }],
  ['1.25-2.3万/月', { minFen: 1_250_000, maxFen: 2_300_000, unit: 'month' }],
])('reads %s', (text, pay) => {
  expect(parsePay(text)).toEqual(pay);
});

it.each(['面议', '薪资面议', '[]', 'Null', '', '6-8', '9000-5000/月'])('does not guess at %j', (text) => {
  expect(parsePay(text)).toBeUndefined();
});
