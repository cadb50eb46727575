import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const SAME_SEX = '(同性恋|同性恋者|双性恋|双性恋者|变性人|跨性别|跨性别者|性少数|gay|拉拉|人妖)';
const FAMILY = '(家庭背景|家庭条件|家境|家庭经济条件|父母职业|家庭情况)';

/** What people are and do outside work (性取向、生活习惯、个人征信、家庭背景). */
export const PRIVATE_LIFE: readonly Rule[] = [
  {
    id: 'orientation.exclude',
    ground: 'orientation',
    class: 'd',
    severity: 'review',
    title: { zh: '以性取向、性别认同排斥求职者', en: 'Excludes by sexual orientation or gender identity' },
    citations: [cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但与岗位无关，可能被认定为就业歧视。请删去该条件，只写工作本身的要求。',
      en: 'Not prohibited by national statute, but unrelated to any job it may be held discrimination. Remove it; state what the work needs.',
    },
    phrases: [
      `${SAME_SEX}(者|人士|人员|的|倾向|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(任何|有|)${SAME_SEX}`, `(无|没有|不得有)(同性恋|双性恋)(倾向|)`,
      '性取向(要求|须|需|必须|应|)(：|为|)(正常|异性|直)', '(限|仅限|只招|要求)(异性恋|直男|直女)',
    ],
    allow: [`${SAME_SEX}(友好|平权|题材|文化)`],
    negators: FORBIDDEN,
    examples: {
      violating: ['同性恋勿扰', '不招同性恋者', '性取向正常', '跨性别者请勿投递', '仅限异性恋'],
      complying: ['不得歧视同性恋者', '负责性少数题材影视翻译', '尊重多元，性取向不限', '性格开朗，善于沟通', '不因性取向拒绝录用'],
    },
  },
  {
    id: 'private.smoking',
    ground: 'private_life',
    class: 'd',
    severity: 'advise',
    title: { zh: '以是否吸烟限制或者优先', en: 'Limits or prefers by smoking' },
    citations: [cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但私人习惯与岗位无关时可能被认定为就业歧视。需要禁烟的，写工作场所的规定，如“车间内禁止吸烟”。',
      en: 'Not prohibited by national statute, but private habits unrelated to the job may be held discrimination. Where smoking matters, state the rule of the workplace, such as “no smoking in the workshop”.',
    },
    phrases: [
      '(不吸烟|不抽烟|不吸烟喝酒|不抽烟喝酒|不吸烟不喝酒|不抽烟不喝酒|无烟瘾)(者|的|)(，|)(优先|尤佳|为佳)', `(抽烟|吸烟|烟瘾大|有烟瘾)(者|的|人员)(，|)(请|一律|)${EXCLUDED}`,
      '(须|需|要求|必须)(不吸烟|不抽烟|无烟酒嗜好)', '(无|没有)(抽烟|吸烟|烟酒)(嗜好|习惯|史)', '^(不吸烟|不抽烟)(，|、|)(不喝酒|不酗酒|)$', `${EXCLUDING}(抽烟|吸烟)(的|者)`,
    ],
    allow: ['(处|区|时|内|间|期间)(不吸烟|不抽烟)'],
    negators: FORBIDDEN,
    examples: {
      violating: ['不吸烟者优先', '抽烟的勿扰', '要求不抽烟', '无烟酒嗜好', '不抽烟，不喝酒'],
      complying: ['车间内禁止吸烟', '设有吸烟区', '负责吸烟室保洁', '烟草行业经验优先', '劝阻顾客吸烟'],
    },
  },
  {
    id: 'private.credit',
    ground: 'private_life',
    class: 'd',
    severity: 'advise',
    title: { zh: '要求个人征信良好或者提供征信报告', en: 'Asks for a good credit record or a credit report' },
    citations: [cite('pipl', '6'), cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但收集个人信息应限于实现目的的最小范围；与岗位无关的征信要求建议删去，确有需要的写明经手资金等工作内容。',
      en: 'Not prohibited by national statute, but only the personal information the purpose needs may be collected. Drop the credit record unless the work handles money, and then say so.',
    },
    phrases: [
      '(个人|本人|)征信(记录|报告|情况|状况|)(良好|无不良|正常|无污点|无逾期|清白|须良好|要良好|没有问题|优良)', '(提供|提交|出具|打印|携带|附)(个人|本人|近期|央行|人行|人民银行|银行|详版|)(的|)征信(报告|记录|证明)', '(无|没有)(不良|任何不良|)(征信|信用)(记录|污点|逾期)', '征信(黑名单|不良|有问题)(者|的|人员|)(勿扰|不要|不招|免谈|不录用|除外)',
    ],
    allow: ['(客户|用户|借款人|企业|贷款人)(的|)征信'],
    negators: ['客户', '用户', '审核', '借款', '贷款', '查询', '负责', '调查', '企业', ...FORBIDDEN],
    examples: {
      violating: ['个人征信良好', '入职须提供个人征信报告', '无不良征信记录', '征信黑名单人员不录用', '征信无逾期'],
      complying: ['负责审核客户征信报告', '熟悉征信业务者优先', '征信系统开发工程师', '企业征信无不良记录的客户优先授信', '参与信用评估模型建设'],
    },
  },
  {
    id: 'private.family',
    ground: 'private_life',
    class: 'd',
    severity: 'advise',
    title: { zh: '以家庭背景限制或者优先', en: 'Limits or prefers by family background' },
    citations: [cite('employment-promotion', '3'), cite('pipl', '6')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但家庭背景与能力无关，可能被认定为就业歧视，收集此类信息也应当有必要。建议删去。',
      en: 'Not prohibited by national statute, but family background says nothing about ability and may be held discrimination; nor may such information be collected without need. Remove it.',
    },
    phrases: [`${FAMILY}(较|较为|)(好|优越|优渥|殷实|富裕|清白|良好|简单)(者|的|)(优先|，|$|者优先|为佳)`, `(有|具有|拥有)(一定|良好|)(家庭背景|家庭资源|家族资源)(者|的|)(优先|为佳|尤佳)`, `(注明|写明|填写|说明|提供|介绍)(本人|个人|您的|)(家庭背景|家庭经济条件|父母职业|父母工作|家庭成员职业)`, `(单亲家庭|离异家庭|孤儿)(者|的|子女|)(，|)(请|)${EXCLUDED}`],
    allow: ['(客户|学生|学员|孩子)(的|)家庭', '家庭经济困难'],
    negators: ['客户', '学生', '学员', '家长', '业主', ...FORBIDDEN],
    examples: {
      violating: ['家境殷实者优先', '家庭背景良好者优先', '单亲家庭勿扰', '请填写父母职业', '有家庭资源者优先'],
      complying: ['了解学生家庭背景', '家庭经济困难毕业生可申请补贴', '兼顾家庭与工作', '家庭教育指导师', '家庭医生签约服务'],
    },
  },
];
