import type { Calendar } from '../../kernel/calendar.ts';
import type { Reader } from '../../kernel/execute.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { DISCLOSURE_SCHEMA } from '../../rules/disclosure-schemas.ts';
import type { DisclosureInput } from '../../rules/disclosure-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying, workingDaysFrom } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { currentCredentials, currentWaivers } from './credentials.ts';
import { disclosureDocument } from './document.ts';
import type { DisclosureDocument } from './document.ts';
import { currentEnding } from './ending.ts';
import { versionId } from './records.ts';
import type { ChangeRecord, DisclosureRecord, EndingRecord } from './records.ts';

export type SavedDisclosure = {
  readonly version: number;
  /** Changes this started a clock for, or recorded as brought up to date. */
  readonly changes: readonly {
    readonly id: string;
    readonly clock: ChangeRecord['clock'];
    readonly dueOn: string;
    readonly late: boolean;
  }[];
};

/** What the operator displays (公示事项). */
export interface ProfileCommands {
  /**
   * Say what is displayed. A new name, domicile or legal representative needs its completed registration and starts the clock of the written report; what
   * else is displayed needs the day on which it changed. @throws ZP_INPUT_INVALID naming what is missing @source Order 44 Arts. 12, 13(2)
   */
  setDisclosure(actor: Actor, input: unknown, options?: ProfileOptions): Promise<SavedDisclosure>;
  /** @throws ZP_NOT_FOUND while there is none */
  getDisclosure(actor: Actor): Promise<Loaded<DisclosureRecord>>;
  listDisclosureVersions(actor: Actor, page: PageOptions): Promise<Listing<Loaded<DisclosureRecord>>>;
  /** What everybody may see of a tenant, without a token. @throws ZP_NOT_FOUND while nothing is displayed */
  publicDisclosure(tenant: string): Promise<DisclosureDocument>;
}

const REPORTED = ['name', 'domicile', 'legalRepresentative'] as const;
const REPORT_DAYS = 15;
const UPDATE_WORKING_DAYS = 10;

type Item = ChangeRecord['items'][number];

function wrong(pointer: string, rule: string, zh: string, en: string): never {
  const title = { zh, en };
  return refuse([{ pointer, rule, title, advice: title, citations: [cite('order44', '12'), cite('order44', '13(2)')] }]);
}

/** What of the displayed things differs; where home pages are is not displayed. */
function differences(
  before: DisclosureRecord,
  given: DisclosureInput,
): { readonly reported: readonly Item[]; readonly shown: readonly Item[] } {
  const reported = REPORTED.flatMap((field) => (before[field] === given[field] ? [] : [{ field, from: before[field], to: given[field] }]));
  const pairs = [
    ['authority.name', before.authority.name, given.authority.name],
    ['authority.phone', before.authority.phone, given.authority.phone],
    ['complaints.phone', before.complaints.phone, given.complaints.phone],
    ['complaints.link', before.complaints.link ?? '', given.complaints.link ?? ''],
    ['priceList', before.priceList ?? '', given.priceList ?? ''],
  ] as const;
  // A legal representative is reported and not displayed.
  const named = reported.filter(({ field }) => field !== 'legalRepresentative');
  return { reported, shown: [...named, ...pairs.flatMap(([field, from, to]) => (from === to ? [] : [{ field, from, to }]))] };
}

/** The clocks a change starts; what is displayed is up to date as soon as it is saved here. */
function changesOf(
  calendar: Calendar,
  actor: Actor,
  given: DisclosureInput,
  { reported, shown }: ReturnType<typeof differences>,
  now: string,
): readonly ChangeRecord[] {
  const today = calendar.today(Date.parse(now));
  const { registration, changedOn } = given;
  if (reported.length > 0 && registration === undefined)
    wrong(
      '/registration',
      'required',
      '变更名称、住所或法定代表人须提供办理完毕的变更登记',
      'is required: the completed registration of this change',
    );
  const other = shown.filter(({ field }) => !reported.some((one) => one.field === field));
  if (other.length > 0 && changedOn === undefined)
    wrong('/changedOn', 'required', '须填写公示信息实际发生变化的日期', 'is required: the day on which what is displayed changed');
  for (const [pointer, day] of [
    ['/registration/completedOn', registration?.completedOn],
    ['/changedOn', changedOn],
  ] as const)
    if (day !== undefined && day > today) wrong(pointer, 'future', '不得晚于今日', 'must not be after today');
  const base = { tenant: actor.tenant, by: actor.id, at: now };
  const records: ChangeRecord[] = [];
  if (reported.length > 0 && registration !== undefined) {
    const { completedOn, ...proof } = registration;
    const dueOn = calendar.addDays(completedOn, REPORT_DAYS);
    records.push({ ...base, clock: 'change-report', items: reported, startedOn: completedOn, dueOn, proof });
  }
  if (shown.length > 0) {
    const days = [...(other.length > 0 ? [changedOn] : []), ...(shown.length > other.length ? [registration?.completedOn] : [])];
    const startedOn = days.filter((day) => day !== undefined).sort((a, b) => (a < b ? -1 : 1))[0] ?? today;
    const dueOn = workingDaysFrom(calendar, startedOn, UPDATE_WORKING_DAYS);
    const done = { on: today, late: today > dueOn, by: actor.id };
    records.push({ ...base, clock: 'disclosure-update', items: shown, startedOn, dueOn, done });
  }
  return records;
}

