/** Text as rules see it (归一化文本): every folded UTF-16 unit knows which original units it stands for. */
export interface Normalised {
  readonly folded: string;
  /** Folded index → first original UTF-16 offset. */
  readonly map: Int32Array;
  /** Folded index → original UTF-16 offset after the last unit it stands for. */
  readonly ends: Int32Array;
  /** Folded index → what was dropped just before it: {@link JOINED}, {@link SPACED} or {@link BRACKETED}. */
  readonly before: Uint8Array;
}

/** Nothing visible was dropped before the unit. */
export const JOINED = 0;
/** A space or decoration was dropped: words may join, a clause may also begin here. */
const SPACED = 1;
/** A bracket or quotation mark was dropped: as {@link SPACED}, and a negation does not reach across it. */
export const BRACKETED = 2;

const CLAUSE = '，';
const SENTENCE = '。';
const ALTERNATIVE = '、';

// Only characters that key terms use: a full table would rewrite names and brands that no rule asks about.
const TRADITIONAL =
  '僅仅優优歲岁戶户漢汉維维滿满東东廣广灣湾遼辽寧宁蘇苏陝陕貴贵雲云內内龍龙單单證证擔担繳缴納纳費费風风險险質质壓压務务' +
  '員员應应屆届畢毕業业無无須须謝谢絕绝擾扰獨独個个職职離离歡欢選选條条際际鄉乡農农會会國国種种膚肤對对請请發发錢钱間间' +
  '領领賠赔償偿還还馬马簽签錄录崗岗薪薪為为貫贯裝装別别婦妇親亲類类門门學学適适從从嚴严給给預预長长經经沒没過过';
// Signs used in place of the word.
const SIGNS = '♀女♂男🚺女🚹男👩女👨男👧女👦男';

const CLAUSE_MARKS = ',，;；﹐﹔';
const SENTENCE_MARKS = '。｡!！?？\n\r\u2028\u2029\u0085…';
const ALTERNATIVE_MARKS = '、､/／|｜\\＼﹨∕';
const COLONS = ':：︰﹕';
const BRACKETS = '()（）[]［］【】{}｛｝〔〕〖〗「」『』《》〈〉<>＜＞"“”\'‘’＂＇﹙﹚「」';
const DECORATION = ' \t\u00a0\u3000\u1680\u180e\u202f\u205f*＊·・•._＿-－—–―~～`^+＋=＝#＃&＆%@＠$￥¥°§¤†‡';

/** How one code point folds: text, nothing (`''`), or one of the marks below. */
type Kind = 'text' | 'drop' | 'decoration' | 'bracket' | 'alternative';
interface Fold {
  readonly kind: Kind;
  readonly text: string;
}

const DROP: Fold = { kind: 'drop', text: '' };
const BRACKET: Fold = { kind: 'bracket', text: '' };

const FIXED: ReadonlyMap<string, Fold> = fixedFolds();

function fixedFolds(): Map<string, Fold> {
  const folds = new Map<string, Fold>();
  const each = (chars: string, fold: (char: string) => Fold): void => {
    for (const char of chars) folds.set(char, fold(char));
  };
  for (const pairs of [TRADITIONAL, SIGNS]) {
    const chars = [...pairs];
    for (let i = 0; i + 1 < chars.length; i += 2) folds.set(chars[i] ?? '', { kind: 'text', text: chars[i + 1] ?? '' });
  }
  each(CLAUSE_MARKS, () => ({ kind: 'text', text: CLAUSE }));
  each(SENTENCE_MARKS, () => ({ kind: 'text', text: SENTENCE }));
  each(COLONS, () => ({ kind: 'text', text: '：' }));
  each(ALTERNATIVE_MARKS, () => ({ kind: 'alternative', text: ALTERNATIVE }));
  each(BRACKETS, () => BRACKET);
  each(DECORATION, (char) => ({ kind: 'decoration', text: /\s/u.test(char) ? ' ' : '.．'.includes(char) ? '.' : '-' }));
  return folds;
}

