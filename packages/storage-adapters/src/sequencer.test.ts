import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { COLLECTIONS, ComplianceError, createExecute, createLog, createSigner, createTestClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Command, JsonObject, LogOptions, Store } from '@zhengpin/core';
import { afterEach, describe, expect, it } from 'vitest';

import { memoryStore } from './memory.ts';
import { sqliteStore } from './sqlite.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function pem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

const KEY = pem();
const signer = createSigner('jobs.example', KEY);
const actor: Actor = { id: 'r', tenant: 'main', role: 'reviewer' };

/** A process of its own over a store: its watch and its clock are told apart from those of others. */
function replica(
  store: Store,
  name: string,
  options: { readonly now?: string; readonly log?: LogOptions; readonly by?: typeof signer } = {},
) {
  let watch = 0;
  let ids = 0;
  const log = createLog(store, options.by ?? signer, { lease: { checkMs: 0, watch: () => watch, ttlMs: 3000 }, ...options.log });
  const execute = createExecute({
    store,
    log,
    clock: createTestClock(options.now ?? '2026-11-25T00:00:00.000Z'),
    newId: () => `${name}-${++ids}`,
  });
  return {
    log,
    execute,
    wait: (ms: number) => {
      watch += ms;
    },
  };
}

/** Counts a posting up, or takes it away. */
function count(id: string, remove = false): Command<unknown, { readonly n: number }> {
  return {
    actor,
    load: (reader) => reader.get('postings', id),
    decide(state) {
      const current = state as { readonly version: number; readonly body: JsonObject } | undefined;
      const n = Number(current?.body['n'] ?? 0) + 1;
      const expectedVersion = current?.version ?? 0;
      const change = { collection: 'postings', id, expectedVersion, ...(remove ? {} : { body: { tenant: 'main', n } }) };
      return { drafts: [{ kind: 'counted', subject: { collection: 'postings', id }, facts: { n }, changes: [change] }], result: { n } };
    },
  };
}

async function rows(
  store: Store,
  collection: string,
): Promise<readonly { readonly id: string; readonly version: number; readonly body: JsonObject }[]> {
  return (await store.find(collection, { limit: 1000 })).records;
}

async function verified(store: Store, vkey = signer.vkey) {
  const report = await verifyEvidence(store, { vkey });
  expect(report.tenants.flatMap((t) => t.faults)).toEqual([]);
  return report.tenants.find((t) => t.tenant === 'main');
}

