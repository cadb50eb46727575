import { LOSS_SCHEMA } from '@zhengpin/core';

import { integerOf } from '../request.ts';
import { id } from './route.ts';
import type { Route } from './route.ts';

/** How long a caller may wait for a proof, in ms. */
const MOST_WAIT_MS = 30_000;

/** Proofs for outsiders (证据). */
export const EVIDENCE_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/evidence/checkpoint',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '最新签名检查点，连同见证签名', en: 'The newest signed checkpoint, as a C2SP note with the signatures of witnesses' },
    run: async ({ compliance, actor }) => ({ body: await compliance.evidence.checkpoint(actor) }),
  },
  {
    method: 'get',
    path: '/evidence/checkpoint/witnessed',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '最新经见证者签名的检查点', en: 'The newest checkpoint that a witness has signed' },
    run: async ({ compliance, actor }) => ({ body: await compliance.evidence.checkpoint(actor, 'witnessed') }),
  },
  {
    method: 'get',
    path: '/evidence/anchors',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '外部锚点的进度与故障', en: 'How far the anchors outside have come, and what is wrong with them' },
    run: async ({ compliance, actor }) => ({ body: { anchors: await compliance.evidence.anchors(actor) } }),
  },
  {
    method: 'get',
    path: '/evidence/losses',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    summary: { zh: '已签名而存储中已缺失的证据', en: 'Evidence that was signed and that the store no longer has' },
    run: async ({ compliance, actor }) => ({ body: { losses: await compliance.losses(actor) } }),
  },
  {
    method: 'post',
    path: '/evidence/losses',
    group: 'evidence',
    verb: 'evidence.declare',
    status: 200,
    body: LOSS_SCHEMA,
    summary: { zh: '声明证据丢失，恢复编号', en: 'Declare a loss of evidence: a signed entry says so, and numbering goes on' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.declareLoss(actor, body, options) }),
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
  {
    method: 'get',
    path: '/evidence/receipts/:id',
    group: 'evidence',
    verb: 'evidence.read',
    status: 200,
    query: ['wait'],
    summary: { zh: '一项决定的证据及其包含证明', en: 'The entry of a decision with its inclusion proof, waited for if need be' },
    async run(call) {
      const wait = call.query['wait'];
      const waitMs = wait === undefined ? 0 : integerOf('/query/wait', wait, 0, MOST_WAIT_MS);
      return { body: await call.compliance.evidence.receipt(call.actor, id(call), waitMs) };
    },
  },
];
