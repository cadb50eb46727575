import { DUTY_SCHEMA, PROOF_SCHEMA } from '@zhengpin/core';

import { choiceOf } from '../request.ts';
import { id, NOTHING, written } from './route.ts';
import type { Route } from './route.ts';

/** What has to be done by when (义务日历). */
export const DUTIES_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/duties',
    group: 'duties',
    verb: 'duty.read',
    status: 200,
    summary: { zh: '义务：未到期、临近、已履行、逾期', en: 'Duties: upcoming, due, discharged, missed' },
    run: async ({ compliance, actor }) => ({ body: await compliance.listDuties(actor) }),
  },
  {
    method: 'post',
    path: '/duties',
    group: 'duties',
    verb: 'duty.keep',
    status: 201,
    body: DUTY_SCHEMA,
    summary: { zh: '起算一项时限', en: 'Start a clock' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.openDuty(actor, body, options)),
  },
  {
    method: 'get',
    path: '/duties/clocks',
    group: 'duties',
    verb: 'duty.read',
    status: 200,
    summary: { zh: '时限表：起算、期间、依据、证明', en: 'The table of clocks: trigger, length, law, proof' },
    run: async ({ compliance, actor }) => ({ body: { items: await compliance.listClocks(actor) } }),
  },
  {
    method: 'get',
    path: '/duties/calendar',
    group: 'duties',
    verb: 'duty.read',
    status: 200,
    query: ['lang'],
    summary: { zh: '义务日历（iCalendar），lang=zh|en', en: 'The duties as an iCalendar, lang=zh|en' },
    async run({ compliance, actor, query }) {
      const lang = choiceOf('/query/lang', query['lang'], ['zh', 'en'] as const) ?? 'zh';
      return { body: await compliance.dutyCalendar(actor, lang), type: 'ics' };
    },
  },
  {
    method: 'get',
    path: '/duties/metrics',
    group: 'duties',
    verb: 'duty.read',
    status: 200,
    summary: { zh: '义务指标（Prometheus 文本格式）', en: 'Counts for meters, in the text format of Prometheus' },
    run: async ({ compliance, actor }) => ({ body: await compliance.dutyMetrics(actor), type: 'metrics' }),
  },
  {
    method: 'post',
    path: '/duties/feeds',
    group: 'duties',
    verb: 'duty.keep',
    status: 201,
    body: NOTHING,
    summary: { zh: '开通订阅地址；口令只说一次', en: 'Open an address to subscribe to; its secret is said once' },
    async run({ compliance, actor }) {
      const { id: feed, secret } = await compliance.openFeed(actor);
      return { body: { id: feed, path: `/duty-feed/${actor.tenant}/${secret}` } };
    },
  },
  {
    method: 'post',
    path: '/duties/feeds/:id/closure',
    group: 'duties',
    verb: 'duty.keep',
    status: 200,
    body: NOTHING,
    summary: { zh: '停用订阅地址', en: 'Close an address' },
    run: async (call) => written(await call.compliance.closeFeed(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/duties/:id/discharge',
    group: 'duties',
    verb: 'duty.keep',
    status: 200,
    body: PROOF_SCHEMA,
    summary: { zh: '登记履行，附证明的哈希', en: 'Say that it was done, with the hash of its proof' },
    run: async (call) => written(await call.compliance.dischargeDuty(call.actor, id(call), call.body, call.options)),
  },
];
