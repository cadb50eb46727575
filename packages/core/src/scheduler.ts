import { schedule } from 'node-cron';
import type { RunCoordinator, ScheduledTask } from 'node-cron';

import type { Compliance } from './compliance.ts';
import type { RunOutcome } from './domain/schedule/runs.ts';
import type { Actor } from './kernel/identity.ts';
import { cronOf, JOBS } from './rules/jobs.ts';
import type { Job } from './rules/jobs.ts';

/** When and what to run (定时器选项). */
export interface SchedulerOptions {
  /** The account the jobs run as; its role is `operator`. */
  readonly actor: Actor;
  /** Ids of jobs. Default: all the platform has the means for. */
  readonly jobs?: readonly string[];
  /** How often to look for what nobody has run, in ms. Default five minutes. */
  readonly catchUpMs?: number;
  readonly onRun?: (outcome: RunOutcome) => void;
  readonly onError?: (error: unknown) => void;
}

export interface Scheduler {
  /** Begin nothing more, and wait for what is under way. */
  stop(): Promise<void>;
}

const CATCH_UP_MS = 300_000;

/**
 * Run the jobs of the kit when they are due (启动定时任务), by the civil time of Shanghai. Every process of a fleet starts one: each occurrence is
 * claimed in the store, so that one of them runs it. What a process that died had claimed, and what was due while none was running, is found
 * when one looks: the latest occurrence is run, earlier ones are on record as missed.
 */
export function startScheduler(compliance: Compliance, options: SchedulerOptions): Scheduler {
  const { actor, catchUpMs = CATCH_UP_MS, onRun, onError } = options;
  const jobs = JOBS.filter(({ id }) => options.jobs?.includes(id) ?? true);
  const underWay = new Set<Promise<void>>();

  function track(work: Promise<void>): Promise<void> {
    const one: Promise<void> = work.catch((error: unknown) => onError?.(error)).finally(() => underWay.delete(one));
    underWay.add(one);
    return one;
  }

  async function catchUp(): Promise<void> {
    for (const outcome of await compliance.runDue(
      actor,
      jobs.map(({ id }) => id),
    ))
      onRun?.(outcome);
  }

  function taskOf(job: Job): ScheduledTask {
    let claimed = '';
    const runCoordinator: RunCoordinator = {
      // The key of an occurrence ends with its instant; the job is known.
      async shouldRun(key) {
        const slot = slotIn(key);
        if (slot === undefined || (await compliance.claimRun(actor, job.id, slot)) !== 'claimed') return false;
        claimed = slot;
        return true;
      },
    };
    const run = async (): Promise<void> => onRun?.(await compliance.runClaimed(actor, job.id, claimed));
    return schedule(cronOf(job.schedule), () => track(run()), {
      name: job.id,
      timezone: 'Asia/Shanghai',
      distributed: true,
      runCoordinator,
      distributedLease: job.leaseMs,
      noOverlap: true,
      unref: true,
      suppressMissedWarning: true,
    });
  }

  const tasks = jobs.map(taskOf);
  const timer = setInterval(() => void track(catchUp()), catchUpMs);
  timer.unref();
  void track(catchUp());

  return {
    async stop() {
      clearInterval(timer);
      for (const task of tasks) await task.destroy();
      await Promise.all(underWay);
    },
  };
}

/** The whole minute an occurrence is named by. */
function slotIn(key: string): string | undefined {
  const text = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/u.exec(key)?.[0];
  return text === undefined ? undefined : `${text}:00.000Z`;
}
