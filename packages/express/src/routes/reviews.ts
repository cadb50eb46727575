import { APPEAL_SCHEMA, VERDICT_SCHEMA } from '@zhengpin/core';

import { choiceOf, pageOf } from '../request.ts';
import { PAGE, id, written } from './route.ts';
import type { Route } from './route.ts';

/** Queue, claims, decisions, appeals (审查与申诉). */
export const REVIEWS_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/reviews',
    group: 'reviews',
    verb: 'review.read',
    status: 200,
    query: [...PAGE, 'kind'],
    summary: { zh: '待审查任务，先到先审', en: 'Open tasks, oldest first' },
    async run({ compliance, actor, query }) {
      const kind = choiceOf('/query/kind', query['kind'], ['posting', 'material', 'appeal']);
      return { body: await compliance.listReviews(actor, { ...pageOf(query), ...(kind === undefined ? {} : { kind }) }) };
    },
  },
  {
    method: 'get',
    path: '/reviews/:id',
    group: 'reviews',
    verb: 'review.read',
    status: 200,
    summary: { zh: '一项审查任务', en: 'One task with what is needed to judge it' },
    async run(call) {
      const detail = await call.compliance.getReview(call.actor, id(call));
      return { body: detail, version: detail.task.version };
    },
  },
  {
    method: 'post',
    path: '/reviews/:id/claim',
    group: 'reviews',
    verb: 'review.decide',
    status: 200,
    summary: { zh: '领取审查任务', en: 'Claim a task for 15 minutes' },
    run: async (call) => written(await call.compliance.claimReview(call.actor, id(call))),
  },
  {
    method: 'post',
    path: '/reviews/:id/decision',
    group: 'reviews',
    verb: 'review.decide',
    status: 200,
    body: VERDICT_SCHEMA,
    ifMatch: 'required',
    summary: { zh: '作出审查决定', en: 'Decide a claimed task' },
    run: async (call) => ({ body: await call.compliance.decideReview(call.actor, id(call), call.body, call.options) }),
  },
  {
    method: 'get',
    path: '/decisions/:id',
    group: 'reviews',
    verb: 'decision.read',
    status: 200,
    summary: { zh: '一项决定及其理由', en: 'One decision with its statement of reasons' },
    async run(call) {
      const { decision, appeal } = await call.compliance.getDecision(call.actor, id(call));
      return { body: { id: decision.id, ...decision.body, ...(appeal ? { appealed: appeal } : {}) }, version: decision.version };
    },
  },
  {
    method: 'post',
    path: '/decisions/:id/appeal',
    group: 'reviews',
    verb: 'decision.appeal',
    status: 202,
    body: APPEAL_SCHEMA,
    summary: { zh: '申诉，每项决定一次', en: 'Appeal a decision, once' },
    run: async (call) => ({ body: await call.compliance.appealDecision(call.actor, id(call), call.body, call.options) }),
  },
];
