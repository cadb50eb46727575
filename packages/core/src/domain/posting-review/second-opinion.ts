import type { Text } from '../../kernel/text.ts';
import type { ScreenInput, ScreenResult } from '../../screening/types.ts';

/** What another judge says of a posting (第二意见). Advisory: it can send a posting to a person, never past one. */
export interface Opinion {
  readonly verdict: 'clear' | 'doubt';
  /** Codes of what it doubts, at most 20. */
  readonly grounds?: readonly string[];
  readonly note?: Text;
}

/** A port to a language model or a moderation service; the kit works without one. */
export interface SecondOpinion {
  readonly name: string;
  /** Version of model and prompt, recorded with every verdict. */
  readonly version: string;
  /** How long to wait, in ms. Default 2000. */
  readonly timeoutMs?: number;
  ask(input: ScreenInput, signal: AbortSignal): Promise<Opinion>;
}

/** As kept with the screening decision. */
export type OpinionRecord = {
  readonly name: string;
  readonly version: string;
  readonly verdict: 'clear' | 'doubt' | 'unavailable';
  readonly grounds: readonly string[];
  readonly note?: { readonly zh: string; readonly en: string };
};

const TIMEOUT_MS = 2000;
const MOST_GROUNDS = 20;
const MOST_NOTE = 500;

function clipped(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, MOST_NOTE).toWellFormed() : '';
}

/** Ask, and take no answer, a late one or a malformed one as `unavailable`. */
export async function askOpinion(port: SecondOpinion, input: ScreenInput): Promise<OpinionRecord> {
  const basis = { name: port.name, version: port.version };
  const signal = AbortSignal.timeout(port.timeoutMs ?? TIMEOUT_MS);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('late')), { once: true });
  });
  try {
    const { verdict, grounds, note } = await Promise.race([port.ask(input, signal), late]);
    if (verdict !== 'clear' && verdict !== 'doubt') return { ...basis, verdict: 'unavailable', grounds: [] };
    return {
      ...basis,
      verdict,
      grounds: (grounds ?? []).slice(0, MOST_GROUNDS).map(clipped),
      ...(note ? { note: { zh: clipped(note.zh), en: clipped(note.en) } } : {}),
    };
  } catch {
    return { ...basis, verdict: 'unavailable', grounds: [] };
  }
}

/** A doubt sends to a person what the rules would have let through with less; it clears nothing. */
export function withOpinion(outcome: ScreenResult['outcome'], opinion: OpinionRecord | undefined): ScreenResult['outcome'] {
  return opinion?.verdict === 'doubt' && (outcome === 'pass' || outcome === 'advise') ? 'review' : outcome;
}
