import { contentHash } from '../kernel/canonical.ts';
import { ComplianceError } from '../kernel/errors.ts';
import type { Json } from '../kernel/store.ts';
import { createAutomaton } from './automaton.ts';
import type { Automaton } from './automaton.ts';
import { BRACKETED, JOINED, normalise } from './normalise.ts';
import type { Normalised } from './normalise.ts';
import { matchBackward, matchForward, readPhrase, readWords } from './phrases.ts';
import type { Sequence } from './phrases.ts';
import type { Finding, Outcome, Pack, Rule, ScreenInput, ScreenResult, Severity } from './types.ts';

/** A rule pack ready for screening (已编译的规则包); opaque, from {@link compilePack}. */
export interface CompiledPack {
  readonly pack: Pack;
  /** As in {@link ScreenResult.pack}. */
  readonly reference: string;
  /** @internal */
  readonly automaton: Automaton;
  /** @internal What each literal of the automaton means. */
  readonly uses: readonly (readonly Use[])[];
  /** @internal */
  readonly lengths: readonly number[];
}

type Use =
  | { readonly kind: 'anchor'; readonly rule: number; readonly sequence: Sequence }
  | { readonly kind: 'allow' | 'before' | 'after' | 'when'; readonly rule: number };

interface Clear {
  readonly kind: 'allow' | 'before' | 'after';
  readonly span: Span;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const FIELDS = [
  'title',
  'text',
  'salary',
  'requirements',
  'workContent',
  'workingConditions',
  'employerName',
  'industry',
  'city',
  'address',
  'sourceName',
] as const;
const MOST_UNITS = 20_000;
const LEAST_EXAMPLES = 5;
/** How far before a hit a negation may stand, and how far after it (folded characters). */
const REACH_BEFORE = 24;
const REACH_AFTER = 8;
/** The longest phrase that clears; a longer one would be missed by the window over the clears. */
const MOST_CLEAR_UNITS = 32;
/** How far apart two hits of a pair may stand, and how far a hit's numbers are read. */
const PAIR_REACH = 40;
const NUMBER_REACH = 16;
/** Words that end the reach of a negation: what follows them is demanded after all. */
const TURNS = ['但', '另', '仅需', '只需', '需交', '需缴', '须', '除'];
const RANK: Readonly<Record<Outcome, number>> = { pass: 0, advise: 1, review: 2, block: 3 };

/**
 * Prepares a pack and proves it on its own examples (规则包编译与自检).
 * @throws ZP_OPTION_INVALID naming the rule that is malformed or contradicts its examples.
 */
export function compilePack(pack: Pack): CompiledPack {
  const literals = new Map<string, number>();
  const uses: Use[][] = [];
  const use = (literal: string, entry: Use): void => {
    let index = literals.get(literal);
    if (index === undefined) {
      index = literals.size;
      literals.set(literal, index);
      uses.push([]);
    }
    uses[index]?.push(entry);
  };
  // Between letters, so that the space at the edge of an English fragment counts as one between words.
  const fold = (text: string): string => normalise(`x${text}x`).folded.slice(1, -1);
  const lists = new Map(Object.entries(pack.words ?? {}).map(([name, list]) => [name, new Set(list.map(fold))]));
  const ids = new Set<string>();

  for (const [index, rule] of pack.rules.entries()) {
    if (ids.has(rule.id)) throw refused(rule.id, '规则编号重复', 'the rule id is used twice');
    ids.add(rule.id);
    const { violating, complying } = rule.examples;
    if (violating.length < LEAST_EXAMPLES || complying.length < LEAST_EXAMPLES) {
      throw refused(rule.id, '正反例各不得少于五条', 'at least five violating and five complying examples are required');
    }
    try {
      for (const phrase of rule.phrases) {
        for (const sequence of readPhrase(phrase, lists, fold)) use(sequence.anchor, { kind: 'anchor', rule: index, sequence });
      }
      const plain = [
        ['allow', rule.allow],
        ['before', rule.negators ?? []],
        ['after', rule.negatorsAfter ?? []],
        ['when', rule.when ?? []],
      ] as const;
      for (const [kind, phrases] of plain) {
        for (const phrase of phrases) {
          for (const word of readWords(phrase, fold)) {
            if (word.length > MOST_CLEAR_UNITS) throw new RangeError(`too long: ${word}`);
            use(word, { kind, rule: index });
          }
        }
      }
    } catch (error) {
      if (error instanceof RangeError) throw refused(rule.id, error.message, error.message);
      throw error;
    }
  }

  const compiled: CompiledPack = {
    pack,
    reference: `${pack.id}@${pack.version}+${contentHash(pack as unknown as Json).slice(0, 8)}`,
    automaton: createAutomaton([...literals.keys()]),
    uses,
    lengths: [...literals.keys()].map((literal) => literal.length),
  };
  for (const [index, rule] of pack.rules.entries()) {
    const hits = (text: string): boolean => {
      const when = new Set<number>();
      const candidates = scan(compiled, text, when);
      return (rule.when === undefined || when.has(index)) && (candidates[index]?.length ?? 0) > 0;
    };
    for (const text of rule.examples.violating) {
      if (!hits(text)) throw refused(rule.id, `反例未命中：${text}`, `does not hit its violating example: ${text}`);
    }
    for (const text of rule.examples.complying) {
      if (hits(text)) throw refused(rule.id, `正例被误伤：${text}`, `hits its complying example: ${text}`);
    }
  }
  return compiled;
}

function refused(rule: string, zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', {
    detail: { zh: `筛查规则 ${rule}：${zh}`, en: `screening rule ${rule}: ${en}` },
  });
}

