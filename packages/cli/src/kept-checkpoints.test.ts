import { copyFileSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  archiveAnchor,
  createCosigner,
  createExecute,
  createLog,
  createSigner,
  createTestClock,
  fileAnchor,
  startPublisher,
} from '@zhengpin/core';
import type { Anchor, TenantReport } from '@zhengpin/core';
import { filesystemArchive } from '@zhengpin/storage-adapters/filesystem';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';
import { describe, expect, it } from 'vitest';

import { pem, temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const MORNING = '2026-11-10T00:00:00.000Z';
const NOON = '2026-11-10T04:00:00.000Z';
const EVENING = '2026-11-10T12:00:00.000Z';
const signer = createSigner('jobs.example', pem());

interface Log {
  readonly path: string;
  /** Write entries up to this size, all dated alike; another salt makes other entries. */
  grow(size: number, at: string, salt: string, publishTo?: readonly Anchor[]): Promise<void>;
}

function logIn(path: string): Log {
  return {
    path,
    async grow(size, at, salt, publishTo = []) {
      const store = sqliteStore({ path });
      const log = createLog(store, signer);
      const clock = createTestClock(at);
      let ids = 0;
      const execute = createExecute({ store, log, clock, newId: () => `${salt}${++ids}` });
      for (let seq = (await log.head('main')).size; seq < size; seq++) {
        const id = `${salt}-${seq}`;
        const change = { collection: 'postings', id, expectedVersion: 0, body: { tenant: 'main' } };
        await execute({
          actor: { id: 'r', tenant: 'main', role: 'reviewer' },
          load: async () => undefined,
          decide: () => ({ drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} }),
        });
      }
      if (publishTo.length > 0) await startPublisher({ to: publishTo }, { store, clock, retriesMs: [] }).stop();
      await log.release();
      await store.close();
    },
  };
}

/** A folder anchor in which every file is dated noon. */
function datedNoon(dir: string): Anchor {
  const anchor = fileAnchor({ dir });
  return {
    name: anchor.name,
    async publish(checkpoint, handover) {
      const receipt = await anchor.publish(checkpoint, handover);
      const folder = join(dir, 'jobs.example=2fmain');
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(NOON), new Date(NOON));
      return receipt;
    },
  };
}

async function verify(
  path: string,
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly main: TenantReport; readonly err: string }> {
  const w = world();
  const code = await run(['verify', '--store', path, '--vkey', signer.vkey, '--json', ...more], w.io);
  const { tenants } = w.out() === '' ? { tenants: [] } : (JSON.parse(w.out()) as { readonly tenants: readonly TenantReport[] });
  return { code, main: tenants[0] as TenantReport, err: w.err() };
}

function faults({ main }: { readonly main: TenantReport }): readonly (readonly [string, number | undefined])[] {
  return main.faults.map(({ kind, seq }) => [kind, seq] as const);
}

/** A log of 60 entries with checkpoints outside at 20, 40 and 60, and its backup at 30. */
async function platform(): Promise<{ readonly log: Log; readonly dir: string; readonly backup: string }> {
  const [base, dir] = [temporary(), temporary()];
  const log = logIn(join(base, 'board.db'));
  const backup = join(base, 'backup.db');
  const outside = [datedNoon(dir)];
  await log.grow(20, MORNING, 'a', outside);
  await log.grow(30, MORNING, 'a');
  copyFileSync(log.path, backup);
  await log.grow(40, MORNING, 'a', outside);
  await log.grow(60, MORNING, 'a', outside);
  return { log, dir, backup };
}

