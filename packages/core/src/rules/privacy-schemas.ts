import type { FromSchema } from 'json-schema-to-ts';

/** A version of the notice that persons are shown (隐私告知版本). @source PIPL Arts. 14, 17 */
export const NOTICE_SCHEMA = {
  title: 'PrivacyNotice',
  type: 'object',
  additionalProperties: false,
  required: ['notice', 'version', 'sha256', 'effectiveFrom', 'material'],
  properties: {
    notice: { type: 'string', pattern: '^[a-z][a-z0-9-]{1,31}$', description: 'Which notice' },
    version: { type: 'string', pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,15}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of its text, in hex' },
    effectiveFrom: { type: 'string', format: 'date' },
    material: {
      type: 'boolean',
      description: 'It changes purposes, methods or kinds of information: consent given before does not reach it',
    },
  },
} as const;
export type NoticeInput = FromSchema<typeof NOTICE_SCHEMA>;

/** Consent of a person, as it was given (同意). @source PIPL Arts. 13, 14, 23, 29, 39 */
export const CONSENT_SCHEMA = {
  title: 'Consent',
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'scope', 'purpose', 'notice', 'version', 'reference'],
  properties: {
    subject: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque id of the person' },
    scope: { type: 'string', enum: ['general', 'separate'] },
    purpose: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$' },
    recipient: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'Opaque id of the employer or partner it is handed to',
    },
    notice: { type: 'string', pattern: '^[a-z][a-z0-9-]{1,31}$' },
    version: { type: 'string', pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,15}$', description: 'The version that was shown' },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type ConsentInput = FromSchema<typeof CONSENT_SCHEMA>;