/** Which pages are looked at, from when until when. */
function pagesOf(given: DisclosureInput, before: DisclosureRecord | undefined, today: string): DisclosureRecord['pages'] {
  const earlier = before?.pages ?? [];
  const isKept = (page: DisclosureRecord['pages'][number]): boolean =>
    given.homePages.some(({ id, kind }) => id === page.id && kind === page.kind);
  const kept = earlier.map((page) => (page.until !== undefined || isKept(page) ? page : { ...page, until: today }));
  const fresh = given.homePages
    .filter(({ id, kind }) => !earlier.some((page) => page.until === undefined && page.id === id && page.kind === kind))
    .map(({ id, kind }) => ({ id, kind, since: today }));
  return [...kept, ...fresh];
}

/** @throws ZP_INPUT_INVALID */
function checkPages(given: DisclosureInput, before: DisclosureRecord | undefined, ending: EndingRecord | undefined): void {
  const ids = given.homePages.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice !== -1) wrong(`/homePages/${twice}/id`, 'unique', '编号重复', 'is the id of two pages');
  const named = (pages: DisclosureInput['homePages']): string => JSON.stringify(pages.map(({ id, kind, url = '' }) => [id, kind, url]));
  if (ending?.state === 'announced' && before && named(before.homePages) !== named(given.homePages))
    wrong(
      '/homePages',
      'ending',
      '公告终止期间不得更换首页，可先撤回公告',
      'must stay as they are while the notice of the end is up; call it off first',
    );
}

interface State {
  readonly before: Loaded<DisclosureRecord> | undefined;
  readonly ending: Loaded<EndingRecord> | undefined;
}

interface ProfileOptions extends DeskOptions {
  /** Version the change is of. @throws ZP_PRECONDITION_FAILED where there is a newer one */
  readonly expectedVersion?: number;
}

export function createProfile(context: DeskContext): ProfileCommands {
  const { execute, calendar } = context;
  const parse = createValidator<DisclosureInput>(DISCLOSURE_SCHEMA);
  return {
    async setDisclosure(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const given = parse(input);
      const ids = [context.newId(), context.newId()];
      return execute<State, SavedDisclosure>({
        actor,
        ...retrying(options),
        load: async (reader) => ({
          before: await load<DisclosureRecord>(reader, 'disclosures', actor.tenant),
          ending: await currentEnding(reader),
        }),
        decide({ before, ending }, now) {
          if (options.expectedVersion !== undefined && options.expectedVersion !== (before?.version ?? 0))
            throw new ComplianceError('ZP_PRECONDITION_FAILED');
          const { changedOn: _changed, registration: _registration, ...shown } = given;
          const { tenant, id: by } = actor;
          const today = calendar.today(Date.parse(now));
          checkPages(given, before?.body, ending?.body);
          const since = before?.body.since ?? today;
          const body: DisclosureRecord = { ...shown, tenant, by, at: now, since, pages: pagesOf(given, before?.body, today) };
          const version = (before?.version ?? 0) + 1;
          const records = before ? changesOf(calendar, actor, given, differences(before.body, given), now) : [];
          const changes = records.map((record, at) => ({ id: ids[at] ?? '', record }));
          const drafts = changes.map(({ id, record }) => {
            const { clock, startedOn, dueOn, items, done, proof } = record;
            const fields = items.map(({ field }) => field);
            const facts = { clock, startedOn, dueOn, fields, late: done?.late ?? null, proof: proof?.sha256 ?? null };
            return {
              kind: 'change.recorded',
              subject: { collection: 'changeReports', id },
              facts,
              changes: [create('changeReports', id, record)],
            };
          });
          const written = [
            before ? replace('disclosures', before, body) : create('disclosures', tenant, body),
            create('disclosureVersions', versionId(tenant, version), body),
          ];
          const subject = { collection: 'disclosures', id: tenant };
          const pages = body.homePages.map(({ id, kind }) => ({ id, kind }));
          return {
            drafts: [{ kind: 'disclosure.set', subject, facts: { version, pages }, changes: written }, ...drafts],
            result: {
              version,
              changes: changes.map(({ id, record: { clock, dueOn, done } }) => ({ id, clock, dueOn, late: done?.late ?? false })),
            },
          };
        },
      });
    },
    async getDisclosure(actor) {
      context.permit(actor, 'disclosure.read');
      return found(await load<DisclosureRecord>(context.reader(actor.tenant), 'disclosures', actor.tenant));
    },
    async listDisclosureVersions(actor, page) {
      context.permit(actor, 'disclosure.read');
      const reader = context.reader(actor.tenant);
      return listed<DisclosureRecord>(await reader.find('disclosureVersions', { range: { field: 'at', gt: '' }, order: 'desc', ...page }));
    },
    publicDisclosure: (tenant) => documentOf(context, tenant),
  };
}

/** What is displayed today. @throws ZP_NOT_FOUND */
export async function documentOf(context: Pick<DeskContext, 'reader' | 'calendar' | 'now'>, tenant: string): Promise<DisclosureDocument> {
  const reader: Reader = context.reader(tenant);
  const today = context.calendar.today(context.now());
  const [disclosure, credentials, waivers, operator, ending] = await Promise.all([
    load<DisclosureRecord>(reader, 'disclosures', tenant),
    currentCredentials(reader),
    currentWaivers(reader, today),
    reader.get('operators', tenant),
    currentEnding(reader),
  ]);
  return disclosureDocument(found(disclosure), credentials, {
    agencyType: operator?.body['agencyType'] === 'public' ? 'public' : 'commercial',
    waived: waivers.map(({ kind }) => kind),
    today,
    ...(ending ? { ending: ending.body } : {}),
  });
}
