import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const EXCLUDED = '(勿扰|勿投|勿进|勿来|勿试|勿|免谈|免投|除外|止步|不要|不招|暂不招|暂停招|不收|不考虑|谢绝|绕道|请绕道|请勿|慎投|慎入|不予)';
const EXCLUDING = '(不招|不招收|不要|不收|谢绝|拒绝|暂不招|暂不招收|暂停招|不考虑|不接收|不接受|不录用)';
const FORBIDDEN = ['(不得|禁止|严禁|不允许|杜绝|从不|绝不)(以|因|限定|限制|设置|发布|歧视|有)', '无论', '不论', '不分'];
const PREFERRED = '(优先|者优先|人员优先|人士优先|人优先|的优先|尤佳|为佳|更佳|最佳|佳|最好|为主|为宜|首选|优先考虑|优先录用|优先录取)';

const HUKOU = '(户口|户籍)';
const HUKOU_PHRASES = [
  `(限|仅限|只限|限定|只招|仅招|只收|要求|需|须|须有|需有|须具有|需具有|必须有|须为|需为|须是|需是|必须是|必须为|必须|具有|具备|持有|持|非)(有|具有|)(本地|本市|本省|本区|本县|当地|城镇|城市|农村|农业|非农|非农业|市区|常住|外地|外省|{place})(市|省|区|县|常住|非农|城镇|)${HUKOU}`,
  `(本地|本市|本省|本区|本县|当地|城镇|城市|农村|农业|非农|非农业|市区|外地|外省|{place})(市|省|区|县|常住|非农|城镇|)${HUKOU}(，|)${PREFERRED}`,
  `(本地|本市|本省|本区|本县|当地|城镇|农村|农业|外地|外省|{place})(市|省|区|县|)${HUKOU}(的|者|人员|)${EXCLUDED}`,
  `${EXCLUDING}(外地|外省|农村|农业|{place})${HUKOU}`,
  // A city's name alone is left out: 北京户口 as an item of its own is most often a benefit.
  `^(本地|本市|本省|本区|本县|当地|城镇|农村|农业)(市|省|区|县|常住|)${HUKOU}$`,
  `^(本地|本市|本省|本区|本县|当地)(常住|)${HUKOU}(或|、|，)`,
  `(户口要求|户口所在地|户口性质|户籍|户籍要求|户籍所在地|户籍性质)(：|为|须为|需为|限|仅限|要求|在|须在|需在)(本地|本市|本省|本区|本县|当地|城镇|农村|农业|非农|{place})`,
  `(县|市|区|省|州|旗)${HUKOU}(或|及|、|，|)(生源|人员|考生|居民|人口|毕业生)`,
  `(限|仅限|只限|须有|须具有|需具有|要求|须为|限于){gap}(县|市|区|省|州|旗)${HUKOU}`,
  '(限|仅限|只限|要求|须为|需为)(沪籍|京籍|津籍|渝籍|深户|京户|沪户|杭户)',
  '(沪籍|京籍|津籍|渝籍|深户|京户|沪户|杭户)(优先|者优先|为佳|人员|人士)',
  `(有|是)(本地|本市|{place})(市|)${HUKOU}(者|的|)(优先|尤佳|为佳)`, `^({place})(市|省|区|县|本地|)户籍(人员|人士|居民|者|，|。|$)`, '^(沪籍|京籍|沪户)(人员|$)', '非(沪籍|京籍|深户|沪户|京户)(者|人员|)(勿投|勿扰|免谈|不要|不招|除外|请勿)', '户口(：)(本地|本市|本省|当地|城镇)', `(户口|户籍)(须|需|必须|)在(本地|本市|{place})(者|的|优先|，|$)`,
  `(面向|针对|招收|招录|定向)(本地|本市|本省|本县|{place})(市|省|县|)户籍`, '^本(地|市|县)(农村|城镇)户口',
  `${HUKOU}(优先|者优先|尤佳|为佳)`,
];
const HUKOU_ALLOW = [
  '不限', '(户口|户籍|籍贯)(不限|无限制|无要求|没有要求|不作要求|不做要求|不受限制)', `${HUKOU}(本|簿|页|证明|管理|民警|办理|指标|名额|机会|迁移|手续|政策|补贴|问题|登记|制度|改革|配额|服务|的机会|的名额)`,
];
const HUKOU_NEGATORS = [
  ...FORBIDDEN, '解决', '办理', '协助', '落户', '提供', '获得', '落', '转', '入户', '申请', '享有', '享受', '可有机会', '有机会', '帮助', '拿到', '拥有', '无需', '不要求', '不需', '不必', '取得', '给予', '赠送', '奖励', '指标',
];
const HUKOU_ADVICE = {
  zh: '删去户籍条件；需要居住便利的写通勤要求，如“能够在早六点前到岗”。国家规定的定向岗位，写明文件依据。',
  en: 'Remove the household registration; if living near matters, state the commute, such as “able to be on site by 6 a.m.”. For a post reserved by a national rule, name the rule.',
};

