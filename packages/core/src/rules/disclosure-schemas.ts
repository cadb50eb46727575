import type { FromSchema } from 'json-schema-to-ts';

/** A credential of the operator’s own: number, scope and dates, its image by reference and hash (本机构证照). @source Order 44 Arts. 8, 9, 10; Order 50 Art. 5 */
export const CREDENTIAL_SCHEMA = {
  title: 'Credential',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'number', 'authority', 'validFrom', 'reference', 'sha256'],
  properties: {
    kind: { type: 'string', enum: ['business-licence', 'hr-licence', 'telecom-licence', 'icp-filing', 'approval-document'] },
    number: { type: 'string', minLength: 4, maxLength: 60 },
    authority: { type: 'string', minLength: 2, maxLength: 120 },
    scope: { type: 'array', minItems: 1, maxItems: 20, items: { type: 'string', minLength: 2, maxLength: 200 } },
    validFrom: { type: 'string', format: 'date' },
    validThrough: { type: 'string', format: 'date', description: 'Absent for one without an end' },
    link: {
      type: 'string',
      pattern: '^(/[A-Za-z0-9._~/-]{1,200}|https://[A-Za-z0-9.-]{3,120}(/[A-Za-z0-9._~/?=&%-]{0,200})?)$',
      description: 'Where anybody can look at it',
    },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  if: { type: 'object', properties: { kind: { const: 'hr-licence' } } },
  then: { type: 'object', required: ['scope'] },
} as const;
export type CredentialInput = FromSchema<typeof CREDENTIAL_SCHEMA>;

/** Counsel has said in writing that a telecom licence is not needed here (电信许可证豁免的法律意见). @source Order 44 Art. 9; Order 50 Art. 5 */
export const WAIVER_SCHEMA = {
  title: 'CredentialWaiver',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'reason', 'reference', 'sha256', 'validThrough'],
  properties: {
    kind: { type: 'string', const: 'telecom-licence' },
    reason: { type: 'string', minLength: 10, maxLength: 500 },
    validThrough: { type: 'string', format: 'date', description: 'Day by which it is looked at again' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
} as const;
export type WaiverInput = FromSchema<typeof WAIVER_SCHEMA>;

/** What the home page shows of the operator (公示事项). @source Order 44 Arts. 12, 13; Interim Regulation on the Human Resources Market Art. 32 */
export const DISCLOSURE_SCHEMA = {
  title: 'Disclosure',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'domicile', 'legalRepresentative', 'authority', 'complaints', 'homePages'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 120 },
    domicile: { type: 'string', minLength: 4, maxLength: 200 },
    legalRepresentative: { type: 'string', minLength: 2, maxLength: 60, description: 'As on the business licence, which is public' },
    authority: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'phone'],
      properties: {
        name: { type: 'string', minLength: 4, maxLength: 120 },
        phone: { type: 'string', pattern: '^[0-9][0-9 -]{2,19}$' },
      },
      description: 'Supervising authority and its telephone',
    },
    complaints: {
      type: 'object',
      additionalProperties: false,
      required: ['phone'],
      properties: {
        phone: { type: 'string', pattern: '^[0-9][0-9 -]{2,19}$' },
        link: { type: 'string', pattern: '^(/[A-Za-z0-9._~/-]{1,200}|https://[A-Za-z0-9.-]{3,120}(/[A-Za-z0-9._~/-]{0,200})?)$' },
      },
      description: 'Channel for complaints and reports',
    },
    priceList: { type: 'string', pattern: '^/[A-Za-z0-9._~/-]{1,200}$', description: 'Path of the page with services and fees' },
    homePages: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'kind'],
        properties: {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
          kind: { type: 'string', enum: ['web', 'app', 'mini-program'] },
          url: {
            type: 'string',
            pattern:
              '^(https://[A-Za-z0-9.-]{3,120}(:[0-9]{1,5})?|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?)(/[A-Za-z0-9._~/-]{0,200})?$',
          },
        },
        if: { type: 'object', properties: { kind: { const: 'web' } } },
        then: { type: 'object', required: ['url'] },
      },
    },
    changedOn: { type: 'string', format: 'date', description: 'Day on which what is displayed changed in fact' },
    registration: {
      type: 'object',
      additionalProperties: false,
      required: ['completedOn', 'reference', 'sha256'],
      properties: {
        completedOn: { type: 'string', format: 'date' },
        reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
      description: 'Registration of a new name, domicile or legal representative, once it is completed',
    },
  },
} as const;
export type DisclosureInput = FromSchema<typeof DISCLOSURE_SCHEMA>;

/** What a person saw on a home page no program can fetch, an app’s say (人工核查). */
export const SIGHTING_SCHEMA = {
  title: 'HomePageSighting',
  type: 'object',
  additionalProperties: false,
  required: ['page', 'missing', 'reference', 'sha256'],
  properties: {
    page: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
    missing: { type: 'array', maxItems: 20, uniqueItems: true, items: { type: 'string', pattern: '^[a-z][a-z-]{1,31}$' } },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$', description: 'Key of the screenshot at the host' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the screenshot' },
  },
} as const;
export type SightingInput = FromSchema<typeof SIGHTING_SCHEMA>;

/** A receipt of what was reported (签收回执). */
export const RECEIPT_SCHEMA = {
  title: 'Receipt',
  type: 'object',
  additionalProperties: false,
  required: ['on', 'reference', 'sha256'],
  properties: {
    on: { type: 'string', format: 'date', description: 'Day the report was handed in' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
} as const;
export type ReceiptInput = FromSchema<typeof RECEIPT_SCHEMA>;

/** The operator means to end its service (自行终止的公告). @source Order 44 Arts. 12, 13(3) */
export const ENDING_SCHEMA = {
  title: 'Ending',
  type: 'object',
  additionalProperties: false,
  required: ['endsOn', 'notice'],
  properties: {
    endsOn: { type: 'string', format: 'date', description: 'Day on which the service is meant to end' },
    notice: {
      type: 'object',
      additionalProperties: false,
      required: ['zh', 'en'],
      properties: {
        zh: { type: 'string', minLength: 10, maxLength: 500 },
        en: { type: 'string', minLength: 10, maxLength: 1000 },
      },
      description: 'What the home page says',
    },
  },
} as const;
export type EndingInput = FromSchema<typeof ENDING_SCHEMA>;

/** The end of the service is registered (终止服务的登记). @source Order 44 Art. 12 */
export const DEREGISTRATION_SCHEMA = {
  title: 'Deregistration',
  type: 'object',
  additionalProperties: false,
  required: ['completedOn', 'reference', 'sha256'],
  properties: {
    completedOn: { type: 'string', format: 'date', description: 'Day on which the change or deregistration was completed' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
} as const;
export type DeregistrationInput = FromSchema<typeof DEREGISTRATION_SCHEMA>;
