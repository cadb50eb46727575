import { stat } from 'node:fs/promises';

import { ComplianceError } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';
import type { postgresSettings, postgresStore } from '@zhengpin/storage-adapters/postgres';

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
      detail: {
        zh: `不支持 ${scheme} 存储，可用：sqlite:路径、postgres://…`,
        en: `Stores of kind ${scheme} are not supported; use sqlite:PATH or postgres://…`,
      },
    });
  }
  if (path === '') throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '存储地址缺少路径', en: 'The store URL has no path' } });
  return path;
}

/** A PostgreSQL database and the schema in it, if the URL names one (`?schema=`). */
export interface PostgresTarget {
  readonly url: string;
  readonly schema?: string;
}

/**
 * The database a store URL names (数据库地址): `postgres://…?schema=NAME`; undefined for another kind of store. What the
 * URL leaves out is taken from `PGUSER`, `PGPASSWORD` and their like.
 * @throws ZP_OPTION_INVALID for a URL that cannot be read, without repeating it: it may hold a password
 */
export function postgresTarget(url: string): PostgresTarget | undefined {
  if (!/^postgres(?:ql)?:/i.test(url)) return undefined;
  if (!URL.canParse(url))
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '无法读取存储地址', en: 'The store URL cannot be read' } });
  const parsed = new URL(url);
  const schema = parsed.searchParams.get('schema');
  parsed.searchParams.delete('schema');
  return { url: parsed.href, ...(schema === null ? {} : { schema }) };
}

export interface PostgresAdapter {
  readonly postgresStore: typeof postgresStore;
  readonly postgresSettings: typeof postgresSettings;
}

/**
 * The PostgreSQL adapter, loaded late: the other commands also run without its driver.
 * @throws ZP_STORE_UNAVAILABLE when the driver is not installed
 */
export async function postgresAdapter(): Promise<PostgresAdapter> {
  try {
    return await import('@zhengpin/storage-adapters/postgres');
  } catch (cause) {
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', {
      detail: { zh: '未安装 PostgreSQL 驱动：npm install pg', en: 'The PostgreSQL driver is not installed: npm install pg' },
      cause,
    });
  }
}

/**
 * Open a store for reading only (只读打开).
 * @throws ZP_OPTION_INVALID for another kind of store, ZP_STORE_UNAVAILABLE when it is not there or cannot be opened
 */
export async function openStore(url: string): Promise<Store> {
  const database = postgresTarget(url);
  if (database !== undefined) {
    const { postgresStore } = await postgresAdapter();
    const store = postgresStore({ ...database, readOnly: true, maxConnections: 2 });
    try {
      // It connects at its first use.
      await store.get('evidenceHeads', '');
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }
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

/**
 * Open a store to write to (可写打开), making it when it is not there.
 * @throws ZP_OPTION_INVALID for another kind of store, ZP_STORE_UNAVAILABLE when it cannot be opened
 */
export async function openStoreToWrite(url: string): Promise<Store> {
  const database = postgresTarget(url);
  if (database !== undefined) {
    const { postgresStore } = await postgresAdapter();
    return postgresStore({ ...database, maxConnections: 2 });
  }
  const path = storePath(url);
  const { sqliteStore } = await import('@zhengpin/storage-adapters/sqlite');
  return sqliteStore({ path });
}
