import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createAutomaton } from './automaton.ts';
import { createAlphabet } from './vocabulary.ts';

function search(words: readonly string[], text: string): string[] {
  const alphabet = createAlphabet(words);
  const classes = new Uint16Array(text.length + 2);
  for (let i = 0; i < text.length; i++) classes[i] = alphabet.classOf[text.charCodeAt(i)] ?? 0;
  const found: string[] = [];
  const { count, items } = createAutomaton(words, alphabet).find(classes, text.length);
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
