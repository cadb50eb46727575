import type { ErrorCode, ScreenInput } from '@zhengpin/core';

import type { Line } from '../input.ts';
import { LABELLED_GROUNDS } from './pack-schema.ts';

/** The fields a labelled posting has. */
export const FIELDS = ['title', 'text', 'salary', 'city'] as const;

/** A posting and what readers found in it (带标注的招聘信息). */
export interface Labelled {
  readonly id: string | null;
  readonly input: ScreenInput;
  /** Ground → the words that show it, empty when nothing is quoted. */
  readonly labels: ReadonlyMap<string, string>;
}

function labelsOf(given: unknown): ReadonlyMap<string, string> | undefined {
  if (!Array.isArray(given)) return undefined;
  const labels = new Map<string, string>();
  for (const one of given as readonly unknown[]) {
    if (typeof one !== 'object' || one === null || !('ground' in one) || typeof one.ground !== 'string') return undefined;
    if (!LABELLED_GROUNDS.includes(one.ground)) return undefined;
    const quote = 'quote' in one && typeof one.quote === 'string' ? one.quote : '';
    if (!labels.has(one.ground)) labels.set(one.ground, quote);
  }
  return labels;
}

/** A labelled posting, or undefined when the line is not one. @param isBare whether one without labels will do */
export function labelled(text: string, isBare = false): Labelled | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const given = new Map<string, unknown>(Object.entries(parsed));
  const labels = labelsOf(given.get('labels') ?? (isBare ? [] : undefined));
  if (labels === undefined) return undefined;
  const input: { -readonly [Field in (typeof FIELDS)[number]]?: string } = {};
  for (const field of FIELDS) {
    const value = given.get(field) ?? '';
    if (typeof value !== 'string') return undefined;
    input[field] = value;
  }
  const id = given.get('id');
  return { id: typeof id === 'string' || typeof id === 'number' ? String(id) : null, input, labels };
}

/** What is said of a line that cannot be used, as JSON: its number and why, nothing of what it holds. */
export function refusal(line: Line): string {
  const error: { readonly code: ErrorCode; readonly detail: object } =
    'error' in line
      ? line.error
      : {
          code: 'ZP_INPUT_INVALID',
          detail: {
            zh: '该行不是带标注的招聘信息',
            en: 'The line is not a labelled posting: id, title, city, salary, text, labels [{ground, quote}]',
          },
        };
  return `${JSON.stringify({ line: line.number, error })}\n`;
}
