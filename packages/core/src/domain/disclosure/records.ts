import type { Validity } from '../../kernel/validity.ts';
import type { CredentialInput, DisclosureInput, EndingInput, WaiverInput } from '../../rules/disclosure-schemas.ts';

export type CredentialKind = CredentialInput['kind'];

/** A credential as recorded (证照); an earlier one stays, superseded. */
export type CredentialRecord = CredentialInput & {
  readonly tenant: string;
  readonly current: boolean;
  readonly by: string;
  readonly at: string;
};

/** Counsel’s word that one is not needed, until a day (豁免意见). */
export type WaiverRecord = WaiverInput & { readonly tenant: string; readonly by: string; readonly at: string };

/** One stretch of time a credential of the operator is in force, or not needed, as the publication of postings reads it (发布条件摘要). */
export type GatePeriod = Validity & {
  readonly waived?: true;
  readonly number?: string;
  readonly authority?: string;
  readonly scope?: readonly string[];
};

/** It stands in the operator’s own record. */
export type CredentialGate = { readonly [kind in CredentialKind]?: readonly GatePeriod[] };

/** What is displayed, as it stands (公示内容); each version also stays by itself. */
export type DisclosureRecord = Omit<DisclosureInput, 'changedOn' | 'registration'> & {
  readonly tenant: string;
  readonly by: string;
  readonly at: string;
  /** Day of the first version. */
  readonly since: string;
  /** Every home page there ever was: it is looked at from the day it was named until the day before it was taken out. */
  readonly pages: readonly {
    readonly id: string;
    readonly kind: 'web' | 'app' | 'mini-program';
    readonly since: string;
    readonly until?: string;
  }[];
};

/** A change that has to be reported to the authority, or brought up to date on the home page (变更事项). */
export type ChangeRecord = {
  readonly tenant: string;
  readonly clock: 'change-report' | 'disclosure-update' | 'ending-report';
  readonly items: readonly { readonly field: string; readonly from: string; readonly to: string }[];
  readonly startedOn: string;
  readonly dueOn: string;
  /** Of the registration that was completed. */
  readonly proof?: { readonly reference: string; readonly sha256: string };
  readonly by: string;
  readonly at: string;
  readonly done?: {
    readonly on: string;
    readonly late: boolean;
    readonly reference?: string;
    readonly sha256?: string;
    readonly by: string;
  };
};

/** A service that is to end (终止服务). */
export type EndingRecord = EndingInput & {
  readonly tenant: string;
  readonly state: 'announced' | 'ended' | 'deregistered' | 'called-off';
  readonly announcedOn: string;
  readonly by: string;
  readonly at: string;
  readonly endedOn?: string;
};

/** A home page as it was on a day (首页留存记录). */
export type CaptureRecord = {
  readonly tenant: string;
  readonly page: string;
  readonly day: string;
  readonly at: string;
  /** By the monitor, or seen by a person. */
  readonly how: 'fetched' | 'seen';
  readonly by: string;
  readonly ok: boolean;
  /** HTTP status; 0 when nothing answered. */
  readonly status?: number;
  readonly bytes?: number;
  /** Of the page as it came, or of the screenshot. */
  readonly sha256?: string;
  readonly reference?: string;
  readonly present: readonly string[];
  readonly missing: readonly string[];
  /** Items whose link does not answer. */
  readonly unreachable: readonly string[];
  /** Whether the notice that the service ends was there, while there is one. */
  readonly endingShown?: boolean;
  /** The first look of the day that found something missing, also where a later one found all. */
  readonly gapAt?: string;
  /** The host has still to hear of the gap. */
  readonly telling?: true;
};

export function captureId(tenant: string, page: string, day: string): string {
  return `${tenant}:${page}:${day}`;
}

/** Versions sort as they were made. */
export function versionId(tenant: string, version: number): string {
  return `${tenant}:${String(version).padStart(8, '0')}`;
}
