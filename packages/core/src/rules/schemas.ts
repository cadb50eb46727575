import type { FromSchema } from 'json-schema-to-ts';

/** Kinds of material Art. 17(1) has reviewed (审查材料). */
export const MATERIAL_KINDS = [
  'recruitment-brief',
  'business-licence',
  'approval-document',
  'handler-identity',
  'authorisation-letter',
] as const;
export type MaterialKind = (typeof MATERIAL_KINDS)[number];

/** The operator's own profile and licence (本机构). @source Order 44 Arts. 2, 9, 10 */
export const OPERATOR_SCHEMA = {
  title: 'Operator',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'agencyType', 'modes', 'jurisdictions'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 120 },
    agencyType: { type: 'string', enum: ['public', 'commercial'] },
    modes: {
      type: 'array',
      minItems: 1,
      maxItems: 4,
      uniqueItems: true,
      items: { type: 'string', enum: ['platform', 'in-platform', 'own-site', 'other'] },
    },
    jurisdictions: { type: 'array', minItems: 1, maxItems: 40, uniqueItems: true, items: { type: 'string', pattern: '^CN(-[A-Z]{2})?$' } },
    licence: {
      type: 'object',
      additionalProperties: false,
      required: ['number', 'authority', 'scope', 'validFrom'],
      properties: {
        number: { type: 'string', minLength: 6, maxLength: 60 },
        authority: { type: 'string', minLength: 4, maxLength: 120 },
        scope: { type: 'array', minItems: 1, maxItems: 20, items: { type: 'string', minLength: 2, maxLength: 200 } },
        validFrom: { type: 'string', format: 'date' },
        validThrough: { type: 'string', format: 'date' },
      },
      description: 'Human resources service licence (人力资源服务许可证)',
    },
    relaxations: {
      type: 'array',
      maxItems: 2,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['field', 'reason'],
        properties: {
          field: { type: 'string', enum: ['employmentType', 'workingConditions'] },
          reason: { type: 'string', minLength: 10, maxLength: 500 },
        },
      },
      description: 'Posting fields not required of employers, each with its recorded reason',
    },
  },
} as const;
export type OperatorInput = FromSchema<typeof OPERATOR_SCHEMA>;

/** An employer or agency as registered with the platform (入驻单位). @source notice 2025-60 cl. 2-3 */
export const ORGANISATION_SCHEMA = {
  title: 'Organisation',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'uscc', 'accountType'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 120 },
    uscc: { type: 'string', format: 'uscc' },
    accountType: { type: 'string', enum: ['employer-direct', 'commercial-agency', 'public-agency'] },
    branches: {
      type: 'array',
      maxItems: 200,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'uscc'],
        properties: {
          name: { type: 'string', minLength: 2, maxLength: 120 },
          uscc: { type: 'string', format: 'uscc' },
        },
      },
      description: 'Branches it also posts for; each needs its own accepted licence',
    },
  },
} as const;
export type OrganisationInput = FromSchema<typeof ORGANISATION_SCHEMA>;

/** One material: a reference and hash; the file itself stays with the host. @source Order 44 Art. 17(1) */
export const MATERIAL_SCHEMA = {
  title: 'Material',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'employerUscc', 'reference', 'sha256'],
  properties: {
    kind: {
      type: 'string',
      enum: ['recruitment-brief', 'business-licence', 'approval-document', 'handler-identity', 'authorisation-letter'],
    },
    employerUscc: { type: 'string', format: 'uscc', description: 'The hiring employer the material speaks of' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$', description: 'Opaque key of the file at the host' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    expiresOn: { type: 'string', format: 'date' },
    handler: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Account id of the handler (经办人)' },
  },
  if: { type: 'object', properties: { kind: { enum: ['handler-identity', 'authorisation-letter'] } } },
  then: { type: 'object', required: ['handler', 'expiresOn'] },
} as const;
export type MaterialInput = FromSchema<typeof MATERIAL_SCHEMA>;

/** A reviewer's decision on a task of the queue (审查决定). */
export const VERDICT_SCHEMA = {
  title: 'Verdict',
  type: 'object',
  additionalProperties: false,
  required: ['verdict'],
  properties: {
    verdict: { type: 'string', enum: ['approve', 'return', 'reject', 'uphold', 'overturn'] },
    reasons: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: {
          reason: { type: 'string', minLength: 2, maxLength: 40, description: 'Code of the reasons table' },
          pointer: { type: 'string', maxLength: 200, pattern: '^(/[^/]*)*$' },
          facts: { type: 'string', minLength: 2, maxLength: 1000 },
        },
      },
    },
    checklist: { type: 'array', maxItems: 10, uniqueItems: true, items: { type: 'string', maxLength: 40 } },
    clearances: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['rule', 'field', 'start'],
        properties: {
          rule: { type: 'string', maxLength: 60 },
          field: { type: 'string', maxLength: 40 },
          start: { type: 'integer', minimum: 0, maximum: 100000 },
          exception: { type: 'string', maxLength: 60, description: 'A listed exception of that rule' },
          misreading: {
            type: 'string',
            minLength: 10,
            maxLength: 500,
            description: 'Why the words do not mean what the rule takes them for',
          },
        },
      },
    },
  },
} as const;
export type VerdictInput = FromSchema<typeof VERDICT_SCHEMA>;

