import type { ComplianceOptions } from './options.ts';
import { createChanges } from './domain/disclosure/changes.ts';
import type { ChangeCommands } from './domain/disclosure/changes.ts';
import { createCredentials } from './domain/disclosure/credentials.ts';
import type { CredentialCommands } from './domain/disclosure/credentials.ts';
import { disclosureDuties } from './domain/disclosure/duties.ts';
import { createEnding } from './domain/disclosure/ending.ts';
import type { EndingCommands } from './domain/disclosure/ending.ts';
import { createMonitor } from './domain/disclosure/monitor.ts';
import type { MonitorCommands } from './domain/disclosure/monitor.ts';
import { createProfile } from './domain/disclosure/profile.ts';
import type { ProfileCommands } from './domain/disclosure/profile.ts';
import { createFeeds } from './domain/duties/calendar-feed.ts';
import type { FeedCommands } from './domain/duties/calendar-feed.ts';
import type { DutiesContext } from './domain/duties/context.ts';
import { createDuties } from './domain/duties/duties.ts';
import type { DutyCommands } from './domain/duties/duties.ts';
import { gather } from './domain/duties/view.ts';
import { createCharges } from './domain/fees/charges.ts';
import type { ChargeCommands } from './domain/fees/charges.ts';
import type { FeesContext } from './domain/fees/context.ts';
import { priceListPage } from './domain/fees/page.ts';
import { createPriceLists } from './domain/fees/price-list.ts';
import type { PriceListCommands } from './domain/fees/price-list.ts';
import { createReconcile } from './domain/fees/reconcile.ts';
import type { ReconcileCommands } from './domain/fees/reconcile.ts';
import { personalDuties } from './domain/personal-information/duties.ts';
import { createAcceptances } from './domain/platform-rules/acceptances.ts';
import type { AcceptanceCommands } from './domain/platform-rules/acceptances.ts';
import { createRuleComments } from './domain/platform-rules/comments.ts';
import type { RuleCommentCommands } from './domain/platform-rules/comments.ts';
import { createRulePages } from './domain/platform-rules/pages.ts';
import type { RulePageCommands } from './domain/platform-rules/pages.ts';
import { createRuleVersions } from './domain/platform-rules/versions.ts';
import type { RuleVersionCommands } from './domain/platform-rules/versions.ts';
import { auditDuties } from './domain/self-audit/duties.ts';
import type { SourcedDuty } from './kernel/sourced-duty.ts';
import { rectificationDossier } from './domain/supervision/dossier.ts';
import type { DiligenceFact } from './domain/supervision/dossier.ts';
import { supervisionDuties } from './domain/supervision/duties.ts';
import { createRectifications } from './domain/supervision/rectifications.ts';
import type { RectificationCommands } from './domain/supervision/rectifications.ts';
import { createSecurity } from './domain/supervision/security.ts';
import type { SecurityCommands } from './domain/supervision/security.ts';
import { calendarDuty } from './kernel/calendar.ts';
import type { Actor } from './kernel/identity.ts';
import { recognise } from './recognition/recognise.ts';
import type { BoundParty } from './rules/obligations.ts';
import type { DeskContext } from './rules/permissions.ts';

/** What binds the operator itself, whatever is posted: what it shows, charges, agrees, proves and does in time (机构自身义务). */
export interface OperatorDutyCommands
  extends
    CredentialCommands,
    ProfileCommands,
    ChangeCommands,
    EndingCommands,
    MonitorCommands,
    PriceListCommands,
    ChargeCommands,
    ReconcileCommands,
    RuleVersionCommands,
    RuleCommentCommands,
    RulePageCommands,
    AcceptanceCommands,
    SecurityCommands,
    RectificationCommands,
    DutyCommands,
    FeedCommands {
  /** The file of an order as one page to hand in. @throws ZP_NOT_FOUND @source Administrative Penalty Law Arts. 28, 33 */
  rectificationDossier(actor: Actor, id: string, lang: 'zh' | 'en'): Promise<string>;
  /** The price list as one page that anybody may see. @source Order 44 Art. 19(2) */
  printPriceList(tenant: string, lang: 'zh' | 'en'): Promise<string>;
}

export interface OperatorDutyContext extends DeskContext {
  checkpoint(tenant: string): Promise<string>;
  readonly screen: FeesContext['screen'];
}

async function operatorOf(
  context: DeskContext,
  tenant: string,
): Promise<{ readonly name: string; readonly agencyType: 'commercial' | 'public' }> {
  const body = (await context.reader(tenant).get('operators', tenant))?.body ?? {};
  const { name = tenant, agencyType = 'commercial' } = body as { readonly name?: string; readonly agencyType?: 'commercial' | 'public' };
  return { name, agencyType };
}

