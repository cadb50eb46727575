import { setTimeout } from 'node:timers/promises';

import type { Store } from '@zhengpin/core';
import { createPool } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { mysqlStore } from '../../src/mysql.ts';
import type { MysqlStoreOptions } from '../../src/mysql.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { admin, describeMysql, newDatabase } from './server.ts';

const collections = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const put = (id: string, n: number, expectedVersion = 0) => ({ collection: 'things', id, expectedVersion, body: { kind: 'a', n } });
const unavailable = { code: 'ZP_STORE_UNAVAILABLE' };

describeMysql('the MySQL store when something fails', () => {
  let url: string;
  let proxy: Proxy;
  let stores: Store[];

  const open = (options: MysqlStoreOptions): Store => {
    const store = mysqlStore({ collections, ...options });
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    url = await newDatabase();
    proxy = await startProxy(url);
    stores = [];
  });
  afterEach(async () => {
    await proxy.close();
    for (const store of stores) await store.close();
  });

  it('says that the fate of a commit is unknown when the connection is cut in its midst, and goes on by itself', async () => {
    const store = open({ url: proxy.url });
    await store.commit([put('x', 1), put('y', 1)]);
    for (const [fate, version] of [
      ['drop', 1],
      ['answerless', 2],
    ] as const) {
      const isCommit = (packet: string): boolean => packet.includes('COMMIT') && packet.includes('UPDATE');
      proxy.judge = (packet) => (isCommit(packet) ? fate : 'pass');
      const lost = store.commit([put('x', 2, 1), put(`new-${fate}`, 1), put('y', 2, 1)]);
      await expect(lost).rejects.toMatchObject({ ...unavailable, cause: { code: expect.any(String) } });
      proxy.judge = () => 'pass';
      // Whichever it was, it was all or nothing.
      expect((await store.get('things', 'x'))?.version).toBe(version);
      expect((await store.get('things', 'y'))?.version).toBe(version);
      expect((await store.get('things', `new-${fate}`))?.version).toBe(version === 2 ? 1 : undefined);
    }
    await store.commit([put('x', 3, 2)]);
  });

  it('does not wait for ever for a server that has stopped answering', async () => {
    const store = open({ url: proxy.url, statementTimeoutMs: 1000 });
    await store.commit([put('x', 1)]);
    proxy.judge = () => 'stall';
    await expect(store.get('things', 'x')).rejects.toMatchObject(unavailable);
    await expect(store.commit([put('x', 2, 1)])).rejects.toMatchObject(unavailable);
    proxy.judge = () => 'pass';
    expect((await store.get('things', 'x'))?.version).toBe(1);
  });

  it('refuses while the server is down, also at the first use, and works once it is up', async () => {
    await proxy.down();
    const store = open({ url: proxy.url });
    await expect(store.get('things', 'x')).rejects.toMatchObject({ ...unavailable, cause: { code: 'ECONNREFUSED' } });
    await proxy.up();
    await store.commit([put('x', 1)]);
    await proxy.down();
    await expect(store.commit([put('x', 2, 1)])).rejects.toMatchObject(unavailable);
    await expect(store.find('things', { limit: 1 })).rejects.toMatchObject(unavailable);
    await proxy.up();
    await store.commit([put('x', 2, 1)]);
    expect((await store.get('things', 'x'))?.version).toBe(2);
  });

  it('turns away who finds no free connection, and serves again when there is one', async () => {
    const pool = createPool({ uri: url, connectionLimit: 1 });
    const store = open({ pool, statementTimeoutMs: 1000 });
    await store.commit([put('x', 1)]);
    const held = await pool.getConnection();
    await expect(store.get('things', 'x')).rejects.toMatchObject(unavailable);
    held.release();
    expect((await store.get('things', 'x'))?.version).toBe(1);
    await pool.end();
  });

  it('does not let a process that falls silent between a conflict and its ROLLBACK keep rows locked', async () => {
    const [silent, other] = [open({ url: proxy.url, statementTimeoutMs: 4000 }), open({ url })];
    await silent.commit([put('x', 1)]);
    proxy.judge = (packet) => (packet.includes('ROLLBACK') ? 'stall' : 'pass');
    const stopped = silent.commit([put('x', 2, 1), put('y', 2, 7)]).catch((error: unknown) => error);
    await setTimeout(200);
    await other.commit([put('x', 3, 1)]);
    expect(await other.get('things', 'x')).toMatchObject({ version: 2, body: { n: 3 } });
    // The server ended it before it gave up by itself.
    const error = (await stopped) as { readonly code: string; readonly cause: { readonly code: string } };
    expect(error.code).toBe('ZP_STORE_UNAVAILABLE');
    expect(error.cause.code).not.toBe('PROTOCOL_SEQUENCE_TIMEOUT');
  });

  it('waits for a row another transaction holds, and gives up with a conflict', async () => {
    const store = open({ url, statementTimeoutMs: 2000 });
    await store.commit([put('x', 1)]);
    const pool = createPool(url);
    const other = await pool.getConnection();
    await other.query('BEGIN');
    await other.query(`SELECT id FROM zp_things WHERE id='x' FOR UPDATE`);
    await expect(store.commit([put('x', 2, 1), put('y', 1)])).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    const patient = store.commit([put('x', 2, 1), put('y', 1)]);
    await other.query('ROLLBACK');
    await patient;
    expect((await store.get('things', 'y'))?.version).toBe(1);
    other.release();
    await pool.end();
  });

  it('tries again after a deadlock that the server decided against it', async () => {
    const store = open({ url });
    await store.commit([put('x', 1), put('y', 1)]);
    await admin(url, 'CREATE TABLE jobs (id INT PRIMARY KEY)');
    const pool = createPool(url);
    const other = await pool.getConnection();
    await other.query('BEGIN');
    // The server ends whichever of the two has written less.
    await other.query(`INSERT INTO jobs VALUES ${Array.from({ length: 50 }, (_, i) => `(${i})`).join(', ')}`);
    await other.query(`SELECT id FROM zp_things WHERE id='y' FOR UPDATE`);
    const committed = store.commit([put('x', 2, 1), put('y', 2, 1)]);
    const waiting = `SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state='LOCK WAIT' AND trx_query LIKE '%zp_things%'`;
    while ((await admin(url, waiting)).length === 0);
    // The commit holds x and waits for y: only when the server has ended it can this have x.
    await other.query(`SELECT id FROM zp_things WHERE id='x' FOR UPDATE`);
    await other.query('ROLLBACK');
    await committed;
    expect((await store.get('things', 'x'))?.version).toBe(2);
    expect((await store.get('things', 'y'))?.version).toBe(2);
    other.release();
    await pool.end();
  });

  it('stops a statement that runs too long', async () => {
    const store = open({ url, statementTimeoutMs: 1000 });
    await store.commit([put('x', 1)]);
    await admin(url, 'RENAME TABLE zp_things TO real_things', 'CREATE VIEW zp_things AS SELECT * FROM real_things WHERE SLEEP(5)=0');
    await expect(store.find('things', { limit: 1 })).rejects.toMatchObject({
      ...unavailable,
      detail: { en: expect.stringMatching(/too long/) },
    });
    await admin(url, 'DROP VIEW zp_things', 'RENAME TABLE real_things TO zp_things');
    expect((await store.find('things', { limit: 1 })).records).toHaveLength(1);
  });

  it('says so when the database takes no writes', async () => {
    const store = open({ url });
    await store.commit([put('x', 1)]);
    const pool = createPool({ uri: url, connectionLimit: 1 });
    pool.on('connection', (connection) => void connection.query('SET SESSION TRANSACTION READ ONLY'));
    const reader = open({ pool });
    await expect(reader.commit([put('y', 1)])).rejects.toMatchObject({ ...unavailable, detail: { en: 'The database is read-only' } });
    expect((await reader.get('things', 'x'))?.version).toBe(1);
    await pool.end();
  });

  it('hands out nothing after it is closed', async () => {
    const store = open({ url });
    await store.commit([put('x', 1)]);
    await store.close();
    await store.close();
    await expect(store.get('things', 'x')).rejects.toMatchObject(unavailable);
    await expect(store.commit([put('y', 1)])).rejects.toMatchObject(unavailable);
  });
});