/** An appeal against a decision (申诉). */
export const APPEAL_SCHEMA = {
  title: 'Appeal',
  type: 'object',
  additionalProperties: false,
  required: ['explanation'],
  properties: { explanation: { type: 'string', minLength: 5, maxLength: 2000 } },
} as const;
export type AppealInput = FromSchema<typeof APPEAL_SCHEMA>;

/** Reasons for taking something down (暂停、撤销理由). */
export const TAKEDOWN_SCHEMA = {
  title: 'Takedown',
  type: 'object',
  additionalProperties: false,
  required: ['reasons'],
  properties: {
    reasons: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: {
          reason: { type: 'string', minLength: 2, maxLength: 40 },
          pointer: { type: 'string', maxLength: 200, pattern: '^(/[^/]*)*$' },
          facts: { type: 'string', minLength: 2, maxLength: 1000 },
        },
      },
    },
  },
} as const;
export type TakedownInput = FromSchema<typeof TAKEDOWN_SCHEMA>;

/** Any text to be screened: a draft, a search filter, a reason for turning someone down (待筛查文本). */
export const SCREENING_SCHEMA = {
  title: 'Screening',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    title: { type: 'string', maxLength: 30000 },
    text: { type: 'string', maxLength: 30000 },
    salary: { type: 'string', maxLength: 30000 },
    requirements: { type: 'string', maxLength: 30000 },
    workContent: { type: 'string', maxLength: 30000 },
    workingConditions: { type: 'string', maxLength: 30000 },
    rejectionReason: { type: 'string', maxLength: 30000, description: 'What a recruiter tells an applicant turned down (拒绝理由)' },
    filters: { type: 'object', maxProperties: 100, description: 'Structured fields or search filters, name to value (筛选条件)' },
    context: {
      type: 'array',
      maxItems: 6,
      uniqueItems: true,
      items: { type: 'string', enum: ['graduates', 'campus', 'venue', 'minors-contact', 'public-body', 'promoted'] },
      description: 'What the posting is besides its words, as far as it changes what the law says of them (场合)',
    },
  },
  // Flags alone would pass for want of anything to read.
  dependentSchemas: { context: { type: 'object', minProperties: 2 } },
} as const;
export type ScreeningInput = FromSchema<typeof SCREENING_SCHEMA>;

/** Erase what is sealed for one subject (删除个人信息); the grounds are the five of the law, in its order. @source PIPL Art. 47(1) */
export const ERASURE_SCHEMA = {
  title: 'Erasure',
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'ground', 'reference'],
  properties: {
    subject: {
      type: 'string',
      pattern: '^(account|organisation)\\.[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'Whose: account.ID or organisation.ID',
    },
    ground: { type: 'string', enum: ['purpose-ended', 'service-ended', 'consent-withdrawn', 'unlawful-processing', 'other-law'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the request or decision in the host’s own files, where its reasons are; never the reasons themselves',
    },
  },
} as const;
export type ErasureInput = FromSchema<typeof ERASURE_SCHEMA>;

/** Lift a restriction (解除限制处理). @source PIPL Art. 47 */
export const LIFT_SCHEMA = {
  title: 'Lift',
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'reference'],
  properties: {
    subject: {
      type: 'string',
      pattern: '^(account|organisation)\\.[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'Whose: account.ID or organisation.ID',
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the request or order in the host’s own files, where its reasons are; never the reasons themselves',
    },
  },
} as const;
export type LiftInput = FromSchema<typeof LIFT_SCHEMA>;

/** Declare that signed evidence was lost (声明证据丢失). @source Order 44 Art. 26 */
export const LOSS_SCHEMA = {
  title: 'Loss',
  type: 'object',
  additionalProperties: false,
  required: ['signed', 'cause', 'reference'],
  properties: {
    signed: {
      type: 'integer',
      minimum: 1,
      description: 'How many entries had been signed, as the loss itself says: nobody declares unread',
    },
    cause: { type: 'string', enum: ['fail-over', 'restored-backup', 'unknown'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the incident in the host’s own files, where its account is; never the account itself',
    },
  },
} as const;
export type LossInput = FromSchema<typeof LOSS_SCHEMA>;
