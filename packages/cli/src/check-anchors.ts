import { anchorStates } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';

import { finding, ok, refusal, unknown } from './check.ts';
import type { Check } from './check.ts';

/** How far checkpoints have left the platform (锚点检查), by what the store says of it. */
export async function checkAnchors(store: Store, now: number): Promise<readonly Check[]> {
  try {
    const states = await anchorStates(store, now);
    if (states.length === 0) {
      return [unknown('anchors', '未配置外部锚点，或尚未发布过检查点', 'No anchor outside is set up, or none was ever published to')];
    }
    return states.map(({ tenant, anchor, size, at, behind, retired, finding: problem }) => {
      const id = `anchor ${anchor} ${tenant}`;
      if (problem) return finding(id, problem.zh, problem.en);
      if (retired !== undefined)
        return ok(id, `自 ${retired} 起不再使用，止于 ${size} 条`, `Not in use since ${retired}, at ${size} entries`);
      return ok(id, `${at} 已送达 ${size} 条，尚差 ${behind} 条`, `${size} entries by ${at}, ${behind} to follow`);
    });
  } catch (error) {
    return [{ id: 'anchors', status: 'cannot-check', detail: refusal(error) }];
  }
}
