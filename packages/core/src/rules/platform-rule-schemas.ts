import type { FromSchema } from 'json-schema-to-ts';

/**
 * A text of the platform agreement or rules put forward (平台服务协议与规则草案). The four topics the law names have to be covered by every version of the
 * agreement. @source Order 44 Art. 24(1); E-commerce Law Arts. 32, 34(1)
 */
export const RULE_PROPOSAL_SCHEMA = {
  title: 'RuleProposal',
  type: 'object',
  additionalProperties: false,
  required: ['document', 'summary', 'sections'],
  properties: {
    document: { type: 'string', enum: ['agreement', 'rules'] },
    summary: {
      type: 'object',
      additionalProperties: false,
      required: ['zh', 'en'],
      properties: {
        zh: {
          type: 'string',
          minLength: 10,
          maxLength: 2000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
        en: {
          type: 'string',
          minLength: 10,
          maxLength: 4000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
      },
      description: 'What changes, and why',
    },
    sections: {
      type: 'array',
      minItems: 1,
      maxItems: 60,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'topics', 'title', 'text'],
        properties: {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,47}$' },
          topics: {
            type: 'array',
            minItems: 1,
            maxItems: 5,
            uniqueItems: true,
            items: { type: 'string', enum: ['entry-and-exit', 'service-quality', 'job-seeker-rights', 'personal-information', 'other'] },
          },
          title: {
            type: 'object',
            additionalProperties: false,
            required: ['zh', 'en'],
            properties: {
              zh: { type: 'string', minLength: 2, maxLength: 120, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
              en: { type: 'string', minLength: 2, maxLength: 240, pattern: '^[^\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]*$' },
            },
          },
          text: {
            type: 'object',
            additionalProperties: false,
            required: ['zh', 'en'],
            properties: {
              zh: {
                type: 'string',
                minLength: 1,
                maxLength: 20_000,
                pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
              },
              en: {
                type: 'string',
                minLength: 1,
                maxLength: 20_000,
                pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
              },
            },
          },
        },
      },
    },
    commentsThrough: {
      type: 'string',
      format: 'date',
      description: 'Last day for comments, seven days from now or later; a first version may go without',
    },
  },
} as const;
export type RuleProposalInput = FromSchema<typeof RULE_PROPOSAL_SCHEMA>;

/** The text that was put forward is published, to take effect on a day (公示). @source E-commerce Law Art. 34(1) */
export const RULE_PUBLICATION_SCHEMA = {
  title: 'RulePublication',
  type: 'object',
  additionalProperties: false,
  required: ['effectiveFrom'],
  properties: {
    effectiveFrom: {
      type: 'string',
      format: 'date',
      description: 'First day of effect: seven days from now or later, except for a first version',
    },
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['zh', 'en'],
      properties: {
        zh: {
          type: 'string',
          minLength: 10,
          maxLength: 4000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
        en: {
          type: 'string',
          minLength: 10,
          maxLength: 8000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
      },
      description: 'How the comments were dealt with; shown in public',
    },
    answerFile: {
      type: 'object',
      additionalProperties: false,
      required: ['reference', 'sha256'],
      properties: {
        reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
      description: 'A longer answer, kept by the host',
    },
  },
} as const;
export type RulePublicationInput = FromSchema<typeof RULE_PUBLICATION_SCHEMA>;

/** A text is taken back before it takes effect (撤回). */
export const RULE_RETRACTION_SCHEMA = {
  title: 'RuleRetraction',
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: {
    reason: {
      type: 'object',
      additionalProperties: false,
      required: ['zh', 'en'],
      properties: {
        zh: {
          type: 'string',
          minLength: 5,
          maxLength: 1000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
        en: {
          type: 'string',
          minLength: 5,
          maxLength: 2000,
          pattern: '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
        },
      },
      description: 'Shown in public',
    },
  },
} as const;
export type RuleRetractionInput = FromSchema<typeof RULE_RETRACTION_SCHEMA>;

/** What an account says of a text put forward (意见). @source E-commerce Law Art. 34(1) */
export const RULE_COMMENT_SCHEMA = {
  title: 'RuleComment',
  type: 'object',
  additionalProperties: false,
  required: ['text'],
  properties: {
    text: {
      type: 'string',
      minLength: 2,
      maxLength: 2000,
      pattern: '^(?=[^]*\\S)[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]*$',
      description: 'Without personal information',
    },
    section: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,47}$' },
  },
} as const;
export type RuleCommentInput = FromSchema<typeof RULE_COMMENT_SCHEMA>;

/** A version is accepted (接受协议或规则). The host’s server says for whom; an account accepts for itself. @source Order 44 Art. 24(1) */
export const RULE_ACCEPTANCE_SCHEMA = {
  title: 'RuleAcceptance',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'sha256', 'channel'],
  properties: {
    version: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the text that was shown' },
    user: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque account id at the host' },
    channel: { type: 'string', enum: ['sign-up', 'prompt', 'api'] },
  },
} as const;
export type RuleAcceptanceInput = FromSchema<typeof RULE_ACCEPTANCE_SCHEMA>;

/** An acceptance ends: the user does not accept a change, or leaves (撤回接受与退出). @source E-commerce Law Art. 34(2) */
export const RULE_LEAVING_SCHEMA = {
  title: 'RuleLeaving',
  type: 'object',
  additionalProperties: false,
  required: ['document', 'reason'],
  properties: {
    document: { type: 'string', enum: ['agreement', 'rules'] },
    user: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$', description: 'Opaque account id at the host' },
    reason: { type: 'string', enum: ['does-not-accept-change', 'leaves'] },
  },
} as const;
export type RuleLeavingInput = FromSchema<typeof RULE_LEAVING_SCHEMA>;