/** Household registration and place of origin (户籍、地域). */
export const ORIGIN: readonly Rule[] = [
  {
    id: 'hukou.limit',
    ground: 'hukou',
    class: 'b',
    severity: 'review',
    title: { zh: '以户籍限制或者优先', en: 'Limits or prefers by household registration' },
    citations: [cite('order44', '15(2)'), cite('hr-market', '11')],
    penalty: 'P-34.2',
    exceptions: [
      {
        id: 'national-programme',
        title: { zh: '国家规定的定向招录、基层服务项目', en: 'Recruitment reserved by a national programme' },
        citations: [cite('order44', '15(2)')],
      },
    ],
    advice: HUKOU_ADVICE,
    phrases: HUKOU_PHRASES,
    allow: HUKOU_ALLOW,
    negators: HUKOU_NEGATORS,
    negatorsAfter: ['不限', '均可', '无要求', '皆可'],
    examples: {
      violating: ['仅限本地户口', '要求具有杭州市户籍', '本市户籍优先', '专业不限 上海户籍优先', '学历不限 户籍：上海', '户籍：上海', '城镇户口，30岁以下', '持北京户口者优先', '上海户籍，40岁以下', '沪籍', '户籍须在杭州', '面向山东户籍人员', '非京籍勿扰'],
      complying: ['户籍不限', '可协助办理北京户口', '户口不限，能倒班即可', '表现优异者可解决深圳户口', '入职需带户口本复印件', '负责户籍管理系统开发', '提供上海户口落户名额', '福利：北京户口、双休', '深户与非深户同等参保', '户口：可协助办理上海户口'],
    },
  },
  {
    id: 'hukou.graduates',
    ground: 'hukou',
    class: 'b',
    severity: 'block',
    title: { zh: '对高校毕业生设置户籍限制', en: 'Limits college graduates by household registration' },
    citations: [cite('order44', '15(2)'), cite('hr-market', '11'), cite('graduates-2013-35', '2')],
    penalty: 'P-34.2',
    exceptions: [
      {
        id: 'national-programme',
        title: { zh: '国家规定的定向招录、基层服务项目', en: 'Recruitment reserved by a national programme' },
        citations: [cite('order44', '15(2)')],
      },
    ],
    advice: {
      zh: `国办发〔2013〕35号要求招聘高校毕业生不得以户籍作为限制条件。${HUKOU_ADVICE.zh}`,
      en: `State Council Office notice 2013 No. 35 bars household registration as a condition when hiring graduates. ${HUKOU_ADVICE.en}`,
    },
    phrases: HUKOU_PHRASES,
    allow: HUKOU_ALLOW,
    negators: HUKOU_NEGATORS,
    negatorsAfter: ['不限', '均可', '无要求', '皆可'],
    contexts: ['graduates', 'campus'],
    when: ['应届', '校招', '校园招聘', '校园宣讲', '高校毕业生', '大学毕业生', '届毕业', '届本科', '届硕士'],
    examples: {
      violating: [
        '面向应届毕业生，限本省户籍', '校园招聘：北京户口优先', '2027届毕业生，要求本市户口', '应届生，须有天津市户籍', '高校毕业生，户籍：广州',
      ],
      complying: [
        '应届毕业生，户籍不限', '应届生可解决北京户口', '仅限本市户籍', '校园招聘，不限户口', '高校毕业生入职后协助落户，提供户口名额',
      ],
    },
  },
  {
    id: 'region.exclude',
    ground: 'region',
    class: 'b',
    severity: 'block',
    title: { zh: '排斥特定地域的求职者', en: 'Excludes people of a place' },
    citations: [cite('order44', '15(2)'), cite('employment-promotion', '3'), cite('employment-promotion', '26')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: {
      zh: '删去地域条件；工作地点、班次、方言确有需要的，直接写明，如“需驻厂”“能用粤语沟通”。',
      en: 'Remove the place of origin; if the site, shift or a dialect matters, say so, such as “lives on site” or “speaks Cantonese”.',
    },
    phrases: [
      `({place}|外地|外省|外来|本地|当地)(人|人士|人员|求职者|应聘者|籍|户籍|户口|的|老乡|地区|那边|务工人员)(的|者|一律|请|恕|均|都|，|)${EXCLUDED}`,
      `{place}(，|、){place}(的|人|籍|)${EXCLUDED}`,
      '(不要|不招|不收|谢绝|拒绝|暂不招|不考虑)({place})(人|)(和|、|及|与|或|跟)({place})(人|籍|)(的|$|，)', `({place}|外地|外省)(勿扰|勿投|勿进|免谈|止步|绕道|请绕道)`,
      `${EXCLUDING}(聘|)({place}|外地|外省)(人|籍|的|地区|人员|户籍)`,
      `(非|不是)(本地|本市|本省|当地|{place})(人|籍|户口|户籍|人员|的|)(请|者|)${EXCLUDED}`,
      `(地域|籍贯)(要求|)(：|)(除|非)({place})`, `除({place})(人|籍)(外|以外|之外)`,
    ],
    allow: ['不限', '外地(车|牌照)', '外地人勿(信|听)'],
    negators: [...FORBIDDEN, '工作地点', '工作地址', '地址', '面试地点', '不在', '不(能|想|愿|来|去|适应)', '无法'],
    examples: {
      violating: ['河南人勿扰', '不要东北的', '外地人勿扰', '非本地人请勿投递', '谢绝新疆籍', '不招安徽人', '湖北、湖南人免谈', '本地人不要', '不要河北和山西的'],
      complying: ['工作地点：河南郑州', '不限地域，欢迎投递', '负责东北市场开拓', '外地人员提供住宿', '不接受河南以外的出差安排', '需常驻新疆，非诚勿扰', '熟悉安徽渠道者优先'],
    },
  },
  {
    id: 'region.prefer',
    ground: 'region',
    class: 'b',
    severity: 'review',
    title: { zh: '以地域限制或者优先', en: 'Limits or prefers by place of origin' },
    citations: [cite('order44', '15(2)'), cite('employment-promotion', '26')],
    penalty: 'P-34.2',
    exceptions: [],
    advice: {
      zh: '删去籍贯或者“本地人”条件，写明实际需要，如“熟悉本市配送路线”“能长期在本市工作”。',
      en: 'Replace origin or “locals” with the real need, such as “knows the city’s delivery routes” or “can work in this city long term”.',
    },
    phrases: [
      `({local}|本市|本省|{place})(人|籍|籍贯|居民|生源|人员|人士|人才|员工|市民|土著|考生|学生|求职者|应聘者|人选|候选人|妹子|姑娘|女生|男生|市区人|城区人|老乡)(，|)(可|会|均|)${PREFERRED}`, `老乡${PREFERRED}`, `({local}|{place})生源(或|及|、|和){gap}{gap}优先`, `(籍贯|老家|家乡|户籍地)(为|是|在|)({place}|本地)(者|的|)(优先|尤佳|为佳)`, '^(本省|本市)(人|籍)$', '^优先本地$',
      '({local})(者|的|)(优先|尤佳|为佳|更佳)', `({place})(省内|市内|本省|本市)(的|者|户|)${PREFERRED}`,
      `(限|仅限|只限|限定|只招|仅招|只收|只要|要求|须为|需为|必须是|须是|需是|只考虑|最好是|最好|优先考虑|优先录用|优先招聘|优先录取|优先)(本地|当地|本市|本省|外地|外省|{place})(人|籍|居民|生源|人士|人才|土著)`,
      `(仅限|限|只招|只要|仅招|优先录取|优先录用|优先考虑)({local})`,
      '(针对|面向|招收|招录)(本省|本市|{local}|{place})(生源|籍)', '(或|及|、)({local})生源',
      `^(本地|当地|{place})(人|籍|土著|居民|生源)(员|)$`, '^(本地|{place})(人才)$', `^(本地|当地)(人|居民)或`, `{place}(人|土著)$`,
      `(为|是)(本地|当地|{place})(人|籍|居民|生源)(者|的|)(优先|尤佳|为佳)`, `籍贯(：|为|限|要求)(本地|{place})`, `{place}籍(者|人士|人员|)(优先|为佳|尤佳)`,
      `(家|老家|籍贯)(在|是)(本地|当地|{place})(的|者|)(优先|尤佳|为佳)`, `(本地|{place})(或|及|和)(周边|附近)(城市|地区|县市|)(的|者|人|)(优先)`, `希望{gap}(是|为)({place}|本地)(或|及|和)(周边|附近)`,
      `(有|)(本地|当地)(户籍|户口)(或|、)(居住|常住)`,
    ],
    allow: [
      '(户口|户籍|籍贯|地域|区域)(不限|无要求)', '不限', '(本地|当地)(化|服务|生活|市场|资源|渠道|人脉|客户|部署|配送|新闻|社区|商家|企业|同城|招聘|品牌)',
      '(市民)(政|宗|营|用|族)', '(人)(民|事|力|工|才网|才市场|才服务|才中心|员要|寿|脉|文|口|气|均|和|大|保|社|行|生|机)', '(省|市)(人民|优)', '以(本地|当地)为主',
    ],
    negators: [...FORBIDDEN, '工作地点', '工作地址', '地址', '地点', '面向', '服务', '籍贯不限', '坐标', '区域：', '不限于'],
    negatorsAfter: ['不限', '均可', '皆可'],
    examples: {
      violating: ['本地人优先', '限本地人', '成都本地优先', '外地人优先，包食宿', '仅招宁波人', '学历不限 本地人优先', '苏州籍优先', '（成都本地人）', '同省老乡优先', '老家青岛优先', '山东生源或研究生优先', '本地求职者优先', '合肥市区人优先'],
      complying: [
        '有本地客户资源者优先', '熟悉当地市场者优先', '家住附近者优先', '会说粤语者优先', '工作地点：广州', '不限地域，全国可投', '本地化测试经验优先', '专业不限 浙江人本集团诚聘', '中国人民保险北京分公司', '外地求职者可安排住宿', '上海定居者优先', '请提前说明籍贯',
      ],
    },
  },
];
