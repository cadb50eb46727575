import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CN_NATIONAL } from '../rules/pack-cn-national.ts';
import { compileAnew, compiledOf, screen } from './engine.ts';
import { frozenFile, identityOf, readLayout } from './frozen-file.ts';
import { freeze, thaw } from './frozen-plan.ts';
import type { Pack, ScreenInput } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'zp-frozen-'));
const rules = pathToFileURL(`${folder}/`);
const { compiled: fresh, layout } = compileAnew(CN_NATIONAL);
const code = new URL('./', import.meta.url);
const identity = identityOf(CN_NATIONAL, code);
const file = freeze(layout, identity);
const place = join(folder, 'pack-cn-national.tables');

beforeAll(() => writeFileSync(place, file));
afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLES = CN_NATIONAL.rules.flatMap(({ examples }) => [...examples.violating, ...examples.complying]);

describe('a pack read as it was left', () => {
  const thawed = thaw(file, identity);
  if (thawed === undefined) throw new Error('the file fits');
  const frozen = compiledOf(CN_NATIONAL, thawed);
  const same = (input: ScreenInput): void => {
    for (const complete of [false, true]) expect(screen(input, frozen, { complete })).toEqual(screen(input, fresh, { complete }));
  };

  it('judges every example as one compiled anew', () => {
    expect(screen({ text: '本岗位仅限男性' }, frozen).outcome).toBe('block');
    for (const text of EXAMPLES) same({ text });
  });

  it('judges any mixture of examples as one compiled anew', () => {
    const piece = fc.oneof(
      fc.constantFrom(...EXAMPLES),
      fc.constantFrom(...EXAMPLES).map((text) => text.slice(0, 5)),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, text, (title, body, salary) => same({ title, text: body, salary })),
      { numRuns: 300 },
    );
  });

  it('is named like one compiled anew', () => {
    expect(frozen.reference).toBe(fresh.reference);
    expect(frozen.rulesOf).toEqual(fresh.rulesOf);
    expect(frozen.lacks).toEqual(fresh.lacks);
  });
});

describe('a file that does not fit', () => {
  it('is read when it fits', () => {
    expect(readLayout(CN_NATIONAL, rules, code)?.reference).toBe(fresh.reference);
  });

  it('is not read for a pack with one word more, whoever changed it', () => {
    const [first, ...rest] = CN_NATIONAL.rules;
    if (first === undefined) throw new Error('there is a rule');
    const wider: Pack = { ...CN_NATIONAL, rules: [{ ...first, phrases: [...first.phrases, '只招外星人'] }, ...rest] };
    expect(readLayout(wider, rules, code)).toBeUndefined();
    expect(readLayout({ ...CN_NATIONAL, words: { ...CN_NATIONAL.words, place: ['外星'] } }, rules, code)).toBeUndefined();
    const copy = structuredClone(CN_NATIONAL);
    expect(readLayout(copy, rules, code)).toBeDefined();
    Object.assign(copy.rules[0] ?? {}, { phrases: ['只招外星人'] });
    expect(readLayout(copy, rules, code)).toBeUndefined();
  });

  it('is not read when any module of the engine is another', () => {
    const other = mkdtempSync(join(tmpdir(), 'zp-code-'));
    const elsewhere = pathToFileURL(`${other}/`);
    writeFileSync(join(other, 'phrases.js'), 'export const A = 1;\n');
    const before = identityOf(CN_NATIONAL, elsewhere);
    writeFileSync(join(other, 'phrases.js'), 'export const A = 2;\n');
    expect(identityOf(CN_NATIONAL, elsewhere)).not.toBe(before);
    writeFileSync(join(other, 'phrases.js'), 'export const A = 1;\n');
    expect(identityOf(CN_NATIONAL, elsewhere)).toBe(before);
    expect(readLayout(CN_NATIONAL, rules, elsewhere)).toBeUndefined();
    rmSync(other, { recursive: true });
  });

  it('is not read when cut short or changed by a bit', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
        const broken = Uint8Array.from(file);
        broken[at] = (broken[at] ?? 0) ^ (1 << bit);
        expect(thaw(broken, identity)).toBeUndefined();
        expect(thaw(file.subarray(0, at), identity)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
    writeFileSync(place, file.subarray(0, 1000));
    expect(readLayout(CN_NATIONAL, rules, code)).toBeUndefined();
    writeFileSync(place, file);
  });

  it('is read wherever it begins in memory', () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(thaw(shifted.subarray(1), identity)?.reference).toBe(fresh.reference);
  });

  it('is never looked for outside its folder', () => {
    for (const id of ['../cn', 'cn/../../x', '', 'CN', 'cn%2e']) expect(frozenFile({ ...CN_NATIONAL, id })).toBeUndefined();
    expect(readFileSync(place).length).toBe(file.length);
  });
});
