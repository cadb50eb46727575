import { expect, it } from 'vitest';

import type { Pack, Rule } from '../screening/types.ts';
import { CN_NATIONAL } from './pack-cn-national.ts';
import { checkPackCitations } from './pack-citations.ts';

const [first] = CN_NATIONAL.rules;
if (first === undefined) throw new Error('the national pack has no rules');
const { modifiers: _modifiers, ...plain } = first;

function packOf(effectiveFrom: string, over: Partial<Rule>): Pack {
  return { ...CN_NATIONAL, effectiveFrom, rules: [{ ...plain, exceptions: [], citations: [], ...over }] };
}

it.each([
  ['ethnic-unity', '2026', '2026-06-30', '2026-07-01'],
  ['prison', '2026', '2026-10-31', '2026-11-01'],
  ['infectious-diseases', '2025', '2025-08-31', '2025-09-01'],
])('lets a pack cite %s (%s) from the day it is in force', (instrument, version, before, from) => {
  const citations = [{ instrument, article: '16', version }];
  const cited: readonly Partial<Rule>[] = [
    { citations },
    { exceptions: [{ id: 'by-law', title: plain.title, citations }] },
    { modifiers: [{ context: 'campus', severity: 'block', citations }] },
  ];
  for (const over of cited) {
    expect(() => checkPackCitations(packOf(before, over))).toThrow(
      expect.objectContaining({ code: 'ZP_OPTION_INVALID', message: expect.stringContaining(plain.id) }),
    );
    expect(() => checkPackCitations(packOf(from, over))).not.toThrow();
  }
});

it('has nothing against the national pack, nor against local law it does not know', () => {
  expect(() => checkPackCitations(CN_NATIONAL)).not.toThrow();
  expect(() => checkPackCitations({ ...CN_NATIONAL, effectiveFrom: '2026-10-31' })).toThrow(/2026-10-31/);
  expect(() =>
    checkPackCitations(packOf('2020-01-01', { citations: [{ instrument: 'gd-hr', article: '33', version: '2021' }] })),
  ).not.toThrow();
});
