import type { Issue } from '../../kernel/errors.ts';
import type { Citation } from '../../kernel/law.ts';
import type { Text } from '../../kernel/text.ts';
import { cite } from '../../rules/instruments.ts';
import { foldedText } from '../../screening/normalise.ts';
import type { ScreenResult } from '../../screening/types.ts';
import type { PriceItem } from './records.ts';

type ItemRule =
  | 'deposit'
  | 'worker-pays-for-job'
  | 'loan'
  | 'id-withholding'
  | 'public-core-fee'
  | 'not-optional'
  | 'category'
  | 'unreadable'
  | 'unique';

type Screen = (text: string) => ScreenResult;
/** Where in an item, and what. */
type Finding = readonly [string, ItemRule];
type Named = readonly [string, string];
type Note = { readonly title: Text; readonly advice: Text; readonly citations: readonly Citation[] };

const SERVICES: Text = {
  zh: '向劳动者收费的，仅限自愿选择的简历、职业指导、测评、面试辅导、会员、技能课程服务，名称写明服务内容',
  en: 'Workers may only be offered services they are free to leave: résumés, career guidance, assessment, interview practice, membership, courses; name the service',
};

/** What is said of a refused item (收费项目的拒绝理由). */
const NOTES: { readonly [rule in ItemRule]: Note } = {
  deposit: {
    title: { zh: '不得以任何名义向劳动者收取押金、担保', en: 'No deposit or guarantee may be taken from workers under any name' },
    advice: { zh: '删除该项；已经收取的，退还劳动者本人', en: 'Remove the item, and give back what has been taken' },
    citations: [cite('order44', '19(2)'), cite('employment-promotion', '41()(4)'), cite('labour-contract', '9')],
  },
  'worker-pays-for-job': {
    title: { zh: '不得使劳动者为求职、入职或者留任付费', en: 'Workers may not be made to pay to get or to keep a job' },
    advice: SERVICES,
    citations: [cite('order44', '19(1)'), cite('order44', '19(2)'), cite('hr-market', '27'), cite('labour-contract', '9')],
  },
  loan: {
    title: {
      zh: '不得收取或者推销贷款、分期、入股、集资、加盟、传销款项',
      en: 'No loans, instalments, shares, fund-raising, franchises or pyramids',
    },
    advice: {
      zh: '删除该项，服务只按次或按期收取明示的价款',
      en: 'Remove the item; charge the declared price of a service and nothing else',
    },
    citations: [cite('order44', '19(1)'), cite('notice-2025-60', '6')],
  },
  'id-withholding': {
    title: { zh: '不得扣押、代管劳动者证件', en: 'Papers of workers may not be kept' },
    advice: { zh: '删除该项；查验证件后当场交还', en: 'Remove the item; look at papers and hand them back' },
    citations: [cite('labour-contract', '9'), cite('employment-promotion', '41()(4)')],
  },
  'public-core-fee': {
    title: { zh: '公共就业服务机构的基本服务不得收费', en: 'Core services of a public agency are free' },
    advice: { zh: '将金额改为 0', en: 'Set the amount to 0' },
    citations: [cite('hr-market', '15')],
  },
  'not-optional': {
    title: { zh: '向劳动者收费的项目须为自愿选择的增值服务', en: 'What workers pay for has to be an extra that they are free to leave' },
    advice: SERVICES,
    citations: [cite('order44', '19(1)'), cite('order44', '19(2)')],
  },
  category: {
    title: { zh: '名称看不出属于哪一类服务', en: 'The name does not say which kind of service it is' },
    advice: SERVICES,
    citations: [cite('order44', '19(2)'), cite('hr-market', '32')],
  },
  unreadable: {
    title: { zh: '含有图形符号或者其他文字', en: 'Has pictures or characters of another script in it' },
    advice: { zh: '只用汉字、拉丁字母、数字和标点', en: 'Use Chinese and Latin characters, digits and punctuation only' },
    citations: [cite('order44', '19(2)'), cite('hr-market', '32')],
  },
  unique: {
    title: { zh: '项目编号重复', en: 'The id is used twice' },
    advice: { zh: '换一个编号', en: 'Choose another id' },
    citations: [cite('hr-market', '32')],
  },
};

