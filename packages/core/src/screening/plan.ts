import { createAutomaton } from './automaton.ts';
import type { Automaton } from './automaton.ts';
import { createClears } from './clears.ts';
import type { Clears } from './clears.ts';
import type { Choice, Sequence } from './phrases.ts';
import { neighbours, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';
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
  readonly automaton: Automaton;
  /**
   * What each word is looked for on behalf of, word by word and side by side: a sequence, and where the masks of the
   * characters that may stand before and behind the word begin. Those about lacks stand last, from {@link firstLack}.
   */
  readonly uses: Int32Array;
  readonly firstUse: Int32Array;
  readonly firstLack: Int32Array;
  /** 1 for each class a mask lets pass. */
  readonly masks: Uint8Array;
  /** By sequence: its steps, the one found by the automaton, and the matcher it belongs to. */
  readonly steps: readonly (readonly Step[])[];
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

/** Masks by the characters they let pass, each made once. */
function createMasks({ alphabet: { classOf, width } }: Vocabulary): {
  readonly at: (chars: ReadonlySet<string> | undefined) => number;
  readonly all: () => Uint8Array;
} {
  const masks: Uint8Array[] = [];
  const known = new Map<string, number>();
  /** Choices share their sets: most are met again. */
  const bySet = new Map<ReadonlySet<string> | undefined, number>();
  return {
    at(chars) {
      const same = bySet.get(chars);
      if (same !== undefined) return same;
      const name = chars === undefined ? '' : [...chars].toSorted().join('');
      const earlier = known.get(name);
      if (earlier !== undefined) {
        bySet.set(chars, earlier);
        return earlier;
      }
      const mask = new Uint8Array(width);
      if (chars === undefined) mask.fill(1);
      else for (const char of chars) mask[classOf[char.charCodeAt(0)] as number] = 1;
      const at = (masks.push(mask) - 1) * width;
      known.set(name, at);
      bySet.set(chars, at);
      return at;
    },
    all() {
      const joined = new Uint8Array(masks.length * width);
      for (const [index, mask] of masks.entries()) joined.set(mask, index * width);
      return joined;
    },
  };
}

/**
 * Lays out what is looked for.
 * @param triggers words behind which an account of letters may follow
 */
export function createPlan(
  matchers: readonly Matcher[],
  notes: readonly Note[],
  triggers: readonly string[],
  vocabulary: Vocabulary,
): Plan {
  const words = new Map<string, number[]>();
  const wordOf = (word: string): number[] => {
    let known = words.get(word);
    if (known === undefined) words.set(word, (known = []));
    return known;
  };
  const steps: (readonly Step[])[] = [];
  const choices = new Map<Choice, Step>();
  const anchorAt: number[] = [];
  const owner: number[] = [];
  const masks = createMasks(vocabulary);
  const befores: number[] = [];
  const afters: number[] = [];
  for (const [index, { sequences }] of matchers.entries()) {
    for (const { anchors, anchorAt: at, tokens } of sequences) {
      const sequence = steps.push(stepsOf(tokens, vocabulary, choices)) - 1;
      anchorAt.push(at);
      owner.push(index);
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
        if (isLack[owner[sequence] as number] === lack) uses.push(sequence, befores[sequence] as number, afters[sequence] as number);
      }
    }
    firstUse[word + 1] = uses.length;
  }
  const triggering = new Set(triggers);
  return {
    automaton: createAutomaton(names, vocabulary.alphabet),
    uses: Int32Array.from(uses),
    firstUse,
    firstLack,
    masks: masks.all(),
    steps,
    anchorAt: Int32Array.from(anchorAt),
    owner: Int32Array.from(owner),
    triggers: Uint8Array.from(names, (name) => (triggering.has(name) ? 1 : 0)),
    notes: names.map((name) => noted.get(name)),
    clears: matchers.map(({ clears }) => createClears(vocabulary, clears)),
    isLack,
    lackCount: matchers.filter(({ absentFrom }) => absentFrom !== undefined).length,
  };
}
