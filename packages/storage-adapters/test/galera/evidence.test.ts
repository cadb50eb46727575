import { verifyEvidence } from '@zhengpin/core';
import type { Store } from '@zhengpin/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { check } from '../hammer/check.ts';
import { until } from '../hammer/process.ts';
import { openStore } from '../hammer/servers.ts';
import { createTeam } from '../hammer/team.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const LOAD = { tenants: 3, hot: 4, contended: 20, writers: 8, commits: 1_000_000, ttlMs: 500 };
const DOSE = Number(process.env['HAMMER_COMMITS'] ?? 300);

describe.skipIf(process.env['ZP_GALERA'] !== '1')('evidence on three Galera nodes', () => {
  const team = createTeam();
  let cluster: Cluster;
  let stores: readonly Store[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
  }, 300_000);
  afterAll(async () => {
    await team.end();
    for (const store of stores) await store.close();
    await cluster?.stop();
  }, 60_000);

  it('loses, doubles and forks nothing while a process writes on every node and one node is killed and rejoins', async () => {
    const workers = cluster.urls.map((url) => team.start(url, LOAD));
    const total = (): number => workers.reduce((sum, worker) => sum + team.acknowledged(worker), 0);
    await until('every node takes commits', 120_000, () => workers.every((worker) => team.acknowledged(worker) > DOSE / 6));
    await cluster.kill(2);
    const killed = total();
    await until('the others go on', 120_000, () => total() >= killed + DOSE);
    await cluster.rejoin(2);
    const [, , third] = workers;
    const rejoined = third ? team.acknowledged(third) : 0;
    await until('its process goes on by itself', 120_000, () => third !== undefined && team.acknowledged(third) > rejoined + DOSE / 6);
    // The test has tested something only if nodes turned commits away over the same record.
    await until('writers collide', 120_000, async () => {
      const turnedAway = await Promise.all(['wsrep_local_cert_failures', 'wsrep_local_bf_aborts'].map((name) => cluster.status(name)));
      return turnedAway.some((count) => count > 0);
    });
    await Promise.all(workers.map((worker) => worker.kill()));

    stores = cluster.urls.map((url) => openStore(url));
    const [first] = stores;
    if (first === undefined) throw new Error('no node');
    const outcome = await check(first, team.privateKeyPem, team.journals());
    expect(outcome.faults).toEqual([]);
    expect(outcome.acknowledged).toBeGreaterThan(2 * DOSE);
    const seen = await Promise.all(
      stores.map(async (store) => (await verifyEvidence(store)).tenants.map(({ ok, size }) => ({ ok, size }))),
    );
    const sizes = seen[0]?.map(({ size }) => ({ ok: true, size }));
    expect(seen).toEqual([sizes, sizes, sizes]);
  }, 400_000);
});
