import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it } from 'vitest';

import { buildStore, pem, temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const LOG = 'jobs.example/main';

function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(path, bytes);
}

async function ended(argv: readonly string[], code: number): Promise<ReturnType<typeof world>> {
  const w = world();
  expect(await run(argv, w.io), w.err()).toBe(code);
  return w;
}

it('exports a store to a folder, goes on from there, and verifies the folder offline', async () => {
  const key = pem();
  const { path, vkey } = await buildStore(300, 'main', { key });
  const dir = join(temporary(), 'export');
  const first = await ended(['evidence', 'export', '--store', path, '--dir', dir], EXIT.ok);
  expect(first.out()).toContain('300 entries (300 new)');
  expect(readFileSync(join(dir, LOG, 'vkeys'), 'utf8')).toBe(`${vkey}\n`);
  await buildStore(10, 'main', { key, path, from: 300 });
  const again = await ended(['evidence', 'export', '--store', path, '--dir', dir, '--vkey', vkey, '--json'], EXIT.ok);
  expect(JSON.parse(again.out())).toEqual({ logs: [{ tenant: 'main', origin: LOG, size: 310, added: 10 }] });
  // What an export that was killed leaves behind.
  for (const folder of ['logs', LOG, `${LOG}/tile/0`]) writeFileSync(join(dir, folder, '.main.4711.part'), 'half of');
  const w = await ended(['verify', '--dir', dir, '--vkey', vkey], EXIT.ok);
  expect(w.out()).toMatch(/条目 Entries +310\n/);
  expect(w.out()).not.toContain('Warning');
  expect((await ended(['verify', '--dir', join(dir, LOG)], EXIT.ok)).out()).toContain('Warning');
  flip(join(dir, LOG, 'tile/entries/000'), 3);
  const bad = await ended(['verify', '--dir', dir, '--vkey', vkey], EXIT.broken);
  expect(bad.out()).toContain('edited 条目 entry 0 (tile/entries/000)');
});

it('exports to an archive and verifies it there, against a checkpoint kept elsewhere', async () => {
  const key = pem();
  const { path, vkey, checkpoint } = await buildStore(20, 'main', { key });
  const folder = temporary();
  const kept = join(folder, 'kept.txt');
  writeFileSync(kept, checkpoint);
  const archive = join(folder, 'archive');
  mkdirSync(archive);
  await buildStore(300, 'main', { key, path, from: 20 });
  await ended(['evidence', 'export', '--store', path, '--archive', `file:${archive}`], EXIT.ok);
  await ended(['verify', '--archive', `file:${archive}`, '--vkey', vkey, '--against', kept], EXIT.ok);
  const forged = await buildStore(320, 'main', { key });
  const other = join(folder, 'forged');
  await ended(['evidence', 'export', '--store', forged.path, '--dir', other], EXIT.ok);
  const w = await ended(['verify', '--dir', other, '--vkey', vkey, '--against', kept], EXIT.broken);
  expect(w.out()).toContain('forked 条目 entry 0');
});

it('refuses to export a store whose entries were edited, and leaves the folder as it was', async () => {
  const { path } = await buildStore(40);
  tamper(path, `UPDATE zp_evidence SET body = json_set(body, '$.entry.kind', 'forged') WHERE id = 'main/000000000017'`);
  const dir = join(temporary(), 'export');
  const w = await ended(['evidence', 'export', '--store', path, '--dir', dir], EXIT.broken);
  expect(w.err()).toMatch(/^ZP_EVIDENCE_BROKEN .*entries 0 to 39/);
  expect(existsSync(join(dir, LOG, 'checkpoint'))).toBe(false);
  expect(existsSync(join(dir, LOG, 'tile'))).toBe(false);
});

