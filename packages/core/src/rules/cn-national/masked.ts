import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const LOOK = {
  zh: '以拼音、谐音、拆字或符号代替的词语，须由人工判断；请用规范文字写明岗位所需能力',
  en: 'Words replaced by pinyin, homophones, split characters or signs: a person decides. Write what the work needs in plain words',
};

// Each list leaves out what is also a word of its own; where one must stay, the phrase asks for more around it.
const MEN_OR_WOMEN = '(nan|nv|nü|nanxing|nvxing|nansheng|nvsheng|nanshi|nvshi|nan性|nv性|nü性|nan生|nv生|nan士|nv士|男xing|女xing|男sheng|女sheng|男shi|女shi|男姓|女姓|南性|难性|钕性|囡性|汝性|囡生|铝生|绿生|驴生|南生|难生|蓝生|蓝孩|铝孩|男仕|女仕|钕士|囡士|南士|田力|女孑|女又生|男牲|女牲|男忄生|女忄生|xy染色体|xx染色体)';
const DEPOSITS =
  '(押jin|ya金|yajin|ya jin|押j|押斤|押巾|押津|扌甲金|扌甲斤|押钅|呷金|鸭金|牙金|芽金|丫金|保正金|保政金|保郑金|宝证金|饱证金|堡证金|保证jin|保证斤|保证今|保证巾|保zheng金|bao证金|baozhengjin|风险jin|风xian金|bzj)';
const ORIGINS =
  '(henan|he南|河nan|dongbei|dong北|东bei|xinjiang|xin疆|新jiang|xizang|anhui|an徽|河男|河蓝|荷南|荷兰省|喝南|东百|冻北|冬北|新绛|新姜|井盖省|外di|wai地|waidi|外弟|外帝|歪地|外省di|wai省|waisheng)';
const LOCALS = '(ben地|本di|bendi|夲地|本弟|本帝|苯地|ben市|bendi人|本d)';
const CHARGED = '(体检|入职体检|培训|岗前培训|服装|工装|工服|报名|中介|资料|办证|手续|材料|入职|介绍|考试|管理|建档|面试)';
const FEES =
  '(体jian费|ti检费|tijian费|体捡费|体剪费|体检fei|培xun费|pei训费|peixun费|peixunfei|tijianfei|陪训费|培训fei|赔训费|服zhuang费|fu装费|fuzhuang费|fuzhuangfei|服装fei|工装fei|工服fei|中jie费|zhong介费|zhongjie费|zhongjiefei|忠介费|中界费|中介fei|宝名费|报ming费|bao名费|baomingfei|报名fei|资料fei|办证fei|手续fei|材料fei|入职fei|介绍fei|建档fei|押fei|tjf|pxf|fzf|bmf|zjf|弗用|费yong|fei用|feiyong)';
const CARDS =
  '(sfz|shenfenzheng|身份zheng|shenfen证|身fen证|shen份证|身份正|身份症|身分zheng|身份政|生份证|申份证|身亻分证|毕业zheng|biye证|毕ye证|biyezheng|毕业正|毕业症|毕夜证|比业证|byz|学历zheng|xueli证|驾驶zheng|驾zhao|驾照zheng|hu照|户照|护zhao|zheng件|证jian|zhengjian)';
const MARRIED =
  '(yihun|已hun|yi婚|已昏|己婚|以婚|已婚yi育|weihun|未hun|wei婚|未昏|末婚|未女昏|已女昏|yiyu|已yu|yi育|已玉|以育|weiyu|未yu|wei育|末育|未生yu|wei生育|yihunyiyu|已hun已yu|weihunweiyu|yh已育|yhyy|whwy)';
const PREGNANT = '(huaiyun|怀yun|huai孕|坏孕|怀孕ing|怀允|怀运|怀韵|生yu|sheng育|shengyu|生玉|备yun|bei孕|备运)';
const CARRIERS =
  '(yigan|yi肝|乙gan|乙干|乙月干|已肝|以肝|乙杆|乙型gan炎|乙肝bing|大3阳|大san阳|da三阳|dasanyang|大叁阳|小3阳|小san阳|xiao三阳|xiaosanyang|小叁阳|aizi|aizibing|艾zi|ai滋|爱滋病|艾兹病|艾zi病|爱资病|传染bing|传ran病|chuan染病|chuanranbing|传然病|传染疒丙|ganyan|gan炎|肝yan|肝炎bing)';
