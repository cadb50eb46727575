import { createCharges } from '../src/domain/fees/charges.ts';
import type { ChargeCommands } from '../src/domain/fees/charges.ts';
import type { FeesContext } from '../src/domain/fees/context.ts';
import { createPriceLists } from '../src/domain/fees/price-list.ts';
import type { PriceListCommands } from '../src/domain/fees/price-list.ts';
import { createReconcile } from '../src/domain/fees/reconcile.ts';
import type { ReconcileCommands } from '../src/domain/fees/reconcile.ts';
import type { PriceItem } from '../src/domain/fees/records.ts';
import { isComplianceError } from '../src/kernel/errors.ts';
import { CN_NATIONAL } from '../src/rules/pack-cn-national.ts';
import { compilePack, screen } from '../src/screening/engine.ts';
import { createWorld, officer } from './world.ts';
import type { World } from './world.ts';

const PACK = compilePack(CN_NATIONAL);
export const SHA = 'ab'.repeat(32);
const BASIS = { reference: 'minutes-2026-11', sha256: SHA };

/** What the national pack says of a text. */
export const screenText: FeesContext['screen'] = (text) => screen({ text }, PACK);

/** The commands about fees over a world of their own. */
export interface FeesWorld extends World, PriceListCommands, ChargeCommands, ReconcileCommands {
  /** May be changed at any time: kind of the agency, and what the screening says. */
  readonly state: { agency: 'commercial' | 'public'; screenText: FeesContext['screen'] };
}

/** A world in which no price list has been published. */
export function feesWorld(start = '2026-11-24T02:00:00.000Z', hooks: FeesContext['hooks'] = {}): FeesWorld {
  const world = createWorld(start);
  const state: FeesWorld['state'] = { agency: 'commercial', screenText };
  const context: FeesContext = { ...world, screen: (text) => state.screenText(text), agencyType: async () => state.agency, hooks };
  return { ...world, state, ...createPriceLists(context), ...createCharges(context), ...createReconcile(context) };
}

/** A world with a price list in effect since today. */
export async function charging(hooks?: FeesContext['hooks']): Promise<FeesWorld> {
  const world = feesWorld('2026-11-24T02:00:00.000Z', hooks);
  await world.publishPriceList(officer, priceList('2026-11-24'));
  return world;
}

/** A lawful item for employers; `over` replaces fields. */
export function employerItem(over: Partial<PriceItem> = {}): PriceItem {
  return {
    id: 'posting-top',
    name: { zh: '职位置顶', en: 'Posting on top' },
    what: { zh: '招聘信息在列表中置顶显示七天', en: 'The posting is shown on top of the list for seven days' },
    kind: 'extra',
    payer: 'employer',
    unit: 'posting',
    amountFen: 19_900,
    basis: 'market-adjusted',
    ...over,
  };
}

/** A lawful item for workers; `over` replaces fields. */
export function workerItem(over: Partial<PriceItem> = {}): PriceItem {
  return {
    ...employerItem(),
    id: 'resume-polish',
    name: { zh: '简历优化', en: 'Résumé polishing' },
    what: { zh: '顾问逐段修改并给出书面建议，自愿选购', en: 'An adviser edits every section and writes comments; nobody has to take it' },
    payer: 'worker',
    optional: true,
    category: 'resume-service',
    unit: 'service',
    amountFen: 9900,
    ...over,
  };
}

/** A price list as it is put in: by default one item for employers and one for workers. */
export function priceList(effectiveFrom: string, items: readonly PriceItem[] = [employerItem(), workerItem()]) {
  return { effectiveFrom, basis: BASIS, items };
}

/** Two of the employers’ item, at their price; `over` replaces fields. */
export function charge(over: object = {}) {
  return {
    payment: 'pay-1',
    item: 'posting-top',
    quantity: 2,
    amountFen: 39_800,
    payer: { kind: 'employer', id: 'account-7' },
    payee: 'platform',
    ...over,
  };
}

/** Where and by which rule an input is refused; nothing where it is not. */
export async function rulesOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
  } catch (error) {
    if (isComplianceError(error) && error.code === 'ZP_INPUT_INVALID') return error.issues.map(({ pointer, rule }) => `${pointer} ${rule}`);
    throw error;
  }
  return [];
}
