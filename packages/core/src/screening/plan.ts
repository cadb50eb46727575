import { tabulate } from './automaton.ts';
import type { AutomatonTables } from './automaton.ts';
import { createClears } from './clears.ts';
import type { Clears } from './clears.ts';
import type { Sequence } from './phrases.ts';
import { createSteps, neighbours } from './steps.ts';
import type { Steps } from './steps.ts';
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

/** What a scanner looks for, laid out in tables (扫描计划). */
export interface Plan {
  readonly automatonTables: AutomatonTables;
  /**
   * What each word is looked for on behalf of, word by word and side by side: a sequence, and the masks of the characters
   * that may stand before and behind the word, {@link MASK_BITS} each. Those about lacks stand last, from {@link firstLack}.
   */
  readonly uses: Int32Array;
  readonly firstUse: Int32Array;
  readonly firstLack: Int32Array;
  /** By class, {@link maskWords} each: a bit a mask that lets it pass. What one word asks of its neighbour stands close together. */
  readonly masks: Int32Array;
  readonly maskWords: number;
  readonly steps: Steps;
  /** By sequence: where in the lists of steps the one found by the automaton stands, and the matcher it belongs to. */
  readonly anchorAt: Int32Array;
  readonly owner: Int32Array;
  /** By word: whether an account may follow it; which rules it makes count. */
  readonly triggers: Uint8Array;
  readonly notes: readonly (readonly number[] | undefined)[];
  /** By matcher. */
  readonly clears: readonly Clears[];
  readonly isLack: Uint8Array;
  readonly lackCount: number;
}

/** A vocabulary with a plan already laid out in it. */
export interface PlannedVocabulary extends Vocabulary {
  readonly plan: Plan;
}

/** Room for the number of a mask. */
export const MASK_BITS = 16;
export const MASK: number = (1 << MASK_BITS) - 1;
const BITS_A_WORD = 5;

/** Whether the row of a class has the bit of a mask. */
export function isPassed(masks: Int32Array, row: number, mask: number): boolean {
  return (((masks[row + (mask >>> BITS_A_WORD)] as number) >>> (mask & 31)) & 1) === 1;
}

/** Masks by the characters they let pass, each made once. */
function createMasks({ alphabet: { classOf } }: Vocabulary): {
  readonly at: (chars: ReadonlySet<string> | undefined) => number;
  /** Of each mask the classes it lets pass, none meaning all. */
  readonly passed: readonly (readonly number[])[];
} {
  const passed: number[][] = [];
  const known = new Map<string, number>();
  /** Choices share their sets: most are met again. */
  const bySet = new Map<ReadonlySet<string> | undefined, number>();
  return {
    passed,
    at(chars) {
      const same = bySet.get(chars);
      if (same !== undefined) return same;
      const name = chars === undefined ? '' : [...chars].toSorted().join('');
      let at = known.get(name);
      if (at === undefined) {
        at = passed.push(chars === undefined ? [] : Array.from(chars, (char) => classOf[char.charCodeAt(0)] as number)) - 1;
        if (at >>> MASK_BITS !== 0) throw new RangeError('too many neighbours');
        known.set(name, at);
      }
      bySet.set(chars, at);
      return at;
    },
  };
}

/** The rows of {@link Plan.masks}. @param passed of each mask the classes it lets pass, none meaning all */
export function rowsOf(passed: readonly ArrayLike<number>[], width: number): Pick<Plan, 'masks' | 'maskWords'> {
  const maskWords = (passed.length + 31) >>> BITS_A_WORD;
  const masks = new Int32Array(width * maskWords);
  for (let mask = 0; mask < passed.length; mask++) {
    const classes = passed[mask] as ArrayLike<number>;
    const word = mask >>> BITS_A_WORD;
    const bit = 1 << (mask & 31);
    const count = classes.length === 0 ? width : classes.length;
    for (let i = 0; i < count; i++) {
      const at = (classes.length === 0 ? i : (classes[i] as number)) * maskWords + word;
      masks[at] = (masks[at] as number) | bit;
    }
  }
  return { masks, maskWords };
}

/**
 * Lays out what is looked for, unless that is done.
 * @param triggers words behind which an account of letters may follow
 */
export function createPlan(
  matchers: readonly Matcher[],
  notes: readonly Note[],
  triggers: readonly string[],
  vocabulary: Vocabulary | PlannedVocabulary,
): Plan {
  if ('plan' in vocabulary) return vocabulary.plan;
  const words = new Map<string, number[]>();
  const wordOf = (word: string): number[] => {
    let known = words.get(word);
    if (known === undefined) words.set(word, (known = []));
    return known;
  };
  const steps = createSteps(vocabulary);
  const anchorAt: number[] = [];
  const owner: number[] = [];
  const masks = createMasks(vocabulary);
  const befores: number[] = [];
  const afters: number[] = [];
  for (const [index, { sequences }] of matchers.entries()) {
    for (const { anchors, anchorAt: at, tokens } of sequences) {
      const sequence = owner.push(index) - 1;
      anchorAt.push(steps.add(tokens) + at);
      befores.push(masks.at(neighbours(tokens, at - 1, false)));
      afters.push(masks.at(neighbours(tokens, at + 1, true)));
      for (const anchor of anchors) wordOf(anchor).push(sequence);
    }
  }
  const noted = new Map<string, number[]>();
  for (const { rule, words: own } of notes) {
    for (const word of own) {
      wordOf(word);
      noted.set(word, [...(noted.get(word) ?? []), rule]);
    }
  }
  for (const word of triggers) wordOf(word);

  const isLack = Uint8Array.from(matchers, ({ absentFrom }) => (absentFrom === undefined ? 0 : 1));
  const names = [...words.keys()];
  const uses: number[] = [];
  const firstUse = new Int32Array(names.length + 1);
  const firstLack = new Int32Array(names.length);
  for (const [word, name] of names.entries()) {
    for (const lack of [0, 1]) {
      if (lack === 1) firstLack[word] = uses.length;
      for (const sequence of words.get(name) ?? []) {
        if (isLack[owner[sequence] as number] === lack)
          uses.push(sequence, ((befores[sequence] as number) << MASK_BITS) | (afters[sequence] as number));
      }
    }
    firstUse[word + 1] = uses.length;
  }
  const triggering = new Set(triggers);
  const automatonTables = tabulate(names, vocabulary.alphabet);
  return {
    automatonTables,
    uses: Int32Array.from(uses),
    firstUse,
    firstLack,
    ...rowsOf(masks.passed, vocabulary.alphabet.width),
    steps: steps.all(),
    anchorAt: Int32Array.from(anchorAt),
    owner: Int32Array.from(owner),
    triggers: Uint8Array.from(names, (name) => (triggering.has(name) ? 1 : 0)),
    notes: names.map((name) => noted.get(name)),
    clears: matchers.map(({ clears }) => createClears(vocabulary, clears)),
    isLack,
    lackCount: matchers.filter(({ absentFrom }) => absentFrom !== undefined).length,
  };
}
