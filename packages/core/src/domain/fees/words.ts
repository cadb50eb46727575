import { foldedText } from '../../screening/normalise.ts';
import type { PriceItem } from './records.ts';

// What names and descriptions of fees are read for: the words themselves. Nothing here says what follows from them.

/** What the name of a service has to say, by its category. */
export const CATEGORIES: {
  readonly [category in Exclude<PriceItem['category'], undefined>]: { readonly zh: RegExp; readonly en: RegExp };
} = {
  'resume-service': {
    zh: /简历|履历|求职信|自荐信|推荐信|作品集|个人陈述|领英|resume|cv/u,
    en: /\b(resumes?|cvs?|curriculum|cover letters?|portfolios?|personal statements?|recommendation letters?|linkedin)\b/u,
  },
  'career-guidance': {
    zh: /职业|职涯|职场|生涯|求职|择业|就业|转行|创业|薪资谈判|劳动法|辅导|咨询|指导|导师|教练/u,
    en: /\b(careers?|vocational|job (search|seek\w*|hunt\w*)|professional|workplace|salary negotiation|guidance|coach\w*|counsel\w*|mentor\w*)\b/u,
  },
  assessment: {
    zh: /测评|评测|测试|测验|评估|诊断|性格|能力分析|职业分析|mbti/u,
    en: /\b(assess\w*|tests?|testing|evaluations?|diagnos\w*|aptitude|personality|profiling|mbti)\b/u,
  },
  'interview-practice': { zh: /面试|面谈|群面|无领导/u, en: /\b(interviews?|interviewing)\b/u },
  membership: {
    zh: /会员|vip|月卡|季卡|年卡|套餐/u,
    en: /\b(memberships?|members?|vip|premium|subscriptions?|(monthly|quarterly|annual) (pass|card|plan)|packages?)\b/u,
  },
  'skills-course': {
    zh: /课|班|培训|训练|教程|讲座|工作坊|题库|研修|学习/u,
    en: /\b(courses?|class(es)?|training|workshops?|lessons?|bootcamps?|tutorials?|lectures?|seminars?|learning|question banks?)\b/u,
  },
};

/** Characters that are read alike and stand in for one another in what is hidden. 涯 is none: 职涯, 生涯 are what these services are called. */
const SOUNDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ya: '押压鸭鸦丫呀亚牙芽雅哑讶衙',
    jin: '金今斤巾津筋襟衿锦',
    bao: '保包宝报堡饱褓苞',
    zheng: '证正征整政争郑症蒸怔',
    zhang: '障章账帐涨',
    feng: '风丰封疯峰枫锋',
    xian: '险线限现显先鲜',
    dan: '担单丹胆旦但耽',
    di: '抵低底滴',
    lv: '履旅律率',
    yue: '约月越悦阅',
    cheng: '诚成城程承呈',
    xin: '信心新辛芯',
    yi: '意义议谊益易',
    kuan: '款宽',
  }).flatMap(([sound, characters]) => [...characters].map((character) => [character, sound] as const)),
);

/** Characters written as their halves. */
const HALVES: readonly (readonly [string, string])[] =
  '扌甲押 才甲押 手甲押 扌氐抵 扌旦担 亻呆保 人呆保 讠正证 言正证 代贝贷 弗贝费 阝佥险 讠成诚 言成诚 土咅培 讠川训 其月期 月殳股'
    .split(' ')
    .map((row) => [row.slice(0, -1), row.slice(-1)] as const);
const RADICALS: { readonly [radical: string]: string } = {
  '⺘': '扌',
  '⺅': '亻',
  '⻈': '讠',
  '⻖': '阝',
  '⻏': '阝',
  '⻐': '钅',
  '⻅': '贝',
};

export function soundsOf(text: string): string {
  return [...text].map((character) => SOUNDS.get(character) ?? character).join('');
}

/** Folded, halves put together, clauses still apart. */
export function read(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[⺘⺅⻈⻖⻏⻐⻅]/gu, (radical) => RADICALS[radical] ?? '');
  let folded = foldedText(plain).replace(/[^\p{L}\p{N}，。]/gu, '');
  for (const [halves, whole] of HALVES) folded = folded.replaceAll(halves, whole);
  return folded;
}

function anyOf(words: string, after = ''): RegExp {
  return new RegExp(`(?:${words.split(' ').map(soundsOf).join('|')})${after}`, 'u');
}

const HELD =
  '押 压 保证 保障 抵押 质押 风险 风险抵押 担保 履约 luyue 诚信 诚意 信用 xinyong 安全 anquan 违约 weiyue 承诺 chengnuo 契约 qiyue 定 ding';
