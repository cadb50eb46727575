import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const VOCATIONAL = '(中专|技校|职校|职高|中职|高职|技师学院|职业院校|职业学校|职业高中|职业技术学院|中专生|技校生|职校生|职高生|高职生|中职生)';
const LIMIT = '(限|仅限|只限|须为|需为|须是|必须是|必须为|要求|只招|仅招|面向|优先|毕业于|来自)';
const TIER = '(985|211|985工程|211工程|双一流|c9)';

/** The school on the campus channel, and pupils of vocational schools (校园招聘院校限制、职业学校毕业生). */
export const CAMPUS: readonly Rule[] = [
  {
    id: 'school.campus',
    ground: 'school',
    class: 'c',
    severity: 'block',
    title: { zh: '校园招聘中以毕业院校限制', en: 'Limits by school in campus recruitment' },
    citations: [cite('graduates-2013-35', '2'), cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国办发〔2013〕35号要求招聘高校毕业生不得以毕业院校作为限制条件，教育部也严禁校园招聘活动发布限定985、211等字样的信息。请删去院校条件，写学历层次、专业和能力，如“本科及以上，计算机相关专业”。',
      en: 'State Council Office notice 2013 No. 35 bars the school as a condition when hiring graduates, and the Ministry of Education lets campus recruitment name no classes of schools such as 985 or 211. Remove the school; ask for the level, the subject and the skill, such as “bachelor’s degree or above in computing”.',
    },
    contexts: ['campus'],
    phrases: [
      `${LIMIT}(国内|国家|教育部|)${TIER}`,
      `${TIER}(、|或|和|及|与|，|或者|以及| |-|)${TIER}`,
      `${TIER}(高校|大学|院校|本科|毕业|毕业生|硕士|博士|研究生|优先|以上|及以上|背景|学历|应届|海归|统招)`,
      `(重点|一流|名牌|知名|顶尖)(大学|院校|高校)(毕业|优先|本科|硕士|博士|应届|学历|背景|及以上|以上)`,
      '(qs|世界|全球)(排名|)(前|top){num}',
    ],
    allow: ['(985|211)(路|号|室|栋|座|楼|弄|站|线|元)', '(不限|不论|无论)(985|211|双一流)', '(名校|院校|学校)不限', `${TIER}(高校|大学|院校)(合作|联合|共建)`],
    negators: [...FORBIDDEN, '不限', '不要求', '合作', '来自', '团队', '导师', '共建', '地址', '电话'],
    examples: {
      violating: ['限985、211院校', '双一流高校毕业生优先', '须为211以上学历', '重点大学本科，专业不限', 'QS排名前100', '985硕士优先'],
      complying: ['本科及以上学历', '地址：科技园211室', '院校不限，专业对口', '不得以985、211作为限制条件', '与985高校合作建设实验室', '乘211路公交到站'],
    },
  },
  {
    id: 'vocational.exclude',
    ground: 'vocational',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥职业学校毕业生', en: 'Excludes graduates of vocational schools' },
    citations: [cite('vocational-education', '53(3)'), cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '不得设置妨碍职业学校毕业生平等就业的条件。删去排斥用语，写明技能等级或者考核方式，如“持中级钳工证书”“上岗前进行实操考核”。',
      en: 'No condition may hinder graduates of vocational schools. Remove the exclusion; name the skill level or the test, such as “holds a fitter’s certificate, intermediate level” or “a practical test before starting”.',
    },
    phrases: [
      `${VOCATIONAL}(毕业|学历|的|者|学生|毕业生|毕业的|及以下|以下|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`,
      `${EXCLUDING}(任何|)${VOCATIONAL}`,
      `(非|除)${VOCATIONAL}(毕业|学历|)(者|优先)`,
    ],
    allow: [`${VOCATIONAL}(以下|及以下)(学历|)(勿|免|不)`, `不限${VOCATIONAL}`],
    negators: FORBIDDEN,
    negatorsAfter: ['不限', '均可', '也可'],
    examples: {
      violating: ['中专勿扰', '技校毕业的请勿投递', '不招职校生', '职高学历免谈', '谢绝中专、技校毕业生', '中职毕业生不考虑'],
      complying: ['中专及以上学历', '技校、职校毕业生优先', '负责职业院校渠道合作', '不得歧视职业学校毕业生', '高职学历即可，专业不限', '中专以下学历勿扰'],
    },
  },
];
