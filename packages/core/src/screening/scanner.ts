import { createAutomaton } from './automaton.ts';
import type { Automaton } from './automaton.ts';
import { createClears, isCleared } from './clears.ts';
import type { Clears } from './clears.ts';
import { BRACKETED, createFolding, createShape, fold } from './normalise.ts';
import { merged, paired } from './pairs.ts';
import type { Span } from './pairs.ts';
import type { Sequence } from './phrases.ts';
import { recognise } from './recognisers.ts';
import type { RecogniserKind } from './recognisers.ts';
import { DIGIT, EDGE, LETTER, POINT, SPOKEN, flagsOf, matchBackward, matchForward, neighbours, stepsOf } from './steps.ts';
import type { Step, Subject } from './steps.ts';
import type { Rule } from './types.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What is looked for on behalf of one or more rules that differ only in what they make of it. */
export interface Matcher {
  readonly sequences: readonly Sequence[];
  readonly clears: { readonly allow: readonly string[]; readonly before: readonly string[]; readonly after: readonly string[] };
  readonly pairs: Rule['pairs'];
  readonly recognise: Rule['recognise'];
  /** Looked for only when asked and in these fields: what a posting must have, not what it must not. */
  readonly absentFrom: Rule['absentFrom'];
}

/** Words that are only noted: that they occur makes the rule count. */
export interface Note {
  readonly rule: number;
  readonly words: readonly string[];
}

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
const ANY = -1;
const NONE_STANDING: readonly Standing[] = [];

