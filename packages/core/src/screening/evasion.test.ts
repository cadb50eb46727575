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
  ['pinyin', 'gender', '会计一名，xian女性，周末双休', 'xian女性'],
  ['pinyin', 'gender', '司机岗位，nansheng优先', 'nansheng优先'],
  ['pinyin', 'gender', '文员若干，女生youxian', '女生youxian'],
  ['half pinyin', 'gender', '女xing优先，形象不限', '女xing优先'],
  ['half pinyin', 'gender', '仓管限男sheng', '限男sheng'],
  ['half pinyin', 'gender', '前台，女性优xian', '女性优xian'],
  ['homophone', 'gender', '司机，男姓优先', '男姓优先'],
  ['homophone', 'gender', '操作工只招南生', '只招南生'],
  ['homophone', 'gender', '文秘，钕性优先', '钕性优先'],
  ['homophone', 'gender', '收银员绿生优先', '绿生优先'],
  ['split glyph', 'gender', '搬运工只招田力', '只招田力'],
  ['abbreviation', 'gender', '导购，性别：f，有经验', '性别：f'],
  ['emoji meaning', 'gender', '任职要求：限♂', '限♂'],
  ['emoji meaning', 'gender', '任职要求：限🚹', '限🚹'],
  ['emoji meaning', 'gender', '收银员限🚺', '限🚺'],
  ['emoji meaning', 'gender', '本岗位♀优先', '♀优先'],
  ['emoji meaning', 'gender', '搬运工只招👨', '只招👨'],
  ['HTML entity', 'gender', '任职要求：限&#30007;性', '限&#30007;性'],
  ['HTML entity', 'gender', '任职要求：限&#x7537;性', '限&#x7537;性'],
  ['HTML entity', 'gender', '任职要求：限&nbsp;男性', '限&nbsp;男性'],
  ['repeated glyph', 'gender', '任职要求：限限男男性', '限男'],
  ['half pinyin', 'deposit', '入职交押jin五百', '押jin'],
  ['half pinyin', 'deposit', '入职须交ya金', 'ya金'],
  ['pinyin', 'deposit', '上岗先交yajin三百元', 'yajin'],
  ['pinyin', 'deposit', '需缴纳baozhengjin一千', 'baozhengjin'],
  ['homophone', 'deposit', '入职交压金500元', '压金'],
  ['homophone', 'deposit', '入职缴纳保正金', '保正金'],
  ['homophone', 'deposit', '宿舍押斤二百，离职退', '押斤'],
  ['homophone', 'deposit', '领工牌要交呀金五十', '呀金'],
  ['split glyph', 'deposit', '入职交扌甲金500元', '扌甲金'],
  ['abbreviation', 'deposit', '工服yj200元，离职退', 'yj200元'],
  ['half pinyin', 'deposit', '新员工押一个月gongzi', '押一个月gongzi'],
  ['HTML entity', 'deposit', '入职交&#25276;金三百', '&#25276;金'],
  ['Chinese numeral', 'deposit', '入职交伍佰元押金', '伍佰元押金'],
  ['circled numeral', 'deposit', '入职交⑤⓪⓪元押金', '⑤⓪⓪元押金'],
  ['full-width numeral', 'deposit', '入职交５００元押金', '５００元押金'],
  ['superscript numeral', 'deposit', '入职交⁵⁰⁰元押金', '⁵⁰⁰元押金'],
  ['pinyin', 'region', 'henan人勿扰，长期岗位', 'henan人勿扰'],
  ['half pinyin', 'region', '外di人勿扰', '外di人勿扰'],
  ['half pinyin', 'region', '需住厂，河南ren不要', '河南ren不要'],
  ['half pinyin', 'region', '东北人wurao', '东北人wurao'],
  ['homophone', 'region', '不要河男人，管住', '不要河男人'],
  ['nickname', 'region', '井盖省人勿投', '井盖省人勿投'],
  ['half pinyin', 'region', 'ben地人优先', 'ben地人优先'],
  ['split glyph', 'region', '河南亻勿扰', '河南亻勿扰'],
  ['pinyin', 'fee', '入职需交peixun费', 'peixun费'],
  ['half pinyin', 'fee', '体检fei自理', '体检fei自理'],
  ['half pinyin', 'fee', '入职交培训fei八百', '培训fei'],
  ['homophone', 'fee', '缴纳陪训费六百元', '陪训费'],
  ['homophone', 'fee', '服装肥两百元', '服装肥'],
  ['half pinyin', 'fee', '体检费自li', '体检费自li'],
  ['pinyin', 'fee', '收zhongjie费三百', 'zhongjie费'],
  ['HTML entity', 'fee', '体检&#36153;自理', '体检&#36153;自理'],
  ['pinyin', 'id_withholding', '入职押shenfenzheng', '押shenfenzheng'],
  ['half pinyin', 'id_withholding', '身份zheng由公司保管', '身份zheng由公司保管'],
  ['half pinyin', 'id_withholding', '报到时扣毕业zheng', '扣毕业zheng'],
  ['abbreviation', 'id_withholding', '住宿需押sfz', '押sfz'],
  ['homophone', 'id_withholding', '扣押毕业正一年', '扣押毕业正'],
  ['half pinyin', 'id_withholding', '入职ya身份证', 'ya身份证'],
  ['HTML entity', 'id_withholding', '入职扣押身份&#35777;', '扣押身份&#35777;'],
  ['traditional', 'id_withholding', '入職扣押身份證', '扣押身份證'],
  ['pinyin', 'marital', '会计，yihun优先', 'yihun优先'],
  ['half pinyin', 'marital', '已hun已yu优先', '已hun已yu优先'],
  ['half pinyin', 'marital', '两年内不怀yun', '不怀yun'],
  ['homophone', 'marital', '行政文员，要求未昏', '未昏'],
  ['homophone', 'marital', '己婚优先，稳定', '己婚优先'],
  ['split glyph', 'marital', '前台要求未女昏', '未女昏'],
  ['HTML entity', 'marital', '已&#23130;已育优先', '已&#23130;已育优先'],
  ['half pinyin', 'infection', '身体健康，无yi肝', '无yi肝'],
  ['half pinyin', 'infection', '要求没有乙gan', '没有乙gan'],
  ['pinyin', 'infection', 'yigan携带者勿扰', 'yigan携带者勿扰'],
  ['half pinyin', 'infection', '无传染bing', '无传染bing'],
  ['split glyph', 'infection', '入职查乙月干', '查乙月干'],
  ['numeral', 'infection', '大3阳勿扰', '大3阳勿扰'],
  ['HTML entity', 'infection', '无乙&#32925;', '无乙&#32925;'],
  ['pinyin', 'hukou', '本地hukou优先', '本地hukou优先'],
  ['half pinyin', 'hukou', '北京户kou优先', '北京户kou优先'],
  ['half pinyin', 'hukou', '要求上海hu口', '上海hu口'],
  ['homophone', 'hukou', '需上海沪口', '上海沪口'],
  ['look-alike', 'hukou', '限本市户囗', '本市户囗'],
  ['HTML entity', 'hukou', '本地&#25143;口优先', '本地&#25143;口优先'],
  ['homophone', 'contact', '薇信：abc12345', 'abc12345'],
  ['homophone', 'contact', '加威信 hr20250', 'hr20250'],
  ['abbreviation', 'contact', 'VX：zhaopin88', 'zhaopin88'],
  ['abbreviation', 'contact', '加V hr88886', 'hr88886'],
  ['emoji meaning', 'contact', '薇❤️：hr12345', 'hr12345'],
  ['nickname', 'contact', '企鹅号：123456789', '123456789'],
  ['Chinese numeral', 'contact', '一三九一一一一二二二二', '一三九一一一一二二二二'],
  ['look-alike', 'contact', '电话l3911112222', '3911112222'],
  ['other mark', 'contact', '简历发至hr.li#mail.example.com', 'hr.li#mail.example.com'],
  ['other mark', 'contact', '邮箱hr(at)example.com', 'hr(at)example.com'],
  ['HTML entity', 'contact', '电话1391111&#50;222', '1391111&#50;222'],
];

