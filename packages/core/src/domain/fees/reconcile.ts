import { contentHash } from '../../kernel/canonical.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, listed, load } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { RECONCILIATION_SCHEMA } from '../../rules/fee-schemas.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import { ledgerId } from './context.ts';
import type { FeesContext } from './context.ts';
import type { ChargeRecord, Difference, DifferenceCounts, DifferenceKind, ReconciliationRecord } from './records.ts';

export type ReconciliationView = {
  readonly id: string;
  readonly counts: DifferenceCounts;
  readonly total: number;
  readonly differences: readonly Difference[];
};

/** Ledger against payment channel (对账). */
export interface ReconcileCommands {
  /**
   * Compare the ledger with an export of the payments of those days, in both directions, and put the outcome on record.
   * @throws ZP_INPUT_INVALID for days out of order, in the future or more than 92, and for a payment outside of them
   */
  reconcile(actor: Actor, input: unknown, options?: DeskOptions): Promise<ReconciliationView>;
  /**
   * Compare the last full days nobody has compared yet, by the host’s own export; at most 31 days back. Without an export it does nothing.
   */
  reconcileDue(actor: Actor): Promise<ReconciliationView | undefined>;
  /** Newest first. */
  listReconciliations(actor: Actor, page: PageOptions): Promise<Listing<Loaded<ReconciliationRecord>>>;
}

const MOST_DAYS = 92;
/** How far back the daily job looks after days on which nobody ran it. */
const CATCH_UP_DAYS = 31;
const MOST_DIFFERENCES = 200;
const MOST_ISSUES = 50;
const PAGE = 1000;
/** How many payments of other days are looked for at a time. */
const AT_ONCE = 50;

type Payment = ReconciliationInput['payments'][number];

interface Ledger {
  /** By payment. */
  readonly allowed: ReadonlyMap<string, ChargeRecord>;
  readonly refused: ReadonlySet<string>;
  /** Allowed ones of those days. */
  readonly due: readonly ChargeRecord[];
}

function wrong(pointers: readonly string[], rule: string, zh: string, en: string): never {
  const title = { zh, en };
  return refuse(
    pointers.slice(0, MOST_ISSUES).map((pointer) => ({ pointer, rule, title, advice: title, citations: [cite('order44', '19(2)')] })),
  );
}

/** The charges of those days, and those of other days that the export names. */
async function readLedger(reader: Reader, tenant: string, { from, through, payments }: ReconciliationInput): Promise<Ledger> {
  const allowed = new Map<string, ChargeRecord>();
  const refused = new Set<string>();
  const due: ChargeRecord[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const range = { field: 'day', gte: from, lte: through };
    const page = listed<ChargeRecord>(await reader.find('charges', { range, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }));
    for (const { body } of page.items) {
      if (body.state === 'refused') refused.add(body.payment);
      else {
        allowed.set(body.payment, body);
        due.push(body);
      }
    }
    ({ cursor } = page);
    more = cursor !== undefined;
  }
  const others = [...new Set(payments.map(({ payment }) => payment))].filter((payment) => !allowed.has(payment));
  for (let at = 0; at < others.length; at += AT_ONCE)
    await Promise.all(
      others.slice(at, at + AT_ONCE).map(async (payment) => {
        const id = ledgerId('charge', tenant, payment);
        const charge = await load<ChargeRecord>(reader, 'charges', id);
        if (charge) allowed.set(payment, charge.body);
        else if (!refused.has(payment) && (await load(reader, 'charges', `${id}-000001`))) refused.add(payment);
      }),
    );
  return { allowed, refused, due };
}

function paymentDifferences(given: Payment, { allowed, refused }: Ledger): readonly Difference[] {
  const { payment } = given;
  const charge = allowed.get(payment);
  if (charge === undefined)
    return [{ kind: refused.has(payment) ? 'refused-but-paid' : 'not-authorised', payment, export: given.amountFen }];
  const differences: Difference[] = [];
  const refundedFen = given.refundedFen ?? 0;
  if (charge.amountFen !== given.amountFen)
    differences.push({ kind: 'amount-differs', payment, ledger: charge.amountFen, export: given.amountFen });
  if (charge.payer.kind !== given.payer)
    differences.push({ kind: 'payer-differs', payment, ledger: charge.payer.kind, export: given.payer });
  if (charge.refundedFen !== refundedFen)
    differences.push({ kind: 'refund-differs', payment, ledger: charge.refundedFen, export: refundedFen });
  return differences;
}