/** A consent is taken back (撤回同意). @source PIPL Art. 15 */
export const WITHDRAWAL_SCHEMA = {
  title: 'ConsentWithdrawal',
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'scope', 'purpose', 'reference'],
  properties: {
    subject: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque id of the person' },
    scope: { type: 'string', enum: ['general', 'separate'] },
    purpose: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$' },
    recipient: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'Opaque id of the employer or partner it is handed to',
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type WithdrawalInput = FromSchema<typeof WITHDRAWAL_SCHEMA>;

/** A request of a person about their own information (个人行使权利的请求). @source PIPL Arts. 44-50 */
export const RIGHTS_REQUEST_SCHEMA = {
  title: 'RightsRequest',
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'kind', 'reference'],
  properties: {
    subject: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque id of the person' },
    kind: {
      type: 'string',
      enum: ['access', 'copy', 'transfer', 'correct', 'delete', 'explain', 'withdraw', 'close-account', 'automated-decision'],
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type RightsRequestInput = FromSchema<typeof RIGHTS_REQUEST_SCHEMA>;

/** What a request was answered with (答复). @source PIPL Art. 50 */
export const RIGHTS_ANSWER_SCHEMA = {
  title: 'RightsAnswer',
  type: 'object',
  additionalProperties: false,
  required: ['outcome', 'reference', 'sha256'],
  properties: {
    outcome: { type: 'string', enum: ['done', 'restricted', 'refused'] },
    reason: {
      type: 'string',
      enum: ['not-identified', 'law-requires-keeping', 'rights-of-others', 'not-about-them', 'repeated'],
      description: 'Of a refusal, which has to be told',
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the answer as it was sent, in hex' },
  },
} as const;
export type RightsAnswerInput = FromSchema<typeof RIGHTS_ANSWER_SCHEMA>;

/** A recipient outside the mainland (境外接收方). @source Order 44 Art. 22; PIPL Arts. 38, 55 */
export const RECIPIENT_SCHEMA = {
  title: 'RecipientAbroad',
  type: 'object',
  additionalProperties: false,
  required: ['recipient', 'jurisdiction', 'route', 'reference', 'sha256', 'assessment'],
  properties: {
    recipient: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque id of the recipient' },
    jurisdiction: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1; HK, MO and TW are outside the mainland' },
    route: { type: 'string', enum: ['contract-necessity', 'small-volume', 'standard-contract', 'certification', 'security-assessment'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
    validThrough: { type: 'string', format: 'date' },
    assessment: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Id of the impact assessment on record' },
  },
} as const;
export type RecipientInput = FromSchema<typeof RECIPIENT_SCHEMA>;

/** Hand information of persons to a recipient abroad (向境外提供). @source Order 44 Art. 22; PIPL Arts. 38, 39 */
export const TRANSFER_SCHEMA = {
  title: 'TransferAbroad',
  type: 'object',
  additionalProperties: false,
  required: ['recipient', 'purpose', 'sensitive', 'subjects', 'reference'],
  properties: {
    recipient: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque id of the recipient' },
    purpose: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$' },
    sensitive: { type: 'boolean', description: 'Whether any of it is sensitive' },
    subjects: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
    },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type TransferInput = FromSchema<typeof TRANSFER_SCHEMA>;

/** An impact assessment made beforehand (个人信息保护影响评估). @source PIPL Arts. 55, 56 */
export const ASSESSMENT_SCHEMA = {
  title: 'ImpactAssessment',
  type: 'object',
  additionalProperties: false,
  required: ['trigger', 'conclusion', 'reference', 'sha256'],
  properties: {
    trigger: {
      type: 'string',
      enum: ['sensitive', 'automated-decision', 'entrust', 'provide', 'publish', 'cross-border', 'other'],
    },
    conclusion: { type: 'string', enum: ['proceed', 'proceed-with-measures', 'stop'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
  },
} as const;
export type AssessmentInput = FromSchema<typeof ASSESSMENT_SCHEMA>;

/** Information leaked, was altered or lost, or may have been (个人信息安全事件). @source PIPL Art. 57 */
export const INCIDENT_SCHEMA = {
  title: 'Incident',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'level', 'discoveredAt', 'persons', 'sensitivePersons', 'reference'],
  properties: {
    kind: { type: 'string', enum: ['leak', 'alteration', 'loss', 'misuse'] },
    level: { type: 'string', enum: ['ordinary', 'larger'], description: 'Larger: 较大 or above by the national grading' },
    discoveredAt: { type: 'string', format: 'date-time' },
    persons: { type: 'integer', minimum: 0, maximum: 2000000000 },
    sensitivePersons: { type: 'integer', minimum: 0, maximum: 2000000000 },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
  },
} as const;
export type IncidentInput = FromSchema<typeof INCIDENT_SCHEMA>;

/** What was done about an incident (事件处置步骤). @source PIPL Art. 57 */
export const INCIDENT_STEP_SCHEMA = {
  title: 'IncidentStep',
  type: 'object',
  additionalProperties: false,
  required: ['step', 'reference', 'sha256'],
  properties: {
    step: { type: 'string', enum: ['contained', 'reported', 'persons-notified', 'no-harm-to-persons', 'closed'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
  },
} as const;
export type IncidentStepInput = FromSchema<typeof INCIDENT_STEP_SCHEMA>;

/** How many persons the platform holds information of (个人信息数量). */
export const SCALE_SCHEMA = {
  title: 'PersonScale',
  type: 'object',
  additionalProperties: false,
  required: ['persons', 'sensitivePersons'],
  properties: {
    persons: { type: 'integer', minimum: 0, maximum: 2000000000 },
    sensitivePersons: { type: 'integer', minimum: 0, maximum: 2000000000 },
  },
} as const;
export type ScaleInput = FromSchema<typeof SCALE_SCHEMA>;

/** What a threshold of persons asks for was done (门槛义务履行). @source PIPL Art. 52 */
export const SCALE_DUTY_SCHEMA = {
  title: 'ScaleDuty',
  type: 'object',
  additionalProperties: false,
  required: ['threshold', 'reference', 'sha256'],
  properties: {
    threshold: { type: 'string', enum: ['sensitive-100k', 'officer-1m', 'audit-10m'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host where the reasons are; never the reasons themselves',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the file that proves it, in hex' },
  },
} as const;
export type ScaleDutyInput = FromSchema<typeof SCALE_DUTY_SCHEMA>;
