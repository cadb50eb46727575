import { CANARY_SCHEMA, EXPORT_SCHEMA } from '@zhengpin/core';

import { pageOf } from '../request.ts';
import { id, PAGE, written } from './route.ts';
import type { Route } from './route.ts';

/** Who looked at what and why, exports in bulk, and canaries (访问留痕与导出). */
export const PERSONAL_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/personal/accesses',
    group: 'personal',
    verb: 'personal.log',
    status: 200,
    query: ['from', 'to', 'subject', 'by', ...PAGE],
    summary: { zh: '谁因何查看了谁的哪些字段，新的在前', en: 'Who looked at whose which fields, and why; newest first' },
    async run({ compliance, actor, query }) {
      const { limit: _limit, cursor: _cursor, ...wanted } = query;
      return { body: await compliance.listAccesses(actor, wanted, pageOf(query)) };
    },
  },
  {
    method: 'post',
    path: '/personal/exports',
    group: 'personal',
    verb: 'personal.read',
    status: 201,
    body: EXPORT_SCHEMA,
    summary: { zh: '申请批量导出', en: 'Ask to be shown more than the quota of a day' },
    run: async ({ compliance, actor, body, options }) => written(await compliance.askExport(actor, body, options)),
  },
  {
    method: 'post',
    path: '/personal/exports/:id/grant',
    group: 'personal',
    verb: 'personal.grant',
    status: 200,
    body: { type: 'object', additionalProperties: false, properties: {} },
    summary: { zh: '批准批量导出，须另一人，当日有效', en: 'Grant an export, as another person, for the present day' },
    run: async (call) => written(await call.compliance.grantExport(call.actor, id(call), call.options)),
  },
  {
    method: 'post',
    path: '/personal/canaries',
    group: 'personal',
    verb: 'personal.grant',
    status: 201,
    body: CANARY_SCHEMA,
    summary: { zh: '设置诱饵身份', en: 'Set a canary: an identity nobody has business to look at' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.setCanary(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/personal/canaries',
    group: 'personal',
    verb: 'personal.grant',
    status: 200,
    query: PAGE,
    summary: { zh: '诱饵身份及被触碰次数', en: 'Canaries, and how often each was touched' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listCanaries(actor, pageOf(query)) }),
  },
];
