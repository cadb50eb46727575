import { find } from './automaton.ts';
import type { AutomatonTables } from './automaton.ts';
import { isCleared } from './clears.ts';
import type { Clears } from './clears.ts';
import { CHAT_WORDS, DOMAIN_ENDS, PHONE_WORDS } from './contact-words.ts';
import { createFolding } from './folding.ts';
import { fold } from './normalise.ts';
import { merged, paired } from './pairs.ts';
import type { Span } from './pairs.ts';
import { createPlan, isPassed, MASK, MASK_BITS } from './plan.ts';
import type { Matcher, Note, Plan } from './plan.ts';
import { BRACKETED, createShape, endOf, fillUnits, startOf } from './shape.ts';
import { recognise } from './recognisers.ts';
import type { RecogniserKind } from './recognisers.ts';
import {
  classOfDigit,
  DIGIT,
  DIGIT_CLASSES,
  EDGE,
  isDigitClass,
  isThreeToNine,
  LETTER,
  ONES,
  POINT,
  flagsOf,
  matchBackward,
  matchForward,
} from './steps.ts';
import type { Subject } from './steps.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Hits of one matcher in a text, as original offsets. */
export interface Standing {
  readonly matcher: number;
  readonly spans: readonly Span[];
}

/** Finds what a set of matchers describes; reads texts one at a time, into room it keeps. */
export interface Scanner {
  /**
   * The hits that stand in a text; rules whose noted words occur are added to `noted`.
   * @param label what the name of the field says: read before the text, no part of it
   * @param there when given, matchers about lacks that have what they ask for are added to it, until all have
   */
  readonly scan: (field: string, label: string, text: string, noted: Set<number>, there?: Set<number>) => readonly Standing[];
  /** Whether the last scan gave up on the text: too many hits, or too much work for its length. */
  readonly isTruncated: () => boolean;
}

const MOST_HITS = 256;
/** Units there is room for at first: most texts are shorter. */
const FIRST_ROOM = 4096;
/** Work allowed for a text: ordinary text needs a twentieth of it. */
const BUDGET = 20_000;
const BUDGET_A_UNIT = 16;
const NONE_STANDING: readonly Standing[] = [];

/** Room for texts in one vocabulary. */
function createSubject(vocabulary: Vocabulary, words: AutomatonTables): Subject {
  return {
    shape: createShape(createFolding(vocabulary.alphabet), FIRST_ROOM, words),
    flags: flagsOf(vocabulary.alphabet),
    tries: vocabulary.tries,
    budget: 0,
  };
}

/** Spans without the label read before the text. */
function within(standing: readonly Standing[]): readonly Standing[] {
  return standing.flatMap(({ matcher, spans }) => {
    const own = spans.filter(({ end }) => end > 0).map(({ start, end }) => ({ start: Math.max(0, start), end }));
    return own.length === 0 ? [] : [{ matcher, spans: own }];
  });
}

/** Words behind which a telephone number or an account may follow, besides those the recognisers ask for. */
const INTRODUCTIONS = ['邮箱', 'email', '发至', '简历', '投递', '加微', '微信', 'vwx', '钉钉号', '飞书：', 'v：', 'q：', 'v ', 'q '];
/** A letter and the digit after it, as in an account (q10000000) or in a number whose 1 is written as a letter (l3800000000). */
const LETTERED: readonly string[] = ['q', 'l', 'i'].flatMap((letter) => Array.from({ length: 9 }, (_, i) => `${letter}${i + 1}`));
/** Ends of an address that somebody writes without its @. */
const DOMAINS: readonly string[] = DOMAIN_ENDS.flatMap((end) => [`.${end}`, `点${end}`]);
/** Words by which a text is read for contact details. */
export const CHAT_TRIGGERS: readonly string[] = [
  ...new Set([...INTRODUCTIONS, ...PHONE_WORDS, ...CHAT_WORDS.filter((word) => word.length > 1 || word > 'z'), ...LETTERED, ...DOMAINS]),
];
const LEAST_ACCOUNT = 4;
const ACCOUNT_REACH = 24;
/** How far before a domain its address may begin, and how far around a number what belongs to it. */
const ADDRESS_REACH = 48;
const NUMBER_REACH = 24;
/** What is read around a window: longer than any account or number. */
const MARGIN = 128;
const MOST_WINDOWS = 16;
const MOST_APART = 2;

