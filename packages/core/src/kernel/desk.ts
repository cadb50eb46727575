import type { Calendar } from './calendar.ts';
import type { Execute, Idempotency, Reader } from './execute.ts';
import type { Actor } from './identity.ts';

/** What commands work with that read and write records of a tenant and count days (业务台). @typeParam V names of what may be permitted */
export interface Desk<V extends string> {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  permit(actor: Actor, verb: V): void;
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
