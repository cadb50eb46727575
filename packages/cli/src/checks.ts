import { isComplianceError } from '@zhengpin/core';
import type { Text } from '@zhengpin/core';

export type Status = 'ok' | 'finding' | 'cannot-check';

/** One thing a look-over saw (检查项). */
export interface Check {
  readonly id: string;
  readonly status: Status;
  readonly detail: Text;
}

export function ok(id: string, zh: string, en: string): Check {
  return { id, status: 'ok', detail: { zh, en } };
}

export function finding(id: string, zh: string, en: string): Check {
  return { id, status: 'finding', detail: { zh, en } };
}

export function unknown(id: string, zh: string, en: string): Check {
  return { id, status: 'cannot-check', detail: { zh, en } };
}

/** What a refusal of the kit says; any other error is passed on. */
export function refusal(error: unknown): Text {
  if (isComplianceError(error)) return error.detail;
  throw error;
}
