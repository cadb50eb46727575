import { BRACKETED } from './shape.ts';
import type { Shape } from './shape.ts';
import { COMMA, DIGIT, LISTING, STOP } from './steps.ts';
import type { Subject } from './steps.ts';
import { endsWord, enter, step } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The words that clear a rule's hits, as tries (排除语). */
export interface Clears {
  readonly allow: number;
  readonly before: number;
  readonly after: number;
  /** Words that end the reach of a negation: what follows them is demanded after all. */
  readonly turns: number;
}

/** How far before a hit a negation may stand, and how far after it (folded characters). */
const REACH_BEFORE = 24;
const REACH_AFTER = 8;
/** The longest phrase that clears. */
export const MOST_CLEAR_UNITS = 30;
const NONE = -1;
const TURNS = ['但', '另', '仅需', '只需', '需交', '需缴', '须', '除'];

export const TURN_WORDS: readonly string[] = TURNS;

export function createClears(
  vocabulary: Vocabulary,
  words: { readonly allow: readonly string[]; readonly before: readonly string[]; readonly after: readonly string[] },
): Clears {
  const add = (list: readonly string[]): number => (list.length === 0 ? NONE : vocabulary.add(list, false));
  return { allow: add(words.allow), before: add(words.before), after: add(words.after), turns: vocabulary.add(TURNS, false) };
}

/**
 * Whether a hit is cleared. Asked only of the few hits a text has, so that the many negations of ordinary text cost
 * nothing while it is read.
 */
export function isCleared(subject: Subject, clears: Clears, start: number, end: number): boolean {
  return (
    (clears.allow !== NONE && isAllowed(subject, clears.allow, start, end)) ||
    (clears.before !== NONE && isNegated(subject, clears, start)) ||
    (clears.after !== NONE && isNegatedAfter(subject, clears.after, end))
  );
}

/** A phrase that covers the hit, or reaches into it from outside. */
function isAllowed(subject: Subject, trie: number, start: number, end: number): boolean {
  const { tries } = subject;
  const { classes, size } = subject.shape;
  for (let from = Math.max(0, start - MOST_CLEAR_UNITS + 1); from < end; from++) {
    let place = enter(tries, trie, classes[from] as number);
    for (let at = from + 1; place !== 0; at++) {
      if (endsWord(place) && (from < start ? at > start : at > end || (from === start && at === end))) return true;
      if (at >= size) break;
      place = step(tries, place, classes[at] as number);
    }
  }
  return false;
}

/** A negation before the hit, in its clause, with no turn between. */
function isNegated(subject: Subject, clears: Clears, start: number): boolean {
  const { tries } = subject;
  const { classes, size } = subject.shape;
  const floor = Math.max(clauseStart(subject, start), lastTurn(subject, clears.turns, start) + 1);
  for (let from = Math.max(0, floor - MOST_CLEAR_UNITS); from <= start; from++) {
    let place = enter(tries, clears.before, classes[from] as number);
    for (let at = from + 1; place !== 0; at++) {
      if (endsWord(place) && at >= floor) return true;
      if (at >= size) break;
      place = step(tries, place, classes[at] as number);
    }
  }
  return false;
}

function isNegatedAfter(subject: Subject, trie: number, end: number): boolean {
  const { tries, shape, flags } = subject;
  const { classes } = shape;
  const last = Math.min(shape.size - 1, end + REACH_AFTER);
  for (let from = end; from <= last; from++) {
    if (from > end && (isEnd(flags, classes, from - 1) || (from > end + 1 && isBracketed(shape, from - 1)))) return false;
    let place = enter(tries, trie, classes[from] as number);
    for (let at = from + 1; place !== 0; at++) {
      if (endsWord(place)) return true;
      if (at >= shape.size) break;
      place = step(tries, place, classes[at] as number);
    }
  }
  return false;
}

function isEnd(flags: Uint16Array, classes: Uint16Array, at: number): boolean {
  return ((flags[classes[at] as number] as number) & (COMMA | STOP)) !== 0;
}

function isBracketed(shape: Shape, at: number): boolean {
  return shape.before[at] === BRACKETED;
}

/** The first place within reach from which nothing ends the clause before `start`. */
function clauseStart({ flags, shape }: Subject, start: number): number {
  const { classes } = shape;
  const least = Math.max(0, start - REACH_BEFORE);
  for (let at = start - 1; at >= least; at--) {
    if (isEnd(flags, classes, at)) return at + 1;
    // The number of an item (2、) begins a clause as a full stop behind it does.
    if (
      ((flags[classes[at] as number] as number) & LISTING) !== 0 &&
      at > 0 &&
      ((flags[classes[at - 1] as number] as number) & DIGIT) !== 0
    )
      return at + 1;
    if (isBracketed(shape, at)) return at;
  }
  return least;
}

/** Where the last turn that ends before `start` begins, within reach, else -1. */
function lastTurn({ shape, tries }: Subject, trie: number, start: number): number {
  const { classes } = shape;
  for (let from = start - 1; from >= Math.max(0, start - REACH_BEFORE); from--) {
    let place = enter(tries, trie, classes[from] as number);
    for (let at = from + 1; place !== 0; at++) {
      if (endsWord(place)) return from;
      if (at >= start) break;
      place = step(tries, place, classes[at] as number);
    }
  }
  return -1;
}