describe('the sequencer', () => {
  it('lets one process number entries, and keeps those of others durable until it takes them in', async () => {
    const store = memoryStore();
    const holder = replica(store, 'a');
    const other = replica(store, 'b');
    await holder.execute(count('p1'));
    await Promise.all([other.execute(count('p2')), other.execute(count('p3'))]);
    expect((await rows(store, 'inbox')).length).toBe(2);
    expect((await rows(store, 'evidence')).length).toBe(1);
    expect(await verified(store)).toMatchObject({ size: 1, waiting: 2, recordsChecked: 3 });
    await holder.execute.integrate();
    expect(await rows(store, 'inbox')).toEqual([]);
    expect(await verified(store)).toMatchObject({ size: 3, waiting: 0, recordsChecked: 3 });
  });

  it('never numbers an effect before a cause that waits, whatever the clocks say', async () => {
    const store = memoryStore();
    const holder = replica(store, 'a', { now: '2026-11-25T00:00:00.000Z' });
    const fast = replica(store, 'b', { now: '2026-11-25T09:00:00.000Z' });
    const slow = replica(store, 'c', { now: '2026-11-24T12:00:00.000Z' });
    await holder.execute(count('p'));
    await fast.execute(count('p'));
    await slow.execute(count('p'));
    await holder.execute(count('p'));
    await slow.execute(count('p', true));
    await holder.execute(count('p'));
    await holder.execute.integrate();
    const versions = (await rows(store, 'evidence')).map(({ body }) => {
      const [commit] = (body['entry'] as { commits: { version: number; removed?: true }[] }).commits;
      return commit?.removed ? 'removed' : commit?.version;
    });
    expect(versions).toEqual([1, 2, 3, 4, 'removed', 1]);
    await verified(store);
  });

  it('hands the lease on when its row stands still, and fences the holder that wakes late', async () => {
    const store = memoryStore();
    const first = replica(store, 'a');
    const second = replica(store, 'b');
    await first.execute(count('p1'));
    await second.execute(count('p2'));
    second.wait(2999);
    await second.execute(count('p3'));
    expect((await rows(store, 'inbox')).length).toBe(2);
    second.wait(1);
    await second.execute(count('p4'));
    expect(await rows(store, 'inbox')).toEqual([]);
    expect((await store.get('leases', 'sequencer'))?.body['epoch']).toBe(2);
    const before = (await rows(store, 'evidence')).length;
    // The first still believes it holds the lease: what it writes must not be a log entry any more.
    await first.execute(count('p5'));
    expect((await rows(store, 'evidence')).length).toBe(before);
    expect((await rows(store, 'inbox')).length).toBe(1);
    await second.execute.integrate();
    expect(await verified(store)).toMatchObject({ size: 5, recordsChecked: 5 });
  });

  it('writes nothing at all as the fenced one, entry, head, checkpoint or lease', async () => {
    const store = memoryStore();
    const written: string[][] = [];
    const watched: Store = {
      ...store,
      async commit(changes) {
        await store.commit(changes);
        written.push(changes.map((c) => c.collection));
      },
    };
    const first = replica(watched, 'a');
    await first.execute(count('p1'));
    const second = replica(store, 'b');
    await second.execute(count('p2'));
    second.wait(5000);
    await second.execute.integrate();
    written.length = 0;
    await first.execute(count('p3'));
    await first.execute.integrate();
    expect(new Set(written.flat())).toEqual(new Set(['postings', 'inbox']));
  });

  it('lets go of the lease, so that the next need not wait', async () => {
    const store = memoryStore();
    const first = replica(store, 'a');
    await first.execute(count('p1'));
    await first.log.release();
    const second = replica(store, 'b');
    await second.execute(count('p2'));
    expect((await rows(store, 'evidence')).length).toBe(2);
  });

  it('signs nothing that was put into the inbox by somebody without a key, and says so in the log', async () => {
    const store = memoryStore();
    const holder = replica(store, 'a');
    const other = replica(store, 'b');
    await holder.execute(count('p1'));
    await other.execute(count('p2'));
    const [waiting] = await rows(store, 'inbox');
    const entry = waiting?.body['entry'] as JsonObject;
    await store.commit([
      {
        collection: 'inbox',
        id: waiting?.id ?? '',
        expectedVersion: 1,
        body: { ...waiting?.body, entry: { ...entry, kind: 'posting.approved' } },
      },
    ]);
    await holder.execute.integrate();
    const last = (await rows(store, 'evidence')).at(-1)?.body['entry'];
    expect(last).toMatchObject({ kind: 'inbox.unvouched', commits: [] });
    const report = await verifyEvidence(store, { vkey: signer.vkey });
    expect(report.tenants.flatMap((t) => t.faults)).toMatchObject([{ kind: 'record-unrecorded', record: { id: 'p2' } }]);
  });

  it('numbers nothing twice when a row of the inbox is put back, and is not stopped by it', async () => {
    const store = memoryStore();
    const holder = replica(store, 'a');
    const other = replica(store, 'b');
    await holder.execute(count('p1'));
    await other.execute(count('p2'));
    const [waiting] = await rows(store, 'inbox');
    await holder.execute.integrate();
    await store.commit([{ collection: 'inbox', id: waiting?.id ?? '', expectedVersion: 0, body: waiting?.body ?? {} }]);
    await holder.execute.integrate().catch(() => undefined);
    await holder.execute(count('p3'));
    await holder.execute.integrate();
    expect(await rows(store, 'inbox')).toEqual([]);
    expect(await verified(store)).toMatchObject({ size: 3, recordsChecked: 3 });
  });

  it('names a record that is not what its waiting entry says', async () => {
    const store = memoryStore();
    await replica(store, 'a').execute(count('p1'));
    await replica(store, 'b').execute(count('p2'));
    const record = await store.get('postings', 'p2');
    await store.commit([{ collection: 'postings', id: 'p2', expectedVersion: 1, body: { ...record?.body, n: 7 } }]);
    const report = await verifyEvidence(store, { vkey: signer.vkey });
    expect(report.tenants.flatMap((t) => t.faults)).toMatchObject([{ kind: 'record-edited', record: { id: 'p2' } }]);
  });

  it.each(['before', 'after'] as const)(
    'knows a commit whose answer was lost %s it was written, as holder and as one of many',
    async (when) => {
      for (const isHolder of [true, false]) {
        const store = memoryStore();
        let lose = 0;
        const flaky: Store = {
          ...store,
          async commit(changes) {
            if (lose-- > 0) {
              if (when === 'after') await store.commit(changes);
              throw new ComplianceError('ZP_STORE_UNAVAILABLE');
            }
            await store.commit(changes);
          },
        };
        const holder = replica(store, 'a');
        if (!isHolder) await holder.execute(count('p0'));
        const one = replica(flaky, 'b');
        await one.execute(count('p1'));
        lose = 2;
        expect(await one.execute(count('p1'))).toEqual({ n: 2 });
        await one.execute(count('p1'));
        expect((await store.get('postings', 'p1'))?.body['n']).toBe(3);
        if (!isHolder) await holder.execute.integrate();
        expect(await verified(store)).toMatchObject({ size: isHolder ? 3 : 4, waiting: 0 });
      }
    },
  );

  it('gets changes of a contended record through as the holder, too: apart from what it takes in for others', async () => {
    const store = memoryStore();
    const [holder, other] = [replica(store, 'holder'), replica(store, 'other')];
    await holder.execute(count('p'));
    await other.execute(count('q'));
    await holder.execute.integrate();
    // The other is quicker, once.
    const raced = count('p');
    let isFirst = true;
    const load: typeof raced.load = async (reader) => {
      const read = await raced.load(reader);
      if (isFirst) await other.execute(count('p'));
      isFirst = false;
      return read;
    };
    expect(await holder.execute({ ...raced, load })).toEqual({ n: 3 });
    expect(await rows(store, 'evidence')).toHaveLength(2);
    expect(await rows(store, 'inbox')).toHaveLength(2);
    await holder.execute.integrate();
    expect(await verified(store)).toMatchObject({ size: 4, waiting: 0 });
  });

  it('never loses, doubles or reorders what many replicas write at once', async () => {
    const store = memoryStore();
    const replicas = Array.from({ length: 5 }, (_, i) => replica(store, `r${i}`));
    const jobs = replicas.flatMap((one, i) =>
      Array.from({ length: 40 }, async (_, k) => {
        if (k % 13 < 12) await one.execute(count(`p${(i * 7 + k) % 11}`));
        else for (const remove of [false, true]) await one.execute(count(`gone-${i}-${k}`, remove));
        one.wait(100);
      }),
    );
    await Promise.all(jobs);
    for (const one of replicas) {
      one.wait(5000);
      await one.execute.integrate();
      one.wait(5000);
      await one.execute.integrate();
    }
    expect(await verified(store)).toMatchObject({ size: 215, waiting: 0 });
  });
});

