import type { Automaton } from './automaton.ts';
import { isCleared } from './clears.ts';
import type { Clears } from './clears.ts';
import { createFolding, createShape, fold } from './normalise.ts';
import type { Folding } from './normalise.ts';
import { merged, PAIR_REACH, paired } from './pairs.ts';
import type { Span } from './pairs.ts';
import { createPlan } from './plan.ts';
import type { Matcher, Note, Plan } from './plan.ts';
import { CHAT_WORDS, DOMAIN_ENDS, PHONE_WORDS, recognise } from './recognisers.ts';
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
import type { Step, Subject } from './steps.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Hits of one matcher in a text, as original offsets. */
export interface Standing {
  readonly matcher: number;
  readonly spans: readonly Span[];
}

/** Finds what a set of matchers describes; reads texts one at a time, into room it keeps. */
export interface Scanner {
  /** @internal Replaced in tests to see a fault contained. */
  readonly automaton: Automaton;
  /**
   * The hits that stand in a text; rules whose noted words occur are added to `noted`.
   * @param label what the name of the field says: read before the text, no part of it
   * @param there when given, matchers about lacks that have what they ask for are added to it, until all have
   */
  readonly scan: (
    field: string,
    label: string,
    text: string,
    automaton: Automaton,
    noted: Set<number>,
    there?: Set<number>,
  ) => readonly Standing[];
  /** Whether the last scan gave up on the text: too many hits, or too much work for its length. */
  readonly isTruncated: () => boolean;
}

const MOST_HITS = 512;
/** Work allowed for a text: ordinary text needs a twentieth of it. */
const BUDGET = 20_000;
const BUDGET_A_UNIT = 16;
const NONE_STANDING: readonly Standing[] = [];

/** Room for texts in one vocabulary. */
function createSubject(vocabulary: Vocabulary): Subject {
  return { shape: createShape(4096), flags: flagsOf(vocabulary.alphabet), tries: vocabulary.tries, budget: 0 };
}

/** Spans as they stand without the label read before the text. */
function behind(length: number, standing: readonly Standing[]): readonly Standing[] {
  return standing.flatMap(({ matcher, spans }) => {
    const own = spans
      .filter(({ end }) => end > length)
      .map(({ start, end }) => ({ start: Math.max(0, start - length), end: end - length }));
    return own.length === 0 ? [] : [{ matcher, spans: own }];
  });
}

/** Words behind which a telephone number or an account may follow, besides those the recognisers ask for. */
const INTRODUCTIONS = ['邮箱', 'email', '发至', '简历', '投递', '加微', '微信', 'vwx', '钉钉号', '飞书：', 'v：', 'q：', 'v ', 'q '];
/** Ends of an address that somebody writes without its @. */
const DOMAINS: readonly string[] = DOMAIN_ENDS.flatMap((end) => [`.${end}`, `点${end}`]);
/** Words by which a text is read for contact details. */
export const CHAT_TRIGGERS: readonly string[] = [
  ...new Set([...INTRODUCTIONS, ...PHONE_WORDS, ...CHAT_WORDS.filter((word) => word.length > 1 || word > 'z'), ...DOMAINS]),
];
const LEAST_ACCOUNT = 4;
const ACCOUNT_REACH = 24;
const LEAST_RUN = 7;
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

/**
 * Whether digits stand close enough together to be a telephone number or an account: a look that saves reading most
 * texts for one. Digits with others just before them are counted without a branch; only enough of them are looked at.
 */
function hasNumber({ shape, flags }: Subject): boolean {
  const { classes, size } = shape;
  let near = 0;
  let recent = 0;
  for (let at = 0; at < size; at++) {
    // 1 for the classes from 1 to DIGIT_CLASSES, else 0.
    const digit = ((((classes[at] as number) - 1) >>> 0) - DIGIT_CLASSES) >>> 31;
    near += digit & (recent | (recent >>> 1) | (recent >>> 2));
    recent = (recent << 1) | digit;
  }
  return near >= LEAST_RUN - 1 && hasRun(classes, flags, size);
}

const MOBILE_DIGITS = 11;
const LANDLINE_DIGITS = 10;

/**
 * Digits as of a number to call: from a 1 and a 3 to 9 on (mobile), from a 0 or a 400 (landline, service), or so many
 * behind a letter. A figure of pay (8000-12000) is none; what needs a word before it is found by that word.
 */
function hasRun(classes: Uint16Array, flags: Uint16Array, size: number): boolean {
  for (let at = 0; at < size; at++) {
    const first = classes[at] as number;
    if (!isDigitClass(first)) continue;
    const before = at === 0 ? 0 : (classes[at - 1] as number);
    const isLettered = ((flags[before] as number) & LETTER) !== 0;
    const second = nextDigit(classes, at + 1, size);
    const isLandline = !isDigitClass(before) && ((first === classOfDigit(0) && second !== first) || first === classOfDigit(4));
    const isMobile = ONES.includes(first) && isThreeToNine(second);
    const least = isLettered ? LEAST_RUN : isLandline ? LANDLINE_DIGITS : isMobile ? MOBILE_DIGITS : 0;
    if (least > 0 && digitsFrom(classes, at, size, least) === least) return true;
  }
  return false;
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
  const isApart = (inside: number, outside: number): boolean => (flagAt(inside) & flagAt(outside) & (DIGIT | LETTER)) === 0;
  if (!isApart(start, start - 1) || !isApart(end - 1, end)) return false;
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
  isTriggered: boolean;
  /** What a posting must have, as far as seen; absent once nothing is asked for any more. */
  lacking: Set<number> | undefined;
  noted: Set<number>;
}

