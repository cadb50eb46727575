import { generateKeyPairSync } from 'node:crypto';

import { createExecute, createLog, createSigner, createTestClock } from '@zhengpin/core';
import { mysqlStore } from '@zhengpin/storage-adapters/mysql';
import type { MysqlSettings } from '@zhengpin/storage-adapters/mysql';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { world } from '../test/world.ts';
import { mysqlChecks } from './check-mysql.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const SERVER = process.env['ZP_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/test';

const GOOD: MysqlSettings = {
  flavour: 'MariaDB',
  version: '10.11.19',
  flushLogAtCommit: '1',
  syncBinlog: '1',
  binlog: true,
  doublewrite: 'ON',
  isolation: 'REPEATABLE-READ',
  sqlMode: 'STRICT_TRANS_TABLES',
  readOnly: false,
  maxAllowedPacketBytes: 16 << 20,
  galera: { clusterSize: 3, clusterStatus: 'Primary', syncWait: '0' },
  evidence: { excess: [], statements: [] },
};

const statusOf = (settings: MysqlSettings) => Object.fromEntries(mysqlChecks(settings).map(({ id, status }) => [id, status]));

it('finds nothing to do about a server that is set up to keep evidence', () => {
  expect(new Set(Object.values(statusOf(GOOD)))).toEqual(new Set(['ok']));
});

it.each<[string, Partial<MysqlSettings>]>([
  ['innodb_flush_log_at_trx_commit', { flushLogAtCommit: '2' }],
  ['sync_binlog', { syncBinlog: '0' }],
  ['innodb_doublewrite', { doublewrite: 'OFF' }],
  ['sql_mode', { sqlMode: 'NO_ENGINE_SUBSTITUTION' }],
  ['read_only', { readOnly: true }],
  ['max_allowed_packet', { maxAllowedPacketBytes: 1 << 20 }],
  ['galera', { galera: { clusterSize: 2, clusterStatus: 'Primary', syncWait: '0' } }],
  ['galera', { galera: { clusterSize: 3, clusterStatus: 'non-Primary', syncWait: '0' } }],
  ['evidence rights', { evidence: { excess: ['zp_evidence: DELETE'], statements: ['REVOKE x;'] } }],
])('has a finding about %s of a server with %o', (id, other) => {
  expect(Object.entries(statusOf({ ...GOOD, ...other })).filter(([, status]) => status !== 'ok')).toEqual([[id, 'finding']]);
});

it('does not vouch for a server it was never run on', () => {
  expect(statusOf({ ...GOOD, flavour: 'TiDB' })).toMatchObject({ mysql: 'cannot-check' });
});

it('tells that a database cannot be reached, without its password', async () => {
  const w = world();
  expect(await run(['verify', '--store', 'mysql://root:geheim@127.0.0.1:1/none'], w.io)).toBe(EXIT.environment);
  expect(await run(['doctor', '--store', 'mysql://root:geheim@127.0.0.1:1/none'], w.io)).toBe(EXIT.environment);
  expect(w.err() + w.out()).toContain('ZP_STORE_UNAVAILABLE');
  expect(w.err() + w.out()).not.toContain('geheim');
});

const there = await createConnection({ uri: SERVER, connectTimeout: 2000 }).then(
  (connection) => connection.end().then(() => true),
  () => false,
);

describe.skipIf(!there && process.env['CI'] !== 'true')('with a store in MySQL', () => {
  let connection: Connection;
  let url: string;

  beforeEach(async () => {
    connection = await createConnection(SERVER);
    const name = `zp_my_cli_${process.pid}`;
    await connection.query(`DROP DATABASE IF EXISTS ${name}`);
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`USE ${name}`);
    const address = new URL(SERVER);
    address.pathname = `/${name}`;
    url = address.href;
  });
  afterEach(async () => {
    await connection.query(`DROP DATABASE zp_my_cli_${process.pid}`);
    await connection.end();
  });

  it('verifies the store, names an entry edited by hand, and looks over the server', async () => {
    const store = mysqlStore({ url });
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const log = createLog(store, createSigner('jobs.example', pem));
    const clock = createTestClock('2026-11-10T03:00:00.000Z');
    let ids = 0;
    const execute = createExecute({ store, log, clock, newId: () => `e${++ids}` });
    for (let i = 0; i < 20; i++) {
      await execute({
        actor: { id: 'r', tenant: 'main', role: 'reviewer' },
        load: async () => undefined,
        decide: () => {
          const subject = { collection: 'postings', id: `p${i}` };
          const change = { ...subject, expectedVersion: 0, body: { tenant: 'main', state: '待审', i } };
          return { drafts: [{ kind: 'made', subject, facts: { i }, changes: [change] }], result: {} };
        },
      });
    }
    await store.close();

    const whole = world();
    expect(await run(['verify', '--store', url, '--vkey', log.vkey], whole.io)).toBe(EXIT.ok);
    expect(whole.out()).toMatch(/条目 Entries +20\n/);

    const doctor = world();
    await run(['doctor', '--store', url.replace('mysql:', 'mariadb:'), '--json'], doctor.io);
    const { checks } = JSON.parse(doctor.out()) as { checks: { id: string; status: string; detail: { en: string } }[] };
    expect(checks.find((check) => check.id === 'entries')?.status).toBe('ok');
    expect(checks.find((check) => check.id === 'read_only')?.status).toBe('ok');
    expect(checks.find((check) => check.id === 'evidence rights')?.detail.en).toContain('zp_evidence: DELETE');

    await connection.query(`UPDATE zp_evidence SET body=REPLACE(body, '"made"', '"mode"') WHERE id='main/000000000007'`);
    await connection.query(`UPDATE zp_postings SET body=REPLACE(body, '待审', '发布') WHERE id='p11'`);
    const broken = world();
    expect(await run(['verify', '--store', url, '--vkey', log.vkey], broken.io)).toBe(EXIT.broken);
    expect(broken.out()).toContain('首个差错 First fault: 条目 entry 7 (main/000000000007) edited');
    expect(broken.out()).toContain('record postings/p11 record-edited');
  });
});
