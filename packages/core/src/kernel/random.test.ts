import { expect, it } from 'vitest';

import { randomBytes } from './random.ts';

it('hands out every byte once: none repeats, none is empty, whatever the sizes', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5000; i++) {
    const bytes = randomBytes(i % 2 === 0 ? 16 : 10);
    expect(bytes.length).toBe(i % 2 === 0 ? 16 : 10);
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
    seen.add(bytes.toString('hex'));
  }
  expect(seen.size).toBe(5000);
});

it('hands out bytes of its own, which later ones leave alone', () => {
  const first = randomBytes(16);
  const before = first.toString('hex');
  for (let i = 0; i < 600; i++) randomBytes(16);
  expect(first.toString('hex')).toBe(before);
  expect(randomBytes(4096)).toHaveLength(4096);
});
