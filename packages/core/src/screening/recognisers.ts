import {
  AFTER_NUMBER,
  CHAT_ENDINGS,
  CHAT_LETTERS,
  DOMAIN_ENDS,
  LINK_ENDINGS,
  MAIL_ENDINGS,
  NUMBER_LETTERS,
  PERSON_ENDINGS,
  PHONE_ENDINGS,
} from './contact-words.ts';
import type { Endings } from './contact-words.ts';
import { AT_SIGN, endOf, JOINED, startOf } from './shape.ts';
import type { Shape } from './shape.ts';

/** Contact details found by their shape, not by a word (联系方式识别). */
export type RecogniserKind = 'phone' | 'email' | 'chat';

/** Told of each contact detail by its place in the folded text. @returns whether more are wanted */
export type Recognised = (kind: RecogniserKind, start: number, end: number) => boolean;

const DASH = 0x2d;
const DOT = 0x2e;
const SPACE = 0x20;
const COLON = 0xff1a;
const ALTERNATIVE = 0x3001;
const ZERO = 0x30;
const ONE = 0x31;
const THREE = 0x33;

/** How numbers are grouped when written apart: lengths of the groups, one after another. */
const MOBILE_GROUPS: ReadonlySet<string> = new Set(['11', '3,4,4', '3,8', '7,4', '4,4,3', '3,5,3', '3,3,5']);
const LANDLINE_GROUPS: ReadonlySet<string> = new Set(['3,8', '4,7', '4,8', '3,7', '3,4,4', '4,4,4', '4,3,4', '4,4,3', '3,3,4']);
/** A number after a word for one: local numbers in two pieces, and service numbers (400-820-0000). */
const SPOKEN_OF_GROUPS: ReadonlySet<string> = new Set(['4,4', '3,4', '10', '3,3,4', '3,4,3', '3,7', '4,3,3']);
const MOBILE_DIGITS = 11;
const MOST_DIGITS = 12;
const LEAST_LOCAL_DIGITS = 7;

const LOOK_BACK = 16;
const LEAST_NAME = 2;
const LEAST_QQ = 5;
const MOST_QQ = 12;
const LEAST_ACCOUNT = 6;
const MOST_ACCOUNT = 20;
/** After these a run of digits is an amount, not a number to call. */
const UNITS = '元万亿块名个套台件平米岁份年';
const CHINESE_DIGITS = '零〇一二三四五六七八九幺';
const MOST_NAME_PARTS = 5;

/**
 * Finds telephone numbers, e-mail addresses and chat accounts in one pass. Every look back or ahead is bounded, so the
 * time grows with the text alone.
 * @param text the original: the fold writes @ like any other mark.
 * @param shape with its units filled
 * @param from where to look: only words that begin before `to` are read, with whatever stands around them
 */
export function recognise(shape: Shape, text: string, found: Recognised, from = 0, to: number = shape.size): void {
  const { units, hasAt, before } = shape;
  let first = from;
  // Never from the middle of a word or a number on.
  while (first > 0 && before[first] === JOINED && isPart(units[first]) && isPart(units[first - 1])) first--;
  for (let at = first; at < to;) {
    const unit = units[at] as number;
    // Nearly every character of a Chinese text leaves here.
    if (unit > 0x7a && unit !== 0x4e00 && unit !== 0x5e7a) {
      at++;
      continue;
    }
    if (!isWord(unit)) {
      const end = unit === 0x4e00 || unit === 0x5e7a ? spokenEnd(shape, at) : -1;
      if (end > 0 && !found('phone', at, end)) return;
      at = end > 0 ? end : at + 1;
      continue;
    }
    const end = wordEnd(shape, at);
    const letters = lettersEnd(shape, at, end);
    let stop = hasAt ? emailEnd(shape, end) : -1;
    if (stop < 0) stop = disguisedEmailEnd(shape, text, at, end);
    let isWanted = true;
    if (stop > 0) isWanted = found('email', at, stop);
    else {
      stop = letters === at ? phoneEnd(shape, at, end) : letteredEnd(shape, at, letters, end);
      if (stop > 0) isWanted = found('phone', stop - letters === MOBILE_DIGITS - 1 ? at : letters, stop);
      else {
        stop = chatEnd(shape, at, letters, end);
        if (stop > 0) isWanted = found('chat', at, stop);
      }
    }
    if (!isWanted) return;
    at = stop > 0 ? stop : end;
  }
}

