import { CHARGE_SCHEMA, PRICE_LIST_SCHEMA, PRICE_LIST_WITHDRAWAL_SCHEMA, RECONCILIATION_SCHEMA, REFUND_SCHEMA } from '@zhengpin/core';

import { pageOf } from '../request.ts';
import { id, PAGE } from './route.ts';
import type { Route } from './route.ts';

/** An export of payments has many lines. */
const EXPORT_LIMIT = 16 * 1024 * 1024;

/** What is charged, what was charged, and whether the two agree (收费目录、收款与对账). */
export const FEES_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/price-lists',
    group: 'fees',
    verb: 'fee.publish',
    status: 201,
    body: PRICE_LIST_SCHEMA,
    summary: { zh: '公布收费目录；变更提前七日', en: 'Publish a price list; a change seven days ahead' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.publishPriceList(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/price-lists',
    group: 'fees',
    verb: 'fee.log',
    status: 200,
    query: PAGE,
    summary: { zh: '历次收费目录，新的在前', en: 'Price lists, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listPriceLists(actor, pageOf(query)) }),
  },
  {
    method: 'post',
    path: '/price-lists/:id/withdrawal',
    group: 'fees',
    verb: 'fee.publish',
    status: 200,
    body: PRICE_LIST_WITHDRAWAL_SCHEMA,
    summary: { zh: '施行前撤回收费目录', en: 'Take an announced price list back' },
    run: async (call) => ({ body: await call.compliance.withdrawPriceList(call.actor, id(call), call.body, call.options) }),
  },
  {
    method: 'post',
    path: '/charges',
    group: 'fees',
    verb: 'fee.charge',
    status: 200,
    body: CHARGE_SCHEMA,
    summary: { zh: '收款前请求许可；准与不准均留证', en: 'Ask before a payment is taken; either answer is evidence' },
    run: async ({ compliance, actor, body }) => ({ body: await compliance.authoriseCharge(actor, body) }),
  },
  {
    method: 'get',
    path: '/charges',
    group: 'fees',
    verb: 'fee.log',
    status: 200,
    query: PAGE,
    summary: { zh: '收款台账，含不准的，新的在前', en: 'The ledger of charges, refused ones included, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.chargeLedger(actor, pageOf(query)) }),
  },
  {
    method: 'post',
    path: '/refunds',
    group: 'fees',
    verb: 'fee.charge',
    status: 201,
    body: REFUND_SCHEMA,
    summary: { zh: '登记退款，合计不超过收款', en: 'Record a refund: together no more than was charged' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.recordRefund(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/refunds',
    group: 'fees',
    verb: 'fee.log',
    status: 200,
    query: PAGE,
    summary: { zh: '退款台账', en: 'The ledger of refunds' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.refundLedger(actor, pageOf(query)) }),
  },
  {
    method: 'post',
    path: '/reconciliations',
    group: 'fees',
    verb: 'fee.reconcile',
    status: 201,
    body: RECONCILIATION_SCHEMA,
    bodyLimit: EXPORT_LIMIT,
    summary: { zh: '以支付流水与台账对账', en: 'Compare the ledger with an export of payments' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.reconcile(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/reconciliations',
    group: 'fees',
    verb: 'fee.log',
    status: 200,
    query: PAGE,
    summary: { zh: '历次对账，新的在前', en: 'Reconciliations, newest first' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.listReconciliations(actor, pageOf(query)) }),
  },
];
