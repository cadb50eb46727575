import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { canonical } from './canonical.ts';
import type { Json } from './store.ts';

it('writes what the library of RFC 8785 writes, for any JSON value', () => {
  const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('10', '9', 'a', 'é', '\u{1F600}', '\uFB33', '__proto__', ''));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      expect(canonical(given as Json)).toBe(canonicalize(given));
    }),
    { numRuns: 2000 },
  );
});

it('sorts keys by UTF-16 code unit, whole numbers among them', () => {
  expect(canonical({ b: 1, a: 2, 10: 3, 9: 4, '\u{1F600}': 5, '\uFB33': 6 })).toBe('{"10":3,"9":4,"a":2,"b":1,"\u{1F600}":5,"\uFB33":6}');
});

it('writes values of any depth and leaves out members that are undefined', () => {
  let deep: Json = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  expect(canonical(deep)).toBe(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`);
  expect(canonical({ a: undefined as unknown as Json, b: [] })).toBe('{"b":[]}');
});

it('refuses what is no JSON', () => {
  const wrong: readonly unknown[] = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '\ud800',
    { '\ud800': 1 },
    [undefined, Number.NaN],
    undefined,
    () => 1,
  ];
  for (const value of wrong) expect(() => canonical(value as Json)).toThrow();
});