it('restores the log of a store, which then verifies as far as it can without its records', async () => {
  const { path, vkey } = await buildStore(300);
  const folder = temporary();
  const dir = join(folder, 'export');
  await ended(['evidence', 'export', '--store', path, '--dir', dir], EXIT.ok);
  const restored = join(folder, 'restored.db');
  const w = await ended(['evidence', 'restore', '--dir', dir, '--store', restored, '--vkey', vkey], EXIT.ok);
  expect(w.out()).toContain('300 entries');
  expect(w.out()).toContain('Only the log came back');
  const json = await ended(['verify', '--store', restored, '--vkey', vkey, '--json'], EXIT.broken);
  const report = JSON.parse(json.out()) as { tenants: { size: number; checkpointsChecked: number; faults: { kind: string }[] }[] };
  expect(report.tenants).toMatchObject([{ size: 300, checkpointsChecked: 1 }]);
  expect(new Set(report.tenants[0]?.faults.map(({ kind }) => kind))).toEqual(new Set(['record-missing']));
  const again = world();
  expect(await run(['evidence', 'restore', '--dir', dir, '--store', restored], again.io)).toBe(EXIT.environment);
  expect(again.err()).toMatch(/^ZP_STATE /);
  // With the records back all is well again.
  tamper(restored, `ATTACH '${path}' AS old; INSERT INTO zp_postings SELECT * FROM old.zp_postings`);
  await ended(['verify', '--store', restored, '--vkey', vkey], EXIT.ok);
});

it('saves where a verification has got to and goes on there', async () => {
  const { path } = await buildStore(300);
  const folder = temporary();
  const [dir, state] = [join(folder, 'export'), join(folder, 'state.json')];
  await ended(['evidence', 'export', '--store', path, '--dir', dir], EXIT.ok);
  await ended(['verify', '--dir', dir, '--resume', state], EXIT.ok);
  expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ v: 1, logs: { [LOG]: { size: 300, done: 300, good: 300 } } });
  // What was verified is not read again.
  rmSync(join(dir, LOG, 'tile/entries/000'));
  const w = await ended(['verify', '--dir', dir, '--resume', state], EXIT.ok);
  expect(w.out()).toMatch(/条目 Entries +300\n/);
  await ended(['verify', '--dir', dir], EXIT.broken);
  writeFileSync(state, '{"v":1,"logs":{"jobs.example/main":{}}}');
  await ended(['verify', '--dir', dir, '--resume', state], EXIT.usage);
});

it('hands out a bundle about one record, which proves itself and nothing else', async () => {
  const key = pem();
  const { path, vkey, checkpoint } = await buildStore(300, 'main', { key });
  const folder = temporary();
  const [out, kept] = [join(folder, 'bundle.jsonl'), join(folder, 'kept.txt')];
  writeFileSync(kept, checkpoint);
  await buildStore(20, 'main', { key, path, from: 300 });
  await ended(
    ['evidence', 'bundle', '--store', path, '--tenant', 'main', '--subject', 'postings/main-p7', '--out', out, '--against', kept],
    EXIT.ok,
  );
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('SHA-256(0x00 || entry)');
  expect(lines.join('\n')).not.toContain('main-p8"');
  const w = await ended(['verify', '--bundle', out, '--vkey', vkey, '--against', kept], EXIT.ok);
  expect(w.out()).toMatch(/条目 Entries +1\n/);
  expect(w.out()).toMatch(/记录 Records +1\n/);

  const cases: readonly (readonly [(text: readonly string[]) => readonly string[], string])[] = [
    [(l) => l.map((line) => line.replace('\\"i\\":7', '\\"i\\":8')), 'edited 条目 entry 7'],
    [(l) => l.map((line) => (line.startsWith('{"record"') ? line.replace('\\"i\\":7', '\\"i\\":8') : line)), 'edited 条目 entry 7'],
    [(l) => l.filter((line) => !line.startsWith('{"record"')), 'missing'],
    [(l) => l.filter((line) => !line.startsWith('{"index"')), 'missing'],
    [(l) => l.slice(0, -1), 'truncated'],
    [(l) => l.map((line) => line.replace('\\n320\\n', '\\n321\\n')), 'checkpoint-invalid'],
  ];
  const spoilt = join(folder, 'spoilt.jsonl');
  for (const [spoil, finding] of cases) {
    writeFileSync(spoilt, `${spoil(lines).join('\n')}\n`);
    expect((await ended(['verify', '--bundle', spoilt, '--vkey', vkey], EXIT.broken)).out()).toContain(finding);
  }
  const forged = await buildStore(400, 'main', { key });
  writeFileSync(kept, forged.checkpoint);
  expect((await ended(['verify', '--bundle', out, '--vkey', vkey, '--against', kept], EXIT.broken)).out()).toContain('rolled-back');
});

