/** One step of an expanded phrase. */
export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'gap' }
  | { readonly kind: 'number' }
  | { readonly kind: 'edge' }
  | Choice;

/** One of several words, an empty one included. */
interface Choice {
  readonly kind: 'choice';
  readonly words: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
  /** First and last characters of the words: most places in a text are refused by one look-up. */
  readonly heads: ReadonlySet<string>;
  readonly tails: ReadonlySet<string>;
}

/** Named word lists, folded. */
export type WordLists = ReadonlyMap<string, ReadonlySet<string>>;

/** A phrase with one literal of it chosen: the literal is looked for, the steps around it are then verified. */
export interface Sequence {
  readonly anchor: string;
  readonly anchorAt: number;
  readonly tokens: readonly Token[];
}

const GAP = 4;
const NUMBER_UNITS = 8;
/** Keeps a slip in a pack from growing without end. */
const MOST_FORMS = 512;
const MOST_OPEN_STEPS = 4;
/** A list longer than this makes a poor anchor: it would fill the automaton with words that decide nothing. */
const LONG_LIST = 200;
const NUMERALS = '0123456789.一二两三四五六七八九十百千万半几';

/**
 * Reads a phrase into the literals to look for.
 * @param fold the fold of the text itself: a phrase the table rewrites would otherwise never match.
 * @throws RangeError for an unknown `{name}`, a phrase without a literal, or too many open steps.
 */
export function readPhrase(phrase: string, lists: WordLists, fold: (text: string) => string): readonly Sequence[] {
  const sequences: Sequence[] = [];
  for (const form of forms(phrase, lists)) {
    const tokens = tokensOf(form, lists, fold);
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
    if (chosen?.kind === 'literal') sequences.push({ anchor: chosen.text, anchorAt, tokens });
    else if (chosen?.kind === 'choice') for (const anchor of chosen.words) sequences.push({ anchor, anchorAt, tokens });
    else throw new RangeError(`no literal in ${form}`);
  }
  return sequences;
}

/** Plain words of a phrase without slots. */
export function readWords(phrase: string, fold: (text: string) => string): readonly string[] {
  let words = [''];
  for (const part of parts(phrase)) words = words.flatMap((word) => part.map((option) => word + option));
  const folded = words.map(fold);
  if (folded.includes('') || /[{}^$]/u.test(phrase)) throw new RangeError(`not plain words: ${phrase}`);
  return folded;
}

function anchorWorth(token: Token): number {
  if (token.kind === 'literal') return token.text.length + 0.5;
  if (token.kind !== 'choice' || token.min === 0) return Number.NEGATIVE_INFINITY;
  // A clause mark is in every text: looking for it would find nothing but work.
  if (token.words.has('，') || token.words.has('、')) return -1;
  return token.words.size > LONG_LIST ? 0 : token.min - token.words.size / LONG_LIST;
}

