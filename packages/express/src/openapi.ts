import {
  APPEAL_SCHEMA,
  ERASURE_SCHEMA,
  LOSS_SCHEMA,
  ERRORS,
  MATERIAL_SCHEMA,
  OPERATOR_SCHEMA,
  ORGANISATION_SCHEMA,
  PERMISSIONS,
  POSTING_SCHEMA,
  SCREENING_SCHEMA,
  TAKEDOWN_SCHEMA,
  VERDICT_SCHEMA,
} from '@zhengpin/core';

import { ROUTES } from './routes/routes.ts';
import type { Route } from './routes/route.ts';

const SCHEMAS: readonly { readonly title: string }[] = [
  POSTING_SCHEMA,
  OPERATOR_SCHEMA,
  ORGANISATION_SCHEMA,
  MATERIAL_SCHEMA,
  VERDICT_SCHEMA,
  APPEAL_SCHEMA,
  TAKEDOWN_SCHEMA,
  SCREENING_SCHEMA,
  ERASURE_SCHEMA,
  LOSS_SCHEMA,
];

const TEXT = { type: 'object', required: ['zh', 'en'], properties: { zh: { type: 'string' }, en: { type: 'string' } } };

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'titleZh', 'status', 'code', 'detail', 'detailZh', 'findings'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    titleZh: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    detail: { type: 'string' },
    detailZh: { type: 'string' },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'rule', 'title', 'advice', 'citations'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer into the body, or /headers/…, /query/…' },
          rule: { type: 'string' },
          ground: { type: 'string' },
          title: TEXT,
          advice: TEXT,
          citations: { type: 'array', items: { type: 'object' } },
          start: { type: 'integer' },
          end: { type: 'integer' },
        },
      },
    },
    decision: { type: 'object', properties: { id: { type: 'string' }, posting: { type: 'string' } } },
    appeal: { type: 'object', properties: { href: { type: 'string' }, zh: { type: 'string' }, en: { type: 'string' } } },
  },
};

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

function bodyOf(schema: object): object {
  const title = 'title' in schema ? String(schema.title) : '';
  const shared = SCHEMAS.some((s) => s.title === title);
  return {
    required: true,
    content: { 'application/json': { schema: shared ? { $ref: `#/components/schemas/${title}` } : withoutDialect(schema) } },
  };
}

function parametersOf(route: Route): object[] {
  const path = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const query = (route.query ?? []).map((name) => ({
    name,
    in: 'query',
    required: false,
    schema: name === 'limit' || name === 'first' ? { type: 'integer', minimum: name === 'limit' ? 1 : 0 } : { type: 'string' },
  }));
  const match = route.ifMatch
    ? [
        {
          name: 'If-Match',
          in: 'header',
          required: route.ifMatch === 'required',
          schema: { type: 'string' },
          description: 'ETag of the version seen',
        },
      ]
    : [];
  const key =
    route.method === 'get'
      ? []
      : [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 128 },
            description: 'Makes a retry give the first outcome for 24 hours',
          },
        ];
  return [...path, ...query, ...match, ...key];
}

function operationOf(route: Route): object {
  return {
    operationId: `${route.method}${route.path.replaceAll(/[/:]+(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    tags: [route.group],
    summary: `${route.summary.en} (${route.summary.zh})`,
    description: `Roles: ${PERMISSIONS[route.verb].join(', ')}`,
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: bodyOf(route.body) } : {}),
    responses: {
      [String(route.status)]: { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } },
      default: { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

/** The OpenAPI 3.1 document of the routes (接口文档), derived from the route table and the schemas. */
export function openApi(baseUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zhengpin 正聘', version: '0.1.0', description: 'Posting review under MOHRSS Order No. 44 (网络招聘服务管理规定)' },
    servers: [{ url: baseUrl === '' ? '/' : baseUrl }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { ...Object.fromEntries(SCHEMAS.map((schema) => [schema.title, withoutDialect(schema)])), Problem: PROBLEM },
    },
  };
}
