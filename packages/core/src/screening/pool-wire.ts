import { inContext } from './contexts.ts';
import { FIELDS, MOST_UNITS } from './fields.ts';
import { outcomeOf, overLong, truncated, unread, violation } from './findings.ts';
import type { Finding, Pack, ScreenInput, ScreenOptions, ScreenResult } from './types.ts';

/** A batch on its way to a thread (批次): as one text and a table of lengths, since small strings cost more to copy. */
export interface PackedInputs {
  readonly options: ScreenOptions;
  readonly names: readonly string[];
  /** All fields of all inputs, end to end. */
  readonly text: string;
  /** An input at a time: how many fields, then the index of the name and the length of each. */
  readonly shape: readonly number[];
}

/** A batch with something in it that is not text, as it is: the engine has an answer of its own to that. */
export interface PlainInputs {
  readonly options: ScreenOptions;
  readonly inputs: readonly ScreenInput[];
}

/** Results on their way back: both sides have the pack and the inputs, so that numbers say it all. */
export interface PackedResults {
  readonly pack: string;
  /** A result at a time: how many findings, then of each what found it, in which field, from and to where. */
  readonly findings: readonly number[];
}

export function packInputs(inputs: readonly ScreenInput[], options: ScreenOptions): PackedInputs | PlainInputs {
  const names: string[] = [];
  const shape: number[] = [];
  let text = '';
  for (const input of inputs) {
    const fields = Object.keys(input);
    shape.push(fields.length);
    for (const name of fields) {
      const value: unknown = input[name as keyof ScreenInput];
      if (typeof value !== 'string') return { options, inputs };
      let index = names.indexOf(name);
      if (index < 0) index = names.push(name) - 1;
      shape.push(index, value.length);
      text += value;
    }
  }
  return { options, names, text, shape };
}

export function unpackInputs(batch: PackedInputs | PlainInputs): readonly ScreenInput[] {
  if ('inputs' in batch) return batch.inputs;
  const { names, text, shape } = batch;
  const inputs: ScreenInput[] = [];
  let at = 0;
  let start = 0;
  const next = (): number => shape[at++] ?? 0;
  while (at < shape.length) {
    const input: Record<string, string> = {};
    for (let left = next(); left > 0; left--) {
      const name = names[next()] ?? '';
      const end = start + next();
      input[name] = text.slice(start, end);
      start = end;
    }
    inputs.push(input);
  }
  return inputs;
}

/** Findings of the engine itself, which stand behind the rules of the pack. */
const OWN: readonly ((field: string) => Finding)[] = [unread, (field) => overLong(field, MOST_UNITS), truncated];
const OWN_RULES: readonly string[] = OWN.map((made) => made('').rule);
/** The fields findings are told of; one is told of no field. */
const TOLD: readonly string[] = [...FIELDS, ''];

/** What finds, by its number: the rules of the pack, then {@link OWN_RULES}. */
export function numbersOf(pack: Pack): ReadonlyMap<string, number> {
  return new Map([...pack.rules.map(({ id }) => id), ...OWN_RULES].map((id, number) => [id, number]));
}

/** @param numbers {@link numbersOf} the pack the results were found with */
export function packResults(results: readonly ScreenResult[], numbers: ReadonlyMap<string, number>): PackedResults {
  const packed: number[] = [];
  for (const { findings } of results) {
    packed.push(findings.length);
    for (const { rule, field, start, end } of findings) packed.push(numbers.get(rule) ?? -1, TOLD.indexOf(field), start, end);
  }
  return { pack: results[0]?.pack ?? '', findings: packed };
}

/** @param inputs what was screened, with these options and this pack */
export function unpackResults(
  { pack: reference, findings: packed }: PackedResults,
  inputs: readonly ScreenInput[],
  { context = [] }: ScreenOptions,
  { rules }: Pack,
): ScreenResult[] {
  let at = 0;
  const next = (): number => packed[at++] ?? -1;
  return inputs.map((input) => {
    const findings: Finding[] = [];
    for (let left = next(); left > 0; left--) {
      const number = next();
      const field = TOLD[next()];
      const start = next();
      const end = next();
      const rule = rules[number];
      const own = OWN[number - rules.length];
      // A finding that cannot be told in full must not be told in part.
      if (field === undefined || (own === undefined && rule === undefined)) throw new TypeError('finding of an unknown rule or field');
      const text: unknown = input[field as keyof ScreenInput];
      findings.push(
        rule === undefined
          ? (own ?? unread)(field)
          : violation(inContext(rule, context), field, typeof text === 'string' ? text : '', start, end),
      );
    }
    return { outcome: outcomeOf(findings), findings, pack: reference };
  });
}
