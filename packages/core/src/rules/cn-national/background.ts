import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const FIRST = '(优先|者优先|优先考虑|优先录用|优先录取|尤佳|为佳|更佳|最佳|佳|首选|为先|从优)';
const NONE = '(无|没有|没|未有|不得有|不能有|不可有|未曾有|从未有|没有过|无过|必须无|须无|需无|不存在|未受过|没受过|未发生|不能存在|无任何|没有任何|不许有)';
const RECORD = '(犯罪|前科|案底|违法犯罪|刑事犯罪|犯罪前科|刑事前科|违法|违法违纪|违纪违法|违法乱纪|违规违纪|违纪|犯案|不良记录|不良纪录|劣迹|污点|刑事处罚|刑事记录|刑事案底|行政拘留|治安处罚|吸毒史|涉毒|违反法律|重大违纪|犯罪记录|犯罪纪录|犯法|不良前科|前科案底|不良案底|不良行为记录|刑事处分)';
const OUT = '(勿扰|勿投|不招|不要|不收|不录用|不予录用|免谈|除外|谢绝|请绕道|勿试|不得报考|不得应聘|暂不录用)';
const SIGN = '(白羊座|牡羊座|金牛座|双子座|巨蟹座|狮子座|处女座|天秤座|天蝎座|射手座|摩羯座|山羊座|水瓶座|双鱼座)';
// Only where English says it in so many words: the names are also those of firms and products.
const SIGNS_IN_ENGLISH = '(taurus|virgo|scorpio|sagittarius|capricorn|pisces)';
const ANIMAL = '属(鼠|牛|虎|兔|龙|蛇|马|羊|猴|鸡|狗|猪)';
const PARTY = '(中共党员|党员|共产党员|共产党党员|中国共产党党员|中国共产党员|中共正式党员|正式党员|预备党员|中共预备党员|共青团员|团员|民主党派)';

