import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const NONE = '(无|没有|没|不得有|不能有|不可有|无任何|未患|未患有|不得患有|不得患|没有患|非|不患|不能患有|不可患有|无患|未感染|未得过|无有|排除|不含|不携带|未携带|不得携带)';
const HBV = '(乙肝|乙肝病毒|乙型肝炎|乙肝表面抗原|乙肝携带|大三阳|小三阳|大小三阳|肝炎|甲肝|丙肝|病毒性肝炎|肝病|肝病史|肝炎病史|肝炎史)';
const HIV = '(艾滋|艾滋病|艾滋病毒|性病|梅毒|hiv)';
const GENERAL = '(传染病|传染性疾病|传染疾病|传染性病|传染类疾病|传染性病症|传染性的疾病|传染的疾病|传染病史|传染疾病史|传染病例|传染|结核|肺结核|结核病|皮肤病|传染性皮肤病|传染性疾患|传染性肝炎|慢性传染病|流行病|重大传染病)';
const CARRIER = '(病毒|病|)(携带者|患者|病人|感染者|携带|病史|病毒携带者|人员|者|的|)(，|、|)(一律|请|恕|均|都|人员|)';

const MEDICAL = [
  '(传染病|传染性疾病|传染疾病|乙肝|肝炎|艾滋病|结核|结核病|性病|肝病|皮肤病|流行病)(医院|防治|防控|研究|检测试剂|诊断|科|学|监测|报告|预防|所|网络|模型|药|新药|疫苗|试剂|项目|领域|管理|控制|防护|知识|法|直报|筛查项目|治疗|护理|专科|患者的|患者提供|患者服务|教育|宣传|中心|实验室)',
  '(无|没有)传染性(强|的)', '(慢性病|心血管病|脑血管病|血管病|常见性病|男性病|女性病|流行性病|急性病|突发性病|阵发性病|遗传性病|器质性病)', '病毒式传染', '非传染', '传染力', '传染性(笑|的热情|强)', '感染力',
];
const DUTIES = ['负责', '从事', '熟悉', '销售', '研发', '研究', '经营', '治疗', '护理', '诊断', '预防', '防治', '产品', '试剂', '药物', '药品', '客户', '科普'];

const ADVICE = {
  zh: '删去传染病条件，不以病原携带者为由拒绝录用。食品、公共场所等依法须持健康证的岗位，只写“上岗前办理健康证，费用由单位承担”。',
  en: 'Remove the disease; carriers may not be refused. For food and public-place work that by law needs a health certificate, write only “health certificate to be obtained before starting, at the employer’s cost”.',
};
const BARRED_BY_LAW = {
  id: 'barred-by-law',
  title: { zh: '法律、行政法规和国务院卫生行政部门规定禁止从事的易使传染病扩散的工作', en: 'Work that law or the health ministry bars to carriers because it would spread the disease' },
  citations: [cite('employment-promotion', '30')],
};

