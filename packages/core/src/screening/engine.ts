import { contentHash } from '../kernel/canonical.ts';
import { ComplianceError } from '../kernel/errors.ts';
import type { Json } from '../kernel/store.ts';
import { MOST_CLEAR_UNITS, TURN_WORDS } from './clears.ts';
import { inContext, isDue } from './contexts.ts';
import type { ContextFlag } from './contexts.ts';
import { readLayout } from './frozen-file.ts';
import type { Layout } from './frozen-plan.ts';
import { FIELDS, MOST_UNITS } from './fields.ts';
import { lacking, outcomeOf, overLong, strictest, truncated, unread, violation } from './findings.ts';
import { foldedText } from './normalise.ts';
import { createReading, readPhrase, readWords } from './phrases.ts';
import type { Reading, Token } from './phrases.ts';
import { createPlan } from './plan.ts';
import type { Matcher, Note } from './plan.ts';
import { CHAT_TRIGGERS, createScanner } from './scanner.ts';
import type { Scanner, Standing } from './scanner.ts';
import { FLAGGED } from './steps.ts';
import type { Finding, Pack, Rule, ScreenInput, ScreenOptions, ScreenResult } from './types.ts';
import { createAlphabet, createVocabulary } from './vocabulary.ts';

/** A rule pack ready for screening (已编译的规则包); opaque, from {@link compilePack}. */
export interface CompiledPack {
  readonly pack: Pack;
  /** As in {@link ScreenResult.pack}. */
  readonly reference: string;
  /** @internal */
  readonly scanner: Scanner;
  /** @internal The rules behind each matcher of the scanner, by their place in the pack. */
  readonly rulesOf: readonly (readonly number[])[];
  /** @internal The rules about what a posting lacks. */
  readonly lacks: readonly { readonly matcher: number; readonly rule: Rule }[];
  /** @internal Rules whose noted words occur, and matchers about lacks that have what they ask for: room used again for every posting. */
  readonly noted: Set<number>;
  /** @internal */
  readonly there: Set<number>;
}

const LEAST_EXAMPLES = 5;
const NO_FLAGS: readonly ContextFlag[] = [];
/** A field of its own says by its name what a sentence says by a word. */
const LABELS: { readonly [field in (typeof FIELDS)[number]]?: string } = { salary: '薪资：' };
/** The order in which fields are read, by their place in the order in which they are told of. */
const READING: readonly number[] = FIELDS.map((_field, place) => place).toSorted(
  (a, b) => Number(labelOf(b) !== '') - Number(labelOf(a) !== ''),
);

function labelOf(place: number): string {
  return LABELS[FIELDS[place] as (typeof FIELDS)[number]] ?? '';
}
const LABEL_TEXTS: readonly string[] = FIELDS.map((_field, place) => labelOf(place));

/** The field at a place: by name, which costs a fraction of a look-up by a changing one. */
function textAt(input: ScreenInput, place: number): unknown {
  switch (place) {
    case 0:
      return input.title;
    case 1:
      return input.text;
    case 2:
      return input.salary;
    case 3:
      return input.requirements;
    case 4:
      return input.workContent;
    case 5:
      return input.workingConditions;
    case 6:
      return input.employerName;
    case 7:
      return input.industry;
    case 8:
      return input.city;
    case 9:
      return input.address;
    default:
      return input.sourceName;
  }
}

/**
 * Prepares a pack and proves it on its own examples (规则包编译与自检). A pack as this package ships it was compiled and
 * proved when the package was built, and is read as it was left; any other takes about half a second.
 * @throws ZP_OPTION_INVALID naming the rule that is malformed or contradicts its examples.
 */
export function compilePack(pack: Pack): CompiledPack {
  const layout = readLayout(pack);
  return layout === undefined ? compileAnew(pack).compiled : compiledOf(pack, layout);
}

/**
 * {@link compilePack} without a look at what the build left, and the layout to leave.
 * @throws ZP_OPTION_INVALID as there
 */