/** Room for texts in one vocabulary. */
function createSubject(vocabulary: Vocabulary): Subject {
  return { shape: createShape(4096), flags: flagsOf(vocabulary.alphabet), vocabulary, budget: 0 };
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

/** Words that an account name of letters may follow. */
export const CHAT_TRIGGERS: readonly string[] = [
  '微信',
  '薇信',
  '威信',
  '徽信',
  'wei信',
  '扣扣',
  '企鹅',
  '微讯',
  '卫星',
  'qq',
  'wx',
  'vx',
  'wechat',
  'weixin',
  '加q',
  '加v',
  '加微',
  'v：',
  'q：',
  'v信',
  'vwx',
  'v ',
  'q ',
];
const LEAST_ACCOUNT = 5;
const ACCOUNT_REACH = 24;
const LEAST_RUN = 7;
const MOST_APART = 2;
const STRIDE = 3;

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
 * texts for one. Digits written apart by one mark are met at every third unit as surely as digits side by side.
 */
function hasNumber({ shape, flags }: Subject): boolean {
  const { classes, size } = shape;
  const isDigit = (at: number): boolean => ((flags[classes[at] as number] as number) & (DIGIT | SPOKEN)) !== 0;
  for (let at = 0; at < size; at += STRIDE) {
    if (!isDigit(at)) continue;
    let run = 0;
    let apart = 0;
    let from = Math.max(0, at - STRIDE);
    for (; from < size && apart <= MOST_APART; from++) {
      if (isDigit(from)) {
        apart = 0;
        if (++run === LEAST_RUN) return true;
      } else if (from > at) apart++;
    }
    at = from - 1;
  }
  return false;
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

export function createScanner(matchers: readonly Matcher[], notes: readonly Note[], vocabulary: Vocabulary): Scanner {
  const subject = createSubject(vocabulary);
  const folding = createFolding(vocabulary.alphabet);
  const { classOf, width } = vocabulary.alphabet;
  const words = new Map<string, number[]>();
  const steps: (readonly Step[])[] = [];
  const anchorAt: number[] = [];
  const owner: number[] = [];
  const masks: Uint8Array[] = [];
  const maskNames = new Map<string, number>();
  const masksBefore: number[] = [];
  const masksAfter: number[] = [];
  const clears: Clears[] = [];

  const wordOf = (word: string): number[] => {
    const known = words.get(word) ?? [];
    words.set(word, known);
    return known;
  };
  const maskOf = (chars: ReadonlySet<string> | undefined): number => {
    if (chars === undefined) return ANY;
    const name = [...chars].toSorted().join('');
    const known = maskNames.get(name);
    if (known !== undefined) return known;
    const mask = new Uint8Array(width);
    for (const char of chars) mask[classOf[char.charCodeAt(0)] as number] = 1;
    maskNames.set(name, masks.length);
    return masks.push(mask) - 1;
  };
  for (const [index, matcher] of matchers.entries()) {
    clears.push(createClears(vocabulary, matcher.clears));
    for (const { anchors, anchorAt: at, tokens } of matcher.sequences) {
      const sequence = steps.push(stepsOf(tokens, vocabulary)) - 1;
      anchorAt.push(at);
      owner.push(index);
      masksBefore.push(maskOf(neighbours(tokens, at - 1, false)));
      masksAfter.push(maskOf(neighbours(tokens, at + 1, true)));
      for (const anchor of anchors) wordOf(anchor).push(sequence);
    }
  }
  for (const note of notes) for (const word of note.words) wordOf(word);
  const isRecognising = matchers.some((matcher) => matcher.recognise !== undefined);
  if (isRecognising) for (const word of CHAT_TRIGGERS) wordOf(word);
  const names = [...words.keys()];
  const triggers = Uint8Array.from(names, (name) => (isRecognising && CHAT_TRIGGERS.includes(name) ? 1 : 0));
  const noteOf = new Map<number, number[]>();
  for (const note of notes) {
    for (const word of note.words) {
      const at = names.indexOf(word);
      noteOf.set(at, [...(noteOf.get(at) ?? []), note.rule]);
    }
  }
  const uses = names.map((name) => Int32Array.from(words.get(name) ?? []));
  const automaton = createAutomaton(names, vocabulary.alphabet);
  const befores = Int32Array.from(masksBefore);
  const afters = Int32Array.from(masksAfter);

  const lacks = Uint8Array.from(owner, (matcher) => (matchers[matcher]?.absentFrom === undefined ? 0 : 1));
  const lackCount = matchers.filter((matcher) => matcher.absentFrom !== undefined).length;
  const recognising = matchers.flatMap(({ recognise: kinds }, matcher) => (kinds === undefined ? [] : [{ matcher, kinds }]));

  const hits = new Int32Array(MOST_HITS * 3);
  let hitCount = 0;
  let truncated = false;
  let field = '';
  let isTriggered = false;
  let lacking: Set<number> | undefined;
  let noted: Set<number> = new Set();

  const found = (word: number, start: number, end: number): void => {
    const { classes } = subject.shape;
    const previous = start === 0 ? 0 : (classes[start - 1] as number);
    const next = classes[end] as number;
    const sequences = uses[word] as Int32Array;
    for (let i = 0; i < sequences.length; i++) {
      const sequence = sequences[i] as number;
      if (lacks[sequence] === 1 && lacking === undefined) continue;
      const before = befores[sequence] as number;
      if (before !== ANY && (masks[before] as Uint8Array)[previous] === 0) continue;
      const after = afters[sequence] as number;
      if (after !== ANY && (masks[after] as Uint8Array)[next] === 0) continue;
      verify(sequence, start, end);
    }
    if (triggers[word] === 1 && !isTriggered) isTriggered = accountFollows(subject, end);
    const rules = noteOf.get(word);
    if (rules !== undefined) for (const rule of rules) noted.add(rule);
  };

  const verify = (sequence: number, start: number, end: number): void => {
    const own = steps[sequence] as readonly Step[];
    const at = anchorAt[sequence] as number;
    const from = at === 0 ? start : matchBackward(subject, own, at - 1, start);
    if (from < 0) return;
    const to = matchForward(subject, own, at + 1, end);
    if (to < 0 || !isWhole(subject, from, to)) return;
    const matcher = owner[sequence] as number;
    if (lacks[sequence] === 1) has(matcher, from, to);
    else keep(matcher, from, to);
  };

  const has = (matcher: number, from: number, to: number): void => {
    if (
      lacking === undefined ||
      matchers[matcher]?.absentFrom?.some((one) => one === field) !== true ||
      isCleared(subject, clears[matcher] as Clears, from, to)
    )
      return;
    lacking.add(matcher);
    // One figure of pay is as good as ten: nobody looks for the next.
    if (lacking.size === lackCount) lacking = undefined;
  };

  const keep = (matcher: number, from: number, to: number): void => {
    // The same words found through several phrases are judged once; phrases that share words find them in a row.
    for (let i = hitCount - 1; i >= Math.max(0, hitCount - 8); i--) {
      if (hits[i * 3] === matcher && hits[i * 3 + 1] === from && hits[i * 3 + 2] === to) return;
    }
    if (hitCount === MOST_HITS) {
      truncated = true;
      return;
    }
    hits[hitCount * 3] = matcher;
    hits[hitCount * 3 + 1] = from;
    hits[hitCount * 3 + 2] = to;
    hitCount++;
  };

  /** Where a hit stands in the original, without the marks at its edges. */
  const original = (hit: Span): Span => {
    const { flags, shape } = subject;
    const { classes } = shape;
    const isMark = (at: number): boolean => ((flags[classes[at] as number] as number) & EDGE) !== 0;
    let { start, end } = hit;
    while (end - start > 1 && isMark(end - 1)) end--;
    while (end - start > 1 && isMark(start)) start++;
    return { start: shape.map[start] as number, end: shape.ends[end - 1] as number };
  };

  const standing = (text: string): readonly Standing[] => {
    const { shape } = subject;
    const spans: (Span[] | undefined)[] = [];
    let none = true;
    for (let i = 0; i < hitCount; i++) {
      const matcher = hits[i * 3] as number;
      const start = hits[i * 3 + 1] as number;
      const end = hits[i * 3 + 2] as number;
      if (isCleared(subject, clears[matcher] as Clears, start, end)) continue;
      (spans[matcher] ??= []).push({ start, end });
      none = false;
    }
    if (none) return NONE_STANDING;
    // Only now is it asked where the folded text came from.
    fold(text, shape, folding, true);
    const result: Standing[] = [];
    spans.forEach((kept, matcher) => {
      const pairs = matchers[matcher]?.pairs;
      const left = kept === undefined ? [] : merged(pairs === undefined ? kept : paired(shape, kept, pairs));
      if (left.length > 0) result.push({ matcher, spans: left.map(original) });
    });
    return result;
  };

  const keepRecognised = (kind: RecogniserKind, start: number, end: number): void => {
    for (const { matcher, kinds } of recognising) if (kinds.includes(kind)) keep(matcher, start, end);
  };

  return {
    automaton,
    scan(name, label, own, finder, rules, there) {
      const text = label === '' ? own : label + own;
      field = name;
      hitCount = 0;
      truncated = false;
      isTriggered = false;
      lacking = there === undefined || there.size === lackCount ? undefined : there;
      noted = rules;
      const { shape } = subject;
      fold(text, shape, folding, false);
      subject.budget = BUDGET + shape.size * BUDGET_A_UNIT;
      finder.each(shape.classes, shape.size, found);
      if (recognising.length > 0 && (isTriggered || shape.hasAt || hasNumber(subject))) {
        fold(text, shape, folding, true);
        recognise(shape, text, keepRecognised);
      }
      if (subject.budget <= 0) truncated = true;
      if (hitCount === 0) return NONE_STANDING;
      return label === '' ? standing(text) : behind(label.length, standing(text));
    },
    isTruncated: () => truncated,
  };
}
