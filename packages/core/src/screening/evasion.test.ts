import { describe, expect, it } from 'vitest';

import { CN_NATIONAL } from '../rules/pack-cn-national.ts';
import { compilePack, screen } from './engine.ts';
import type { Ground } from './types.ts';

/** What is hidden, and the sentence it is hidden in: `@` stands for it. */
const HIDDEN: readonly (readonly [ground: Ground, term: string, sentence: string])[] = [
  ['gender', '限男性', '任职要求：@，能适应夜班'],
  ['gender', '仅限女性', '岗位条件，@，熟悉表格'],
  ['gender', '男性优先', '有驾照，@'],
  ['gender', '女士优先', '普通话标准，@。'],
  ['gender', '只招男生', '本岗位@，待遇面议'],
  ['deposit', '交押金', '入职@，离职退还'],
  ['deposit', '缴纳保证金', '入职须@一千元'],
  ['region', '河南人勿扰', '有经验者，@'],
  ['region', '不要东北人', '吃苦耐劳，@'],
  ['ethnicity', '限汉族', '身体健康，@'],
  ['ethnicity', '少数民族勿扰', '住宿紧张，@'],
  ['religion', '信教者勿扰', '作息固定，@'],
];

const TRADITIONAL: { readonly [char: string]: string } = {
  仅: '僅',
  优: '優',
  纳: '納',
  缴: '繳',
  证: '證',
  东: '東',
  汉: '漢',
  扰: '擾',
  数: '數',
  适: '適',
  户: '戶',
  无: '無',
  岁: '歲',
};
const RADICALS: { readonly [char: string]: string } = { 女: '⼥', 人: '⼈', 金: '⾦', 生: '⽣', 士: '⼠' };

const between =
  (glue: string) =>
  (term: string): string =>
    [...term].join(glue);
const swapped =
  (table: { readonly [char: string]: string }) =>
  (term: string): string =>
    [...term].map((char) => table[char] ?? char).join('');

/** Ways to hide a word that leave it readable and need no knowledge of the language to undo. */
const MECHANICAL: readonly (readonly [name: string, hide: (term: string) => string])[] = [
  ['zero-width space', between('\u200b')],
  ['zero-width joiner', between('\u200d')],
  ['soft hyphen', between('\u00ad')],
  ['word joiner and BOM', between('\u2060\ufeff')],
  ['variation selector', between('\ufe0f')],
  ['combining mark', between('\u0336')],
  ['space', between(' ')],
  ['ideographic space', between('\u3000')],
  ['thin and no-break space', between('\u2009\u00a0')],
  ['dot', between('.')],
  ['middle dot', between('·')],
  ['hyphen', between('-')],
  ['asterisk', between('*')],
  ['underscore', between('_')],
  ['tilde', between('~')],
  ['emoji inside', between('😀')],
  ['traditional', swapped(TRADITIONAL)],
  ['Kangxi radical', swapped(RADICALS)],
  ['bidirectional control', between('\u202e\u202c')],
  ['tag characters', between('\u{e0041}')],
  ['enclosing mark', between('\u20dd')],
  ['bracket', (term) => `【${between('】【')(term)}】`],
  ['arrows and dingbats', between('➜✿')],
  ['decimal reference', (term) => Array.from(term, (char) => `&#${char.codePointAt(0)};`).join('')],
  ['hexadecimal reference', (term) => Array.from(term, (char) => `&#x${char.codePointAt(0)?.toString(16).toUpperCase()};`).join('')],
];

/** Ways that would change the meaning of whole texts, so that only the hidden word is put in them. */
const BY_PLACE: readonly (readonly [name: string, hide: (term: string) => string])[] = [
  ['a line for each character', (term) => `\n${between('\n')(term)}\n`],
  ['slash', between('/')],
  ['full-width slash', between('／')],
  ['repeated glyph', (term) => Array.from(term, (char) => char.repeat(2)).join('')],
  ['glyph repeated thrice', (term) => Array.from(term, (char) => char.repeat(3)).join('')],
];

/** Figures and letters, in the forms that Unicode has for them. */
const FIGURES: readonly (readonly [name: string, ground: Ground, text: string, words: string])[] = [
  ['full width', 'age', '要求１８－３５岁，能上夜班', '１８－３５岁'],
  ['circled digits', 'age', '要求①⑧-③⑤岁，能上夜班', '①⑧-③⑤岁'],
  ['negative circled digits', 'age', '要求❶❽-❸❺岁，能上夜班', '❶❽-❸❺岁'],
  ['bold digits', 'age', '要求𝟏𝟖-𝟑𝟓岁，能上夜班', '𝟏𝟖-𝟑𝟓岁'],
  ['double-struck digits', 'age', '要求𝟙𝟠-𝟛𝟝岁，能上夜班', '𝟙𝟠-𝟛𝟝岁'],
  ['superscript digits', 'age', '要求¹⁸-³⁵岁，能上夜班', '¹⁸-³⁵岁'],
  ['subscript digits', 'age', '要求₁₈-₃₅岁，能上夜班', '₁₈-₃₅岁'],
  ['Chinese numerals', 'age', '要求三十五岁以下，能上夜班', '三十五岁以下'],
  ['traditional', 'age', '要求18-35歲，能上夜班', '18-35歲'],
  ['case', 'gender', 'Warehouse clerk, MaLe OnLy', 'MaLe OnLy'],
  ['full-width letters', 'gender', 'Warehouse clerk, ｍａｌｅ ｏｎｌｙ', 'ｍａｌｅ ｏｎｌｙ'],
  ['Cyrillic letters', 'gender', 'Warehouse clerk, mаlе оnlу', 'mаlе оnlу'],
  ['Greek letters', 'gender', 'Warehouse clerk, ΜΑLΕ ΟΝLΥ', 'ΜΑLΕ ΟΝLΥ'],
  ['script letters', 'gender', 'Warehouse clerk, 𝓶𝓪𝓵𝓮 𝓸𝓷𝓵𝔂', '𝓶𝓪𝓵𝓮 𝓸𝓷𝓵𝔂'],
];

