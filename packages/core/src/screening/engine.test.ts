import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CN_NATIONAL } from '../rules/pack-cn-national.ts';
import { compilePack, screen } from './engine.ts';
import type { Finding, Pack, Rule } from './types.ts';

const compiled = compilePack(CN_NATIONAL);
const findings = (text: string): readonly Finding[] => screen({ text }, compiled).findings;
const matches = (text: string): string[] => findings(text).map((finding) => finding.matched);

const [anyRule] = CN_NATIONAL.rules;
if (anyRule === undefined) throw new Error('the national pack has no rules');
const toy: Rule = {
  ...anyRule,
  id: 'toy.limit',
  phrases: ['限甲'],
  allow: ['不限甲'],
  examples: { violating: ['限甲', '限甲。', '仅限甲', '岗位限甲', '限 甲'], complying: ['甲', '限乙', '不限甲', '无', '甲限'] },
};
const packOf = (...rules: readonly Rule[]): Pack => ({ ...CN_NATIONAL, id: 'toy', words: {}, rules });

describe('compilePack', () => {
  it('accepts a pack that proves itself and names it by its content', () => {
    expect(compilePack(packOf(toy)).reference).toMatch(/^toy@2026\.11\+[0-9a-f]{8}$/u);
    expect(compilePack(packOf(toy)).reference).not.toBe(compilePack(packOf({ ...toy, phrases: ['限(甲|丙)'] })).reference);
  });

  it.each<[string, readonly Rule[]]>([
    ['a violating example it does not hit', [{ ...toy, phrases: ['限丁'] }]],
    ['a complying example it hits', [{ ...toy, allow: [] }]],
    ['fewer than five examples', [{ ...toy, examples: { ...toy.examples, violating: ['限甲'] } }]],
    ['the same id twice', [toy, toy]],
    ['a phrase without a literal', [{ ...toy, phrases: ['限甲', '{gap}{num}'] }]],
    ['an unknown word list', [{ ...toy, phrases: ['限甲', '{nowhere}甲'] }]],
    ['an unclosed parenthesis', [{ ...toy, phrases: ['限甲', '限(甲'] }]],
    ['an alternative that folds to nothing', [{ ...toy, phrases: ['限甲', '限(（|乙)甲'] }]],
  ])('refuses a rule with %s, naming it', (_, rules) => {
    expect(() => compilePack(packOf(...rules))).toThrow(
      expect.objectContaining({ code: 'ZP_OPTION_INVALID', message: expect.stringContaining('toy.limit') }),
    );
  });
});