const HOUSEHOLDS = '(hukou|户kou|hu口|户囗|沪口|护口|互口|户扣|戸口|户k|huji|户ji|hu籍|户藉|户j)';

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
      `(限|只限|仅限|只招|仅招|只收|只要|要求|急招|诚招|陷|xian|只xian|仅xian)${MEN_OR_WOMEN}`,
      `${MEN_OR_WOMEN}(优先|优xian|you先|youxian|尤先|为主|勿扰|不要|不招|勿投|免谈|only)`,
      '(xian|陷|仅xian|只xian|jin限|zhi招|只zhao|zhizhao)(男|女|男性|女性|男生|女生|男士|女士)(，|。|$)',
      '(男|女|男性|女性|男生|女生|男士|女士)(优xian|you先|youxian|尤先|幼先|忧先)',
      '(限|只招|仅招|只要)(囡|蓝孩|钕|男孑|女孑|妹子|汉子)(，|。|$)',
      '(性别|xingbie|性bie|姓别)(：|要求：|为|限)(nan|nv|m|f|男|女)(，|。|$)',
      '(要求|只招|限|招)(xy|xx)染色体',
    ],
    allow: ['(不限|无|均|皆)(nan|nv|男|女)', '(性别|性别要求)：(男|女)', '(男|女)(妹子|汉子)'],
    negators: ['不', '无需', '没有', '严禁', '禁止', '均可'],
    negatorsAfter: ['均可', '不限', '都可', '皆可'],
    examples: {
      violating: ['任职要求：限nan性', '本岗位nv性优先', '只招田力', '女xing优先', '南生优先，包住', '仅招nv', '性别：nan', '男姓优先', '只xian女性', '女生尤先'],
      complying: ['不限nan性女性', 'nano材料研发', '南生围项目', '负责nvidia显卡驱动', 'Requirements要求：M.A. or M.S.', '男生女生均可', '熟悉nvme接口', '田力集团客户经理', '现男装事业部招聘', '绿生植物养护'],
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
      `(交|缴|缴纳|收|付|扣|有|需|要|须|先|jiao|jiaona){gap}${DEPOSITS}`,
      `${DEPOSITS}(：|)({num}|{num}元|{num}块)(元|块|，|。|$|可退|离职)`,
      `(入职|上岗|服装|工服|工牌|宿舍|住宿|工装|工具|床位)${DEPOSITS}`,
      `${DEPOSITS}(可退|离职退|退还|离职返还|tui|后退)`,
      '(交|缴|缴纳|收|付|扣|jiao)(yj|押k|y金)', '(yj|y金)(：|){num}(元|块)',
      '(ya|丫|鸭|呀)(一个月|半个月|一ge月|{num}天)(工资|gongzi|gz|薪资|薪水)', '(押|压|扣)(一个月|半个月|{num}天)(gongzi|gong资|工zi|gz|公资|工姿|供资)',
    ],
    allow: ['(鸭|牙|芽|亚|甲)金(融|属|额|鱼|煌|桔|科|山|水)'],
    negators: ['不', '无需', '免', '无', '没有', '严禁', '禁止', '零', '退房', '客人', '租'],
    examples: {
      violating: ['入职交押jin五百', '须交ya金', '入职交扌甲金500元', '缴纳保正金', 'yajin300元', '工服押jin可退', '押斤两百元', '先交yj', '押一个月gongzi'],
      complying: ['不收押jin', '无需交yajin', '免ya金入住', '严禁收取押jin', '负责金属押花工艺', '鸭金煌芒果采购', '有亚金融资经验', '需甲金属材料知识'],
    },
  },
  {
    id: 'fee.masked',
    ground: 'fee',
    class: 'c',
    severity: 'review',
    title: { zh: '疑以变体用语向劳动者收费', en: 'Seems to charge the worker in disguised words' },
    citations: [cite('labour-contract', '9'), cite('order44', '19(2)'), cite('hr-market', '27')],
    penalty: 'P-EPL66',
    exceptions: [],
    advice: LOOK,
    phrases: [
      `(交|缴|缴纳|收|收取|付|支付|扣|扣除|jiao|交纳){gap}${FEES}`,
      `${FEES}(自理|自付|自负|自费|自li|zili|zi理|自里|自利|个人承担|{num}元|{num}块|：{num}|从工资)`,
      `${CHARGED}(费|费用|)(，|)(自li|zi理|zili|自里|自俐|自fei|zifei|自沸|自付fei|自己出qian)`,
      `(交|缴|缴纳|收|收取|付|扣){gap}${CHARGED}(废|肥|沸|菲|弗|钱qian)(，|。|$|{num})`,
      `${CHARGED}(废|肥|沸|菲|fei|非){num}(元|块|yuan)`,
      '(zifei|自fei|zi费)(体检|培训|办证|上岗)',
    ],
    allow: [],
    negators: ['不', '无需', '免', '无', '没有', '严禁', '禁止', '零', '公司承担', '报销'],
    negatorsAfter: ['报销', '公司承担', '由公司', '全免'],
    examples: {
      violating: ['体检fei自理', '入职交培训fei', '缴纳陪训费八百元', '体检费自li', '服装肥200元', '收zhongjie费', 'zifei体检上岗'],
      complying: ['不收体检fei', '无需交培训fei', '体检非空腹项目咨询', '培训非脱产学员', '负责收入分析', '免中介fei', 'tijian系统开发'],
    },
  },
  {
    id: 'id_withholding.masked',
    ground: 'id_withholding',
    class: 'c',
    severity: 'review',
    title: { zh: '疑以变体用语扣押证件', en: 'Seems to keep papers in disguised words' },
    citations: [cite('labour-contract', '9'), cite('labour-contract', '84(1)'), cite('employment-promotion', '66(1)')],
    penalty: 'P-EPL66',
    exceptions: [],
    advice: LOOK,
    phrases: [
      `(押|压|扣|扣押|扣留|抵押|收走|上交|收取|ya|kou|扣ya|kou押|暂扣|代管|保管){gap}${CARDS}`,
      `${CARDS}(原件|yuanjian|)(，|)(由|要|需|须|先|)(押|压|扣|扣押|交公司|公司保管|公司代管|公司收|保管|代管|上交|抵押)`,
      '(ya|kou|扣ya|kou押|扣丫|鸭|口押)(身份证|毕业证|证件|驾驶证|学历证)', '(身份证|毕业证|证件|驾驶证)(原件|)(要|需|须|由公司|先|)(ya在|yazai|ya公司|kou留|kouya|扣ya|压zai|bao管|保guan|daiguan)',
    ],
    allow: [],
    negators: ['不', '无需', '免', '无', '没有', '严禁', '禁止', '负责', '复印'],
    negatorsAfter: ['复印', '号'],
    examples: {
      violating: ['入职押sfz', '身份zheng由公司保管', '扣毕业zheng', 'shenfenzheng要押', '扣押毕业正', '入职ya身份证', '身份证需kouya'],
      complying: ['不押sfz', '携带身份zheng面试', '严禁扣押zheng件', 'zhengjian系统开发', '上交sfz复印件', '北京亚证件照拍摄'],
    },
  },
  {
    id: 'marital.masked',
    ground: 'marital',
    class: 'c',
    severity: 'review',
    title: { zh: '疑以变体用语限定婚育', en: 'Seems to make marriage or children a condition in disguised words' },
    citations: [cite('women', '43()(2)'), cite('women', '43()(4)')],
    penalty: 'P-43',
    exceptions: [],
    advice: LOOK,
    phrases: [
      `${MARRIED}(优先|为佳|者|勿扰|不要|女|男|，|。|$|、|优xian|最好)`, `(要求|限|须|需|只招|仅招|仅限|最好){gap}${MARRIED}`,
      `(不|不得|不能|不可|不许|勿|无|暂无|{num}年内不|内不|没有)${PREGNANT}(，|。|$|者|计划|打算|安排)`, `${PREGNANT}(者|)(勿扰|不要|免谈|离职|自动离职|勿投)`, '(已|未)(婚|昏|hun)(已|未)(yu|玉|欲|育龄)(优先|者|，|。|$)',
    ],
    allow: ['(不限|不论|无论|不问)(yihun|weihun|婚)', '(防|免)(怀yun|怀运)'],
    negators: ['不限', '不论', '无论', '不问', '严禁', '禁止', '均可'],
    negatorsAfter: ['均可', '不限', '都可'],
    examples: {
      violating: ['已hun已yu优先', 'yihunyiyu优先', '要求未昏', '两年内不怀yun', '己婚优先', '怀yun者勿扰', 'wei婚者优先'],
      complying: ['yihun、weihun均可', '不限已hun未hun', '严禁要求未hun', '怀运河文化研究', 'yihuan系统开发', '未婚夫妻摄影服务'],
    },
  },
  {
    id: 'infection.masked',
    ground: 'infection',
    class: 'c',
    severity: 'review',
    title: { zh: '疑以变体用语排斥病原携带者', en: 'Seems to exclude carriers of an infection in disguised words' },
    citations: [cite('employment-promotion', '30'), cite('infectious-diseases', '16(2)')],
    penalty: 'P-43',
    exceptions: [],
    advice: LOOK,
    phrases: [
      `(无|没有|非|不得有|不能有|不要|不招|拒绝|无任何|不得患|不患|未患|查|检查|检测|排除){gap}${CARRIERS}`,
      `${CARRIERS}(携带者|患者|者|携dai者|病毒携带者|xdz|)(勿扰|不要|免谈|勿投|除外|不招|不录用|勿进)`,
      '(乙肝|大三阳|小三阳|传染病|艾滋|艾滋病)(携dai者|xie带者|xdz|huan者|患zhe)(勿扰|不要|免谈|除外)', '(wu|吴|毋|五)(乙肝|传染病|大小三阳|yigan|chuanranbing)(，|。|$|者)',
    ],
    allow: [],
    negators: ['不歧视', '不查', '不检测', '禁止', '严禁', '预防', '治疗', '研究', '无论', '不论', '不因'],
    negatorsAfter: ['防治', '治疗', '研究', '药', '疫苗', '防控', '歧视'],
    examples: {
      violating: ['无yi肝', '要求没有乙gan', 'yigan勿扰', '无传染bing', '大san阳不要', '不得有aizi病', '查乙月干'],
      complying: ['不歧视yi肝携带者', '预防aizi宣传', '不查乙gan', '从事乙肝疫苗研究', 'aizi品牌推广', '肝yan治疗药物推广'],
    },
  },
  {
    id: 'hukou.masked',
    ground: 'hukou',
    class: 'b',
    severity: 'review',
    title: { zh: '疑以变体用语限定户籍', en: 'Seems to demand a household registration in disguised words' },
    citations: [cite('order44', '15(2)'), cite('hr-market', '11')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: LOOK,
    phrases: [
      `(本地|本市|当地|本省|城镇|城市|农村|农业|北京|上海|广州|深圳|京|沪|非本地|外地|本di|bendi)${HOUSEHOLDS}(优先|者|勿扰|不要|，|。|$|人员)`, `(限|要求|需|须|仅限|只招|具有|具备){gap}${HOUSEHOLDS}(，|。|$|者|优先)`,
      '(bendi|本di|ben地|bei京|shang海|wai地|外di|本shi)(户口|户籍)(优先|者|勿扰|不要|，|。|$)', '(jing|京j|沪j|bj|sh|gz|sz)(户口|户籍|hukou)(优先|者|，|。|$)',
    ],
    allow: [],
    negators: ['不限', '不要求', '无需', '不看', '不论', '解决', '落户', '办理', '协助'],
    negatorsAfter: ['不限', '迁移', '落户'],
    examples: {
      violating: ['本地hukou优先', '北京户kou优先', '要求本市户囗', '限hu口', 'bendi户口优先', '外地户ji勿扰', '需上海沪口'],
      complying: ['hukou不限', '不限hukou', '解决北京hukou', '江西湖口县项目', '可办理hukou迁移', '北京沪江网校讲师'],
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
      `${ORIGINS}(人|籍|人员|的)(勿扰|不要|免|除外|勿投|不招|免谈|wurao|勿rao|wu扰|勿绕)`, `${ORIGINS}(勿扰|勿投|免谈|wurao|勿rao|wu扰)`, '(hn|db|xj|ah|河n|东b)(人|籍)(勿扰|不要|除外|勿投|不招)',
      `(不要|不招|拒绝|谢绝|buyao|不yao|bu要|卜要)${ORIGINS}(人|的|，|。|$|籍)`, '(buyao|不yao|bu要|卜要|不招shou)(河南|东北|新疆|安徽|外地|河北)(人|的)', '(河南|东北|新疆|安徽|外地|河北|湖北|福建|江西)(人|籍|ren|亼|亻)(勿rao|wurao|wu扰|勿绕|勿饶|勿绕行|误扰|物扰|bu要|buyao|不yao)',
      '(河南|东北|新疆|安徽|外地|河北|湖北|福建|江西)(ren|亼|銀|银|rén|淫)(勿扰|不要|免|除外|勿投)', `${LOCALS}(人|户口|生源|)(优先|only|优xian|youxian)`, '(本地|当地|本市)(ren|亼|银)(优先|优xian)', '(本地|当地|本市)人(优xian|youxian|you先|尤先)',
    ],
    allow: [],
    examples: {
      violating: ['henan人勿扰', '不要河男人', '外di人勿扰', '井盖省人勿投', 'ben地人优先', '河南ren勿扰', '东北人wurao', '本地人优xian'],
      complying: ['henan分公司招聘', '工作地点dongbei', '外地人可提供住宿', '新绛县项目', 'hn区域销售', '非诚勿扰', '本地人脉优先'],
    },
  },
];
