import {
  APPEAL_SCHEMA,
  MATERIAL_SCHEMA,
  OPERATOR_SCHEMA,
  ORGANISATION_SCHEMA,
  POSTING_SCHEMA,
  POSTING_STATES,
  SCREENING_SCHEMA,
  TAKEDOWN_SCHEMA,
  VERDICT_SCHEMA,
} from '@zhengpin/core';
import type { Actor, CommandOptions, Compliance, Text, Verb } from '@zhengpin/core';

import { choiceOf, integerOf, pageOf } from './request.ts';

/** A request after its checks: who, which ids, which parameters, which body. */
export interface Call {
  readonly compliance: Compliance;
  readonly actor: Actor;
  readonly params: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly body: unknown;
  readonly options: CommandOptions;
}

export interface Reply {
  readonly body: object | string;
  /** Version of the record answered about; becomes the ETag. */
  readonly version?: number;
}

/** One route of the kit as data: the router, the OpenAPI document and the tests over all routes derive from it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly group: 'registry' | 'postings' | 'reviews' | 'evidence';
  readonly verb: Verb;
  readonly summary: Text;
  /** JSON Schema of the body a write takes. */
  readonly body?: object;
  readonly query?: readonly string[];
  readonly ifMatch?: 'required' | 'optional';
  readonly status: number;
  run(call: Call): Promise<Reply>;
}

const PAGE = ['limit', 'cursor'] as const;

function id(call: Call): string {
  return call.params['id'] ?? '';
}

function written(result: { readonly version: number }): Reply {
  return { body: result, version: result.version };
}

const draftBody: object = { type: 'object', title: 'Draft', description: 'Any part of a Posting' };

/** Every route (路由表). */
export const ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/operator',
    group: 'registry',
    verb: 'operator.read',
    status: 200,
    summary: { zh: '本机构信息', en: 'The operator’s profile' },
    async run({ compliance, actor }) {
      const { body, version } = await compliance.getOperator(actor);
      return { body, version };
    },
  },
  {
    method: 'put',
    path: '/operator',
    group: 'registry',
    verb: 'operator.set',
    status: 200,
    body: OPERATOR_SCHEMA,
    ifMatch: 'optional',
    summary: { zh: '登记本机构信息与许可证', en: 'Set the operator’s profile and licence' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.setOperator(actor, body, options)),
  },
  {
    method: 'get',
    path: '/applicability',
    group: 'registry',
    verb: 'operator.read',
    status: 200,
    summary: { zh: '适用条款及理由', en: 'Which articles bind, and why' },
    run: async ({ compliance, actor }) => ({ body: await compliance.applicability(actor) }),
  },
  {
    method: 'put',
    path: '/organisation',
    group: 'registry',
    verb: 'organisation.register',
    status: 200,
    body: ORGANISATION_SCHEMA,
    ifMatch: 'optional',
    summary: { zh: '登记本单位', en: 'Register the caller’s own organisation' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.registerOrganisation(actor, body, options)),
  },
  {
    method: 'get',
    path: '/organisations/:id',
    group: 'registry',
    verb: 'organisation.read',
    status: 200,
    summary: { zh: '单位登记信息', en: 'One registered organisation' },
    async run(call) {
      const { body, version } = await call.compliance.getOrganisation(call.actor, id(call));
      return { body, version };
    },
  },
  {
    method: 'post',
    path: '/materials',
    group: 'registry',
    verb: 'material.submit',
    status: 202,
    body: MATERIAL_SCHEMA,
    summary: { zh: '提交材料供审查', en: 'Submit a material for review' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.submitMaterial(actor, body, options)),
  },
  {
    method: 'get',
    path: '/organisations/:id/materials',
    group: 'registry',
    verb: 'material.read',
    status: 200,
    query: PAGE,
    summary: { zh: '单位的材料', en: 'Materials of an organisation' },
    run: async (call) => ({ body: await call.compliance.listMaterials(call.actor, id(call), pageOf(call.query)) }),
  },
  {
    method: 'get',
    path: '/materials/:id',
    group: 'registry',
    verb: 'material.read',
    status: 200,
    summary: { zh: '一份材料', en: 'One material' },
    async run(call) {
      const { body, version } = await call.compliance.getMaterial(call.actor, id(call));
      return { body, version };
    },
  },
  {
    method: 'post',
    path: '/materials/:id/revocation',
    group: 'registry',
    verb: 'material.revoke',
    status: 200,
    body: TAKEDOWN_SCHEMA,
    ifMatch: 'required',
    summary: { zh: '撤销已通过的材料', en: 'Take back an accepted material' },
    run: async (call) => written(await call.compliance.revokeMaterial(call.actor, id(call), call.body, call.options)),
  },
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
  {
    method: 'get',
    path: '/evidence/checkpoint',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '最新签名检查点', en: 'The newest signed checkpoint, as a C2SP note' },
    run: async ({ compliance, actor }) => ({ body: await compliance.evidence.checkpoint(actor) }),
  },
  {
    method: 'get',
    path: '/evidence/entries/:id',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '一条证据及其包含证明', en: 'One entry with its inclusion proof' },
    async run(call) {
      return { body: await call.compliance.evidence.inclusion(call.actor, integerOf('/path/id', id(call), 0, Number.MAX_SAFE_INTEGER)) };
    },
  },
  {
    method: 'get',
    path: '/evidence/consistency',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    query: ['first'],
    summary: { zh: '一致性证明', en: 'Proof that an earlier log is a prefix of today’s' },
    async run(call) {
      return {
        body: await call.compliance.evidence.consistency(
          call.actor,
          integerOf('/query/first', call.query['first'], 0, Number.MAX_SAFE_INTEGER),
        ),
      };
    },
  },
];
