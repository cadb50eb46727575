import type { Shape } from './shape.ts';
import type { Rule } from './types.ts';

/** A stretch of folded or original text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How far apart two hits of a pair may stand: nothing further behind a hit is read. */
const PAIR_REACH = 40;
/** How far a hit's numbers are read. */
const NUMBER_REACH = 16;
const STOP = '。'.charCodeAt(0);

function textOf({ units }: Shape, start: number, end: number): string {
  return String.fromCharCode(...units.subarray(start, end));
}

/** Hits of different kinds near each other, judged by the rule's `pairs`. */
export function paired(shape: Shape, hits: readonly Span[], { words, keep }: NonNullable<Rule['pairs']>): readonly Span[] {
  const ordered = merged(hits);
  const kinds = ordered.map((hit) => {
    const text = textOf(shape, hit.start, Math.min(hit.end, hit.start + PAIR_REACH));
    return words.find((word) => text.includes(word));
  });
  const numbers = ordered.map((hit, i) => numbersIn(shape, hit.start, ordered[i + 1]?.start ?? shape.size));
  return ordered.filter((hit, i) => {
    const isPartner = (j: number): boolean => {
      const other = ordered[j];
      return other !== undefined && kinds[j] !== kinds[i] && hit.start - other.end <= PAIR_REACH && other.start - hit.end <= PAIR_REACH;
    };
    if (keep === 'alone') {
      // Hits are in order: the nearest of another kind on either side decides.
      return !isPartner(nearestOther(kinds, i, -1)) && !isPartner(nearestOther(kinds, i, 1));
    }
    // Only neighbours are compared: a list of several jobs repeats both words with other figures.
    const mine = numbers[i] ?? '';
    return mine !== '' && [i - 1, i + 1].some((j) => isPartner(j) && numbers[j] !== '' && numbers[j] !== mine);
  });
}

function nearestOther(kinds: readonly (string | undefined)[], from: number, step: -1 | 1): number {
  // A hit has at least one character, so one further off than this is out of reach anyway.
  for (let j = from + step, left = PAIR_REACH; left > 0 && j >= 0 && j < kinds.length; j += step, left--) {
    if (kinds[j] !== kinds[from]) return j;
  }
  return -1;
}

/** The first two numbers after `from` within the sentence, as one comparable text. */
function numbersIn({ units, size }: Shape, from: number, stop: number): string {
  const found: string[] = [];
  let digits = '';
  const last = Math.min(stop, from + NUMBER_REACH);
  for (let at = from; at <= last; at++) {
    const unit = at < size ? (units[at] as number) : 0;
    if (at < stop && unit >= 0x30 && unit <= 0x39) digits += String.fromCharCode(unit);
    else {
      if (digits !== '') found.push(digits);
      digits = '';
      if (unit === STOP || found.length === 2) break;
    }
  }
  return found.join('-');
}

/** Overlapping spans of one rule as one, in order. */
export function merged(spans: readonly Span[]): readonly Span[] {
  if (spans.length === 1) return spans;
  const joined: { start: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ start: span.start, end: span.end });
  }
  return joined;
}