it('hands out a whole log as a bundle and names what was changed in it', async () => {
  const key = pem();
  const early = await buildStore(100, 'main', { key });
  const { path } = early;
  const { vkey } = await buildStore(500, 'main', { key, path, from: 100 });
  const folder = temporary();
  const [out, kept, spoilt] = [join(folder, 'log.jsonl'), join(folder, 'kept.txt'), join(folder, 'spoilt.jsonl')];
  writeFileSync(kept, early.checkpoint);
  await ended(['evidence', 'bundle', '--store', path, '--tenant', 'main', '--out', out], EXIT.ok);
  const w = await ended(['verify', '--bundle', out, '--vkey', vkey, '--against', kept], EXIT.ok);
  expect(w.out()).toMatch(/条目 Entries +600\n/);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const entry = (index: number): number => lines.findIndex((line) => line.startsWith(`{"index":${index},`));
  const cases: readonly (readonly [readonly string[], string])[] = [
    [lines.with(entry(300), (lines[entry(300)] ?? '').replace('reviewer', 'auditor')), 'edited 条目 entry 300'],
    [lines.with(entry(590), (lines[entry(590)] ?? '').replace('reviewer', 'auditor')), 'edited 条目 entry 590'],
    [lines.toSpliced(entry(300), 1), 'missing 条目 entry 300'],
    [lines.with(entry(300), lines[entry(301)] ?? '').with(entry(301), lines[entry(300)] ?? ''), 'missing 条目 entry 300'],
    [[...lines.slice(0, entry(400)), lines.at(-1) ?? ''], 'truncated 条目 entry 400'],
  ];
  for (const [changed, finding] of cases) {
    writeFileSync(spoilt, `${changed.join('\n')}\n`);
    expect((await ended(['verify', '--bundle', spoilt, '--vkey', vkey], EXIT.broken)).out()).toContain(finding);
  }
  const forged = await buildStore(100, 'main', { key });
  writeFileSync(kept, forged.checkpoint);
  expect((await ended(['verify', '--bundle', out, '--vkey', vkey, '--against', kept], EXIT.broken)).out()).toContain('forked');
});

it('refuses options that name no place, two, or a record that is none', async () => {
  const { path } = await buildStore(3);
  const folder = temporary();
  const wrong = [
    ['evidence', 'export', '--store', path],
    ['evidence', 'export', '--store', path, '--dir', folder, '--archive', `file:${folder}`],
    ['verify', '--store', path, '--dir', folder],
    ['verify', '--store', path, '--resume', join(folder, 'state')],
    ['evidence', 'bundle', '--store', path, '--tenant', 'main', '--subject', 'postings', '--out', join(folder, 'b')],
    ['verify', '--bundle', path],
  ];
  for (const argv of wrong) await ended(argv, EXIT.usage);
  await ended(['verify', '--dir', folder], EXIT.environment);
  await ended(
    ['evidence', 'bundle', '--store', path, '--tenant', 'main', '--subject', 'postings/none', '--out', join(folder, 'b')],
    EXIT.environment,
  );
  expect(existsSync(join(folder, 'b'))).toBe(false);
  await ended(['evidence', 'export', '--store', path, '--dir', folder, '--tenant', 'west'], EXIT.environment);
});