function foldCodePoint(code: number): Fold {
  if (code >= 0xd800 && code <= 0xdfff) return DROP;
  const char = String.fromCodePoint(code);
  const fixed = FIXED.get(char);
  if (fixed !== undefined) return fixed;
  if (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad ||
    (code >= 0x300 && code <= 0x36f) ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0xfe20 && code <= 0xfe2f) ||
    code === 0xfeff ||
    (code >= 0xfff0 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff) ||
    (code >= 0x1f3fb && code <= 0x1f3ff)
  )
    return DROP;
  // Circled and dotted list numbers begin a clause; as digits they would run into the figures beside them.
  if ((code >= 0x2460 && code <= 0x249b) || (code >= 0x24eb && code <= 0x24ff) || (code >= 0x2776 && code <= 0x2793)) {
    return { kind: 'text', text: CLAUSE };
  }
  const plain = char.normalize('NFKC').toLowerCase();
  if (plain !== char) {
    const again = FIXED.get(plain);
    if (again !== undefined) return again;
    // A circled or parenthesised form such as ㈠ expands to several units; marks inside it are not text.
    let text = '';
    for (const part of plain) {
      const fold = FIXED.get(part);
      if (fold === undefined) text += part;
      else if (fold.kind === 'text') text += fold.text;
    }
    return text === '' ? DROP : { kind: 'text', text };
  }
  // Arrows, boxes, dingbats and emoji decorate; they never carry a rule's word beyond the signs above.
  if (
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2030 && code <= 0x205e) ||
    (code >= 0x2190 && code <= 0x2bff) ||
    (code >= 0x3003 && code <= 0x303f && code !== 0x3005 && code !== 0x3007) ||
    (code >= 0x1f000 && code <= 0x1faff) ||
    (code >= 0xe000 && code <= 0xf8ff)
  ) {
    return { kind: 'decoration', text: '-' };
  }
  return { kind: 'text', text: char };
}

// Filled once from pure functions: one lookup a character where NFKC would cost more than the whole match.
const TABLE: readonly Fold[] = Array.from({ length: 0x10000 }, (_, code) => foldCodePoint(code));

/** The folded unit of a character that folds to one unit of text, else 0: the path nearly every character takes. */
const PLAIN: Uint16Array = Uint16Array.from(TABLE, ({ kind, text }) => (kind === 'text' && text.length === 1 ? text.charCodeAt(0) : 0));

function isWord(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
}

function isHan(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}

/** Whether a mark stands in a chain of single characters (`限/男/性`): there it decorates; a lone slash separates (男/女). */
function isChained(text: string, at: number): boolean {
  if (!isHan(text.charCodeAt(at - 1)) || !isHan(text.charCodeAt(at + 1))) return false;
  const mark = text.charCodeAt(at);
  return text.charCodeAt(at - 2) === mark || text.charCodeAt(at + 2) === mark;
}

/**
 * Folds text for matching (文本归一化): width, case and compatibility forms, a few traditional characters, no invisible
 * characters, no spaces or decoration except inside Latin words and numbers; clause marks become `，`, sentence ends
 * `。`, alternatives `、`, colons `：`.
 */
export function normalise(text: string): Normalised {
  const room = text.length + 16;
  let map = new Int32Array(room);
  let ends = new Int32Array(room);
  let before = new Uint8Array(room);
  let units = new Uint16Array(room);
  let size = 0;
  let dropped = JOINED;
  let mark = '';
  let markStart = 0;
  let markEnd = 0;

  const put = (unit: number, start: number, end: number): void => {
    if (size === units.length) {
      // Only a text full of expanding compatibility forms comes here.
      map = grown(map, new Int32Array(size * 2));
      ends = grown(ends, new Int32Array(size * 2));
      before = grown(before, new Uint8Array(size * 2));
      units = grown(units, new Uint16Array(size * 2));
    }
    units[size] = unit;
    map[size] = start;
    ends[size] = end;
    before[size] = dropped;
    dropped = JOINED;
    size++;
  };

  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    const plain = PLAIN[unit] ?? 0;
    if (plain !== 0 && mark === '') {
      put(plain, at, at + 1);
      at++;
      continue;
    }
    let fold = TABLE[unit] ?? DROP;
    let next = at + 1;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const code = text.codePointAt(at) ?? unit;
      if (code > 0xffff) {
        fold = foldCodePoint(code);
        next = at + 2;
      }
    }
    if (fold.kind === 'decoration' || (fold.kind === 'alternative' && unit !== 0x3001 && isChained(text, at))) {
      if (mark === '') markStart = at;
      // A full stop outranks a space: `1. 男` begins a clause.
      if (mark !== '.') mark = fold.kind === 'decoration' ? fold.text : '-';
      markEnd = next;
      // 限 男 性 is one word written apart: no clause begins inside it.
      if (dropped === JOINED && !isChained(text, at)) dropped = SPACED;
    } else if (fold.kind === 'bracket') {
      dropped = BRACKETED;
    } else if (fold.kind !== 'drop') {
      const first = fold.text.charCodeAt(0);
      if (mark !== '') {
        const last = size > 0 ? (units[size - 1] ?? 0) : 0;
        if (isWord(last) && dropped !== BRACKETED) {
          if (isWord(first)) put(mark.charCodeAt(0), markStart, markEnd);
          else if (mark === '.') put(0xff0c, markStart, markEnd);
        }
        mark = '';
      }
      for (let i = 0; i < fold.text.length; i++) put(fold.text.charCodeAt(i), at, next);
    }
    at = next;
  }
  return { folded: decode(units.subarray(0, size)), map, ends, before };
}

function grown<T extends Int32Array | Uint8Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function decode(units: Uint16Array): string {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
}
