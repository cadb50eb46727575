import type { FromSchema } from 'json-schema-to-ts';

import type { FieldNote } from '../kernel/validate.ts';
import { cite } from './instruments.ts';

/**
 * A posting (招聘信息): the six elements the 2025 notice makes mandatory, the two more that Order 44 Art. 15(1) names,
 * validity (Art. 18), source and account type. The types, the OpenAPI document and the docs derive from this schema.
 * @source Order 44 Arts. 15(1), 18; notice 人社厅发〔2025〕60号 cl. 3, 5
 */
export const POSTING_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Posting',
  type: 'object',
  additionalProperties: false,
  required: ['title', 'accountType', 'employer', 'headcount', 'requirements', 'workContent', 'place', 'pay', 'validity', 'source'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 120, description: 'Name of the post (岗位名称)' },
    accountType: {
      type: 'string',
      enum: ['employer-direct', 'commercial-agency', 'public-agency'],
      description: 'Kind of recruiting account (账号类型)',
    },
    employer: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'uscc'],
      properties: {
        name: { type: 'string', minLength: 2, maxLength: 120, description: 'Full registered name (单位名称)' },
        uscc: { type: 'string', format: 'uscc', description: 'Unified social credit code (统一社会信用代码)' },
        industry: { type: 'string', minLength: 1, maxLength: 60 },
        size: { type: 'string', enum: ['1-19', '20-99', '100-499', '500-999', '1000-9999', '10000+'] },
        introduction: { type: 'string', maxLength: 5000 },
      },
      description: 'Basic facts of the hiring employer (用人单位基本情况)',
    },
    headcount: { type: 'integer', minimum: 1, maximum: 100000, description: 'Number of people sought (招聘人数)' },
    requirements: { type: 'string', minLength: 2, maxLength: 30000, description: 'Recruitment requirements (招聘条件)' },
    workContent: { type: 'string', minLength: 2, maxLength: 30000, description: 'Work content (工作内容)' },
    workingConditions: { type: 'string', minLength: 2, maxLength: 5000, description: 'Working conditions (工作条件)' },
    place: {
      type: 'object',
      additionalProperties: false,
      required: ['city'],
      properties: {
        city: { type: 'string', minLength: 2, maxLength: 60 },
        address: { type: 'string', minLength: 2, maxLength: 200 },
      },
      description: 'Place of work (工作地点)',
    },
    pay: {
      type: 'object',
      additionalProperties: false,
      required: ['minFen', 'maxFen', 'unit'],
      properties: {
        minFen: { type: 'integer', minimum: 1, maximum: 100000000000, description: 'Lower bound in fen (分)' },
        maxFen: { type: 'integer', minimum: 1, maximum: 100000000000, description: 'Upper bound in fen (分)' },
        unit: { type: 'string', enum: ['hour', 'day', 'month', 'year', 'piece'] },
        months: { type: 'integer', minimum: 12, maximum: 24, description: 'Monthly pays a year, when unit is month' },
        note: { type: 'string', maxLength: 300 },
      },
      description: 'Basic pay (基本劳动报酬), as figures: "to be discussed" is not pay',
    },
    employmentType: {
      type: 'string',
      enum: ['full-time', 'part-time', 'internship', 'temporary', 'labour-dispatch', 'outsourced'],
      description: 'Type of employment (用工类型)',
    },
    validity: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        validThrough: { type: 'string', format: 'date', description: 'Last civil date (Asia/Shanghai) the posting is open' },
        reconfirmEveryDays: { type: 'integer', minimum: 1, maximum: 90, description: 'Unpublished unless re-confirmed this often' },
      },
      description: 'Validity date or re-confirmation interval (有效期限或及时更新)',
    },
    source: {
      type: 'object',
      additionalProperties: false,
      required: ['kind'],
      properties: {
        kind: { type: 'string', enum: ['original', 'repost'] },
        name: { type: 'string', minLength: 2, maxLength: 120 },
        url: { type: 'string', format: 'uri', maxLength: 500, pattern: '^https?://' },
      },
      if: { type: 'object', properties: { kind: { const: 'repost' } } },
      then: { required: ['name', 'url'], type: 'object' },
      description: 'Where the posting comes from; a repost names its source (转发须标注来源)',
    },
    hiresForeigners: { type: 'boolean', description: 'Seeks people who need a work permit (聘用外国人)' },
    targetsGraduates: { type: 'boolean', description: 'Aimed at graduates (面向高校毕业生)' },
    campusChannel: { type: 'boolean', description: 'Published through campus recruitment (校园招聘渠道)' },
    venue: {
      type: 'string',
      enum: ['entertainment', 'bar', 'internet-cafe', 'other'],
      description: 'Kind of venue barred to minors, where the work is in one (不适宜未成年人活动的场所)',
    },
    minorsContact: { type: 'boolean', description: 'The employer works in close contact with minors (密切接触未成年人的单位)' },
    publicBody: { type: 'boolean', description: 'The employer is a state organ or public institution (机关、事业单位)' },
    promoted: { type: 'boolean', description: 'Placed or ranked for pay (付费推广)' },
  },
} as const;

