import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const OPEN = '(以上|及以上|起|即可|可|就可|可以|就可以|都可|都可以|也可|也可以|均可|也要|也行|都行|就行|都要|能做|能进|可进|包进|可做|以上均可|开始|以后)';
const STUDENT = '(学生工|寒假工学生工|暑假工学生工|暑假工|寒假工|假期工|学生暑假工|学生寒假工|寒暑假工|暑期工|暑假学生工|童工|小工学生|中学生工|暑假临时工|寒假临时工|学生临时工)';
const TAKING = '(招|招聘|急招|大量招|大量招聘|直招|诚聘|招收|接收|收|欢迎|可招|接受|需要|急需|长期招|可接收|可接受|承接|可收|接|聘|现招|招募|火爆招|招大量|招聘大量|高薪招|大批)';

/** Ages of pupils, customers and machines, not of those sought. */
const NEUTRAL = [
  // 二十六: the end of a larger number.
  '(二|三|四|五|六|七|八|九)(十六|十七)',
  '(儿童|学员|学生|孩子|幼儿|少儿|青少年|宝宝|小朋友|未成年人|用户|客户|婴幼儿|小孩|子女|人群|年级|中小学|K12|为|针对|面向)(年龄|)(：|在|为|是|、|)(12|13|14|15|16|17|十二|十三|十四|十五|十六|十七)(周|)岁',
  '(12|13|14|15|16|17|十六|十七)(周|)岁(以下|以内|前|的孩子|的学生|孩子|学生|儿童|少儿|青少年|少年|学员|未成年|小孩|中小学|的青少年|的儿童|的少儿|的学员|的小朋友|阶段|年龄段|英语|人群|的人群|的用户|用户)',
  '(12|13|14|15|16|17)(周岁|岁)(以上|及以上)(的|)(儿童|少儿|青少年|学员|孩子|学生|用户)',
];
const DUTIES = ['儿童', '学员', '孩子', '幼儿', '少儿', '青少年', '宝宝', '小朋友', '授课', '教学', '辅导', '用户', '客户', '婴幼儿', '子女', '适龄', '教授', '课程', '面向', '针对', '中小学', '幼教', '受众', '不足'];
const REFUSED = ['不(招|要|收|接受|接收|录用|考虑|招收|招聘|聘|得|能|使用|雇佣|允许)', '(谢绝|拒绝|禁止|严禁|暂不|停招|杜绝|勿扰|除外)', '抵制'];
const BELOW = ['未满', '不满', '未到'];
const REFUSED_AFTER = [
  '青少年', '学生', '学员', '孩子', '儿童', '少年', '用户', '人群',
 '勿扰', '不要', '不招', '不收', '勿投', '免谈', '谢绝', '除外', '不予', '止步', '已满', '已招满', '停招', '暂停', '请绕道', '绕道', '不接受', '不考虑', '不能', '不可', '不接'];

const ADVICE_SIXTEEN = {
  zh: '年满16周岁可以就业，但16至17周岁的劳动者属未成年工：不得安排矿山井下、有毒有害、第四级体力劳动强度等劳动，用人单位须登记并定期体检。做不到的，写“年满18周岁”。',
  en: 'People may work from 16, but those aged 16 and 17 are protected: no mining, toxic or heaviest work, registration and regular medical checks by the employer. If that cannot be ensured, say “aged 18 or over”.',
};

const BEFORE =
  '(年龄|年纪|年龄在|年龄要求|年龄范围|年龄限制|年龄段|岁数|男|女|男女|男性|女性|男士|女士|男生|女生|男工|女工|不限|满|年满|招|要求|符合|限制|均可|可以|员工|普工|学徒|在|为|是|健康|适龄|周岁|、|条件)';