/** Party membership, birth signs and records (政治面貌、星座属相、违法犯罪记录). */
export const BACKGROUND: readonly Rule[] = [
  {
    id: 'political.limit',
    ground: 'political',
    class: 'd',
    severity: 'advise',
    title: { zh: '以政治面貌限制或者优先', en: 'Limits or prefers by party or league membership' },
    citations: [cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [{ id: 'party-post', title: { zh: '党务岗位', en: 'A post of party work' }, citations: [cite('employment-promotion', '3')] }],
    advice: {
      zh: '国家法律没有明文禁止。非党务岗位的政治面貌条件如与工作无关，可能被认定为就业歧视，建议删去或写明党务工作内容。',
      en: 'Not prohibited by national statute. Outside party work, membership unrelated to the job may be held discrimination: remove it or describe the party work.',
    },
    phrases: [
      `${PARTY}(，|)${FIRST}`, `(优先|优先招聘|优先考虑|优先录用|优先录取|限|仅限|只限|要求|须|需|须为|需为|应为|必须|必须是|必须为|须是|需是|应是|最好是|最好|身份：|限招|且为|并且是)(具有|是|为|：|)(正式|)${PARTY}`, `政治面貌(要求|)(：|为|，|须为|需为|应为|限|是|须是|必须为|必须是|要求)(正式|)${PARTY}`, `^${PARTY}(（含|含|或|或者|、|，)(预备党员|中共预备党员|共青团员|团员)`, `^${PARTY}(，|。|、|；|$)`, `${PARTY}(及|或|、|和|/)(优秀|)(学生|班|学生会|退役|退伍|团员|共青团员|获){gap}{gap}${FIRST}`, `${PARTY}身份(${FIRST.slice(1, -1)}|，|。|$)`, '(，|是|为|系)(中共)(正式|预备|)党员(，|。|；|、|$)', `非(中共|)党员(者|的|)${OUT}`, '(党龄|入党)(满|不少于|){num}年', '(party|cpc) (member|members) (preferred|only|first)', `(是|为|系)(中共|)(党员|共产党员|预备党员)(的|者|)${FIRST}`,
      '(政治面貌)(要求|)(：|，|)(中共|党|团)',
    ],
    allow: ['不限', '(集|社|乐|剧|财|旅|兵|集团公司)团员', '民主党派(机关|成员|人士|工作)', '团员(青年|青少年)', '(党员|团员)(活动|干部|管理|发展|教育|之家|关系|大会|服务|先锋|生日|周年|学习|档案|信息|队伍|示范|民主评议|组织|转接|思想|代表)', '党员(不限|均可|与否)', '政治面貌(不限|无要求|没有要求)', '(发展|培养|管理)党员', '会员'],
    negators: ['负责', '组织', '开展', '协助', '公司现有', '现有', '我们', '发展', '培养', '不要求', '无需', '管理', '做好', '拥护'],
    negatorsAfter: ['均可', '皆可', '管理', '教育', '发展工作'],
    examples: {
      violating: ['党员优先', '经验不限 党员优先', '中共党员，笔试成绩良好', '政治面貌：中共党员', '仅限共青团员报名', '同等条件下优先录用党员', '党员或学生干部优先', '具有党员身份优先', '本科，中共党员，会驾驶', '非中共党员勿投', '中共党员或者共青团员', '须为中共正式党员', '其他要求：中共党员', '团员优先考虑'],
      complying: ['集团员工享受五险一金', '负责党员发展与教育工作', '政治面貌不限', '协助组织党员活动', '社团员工福利', '拥护中国共产党的领导', '公司现有党员30名', '某县党员教育中心文员', '协助党员及团员的组织关系转接', '了解入党流程，负责党务资料', '中共某市委办公室'],
    },
  },
  {
    id: 'zodiac.limit',
    ground: 'zodiac',
    class: 'd',
    severity: 'advise',
    title: { zh: '以星座、属相、血型限制或者优先', en: 'Limits or prefers by birth sign or blood type' },
    citations: [cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '星座、属相、血型与工作能力无关，国家法律虽无明文禁止，仍可能被认定为就业歧视，建议删去。',
      en: 'Birth signs and blood types say nothing about ability. Not prohibited by national statute, but it may be held discrimination: remove it.',
    },
    phrases: [
      `${SIGN}(的|者|、|和|，|)(优先|勿扰|不要|勿投|免谈|除外|尤佳|为佳|最佳|不招|绕道|者优先|首选|请绕道|谢绝)`, `(不要|不招|限|仅限|只要|只招|拒绝|谢绝|喜欢|优先|最好是|最好|希望是|除了|禁|不收|星座：){gap}${SIGN}`, `(要求|星座)(：|是|为|须为|)${SIGN}`, `${SIGN}(、|，|和|或)${SIGN}(的|者|，|)(优先|勿扰|不要|为佳|免谈|除外|尤佳)`,
      `${SIGN}(的|)(人|)(，|)(请|一律|均)(勿|不要|绕|避)`, '血型(为|是|要求|)(a|b|o|ab)型(，|。|$|优先|者|血)', '(要求|提供|报|看|合|发送)(生辰八字|出生时辰)', `${SIGNS_IN_ENGLISH} (preferred|not welcome|need not apply)`, `no ${SIGNS_IN_ENGLISH}`,
      `${ANIMAL}(的|者|和|、|，|)(人|)(优先|勿扰|不要|勿投|免谈|除外|为佳|尤佳|不招|绕道|首选)`, `(不要|不招|限|仅限|只要|只招|拒绝|谢绝|最好是|最好|希望是|除了|不收|忌|不考虑|优先|属相：|生肖：){gap}${ANIMAL}`, `(要求|属相|生肖)(：|是|为|须|)${ANIMAL}`, `(星座|属相|生肖|血型|八字|生辰八字|姓氏)(要求|须|需|限|不合|相合|相冲|匹配|要合|合|必须|为|：)(为|是|：|)(a|b|o|ab|白羊|金牛|双子|巨蟹|狮子|处女|天秤|天蝎|射手|摩羯|水瓶|双鱼|鼠|牛|虎|兔|龙|蛇|马|羊|猴|鸡|狗|猪|属|老板|火|土|风|水|的|者|优先|匹配|相合|，|。|$)`,
      '(限|仅限|要求|只要|不要|不招|优先|最好是|喜欢|最好)(a|b|o|ab)(型|型血)', '(a|b|o|ab)型血(的|者|，|)(优先|勿扰|不要|免谈|为佳|除外|尤佳|不招)', '(限|仅限|不招|不要|只要|看|讲究|注重|提供|注明)(星座|属相|生肖|血型|八字|生辰八字)', '(星座|属相|生肖)(不合|相冲|犯冲|相克)(者|的|)(勿扰|不要|免谈|勿投|请|不|，|。|$)',
    ],
    allow: ['(下|附|金|直|所|权|归|隶|从|亲|家)属(相|马|猪|牛)', '不限', '座(大厦|写字楼|广场|公寓|a|b|c|d)', '(星座|属相|生肖|血型)(不限|无要求|都可以|均可)', '(属相关|属相应)', '血型(检测|鉴定|试剂|分析)'],
    negators: ['无论', '不论', '负责', '开发', '献血', '检测', '不看', '不讲究', '玩法', '内容'],
    negatorsAfter: ['均可', '皆可'],
    examples: {
      violating: ['处女座勿扰', '属虎的优先', 'O型血优先', '不要天蝎座', '星座要求：狮子座', '最好是属龙', '不招属羊的', '属相不合者勿扰', '限A型血', '处女座的人请勿投递', '须提供生辰八字', 'Virgo preferred', '血型O型，身体好', '属龙优先'],
      complying: ['管理下属相关工作', '贵金属相关行业经验', '熟悉CSS属相及使用场景', '星座生日会', '星座运势栏目编辑', '星座不限', '金属马口铁包装', '负责血型检测试剂的研发', '双子座大厦前台', '直属牛场场长', '血型O型样本的检测', 'Gemini API experience preferred'],
    },
  },
  {
    id: 'criminal.record',
    ground: 'criminal',
    class: 'c',
    severity: 'review',
    title: { zh: '要求没有违法犯罪记录', en: 'Demands a record free of offences' },
    citations: [cite('prison', '62'), cite('community-correction', '4'), cite('community-correction', '57'), cite('juvenile-delinquency', '58'), cite('employment-promotion', '3')],
    penalty: '',
    exceptions: [
      { id: 'security-guards', title: { zh: '保安员：因故意犯罪受过刑事处罚等不得担任', en: 'Security guards: certain records bar the post' }, citations: [cite('security-guards', '17')] },
      { id: 'close-contact-with-minors', title: { zh: '密切接触未成年人的单位', en: 'Employers in close contact with minors' }, citations: [cite('minors', '62')] },
      { id: 'civil-servants', title: { zh: '公务员：因犯罪受过刑事处罚的不得录用', en: 'Civil servants: a criminal punishment bars the post' }, citations: [cite('civil-servants', '26')] },
      { id: 'teachers', title: { zh: '教师：剥夺政治权利或者故意犯罪受到有期徒刑以上刑事处罚的不能取得教师资格', en: 'Teachers: certain sentences bar the qualification' }, citations: [cite('teachers', '14')] },
    ],
    modifiers: [
      {
        context: 'minors-contact',
        severity: 'advise',
        class: 'd',
        citations: [cite('minors', '62')],
        advice: {
          zh: '密切接触未成年人的单位招聘时应当查询应聘者是否有性侵害、虐待、拐卖、暴力伤害等违法犯罪记录，此项要求于法有据。建议写明由单位依法查询这几类记录，不要笼统排斥有前科的人。',
          en: 'An employer in close contact with minors must look up records of sexual assault, abuse, trafficking and violence before hiring, so the demand has a basis in law. Say that you look up these records yourself; do not turn away everybody with any record.',
        },
      },
      {
        context: 'public-body',
        severity: 'review',
        citations: [cite('civil-servants', '26'), cite('prison', '62'), cite('employment-promotion', '3')],
        advice: {
          zh: '因犯罪受过刑事处罚的，不得录用为公务员；其他岗位的刑满释放人员就业不受歧视。请写明是否公务员岗位及所依据的规定。',
          en: 'A criminal punishment bars people from the civil service; in other posts they must not be discriminated against. Say whether the post is one of a civil servant and name the rule.',
        },
      },
    ],
    advice: {
      zh: '刑满释放、社区矫正人员就业不受歧视。只有法律规定不得任职的岗位才能要求，请选择所依据的规定；否则删去，改写诚信、纪律等与工作有关的要求。',
      en: 'People who have served a sentence must not be discriminated against. Only where a law bars the post may this be asked: name that rule, or remove the demand and describe the conduct the work needs.',
    },
    phrases: [
      `${NONE}{gap}${RECORD}`, `${NONE}{gap}(及|和|或|、|与|以及){gap}(犯罪|前科|案底|违法犯罪|刑事犯罪|犯罪前科|犯罪记录|违法记录|不良记录|违法乱纪)`, `${NONE}{gap}{gap}(记录|纪录|事故|嗜好)(和|及|或|、|与|，)(犯罪|前科|案底|违法|刑事)`,
      `(有|存在|曾有|受过|有过){gap}(犯罪|前科|案底|刑事处罚|违法记录|不良记录|犯罪记录|刑事案底|劳改|坐过牢){gap}(者|的|人员|，|){gap}${OUT}`, '(犯罪|前科|案底|劳改|刑满释放|坐过牢|刑释)(人员|者|的|记录|记录者|记录的|)(勿扰|不招|不要|免谈|勿投|不收|不录用|不予录用|谢绝|除外|拒绝|纹身)', '(不招|不要|谢绝|拒绝|不收|不录用|不得录用)(有|)(刑满释放|前科|案底|犯罪记录|劳改|刑释)',
      '(提供|开具|出具|开|办理|提交|持|需要|有)(派出所|公安|公安机关|当地|户籍地|近期|){gap}(无犯罪|无违法犯罪|未犯罪|无刑事)', '(曾|曾经|)(因犯罪|受过|受到|被){gap}(刑事处罚|劳动教养|开除公职|治安处罚)', '(政审|背景调查|背调)(清白|合格|无不良|须无|通过，无)', '(没有|未|未曾|从未)(受过|受到过|受到)(任何|过|){gap}{gap}(刑事处罚|治安处罚|行政拘留|刑事处分|劳动教养)', '(clean|no) (criminal|police) (record|history)', '无不良(社会|法律|从业|职业|执业|品行|诚信|纪律|个人|)(记录|纪录)', '(信誉|品行|历史|身家|身世|家世|社会背景)清白', '(政审|政治审查)(须|需|应|要|必须|)(合格|通过|过关|无问题)', '(通过|能过|过得了|需|须|需要|须经)(单位|公安|公司|)(政审|政治审查)',
      '(无|没有|非|不是|未被列入)失信(记录|行为|被执行|人员|人名单|名单|，|。|$)', '(征信|信用)(上|有|)黑名单(者|的|)(勿扰|勿投|不要|免谈|除外)', '(无|没有)(酒驾|醉驾|毒驾|酒后驾驶)', '(无|非|不是)(网逃|在逃)', '有(案底|前科|犯罪记录)(，|、|纹身|和|或){gap}{gap}(不要|勿扰|不招|不收|免谈|除外|谢绝)',
    ],
    allow: ['有无(案底|前科|犯罪记录|违法)(均|都|皆|也|者)', '(目|以|之|提|生|当|空|年|月|日|天|周)前科', '前科(技|研|学|目|室)', '(打击|预防|防范|惩治|涉嫌|制止|举报|侦查|研究)(违法|犯罪)', '犯罪(学|心理|侦查|嫌疑|现场|证据)', '(无|没有)违法(广告|信息|内容|建筑)', '(违法|违纪)(违规|)(现象|行为扣|内容|信息|广告|建筑)', '不良记录(管理|统计|处理)', '无论', '征信无不良记录', '无不良(驾驶|信用|征信|贷款|嗜好|习惯|品|反)', '无不良贷'],
    negators: ['(不要求|无需|不需要|不必|不看)', '监控', '审核', '排查', '确保', '保证', '负责', '打击', '处理', '检查', '发现', '防止', '避免', '平台'],
    negatorsAfter: ['可奖', '奖励', '加分', '均可报名', '也可', '也要', '包进'],
    examples: {
      violating: ['无犯罪记录，能倒班', '没有前科', '需提供无犯罪记录证明', '无案底、身体健康', '有前科者勿扰', '无不良嗜好及违法犯罪记录', '无任何刑事犯罪记录', '不得有违法违纪行为', '刑满释放人员免谈', '无不良记录', '无不良从业记录', '政审合格', '无失信记录', '身家清白', '无酒驾、毒驾记录', '有案底、大面积纹身的不要', '没有受过党纪政纪处分或刑事处罚'],
      complying: ['目前科技行业发展迅速', '负责打击平台违法犯罪行为', '犯罪心理学专业优先', '协助排查违法信息', '无不良嗜好', '遵纪守法，品行端正', '做好会议记录', '以前科研项目经验可加分', '无论有无前科均可报名', '熟悉刑事案件流程', '有无案底均可', '负责候选人背景调查', '整理政审材料', '负责失信被执行人名单的数据清洗'],
    },
  },
];