/**
 * Screens the text of a posting (招聘信息筛查). Pure and deterministic: the same input and pack give the same result.
 * Text the engine cannot read is never passed; it goes to a person as `review`.
 */
export function screen(input: ScreenInput, pack: CompiledPack): ScreenResult {
  const findings: Finding[] = [];
  try {
    const when = new Set<number>();
    const scanned: { readonly field: string; readonly text: string; readonly hits: readonly (readonly Span[])[] }[] = [];
    for (const field of FIELDS) {
      const text: unknown = input[field];
      if (text === undefined) continue;
      if (typeof text !== 'string') findings.push(unread(field, ''));
      else if (text.length > MOST_UNITS) findings.push(overLong(field));
      else scanned.push({ field, text, hits: scan(pack, text, when) });
    }
    for (const { field, text, hits } of scanned) {
      const found: Finding[] = [];
      for (const [index, rule] of pack.pack.rules.entries()) {
        if (rule.when !== undefined && !when.has(index)) continue;
        for (const span of hits[index] ?? []) found.push(finding(rule, field, text, span));
      }
      findings.push(...strictest(found));
    }
  } catch {
    // A fault of the engine must not publish a posting nobody has read; the fault itself is not the employer's to see.
    findings.push(unread('', ''));
  }
  let outcome: Outcome = 'pass';
  for (const { severity } of findings) if (RANK[severity] > RANK[outcome]) outcome = severity;
  return { outcome, findings, pack: pack.reference };
}

function finding(rule: Rule, field: string, text: string, span: Span): Finding {
  const { id, ground, severity, title, citations, advice } = rule;
  const { start, end } = span;
  return { rule: id, ground, class: rule.class, severity, field, start, end, matched: text.slice(start, end), title, citations, advice };
}

function unread(field: string, matched: string): Finding {
  return {
    rule: 'engine.unreadable',
    ground: 'unreadable',
    class: 'd',
    severity: 'review' satisfies Severity,
    field,
    start: 0,
    end: 0,
    matched,
    citations: [],
    title: { zh: '无法自动筛查', en: 'Could not be screened automatically' },
    advice: { zh: '请人工审查全文', en: 'A person must review the whole text' },
  };
}

function overLong(field: string): Finding {
  return {
    ...unread(field, ''),
    rule: 'engine.over-long',
    title: { zh: '文本过长，未作自动筛查', en: 'Too long to be screened automatically' },
    advice: {
      zh: `请将文本压缩至 ${MOST_UNITS} 字以内，或人工审查全文`,
      en: `Shorten the text to ${MOST_UNITS} characters, or have a person review all of it`,
    },
  };
}

/** In order of place; of overlapping findings of one ground only the strictest, then the longest, is told. */
function strictest(found: readonly Finding[]): Finding[] {
  // Compared only within runs of overlapping findings: a text of nothing but hits stays linear.
  const kept: Finding[] = [];
  let run: Finding[] = [];
  let reach = 0;
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    if (one.start >= reach) {
      kept.push(...strictestOf(run));
      run = [];
    }
    run.push(one);
    reach = Math.max(reach, one.end);
  }
  kept.push(...strictestOf(run));
  return kept.sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : 1));
}

