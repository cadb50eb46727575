import { sha256Hex } from '../../kernel/canonical.ts';
import type { DutyInput, ProofInput } from '../../rules/duty-schemas.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';

/** What the calendar itself keeps of a duty: one it was told of, or what it has said about another's (日历记录). */
export type DutyRecord = {
  readonly tenant: string;
  readonly clock: string;
  readonly subject: string;
  readonly startedOn: string;
  readonly dueOn: string;
  readonly dueAt?: string;
  readonly opensOn?: string;
  readonly source?: Exclude<DutyInput['source'], undefined>;
  /** Day it was put on record, where somebody opened it. */
  readonly openedOn?: string;
  /** Its last day is only that of the year before: nobody has looked it up yet. */
  readonly guessed?: true;
  /** The one that took the place of a guess. */
  readonly replacedBy?: string;
  /** Whose records decide when it is discharged. */
  readonly keptBy: string;
  readonly open: boolean;
  /** Day on which it was put on record as missed; it stays a missed one, also when it is done later. */
  readonly missedOn?: string;
  /** The latest reminder: how many days before the last one it was for. */
  readonly reminded?: number;
  /** The host has still to hear of this. */
  readonly telling?: 'due' | 'missed';
  readonly discharged?: ProofInput & { readonly by: string; readonly late: boolean };
};

/** An address under which a calendar program reads the duties without a token (订阅地址). */
export type FeedRecord = { readonly tenant: string; readonly by: string; readonly at: string; readonly revoked: boolean };

/** One id for one duty, whoever comes to it first. */
export function dutyId(tenant: string, { clock, subject, dueOn }: Pick<SourcedDuty, 'clock' | 'subject' | 'dueOn'>): string {
  return sha256Hex(JSON.stringify([tenant, clock, subject, dueOn])).slice(0, 32);
}

/** Of one that is kept in the calendar: two that begin on different days may end on the same. */
export function ownDutyId({ tenant, clock, subject, dueOn, startedOn }: DutyRecord): string {
  return sha256Hex(JSON.stringify([tenant, clock, subject, dueOn, startedOn])).slice(0, 32);
}