/** The options of each part in turn; parentheses do not nest. */
function parts(phrase: string): string[][] {
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
function forms(phrase: string, lists: WordLists): string[] {
  let built = [''];
  for (const options of parts(phrase)) {
    const plain = options.filter((option) => isPlain(option, lists));
    const open = options.filter((option) => !isPlain(option, lists));
    const endings = options.length === 1 ? options : plain.length === 0 ? open : [`(${plain.join('|')})`, ...open];
    built = built.flatMap((form) => endings.map((ending) => form + ending));
    if (built.length > MOST_FORMS) throw new RangeError(`too many alternatives: ${phrase}`);
  }
  return built;
}

function isPlain(option: string, lists: WordLists): boolean {
  return !/[{^$]/u.test(option) || listNamed(option, lists) !== undefined;
}

function listNamed(option: string, lists: WordLists): ReadonlySet<string> | undefined {
  return /^\{\w+\}$/u.test(option) ? lists.get(option.slice(1, -1)) : undefined;
}

function tokensOf(form: string, lists: WordLists, fold: (text: string) => string): readonly Token[] {
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
    else if (step === '{num}') tokens.push({ kind: 'number' });
    else if (step.startsWith('(')) {
      const words = step
        .slice(1, -1)
        .split('|')
        .flatMap((option) => [...(listNamed(option, lists) ?? [fold(option)])]);
      if (words.length === 1) literal(words[0] ?? '');
      else tokens.push(choice(words));
    } else if (step.startsWith('{')) {
      const list = listNamed(step, lists);
      if (list === undefined || list.size === 0) throw new RangeError(`unknown slot ${step} in ${form}`);
      tokens.push(choice([...list]));
    } else literal(step);
  }
  return tokens;
}

function choice(words: readonly string[]): Choice {
  const lengths = words.map((word) => word.length);
  return {
    kind: 'choice',
    words: new Set(words),
    min: Math.min(...lengths),
    max: Math.max(...lengths),
    heads: new Set(words.map((word) => word.slice(0, 1))),
    tails: new Set(words.map((word) => word.slice(-1))),
  };
}

/** Where a clause may begin or end: {@link matchForward} and {@link matchBackward} ask it of `^` and `$`. */
export type IsEdge = (at: number) => boolean;

/** The end of the tokens from `index` on when they match at `at`, else -1; the nearest end wins. */
export function matchForward(text: string, tokens: readonly Token[], index: number, at: number, isEdge: IsEdge): number {
  const token = tokens[index];
  if (token === undefined) return at;
  switch (token.kind) {
    case 'literal':
      return text.startsWith(token.text, at) ? matchForward(text, tokens, index + 1, at + token.text.length, isEdge) : -1;
    case 'edge':
      return isEdge(at) ? matchForward(text, tokens, index + 1, at, isEdge) : -1;
    case 'gap':
      for (let length = 0; length <= GAP && at + length <= text.length; length++) {
        if (length > 0 && text[at + length - 1] === '。') return -1;
        const end = matchForward(text, tokens, index + 1, at + length, isEdge);
        if (end >= 0) return end;
      }
      return -1;
    case 'number': {
      let end = at;
      while (end < text.length && end - at < NUMBER_UNITS && NUMERALS.includes(text[end] ?? '')) end++;
      return end === at ? -1 : matchForward(text, tokens, index + 1, end, isEdge);
    }
    case 'choice':
      for (let length = token.heads.has(text[at] ?? '') ? token.max : 0; length >= token.min; length--) {
        if (at + length > text.length || !token.words.has(text.slice(at, at + length))) continue;
        const end = matchForward(text, tokens, index + 1, at + length, isEdge);
        if (end >= 0) return end;
      }
      return -1;
  }
}

/** The start of the tokens up to `index` when they match ending at `at`, else -1. */
export function matchBackward(text: string, tokens: readonly Token[], index: number, at: number, isEdge: IsEdge): number {
  const token = tokens[index];
  if (token === undefined) return at;
  switch (token.kind) {
    case 'literal':
      return at >= token.text.length && text.startsWith(token.text, at - token.text.length)
        ? matchBackward(text, tokens, index - 1, at - token.text.length, isEdge)
        : -1;
    case 'edge':
      return isEdge(at) ? matchBackward(text, tokens, index - 1, at, isEdge) : -1;
    case 'gap':
      for (let length = 0; length <= GAP && at - length >= 0; length++) {
        if (length > 0 && text[at - length] === '。') return -1;
        const start = matchBackward(text, tokens, index - 1, at - length, isEdge);
        if (start >= 0) return start;
      }
      return -1;
    case 'number': {
      let start = at;
      while (start > 0 && at - start < NUMBER_UNITS && NUMERALS.includes(text[start - 1] ?? '')) start--;
      return start === at ? -1 : matchBackward(text, tokens, index - 1, start, isEdge);
    }
    case 'choice':
      for (let length = token.tails.has(text[at - 1] ?? '') ? token.max : 0; length >= token.min; length--) {
        if (at < length || !token.words.has(text.slice(at - length, at))) continue;
        const start = matchBackward(text, tokens, index - 1, at - length, isEdge);
        if (start >= 0) return start;
      }
      return -1;
  }
}
