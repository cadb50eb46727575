import { everything } from '../../kernel/records.ts';
import { clockOf } from '../../rules/clocks.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';
import type { RectificationRecord } from './rectifications.ts';
import { SECURITY_KINDS } from './security.ts';
import type { SecurityRecord } from './security.ts';

type Proof = Pick<SecurityRecord, 'on' | 'validThrough' | 'enough'>;

/** The orders to correct, and the proofs of network security that are asked for again (监管与网络安全义务). */
export async function supervisionDuties(
  context: Pick<DeskContext, 'reader' | 'calendar'>,
  tenant: string,
): Promise<readonly SourcedDuty[]> {
  const { calendar } = context;
  const files = await everything<RectificationRecord>(context.reader(tenant), 'rectifications', { range: { field: 'receivedOn', gt: '' } });
  const orders = files.flatMap(({ id, body }): readonly SourcedDuty[] => {
    const { state, receivedOn, dueOn, sentOn, late = false, passed = [] } = body;
    const base = { clock: 'rectification', subject: id, startedOn: receivedOn };
    // What the authority sent back is to do again.
    const sent = sentOn === undefined || state === 'open' ? undefined : sentOn;
    return [
      ...passed.map((day) => ({ ...base, dueOn: day, ...(sent === undefined ? {} : { discharged: { on: sent, late: true } }) })),
      { ...base, dueOn, ...(sent === undefined ? {} : { discharged: { on: sent, late } }) },
    ];
  });
  const since = (await context.reader(tenant).get('operators', tenant))?.body['since'] as string | undefined;
  const proofs = await Promise.all(
    SECURITY_KINDS.map(async ({ kind, clock }): Promise<readonly SourcedDuty[]> => {
      const length = clock === undefined ? undefined : clockOf(clock)?.length;
      if (clock === undefined || length === undefined) return [];
      const given = await everything<SecurityRecord>(context.reader(tenant), 'securityProofs', {
        where: { kind },
        range: { field: 'on', gt: '' },
      });
      // What was never proved is due a full length after the operator began. Two of one day: what was recorded last counts.
      const days = new Map(given.toSorted((a, b) => (a.body.at < b.body.at ? -1 : 1)).map(({ body }) => [body.on, body]));
      const proven = [...days.values()].toSorted((a, b) => (a.on < b.on ? -1 : 1));
      const isSinceBegan = since !== undefined && (proven[0]?.on ?? '9999-12-31') > since;
      const inOrder: readonly Proof[] = [...(isSinceBegan ? [{ on: since }] : []), ...proven];
      return inOrder.map((proof, at) => {
        const { on, validThrough = '9999-12-31', enough } = proof;
        const counted =
          'years' in length ? calendar.addYears(on, length.years) : 'months' in length ? calendar.addMonths(on, length.months) : on;
        // Logs that do not reach back far enough prove nothing: the proof is due at once.
        const dueOn = enough === false ? on : counted < validThrough ? counted : validThrough;
        // One that proves nothing discharges nothing.
        const next = inOrder.slice(at + 1).find((one) => one.enough !== false);
        return { clock, subject: kind, startedOn: on, dueOn, ...(next ? { discharged: { on: next.on, late: next.on > dueOn } } : {}) };
      });
    }),
  );
  return [...orders, ...proofs.flat()];
}
