import { isComplianceError } from '@zhengpin/core';
import type { Archive, Text } from '@zhengpin/core';

import type { Check } from './check.ts';

const BY: { readonly [who in 'server' | 'kit']: Text } = {
  server: { zh: '由存储保证', en: 'by the storage' },
  kit: { zh: '仅由本工具保证', en: 'by the kit only' },
};

/** What an archive honours and who sees to it (归档检查), found out by trying; closes it. */
export async function checkArchive(archive: Archive): Promise<{ readonly reached: boolean; readonly checks: readonly Check[] }> {
  try {
    const { guarantees, weakening } = await archive.describe();
    const checks = guarantees.map(({ id, by, detail }): Check => {
      return { id: `archive ${id}`, status: 'ok', detail: { zh: `${BY[by].zh}：${detail.zh}`, en: `${BY[by].en}: ${detail.en}` } };
    });
    if (weakening === undefined) return { reached: true, checks };
    const detail = { zh: `已放弃对象锁定，理由：${weakening}`, en: `Object Lock was given up, for this reason: ${weakening}` };
    return { reached: true, checks: [...checks, { id: 'archive weakening', status: 'finding', detail }] };
  } catch (error) {
    if (!isComplianceError(error)) throw error;
    // It answered, and cannot keep what is asked of it.
    const unable = error.code === 'ZP_OPTION_INVALID';
    return { reached: unable, checks: [{ id: 'archive', status: unable ? 'finding' : 'cannot-check', detail: error.detail }] };
  } finally {
    await archive.close();
  }
}
