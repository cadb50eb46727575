import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

import type { Store } from '@zhengpin/core';
import { storeConformance, storeCrashConformance } from '@zhengpin/core/conformance';
import type { StoreUnderCrash } from '@zhengpin/core/conformance';
import { storeModel } from '@zhengpin/core/conformance/model';
import { describe, expect, it } from 'vitest';

import { sqliteStore } from './sqlite.ts';
import type { SqliteStoreOptions } from './sqlite.ts';

const collections = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'zp-')), 'store.db');
const open = (path = newPath(), more: Partial<SqliteStoreOptions> = {}): Store => sqliteStore({ path, collections, ...more });
const put = (id: string, n: number, expectedVersion = 0) => ({ collection: 'things', id, expectedVersion, body: { kind: 'a', n } });

function subject(): StoreUnderCrash {
  const opened = new WeakMap<Store, SqliteStoreOptions>();
  const start = (options: SqliteStoreOptions): Store => {
    const store = sqliteStore(options);
    opened.set(store, options);
    return store;
  };
  return {
    create: async (declared) => start({ path: newPath(), collections: declared }),
    reopen: async (closed) => start(opened.get(closed) ?? { path: '' }),
    /** What a process that is killed leaves behind: the files as they are at this moment. */
    async crash(store) {
      const { path, ...more } = opened.get(store) ?? { path: '' };
      const copy = newPath();
      for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
      await store.close();
      return start({ path: copy, ...more });
    },
  };
}

/** What each of two processes does: count up one shared record, with a record of its own in the same commit. */
const COUNTER = `
  const [path, name, source] = process.argv.slice(1);
  const { sqliteStore } = await import(source);
  const store = sqliteStore({ path, collections: [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }] });
  for (let done = 0; done < 60; ) {
    const shared = await store.get('things', 'shared');
    const n = (shared?.body.n ?? 0) + 1;
    try {
      await store.commit([
        { collection: 'things', id: name + n, expectedVersion: 0, body: { kind: name, n } },
        { collection: 'things', id: 'shared', expectedVersion: shared?.version ?? 0, body: { kind: 'shared', n } },
      ]);
      done++;
    } catch (error) {
      if (error.code !== 'ZP_CONFLICT') throw error;
    }
  }
  await store.close();
`;

describe('the SQLite store', () => {
  for (const c of [...storeConformance, ...storeCrashConformance]) it(c.name, () => c.run(subject()));
  it('is no different from a map, whatever is done to it', () => storeModel(subject()));

  it('leaves hardly any bytes in the file of what it overwrote or removed', async () => {
    const path = newPath();
    const store = open(path);
    const secret = (i: number): string => `secret-${String(i).padStart(4, '0')}`;
    const long = (i: number) => ({ collection: 'things', id: `t${i}`, expectedVersion: 0, body: { kind: secret(i).padEnd(300, 'x') } });
    await store.commit(Array.from({ length: 200 }, (_, i) => long(i)));
    await store.commit(
      Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? put(`t${i}`, 0, 1) : { collection: 'things', id: `t${i}`, expectedVersion: 1 })),
    );
    await store.close();
    const bytes = readFileSync(path);
    const there = (from: number): number => Array.from({ length: 100 }, (_, i) => bytes.includes(secret(from + i))).filter(Boolean).length;
    expect(there(100)).toBe(100);
    // SQLite zeroes what it deletes, but not always what it leaves behind when it moves a row to another page.
    expect(there(0)).toBeLessThan(5);
  });

  it('refuses unknown options', () => {
    const unknown = { path: newPath(), sync: 'off' };
    expect(() => sqliteStore(unknown)).toThrow(/ZP_OPTION_INVALID/);
  });

  it('is in WAL mode on disk and says which schema it has', async () => {
    const path = newPath();
    const store = open(path);
    const other = new DatabaseSync(path);
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(other.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    other.close();
    await store.close();
  });

  it('refuses a file written by a newer kit and leaves it alone', () => {
    const path = newPath();
    const raw = new DatabaseSync(path);
    raw.exec('PRAGMA user_version=2');
    raw.close();
    expect(() => open(path)).toThrow(/ZP_STORE_UNAVAILABLE.*schema version 2/);
    expect(() => open(path, { readOnly: true })).toThrow(/ZP_STORE_UNAVAILABLE.*schema version 2/);
    const after = new DatabaseSync(path);
    expect(after.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
    after.close();
  });

  it('reads a file written before a collection existed as holding none of it', async () => {
    const path = newPath();
    const writer = open(path);
    await writer.commit([put('x', 1)]);
    await writer.close();
    const later = sqliteStore({ path, readOnly: true, collections: [...collections, { name: 'later', fields: ['kind'], indexes: [] }] });
    expect(await later.get('later', 'x')).toBeUndefined();
    expect(await later.find('later', { where: { kind: 'a' }, limit: 10 })).toEqual({ records: [] });
    expect((await later.get('things', 'x'))?.version).toBe(1);
    await later.close();
  });

  it('reads but never writes when it is opened read-only', async () => {
    const path = newPath();
    const store = open(path);
    await store.commit([put('x', 1)]);
    const reader = open(path, { readOnly: true });
    expect((await reader.find('things', { where: { kind: 'a' }, limit: 10 })).records).toHaveLength(1);
    await expect(reader.commit([put('y', 1)])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    await store.commit([put('y', 1)]);
    expect((await reader.get('things', 'y'))?.version).toBe(1);
    await reader.close();
    await store.close();
  });

  it('does not make a file or take a strange one when it is opened read-only', () => {
    const path = newPath();
    expect(() => open(path, { readOnly: true })).toThrow(/ZP_STORE_UNAVAILABLE/);
    expect(existsSync(path)).toBe(false);
    new DatabaseSync(path).close();
    expect(() => open(path, { readOnly: true })).toThrow(/ZP_STORE_UNAVAILABLE/);
  });

  it('loses no update when two processes open and write one new file at once', async () => {
    const path = newPath();
    const source = new URL('./sqlite.ts', import.meta.url).href;
    const run = promisify(execFile);
    await Promise.all(
      ['p', 'q'].map((name) =>
        run(process.execPath, ['--conditions=@zhengpin/source', '--input-type=module', '-e', COUNTER, path, name, source], {
          cwd: import.meta.dirname,
        }),
      ),
    );
    const store = open(path);
    expect(await store.get('things', 'shared')).toEqual({ id: 'shared', version: 120, body: { kind: 'shared', n: 120 } });
    for (const kind of ['p', 'q']) expect((await store.find('things', { where: { kind }, limit: 1000 })).records).toHaveLength(60);
    await store.close();
  });
});
