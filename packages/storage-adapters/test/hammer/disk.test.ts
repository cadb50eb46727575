import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createExecute, createLog, createSigner, isComplianceError, systemClock, verifyEvidence } from '@zhengpin/core';
import type { Command, JsonObject, Store } from '@zhengpin/core';
import { afterEach, describe, expect, it } from 'vitest';

import { sqliteStore } from '../../src/sqlite.ts';
import { canStart, openStore, startServer } from './servers.ts';
import type { Kind } from './servers.ts';

/** Room a server needs to begin with, and what is left for the test, in MiB. */
const ROOM: { readonly [kind in Kind]: number } = { sqlite: 64, postgres: 160, mysql: 260 };
const LEFT = 3;
const WRITERS = 8;

const signer = createSigner('disk.example', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
let ids = 0;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A disk of its own in memory: only root may make one. */
function disk(mebibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'zp-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'zp-disk', folder]);
  ends.push(() => {
    // Lazily: what has just been killed may not have let go yet.
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Take up what is free but for some MiB. @returns gives it back */
function fill(folder: string, leave: number): () => void {
  const { bavail, bsize } = statfsSync(folder);
  const filler = join(folder, 'filler');
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024 * 1024)));
  return () => rmSync(filler);
}

function add(id: string): Command<undefined, JsonObject> {
  const subject = { collection: 'postings', id };
  const changes = [{ ...subject, expectedVersion: 0, body: { tenant: 'main', text: '字'.repeat(2000) } }];
  return {
    actor: { id: 'r', tenant: 'main', role: 'reviewer' },
    load: async () => undefined,
    decide: () => ({ drafts: [{ kind: 'added', subject, facts: {}, changes }], result: { id } }),
  };
}

/** Writers that go on until they are stopped; every answer is noted. */
function write(store: Store) {
  const log = createLog(store, signer);
  const execute = createExecute({ store, log, clock: systemClock, newId: () => `e${++ids}` });
  const acknowledged: string[] = [];
  const refused: string[] = [];
  let stop = false;
  const done = Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let i = 0; !stop; i++) {
        const id = `p${writer}-${i}-${ids}`;
        try {
          await execute(add(id));
          acknowledged.push(id);
        } catch (error) {
          if (!isComplianceError(error)) throw error;
          refused.push(error.code);
          await sleep(20);
        }
      }
    }),
  );
  return {
    acknowledged,
    refused,
    async until(what: () => boolean): Promise<void> {
      const stopped = done.then(() => 'stopped');
      while (!what()) if ((await Promise.race([sleep(20), stopped])) === 'stopped') return;
    },
    async end(): Promise<void> {
      stop = true;
      await done;
      await log.release();
    },
  };
}

async function expectWhole(store: Store, acknowledged: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const id of acknowledged) if ((await store.get('postings', id)) === undefined) missing.push(id);
  expect(missing).toEqual([]);
  const report = await verifyEvidence(store, { vkey: signer.vkey });
  expect(report.tenants.flatMap(({ faults }) => faults)).toEqual([]);
  expect(report.tenants.find(({ tenant }) => tenant === 'main')?.size).toBeGreaterThanOrEqual(acknowledged.length);
}

describe.each<Kind>(['sqlite', 'postgres', 'mysql'])('a disk that is full (%s)', (kind) => {
  const can = process.env['ZP_HAMMER'] === '1' && canStart(kind) && process.getuid?.() === 0;

  it.skipIf(!can)('refuses with a clear code, loses nothing, and takes writes again once there is room', { timeout: 300_000 }, async () => {
    const folder = disk(ROOM[kind]);
    const server = await startServer(kind, folder);
    ends.push(() => server.stop());
    const store = openStore(server.url);
    ends.push(() => store.close());
    await store.get('postings', 'none');
    const free = fill(folder, LEFT);
    const writers = write(store);
    await writers.until(() => writers.refused.length >= WRITERS);
    const before = writers.acknowledged.length;
    free();
    // A server may have ended itself rather than go on without its log: whoever runs it starts it again.
    await server.start();
    await writers.until(() => writers.acknowledged.length >= before + 100);
    await writers.end();
    expect(new Set(writers.refused)).toEqual(new Set(['ZP_STORE_UNAVAILABLE']));
    expect(before).toBeGreaterThan(0);
    await expectWhole(store, writers.acknowledged);
  });
});

describe('a disk that has become read-only', () => {
  const can = process.env['ZP_HAMMER'] === '1' && process.getuid?.() === 0;

  it.skipIf(!can)('lets SQLite read or says that it cannot, and never pretends to have written', { timeout: 60_000 }, async () => {
    const path = join(disk(16), 'store.db');
    const first = sqliteStore({ path });
    const writers = write(first);
    await writers.until(() => writers.acknowledged.length >= 50);
    await writers.end();
    await first.close();
    // The same disk, seen through a door that lets nothing in.
    const door = mkdtempSync(join(tmpdir(), 'zp-door-'));
    execFileSync('mount', ['--bind', join(path, '..'), door]);
    ends.push(() => {
      execFileSync('umount', ['-l', door]);
      rmSync(door, { recursive: true });
    });
    execFileSync('mount', ['-o', 'remount,ro,bind', door]);
    const refused = async (): Promise<unknown> => {
      const store = sqliteStore({ path: join(door, 'store.db') });
      try {
        await store.commit([{ collection: 'postings', id: 'never', expectedVersion: 0, body: {} }]);
        return 'written';
      } finally {
        await store.close();
      }
    };
    await expect(refused()).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    execFileSync('mount', ['-o', 'remount,rw,bind', door]);
    const again = sqliteStore({ path: join(door, 'store.db') });
    ends.push(() => again.close());
    expect(await again.get('postings', 'never')).toBeUndefined();
    await expectWhole(again, writers.acknowledged);
    await again.commit([{ collection: 'postings', id: 'now', expectedVersion: 0, body: {} }]);
  });
});
