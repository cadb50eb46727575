import { JOINED } from './shape.ts';
import type { Shape } from './shape.ts';
import type { Choice, Token } from './phrases.ts';
import { endsWord, enter, step as advance } from './vocabulary.ts';
import type { Alphabet, Tries, Vocabulary } from './vocabulary.ts';

/** What a character class is to a rule. */
export const DIGIT = 1;
export const LETTER = 2;
const NUMERAL = 4;
/** A mark at which a clause may begin or end. */
export const EDGE = 8;
export const STOP = 16;
export const COMMA = 32;
/** Between things of one kind, and behind the number of an item. */
export const LISTING = 64;
export const POINT = 128;

const DIGITS = '0123456789';
const SPOKEN_DIGITS = '零〇一二三四五六七八九幺';
const NUMERALS = `${DIGITS}.一二两三四五六七八九十百千万半几壹贰叁肆伍陆柒捌玖拾`;
const MARKS = '，。、：';

/** Every character the flags tell apart; an alphabet must begin with them all. */
export const FLAGGED: string = `${DIGITS}${SPOKEN_DIGITS}${NUMERALS}${MARKS}abcdefghijklmnopqrstuvwxyz`;
/** Digits, spoken ones included, have the classes from 1 to this. */
export const DIGIT_CLASSES: number = DIGITS.length + SPOKEN_DIGITS.length;

/** The class of a digit as written, or as spoken. */
export function classOfDigit(digit: number): number {
  return digit + 1;
}

export function isDigitClass(charClass: number): boolean {
  return charClass > 0 && charClass <= DIGIT_CLASSES;
}

function classOfSpoken(digit: string): number {
  return DIGITS.length + SPOKEN_DIGITS.indexOf(digit) + 1;
}

/** The classes of 1, 一 and 幺. */
export const ONES: readonly number[] = [classOfDigit(1), classOfSpoken('一'), classOfSpoken('幺')];

/** Whether it is the class of 3 to 9 or of 三 to 九, as the second digit of a mobile number is. */
export function isThreeToNine(charClass: number): boolean {
  return (
    (charClass >= classOfDigit(3) && charClass <= classOfDigit(9)) || (charClass >= classOfSpoken('三') && charClass <= classOfSpoken('九'))
  );
}

/** Flags by character class. */
export function flagsOf({ classOf, width }: Alphabet): Uint16Array {
  const flags = new Uint16Array(width);
  for (const char of FLAGGED) {
    const flag =
      (char >= '0' && char <= '9' ? DIGIT : 0) |
      (char >= 'a' && char <= 'z' ? LETTER : 0) |
      (NUMERALS.includes(char) ? NUMERAL : 0) |
      (MARKS.includes(char) ? EDGE : 0) |
      (char === '。' ? STOP : 0) |
      (char === '，' ? COMMA : 0) |
      (char === '、' ? LISTING : 0) |
      (char === '.' ? POINT : 0);
    flags[classOf[char.charCodeAt(0)] as number] = flag;
  }
  return flags;
}

/** A text ready for matching: its shape, and the class of each folded unit with a 0 behind the last. */
export interface Subject {
  readonly shape: Shape;
  readonly flags: Uint16Array;
  readonly tries: Tries;
  /** Steps left before the text counts as hostile: what a rule costs must not depend on who wrote the text. */
  budget: number;
}

const CHOICE = 0;
const LITERAL = 1;
const GAP = 2;
const NUMBER = 3;
const BORDER = 4;

/**
 * The steps of phrases over character classes, each once, in tables: side by side they stay in the cache, which as objects
 * they would not.
 */
export interface Steps {
  /**
   * By step, {@link FACTS} each: its kind; 1 when a choice has an empty word, or the digits a number needs; where its items
   * begin; how many they are.
   */
  readonly facts: Int32Array;
  /** The classes of a literal; the tries of a choice's words forwards, then as many backwards. */
  readonly items: Int32Array;
  /** The steps of each phrase in turn, counted from 1, with a 0 before the first and behind each last. */
  readonly lists: Int32Array;
}

const FACTS = 4;
const MOST_GAP = 4;
const MOST_NUMERALS = 8;

