import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { sqliteStore } from './sqlite.ts';

const collections = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'zp-')), 'store.db');
const open = (path = newPath()) => sqliteStore({ path, collections });
const put = (id: string, n: number, expectedVersion = 0) => ({ collection: 'things', id, expectedVersion, body: { kind: 'a', n } });

describe('the SQLite store', () => {
  it('keeps what was committed, across a reopening, and counts versions', async () => {
    const path = newPath();
    const store = open(path);
    await store.commit([put('x', 1)]);
    await store.commit([put('x', 2, 1)]);
    await store.close();
    const again = open(path);
    expect(await again.get('things', 'x')).toEqual({ id: 'x', version: 2, body: { kind: 'a', n: 2 } });
    await again.commit([{ collection: 'things', id: 'x', expectedVersion: 2 }]);
    expect(await again.get('things', 'x')).toBeUndefined();
    await again.close();
  });

  it('writes nothing of a commit whose last change is stale', async () => {
    const store = open();
    await store.commit([put('x', 1)]);
    await expect(store.commit([put('y', 1), put('x', 2)])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    expect(await store.get('things', 'y')).toBeUndefined();
    await expect(store.commit([put('z', 1), put('z', 2)])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    await store.close();
  });

  it('pages through ties seeing each record once, in both orders', async () => {
    const store = open();
    await store.commit(Array.from({ length: 50 }, (_, i) => put(`r${i}`, i % 5)));
    for (const order of ['asc', 'desc'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.find('things', { where: { kind: 'a' }, range: { field: 'n', gte: 1 }, order, limit: 7, ...(cursor ? { cursor } : {}) });
        seen.push(...page.records.map((r) => r.id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(40);
      expect(new Set(seen).size).toBe(40);
    }
    await store.close();
  });

  it('refuses undeclared fields, unknown collections, unknown options and cursors of another query', async () => {
    const store = open();
    await store.commit([put('a', 1), put('b', 2)]);
    const { cursor } = await store.find('things', { limit: 1 });
    await expect(store.find('things', { limit: 1, order: 'desc', cursor: cursor ?? '' })).rejects.toMatchObject({ code: 'ZP_CURSOR_INVALID' });
    await expect(store.find('things', { limit: 1, cursor: 'zzz' })).rejects.toMatchObject({ code: 'ZP_CURSOR_INVALID' });
    await expect(store.find('things', { where: { secret: 1 }, limit: 1 })).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    await expect(store.get('nothing', 'a')).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    const unknown = { path: newPath(), sync: 'off' };
    expect(() => sqliteStore(unknown)).toThrow(/ZP_OPTION_INVALID/);
    await store.close();
    await expect(store.get('things', 'a')).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
  });

  it('is in WAL mode on disk', async () => {
    const path = newPath();
    const store = open(path);
    const other = new DatabaseSync(path);
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    other.close();
    await store.close();
  });
});
