import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fold, normalise, PLAIN_FOLDING } from './normalise.ts';
import { createShape, endOf, fillUnits, startOf } from './shape.ts';
import type { Shape } from './shape.ts';

const folded = (text: string): string => normalise(text).folded;

describe('normalise', () => {
  it('folds width, case, invisible characters, spacing and traditional characters', () => {
    expect(folded('僅限男性')).toBe('仅限男性');
    expect(folded('ＭＡＬＥ　Only')).toBe('male only');
    expect(folded('限\u200b男\u00ad性\ufe0f')).toBe('限男性');
    expect(folded('限 男 性')).toBe('限男性');
    expect(folded('限-男·性*')).toBe('限男性');
    expect(folded('限❤男🔥性')).toBe('限男性');
    expect(folded('🚺优先')).toBe('女优先');
    expect(folded('⼥性')).toBe('女性');
  });

  it('keeps clause and sentence marks apart', () => {
    expect(folded('限男; 限女!好\n完')).toBe('限男，限女。好。完');
    expect(folded('1. 男')).toBe('1，男');
    expect(folded('①男')).toBe('，男');
  });

  it('joins a range however it is spaced', () => {
    expect(folded('18 - 35岁')).toBe('18-35岁');
    expect(folded('male - only')).toBe('male only');
  });

  it('reads HTML character references and leaves alone what only looks like one', () => {
    expect(folded('限&#30007;&#x6027;&nbsp;夜班&#x1f6b9;')).toBe('限男性夜班男');
    expect(normalise('限&#30007;好')).toMatchObject({ folded: '限男好', map: Int32Array.of(0, 1, 9), ends: Int32Array.of(1, 9, 10) });
    expect(folded('R&D 研发&测试 &#;&#x;&nosuch;')).toBe('r-d研发测试，x，nosuch，');
    expect(folded('&#0;&#1114112;')).toBe('0，1114112，');
  });

  it('keeps figures and English words whole', () => {
    expect(folded('18-45岁 3.5 元')).toBe('18-45岁3.5元');
    expect(folded('no  black')).toBe('no black');
  });

  it('takes a lone slash as an alternative and a chain of them as decoration', () => {
    expect(folded('男/女')).toBe('男、女');
    expect(folded('限/男/性')).toBe('限男性');
    expect(folded('文员/女前台')).toBe('文员、女前台');
  });

  it('maps every folded unit to rising offsets inside the original', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const shape = normalise(text);
        let last = 0;
        for (let i = 0; i < shape.folded.length; i++) {
          const start = shape.map[i] ?? -1;
          const end = shape.ends[i] ?? -1;
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
    );
  });

  it('survives lone surrogates and characters that expand', () => {
    expect(folded('限\ud800男\udfff')).toBe('限男');
    expect(folded('\ufdfa'.repeat(200)).length).toBeGreaterThan(200);
  });

  it('reads any traditional character, radical and letter that looks Latin', () => {
    expect(folded('無不良記錄，顏值較高，90後')).toBe('无不良记录，颜值较高，90后');
    expect(folded('⻓⻛⺠⼾')).toBe('长风民户');
    expect(folded('mаlе оnlу МALE ΟNLY')).toBe('male only male only');
  });

  it('takes a digit in a ring as the number of an item, and several beside each other as a figure', () => {
    expect(folded('①男②女')).toBe('，男，女');
    expect(folded('①⑧-③⑤岁')).toBe('18-35岁');
    expect(folded('⑯男')).toBe('，男');
  });

  it('joins characters written one a line, and no other lines', () => {
    expect(folded('限\n男\n性')).toBe('限男性');
    expect(folded('党\n员\n优\n先考虑')).toBe('党员优先考虑');
    expect(folded('形象好\n女\n本科')).toBe('形象好。女。本科');
    expect(folded('文员\n女')).toBe('文员。女');
  });

  it('joins repeated characters in a row, and leaves a repeated character alone', () => {
    expect(normalise('要限限男男男性性')).toMatchObject({
      folded: '要限男性',
      map: Int32Array.of(0, 1, 3, 6),
      ends: Int32Array.of(1, 3, 6, 8),
    });
    expect(folded('天天向上，一三九一一一一二二二二，1188')).toBe('天天向上，一三九一一一一二二二二，1188');
  });

  it('keeps nothing of an earlier text behind a text that grows', () => {
    normalise('文员 '.repeat(500));
    const { before, folded: text } = normalise(`${'ǆ'.repeat(300)}限男`);
    expect(text).toHaveLength(602);
    expect([...before]).toEqual(Array.from({ length: 602 }, () => 0));
  });

  it('folds in one go as it does character by character', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '限',
        '男',
        '天',
        'a',
        '1',
        '，',
        '。',
        ' ',
        '-',
        '·',
        '.',
        '/',
        '\n',
        '(',
        '）',
        '①',
        '@',
        '&',
        '&amp;',
        'ǆ',
        '\u200b',
        '🚺',
      ),
      fc.constantFrom('限 男 性', '1.男', '18 - 35', '男/女', '限限男男', '\n\n', 'a.b', '、1.', '男\n性\n优'),
    );
    const whole = createShape(PLAIN_FOLDING, 4);
    const single = createShape(PLAIN_FOLDING, 4);
    const slow = { ...single, memory: { ...single.memory, loops: { ...single.memory.loops, run: (from: number) => from } } };
    const seen = (shape: Shape, text: string): unknown => {
      fold(text, shape);
      fillUnits(shape, text);
      const places = Array.from({ length: shape.size }, (_, unit) => [startOf(shape, unit), endOf(shape, unit)]);
      return [...[shape.classes, shape.before, shape.units].map((all) => [...all.subarray(0, shape.size)]), places, shape.hasAt];
    };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(seen(whole, text)).toEqual(seen(slow, text));
      }),
      { numRuns: 2000 },
    );
  });
});
