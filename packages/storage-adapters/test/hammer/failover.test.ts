import { createSigner, verifyEvidence } from '@zhengpin/core';
import { afterEach, describe, expect, it } from 'vitest';

import { createLoopback } from '../loopback.ts';
import type { Loopback } from '../loopback.ts';
import { check } from './check.ts';
import { startPostgres } from './postgres-cluster.ts';
import type { PostgresNode } from './postgres-cluster.ts';
import { until } from './process.ts';
import { canStart, openStore } from './servers.ts';
import { createTeam } from './team.ts';
import type { Team, Worker } from './team.ts';

const LOAD = { tenants: 3, hot: 4, contended: 20, writers: 16, commits: 1_000_000, ttlMs: 500 };
const DOSE = Number(process.env['HAMMER_COMMITS'] ?? 1000);

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A primary and its standby, and a name that leads to whichever is in charge. */
async function pair(settings: readonly string[], streamThrough?: (primary: PostgresNode) => Promise<number>) {
  const primary = await startPostgres(settings);
  ends.push(() => primary.stop());
  const standby = await primary.standby(await streamThrough?.(primary));
  ends.push(() => standby.stop());
  const way = await createLoopback(new URL(primary.url));
  ends.push(() => way.close());
  await until('the standby streams', 60_000, async () => {
    const [row] = await primary.sql(`SELECT state FROM pg_stat_replication WHERE application_name = 'standby'`);
    return row?.['state'] === 'streaming';
  });
  return { primary, standby, way, url: `postgres://postgres@127.0.0.1:${way.port}/postgres` };
}

function team(): Team {
  const made = createTeam();
  ends.push(() => made.end());
  return made;
}

async function failOver(primary: PostgresNode, standby: PostgresNode, way: Loopback): Promise<void> {
  await primary.kill();
  way.refuse(true);
  await standby.promote();
  way.leadTo(standby.port);
  way.refuse(false);
}

describe.skipIf(process.env['ZP_HAMMER'] !== '1' || !canStart('postgres'))('a primary that is killed and its standby promoted', () => {
  it('lose nothing acknowledged where commits wait for the standby', { timeout: 300_000 }, async () => {
    const { primary, standby, way, url } = await pair([]);
    await primary.sql(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
    await primary.sql('SELECT pg_reload_conf()');
    await until('the standby is waited for', 60_000, async () => {
      const [row] = await primary.sql('SELECT sync_state FROM pg_stat_replication');
      return row?.['sync_state'] === 'sync';
    });
    const writers = team();
    const workers = [1, 2].map(() => writers.start(url, LOAD));
    const acknowledged = (): number => workers.reduce((sum: number, worker: Worker) => sum + writers.acknowledged(worker), 0);
    await until('commits flow', 120_000, () => acknowledged() >= DOSE);
    await failOver(primary, standby, way);
    const before = acknowledged();
    await until('all go on', 120_000, () => acknowledged() >= before + DOSE);
    await Promise.all(workers.map((worker) => worker.kill()));
    const store = openStore(url);
    ends.push(() => store.close());
    const outcome = await check(store, writers.privateKeyPem, writers.journals());
    expect(outcome.faults).toEqual([]);
    expect(outcome.acknowledged).toBeGreaterThanOrEqual(2 * DOSE);
  });

  it('lose a tail where nobody waits, which is found out, named, and not signed for again', { timeout: 300_000 }, async () => {
    let stream: Loopback | undefined;
    const { primary, standby, way, url } = await pair([], async (node) => {
      stream = await createLoopback(new URL(node.url));
      ends.push(async () => stream?.close());
      return stream.port;
    });
    const writers = team();
    const worker = writers.start(url, { ...LOAD, tenants: 1 });
    await until('commits flow', 120_000, () => writers.acknowledged(worker) >= DOSE);
    // What comes now reaches the standby no more.
    stream?.stall(true);
    const lagging = writers.acknowledged(worker);
    await until('more commits flow', 120_000, () => writers.acknowledged(worker) >= lagging + DOSE);
    await failOver(primary, standby, way);
    const before = writers.acknowledged(worker);
    await until('decisions go on', 120_000, () => writers.acknowledged(worker) >= before + DOSE);
    await worker.kill();

    const store = openStore(url);
    ends.push(() => store.close());
    const { vkey } = createSigner('hammer.example', writers.privateKeyPem);
    const report = await verifyEvidence(store, { vkey });
    const [log] = report.tenants.filter(({ tenant }) => tenant === 't0');
    const [first] = log?.faults ?? [];
    expect(log?.faults.map(({ kind }) => kind)).toEqual(['truncated']);
    expect(first?.seq).toBe(log?.size);
    expect(first?.seq).toBeGreaterThan(0);
    // Whatever was decided since waits for its number.
    expect(log?.waiting).toBeGreaterThanOrEqual(DOSE);
    const kept = new Set<string>();
    for (let cursor: string | undefined; ;) {
      const page = await store.find('reviews', { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id } of page.records) kept.add(id);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    const { acknowledged } = writers.journals();
    const lost = acknowledged.map(({ own }, i) => (kept.has(own) ? -1 : i)).filter((i) => i >= 0);
    expect(lost.length).toBeGreaterThan(0);
    // Only of the tail: nothing from before the standby fell behind, and nothing since the fail-over.
    expect(Math.min(...lost)).toBeGreaterThan(lagging / 2);
    expect(Math.max(...lost)).toBeLessThan(before + LOAD.writers);
  });
});
