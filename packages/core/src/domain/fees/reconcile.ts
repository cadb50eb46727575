import { contentHash } from '../../kernel/canonical.ts';
import type { Draft } from '../../kernel/execute.ts';
import { isComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, everything, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { RECONCILIATION_SCHEMA } from '../../rules/fee-schemas.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import { compare, countsOf } from './compare.ts';
import type { Comparison } from './compare.ts';
import type { FeesContext } from './context.ts';
import { readLedger } from './ledger.ts';
import type { Ledger, LedgerDays } from './ledger.ts';
import type { ChargeRecord, Difference, DifferenceCounts, PriceListRecord, ReconciliationRecord } from './records.ts';

export type ReconciliationView = {
  readonly id: string;
  readonly counts: DifferenceCounts;
  readonly total: number;
  readonly differences: readonly Difference[];
};

/** What the daily job compared, a reconciliation a day (逐日对账). */
export type DueReconciliations = {
  readonly days: readonly string[];
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
   * Compare every full day that no comparison made after its end has covered, one by one, by the host’s own export; at most 31 days back, and what is older
   * is put on record as left out. A day whose export fails is tried again next time, and those behind it wait. Without an export it does nothing.
   */
  reconcileDue(actor: Actor): Promise<DueReconciliations | undefined>;
  /** Newest first. */
  listReconciliations(actor: Actor, page: PageOptions): Promise<Listing<Loaded<ReconciliationRecord>>>;
}

const MOST_DAYS = 92;
/** How far back the daily job looks after days on which nobody ran it. */
const CATCH_UP_DAYS = 31;
/** How far back it tells of days that it can no longer look at. */
const TOLD_DAYS = 400;
const MOST_DIFFERENCES = 200;
const MOST_ISSUES = 50;
/** Charges marked with one entry, which has to stay below what an entry may hold. */
const MOST_MARKS = 200;

type Payment = ReconciliationInput['payments'][number];

/** A comparison that is about to be put on record. */
interface Wanted extends ReconciliationInput {
  readonly days: LedgerDays;
  /** Lines of the export, also those that cannot be read. */
  readonly lines: number;
  /** What is known before anything is compared. */
  readonly before: readonly Difference[];
}

function wrong(pointers: readonly string[], rule: string, zh: string, en: string): never {
  const title = { zh, en };
  return refuse(
    pointers.slice(0, MOST_ISSUES).map((pointer) => ({ pointer, rule, title, advice: title, citations: [cite('order44', '19(2)')] })),
  );
}

function markOf({ charge, on }: Comparison['seen'][number]): Change {
  return replace('charges', charge, { ...charge.body, seenOn: on });
}

/** Entries that mark charges as seen, each small enough for an entry. */
function marks(id: string, seen: Comparison['seen']): readonly Draft[] {
  const drafts: Draft[] = [];
  for (let at = 0; at < seen.length; at += MOST_MARKS) {
    const changes = seen.slice(at, at + MOST_MARKS).map(markOf);
    const facts = { charges: changes.length };
    drafts.push({ kind: 'fees.payments-seen', subject: { collection: 'reconciliations', id }, facts, changes });
  }
  return drafts;
}

export function createReconcile(context: FeesContext): ReconcileCommands {
  const { execute, calendar } = context;
  const parse = createValidator<ReconciliationInput>(RECONCILIATION_SCHEMA);
  const parseLine = createValidator<Payment>(RECONCILIATION_SCHEMA.properties.payments.items);

  function checkDays({ from, through, payments }: ReconciliationInput): void {
    if (through < from) wrong(['/through'], 'order', '不得早于起始日期', 'must not be before the first day');
    if (through > calendar.today(context.now())) wrong(['/through'], 'future', '不得晚于今天', 'must not be in the future');
    if (calendar.daysBetween(from, through) >= MOST_DAYS)
      wrong(['/through'], 'span', `至多 ${MOST_DAYS} 天`, `at most ${MOST_DAYS} days at once`);
    const outside = payments.flatMap(({ on }, at) => (on < from || on > through ? [`/payments/${at}/on`] : []));
    if (outside.length > 0) wrong(outside, 'range', '不在所对账的日期内', 'is not one of the days compared');
  }

  /** Beyond what goes with the record itself, charges are marked as seen in entries of their own; done again it marks nothing more. */
  async function markFirst(actor: Actor, id: string, seen: Comparison['seen']): Promise<void> {
    for (let at = 0; at + MOST_MARKS < seen.length; at += MOST_MARKS) {
      const some = seen.slice(at, at + MOST_MARKS);
      await execute<Comparison['seen'], { readonly marked: number }>({
        actor,
        load: async (reader) => {
          const again = await Promise.all(
            some.map(async ({ charge, on }) => ({ charge: await load<ChargeRecord>(reader, 'charges', charge.id), on })),
          );
          return again.flatMap(({ charge, on }) => (charge && charge.body.seenOn === undefined ? [{ charge, on }] : []));
        },
        decide: (left) => ({ drafts: marks(id, left), result: { marked: left.length } }),
      });
    }
  }

  async function record(actor: Actor, wanted: Wanted, options: DeskOptions): Promise<ReconciliationView> {
    const { tenant } = actor;
    const { from, through, reference, sha256, payments, days, lines, before } = wanted;
    const id = context.newId();
    const reader = context.reader(tenant);
    const { seen: unmarked } = compare(payments, await readLedger(reader, tenant, days, payments), days, calendar);
    await markFirst(actor, id, unmarked);
    return execute<Ledger, ReconciliationView>({
      actor,
      ...retrying(options),
      load: (inside) => readLedger(inside, tenant, days, payments),
      decide(ledger, now) {
        const { differences: found, seen } = compare(payments, ledger, days, calendar);
        const all = [...before, ...found];
        const counts = countsOf(all);
        const differences = all.slice(0, MOST_DIFFERENCES);
        const summary = { from, through, reference, sha256, payments: lines, charges: ledger.charges, counts, total: all.length };
        const body: ReconciliationRecord = { ...summary, tenant, differences, by: actor.id, at: now };
        const changes = [create('reconciliations', id, body), ...seen.slice(0, MOST_MARKS).map(markOf)];
        const draft: Draft = { kind: 'fees.reconciled', subject: { collection: 'reconciliations', id }, facts: summary, changes };
        return { drafts: [draft, ...marks(id, seen.slice(MOST_MARKS))], result: { id, counts, total: all.length, differences } };
      },
    });
  }

  /** A line as it may be compared; undefined for one that cannot, or is of another day. */
  function readable(line: unknown, day: string): Payment | undefined {
    try {
      const { payment, amountFen, payer, on, refundedFen } = parseLine(line);
      if (on !== day) return undefined;
      return { payment, amountFen, payer, on, ...(refundedFen === undefined ? {} : { refundedFen }) };
    } catch (error) {
      if (isComplianceError(error)) return undefined;
      throw error;
    }
  }

  /** Days that are to be compared now, those too long ago, and whether a day has been compared. */
  async function dueDays(tenant: string) {
    const reader = context.reader(tenant);
    const today = calendar.today(context.now());
    const yesterday = calendar.addDays(today, -1);
    const told = calendar.addDays(today, -TOLD_DAYS);
    const [records, first, list] = await Promise.all([
      everything<ReconciliationRecord>(reader, 'reconciliations', { range: { field: 'at', gte: told } }),
      reader.find('reconciliations', { range: { field: 'at', gt: '' }, limit: 1 }),
      reader.find('priceLists', { range: { field: 'effectiveFrom', gt: '' }, limit: 1 }),
    ]);
    const begun = [
      ...listed<ReconciliationRecord>(first).items.map(({ body }) => body.from),
      ...listed<PriceListRecord>(list).items.map(({ body }) => body.publishedOn),
    ].reduce((least, day) => (day < least ? day : least), yesterday);
    const isCovered = (day: string): boolean =>
      records.some(({ body }) => body.from <= day && day <= body.through && calendar.today(Date.parse(body.at)) > day);
    const isTold = (day: string): boolean =>
      records.some(({ body }) =>
        body.differences.some(({ kind, from = '', through = '' }) => kind === 'days-left-out' && from <= day && day <= through),
      );
    const earliest = calendar.addDays(yesterday, 1 - CATCH_UP_DAYS);
    const due: string[] = [];
    const leftOut: { from: string; through: string }[] = [];
    for (let day = begun < told ? told : begun; day <= yesterday; day = calendar.addDays(day, 1)) {
      if (isCovered(day)) continue;
      const last = leftOut.at(-1);
      if (day >= earliest) due.push(day);
      else if (isTold(day)) continue;
      else if (last && calendar.addDays(last.through, 1) === day) last.through = day;
      else leftOut.push({ from: day, through: day });
    }
    return { due, leftOut, isCovered };
  }

  return {
    async reconcile(actor, input, options = {}) {
      context.permit(actor, 'fee.reconcile');
      const given = parse(input);
      checkDays(given);
      const { from, through, payments } = given;
      const days = { from, through, dueFrom: from, dueThrough: through };
      return record(actor, { ...given, days, lines: payments.length, before: [] }, options);
    },
    async reconcileDue(actor) {
      context.permit(actor, 'fee.reconcile');
      const { exportPayments } = context.hooks;
      if (exportPayments === undefined) return undefined;
      const { tenant } = actor;
      const { due, leftOut, isCovered } = await dueDays(tenant);
      if (due.length === 0) return undefined;
      const done: ReconciliationView[] = [];
      for (const [at, day] of due.entries()) {
        const { payments, reference } = await exportPayments({ tenant, from: day, through: day });
        const lines = payments.map((line) => readable(line, day));
        // What the host gave, by its content: a later export of the same day with other lines has another hash.
        const sha256 = contentHash(lines.map((line) => line ?? null));
        const given = parse({ from: day, through: day, payments: [], reference, sha256 });
        const before = [
          ...(at === 0 ? leftOut : []).map((days): Difference => ({ kind: 'days-left-out', ...days })),
          ...lines.flatMap((line, index): readonly Difference[] => (line ? [] : [{ kind: 'unreadable-line', line: index }])),
        ];
        // What was allowed before midnight may be paid after it: it is missed a day later, where that day has been compared.
        const eve = calendar.addDays(day, -1);
        const dueFrom = isCovered(eve) || due[at - 1] === eve ? eve : day;
        const days = { from: day, through: day, dueFrom, dueThrough: eve };
        const readables = lines.flatMap((line) => line ?? []);
        done.push(await record(actor, { ...given, payments: readables, days, lines: lines.length, before }, {}));
      }
      const differences = done.flatMap((one) => one.differences).slice(0, MOST_DIFFERENCES);
      return { days: due, total: done.reduce((sum, { total }) => sum + total, 0), differences };
    },
    async listReconciliations(actor, page) {
      context.permit(actor, 'fee.log');
      const query = { range: { field: 'at', gt: '' }, order: 'desc', ...page } as const;
      return listed<ReconciliationRecord>(await context.reader(actor.tenant).find('reconciliations', query));
    },
  };
}