/** What the name of a service has to say, by its category. */
const CATEGORIES: { readonly [category in Exclude<PriceItem['category'], undefined>]: { readonly zh: RegExp; readonly en: RegExp } } = {
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
    dan: '担单丹胆但耽',
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

function soundsOf(text: string): string {
  return [...text].map((character) => SOUNDS.get(character) ?? character).join('');
}

/** Folded, halves put together, clauses still apart. */
function read(text: string): string {
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
const SUM = anyOf(HELD.replace(' 定 ding', ''), '(?:jin|kuan|qian|钱|基jin|资jin|xianjin)');
const SUM_LITERAL =
  /押|[定订丁](?:金|斤|巾|津|jin)|ding(?:金|jin)|(?:风险|保证|担保|履约|诚信|诚意)费|担保人|(?<![a-z])(?:yj|bzj|fxj|dbj|lyj)(?![a-z])/u;
/** What is paid beforehand and held, as the name of what is paid. */
const KEPT = /(?<!条)款(?![式待项])|预付|预存|暂存|暂扣|冻结|抵扣/u;
const WAGES =
  /[押压扣](?:留|押)?(?:着|下|住|了)?(?:一|两|二|半|三|首|第一|当|\d{1,2})?个?半?(?:天|日|月|周|星期|个月)?的?(?:工资|薪资|薪水|薪酬|底薪|提成)|[从在由][^，。]{0,6}(?:工资|薪资|薪水|提成)[^，。]{0,4}[扣抵]/u;
/** Of a description only what is given back on leaving: a refund to the dissatisfied is fair. */
const GIVEN_BACK_LATER = /(?:离职|离岗|离厂|期满|合同期|转正|入职|上岗|[做干工作]满|满[一两二三半\d]+个?[天月年])[^，。]{0,8}(?:退|返)/u;
const GIVEN_BACK = /可退|退还|返还|全额退/u;
/** Sums of money that nobody leaves with anybody. */
const HARMLESS_GOLD =
  /金牌|金融|金领|金蝶|金卡|五险一金|公积金|黄金|奖学金|奖金|金属|基金|金山|资金|现金|薪金|金三银四|白金|铂金|酬金|佣金|美金|金币|年金|金税|金句|含金量|金字塔|金工/gu;

const CHARGED =
  '报名 介绍 中介 入职 体检 服装 工装 工服 工衣 制服 工牌 工具 装备 头盔 培训 岗前 实训 实习 建档 档案 登记 注册 开户 激活 认证 推荐 内推 安置 就业 招聘 岗位 职位 求职 上岗 转正 续约 签约 合同 手续 办证 证件 健康证 面试 笔试 考试 考务 材料 资料 教材 管理 平台 信息 保密 保录 保险 住宿 被褥 公证 签证 出国 劳务 代理 代办 背调 调查 审核 服务';
const FEE = new RegExp(
  `(?:${CHARGED.replace(' 服务', '').split(' ').join('|')})(?:费|钱|(?:[废肥沸菲飞啡妃非]|fei|fee|款)(?=用|$|\\d|元))|^(?:${CHARGED.split(' ').join('|')})(?:费用?|收费)$`,
  'u',
);
/** A fee that is not one of a service. */
const OTHER_FEE =
  /(?<!免|消|经|收|优化|指导|咨询|辅导|课程?|会员|测评|评测|评估|测试|修改|精修|翻译|设计|练习?|训练|规划|制作|润色|写作|撰写|服务|报告|套餐|月卡|年卡|讲座|导师|教练)费/u;
const FEE_SOUNDS =
  /(?:baoming|jieshao|zhongjie|ruzhi|tijian|fuzhuang|peixun|jiandang|dengji|baomi|tuijian|mianshi|ziliao|shouxu)(?:费|fei)|nei(?:推|tui)|内tui|bao(?:录|lu)(?![a-z])|[保包]lu(?![a-z])/u;
/** What a worker would pay to be hired or kept, or what an employer has to bear. */
const JOB =
  /入职|上岗|转正|录用|录取|报到|签约|续签|续聘|试岗|岗前|顶岗|进厂|上户|派遣|安置|包分配|分配(?:工作|岗|就业)|(?:推荐|介绍|安排)(?:工作|就业|上岗|入职|岗|职位|面试|实习)|(?:岗位|工作|职位|就业|实习|求职|职业|职务)(?:推荐(?!信)|介绍)|内推|内荐|直推|直签|[保包](?:录|过|offer|就业|工作|上岗|面试?|推|过)|offer(?:保|承诺|直通|预订)|就业(?:保障|协议|班|名额)|名额|占位|占坑|[锁留保]岗|(?:岗位|职位)(?:预留|锁定)|优先(?:录|面|安排|推荐)|免[试面]|直通|(?<!发展|晋升|职业|成长)通道|职介|职业中介|中介服务|登记|建档|档案(?:管理|托管|保管|代管|转递)|注册(?!会计|税务|建筑|消防|结构|电气|土木|测绘|安全|造价|监理|城乡|营养|计量|化工|环保|护士|国际)|开户|激活|解冻|保密(?:保|协议)|(?<!简历|履历|职业|求职|职场)体检|健康证|无犯罪|政审|背调|背景(?:调|核)查|健康检查|内部(?:推荐|直招|渠道)|直招|竞拍|拍卖|入场|占座|服装(?:购|款|代购)|工服|工装(?!设计|效果|施工)|工衣|制服|厂服|工作服|工鞋|工牌|胸卡|厂牌|头盔|装备(?:购|租)|被褥|床上用品|住宿|意外险|商业险|代缴|签证(?:办理|代办|服务)|出国劳务|劳务(?:介绍|报名|代办)|公证|委培|定向(?:就业|委培|培养|招|输送|安置|分配)|(?:付费|实习)(?:岗|管理|名额|证明)|付费(?:实习|上岗|面试|内推)|承诺(?:就业|薪|岗)|报名(?!指导|咨询|辅导)|手续|代办|办证|工本|违约(?:金|费|款)|赔偿(?:金|费|款)|罚款|罚金|保证|担保/u;
const CONDITION =
  /(?:不|未)(?:购买|购|买|缴|交|付|支付|参加|开通|办理|订购)[^，。]{0,12}，?[^，。]{0,4}(?:不予|不给|不得|不能|无法|不可|不安排|不推荐|取消|视为放弃)|(?:入职|上岗|录用|报到|转正|(?<!模拟)面试|签约|应聘|求职|报名|进厂)(?:前|时|之前|后)?(?:者|人员)?(?:都|均|必须|须|需要|需|应当|应|要|先|一律|统一)+(?:购买|购|缴|交|支付|付|参加|办理|开通|订购)|(?:购买|缴费|付费|交费|付款|开通|升级|订购)[^，。]{0,6}(?:后|者|即|才|方)+[^，。]{0,3}(?:可|能|会|予|给|安排|优先)*[^，。]{0,4}(?:入职|(?<!模拟)面试|录用|上岗|推荐(?!信)|内推|投递(?!给)|接单|安排工作|报到|转正|签约)/u;
const PROMISE =
  /保证(?:录用|就业|入职|上岗|录取|面试)|[保包](?:录|过|offer|就业|上岗|入职|分配|推荐)|内推|安排(?:工作|上岗|就业|入职|岗位)|推荐(?:就业|上岗|入职|工作)|直接(?:录用|入职|上岗)|免(?:试|面试)[录入上]/u;

const LOAN =
  /(?:培训|学费|求职|就业|入职|美容|校园|小额|信用|现金|消费|助学|工资|岗前|技能|上岗)(?:贷|(?:[代带待袋]|dai)(?:款|kuan|$))|学贷|网贷|薪贷|套路贷|贷款(?!顾问|专员|岗|人才|行业|经理|公司|企业|机构|业务员)|借款|借贷|(?<!十)分(?:期(?!待)|qi)|(?:芬|fen)(?:期|qi)|先学后[付交]|先(?:就业|上岗|入职)后[付交还]|[零0]首付|花呗|白条|入股|入gu|ru股|认购|认股|购股|股金|股权(?:投资|众筹|认)|集资|ji资|众筹|zhong筹|募资|理财产品|返利|传销|拉人头|发展下线|多级分销|三级分销|代理(?:费|权|商费)|加盟|jia盟|peixundai|fenqi|daikuan|jiameng|zhongchou/u;
const WORKER_LOAN = /贷|垫资|垫付|免息|借[钱给]|分[\d一二三四五六十两]+期[^，。]{0,2}[付还缴交]|按月[还偿]/u;
const IN_PARTS = /分[\d一二三四五六十两]+期|按[月期][付缴交]/u;
const PAPERS = '身份证|证件|毕业证|学历证|学位证|驾驶证|驾照|护照|户口本|资格证|银行卡|证书';
const WITHHOLDING = new RegExp(
  `(?:扣押|押|扣|扣留|抵押|质押|留存|代管|保管|代存|寄存|暂存)(?:${PAPERS})|(?:${PAPERS})(?:原件)?(?:扣押|抵押|质押|押|扣|代管|保管|寄存|暂存|代存)`,
  'u',
);

const WORKER_WORDS = '员工 职工 求职者 劳动者 应聘者 应聘人员 候选人 骑手 司机 学员 实习生 新人 入职 上岗 工服 工装 服装 工牌 工衣';
const WORKER_SUM = anyOf(WORKER_WORDS, `[^，。]{0,8}(?:(?:${HELD.split(' ').map(soundsOf).join('|')})jin)`);

const DENIED_WORDS =
  '押金|保证金|抵押金|风险金|担保金|履约金|诚信金|诚意金|定金|订金|押|担保|费用|报名费|培训费|服装费|体检费|中介费|介绍费|入职费|建档费|资料费|贷款|培训贷|分期|保录|内推|录用|就业|入职|上岗|录取|面试|推荐工作|安排工作|offer|证件|收费';
/** A description may deny what it is not; a name may not. */
const DENIAL = new RegExp(
  `(?:绝不|从不|概不|无需|无须|没有|严禁|禁止|不|无|未|免)(?:再|会|得|应|以任何名义)?(?:向[^，。]{0,10}?)?(?:收取|收|要求|需要|需|须|包含|含|包括|涉及|产生|承诺|保证|提供|推荐|代办|办理|安排|缴纳|缴|交|支付|付|设|存在|构成|影响|扣押|扣)?(?:任何|其他|其它|一切|形式的|名义的|各种|的|求职者|劳动者)*(?:(?:${DENIED_WORDS})(?:或者|以及|和|或|及|与|等|的)*)+`,
  'gu',
);

const DEPOSIT_EN =
  /\b(deposit\w*|bonds?|security (money|fee|payment|sum)|caution (money|fee)|earnest money|guarantee (money|fee|fund|payment)|surety|collateral|pledge\w*|bail|escrow|retainers?|refundable|holdback|withh[eo]ld\w*|(risk|good faith) money|yajin|ya jin|baozhengjin|bao zheng jin|down ?payments?)\b/u;
const DEPOSIT_HIDDEN_EN = /depos[i1l]t(?!i)|yajin|baozhengjin|fengxianjin|securitymoney/u;
const DEPOSIT_MASKED_EN = /\b(d[^a-z\s]posit|de[^a-z\s]osit|dep[^a-z\s]{1,2}sit|depo[^a-z\s]it|depos[^a-z\s]t|deposi[^a-z\s])/u;
const JOB_EN =
  /\b((registration|sign ?up|enrol?lment|application|admission|entry|introduction|placement|referral|agency|processing|administration|admin|handling|visa|uniform|medical|training|interview|hiring|recruitment|employment|onboarding|induction|joining|badge|background check|file|filing|documents?|confidentiality|materials?|service|job|position) (fees?|charges?|costs?|payments?|money)|job ?seeker registration|job introductions?|(job|work|staff) placements?|placement (service|program\w*|package)s?|referrals?|onboarding|uniforms?|medical (check|exam)\w*|physical exam\w*|health (check|certificate)\w*|background checks?|guarante\w*|assured|(secure|reserve|buy|purchase|paid) (a |an |your )?(jobs?|offers?|positions?|seats?|slots?|internships?))\b/u;
const LOAN_EN =
  /\b(loans?|instal?ments?|installments?|micro ?credit|credit (line|plan)s?|(on|consumer) credit|(pay|study now pay) later|buy now|crowd ?funding|fund ?raising|pyramid|franchis\w*|multi ?level|mlm|buy shares|shareholdings?|(share|equity) (purchase|subscription|stake|investment|participation|crowdfunding)s?)\b/u;
const PAPERS_EN =
  /\b(ids?|id cards?|identity cards?|passports?|certificates?|papers|documents?|licen[cs]es?) (retention|withholding|custody|pledges?|safekeeping|deposits?|holding)\b/u;
const DENIAL_EN =
  /\b(no|not|never|without|nor|free of)\b( [\p{L}]+){0,5}? (deposits?|bonds?|guarante\w*|loans?|instal?lments?|fees?|referrals?|placements?|refundable|collateral)\b( (or|and|nor) [\p{L}]+)*/gu;

const LEET: { readonly [sign: string]: string } = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '@': 'a', $: 's' };

/** The ways an English text may be meant: marks between words, marks inside words, letters apart. */
function readEnglish(text: string): { readonly words: string; readonly closed: string; readonly squeezed: string; readonly raw: string } {
  const raw = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  const lettered = raw.replace(/[01345@$]/gu, (sign) => LEET[sign] ?? sign);
  const words = ` ${raw.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const closed = ` ${lettered.replace(/(?<=\p{L})[^\p{L}\p{N}\s]+(?=\p{L})/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return { words, closed, squeezed: lettered.replace(/[^\p{L}]/gu, ''), raw };
}

const STRANGE = /[^\p{Script=Han}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]|(?![©®™])\p{Extended_Pictographic}/u;

function nameRules(item: PriceItem): readonly ItemRule[] {
  const name = read(item.name.zh).replace(/[，。]/gu, '');
  const rules: ItemRule[] = [];
  const sounds = soundsOf(name);
  const isGolden = name.replace(HARMLESS_GOLD, '').includes('金');
  const isGivenBack = GIVEN_BACK.test(name) || GIVEN_BACK_LATER.test(name);
  const isKept = KEPT.test(name) || isGolden || sounds.includes('baozheng');
  if (SUM.test(sounds) || SUM_LITERAL.test(name) || WAGES.test(name) || isGivenBack || isKept) rules.push('deposit');
  if (WORKER_LOAN.test(name) || IN_PARTS.test(name)) rules.push('loan');
  if (item.amountFen > 0 && (FEE.test(name) || OTHER_FEE.test(name) || FEE_SOUNDS.test(name) || JOB.test(name) || PROMISE.test(name)))
    rules.push('worker-pays-for-job');
  return rules;
}

function englishRules(text: string, mayDeny: boolean, amountFen: number): readonly ItemRule[] {
  const { words, closed, squeezed, raw } = readEnglish(text);
  const views = mayDeny ? [words.replace(DENIAL_EN, ' '), closed.replace(DENIAL_EN, ' ')] : [words, closed];
  const says = (pattern: RegExp): boolean => views.some((view) => pattern.test(view));
  const isHidden = !mayDeny && (DEPOSIT_HIDDEN_EN.test(squeezed) || DEPOSIT_MASKED_EN.test(raw));
  const rules: ItemRule[] = [];
  if (says(DEPOSIT_EN) || isHidden) rules.push('deposit');
  if (amountFen > 0 && says(JOB_EN)) rules.push('worker-pays-for-job');
  return rules;
}

function whatRules(item: PriceItem): readonly ItemRule[] {
  const whole = read(item.what.zh);
  const left = whole.replace(DENIAL, '，');
  const joined = left.replace(/[，。]/gu, '');
  const rules: ItemRule[] = [];
  if (SUM.test(soundsOf(joined)) || SUM_LITERAL.test(joined) || WAGES.test(left) || GIVEN_BACK_LATER.test(left) || /担保/u.test(left))
    rules.push('deposit');
  if (CONDITION.test(whole) || PROMISE.test(left)) rules.push('worker-pays-for-job');
  if (WORKER_LOAN.test(left)) rules.push('loan');
  return rules;
}

/** What no payer may be charged for. */
function rulesForAll(item: PriceItem): readonly Finding[] {
  const found: Finding[] = [];
  for (const field of ['name', 'what'] as const) {
    const folded = read(item[field].zh);
    const left = field === 'what' ? folded.replace(DENIAL, '，') : folded.replace(/[，。]/gu, '');
    const { words, closed } = readEnglish(item[field].en);
    const views = [words, closed].map((view) => (field === 'what' ? view.replace(DENIAL_EN, ' ') : view));
    if (LOAN.test(left)) found.push([`${field}/zh`, 'loan']);
    if (views.some((view) => LOAN_EN.test(view))) found.push([`${field}/en`, 'loan']);
    if (WITHHOLDING.test(left)) found.push([`${field}/zh`, 'id-withholding']);
    if (views.some((view) => PAPERS_EN.test(view))) found.push([`${field}/en`, 'id-withholding']);
    if (WORKER_SUM.test(soundsOf(left))) found.push([`${field}/zh`, 'deposit']);
  }
  return found;
}

const GROUNDS: { readonly [ground: string]: ItemRule } = {
  deposit: 'deposit',
  fee: 'worker-pays-for-job',
  loan: 'loan',
  id_withholding: 'id-withholding',
};

function screened({ name, what, payer, amountFen }: PriceItem, screen: Screen): readonly Finding[] {
  const isWorker = payer === 'worker';
  const texts: readonly Named[] = [
    ['name/zh', name.zh],
    ['what/zh', what.zh],
    // As a posting would put it: a catalogue only names what is paid.
    ...(isWorker
      ? ([
          ['name/zh', `入职须缴纳${name.zh}500元`],
          ['name/zh', `${name.zh}500元`],
        ] as const)
      : []),
  ];
  const counts = (rule: ItemRule): boolean =>
    rule === 'loan' || rule === 'id-withholding' || (isWorker && (rule === 'deposit' || amountFen > 0));
  return texts.flatMap(([field, text]) =>
    screen(text).findings.flatMap(({ ground }) => {
      const rule = GROUNDS[ground];
      return rule !== undefined && counts(rule) ? [[field, rule] as const] : [];
    }),
  );
}

function workerRules(item: PriceItem): readonly Finding[] {
  const { name, what, amountFen, category } = item;
  const found: Finding[] = [
    ...nameRules(item).map((rule) => ['name/zh', rule] as const),
    ...englishRules(name.en, false, amountFen).map((rule) => ['name/en', rule] as const),
    ...englishRules(what.en, true, amountFen).map((rule) => ['what/en', rule] as const),
    ...whatRules(item).map((rule) => ['what/zh', rule] as const),
    ...(['name', 'what'] as const).flatMap((field) =>
      (['zh', 'en'] as const).flatMap((lang) => (STRANGE.test(item[field][lang]) ? [[`${field}/${lang}`, 'unreadable'] as const] : [])),
    ),
  ];
  if (amountFen === 0) return found;
  if (item.kind !== 'extra') found.push(['kind', 'worker-pays-for-job']);
  if (item.optional !== true) found.push(['optional', 'not-optional']);
  if (category === undefined) found.push(['category', 'category']);
  else {
    const words = CATEGORIES[category];
    if (!words.zh.test(read(name.zh).replace(/[，。]/gu, ''))) found.push(['name/zh', 'category']);
    if (!words.en.test(readEnglish(name.en).words)) found.push(['name/en', 'category']);
  }
  return found;
}

function issueOf(at: number, [field, rule]: Finding): Issue {
  return { pointer: `/items/${at}/${field}`, rule, ...NOTES[rule] };
}

/**
 * Why an item may not be declared (收费项目审查). A worker may be charged for nothing but what is allowed by name; a deposit, a charge for a job, a
 * loan or the keeping of papers is refused however it is written.
 * @source Order 44 Art. 19; Interim Regulation on the Human Resources Market Arts. 15, 27; Employment Promotion Law Art. 41; Labour Contract Law Art. 9
 */
export function itemIssues(item: PriceItem, at: number, screen: Screen): readonly Issue[] {
  const found = [...rulesForAll(item), ...screened(item, screen), ...(item.payer === 'worker' ? workerRules(item) : [])];
  const seen = new Set<string>();
  return found.flatMap((one) => {
    const key = one.join(' ');
    if (seen.has(key)) return [];
    seen.add(key);
    return [issueOf(at, one)];
  });
}

export function listIssues(items: readonly PriceItem[], screen: Screen): readonly Issue[] {
  const ids = items.map(({ id }) => id);
  return items.flatMap((item, at) => [
    ...itemIssues(item, at, screen),
    ...(ids.indexOf(item.id) < at ? [issueOf(at, ['id', 'unique'])] : []),
  ]);
}

export function isCoreFee({ kind, amountFen }: PriceItem): boolean {
  return kind === 'core' && amountFen > 0;
}

/** @source Interim Regulation on the Human Resources Market Art. 15 */
export function publicIssues(items: readonly PriceItem[]): readonly Issue[] {
  return items.flatMap((item, at) => (isCoreFee(item) ? [issueOf(at, ['amountFen', 'public-core-fee'])] : []));
}