/** Takes the steps of phrases one phrase at a time. */
export interface StepsBuilder {
  /** Where in {@link Steps.lists} the steps of these tokens begin. */
  readonly add: (tokens: readonly Token[]) => number;
  readonly all: () => Steps;
}

export function createSteps(vocabulary: Vocabulary): StepsBuilder {
  const { classOf } = vocabulary.alphabet;
  const facts: number[] = [];
  const items: number[] = [];
  const lists: number[] = [0];
  const choices = new Map<Choice, number>();
  const others = new Map<string, number>();
  const put = (kind: number, least: number, own: readonly number[], count: number): number => {
    facts.push(kind, least, items.length, count);
    for (const item of own) items.push(item);
    return facts.length / FACTS;
  };
  const known = <K>(map: Map<K, number>, key: K, made: () => number): number => {
    let at = map.get(key);
    if (at === undefined) map.set(key, (at = made()));
    return at;
  };
  const stepOf = (token: Token): number => {
    switch (token.kind) {
      case 'literal': {
        const classes = Array.from({ length: token.text.length }, (_, i) => classOf[token.text.charCodeAt(i)] as number);
        return known(others, `=${token.text}`, () => put(LITERAL, 0, classes, classes.length));
      }
      case 'choice':
        return known(choices, token, () => {
          const tries = [false, true].flatMap((backwards) => token.parts.map((words) => vocabulary.add(words, backwards)));
          return put(CHOICE, token.words.has('') ? 1 : 0, tries, token.parts.length);
        });
      case 'gap':
        return known(others, 'gap', () => put(GAP, 0, [], 0));
      case 'number':
        return known(others, `number ${token.least}`, () => put(NUMBER, token.least, [], 0));
      case 'edge':
        return known(others, 'edge', () => put(BORDER, 0, [], 0));
    }
  };
  return {
    add(tokens) {
      const first = lists.length;
      for (const token of tokens) lists.push(stepOf(token));
      lists.push(0);
      return first;
    },
    all: () => ({ facts: Int32Array.from(facts), items: Int32Array.from(items), lists: Int32Array.from(lists) }),
  };
}

function isBorder({ shape, flags }: Subject, at: number): boolean {
  const { classes } = shape;
  if (at === 0 || at === shape.size || shape.before[at] !== JOINED) return true;
  return (((flags[classes[at - 1] as number] as number) | (flags[classes[at] as number] as number)) & EDGE) !== 0;
}

/** The end of the steps from `index` of the lists on when they match at `at`, else -1; the nearest end wins. */
export function matchForward(subject: Subject, steps: Steps, index: number, at: number): number {
  const step = steps.lists[index] as number;
  if (step === 0) return at;
  if (subject.budget-- <= 0) return -1;
  const { flags } = subject;
  const { classes, size } = subject.shape;
  const { facts, items } = steps;
  const own = (step - 1) * FACTS;
  const least = facts[own + 1] as number;
  const first = facts[own + 2] as number;
  const count = facts[own + 3] as number;
  switch (facts[own] as number) {
    case CHOICE: {
      // Word lengths as bits: the longest is tried first, without a list of them.
      let lengths = least;
      const { tries } = subject;
      for (let t = first; t < first + count; t++) {
        if (at >= size) break;
        let place = enter(tries, items[t] as number, classes[at] as number);
        for (let i = at + 1; place !== 0; i++) {
          if (endsWord(place)) lengths |= 1 << (i - at);
          if (i >= size) break;
          place = advance(tries, place, classes[i] as number);
        }
      }
      while (lengths !== 0) {
        const length = 31 - Math.clz32(lengths);
        const end = matchForward(subject, steps, index + 1, at + length);
        if (end >= 0) return end;
        lengths &= ~(1 << length);
      }
      return -1;
    }
    case LITERAL: {
      if (at + count > size) return -1;
      for (let i = 0; i < count; i++) if (classes[at + i] !== items[first + i]) return -1;
      return matchForward(subject, steps, index + 1, at + count);
    }
    case GAP:
      for (let length = 0; length <= MOST_GAP && at + length <= size; length++) {
        if (length > 0 && ((flags[classes[at + length - 1] as number] as number) & STOP) !== 0) return -1;
        const end = matchForward(subject, steps, index + 1, at + length);
        if (end >= 0) return end;
      }
      return -1;
    case NUMBER: {
      let end = at;
      const flag = least > 1 ? DIGIT : NUMERAL;
      while (end < size && end - at < MOST_NUMERALS && ((flags[classes[end] as number] as number) & flag) !== 0) end++;
      // 20万 is a number and its unit as well as a number.
      for (let isMore = true; isMore && end - at >= least; end--) {
        const found = matchForward(subject, steps, index + 1, end);
        if (found >= 0) return found;
        isMore = end > at && ((flags[classes[end - 1] as number] as number) & (DIGIT | LETTER)) === 0;
      }
      return -1;
    }
    default:
      return isBorder(subject, at) ? matchForward(subject, steps, index + 1, at) : -1;
  }
}