const SIXTEEN = '(16|17|十六|十七)';
/** Written 16一45 the range has no number slot: 一 is a numeral too. */
const UPPER = `(${Array.from({ length: 48 }, (_, i) => i + 18).join('|')})`;
const SIXTEEN_PHRASES = [
  `^(16|17)(岁|周岁|)一${UPPER}`, `${BEFORE}(：|，|为|是|须|需|要|在|)(16|17)(岁|周岁|)一${UPPER}`,
  `^${SIXTEEN}(周岁|岁)(-|一|到|至|—|、|)({num})(周岁|岁|周|左右|之间|以下|以内|，|。|$)`, `^${SIXTEEN}(-|一|到|至|—|、)({num})(周岁|岁|周岁之间)`, `^${SIXTEEN}(周岁|岁)$`, `^(男|女|男性|女性|男生|女生|男工|女工)(：|)${SIXTEEN}(-|一|到|至|—)({num})$`, `^${SIXTEEN}(周岁|岁)(，|)${OPEN}`,
  `${BEFORE}(：|，|为|是|须|需|要|在|)${SIXTEEN}(周岁|岁)(-|一|到|至|—|、|)({num})(周岁|岁|周|左右|之间|以下|，|。|$)`, `${BEFORE}(：|，|为|是|须|需|要|在|)${SIXTEEN}(-|一|到|至|—)({num})(周岁|岁)`, `(年龄|年龄要求|年龄在|年满|男女不限|男女)(：|，|为|是|在|)${SIXTEEN}(-|一|到|至|—)({num})(左右|之间|以下|，|。|$)`,
  `${BEFORE}(：|，|为|是|须|需|要|在|)${SIXTEEN}(周岁|岁)(，|)${OPEN}`, `(年满|须满|需满|满|已满|达到|大于|不低于|不小于|最低|最小|至少)${SIXTEEN}(周岁|岁)`, `(年满|已满)${SIXTEEN}`, `${SIXTEEN}(周岁|岁)(以上|及以上|起|就可以|即可|就可|也可|可做|包进)`, '(16|17)(周岁|岁)(-|一|到|至|—|、|)({num})(周岁|岁)', '(16|17)(-|到|至|—)({num})周岁', `(16|17)(-|到|至|—|一)${UPPER}岁`, '(十六|十七)(周岁|岁|)(-|到|至|—|一|)(十八|十九|二十|三十|四十|五十|六十)(一|二|三|四|五|六|七|八|九|)(岁|周岁)', '(age|aged|ages)(：| |)(16|17)(-| to | and | or )', '(年龄|年满|满)(：|)(16|17)(以上|及以上|起)',
];

