import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import type { Draft, Execute, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change, JsonObject } from '../../kernel/store.ts';
import { JOBS } from '../../rules/jobs.ts';
import type { Job } from '../../rules/jobs.ts';
import type { Verb } from '../../rules/permissions.ts';
import { lastSlot, slotsBetween } from './slots.ts';

/** One occurrence of a job (任务执行记录): by its slot it is the same for every process. */
export type RunRecord = {
  readonly tenant: string;
  readonly job: string;
  /** When it was due. */
  readonly slot: string;
  readonly state: 'claimed' | 'done' | 'failed' | 'missed';
  /** Process that claimed it, and until when nobody else may. */
  readonly holder?: string;
  readonly until?: string;
  /** How often it was begun: more than once after a process died in the middle. */
  readonly attempts: number;
  readonly at: string;
  /** Why it was not run, or the code of what went wrong. */
  readonly why?: string;
  /** Of very many that were missed in a row, the first ones in one record: how many, and the last of them. */
  readonly count?: number;
  readonly upTo?: string;
};

/** How far a job has come: slots up to this one are accounted for. */
type JobRecord = { readonly tenant: string; readonly job: string; readonly accountedTo: string };

export type Claim = 'claimed' | 'taken' | 'done';

export type RunOutcome = {
  readonly job: string;
  readonly slot: string;
  readonly state: 'done' | 'failed';
  readonly attempts: number;
  /** Occurrences before it that nobody was there for. */
  readonly missed: number;
  readonly why?: string;
};

/** Jobs that come back, each occurrence once in a fleet (定期任务). */
export interface RunCommands {
  /**
   * Run what is due and nobody has run (补齐执行): the latest occurrence of each job, and on record what was missed before it. Any number of
   * processes may call it at once, and as often as they like.
   * @param only ids of jobs; default all that this platform has the means for
   */
  runDue(actor: Actor, only?: readonly string[]): Promise<readonly RunOutcome[]>;
  /** Try to be the one process that runs an occurrence. @throws ZP_NOT_FOUND for an unknown job */
  claimRun(actor: Actor, job: string, slot: string): Promise<Claim>;
  /** Run what this process has claimed, and put its outcome on record. */
  runClaimed(actor: Actor, job: string, slot: string): Promise<RunOutcome>;
  /** Occurrences on record, newest first. */
  listRuns(actor: Actor, page: PageOptions): Promise<Listing<Loaded<RunRecord>>>;
}

export interface RunContext {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  permit(actor: Actor, verb: Verb): void;
  now(): number;
  newId(): string;
  /** What each job does; a job without is not run here. */
  readonly work: { readonly [job: string]: ((actor: Actor) => Promise<unknown>) | undefined };
}

/** Missed occurrences put on record one by one; of more, the first ones are one record. */
const MOST_MISSED = 60;

function runId(tenant: string, job: string, slot: string): string {
  return `${tenant}/${job}/${slot}`;
}

function jobOf(id: string): Job {
  const job = JOBS.find((one) => one.id === id);
  if (job === undefined) throw new ComplianceError('ZP_NOT_FOUND');
  return job;
}

