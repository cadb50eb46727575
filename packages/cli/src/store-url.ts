import { stat } from 'node:fs/promises';

import { ComplianceError } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';
import type * as Mysql from '@zhengpin/storage-adapters/mysql';
import type * as Postgres from '@zhengpin/storage-adapters/postgres';

import { systemCode } from './io.ts';

/** Where a store is (存储位置). */
export type StoreAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'mysql'; readonly url: string }
  | ({ readonly kind: 'postgres' } & PostgresTarget);

/**
 * What a store URL names (存储地址): `sqlite:PATH` or a bare path, `postgres://…?schema=NAME`, `mysql://…` or
 * `mariadb://…`.
 * @throws ZP_OPTION_INVALID for another kind of store
 */
export function storeAddress(url: string): StoreAddress {
  const database = postgresTarget(url);
  if (database !== undefined) return { kind: 'postgres', ...database };
  // One letter before the colon is a drive, not a scheme.
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(url)?.[1];
  if (scheme !== undefined && ['mysql', 'mariadb'].includes(scheme.toLowerCase())) return { kind: 'mysql', url };
  const path = scheme === undefined ? url : url.slice(scheme.length + 1).replace(/^\/\/(?=.)/, '');
  if (scheme !== undefined && scheme.toLowerCase() !== 'sqlite') {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: {
        zh: `不支持 ${scheme} 存储，可用：sqlite:路径、postgres://…、mysql://…`,
        en: `Stores of kind ${scheme} are not supported; use sqlite:PATH, postgres://… or mysql://…`,
      },
    });
  }
  if (path === '') throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '存储地址缺少路径', en: 'The store URL has no path' } });
  return { kind: 'sqlite', path };
}

/**
 * The MySQL adapter, loaded only when a store needs it: its driver is the user's to install.
 * @throws ZP_STORE_UNAVAILABLE when mysql2 is not installed
 */
export async function loadMysql(): Promise<typeof Mysql> {
  try {
    return await import('@zhengpin/storage-adapters/mysql');
  } catch (cause) {
    if (systemCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const detail = { zh: '未安装 mysql2，请运行 npm install mysql2', en: 'mysql2 is not installed: run npm install mysql2' };
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', { detail, cause });
  }
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

/**
 * The PostgreSQL adapter, loaded late: the other commands also run without its driver.
 * @throws ZP_STORE_UNAVAILABLE when pg is not installed
 */
export async function loadPostgres(): Promise<typeof Postgres> {
  try {
    return await import('@zhengpin/storage-adapters/postgres');
  } catch (cause) {
    if (systemCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const detail = { zh: '未安装 pg，请运行 npm install pg', en: 'pg is not installed: run npm install pg' };
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', { detail, cause });
  }
}

/** A store on a database server. */
async function openServer(address: Exclude<StoreAddress, { readonly kind: 'sqlite' }>, readOnly: boolean): Promise<Store> {
  if (address.kind === 'mysql') {
    const { mysqlStore } = await loadMysql();
    return mysqlStore({ url: address.url, readOnly, connections: 2, statementTimeoutMs: 60_000 });
  }
  const { kind: _kind, ...target } = address;
  const { postgresStore } = await loadPostgres();
  return postgresStore({ ...target, readOnly, maxConnections: 2 });
}

/**
 * Open a store for writing (读写打开), once {@link openStore} has found that there is one.
 * @throws as {@link openStore}
 */
export async function openWritable(url: string): Promise<Store> {
  await (await openStore(url)).close();
  const address = storeAddress(url);
  if (address.kind !== 'sqlite') return openServer(address, false);
  const { sqliteStore } = await import('@zhengpin/storage-adapters/sqlite');
  return sqliteStore({ path: address.path });
}

/**
 * Open a store for reading only (只读打开).
 * @throws ZP_OPTION_INVALID for another kind of store, ZP_STORE_UNAVAILABLE when it is not there or cannot be opened
 */
export async function openStore(url: string): Promise<Store> {
  const address = storeAddress(url);
  if (address.kind !== 'sqlite') {
    const store = await openServer(address, true);
    try {
      // It connects at the first use: a store that cannot be reached shall be known now.
      await store.get('evidenceHeads', '');
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }
  const { path } = address;
  // SQLite says no more than that it could not; the commonest reason deserves its name.
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh: `没有存储文件 ${path}`, en: `There is no store file ${path}` } });
  }
  // Loaded late: the other commands also run where Node has no SQLite.
  const { sqliteStore } = await import('@zhengpin/storage-adapters/sqlite');
  return sqliteStore({ path, readOnly: true });
}
