import { expect, it } from 'vitest';

import { huntCanaries, makeCanaries } from './canaries.ts';
import { recognise } from './recognise.ts';

it('are of a valid form, new each time, and found in whatever form they were written', async () => {
  const [one, two] = [makeCanaries(), makeCanaries()];
  expect(Object.values(one.values)).not.toEqual(Object.values(two.values));
  for (const [name, kind] of [
    ['mobile', 'mobile'],
    ['email', 'email'],
    ['residentId', 'resident-id'],
    ['address', 'address'],
  ] as const)
    expect(
      recognise(` ${one.values[name]} `).map((found) => found.kind),
      one.values[name],
    ).toEqual([kind]);

  const { name, mobile, note, email } = one.values;
  const found = await huntCanaries(one, [
    { name: 'log', read: () => `x ${mobile} y` },
    { name: 'url', read: () => `/x?n=${encodeURIComponent(name)}` },
    {
      name: 'json',
      read: () => JSON.stringify({ a: `${note}!` }).replace(/[^\x20-\x7e]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    },
    { name: 'base64', read: () => Buffer.from(`a${email}bc`).toString('base64') },
    { name: 'base64url', read: () => Buffer.from(`ab${note}`).toString('base64url') },
    { name: 'hex', read: async () => Buffer.from(mobile).toString('hex') },
    { name: 'bytes', read: () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(name)]) },
    { name: 'utf-16', read: () => Buffer.from(name, 'utf16le') },
    { name: 'nothing', read: () => JSON.stringify(two.values) },
  ]);
  expect(found.map(({ sink, canary }) => `${sink} ${canary}`)).toEqual([
    'log mobile',
    'url name',
    'json note',
    'base64 email',
    'base64url note',
    'hex mobile',
    'bytes name',
    'utf-16 name',
  ]);
});
