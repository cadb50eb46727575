import { everything, load } from '../../kernel/records.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { TOLD_DAYS } from '../../kernel/sourced-duty.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import type { IncidentRecord } from './incidents.ts';
import type { RightsRecord } from './rights.ts';
import type { ScaleRecord } from './scale.ts';

/** There may be very many answers; the late ones are on record in the calendar by then. */
const ANSWERED_DAYS = 35;

/** Requests to answer, incidents to report and thresholds that ask for a filing (个人信息义务). */
export async function personalDuties(
  { reader: readerOf, calendar }: Pick<DeskContext, 'reader' | 'calendar'>,
  tenant: string,
  today: string,
): Promise<readonly SourcedDuty[]> {
  const reader = readerOf(tenant);
  const from = calendar.addDays(today, -TOLD_DAYS);
  const [open, answered, incidents, scale] = await Promise.all([
    everything<RightsRecord>(reader, 'rightsRequests', { where: { state: 'open' }, range: { field: 'dueOn', gt: '' } }),
    everything<RightsRecord>(reader, 'rightsRequests', {
      where: { state: 'answered' },
      range: { field: 'dueOn', gte: calendar.addDays(today, -ANSWERED_DAYS) },
    }),
    everything<IncidentRecord>(reader, 'incidents', { range: { field: 'openedAt', gte: from } }),
    load<ScaleRecord>(reader, 'personScales', tenant),
  ]);
  const answers = [...open, ...answered].map(({ id, body: { receivedOn, dueOn, answer } }): SourcedDuty => ({
    clock: 'rights-answer',
    subject: id,
    startedOn: receivedOn,
    dueOn,
    ...(answer ? { discharged: { on: answer.on, late: answer.late } } : {}),
  }));
  const reports = incidents.flatMap(({ id, body: { discoveredAt, reportBy, steps } }): readonly SourcedDuty[] => {
    if (reportBy === undefined) return [];
    const reported = steps.find(({ step }) => step === 'reported');
    return [
      {
        clock: 'incident-report',
        subject: id,
        startedOn: calendar.today(Date.parse(discoveredAt)),
        dueOn: calendar.today(Date.parse(reportBy)),
        dueAt: reportBy,
        ...(reported ? { discharged: { on: calendar.today(Date.parse(reported.at)), late: reported.late } } : {}),
      },
    ];
  });
  const filings = (scale?.body.reached ?? []).flatMap(({ threshold, on, dueOn, discharged }): readonly SourcedDuty[] =>
    dueOn === undefined
      ? []
      : [
          {
            clock: 'officer-filing',
            subject: threshold,
            startedOn: on,
            dueOn,
            ...(discharged ? { discharged: { on: discharged.on, late: discharged.late, reference: discharged.reference } } : {}),
          },
        ],
  );
  return [...answers, ...reports, ...filings];
}
