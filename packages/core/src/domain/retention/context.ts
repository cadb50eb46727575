import type { Calendar } from '../../kernel/calendar.ts';
import type { Execute, Idempotency, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { PlacedRecord } from '../../kernel/records.ts';
import type { Archive } from '../../kernel/archive.ts';
import type { Change, StoredRecord } from '../../kernel/store.ts';
import type { TimeSource } from '../../kernel/time-source.ts';
import type { RetentionHooks } from './events.ts';
import type { Verb } from '../../rules/permissions.ts';

/** A posting as retention sees it (保存视角的招聘信息). */
export interface RetainedPosting {
  readonly organisation: string;
  readonly contentHash: string;
  /** The day its service ended and the state that ended it; absent while it is under way. */
  readonly ended?: { readonly on: string; readonly how: string };
}

/** What retention asks of the duty that owns postings. */
interface RetainedPostings {
  find(reader: Reader, id: string): Promise<RetainedPosting | undefined>;
  /** Postings that ended after an instant, in no order that matters. */
  ended(reader: Reader, since: string): AsyncIterable<{ readonly id: string; readonly organisation: string }>;
  /** Everything kept of a posting, as it stands. */
  records(reader: Reader, id: string): Promise<readonly PlacedRecord[]>;
  /** Everything of a posting, as changes that remove it; undefined while somebody still works on any of it. */
  removal(reader: Reader, id: string): Promise<readonly Change[] | undefined>;
}

/** What the commands of retention work with. */
export interface RetentionContext {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  permit(actor: Actor, verb: Verb): void;
  readonly postings: RetainedPostings;
  /** Where copies of what is retained go; absent: nowhere. */
  readonly archive?: Archive;
  /** Reads records as they are stored: what is sealed stays sealed. */
  stored(tenant: string): Reader;
  /** Reads copies as duties read records: what is sealed is opened, if its key is there. */
  opened(tenant: string, copies: Reader): Reader;
  /** Whether the evidence log committed to a copy of a record, as it is. */
  isVouched(tenant: string, collection: string, record: StoredRecord): Promise<boolean>;
  /** Clocks outside this process, and traces of time. */
  readonly sources: readonly TimeSource[];
  readonly hooks: RetentionHooks;
  /** In which modes the operator of a tenant works; empty while it has not said. */
  modesOf(reader: Reader, tenant: string): Promise<readonly string[]>;
  /** Whether signed evidence of the tenant is missing: what was decided is then not known for sure. */
  hasLosses(tenant: string): Promise<boolean>;
  newId(): string;
  now(): number;
}

export interface RetentionOptions {
  readonly idempotency?: Idempotency;
}

export function idempotent(options: RetentionOptions): { readonly idempotency?: Idempotency } {
  return options.idempotency ? { idempotency: options.idempotency } : {};
}
