import { contentHash } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Citation } from '../../kernel/law.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Query } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { PRICE_LIST_SCHEMA, PRICE_LIST_WITHDRAWAL_SCHEMA } from '../../rules/fee-schemas.ts';
import type { PriceListInput, PriceListWithdrawalInput } from '../../rules/fee-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import { ordinal } from './context.ts';
import type { FeesContext } from './context.ts';
import { listIssues, publicIssues } from './items.ts';
import type { PriceListRecord } from './records.ts';

export type PublishedPriceList = { readonly id: string; readonly number: number; readonly effectiveFrom: string };

/** What is charged, in numbered versions that all stay (收费目录). */
export interface PriceListCommands {
  /**
   * Publish a version. The first may take effect on the same day; a later one seven days after the day of its publication at the earliest, and after the
   * one before. @throws ZP_INPUT_INVALID for a day too early and for every item that may not be declared
   * @source Order 44 Art. 19; E-commerce Law Art. 34; Interim Regulation on the Human Resources Market Arts. 15, 32
   */
  publishPriceList(actor: Actor, input: unknown, options?: DeskOptions): Promise<PublishedPriceList>;
  /**
   * Take an announced list back before it takes effect. It stays on record and never takes effect. @throws ZP_NOT_FOUND; ZP_STATE once it is in effect or
   * taken back
   */
  withdrawPriceList(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<{ readonly id: string; readonly on: string }>;
  /** The list in effect on a day, today without one; anybody may see it. */
  currentPriceList(tenant: string, day?: string): Promise<Loaded<PriceListRecord> | undefined>;
  /** The next list that is not yet in effect; anybody may see it. */
  announcedPriceList(tenant: string): Promise<Loaded<PriceListRecord> | undefined>;
  /** Every list that is not yet in effect, the next one first; anybody may see them. */
  announcedPriceLists(tenant: string): Promise<readonly Loaded<PriceListRecord>[]>;
  /** Newest first, those taken back included. */
  listPriceLists(actor: Actor, page: PageOptions): Promise<Listing<Loaded<PriceListRecord>>>;
}

/** By the E-commerce Law’s seven days for changed rules of a platform; the day of publication is not one of them. */
const NOTICE_DAYS = 7;
/** More are not shown; each takes effect on a day of its own. */
const MOST_ANNOUNCED = 100;

function wrongDay(rule: string, zh: string, en: string): never {
  const title = { zh, en };
  const citations: readonly Citation[] = [cite('e-commerce', '34'), cite('order44', '19(2)')];
  return refuse([{ pointer: '/effectiveFrom', rule, title, advice: { zh: '改用更晚的日期', en: 'Choose a later day' }, citations }]);
}

/** Some of a query’s lists that were not taken back, in its order. */
async function standing(reader: Reader, query: Omit<Query, 'limit' | 'cursor'>, most: number): Promise<readonly Loaded<PriceListRecord>[]> {
  const left: Loaded<PriceListRecord>[] = [];
  for (let cursor: string | undefined; ;) {
    const page = listed<PriceListRecord>(
      await reader.find('priceLists', { ...query, limit: most, ...(cursor === undefined ? {} : { cursor }) }),
    );
    left.push(...page.items.filter(({ body }) => body.withdrawn === undefined));
    cursor = page.cursor;
    if (left.length >= most || cursor === undefined) return left.slice(0, most);
  }
}

/** The lists that have begun by a day, the latest first. */
export function listsBy(reader: Reader, day: string, most: number): Promise<readonly Loaded<PriceListRecord>[]> {
  return standing(reader, { range: { field: 'effectiveFrom', lte: day }, order: 'desc' }, most);
}

interface State {
  /** Of all, and of those not taken back. */
  readonly newest: Loaded<PriceListRecord> | undefined;
  readonly last: Loaded<PriceListRecord> | undefined;
  readonly agencyType: 'commercial' | 'public';
}

export function createPriceLists(context: FeesContext): PriceListCommands {
  const { execute, calendar } = context;
  const parse = createValidator<PriceListInput>(PRICE_LIST_SCHEMA);
  const parseWithdrawal = createValidator<PriceListWithdrawalInput>(PRICE_LIST_WITHDRAWAL_SCHEMA);
  const today = (): string => calendar.today(context.now());

  function checkDay(given: PriceListInput, last: PriceListRecord | undefined, on: string): void {
    if (last === undefined) {
      if (given.effectiveFrom < on) wrongDay('past', '施行日期不得早于今天', 'must not be before today');
      return;
    }
    const earliest = calendar.addDays(on, NOTICE_DAYS);
    if (given.effectiveFrom < earliest)
      wrongDay('notice', `须提前七日公示，最早 ${earliest} 施行`, `needs seven days of notice: ${earliest} at the earliest`);
    if (given.effectiveFrom <= last.effectiveFrom)
      wrongDay(
        'order',
        `须晚于上一版的施行日期 ${last.effectiveFrom}`,
        `must be after ${last.effectiveFrom}, when the version before takes effect`,
      );
  }

  function announced(tenant: string, most: number): Promise<readonly Loaded<PriceListRecord>[]> {
    return standing(context.reader(tenant), { range: { field: 'effectiveFrom', gt: today() }, order: 'asc' }, most);
  }

  return {
    async publishPriceList(actor, input, options = {}) {
      context.permit(actor, 'fee.publish');
      const given = parse(input);
      const issues = listIssues(given.items, (text) => context.screen(text));
      if (issues.length > 0) refuse(issues);
      const { tenant } = actor;
      return execute<State, PublishedPriceList>({
        actor,
        ...retrying(options),
        async load(reader) {
          const [newest] = listed<PriceListRecord>(await reader.find('priceLists', { order: 'desc', limit: 1 })).items;
          const [last] = await standing(reader, { order: 'desc' }, 1);
          return { newest, last, agencyType: await context.agencyType(tenant) };
        },
        decide({ newest, last, agencyType }, now) {
          const publishedOn = calendar.today(Date.parse(now));
          checkDay(given, last?.body, publishedOn);
          const fees = agencyType === 'public' ? publicIssues(given.items) : [];
          if (fees.length > 0) refuse(fees);
          const number = (newest?.body.number ?? 0) + 1;
          // The next number is the id: of two at once one is stale, and decides again behind the other.
          const id = `${tenant}:${ordinal(number)}`;
          const body: PriceListRecord = { ...given, tenant, number, publishedOn, by: actor.id, at: now };
          const { effectiveFrom, basis, items } = given;
          const facts = { number, effectiveFrom, ...basis, items: items.length, itemsHash: contentHash(items), agencyType };
          const subject = { collection: 'priceLists', id };
          return {
            drafts: [{ kind: 'price-list.published', subject, facts, changes: [create('priceLists', id, body)] }],
            result: { id, number, effectiveFrom },
          };
        },
      });
    },
    async withdrawPriceList(actor, id, input, options = {}) {
      context.permit(actor, 'fee.publish');
      const reason = parseWithdrawal(input);
      return execute<Loaded<PriceListRecord>, { readonly id: string; readonly on: string }>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<PriceListRecord>(reader, 'priceLists', id)),
        decide(list, now) {
          const on = calendar.today(Date.parse(now));
          const { number, effectiveFrom, withdrawn } = list.body;
          if (withdrawn !== undefined)
            throw new ComplianceError('ZP_STATE', { detail: { zh: '已经撤回', en: 'It is taken back already' } });
          if (effectiveFrom <= on)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '已经施行，须另行公布', en: 'It has taken effect: publish another one instead' },
            });
          const body: PriceListRecord = { ...list.body, withdrawn: { ...reason, by: actor.id, at: now, on } };
          const facts = { number, effectiveFrom, reason: reason.reason, reference: reason.reference ?? null };
          const changes = [replace('priceLists', list, body)];
          return {
            drafts: [{ kind: 'price-list.withdrawn', subject: { collection: 'priceLists', id }, facts, changes }],
            result: { id, on },
          };
        },
      });
    },
    async currentPriceList(tenant, day = today()) {
      return (await listsBy(context.reader(tenant), day, 1))[0];
    },
    async announcedPriceList(tenant) {
      return (await announced(tenant, 1))[0];
    },
    announcedPriceLists: (tenant) => announced(tenant, MOST_ANNOUNCED),
    async listPriceLists(actor, page) {
      context.permit(actor, 'fee.log');
      const query = { range: { field: 'effectiveFrom', gt: '' }, order: 'desc', ...page } as const;
      return listed<PriceListRecord>(await context.reader(actor.tenant).find('priceLists', query));
    },
  };
}
