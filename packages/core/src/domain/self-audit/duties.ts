import type { DeskContext } from '../../rules/permissions.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import { deadlineOf } from './audits.ts';

/** The next self-audit that is due (自查义务). */
export async function auditDuties(
  { reader, calendar, now }: Pick<DeskContext, 'reader' | 'calendar' | 'now'>,
  tenant: string,
  today: string,
): Promise<readonly SourcedDuty[]> {
  const { lastClosedOn, dueOn } = await deadlineOf(reader(tenant), calendar, tenant, now());
  const began = (await reader(tenant).get('operators', tenant))?.body['since'] as string | undefined;
  return [{ clock: 'self-audit', subject: 'yearly', startedOn: lastClosedOn ?? began ?? today, dueOn }];
}
