import { expect, it } from 'vitest';

import { foldOf, KINDS, LONGER_TEXTS, PLAIN, SURROGATE } from './fold-table.ts';

/** What {@link foldOf} gives for a letter; it has no name of its own outside the table. */
const LETTER = foldOf(0x61).kind;

it('holds for every unit what the fold of the unit by itself is', () => {
  const wrong: string[] = [];
  for (let unit = 0; unit < 0x10000; unit++) {
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    const { kind, text } = isSurrogate ? { kind: SURROGATE, text: '' } : foldOf(unit);
    const isOne = kind === LETTER && text.length === 1;
    const same =
      PLAIN[unit] === (isOne ? text.charCodeAt(0) : 0) &&
      KINDS[unit] === (isOne ? 0 : kind) &&
      (LONGER_TEXTS.get(unit) ?? '') === (isOne ? '' : text);
    if (!same) wrong.push(unit.toString(16));
  }
  expect(wrong).toEqual([]);
});
