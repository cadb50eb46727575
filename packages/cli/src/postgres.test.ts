import { randomBytes } from 'node:crypto';

import { createExecute, createLog, createSigner, createTestClock } from '@zhengpin/core';
import { postgresStore } from '@zhengpin/storage-adapters/postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pem, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';
import { postgresTarget } from './store-url.ts';

/** A server whose role may create databases; without one a laptop skips, CI fails. */
const SERVER = process.env['ZP_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const name = `zp_pg_${randomBytes(6).toString('hex')}`;

async function sql(text: string, url = SERVER): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const answers =
  process.env['CI'] === 'true' ||
  (await sql('SELECT 1').then(
    () => true,
    () => false,
  ));
const at = new URL(SERVER);
at.pathname = `/${name}`;
const database = at.href;
const signer = createSigner('jobs.example', pem());

async function build(schema: string): Promise<string> {
  const store = postgresStore({ url: database, schema });
  let ids = 0;
  const clock = createTestClock('2026-11-10T04:00:00.000Z');
  const execute = createExecute({ store, log: createLog(store, signer), clock, newId: () => `e${++ids}` });
  for (const id of ['p0', 'p1', 'p2'])
    await execute({
      actor: { id: 'r', tenant: 'main', role: 'reviewer' },
      load: async () => undefined,
      decide: () => {
        const change = { collection: 'postings', id, expectedVersion: 0, body: { tenant: 'main', text: '聘 \0', n: 2 ** 53 - 1 } };
        return { drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} };
      },
    });
  await store.close();
  return `${database}?schema=${schema}`;
}

beforeAll(async () => {
  if (answers) await sql(`CREATE DATABASE ${name}`);
});
afterAll(async () => {
  if (answers) await sql(`DROP DATABASE ${name} WITH (FORCE)`);
});

describe.skipIf(!answers)('the command line on PostgreSQL', () => {
  it('verifies a whole store, and names a record and an entry edited by hand', async () => {
    const url = await build('verified');
    expect(await run(['verify', '--store', url, '--vkey', signer.vkey], world().io)).toBe(EXIT.ok);
    await sql(`UPDATE verified."zp_postings" SET body = jsonb_set(body, '{n}', '7') WHERE id = 'p1'`, database);
    await sql(
      `UPDATE verified.zp_evidence SET body = jsonb_set(body, '{entry,kind}', '"forged"') WHERE id = 'main/000000000002'`,
      database,
    );
    const w = world();
    expect(await run(['verify', '--store', url, '--vkey', signer.vkey, '--json'], w.io)).toBe(EXIT.broken);
    expect(JSON.parse(w.out())).toMatchObject({
      tenants: [
        {
          faults: expect.arrayContaining([
            expect.objectContaining({ kind: 'record-edited' }),
            expect.objectContaining({ kind: 'edited', seq: 2 }),
          ]),
        },
      ],
    });
  });

  it('looks over the server and gives the statements that take rights over evidence away', async () => {
    const url = await build('doctored');
    const w = world();
    expect(await run(['doctor', '--json', '--store', url], w.io)).toBe(EXIT.finding);
    const { checks } = JSON.parse(w.out()) as { checks: { id: string; status: string; detail: { zh: string; en: string } }[] };
    const of = (id: string) => checks.find((check) => check.id === id);
    expect(of('postgres')).toMatchObject({ status: 'ok' });
    expect(of('entries')).toMatchObject({ status: 'ok' });
    expect(of('evidence rights')?.status).toBe('finding');
    expect(of('evidence rights')?.detail.en).toContain(
      'REVOKE UPDATE, DELETE, TRUNCATE ON "doctored"."zp_evidence", "doctored"."zp_checkpoints"',
    );
    for (const { detail } of checks) expect([detail.zh, detail.en].every((text) => text !== '')).toBe(true);
    await sql('ALTER TABLE doctored.zp_checkpoints SET UNLOGGED', database);
    const text = world();
    await run(['doctor', '--store', url], text.io);
    expect(text.out()).toContain('zp_checkpoints');
    expect(text.out()).toMatch(/\] unlogged: /);
  });

  it('ends with 4 where the database holds no store or nobody answers, and makes nothing', async () => {
    for (const url of [`${database}?schema=empty`, 'postgres://u:secret@127.0.0.1:1/x']) {
      for (const command of ['verify', 'doctor']) {
        const w = world();
        expect(await run([command, '--store', url], w.io)).toBe(EXIT.environment);
        expect(w.out() + w.err()).not.toContain('secret');
      }
    }
  });
});

it('reads the schema out of a PostgreSQL URL, and refuses one it cannot read without repeating it', async () => {
  expect(postgresTarget('postgresql://u@h:5/d?schema=x&sslmode=require')).toEqual({
    url: 'postgresql://u@h:5/d?sslmode=require',
    schema: 'x',
  });
  expect(postgresTarget('postgres://h/d')).toEqual({ url: 'postgres://h/d' });
  expect(postgresTarget('./postgres.db')).toBeUndefined();
  const w = world();
  expect(await run(['verify', '--store', 'postgres://u:secret@h:port/d'], w.io)).toBe(EXIT.usage);
  expect(w.err()).toMatch(/^ZP_OPTION_INVALID /);
  expect(w.err()).not.toContain('secret');
});
