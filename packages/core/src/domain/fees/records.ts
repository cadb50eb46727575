import type { ChargeInput, PriceListInput, PriceListWithdrawalInput, ReconciliationInput, RefundInput } from '../../rules/fee-schemas.ts';

/** A service and its price (收费项目). */
export type PriceItem = PriceListInput['items'][number];
export type Payer = PriceItem['payer'];

/** A version of the price list; none is ever removed (收费目录版本). */
export type PriceListRecord = PriceListInput & {
  readonly tenant: string;
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly publishedOn: string;
  readonly by: string;
  readonly at: string;
  /** Set where it was taken back before it took effect: it never does. */
  readonly withdrawn?: PriceListWithdrawalInput & { readonly by: string; readonly at: string; readonly on: string };
};

export type ChargeReasonCode =
  | 'no-price-list'
  | 'item-not-in-effect'
  | 'item-refused'
  | 'public-core-fee'
  | 'payer-differs'
  | 'amount-differs'
  | 'employer-collects'
  | 'payment-reused';

/** A decision about a payment (收款决定). Who paid stands here and nowhere in the evidence. */
export type ChargeRecord = ChargeInput & {
  readonly tenant: string;
  readonly state: 'allowed' | 'refused';
  readonly reasons: readonly ChargeReasonCode[];
  /** How many refusals of this payment came before and with it; 0 for the one that was allowed. */
  readonly attempt: number;
  /** SHA-256 over what was asked: tells a retry from another request. */
  readonly request: string;
  /** Number of the list in effect; null where there was none. */
  readonly priceList: number | null;
  readonly refundedFen: number;
  /** The first day on which a payment channel told of it. */
  readonly seenOn?: string;
  readonly day: string;
  readonly by: string;
  readonly at: string;
};

/** Money given back (退款记录). */
export type RefundRecord = RefundInput & {
  readonly tenant: string;
  /** What had been given back of the charge with it. */
  readonly totalFen: number;
  readonly day: string;
  readonly by: string;
  readonly at: string;
};

export type DifferenceKind =
  | 'not-authorised'
  | 'refused-but-paid'
  | 'amount-differs'
  | 'payer-differs'
  | 'refund-differs'
  | 'missing-in-export'
  | 'duplicate-in-export'
  | 'unreadable-line'
  | 'days-left-out';

/** Something that the ledger and the export say differently (差异). */
export type Difference = {
  readonly kind: DifferenceKind;
  readonly payment?: string;
  /** Of a line that cannot be read: its index in the export. What stands in it is not kept. */
  readonly line?: number;
  /** Of days that were never compared and are too long ago now: the first and the last. */
  readonly from?: string;
  readonly through?: string;
  /** What the ledger says. */
  readonly ledger?: number | Payer;
  /** What the export says. */
  readonly export?: number | Payer;
};

export type DifferenceCounts = { readonly [kind in DifferenceKind]: number };

/** A comparison of ledger and payments (对账记录). */
export type ReconciliationRecord = Omit<ReconciliationInput, 'payments'> & {
  readonly tenant: string;
  /** Lines of the export. */
  readonly payments: number;
  /** Allowed charges of those days. */
  readonly charges: number;
  readonly counts: DifferenceCounts;
  readonly total: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
  readonly by: string;
  readonly at: string;
};
