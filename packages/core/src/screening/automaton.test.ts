import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createAutomaton } from './automaton.ts';

it('finds exactly what a search for each literal finds', () => {
  const word = fc.string({ unit: fc.constantFrom('限', '男', '女', 'a'), minLength: 1, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom('限', '男', '女', 'a', 'b'), maxLength: 60 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), text, (literals, haystack) => {
      const found: string[] = [];
      createAutomaton(literals).each(haystack, (literal, end) => found.push(`${literals[literal] ?? ''}@${end}`));
      const expected = literals.flatMap((literal) => {
        const at: string[] = [];
        for (let i = haystack.indexOf(literal); i >= 0; i = haystack.indexOf(literal, i + 1)) at.push(`${literal}@${i + literal.length}`);
        return at;
      });
      expect(found.toSorted()).toEqual(expected.toSorted());
    }),
  );
});

it('finds nothing in an empty text', () => {
  const found: number[] = [];
  createAutomaton(['限男']).each('', (literal) => found.push(literal));
  expect(found).toEqual([]);
});
