// A process of writers: killed, stopped and started again by those who test with it.
import { openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { createExecute, createLog, createSigner, isComplianceError, systemClock } from '@zhengpin/core';
import type { JsonObject, Store } from '@zhengpin/core';

import { countUp, hotName, tenantName } from './load.ts';
import type { Load } from './load.ts';
import { openStore } from './servers.ts';

/** What the parent asks of a worker. */
export interface WorkerOptions extends Load {
  readonly name: string;
  readonly url: string;
  /** File with the signing key. */
  readonly key: string;
  /** File that what was acknowledged is written to, before anything else happens. */
  readonly journal: string;
  readonly writers: number;
  readonly commits: number;
  readonly ttlMs: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const journal = openSync(options.journal, 'a');
// One write a line, straight to the system: a killed process has written a line or not.
const note = (line: JsonObject): number => writeSync(journal, `${JSON.stringify(line)}\n`);

/** Tells which lease and epoch each numbering batch was written under. */
function watched(store: Store): Store {
  let told = '';
  return {
    ...store,
    async commit(changes) {
      await store.commit(changes);
      const lease = changes.find(({ collection }) => collection === 'leases');
      const rows = changes.filter(({ collection }) => collection === 'evidence').length;
      if (rows > 0) note({ numbered: rows, lease: lease?.expectedVersion ?? -1, epoch: Number(lease?.body?.['epoch'] ?? -1) });
      const holder = lease?.body?.['holder'];
      if (typeof holder === 'string' && holder !== told) process.send?.({ holder: (told = holder) });
    },
  };
}

async function open(): Promise<Store> {
  for (;;) {
    try {
      const store = openStore(options.url);
      await store.get('leases', 'sequencer');
      return store;
    } catch {
      await sleep(100);
    }
  }
}

const store = watched(await open());
const log = createLog(store, createSigner('hammer.example', readFileSync(options.key, 'utf8')), { lease: { ttlMs: options.ttlMs } });
let ids = 0;
const execute = createExecute({ store, log, clock: systemClock, newId: () => `${options.name}-e${ids++}` });
let left = options.commits;
let made = 0;

async function write(): Promise<void> {
  while (left > 0) {
    left--;
    const k = made++;
    const tenant = tenantName(Math.floor(Math.random() * options.tenants));
    const hot = Math.random() * 100 < options.contended ? hotName(tenant, Math.floor(Math.random() * options.hot)) : undefined;
    const own = `${options.name}-${k}`;
    for (;;) {
      try {
        const { n } = await execute(countUp(tenant, own, hot));
        note({ own, tenant, hot: hot ?? '', n });
        break;
      } catch (error) {
        if (!isComplianceError(error) || !['ZP_CONFLICT', 'ZP_STORE_UNAVAILABLE'].includes(error.code)) throw error;
        note({ refused: error.code });
        // The same key again: whatever became of the first, it counts once.
        await sleep(error.code === 'ZP_CONFLICT' ? 5 * Math.random() : 100);
      }
    }
  }
}

const turn = setInterval(() => void execute.integrate().catch(() => undefined), 250);
process.send?.({ started: true });
await Promise.all(Array.from({ length: options.writers }, write));
clearInterval(turn);
await log.release();
await store.close();
process.disconnect?.();