function isPart(unit: number | undefined): boolean {
  return isWord(unit) || (unit !== undefined && CHINESE_DIGITS.includes(String.fromCharCode(unit)));
}

function isDigit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= ZERO && unit <= 0x39;
}

function isWord(unit: number | undefined): boolean {
  return unit !== undefined && (isDigit(unit) || (unit >= 0x61 && unit <= 0x7a));
}

/** The end of the letters and digits from `at` on, with nothing dropped inside. */
function wordEnd({ size, units, before }: Shape, at: number): number {
  let end = at + 1;
  while (end < size && isWord(units[end]) && before[end] === JOINED) end++;
  return end;
}

function lettersEnd({ units }: Shape, at: number, end: number): number {
  let stop = at;
  while (stop < end && !isDigit(units[stop])) stop++;
  return stop;
}

function digitsEnd({ units }: Shape, from: number, to: number): number {
  let stop = from;
  while (stop < to && isDigit(units[stop])) stop++;
  return stop;
}

function allDigits({ units }: Shape, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(units[at])) return false;
  return true;
}

/** The end of an address whose first word ends at `end`: a name of a few parts, an @, a domain with a dot in it. */
function emailEnd(shape: Shape, end: number): number {
  let nameEnd = end;
  for (let part = 0; shape.units[nameEnd] !== AT_SIGN; part++) {
    const mark = shape.units[nameEnd];
    if (part === MOST_NAME_PARTS || (mark !== DASH && mark !== DOT) || !isWord(shape.units[nameEnd + 1])) return -1;
    nameEnd = wordEnd(shape, nameEnd + 1);
  }
  if (!isWord(shape.units[nameEnd + 1])) return -1;
  let stop = -1;
  let last = wordEnd(shape, nameEnd + 1);
  for (let part = 0; part < MOST_NAME_PARTS; part++) {
    const mark = shape.units[last];
    if ((mark !== DOT && mark !== DASH) || !isWord(shape.units[last + 1])) break;
    const next = wordEnd(shape, last + 1);
    const letters = lettersEnd(shape, last + 1, next) - last - 1;
    if (mark === DOT && letters === next - last - 1 && letters >= 2) stop = next;
    last = next;
  }
  return stop;
}

/** The end of an address written with `#`, `(at)`, ` at ` or 艾特 for its @. */
function disguisedEmailEnd(shape: Shape, text: string, at: number, first: number): number {
  const { units, before } = shape;
  let end = first;
  for (let part = 0; part < MOST_NAME_PARTS && units[end] === DOT && isWord(units[end + 1]); part++) end = wordEnd(shape, end + 1);
  let hasDigit = false;
  for (let i = at; i < end; i++) hasDigit ||= isDigit(units[i]);
  let domain = -1;
  if (units[end] === DASH || (units[end] === SPACE && !startsWith(shape, ' at ', end))) {
    const mark = text.slice(startOf(shape, end), endOf(shape, end));
    if ((mark.includes('#') || mark.includes('＃')) && end - at >= LEAST_NAME) domain = end + 1;
  } else if (startsWith(shape, '艾特', end)) domain = end + 2;
  else if (startsWith(shape, 'at', end) && before[end] !== JOINED && before[end + 2] !== JOINED) domain = end + 2;
  // Look at vb.net: between spaces it takes a name that is no word, or a word for mail.
  else if (startsWith(shape, ' at ', end) && (hasDigit || wordBefore(shape, at, MAIL_ENDINGS) !== '')) domain = end + 4;
  if (domain < 0 || !isWord(units[domain])) return -1;
  let last = wordEnd(shape, domain);
  for (let part = 0; part < MOST_NAME_PARTS && (units[last] === DOT || startsWith(shape, '点', last)); part++) {
    const next = wordEnd(shape, last + 1);
    if (next === last + 1 || !isWord(units[last + 1])) return -1;
    const tail = DOMAIN_ENDS.find((word) => word.length === next - last - 1 && startsWith(shape, word, last + 1));
    // C#, F# and their .NET are languages.
    if (tail !== undefined && (tail !== 'net' || hasDigit)) return next;
    last = next;
  }
  return -1;
}

