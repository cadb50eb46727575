import type { FromSchema } from 'json-schema-to-ts';

/** One version of what is charged, to whom and for what (收费目录). @source Order 44 Art. 19(2); Interim Regulation on the Human Resources Market Art. 32 */
export const PRICE_LIST_SCHEMA = {
  title: 'PriceList',
  type: 'object',
  additionalProperties: false,
  required: ['effectiveFrom', 'basis', 'items'],
  properties: {
    effectiveFrom: { type: 'string', format: 'date', description: 'First day on which it is charged by' },
    basis: {
      type: 'object',
      additionalProperties: false,
      required: ['reference', 'sha256'],
      properties: {
        reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
      description: 'The decision inside the agency that set the prices',
    },
    items: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'name', 'what', 'kind', 'payer', 'unit', 'amountFen', 'basis'],
        properties: {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,47}$' },
          name: {
            type: 'object',
            additionalProperties: false,
            required: ['zh', 'en'],
            properties: {
              zh: { type: 'string', minLength: 2, maxLength: 60, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
              en: { type: 'string', minLength: 2, maxLength: 120, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
            },
          },
          what: {
            type: 'object',
            additionalProperties: false,
            required: ['zh', 'en'],
            properties: {
              zh: { type: 'string', minLength: 2, maxLength: 300, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
              en: { type: 'string', minLength: 2, maxLength: 600, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
            },
            description: 'What the payer gets for it',
          },
          kind: { type: 'string', enum: ['core', 'extra'] },
          payer: { type: 'string', enum: ['employer', 'worker', 'agency'] },
          optional: {
            type: 'boolean',
            description: 'Nobody has to take it to be recommended, hired or kept; asked for where a worker pays',
          },
          category: {
            type: 'string',
            enum: ['resume-service', 'career-guidance', 'assessment', 'interview-practice', 'membership', 'skills-course'],
            description: 'Asked for where a worker pays',
          },
          unit: { type: 'string', enum: ['posting', 'month', 'year', 'person', 'session', 'service', 'report'] },
          amountFen: { type: 'integer', minimum: 0, maximum: 10_000_000_000 },
          basis: { type: 'string', enum: ['market-adjusted', 'government-guided', 'government-set'] },
        },
      },
    },
  },
} as const;
export type PriceListInput = FromSchema<typeof PRICE_LIST_SCHEMA>;

/** An announced list is taken back before it takes effect (撤回收费目录). */
export const PRICE_LIST_WITHDRAWAL_SCHEMA = {
  title: 'PriceListWithdrawal',
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: {
    reason: { type: 'string', enum: ['mistake', 'decision-changed', 'ordered-by-authority'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'The order, where an authority ordered it',
    },
  },
  if: { type: 'object', properties: { reason: { const: 'ordered-by-authority' } } },
  then: { type: 'object', required: ['reference'] },
} as const;
export type PriceListWithdrawalInput = FromSchema<typeof PRICE_LIST_WITHDRAWAL_SCHEMA>;

/** A payment that is about to be taken (拟收款项). @source Order 44 Art. 19(2) */
export const CHARGE_SCHEMA = {
  title: 'Charge',
  type: 'object',
  additionalProperties: false,
  required: ['payment', 'item', 'quantity', 'amountFen', 'payer', 'payee'],
  properties: {
    payment: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'The host’s id of the payment' },
    item: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,47}$' },
    quantity: { type: 'integer', minimum: 1, maximum: 10_000 },
    amountFen: { type: 'integer', minimum: 0, maximum: 100_000_000_000_000 },
    payer: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'id'],
      properties: {
        kind: { type: 'string', enum: ['employer', 'worker', 'agency'] },
        id: {
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
          description: 'Opaque account id, never a name or a number of a person',
        },
      },
    },
    payee: { type: 'string', enum: ['platform', 'employer', 'agency'] },
    for: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$', description: 'What it is for at the host, a posting say' },
  },
} as const;
export type ChargeInput = FromSchema<typeof CHARGE_SCHEMA>;

/** Money given back of a charge (退款). */
export const REFUND_SCHEMA = {
  title: 'Refund',
  type: 'object',
  additionalProperties: false,
  required: ['charge', 'amountFen', 'refund', 'reason'],
  properties: {
    charge: { type: 'string', pattern: '^[a-p]{40}(-[0-9]{6})?$' },
    amountFen: { type: 'integer', minimum: 1, maximum: 100_000_000_000_000 },
    refund: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'The host’s id of the refund' },
    reason: { type: 'string', enum: ['cancelled', 'not-rendered', 'duplicate', 'wrong-amount', 'ordered-by-authority', 'goodwill'] },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'The order, where an authority ordered it',
    },
  },
  if: { type: 'object', properties: { reason: { const: 'ordered-by-authority' } } },
  then: { type: 'object', required: ['reference'] },
} as const;
export type RefundInput = FromSchema<typeof REFUND_SCHEMA>;

/** Payments in fact taken, as the payment channel tells of them (支付流水). */
export const RECONCILIATION_SCHEMA = {
  title: 'Reconciliation',
  type: 'object',
  additionalProperties: false,
  required: ['from', 'through', 'payments', 'sha256', 'reference'],
  properties: {
    from: { type: 'string', format: 'date' },
    through: { type: 'string', format: 'date' },
    payments: {
      type: 'array',
      maxItems: 50_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['payment', 'amountFen', 'payer', 'on'],
        properties: {
          payment: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' },
          amountFen: { type: 'integer', minimum: 0, maximum: 100_000_000_000_000 },
          payer: { type: 'string', enum: ['employer', 'worker', 'agency'] },
          on: { type: 'string', format: 'date', description: 'Day it was taken, or given back on a later day' },
          refundedFen: {
            type: 'integer',
            minimum: 0,
            maximum: 100_000_000_000_000,
            description: 'Given back of it by the end of that day; absent for nothing',
          },
        },
      },
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the export' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$', description: 'Where the export is kept' },
  },
} as const;
export type ReconciliationInput = FromSchema<typeof RECONCILIATION_SCHEMA>;