const TESTED_HBV = [
  `${NONE}{gap}${HBV}`, `${NONE}{gap}{gap}(乙肝|大三阳|小三阳|肝炎)`, `${HBV}${CARRIER}${EXCLUDED}`, `${HBV}(者|携带者|患者|)(，|)(暂时|)(不|不能|不予|不可)(录用|应聘|报名|招|考虑|聘用)`, `${EXCLUDING}(任何|患有|有|携带|)${HBV}`, `(除|除了)${HBV}(携带者|患者|)(外|之外|以外)`,
  '(肝功能|肝功|肝功能检查|肝功能化验|肝功检查|转氨酶)(要|须|需|必须|应|各项|指标|结果|)(正常|良好|无异常|合格|健康)', '(乙肝|乙肝五项|两对半|乙肝两对半|表面抗原|乙肝表面抗原|hbsag|乙肝病毒|大小三阳)(检查|检测|化验|报告|结果|须|需|必须|要|应|为|：|)(阴性|正常|合格|呈阴性|须阴性|全阴)',
  '(提供|提交|出具|持有|需有|须有|要有|需做|须做|要做|需查|须查|要查|必查|检查|体检含|体检包括|包括|加查|检测|化验|查|验)(两年内|近期|医院|)(的|)(乙肝|乙肝五项|两对半|乙肝两对半|肝功|肝功能|表面抗原|乙肝表面抗原|hbsag|大小三阳)', '^(两对半|乙肝五项|乙肝两对半)(检查|检测|)(和|、|及|$)', '(乙肝|肝炎)(：|为|)(无|否|阴性|没有)',
];
const TESTED_HIV = [
  `${NONE}{gap}(艾滋|艾滋病|艾滋病毒|梅毒)`, `${NONE}(任何|)性病`, `${NONE}{gap}(、|，|和|及|或)性病`, `${HIV}${CARRIER}${EXCLUDED}`, `${EXCLUDING}(任何|患有|有|携带|)(艾滋|艾滋病|艾滋病毒|性病|梅毒|hiv感染|hiv携带|hiv阳性)`, '(无|没有|非|未感染|不得感染|不得携带)(hiv|hiv病毒)(感染|携带|病史|阳性|$)', 'hiv(检测|检查|抗体|抗体检测|化验|)(须|需|必须|要|结果|报告|为|：|)(阴性|正常|合格|呈阴性)', 'hiv(阳性|感染者|携带者|感染|)(者|)(勿扰|勿投|除外|免谈|不要|不招|不录用|谢绝)',
  '(提供|提交|出具|需做|须做|要做|需查|须查|体检含|体检包括|包括|加查|检测|化验)(近期|医院|)(的|)(艾滋|艾滋病|hiv|梅毒)(检测|检查|抗体|报告|筛查|化验|$)',
];
const COVID = '(新冠|新冠病毒|新冠肺炎|新型冠状病毒|核酸|核酸检测)';
const TESTED_COVID = [
  `(无|没有|未|未曾|没|不得有|不能有)(感染过|感染|得过|患过|有过|)${COVID}(阳性史|感染史|阳性|感染|病史|阳性记录|史|感染记录|检测阳性|检测阳性史|历史|确诊|阳性历史|经历)`, `${COVID}(历史|曾|曾经|)(阳性|感染|确诊|康复)(过|者|史|人员|记录|过的|的|历史|经历){gap}${EXCLUDED}`, `${EXCLUDING}(任何|)(有|得过|感染过|患过|)${COVID}(阳性|感染|确诊|康复|病史|史|历史|阳过)`,
  `(得过|感染过|患过|阳过|曾感染|曾患)(新冠|新冠肺炎|)(者|的|人员|){gap}${EXCLUDED}`, '(历史|既往)(无|没有)(核酸|新冠|)(阳性|感染)', '(进过|去过|住过|在)(方舱|方舱医院|隔离点){gap}(勿扰|勿投|不要|不招|不考虑|不录用|免谈|除外|谢绝|不收)', `${EXCLUDING}{gap}(方舱|阳过|感染过新冠|小阳人)`, '(未|没|没有|从未)(阳过|进过方舱|住过方舱|感染过新冠)', '(无|没有)(方舱|阳性|感染新冠)(经历|史|历史)',
];