/** Whether letters or digits enough for an account follow soon. */
function accountFollows({ shape, flags }: Subject, from: number): boolean {
  const { classes, size } = shape;
  let run = 0;
  for (let at = from; at < Math.min(size, from + ACCOUNT_REACH); at++) {
    run = ((flags[classes[at] as number] as number) & (DIGIT | LETTER)) === 0 ? 0 : run + 1;
    if (run === LEAST_ACCOUNT) return true;
  }
  return false;
}

/** Notes a stretch to look at; one that touches another makes it longer. With too many of them it is the whole text. */
function open(scan: Scan, from: number, to: number): void {
  const { windows, windowCount } = scan;
  const start = Math.max(0, from);
  const end = Math.min(scan.subject.shape.size, to);
  for (let i = 0; i < windowCount * 2; i += 2) {
    if (start > (windows[i + 1] as number) || end < (windows[i] as number)) continue;
    windows[i] = Math.min(start, windows[i] as number);
    windows[i + 1] = Math.max(end, windows[i + 1] as number);
    return;
  }
  if (windowCount === MOST_WINDOWS) {
    scan.windowCount = 1;
    windows[0] = 0;
    windows[1] = scan.subject.shape.size;
    return;
  }
  windows[windowCount * 2] = start;
  windows[windowCount * 2 + 1] = end;
  scan.windowCount++;
}

/** Opens the places where digits stand close enough together to be a telephone number: a look that saves reading most texts for one. */
function findNumbers(scan: Scan): void {
  const { classes, size } = scan.subject.shape;
  let chain = 0;
  let last = 0;
  for (let at = 0; at < size; at++) {
    // 0 is no digit either: as an unsigned number it stands beyond them all.
    if (((classes[at] as number) - 1) >>> 0 >= DIGIT_CLASSES) continue;
    chain = at - last > MOST_APART + 1 ? 1 : chain + 1;
    if (chain === LANDLINE_DIGITS) {
      openNumbers(scan);
      return;
    }
    last = at;
  }
}

const MOBILE_DIGITS = 11;
const LANDLINE_DIGITS = 10;

/**
 * Digits as of a number to call: from a 1 and a 3 to 9 on (mobile), from a 0 or a 400 (landline, service). A figure of pay
 * (8000-12000) is none; what needs a word or a letter before it is found by that.
 */
function openNumbers(scan: Scan): void {
  const { classes, size } = scan.subject.shape;
  for (let at = 0; at < size; at++) {
    const first = classes[at] as number;
    if (!isDigitClass(first)) continue;
    const before = at === 0 ? 0 : (classes[at - 1] as number);
    const second = nextDigit(classes, at + 1, size);
    const isLandline = !isDigitClass(before) && ((first === classOfDigit(0) && second !== first) || first === classOfDigit(4));
    const isMobile = ONES.includes(first) && isThreeToNine(second);
    const least = isLandline ? LANDLINE_DIGITS : isMobile ? MOBILE_DIGITS : 0;
    if (least > 0 && digitsFrom(classes, at, size, least) === least) open(scan, at - NUMBER_REACH, at + NUMBER_REACH);
  }
}

function nextDigit(classes: Uint16Array, from: number, size: number): number {
  for (let at = from; at < size && at <= from + MOST_APART; at++) if (isDigitClass(classes[at] as number)) return classes[at] as number;
  return 0;
}

/** How many digits stand close together from `from` on, as far as asked. */
function digitsFrom(classes: Uint16Array, from: number, size: number, most: number): number {
  let count = 0;
  let apart = 0;
  for (let at = from; at < size && count < most && apart <= MOST_APART; at++) {
    if (isDigitClass(classes[at] as number)) {
      count++;
      apart = 0;
    } else apart++;
  }
  return count;
}

/** A number or an English word is matched whole or not at all: 985 is not part of a telephone number. */
function isWhole({ flags, shape }: Subject, start: number, end: number): boolean {
  const { classes } = shape;
  const flagAt = (at: number): number => (at < 0 || at >= shape.size ? 0 : (flags[classes[at] as number] as number));
  // A bracket parts two numbers, though nothing of it is left: （1）35周岁以下.
  const isApart = (left: number): boolean =>
    (flagAt(left) & flagAt(left + 1) & (DIGIT | LETTER)) === 0 || shape.before[left + 1] === BRACKETED;
  if (!isApart(start - 1) || !isApart(end - 1)) return false;
  // A point behind a number goes on with it; one before it may end the number of an item (1.18-35岁).
  return (flagAt(end - 1) & DIGIT) === 0 || (flagAt(end) & POINT) === 0 || (flagAt(end + 1) & DIGIT) === 0;
}

