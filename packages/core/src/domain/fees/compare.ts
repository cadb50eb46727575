import type { Calendar } from '../../kernel/calendar.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';
import type { Ledger } from './ledger.ts';
import type { ChargeRecord, Difference, DifferenceCounts, DifferenceKind } from './records.ts';

type Payment = ReconciliationInput['payments'][number];

/** What a comparison finds, and which charges it sees in an export for the first time. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** With the day of the line; `seenOn` is to be set to it. */
  readonly seen: readonly { readonly charge: Loaded<ChargeRecord>; readonly on: string }[];
}

/** Every difference (差异), the export’s lines first and in their order. */
export function compare(
  payments: readonly Payment[],
  ledger: Ledger,
  { from, through }: { readonly from: string; readonly through: string },
  calendar: Calendar,
): Comparison {
  const { allowed, refused, refunds, due } = ledger;
  const differences: Difference[] = [];
  /** Day of the first line of this export, by payment. */
  const firstOn = new Map<string, string>();
  /** The latest total given back by this export. */
  const told = new Map<string, number>();
  const wrongRefunds = new Set<string>();
  const refundsOf = (id: string) => refunds.get(id) ?? [];
  /** Given back by the end of a day. */
  const totalBy = (id: string, day: string): number =>
    refundsOf(id).reduce((sum, { day: on, amountFen }) => (on <= day ? sum + amountFen : sum), 0);

  function refundDiffers(payment: string, ofLedger: number, exported: number): void {
    if (!wrongRefunds.has(payment)) differences.push({ kind: 'refund-differs', payment, ledger: ofLedger, export: exported });
    wrongRefunds.add(payment);
  }

  for (const { payment, amountFen, payer, on, refundedFen = 0 } of payments) {
    const charge = allowed.get(payment);
    const first = charge?.body.seenOn ?? firstOn.get(payment) ?? on;
    const isAgain = firstOn.has(payment) || first !== on;
    if (!firstOn.has(payment)) firstOn.set(payment, on);
    if (charge === undefined) {
      const kind = isAgain ? 'duplicate-in-export' : refused.has(payment) ? 'refused-but-paid' : 'not-authorised';
      differences.push({ kind, payment, export: amountFen });
      continue;
    }
    const { id, body } = charge;
    const [byThen, byNow] = [totalBy(id, on), totalBy(id, through)];
    const isRefundRight = refundedFen === byThen || refundedFen === byNow;
    told.set(payment, Math.max(told.get(payment) ?? 0, refundedFen));
    if (isAgain) {
      // One recorded just before midnight may leave after it.
      const eve = calendar.addDays(on, -1);
      const gaveBack = first !== on && refundedFen > 0 && refundsOf(id).some(({ day }) => day === on || day === eve);
      if (first !== on && refundedFen > 0 && !isRefundRight) refundDiffers(payment, byNow, refundedFen);
      if (!gaveBack) {
        if (!wrongRefunds.has(payment)) differences.push({ kind: 'duplicate-in-export', payment, export: amountFen });
        continue;
      }
    }
    if (body.amountFen !== amountFen) differences.push({ kind: 'amount-differs', payment, ledger: body.amountFen, export: amountFen });
    if (body.payer.kind !== payer) differences.push({ kind: 'payer-differs', payment, ledger: body.payer.kind, export: payer });
    if (!isRefundRight) refundDiffers(payment, byNow, refundedFen);
  }
  for (const { id, body } of allowed.values()) {
    const byNow = totalBy(id, through);
    const isDue = refundsOf(id).some(({ day }) => day >= from && day <= through);
    if (isDue && told.get(body.payment) !== byNow) refundDiffers(body.payment, byNow, told.get(body.payment) ?? 0);
  }
  for (const { payment, amountFen, seenOn } of due)
    if (seenOn === undefined && !firstOn.has(payment)) differences.push({ kind: 'missing-in-export', payment, ledger: amountFen });
  const seen = [...firstOn].flatMap(([payment, on]) => {
    const charge = allowed.get(payment);
    return charge && charge.body.seenOn === undefined ? [{ charge, on }] : [];
  });
  return { differences, seen };
}

export function countsOf(differences: readonly Difference[]): DifferenceCounts {
  const count = (kind: DifferenceKind): number => differences.filter((one) => one.kind === kind).length;
  return {
    'not-authorised': count('not-authorised'),
    'refused-but-paid': count('refused-but-paid'),
    'amount-differs': count('amount-differs'),
    'payer-differs': count('payer-differs'),
    'refund-differs': count('refund-differs'),
    'missing-in-export': count('missing-in-export'),
    'duplicate-in-export': count('duplicate-in-export'),
    'unreadable-line': count('unreadable-line'),
    'days-left-out': count('days-left-out'),
  };
}
