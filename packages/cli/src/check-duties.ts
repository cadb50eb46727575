import { missedDuties } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';

import { finding, ok, refusal } from './check.ts';
import type { Check } from './check.ts';

/** Whether a duty of any tenant was missed and not made good since (逾期义务检查). */
export async function checkDuties(store: Store, now: number): Promise<readonly Check[]> {
  try {
    return (await missedDuties(store, now)).map(({ tenant, missed, clocks }) =>
      missed === 0
        ? ok(`duties ${tenant}`, '没有登记在案的逾期义务', 'No duty on record is over and undone')
        : finding(`duties ${tenant}`, `逾期未履行 ${missed} 项：${clocks.join('、')}`, `${missed} over and undone: ${clocks.join(', ')}`),
    );
  } catch (error) {
    return [{ id: 'duties', status: 'cannot-check', detail: refusal(error) }];
  }
}
