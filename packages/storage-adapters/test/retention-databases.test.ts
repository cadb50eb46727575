import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ComplianceError } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hostTriggers } from '../src/host-triggers.ts';
import { mysqlStore } from '../src/mysql.ts';
import { postgresStore } from '../src/postgres.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { admin, describeMysql, newDatabase } from './mysql/server.ts';
import { createDatabase, serverAnswers } from './postgres-server.ts';
import type { TestDatabase } from './postgres-server.ts';

/** Of three postings one was disposed of; of another tenant one with the same fate. */
async function fill(store: Store): Promise<void> {
  const link = (id: string, body: object) => ({
    collection: 'serviceLinks',
    id,
    expectedVersion: 0,
    body: { tenant: 'main', service: id, ...body },
  });
  await store.commit([
    link('p-kept', {}),
    link('p-gone', { disposed: true }),
    link('p-said', { disposed: 'no' }),
    link('p-other', { tenant: 'other', disposed: true }),
  ]);
}

/** Statements on the host's table `jobs` of rows r1 to r5, and which of them pass. */
const CASES: readonly (readonly [sql: string, passes: boolean])[] = [
  ["DELETE FROM jobs WHERE id = 'r1'", false],
  ["UPDATE jobs SET posting = 'p-gone' WHERE id = 'r1'", false],
  ["DELETE FROM jobs WHERE id = 'r3'", false],
  ["DELETE FROM jobs WHERE id = 'r4'", false],
  ["DELETE FROM jobs WHERE id = 'r5'", false],
  ["UPDATE jobs SET note = 'x' WHERE id = 'r1'", true],
  ["DELETE FROM jobs WHERE id = 'r2'", true],
];
const ROWS =
  "INSERT INTO jobs (id, posting, note) VALUES ('r1', 'p-kept', ''), ('r2', 'p-gone', ''), ('r3', 'p-said', ''), ('r4', 'p-other', ''), ('r5', 'p-unknown', '')";

describe('triggers on a table of the host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zp-triggers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('let only what was disposed of go, on SQLite', async () => {
    const path = join(folder, 'store.db');
    const store = sqliteStore({ path });
    await fill(store);
    await store.close();
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE jobs (id TEXT PRIMARY KEY, posting TEXT, note TEXT)');
    db.exec(hostTriggers({ dialect: 'sqlite', table: 'jobs', column: 'posting', tenant: 'main' }));
    db.exec(ROWS);
    for (const [sql, passes] of CASES) {
      if (passes) db.exec(sql);
      else expect(() => db.exec(sql), sql).toThrow(/ZP_RETAINED/u);
    }
    expect(db.prepare('SELECT count(*) AS n FROM jobs').get()).toMatchObject({ n: 4 });
    db.close();
  });

  it('are made of plain names only', () => {
    const plain = { dialect: 'sqlite', table: 'jobs', column: 'posting', tenant: 'main' } as const;
    for (const wrong of [{ table: 'a"b' }, { column: "a'b" }, { tenant: "x' OR 1" }, { schema: 'a b' }])
      expect(() => hostTriggers({ ...plain, ...wrong })).toThrow(ComplianceError);
  });
});

describe.skipIf(!(await serverAnswers()))('on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    return () => database.drop();
  });

  it('the triggers let only what was disposed of go, and nothing by TRUNCATE', async () => {
    const schema = database.fresh();
    const store = postgresStore({ url: database.url, schema });
    await fill(store);
    await database.sql('CREATE TABLE jobs (id text PRIMARY KEY, posting text, note text)');
    // Twice: a deployment runs it again.
    for (let i = 0; i < 2; i++)
      await database.sql(hostTriggers({ dialect: 'postgres', table: 'jobs', column: 'posting', tenant: 'main', schema }));
    await database.sql(ROWS);
    for (const [sql, passes] of [...CASES, ['TRUNCATE jobs', false] as const]) {
      if (passes) await database.sql(sql);
      else await expect(database.sql(sql), sql).rejects.toMatchObject({ code: 'ZP026' });
    }
    expect(await database.sql('SELECT count(*)::int AS n FROM jobs')).toEqual([{ n: 4 }]);
    await store.close();
  });

  it('the server tells the time', async () => {
    const store = postgresStore({ url: database.url, schema: database.fresh() });
    expect(Math.abs((await store.serverTime()) - Date.now())).toBeLessThan(30_000);
    await store.close();
  });
});

describeMysql('on the MySQL protocol', () => {
  it('the triggers let only what was disposed of go', async () => {
    const url = await newDatabase();
    const store = mysqlStore({ url });
    await fill(store);
    await admin(url, 'CREATE TABLE jobs (id VARCHAR(40) PRIMARY KEY, posting VARCHAR(64), note TEXT)');
    const statements = hostTriggers({ dialect: 'mysql', table: 'jobs', column: 'posting', tenant: 'main' });
    // One statement each: what ends a trigger is the line that ends it.
    for (let i = 0; i < 2; i++) await admin(url, ...statements.split(/(?<=^END;|EXISTS \w+;)\n/mu).filter((one) => one.trim() !== ''));
    await admin(url, ROWS);
    for (const [sql, passes] of CASES) {
      if (passes) await admin(url, sql);
      else await expect(admin(url, sql), sql).rejects.toMatchObject({ sqlState: '45026' });
    }
    expect(await admin(url, 'SELECT count(*) AS n FROM jobs')).toEqual([{ n: 4 }]);
    await store.close();
  });

  it('the server tells the time', async () => {
    const store = mysqlStore({ url: await newDatabase() });
    expect(Math.abs((await store.serverTime()) - Date.now())).toBeLessThan(30_000);
    await store.close();
  });
});

describe('finding what is kept', () => {
  it('never reads a whole table on SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zp-find-'));
    const path = join(folder, 'store.db');
    await sqliteStore({ path }).close();
    const db = new DatabaseSync(path);
    const plan = (sql: string): string =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .join('; ');
    const field = (name: string): string => `json_extract(body, '$.${name}')`;
    for (const [table, where] of [
      ['services', `${field('tenant')}='main' AND ${field('organisation')}='o' AND ${field('completedOn')}>='2026-01-01'`],
      ['services', `${field('tenant')}='main' AND ${field('state')}='completed' AND ${field('completedOn')}<='2026-01-01'`],
      ['services', `${field('tenant')}='main' AND ${field('archive')}='due'`],
      ['segments', `${field('tenant')}='main' AND ${field('state')}='kept' AND ${field('lockedUntil')}<='2026-01-01'`],
      ['segments', `${field('tenant')}='main' AND ${field('month')}='2026-01'`],
      ['appeals', `${field('tenant')}='main' AND ${field('filedBy')}='a'`],
      ['subjectKeys', `${field('tenant')}='main' AND ${field('state')}='restricted'`],
    ] as const)
      expect(plan(`SELECT * FROM zp_${table} WHERE ${where} LIMIT 10`), where).toMatch(/^SEARCH .* USING INDEX/u);
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
