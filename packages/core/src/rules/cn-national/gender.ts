import type { Modifier, Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const CITATIONS = [cite('order44', '15(1)'), cite('employment-promotion', '27'), cite('women', '43()(1)'), cite('labour-law', '13')];

const EXCEPTIONS = [
  {
    id: 'barred-for-women',
    title: {
      zh: '国家规定的女职工禁忌从事的劳动：矿山井下作业、第四级体力劳动强度作业、每小时负重六次以上且每次超过20公斤（或间断负重每次超过25公斤）的作业',
      en: 'Work the State bars to women: underground mining, physical labour of grade IV, carrying over 20 kg six times an hour or more (over 25 kg at intervals)',
    },
    citations: [cite('labour-law', '59')],
  },
];

/** Words behind which a sex names goods, customers or an institution, not the person sought. */
const NEUTRAL = [
  '(男|女)(不限|均可|皆可|都可|兼收|兼招|通招|都招|都要|各半|平等|比例|搭配|不拘|无限制|没有限制|没限制|都可以|均招|均衡|不論|不论)',
  '期限', '先生、女士', '女士、先生', '男女', '女男', '男、女', '女、男', '男或女', '男和女', '男与女', '男及女', '男还是女', '男生女生', '男生、女生', '男孩女孩', '男士女士', '男性女性',
  '男性、女性', '(男|男生|男性|男士)(，|、|或|和|跟)(女|女生|女性|女士)(均|皆|都|不限|也可|兼)', '(女|女生|女性|女士)(，|、|或|和|跟)(男|男生|男性|男士)(均|皆|都|不限|也可|兼)', '男士、女士', '不限', '不限男女', '不分(男|女|性别)', '无论(男|女)', '不论(男|女)', '性别(不限|无要求|没有要求|无限制|不做要求|不作要求)',
  '(男|女|男性|女性|男士|女士)(装|鞋|包包|包设|包类|包打|包版|包品|包款|裤|裙|帽|袜|款|表|童|衣|科|厕|浴|宿舍|寝室|更衣|洗手间|卫生间|澡堂)',
  '女(足|篮|排|团|神|王|巫|娲|权|红|儿|婿|人节|生节|神节|性节|工部|工委|工保护|工特殊|职工委|职工产假|员工产假|员工福利|员工关怀|员工节|子)',
  '男(神|友|团|足|篮|模卡)', '小伙伴', '(male|female)(、| or | and | )(male|female)', '女友', '子女', '儿女', '美女', '少女', '妇女', '靓女', '淑女', '熟女', '处女', '仙女', '织女', '孙女', '侄女', '父女', '母女',
  '(男|女)(性|士|人|生)(内|服|时|健|护|美|用|客|顾|消|会|群|饰|皮|洗|话|剃|化|保|养|医|生殖|疾|专科|整形|创|杂|社|平台|购|门户|媒体|产品|项目|俱乐部|经济|市场|题材|向|频道|鞋|包包|包袋|箱|手表|内衣|小说|心理|领导力|成长|读者|玩家|粉丝|学员|患者|病|乘客|住户|业主|会员|受众|公益|权益|关怀)',
];

const SEX = '(男|女|男性|女性|男士|女士|男生|女生|男孩|女孩|男孩子|女孩子|男工|女工|男员工|女员工|男同志|女同志|男同胞|女同胞|小哥哥|小姐姐)';

/** How people are called by sex in everyday speech. */
const CALLED = '(妹子|妹纸|小姑娘|姑娘|美女|帅哥|小伙|小伙子|小妹|大姐|阿姨|大妈|大叔)';

const NEGATORS = ['(不得|禁止|严禁|不允许|杜绝|不可以|不应|不能)(以性别|因性别|限定|限制|设置|出现|发布|含有|使用|有)', '如有发现', '无需限', '并不', '并非'];

const TITLE = { zh: '限定性别或者性别优先', en: 'Limits or prefers by sex' };
const ADVICE = {
  zh: '删去性别条件，写明岗位本身的能力要求；如“能够独立搬运20公斤以内的货物”“普通话清晰、有接待经验”。确属女职工禁忌劳动的，选择对应例外并提交岗位材料。',
  en: 'Remove the sex and state what the work itself needs, such as “able to carry goods of up to 20 kg alone” or “clear Mandarin, reception experience”. If the law bars the work to women, choose that exception and file evidence of the job.',
};

/** Whether a posting placed for pay is an advertisement is not settled: the law on those is told beside, and changes nothing else. */
const PROMOTED: readonly Modifier[] = [{ context: 'promoted', severity: 'block', citations: [...CITATIONS, cite('advertising', '9()(9)')] }];

/** Sex (性别). */
export const GENDER: readonly Rule[] = [
  {
    id: 'gender.limit',
    ground: 'gender',
    class: 'a',
    severity: 'block',
    title: TITLE,
    citations: CITATIONS,
    modifiers: PROMOTED,
    penalty: 'P-43',
    exceptions: EXCEPTIONS,
    advice: ADVICE,
    phrases: [
      `(限|仅限|只限|限定|限制|仅招|只招|只收|仅收|只要|只考虑|仅考虑|只需|仅需|只聘|仅聘|专招|优先|优先考虑|优先录用|偏向|倾向)${SEX}`,
      `(要求|必须|务必|务必是|须为|需为|须是|需是|应为|最好|最好是|希望是|希望|必须是|要求是|要求为|限于|建议|建议是)${SEX}$`,
      `(要求|必须|务必|务必是|须为|需为|须是|需是|应为|最好是|必须是|要求是|要求为)(男|女|男性|女性|男士|女士|男生|女生)`,
      `${SEX}(优先|者优先|尤佳|为佳|更佳|佳|最佳|为先|从优|更好|最好|为主|为宜|为优|优选|首选|限定|专岗|多招)`,
      `${SEX}(，|)(可|有|会|将|能|)(优先|适当放宽|可放宽)`,
      '(男|女)的(优先|优先考虑|优先录用|为佳|最好|勿扰|勿投|免谈|不要|不招|请勿|别投|来)', `${CALLED}(优先|者优先|优先考虑|优先录用|尤佳|为佳)`, `(限|仅限|只限|只招|仅招|只要|限招)(单身|年轻|漂亮|)${CALLED}`, '(招|招聘|诚聘|急招|急聘)(保洁|做饭|洗碗|厨房|食堂|清洁|住家|钟点|家政|打扫|)(阿姨|大姐|大妈)', '(招|招聘|诚聘|急招|急聘)(形象|气质|漂亮|)(美女|帅哥)(前台|主播|销售|模特|接待|客服|服务员|迎宾)',
      '(男|女)(生|工|士|性|孩|孩子)(名额|都|)(满了|满员|已满|招满|暂停|停招)', '(gender|sex)(：| )(male|female|man|woman)', '^(男|女)(性|士|生|)岗(位|)$',
      `${SEX}(勿扰|勿投|勿进|免谈|免投|除外|止步|不要|不招|谢绝|绕道|请绕道|勿来|不考虑|不收|暂停招|暂不招|已招满|已满|招满|已停招|请勿)`,
      `(不招|不要|不收|谢绝|拒绝|暂不招|暂停招|不考虑|停招)(聘|)${SEX}`,
      '不招{gap}(小哥哥|小姐姐)',
      '(性别|性別)(要求|)(：|为|是|，|)(仅|限|只限|仅限|须为|)(男|女|男性|女性|男士|女士)',
      '(适合|适宜|更适合|宜)(男|女)(性|士|生|孩|孩子|同志)',
      '形象{gap}(男|女)$',
      '(招|聘|招聘|招收|诚聘|急招|急聘|直招|高薪聘|高薪诚聘|欢迎|寻找|寻|诚招|招募|大量招|需要|需)(数名|多名|若干|若干名|若干位|几名|一名|{num}名|{num}位|{num}个|{num}人|优秀|年轻|)(男|女)(性|士|生|孩|孩子|员工|工|普工|{occupation})',
      '(招|聘|招聘|诚聘|急招|急聘|直招|招募)(男|女)',
      '(补充|招|需|急需|招收)(大量|大批)(男工|女工|男普工|女普工|男性|女性)',
      '(人才|人员|专员|员工|师|方向)(，|)(男性|女性)(，|一名|{num}名)',
      '^(男|女)(性|)({occupation})',
      '(男工|女工)(直招|急招|优先|多招|招聘|若干|{num}名|{num}人)',
      `({num}岁|{num}周岁|以下|以上|左右|之间|以内)(的|)${SEX}$`,
      `(已婚|未婚|单身)(男|女)(性|士|生|)$`,
      `^${SEX}(一名|{num}名|{num}位|{num}个|{num}人|若干|若干名|数名|多名)`,
      `(male|female|males|females|women|men|man|woman|ladies|girls|boys)( |-)(only|preferred|are preferred|wanted)`,
    ],
    allow: NEUTRAL,
    negators: NEGATORS,
    negatorsAfter: ['不限', '均可', '皆可', '都可'],
    examples: {
      violating: [
        '本岗位仅限男性，需上夜班', '招聘行政前台，女性优先', '性别：男', '门店诚聘女导购两名', '本岗位较适合男生', '仓管员（男士优先）',
        '男女不限，女士优先', '僅限男性', '不招女生，请理解', '女前台', '招男普工50名', '要求女性，普通话标准', '女孩子勿扰', '小姑娘优先', '只招单身妹子', '急招保洁阿姨两名', '男生名额已满', '搬运岗，男的优先', 'Gender: female', 'Warehouse clerk, male only',
      ],
      complying: [
        '招聘文员，男女不限', '性别不限，有责任心即可', '联系人：赵女士，请来电预约', '负责女装店铺的日常陈列', '妇产科护士，需持执业证', '男士护肤品销售，底薪加提成',
        '男女均可，包食宿', '面向女性用户的内容运营', '不限男女，能适应倒班', '设有男女更衣室与女员工关怀日', '负责限量女鞋的采购', '服务年轻女性消费者', '欢迎优秀的小伙伴加入', '公司帅哥美女多，氛围好', 'Gender: male or female',
      ],
    },
  },
  {
    id: 'gender.only',
    ground: 'gender',
    class: 'a',
    severity: 'block',
    title: TITLE,
    citations: CITATIONS,
    modifiers: PROMOTED,
    penalty: 'P-43',
    exceptions: EXCEPTIONS,
    advice: ADVICE,
    phrases: [
      '^(男|女|男性|女性|男士|女士|男生|女生)$',
      '^(男|女|男性|女性|男士|女士|男生|女生|男工|女工|男普工|女普工|男员工|女员工)(年龄|身高|)(：|在|){num}', '^(男工|女工)$', `(男|女)(，|、|：|)(年龄|)(16|17|18|19|20|22|25|28|30|35)(岁|周岁|)(-|~|到|至|—|一)({num})(岁|周岁)`,
      '^(男|女|男性|女性|男士|女士|男生|女生)(身体|形象|五官|气质|本科|大专|中专|高中|学历|初中|未婚|已婚|身高|年龄|有经验|会开车|可)',
    ],
    allow: [...NEUTRAL, '(男|女)(性|)(占|多|较多|比较多|比例)'],
    negators: [...NEGATORS, '联系人', '姓名', '称呼', '目标(客户|用户|人群|群体|受众)', '(客户|用户|顾客|人群|群体|受众|会员|粉丝)(：|为|是|以|多为|均为|主要)', '针对', '面向'],
    pairs: { words: ['男', '女'], keep: 'alone' },
    examples: {
      violating: ['学历不限 女性 包吃住', '经验不限 男性 18-40岁', '任职要求：1、女，形象好', '1. 男性，能吃苦', '岗位要求：男，30岁以下', '（女）收银，白班', '女工18-45岁，计件', '年满十八周岁，男，初中以上'],
      complying: [
        '男，女，均可报名', '男、女各若干名，18岁以上', '要求：不限男女，会用电脑', '男：18-45岁；女：18-45岁', '目标客户：女性，25岁以上', '男生 女生都来，18岁以上',
      ],
    },
  },
  {
    id: 'gender.differing',
    ground: 'gender',
    class: 'a',
    severity: 'block',
    title: { zh: '按性别设定不同条件', en: 'Sets different conditions by sex' },
    citations: CITATIONS,
    modifiers: PROMOTED,
    penalty: 'P-43',
    exceptions: EXCEPTIONS,
    advice: {
      zh: '对所有人适用同一条件，如“18至45周岁”；身高等与岗位无关的条件应当删去。',
      en: 'Apply one condition to everybody, such as “aged 18 to 45”, and drop conditions the work does not need, such as height.',
    },
    phrases: ['(男|女)(性|生|士|孩|孩子|工|员工|)(：|，|、|)(年龄|身高|须|需|在|限|)(：|在|){num}'],
    allow: ['期限', '先生、女士', '女士、先生', '男女', '女男', '男、女', '女、男'],
    negators: [],
    pairs: { words: ['男', '女'], keep: 'different' },
    examples: {
      violating: [
        '男18-45岁，女18-40岁', '男：年龄20-50岁，女：20到38岁', '男女不限；男170cm以上，女160cm以上', '男性55岁以下，女性45岁以下', '男工18-50周岁、女工18-45周岁',
      ],
      complying: [
        '男18-45岁，女18-45岁', '男女不限，18-45岁', '男装200款，负责上新', '男性、女性均可，20岁以上', '男生 女生，18-35岁',
      ],
    },
  },
];
