import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { verifyEvidence } from '@zhengpin/core';
import { expect, it } from 'vitest';

import { postgresStore } from '../src/postgres.ts';
import { createDatabase, serverAnswers } from './postgres-server.ts';
import type { TestDatabase } from './postgres-server.ts';

const WORKER = fileURLToPath(new URL('jobs-worker.ts', import.meta.url));
/** JOB_TICKS=1000 for more than a look. */
const TICKS = Number(process.env['JOB_TICKS'] ?? 250);
const REPLICAS = 3;
const HOUR = 3_600_000;
/** One tick, an hour on the fleet's clock, in ms. */
const TICK_MS = 30;
const START = '2026-11-25T00:00:00.000Z';

/** Whether so many occurrences are accounted for. */
async function hasSeen(database: TestDatabase, schema: string, count: number): Promise<boolean> {
  try {
    const [row] = await database.sql(`SELECT count(*)::int AS n FROM "${schema}"."zp_runs"`);
    return Number(row?.['n']) >= count;
  } catch {
    // No replica has made its tables yet.
    return false;
  }
}

it.skipIf(!(await serverAnswers()))(
  `${REPLICAS} replicas over ${TICKS} ticks, killed again and again: each occurrence is run once or accounted for`,
  { timeout: 240_000 },
  async () => {
    const database = await createDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'zp-fleet-'));
    const key = join(folder, 'key.pem');
    writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), { mode: 0o600 });
    const schema = database.fresh();
    const began = Date.now();
    const start = (): ChildProcess =>
      spawn(
        process.execPath,
        ['--conditions=@zhengpin/source', WORKER, database.url, schema, key, String(began), START, String(HOUR / TICK_MS)],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
    const fleet = Array.from({ length: REPLICAS }, start);
    try {
      let kills = 0;
      // However slow the machine: as many ticks as it takes.
      while (!(await hasSeen(database, schema, TICKS))) {
        await sleep(1000 + Math.random() * 1500);
        const victim = Math.floor(Math.random() * REPLICAS);
        const ended = once(fleet[victim] as ChildProcess, 'exit');
        fleet[victim]?.kill('SIGKILL');
        await ended;
        fleet[victim] = start();
        kills++;
      }
      // The last ones finish what they are at, and close what others left.
      await sleep(2000);
      for (const one of fleet) one.kill('SIGKILL');

      const store = postgresStore({ url: database.url, schema });
      const slots = new Map<string, string>();
      let accounted = 0;
      const states = new Map<string, number>();
      for (let cursor: string | undefined; ;) {
        const page = await store.find('runs', {
          range: { field: 'slot', gt: '' },
          limit: 500,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const { body } of page.records) {
          const { slot, state, why = '', attempts, count = '1' } = body as Record<string, string>;
          accounted += Number(count);
          expect(slots.has(slot ?? ''), slot).toBe(false);
          slots.set(slot ?? '', state ?? '');
          const name = `${state} ${why}${Number(attempts) > 1 ? 'again' : ''}`.trim();
          states.set(name, (states.get(name) ?? 0) + 1);
        }
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      const instants = [...slots.keys()].map((slot) => Date.parse(slot)).toSorted((a, b) => a - b);
      process.stdout.write(`  ${instants.length} occurrences, ${kills} kills: ${JSON.stringify(Object.fromEntries(states))}\n`);
      expect(instants.length).toBeGreaterThanOrEqual(TICKS);
      // No gap: what was not run is on record as missed.
      expect(((instants.at(-1) ?? 0) - (instants[0] ?? 0)) / HOUR + 1).toBe(accounted);
      // At most the last ones are still open: nobody has come by since.
      const open = [...slots].filter(([, state]) => state === 'claimed').map(([slot]) => Date.parse(slot));
      expect(open.every((ms) => ms > (instants.at(-1) ?? 0) - 200 * HOUR)).toBe(true);
      expect((states.get('done') ?? 0) + (states.get('done again') ?? 0)).toBeGreaterThan(TICKS / 10);
      expect(await verifyEvidence(store)).toMatchObject({ ok: true });
      await store.close();
    } finally {
      for (const one of fleet) one.kill('SIGKILL');
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
