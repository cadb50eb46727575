import type { FromSchema } from 'json-schema-to-ts';

/** Begin a self-audit (开始自查). */
export const AUDIT_SCHEMA = {
  title: 'SelfAudit',
  type: 'object',
  additionalProperties: false,
  required: ['kind'],
  properties: { kind: { type: 'string', enum: ['light', 'full'] } },
} as const;
export type AuditInput = FromSchema<typeof AUDIT_SCHEMA>;

/** Answer a question only a person can (自查答复). */
export const ATTESTATION_SCHEMA = {
  title: 'Attestation',
  type: 'object',
  additionalProperties: false,
  required: ['check', 'answer', 'reference', 'sha256'],
  properties: {
    check: { type: 'string', maxLength: 40 },
    answer: { type: 'string', enum: ['met', 'not-met', 'not-applicable'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
  },
} as const;
export type AttestationInput = FromSchema<typeof ATTESTATION_SCHEMA>;

/** Say who mends a finding, and by when (指定整改). */
export const ASSIGNMENT_SCHEMA = {
  title: 'Assignment',
  type: 'object',
  additionalProperties: false,
  required: ['owner', 'dueOn'],
  properties: {
    owner: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Account of whoever mends it' },
    dueOn: { type: 'string', format: 'date' },
  },
} as const;
export type AssignmentInput = FromSchema<typeof ASSIGNMENT_SCHEMA>;

/** Say that a finding is mended (整改完成). */
export const REMEDY_SCHEMA = {
  title: 'Remedy',
  type: 'object',
  additionalProperties: false,
  required: ['reference', 'sha256'],
  properties: {
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
  },
} as const;
export type RemedyInput = FromSchema<typeof REMEDY_SCHEMA>;
