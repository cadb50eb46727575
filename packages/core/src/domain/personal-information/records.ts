import type { Role } from '../../kernel/identity.ts';
import type { AccessInput } from '../../rules/personal-schemas.ts';

/** One look at personal information (访问记录): who, whose, which fields, why. Never the information itself. */
export type AccessItem = {
  readonly by: string;
  readonly role: Role;
  readonly at: string;
  readonly route: string;
  readonly purpose: string;
  readonly basis: string;
  readonly how: AccessInput['how'];
  readonly fields: readonly string[];
  /** Opaque ids, as many as are listed; `count` has all of them. */
  readonly subjects: readonly string[];
  readonly count: number;
  /** Kinds of information that were found undeclared and redacted. */
  readonly undeclared: readonly string[];
  /** Refused for its quota: nothing was shown. */
  readonly refused?: true;
};

/** Looks that were recorded together, in one entry. */
export type AccessRecord = { readonly tenant: string; readonly at: string; readonly items: readonly AccessItem[] };

/** How many subjects a person was shown on a civil day in Shanghai, and how many more they may be. */
export type AccessCounter = {
  readonly tenant: string;
  readonly day: string;
  readonly by: string;
  readonly subjects: number;
  readonly granted: number;
};

/** An export beyond the daily quota, asked for and granted (批量导出申请). */
export type ExportRecord = {
  readonly tenant: string;
  readonly by: string;
  readonly role: Role;
  readonly purpose: string;
  readonly count: number;
  readonly reference: string;
  readonly askedAt: string;
  readonly state: 'asked' | 'granted';
  /** The civil day it is good for. */
  readonly day?: string;
  readonly grantedBy?: string;
};

/** An invented identity nobody has business to look at (诱饵身份). */
export type CanaryRecord = {
  readonly tenant: string;
  readonly subject: string;
  readonly setBy: string;
  readonly at: string;
  readonly touched: number;
};

export function counterId(tenant: string, day: string, by: string): string {
  return `${tenant}/${day}/${by}`;
}

export function canaryId(tenant: string, subject: string): string {
  return `${tenant}/${subject}`;
}