/** What an employer submits for review. */
export type PostingContent = FromSchema<typeof POSTING_SCHEMA>;

/** Fields Art. 15(1) names beyond the mandatory six: required unless the operator has relaxed them with a reason. */
export const RELAXABLE_FIELDS = ['employmentType', 'workingConditions'] as const;

const order15 = cite('order44', '15(1)');
const order18 = cite('order44', '18');
const clause3 = cite('notice-2025-60', '3');
const clause5 = cite('notice-2025-60', '5');

/** What each element is called, why it is asked for and what to do about it. */
export const POSTING_NOTES: { readonly [pointer: string]: FieldNote } = {
  '/title': { title: { zh: '岗位名称', en: 'Title' }, citations: [order15] },
  '/accountType': { title: { zh: '账号类型', en: 'Account type' }, citations: [clause3] },
  '/employer': {
    title: { zh: '用人单位基本情况', en: 'Employer' },
    advice: { zh: '填写登记的单位全称和统一社会信用代码', en: 'Give the full registered name and the unified social credit code' },
    citations: [order15, clause5],
  },
  '/headcount': {
    title: { zh: '招聘人数', en: 'Headcount' },
    advice: { zh: '填写实际招聘人数，“若干”不可用', en: 'Give the number of people actually sought; "several" is not a number' },
    citations: [order15, clause5],
  },
  '/requirements': {
    title: { zh: '招聘条件', en: 'Requirements' },
    advice: { zh: '写明与岗位有关的条件', en: 'State the conditions the post itself needs' },
    citations: [order15, clause5],
  },
  '/workContent': {
    title: { zh: '工作内容', en: 'Work content' },
    advice: { zh: '写明实际从事的工作', en: 'State the work that will be done' },
    citations: [order15, clause5],
  },
  '/place': {
    title: { zh: '工作地点', en: 'Place of work' },
    advice: { zh: '至少写到城市', en: 'Name the city at least' },
    citations: [order15, clause5],
  },
  '/pay': {
    title: { zh: '基本劳动报酬', en: 'Basic pay' },
    advice: {
      zh: '以分为单位填写下限和上限及计薪单位，“面议”不是报酬',
      en: 'Give the lower and upper bound in fen and the unit; "to be discussed" is not pay',
    },
    citations: [order15, clause5],
  },
  '/employmentType': { title: { zh: '用工类型', en: 'Type of employment' }, citations: [order15] },
  '/workingConditions': { title: { zh: '工作条件', en: 'Working conditions' }, citations: [order15] },
  '/validity': {
    title: { zh: '有效期限', en: 'Validity' },
    advice: {
      zh: '填写截止日期 validThrough，或重新确认的间隔天数 reconfirmEveryDays',
      en: 'Give a last date (validThrough) or a re-confirmation interval (reconfirmEveryDays)',
    },
    citations: [order18, clause5],
  },
  '/source': {
    title: { zh: '信息来源', en: 'Source' },
    advice: { zh: '转发的信息须写明来源名称和网址', en: 'A repost names its source and address' },
    citations: [clause5],
  },
};
