import { rowId } from '../stored.ts';
import { at } from './faults.ts';
import type { Log } from './places.ts';
import { readable } from './reading.ts';
import type { Fault } from './report.ts';

export function unsigned(tenant: string, from: number, rows: number): Fault {
  return {
    kind: 'unsigned',
    ...at(tenant, from),
    detail: { zh: `从此处起 ${rows} 行没有任何已签名的检查点覆盖`, en: `From here on ${rows} row(s) are covered by no signed checkpoint` },
  };
}

/** The rows end, or the head says they do, before the last entry some signature speaks of. */
export function checkReach({ tenant, extent, faults }: Log, position: number): void {
  const head = extent.head();
  const signed = extent.signed();
  const reach = head.state === 'read' && extent.headSigned() ? Math.min(position, head.size) : position;
  if (reach >= signed) return;
  faults.add({
    kind: 'truncated',
    ...at(tenant, reach),
    detail: {
      zh: `日志止于 ${reach} 条，而签名证明至少有 ${signed} 条：缺 ${signed - reach} 条`,
      en: `The log ends after ${reach} entries while a signature speaks of ${signed}: ${signed - reach} missing`,
    },
  });
}

/** A checkpoint the caller kept proves nothing about this log unless the key of this log signed it. */
export function checkOutside({ extent, faults }: Log, against: string | undefined): void {
  if (against === undefined || extent.outside !== undefined) return;
  const detail = { zh: '库外保存的检查点不是用本日志的密钥签名的', en: 'The checkpoint kept outside is not signed by the key of this log' };
  faults.add({ kind: 'checkpoint-invalid', detail });
}

async function checkNotes({ store, tenant, extent, checkpoints, faults }: Log): Promise<void> {
  const head = extent.head();
  const newest = await readable(store, () => store.get('checkpoints', rowId(tenant, head.size)));
  const absent = newest !== undefined && newest.value === undefined;
  if (absent) {
    const detail = { zh: '日志头对应的检查点行缺失', en: 'The checkpoint row of the log head is missing' };
    faults.add({ kind: 'checkpoint-missing', ...at(tenant, head.size - 1), detail });
  }
  // The head is written once a batch, as is a checkpoint: its version counts them.
  const gone = head.version - checkpoints.count() - (absent ? 1 : 0);
  if (gone > 0) {
    const detail = { zh: `检查点缺 ${gone} 个`, en: `${gone} checkpoint(s) are missing` };
    faults.add({ kind: 'checkpoint-missing', detail });
  }
}

/** The head against its signature, the given key, the recomputed tree and the checkpoint rows. */
export async function checkHead(log: Log, vkey: string | undefined, position: number): Promise<void> {
  const { extent, tree, faults } = log;
  const head = extent.head();
  const invalid = (zh: string, en: string): void => faults.add({ kind: 'head-invalid', detail: { zh, en } });
  if (head.state === 'absent') {
    faults.add({ kind: 'head-missing', detail: { zh: '日志头不存在', en: 'The log has no head' } });
    return;
  }
  if (head.state === 'malformed') return invalid('日志头无法读取', 'The log head is not readable');
  if (vkey !== undefined && !head.vkeys.includes(vkey))
    invalid('日志头中的公钥不是给定的公钥', 'The log head names another verifier key than the one given');
  if (extent.headSigned()?.size !== head.size) {
    return invalid('日志头的检查点签名无效或大小不符', 'The checkpoint in the log head has no valid signature for its size');
  }
  // Only a proven tree can contradict the frontier: one still in doubt has more than one.
  if (head.size === position && tree.proven() === position && tree.frontier().join() !== head.frontier.join()) {
    invalid('日志头的树前沿与日志不符', 'The tree frontier in the log head is not that of the log');
  }
  await checkNotes(log);
}
