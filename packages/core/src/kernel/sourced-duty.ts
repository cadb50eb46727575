/** A duty as one part of the kit knows it from its own records (某项义务). */
export type SourcedDuty = {
  readonly clock: string;
  readonly subject: string;
  readonly startedOn: string;
  readonly dueOn: string;
  /** Of clocks that count hours. */
  readonly dueAt?: string;
  readonly discharged?: { readonly on: string; readonly late: boolean; readonly reference?: string };
};

/** How far back sources tell of what was discharged, in days. */
export const TOLD_DAYS = 400;