describe('screen', () => {
  it('sends a field that is no text to a person, and quotes nothing of it as pay that is missing', () => {
    for (const salary of [[], {}, 5, null]) {
      const input: object = { text: '招聘会计', salary };
      const { outcome, findings: found } = screen(input, compiled, { complete: true });
      expect(outcome).toBe('review');
      expect(found.map(({ rule, field, matched }) => [rule, field, matched])).toEqual([
        ['engine.unreadable', 'salary', ''],
        ['pay.missing', 'salary', ''],
      ]);
    }
  });

  it.each([
    ['岗位限 男 性。', '限 男 性'],
    ['岗位限\u200b男\u200b性', '限\u200b男\u200b性'],
    ['（ｍａｌｅ　ｏｎｌｙ）', 'ｍａｌｅ　ｏｎｌｙ'],
    ['限-男-性，夜班', '限-男-性'],
    ['限/男/性', '限/男/性'],
    ['僅限男性', '僅限男性'],
    ['🙂🙂女​士优先', '女​士优先'],
    ['🚺优先', '🚺优先'],
    ['限&#30007;性，夜班', '限&#30007;性'],
    ['入职交５００元押 金', '交５００元押 金'],
  ])('finds %s at its place in the original', (text, matched) => {
    const [finding] = findings(text);
    expect(finding?.matched).toBe(matched);
    expect(finding?.start).toBe(text.indexOf(matched));
    expect(screen({ text }, compiled).outcome).toBe('block');
  });

  it.each([
    '不收取任何费用、押金等',
    '无需缴纳保证金',
    '严禁收取押金',
    '本公司从不收取押金',
    '谢绝任何收取押金的中介',
    '免工装押金',
    '凡收取押金者均为诈骗',
    '男女不限',
    '性别不限',
    '联系人：钱女士',
    '男士护肤品导购',
    '妇产科医生',
    '不得限定男性',
  ])('passes %s', (text) => {
    expect(screen({ text }, compiled)).toMatchObject({ outcome: 'pass', findings: [] });
  });

  it.each([
    ['岗位要求（1）35周岁以下', '35周岁以下'],
    ['计算机专业，985（211）高校', '985（211）高校'],
  ])('reads the two numbers of %s apart', (text, matched) => {
    expect(matches(text)).toContain(matched);
  });

  it('does not end a clause within a list of long numbers', () => {
    expect(matches('核心团队来自985、211名校')).toEqual([]);
    expect(matches('团队来自各地2、211名校优先')).toEqual(['211名校优先']);
  });

  it('keeps a demand that follows a denial', () => {
    expect(matches('男女不限，女士优先')).toEqual(['女士优先']);
    expect(findings('不收培训费，但需交押金300元').map((f) => f.ground)).toEqual(['deposit']);
    expect(findings('（不收中介费）入职交押金300元').map((f) => f.ground)).toEqual(['deposit']);
  });

  it('compares the conditions set for each sex', () => {
    expect(findings('男18-45岁，女18-45岁').map((f) => f.ground)).not.toContain('gender');
    expect(
      findings('男18-45岁，女18-40岁')
        .filter((f) => f.ground === 'gender')
        .map((f) => f.rule),
    ).toEqual(['gender.differing', 'gender.differing']);
  });

  it('tells only the stricter finding where a posting is for graduates', () => {
    expect(screen({ text: '仅限本市户籍' }, compiled).outcome).toBe('review');
    const result = screen({ title: '应届生专场', text: '仅限本市户籍' }, compiled);
    expect(result.outcome).toBe('block');
    expect(result.findings.map((f) => f.rule)).toEqual(['hukou.graduates']);
  });

  it('orders findings by field, then place', () => {
    const result = screen({ text: '外地人勿扰，限男性', title: '女前台', requirements: '汉族优先' }, compiled);
    expect(result.findings.map((f) => [f.field, f.ground])).toEqual([
      ['title', 'gender'],
      ['text', 'region'],
      ['text', 'gender'],
      ['requirements', 'ethnicity'],
    ]);
  });

  it('sends text it cannot read to a person', () => {
    const long = screen({ title: '普工', text: '甲'.repeat(20_001) }, compiled);
    expect(long.outcome).toBe('review');
    expect(long.findings.map((f) => [f.rule, f.field])).toEqual([['engine.over-long', 'text']]);
    const faulty = {
      ...compiled,
      scanner: {
        ...compiled.scanner,
        scan: (): never => {
          throw new Error('boom');
        },
      },
    };
    expect(screen({ text: '限男' }, faulty)).toMatchObject({ outcome: 'review', findings: [{ rule: 'engine.unreadable' }] });
  });

  it('still blocks on another field when one is too long', () => {
    expect(screen({ title: '限男', text: '甲'.repeat(20_001) }, compiled).outcome).toBe('block');
  });

  it('gives true offsets and the same result twice for any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '限',
        '男',
        '女',
        '性',
        '优先',
        '不',
        '交',
        '押金',
        '18',
        '-',
        ' ',
        '，',
        '。',
        '/',
        '汉族',
        '河南',
        '人',
        '勿扰',
        '户口',
        '\u200b',
        '\ud83d',
        '\udc00',
        '🚺',
        '㈱',
        '（',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const first = screen({ text }, compiled);
        for (const { start, end, matched } of first.findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(matched).toBe(text.slice(start, end));
        }
        expect(first.findings.some((f) => f.ground === 'unreadable')).toBe(false);
        expect(screen({ text }, compiled)).toEqual(first);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a posting lacks', () => {
  const lacks = (input: Parameters<typeof screen>[0], complete = true): string[] =>
    screen(input, compiled, { complete }).findings.flatMap((f) => (f.ground === 'pay_missing' ? [`${f.field}:${f.matched}`] : []));

  it('is told only of input said to be complete', () => {
    expect(lacks({ title: '会计', text: '负责账务' }, false)).toEqual([]);
    expect(lacks({ title: '会计', text: '负责账务' })).toEqual(['title:']);
    expect(lacks({ title: '会计', salary: '薪资面议', text: '负责账务' })).toEqual(['salary:薪资面议']);
  });

  it('is found in any of the fields that may hold it, and in no other', () => {
    expect(lacks({ title: '会计', salary: '6-8K', text: '负责账务' })).toEqual([]);
    expect(lacks({ title: '会计 底薪6000', salary: '', text: '负责账务' })).toEqual([]);
    expect(lacks({ title: '会计', salary: '面议', text: '月薪6000元' })).toEqual([]);
    expect(lacks({ title: '会计', text: '负责账务', address: '月薪6000元' })).toEqual(['title:']);
  });
});

describe('hostile text', () => {
  it('is cut short visibly, not passed', () => {
    const result = screen({ text: '限男，'.repeat(6000) }, compiled);
    expect(result.outcome).toBe('block');
    expect(result.findings.map((f) => f.rule)).toContain('engine.truncated');
  });

  it('is not said to lack what may stand where nobody read', () => {
    const { findings: found } = screen({ text: `${'限男，'.repeat(600)}月薪6000元` }, compiled, { complete: true });
    expect(found.map((f) => f.rule)).toContain('engine.truncated');
    expect(found.map((f) => f.ground)).not.toContain('pay_missing');
  });

  it.each([
    '限',
    '男',
    '限男',
    '18-',
    '无传染病无',
    '不收押金',
    '985',
    '优先',
    '​',
    ' 限 男',
    'ﷺ',
    '(',
    '身高1',
    '薪资：',
    '，',
    '&#30007;',
    '🚺',
    '13800000000',
    'a@b.c',
  ])('of nothing but %j is read alike every time, without a fault and with a bounded answer', (piece) => {
    const text = piece.repeat(Math.floor(20_000 / piece.length));
    const result = screen({ text }, compiled);
    expect(screen({ text }, compiled)).toEqual(result);
    expect(result.findings.map((f) => f.rule)).not.toContain('engine.unreadable');
    // Hits beyond the limit are told as one finding, and then a person reads the text.
    expect(result.findings.length).toBeLessThanOrEqual(257 * compiled.pack.rules.length);
    const wasCut = result.findings.some((f) => f.rule === 'engine.truncated');
    if (wasCut) expect(['review', 'block']).toContain(result.outcome);
  });
});

describe('the national pack', () => {
  it('has a finding for every violating example under a rule of the same ground', () => {
    for (const rule of CN_NATIONAL.rules) {
      for (const text of rule.examples.violating)
        expect(
          screen({ text }, compiled, { complete: true }).findings.map((f) => f.ground),
          text,
        ).toContain(rule.ground);
    }
  });

  it('cites the law and speaks both languages in every rule', () => {
    for (const rule of CN_NATIONAL.rules) {
      expect(rule.citations.length, rule.id).toBeGreaterThan(0);
      for (const text of [rule.title, rule.advice]) expect(text.zh !== '' && text.en !== '', rule.id).toBe(true);
    }
  });
});