/** Ways that need the language: another word for the word. A person looks at these; `review` is enough. */
const LINGUISTIC: readonly (readonly [name: string, ground: Ground, text: string, words: string])[] = [
  ['pinyin', 'gender', '任职要求：限nan性', '限nan性'],
  ['pinyin', 'gender', '本岗位nv性优先', 'nv性优先'],
  ['half pinyin', 'deposit', '入职交押jin五百', '押jin'],
  ['half pinyin', 'deposit', '入职须交ya金', 'ya金'],
  ['homophone', 'deposit', '入职交压金500元', '压金'],
  ['homophone', 'deposit', '入职缴纳保正金', '保正金'],
  ['split glyph', 'deposit', '入职交扌甲金500元', '扌甲金'],
  ['emoji meaning', 'gender', '任职要求：限♂', '限♂'],
  ['emoji meaning', 'gender', '任职要求：限🚹', '限🚹'],
  ['emoji meaning', 'gender', '本岗位♀优先', '♀优先'],
  ['HTML entity', 'gender', '任职要求：限&#30007;性', '限&#30007;性'],
  ['HTML entity', 'gender', '任职要求：限&#x7537;性', '限&#x7537;性'],
  ['HTML entity', 'gender', '任职要求：限&nbsp;男性', '限&nbsp;男性'],
  ['Chinese numeral', 'deposit', '入职交伍佰元押金', '伍佰元押金'],
  ['circled numeral', 'deposit', '入职交⑤⓪⓪元押金', '⑤⓪⓪元押金'],
  ['full-width numeral', 'deposit', '入职交５００元押金', '５００元押金'],
  ['superscript numeral', 'deposit', '入职交⁵⁰⁰元押金', '⁵⁰⁰元押金'],
  ['repeated glyph', 'gender', '任职要求：限限男男性', '限男'],
];

const pack = compilePack(CN_NATIONAL);

describe('hidden words', () => {
  const cases = [...MECHANICAL, ...BY_PLACE].flatMap(([name, hide]) =>
    HIDDEN.map(([ground, term, sentence]) => [name, ground, sentence, hide(term)] as const).filter(
      ([, , sentence, hidden]) => hidden !== HIDDEN.find(([, , s]) => s === sentence)?.[1],
    ),
  );

  it('are a suite of at least 150', () => {
    expect(cases.length + LINGUISTIC.length).toBeGreaterThanOrEqual(150);
  });

  it.each(cases)('by %s (%s): %s ← %j', (_name, ground, sentence, hidden) => {
    const text = sentence.replace('@', hidden);
    const at = text.indexOf(hidden);
    const { findings } = screen({ text }, pack);
    const finding = findings.find((f) => f.ground === ground);
    expect(finding, JSON.stringify(findings)).toBeDefined();
    // The span lies over what was hidden: it starts and ends within it, or takes in the words around it that the rule names.
    expect(finding?.matched).toBe(text.slice(finding?.start, finding?.end));
    const overlap = Math.min(finding?.end ?? 0, at + hidden.length) - Math.max(finding?.start ?? 0, at);
    expect(overlap / hidden.length).toBeGreaterThan(0.6);
  });

  it.each(FIGURES)('by %s (%s): %s', (_name, ground, text, words) => {
    const at = text.indexOf(words);
    const found = screen({ text }, pack).findings.filter((f) => f.ground === ground);
    expect(found.map(({ start, end }) => [start <= at, end >= at + words.length])).toContainEqual([true, true]);
  });

  it('by other words: at least nine in ten reach a person', () => {
    const missed = LINGUISTIC.filter(([, ground, text, words]) => {
      const { findings, outcome } = screen({ text }, pack);
      const at = text.indexOf(words);
      const hit = findings.some((f) => f.ground === ground && f.end > at && f.start < at + words.length);
      return !hit || (outcome !== 'review' && outcome !== 'block');
    });
    const share = 1 - missed.length / LINGUISTIC.length;
    expect(share, missed.map(([name, , text]) => `${name}: ${text}`).join('\n')).toBeGreaterThanOrEqual(0.9);
  });

  it('leave clean text alone', () => {
    const clean = [
      '负责女装设计，男女不限',
      '本公司不收取任何押金',
      '押金管理系统的开发',
      '少数民族地区项目，需能出差',
      '河南分公司招聘',
      '产品 男 装 频 道 运营',
      '♀♂用户画像分析',
      '工作地点：东北',
      '妇产科护士，性别不限',
      '先生/女士您好',
      '期货保证金核算岗',
      'Male/female users analysis',
    ];
    for (const text of clean) {
      for (const [name, hide] of [['as it is', (t: string) => t] as const, ...MECHANICAL]) {
        expect(
          screen({ text: hide(text) }, pack).findings.filter((f) => f.severity !== 'advise'),
          `${name}: ${text}`,
        ).toEqual([]);
      }
    }
  });
});