/** The end of a telephone number whose first group begins at `at`. */
function phoneEnd(shape: Shape, at: number, end: number): number {
  const { units, before } = shape;
  if (units[at - 1] === DOT && before[at] === JOINED && isDigit(units[at - 2])) return -1;
  if (!allDigits(shape, at, end)) {
    const stop = at + MOBILE_DIGITS;
    const isMobile = units[at] === ONE && (units[at + 1] as number) >= THREE && stop < end && allDigits(shape, at, stop);
    return isMobile && AFTER_NUMBER.some((word) => startsWith(shape, word, stop)) ? stop : -1;
  }
  const isZero = units[at] === ZERO && units[at + 1] !== ZERO;
  const isMobile = units[at] === ONE && (end - at === 1 || ((units[at + 1] as number) >= THREE && isDigit(units[at + 1])));
  if (end - at === 13 && units[at] === 0x38 && units[at + 1] === 0x36 && units[at + 2] === ONE) return end;
  if (isNumberAlone(end - at, isZero) && !isCounted(shape, end) && wordBefore(shape, at, PHONE_ENDINGS) !== '') return end;
  const isService = !isZero && !isMobile && (startsWith(shape, '400-', at) || wordBefore(shape, at, PHONE_ENDINGS) !== '');
  if (!isZero && !isMobile && !isService) return -1;
  let groups = String(end - at);
  let digits = end - at;
  let singles = end - at === 1;
  for (let stop = end; ;) {
    if (isMobile && digits === MOBILE_DIGITS && (MOBILE_GROUPS.has(groups) || singles)) return isCounted(shape, stop) ? -1 : stop;
    if (isZero && LANDLINE_GROUPS.has(groups)) return isCounted(shape, stop) ? -1 : stop;
    if (isService && SPOKEN_OF_GROUPS.has(groups)) return isCounted(shape, stop) ? -1 : stop;
    if (digits >= MOST_DIGITS) return -1;
    const isApart = stop < shape.size && before[stop] !== JOINED && isDigit(units[stop]);
    const start = isApart ? stop : stop + 1;
    const isDotted = isMobile && stop - at >= 3 && (units[stop] === DOT || units[stop] === ALTERNATIVE);
    if (!isApart && units[stop] !== DASH && units[stop] !== SPACE && !isDotted) return -1;
    if (!isDigit(units[start])) return -1;
    stop = wordEnd(shape, start);
    // 0571-87654321Email: what follows without a space is not the number's.
    if (!allDigits(shape, start, stop)) stop = isZero ? digitsEnd(shape, start, stop) : -1;
    if (stop < 0) return -1;
    singles &&= stop - start === 1 && !isApart;
    digits += stop - start;
    groups += `,${stop - start}`;
  }
}

/** Whether so many digits in one piece can be a landline; without its area code it needs a word before it. */
function isNumberAlone(length: number, isZero: boolean): boolean {
  return length === LEAST_LOCAL_DIGITS || length === LEAST_LOCAL_DIGITS + 1 || (isZero && length >= 10 && length <= MOST_DIGITS);
}

/** `tel13800000000`: letters and number in one word. */
function letteredEnd(shape: Shape, at: number, letters: number, end: number): number {
  // l38… and Ⅰ38…: a letter in the place of the one.
  const isOne = letters === at + 1 && (shape.units[at] === 0x6c || shape.units[at] === 0x69);
  if (isOne && end - at === MOBILE_DIGITS && (shape.units[letters] as number) >= THREE && allDigits(shape, letters, end)) return end;
  const isMobile = end - letters === MOBILE_DIGITS && shape.units[letters] === ONE && (shape.units[letters + 1] as number) >= THREE;
  return isMobile && allDigits(shape, letters, end) && isOneOf(shape, at, letters, NUMBER_LETTERS) ? end : -1;
}

