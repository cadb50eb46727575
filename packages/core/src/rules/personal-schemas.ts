import type { FromSchema } from 'json-schema-to-ts';

/** Record a look at personal information (访问留痕). @source Order 44 Art. 21(2); PIPL Art. 51 */
export const ACCESS_SCHEMA = {
  title: 'Access',
  type: 'object',
  additionalProperties: false,
  required: ['purpose', 'route', 'how', 'fields', 'subjects', 'count'],
  properties: {
    purpose: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$', description: 'One of the purposes of the catalogue, or of the host' },
    route: { type: 'string', maxLength: 200, description: 'Name or pattern of the route, without values' },
    how: { type: 'string', enum: ['view', 'list', 'file', 'export'] },
    fields: { type: 'array', maxItems: 64, items: { type: 'string', maxLength: 64 } },
    subjects: {
      type: 'array',
      maxItems: 200,
      items: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
      description: 'Opaque ids of the persons or employers; the first two hundred',
    },
    count: { type: 'integer', minimum: 0, maximum: 1000000, description: 'How many of them in all' },
    undeclared: { type: 'array', maxItems: 16, items: { type: 'string', maxLength: 32 } },
  },
} as const;
export type AccessInput = FromSchema<typeof ACCESS_SCHEMA>;

/** Ask for an export beyond the daily quota (申请批量导出). */
export const EXPORT_SCHEMA = {
  title: 'BulkExport',
  type: 'object',
  additionalProperties: false,
  required: ['purpose', 'count', 'reference'],
  properties: {
    purpose: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$' },
    count: { type: 'integer', minimum: 1, maximum: 100000, description: 'Subjects beyond the quota' },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type ExportInput = FromSchema<typeof EXPORT_SCHEMA>;

/** Set a canary (设置诱饵身份). */
export const CANARY_SCHEMA = {
  title: 'Canary',
  type: 'object',
  additionalProperties: false,
  required: ['subject'],
  properties: {
    subject: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'Id of an invented person in the host’s own data',
    },
  },
} as const;
export type CanaryInput = FromSchema<typeof CANARY_SCHEMA>;

/** Ask who looked (查询访问记录). */
export const ACCESS_QUERY_SCHEMA = {
  title: 'AccessQuery',
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { type: 'string', format: 'date', description: 'First civil day in Shanghai' },
    to: { type: 'string', format: 'date', description: 'Last civil day in Shanghai' },
    subject: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
    by: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Account of whoever looked' },
  },
} as const;
export type AccessQuery = FromSchema<typeof ACCESS_QUERY_SCHEMA>;
