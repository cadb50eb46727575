import type { Finding, Pack, Rule, ScreenInput, ScreenOptions, ScreenResult } from './types.ts';

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

type FromRule = 'title' | 'citations' | 'advice';
type LightFinding = Omit<Finding, FromRule> & Partial<Pick<Finding, FromRule>>;
type LightResult = Omit<ScreenResult, 'findings'> & { readonly findings: readonly LightFinding[] };

export function packInputs(inputs: readonly ScreenInput[], options: ScreenOptions): PackedInputs | PlainInputs {
  const names: string[] = [];
  const shape: number[] = [];
  let text = '';
  for (const input of inputs) {
    const entries: readonly (readonly [string, unknown])[] = Object.entries(input);
    shape.push(entries.length);
    for (const [name, value] of entries) {
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

export function rulesOf(pack: Pack): ReadonlyMap<string, Rule> {
  return new Map(pack.rules.map((rule) => [rule.id, rule]));
}

/** Results as text, without what their rules say in so many words: both sides have the pack. */
export function packResults(results: readonly ScreenResult[], rules: ReadonlyMap<string, Rule>): string {
  const light = (finding: Finding): LightFinding => {
    const rule = rules.get(finding.rule);
    const { title, citations, advice, ...rest } = finding;
    return rule && rule.title === title && rule.citations === citations && rule.advice === advice ? rest : finding;
  };
  return JSON.stringify(results.map((result): LightResult => ({ ...result, findings: result.findings.map(light) })));
}

export function unpackResults(text: string, rules: ReadonlyMap<string, Rule>): ScreenResult[] {
  const whole = (finding: LightFinding): Finding => {
    const { title, citations, advice } = finding;
    if (title && citations && advice) return { ...finding, title, citations, advice };
    const rule = rules.get(finding.rule);
    // A finding that cannot be told in full must not be told in part.
    if (!rule) throw new TypeError('finding of an unknown rule');
    return { ...finding, title: rule.title, citations: rule.citations, advice: rule.advice };
  };
  // Written by `packResults` of the same release.
  const results = JSON.parse(text) as readonly LightResult[];
  return results.map((result) => ({ ...result, findings: result.findings.map(whole) }));
}