function restore(log: Log, backup: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${log.path}${end}`, { force: true });
  copyFileSync(backup, log.path);
}

describe('verify --against a folder', () => {
  it('finds that every checkpoint kept outside agrees', async () => {
    const { log, dir } = await platform();
    await log.grow(65, EVENING, 'a');
    const found = await verify(log.path, '--against', dir);
    expect([found.code, found.main.keptChecked, found.main.faults]).toEqual([EXIT.ok, 3, []]);
  });

  it('names a log made anew by whoever holds the key and the database', async () => {
    const { log, dir } = await platform();
    rmSync(log.path);
    await log.grow(60, MORNING, 'forged');
    expect((await verify(log.path)).code).toBe(EXIT.ok);
    const found = await verify(log.path, '--against', dir);
    expect([found.code, faults(found)]).toEqual([EXIT.broken, [['rewritten', undefined]]]);
    const last = join(dir, 'jobs.example=2fmain', '000000000060');
    expect(faults(await verify(log.path, '--against', last))).toEqual([['rewritten', undefined]]);
  });

  it('names the end of a log that was cut off together with its records', async () => {
    const { log, dir, backup } = await platform();
    restore(log, backup);
    expect((await verify(log.path)).code).toBe(EXIT.ok);
    const found = await verify(log.path, '--against', dir);
    expect([found.code, faults(found)]).toEqual([EXIT.broken, [['truncated', 30]]]);
    expect(found.main.faults[0]?.detail.en).toContain('30 missing');
  });

  it('names where a fork leaves what was kept, also when it is the longer one', async () => {
    const { log, dir, backup } = await platform();
    restore(log, backup);
    await log.grow(70, MORNING, 'forged');
    expect((await verify(log.path)).code).toBe(EXIT.ok);
    const found = await verify(log.path, '--against', dir);
    expect([found.code, faults(found)]).toEqual([EXIT.broken, [['forked', 20]]]);
    expect(found.main.faults[0]?.detail.en).toContain('the fork is in entries 20 to 39');
  });

  it('names the entry from which a log was written on after an older state came back', async () => {
    for (const size of [33, 45, 80]) {
      const { log, dir, backup } = await platform();
      restore(log, backup);
      await log.grow(size, EVENING, 'after-fail-over');
      expect((await verify(log.path)).code).toBe(EXIT.ok);
      const found = await verify(log.path, '--against', dir);
      expect([found.code, faults(found)]).toEqual([EXIT.broken, [['rolled-back', 30]]]);
    }
  });

  it('is broken when the folder holds nothing of this log, or nothing its key signed', async () => {
    const { log, dir } = await platform();
    expect(faults(await verify(log.path, '--against', dir, '--tenant', 'other'))).toContainEqual(['checkpoint-invalid', undefined]);
    const other = createSigner('jobs.example', pem()).sign({
      origin: 'jobs.example/main',
      size: 60,
      root: Buffer.alloc(32).toString('base64'),
    });
    writeFileSync(join(dir, 'other'), other);
    expect(faults(await verify(log.path, '--against', dir))).toEqual([['checkpoint-invalid', undefined]]);
    const empty = join(dir, 'empty');
    mkdirSync(empty);
    expect((await verify(log.path, '--against', empty)).err).toContain('ZP_INPUT_INVALID');
    expect((await verify(log.path, '--against', join(dir, 'gone'))).err).toContain('ZP_NOT_FOUND');
  });
});

it('verify --against an archive reads what the archive anchor put there', async () => {
  const directory = temporary();
  const archive = filesystemArchive({ directory });
  const log = logIn(join(temporary(), 'board.db'));
  const outside = [archiveAnchor(archive)];
  await log.grow(5, MORNING, 'a', outside);
  await log.grow(9, MORNING, 'a', outside);
  await archive.close();
  expect((await verify(log.path, '--against', `file:${directory}`)).main).toMatchObject({ ok: true, keptChecked: 2 });
  rmSync(log.path);
  await log.grow(9, MORNING, 'forged');
  expect(faults(await verify(log.path, '--against', `file:${directory}`))).toEqual([['rewritten', undefined]]);
});

it('verify --witness counts only checkpoints the witness signed, at the time it says', async () => {
  const { log, dir, backup } = await platform();
  const cosigner = createCosigner('witness.example/w1', pem());
  const witnessed = temporary();
  const cosigning: Anchor = {
    name: 'cosigning',
    async publish({ size, note }) {
      const line = cosigner.cosign(note, Date.parse(NOON) / 1000);
      // What a forger adds to the folder has no such signature.
      writeFileSync(join(witnessed, String(size)), `${note}${line}`);
      return { cosignatures: line };
    },
  };
  await log.grow(60, MORNING, 'a', [cosigning]);
  expect((await verify(log.path, '--against', witnessed, '--witness', cosigner.vkey)).main).toMatchObject({ ok: true, keptChecked: 1 });
  expect(faults(await verify(log.path, '--against', dir, '--witness', cosigner.vkey))).toEqual([['checkpoint-invalid', undefined]]);
  expect((await verify(log.path, '--witness', cosigner.vkey)).code).toBe(EXIT.usage);
  expect((await verify(log.path, '--against', witnessed, '--witness', signer.vkey)).code).toBe(EXIT.usage);
  restore(log, backup);
  await log.grow(80, EVENING, 'after-fail-over');
  expect(faults(await verify(log.path, '--against', witnessed, '--witness', cosigner.vkey))).toEqual([['rolled-back', 30]]);
});

it('doctor tells how far anchors have come, and of one that is late', async () => {
  const log = logIn(join(temporary(), 'board.db'));
  const dir = temporary();
  const look = async (at: string): Promise<{ readonly code: number; readonly out: string }> => {
    const w = world('', at);
    const code = await run(['doctor', '--store', log.path], w.io);
    return { code, out: w.out() };
  };
  await log.grow(2, NOON, 'a');
  expect((await look(NOON)).out).toContain('anchors: 未配置外部锚点');
  await log.grow(3, NOON, 'a', [fileAnchor({ dir })]);
  expect((await look(NOON)).out).toMatch(/\[正常 ok\] anchor file main: .*3 entries by 2026-11-10T04:00/);
  await log.grow(4, NOON, 'a');
  const late = await look(EVENING);
  expect(late.out).toMatch(/\[待办 finding\] anchor file main: .*1 entries have not reached the anchor, the first of them for 480 minutes/);
  expect(late.code).toBe(EXIT.finding);
});
