/** How characters fold for matching (归一化字表): built once from the lists below, the same on every machine. */
import { TRADITIONAL } from './traditional.ts';

/** What a code unit is when it does not fold to one unit of text. */
export const DROPPED = 1;
export const BRACKET = 2;
export const SLASH = 3;
/** Folds to text of several units; in {@link Fold} to text of any length. */
const LONGER = 4;
export const SURROGATE = 5;
/** Dropped, except between Latin words and numbers, where it stays as a space, a dash or a point. */
export const SPACE = 6;
const DASH = 7;
export const POINT = 8;
/** Ends a line, except between characters that each stand by themselves. */
export const LINE = 9;
/** A digit in a ring: the number of an item alone, a digit beside another. */
export const RING = 10;

export const CLAUSE = '，';
export const SENTENCE = '。';
export const ALTERNATIVE = '、';

// Radicals that stand for the whole character and have no compatibility form of their own, unlike the Kangxi block.
const RADICALS =
  '⺟母⺠民⺝月⺼月⻁虎⻄西⻅见⻆角⻉贝⻋车⻒长⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⺩王⺷羊⺻聿';
// Letters of other alphabets that cannot be told from Latin ones; text in those alphabets is no posting for here.
const LOOK_ALIKES = 'аaсcеeіiјjоoрpѕsхxуyһhԁdԛqԝwӏlАaВbСcЕeНhІiЈjКkМmОoРpЅsТtХxУyԚqԜwΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxοoıiɑaɡgℓl';
// Signs used in place of the word.
const SIGNS = '♀女♂男🚺女🚹男👩女👨男👧女👦男';

const CLAUSE_MARKS = ',，;；﹐﹔';
const SENTENCE_MARKS = '。｡!！?？\r\u2028\u2029\u0085…';
const RINGED = '⓪①②③④⑤⑥⑦⑧⑨⓿❶❷❸❹❺❻❼❽❾🄋➀➁➂➃➄➅➆➇➈';
const ALTERNATIVE_MARKS = '、､';
const SLASHES = '/／|｜\\＼﹨∕';
const COLONS = ':：︰﹕';
const BRACKETS = '()（）[]［］【】{}｛｝〔〕〖〗「」『』《》〈〉<>＜＞"“”\'‘’＂＇﹙﹚「」';
const SPACES = ' \t\u00a0\u3000\u1680\u180e\u202f\u205f';
const ORNAMENTS = '*＊·・•_＿-－—–―~～`^+＋=＝#＃&＆%@＠$￥¥°§¤†‡';

/** Blocks that hold compatibility forms: asking each of 65,536 units for its form would cost the start-up. */
const COMPATIBLE: readonly (readonly [number, number])[] = [
  [0xa0, 0x17f],
  [0x1c4, 0x1f3],
  [0x2b0, 0x2ff],
  [0x370, 0x3ff],
  [0x1d2c, 0x1dbf],
  [0x1e00, 0x1fff],
  [0x2000, 0x218f],
  [0x2460, 0x24ff],
  [0x2e80, 0x2fdf],
  [0x3000, 0x303f],
  [0x3130, 0x33ff],
  [0xa69c, 0xa7ff],
  [0xf900, 0xffef],
  [0x1d400, 0x1d7ff],
  [0x1f100, 0x1f1ff],
  [0x2f800, 0x2fa1f],
];
const CASED: readonly (readonly [number, number])[] = [
  [0x41, 0x5a],
  [0xc0, 0x24f],
  [0x370, 0x58f],
  [0x10a0, 0x10ff],
];
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xfff0, 0xfffb],
  [0x1f3fb, 0x1f3ff],
  [0xe0000, 0xe0fff],
];
// Circled and dotted list numbers begin a clause; as digits they would run into the figures beside them.
const NUMBERED: readonly (readonly [number, number])[] = [
  [0x2460, 0x249b],
  [0x24eb, 0x24ff],
  [0x2776, 0x2793],
];
// Arrows, boxes, dingbats and emoji decorate; they never carry a rule's word beyond the signs above.
const ORNAMENTAL: readonly (readonly [number, number])[] = [
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2190, 0x2bff],
  [0x3003, 0x3004],
  [0x3006, 0x3006],
  [0x3008, 0x303f],
  [0xe000, 0xf8ff],
  [0x1f000, 0x1faff],
];

