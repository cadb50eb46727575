import { createCalendar } from '../../kernel/calendar.ts';
import { createReader } from '../../kernel/execute.ts';
import { everything } from '../../kernel/records.ts';
import type { Store } from '../../kernel/store.ts';
import type { DutyRecord } from './records.ts';

/** Duties of a tenant that are on record and whose last day has passed undone (逾期义务). */
export type MissedDuties = { readonly tenant: string; readonly missed: number; readonly clocks: readonly string[] };

/** What every tenant of a store has missed and not made good since, for whoever looks at the store alone (各租户逾期义务). */
export async function missedDuties(store: Store, nowMs: number): Promise<readonly MissedDuties[]> {
  const today = createCalendar().today(nowMs);
  const tenants: string[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await store.find('operators', { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    tenants.push(...page.records.map(({ id }) => id));
    ({ cursor } = page);
  }
  return Promise.all(
    tenants.map(async (tenant) => {
      const query = { where: { open: true }, range: { field: 'dueOn', lt: today } };
      const open = await everything<DutyRecord>(createReader(store, tenant), 'duties', query);
      // Those with an hour and those of yesterday may not be on record as missed yet; they are over all the same.
      const clocks = [...new Set(open.map(({ body }) => body.clock))].toSorted((a, b) => (a < b ? -1 : 1));
      return { tenant, missed: open.length, clocks };
    }),
  );
}