export function compileAnew(pack: Pack): { readonly compiled: CompiledPack; readonly layout: Layout } {
  // Between letters, so that the space at the edge of an English fragment counts as one between words.
  const folds = new Map<string, string>();
  const fold = (text: string): string => {
    let folded = folds.get(text);
    if (folded === undefined) folds.set(text, (folded = foldedText(`x${text}x`).slice(1, -1)));
    return folded;
  };
  const reading = createReading(pack.words ?? {}, fold);
  const ids = new Set<string>();
  const groups = new Map<string, Group>();
  const notes: Note[] = [];
  const texts: string[] = [FLAGGED, ...TURN_WORDS, ...CHAT_TRIGGERS];

  for (const [index, rule] of pack.rules.entries()) {
    if (ids.has(rule.id)) throw refused(rule.id, '规则编号重复', 'the rule id is used twice');
    ids.add(rule.id);
    const { violating, complying } = rule.examples;
    if (violating.length < LEAST_EXAMPLES || complying.length < LEAST_EXAMPLES) {
      throw refused(rule.id, '正反例各不得少于五条', 'at least five violating and five complying examples are required');
    }
    // Rules that look for the same words are looked for once.
    const name = JSON.stringify([rule.phrases, rule.allow, rule.negators, rule.negatorsAfter, rule.pairs, rule.recognise, rule.absentFrom]);
    const known = groups.get(name);
    try {
      if (known) known.rules.push(index);
      else groups.set(name, { matcher: readMatcher(rule, reading), rules: [index] });
      if (rule.when) notes.push({ rule: index, words: rule.when.flatMap((phrase) => readWords(phrase, fold)) });
    } catch (error) {
      if (error instanceof RangeError) throw refused(rule.id, error.message, error.message);
      throw error;
    }
  }
  const found = [...groups.values()];
  for (const word of wordsOf(found.map(({ matcher }) => matcher))) texts.push(word);
  for (const { words } of notes) for (const word of words) texts.push(word);

  const matchers = found.map(({ matcher }) => matcher);
  const vocabulary = createVocabulary(createAlphabet(texts));
  const triggers = matchers.some(({ recognise }) => recognise !== undefined) ? CHAT_TRIGGERS : [];
  const layout: Layout = {
    reference: `${pack.id}@${pack.version}+${contentHash(pack as unknown as Json).slice(0, 8)}`,
    rulesOf: found.map(({ rules }) => rules),
    vocabulary: { ...vocabulary, plan: createPlan(matchers, notes, triggers, vocabulary) },
  };
  const compiled = compiledOf(pack, layout);
  prove(compiled);
  return { compiled, layout };
}

const NO_WORDS = { allow: [], before: [], after: [] };

/** The pack over what was laid out for it; rules that share a matcher agree in all that is asked of it. */
export function compiledOf(pack: Pack, { reference, rulesOf, vocabulary }: Layout): CompiledPack {
  const matchers = rulesOf.map(([first = 0]): Matcher => {
    const rule = pack.rules[first];
    return { sequences: [], clears: NO_WORDS, pairs: rule?.pairs, recognise: rule?.recognise, absentFrom: rule?.absentFrom };
  });
  const scanner = createScanner(matchers, [], vocabulary);
  return {
    pack,
    reference,
    scanner,
    rulesOf,
    noted: new Set(),
    there: new Set(),
    lacks: matchers.flatMap(({ absentFrom }, matcher) =>
      absentFrom ? (rulesOf[matcher] ?? []).flatMap((index) => pack.rules[index] ?? []).map((rule) => ({ matcher, rule })) : [],
    ),
  };
}

interface Group {
  readonly matcher: Matcher;
  readonly rules: number[];
}

function readMatcher(rule: Rule, reading: Reading): Matcher {
  const words = (phrases: readonly string[] | undefined): readonly string[] => {
    const all = (phrases ?? []).flatMap((phrase) => readWords(phrase, reading.fold));
    const long = all.find((word) => word.length > MOST_CLEAR_UNITS);
    if (long !== undefined) throw new RangeError(`too long: ${long}`);
    return all;
  };
  return {
    sequences: rule.phrases.flatMap((phrase) => readPhrase(phrase, reading)),
    clears: { allow: words(rule.allow), before: words(rule.negators), after: words(rule.negatorsAfter) },
    pairs: rule.pairs,
    recognise: rule.recognise,
    absentFrom: rule.absentFrom,
  };
}

/** Every word of the matchers, whose characters the alphabet must have. */
function wordsOf(matchers: readonly Matcher[]): Set<string> {
  const words = new Set<string>();
  const choices = new Set<Token>();
  for (const { sequences, clears } of matchers) {
    for (const { tokens } of sequences) {
      for (const token of tokens) {
        if (token.kind === 'literal') words.add(token.text);
        else if (token.kind === 'choice' && !choices.has(token)) {
          choices.add(token);
          for (const word of token.words) words.add(word);
        }
      }
    }
    for (const list of [clears.allow, clears.before, clears.after]) for (const word of list) words.add(word);
  }
  return words;
}

