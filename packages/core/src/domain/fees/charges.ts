import { contentHash } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import { isOpaqueId } from '../../kernel/identity.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Citation } from '../../kernel/law.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { JsonObject } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { CHARGE_SCHEMA, REFUND_SCHEMA } from '../../rules/fee-schemas.ts';
import type { ChargeInput, RefundInput } from '../../rules/fee-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import { ledgerId, ordinal } from './context.ts';
import type { FeesContext } from './context.ts';
import { isCoreFee, itemIssues } from './items.ts';
import { listsBy } from './price-list.ts';
import type { ChargeReasonCode, ChargeRecord, PriceListRecord, RefundRecord } from './records.ts';

/** Why a payment may not be taken (不予收款的理由). */
export type ChargeReason = {
  readonly code: ChargeReasonCode;
  readonly pointer: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly advice: { readonly zh: string; readonly en: string };
  readonly citations: readonly { readonly instrument: string; readonly article: string; readonly version: string }[];
};

export type ChargeDecision = {
  readonly id: string;
  readonly allowed: boolean;
  /** Whether the same request has had this answer before: then money may have been taken already. */
  readonly replayed: boolean;
  readonly reasons: readonly ChargeReason[];
  /** Number of the list in effect that day; null where there was none. */
  readonly priceList: number | null;
  readonly day: string;
};

export type RefundView = { readonly id: string; readonly charge: string; readonly refundedFen: number; readonly leftFen: number };

/** What is taken and what is given back (收款与退款台账). */
export interface ChargeCommands {
  /**
   * Ask before a payment is taken. A refusal is an answer and on record, as is a permission. The payment’s id makes it safe to ask again: the same request
   * is answered as before on the same day, while nothing was given back; otherwise a payment once allowed is not allowed again. @throws ZP_INPUT_INVALID
   * @source Order 44 Art. 19(2); Employment Promotion Law Art. 41; Labour Contract Law Art. 9
   */
  authoriseCharge(actor: Actor, input: unknown): Promise<ChargeDecision>;
  /** Put a refund on record. @throws ZP_NOT_FOUND; ZP_STATE for a charge that was refused; ZP_INPUT_INVALID for more than is left of it, or an id used for another refund */
  recordRefund(actor: Actor, input: unknown, options?: DeskOptions): Promise<RefundView>;
  /** Newest first, refusals included. */
  chargeLedger(actor: Actor, page: PageOptions): Promise<Listing<Loaded<ChargeRecord>>>;
  /** The latest days first. */
  refundLedger(actor: Actor, page: PageOptions): Promise<Listing<Loaded<RefundRecord>>>;
}

type Note = { readonly pointer: string; readonly title: Text; readonly advice: Text; readonly citations: readonly Citation[] };

const DISCLOSED: readonly Citation[] = [cite('order44', '19(2)'), cite('hr-market', '32')];
const DECLARE: Text = { zh: '只按现行收费目录收款', en: 'Charge what the price list in effect says, and nothing else' };

const REASONS: { readonly [code in ChargeReasonCode]: Note } = {
  'no-price-list': {
    pointer: '/item',
    title: { zh: '今天没有施行中的收费目录', en: 'No price list is in effect today' },
    advice: { zh: '先公布收费目录', en: 'Publish a price list first' },
    citations: DISCLOSED,
  },
  'item-not-in-effect': {
    pointer: '/item',
    title: { zh: '该项目不在今天施行的收费目录内', en: 'The item is not in the price list in effect today' },
    advice: DECLARE,
    citations: DISCLOSED,
  },
  'item-refused': {
    pointer: '/item',
    title: { zh: '该项目按现行规则不得收费', en: 'By the rules as they stand now, nothing may be charged for this item' },
    advice: { zh: '停止收取并公布删去该项的收费目录', en: 'Stop charging for it and publish a list without it' },
    citations: [cite('order44', '19(1)'), cite('order44', '19(2)'), cite('employment-promotion', '41()(4)')],
  },
  'public-core-fee': {
    pointer: '/item',
    title: { zh: '公共就业服务机构的基本服务不得收费', en: 'Core services of a public agency are free' },
    advice: { zh: '免费提供', en: 'Give it for free' },
    citations: [cite('hr-market', '15')],
  },
  'payer-differs': {
    pointer: '/payer/kind',
    title: { zh: '付款人与收费目录所列不符', en: 'The list says that somebody else pays for this' },
    advice: { zh: '向目录所列的付款人收取，不得转由劳动者承担', en: 'Charge whom the list names; nothing is passed on to workers' },
    citations: DISCLOSED,
  },
  'amount-differs': {
    pointer: '/amountFen',
    title: { zh: '金额不等于单价乘以数量', en: 'The amount is not the price times the quantity' },
    advice: DECLARE,
    citations: DISCLOSED,
  },
  'employer-collects': {
    pointer: '/payee',
    title: { zh: '用人单位、机构不得通过平台向劳动者收款', en: 'Employers and agencies may not collect from workers through the platform' },
    advice: { zh: '停止收取；已经收取的，退还劳动者本人', en: 'Do not collect it, and give back what has been taken' },
    citations: [cite('labour-contract', '9'), cite('order44', '19(2)'), cite('employment-promotion', '41()(4)')],
  },
  'payment-reused': {
    pointer: '/payment',
    title: {
      zh: '该支付编号已获准收款：内容不同、已非当日或者已有退款的，不得再次使用',
      en: 'This payment has been allowed before: for something else, on another day, or money of it was given back',
    },
    advice: { zh: '每笔收款使用新的支付编号', en: 'Use a new payment id for every payment' },
    citations: [cite('order44', '19(2)')],
  },
};

