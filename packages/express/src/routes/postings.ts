import { POSTING_SCHEMA, POSTING_STATES, SCREENING_SCHEMA, TAKEDOWN_SCHEMA } from '@zhengpin/core';

import { choiceOf, pageOf } from '../request.ts';
import { PAGE, id, written } from './route.ts';
import type { Route } from './route.ts';

const draftBody: object = { type: 'object', title: 'Draft', description: 'Any part of a Posting' };

/** Postings from draft to closure (招聘信息). */
export const POSTINGS_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/drafts',
    group: 'postings',
    verb: 'posting.submit',
    status: 201,
    body: draftBody,
    summary: { zh: '保存草稿', en: 'Save a draft' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.saveDraft(actor, body, options)),
  },
  {
    method: 'put',
    path: '/drafts/:id',
    group: 'postings',
    verb: 'posting.submit',
    status: 200,
    body: draftBody,
    ifMatch: 'required',
    summary: { zh: '更新草稿', en: 'Update a draft' },
    run: async (call) => written(await call.compliance.saveDraft(call.actor, call.body, { ...call.options, id: id(call) })),
  },
  {
    method: 'post',
    path: '/postings',
    group: 'postings',
    verb: 'posting.submit',
    status: 202,
    body: POSTING_SCHEMA,
    summary: { zh: '提交招聘信息供审查', en: 'Submit a posting for review' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.submitPosting(actor, body, options)),
  },
  {
    method: 'put',
    path: '/postings/:id',
    group: 'postings',
    verb: 'posting.submit',
    status: 202,
    body: POSTING_SCHEMA,
    ifMatch: 'required',
    summary: { zh: '提交修改后的招聘信息，重新审查', en: 'Submit a revision; it is reviewed again and a live posting comes down' },
    run: async (call) => written(await call.compliance.submitPosting(call.actor, call.body, { ...call.options, id: id(call) })),
  },
  {
    method: 'get',
    path: '/postings',
    group: 'postings',
    verb: 'posting.read',
    status: 200,
    query: [...PAGE, 'state'],
    summary: { zh: '招聘信息列表', en: 'Postings, last changed first' },
    async run({ compliance, actor, query }) {
      const state = choiceOf('/query/state', query['state'], POSTING_STATES);
      return { body: await compliance.listPostings(actor, { ...pageOf(query), ...(state === undefined ? {} : { state }) }) };
    },
  },
  {
    method: 'get',
    path: '/postings/:id',
    group: 'postings',
    verb: 'posting.read',
    status: 200,
    summary: { zh: '一条招聘信息', en: 'One posting with its content' },
    async run(call) {
      const { posting, content } = await call.compliance.getPosting(call.actor, id(call));
      return { body: { id: posting.id, ...posting.body, content }, version: posting.version };
    },
  },
  {
    method: 'get',
    path: '/postings/:id/decisions',
    group: 'postings',
    verb: 'decision.read',
    status: 200,
    query: PAGE,
    summary: { zh: '关于一条招聘信息的决定', en: 'Decisions about a posting, oldest first' },
    run: async (call) => ({ body: await call.compliance.listDecisions(call.actor, id(call), pageOf(call.query)) }),
  },
  {
    method: 'post',
    path: '/postings/:id/publication',
    group: 'postings',
    verb: 'posting.publish',
    status: 200,
    ifMatch: 'optional',
    summary: { zh: '发布已通过审查的招聘信息', en: 'Publish an approved posting' },
    run: async (call) => written(await call.compliance.publishPosting(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/postings/:id/confirmation',
    group: 'postings',
    verb: 'posting.confirm',
    status: 200,
    ifMatch: 'optional',
    summary: { zh: '确认招聘信息仍然有效', en: 'Say that a published posting still stands' },
    run: async (call) => written(await call.compliance.confirmPosting(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/postings/:id/withdrawal',
    group: 'postings',
    verb: 'posting.withdraw',
    status: 200,
    ifMatch: 'optional',
    summary: { zh: '撤回招聘信息', en: 'Withdraw a posting' },
    run: async (call) => written(await call.compliance.withdrawPosting(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/postings/:id/closure',
    group: 'postings',
    verb: 'posting.close',
    status: 200,
    ifMatch: 'optional',
    summary: { zh: '关闭招聘信息', en: 'Close a posting for good' },
    run: async (call) => written(await call.compliance.closePosting(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/postings/:id/suspension',
    group: 'postings',
    verb: 'posting.suspend',
    status: 200,
    body: TAKEDOWN_SCHEMA,
    ifMatch: 'required',
    summary: { zh: '暂停招聘信息', en: 'Take a posting down with a statement of reasons' },
    run: async (call) => written(await call.compliance.suspendPosting(call.actor, id(call), call.body, call.options)),
  },
  {
    method: 'post',
    path: '/expiries',
    group: 'postings',
    verb: 'posting.expire',
    status: 200,
    summary: { zh: '标记到期的招聘信息', en: 'Mark postings whose last day has passed' },
    run: async ({ compliance, actor }) => ({ body: await compliance.expirePostings(actor) }),
  },
  {
    method: 'post',
    path: '/screenings',
    group: 'postings',
    verb: 'screening.use',
    status: 200,
    body: SCREENING_SCHEMA,
    summary: { zh: '筛查任意文本，不保存', en: 'Screen any text, a reason for turning someone down included; nothing is stored' },
    run: async ({ compliance, actor, body }) => ({ body: compliance.screenText(actor, body) }),
  },
];