const pack = compilePack(CN_NATIONAL);

describe('hidden words', () => {
  const cases = [...MECHANICAL, ...BY_PLACE].flatMap(([name, hide]) =>
    HIDDEN.map(([ground, term, sentence]) => [name, ground, sentence, hide(term)] as const).filter(
      ([, , sentence, hidden]) => hidden !== HIDDEN.find(([, , s]) => s === sentence)?.[1],
    ),
  );

  it('are a suite of at least 150, and 60 of other words', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(LINGUISTIC.length).toBeGreaterThanOrEqual(60);
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
      // Contact details are advice in plain words, too.
      return !hit || (ground !== 'contact' && outcome !== 'review' && outcome !== 'block');
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
      '无需交yajin',
      '体检fei由公司承担',
      '不限nan性女性',
      '携带身份zheng面试',
      '解决北京hukou',
      '不歧视yi肝携带者',
      '熟悉vue3、webpack5',
    ];
    for (const text of clean) {
      for (const [name, hide] of [['as it is', (t: string) => t] as const, ...MECHANICAL]) {
        // A negation does not reach across brackets: whoever sets each character in its own gets a person to read it.
        if (name === 'bracket' && text.startsWith('不限')) continue;
        expect(
          screen({ text: hide(text) }, pack).findings.filter((f) => f.severity !== 'advise'),
          `${name}: ${text}`,
        ).toEqual([]);
      }
    }
  });
});