/** Every difference, the export’s lines first and in their order. */
function compare(payments: readonly Payment[], ledger: Ledger): readonly Difference[] {
  const seen = new Set<string>();
  const differences: Difference[] = [];
  for (const given of payments) {
    const { payment } = given;
    if (seen.has(payment)) differences.push({ kind: 'duplicate-in-export', payment, export: given.amountFen });
    else differences.push(...paymentDifferences(given, ledger));
    seen.add(payment);
  }
  for (const { payment, amountFen } of ledger.due)
    if (!seen.has(payment)) differences.push({ kind: 'missing-in-export', payment, ledger: amountFen });
  return differences;
}

function countsOf(differences: readonly Difference[]): DifferenceCounts {
  const count = (kind: DifferenceKind): number => differences.filter((one) => one.kind === kind).length;
  return {
    'not-authorised': count('not-authorised'),
    'refused-but-paid': count('refused-but-paid'),
    'amount-differs': count('amount-differs'),
    'payer-differs': count('payer-differs'),
    'refund-differs': count('refund-differs'),
    'missing-in-export': count('missing-in-export'),
    'duplicate-in-export': count('duplicate-in-export'),
  };
}

export function createReconcile(context: FeesContext): ReconcileCommands {
  const { execute, calendar } = context;
  const parse = createValidator<ReconciliationInput>(RECONCILIATION_SCHEMA);

  function checkDays({ from, through, payments }: ReconciliationInput): void {
    if (through < from) wrong(['/through'], 'order', '不得早于起始日期', 'must not be before the first day');
    if (through > calendar.today(context.now())) wrong(['/through'], 'future', '不得晚于今天', 'must not be in the future');
    if (calendar.daysBetween(from, through) >= MOST_DAYS)
      wrong(['/through'], 'span', `至多 ${MOST_DAYS} 天`, `at most ${MOST_DAYS} days at once`);
    const outside = payments.flatMap(({ on }, at) => (on < from || on > through ? [`/payments/${at}/on`] : []));
    if (outside.length > 0) wrong(outside, 'range', '不在所对账的日期内', 'is not one of the days compared');
  }

  async function reconcile(actor: Actor, input: unknown, options: DeskOptions = {}): Promise<ReconciliationView> {
    context.permit(actor, 'fee.reconcile');
    const given = parse(input);
    checkDays(given);
    const { tenant } = actor;
    const id = context.newId();
    return execute<Ledger, ReconciliationView>({
      actor,
      ...retrying(options),
      load: (reader) => readLedger(reader, tenant, given),
      decide(ledger, now) {
        const { from, through, reference, sha256, payments } = given;
        const all = compare(payments, ledger);
        const counts = countsOf(all);
        const differences = all.slice(0, MOST_DIFFERENCES);
        const summary = {
          from,
          through,
          reference,
          sha256,
          payments: payments.length,
          charges: ledger.due.length,
          counts,
          total: all.length,
        };
        const body: ReconciliationRecord = { ...summary, tenant, differences, by: actor.id, at: now };
        return {
          drafts: [
            {
              kind: 'fees.reconciled',
              subject: { collection: 'reconciliations', id },
              facts: summary,
              changes: [create('reconciliations', id, body)],
            },
          ],
          result: { id, counts, total: all.length, differences },
        };
      },
    });
  }

  return {
    reconcile,
    async reconcileDue(actor) {
      context.permit(actor, 'fee.reconcile');
      const { exportPayments } = context.hooks;
      if (exportPayments === undefined) return undefined;
      const { tenant } = actor;
      const through = calendar.addDays(calendar.today(context.now()), -1);
      const newest = { range: { field: 'at', gt: '' }, order: 'desc', limit: 1 } as const;
      const last = listed<ReconciliationRecord>(await context.reader(tenant).find('reconciliations', newest)).items[0]?.body.through;
      const next = last === undefined ? through : calendar.addDays(last, 1);
      const earliest = calendar.addDays(through, 1 - CATCH_UP_DAYS);
      const from = next < earliest ? earliest : next;
      if (from > through) return undefined;
      const { payments, reference } = await exportPayments({ tenant, from, through });
      // What the host gave, by its content: a later export of the same days with other lines has another hash.
      return reconcile(actor, { from, through, payments, reference, sha256: contentHash(payments) });
    },
    async listReconciliations(actor, page) {
      context.permit(actor, 'fee.log');
      const query = { range: { field: 'at', gt: '' }, order: 'desc', ...page } as const;
      return listed<ReconciliationRecord>(await context.reader(actor.tenant).find('reconciliations', query));
    },
  };
}
