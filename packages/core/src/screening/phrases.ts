import { rateOf } from './frequency.ts';

/** One step of an expanded phrase. */
export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'gap' }
  | { readonly kind: 'number'; readonly least: number }
  | { readonly kind: 'edge' }
  | Choice;

/** One of several words, an empty one included. The same group of options is the same choice wherever it stands. */
export interface Choice {
  readonly kind: 'choice';
  readonly words: ReadonlySet<string>;
  /** About how often one of the words begins at a place of a posting; without end when one is empty. */
  readonly rate: number;
  /** The characters its words begin and end with. */
  readonly heads: ReadonlySet<string>;
  readonly tails: ReadonlySet<string>;
  /** The same words by where they come from: a named list stays whole, so that all its uses share one trie. */
  readonly parts: readonly (readonly string[])[];
}

/** What phrases are read with: a pack's named word lists, folded, and how text folds. */
export interface Reading {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** The fold of the text itself: a phrase the table rewrites would otherwise never match. */
  readonly fold: (text: string) => string;
  /** Choices by the group they were written as: packs use the same groups again and again. */
  readonly choices: Map<string, Choice>;
}

export function createReading(words: { readonly [name: string]: readonly string[] }, fold: (text: string) => string): Reading {
  const lists = new Map(Object.entries(words).map(([name, list]) => [name, [...new Set(list.map(fold))]]));
  return { lists, fold, choices: new Map() };
}

/** A phrase with one step of it chosen: its words are looked for, the steps around it are then verified. */
export interface Sequence {
  readonly anchors: readonly string[];
  readonly anchorAt: number;
  readonly tokens: readonly Token[];
}

/** Digits a `{sum}` has at least: a figure of pay, not the number of an item. */
const SUM_DIGITS = 3;
/** Keeps a slip in a pack from growing without end. */
const MOST_FORMS = 512;
const MOST_OPEN_STEPS = 4;
/** Word lengths are kept as bits of one number. */
const MOST_WORD_UNITS = 30;

/**
 * Reads a phrase into the literals to look for.
 * @throws RangeError for an unknown `{name}`, a phrase without a literal, or too many open steps.
 */
export function readPhrase(phrase: string, reading: Reading): readonly Sequence[] {
  const sequences: Sequence[] = [];
  for (const form of forms(phrase, reading)) {
    const tokens = tokensOf(form, reading);
    if (tokens.filter(({ kind }) => kind === 'gap' || kind === 'number').length > MOST_OPEN_STEPS) {
      throw new RangeError(`too many open slots in ${form}`);
    }
    let anchorAt = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (const [i, token] of tokens.entries()) {
      const worth = anchorWorth(token);
      if (worth > best) {
        best = worth;
        anchorAt = i;
      }
    }
    const chosen = tokens[anchorAt];
    if (chosen?.kind === 'literal') sequences.push({ anchors: [chosen.text], anchorAt, tokens });
    else if (chosen?.kind === 'choice') sequences.push({ anchors: [...chosen.words], anchorAt, tokens });
    else throw new RangeError(`no literal in ${form}`);
  }
  return sequences;
}

/** Plain words of a phrase without slots. */
export function readWords(phrase: string, fold: (text: string) => string): readonly string[] {
  if (/[{}^$]/u.test(phrase)) throw new RangeError(`not plain words: ${phrase}`);
  let words = [''];
  for (const part of partsOf(phrase)) {
    const options = part.map(fold);
    words = words.flatMap((word) => options.map((option) => word + option));
  }
  if (words.includes('')) throw new RangeError(`not plain words: ${phrase}`);
  return words;
}

/** How rarely a step is met: the rarest is looked for, the rest is then verified around it. */
function anchorWorth(token: Token): number {
  if (token.kind === 'literal') return -rateOf(token.text);
  return token.kind === 'choice' ? -token.rate : Number.NEGATIVE_INFINITY;
}

