import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const LOOK = {
  zh: '以拼音、谐音、拆字或符号代替的词语，须由人工判断；请用规范文字写明岗位所需能力',
  en: 'Words replaced by pinyin, homophones, split characters or signs: a person decides. Write what the work needs in plain words',
};

/** Key terms in the disguises recruiters give them (变体用语): less certain than the plain word, so a person looks. */
export const MASKED: readonly Rule[] = [
  {
    id: 'gender.masked',
    ground: 'gender',
    class: 'a',
    severity: 'review',
    title: { zh: '疑以变体用语限定性别', en: 'Seems to limit by sex in disguised words' },
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '27')],
    penalty: 'P-43',
    exceptions: [],
    advice: LOOK,
    phrases: [
      '(限|只限|仅限|只招|仅招|只要|要求|急招|诚招)(nan|nv|nü)',
      '(nan|nv|nü)(性|生|士|xing|sheng)(优先|为主|勿扰|不要)',
      '(男|女)(xing|sheng|shi)(优先|为主|勿扰|不要)',
      '(限|只招|仅招|只要)(男|女)(xing|sheng)',
      '(限|只要|只招|仅招)(囡|蓝孩|南生|铝生|绿生|女孑|田力)',
      '(南生|铝生|绿生|田力|女孑)(优先|勿扰|不要)',
      '(要求|只招|限|招)(xy|xx)染色体',
      '性别：(nan|nv|m|f)$', '要求：(nan|nv)$',
    ],
    allow: [],
    negators: ['不', '无需', '没有', '严禁', '禁止'],
    examples: {
      violating: ['任职要求：限nan性', '本岗位nv性优先', '只招田力', '女xing优先', '南生优先，包住', '仅招nv', '性别：nan'],
      complying: ['不限nan性女性', 'nano材料研发', '南生围项目', '负责nvidia显卡驱动', 'Requirements要求：M.A. or M.S.', '男生女生均可', '熟悉nvme接口', '田力集团客户经理'],
    },
  },
  {
    id: 'deposit.masked',
    ground: 'deposit',
    class: 'c',
    severity: 'review',
    title: { zh: '疑以变体用语收取押金', en: 'Seems to take a deposit in disguised words' },
    citations: [cite('order44', '19(2)'), cite('labour-contract', '9')],
    penalty: 'P-EPL66',
    exceptions: [],
    advice: LOOK,
    phrases: [
      '(交|缴|缴纳|收|付|扣|有|需|要|须|先){gap}(押jin|ya金|yajin|扌甲金|押钅|呷金|鸭金|牙金|保正金|保证jin|baozhengjin|宝证金|饱证金|保zheng金)',
      '(押jin|ya金|yajin|扌甲金|呷金|鸭金|保正金|保证jin|baozhengjin|保zheng金){num}(元|块|)',
      '(入职|上岗|服装|工服|工牌)(押jin|ya金|yajin|扌甲金|呷金|鸭金|保正金|保证jin)',
    ],
    allow: [],
    negators: ['不', '无需', '免', '无', '没有', '严禁', '禁止', '零'],
    examples: {
      violating: ['入职交押jin五百', '须交ya金', '入职交扌甲金500元', '缴纳保正金', 'yajin300元', '工服押jin可退'],
      complying: ['不收押jin', '无需交yajin', '免ya金入住', '严禁收取押jin', '负责金属押花工艺', '鸭金煌芒果采购'],
    },
  },
  {
    id: 'region.masked',
    ground: 'region',
    class: 'b',
    severity: 'review',
    title: { zh: '疑以变体用语排斥某地人', en: 'Seems to turn people of a place away in disguised words' },
    citations: [cite('order44', '15(2)'), cite('employment-promotion', '26')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: LOOK,
    phrases: [
      '(henan|hn|dongbei|db|xinjiang|xj|xizang|anhui|河男|荷兰省|东百|冻北|新绛|井盖省)(人|籍)(勿扰|不要|免|除外|勿投)',
      '(不要|不招|拒绝|谢绝)(henan|dongbei|xinjiang|河男|东百|冻北|井盖省)(人|的)',
      '(外di|wai地|waidi)(人|)(勿扰|不要|免)',
      '(ben地|本di|bendi)(人|户口)(优先|only)',
    ],
    allow: [],
    examples: {
      violating: ['henan人勿扰', '不要河男人', '外di人勿扰', '井盖省人勿投', 'ben地人优先'],
      complying: ['henan分公司招聘', '工作地点dongbei', '外地人可提供住宿', '新绛县项目', 'hn区域销售'],
    },
  },
];
