import { ASSIGNMENT_SCHEMA, ATTESTATION_SCHEMA, AUDIT_SCHEMA, REMEDY_SCHEMA } from '@zhengpin/core';

import { choiceOf, pageOf } from '../request.ts';
import { id, NOTHING, PAGE, written } from './route.ts';
import type { Route } from './route.ts';

/** The self-audit of user information, its findings and their remedies (自查与整改). */
export const AUDITS_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/audits',
    group: 'audits',
    verb: 'audit.run',
    status: 201,
    body: AUDIT_SCHEMA,
    summary: { zh: '开始自查：系统检查所能看到的一切', en: 'Begin a self-audit: the system looks at everything it can see' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.startAudit(actor, body, options)),
  },
  {
    method: 'get',
    path: '/audits',
    group: 'audits',
    verb: 'audit.read',
    status: 200,
    query: PAGE,
    summary: { zh: '历次自查，新的在前', en: 'Self-audits, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listAudits(actor, pageOf(query)) }),
  },
  {
    method: 'get',
    path: '/audits/status',
    group: 'audits',
    verb: 'audit.read',
    status: 200,
    summary: { zh: '下次自查的期限与未消除的隐患', en: 'By when the next one is due, and what is open' },
    run: async ({ compliance, actor }) => ({ body: await compliance.auditStatus(actor) }),
  },
  {
    method: 'get',
    path: '/audits/:id',
    group: 'audits',
    verb: 'audit.read',
    status: 200,
    summary: { zh: '一次自查', en: 'One self-audit' },
    async run(call) {
      const audit = await call.compliance.getAudit(call.actor, id(call));
      return { body: audit, version: audit.version };
    },
  },
  {
    method: 'get',
    path: '/audits/:id/report',
    group: 'audits',
    verb: 'audit.read',
    status: 200,
    query: ['lang'],
    summary: { zh: '自查报告（HTML，可打印），lang=zh|en', en: 'The report as one HTML page to print, lang=zh|en' },
    async run(call) {
      const lang = choiceOf('/query/lang', call.query['lang'], ['zh', 'en'] as const) ?? 'zh';
      return { body: await call.compliance.reportAudit(call.actor, id(call), lang), type: 'html' };
    },
  },
  {
    method: 'post',
    path: '/audits/:id/attestations',
    group: 'audits',
    verb: 'audit.answer',
    status: 200,
    body: ATTESTATION_SCHEMA,
    summary: { zh: '答复一项须由人答复的问题，附凭证哈希', en: 'Answer a question only a person can, with the hash of its proof' },
    run: async (call) => written(await call.compliance.attest(call.actor, id(call), call.body, call.options)),
  },
  {
    method: 'post',
    path: '/audits/:id/closure',
    group: 'audits',
    verb: 'audit.close',
    status: 200,
    body: NOTHING,
    summary: { zh: '办结自查：答复齐备且无重大隐患', en: 'Close it: every answer given, and no hazard of high severity open' },
    run: async (call) => written(await call.compliance.closeAudit(call.actor, id(call), call.options)),
  },
  {
    method: 'get',
    path: '/findings',
    group: 'audits',
    verb: 'audit.read',
    status: 200,
    query: PAGE,
    summary: { zh: '隐患与整改，新的在前', en: 'Findings, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listFindings(actor, pageOf(query)) }),
  },
  {
    method: 'post',
    path: '/findings/:id/assignment',
    group: 'audits',
    verb: 'audit.run',
    status: 200,
    body: ASSIGNMENT_SCHEMA,
    summary: { zh: '指定责任人和期限', en: 'Say who mends it, and by when' },
    run: async (call) => written(await call.compliance.assignFinding(call.actor, id(call), call.body, call.options)),
  },
  {
    method: 'post',
    path: '/findings/:id/remedy',
    group: 'audits',
    verb: 'audit.answer',
    status: 200,
    body: REMEDY_SCHEMA,
    summary: { zh: '登记整改，附凭证哈希', en: 'Say that it is mended, with the hash of its proof' },
    run: async (call) => written(await call.compliance.remedyFinding(call.actor, id(call), call.body, call.options)),
  },
  {
    method: 'post',
    path: '/findings/:id/retest',
    group: 'audits',
    verb: 'audit.answer',
    status: 200,
    body: NOTHING,
    summary: { zh: '复测，通过方消除', en: 'Look again: only then it is closed' },
    run: async (call) => written(await call.compliance.retestFinding(call.actor, id(call), call.options)),
  },
];