interface ChargeState {
  readonly lists: readonly Loaded<PriceListRecord>[];
  readonly agencyType: 'commercial' | 'public';
  readonly allowed: Loaded<ChargeRecord> | undefined;
  readonly refused: Loaded<ChargeRecord> | undefined;
}

function decisionOf({ id, body }: { readonly id: string; readonly body: ChargeRecord }, replayed: boolean): ChargeDecision {
  const reasons = body.reasons.map((code) => ({ code, ...REASONS[code] }));
  return { id, allowed: body.state === 'allowed', replayed, reasons, priceList: body.priceList, day: body.day };
}

/** The permission is attempt 0; refusals are counted. */
async function latestRefusal(reader: Reader, payment: string): Promise<Loaded<ChargeRecord> | undefined> {
  const query = { where: { payment }, range: { field: 'attempt', gt: 0 }, order: 'desc', limit: 1 } as const;
  return listed<ChargeRecord>(await reader.find('charges', query)).items[0];
}

function wrong(pointer: string, rule: string, title: Text): never {
  return refuse([{ pointer, rule, title, advice: title, citations: [cite('order44', '19(2)')] }]);
}

/** Hexadecimal digits happen to look like a telephone number now and then. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** What the host calls its accounts and orders must not say who they are. @throws ZP_INPUT_INVALID */
function checkIds({ payment, payer, for: what }: ChargeInput): void {
  const title = { zh: '须为不含手机号、证件号码的编号', en: 'must be an opaque id, without a telephone or identity number' };
  const ids = [
    ['/payment', payment],
    ['/payer/id', payer.id],
    // An address at the host may have slashes in it.
    ['/for', what?.replaceAll('/', ':')],
  ] as const;
  const issues = ids.flatMap(([pointer, value]) =>
    value === undefined || UUID.test(value) || isOpaqueId(value)
      ? []
      : [{ pointer, rule: 'opaque', title, advice: title, citations: [cite('pipl', '6')] }],
  );
  if (issues.length > 0) refuse(issues);
}

