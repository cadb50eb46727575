import { everything } from '../../kernel/records.ts';
import { clockOf } from '../../rules/clocks.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import type { RectificationRecord } from './rectifications.ts';
import { latestOf, SECURITY_KINDS } from './security.ts';
import type { SecurityRecord } from './security.ts';

/** The orders to correct, and the proofs of network security that are asked for again (监管与网络安全义务). */
export async function supervisionDuties(
  context: Pick<DeskContext, 'reader' | 'calendar'>,
  tenant: string,
): Promise<readonly SourcedDuty[]> {
  const { calendar } = context;
  const files = await everything<RectificationRecord>(context.reader(tenant), 'rectifications', { range: { field: 'receivedOn', gt: '' } });
  const orders = files.map(({ id, body: { state, receivedOn, dueOn, sentOn, late = false } }): SourcedDuty => ({
    clock: 'rectification',
    subject: id,
    startedOn: receivedOn,
    dueOn,
    // What the authority sent back is to do again.
    ...(sentOn === undefined || state === 'open' ? {} : { discharged: { on: sentOn, late } }),
  }));
  const since = (await context.reader(tenant).get('operators', tenant))?.body['since'] as string | undefined;
  const proofs = await Promise.all(
    SECURITY_KINDS.map(async ({ kind, clock }): Promise<readonly SourcedDuty[]> => {
      const length = clock === undefined ? undefined : clockOf(clock)?.length;
      if (clock === undefined || length === undefined) return [];
      // What was never proved is due a full length after the operator began.
      const latest = (await latestOf(context, tenant, kind))?.body ?? (since === undefined ? undefined : { on: since });
      if (latest === undefined) return [];
      const { on, validThrough = '9999-12-31', enough }: Pick<SecurityRecord, 'on' | 'validThrough' | 'enough'> = latest;
      const counted =
        'years' in length ? calendar.addYears(on, length.years) : 'months' in length ? calendar.addMonths(on, length.months) : on;
      // Logs that do not reach back far enough prove nothing: the proof is due at once.
      const dueOn = enough === false ? on : counted < validThrough ? counted : validThrough;
      return [{ clock, subject: kind, startedOn: on, dueOn }];
    }),
  );
  return [...orders, ...proofs.flat()];
}
