import type { Reader } from '../../kernel/execute.ts';
import { everything, load } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';
import { ledgerId } from './context.ts';
import type { ChargeRecord, RefundRecord } from './records.ts';

/** What the ledger says of some days and of what an export names (台账). */
export interface Ledger {
  /** By payment. */
  readonly allowed: ReadonlyMap<string, Loaded<ChargeRecord>>;
  readonly refused: ReadonlySet<string>;
  /** Charges allowed on the days compared. */
  readonly charges: number;
  /** Allowed charges that have to be in the export unless an earlier one had them. */
  readonly due: readonly ChargeRecord[];
  /** Of the charges named or given back on those days, by the id of the charge. */
  readonly refunds: ReadonlyMap<string, readonly RefundRecord[]>;
}

/** The days compared, and from and until when charges have to have been paid. */
export interface LedgerDays {
  readonly from: string;
  readonly through: string;
  readonly dueFrom: string;
  readonly dueThrough: string;
}

/** How many records are looked for at a time. */
const AT_ONCE = 50;

async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work));
}

/** The charges and refunds of those days, and the charges of other days that the export names. */
export async function readLedger(
  reader: Reader,
  tenant: string,
  days: LedgerDays,
  payments: ReconciliationInput['payments'],
): Promise<Ledger> {
  const { from, through, dueFrom, dueThrough } = days;
  const allowed = new Map<string, Loaded<ChargeRecord>>();
  const refused = new Set<string>();
  const due: ChargeRecord[] = [];
  let charges = 0;
  const range = { field: 'day', gte: from < dueFrom ? from : dueFrom, lte: through } as const;
  for (const charge of await everything<ChargeRecord>(reader, 'charges', { range })) {
    const { payment, day, state } = charge.body;
    if (state === 'refused') refused.add(payment);
    else {
      allowed.set(payment, charge);
      if (day >= from) charges++;
      if (day >= dueFrom && day <= dueThrough) due.push(charge.body);
    }
  }
  const named = new Set(payments.map(({ payment }) => payment));
  const others = [...named].filter((payment) => !allowed.has(payment));
  await inTurn(others, async (payment) => {
    const id = ledgerId('charge', tenant, payment);
    const charge = await load<ChargeRecord>(reader, 'charges', id);
    if (charge) allowed.set(payment, charge);
    else if (!refused.has(payment) && (await load(reader, 'charges', `${id}-000001`))) refused.add(payment);
  });
  const given = await everything<RefundRecord>(reader, 'refunds', { range: { field: 'day', gte: from, lte: through } });
  const known = new Set([...allowed.values()].map(({ id }) => id));
  await inTurn(
    [...new Set(given.map(({ body }) => body.charge))].filter((id) => !known.has(id)),
    async (id) => {
      const charge = await load<ChargeRecord>(reader, 'charges', id);
      if (charge) allowed.set(charge.body.payment, charge);
    },
  );
  const back = [...allowed.values()].filter(({ body }) => body.refundedFen > 0);
  const refunds = new Map<string, readonly RefundRecord[]>();
  await inTurn(back, async ({ id }) => {
    const all = await everything<RefundRecord>(reader, 'refunds', { where: { charge: id } });
    refunds.set(
      id,
      all.map(({ body }) => body),
    );
  });
  return { allowed, refused, charges, due, refunds };
}