/** One to nine in characters, eleven of them: 一三八…. */
function spokenEnd({ size, units }: Shape, at: number): number {
  let end = at;
  while (end < size && end - at <= MOBILE_DIGITS && CHINESE_DIGITS.includes(String.fromCharCode(units[end] as number))) end++;
  return end - at === MOBILE_DIGITS && '三四五六七八九'.includes(String.fromCharCode(units[at + 1] as number)) ? end : -1;
}

/** The end of a chat account: `qq100000000`, `微信：abc_123`. */
function chatEnd(shape: Shape, at: number, letters: number, end: number): number {
  const { units } = shape;
  if (units[at - 1] === DOT || units[at - 1] === AT_SIGN) return -1;
  if (end - letters >= 4 && letters > at && allDigits(shape, letters, end) && isOneOf(shape, at, letters, CHAT_LETTERS)) return end;
  if (end - letters >= LEAST_LOCAL_DIGITS && letters === at + 1 && units[at] === 0x71 && allDigits(shape, letters, end)) return end;
  // An account may have hyphens and underscores inside, which the fold writes alike.
  let stop = end;
  for (let part = 0; part < MOST_NAME_PARTS && units[stop] === DASH && isWord(units[stop + 1]); part++) stop = wordEnd(shape, stop + 1);
  const length = stop - at;
  if (length < LEAST_QQ || length > MOST_ACCOUNT || units[stop] === AT_SIGN) return -1;
  let digits = 0;
  let marks = 0;
  for (let i = at; i < stop; i++) {
    if (isDigit(units[i])) digits++;
    else if (units[i] === DASH) marks++;
  }
  const isNumber = digits + marks === length;
  if (isNumber ? marks > 0 || length > MOST_QQ || isCounted(shape, stop) : length < LEAST_ACCOUNT) return -1;
  // A plain word is an account only right behind a colon or 号: 微信android is a trade, not an address.
  const isIntroduced = units[at - 1] === COLON || units[at - 1] === 0x53f7;
  if (digits < 2 && (!isIntroduced || units[stop] === SPACE)) return -1;
  const word = wordBefore(shape, at, CHAT_ENDINGS);
  // One letter is too little without a colon: a list of versions also has v and a number.
  return word === '' || (word.length === 1 && !isIntroduced) ? -1 : stop;
}

/** Whether a unit follows directly: an amount. */
function isCounted({ size, units, before }: Shape, at: number): boolean {
  return at < size && before[at] === JOINED && UNITS.includes(String.fromCharCode(units[at] as number));
}

function isOneOf(shape: Shape, from: number, to: number, words: readonly string[]): boolean {
  return words.some((word) => word.length === to - from && endsWith(shape, word, to));
}

function startsWith({ units, size }: Shape, word: string, at: number): boolean {
  if (at + word.length > size) return false;
  for (let i = 0; i < word.length; i++) if (units[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

function endsWith({ units }: Shape, word: string, end: number): boolean {
  const start = end - word.length;
  if (start < 0) return false;
  for (let i = word.length - 1; i >= 0; i--) if (units[start + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** The one of `words` that stands before `at` with nothing but {@link LINKS} between, else `''`. */
function wordBefore(shape: Shape, at: number, words: Endings): string {
  const floor = Math.max(0, at - LOOK_BACK);
  for (let end = at; end > floor;) {
    const last = shape.units[end - 1] as number;
    const word = words
      .get(last)
      ?.find((one) => endsWith(shape, one, end) && (!isWord(one.charCodeAt(0)) || !isWord(shape.units[end - one.length - 1])));
    if (word !== undefined) return word;
    const link = LINK_ENDINGS.get(last)?.find((one) => endsWith(shape, one, end));
    const person = link === undefined ? PERSON_ENDINGS.get(last)?.find((one) => endsWith(shape, one, end)) : undefined;
    if (link === undefined && person === undefined) return '';
    end -= link?.length ?? (person?.length ?? 0) + 1;
  }
  return '';
}
