import type { HoldInput, PartKind, ServiceKind } from '../../rules/retention-schemas.ts';

/** One thing that had to end before a service was complete (完成依据). */
export type CompletionBasis = {
  /** A posting by its id, or all other parts together by the last of them. */
  readonly part: 'posting' | 'others';
  readonly id?: string;
  readonly endedOn: string;
  /** How it ended: the state of a posting, or `last-ended`. */
  readonly how: string;
};

/** A service (服务记录): what the period of Art. 26 runs from. */
export type ServiceRecord = {
  readonly tenant: string;
  readonly kind: ServiceKind;
  readonly organisation: string;
  readonly postings: readonly string[];
  /** Parts that have not ended, and parts in all. */
  readonly openParts: number;
  readonly parts: number;
  /** The day the last of the ended parts ended. */
  readonly partsEndedOn?: string;
  readonly state: 'open' | 'completed' | 'disposing';
  readonly openedOn: string;
  /** `serviceCompletedAt` as a civil date in Shanghai: a recorded legal fact. Absent means: keep. */
  readonly completedOn?: string;
  readonly completion?: {
    readonly by: string;
    readonly at: string;
    readonly reference: string;
    readonly basis: readonly CompletionBasis[];
  };
  /** How often it was reopened. */
  readonly reopened: number;
  /** Parts removed so far, by a disposal under way. */
  readonly removedParts?: number;
  /** Whether the archive has it as it is now: `due` until it has. */
  readonly archive: 'due' | 'kept';
  /** Segments of the archive that hold a copy of it. */
  readonly segments: readonly string[];
  readonly updatedAt: string;
};

export type PartRecord = {
  readonly tenant: string;
  readonly service: string;
  readonly kind: PartKind;
  readonly ref: string;
  readonly state: 'open' | 'ended';
  readonly openedOn: string;
  readonly endedOn?: string;
};

/** Which service a posting belongs to; it stays when both are gone, so that whoever asks for the posting finds the certificate. */
export type LinkRecord = { readonly tenant: string; readonly service: string; readonly disposed?: true };

export type HoldRecord = {
  readonly tenant: string;
  readonly kind: HoldInput['kind'];
  readonly target: string;
  readonly active: boolean;
  readonly reference: string;
  readonly by: string;
  readonly at: string;
  /** Asked for by the first person; done once `by` has two. */
  readonly release?: { readonly by: readonly string[]; readonly at: string; readonly reference: string };
};

/** What may be disposed of, as planned (处置清单). */
export type PlanItem = {
  readonly service: string;
  readonly organisation: string;
  readonly class: string;
  readonly months: number;
  readonly completedOn: string;
  /** Last day on which it must be kept. */
  readonly retainUntil: string;
};

export type PlanRecord = {
  readonly tenant: string;
  readonly state: 'planned' | 'approved' | 'applied';
  readonly madeBy: string;
  readonly madeAt: string;
  readonly items: readonly PlanItem[];
  readonly approvals: readonly { readonly by: string; readonly at: string }[];
  readonly outcome?: { readonly disposed: number; readonly kept: readonly { readonly service: string; readonly why: string }[] };
};

/** What a disposal claims, and nothing it has not done (处置凭证). It outlives what it is about. */
export type CertificateRecord = {
  readonly tenant: string;
  readonly organisation: string;
  readonly service: string;
  readonly kind: ServiceKind;
  readonly class: string;
  readonly months: number;
  readonly trigger: 'service-completed';
  readonly completedOn: string;
  readonly retainUntil: string;
  readonly plan: string;
  readonly approvers: readonly string[];
  readonly disposedBy: string;
  readonly disposedAt: string;
  /** Rows were removed; nothing is said of copies outside the store. */
  readonly method: 'delete';
  readonly postings: readonly { readonly id: string; readonly contentHash: string }[];
  /** Records removed, by collection. */
  readonly removed: { readonly [collection: string]: number };
  /** Where what was removed may still be read, which only the operator can see to. */
  readonly remains: readonly ('backups' | 'write-ahead-log' | 'free-pages' | 'archive')[];
  /** Segments of the archive with a copy: each goes once nothing in it is kept, which is an entry of its own. */
  readonly segments: readonly string[];
};

/**
 * The one row a tenant's disposals, holds and clock all write (处置闸口): what sets a hold and what removes a record can
 * never both succeed without one having seen the other.
 */
export type GateRecord = {
  readonly tenant: string;
  /** The latest instant any disposal, plan or tick has seen; empty while there was none. */
  readonly at: string;
  /** Months longer than the schedule's, by class. */
  readonly lengthened: { readonly [retentionClass: string]: number };
  /** Postings that ended before this instant have their service. */
  readonly settledTo?: string;
  /** A first person’s word that the clock is right. */
  readonly confirming?: { readonly by: string; readonly today: string; readonly at: string };
};

/** A part of the archive (归档段): services as they stood, in one object that is locked as long as any of them is kept. */
export type SegmentRecord = {
  readonly tenant: string;
  /** Key of the object. */
  readonly key: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Civil month in Shanghai in which it was written. */
  readonly month: string;
  readonly services: readonly string[];
  /** Last civil day on which the storage keeps it whatever anybody asks. */
  readonly lockedUntil: string;
  readonly state: 'kept' | 'removed';
  readonly at: string;
};

/** What a restore drill found (恢复演练记录). */
export type DrillRecord = {
  readonly tenant: string;
  readonly month: string;
  readonly by: string;
  readonly at: string;
  readonly ok: boolean;
  readonly segments: number;
  readonly services: number;
  readonly records: number;
  /** Whether there were more segments than one drill takes. */
  readonly sampled: boolean;
  readonly faults: readonly { readonly kind: DrillFault; readonly segment: string; readonly record?: string }[];
};
export type DrillFault = 'missing' | 'altered' | 'unreadable' | 'unlocked' | 'unvouched' | 'unopened' | 'incomplete' | 'unknown';

export function partId(service: string, kind: PartKind, ref: string): string {
  return `${service}.${kind}.${ref}`;
}