/**
 * A rule must hit its violating examples and pass its complying ones, alone with its own context: the words of it where
 * it has any, else one of its flags.
 */
function prove({ pack, scanner, rulesOf }: CompiledPack): void {
  for (const [index, rule] of pack.rules.entries()) {
    const isLack = rule.absentFrom !== undefined;
    const hits = (text: string): boolean => {
      const noted = new Set<number>();
      const there = new Set<number>();
      const standing = scanner.scan(rule.absentFrom?.[0] ?? 'text', '', text, noted, there);
      if (isLack) return ![...there].some((matcher) => rulesOf[matcher]?.includes(index));
      return standing.some(({ matcher }) => rulesOf[matcher]?.includes(index)) && (rule.when === undefined || noted.has(index));
    };
    for (const text of rule.examples.violating) {
      if (!hits(text)) throw refused(rule.id, `反例未命中：${text}`, `does not hit its violating example: ${text}`);
    }
    for (const text of rule.examples.complying) {
      if (hits(text)) throw refused(rule.id, `正例被误伤：${text}`, `hits its complying example: ${text}`);
    }
  }
}

function refused(rule: string, zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', {
    detail: { zh: `筛查规则 ${rule}：${zh}`, en: `screening rule ${rule}: ${en}` },
  });
}

interface Scanned {
  readonly place: number;
  readonly field: string;
  readonly text: string;
  readonly standing: readonly Standing[];
}

/**
 * Screens the text of a posting (招聘信息筛查). Pure and deterministic: the same input and pack give the same result.
 * Text the engine cannot read is never passed; it goes to a person as `review`.
 */
export function screen(input: ScreenInput, pack: CompiledPack, options?: ScreenOptions): ScreenResult {
  const findings: Finding[] = [];
  try {
    const { noted } = pack;
    const flags = options?.context ?? NO_FLAGS;
    if (noted.size > 0) noted.clear();
    let there = options?.complete === true && pack.lacks.length > 0 ? pack.there : undefined;
    there?.clear();
    // Fields whose name says what a sentence would come first: what they hold need not be looked for elsewhere.
    let scanned: Scanned[] | undefined;
    for (let i = 0; i < READING.length; i++) {
      const place = READING[i] as number;
      const text = textAt(input, place);
      if (text === undefined) continue;
      const field = FIELDS[place] as string;
      if (typeof text !== 'string') findings.push(unread(field));
      else if (text.length > MOST_UNITS) findings.push(overLong(field, MOST_UNITS));
      else if (text !== '') {
        const standing = pack.scanner.scan(field, LABEL_TEXTS[place] as string, text, noted, there);
        if (pack.scanner.isTruncated()) {
          findings.push(truncated(field));
          // Of what was not read to its end nobody can say what it lacks.
          there = undefined;
        }
        if (standing.length > 0) (scanned ??= []).push({ place, field, text, standing });
      }
    }
    if (scanned !== undefined) {
      if (scanned.length > 1) scanned.sort((a, b) => a.place - b.place);
      for (const { field, text, standing } of scanned) findings.push(...findingsIn(pack, field, text, standing, noted, flags));
    }
    if (there !== undefined && there.size < pack.lacks.length) {
      for (const { matcher, rule } of pack.lacks)
        if (!there.has(matcher) && isDue(rule, false, flags)) findings.push(lacking(inContext(rule, flags), input));
    }
  } catch {
    // A fault of the engine must not publish a posting nobody has read; the fault itself is not the employer's to see.
    findings.push(unread(''));
  }
  return { outcome: outcomeOf(findings), findings, pack: pack.reference };
}

function findingsIn(
  { pack, rulesOf }: CompiledPack,
  field: string,
  text: string,
  standing: readonly Standing[],
  noted: ReadonlySet<number>,
  flags: readonly ContextFlag[],
): readonly Finding[] {
  const found: Finding[] = [];
  for (const { matcher, spans } of standing) {
    for (const index of rulesOf[matcher] ?? []) {
      const rule = pack.rules[index];
      if (rule === undefined || rule.absentFrom !== undefined || !isDue(rule, noted.has(index), flags)) continue;
      const applied = inContext(rule, flags);
      for (const { start, end } of spans) found.push(violation(applied, field, text, start, end));
    }
  }
  return strictest(found);
}
