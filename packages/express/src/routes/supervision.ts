import { RECTIFICATION_SCHEMA, RECTIFICATION_STEP_SCHEMA, SECURITY_PROOF_SCHEMA } from '@zhengpin/core';

import { choiceOf, pageOf } from '../request.ts';
import { id, PAGE, written } from './route.ts';
import type { Route } from './route.ts';

/** Proofs of network security, and orders to correct (网络安全证明与整改档案). */
export const SUPERVISION_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/security-proofs',
    group: 'supervision',
    verb: 'supervision.keep',
    status: 201,
    body: SECURITY_PROOF_SCHEMA,
    summary: {
      zh: '登记网络安全证明：定级、备案、测评、日志、预案、演练',
      en: 'Register a proof: grading, filing, test, logs, plan, drill',
    },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.recordSecurityProof(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/security-proofs',
    group: 'supervision',
    verb: 'supervision.read',
    status: 200,
    query: PAGE,
    summary: { zh: '网络安全证明，新的在前', en: 'Proofs of network security, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listSecurityProofs(actor, pageOf(query)) }),
  },
  {
    method: 'get',
    path: '/security-proofs/status',
    group: 'supervision',
    verb: 'supervision.read',
    status: 200,
    summary: { zh: '各类证明的现状与缺漏', en: 'What there is of each kind, and what is missing' },
    run: async ({ compliance, actor }) => ({ body: await compliance.securityStatus(actor) }),
  },
  {
    method: 'post',
    path: '/rectifications',
    group: 'supervision',
    verb: 'supervision.keep',
    status: 201,
    body: RECTIFICATION_SCHEMA,
    summary: { zh: '登记收到的责令改正等文书', en: 'Register an order to correct' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.openRectification(actor, body, options)),
  },
  {
    method: 'get',
    path: '/rectifications',
    group: 'supervision',
    verb: 'supervision.read',
    status: 200,
    query: PAGE,
    summary: { zh: '整改档案，新的在前', en: 'Files of orders to correct, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listRectifications(actor, pageOf(query)) }),
  },
  {
    method: 'get',
    path: '/rectifications/:id',
    group: 'supervision',
    verb: 'supervision.read',
    status: 200,
    summary: { zh: '一份整改档案', en: 'One file' },
    async run(call) {
      const file = await call.compliance.getRectification(call.actor, id(call));
      return { body: file, version: file.version };
    },
  },
  {
    method: 'post',
    path: '/rectifications/:id/steps',
    group: 'supervision',
    verb: 'supervision.keep',
    status: 200,
    body: RECTIFICATION_STEP_SCHEMA,
    summary: { zh: '登记整改、报送、回执、延期或结论', en: 'Record what was mended, handed in, received, extended or decided' },
    run: async (call) => written(await call.compliance.recordRectificationStep(call.actor, id(call), call.body, call.options)),
  },
  {
    method: 'get',
    path: '/rectifications/:id/dossier',
    group: 'supervision',
    verb: 'supervision.read',
    status: 200,
    query: ['lang'],
    summary: { zh: '整改档案页（HTML，可打印），lang=zh|en', en: 'The file as one HTML page to hand in, lang=zh|en' },
    async run(call) {
      const lang = choiceOf('/query/lang', call.query['lang'], ['zh', 'en'] as const) ?? 'zh';
      return { body: await call.compliance.rectificationDossier(call.actor, id(call), lang), type: 'html' };
    },
  },
];