/** Work below 18 (童工、未成年工). */
export const MINORS: readonly Rule[] = [
  {
    id: 'minor.under-sixteen',
    ground: 'minor',
    class: 'c',
    severity: 'block',
    title: { zh: '招用未满16周岁的未成年人', en: 'Seeks children under 16' },
    citations: [cite('child-labour', '2'), cite('child-labour', '7'), cite('labour-law', '15'), cite('minors', '61(1)')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'arts-and-sports',
        title: { zh: '文艺、体育单位经未成年人的父母或者其他监护人同意招用的专业文艺工作者、运动员', en: 'Professional performers and athletes taken on by arts or sports units with a guardian’s consent' },
        citations: [cite('child-labour', '13')],
      },
    ],
    advice: {
      zh: '任何单位不得招用、介绍未满16周岁的人。写“年满18周岁”，确需招用16至17周岁劳动者的，写“年满16周岁”并说明保护措施。',
      en: 'Nobody may employ or introduce a person under 16. Say “aged 18 or over”; where people of 16 and 17 are taken, say so and describe the protection.',
    },
    phrases: [
      `^(12|13|14|15|十二|十三|十四|十五)(周岁|岁)${OPEN}`, `(年龄|满|年满|招|男女|不限|须|需|要求|工)(：|，|)(12|13|14|15|十二|十三|十四|十五)(周岁|岁)${OPEN}`, `(年龄|男|女|男女|不限|年满|满)(：|，|)(12|13|14|15)(周岁|岁|)(-|一|—|到|至|~)({num})(周岁|岁|$)`, '^(12|13|14|15)(周岁|岁|)(-|一|—|到|至|~)({num})(周岁|岁)(，|。|男|女|均|都|以|$)',
      '(年满|须满|需满|满|已满)(12|13|14|15|十二|十三|十四|十五)(周岁|岁)(，|。|即可|以上|可|就|$)', '(未满|不满|不到|没满|未到)(16|18|十六|十八)(周岁|岁|周|)(的|者|人员|)(，|)(也|亦|均|都|同样|)(可|要|招|收|行|能做|能进|可以|可报名|欢迎|包进)',
      '(未成年|未成年人|童工|小童工|初中生|小学生)(工|)(，|)(也|亦|均|都|)(可|可以|也可|要|招|收|行|能做|能进|可报名|欢迎)(，|。|报名|做|来|以|$)', `${TAKING}(童工|未成年工|未成年人|初中生|小学生)(做|打工|兼职|$|，|。|、)`, '(初中生|中学生)(暑假|寒假|)(兼职|打工|工)(，|。|、|优先|$)', '(初中生|高中生|初高中生|中学生|职高生)(暑假|寒假|暑期|假期)(工|兼职|打工|临时工)', '(接受|接收|可招|招收|可收|可接收|招)未成年(，|。|工|人|学徒|学徒工|$)', '(初中|小学)(毕业|学历|肄业|)(，|)(12|13|14|15|十四|十五)(周岁|岁)(以上|起|即可|也可|可)',
    ],
    allow: [...NEUTRAL, '(招聘|招)(初中生|小学生)(物|数|英|语|化|老师|教师|辅导|家教|学员)'],
    negators: [...REFUSED, ...DUTIES],
    negatorsAfter: REFUSED_AFTER,
    examples: {
      violating: ['暑期兼职，14岁以上', '15岁即可报名', '年满14周岁，包食宿', '未满16岁也可', '未成年人也要', '年龄：15-40岁', '招初中生打工', '初高中生暑假工', '可接收未成年', '初中毕业15岁以上'],
      complying: ['年满18周岁', '负责12-15岁学员的英语授课', '严禁使用童工', '未满16周岁勿扰', '未成年勿扰', '招聘初中生物老师', '服务6至14岁儿童', '不招未成年人'],
    },
  },
  {
    id: 'minor.venue',
    ground: 'minor',
    class: 'c',
    severity: 'block',
    title: { zh: '娱乐场所、酒吧、网吧等招用未成年人', en: 'A venue barred to minors seeks people under 18' },
    citations: [cite('minors', '61(2)'), cite('minors', '125')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '营业性娱乐场所、酒吧、互联网上网服务营业场所等不适宜未成年人活动的场所不得招用未满18周岁的人，请写“年满18周岁”。',
      en: 'Commercial entertainment venues, bars and internet cafés may not employ anyone under 18: say “aged 18 or over”.',
    },
    phrases: SIXTEEN_PHRASES,
    allow: NEUTRAL,
    negators: [...REFUSED, ...BELOW, ...DUTIES],
    negatorsAfter: REFUSED_AFTER,
    contexts: ['venue'],
    when: [
      '(KTV|酒吧|网吧|网咖|会所|电竞馆|迪厅|舞厅|歌厅|量贩)(招聘|诚聘|急聘|急招|招|服务员|服务生|收银|店员|保安|礼宾|DJ|包厢|公关|前台|吧员|吧台|调酒|网管|驻唱|领班|经理|营销|直招|公主|少爷)',
      '夜总会', '夜场', '夜店', '娱乐会所', '商务会所', '商务KTV', '酒吧街', '网吧网管', '歌舞厅', '游艺厅', '电玩城', '私人影院', '酒吧一条街',
    ],
    examples: {
      violating: ['KTV服务员，16-30岁', '酒吧招聘吧员，16岁以上', '网吧收银，年满17周岁', '夜场礼宾，年龄17-28岁', '夜总会学徒，16周岁以上'],
      complying: ['KTV服务员，年满18周岁', '酒吧调酒师，18岁以上', '网吧禁止16岁以下人员进入', '电子厂普工，16-40岁，生活区有网吧、KTV', '夜场保安，18-45岁'],
    },
  },
  {
    id: 'minor.hazardous',
    ground: 'minor',
    class: 'c',
    severity: 'review',
    title: { zh: '未成年工禁忌劳动招用16至17周岁的人', en: 'Work barred to minors accepts people of 16 or 17' },
    citations: [cite('labour-law', '58'), cite('labour-law', '64'), cite('minors', '61(3)')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '不得安排未成年工从事矿山井下、有毒有害、第四级体力劳动强度等禁忌劳动，请写“年满18周岁”。',
      en: 'People of 16 and 17 may not do mining, toxic or the heaviest work: say “aged 18 or over”.',
    },
    phrases: SIXTEEN_PHRASES,
    allow: NEUTRAL,
    negators: [...REFUSED, ...BELOW, ...DUTIES],
    negatorsAfter: REFUSED_AFTER,
    when: ['井下', '矿山', '矿工', '有毒有害', '高空作业', '粉尘作业', '放射性', '爆破', '高温作业', '潜水作业'],
    examples: {
      violating: ['矿山井下作业，16岁以上', '高空作业，年龄16-45周岁', '接触有毒有害物质，年满16周岁', '粉尘作业岗，17岁以上', '爆破员学徒，16-30周岁'],
      complying: ['矿山井下作业，年满18周岁', '高空作业，18-45岁', '16岁以上，男女不限', '矿工，20周岁以上', '有毒有害岗位16岁以下勿扰'],
    },
  },
  {
    id: 'minor.sixteen',
    ground: 'minor',
    class: 'd',
    severity: 'advise',
    title: { zh: '招用16至17周岁的未成年工', en: 'Accepts workers of 16 or 17' },
    citations: [cite('labour-law', '58'), cite('labour-law', '64'), cite('labour-law', '65'), cite('minors', '61(3)')],
    penalty: '',
    exceptions: [],
    advice: ADVICE_SIXTEEN,
    phrases: SIXTEEN_PHRASES,
    allow: NEUTRAL,
    negators: [...REFUSED, ...BELOW, ...DUTIES],
    negatorsAfter: REFUSED_AFTER,
    examples: {
      violating: ['年龄16-45周岁', '16岁以上，男女不限', '年满16周岁', '男女不限，16岁一45岁', '男17—50周岁', '年满十六周岁即可', 'Age 16-40', '1.16-45岁 2.服从安排', '16~40岁，有无经验均可'],
      complying: ['年满18周岁', '18-45岁', '每小时16-20元', '面向3-16岁学员的编程课程', '2016-2018年在职', '16岁以下勿扰', '不招16岁以下人员', '3-16岁少儿美术', '16-20岁青少年心理辅导'],
    },
  },
  {
    id: 'minor.student-worker',
    ground: 'minor',
    class: 'c',
    severity: 'review',
    title: { zh: '招用学生工、暑假工等，年龄可能未满16周岁', en: 'Seeks pupils for holiday or student work, who may be under 16' },
    citations: [cite('child-labour', '2'), cite('child-labour', '4'), cite('labour-law', '15')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '写明年龄下限并在录用时核验身份证，如“暑期兼职，年满18周岁”；义务教育阶段学生不得招用。',
      en: 'State the lower age and check identity cards, such as “summer work, aged 18 or over”. Pupils in compulsory education may not be employed.',
    },
    phrases: [`${TAKING}(各类|大批|大量|若干|{num}名|{num}个|{num}|短期|短期工、|兼职|正式工、|临时工、|普工、|小时工、|实习生、|普工|)${STUDENT}`, `${STUDENT}(，|)(优先|可|也可|均可|都可|可做|可以|招聘|报名|欢迎|{num}名|{num}元|也要|都要|包进|也行|直招|急招|火爆)`, `(短期工|临时工|小时工|实习生|正式工|普工|社会工|长期工)(，|、|)${STUDENT}`, `^${STUDENT}(，|、|。|$)`, `^${STUDENT}(短期工|临时工|小时工|正式工|普工)`],
    allow: ['学生工(作|具|程|业|艺|厂)', '(小|中|大|在校)学生工', '大学生(暑|寒)'],
    negators: [...REFUSED, ...BELOW],
    negatorsAfter: REFUSED_AFTER,
    examples: {
      violating: ['大量招暑假工', '学生工可做', '短期工、暑假工、临时工', '暑假工优先', '接收学生工'],
      complying: ['不招暑假工', '负责学生工作', '暑假工勿扰', '大学生暑期实践', '高校学生工作处', '谢绝学生工'],
    },
  },
];