/** Goes through the words found: which phrases they are part of, which rules they make count. */
function readMatches(scan: Scan, count: number, items: Int32Array): void {
  const { plan } = scan;
  const { firstUse, firstLack, uses, masks, triggers, notes } = plan;
  const { classes } = scan.subject.shape;
  for (let i = 0; i < count * 3; i += 3) {
    const word = items[i] as number;
    const start = items[i + 1] as number;
    const end = items[i + 2] as number;
    const previous = start === 0 ? 0 : (classes[start - 1] as number);
    const next = classes[end] as number;
    const lack = firstLack[word] as number;
    const last = scan.lacking === undefined ? lack : (firstUse[word + 1] as number);
    for (let use = firstUse[word] as number; use < last; use += 3) {
      // One look at either neighbour refuses nearly every use.
      if (((masks[(uses[use + 1] as number) + previous] as number) & (masks[(uses[use + 2] as number) + next] as number)) === 0) continue;
      if (use >= lack && scan.lacking === undefined) break;
      verify(scan, uses[use] as number, start, end);
    }
    if (triggers[word] === 1 && !scan.isTriggered) scan.isTriggered = accountFollows(scan.subject, end);
    const rules = notes[word];
    if (rules !== undefined) for (const rule of rules) scan.noted.add(rule);
  }
}

/** Matches the steps around an anchor. */
function verify(scan: Scan, sequence: number, start: number, end: number): void {
  const { plan, subject } = scan;
  const steps = plan.steps[sequence] as readonly Step[];
  const at = plan.anchorAt[sequence] as number;
  const from = at === 0 ? start : matchBackward(subject, steps, at - 1, start);
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
  return { start: shape.map[start] as number, end: shape.ends[end - 1] as number };
}

/** The hits that nothing clears. */
function standingOf({ plan, matchers, subject, hits, hitCount }: Scan, text: string, folding: Folding): readonly Standing[] {
  const { shape } = subject;
  const spans: (Span[] | undefined)[] = [];
  let reach = 0;
  for (let i = 0; i < hitCount; i++) {
    const matcher = hits[i * 3] as number;
    const start = hits[i * 3 + 1] as number;
    const end = hits[i * 3 + 2] as number;
    if (isCleared(subject, plan.clears[matcher] as Clears, start, end)) continue;
    (spans[matcher] ??= []).push({ start, end });
    reach = Math.max(reach, end);
  }
  if (reach === 0) return NONE_STANDING;
  // Only now is it asked where the folded text came from, as far as anything stands.
  fold(text, shape, folding, true, reach + PAIR_REACH);
  const result: Standing[] = [];
  spans.forEach((kept, matcher) => {
    if (kept === undefined) return;
    const pairs = matchers[matcher]?.pairs;
    const left = merged(pairs === undefined ? kept : paired(shape, kept, pairs));
    if (left.length > 0) result.push({ matcher, spans: left.map((hit) => originalOf(subject, hit)) });
  });
  return result;
}

export function createScanner(matchers: readonly Matcher[], notes: readonly Note[], vocabulary: Vocabulary): Scanner {
  const recognising = matchers.flatMap(({ recognise: kinds }, matcher) => (kinds === undefined ? [] : [{ matcher, kinds }]));
  const plan = createPlan(matchers, notes, recognising.length > 0 ? CHAT_TRIGGERS : [], vocabulary);
  const folding = createFolding(vocabulary.alphabet);
  const subject = createSubject(vocabulary);
  const scan: Scan = {
    plan,
    matchers,
    subject,
    hits: new Int32Array(MOST_HITS * 3),
    hitCount: 0,
    truncated: false,
    field: '',
    isTriggered: false,
    lacking: undefined,
    noted: new Set(),
  };
  const keepRecognised = (kind: RecogniserKind, start: number, end: number): void => {
    for (const { matcher, kinds } of recognising) if (kinds.includes(kind)) keep(scan, matcher, start, end);
  };

  return {
    automaton: plan.automaton,
    scan(field, label, own, finder, noted, there) {
      const text = label === '' ? own : label + own;
      scan.field = field;
      scan.hitCount = 0;
      scan.truncated = false;
      scan.isTriggered = false;
      scan.lacking = there === undefined || there.size === plan.lackCount ? undefined : there;
      scan.noted = noted;
      const { shape } = subject;
      fold(text, shape, folding, false);
      subject.budget = BUDGET + shape.size * BUDGET_A_UNIT;
      const { count, items } = finder.find(shape.classes, shape.size);
      readMatches(scan, count, items);
      if (recognising.length > 0 && (scan.isTriggered || shape.hasAt || hasNumber(subject))) {
        fold(text, shape, folding, true);
        recognise(shape, text, keepRecognised);
      }
      if (subject.budget <= 0) scan.truncated = true;
      if (scan.hitCount === 0) return NONE_STANDING;
      return label === '' ? standingOf(scan, text, folding) : behind(label.length, standingOf(scan, text, folding));
    },
    isTruncated: () => scan.truncated,
  };
}