/** Disability and infectious disease (残疾、传染病病原携带). */
export const HEALTH: readonly Rule[] = [
  {
    id: 'disability.exclude',
    ground: 'disability',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥残疾人', en: 'Excludes persons with disabilities' },
    citations: [cite('employment-promotion', '29(3)'), cite('disabled', '3'), cite('disabled', '38(2)'), cite('disabled-employment', '4')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'physical-standard-by-law',
        title: { zh: '法律、行政法规或者国家规定的从业身体条件（如机动车驾驶证申领条件）', en: 'A physical standard set by national rules for the occupation, such as the conditions for a driving licence' },
        citations: [cite('employment-promotion', '29(3)')],
      },
    ],
    advice: {
      zh: '删去“无残疾”“四肢健全”等条件，写明岗位必需的动作或者资格，如“能够操作双手按钮设备”“持C1驾驶证”；可注明提供合理便利。',
      en: 'Remove “no disability” or “sound limbs”; state the action or licence the job needs, such as “operates two-hand controls” or “holds a C1 licence”, and offer reasonable accommodation.',
    },
    phrases: [
      `${NONE}(任何|身体|肢体|明显|重大|严重|身体上的|手部|手脚|先天|先天性|后天|四肢|听力|视力|语言|智力|其他|)(残疾|残障|残缺|伤残|肢残|残废)`, '(健康|正常|良好|端正)(，|、|)(无|没有)(疾病|伤病|病史|伤疤|纹身|传染病){gap}(残疾|残障|残缺)', '(身体|四肢|肢体|五官|生理|手脚|手部|手指|身体上)(无|没有|不得有|无任何|无明显)(任何|明显|重大|)(缺陷|残缺|缺损|畸形|残疾|残障|伤残)',
      '(四肢|手脚|双手|十指|手指|肢体|手足|双臂|身体|躯体|五指|双腿|双脚|身体各部位|身体各部分|五官四肢|身体四肢|四肢五官|肢体功能|手脚四肢)(均|都|要|须|需|必须|功能|发育|各方面|灵活|)(健全|健康健全|齐全|完整|无缺|无残|完好|无损|俱全|完备)', '(无|没有|未)(断指|缺指|残指|断手指|手指残缺|手指缺失|跛行|聋哑|肢体缺陷|身体缺陷|生理缺陷|肢体障碍|身体障碍|肢体畸形|先天性缺陷|手残|手疾)', '(无|没有)(肢体|行动|智力|身体)(障碍|不便)', '(健全人|健全人士)(优先|即可)', '(健康|五官端正|体质良好)(，|、|，身体|、身体|)(无|没有)(明显|重大|严重|任何|)(缺陷|畸形)', '(无|没有)(听力|视力|言语|听觉|视觉)(障碍|缺陷|残疾)', '(no|without) (physical |)(disability|disabilities|handicap)', 'able-bodied',
      `(残疾|残障|聋哑|聋|盲|肢残|跛脚|瘸腿|智障|残废)(人|人士|人员|者|朋友|证持有者|证者|)(，|)(一律|请|恕|均|都|暂|)${EXCLUDED}`, `${EXCLUDING}(收|聘|任何|有|)(身体|肢体|)(残疾|残障|聋哑|盲人|肢残|瘸|智障|残废)`, '(非|不是)(残疾|残障)(人|人士|人员)(优先|者|$)', '(须|需|必须|要求|应)(是|为|)(健全人|身体健全|四肢健全|非残疾人|非残疾)',
    ],
    allow: ['无残疾(歧视|证|人证|人员限制|限制)', '健全的(制度|机制|体系|福利|五险)', '(残疾|残障)(人|人士|人员|)(优先|均可|也可|亦可|可|欢迎)'],
    negators: [...FORBIDDEN, '欢迎', '接收', '招收残'],
    negatorsAfter: ['不限', '均可', '也可', '亦可'],
    examples: {
      violating: ['身体健康，无残疾', '四肢健全，能吃苦', '残疾人勿扰', '十指健全、无断指', '不招残疾人', '无肢体残疾', '身体无缺陷', '双手健全', '身体健康、无明显缺陷', '双手灵活健全', '四肢健全 福利好', '无听力障碍', 'No physical disability', '聋哑人请勿投递'],
      complying: ['残疾人优先', '残疾人专岗，提供无障碍设施', '可招残疾人，待遇相同', '建立健全各项管理制度', '身体健康，能适应倒班', '残疾人就业保障金申报', '不得歧视残疾人', '接收残疾人应聘（肢体残疾）', '健全的五险一金', '产品质量良好，无重大缺陷记录', '英语沟通无障碍', '手脚麻利', '跟踪软件缺陷直至关闭'],
    },
  },
  {
    id: 'infection.hbv',
    ground: 'infection',
    class: 'c',
    severity: 'block',
    title: { zh: '以乙肝等肝炎病毒携带为由排斥，或者要求查乙肝', en: 'Excludes hepatitis carriers or asks for a hepatitis test' },
    citations: [cite('employment-promotion', '30'), cite('infectious-diseases', '16(2)'), cite('hbv-2010-12', '1')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'hbv-approved-post',
        title: { zh: '国务院卫生行政部门核准并予以公布的特殊职业', en: 'A special occupation approved and published by the health ministry' },
        citations: [cite('hbv-2010-12', '1')],
      },
    ],
    advice: {
      zh: '删去乙肝、肝功能条件，入职体检不得检查乙肝项目，也不得询问是否携带。依法须持健康证的岗位，只写“需持健康证”。',
      en: 'Remove hepatitis and liver values; recruitment checks may not test or ask for hepatitis B. Where a health certificate is required by law, write only “health certificate required”.',
    },
    phrases: TESTED_HBV,
    allow: MEDICAL,
    negators: [...FORBIDDEN, ...DUTIES, '不(查|检|含|做|要求|得|需|用|问)', '无需', '取消'],
    negatorsAfter: ['均可', '也可', '不限', '不影响', '试剂', '检测试剂', '药物'],
    examples: {
      violating: ['无乙肝', '乙肝携带者勿扰', '肝功能正常', '需提供乙肝两对半报告', '体检须查两对半', '大小三阳不要', '身体健康，没有肝炎等疾病', '不招乙肝病毒携带者'],
      complying: ['入职体检不查乙肝', '需持健康证', '负责乙肝新药的临床研究', '不得要求进行乙肝检测', '熟悉肝炎诊断试剂者优先', '身体健康', '肝病专科医院护士'],
    },
  },
  {
    id: 'infection.hiv',
    ground: 'infection',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥艾滋病病毒感染者或者要求检测', en: 'Excludes people with HIV or asks for a test' },
    citations: [cite('aids', '3'), cite('infectious-diseases', '16(2)'), cite('employment-promotion', '30')],
    penalty: 'P-43',
    exceptions: [BARRED_BY_LAW],
    advice: ADVICE,
    phrases: TESTED_HIV,
    allow: MEDICAL,
    negators: [...FORBIDDEN, ...DUTIES, '不(查|检|含|做|要求|得|需|用|问)', '无需'],
    examples: {
      violating: ['无艾滋病', 'HIV阳性者勿扰', '需提供HIV检测报告', 'HIV抗体阴性', '不招艾滋病感染者', '没有性病、皮肤病'],
      complying: ['熟悉HIVE与Spark', '参与艾滋病防治项目', '研发HIV检测试剂', '不要求艾滋病检测', '无慢性病', '慢性病管理平台', '需持健康证'],
    },
  },
  {
    id: 'infection.covid',
    ground: 'infection',
    class: 'c',
    severity: 'block',
    title: { zh: '排斥曾感染新冠病毒的求职者', en: 'Excludes people who once had COVID-19' },
    citations: [cite('covid-2022', '1'), cite('infectious-diseases', '16(2)')],
    penalty: 'P-43',
    exceptions: [],
    advice: { zh: '删去核酸历史、感染经历等条件；不得以曾经感染为由拒绝录用。', en: 'Remove test history and past infection; nobody may be refused for having had the disease.' },
    phrases: TESTED_COVID,
    allow: [],
    negators: [...FORBIDDEN, '检测试剂', '抗疫'],
    examples: {
      violating: ['无新冠感染史', '核酸历史阳性者勿扰', '新冠阳性过的不要', '阳过的勿扰', '去过方舱的不要', '不招感染过新冠的人员', '没有新冠病史'],
      complying: ['新冠疫情期间可居家办公', '核酸检测员', '研发新冠检测试剂', '不得歧视新冠康复者', '入职前完成核酸检测', '新冠疫苗临床项目经理'],
    },
  },
  {
    id: 'infection.any',
    ground: 'infection',
    class: 'c',
    severity: 'review',
    title: { zh: '以传染病为由排斥求职者', en: 'Excludes people with an infectious disease' },
    citations: [cite('employment-promotion', '30'), cite('infectious-diseases', '16(2)')],
    penalty: 'P-43',
    exceptions: [
      BARRED_BY_LAW,
      {
        id: 'health-certificate',
        title: { zh: '接触直接入口食品、直接为顾客服务的公共场所岗位依法须持健康证', en: 'Food handling and public-place service, which by law need a health certificate' },
        citations: [cite('food-safety', '45'), cite('public-places', '7')],
      },
    ],
    advice: ADVICE,
    phrases: [
      `(不得|不能|不可|未|不)(患有|患|有|携带)(任何|甲肝|乙肝|肝炎|肺结核|结核|皮肤病|性病|){gap}(等|)(传染病|传染性疾病|传染疾病)`, `${NONE}{gap}{gap}${GENERAL}`, `(无|没有|未患){gap}(病|疾|疾病|病史|高血压|糖尿|癫痫|心脏|残疾|纹身|色弱|色盲){gap}{gap}(传染病|传染性疾病|传染疾病)`, `(传染病|传染性疾病|传染疾病|传染病史|肺结核|皮肤病)${CARRIER}${EXCLUDED}`, `${EXCLUDING}(任何|患有|有|携带|)(传染病|传染性疾病|传染疾病|肺结核|皮肤病)`,
      '(no|free from|free of|without) (infectious|contagious|communicable) (disease|diseases)', '(传染病|传染性疾病|传染疾病)(者|患者|)(，|)(暂时|)(不|不能|不予|不可)(录用|应聘|报名|招|考虑|聘用)', '(传染病|传染性疾病|传染病史)(：|为)(无|否|没有)', '(不适合|不适宜|不宜|影响)(从事|出国|本岗位|本职业|工作){gap}{gap}(传染病|传染性疾病|传染疾病)', '(健康|疾病)：(无|没有){gap}{gap}(传染病|传染性疾病|传染疾病)',
    ],
    allow: MEDICAL,
    negators: [...FORBIDDEN, ...DUTIES],
    negatorsAfter: ['医院', '科室', '防治', '诊断'],
    examples: {
      violating: ['身体健康，无传染病', '无传染性疾病', '没有任何传染疾病', '传染病患者勿扰', '无精神病史及传染病史', '无高血压、心脏病及传染病', '传染病史：无', 'No infectious disease, able to work nights'],
      complying: ['需持有健康证', '身体健康', '传染病防治知识宣传', '传染病医院护士', '从事传染病模型研究', '负责传染病网络直报', '工作氛围轻松，极富感染力'],
    },
  },
];
