import type { Calendar } from '../../kernel/calendar.ts';
import type { Execute, Idempotency, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Verb } from '../../rules/permissions.ts';

/** What consents, requests, transfers and incidents work with. */
export interface DeskContext {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  permit(actor: Actor, verb: Verb): void;
  newId(): string;
  now(): number;
}

export interface DeskOptions {
  readonly idempotency?: Idempotency;
}

export function retrying(options: DeskOptions): DeskOptions {
  return options.idempotency ? { idempotency: options.idempotency } : {};
}

/** Working days where the table knows them, and as many with weekends where it does not yet: never later than asked. */
export function workingDaysFrom(calendar: Calendar, date: string, days: number): string {
  const years = calendar.years();
  const last = years.at(-1) ?? 0;
  return Number(calendar.addDays(date, days * 2).slice(0, 4)) <= last ? calendar.addWorkingDays(date, days) : calendar.addDays(date, days);
}
