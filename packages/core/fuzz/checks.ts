import { screen } from '../src/screening/engine.ts';
import type { CompiledPack } from '../src/screening/engine.ts';
import type { Outcome, ScreenInput, ScreenResult } from '../src/screening/types.ts';

export interface Case {
  readonly input: ScreenInput;
  readonly complete: boolean;
  /** The text begins with a sentence that is unlawful by itself. */
  readonly isUnlawful: boolean;
}

export const PASSED = 'passes a text that begins with an unlawful sentence';

const RANK: Readonly<Record<Outcome, number>> = { pass: 0, advise: 1, review: 2, block: 3 };

export function screened({ input, complete }: Case, pack: CompiledPack): ScreenResult {
  return screen(input, pack, { complete });
}

/** What is wrong with a result, or undefined: whatever a posting says, these hold. */
export function faultOf(one: Case, pack: CompiledPack): string | undefined {
  let result: ScreenResult;
  try {
    result = screened(one, pack);
  } catch (error) {
    return `throws ${String(error)}`;
  }
  const { findings, outcome } = result;
  let strictest: Outcome = 'pass';
  for (const { rule, field, start, end, matched, severity } of findings) {
    if (RANK[severity] > RANK[strictest]) strictest = severity;
    if (rule === 'engine.unreadable' && field === '') return 'a fault inside the engine';
    const given: unknown = Object.entries(one.input).find(([name]) => name === field)?.[1];
    if (rule === 'engine.unreadable' && typeof given === 'string') return `says that ${field}, a text, cannot be read`;
    const text = typeof given === 'string' ? given : '';
    if (!(start >= 0 && start <= end && end <= text.length)) return `${rule} at ${start}..${end} lies outside ${field}`;
    if (text.slice(start, end) !== matched) return `${rule} quotes what does not stand at ${start}..${end} of ${field}`;
  }
  if (outcome !== strictest) return `outcome ${outcome} is not the strictest finding, ${strictest}`;
  if (one.isUnlawful && outcome === 'pass') return PASSED;
  if (Object.values(one.input).some((value: unknown) => typeof value !== 'string') && outcome === 'pass')
    return 'passes a field it cannot read';
  if (JSON.stringify(screened(one, pack)) !== JSON.stringify(result)) return 'gives another result the second time';
  return undefined;
}

/** The same fault in as little text as a few hundred tries find. */
export function smallest(one: Case, stillFails: (smaller: Case) => boolean): Case {
  let least = one;
  for (let size = 4096; size >= 1; size = Math.floor(size / 2)) {
    for (const field of Object.keys(least.input)) {
      for (let at = 0; ;) {
        const text: unknown = Object.entries(least.input).find(([name]) => name === field)?.[1];
        if (typeof text !== 'string' || at >= text.length) break;
        const smaller: Case = { ...least, input: { ...least.input, [field]: text.slice(0, at) + text.slice(at + size) } };
        if (stillFails(smaller)) least = smaller;
        else at += size;
      }
    }
  }
  return least;
}
