import { CONTEXT_FLAGS } from '@zhengpin/core';
import type { Ground, LabelledGround } from '@zhengpin/core';

/** Records, so that the compiler misses a new ground. */
const LABELLED: Readonly<Record<LabelledGround, true>> = {
  gender: true,
  ethnicity: true,
  religion: true,
  hukou: true,
  region: true,
  marital: true,
  disability: true,
  infection: true,
  age: true,
  minor: true,
  appearance: true,
  school: true,
  political: true,
  zodiac: true,
  criminal: true,
  deposit: true,
  fee: true,
  id_withholding: true,
  loan: true,
  pay_missing: true,
  contact: true,
  fraud: true,
};
const OTHERS: Readonly<Record<Exclude<Ground, LabelledGround | 'unreadable'>, true>> = {
  status: true,
  residence: true,
  health: true,
  rehabilitation: true,
  vocational: true,
  orientation: true,
  private_life: true,
  nationality: true,
  care_post: true,
  clergy: true,
  repost: true,
};

/** The grounds labelled sets know, in the order of the table that reports on them (标注集事由). */
export const LABELLED_GROUNDS: readonly string[] = Object.keys(LABELLED);
/** Every ground a rule can have (筛查事由). */
const GROUND_NAMES: readonly string[] = [...LABELLED_GROUNDS, ...Object.keys(OTHERS)];

/** Fields of a posting a rule or a text can belong to (文本字段). */
export const TEXT_FIELDS = [
  'title',
  'text',
  'salary',
  'requirements',
  'workContent',
  'workingConditions',
  'employerName',
  'industry',
  'city',
  'address',
  'sourceName',
] as const;

const MOST_WORDS = 20_000;

const NAME = { type: 'string', pattern: '^[a-z0-9][a-z0-9_.-]*$', maxLength: 60 };
const TEXT = {
  type: 'object',
  additionalProperties: false,
  required: ['zh', 'en'],
  properties: { zh: { type: 'string', maxLength: 4000 }, en: { type: 'string', maxLength: 4000 } },
};
const WORDS = { type: 'array', maxItems: MOST_WORDS, items: { type: 'string', minLength: 1, maxLength: 20_000 } };
const SENTENCES = { type: 'array', maxItems: 500, items: { type: 'string', minLength: 1, maxLength: 2000 } };
const CITATIONS = {
  type: 'array',
  maxItems: 20,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['instrument', 'article', 'version'],
    properties: {
      instrument: { type: 'string', minLength: 1, maxLength: 60 },
      article: { type: 'string', minLength: 1, maxLength: 40 },
      version: { type: 'string', minLength: 1, maxLength: 20 },
    },
  },
};

const CLASS = { type: 'string', enum: ['a', 'b', 'c', 'd'] };
const SEVERITY = { type: 'string', enum: ['advise', 'review', 'block'] };
const PENALTY = { type: 'string', maxLength: 20 };
const FLAG = { type: 'string', enum: CONTEXT_FLAGS };

/** A rule pack as a JSON file (规则包文件的 JSON Schema); what it says is looked over by `rules lint`. */
export const PACK_SCHEMA: object = {
  title: 'Pack',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version', 'jurisdiction', 'effectiveFrom', 'title', 'rules'],
  properties: {
    id: { ...NAME, description: 'The same for all versions of a pack' },
    version: { type: 'string', minLength: 1, maxLength: 60 },
    jurisdiction: { type: 'string', pattern: '^CN(-[A-Z]{2})?$' },
    effectiveFrom: { type: 'string', format: 'date' },
    title: TEXT,
    words: { type: 'object', maxProperties: 100, additionalProperties: WORDS, description: 'Word lists that phrases name as {name}' },
    rules: {
      type: 'array',
      minItems: 1,
      maxItems: 2000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: [
          'id',
          'ground',
          'class',
          'severity',
          'title',
          'citations',
          'penalty',
          'exceptions',
          'advice',
          'phrases',
          'allow',
          'examples',
        ],
        properties: {
          id: NAME,
          ground: { type: 'string', enum: GROUND_NAMES },
          class: CLASS,
          severity: SEVERITY,
          title: TEXT,
          citations: CITATIONS,
          penalty: PENALTY,
          exceptions: {
            type: 'array',
            maxItems: 50,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['id', 'title', 'citations'],
              properties: { id: NAME, title: TEXT, citations: CITATIONS },
            },
          },
          advice: TEXT,
          phrases: WORDS,
          allow: WORDS,
          negators: WORDS,
          negatorsAfter: WORDS,
          when: WORDS,
          contexts: { type: 'array', minItems: 1, maxItems: CONTEXT_FLAGS.length, items: FLAG },
          modifiers: {
            type: 'array',
            maxItems: CONTEXT_FLAGS.length,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['context', 'severity'],
              properties: {
                context: FLAG,
                severity: SEVERITY,
                class: CLASS,
                citations: CITATIONS,
                penalty: PENALTY,
                advice: TEXT,
              },
            },
          },
          pairs: {
            type: 'object',
            additionalProperties: false,
            required: ['words', 'keep'],
            properties: { words: WORDS, keep: { type: 'string', enum: ['alone', 'different'] } },
          },
          recognise: { type: 'array', maxItems: 10, items: { type: 'string', enum: ['phone', 'email', 'chat'] } },
          absentFrom: { type: 'array', minItems: 1, maxItems: TEXT_FIELDS.length, items: { type: 'string', enum: TEXT_FIELDS } },
          examples: {
            type: 'object',
            additionalProperties: false,
            required: ['violating', 'complying'],
            properties: { violating: SENTENCES, complying: SENTENCES },
          },
        },
      },
    },
  },
};
