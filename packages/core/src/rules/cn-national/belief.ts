import type { Modifier, Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const EXCLUDED = '(勿扰|勿投|勿进|勿来|勿试|免谈|免投|除外|止步|不要|不招|暂不招|暂停招|暂不|不收|不考虑|谢绝|绕道|请绕道|请勿|慎投|慎入|不予|已满|不接收|不录用)';
const EXCLUDING = '(不招|不招收|不招聘|不要|不收|谢绝|拒绝|暂不招|暂不招收|暂不接收|暂停招|暂停招收|不考虑|不接收|不接受|不录用|不予录用)';
const ONLY = '(限|仅限|只限|限定|仅招|只招|只收|仅收|只要|须为|需为|须是|需是|必须为|必须是|要求为|要求是|要求|应为|只考虑)';
const FORBIDDEN = ['(不得|禁止|严禁|不允许|杜绝|从不|绝不)(以|因|限定|限制|设置|发布|歧视|有歧视|有任何歧视|有限制|有任何限制)', '尊重', '无论', '不论', '不分'];

const ETHNIC_CITATIONS = [
  cite('order44', '15(1)'), cite('hr-market', '24'), cite('employment-promotion', '28'), cite('labour-law', '12'), cite('ethnic-unity', '59'), cite('ethnic-unity', '31(2)'),
];

const RACE_CITATIONS = [cite('order44', '15(1)'), cite('employment-promotion', '3')];
const RELIGION_CITATIONS = [...RACE_CITATIONS, cite('labour-law', '12')];

/** Whether a posting placed for pay is an advertisement is not settled: the law on those is told beside, and changes nothing else. */
const promoted = (citations: Rule['citations']): readonly Modifier[] => [
  { context: 'promoted', severity: 'block', citations: [...citations, cite('advertising', '9()(9)')] },
];

/** Ethnicity, race and religion (民族、种族、宗教信仰). */
export const BELIEF: readonly Rule[] = [
  {
    id: 'ethnicity.exclude',
    ground: 'ethnicity',
    class: 'a',
    severity: 'block',
    title: { zh: '以民族限制或者排斥求职者', en: 'Limits or excludes by ethnicity' },
    citations: ETHNIC_CITATIONS,
    modifiers: promoted(ETHNIC_CITATIONS),
    penalty: 'P-43',
    exceptions: [
      {
        id: 'care-for-minorities',
        title: { zh: '对少数民族劳动者给予适当照顾', en: 'Due care for workers of ethnic minorities' },
        citations: [cite('employment-promotion', '28')],
      },
    ],
    advice: {
      zh: '删去民族条件。需要语言能力的，直接写语言，如“能用维吾尔语接待客户”；有食宿安排的，说明安排而不限定民族。',
      en: 'Remove the ethnicity. If a language is needed, name the language, such as “can serve customers in Uyghur”; describe canteen or lodging arrangements without limiting who may apply.',
    },
    phrases: [
      `{people}(人员|同胞|朋友|员工|工人|的|人|等|)(，|)(暂时|一律|请|恕|均|都|者|)${EXCLUDED}`,
      `{people}{gap}(勿扰|除外|不招|不要|已满)`,
      `(藏|回|维|维吾尔|彝|壮|苗)(，|、)(藏|回|维|维吾尔|彝|壮|苗)(，|、){gap}(不招|不要|已满|勿扰|除外)`,
      `${EXCLUDING}(任何|一切|聘|有|)(新疆|西藏|)(的|)({people})`,
      `(除|除了){people}(外|以外|之外)`,
      `非{people}(优先|者|人员)`,
      `${ONLY}(是|为|)汉族`,
      '汉族(，|)(优先|者优先|为佳|尤佳|人员优先|人士|户口|的)', '(民族|族别)(要求|)(：|为|)(汉|限汉)', '^汉族$', '非汉族{gap}(勿扰|勿投|除外|不招|不要|免谈)',
      '(不招|不要)(非汉|外族)', `(没有|无|不含|不能有|不得有){people}(人员|员工|)$`,
    ],
    allow: ['汉族(、|和|或|及)(少数民族|其他)', '汉族(自治|文化|服饰|乐器|传统|聚居)', '(民族|族别)：(汉、|不限)', '不限'],
    negators: FORBIDDEN,
    examples: {
      violating: [
        '限汉族，身体健康', '学历不限 汉族优先', '汉族优先录用', '少数民族勿扰', '因食堂原因暂不招回族员工', '维族、藏族请勿投递', '民族：汉', '不要少数民族', '瑶族暂不招',
      ],
      complying: [
        '民族不限，欢迎各族求职者', '会说维吾尔语者优先', '工作地点：临夏回族自治州', '负责民族品牌推广', '少数民族乐器教学经验优先', '不限汉族，均可报名', '严禁以民族为由拒绝录用少数民族求职者',
      ],
    },
  },
  {
    id: 'ethnicity.prefer',
    ground: 'ethnicity',
    class: 'a',
    severity: 'review',
    title: { zh: '以民族优先', en: 'Prefers by ethnicity' },
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '28')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'care-for-minorities',
        title: { zh: '对少数民族劳动者给予适当照顾', en: 'Due care for workers of ethnic minorities' },
        citations: [cite('employment-promotion', '28(2)'), cite('ethnic-autonomy', '22'), cite('ethnic-autonomy', '23')],
      },
    ],
    advice: {
      zh: '依法照顾少数民族劳动者的，写明所依据的规定；需要语言或者习俗知识的，写明该项能力。',
      en: 'If the preference is care for minority workers under a rule, name the rule; if language or knowledge of customs is needed, name that ability.',
    },
    phrases: [
      `{people}(者|人员|同胞|朋友|青年|毕业生|考生|求职者|员工|人|)(，|)(优先|尤佳|为佳|从优|最佳|专岗|定向)`,
      `${ONLY}{people}`, `^{people}$`,
      `(招|招聘|诚聘|急招|定向招聘)(数名|若干|若干名|{num}名|){people}(员工|人员|服务员|工人|青年|毕业生|演员|{occupation})`,
      '优先(录用|考虑|招聘|招收|录取){people}',
    ],
    allow: ['不限', '族自治', '族(语|文|文化|文字|乐器|舞|歌|服饰|服装|美食|餐|特色|地区|风情|医药|音乐|村|乡|家园|品牌|工艺|企业|大道)', '少数民族(地区|语言|文化|乐器|舞蹈|聚居|自治|预科|题材|班)'],
    negators: FORBIDDEN,
    examples: {
      violating: ['回族优先', '藏族毕业生优先录用', '只招维吾尔族员工', '少数民族优先考虑', '诚聘朝鲜族服务员三名'],
      complying: ['熟悉藏族文化者优先', '会朝鲜族语言者优先', '少数民族地区工作经历优先', '民族不限', '彝族服饰设计师', '地址：延边朝鲜族自治州延吉市'],
    },
  },
  {
    id: 'ethnicity.race',
    ground: 'ethnicity',
    class: 'a',
    severity: 'block',
    title: { zh: '以种族、肤色限制求职者', en: 'Limits by race or colour' },
    citations: RACE_CITATIONS,
    modifiers: promoted(RACE_CITATIONS),
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '删去肤色、种族、面孔等条件，写明语言水平与任教资格，如“英语达到母语水平，持教师资格证明”。',
      en: 'Remove colour, race and looks; state the language level and teaching qualification, such as “English at native level, certified teacher”.',
    },
    phrases: [
      `${ONLY}(是|为|)(白人|白种人|黑人|欧美人|黄种人|白皮肤|欧美面孔|欧洲面孔|外国面孔)`,
      `(白人|白种人|欧美人|欧美面孔|欧洲面孔|白皮肤|白人面孔|黄种人)(外教|老师|教师|模特|者|的|)(优先|尤佳|为佳|最佳|即可|最好)`,
      `(黑人|黑种人|有色人种|非裔|印度人|菲律宾人|亚裔|华裔|黑皮肤|黑色人种)(外教|老师|教师|的|)(请|)${EXCLUDED}`,
      `${EXCLUDING}(聘|)(黑人|黑种人|有色人种|非裔|印度人|菲律宾人|亚裔|华裔|黑皮肤|黑色人种)`,
      '^(白人|欧美白人|欧美面孔)$', '(native white|white native)(s|)( |，|。|$)', '(招|招聘|诚聘|急招)(白人|黑人)(外教|老师|教师|模特)', '(白人|黑人)外教',
      '(white|caucasian|caucasians|whites)( |-)(only|preferred|people only|teacher|teachers|face|faces)', 'no (black|blacks|black people|asian|asians|africans|indians)',
    ],
    allow: ['no black (friday|box|hat)', '(白人|黑人)(牙膏|音乐|饶舌)', 'caucasian chalk'],
    negators: FORBIDDEN,
    examples: {
      violating: ['诚聘外教，白人优先', '仅限欧美面孔', '黑人勿扰', 'English teacher, white only', '不招有色人种，请谅解', '只招白种人教师', '外教一名，欧美白人'],
      complying: ['诚聘外教，国籍与肤色不限', '白人牙膏区域销售代表', '欧美市场运营经理', '英语母语水平，持教师资格', 'Black and white film editor', '负责非裔文学翻译'],
    },
  },
  {
    id: 'religion.limit',
    ground: 'religion',
    class: 'a',
    severity: 'block',
    title: { zh: '以宗教信仰限制或者优先', en: 'Limits or prefers by religion' },
    citations: RELIGION_CITATIONS,
    modifiers: promoted(RELIGION_CITATIONS),
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '删去信仰条件；对班次、餐饮有要求的，写明工作安排，如“周五、周日需轮班”。',
      en: 'Remove the belief; if shifts or food matter, state the arrangement, such as “works Fridays and Sundays in turn”.',
    },
    phrases: [
      `{belief}(者|人员|人士|的|员工|)(，|)(一律|请|恕|均|都|)${EXCLUDED}`,
      `{belief}(者|人士|的|)(，|)(优先|尤佳|为佳|从优|最佳|最好)`,
      `${EXCLUDING}(聘|有|任何|)({belief})`,
      `${ONLY}(是|为|)(信佛|信基督|基督徒|佛教徒|穆斯林|天主教徒|无宗教信仰|信徒|教徒|居士|无信仰)`,
      '(须|需|应|要求|限|必须)(为|是|系)(虔诚|)(基督教|佛教|天主教|伊斯兰教|道教)(信徒|教徒|信众)', '(不得有|不能有|不可有|不允许有|不可以有)(任何|)(宗教信仰|信仰)$', '(无|没有|不得有|不能有|不可有|不信|未信|不信仰)(任何|其他|)(宗教信仰|宗教|信教)', '无信仰$', '(不|不得|不能|不可)(信教|信仰宗教|参加宗教|信仰任何宗教)',
      '(信|信仰|笃信|皈依)(佛|佛法|佛教|基督|基督教|天主|天主教|伊斯兰教|道教)(者|)(优先|尤佳|为佳|最好)', '(宗教信仰|宗教)(要求|)：(无|佛教|基督|天主|伊斯兰|道教|没有)$', '(居士|信众)(优先|为佳)',
      '{belief}信仰(者|)(优先|为佳|尤佳)', '^(须|需|要求|)(信奉|信仰|皈依)(佛教|基督教|天主教|伊斯兰教|道教)', '非(宗教人士|信徒|教徒)(，|。|优先|$)', '(christian|christians|muslim|muslims|buddhist|buddhists)( |-)(only|preferred)', 'no (muslims|christians|religious)',
      '优先(录用|考虑|招聘)(信佛|信基督|基督徒|佛教徒|穆斯林)',
    ],
    allow: ['不限', '(宗教信仰|信仰|宗教)(不限|无要求|没有要求|无限制|自由)', '(无|没有)(宗教信仰|宗教)(限制|要求|歧视)', '无宗教(色彩|背景)'],
    negators: FORBIDDEN,
    examples: {
      violating: ['信教者勿扰', '无宗教信仰，能吃苦', '限基督徒', '信佛者优先', '不招穆斯林', '要求没有任何宗教信仰', '佛教徒优先录用', '学佛者优先', '基督教信仰优先', 'Christian preferred', '须为佛教信徒', '员工不得有宗教信仰'],
      complying: ['宗教信仰不限', '尊重员工的宗教信仰', '无宗教信仰限制', '宗教学专业优先', '负责佛教文化产品设计', '面向穆斯林客户的清真食品销售', '在天主教堂旁，交通便利', '对行业有坚定的信仰', 'Christian Dior门店导购'],
    },
  },
];
