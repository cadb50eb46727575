import {
  RULE_ACCEPTANCE_SCHEMA,
  RULE_COMMENT_SCHEMA,
  RULE_LEAVING_SCHEMA,
  RULE_PROPOSAL_SCHEMA,
  RULE_PUBLICATION_SCHEMA,
  RULE_RETRACTION_SCHEMA,
} from '@zhengpin/core';
import type { RuleDocument } from '@zhengpin/core';

import { choiceOf, pageOf } from '../request.ts';
import { id, PAGE } from './route.ts';
import type { Call, Route } from './route.ts';

const DOCUMENTS: readonly RuleDocument[] = ['agreement', 'rules'];

/** Which of the two documents a query asks for: the agreement, unless it says otherwise. */
export function documentOf(query: Call['query']): RuleDocument {
  return choiceOf('/query/document', query['document'], DOCUMENTS) ?? 'agreement';
}

/** The platform agreement and rules: put forward, commented on, published, accepted (平台协议与规则). */
export const RULES_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/rules',
    group: 'rules',
    verb: 'rules.publish',
    status: 201,
    body: RULE_PROPOSAL_SCHEMA,
    summary: { zh: '提出协议或规则的新版本；修改须征求意见', en: 'Put a version forward; a change is opened for comments' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.proposeRules(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/rules',
    group: 'rules',
    verb: 'rules.log',
    status: 200,
    query: ['document', ...PAGE],
    summary: { zh: '全部版本，新的在前，document=agreement|rules', en: 'Every version, newest first, document=agreement|rules' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listRuleVersions(actor, documentOf(query), pageOf(query)) }),
  },
  {
    method: 'get',
    path: '/rules/acceptances',
    group: 'rules',
    verb: 'rules.log',
    status: 200,
    query: ['version', 'user', ...PAGE],
    summary: { zh: '接受记录，新的在前', en: 'Acceptances, newest first' },
    async run({ compliance, actor, query }) {
      const { version, user } = query;
      const filter = { ...(version === undefined ? {} : { version }), ...(user === undefined ? {} : { user }) };
      return { body: await compliance.listAcceptances(actor, pageOf(query), filter) };
    },
  },
  {
    method: 'post',
    path: '/rules/acceptances',
    group: 'rules',
    verb: 'rules.accept',
    status: 200,
    body: RULE_ACCEPTANCE_SCHEMA,
    summary: { zh: '接受一个版本，附所展示文本的哈希', en: 'Accept a version, with the hash of the text that was shown' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.acceptRules(actor, body, options) }),
  },
  {
    method: 'post',
    path: '/rules/leavings',
    group: 'rules',
    verb: 'rules.accept',
    status: 200,
    body: RULE_LEAVING_SCHEMA,
    summary: { zh: '不接受修改或退出平台，不得阻止', en: 'Not accept a change, or leave: never refused' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.withdrawAcceptance(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/rules/standing',
    group: 'rules',
    verb: 'rules.accept',
    status: 200,
    query: ['document', 'user'],
    summary: { zh: '接受了哪个版本，是否为现行版本', en: 'Which version is accepted, and whether it is the one in effect' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.standingOf(actor, documentOf(query), query['user']) }),
  },
  {
    method: 'post',
    path: '/rules/:id/publication',
    group: 'rules',
    verb: 'rules.publish',
    status: 200,
    body: RULE_PUBLICATION_SCHEMA,
    summary: { zh: '公示，至少七日后实施', en: 'Publish it, to take effect seven days later or more' },
    run: async (call) => ({ body: await call.compliance.publishRules(call.actor, id(call), call.body, call.options) }),
  },
  {
    method: 'post',
    path: '/rules/:id/withdrawal',
    group: 'rules',
    verb: 'rules.publish',
    status: 200,
    body: RULE_RETRACTION_SCHEMA,
    summary: { zh: '实施前撤回', en: 'Take it back before it takes effect' },
    run: async (call) => ({ body: await call.compliance.withdrawProposal(call.actor, id(call), call.body, call.options) }),
  },
  {
    method: 'post',
    path: '/rules/:id/comments',
    group: 'rules',
    verb: 'rules.comment',
    status: 201,
    body: RULE_COMMENT_SCHEMA,
    summary: { zh: '征求意见期内提出意见', en: 'Comment while comments are asked for' },
    run: async (call) => ({ body: await call.compliance.commentOnRules(call.actor, id(call), call.body, call.options) }),
  },
  {
    method: 'get',
    path: '/rules/:id/comments',
    group: 'rules',
    verb: 'rules.log',
    status: 200,
    query: PAGE,
    summary: { zh: '收到的意见', en: 'Comments on a version' },
    run: async (call) => ({ body: await call.compliance.listRuleComments(call.actor, id(call), pageOf(call.query)) }),
  },
];
