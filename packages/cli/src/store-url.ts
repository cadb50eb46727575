import { stat } from 'node:fs/promises';

import { ComplianceError } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';

/**
 * The file a store URL names (存储地址): `sqlite:PATH` or a bare path.
 * @throws ZP_OPTION_INVALID for another kind of store
 */
export function storePath(url: string): string {
  // One letter before the colon is a drive, not a scheme.
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(url)?.[1];
  const path = scheme === undefined ? url : url.slice(scheme.length + 1).replace(/^\/\/(?=.)/, '');
  if (scheme !== undefined && scheme.toLowerCase() !== 'sqlite') {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: `不支持 ${scheme} 存储，可用：sqlite:路径`, en: `Stores of kind ${scheme} are not supported; use sqlite:PATH` },
    });
  }
  if (path === '') throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '存储地址缺少路径', en: 'The store URL has no path' } });
  return path;
}

/**
 * Open a store for reading only (只读打开).
 * @throws ZP_OPTION_INVALID for another kind of store, ZP_STORE_UNAVAILABLE when it is not there or cannot be opened
 */
export async function openStore(url: string): Promise<Store> {
  const path = storePath(url);
  // SQLite says no more than that it could not; the commonest reason deserves its name.
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh: `没有存储文件 ${path}`, en: `There is no store file ${path}` } });
  }
  // Loaded late: the other commands also run where Node has no SQLite.
  const { sqliteStore } = await import('@zhengpin/storage-adapters/sqlite');
  return sqliteStore({ path, readOnly: true });
}