/** A scan under way (扫描状态): one for all texts. Plain functions over it, so that the compiler sees through them. */
interface Scan {
  readonly plan: Plan;
  readonly matchers: readonly Matcher[];
  readonly subject: Subject;
  /** Matcher, start and end of each hit. */
  readonly hits: Int32Array;
  hitCount: number;
  truncated: boolean;
  field: string;
  /** Where to look for contact details: stretches apart from each other, from and to. */
  readonly windows: Int32Array;
  windowCount: number;
  /** What a posting must have, as far as seen; absent once nothing is asked for any more. */
  lacking: Set<number> | undefined;
  noted: Set<number>;
}

/** Goes through the words found: which phrases they are part of, which rules they make count. */
function readMatches(scan: Scan, count: number, items: Int32Array): void {
  const { plan } = scan;
  const { firstUse, firstLack, uses, masks, maskWords, triggers, notes } = plan;
  const { classes } = scan.subject.shape;
  // A text with too many hits goes to a person, whatever the rest of it holds.
  for (let i = 0; i < count * 3 && !scan.truncated; i += 3) {
    const word = items[i] as number;
    const start = items[i + 1] as number;
    const end = items[i + 2] as number;
    const previous = start === 0 ? 0 : (classes[start - 1] as number) * maskWords;
    const next = (classes[end] as number) * maskWords;
    const lack = firstLack[word] as number;
    const last = scan.lacking === undefined ? lack : (firstUse[word + 1] as number);
    for (let use = firstUse[word] as number; use < last; use += 2) {
      // One look at either neighbour refuses nearly every use.
      const neighbours = uses[use + 1] as number;
      if (!isPassed(masks, previous, neighbours >>> MASK_BITS) || !isPassed(masks, next, neighbours & MASK)) continue;
      if (use >= lack && scan.lacking === undefined) break;
      verify(scan, uses[use] as number, start, end);
    }
    if (triggers[word] === 1 && accountFollows(scan.subject, end)) open(scan, start - ADDRESS_REACH, end + ACCOUNT_REACH);
    const rules = notes[word];
    if (rules !== undefined) for (const rule of rules) scan.noted.add(rule);
  }
}

/** Matches the steps around an anchor. */
function verify(scan: Scan, sequence: number, start: number, end: number): void {
  const { plan, subject } = scan;
  const { steps } = plan;
  const at = plan.anchorAt[sequence] as number;
  const from = matchBackward(subject, steps, at - 1, start);
  if (from < 0) return;
  const to = matchForward(subject, steps, at + 1, end);
  if (to < 0 || !isWhole(subject, from, to)) return;
  const matcher = plan.owner[sequence] as number;
  if (plan.isLack[matcher] === 1) has(scan, matcher, from, to);
  else keep(scan, matcher, from, to);
}

function has(scan: Scan, matcher: number, from: number, to: number): void {
  const { lacking, field, matchers, plan, subject } = scan;
  if (
    lacking === undefined ||
    matchers[matcher]?.absentFrom?.some((one) => one === field) !== true ||
    isCleared(subject, plan.clears[matcher] as Clears, from, to)
  )
    return;
  lacking.add(matcher);
  // One figure of pay is as good as ten: nobody looks for the next.
  if (lacking.size === plan.lackCount) scan.lacking = undefined;
}

function keep(scan: Scan, matcher: number, from: number, to: number): void {
  const { hits, hitCount } = scan;
  // The same words found through several phrases are judged once; phrases that share words find them in a row.
  for (let i = hitCount - 1; i >= Math.max(0, hitCount - 8); i--) {
    if (hits[i * 3] === matcher && hits[i * 3 + 1] === from && hits[i * 3 + 2] === to) return;
  }
  if (hitCount === MOST_HITS) {
    scan.truncated = true;
    return;
  }
  hits[hitCount * 3] = matcher;
  hits[hitCount * 3 + 1] = from;
  hits[hitCount * 3 + 2] = to;
  scan.hitCount++;
}

