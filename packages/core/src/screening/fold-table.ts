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
export const DASH = 7;
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
  // By index: to take pairs apart costs ten times as much until the code is warm, and at start-up it never is.
  for (const range of ranges) if (code >= range[0] && code <= range[1]) return true;
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

/** The fold of a character by its compatibility or small form, which is another than itself. */
function foldOfForm(form: string): Fold {
  const fixed = FIXED.get(form);
  if (fixed !== undefined) return fixed;
  if (form.length === 1) return { kind: LONGER, text: form };
  // A circled or parenthesised form such as ㈠ expands to several units; marks inside it are not text.
  let text = '';
  for (const part of form) {
    const fold = FIXED.get(part);
    if (fold === undefined) text += part;
    else if (fold.kind === LONGER) text += fold.text;
  }
  return text === '' ? DROP : { kind: LONGER, text };
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
  if (plain !== char) return foldOfForm(plain);
  return within(code, ORNAMENTAL) ? { kind: DASH, text: '' } : { kind: LONGER, text: char };
}

/** Stands between units whose forms are asked for in one go: it composes with none, and no form has it. */
const APART = '\n';
const APART_UNIT = 0x0a;

/** Tells of the units in the ranges whose form is another than themselves: asked a range at a time, since a call a unit would cost the start-up. */
function eachChanged(
  ranges: readonly (readonly [number, number])[],
  formOf: (text: string) => string,
  tell: (unit: number, form: string) => void,
): void {
  for (const [from, to] of ranges) {
    if (from > 0xffff) continue;
    let text = '';
    for (let unit = from; unit <= to; unit++) text += String.fromCharCode(unit) + APART;
    const forms = formOf(text);
    let at = 0;
    for (let unit = from; unit <= to; unit++) {
      if (forms.charCodeAt(at) === unit && forms.charCodeAt(at + 1) === APART_UNIT) {
        at += 2;
        continue;
      }
      const end = forms.indexOf(APART, at);
      tell(unit, forms.slice(at, end));
      at = end + 1;
    }
  }
}

/** The folded unit of a unit that folds to one unit of text, else 0: the path nearly every character takes. */
export const PLAIN: Uint16Array = new Uint16Array(0x10000);
/** What a unit is when it does not fold to one unit. */
export const KINDS: Uint8Array = new Uint8Array(0x10000);
/** The text of a unit that folds to several. */
export const LONGER_TEXTS: ReadonlyMap<number, string> = fill();

function fill(): Map<number, string> {
  const longer = new Map<number, string>();
  const put = (unit: number, { kind, text }: Fold): void => {
    const one = kind === LONGER && text.length === 1;
    PLAIN[unit] = one ? text.charCodeAt(0) : 0;
    KINDS[unit] = one ? 0 : kind;
    if (!one && text !== '') longer.set(unit, text);
  };
  const putAll = (ranges: readonly (readonly [number, number])[], plain: number, kind: number): void => {
    for (const [from, to] of ranges) {
      PLAIN.fill(plain, from, to + 1);
      KINDS.fill(kind, from, to + 1);
    }
  };
  const clause = CLAUSE.charCodeAt(0);
  // Nearly every unit folds to itself or as its whole range does; what goes before stands below, as in `foldOf`.
  for (let unit = 0; unit < 0x10000; unit++) PLAIN[unit] = unit;
  putAll(ORNAMENTAL, 0, DASH);
  putAll(NUMBERED, clause, 0);
  putAll(INVISIBLE, 0, DROPPED);
  const putForm = (unit: number, form: string): void => {
    if (KINDS[unit] !== DROPPED && PLAIN[unit] !== clause) put(unit, foldOfForm(form.toLowerCase()));
  };
  eachChanged(CASED, (text) => text.toLowerCase(), putForm);
  eachChanged(COMPATIBLE, (text) => text.normalize('NFKC'), putForm);
  for (const [char, fold] of FIXED) if (char.length === 1) put(char.charCodeAt(0), fold);
  putAll([[0xd800, 0xdfff]], 0, SURROGATE);
  return longer;
}
