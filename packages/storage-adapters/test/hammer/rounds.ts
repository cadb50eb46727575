import { setTimeout as sleep } from 'node:timers/promises';

import { check } from './check.ts';
import type { Load } from './load.ts';
import { isRunning, until } from './process.ts';
import { openStore } from './servers.ts';
import type { OwnServer } from './servers.ts';
import { createTeam } from './team.ts';

export interface RoundsOptions extends Load {
  readonly rounds: number;
  /** Rounds before the journals and the store are looked through and begun anew, so that a round stays short. */
  readonly perStore: number;
}

export interface RoundsOutcome {
  readonly faults: readonly string[];
  readonly rounds: number;
  readonly workerKills: number;
  readonly serverKills: number;
  readonly acknowledged: number;
  readonly entries: number;
}

/** From nothing written yet to hundreds of commits. */
const LONGEST_MS = 250;

/**
 * Kill a process of writers, or the database under it, at a random point, and look through everything after each time
 * (随机断电检验). A worker whose database was killed must go on by itself once it is back.
 */
export async function killRounds(server: OwnServer, options: RoundsOptions): Promise<RoundsOutcome> {
  const { rounds, perStore } = options;
  const team = createTeam();
  const faults: string[] = [];
  let [workerKills, serverKills, acknowledged, entries] = [0, 0, 0, 0];
  const isFile = !server.url.includes('://');
  let url = server.url;
  try {
    for (let round = 0; round < rounds; round++) {
      if (isFile && round % perStore === 0) {
        team.forget();
        url = `${server.url}-${round}`;
      }
      const worker = team.start(url, { ...options, writers: 16, commits: 1_000_000, ttlMs: 300 });
      // One in ten dies while it starts and sets up; the others once commits flow.
      if (round % 10 !== 0) {
        await until('a commit is acknowledged', 60_000, () => team.acknowledged(worker) > 0 || !isRunning(worker.process));
      }
      await sleep(Math.random() * LONGEST_MS);
      if (!isFile && round % 2 === 1) {
        await server.kill();
        serverKills++;
        await sleep(Math.random() * LONGEST_MS);
        const before = team.acknowledged(worker);
        await server.start();
        await until('it goes on after the database is back', 60_000, () => team.acknowledged(worker) > before);
      }
      if (!isRunning(worker.process)) throw new Error('a worker has failed');
      await worker.kill();
      workerKills++;
      const store = openStore(url);
      const outcome = await check(store, team.privateKeyPem, team.journals());
      await store.close();
      faults.push(...outcome.faults.map((fault) => `round ${round}: ${fault}`));
      if (round === rounds - 1 || (isFile && round % perStore === perStore - 1)) {
        acknowledged += outcome.acknowledged;
        entries += outcome.entries;
      }
      if (faults.length > 0) break;
    }
    return { faults, rounds, workerKills, serverKills, acknowledged, entries };
  } finally {
    await team.end();
  }
}