function within(code: number, ranges: readonly (readonly [number, number])[]): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true;
  return false;
}

/** How one code point folds: to `text`, or to nothing in the way `kind` says. */
export interface Fold {
  readonly kind: number;
  readonly text: string;
}

const DROP: Fold = { kind: DROPPED, text: '' };

const FIXED: ReadonlyMap<string, Fold> = fixedFolds();

function fixedFolds(): Map<string, Fold> {
  const folds = new Map<string, Fold>();
  const each = (chars: string, kind: number, text: (char: string) => string): void => {
    for (const char of chars) folds.set(char, { kind, text: text(char) });
  };
  for (const pairs of [TRADITIONAL, SIGNS, RADICALS, LOOK_ALIKES]) {
    const chars = [...pairs];
    for (let i = 0; i + 1 < chars.length; i += 2) folds.set(chars[i] ?? '', { kind: LONGER, text: chars[i + 1] ?? '' });
  }
  each('\n', LINE, () => SENTENCE);
  Array.from(RINGED).forEach((char, i) => folds.set(char, { kind: RING, text: String(i % 10) }));
  each(CLAUSE_MARKS, LONGER, () => CLAUSE);
  each(SENTENCE_MARKS, LONGER, () => SENTENCE);
  each(COLONS, LONGER, () => '：');
  each(ALTERNATIVE_MARKS, LONGER, () => ALTERNATIVE);
  each(SLASHES, SLASH, () => ALTERNATIVE);
  each(BRACKETS, BRACKET, () => '');
  each(SPACES, SPACE, () => '');
  each(ORNAMENTS, DASH, () => '');
  each('.．', POINT, () => '');
  return folds;
}

/** The fold of one code point. */
export function foldOf(code: number): Fold {
  if (code >= 0xd800 && code <= 0xdfff) return DROP;
  const char = String.fromCodePoint(code);
  const fixed = FIXED.get(char);
  if (fixed !== undefined) return fixed;
  if (within(code, INVISIBLE)) return DROP;
  if (within(code, NUMBERED)) return { kind: LONGER, text: CLAUSE };
  let plain = within(code, COMPATIBLE) ? char.normalize('NFKC') : char;
  if (plain !== char || within(code, CASED)) plain = plain.toLowerCase();
  if (plain !== char) {
    const again = FIXED.get(plain);
    if (again !== undefined) return again;
    // A circled or parenthesised form such as ㈠ expands to several units; marks inside it are not text.
    let text = '';
    for (const part of plain) {
      const fold = FIXED.get(part);
      if (fold === undefined) text += part;
      else if (fold.kind === LONGER) text += fold.text;
    }
    return text === '' ? DROP : { kind: LONGER, text };
  }
  return within(code, ORNAMENTAL) ? { kind: DASH, text: '' } : { kind: LONGER, text: char };
}

/** The folded unit of a unit that folds to one unit of text, else 0: the path nearly every character takes. */
export const PLAIN: Uint16Array = new Uint16Array(0x10000);
/** What a unit is when it does not fold to one unit. */
export const KINDS: Uint8Array = new Uint8Array(0x10000);
/** The text of a unit that folds to several. */
export const LONGER_TEXTS: ReadonlyMap<number, string> = fill();

function fill(): Map<number, string> {
  const longer = new Map<number, string>();
  // Ideographs and Hangul fold to themselves but for the few in the lists.
  for (let unit = 0x3400; unit < 0xd800; unit++) PLAIN[unit] = unit;
  const put = (unit: number): void => {
    const { kind, text } = foldOf(unit);
    const one = kind === LONGER && text.length === 1;
    PLAIN[unit] = one ? text.charCodeAt(0) : 0;
    KINDS[unit] = one ? 0 : kind;
    if (!one && text !== '') longer.set(unit, text);
  };
  for (let unit = 0; unit < 0x3400; unit++) put(unit);
  for (let unit = 0xa69c; unit <= 0xa7ff; unit++) put(unit);
  for (let unit = 0xe000; unit <= 0xffff; unit++) put(unit);
  for (const char of FIXED.keys()) if (char.length === 1) put(char.charCodeAt(0));
  for (let unit = 0xd800; unit <= 0xdfff; unit++) KINDS[unit] = SURROGATE;
  return longer;
}