/** Whom articles address, of what this operator is. */
async function boundParties(context: DeskContext, tenant: string): Promise<ReadonlySet<BoundParty>> {
  const operator = await context.reader(tenant).get('operators', tenant);
  const bound = new Set<BoundParty>(['all']);
  // Who has not said what it is is told of everything.
  const { agencyType, modes } = (operator?.body ?? {}) as { readonly agencyType?: string; readonly modes?: readonly string[] };
  if (agencyType !== 'public') bound.add('commercial');
  if (modes === undefined || modes.includes('platform')) bound.add('platform');
  return bound;
}

/** The holiday table of the year that comes. */
async function holidayDuties({ calendar }: DeskContext, today: string): Promise<readonly SourcedDuty[]> {
  const duty = calendarDuty(calendar, today);
  return duty ? [{ clock: 'holiday-table', subject: String(duty.year), startedOn: `${duty.year - 1}-11-15`, dueOn: duty.due }] : [];
}

/** What the records say the operator did before it was told to. */
async function diligence(context: DutiesContext, tenant: string): Promise<readonly DiligenceFact[]> {
  const { items, counts, today } = await gather(context, tenant);
  const inTime = items.filter((item) => item.state === 'discharged' && item.late !== true).length;
  const audit = await context
    .reader(tenant)
    .find('audits', { where: { kind: 'full', state: 'closed' }, range: { field: 'startedAt', gt: '' }, order: 'desc', limit: 1 });
  const closed = audit.records[0]?.body['closed'] as { readonly on?: string } | undefined;
  return [
    { title: { zh: '统计日', en: 'As of' }, value: today },
    { title: { zh: '近400日按期履行的义务（项）', en: 'Duties of the last 400 days discharged in time' }, value: inTime },
    {
      title: { zh: '逾期或逾期履行的义务（项）', en: 'Duties missed or discharged late' },
      value: counts.missed + counts.discharged - inTime,
    },
    { title: { zh: '最近一次年度自查办结日', en: 'Last yearly self-audit closed on' }, value: closed?.on ?? '—' },
  ];
}

export function createOperatorDuties(
  context: OperatorDutyContext,
  options: Pick<ComplianceOptions, 'duties' | 'disclosure' | 'fees'>,
): OperatorDutyCommands {
  const display = { ...context, hooks: options.disclosure ?? {}, fetch: options.disclosure?.fetch ?? globalThis.fetch };
  const versions = createRuleVersions(context);
  const duties: DutiesContext = {
    ...context,
    hooks: options.duties ?? {},
    boundBy: (tenant) => boundParties(context, tenant),
    sources: [
      (tenant, today) => disclosureDuties(context, tenant, today),
      (tenant) => supervisionDuties(context, tenant),
      (tenant, today) => versions.ruleDuties(tenant, today),
      (tenant, today) => personalDuties(context, tenant, today),
      (tenant, today) => auditDuties(context, tenant, today),
      (_tenant, today) => holidayDuties(context, today),
    ],
  };
  const rectifications = createRectifications(context);
  const fees: FeesContext = {
    ...context,
    hooks: options.fees ?? {},
    agencyType: async (tenant) => (await operatorOf(context, tenant)).agencyType,
  };
  const prices = createPriceLists(fees);
  return {
    ...createCredentials(context),
    ...createProfile(context),
    ...createChanges(context),
    ...createEnding(context),
    ...createMonitor(display),
    ...prices,
    ...createCharges(fees),
    ...createReconcile(fees),
    ...versions,
    ...createRuleComments({ ...context, recognise }),
    ...createRulePages(context),
    ...createAcceptances(context),
    ...createSecurity(context),
    ...rectifications,
    ...createDuties(duties),
    ...createFeeds(duties),
    async rectificationDossier(actor, id, lang) {
      const file = await rectifications.getRectification(actor, id);
      const [{ name }, facts, checkpoint] = await Promise.all([
        operatorOf(context, actor.tenant),
        diligence(duties, actor.tenant),
        context.checkpoint(actor.tenant),
      ]);
      return rectificationDossier(name, file, facts, checkpoint, lang);
    },
    async printPriceList(tenant, lang) {
      const [{ name }, current, announced] = await Promise.all([
        operatorOf(context, tenant),
        prices.currentPriceList(tenant),
        prices.announcedPriceLists(tenant),
      ]);
      return priceListPage(current, announced, name, lang);
    },
  };
}
