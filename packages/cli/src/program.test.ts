import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';

import { createCalendar, officialHolidays } from '@zhengpin/core';
import { expect, it } from 'vitest';

import { buildStore, world } from '../test/world.ts';
import { doctorCommand } from './doctor.ts';
import { EXIT } from './io.ts';
import { choosePack, PACKS } from './packs.ts';
import { run } from './program.ts';
import { storeAddress } from './store-url.ts';

it('ends with 1 for an unknown command or option, and for none', async () => {
  for (const argv of [['publish'], ['--force'], ['screen', '--force'], ['info', 'more'], []]) {
    const w = world();
    expect(await run(argv, w.io)).toBe(EXIT.usage);
    expect(w.err()).not.toBe('');
    expect(w.out()).toBe('');
  }
});

it('prints help and version with 0', async () => {
  const w = world();
  expect(await run(['--help'], w.io)).toBe(EXIT.ok);
  expect(w.out()).toContain('退出码 / Exit codes');
  const version = world();
  expect(await run(['--version'], version.io)).toBe(EXIT.ok);
  expect(version.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('keeps the message of an unexpected error to itself', async () => {
  const w = world();
  const stdout = new PassThrough();
  stdout.write = (): boolean => {
    throw new Error('secret');
  };
  expect(await run(['info'], { ...w.io, stdout })).toBe(EXIT.environment);
  expect(w.err()).toBe('ZP_INTERNAL 内部错误 / Internal error\n');
});

it('tells which articles bind in text, Markdown and JSON', async () => {
  const argv = ['applicability', '--agency-type', 'commercial', '--mode', 'platform', '--mode', 'own-site', '--jurisdiction', 'CN'];
  const text = world();
  expect(await run(argv, text.io)).toBe(EXIT.ok);
  expect(text.out()).toContain('第9条 人力资源服务许可证 / Art. 9 Human resources service licence');
  const md = world();
  expect(await run([...argv, '--format', 'md', '--lang', 'en'], md.io)).toBe(EXIT.ok);
  expect(md.out()).toMatch(/^# Which duties apply\n/);
  const json = world();
  expect(await run([...argv, '--format', 'json'], json.io)).toBe(EXIT.ok);
  expect(JSON.parse(json.out())).toMatchObject({
    profile: { agencyType: 'commercial', modes: ['platform', 'own-site'] },
    retention: { floorYears: 3 },
  });
});

it('refuses a profile it does not know with 1 and names every fault', async () => {
  const w = world();
  expect(await run(['applicability', '--agency-type', 'x', '--mode', 'platform', 'platform'], w.io)).toBe(EXIT.usage);
  expect(w.err()).toMatch(/^ZP_APPLICABILITY_UNKNOWN /);
  for (const pointer of ['/agencyType', '/modes/1', '/jurisdictions']) expect(w.err()).toContain(pointer);
  expect(w.out()).toBe('');
});

it('lists versions, packs, instruments and stores', async () => {
  const w = world();
  expect(await run(['info', '--json'], w.io)).toBe(EXIT.ok);
  expect(JSON.parse(w.out())).toMatchObject({
    versions: { zhengpin: expect.any(String), core: expect.any(String), storageAdapters: expect.any(String) },
    node: { version: process.versions.node },
    packs: [{ id: 'cn-national', reference: expect.stringMatching(/^cn-national@/), rules: PACKS[0]?.rules.length }],
    instruments: expect.arrayContaining([expect.objectContaining({ id: 'order44' })]),
    adapters: expect.arrayContaining(['memory', 'sqlite']),
  });
  const text = world();
  expect(await run(['info'], text.io)).toBe(EXIT.ok);
  expect(text.out()).toContain('cn-national@');
});

it('looks over a store and says of what it cannot see that it cannot', async () => {
  const { path } = await buildStore(3);
  const w = world();
  const code = await run(['doctor', '--json', '--store', path], w.io);
  const { checks } = JSON.parse(w.out()) as { checks: { id: string; status: string }[] };
  const status = Object.fromEntries(checks.map((check) => [check.id, check.status]));
  expect(status).toMatchObject({
    node: 'ok',
    'node:sqlite': 'ok',
    'pack cn-national': 'ok',
    'calendar table': 'ok',
    'calendar years': 'ok',
    clock: 'ok',
    entries: 'ok',
    journal_mode: 'ok',
    synchronous: 'cannot-check',
  });
  expect(code).toBe(checks.some((check) => check.status === 'finding') ? EXIT.finding : EXIT.ok);
});

it('never calls anything compliant', async () => {
  const { path } = await buildStore(1);
  const w = world();
  await run(['doctor', '--store', path], w.io);
  await run(['doctor', '--json'], w.io);
  expect(w.out()).not.toMatch(/complian|合规|合法/i);
});

it.each([
  ['a journal that is not WAL', { sql: 'PRAGMA journal_mode=DELETE' }, 'journal_mode'],
  ['entries later than the clock', { at: '2026-11-10T03:00:00.000Z' }, 'entries'],
  ['a holiday table that lacks next year', { at: '2026-11-20T00:00:00.000Z', years: [2025, 2026] }, 'calendar years'],
  ['a clock before the rules', { at: '2019-01-01T00:00:00.000Z' }, 'clock'],
  ['a clock far ahead', { at: '2199-01-01T00:00:00.000Z' }, 'clock'],
  ['a Node that is too old', { nodeVersion: '22.12.9' }, 'node'],
])('has a finding for %s', async (_what, given: { sql?: string; at?: string; years?: number[]; nodeVersion?: string }, id) => {
  const { path } = await buildStore(1);
  if (given.sql !== undefined) {
    const db = new DatabaseSync(path);
    db.exec(given.sql);
    db.close();
  }
  const w = world('', given.at);
  const { years } = given;
  const calendar = createCalendar(years === undefined ? officialHolidays : { ...officialHolidays, years: () => years });
  const host = { nodeVersion: given.nodeVersion ?? process.versions.node, calendar, packs: PACKS };
  expect(await doctorCommand({ store: path, json: true }, w.io, host)).toBe(EXIT.finding);
  const { checks } = JSON.parse(w.out()) as { checks: { id: string; status: string }[] };
  expect(checks.find((check) => check.id === id)?.status).toBe('finding');
});

it('ends with 4 when the store to look over cannot be opened', async () => {
  const w = world();
  expect(await run(['doctor', '--store', '/nowhere/store.db'], w.io)).toBe(EXIT.environment);
  expect(w.out()).toContain('[无法检查 cannot check] store');
});

it('takes the newest pack in force on the day', () => {
  const [base] = PACKS;
  if (base === undefined) throw new Error('there is a pack');
  const packs = ['2028-01-01', '2026-11-01', '2027-01-01'].map((effectiveFrom) => ({ ...base, effectiveFrom }));
  expect(choosePack('cn-national', '2027-12-31', packs).effectiveFrom).toBe('2027-01-01');
  expect(choosePack('cn-national', '2028-01-01', packs).effectiveFrom).toBe('2028-01-01');
  expect(() => choosePack('cn-national', '2026-10-31', packs)).toThrow('2026-11-01');
});

it.each([
  ['sqlite:data/store.db', 'data/store.db'],
  ['sqlite:///var/store.db', '/var/store.db'],
  ['SQLite:store.db', 'store.db'],
  ['./store.db', './store.db'],
  ['C:\\data\\store.db', 'C:\\data\\store.db'],
])('reads the store URL %s as %s', (url, path) => {
  expect(storeAddress(url)).toEqual({ kind: 'sqlite', path });
});
