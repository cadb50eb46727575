import type { Text } from '@zhengpin/core';

/** A mechanical way to hide words that leaves them readable (机械变形). */
export interface Disguise {
  readonly id: string;
  readonly title: Text;
  /** Lawful words stay lawful under it, a whole posting of them too: spaces or marks between words would make new ones. */
  readonly isHarmless: boolean;
  readonly apply: (words: string) => string;
}

const RADICALS: { readonly [char: string]: string } = {
  一: '⼀',
  人: '⼈',
  入: '⼊',
  力: '⼒',
  十: '⼗',
  口: '⼝',
  土: '⼟',
  士: '⼠',
  大: '⼤',
  女: '⼥',
  子: '⼦',
  小: '⼩',
  工: '⼯',
  己: '⼰',
  心: '⼼',
  户: '⼾',
  手: '⼿',
  文: '⽂',
  方: '⽅',
  无: '⽆',
  日: '⽇',
  月: '⽉',
  气: '⽓',
  水: '⽔',
  父: '⽗',
  牛: '⽜',
  犬: '⽝',
  生: '⽣',
  用: '⽤',
  白: '⽩',
  皮: '⽪',
  目: '⽬',
  石: '⽯',
  示: '⽰',
  立: '⽴',
  米: '⽶',
  老: '⽼',
  而: '⽽',
  耳: '⽿',
  肉: '⾁',
  自: '⾃',
  至: '⾄',
  色: '⾊',
  虫: '⾍',
  血: '⾎',
  行: '⾏',
  衣: '⾐',
  言: '⾔',
  足: '⾜',
  身: '⾝',
  辛: '⾟',
  里: '⾥',
  金: '⾦',
  面: '⾯',
  音: '⾳',
  食: '⾷',
  首: '⾸',
  香: '⾹',
  高: '⾼',
  黑: '⿊',
  民: '⺠',
  母: '⺟',
  西: '⻄',
  见: '⻅',
  车: '⻋',
  长: '⻓',
  门: '⻔',
  青: '⻘',
  页: '⻚',
  风: '⻛',
  飞: '⻜',
  马: '⻢',
  鱼: '⻥',
  鸟: '⻦',
  齐: '⻬',
  龙: '⻰',
};
const LOOK_ALIKES: { readonly [char: string]: string } = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  j: 'ј',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
  y: 'у',
  A: 'Α',
  B: 'Β',
  C: 'С',
  E: 'Е',
  H: 'Н',
  I: 'Ι',
  K: 'Κ',
  M: 'М',
  N: 'Ν',
  O: 'О',
  P: 'Р',
  T: 'Т',
  X: 'Χ',
  Y: 'Υ',
  Z: 'Ζ',
};
const NUMERALS = '零一二三四五六七八九';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const CIRCLED = '⓪①②③④⑤⑥⑦⑧⑨';

function between(...glue: readonly string[]): (words: string) => string {
  return (words) => {
    const chars = [...words];
    return chars.map((char, i) => (i + 1 < chars.length ? char + (glue[i % glue.length] ?? '') : char)).join('');
  };
}

/** Figures and English words stay whole: apart they are other figures and other words. */
function betweenHan(glue: string): (words: string) => string {
  return (words) => words.replace(/(?<=\p{sc=Han})(?=\p{sc=Han})/gu, glue);
}

/** Only in three characters or more: a lone slash, comma or line between two is what separates them (男/女). */
function inChain(glue: string): (words: string) => string {
  return (words) => words.replace(/\p{sc=Han}{3,}/gu, (chars) => [...chars].join(glue));
}

function swapped(table: { readonly [char: string]: string }): (words: string) => string {
  return (words) => Array.from(words, (char) => table[char] ?? char).join('');
}

function digits(one: (digit: number) => string): (words: string) => string {
  return (words) => words.replace(/\d/gu, (digit) => one(Number(digit)));
}

function shifted(from: RegExp, by: number): (words: string) => string {
  return (words) => words.replace(from, (char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + by));
}