/** Where a hit stands in the original, without the marks at its edges. */
function originalOf({ flags, shape }: Subject, hit: Span): Span {
  const { classes } = shape;
  const isMark = (at: number): boolean => ((flags[classes[at] as number] as number) & EDGE) !== 0;
  let { start, end } = hit;
  while (end - start > 1 && isMark(end - 1)) end--;
  while (end - start > 1 && isMark(start)) start++;
  return { start: startOf(shape, start), end: endOf(shape, end - 1) };
}

/** The hits that nothing clears. */
function standingOf(scan: Scan, text: string): readonly Standing[] {
  const { plan, matchers, subject, hits } = scan;
  const { shape } = subject;
  let left = 0;
  for (let i = 0; i < scan.hitCount; i++) {
    const matcher = hits[i * 3] as number;
    const start = hits[i * 3 + 1] as number;
    const end = hits[i * 3 + 2] as number;
    if (isCleared(subject, plan.clears[matcher] as Clears, start, end)) continue;
    hits[left * 3] = matcher;
    hits[left * 3 + 1] = start;
    hits[left * 3 + 2] = end;
    left++;
  }
  if (left === 0) return NONE_STANDING;
  const first = hits[0] as number;
  // Most texts that have anything have one thing.
  if (left === 1 && matchers[first]?.pairs === undefined)
    return [{ matcher: first, spans: [originalOf(subject, { start: hits[1] as number, end: hits[2] as number })] }];
  const spans: (Span[] | undefined)[] = [];
  for (let i = 0; i < left; i++)
    (spans[hits[i * 3] as number] ??= []).push({ start: hits[i * 3 + 1] as number, end: hits[i * 3 + 2] as number });
  const result: Standing[] = [];
  spans.forEach((kept, matcher) => {
    if (kept === undefined) return;
    const pairs = matchers[matcher]?.pairs;
    if (pairs !== undefined) fillUnits(shape, text);
    const together = merged(pairs === undefined ? kept : paired(shape, kept, pairs));
    if (together.length > 0) result.push({ matcher, spans: together.map((hit) => originalOf(subject, hit)) });
  });
  return result;
}

export function createScanner(matchers: readonly Matcher[], notes: readonly Note[], vocabulary: Vocabulary): Scanner {
  const recognising = matchers.flatMap(({ recognise: kinds }, matcher) => (kinds === undefined ? [] : [{ matcher, kinds }]));
  const plan = createPlan(matchers, notes, recognising.length > 0 ? CHAT_TRIGGERS : [], vocabulary);
  const subject = createSubject(vocabulary, plan.automatonTables);
  const scan: Scan = {
    plan,
    matchers,
    subject,
    hits: new Int32Array(MOST_HITS * 3),
    hitCount: 0,
    truncated: false,
    field: '',
    windows: new Int32Array(MOST_WINDOWS * 2),
    windowCount: 0,
    lacking: undefined,
    noted: new Set(),
  };
  const keepRecognised = (kind: RecogniserKind, start: number, end: number): boolean => {
    for (const { matcher, kinds } of recognising) if (kinds.includes(kind)) keep(scan, matcher, start, end);
    return !scan.truncated;
  };

  return {
    scan(field, label, text, noted, there) {
      scan.field = field;
      scan.hitCount = 0;
      scan.truncated = false;
      scan.windowCount = 0;
      scan.lacking = there === undefined || there.size === plan.lackCount ? undefined : there;
      scan.noted = noted;
      const { shape } = subject;
      fold(text, shape, label);
      subject.budget = BUDGET + shape.size * BUDGET_A_UNIT;
      const { count, items } = find(shape);
      readMatches(scan, count, items);
      if (recognising.length > 0) {
        if (shape.hasAt) open(scan, 0, shape.size);
        else findNumbers(scan);
        if (scan.windowCount > 0) {
          const { windows, windowCount } = scan;
          for (let i = 0; i < windowCount && !scan.truncated; i++) {
            const from = windows[i * 2] as number;
            const to = windows[i * 2 + 1] as number;
            fillUnits(shape, text, Math.max(0, from - MARGIN), Math.min(shape.size, to + MARGIN));
            recognise(shape, text, keepRecognised, from, to);
          }
        }
      }
      if (subject.budget <= 0) scan.truncated = true;
      if (scan.hitCount === 0) return NONE_STANDING;
      return label === '' ? standingOf(scan, text) : within(standingOf(scan, text));
    },
    isTruncated: () => scan.truncated,
  };
}
