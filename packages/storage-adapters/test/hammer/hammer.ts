import { setTimeout as sleep } from 'node:timers/promises';

import type { Store } from '@zhengpin/core';

import { check } from './check.ts';
import type { Outcome } from './check.ts';
import type { Load } from './load.ts';
import { isRunning, until } from './process.ts';
import { openStore } from './servers.ts';
import { createTeam } from './team.ts';
import type { Worker } from './team.ts';

export interface HammerOptions extends Load {
  /** Concurrent writers in all. */
  readonly writers: number;
  readonly processes: number;
  readonly commits: number;
  /** Seconds between two attacks on the holder of the lease. */
  readonly killEvery: number;
  readonly ttlMs: number;
}

export interface HammerOutcome extends Outcome {
  readonly kills: number;
  /** Holders stopped until another had taken over, and then let go on. */
  readonly pauses: number;
  readonly seconds: number;
}

interface Slot {
  worker: Worker;
  left: number;
}

async function holderOf(store: Store): Promise<string> {
  return String((await store.get('leases', 'sequencer'))?.body['holder'] ?? '');
}

/**
 * Many writers in many processes over one store, whose holder of the lease is killed, or paused past the end of its
 * lease, again and again (压力检验); what was killed starts again until every commit has been acknowledged.
 */
export async function hammer(url: string, options: HammerOptions): Promise<HammerOutcome> {
  const { writers, processes, commits, killEvery } = options;
  const team = createTeam();
  const begun = performance.now();
  const store = openStore(url);
  await store.get('leases', 'sequencer');
  const start = (left: number): Worker => team.start(url, { ...options, writers: Math.ceil(writers / processes), commits: left });
  const slots: Slot[] = Array.from({ length: processes }, (_, i) => {
    const left = Math.floor((commits * (i + 1)) / processes) - Math.floor((commits * i) / processes);
    return { worker: start(left), left };
  });
  let [kills, pauses] = [0, 0];
  const busy = (): readonly Slot[] => slots.filter((slot) => isRunning(slot.worker.process));
  const holding = async (): Promise<Slot | undefined> => {
    const holder = await holderOf(store);
    return busy().find((slot) => slot.worker.holder() === holder);
  };

  /** Stop the holder, wait until another numbers entries, and let the first go on in the belief that it still may. */
  async function pause(slot: Slot): Promise<void> {
    const before = slot.worker.holder();
    slot.worker.process.kill('SIGSTOP');
    const others = (): boolean => busy().length > 1;
    await until('another takes over', 60_000, async () => !others() || (await holderOf(store)) !== before);
    if (others()) pauses++;
    slot.worker.process.kill('SIGCONT');
  }

  try {
    for (let attack = 0; busy().length > 0;) {
      await Promise.race([sleep(killEvery * 1000), ...busy().map((slot) => slot.worker.exited)]);
      for (const { worker } of slots) if ((worker.process.exitCode ?? 0) !== 0) throw new Error('a worker has failed');
      const slot = await holding();
      if (slot === undefined) continue;
      if (attack++ % 3 === 2) await pause(slot);
      else if (isRunning(slot.worker.process)) {
        await slot.worker.kill();
        if (slot.worker.process.signalCode !== 'SIGKILL') continue;
        kills++;
        slot.left -= team.acknowledged(slot.worker);
        if (slot.left > 0) slot.worker = start(slot.left);
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    return { ...(await check(store, team.privateKeyPem, team.journals())), kills, pauses, seconds };
  } finally {
    await team.end();
    await store.close();
  }
}