export const SUM: RegExp = anyOf(HELD.replace(' 定 ding', ''), '(?:jin|kuan|qian|钱|基jin|资jin|xianjin)');
export const SUM_LITERAL: RegExp =
  /押|[定订丁](?:金|斤|巾|津|jin)|ding(?:金|jin)|(?:风险|保证|担保|履约|诚信|诚意)费|担保人|(?<![a-z])(?:yj|bzj|fxj|dbj|lyj)(?![a-z])/u;
/** What is paid beforehand and held, as the name of what is paid. */
export const KEPT: RegExp = /(?<!条)款(?![式待项])|预付|预存|暂存|暂扣|冻结|抵扣/u;
export const WAGES: RegExp =
  /[押压扣](?:留|押)?(?:着|下|住|了)?(?:一|两|二|半|三|首|第一|当|\d{1,2})?个?半?(?:天|日|月|周|星期|个月)?的?(?:工资|薪资|薪水|薪酬|底薪|提成)|[从在由][^，。]{0,6}(?:工资|薪资|薪水|提成)[^，。]{0,4}[扣抵]/u;
/** Of a description only what is given back on leaving: a refund to the dissatisfied is fair. */
export const GIVEN_BACK_LATER: RegExp =
  /(?:离职|离岗|离厂|期满|合同期|转正|入职|上岗|[做干工作]满|满[一两二三半\d]+个?[天月年])[^，。]{0,8}(?:退|返)/u;
export const GIVEN_BACK: RegExp = /可退|退还|返还|全额退/u;
/** Sums of money that nobody leaves with anybody. */
export const HARMLESS_GOLD: RegExp =
  /金牌|金融|金领|金蝶|金卡|五险一金|公积金|黄金|奖学金|奖金|金属|基金|金山|资金|现金|薪金|金三银四|白金|铂金|酬金|佣金|美金|金币|年金|金税|金句|含金量|金字塔|金工/gu;

const CHARGED =
  '报名 介绍 中介 入职 体检 服装 工装 工服 工衣 制服 工牌 工具 装备 头盔 培训 岗前 实训 实习 建档 档案 登记 注册 开户 激活 认证 推荐 内推 安置 就业 招聘 岗位 职位 求职 上岗 转正 续约 签约 合同 手续 办证 证件 健康证 面试 笔试 考试 考务 材料 资料 教材 管理 平台 信息 保密 保录 保险 住宿 被褥 公证 签证 出国 劳务 代理 代办 背调 调查 审核 服务';
export const FEE: RegExp = new RegExp(
  `(?:${CHARGED.replace(' 服务', '').split(' ').join('|')})(?:费|钱|(?:[废肥沸菲飞啡妃非]|fei|fee|款)(?=用|$|\\d|元))|^(?:${CHARGED.split(' ').join('|')})(?:费用?|收费)$`,
  'u',
);
/** A fee that is not one of a service. */
export const OTHER_FEE: RegExp =
  /(?<!免|消|经|收|优化|指导|咨询|辅导|课程?|会员|测评|评测|评估|测试|修改|精修|翻译|设计|练习?|训练|规划|制作|润色|写作|撰写|服务|报告|套餐|月卡|年卡|讲座|导师|教练)费/u;
export const FEE_SOUNDS: RegExp =
  /(?:baoming|jieshao|zhongjie|ruzhi|tijian|fuzhuang|peixun|jiandang|dengji|baomi|tuijian|mianshi|ziliao|shouxu)(?:费|fei)|nei(?:推|tui)|内tui|bao(?:录|lu)(?![a-z])|[保包]lu(?![a-z])/u;
/** What a worker would pay to be hired or kept, or what an employer has to bear. */
export const JOB: RegExp =
  /入职|上岗|转正|录用|录取|报到|签约|续签|续聘|试岗|岗前|顶岗|进厂|上户|派遣|安置|包分配|分配(?:工作|岗|就业)|(?:推荐|介绍|安排)(?:工作|就业|上岗|入职|岗|职位|面试|实习)|(?:岗位|工作|职位|就业|实习|求职|职业|职务)(?:推荐(?!信)|介绍)|内推|内荐|直推|直签|[保包](?:录|过|offer|就业|工作|上岗|面试?|推|过)|offer(?:保|承诺|直通|预订)|就业(?:保障|协议|班|名额)|名额|占位|占坑|[锁留保]岗|(?:岗位|职位)(?:预留|锁定)|优先(?:录|面|安排|推荐)|免[试面]|直通|(?<!发展|晋升|职业|成长)通道|职介|职业中介|中介服务|登记|建档|档案(?:管理|托管|保管|代管|转递)|注册(?!会计|税务|建筑|消防|结构|电气|土木|测绘|安全|造价|监理|城乡|营养|计量|化工|环保|护士|国际)|开户|激活|解冻|保密(?:保|协议)|(?<!简历|履历|职业|求职|职场)体检|健康证|无犯罪|政审|背调|背景(?:调|核)查|健康检查|内部(?:推荐|直招|渠道)|直招|竞拍|拍卖|入场|占座|服装(?:购|款|代购)|工服|工装(?!设计|效果|施工)|工衣|制服|厂服|工作服|工鞋|工牌|胸卡|厂牌|头盔|装备(?:购|租)|被褥|床上用品|住宿|意外险|商业险|代缴|签证(?:办理|代办|服务)|出国劳务|劳务(?:介绍|报名|代办)|公证|委培|定向(?:就业|委培|培养|招|输送|安置|分配)|(?:付费|实习)(?:岗|管理|名额|证明)|付费(?:实习|上岗|面试|内推)|承诺(?:就业|薪|岗)|报名(?!指导|咨询|辅导)|手续|代办|办证|工本|违约(?:金|费|款)|赔偿(?:金|费|款)|罚款|罚金|保证|担保/u;
