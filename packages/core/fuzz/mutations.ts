import type { Random } from '../bench/random.ts';

const MOST_UNITS = 25_000;
const INVISIBLE = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\ufe0f', '\u0336', '\u202e', '\u{e0041}', '\u0000'];
const MARKS = [
  ' ',
  '\u3000',
  '.',
  '．',
  '·',
  '-',
  '*',
  '/',
  '／',
  '_',
  '\n',
  '。',
  '，',
  '、',
  '：',
  ';',
  '…',
  '@',
  '&',
  '{',
  '(',
  '^',
  '$',
  '|',
];
const WORDS = [
  '不',
  '无需',
  '严禁',
  '不得',
  '但',
  '除',
  '男',
  '女',
  '不限',
  '押金',
  '优先',
  '１８',
  '岁',
  '三十五',
  '微信',
  'vx',
  'a@b.c',
  '13800000000',
];
const BROKEN = [
  '\ud800',
  '\udfff',
  '\udc00\ud800',
  '\uffff',
  '\ufffd',
  '\ufdfa',
  '㎏',
  '㋿',
  'ǆ',
  'ß',
  'İ',
  '\u0345',
  '㍿',
  '①',
  '⑳',
  '🈚',
  '👨‍👩‍👧',
  '🏳️‍🌈',
];
const ENTITIES = [
  '&#30007;',
  '&#x7537;',
  '&nbsp;',
  '&amp;',
  '&#',
  '&#x;',
  '&#x110000;',
  '&#55296;',
  '&amp;#30007;',
  '&',
  '&&&;',
  '&#0000000000030007;',
];
const BRACKETS = ['(', ')', '（', '）', '【', '】', '《', '>', '“', '"', "'"];
const SCRIPTS: readonly (readonly [number, number])[] = [
  [0, 0xffff],
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x590, 0x6ff],
  [0x900, 0xdff],
  [0x1100, 0x11ff],
  [0x2000, 0x2bff],
  [0x2e80, 0x33ff],
  [0x3400, 0x9fff],
  [0xf900, 0xffff],
];

type Mutation = (text: string, random: Random, texts: readonly string[]) => string;

function part(text: string, random: Random, most: number): readonly [from: number, to: number] {
  const from = random.below(text.length + 1);
  return [from, Math.min(text.length, from + random.below(most))];
}

function inserted(text: string, what: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + what + text.slice(at);
}

const MUTATIONS: readonly Mutation[] = [
  // Units, not characters: a splice may cut a pair of surrogates in two.
  function splice(text, random, texts) {
    const other = random.pick(texts);
    const [from, to] = part(other, random, 200);
    return inserted(text, other.slice(from, to), random);
  },
  function repeat(text, random) {
    const [from, to] = part(text, random, 12);
    return inserted(text, text.slice(from, to).repeat(random.below(random.pick([4, 40, 2000]))), random);
  },
  function remove(text, random) {
    const [from, to] = part(text, random, 30);
    return text.slice(0, from) + text.slice(to);
  },
  function glue(text, random) {
    const [from, to] = part(text, random, 60);
    const mark = random.pick(random.pick([INVISIBLE, MARKS, ENTITIES, BROKEN]));
    return text.slice(0, from) + Array.from(text.slice(from, to)).join(mark) + text.slice(to);
  },
  function scatter(text, random) {
    const from = random.pick([INVISIBLE, MARKS, WORDS, BROKEN, ENTITIES, BRACKETS]);
    let all = text;
    for (let n = random.below(8) + 1; n > 0; n--) all = inserted(all, random.pick(from), random);
    return all;
  },
  function nest(text, random) {
    const depth = random.below(random.pick([10, 2000]));
    const bracket = random.pick(['()', '（）', '【】', '<>', '“”', '&;']);
    return bracket.charAt(0).repeat(depth) + text + bracket.charAt(1).repeat(random.below(2) * depth);
  },
  function alternate(text, random) {
    const [one, other] = [random.pick(WORDS), random.pick(WORDS)];
    return inserted(text, `${one}${random.pick(MARKS)}${other}`.repeat(random.below(random.pick([20, 600]))), random);
  },
  function garbage(text, random) {
    const [from, to] = random.pick(SCRIPTS);
    const units = Array.from({ length: random.below(200) }, () => from + random.below(to - from + 1));
    return inserted(text, String.fromCharCode(...units), random);
  },
  function overwrite(text, random) {
    const units = Array.from(text, (_, i) => text.charCodeAt(i));
    for (let n = random.below(10); n > 0 && units.length > 0; n--) units[random.below(units.length)] = random.below(0x10000);
    return units.map((unit) => String.fromCharCode(unit)).join('');
  },
  function entities(text, random) {
    const [from, to] = part(text, random, 40);
    return text.slice(0, from) + Array.from(text.slice(from, to), (char) => `&#${char.codePointAt(0) ?? 0};`).join('') + text.slice(to);
  },
  function reform(text, random) {
    return random.pick([(t: string) => t.toUpperCase(), (t: string) => t.normalize('NFKD'), (t: string) => [...t].toReversed().join('')])(
      text,
    );
  },
];

/** A text after some mutations (变异), cut where it would pass what the engine reads. */
export function mutated(text: string, random: Random, texts: readonly string[]): string {
  let changed = text;
  for (let n = random.below(6); n > 0; n--) changed = random.pick(MUTATIONS)(changed, random, texts).slice(0, MOST_UNITS);
  return changed;
}
