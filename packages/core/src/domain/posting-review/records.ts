import type { Validity } from '../../kernel/validity.ts';
import type { PostingContent } from '../../rules/posting-schema.ts';
import type { MaterialKind } from '../../rules/schemas.ts';
import type { Finding, Outcome } from '../../screening/types.ts';
import type { OpinionRecord } from './second-opinion.ts';

/** The posting's states (招聘信息状态). Submission and screening are one atomic step, so no posting rests between them. */
export const POSTING_STATES = [
  'draft',
  'in-review',
  'approved',
  'returned',
  'rejected',
  'published',
  'expired',
  'withdrawn',
  'suspended',
  'closed',
] as const;
export type PostingState = (typeof POSTING_STATES)[number];

type WithText = { readonly zh: string; readonly en: string };
type CitationRecord = { readonly instrument: string; readonly article: string; readonly version: string };

/** One finding set aside on appeal, and by what. */
export type Clearance = {
  readonly rule: string;
  readonly field: string;
  readonly start: number;
  readonly exception?: string;
  readonly misreading?: string;
};

export type PostingRecord = {
  readonly tenant: string;
  readonly organisation: string;
  readonly state: PostingState;
  readonly title: string;
  readonly employerUscc: string;
  /** Number of content versions; the current one is `postingVersions/<id>.<contentVersion>`. */
  readonly contentVersion: number;
  readonly contentHash: string;
  readonly submittedBy: string;
  readonly updatedAt: string;
  readonly outcome: Outcome;
  /** The screening decision of the current version. */
  readonly screening?: string;
  /** The open or last review task of the current version. */
  readonly review?: string;
  /** Present only while the current version stands approved. */
  readonly approval?: {
    readonly decision: string;
    readonly contentHash: string;
    readonly by: string;
    readonly materials: readonly string[];
  };
  /** Persons who may not approve the current version: who submitted it, who decided its appeal. */
  readonly barred: readonly string[];
  readonly clearances: readonly Clearance[];
  readonly publishedAt?: string;
  /** Last civil date the posting is shown: the earliest of validity, re-confirmation, licence and materials. */
  readonly expiresOn?: string;
};

export type VersionRecord = {
  readonly tenant: string;
  readonly organisation: string;
  readonly posting: string;
  readonly content: PostingContent;
  /** Keeps the hash, which stands in evidence for good, from telling anyone who guesses the content. */
  readonly salt: string;
  readonly contentHash: string;
  readonly by: string;
  readonly at: string;
};

export type MaterialRecord = {
  readonly tenant: string;
  readonly organisation: string;
  readonly kind: MaterialKind;
  readonly employerUscc: string;
  readonly reference: string;
  readonly sha256: string;
  /** As in {@link VersionRecord}. */
  readonly salt: string;
  readonly expiresOn?: string;
  readonly handler?: string;
  readonly state: 'submitted' | 'accepted' | 'rejected' | 'revoked';
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly review?: string;
  readonly verdict?: { readonly by: string; readonly at: string; readonly decision: string };
  readonly barred: readonly string[];
};

export type OrganisationRecord = {
  readonly tenant: string;
  readonly name: string;
  readonly uscc: string;
  readonly accountType: 'employer-direct' | 'commercial-agency' | 'public-agency';
  readonly branches: readonly { readonly name: string; readonly uscc: string }[];
  readonly registeredBy: string;
  readonly updatedAt: string;
};

export type OperatorRecord = {
  readonly tenant: string;
  readonly name: string;
  readonly agencyType: 'public' | 'commercial';
  readonly modes: readonly ('platform' | 'in-platform' | 'own-site' | 'other')[];
  readonly jurisdictions: readonly string[];
  readonly licence?: {
    readonly number: string;
    readonly authority: string;
    readonly scope: readonly string[];
    readonly validFrom: string;
    readonly validThrough?: string;
  };
  /** Set by the vault of credentials: from when until when each is in force, waivers included. */
  readonly credentials?: {
    readonly [kind in 'business-licence' | 'telecom-licence']?: readonly Validity[];
  } & {
    readonly 'hr-licence'?: readonly (Validity & {
      readonly number: string;
      readonly authority: string;
      readonly scope: readonly string[];
    })[];
  };
  /** Day on which it ended its service of its own accord. */
  readonly endedOn?: string;
  readonly relaxations: readonly { readonly field: string; readonly reason: string }[];
  /** Day of its first profile: clocks of what was never done run from it. */
  readonly since?: string;
  readonly setBy: string;
  readonly setAt: string;
};

/** A task of the one review queue (审查任务). */
export type ReviewRecord = {
  readonly tenant: string;
  readonly kind: 'posting' | 'material' | 'appeal';
  readonly subject: string;
  readonly organisation: string;
  readonly contentHash: string;
  readonly state: 'open' | 'done' | 'void';
  readonly openedAt: string;
  readonly barred: readonly string[];
  /** A lease (领取): void after `until`; `fence` grows with every claim, so a late holder cannot act on a stale one. */
  readonly claim?: { readonly by: string; readonly until: string; readonly fence: number };
  readonly fence: number;
  readonly decision?: string;
};

/** One reason of a statement of reasons (处理理由). */
export type ReasonRecord = {
  readonly reason: string;
  readonly ground?: string;
  readonly rule?: string;
  readonly class?: string;
  readonly severity?: string;
  /** The flag of the posting that gave the severity, where one did. */
  readonly context?: string;
  readonly field?: string;
  readonly start?: number;
  readonly end?: number;
  readonly pointer?: string;
  readonly facts?: string;
  readonly title: WithText;
  readonly advice: WithText;
  readonly citations: readonly CitationRecord[];
};

export type Verdict = 'refer' | 'block' | 'approve' | 'return' | 'reject' | 'accept' | 'suspend' | 'revoke' | 'uphold' | 'overturn';

/** A decision with its statement of reasons (决定及理由). */
export type DecisionRecord = {
  readonly tenant: string;
  readonly subject: string;
  readonly collection: 'postings' | 'materials' | 'decisions';
  readonly organisation: string;
  readonly contentHash: string;
  readonly verdict: Verdict;
  readonly automated: boolean;
  readonly by: string;
  readonly at: string;
  readonly pack: string | null;
  readonly outcome: Outcome | null;
  readonly reasons: readonly ReasonRecord[];
  readonly appeal: { readonly possible: boolean; readonly how: WithText };
  readonly clearances?: readonly Clearance[];
  readonly checklist?: readonly string[];
  readonly materials?: readonly string[];
  /** What another judge said; advisory. */
  readonly secondOpinion?: OpinionRecord;
};

export type AppealRecord = {
  readonly tenant: string;
  readonly decision: string;
  readonly explanation: string;
  readonly filedBy: string;
  readonly filedAt: string;
  readonly state: 'open' | 'upheld' | 'overturned' | 'moot';
  readonly outcome?: string;
};

/** Id of a content version. */
export function versionId(posting: string, contentVersion: number): string {
  return `${posting}.${contentVersion}`;
}

/** A screening finding as a reason: offsets and law, without the words themselves. */
export function reasonOfFinding(finding: Finding): ReasonRecord {
  const { rule, ground, severity, context, field, start, end, title, advice } = finding;
  const citations = finding.citations.map(({ instrument, article, version }) => ({ instrument, article, version }));
  return {
    reason: 'screening',
    rule,
    ground,
    class: finding.class,
    severity,
    ...(context === undefined ? {} : { context }),
    field,
    start,
    end,
    title: { zh: title.zh, en: title.en },
    advice: { zh: advice.zh, en: advice.en },
    citations,
  };
}
