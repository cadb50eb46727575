import type { JsonObject } from '../../kernel/store.ts';
import type { AttestationInput } from '../../rules/audit-schemas.ts';
import type { AuditCheck } from '../../rules/self-audit-checks.ts';

/** What one look found (自查结果). Facts are numbers, codes and ids. */
export type ProbeResult = {
  readonly state: 'passed' | 'failed' | 'not-applicable';
  readonly facts: JsonObject;
};

export type AuditItem = {
  readonly check: string;
  readonly state: ProbeResult['state'] | 'waiting';
  readonly facts: JsonObject;
  /** Who answered, for what only a person can. */
  readonly attested?: {
    readonly by: string;
    readonly at: string;
    readonly answer: AttestationInput['answer'];
    readonly reference: string;
    readonly sha256: string;
  };
};

/** A self-audit (自查记录). */
export type AuditRecord = {
  readonly tenant: string;
  readonly kind: 'light' | 'full';
  readonly state: 'open' | 'closed';
  readonly startedBy: string;
  readonly startedAt: string;
  readonly items: readonly AuditItem[];
  readonly closed?: { readonly by: string; readonly at: string; readonly on: string };
};

/** A hazard that was found, until it is gone (隐患与整改). */
export type FindingRecord = {
  readonly tenant: string;
  readonly check: string;
  readonly severity: AuditCheck['severity'];
  readonly state: 'open' | 'remedied' | 'closed';
  readonly foundAt: string;
  /** The audits that found it. */
  readonly audits: readonly string[];
  readonly facts: JsonObject;
  readonly owner?: string;
  readonly dueOn?: string;
  readonly remedy?: { readonly by: string; readonly at: string; readonly reference: string; readonly sha256: string };
  readonly retest?: {
    readonly by: string;
    readonly at: string;
    readonly state: ProbeResult['state'] | 'confirmed';
    readonly facts: JsonObject;
  };
};
