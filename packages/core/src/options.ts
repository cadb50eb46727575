import type { DisclosureHooks } from './domain/disclosure/context.ts';
import type { DutyHooks } from './domain/duties/context.ts';
import type { FeeHooks } from './domain/fees/context.ts';
import type { PersonalHooks } from './domain/personal-information/access.ts';
import type { SecondOpinion } from './domain/posting-review/second-opinion.ts';
import type { RetentionHooks } from './domain/retention/events.ts';
import type { Probes } from './domain/self-audit/audits.ts';
import type { Anchoring } from './evidence/anchors/publisher.ts';
import type { Archive } from './kernel/archive.ts';
import type { Calendar } from './kernel/calendar.ts';
import type { Clock } from './kernel/clock.ts';
import { ComplianceError } from './kernel/errors.ts';
import type { IdentityOptions } from './kernel/identity.ts';
import type { Keys } from './kernel/keys.ts';
import type { Store } from './kernel/store.ts';
import type { TimeSource } from './kernel/time-source.ts';
import type { Unsealed } from './kernel/unsealed.ts';
import type { Pack } from './screening/types.ts';

/** What checkpoints are signed with (签名). */
export interface Signing {
  /** The log's public name. */
  readonly name: string;
  readonly privateKeyPem: string;
  /** Further keys that sign as well while verifiers change from one to another: the next, or the one before. Default: none. */
  readonly alsoSignWith?: readonly string[];
}

export interface ComplianceOptions {
  /** Where records and evidence live. */
  readonly store: Store;
  /** Signs checkpoints: the log's public name and an Ed25519 key, PKCS #8 PEM. Keep the key out of the store. */
  readonly signing: Signing;
  /** Whose access tokens are believed. */
  readonly identity: IdentityOptions;
  /**
   * What personal fields are sealed by, or `unsealed({ reason })`. Required where `NODE_ENV` is `production`; elsewhere the
   * default is to seal nothing.
   */
  readonly keys?: Keys | Unsealed;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: Asia/Shanghai over the official holiday tables. */
  readonly calendar?: Calendar;
  /** Default: the national pack. */
  readonly pack?: Pack;
  /** Ids of new records: opaque, unguessable. Default: time-ordered random letters. */
  readonly newId?: () => string;
  /** A language model or moderation service whose advisory verdict is recorded with every submission. Default: none. */
  readonly secondOpinion?: SecondOpinion;
  /** Where checkpoints go outside the reach of whoever holds this key and this store. Default: nowhere. */
  readonly anchors?: Anchoring;
  /** An archive for what is retained, clocks to check this machine's against, and what the host wants to hear of. Default: none. */
  readonly retention?: RetentionExtras;
  /** The quota of looks at personal information, and who hears of canaries. */
  readonly personal?: PersonalExtras;
  /** Looks at what only the host can see. */
  readonly selfAudit?: { readonly probes?: Probes };
  /** Who hears of duties that are due or were missed. */
  readonly duties?: DutyHooks;
  /** Who hears of home pages that lack something, and how they are fetched: default the global `fetch`. */
  readonly disclosure?: DisclosureExtras;
  /** Where the daily comparison of payments with the ledger gets them from. */
  readonly fees?: FeeHooks;
}

/** Settings of the monitor of home pages (公示监测设置). */
export interface DisclosureExtras extends DisclosureHooks {
  readonly fetch?: typeof globalThis.fetch;
}

/** Settings of the guard of personal information (个人信息外发设置). */
export interface PersonalExtras extends PersonalHooks {
  /** Subjects one account may be shown on one civil day before an export has to be granted. Default 200. */
  readonly dailySubjects?: number;
}

/** What retention works with besides the store (保存的外部配置). */
export interface RetentionExtras extends RetentionHooks {
  /** Copies of what is retained, locked until the last day of their period. */
  readonly archive?: Archive;
  /** While one of them contradicts this machine's clock, or cannot be read, nothing is disposed of. */
  readonly timeSources?: readonly TimeSource[];
}

/** Each by its name, so that none is forgotten here. */
const OPTIONS: { readonly [name in keyof ComplianceOptions]-?: true } = {
  store: true,
  signing: true,
  identity: true,
  keys: true,
  clock: true,
  calendar: true,
  pack: true,
  newId: true,
  secondOpinion: true,
  anchors: true,
  retention: true,
  personal: true,
  selfAudit: true,
  duties: true,
  disclosure: true,
  fees: true,
};

/** @throws ZP_OPTION_INVALID naming an option nobody knows: a misspelt one must not be passed over */
export function checkOptions(options: ComplianceOptions): void {
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(OPTIONS, key))
      throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `未知配置项：${key}`, en: `unknown option: ${key}` } });
  }
}
