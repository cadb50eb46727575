import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const RURAL = '(农村|农业|农村户口|农村户籍|农业户口|农业户籍|农民工|农民|农村人|农村来的|乡下人|外来工|外来务工人员|进城务工人员|打工仔)';

/** Status: rural workers, returned overseas Chinese, mental disorder (身份、农村劳动者、归侨侨眷、精神障碍). */
export const STATUS: readonly Rule[] = [
  {
    id: 'hukou.rural',
    ground: 'hukou',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥农村劳动者', en: 'Excludes rural workers' },
    citations: [cite('employment-promotion', '20'), cite('employment-promotion', '31'), cite('order44', '15(2)')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: {
      zh: '农村劳动者进城就业享有平等的劳动权利。删去农村、农民工、户口性质等条件，写明岗位能力要求。',
      en: 'Rural workers have equal rights to urban jobs. Remove rural origin and type of registration; state what the work needs.',
    },
    phrases: [
      `${RURAL}(的|者|人员|人|籍|)(，|)(一律|请|恕|均|都|)(勿扰|勿投|勿进|勿来|免谈|免投|止步|不要|不招|暂不招|不收|不考虑|谢绝|绕道|请绕道|请勿|不录用|不予录用|除外)`, `${EXCLUDING}(任何|来自|)(农村户口|农村户籍|农业户口|农业户籍|农民工|农村人|农村的|农村来的|农村|乡下人|外来务工人员)(的|者|人员|，|。|$)`,
      '(限|仅限|只限|只招|仅招|须为|需为|必须是|须是|要求)(城镇|非农|非农业|城市|市民)(户口|户籍|居民|身份)', '(城镇|非农|非农业|城市)(户口|户籍|居民)(者|)(，|)(优先|尤佳|为佳|优先录用|优先考虑)', '(非农|非农业|城镇)(户口|户籍)(，|。|$)',
    ],
    allow: ['(户口|户籍)(不限|性质不限)', '农民工(工资|专户|实名|管理|保证金|服务|权益|子女)', '(农业|农村)(大学|银行|信用社|合作社|部门|市场|项目|金融|电商|厅|局|机械|科技|保险)', '(不分|不限)(城镇|农村)'],
    negators: [...FORBIDDEN, '解决', '落户', '转', '办理', '提供', '登记', '统计'],
    negatorsAfter: ['均可', '不限', '皆可', '都可'],
    examples: {
      violating: ['农村户口勿扰', '不招农民工', '农村来的不要', '仅限城镇户口', '非农业户口优先', '谢绝农村户籍人员'],
      complying: ['城镇、农村户口不限', '负责农民工工资专户管理', '农村信用社招聘柜员', '不得歧视农村劳动者', '农业大学毕业生优先', '农民工子女学校教师'],
    },
  },
  {
    id: 'region.overseas-chinese',
    ground: 'region',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥归侨、侨眷', en: 'Excludes returned overseas Chinese or their relatives' },
    citations: [cite('returned-overseas', '3'), cite('order44', '15(2)')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: { zh: '归侨、侨眷享有平等权利，删去该条件。', en: 'Returned overseas Chinese and their relatives have equal rights: remove the condition.' },
    phrases: [`(归侨|侨眷|归侨侨眷|归国华侨|华侨子女|有海外关系|海外关系)(者|人员|的|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(任何|)(归侨|侨眷|归国华侨|华侨|有海外关系)`, '(无|没有|不得有)(海外关系|境外亲属|侨眷|侨属)'],
    allow: ['(归侨|侨眷)(优先|服务|联合会|权益)'],
    negators: FORBIDDEN,
    examples: {
      violating: ['归侨勿扰', '不招侨眷', '没有海外关系', '有海外关系者勿投', '归侨侨眷不予录用'],
      complying: ['归侨侨眷优先', '负责侨眷权益服务', '侨联工作人员', '有海外市场经验者优先', '不得歧视归侨侨眷'],
    },
  },
  {
    id: 'disability.mental',
    ground: 'disability',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥精神障碍患者', en: 'Excludes people with a mental disorder' },
    citations: [cite('mental-health', '5'), cite('mental-health', '58'), cite('employment-promotion', '3')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'mental-statutory-post',
        title: { zh: '法律规定的任职条件（如保安员、机动车驾驶证申领）', en: 'A condition set by law for the occupation, such as driving licences' },
        citations: [cite('mental-health', '5')],
      },
    ],
    advice: {
      zh: '删去抑郁症、精神病等排斥用语，写明工作强度与班次，由求职者自行判断。',
      en: 'Remove depression or mental illness; describe the workload and shifts and let people judge for themselves.',
    },
    phrases: [`(精神病|精神病患者|精神病人|精神疾病|精神障碍|抑郁症|抑郁|抑郁症患者|精神分裂|神经病|躁郁症|心理疾病|心理有问题|自闭症)(者|患者|人员|的|史|病史|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(任何|有|患有|)(精神病|精神疾病|精神障碍|抑郁症|抑郁|心理疾病|精神分裂|神经病)`],
    allow: ['(精神病|精神卫生|心理)(医院|中心|科|学)', '抑郁症(防治|患者服务|研究)'],
    negators: [...FORBIDDEN, '服务', '治疗', '护理'],
    examples: {
      violating: ['抑郁症勿扰', '精神病患者不予录用', '不招有精神疾病的人员', '精神障碍者请勿投递', '有抑郁症的不要'],
      complying: ['精神病医院护士', '心理咨询师，服务抑郁症患者', '不得歧视精神障碍患者', '精神饱满，工作积极', '关注员工心理健康'],
    },
  },
];
