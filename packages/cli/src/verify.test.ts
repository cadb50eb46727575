import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it } from 'vitest';

import { buildStore, temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

it('finds nothing wrong with a whole store and warns of a key that the store declares itself', async () => {
  const { path, vkey } = await buildStore(40);
  const w = world();
  expect(await run(['verify', '--store', `sqlite:${path}`], w.io)).toBe(EXIT.ok);
  expect(w.out()).toMatch(/条目 Entries +40\n/);
  expect(w.out()).toMatch(/记录 Records +40\n/);
  expect(w.out()).toMatch(/检查点 Checkpoints \d+\n/);
  expect(w.out()).toContain('Warning: a key from the store');
  const given = world();
  expect(await run(['verify', '--store', path, '--vkey', vkey, '--tenant', 'main'], given.io)).toBe(EXIT.ok);
  expect(given.out()).toContain('given by --vkey');
  expect(given.out()).not.toContain('Warning');
});

it('leaves the store as it was', async () => {
  const { path } = await buildStore(5);
  const before = readFileSync(path);
  expect(await run(['verify', '--store', path], world().io)).toBe(EXIT.ok);
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('ends with 3 and names the first entry that was edited', async () => {
  const { path, vkey } = await buildStore(40);
  tamper(
    path,
    `UPDATE zp_evidence SET body = json_set(body, '$.entry.kind', 'forged') WHERE id IN ('main/000000000017', 'main/000000000030')`,
  );
  const w = world();
  expect(await run(['verify', '--store', path, '--vkey', vkey], w.io)).toBe(EXIT.broken);
  expect(w.out()).toContain('首个差错 First fault: 条目 entry 17 (main/000000000017) edited');
  expect(w.out()).toContain('BROKEN');
  const json = world();
  expect(await run(['verify', '--store', path, '--json'], json.io)).toBe(EXIT.broken);
  expect(JSON.parse(json.out())).toMatchObject({
    ok: false,
    tenants: [{ tenant: 'main', ok: false, faults: [{ kind: 'edited', seq: 17 }, { seq: 30 }] }],
  });
});

it('ends with 3 and names a record that was edited', async () => {
  const { path } = await buildStore(10);
  tamper(path, `UPDATE zp_postings SET body = json_set(body, '$.i', 99) WHERE id = 'main-p4'`);
  const w = world();
  expect(await run(['verify', '--store', path], w.io)).toBe(EXIT.broken);
  expect(w.out()).toContain('记录 record postings/main-p4 record-edited');
});

it('compares with a checkpoint kept elsewhere, whatever line ends it was saved with', async () => {
  const { path, vkey, checkpoint } = await buildStore(10);
  const file = join(temporary(), 'checkpoint.txt');
  writeFileSync(file, `\u{FEFF}${checkpoint.replaceAll('\n', '\r\n')}`);
  expect(await run(['verify', '--store', path, '--vkey', vkey, '--against', file], world().io)).toBe(EXIT.ok);
  const other = await buildStore(12);
  writeFileSync(file, other.checkpoint);
  expect(await run(['verify', '--store', path, '--vkey', vkey, '--against', file], world().io)).toBe(EXIT.broken);
  writeFileSync(file, 'not a checkpoint');
  expect(await run(['verify', '--store', path, '--against', file], world().io)).toBe(EXIT.usage);
  expect(await run(['verify', '--store', path, '--against', `${file}.gone`], world().io)).toBe(EXIT.environment);
});

it('ends with 4 for a store that is not there, is none, or is locked', async () => {
  const folder = temporary();
  const notes = join(folder, 'notes.txt');
  writeFileSync(notes, 'a shopping list '.repeat(100));
  const empty = join(folder, 'empty.db');
  tamper(empty, 'CREATE TABLE t (a)');
  for (const path of [join(folder, 'gone.db'), folder, notes, empty]) {
    const w = world();
    expect(await run(['verify', '--store', path], w.io)).toBe(EXIT.environment);
    expect(w.err()).toMatch(/^ZP_STORE_UNAVAILABLE /);
  }
  const { path } = await buildStore(3);
  const db = new DatabaseSync(path);
  db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  const w = world();
  expect(await run(['verify', '--store', path], w.io)).toBe(EXIT.environment);
  db.close();
  expect(w.err()).toMatch(/^ZP_STORE_UNAVAILABLE .*locked/);
});

it('ends with 1 for another kind of store, a malformed key and a missing or empty option', async () => {
  const { path } = await buildStore(3);
  const wrong = [
    ['verify'],
    ['verify', '--store', 'mongodb://db/x'],
    ['verify', '--store', 'sqlite:'],
    ['verify', '--store', path, '--vkey', 'nonsense'],
    ['verify', '--store', path, '--tenant', ''],
  ];
  for (const argv of wrong) {
    const w = world();
    expect(await run(argv, w.io)).toBe(EXIT.usage);
    expect(w.err()).toMatch(/^ZP_OPTION_INVALID /);
  }
});

it('does not let a tenant nobody has pass as verified', async () => {
  const { path } = await buildStore(3);
  const w = world();
  expect(await run(['verify', '--store', path, '--tenant', 'mian'], w.io)).toBe(EXIT.broken);
  expect(w.out()).toContain('head-missing');
});