export function createCharges(context: FeesContext): ChargeCommands {
  const { execute, calendar } = context;
  const parseCharge = createValidator<ChargeInput>(CHARGE_SCHEMA);
  const parseRefund = createValidator<RefundInput>(REFUND_SCHEMA);

  function reasonsOf(given: ChargeInput, list: PriceListRecord | undefined, agencyType: ChargeState['agencyType']): ChargeReasonCode[] {
    const item = list?.items.find(({ id }) => id === given.item);
    const reasons: ChargeReasonCode[] = [];
    if (list === undefined) reasons.push('no-price-list');
    else if (item === undefined) reasons.push('item-not-in-effect');
    if (item) {
      if (item.payer !== given.payer.kind) reasons.push('payer-differs');
      if (item.amountFen * given.quantity !== given.amountFen) reasons.push('amount-differs');
      if (agencyType === 'public' && isCoreFee(item)) reasons.push('public-core-fee');
      // The rules may have become stricter since it was published.
      if (itemIssues(item, 0, (text) => context.screen(text)).length > 0) reasons.push('item-refused');
    }
    if (given.payer.kind === 'worker' && given.payee !== 'platform') reasons.push('employer-collects');
    return reasons;
  }

  return {
    async authoriseCharge(actor, input) {
      context.permit(actor, 'fee.charge');
      const given = parseCharge(input);
      checkIds(given);
      const { tenant } = actor;
      const chargeId = ledgerId('charge', tenant, given.payment);
      const request = contentHash(given);
      return execute<ChargeState, ChargeDecision>({
        actor,
        async load(reader) {
          // The day is that of the decision; a list or two around it, in case it is just turning.
          const lists = await listsBy(reader, calendar.addDays(calendar.today(context.now()), 1), 4);
          const [allowed, refused] = await Promise.all([
            load<ChargeRecord>(reader, 'charges', chargeId),
            latestRefusal(reader, given.payment),
          ]);
          return { lists, agencyType: await context.agencyType(tenant), allowed, refused };
        },
        decide({ lists, agencyType, allowed, refused }, now) {
          const day = calendar.today(Date.parse(now));
          const isReplay = allowed?.body.request === request && allowed.body.day === day && allowed.body.refundedFen === 0;
          if (isReplay) return { drafts: [], result: decisionOf(allowed, true) };
          const list = lists.find(({ body }) => body.effectiveFrom <= day)?.body;
          const reasons: readonly ChargeReasonCode[] = allowed ? ['payment-reused'] : reasonsOf(given, list, agencyType);
          const priceList = list?.number ?? null;
          const isAllowed = reasons.length === 0;
          const before = refused?.body;
          const isRetry =
            before?.request === request &&
            before.day === day &&
            before.priceList === priceList &&
            before.reasons.join(' ') === reasons.join(' ');
          if (refused && isRetry) return { drafts: [], result: decisionOf(refused, true) };
          const attempt = isAllowed ? 0 : (before?.attempt ?? 0) + 1;
          const id = isAllowed ? chargeId : `${chargeId}-${ordinal(attempt)}`;
          const body: ChargeRecord = {
            ...given,
            tenant,
            state: isAllowed ? 'allowed' : 'refused',
            reasons,
            attempt,
            request,
            priceList,
            refundedFen: 0,
            day,
            by: actor.id,
            at: now,
          };
          const { item, quantity, amountFen, payer, payee } = given;
          const facts: JsonObject = { item, quantity, amountFen, payer: payer.kind, payee, priceList, day, reasons, agencyType };
          const draft: Draft = {
            kind: isAllowed ? 'charge.allowed' : 'charge.refused',
            subject: { collection: 'charges', id },
            facts,
            changes: [create('charges', id, body)],
          };
          return { drafts: [draft], result: decisionOf({ id, body }, false) };
        },
      });
    },
    async recordRefund(actor, input, options = {}) {
      context.permit(actor, 'fee.charge');
      const given = parseRefund(input);
      const { tenant } = actor;
      const id = ledgerId('refund', tenant, given.refund);
      return execute<{ readonly charge: Loaded<ChargeRecord>; readonly earlier: Loaded<RefundRecord> | undefined }, RefundView>({
        actor,
        ...retrying(options),
        load: async (reader) => ({
          charge: found(await load<ChargeRecord>(reader, 'charges', given.charge)),
          earlier: await load<RefundRecord>(reader, 'refunds', id),
        }),
        decide({ charge, earlier }, now) {
          const paid = charge.body.amountFen;
          const viewOf = (refundedFen: number): RefundView => ({ id, charge: charge.id, refundedFen, leftFen: paid - refundedFen });
          if (earlier) {
            const { charge: of, amountFen: fen, reason: why, reference: order } = earlier.body;
            const isSame = of === given.charge && fen === given.amountFen && why === given.reason && order === given.reference;
            if (isSame) return { drafts: [], result: viewOf(earlier.body.totalFen) };
            wrong('/refund', 'refund-reused', { zh: '该退款编号已用于另一笔退款', en: 'has been used for another refund' });
          }
          if (charge.body.state !== 'allowed') throw new ComplianceError('ZP_STATE');
          const totalFen = charge.body.refundedFen + given.amountFen;
          if (totalFen > paid) wrong('/amountFen', 'exceeds', { zh: '退款合计超过收款金额', en: 'is more than is left of the charge' });
          const day = calendar.today(Date.parse(now));
          const body: RefundRecord = { ...given, tenant, totalFen, day, by: actor.id, at: now };
          const { amountFen, reason } = given;
          const facts = { charge: charge.id, amountFen, totalFen, reason, reference: given.reference ?? null };
          const changes = [create('refunds', id, body), replace('charges', charge, { ...charge.body, refundedFen: totalFen })];
          return {
            drafts: [{ kind: 'charge.refunded', subject: { collection: 'refunds', id }, facts, changes }],
            result: viewOf(totalFen),
          };
        },
      });
    },
    async chargeLedger(actor, page) {
      context.permit(actor, 'fee.log');
      return listed<ChargeRecord>(
        await context.reader(actor.tenant).find('charges', { range: { field: 'at', gt: '' }, order: 'desc', ...page }),
      );
    },
    async refundLedger(actor, page) {
      context.permit(actor, 'fee.log');
      return listed<RefundRecord>(
        await context.reader(actor.tenant).find('refunds', { range: { field: 'day', gt: '' }, order: 'desc', ...page }),
      );
    },
  };
}