/** The start of the steps down from `index` of the lists when they match ending at `at`, else -1. */
export function matchBackward(subject: Subject, steps: Steps, index: number, at: number): number {
  const step = steps.lists[index] as number;
  if (step === 0) return at;
  if (subject.budget-- <= 0) return -1;
  const { flags } = subject;
  const { classes } = subject.shape;
  const { facts, items } = steps;
  const own = (step - 1) * FACTS;
  const least = facts[own + 1] as number;
  const first = facts[own + 2] as number;
  const count = facts[own + 3] as number;
  switch (facts[own] as number) {
    case CHOICE: {
      let lengths = least;
      const { tries } = subject;
      for (let t = first + count; t < first + count * 2; t++) {
        if (at === 0) break;
        let place = enter(tries, items[t] as number, classes[at - 1] as number);
        for (let i = at - 2; place !== 0; i--) {
          if (endsWord(place)) lengths |= 1 << (at - i - 1);
          if (i < 0) break;
          place = advance(tries, place, classes[i] as number);
        }
      }
      while (lengths !== 0) {
        const length = 31 - Math.clz32(lengths);
        const start = matchBackward(subject, steps, index - 1, at - length);
        if (start >= 0) return start;
        lengths &= ~(1 << length);
      }
      return -1;
    }
    case LITERAL: {
      const from = at - count;
      if (from < 0) return -1;
      for (let i = 0; i < count; i++) if (classes[from + i] !== items[first + i]) return -1;
      return matchBackward(subject, steps, index - 1, from);
    }
    case GAP:
      for (let length = 0; length <= MOST_GAP && at - length >= 0; length++) {
        if (length > 0 && ((flags[classes[at - length] as number] as number) & STOP) !== 0) return -1;
        const start = matchBackward(subject, steps, index - 1, at - length);
        if (start >= 0) return start;
      }
      return -1;
    case NUMBER: {
      let start = at;
      const flag = least > 1 ? DIGIT : NUMERAL;
      while (start > 0 && at - start < MOST_NUMERALS && ((flags[classes[start - 1] as number] as number) & flag) !== 0) start--;
      return at - start < least ? -1 : matchBackward(subject, steps, index - 1, start);
    }
    default:
      return isBorder(subject, at) ? matchBackward(subject, steps, index - 1, at) : -1;
  }
}

/**
 * The characters with which the tokens from `index` on can begin (`forwards`) or end, or undefined when any will do:
 * one look-up at the neighbour of a found word refuses most places.
 */
export function neighbours(tokens: readonly Token[], index: number, forwards: boolean): ReadonlySet<string> | undefined {
  const token = tokens[index];
  if (token === undefined) return undefined;
  const next = (): ReadonlySet<string> | undefined => neighbours(tokens, forwards ? index + 1 : index - 1, forwards);
  switch (token.kind) {
    case 'literal':
      return new Set([forwards ? token.text.charAt(0) : token.text.slice(-1)]);
    case 'number':
      return new Set(token.least > 1 ? '0123456789' : NUMERALS);
    case 'edge':
      return next();
    case 'gap':
      return undefined;
    case 'choice': {
      const own = forwards ? token.heads : token.tails;
      if (!token.words.has('')) return own;
      const after = next();
      return after && new Set([...own, ...after]);
    }
  }
}
