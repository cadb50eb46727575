// Hammer a database of its own with many writers while processes are killed; prints what it found.
//   npm run hammer -- --store postgres --writers 64 --processes 4 --commits 100000 --kill-every 3
//   npm run hammer -- --store sqlite --rounds 500
import { parseArgs } from 'node:util';

import { hammer } from './hammer.ts';
import { killRounds } from './rounds.ts';
import { startServer } from './servers.ts';
import type { Kind } from './servers.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'postgres' },
    url: { type: 'string' },
    writers: { type: 'string', default: '64' },
    processes: { type: 'string', default: '4' },
    commits: { type: 'string', default: '100000' },
    'kill-every': { type: 'string', default: '3' },
    ttl: { type: 'string', default: '1000' },
    tenants: { type: 'string', default: '4' },
    hot: { type: 'string', default: '8' },
    contended: { type: 'string', default: '10' },
    rounds: { type: 'string' },
  },
});
if (!['sqlite', 'postgres', 'mysql'].includes(values.store)) throw new Error('--store sqlite, postgres or mysql');
const load = { tenants: Number(values.tenants), hot: Number(values.hot), contended: Number(values.contended) };
const server = values.url === undefined ? await startServer(values.store as Kind) : undefined;
try {
  const outcome =
    values.rounds !== undefined && server
      ? await killRounds(server, { ...load, rounds: Number(values.rounds), perStore: 25 })
      : await hammer(values.url ?? server?.url ?? '', {
          ...load,
          writers: Number(values.writers),
          processes: Number(values.processes),
          commits: Number(values.commits),
          killEvery: Number(values['kill-every']),
          ttlMs: Number(values.ttl),
        });
  process.stdout.write(`${JSON.stringify({ ...outcome, faults: outcome.faults.slice(0, 20) }, undefined, 2)}\n`);
  process.exitCode = outcome.faults.length === 0 ? 0 : 1;
} finally {
  await server?.stop();
}
