import { PERSONAL_KINDS } from './kinds.ts';
import type { PersonalKind, Recognised } from './kinds.ts';
import { numbersIn } from './numbers.ts';

/** Letters, digits and signs of double width, and dashes, to their plain forms: one unit each, so places stay. */
const WIDE = /[\uFF01-\uFF5E\u3000\u2010-\u2015\u2212]/gu;
/** What nothing below can be without. */
const ANY = /[0-9\uFF10-\uFF19@\uFF20]|微信|wechat|weixin|[vw]x|v信|qq|扣扣|护照|passport/iu;

function folded(text: string): string {
  return text.replace(WIDE, (unit) => {
    const code = unit.charCodeAt(0);
    if (code === 0x3000) return ' ';
    return code >= 0xff01 ? String.fromCharCode(code - 0xfee0) : '-';
  });
}

const LOCAL = /[A-Za-z0-9._%+-]/u;
const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,18}(?![A-Za-z0-9-])/u;
const MOST_LOCAL = 64;
const MOST_DOMAIN = 255;

function emailsIn(text: string): readonly Recognised[] {
  const found: Recognised[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < MOST_LOCAL && LOCAL.test(text.charAt(start - 1))) start--;
    while (start < at && '.%+-_'.includes(text.charAt(start))) start++;
    const domain = DOMAIN.exec(text.slice(at + 1, at + 1 + MOST_DOMAIN))?.[0];
    if (start < at && domain !== undefined) found.push({ kind: 'email', start, end: at + 1 + domain.length });
  }
  return found;
}

/** A word that says what the next one is. */
interface Labelled {
  readonly kind: PersonalKind;
  readonly pattern: RegExp;
}

const BETWEEN = '[ ]{0,2}(?:添加|咨询|交流|联系)?(?:号码|号|id|no[.]?)?[ ]{0,2}[:：是为=]?[ ]{0,2}';
const LABELLED: readonly Labelled[] = [
  {
    kind: 'wechat',
    pattern: new RegExp(
      `(?:微[ ]?信(?![ ]?(?:公众|小程序|支付|群|端|平台))|v信)${BETWEEN}([a-z][a-z0-9_-]{5,19}|[1-9][0-9]{5,10})(?![a-z0-9_-])`,
      'giu',
    ),
  },
  {
    // A Latin label may be any word: what follows it has a digit, or a colon before it.
    kind: 'wechat',
    pattern:
      /(?<![a-z])(?:wechat|weixin|wx|vx)(?:[ ]{0,2}(?:号码?|id)?[ ]{0,2}[:：=][ ]{0,2}([a-z0-9][a-z0-9_-]{5,19})|(?:号码?|[ ])?(?=[a-z_-]{0,19}[0-9])([a-z0-9][a-z0-9_-]{5,19}))(?![a-z0-9_-])/giu,
  },
  { kind: 'qq', pattern: new RegExp(`(?:(?<![a-z])qq(?!群|[a-z])|扣扣)${BETWEEN}([1-9][0-9]{4,10})(?![0-9a-z])`, 'giu') },
  { kind: 'passport', pattern: new RegExp(`(?:护照|passport)${BETWEEN}([a-z][0-9]{8}|e[a-z][0-9]{7}|1[45][0-9]{7})(?![0-9a-z])`, 'giu') },
  // A number whose label touches it: no boundary shows where it begins.
  { kind: 'mobile', pattern: /(?:tel|phone|mobile|mob|手机|电话)[ ]{0,2}[:=]?[ ]{0,2}(1[3-9][0-9]{9})(?![0-9])/giu },
];

function labelledIn(text: string): readonly Recognised[] {
  const found: Recognised[] = [];
  for (const { kind, pattern } of LABELLED)
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? match[2] ?? '';
      const end = match.index + match[0].length;
      found.push({ kind, start: end - value.length, end });
    }
  return found;
}

/** A street with a number, or a building with a door. */
const STREET =
  /[\u4E00-\u9FFF]{1,12}(?:路|街|大道|道|巷|弄|胡同|里|村|镇|乡)[ ]?[0-9]{1,5}(?:[-之][0-9]{1,4})?[ ]?(?:号院|号楼|号(?!线)|弄)/gu;
const DOOR =
  /[\u4E00-\u9FFFA-Za-z0-9]{1,16}?(?:小区|花园|公寓|苑|新村|家园|号院|号楼|栋|幢|座|单元)[ ]?[0-9A-Za-z]{0,4}[ ]?(?:栋|幢|座|号楼|单元)?[ ]?[0-9]{1,5}[ ]?(?:室|房|户)/gu;

function addressesIn(text: string): readonly Recognised[] {
  const found: Recognised[] = [];
  for (const pattern of [STREET, DOOR])
    for (const match of text.matchAll(pattern)) found.push({ kind: 'address', start: match.index, end: match.index + match[0].length });
  return found;
}

/** What is surer comes first: of two readings of one place it stays. */
const ORDER: readonly PersonalKind[] = ['resident-id', 'bank-card', 'email', 'mobile', 'wechat', 'qq', 'passport', 'landline', 'address'];

/**
 * Personal information in a text, by its form (识别个人信息): identity numbers by their check digit, cards by Luhn, telephone
 * numbers by their plan, e-mail addresses, chat ids and passports by the word before them, street addresses by their shape. Names have
 * no form and are not found. Linear in the length of the text.
 * @returns in order, none overlapping another
 */
export function recognise(text: string): readonly Recognised[] {
  if (!ANY.test(text)) return [];
  const plain = folded(text);
  const all = [...numbersIn(plain), ...emailsIn(plain), ...labelledIn(plain), ...addressesIn(plain)];
  if (all.length === 0) return all;
  const sorted = all.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.end - b.start - (a.end - a.start));
  const kept: Recognised[] = [];
  const taken = new Set<number>();
  for (const one of sorted) {
    let isFree = true;
    for (let i = one.start; i < one.end && isFree; i++) isFree = !taken.has(i);
    if (!isFree) continue;
    for (let i = one.start; i < one.end; i++) taken.add(i);
    kept.push(one);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

/** The text with a name of the kind in the place of each piece found (脱敏): `〔手机号〕`. */
export function redact(text: string): string {
  const found = recognise(text);
  if (found.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { kind, start, end } of found) {
    result += `${text.slice(at, start)}〔${PERSONAL_KINDS[kind].zh}〕`;
    at = end;
  }
  return result + text.slice(at);
}