describe('inside the host’s own transaction', () => {
  it('leaves entries in the inbox, where they go with the transaction', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zp-'));
    folders.push(folder);
    const store = sqliteStore({ path: join(folder, 'a.db'), collections: COLLECTIONS });
    const holder = replica(store, 'a');
    await holder.execute(count('p1'));
    const inside = replica(store, 'h', { log: { onlyInbox: true } });
    await inside.execute(count('p2'));
    expect((await rows(store, 'inbox')).length).toBe(1);
    await holder.execute.integrate();
    expect(await verified(store)).toMatchObject({ size: 2, waiting: 0 });
    await store.close();
  });
});

describe('a change of signing key', () => {
  it('keeps every verifier able to check, with the old key, the next, or both, until the old one is retired', async () => {
    const store = memoryStore();
    const next = pem();
    const nextSigner = createSigner('jobs.example', next);
    const stages = [signer, createSigner('jobs.example', KEY, [next]), createSigner('jobs.example', next, [KEY]), nextSigner];
    const seen: string[] = [];
    for (const [i, by] of stages.entries()) {
      const one = replica(store, `s${i}`, { by });
      await one.execute(count(`p${i}`));
      await one.log.release();
      seen.push((await one.log.head('main')).checkpoint);
      const good = await Promise.all([signer.vkey, nextSigner.vkey].map(async (vkey) => (await verifyEvidence(store, { vkey })).ok));
      expect(good).toEqual(
        [
          [true, false],
          [true, true],
          [true, true],
          [false, true],
        ][i],
      );
    }
    expect((await verifyEvidence(store)).ok).toBe(true);
    // A checkpoint of the overlap, kept outside, still speaks under either key.
    expect((await verifyEvidence(store, { vkey: nextSigner.vkey, against: seen[1] ?? '' })).ok).toBe(true);
    expect(() => createSigner('jobs.example', KEY, [KEY])).toThrow('ZP_OPTION_INVALID');
  });
});
