import type { Calendar } from '../../kernel/calendar.ts';
import { everything, load } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { TOLD_DAYS } from '../../kernel/sourced-duty.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { currentEnding } from './ending.ts';
import type { CaptureRecord, ChangeRecord, CredentialRecord, DisclosureRecord, WaiverRecord } from './records.ts';

const NOTICE_DAYS = 30;
/** For how long days that were kept are told one by one. */
const SHOWN_DAYS = 35;
/** An app is looked at by a person, and not every day. */
const SIGHTING_DAYS = 30;
const FOREVER = '9999-12-31';

type Page = DisclosureRecord['pages'][number];

function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** Of each credential: whether a later one was recorded before it ran out, and follows it without a gap. */
function credentialDuties(credentials: readonly CredentialRecord[], calendar: Calendar): readonly SourcedDuty[] {
  const inOrder = credentials.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return inOrder.flatMap(({ kind, validFrom, validThrough }, place) => {
    if (validThrough === undefined) return [];
    const next = inOrder.slice(place + 1).find((one) => one.kind === kind);
    const on = next && calendar.today(Date.parse(next.at));
    const isLate = next !== undefined && on !== undefined && (on > validThrough || next.validFrom > calendar.addDays(validThrough, 1));
    return [
      {
        clock: 'credential-expiry',
        subject: kind,
        startedOn: validFrom,
        dueOn: validThrough,
        ...(on === undefined ? {} : { discharged: { on, late: isLate } }),
      },
    ];
  });
}

/** Counsel’s word is looked at again, unless the licence itself is there. */
function waiverDuties(
  waivers: readonly WaiverRecord[],
  credentials: readonly CredentialRecord[],
  calendar: Calendar,
): readonly SourcedDuty[] {
  const dayOf = ({ at }: { readonly at: string }): string => calendar.today(Date.parse(at));
  return waivers.map((waiver) => {
    const startedOn = dayOf(waiver);
    const licences = credentials.filter(({ kind, validThrough = FOREVER }) => kind === waiver.kind && validThrough >= startedOn);
    const answers = [...waivers.filter(({ at }) => at > waiver.at), ...licences].map((one) => later(dayOf(one), startedOn));
    const on = answers.toSorted((a, b) => (a < b ? -1 : 1))[0];
    const discharged = on === undefined ? {} : { discharged: { on, late: on > waiver.validThrough } };
    return { clock: 'credential-expiry', subject: `${waiver.kind}-waiver`, startedOn, dueOn: waiver.validThrough, ...discharged };
  });
}

/** Every day of a web page: those that were not kept however old, those that were for a while. */
function displayDuties(
  page: Page,
  captures: ReadonlyMap<string, CaptureRecord>,
  calendar: Calendar,
  through: string,
): readonly SourcedDuty[] {
  const duties: SourcedDuty[] = [];
  const shown = calendar.addDays(through, -SHOWN_DAYS);
  const first = later(page.since, calendar.addDays(through, -TOLD_DAYS));
  for (let day = first; day <= through && day < (page.until ?? FOREVER); day = calendar.addDays(day, 1)) {
    const isKept = captures.get(`${page.id}:${day}`)?.ok === true;
    if (isKept && day < shown) continue;
    const discharged = isKept ? { discharged: { on: day, late: false } } : {};
    duties.push({ clock: 'home-page-display', subject: `${page.id}:${day}`, startedOn: day, dueOn: day, ...discharged });
  }
  return duties;
}

/** Of an app: from one look that found everything to the next. */
function sightingDuties(
  page: Page,
  captures: readonly CaptureRecord[],
  calendar: Calendar,
  endedOn: string | undefined,
): readonly SourcedDuty[] {
  const looks = captures.filter((one) => one.page === page.id && one.ok && one.day >= page.since).map(({ day }) => day);
  const days = [...new Set([page.since, ...looks])].toSorted((a, b) => (a < b ? -1 : 1));
  const over = page.until ?? endedOn;
  return days.map((startedOn, at) => {
    const dueOn = calendar.addDays(startedOn, SIGHTING_DAYS);
    const on = days[at + 1] ?? over;
    return {
      clock: 'app-display',
      subject: page.id,
      startedOn,
      dueOn,
      ...(on === undefined ? {} : { discharged: { on, late: on > dueOn } }),
    };
  });
}

/** An operator that has told the kit nothing to display is not silently passed over. */
function unset(began: unknown, displayed: string | undefined, from: string): readonly SourcedDuty[] {
  if (typeof began !== 'string' || (displayed !== undefined && displayed < from)) return [];
  const discharged = displayed === undefined ? {} : { discharged: { on: displayed, late: displayed > began } };
  return [{ clock: 'home-page-display', subject: 'not-set', startedOn: began, dueOn: began, ...discharged }];
}

function reportDuty({ id, body: { clock, startedOn, dueOn, done } }: Loaded<ChangeRecord>): SourcedDuty {
  const { on = '', late = false, reference } = done ?? {};
  const discharged = done ? { discharged: { on, late, ...(reference === undefined ? {} : { reference }) } } : {};
  return { clock, subject: id, startedOn, dueOn, ...discharged };
}

/** What of the duties the display of home pages, its changes and its credentials are (公示义务). */
export async function disclosureDuties(
  { reader: readerOf, calendar }: Pick<DeskContext, 'reader' | 'calendar'>,
  tenant: string,
  today: string,
): Promise<readonly SourcedDuty[]> {
  const reader = readerOf(tenant);
  const from = calendar.addDays(today, -TOLD_DAYS);
  const ever = { range: { field: 'at', gt: '' } };
  const [disclosure, credentials, waivers, changes, ending, operator, captures] = await Promise.all([
    load<DisclosureRecord>(reader, 'disclosures', tenant),
    everything<CredentialRecord>(reader, 'credentials', ever),
    everything<WaiverRecord>(reader, 'credentialWaivers', ever),
    everything<ChangeRecord>(reader, 'changeReports', ever),
    currentEnding(reader),
    reader.get('operators', tenant),
    everything<CaptureRecord>(reader, 'captures', { range: { field: 'day', gte: from } }),
  ]);
  const held = credentials.map(({ body }) => body);
  const seen = captures.map(({ body }) => body);
  const byDay = new Map(seen.map((one) => [`${one.page}:${one.day}`, one]));
  const endedOn = ending?.body.endedOn;
  const pages = disclosure?.body.pages ?? [];
  const through = endedOn !== undefined && endedOn < today ? endedOn : today;
  const notice =
    ending && ending.body.state !== 'called-off'
      ? [
          {
            clock: 'ending-notice',
            subject: ending.id,
            startedOn: ending.body.announcedOn,
            dueOn: calendar.addDays(ending.body.announcedOn, NOTICE_DAYS),
            ...(endedOn === undefined ? {} : { discharged: { on: endedOn, late: false } }),
          },
        ]
      : [];
  return [
    ...credentialDuties(held, calendar),
    ...waiverDuties(
      waivers.map(({ body }) => body),
      held,
      calendar,
    ),
    ...changes.filter(({ body }) => (body.done?.on ?? today) >= from).map(reportDuty),
    ...notice,
    ...pages.flatMap((page) =>
      page.kind === 'web' ? displayDuties(page, byDay, calendar, through) : sightingDuties(page, seen, calendar, endedOn),
    ),
    ...unset(operator?.body['since'], disclosure?.body.since, from),
  ];
}
