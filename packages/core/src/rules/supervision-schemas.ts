import type { FromSchema } from 'json-schema-to-ts';

/** Something that shows how the network is protected (网络安全证明). @source Order 44 Art. 20; Cybersecurity Law Arts. 23, 27 */
export const SECURITY_PROOF_SCHEMA = {
  title: 'SecurityProof',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'on', 'reference', 'sha256'],
  properties: {
    kind: {
      type: 'string',
      enum: ['mlps-grading', 'mlps-filing', 'mlps-test', 'log-retention', 'incident-plan', 'incident-drill', 'training', 'security-system'],
    },
    on: { type: 'string', format: 'date', description: 'Day of the grading, filing, test, proof or drill' },
    level: { type: 'integer', minimum: 1, maximum: 5, description: 'Level of the graded protection scheme' },
    oldestLog: { type: 'string', format: 'date', description: 'For log-retention: day of the oldest log that was found' },
    validThrough: { type: 'string', format: 'date' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  if: { type: 'object', properties: { kind: { const: 'log-retention' } } },
  then: { type: 'object', required: ['oldestLog'] },
} as const;
export type SecurityProofInput = FromSchema<typeof SECURITY_PROOF_SCHEMA>;

/** An order of an authority as it was received (责令改正等文书). */
export const RECTIFICATION_SCHEMA = {
  title: 'Rectification',
  type: 'object',
  additionalProperties: false,
  required: ['order', 'authority', 'receivedOn', 'dueOn', 'articles', 'matter', 'sha256'],
  properties: {
    order: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$', description: 'Key of the order at the host, never its words' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the order' },
    authority: { type: 'string', minLength: 4, maxLength: 120 },
    receivedOn: { type: 'string', format: 'date' },
    dueOn: { type: 'string', format: 'date', description: 'Last day the order gives' },
    articles: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', pattern: '^O44-[0-9]{1,2}(\\.[0-9a-z-]{1,8})?$' },
      description: 'Ids of rows of the table of duties',
    },
    matter: { type: 'string', minLength: 4, maxLength: 500, description: 'What has to be corrected, without a name of any person' },
  },
} as const;
export type RectificationInput = FromSchema<typeof RECTIFICATION_SCHEMA>;

/** One step of putting it right (整改步骤). */
export const RECTIFICATION_STEP_SCHEMA = {
  title: 'RectificationStep',
  type: 'object',
  additionalProperties: false,
  required: ['step', 'on', 'reference', 'sha256'],
  properties: {
    step: {
      type: 'string',
      enum: ['action', 'sent', 'receipt', 'extended', 'accepted', 'refused'],
      description:
        'action: something was mended; sent: the report was handed in; receipt: the authority has it; extended: it gave more time; accepted or refused: what it said',
    },
    on: { type: 'string', format: 'date' },
    dueOn: { type: 'string', format: 'date', description: 'For extended: the new last day' },
    note: { type: 'string', minLength: 2, maxLength: 500, description: 'What was done, without a name of any person' },
    reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  if: { type: 'object', properties: { step: { const: 'extended' } } },
  then: { type: 'object', required: ['dueOn'] },
} as const;
export type RectificationStepInput = FromSchema<typeof RECTIFICATION_STEP_SCHEMA>;
