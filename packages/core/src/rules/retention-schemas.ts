import type { FromSchema } from 'json-schema-to-ts';

/** Kinds of service (服务类型), and of what belongs to one besides its postings (服务的组成). */
export type ServiceKind = ServiceInput['kind'];
export type PartKind = PartInput['kind'];

/** Open a service (建立服务记录). @source Order 44 Art. 26 */
export const SERVICE_SCHEMA = {
  title: 'Service',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'organisation', 'postings'],
  properties: {
    kind: { type: 'string', enum: ['introduce', 'recommend', 'fair', 'executive-search', 'other'] },
    organisation: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'The employer or agency it is rendered to',
    },
    postings: {
      type: 'array',
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
      description: 'Postings it covers; each belongs to one service',
    },
  },
} as const;
export type ServiceInput = FromSchema<typeof SERVICE_SCHEMA>;

/** Begin or end a part of a service (服务组成的起止). */
export const PART_SCHEMA = {
  title: 'ServicePart',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'ref', 'state'],
  properties: {
    kind: { type: 'string', enum: ['order', 'application', 'complaint'] },
    ref: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Its opaque id at the host' },
    state: { type: 'string', enum: ['open', 'ended'] },
    endedOn: { type: 'string', format: 'date', description: 'Civil date in Shanghai; default today, never later' },
  },
} as const;
export type PartInput = FromSchema<typeof PART_SCHEMA>;

/** Confirm that a service is complete (确认服务完成). */
export const COMPLETION_SCHEMA = {
  title: 'Completion',
  type: 'object',
  additionalProperties: false,
  required: ['completedOn', 'reference'],
  properties: {
    completedOn: { type: 'string', format: 'date', description: 'Not before the last of its parts ended, not after today' },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type CompletionInput = FromSchema<typeof COMPLETION_SCHEMA>;

/** Reopen a service (恢复服务): its clock stands again. */
export const REOPENING_SCHEMA = {
  title: 'Reopening',
  type: 'object',
  additionalProperties: false,
  required: ['reference'],
  properties: {
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type ReopeningInput = FromSchema<typeof REOPENING_SCHEMA>;

/** Stop disposal of what a case needs (暂停处置). */
export const HOLD_SCHEMA = {
  title: 'Hold',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'scope', 'reference'],
  properties: {
    kind: { type: 'string', enum: ['legal', 'complaint', 'inspection', 'litigation'] },
    scope: {
      type: 'string',
      pattern: '^(all|(organisation|service|posting)\\.[A-Za-z0-9][A-Za-z0-9._:-]{0,63})$',
      description: '`all`, or organisation.ID, service.ID, posting.ID; of an organisation also what arrives later',
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type HoldInput = FromSchema<typeof HOLD_SCHEMA>;

/** Ask for the release of a hold, or confirm it as the second person (解除暂停). */
export const RELEASE_SCHEMA = {
  title: 'Release',
  type: 'object',
  additionalProperties: false,
  required: ['reference'],
  properties: {
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type ReleaseInput = FromSchema<typeof RELEASE_SCHEMA>;

/** Lengthen a period (延长保存期限). */
export const PERIOD_SCHEMA = {
  title: 'RetentionPeriod',
  type: 'object',
  additionalProperties: false,
  required: ['class', 'months', 'reference'],
  properties: {
    class: { type: 'string', enum: ['platform-service', 'service-ledger'] },
    months: { type: 'integer', minimum: 1, maximum: 1200 },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type PeriodInput = FromSchema<typeof PERIOD_SCHEMA>;

/** Plan a disposal (处置计划): a dry run unless it says otherwise. */
export const PLAN_SCHEMA = {
  title: 'DisposalPlan',
  type: 'object',
  additionalProperties: false,
  properties: {
    cap: { type: 'integer', minimum: 1, maximum: 500, description: 'Services at most, default 100' },
    record: { type: 'boolean', description: 'Put the plan on record for approval; default false, a dry run' },
  },
} as const;
export type PlanInput = FromSchema<typeof PLAN_SCHEMA>;

/** Ask for what is kept of an organisation (调取条件). */
export const RETAINED_QUERY_SCHEMA = {
  title: 'RetainedQuery',
  type: 'object',
  additionalProperties: false,
  required: ['organisation'],
  properties: {
    organisation: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
    from: { type: 'string', format: 'date', description: 'First day of completion' },
    to: { type: 'string', format: 'date', description: 'Last day of completion' },
  },
} as const;
export type RetainedQuery = FromSchema<typeof RETAINED_QUERY_SCHEMA>;

/** Say that the clock is right after an anomaly (确认时间). */
export const TIME_SCHEMA = {
  title: 'TrustedTime',
  type: 'object',
  additionalProperties: false,
  required: ['today', 'reference'],
  properties: {
    today: { type: 'string', format: 'date', description: 'The civil date in Shanghai, by a clock that is not this machine’s' },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type TimeInput = FromSchema<typeof TIME_SCHEMA>;

/** Try to have a month back from the archive (恢复演练). */
export const DRILL_SCHEMA = {
  title: 'RestoreDrill',
  type: 'object',
  additionalProperties: false,
  properties: {
    month: { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'Month in which it was archived; default one drawn by lot' },
  },
} as const;
export type DrillInput = FromSchema<typeof DRILL_SCHEMA>;
