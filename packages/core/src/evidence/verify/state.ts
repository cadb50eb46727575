import type { Store } from '../../kernel/store.ts';
import { createFaults } from './faults.ts';
import type { FaultList } from './faults.ts';

/** What all tenants share: which records were already reported, and which the store cannot hand out. */
export interface Shared {
  readonly store: Store;
  /** Keys of records reported with the entry that wrote them: the second pass need not name them again. */
  readonly flagged: Set<string>;
  /** Ids by collection. */
  readonly unreadable: Map<string, Set<string>>;
}

/** What is known about one tenant after its log was read, filled up while the records are. */
export interface TenantState {
  readonly tenant: string;
  readonly faults: FaultList;
  readonly vkey: string | undefined;
  readonly vkeySource: 'given' | 'store';
  /** Entries verified in place. */
  readonly size: number;
  /** Entries some valid signature speaks of. */
  readonly signed: number;
  /** One past the last row, covered or not. */
  readonly end: number;
  /** The last entry that cannot be read for what it did to records; -1 for none. */
  readonly lostUpTo: number;
  readonly checked: number;
  readonly unproven: number;
  records: number;
  unprovenRecords: number;
  /** Entries that wait for their number. */
  waiting: number;
  /** Checkpoints kept outside that agree. */
  kept: number;
}

/** A tenant nobody has heard of but a record. */
export function emptyState(tenant: string): TenantState {
  return {
    tenant,
    faults: createFaults(),
    vkey: undefined,
    vkeySource: 'store',
    size: 0,
    signed: 0,
    end: 0,
    lostUpTo: -1,
    checked: 0,
    unproven: 0,
    records: 0,
    unprovenRecords: 0,
    waiting: 0,
    kept: 0,
  };
}