/** Numbers up to a thousand as they are read; others, such as 1.65 and years, stay. */
function inChinese(words: string): string {
  return words.replace(/(?<![\d.])[1-9]\d{0,2}(?![\d.])/gu, (digit) => {
    const number = Number(digit);
    const [hundreds, tens, ones] = [Math.floor(number / 100), Math.floor((number % 100) / 10), number % 10];
    const low =
      (tens === 0 ? (hundreds > 0 && ones > 0 ? '零' : '') : `${tens === 1 && hundreds === 0 ? '' : NUMERALS.charAt(tens)}十`) +
      (ones === 0 ? '' : NUMERALS.charAt(ones));
    return hundreds > 0 ? `${NUMERALS.charAt(hundreds)}百${low}` : low;
  });
}

/** The ways, some of them with traditional characters by the tables of OpenCC. @param traditional simplified → traditional */
export function disguises(traditional: (words: string) => string): readonly Disguise[] {
  const all: readonly (readonly [id: string, zh: string, en: string, apply: (words: string) => string, isHarmless?: true])[] = [
    ['full-width', '全角', 'full width', shifted(/[!-~]/gu, 0xfee0), true],
    ['half-width', '半角', 'half width', shifted(/[！-～]/gu, -0xfee0), true],
    ['zero-width', '零宽字符', 'zero-width characters inside', between('\u200b', '\u200d', '\u2060', '\ufeff'), true],
    ['soft-hyphen', '软连字符', 'soft hyphens inside', between('\u00ad'), true],
    ['variation-selector', '变体选择符', 'variation selectors inside', between('\ufe0f'), true],
    ['combining-mark', '组合符号', 'combining marks inside', betweenHan('\u0336'), true],
    ['bidirectional', '双向控制符', 'direction marks inside', between('\u202e', '\u202c'), true],
    ['space', '空格', 'spaces inside', betweenHan(' ')],
    ['wide-space', '全角空格', 'ideographic spaces inside', betweenHan('\u3000')],
    ['dot', '圆点', 'dots inside', betweenHan('·')],
    ['star', '星号', 'asterisks inside', betweenHan('*')],
    ['slash', '斜线', 'slashes inside', inChain('/')],
    ['comma', '逗号', 'commas inside', inChain('，')],
    ['bracket', '括号', 'brackets around each character', (words) => words.replace(/\p{sc=Han}/gu, '【$&】')],
    ['newline', '换行', 'a line for each character', inChain('\n')],
    ['emoji', '表情', 'emoji inside', betweenHan('😀')],
    ['traditional', '繁体', 'traditional characters', traditional, true],
    ['kangxi', '部首', 'Kangxi radicals', swapped(RADICALS), true],
    [
      'case',
      '大小写',
      'the other case',
      (words) => words.replace(/[A-Z]|[a-z]/gu, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase())),
      true,
    ],
    ['look-alike', '形近字母', 'Greek and Cyrillic look-alikes', swapped(LOOK_ALIKES), true],
    ['circled', '带圈数字', 'circled digits', digits((digit) => CIRCLED.charAt(digit))],
    ['mathematical', '数学字体', 'mathematical letters and digits', shifted(/\d/gu, 0x1d7ce - 0x30), true],
    ['superscript', '上标数字', 'superscript digits', digits((digit) => SUPERSCRIPTS.charAt(digit)), true],
    ['numeral', '汉字数字', 'Chinese numerals', inChinese],
    [
      'entity',
      '十进制字符引用',
      'decimal HTML references',
      (words) => Array.from(words, (char) => `&#${char.codePointAt(0) ?? 0};`).join(''),
      true,
    ],
    [
      'hex-entity',
      '十六进制字符引用',
      'hexadecimal HTML references',
      (words) => words.replace(/\p{sc=Han}/gu, (c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`),
      true,
    ],
    ['repeated', '叠字', 'each character twice', (words) => words.replace(/\p{sc=Han}/gu, '$&$&')],
  ];
  return all.map(([id, zh, en, apply, isHarmless = false]) => ({ id, title: { zh, en }, isHarmless, apply }));
}
