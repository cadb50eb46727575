import { pageOf } from '../request.ts';
import { PAGE } from './route.ts';
import type { Route } from './route.ts';

/** Work that comes back: for a scheduler outside, and for whoever wants to know that it ran (定期任务). */
export const JOBS_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/jobs/due',
    group: 'jobs',
    verb: 'jobs.run',
    status: 200,
    body: { type: 'object', additionalProperties: false, properties: {} },
    summary: { zh: '执行到期而尚无人执行的任务', en: 'Run what is due and nobody has run' },
    run: async ({ compliance, actor }) => ({ body: { runs: await compliance.runDue(actor) } }),
  },
  {
    method: 'get',
    path: '/jobs/runs',
    group: 'jobs',
    verb: 'jobs.read',
    status: 200,
    query: PAGE,
    summary: { zh: '任务执行记录，新的在前', en: 'Occurrences of jobs on record, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listRuns(actor, pageOf(query)) }),
  },
];