export const CONDITION: RegExp =
  /(?:不|未)(?:购买|购|买|缴|交|付|支付|参加|开通|办理|订购)[^，。]{0,12}，?[^，。]{0,4}(?:不予|不给|不得|不能|无法|不可|不安排|不推荐|取消|视为放弃)|(?:入职|上岗|录用|报到|转正|(?<!模拟)面试|签约|应聘|求职|报名|进厂)(?:前|时|之前|后)?(?:者|人员)?(?:都|均|必须|须|需要|需|应当|应|要|先|一律|统一)+(?:购买|购|缴|交|支付|付|参加|办理|开通|订购)|(?:购买|缴费|付费|交费|付款|开通|升级|订购)[^，。]{0,6}(?:后|者|即|才|方)+[^，。]{0,3}(?:可|能|会|予|给|安排|优先)*[^，。]{0,4}(?:入职|(?<!模拟)面试|录用|上岗|推荐(?!信)|内推|投递(?!给)|接单|安排工作|报到|转正|签约)/u;
export const PROMISE: RegExp =
  /保证(?:录用|就业|入职|上岗|录取|面试)|[保包](?:录|过|offer|就业|上岗|入职|分配|推荐)|内推|安排(?:工作|上岗|就业|入职|岗位)|推荐(?:就业|上岗|入职|工作)|直接(?:录用|入职|上岗)|免(?:试|面试)[录入上]/u;

export const LOAN: RegExp =
  /(?:培训|学费|求职|就业|入职|美容|校园|小额|信用|现金|消费|助学|工资|岗前|技能|上岗)(?:贷|(?:[代带待袋]|dai)(?:款|kuan|$))|学贷|网贷|薪贷|套路贷|贷款(?!顾问|专员|岗|人才|行业|经理|公司|企业|机构|业务员)|借款|借贷|(?<!十)分(?:期(?!待)|qi)|(?:芬|fen)(?:期|qi)|先学后[付交]|先(?:就业|上岗|入职)后[付交还]|[零0]首付|花呗|白条|入股|入gu|ru股|认购|认股|购股|股金|股权(?:投资|众筹|认)|集资|ji资|众筹|zhong筹|募资|理财产品|返利|传销|拉人头|发展下线|多级分销|三级分销|代理(?:费|权|商费)|加盟|jia盟|peixundai|fenqi|daikuan|jiameng|zhongchou/u;
export const WORKER_LOAN: RegExp = /贷|垫资|垫付|免息|借[钱给]|分[\d一二三四五六十两]+期[^，。]{0,2}[付还缴交]|按月[还偿]/u;
export const IN_PARTS: RegExp = /分[\d一二三四五六十两]+期|按[月期][付缴交]/u;
const PAPERS = '身份证|证件|毕业证|学历证|学位证|驾驶证|驾照|护照|户口本|资格证|银行卡|证书';
export const WITHHOLDING: RegExp = new RegExp(
  `(?:扣押|押|扣|扣留|抵押|质押|留存|代管|保管|代存|寄存|暂存)(?:${PAPERS})|(?:${PAPERS})(?:原件)?(?:扣押|抵押|质押|押|扣|代管|保管|寄存|暂存|代存)`,
  'u',
);

const WORKER_WORDS = '员工 职工 求职者 劳动者 应聘者 应聘人员 候选人 骑手 司机 学员 实习生 新人 入职 上岗 工服 工装 服装 工牌 工衣';
export const WORKER_SUM: RegExp = anyOf(WORKER_WORDS, `[^，。]{0,8}(?:(?:${HELD.split(' ').map(soundsOf).join('|')})jin)`);

