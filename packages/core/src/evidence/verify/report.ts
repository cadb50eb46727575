import type { Text } from '../../kernel/text.ts';

/** What can be wrong with a log or a record (差错种类). */
export type FaultKind =
  /** The row of an entry was changed, or cannot be read. */
  | 'edited'
  /** An entry between two others is gone. */
  | 'missing'
  /** The row holds the entry of another place. */
  | 'reordered'
  /** Rows agree with each other but not with a signed root. */
  | 'forked'
  /** The end of the log is gone. */
  | 'truncated'
  /** Everything inside agrees, and with no checkpoint kept outside: made anew by a holder of the key. */
  | 'rewritten'
  /** An older state came back and was written on from, as after a fail-over or a restored backup. */
  | 'rolled-back'
  /** Rows no signed checkpoint covers. */
  | 'unsigned'
  /** The record is not what its newest entry committed to, or cannot be read. */
  | 'record-edited'
  /** The record is gone and no entry removed it. */
  | 'record-missing'
  /** An older version is back, or a removed record. */
  | 'record-rolled-back'
  /** A record the log never heard of. */
  | 'record-unrecorded'
  /** A checkpoint whose signature, origin or size does not hold. */
  | 'checkpoint-invalid'
  /** A checkpoint the head counts and the store no longer has. */
  | 'checkpoint-missing'
  /** A log without a head. */
  | 'head-missing'
  /** A head that cannot be read, or that the log or its own signature contradicts. */
  | 'head-invalid'
  /** A row the store cannot hand out, and no way past it. */
  | 'unreadable';

/** One thing that is wrong, and where (差错). */
export interface Fault {
  readonly kind: FaultKind;
  /** Sequence number of the entry it names; the first one when it is a range. */
  readonly seq?: number;
  /** Row id of that entry. */
  readonly entry?: string;
  readonly record?: { readonly collection: string; readonly id: string };
  readonly detail: Text;
}

/** What was found about one tenant (租户校验结果): its log, its signatures and its records. */
export interface TenantReport {
  readonly tenant: string;
  /** Entries found in place, from 0 without counting rows no checkpoint covers. */
  readonly size: number;
  /** Signed checkpoints whose root was recomputed and agrees. */
  readonly checkpointsChecked: number;
  /** Checkpoints that cannot be recomputed because an entry they cover is damaged, or that were signed before the given key was in use. */
  readonly checkpointsUnproven: number;
  readonly recordsChecked: number;
  /** Records, present or gone, that only a damaged entry could vouch for: look at them once the entry is restored. */
  readonly recordsUnproven: number;
  /** Entries that are durable and wait for their number: signed for within moments, by nobody yet. */
  readonly waiting: number;
  /** Checkpoints of the list kept outside whose root was recomputed and agrees. */
  readonly keptChecked: number;
  /** Verifier key used; empty when there is none. */
  readonly vkey: string;
  /** `store`: the key came out of the very store under test and proves no more than that it agrees with itself. */
  readonly vkeySource: 'given' | 'store';
  readonly ok: boolean;
  /** By sequence number, so the first one names the first wrong entry; at most 100. */
  readonly faults: readonly Fault[];
  /** Faults beyond those listed. */
  readonly more: number;
}

/** The outcome of a verification (校验报告), by tenant. */
export interface VerifyReport {
  readonly ok: boolean;
  readonly tenants: readonly TenantReport[];
}

/** A checkpoint kept outside the store (外存检查点). */
export interface KeptCheckpoint {
  readonly note: string;
  /** When it had certainly left the platform, an instant; a witness's own time counts before it. Default not known. */
  readonly keptAt?: string;
}

/** What to verify and what to trust (校验选项): what is kept outside the store proves more than what is in it. */
export interface VerifyOptions {
  /** Only this tenant; default all. */
  readonly tenant?: string;
  /** Verifier key kept outside the store; default the one in the log head, which an attacker may have replaced. */
  readonly vkey?: string;
  /** A signed checkpoint kept outside the store, or all that were: the log must contain each. */
  readonly against?: string | readonly KeptCheckpoint[];
  /** Verifier keys of witnesses: of the list kept outside only checkpoints count that every one of them has cosigned. */
  readonly witnesses?: readonly string[];
  /** Called after each page of entries. */
  readonly onProgress?: (done: number, total: number) => void;
}
