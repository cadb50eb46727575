import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createExecute, createLog, createSigner, createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Command, JsonObject, Store } from '@zhengpin/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { sqliteStore } from './sqlite.ts';

/** A fail-over: the store behind the running processes is put back to an earlier copy of itself. */
interface Switchable extends Store {
  /** Copy what is there now. */
  copy(): void;
  failOver(): Promise<void>;
}

const actor: Actor = { id: 'r', tenant: 'main', role: 'reviewer' };
const signer = createSigner('jobs.example', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
let folder = '';
let store: Switchable;
const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);

function switchable(): Switchable {
  let [current, copies] = [join(folder, 'primary.db'), 0];
  let inner = sqliteStore({ path: current });
  return {
    get: (collection, id) => inner.get(collection, id),
    find: (collection, query) => inner.find(collection, query),
    commit: (changes) => inner.commit(changes),
    close: () => inner.close(),
    copy() {
      const database = new DatabaseSync(current);
      database.exec(`VACUUM INTO '${join(folder, `standby-${++copies}.db`)}'`);
      database.close();
    },
    async failOver() {
      await inner.close();
      current = join(folder, `standby-${copies}.db`);
      inner = sqliteStore({ path: current });
    },
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zp-tail-'));
  store = switchable();
  warned.mockClear();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A process over the store. */
function replica(name: string, over: Store = store) {
  let [watch, ids] = [0, 0];
  const clock = createTestClock('2026-11-25T00:00:00.000Z');
  const log = createLog(over, signer, { lease: { checkMs: 0, watch: () => watch, ttlMs: 3000 }, clock });
  const execute = createExecute({ store: over, log, clock, newId: () => `${name}-${++ids}` });
  return { log, execute, clock, passTtl: () => (watch += 3001) };
}

function add(id: string, tenant = 'main'): Command<undefined, JsonObject> {
  const subject = { collection: 'postings', id };
  const changes = [{ ...subject, expectedVersion: 0, body: { tenant } }];
  return {
    actor: { ...actor, tenant },
    load: async () => undefined,
    decide: () => ({ drafts: [{ kind: 'added', subject, facts: {}, changes }], result: { id } }),
  };
}

const rows = async (collection: string): Promise<number> => (await store.find(collection, { limit: 1000 })).records.length;
const losses = async (): Promise<unknown> => (await store.get('leases', 'sequencer'))?.body['losses'];
const faults = async (tenant = 'main') =>
  (await verifyEvidence(store, { vkey: signer.vkey, tenant })).tenants.flatMap((t) => t.faults).map(({ kind, seq }) => [kind, seq]);

describe('a store that comes back without its tail', () => {
  it('is found short by the process that signed the tail: nothing is numbered twice, and decisions stay durable', async () => {
    const { execute, log } = replica('a');
    for (const id of ['p1', 'p2']) await execute(add(id));
    store.copy();
    for (const id of ['p3', 'p4', 'p5']) await execute(add(id));
    const { checkpoint } = await log.head('main');
    await store.failOver();

    await execute(add('p6'));
    await execute(add('p7'));
    expect(await rows('evidence')).toBe(2);
    expect(await rows('inbox')).toBe(2);
    expect(await losses()).toEqual([{ tenant: 'main', size: 2, signed: 5, note: checkpoint, at: '2026-11-25T00:00:00.000Z' }]);
    expect(warned).toHaveBeenCalledTimes(1);
    expect(await faults()).toEqual([['truncated', 2]]);
  });

  it('is named by verify for its own tenant only, and by no made-up note', async () => {
    const { execute } = replica('a');
    await execute(add('p1'));
    await execute(add('q1', 'other'));
    store.copy();
    await execute(add('p2'));
    await store.failOver();
    await execute(add('p3'));
    expect(await faults('main')).toEqual([['truncated', 1]]);
    expect(await faults('other')).toEqual([]);

    const row = await store.get('leases', 'sequencer');
    const [loss] = (row?.body['losses'] ?? []) as readonly JsonObject[];
    const forged = { ...row?.body, losses: [{ ...loss, note: String(loss?.['note']).replace('\n2\n', '\n9\n') }] };
    await store.commit([{ collection: 'leases', id: 'sequencer', expectedVersion: row?.version ?? 0, body: forged }]);
    expect(await faults('main')).toEqual([['checkpoint-invalid', undefined]]);
  });

  it('stops every process, also one that starts afterwards', async () => {
    const a = replica('a');
    await a.execute(add('p1'));
    store.copy();
    await a.execute(add('p2'));
    await store.failOver();
    await a.execute(add('p3'));
    const b = replica('b');
    b.passTtl();
    await b.execute(add('p4'));
    await b.execute.integrate();
    expect(await rows('evidence')).toBe(1);
    expect(await rows('inbox')).toBe(2);
  });

  it('is found although another process numbers on first, by the one that knew', async () => {
    const [a, b] = [replica('a'), replica('b')];
    await a.execute(add('p1'));
    store.copy();
    await a.execute(add('p2'));
    await store.failOver();
    // Knows of nothing: as far as the store goes, the log has one entry.
    b.clock.set('2026-11-25T00:01:00.000Z');
    await b.execute(add('p3'));
    b.passTtl();
    await b.execute(add('p4'));
    expect(await rows('evidence')).toBeGreaterThan(1);
    expect(await losses()).toBeUndefined();
    await a.execute(add('p5'));
    expect(await losses()).toMatchObject([{ tenant: 'main', signed: 2 }]);
    expect(await faults()).toEqual([['rolled-back', 1]]);
  });

  it('is declared once, for every process that had signed any of it', async () => {
    const [a, b] = [replica('a'), replica('b')];
    await a.execute(add('p1'));
    store.copy();
    await a.execute(add('p2'));
    await b.execute(add('p3'));
    b.passTtl();
    await b.execute(add('p4'));
    await b.execute.integrate();
    await store.failOver();
    await b.execute(add('p5'));
    expect(await losses()).toMatchObject([{ signed: 4 }]);
    // The other learns of it with its next turn.
    await a.execute(add('p6'));
    const row = await store.get('leases', 'sequencer');
    const declared = { ...row?.body, losses: [] };
    await store.commit([{ collection: 'leases', id: 'sequencer', expectedVersion: row?.version ?? 0, body: declared }]);
    for (const [one, id] of [
      [a, 'p7'],
      [b, 'p8'],
    ] as const) {
      one.passTtl();
      await one.execute(add(id));
    }
    for (const one of [a, b]) await one.execute.integrate();
    expect(await losses()).toBeUndefined();
    expect(await rows('inbox')).toBe(0);
    expect(await faults()).toEqual([]);
  });

  it('is not suspected where another process took over and went on from everything', async () => {
    const [a, b] = [replica('a'), replica('b')];
    for (const id of ['p1', 'p2', 'p3']) await a.execute(add(id));
    await b.execute(add('p4'));
    b.passTtl();
    for (const id of ['p5', 'p6']) await b.execute(add(id));
    await a.execute(add('p7'));
    await b.execute.integrate();
    expect(await losses()).toBeUndefined();
    expect(await rows('evidence')).toBe(7);
    expect(await faults()).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });
});
