import fc from 'fast-check';
import { expect, it } from 'vitest';

import { find, tabulate } from './automaton.ts';
import { createFolding } from './folding.ts';
import { createShape, grow } from './shape.ts';
import { createAlphabet } from './vocabulary.ts';

function search(words: readonly string[], text: string): string[] {
  const alphabet = createAlphabet(words);
  const shape = createShape(createFolding(alphabet), 8, tabulate(words, alphabet));
  grow(shape, text.length);
  for (let i = 0; i < text.length; i++) shape.classes[i] = alphabet.classOf[text.charCodeAt(i)] ?? 0;
  shape.size = text.length;
  const found: string[] = [];
  const { count, items } = find(shape);
  for (let i = 0; i < count * 3; i += 3) found.push(`${words[items[i] ?? 0] ?? ''}@${items[i + 1]}-${items[i + 2]}`);
  return found;
}

it('finds exactly what a search for each word finds', () => {
  const word = fc.string({ unit: fc.constantFrom('限', '男', '女', 'a'), minLength: 1, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom('限', '男', '女', 'a', 'b'), maxLength: 60 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), text, (words, haystack) => {
      const expected = words.flatMap((one) => {
        const at: string[] = [];
        for (let i = haystack.indexOf(one); i >= 0; i = haystack.indexOf(one, i + 1)) at.push(`${one}@${i}-${i + one.length}`);
        return at;
      });
      expect(search(words, haystack).toSorted()).toEqual(expected.toSorted());
    }),
  );
});

it('finds nothing in an empty text', () => {
  expect(search(['限男'], '')).toEqual([]);
});

it('keeps thousands of words apart', () => {
  const words = Array.from({ length: 20_000 }, (_, i) =>
    String.fromCharCode(0x4e00 + (i % 1500), 0x4e00 + (Math.floor(i / 1500) % 1500), 0x4e00 + ((i * 7) % 900)),
  );
  const distinct = [...new Set(words)];
  for (const word of distinct.filter((_, i) => i % 997 === 0)) expect(search(distinct, `x${word}x`)).toContain(`${word}@1-4`);
});

it('finds more than there was room for at first', () => {
  const words = ['限', '限限', '限限限', '限限限限'];
  const found = search(words, `${'限'.repeat(40)}，${'限'.repeat(9)}`);
  expect(found).toHaveLength(40 + 39 + 38 + 37 + 9 + 8 + 7 + 6);
  expect(found).toContain('限限限限@45-49');
});
