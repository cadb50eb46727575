import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const STANDING = '(干部身份|在编人员|在编身份|事业编制人员|体制内人员|体制内|正式编制|事业编制|行政编制|在编在岗|正式工身份|国企正式工)';
const OUTSIDE = '(劳务派遣人员|劳务派遣工|派遣工|派遣员工|临时工出身|合同工|编外人员|外包人员|外包出身|外包经历|农民工身份|工人身份|体制外)';
const ADDICT = '(戒毒|吸毒|吸毒史|吸毒前科|涉毒|戒毒人员|戒毒史|强制戒毒|吸毒人员)';
const FOREIGNER = '(外教|外籍教师|外籍老师|外籍人士|外籍员工|外籍人员|外国人|外国籍|外籍|外籍模特|外籍主播|外籍厨师|外国留学生|外籍专家|老外)';

/** Status, residence, past addiction, nationality (身份、居住、戒毒经历、国籍). */
export const STANDING_RULES: readonly Rule[] = [
  {
    id: 'status.limit',
    ground: 'status',
    class: 'b',
    severity: 'review',
    title: { zh: '以编制、干部、用工身份限制或者优先', en: 'Limits or prefers by status: establishment, cadre, regular or dispatched' },
    citations: [cite('order44', '15(2)'), cite('hr-market', '11')],
    penalty: 'P-34.2',
    exceptions: [{ id: 'status-by-law', title: { zh: '法律规定的任职身份条件（如公务员录用、调任）', en: 'A status set by law for the post, such as in the civil service' }, citations: [cite('civil-servants', '13')] }],
    advice: {
      zh: '不得违反国家规定以身份限制人力资源流动。删去编制、干部、派遣出身等条件，写工作经验，如“三年以上同类岗位经验”；用工形式是派遣或者外包的，应当如实写明。',
      en: 'Status may not limit mobility against national rules. Ask for experience instead, such as “three years in a like post”. If the contract is dispatch or outsourcing, say so.',
    },
    phrases: [
      `(限|仅限|只限|须为|需为|须是|须具有|须具备|具有|具备|要求|只招|仅招|须有)(具有|)${STANDING}`, `${STANDING}(者|的|人员|)(，|)(优先|尤佳|为佳)`, `${OUTSIDE}(者|的|人员|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(任何|有|)${OUTSIDE}`, `非${STANDING}(者|的|人员|)(，|)(请|)${EXCLUDED}`,
    ],
    allow: ['(提供|解决|享受|给予|纳入|转为|转入|办理|落实)(事业编制|正式编制|行政编制)', '(干部身份)(保留|认定|管理)'],
    negators: ['提供', '解决', '纳入', '享受', '转', '签订', '保留', '落实', ...FORBIDDEN],
    examples: {
      violating: ['限干部身份', '体制内人员优先', '劳务派遣人员勿扰', '不要外包出身的', '须具有事业编制人员身份', '派遣工免谈'],
      complying: ['本岗位为劳务派遣', '外包岗位，签订劳动合同', '解决事业编制', '表现优异可转正式编制', '负责派遣员工管理', '三年以上同类岗位经验'],
    },
  },
  {
    id: 'residence.near',
    ground: 'residence',
    class: 'd',
    severity: 'advise',
    title: { zh: '以本地有住房、住在附近限制或者优先', en: 'Limits or prefers by housing nearby' },
    citations: [cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但住处与能力无关。建议写到岗要求，如“早六点前能够到岗”。',
      en: 'Not prohibited by national statute, but where people live says nothing about ability. State when they must be on site, such as “on site by 6 a.m.”.',
    },
    phrases: ['(有|在)(本地|当地|本市)(有|)(住房|固定住所|房产|自有住房|稳定住所|固定住处)(者|的|)(优先|为佳|尤佳|，|。|$)', '(有|须有|需有)(固定住所|自有住房)(者|的|)(优先|为佳|尤佳)', '(住|家住|居住)(在|)(附近|周边|就近|公司附近|店铺附近)(者|的|人员|)(，|)(优先|为佳|尤佳|最佳)', '(附近|周边|就近)(居住|住)(者|的|人员|)(，|)(优先|为佳|尤佳)'],
    allow: [],
    negators: ['客户', '业主', '提供', '无需', ...FORBIDDEN],
    examples: {
      violating: ['有本地住房者优先', '家住附近者优先', '住在附近的优先', '在本市有固定住所', '附近居住者优先'],
      complying: ['提供本地住房补贴', '早六点前能够到岗', '公司附近有地铁', '安排就近住宿', '附近商圈客户拜访'],
    },
  },
  {
    id: 'rehabilitation.exclude',
    ground: 'rehabilitation',
    class: 'c',
    severity: 'review',
    title: { zh: '排斥戒毒人员', en: 'Excludes people who have overcome addiction' },
    citations: [cite('narcotics', '52'), cite('narcotics', '70'), cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [
      { id: 'security-guards', title: { zh: '保安员：曾被强制隔离戒毒等不得担任', en: 'Security guards: compulsory isolation for drug treatment bars the post' }, citations: [cite('security-guards', '17')] },
    ],
    advice: {
      zh: '戒毒人员在入学、就业、享受社会保障等方面不受歧视。只有规定不得任职的岗位（如保安员）才能要求，请选择所依据的规定；否则删去。',
      en: 'People in or after drug treatment may not be discriminated against at work. Only where a rule bars the post, as for security guards, may it be asked: name the rule, or remove the demand.',
    },
    phrases: [`${ADDICT}(者|人员|的|记录|经历|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(任何|有|曾经|)${ADDICT}`, '(无|没有|不得有|未曾|无任何|不能有)(吸毒|吸毒史|涉毒|吸毒前科|戒毒史|戒毒经历|吸毒记录|吸毒经历)'],
    allow: ['(戒毒|吸毒)(所|医院|中心|社工|康复|矫治|管教)'],
    negators: ['帮扶', '服务', '帮教', '宣传', ...FORBIDDEN],
    examples: {
      violating: ['戒毒人员勿扰', '无吸毒史', '不招有吸毒史人员', '没有涉毒经历', '吸毒人员免谈'],
      complying: ['强制隔离戒毒所辅警', '戒毒社工，帮扶戒毒人员', '禁毒宣传专员', '不得歧视戒毒人员', '戒毒康复中心护士'],
    },
  },
  {
    id: 'nationality.foreign',
    ground: 'nationality',
    class: 'c',
    severity: 'review',
    title: { zh: '涉及聘用外国人或者以国籍限制', en: 'Seeks foreign nationals or limits by nationality' },
    citations: [cite('order44', '17(2)'), cite('exit-entry', '41'), cite('exit-entry', '43'), cite('exit-entry', '80')],
    penalty: 'P-EEA80',
    exceptions: [],
    advice: {
      zh: '聘用外国人须先取得工作许可，请填写“拟聘用外国人”并备好许可安排的说明；不需要外国人的，写语言水平，如“英语达到母语水平”。港澳台居民不属于外国人。',
      en: 'A foreign national needs a work permit first: mark the posting as seeking foreign nationals and have the arrangement ready. If no foreign national is needed, name the language, such as “English at native level”. Residents of Hong Kong, Macao and Taiwan are not foreigners.',
    },
    phrases: [
      `(招|招聘|诚聘|急聘|急招|聘|聘请|高薪聘请|诚招|招募|寻|寻找)(全职|兼职|优秀|英语|{num}名|多名|若干|若干名|女|男|专职|)${FOREIGNER}`, `(限|仅限|只限|只招|须为|需为|要求|优先考虑)${FOREIGNER}`, `${FOREIGNER}(者|的|)(，|)(优先|尤佳|为佳|勿扰|免谈|不要|除外|勿投)`, `^${FOREIGNER}$`, '国籍(要求|)(：|为|须为|限)(英国|美国|英美|加拿大|澳洲|澳大利亚|外国|不限外|欧美|俄罗斯|乌克兰|日本|韩国|菲律宾|越南)', `${EXCLUDING}${FOREIGNER}`, '(native english speaker|native speakers|foreign teacher|foreign teachers|expat)(s|) (only|wanted|needed|preferred)',
    ],
    allow: ['(外籍|外国|老外)(客户|客人|宾客|学生|学员|家长|友人|用户|同事|导师团)', '(外教|外籍教师|外籍老师|外国人)(助教|助理|课程|管理|主管|顾问|班主任|团队|资源|招聘|上课|授课|口语|课|合作|服务|沟通|一对一)'],
    negators: ['与', '和', '协助', '配合', '管理', '服务', '负责', '面向', '对接', '公司有', ...FORBIDDEN],
    examples: {
      violating: ['诚聘外教两名', '招聘外籍教师', '外籍人士优先', '仅限外国人', '国籍要求：英国'],
      complying: ['外教助理，英语六级', '与外教配合授课', '服务外籍客户', '港澳台居民可应聘', '英语达到母语水平', '负责外教管理'],
    },
  },
];
