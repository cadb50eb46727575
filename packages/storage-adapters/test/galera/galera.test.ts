import { setTimeout as sleep } from 'node:timers/promises';

import { isComplianceError } from '@zhengpin/core';
import type { Change, JsonObject, Store } from '@zhengpin/core';
import { storeConformance } from '@zhengpin/core/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mysqlSettings, mysqlStore } from '../../src/mysql.ts';
import { admin } from '../mysql/server.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const collections = [
  { name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] },
  { name: 'traces', fields: [], indexes: [] },
];
const WRITERS = 6;
const HOT = 3;
/** How often the cluster must have said no; one in some thousand times it says so between two statements. */
const COLLISIONS = Number(process.env['GALERA_COLLISIONS'] ?? 10_000);
const put = (id: string, body: JsonObject, expectedVersion = 0): Change => ({ collection: 'things', id, expectedVersion, body });

/** Every record of a kind, as one node sees it. */
async function all(store: Store, kind: string): Promise<ReadonlyMap<string, JsonObject>> {
  const records = new Map<string, JsonObject>();
  for (let cursor: string | undefined; ;) {
    const page = await store.find('things', { where: { kind }, limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const record of page.records) records.set(record.id, record.body);
    cursor = page.cursor;
    if (cursor === undefined) return records;
  }
}

describe.skipIf(process.env['ZP_GALERA'] !== '1')('the MySQL store on three Galera nodes', () => {
  let cluster: Cluster;
  let stores: readonly Store[];

  beforeAll(async () => {
    cluster = await startCluster();
    stores = cluster.urls.map((url) => mysqlStore({ url, collections, connections: 4, statementTimeoutMs: 10_000 }));
    // All replicas set up their tables at once, each on a node of its own.
    await Promise.all(stores.map((store) => store.get('things', 'x')));
  }, 300_000);
  afterAll(async () => {
    for (const store of stores ?? []) await store.close();
    await cluster?.stop();
  }, 60_000);

  it('reads on every node what was committed on another, and changes it there', async () => {
    const [a, b, c] = stores;
    for (let version = 1; version <= 60; version++) {
      await a?.commit([put('turn', { n: version }, version - 1)]);
      expect((await b?.get('things', 'turn'))?.version).toBe(version);
      expect((await c?.find('things', { range: { field: 'n', gte: version }, limit: 1 }))?.records.map((r) => r.id)).toEqual(['turn']);
    }
    for (let version = 60; version < 90; version++) await stores[version % 3]?.commit([put('turn', {}, version)]);
  });

  it('lets one of three commits on three nodes win, also where only certification tells them apart', async () => {
    const codes = new Map<string, number>();
    for (let round = 0; round < 100; round++) {
      const tries = await Promise.allSettled(
        stores.map((store, node) => store.commit([put('one', { node }, round), put(`one-${round}`, { node })])),
      );
      for (const t of tries) {
        const code = t.status === 'fulfilled' ? 'ok' : (t.reason as { code: string }).code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      const winners = tries.flatMap((t, node) => (t.status === 'fulfilled' ? [node] : []));
      const node = winners[0] ?? -1;
      // Which of the two went wrong shall be seen: who was answered, or what a node then reads.
      expect({ round, winners }).toEqual({ round, winners: [node] });
      for (const [reader, store] of stores.entries()) {
        const [one, own] = [await store.get('things', 'one'), await store.get('things', `one-${round}`)];
        expect({ round, reader, one, own }).toEqual({
          round,
          reader,
          one: { id: 'one', version: round + 1, body: { node } },
          own: { id: `one-${round}`, version: 1, body: { node } },
        });
      }
    }
    expect([...codes]).toEqual(
      expect.arrayContaining([
        ['ok', 100],
        ['ZP_CONFLICT', 200],
      ]),
    );
    // Some of them were turned away by the cluster, not by the version of a row.
    expect((await cluster.status('wsrep_local_cert_failures')) + (await cluster.status('wsrep_local_bf_aborts'))).toBeGreaterThan(0);
  });

  it('keeps every acknowledged commit and nothing else, while writers collide and a node is killed and rejoins', async () => {
    const acknowledged = new Set<string>();
    const unknown = new Set<string>();
    const reached = { killed: 0, rejoined: 0 };
    let [conflicts, stop] = [0, false];

    /** Count up a shared record and leave a record of its own, in one commit, through one node after the other. */
    async function write(writer: number): Promise<void> {
      for (let i = 0; !stop; i++) {
        const store = stores[(writer + i) % stores.length];
        const hot = `hot-${(writer + i) % HOT}`;
        const own = `own-${writer}-${i}`;
        try {
          const before = await store?.get('things', hot);
          const n = Number(before?.body['n'] ?? 0) + 1;
          // Known from here on: a commit that fails in any other way than by a conflict may have happened.
          unknown.add(own);
          await store?.commit([put(hot, { kind: 'hot', n }, before?.version ?? 0), put(own, { kind: 'own', hot, n })]);
          acknowledged.add(own);
          unknown.delete(own);
        } catch (error) {
          if (!isComplianceError(error)) throw error;
          if (error.code === 'ZP_CONFLICT') {
            conflicts++;
            unknown.delete(own);
          } else await sleep(50);
        }
      }
    }

    const until = async (count: number): Promise<void> => {
      while (acknowledged.size < count) await sleep(20);
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
    await until(200);
    await cluster.kill(2);
    reached.killed = acknowledged.size;
    await until(reached.killed + 100);
    await cluster.rejoin(2);
    reached.rejoined = acknowledged.size;
    await until(reached.rejoined + 200);
    stop = true;
    await Promise.all(writers);

    const views = await Promise.all(stores.map((store) => all(store, 'own')));
    const [first = new Map<string, JsonObject>(), ...others] = views;
    for (const other of others) expect(other).toEqual(first);
    expect([...acknowledged].filter((id) => !first.has(id))).toEqual([]);
    expect([...first.keys()].filter((id) => !acknowledged.has(id) && !unknown.has(id))).toEqual([]);
    // Each commit counted its shared record up by one: none was lost, applied twice or applied by half.
    for (const store of stores) {
      const hot = await all(store, 'hot');
      for (const [id, body] of hot) {
        const counted = [...first.values()].filter((own) => own['hot'] === id).map((own) => Number(own['n']));
        expect(counted.sort((a, b) => a - b)).toEqual(Array.from({ length: Number(body['n']) }, (_, i) => i + 1));
      }
    }
    // The test has tested something only if writers did collide.
    expect(conflicts).toBeGreaterThan(0);
  }, 300_000);

  it('writes all of a commit or nothing of it, while the cluster turns thousands away in the middle', async () => {
    let [turnedAway, stop] = [0, false];
    const acknowledged = new Set<string>();
    async function write(writer: number): Promise<void> {
      const store = stores[writer % stores.length];
      for (let i = 0; !stop; i++) {
        const [shared, own] = [`shared-${(writer + i) % HOT}`, `half-${writer}-${i}`];
        const version = (await store?.get('things', shared))?.version ?? 0;
        try {
          // The shared row stands between two of the writer's own: whatever is turned away there leaves one before and one after.
          await store?.commit([put(shared, {}, version), put(own, { kind: 'half' }), { ...put(own, {}), collection: 'traces' }]);
          acknowledged.add(own);
        } catch (error) {
          if (!isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
          turnedAway++;
        }
      }
    }
    const writers = Array.from({ length: 3 * WRITERS }, (_, writer) => write(writer));
    while (turnedAway < COLLISIONS) await sleep(50);
    stop = true;
    await Promise.all(writers);

    const [store] = stores;
    const whole = store === undefined ? new Map<string, JsonObject>() : await all(store, 'half');
    const traces: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await store?.find('traces', { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      traces.push(...(page?.records ?? []).map(({ id }) => id));
      cursor = page?.cursor;
      if (cursor === undefined) break;
    }
    expect(traces.filter((id) => !whole.has(id))).toEqual([]);
    expect([...whole.keys()].filter((id) => !traces.includes(id))).toEqual([]);
    expect(new Set(whole.keys())).toEqual(acknowledged);
  }, 300_000);

  it('refuses while its node has lost the others, and serves again when they are back', async () => {
    await cluster.kill(1);
    await cluster.kill(2);
    const [alone] = stores;
    const refused = async (): Promise<boolean> =>
      (await alone?.get('things', 'turn').then(
        () => 'read',
        (error: { code: string }) => error.code,
      )) === 'ZP_STORE_UNAVAILABLE';
    while (!(await refused())) await sleep(100);
    await expect(alone?.commit([put('lost', {})])).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    await admin(cluster.urls[0] ?? '', `SET GLOBAL wsrep_provider_options='pc.bootstrap=true'`);
    await cluster.rejoin(1);
    await cluster.rejoin(2);
    for (const store of stores) expect((await store.get('things', 'turn'))?.version).toBe(90);
    for (const store of stores) expect(await store.get('things', 'lost')).toBeUndefined();
    for (const url of cluster.urls) expect((await mysqlSettings(url)).galera).toMatchObject({ clusterSize: 3, clusterStatus: 'Primary' });
  }, 300_000);

  describe('keeps the list of promises', () => {
    let made = 0;
    for (const c of storeConformance) {
      it(c.name, () =>
        c.run({
          create: async (declared) => {
            const name = `zp_c${made++}`;
            const node = made % cluster.urls.length;
            const url = cluster.urls[node] ?? '';
            await admin(url, `CREATE DATABASE ${name}`);
            return mysqlStore({ url: url.replace(/\/zp$/, `/${name}`), collections: declared });
          },
        }),
      );
    }
  });
});