const DENIED_WORDS =
  '押金|保证金|抵押金|风险金|担保金|履约金|诚信金|诚意金|定金|订金|押|担保|费用|报名费|培训费|服装费|体检费|中介费|介绍费|入职费|建档费|资料费|贷款|培训贷|分期|保录|内推|录用|就业|入职|上岗|录取|面试|推荐工作|安排工作|offer|证件|收费';
/** A description may deny what it is not; a name may not. */
export const DENIAL: RegExp = new RegExp(
  `(?:绝不|从不|概不|无需|无须|没有|严禁|禁止|不|无|未|免)(?:再|会|得|应|以任何名义)?(?:向[^，。]{0,10}?)?(?:收取|收|要求|需要|需|须|包含|含|包括|涉及|产生|承诺|保证|提供|推荐|代办|办理|安排|缴纳|缴|交|支付|付|设|存在|构成|影响|扣押|扣)?(?:任何|其他|其它|一切|形式的|名义的|各种|的|求职者|劳动者)*(?:(?:${DENIED_WORDS})(?:或者|以及|和|或|及|与|等|的)*)+`,
  'gu',
);

export const DEPOSIT_EN: RegExp =
  /\b(deposit\w*|bonds?|security (money|fee|payment|sum)|caution (money|fee)|earnest money|guarantee (money|fee|fund|payment)|surety|collateral|pledge\w*|bail|escrow|retainers?|refundable|holdback|withh[eo]ld\w*|(risk|good faith) money|yajin|ya jin|baozhengjin|bao zheng jin|down ?payments?)\b/u;
export const DEPOSIT_HIDDEN_EN: RegExp = /depos[i1l]t(?!i)|yajin|baozhengjin|fengxianjin|securitymoney/u;
export const DEPOSIT_MASKED_EN: RegExp =
  /\b(d[^a-z\s]posit|de[^a-z\s]osit|dep[^a-z\s]{1,2}sit|depo[^a-z\s]it|depos[^a-z\s]t|deposi[^a-z\s])/u;
export const JOB_EN: RegExp =
  /\b((registration|sign ?up|enrol?lment|application|admission|entry|introduction|placement|referral|agency|processing|administration|admin|handling|visa|uniform|medical|training|interview|hiring|recruitment|employment|onboarding|induction|joining|badge|background check|file|filing|documents?|confidentiality|materials?|service|job|position) (fees?|charges?|costs?|payments?|money)|job ?seeker registration|job introductions?|(job|work|staff) placements?|placement (service|program\w*|package)s?|referrals?|onboarding(?! coach)|uniforms?|medical (check|exam)\w*|physical exam\w*|health (check|certificate)\w*|background checks?|guarante\w*|assured|(secure|reserve|buy|purchase|paid) (a |an |your )?(jobs?|offers?|positions?|seats?|slots?|internships?))\b/u;
export const LOAN_EN: RegExp =
  /\b(loans?|instal?ments?|installments?|micro ?credit|credit (line|plan)s?|(on|consumer) credit|(pay|study now pay) later|buy now|crowd ?funding|fund ?raising|pyramid|franchis\w*|multi ?level|mlm|buy shares|shareholdings?|(share|equity) (purchase|subscription|stake|investment|participation|crowdfunding)s?)\b/u;
export const PAPERS_EN: RegExp =
  /\b(ids?|id cards?|identity cards?|passports?|certificates?|papers|documents?|licen[cs]es?) (retention|withholding|custody|pledges?|safekeeping|deposits?|holding)\b/u;
const DENIED_EN = 'deposits?|bonds?|guarante\\w*|loans?|instal?lments?|fees?|referrals?|placements?|refundable|collateral|jobs?';
const ADDED_EN =
  '(?:other|further|hidden|extra|additional|such|any|an?|the|kind of|form of|security|upfront|placement|registration|referral|training|interview|job)';
/** Only what plainly denies: not to pay, to wait or to forget is none. */
export const DENIAL_EN: RegExp = new RegExp(
  `(?<! (?:if|with|where|when|who|whoever|unless|until|those|not) (?:\\p{L}+ ){0,3})\\b(?:no|nor|free of|not (?:charge|charged|take|taken|ask for|require|collect|include|involve|promise|offer|arrange|provide|sell|for)|not)(?: ${ADDED_EN})* (?:${DENIED_EN})\\b(?: (?:or|and|nor)(?: ${ADDED_EN})* (?:${DENIED_EN})\\b)*(?! (?:means|unless|until|except|is paid|paid|no))`,
  'gu',
);

export const STRANGE: RegExp = /[^\p{Script=Han}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]|(?![©®™])\p{Extended_Pictographic}/u;
