import { auditDeadlines } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';

import { finding, ok, refusal } from './check.ts';
import type { Check } from './check.ts';

/** How soon it is said that a self-audit is due, in days. */
const SOON = 30;

/** Whether the yearly self-audit of each tenant is in time (自查期限检查). */
export async function checkAudits(store: Store, now: number): Promise<readonly Check[]> {
  try {
    return (await auditDeadlines(store, now)).map(({ tenant, dueOn, isOverdue, daysLeft, lastClosedOn = '—' }) => {
      const id = `self-audit ${tenant}`;
      if (isOverdue)
        return finding(
          id,
          `年度自查已逾期：应于 ${dueOn} 前办结，上次 ${lastClosedOn}`,
          `The yearly self-audit is overdue: due on ${dueOn}, last closed ${lastClosedOn}`,
        );
      if (daysLeft <= SOON) return finding(id, `年度自查将于 ${dueOn} 到期`, `The yearly self-audit is due on ${dueOn}`);
      return ok(id, `年度自查应于 ${dueOn} 前办结`, `The yearly self-audit is due on ${dueOn}`);
    });
  } catch (error) {
    return [{ id: 'self-audit', status: 'cannot-check', detail: refusal(error) }];
  }
}
