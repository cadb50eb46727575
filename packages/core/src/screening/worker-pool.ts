import { Worker, parentPort, workerData } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';

import { ComplianceError, isComplianceError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Text } from '../kernel/text.ts';

/** What a worker answers one task with, and which of its buffers it gives away instead of copying. */
export interface WorkerAnswer<Answer> {
  readonly answer: Answer;
  readonly transfer?: readonly Transferable[];
}

/** Threads that share the tasks of one kind (工作线程池). */
export interface WorkerPool<Task, Answer> {
  /**
   * Hand a task to the next free worker.
   * @throws ZP_INTERNAL when a worker died, from then on for every task; or what the worker's own start or handler threw
   */
  run(task: Task, transfer?: readonly Transferable[]): Promise<Answer>;
  /** Ends the threads; what is still under way is refused. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** The module the threads run; it calls {@link answerTasks}. */
  readonly module: URL;
  /** What each thread starts from. */
  readonly data: unknown;
  readonly size: number;
}

/** One is worked on, one lies ready: a worker never waits for its next task. */
const MOST_IN_FLIGHT = 2;
const MOST_WORKERS = 64;

interface Failure {
  readonly code: ErrorCode;
  readonly detail: Text;
}

type Reply = { readonly answer: unknown } | { readonly failed: Failure } | { readonly unfit: Failure };

interface Job {
  readonly task: unknown;
  readonly transfer: readonly Transferable[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Seat {
  readonly worker: Worker;
  /** Oldest first, the order in which a worker answers. */
  readonly jobs: Job[];
}

function failureOf(error: unknown): Failure {
  if (isComplianceError(error)) return { code: error.code, detail: error.detail };
  // The message of an unknown error may repeat what was screened.
  return { code: 'ZP_INTERNAL', detail: { zh: '工作线程出错', en: 'A worker failed' } };
}

function died(cause: unknown): ComplianceError {
  return new ComplianceError('ZP_INTERNAL', { detail: { zh: '工作线程意外终止', en: 'A worker ended unexpectedly' }, cause });
}

/**
 * The worker's side of a pool (线程应答): prepare once from the pool's data, then answer each task.
 * Called at the top of the module that {@link WorkerPoolOptions.module} names.
 */
export function answerTasks(start: (data: never) => (task: never) => WorkerAnswer<unknown>): void {
  const port = parentPort;
  if (port === null) return;
  const say = (reply: Reply, transfer: readonly Transferable[] = []): void => port.postMessage(reply, transfer);
  let handle: (task: never) => WorkerAnswer<unknown>;
  try {
    // The pool sends what this module was written for; threads have no types between them.
    handle = start(workerData as never);
  } catch (error) {
    say({ unfit: failureOf(error) });
    return;
  }
  port.on('message', (task: unknown) => {
    let reply: WorkerAnswer<unknown>;
    try {
      reply = handle(task as never);
    } catch (error) {
      say({ failed: failureOf(error) });
      return;
    }
    say({ answer: reply.answer }, reply.transfer);
  });
}

/**
 * Start threads that share tasks (创建线程池). An idle pool does not keep the process alive.
 * @throws ZP_OPTION_INVALID for a size that is no count of threads
 */
export function createWorkerPool<Task, Answer>({ module, data, size }: WorkerPoolOptions): WorkerPool<Task, Answer> {
  if (!Number.isInteger(size) || size < 1 || size > MOST_WORKERS) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: `线程数须为 1 至 ${MOST_WORKERS} 的整数`, en: `The number of workers must be an integer from 1 to ${MOST_WORKERS}` },
    });
  }
  const queue: Job[] = [];
  let broken: ComplianceError | undefined;
  const seats: readonly Seat[] = Array.from({ length: size }, () => ({ worker: new Worker(module, { workerData: data }), jobs: [] }));

  function fail(error: ComplianceError): void {
    if (broken) return;
    broken = error;
    const jobs = [...seats.flatMap((seat) => seat.jobs.splice(0)), ...queue.splice(0)];
    for (const job of jobs) job.reject(error);
    // One that lost a thread would get slower and slower unnoticed; whoever owns the pool makes another.
    for (const { worker } of seats) void worker.terminate();
  }

  function dispatch(): void {
    for (;;) {
      const seat = seats.reduce((least, other) => (other.jobs.length < least.jobs.length ? other : least));
      if (seat.jobs.length >= MOST_IN_FLIGHT) return;
      const job = queue.shift();
      if (job === undefined) return;
      try {
        seat.worker.postMessage(job.task, job.transfer);
      } catch (error) {
        job.reject(error);
        continue;
      }
      seat.jobs.push(job);
      seat.worker.ref();
    }
  }

  for (const { worker, jobs } of seats) {
    worker.unref();
    worker.on('message', (reply: Reply) => {
      if ('unfit' in reply) {
        fail(new ComplianceError(reply.unfit.code, { detail: reply.unfit.detail }));
        return;
      }
      const job = jobs.shift();
      if (jobs.length === 0) worker.unref();
      if ('failed' in reply) job?.reject(new ComplianceError(reply.failed.code, { detail: reply.failed.detail }));
      else job?.resolve(reply.answer);
      dispatch();
    });
    worker.on('messageerror', (error) => fail(died(error)));
    worker.on('error', (error) => fail(died(error)));
    worker.on('exit', () => fail(died(undefined)));
  }

  return {
    run: (task, transfer = []) =>
      new Promise<Answer>((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        // The worker is given tasks of this pool only, so it answers with what the pool promises.
        queue.push({ task, transfer, resolve: (answer) => resolve(answer as Answer), reject });
        dispatch();
      }),
    async close() {
      fail(new ComplianceError('ZP_STATE', { detail: { zh: '线程池已关闭', en: 'The pool is closed' } }));
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}

/** A thread's module, as source or as built like the module that names it: no compiler rewrites the name of a file. */
export function builtLike(from: string, module: URL): URL {
  return from.endsWith('.ts') ? module : new URL(module.href.replace(/\.ts$/u, '.js'));
}
