import { ERASURE_SCHEMA, LIFT_SCHEMA, MATERIAL_SCHEMA, OPERATOR_SCHEMA, ORGANISATION_SCHEMA, TAKEDOWN_SCHEMA } from '@zhengpin/core';

import { pageOf } from '../request.ts';
import { PAGE, id, written } from './route.ts';
import type { Route } from './route.ts';

/** The operator, the organisations and their materials (登记与材料). */
export const REGISTRY_ROUTES: readonly Route[] = [
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
    path: '/erasures',
    group: 'registry',
    verb: 'subject.erase',
    status: 200,
    body: ERASURE_SCHEMA,
    summary: {
      zh: '答复删除请求：须依法保存的限制处理，其余经两人删除',
      en: 'Answer a request to erase: restricted while the law wants it kept, else erased when a second person asks for the same',
    },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.eraseSubject(actor, body, options) }),
  },
  {
    method: 'get',
    path: '/erasures/:id',
    group: 'registry',
    verb: 'subject.erase',
    status: 200,
    summary: { zh: '删除请求的办理情况和书面答复', en: 'Where a request to erase stands, with the answer to the subject' },
    run: async (call) => ({ body: await call.compliance.getErasure(call.actor, id(call)) }),
  },
  {
    method: 'post',
    path: '/erasures/lifts',
    group: 'registry',
    verb: 'subject.erase',
    status: 200,
    body: LIFT_SCHEMA,
    summary: { zh: '解除限制处理，须两人', en: 'Lift a restriction: two persons' },
    run: async ({ compliance, actor, body, options }) => ({ body: await compliance.liftRestriction(actor, body, options) }),
  },
  {
    method: 'post',
    path: '/erasures/settle',
    group: 'registry',
    verb: 'subject.erase',
    status: 200,
    body: { type: 'object', additionalProperties: false, properties: {} },
    summary: {
      zh: '销毁期限已满且已处置的受限主体的密钥，每日一次',
      en: 'Destroy the keys of restricted subjects of which nothing is kept any more; once a day',
    },
    run: async ({ compliance, actor }) => ({ body: await compliance.settleErasures(actor) }),
  },
  {
    method: 'post',
    path: '/key-rotations',
    group: 'registry',
    verb: 'keys.rotate',
    status: 200,
    query: PAGE,
    summary: { zh: '以当前主密钥重新包裹一批数据密钥', en: 'Wrap one page of subject keys by the current key-encryption key' },
    run: async ({ compliance, actor, query }) => ({ body: await compliance.rotateKeys(actor, pageOf(query)) }),
  },
];
