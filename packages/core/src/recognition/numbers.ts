import { isResidentId } from '../kernel/identifiers.ts';
import type { PersonalKind, Recognised } from './kinds.ts';

/** Digits with single blanks or dashes between groups, as people write numbers, between what is no letter or digit. */
const RUN = /(?<![0-9A-Za-z_]|[0-9][.])[+]?[0-9](?:[ -]?[0-9]){6,31}[Xx]?(?![0-9A-Za-z_])/gu;
const PARENTHESISED = /[(](0[0-9]{2,3})[)][ -]?([2-9][0-9]{6,7})(?![0-9])/gu;
/** More groups than these are a table, not a number. */
const MOST_GROUPS = 5;

const MOBILE = /^(?:\+?86)?(1[3-9][0-9]{9})$/u;
const LANDLINE = /^(?:\+?86)?0(?:10|2[0-9])[2-9][0-9]{7}(?:[0-9]{1,4})?$|^(?:\+?86)?0[3-9][0-9]{2}[2-9][0-9]{6,7}(?:[0-9]{1,4})?$/u;
/** UnionPay; and of the others only the usual sixteen digits. */
const CARD = /^(?:62[0-9]{14,17}|(?:4[0-9]|5[1-5]|35)[0-9]{14})$/u;

/** Whether its holder is born yet is not asked: a clock may be wrong, a number is one all the same. */
const FOR_EVER = '9999-12-31';

/** ISO/IEC 7812-1 check digit (Luhn 校验). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, isDoubled = false; i >= 0; i--, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(i) - 48;
    const doubled = digit * 2;
    sum += isDoubled ? (doubled > 9 ? doubled - 9 : doubled) : digit;
  }
  return sum % 10 === 0;
}

/** An identity number of before 1999 (十五位): no check digit, so region and date must both be possible. */
function isOldResidentId(digits: string): boolean {
  if (digits.length !== 15) return false;
  // The same person's number of today has the century in it and a check digit that can be computed; only the form is asked.
  const [month, day] = [Number(digits.slice(8, 10)), Number(digits.slice(10, 12))];
  return /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])/u.test(digits) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function kindOf(text: string, groups: number): PersonalKind | undefined {
  if (isResidentId(text.toUpperCase(), FOR_EVER) || isOldResidentId(text)) return 'resident-id';
  if (MOBILE.test(text)) return 'mobile';
  if (CARD.test(text) && isLuhn(text)) return 'bank-card';
  // Without a dash a longer number that happens to begin with a zero is no telephone.
  if (LANDLINE.test(text) && (groups > 1 || text.length <= 12)) return 'landline';
  return undefined;
}

interface Group {
  readonly start: number;
  readonly end: number;
}

function groupsOf(run: string, at: number): readonly Group[] {
  const groups: Group[] = [];
  for (const match of run.matchAll(/[^ -]+/gu)) groups.push({ start: at + match.index, end: at + match.index + match[0].length });
  return groups;
}

/** Numbers with a form of their own: identity, telephone, card. The longest reading of neighbouring groups counts. */
export function numbersIn(text: string): readonly Recognised[] {
  const found: Recognised[] = [];
  for (const match of text.matchAll(RUN)) {
    const groups = groupsOf(match[0], match.index);
    for (let first = 0; first < groups.length;) {
      let next = first + 1;
      const from = groups[first]?.start ?? 0;
      for (let count = Math.min(MOST_GROUPS, groups.length - first); count > 0; count--) {
        const last = groups[first + count - 1];
        if (last === undefined) continue;
        const kind = kindOf(text.slice(from, last.end).replace(/[ -]/gu, ''), count);
        if (kind === undefined) continue;
        found.push({ kind, start: from, end: last.end });
        next = first + count;
        break;
      }
      first = next;
    }
  }
  for (const match of text.matchAll(PARENTHESISED))
    found.push({ kind: 'landline', start: match.index, end: match.index + match[0].length });
  return found;
}