export function createRuns(context: RunContext): RunCommands {
  const { execute } = context;
  /** Of this process. */
  const holder = context.newId();

  interface State {
    readonly run: Loaded<RunRecord> | undefined;
    readonly progress: Loaded<JobRecord> | undefined;
  }

  async function stateOf(reader: Reader, tenant: string, job: Job, slot: string): Promise<State> {
    const [run, progress] = await Promise.all([
      load<RunRecord>(reader, 'runs', runId(tenant, job.id, slot)),
      load<JobRecord>(reader, 'jobs', `${tenant}/${job.id}`),
    ]);
    return { run, progress };
  }

  /** Occurrences between what is accounted for and this one, as missed; a job that never ran has missed nothing. */
  function missedBefore(
    tenant: string,
    job: Job,
    { progress }: State,
    slot: string,
    at: string,
  ): { readonly changes: readonly Change[]; readonly count: number } {
    if (progress === undefined) return { changes: [], count: 0 };
    const from = Date.parse(progress.body.accountedTo);
    const missed = slotsBetween(job.schedule, from, Date.parse(slot) - 1, Number.MAX_SAFE_INTEGER);
    const missedAt = (ms: number, more: Partial<RunRecord> = {}): Change => {
      const due = new Date(ms).toISOString();
      const body: RunRecord = { tenant, job: job.id, slot: due, state: 'missed', attempts: 0, at, why: 'nobody-running', ...more };
      return create('runs', runId(tenant, job.id, due), body);
    };
    const single = missed.slice(-MOST_MISSED);
    const changes = single.map((ms) => missedAt(ms));
    const [first] = missed;
    const last = missed[missed.length - single.length - 1];
    if (first !== undefined && last !== undefined)
      changes.unshift(missedAt(first, { count: missed.length - single.length, upTo: new Date(last).toISOString() }));
    return { changes, count: missed.length };
  }

  async function claim(
    actor: Actor,
    job: Job,
    slot: string,
  ): Promise<{ readonly claim: Claim; readonly attempts: number; readonly missed: number }> {
    const { tenant } = actor;
    try {
      return await execute<State, { readonly claim: Claim; readonly attempts: number; readonly missed: number }>({
        actor,
        load: (reader) => stateOf(reader, tenant, job, slot),
        decide(state, now) {
          const { run, progress } = state;
          if (run && run.body.state !== 'claimed') return { drafts: [], result: { claim: 'done', attempts: run.body.attempts, missed: 0 } };
          if (run && (run.body.until ?? '') > now)
            return { drafts: [], result: { claim: 'taken', attempts: run.body.attempts, missed: 0 } };
          // What is accounted for already was missed, or done by a process whose record says so.
          if (run === undefined && progress && progress.body.accountedTo >= slot)
            return { drafts: [], result: { claim: 'done', attempts: 0, missed: 0 } };
          const attempts = (run?.body.attempts ?? 0) + 1;
          const until = new Date(Date.parse(now) + job.leaseMs).toISOString();
          const body: RunRecord = { tenant, job: job.id, slot, state: 'claimed', holder, until, attempts, at: now };
          const id = runId(tenant, job.id, slot);
          const missed = run ? { changes: [], count: 0 } : missedBefore(tenant, job, state, slot, now);
          const row: JobRecord = { tenant, job: job.id, accountedTo: slot };
          const changes = [run ? replace('runs', run, body) : create('runs', id, body), ...missed.changes];
          if (progress === undefined) changes.push(create('jobs', `${tenant}/${job.id}`, row));
          else if (progress.body.accountedTo < slot) changes.push(replace('jobs', progress, row));
          const facts = { job: job.id, slot, attempts, missed: missed.count };
          const draft: Draft = { kind: 'job.claimed', subject: { collection: 'runs', id }, facts, changes };
          return { drafts: [draft], result: { claim: 'claimed', attempts, missed: missed.count } };
        },
      });
    } catch (error) {
      // Many processes at once: whoever got through has it.
      if (isComplianceError(error) && error.code === 'ZP_CONFLICT') return { claim: 'taken', attempts: 0, missed: 0 };
      throw error;
    }
  }

  async function perform(actor: Actor, job: Job, slot: string, missed: number): Promise<RunOutcome> {
    let why: string | undefined;
    try {
      await context.work[job.id]?.(actor);
    } catch (error) {
      // A code, never the words of an error.
      why = isComplianceError(error) ? error.code : 'unexpected';
    }
    const { attempts } = await execute<Loaded<RunRecord> | undefined, { readonly attempts: number }>({
      actor,
      load: (reader) => load<RunRecord>(reader, 'runs', runId(actor.tenant, job.id, slot)),
      decide(record, at) {
        // It took longer than its lease and another process has taken it over: that one says how it ended.
        if (record === undefined || record.body.holder !== holder || record.body.state !== 'claimed')
          return { drafts: [], result: { attempts: record?.body.attempts ?? 0 } };
        const { until: _until, ...rest } = record.body;
        const body: RunRecord = { ...rest, state: why === undefined ? 'done' : 'failed', at, ...(why === undefined ? {} : { why }) };
        const facts: JsonObject = { job: job.id, slot, state: body.state, ...(why === undefined ? {} : { why }) };
        const draft = {
          kind: 'job.ended',
          subject: { collection: 'runs', id: record.id },
          facts,
          changes: [replace('runs', record, body)],
        };
        return { drafts: [draft], result: { attempts: body.attempts } };
      },
    });
    return { job: job.id, slot, state: why === undefined ? 'done' : 'failed', attempts, missed, ...(why === undefined ? {} : { why }) };
  }

  /** Runs whose process died and that are not the latest any more: on record as abandoned, so that none is open for ever. */
  async function closeAbandoned(actor: Actor, jobs: readonly Job[]): Promise<void> {
    const now = new Date(context.now()).toISOString();
    const { records } = await context.reader(actor.tenant).find('runs', { where: { state: 'claimed' }, limit: MOST_MISSED });
    for (const { id, body } of records) {
      const { job, slot, until = '' } = body as RunRecord;
      const latest = lastSlot(jobOf(job).schedule, context.now()) ?? 0;
      if (until > now || Date.parse(slot) >= latest || !jobs.some((one) => one.id === job)) continue;
      await execute<Loaded<RunRecord> | undefined, Record<string, never>>({
        actor,
        load: (reader) => load<RunRecord>(reader, 'runs', id),
        decide(record, at) {
          if (record?.body.state !== 'claimed' || (record.body.until ?? '') > at) return { drafts: [], result: {} };
          const { until: _until, ...rest } = record.body;
          const changes = [replace('runs', record, { ...rest, state: 'failed', at, why: 'abandoned' })];
          const facts = { job, slot, state: 'failed', why: 'abandoned' };
          return { drafts: [{ kind: 'job.ended', subject: { collection: 'runs', id }, facts, changes }], result: {} };
        },
      });
    }
  }

  return {
    async runDue(actor, only) {
      context.permit(actor, 'jobs.run');
      const outcomes: RunOutcome[] = [];
      const jobs = (only ?? JOBS.map((job) => job.id)).map(jobOf).filter(({ id }) => context.work[id] !== undefined);
      await closeAbandoned(actor, jobs);
      for (const job of jobs) {
        const due = lastSlot(job.schedule, context.now());
        if (due === undefined) continue;
        const slot = new Date(due).toISOString();
        const { claim: won, missed } = await claim(actor, job, slot);
        if (won === 'claimed') outcomes.push(await perform(actor, job, slot, missed));
      }
      return outcomes;
    },
    async claimRun(actor, id, slot) {
      context.permit(actor, 'jobs.run');
      return (await claim(actor, jobOf(id), slot)).claim;
    },
    async runClaimed(actor, id, slot) {
      context.permit(actor, 'jobs.run');
      return perform(actor, jobOf(id), slot, 0);
    },
    async listRuns(actor, page) {
      context.permit(actor, 'jobs.read');
      const reader = context.reader(actor.tenant);
      return listed<RunRecord>(await reader.find('runs', { range: { field: 'slot', gt: '' }, order: 'desc', ...page }));
    },
  };
}
