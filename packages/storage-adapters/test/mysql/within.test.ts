import type { Change, JsonObject, Store } from '@zhengpin/core';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { mysqlStore } from '../../src/mysql.ts';
import type { MysqlStore } from '../../src/mysql.ts';
import { admin, describeMysql, newDatabase } from './server.ts';

const collections = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const put = (id: string, body: JsonObject, expectedVersion = 0): Change => ({ collection: 'things', id, expectedVersion, body });
const found = async (store: Store, query: Parameters<Store['find']>[1]): Promise<readonly string[]> =>
  (await store.find('things', query)).records.map((record) => record.id);

describeMysql('the MySQL store within a transaction of the host', () => {
  let url: string;
  let host: Connection;
  let store: MysqlStore;
  beforeEach(async () => {
    url = await newDatabase();
    store = mysqlStore({ url, collections });
    await store.commit([put('x', { n: 1 })]);
    await admin(url, 'CREATE TABLE jobs (id INT PRIMARY KEY)');
    host = await createConnection(url);
    await host.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  afterEach(async () => {
    await host.end();
    await store.close();
  });
  const jobs = async (): Promise<number> => (await admin(url, 'SELECT id FROM jobs')).length;

  it('commits with the host and is undone with the host', async () => {
    for (const end of ['ROLLBACK', 'COMMIT']) {
      await host.query('START TRANSACTION');
      await host.query('INSERT INTO jobs VALUES (1)');
      const inside = store.within(host);
      await inside.commit([put('x', { n: 2 }, 1), put('new', {})]);
      expect((await inside.get('things', 'x'))?.version).toBe(2);
      expect(await found(inside, { where: { n: 2 }, limit: 2 })).toEqual(['x']);
      expect((await store.get('things', 'x'))?.version).toBe(1);
      await host.query(end);
      await inside.close();
    }
    expect((await store.get('things', 'x'))?.version).toBe(2);
    expect(await jobs()).toBe(1);
  });

  it('leaves the transaction usable after a conflict, without a trace of the refused commit', async () => {
    await host.query('START TRANSACTION');
    await host.query('INSERT INTO jobs VALUES (1)');
    const inside = store.within(host);
    await inside.commit([put('first', {})]);
    await expect(inside.commit([put('new', {}), put('x', { n: 2 }, 7)])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await expect(inside.commit([put('new', {}), put('x', { n: 2 })])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await inside.commit([put('x', { n: 6 }, 1)]);
    await host.query('COMMIT');
    expect(await found(store, { limit: 10 })).toEqual(['first', 'x']);
    expect((await store.get('things', 'x'))?.body).toEqual({ n: 6 });
    expect(await jobs()).toBe(1);
  });

  it('refuses to commit where no transaction is open', async () => {
    const inside = store.within(host);
    await expect(inside.commit([put('new', {}), put('other', {})])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(await found(store, { limit: 10 })).toEqual(['x']);
  });

  it('says that a deadlock has ended the transaction', async () => {
    await store.commit([put('y', { n: 1 })]);
    await host.query('START TRANSACTION');
    const inside = store.within(host);
    await inside.commit([put('y', { n: 2 }, 1)]);
    const other = await createConnection(url);
    await other.query('START TRANSACTION');
    // The server ends whichever of the two has written less.
    await other.query('INSERT INTO jobs VALUES (1), (2), (3), (4), (5), (6), (7), (8)');
    await other.query(`SELECT id FROM zp_things WHERE id='x' FOR UPDATE`);
    const [mine] = await Promise.allSettled([
      inside.commit([put('x', { n: 2 }, 1)]),
      other.query(`SELECT id FROM zp_things WHERE id='y' FOR UPDATE`),
    ]);
    expect(mine).toMatchObject({
      status: 'rejected',
      reason: { code: 'ZP_CONFLICT', detail: { en: expect.stringMatching(/begin anew/) } },
    });
    await host.query('ROLLBACK');
    await other.end();
    expect((await store.get('things', 'y'))?.version).toBe(1);
  });
});
