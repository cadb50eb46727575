import { describe, expect, it } from 'vitest';

import { hammer } from './hammer.ts';
import { killRounds } from './rounds.ts';
import { canStart, startServer } from './servers.ts';
import type { Kind, OwnServer } from './servers.ts';

/** A small dose; `npm run hammer` gives a large one. */
const dose = (name: string, fallback: number): number => Number(process.env[`HAMMER_${name}`] ?? fallback);
const LOAD = { tenants: 3, hot: 4, contended: 20 };

async function over<T>(kind: Kind, work: (server: OwnServer) => Promise<T>): Promise<T> {
  const server = await startServer(kind);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

describe.each<Kind>(['sqlite', 'postgres', 'mysql'])('many processes over one store (%s)', (kind) => {
  // Many processes and servers of their own: asked for by name, or by `npm run hammer`.
  const can = process.env['ZP_HAMMER'] === '1' && canStart(kind);

  it.skipIf(!can || kind === 'sqlite')(
    'lose, double and fork nothing while the holder of the lease is killed and paused',
    { timeout: 900_000 },
    async () => {
      const commits = dose('COMMITS', 3000);
      const options = { writers: dose('WRITERS', 32), processes: dose('PROCESSES', 3), killEvery: dose('KILL_EVERY', 1), ttlMs: 500 };
      const outcome = await over(kind, ({ url }) => hammer(url, { ...LOAD, ...options, commits }));
      expect(outcome.faults).toEqual([]);
      expect(outcome.acknowledged).toBeGreaterThanOrEqual(commits);
      expect(outcome.kills).toBeGreaterThan(0);
    },
  );

  it.skipIf(!can)('keep whole batches and everything acknowledged over kills at random points', { timeout: 900_000 }, async () => {
    const rounds = dose('ROUNDS', kind === 'sqlite' ? 8 : 4);
    const outcome = await over(kind, (server) => killRounds(server, { ...LOAD, rounds, perStore: 6 }));
    expect(outcome.faults).toEqual([]);
    expect(outcome.acknowledged).toBeGreaterThan(0);
    expect(outcome.serverKills > 0).toBe(kind !== 'sqlite');
  });
});
