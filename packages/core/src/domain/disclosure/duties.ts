import type { Calendar } from '../../kernel/calendar.ts';
import type { Reader } from '../../kernel/execute.ts';
import { everything, load } from '../../kernel/records.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { TOLD_DAYS } from '../../kernel/sourced-duty.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import { currentWaivers } from './credentials.ts';
import { currentEnding } from './ending.ts';
import type { CaptureRecord, ChangeRecord, CredentialRecord, DisclosureRecord } from './records.ts';

const DISPLAY_DAYS = 35;
const NOTICE_DAYS = 30;
/** An app is looked at by a person, and not every day. */
const SIGHTING_DAYS = 30;

/** Of each credential: whether its successor came in time. */
function credentialDuties(credentials: readonly CredentialRecord[], calendar: Calendar): readonly SourcedDuty[] {
  const inOrder = credentials.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return inOrder.flatMap(({ kind, validFrom, validThrough, current, at }) => {
    if (validThrough === undefined) return [];
    const next = inOrder.find((one) => one.kind === kind && one.at > at);
    const on = next && calendar.today(Date.parse(next.at));
    return [
      {
        clock: 'credential-expiry',
        subject: kind,
        startedOn: validFrom,
        dueOn: validThrough,
        ...(on === undefined || current ? {} : { discharged: { on, late: on > validThrough } }),
      },
    ];
  });
}

/** The latest day on which somebody found everything on a page. */
async function lastSeen(reader: Reader, page: string): Promise<string | undefined> {
  const looks = await everything<CaptureRecord>(reader, 'captures', { where: { page }, range: { field: 'day', gt: '' }, order: 'desc' });
  return looks.find(({ body }) => body.ok)?.body.day;
}

/** An operator that has told the kit nothing to display is not silently passed over. */
function unset(began: unknown, displayed: string | undefined, from: string): readonly SourcedDuty[] {
  if (typeof began !== 'string' || (displayed !== undefined && displayed < from)) return [];
  const discharged = displayed === undefined ? {} : { discharged: { on: displayed, late: displayed > began } };
  return [{ clock: 'home-page-display', subject: 'not-set', startedOn: began, dueOn: began, ...discharged }];
}

/** What of the duties the display of home pages, its changes and its credentials are (公示义务). */
export async function disclosureDuties(
  { reader: readerOf, calendar }: Pick<DeskContext, 'reader' | 'calendar'>,
  tenant: string,
  today: string,
): Promise<readonly SourcedDuty[]> {
  const reader = readerOf(tenant);
  const from = calendar.addDays(today, -TOLD_DAYS);
  const [disclosure, credentials, waivers, changes, ending, operator] = await Promise.all([
    load<DisclosureRecord>(reader, 'disclosures', tenant),
    everything<CredentialRecord>(reader, 'credentials', { range: { field: 'at', gt: '' } }),
    currentWaivers(reader, today),
    everything<ChangeRecord>(reader, 'changeReports', { range: { field: 'at', gte: from } }),
    currentEnding(reader),
    reader.get('operators', tenant),
  ]);
  const since =
    [disclosure?.body.since ?? '9999-12-31', calendar.addDays(today, -DISPLAY_DAYS)].sort((a, b) => (a < b ? 1 : -1))[0] ?? today;
  const captures = disclosure ? await everything<CaptureRecord>(reader, 'captures', { range: { field: 'day', gte: since } }) : [];

  const held = credentials.map(({ body }) => body);
  const hasLicence = held.some((one) => one.kind === 'telecom-licence' && one.current && (one.validThrough ?? '9999-12-31') >= today);
  const expiring: readonly SourcedDuty[] = [
    ...credentialDuties(held, calendar),
    // Counsel’s word is looked at again, unless the licence has come meanwhile.
    ...(hasLicence ? [] : waivers.slice(0, 1)).map((waiver) => ({
      clock: 'credential-expiry',
      subject: `${waiver.kind}-waiver`,
      startedOn: calendar.today(Date.parse(waiver.at)),
      dueOn: waiver.validThrough,
    })),
  ];
  const reports = changes.map(({ id, body: { clock, startedOn, dueOn, done } }): SourcedDuty => ({
    clock,
    subject: id,
    startedOn,
    dueOn,
    ...(done
      ? { discharged: { on: done.on, late: done.late, ...(done.reference === undefined ? {} : { reference: done.reference }) } }
      : {}),
  }));
  const endings =
    ending && ending.body.state !== 'called-off'
      ? [
          {
            clock: 'ending-notice',
            subject: ending.id,
            startedOn: ending.body.announcedOn,
            dueOn: calendar.addDays(ending.body.announcedOn, NOTICE_DAYS),
            ...(ending.body.endedOn === undefined ? {} : { discharged: { on: ending.body.endedOn, late: false } }),
          },
        ]
      : [];

  const seen = new Map(captures.map(({ body }) => [`${body.page}:${body.day}`, body]));
  const until = ending?.body.endedOn ?? today;
  const days: string[] = [];
  for (let day = since; day <= today && day < calendar.addDays(until, 1); day = calendar.addDays(day, 1)) days.push(day);
  const pages = disclosure?.body.homePages ?? [];
  const displays = pages
    .filter(({ kind }) => kind === 'web')
    .flatMap(({ id }) =>
      days.map((day): SourcedDuty => ({
        clock: 'home-page-display',
        subject: `${id}:${day}`,
        startedOn: day,
        dueOn: day,
        ...(seen.get(`${id}:${day}`)?.ok === true ? { discharged: { on: day, late: false } } : {}),
      })),
    );
  const sightings = await Promise.all(
    pages
      .filter(({ kind }) => kind !== 'web' && ending?.body.endedOn === undefined)
      .map(async ({ id }): Promise<SourcedDuty> => {
        const startedOn = (await lastSeen(reader, id)) ?? disclosure?.body.since ?? today;
        return { clock: 'app-display', subject: id, startedOn, dueOn: calendar.addDays(startedOn, SIGHTING_DAYS) };
      }),
  );
  return [...expiring, ...reports, ...endings, ...displays, ...sightings, ...unset(operator?.body['since'], disclosure?.body.since, from)];
}