/** The options of each part in turn; parentheses do not nest. */
function partsOf(phrase: string): string[][] {
  const found: string[][] = [];
  for (let at = 0; at < phrase.length;) {
    const open = phrase[at] === '(' ? at : phrase.indexOf('(', at);
    if (open === at) {
      const close = phrase.indexOf(')', at);
      if (close < 0) throw new RangeError(`unclosed parenthesis: ${phrase}`);
      found.push(phrase.slice(at + 1, close).split('|'));
      at = close + 1;
    } else {
      const stop = open < 0 ? phrase.length : open;
      found.push([phrase.slice(at, stop)]);
      at = stop;
    }
  }
  return found;
}

/** Expands only the groups that mix slots into their words; a group of plain words stays one step. */
function forms(phrase: string, { lists }: Reading): string[] {
  let built = [''];
  for (const options of partsOf(phrase)) {
    const plain = options.filter((option) => isPlain(option, lists));
    const open = options.filter((option) => !isPlain(option, lists));
    const endings = options.length === 1 ? options : plain.length === 0 ? open : [`(${plain.join('|')})`, ...open];
    built = built.flatMap((form) => endings.map((ending) => form + ending));
    if (built.length > MOST_FORMS) throw new RangeError(`too many alternatives: ${phrase}`);
  }
  return built;
}

function isPlain(option: string, lists: Reading['lists']): boolean {
  return !/[{^$]/u.test(option) || listNamed(option, lists) !== undefined;
}

function listNamed(option: string, lists: Reading['lists']): readonly string[] | undefined {
  return /^\{\w+\}$/u.test(option) ? lists.get(option.slice(1, -1)) : undefined;
}

function tokensOf(form: string, reading: Reading): readonly Token[] {
  const { lists, fold } = reading;
  const tokens: Token[] = [];
  const literal = (text: string): void => {
    const folded = fold(text);
    const last = tokens.at(-1);
    if (folded === '') return;
    if (last?.kind === 'literal') tokens[tokens.length - 1] = { kind: 'literal', text: last.text + folded };
    else tokens.push({ kind: 'literal', text: folded });
  };
  for (const [step = ''] of form.matchAll(/\([^)]*\)|\{[^}]*\}|[\^$]|[^({^$]+/gu)) {
    if (step === '^' || step === '$') tokens.push({ kind: 'edge' });
    else if (step === '{gap}') tokens.push({ kind: 'gap' });
    else if (step === '{num}') tokens.push({ kind: 'number', least: 1 });
    else if (step === '{sum}') tokens.push({ kind: 'number', least: SUM_DIGITS });
    else if (step.startsWith('(') || step.startsWith('{')) {
      const group = choiceOf(step, form, reading);
      const [only = ''] = group.words;
      if (group.words.size === 1 && step.startsWith('(') && listNamed(step.slice(1, -1), lists) === undefined) literal(only);
      else tokens.push(group);
    } else literal(step);
  }
  return tokens;
}

/** The choice written as a group `(a|b|{name})` or as the name of a list. */
function choiceOf(group: string, form: string, { lists, fold, choices }: Reading): Choice {
  const known = choices.get(group);
  if (known !== undefined) return known;
  const options = group.startsWith('(') ? group.slice(1, -1).split('|') : [group];
  const named = options.map((option) => listNamed(option, lists)).filter((list) => list !== undefined);
  const written = options.filter((option) => listNamed(option, lists) === undefined);
  const unknown = written.find((option) => option.startsWith('{'));
  if (unknown !== undefined || named.some((list) => list.length === 0)) throw new RangeError(`unknown slot ${unknown ?? group} in ${form}`);
  const parts = [...named, ...(written.length > 0 ? [written.map(fold)] : [])];
  const words = new Set(parts.flat());
  const heads = new Set<string>();
  const tails = new Set<string>();
  let rate = words.has('') ? Number.POSITIVE_INFINITY : 0;
  for (const word of words) {
    if (word.length > MOST_WORD_UNITS) throw new RangeError(`too long: ${word}`);
    if (word === '') continue;
    heads.add(word.charAt(0));
    tails.add(word.slice(-1));
    rate += rateOf(word);
  }
  const choice: Choice = { kind: 'choice', words, parts, rate, heads, tails };
  choices.set(group, choice);
  return choice;
}