function strictestOf(found: readonly Finding[]): readonly Finding[] {
  if (found.length < 2) return found;
  const ranked = found.toSorted((a, b) => RANK[b.severity] - RANK[a.severity] || b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: Finding[] = [];
  for (const one of ranked) {
    if (!kept.some((k) => k.ground === one.ground && k.start < one.end && one.start < k.end)) kept.push(one);
  }
  return kept;
}

/** Every rule's standing hits as original spans; rules whose `when` words occur are added to `when`. */
function scan(compiled: CompiledPack, text: string, when: Set<number>): readonly (readonly Span[])[] {
  const rules = compiled.pack.rules;
  const shape = normalise(text);
  const { folded } = shape;
  const isEdge = (at: number): boolean =>
    at === 0 || at === folded.length || shape.before[at] !== JOINED || isMark(folded, at - 1) || isMark(folded, at);
  const hits: (Span[] | undefined)[] = [];
  const clears: (Clear[] | undefined)[] = [];
  compiled.automaton.each(folded, (literal, end) => {
    const start = end - (compiled.lengths[literal] ?? 0);
    for (const use of compiled.uses[literal] ?? []) {
      if (use.kind === 'anchor') {
        const { tokens, anchorAt } = use.sequence;
        const from = matchBackward(folded, tokens, anchorAt - 1, start, isEdge);
        if (from < 0) continue;
        const to = matchForward(folded, tokens, anchorAt + 1, end, isEdge);
        if (to >= 0) (hits[use.rule] ??= []).push({ start: from, end: to });
      } else if (use.kind === 'when') when.add(use.rule);
      else (clears[use.rule] ??= []).push({ kind: use.kind, span: { start, end } });
    }
  });

  const standing: (readonly Span[])[] = [];
  for (const [index, found] of hits.entries()) {
    const rule = rules[index];
    if (found === undefined || rule === undefined) continue;
    const cleared = clears[index] ?? [];
    let kept: readonly Span[] = found.filter((hit) => !isClearedByAny(cleared, hit, shape));
    if (rule.pairs !== undefined) kept = paired(folded, kept, rule.pairs);
    standing[index] = merged(kept).map((hit) => original(shape, hit));
  }
  return standing;
}

function isMark(folded: string, at: number): boolean {
  return '，。、：'.includes(folded[at] ?? '，');
}

/** Clears come by rising end, so only those within reach of the hit are looked at. */
function isClearedByAny(clears: readonly Clear[], hit: Span, shape: Normalised): boolean {
  let low = 0;
  for (let high = clears.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((clears[middle]?.span.end ?? 0) < hit.start - REACH_BEFORE) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < clears.length; i++) {
    const clear = clears[i];
    if (clear === undefined || clear.span.end > hit.end + REACH_AFTER + MOST_CLEAR_UNITS) return false;
    if (isCleared(clear.kind, clear.span, hit, shape)) return true;
  }
  return false;
}

function isCleared(kind: 'allow' | 'before' | 'after', span: Span, hit: Span, shape: Normalised): boolean {
  if (kind === 'allow') {
    const covers = span.start <= hit.start && span.end >= hit.end;
    const reachesIn = span.start < hit.start ? span.end > hit.start : span.start < hit.end && span.end > hit.end;
    return covers || reachesIn;
  }
  if (kind === 'before') {
    if (span.start > hit.start || hit.start - span.end > REACH_BEFORE) return false;
    return sameClause(shape, span.end, hit.start) && !TURNS.some((turn) => shape.folded.slice(span.end, hit.start).includes(turn));
  }
  return span.start >= hit.end && span.start - hit.end <= REACH_AFTER && sameClause(shape, hit.end, span.start);
}

function sameClause({ folded, before }: Normalised, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (folded[at] === '，' || folded[at] === '。') return false;
    if (at > from && before[at] === BRACKETED) return false;
  }
  return true;
}

/** Hits of different kinds near each other, judged by the rule's `pairs`. */
function paired(folded: string, hits: readonly Span[], { words, keep }: NonNullable<Rule['pairs']>): readonly Span[] {
  const ordered = merged(hits);
  const kinds = ordered.map((hit) => words.find((word) => folded.slice(hit.start, hit.end).includes(word)));
  const numbers = ordered.map((hit, i) => numbersIn(folded, hit.start, ordered[i + 1]?.start ?? folded.length));
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
function numbersIn(folded: string, from: number, stop: number): string {
  const found: string[] = [];
  let digits = '';
  for (let at = from; at <= Math.min(stop, from + NUMBER_REACH); at++) {
    const unit = folded.charCodeAt(at);
    if (at < stop && unit >= 0x30 && unit <= 0x39) digits += folded[at];
    else {
      if (digits !== '') found.push(digits);
      digits = '';
      if (folded[at] === '。' || found.length === 2) break;
    }
  }
  return found.join('-');
}

/** Overlapping spans of one rule as one, in order. */
function merged(spans: readonly Span[]): readonly Span[] {
  const joined: { start: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ start: span.start, end: span.end });
  }
  return joined;
}

function original({ map, ends }: Normalised, { start, end }: Span): Span {
  return { start: map[start] ?? 0, end: ends[end - 1] ?? 0 };
}
