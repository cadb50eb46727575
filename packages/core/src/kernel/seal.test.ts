import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isErased, isSealed, openValue, sealValue } from './seal.ts';
import type { Place } from './seal.ts';
import type { Json } from './store.ts';

const KEY = Buffer.alloc(32, 7);
const PLACE: Place = { tenant: 'main', subject: 'account.a', collection: 'materials', id: 'm1', field: '/reference' };

describe('sealing', () => {
  it('gives back any JSON value, and shows nothing of a text while it is sealed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const kept = JSON.parse(JSON.stringify(value)) as Json;
        expect(openValue(KEY, PLACE, sealValue(KEY, PLACE, kept))).toEqual(kept);
      }),
      { numRuns: 100 },
    );
    const sealed = sealValue(KEY, PLACE, '张三 13800000000');
    expect(isSealed(sealed)).toBe(true);
    expect(JSON.stringify(sealed)).not.toContain('1380');
  });

  it('seals the same value differently each time', () => {
    expect(sealValue(KEY, PLACE, 'a').sealed).not.toBe(sealValue(KEY, PLACE, 'a').sealed);
  });

  it.each([
    ['tenant', 'other'],
    ['subject', 'account.b'],
    ['collection', 'decisions'],
    ['id', 'm2'],
    ['field', '/sha256'],
  ])('does not open in another %s', (part, other) => {
    const sealed = sealValue(KEY, PLACE, 'secret');
    expect(() => openValue(KEY, { ...PLACE, [part]: other }, sealed)).toThrow('ZP_SEALED_UNREADABLE');
  });

  it('does not open with another key, nor when a single bit was changed or its end cut off', () => {
    const { subject, sealed } = sealValue(KEY, PLACE, 'secret');
    expect(() => openValue(Buffer.alloc(32, 8), PLACE, { subject, sealed })).toThrow('ZP_SEALED_UNREADABLE');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 0x40;
      expect(() => openValue(KEY, PLACE, { subject, sealed: `v1.${changed.toString('base64url')}` })).toThrow('ZP_SEALED_UNREADABLE');
    }
    for (const other of ['v1.', 'v2.abc', 'erased', sealed.slice(0, -4)]) {
      expect(() => openValue(KEY, PLACE, { subject, sealed: other })).toThrow('ZP_SEALED_UNREADABLE');
    }
  });

  it('takes for sealed or erased only what has exactly that form', () => {
    expect(
      [null, 'v1.x', [], { sealed: 'v1.x' }, { sealed: 1, subject: 'a' }, { sealed: 'a', subject: 'b', more: 1 }].map(isSealed),
    ).toEqual(Array.from({ length: 6 }, () => false));
    expect([{ erased: true, title: 'x' }, 'erased', null].map(isErased)).toEqual([false, false, false]);
  });
});
