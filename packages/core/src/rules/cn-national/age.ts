import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

const ONES = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const inChinese = (age: number): string => `${age < 20 ? '' : (ONES[Math.trunc(age / 10)] ?? '')}十${ONES[age % 10] ?? ''}`;

/** Ages in figures and in characters, as one group of a phrase. */
function ages(from: number, to: number, ...without: readonly number[]): string {
  const all = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((age) => !without.includes(age));
  return `(${[...all.map(String), ...all.map(inChinese)].join('|')})`;
}

const LOW = ages(15, 60);
const HIGH = ages(16, 70);
// From 18 on anyone may work: 18 alone is the legal minimum and no condition of the employer's.
const FLOOR = ages(16, 65, 18);
const CEILING = ages(20, 70);
const YEARS = '(岁|周岁|週岁|周|)';
const FULL_YEARS = '(岁|周岁|週岁)';
// 一 is typed for a dash.
const TO = '(-|—|一|~|到|至|、|或|至多|)';
const AGED = '(年龄|年纪|岁数|年纪段|年龄段)(要求|范围|限制|段|上|最好|需要|需求|原则上|)(：|，|)(为|在|是|须|需|要|应|须在|需在|要在|应在|控制在|限|限制在|限定在|一般在|一般|最好在|大约|约|大概|处于|介于|必须|必须在|满|年满|不限制|男|女|男性|女性|)';
const MAX = '(含|)(及|或|和|及其|)(以下|以内|之内|内|之下|一下|已下|以里|下|为上限|封顶|为限)';
const ABOUT = '(左右|上下|为佳|为宜|最佳|优先|者优先|优先考虑|优先录用)';

const PHRASES = [
  `${LOW}${YEARS}${TO}${HIGH}${FULL_YEARS}`,
  `${LOW}${FULL_YEARS}(以上|及以上|起|)(，|、|)${TO}${HIGH}(岁|周|左右|之间|以下|以内|以下者|，|。|$)`,
  `${AGED}${LOW}${YEARS}${TO}${HIGH}`,
  // The number of the next item run on behind the age.
  `(年龄|年龄要求)(：|在|为|)${LOW}(-|~|到|至|—)${HIGH}(2|3|4|5|6|7|8|9)(、|，)`,
  `${AGED}${FLOOR}${YEARS}(含|)(及|或|)(以上|起|以下|以内|之内|内|左右|上下|一下|为宜|为佳|最佳|优先|之间)`,
  `(年龄|年纪)(不|别|){gap}(超过|大于|高于|多于|超出|低于|小于|少于)${FLOOR}`,
  `(年满|满)${LOW}${YEARS}${TO}${HIGH}`,
  `${CEILING}(周|)(岁|周岁)(，|)${MAX}`, `${CEILING}(岁|周岁)(，|)${ABOUT}`,
  `${FLOOR}(岁|周岁)(含|)(及|或|)(以上|起|开始)`, `(年满|已满|须满|需满|应满|要满)${FLOOR}(岁|周岁)`,
  `(不超过|不大于|不高于|不得超过|不能超过|不可超过|不要超过|别超过|小于|低于|不低于|不小于|至少|最大|最小|最低|上限|上限为|最高|大于|<-|<)${FLOOR}(岁|周岁)`,
  `${CEILING}(岁|周岁)(的|)(者|人员)(优先|勿扰|免谈)`,
  `${LOW}${YEARS}(到|至|-|~)${HIGH}(之间)`,
  '(60|65|70|75|80|82|85|88|90|92|93|94|95|96|97|98|99|00|05|1980|1985|1988|1990|1992|1995|1998|2000|八零|八五|九零|九五|零零)(年|)(-|、|到|至|和|或|)(80|85|90|92|95|96|97|98|99|00|05|1985|1990|1995|2000|八五|九零|九五|零零|)(年|)(后|後)(优先|者优先|优先考虑|为佳|最佳|尤佳|更佳|佳|为宜|首选|人群优先)',
  '(优先|限|仅限|只限|仅招|只招|只要|要求|须是|必须是|最好是|最好|诚招|年龄：|年龄|靠谱的)(80|85|90|92|95|96|97|98|99|00|05|1980|1985|1990|1995|2000|八零|八五|九零|九五|零零)(年|)后',
  '(年龄)(要求|)(：|，|)(80|85|88|90|92|93|95|98|00|1980|1985|1990|1995|2000)(年|)(及|)(以下|以后|之后|以内|往后|后)',
  '{num}(年|月|日)(，|)(含|)(及|)(以后|之后|后|以前|之前)(，|)(含|)(期间|)出生', '(出生日期|出生年月|出生时间)(须|要求|应|需|)(：|在|为|于)(19|20){num}年',
  '(年轻|年青|青年)(人|者|人员|人才|女性|男性|女士|男士|化|的|)(，|)(优先|者优先|为佳|尤佳|更佳|最佳|首选|优先考虑)',
  '(限|仅限|只限|仅招|只招|只要|只收|要求|须|必须|诚招|招聘|招|招收)(年轻|年青)(女|男|人|的|有|力壮|貌美|，|。|$|且|、)',
  '(招募|招|诚招|招聘|寻找|欢迎|诚邀|需要|急需|只要){gap}{gap}(的|)(年轻人|年青人)',
  '(有上进心|有梦想|有抱负|有激情|有想法|有理想|肯吃苦|吃苦耐劳|有志于|有责任心|有活力|能吃苦|有志|敢想敢干|渴望成功|不怕吃苦|有野心|敢拼敢闯){gap}(的|)(年轻人|年青人)',
  '(仅限|限|要求){gap}{gap}{gap}的(年轻人|年青人)', '^(年轻|年青)(有|，有|、有|而有|力壮|貌美|肯干|好学|上进|活力|且)(活力|朝气|冲劲|激情|干劲|闯劲|上进心|志向|梦想|责任心|$)',
  '(超龄|超过年龄|年龄偏大|年龄大|年龄过大)(者|的|)(勿扰|勿投|免谈|勿试|不要|不招|不收|谢绝)', '(老龄|大龄)(者|)(勿扰|免谈|勿投)',
  '(age|aged|ages)(：| |)(between |from |range |limit |requirement |under |below |over |above |around |about |within |should be |must be |)(：|)(1|2|3|4|5|6){num}',
  '(under|below|younger than|over|not over|no older than|up to) (2|3|4|5){num}( |-)(years|yrs|year)', '(18|19|20|21|22|23|24|25|26|28|30)(-| to | and )(2|3|4|5|6){num}( |-|)(years old|yrs old|years of age)',
];

const ALLOW = [
  '年龄(不限|无要求|没有要求|不作要求|不做要求|无限制|不问|没限制|不是问题)', '(年轻|年青|青年|90后|80后|95后)(的|化|化的|化团队)(团队|公司|企业|氛围|环境|管理|集体|伙伴|同事|队伍|心态)',
  '(工龄|司龄|店龄|团龄|党龄|教龄|校龄|楼龄|房龄|账龄|驾龄)',
];

/** Words behind which an age is that of pupils, customers or colleagues. */
const NEGATORS = [
  '平均年龄', '均龄', '平均', '儿童', '幼儿', '孩子', '宝宝', '小朋友', '少儿', '青少年', '学员', '学龄', '子女', '婴', '小孩', '用户', '客户', '顾客', '消费者', '受众', '读者', '会员', '客群', '目标人群', '玩家', '粉丝',
  '教授', '授课', '辅导', '服务于', '团队', '同事', '氛围', '公司成员', '最年轻', '老板', '创始', '我们是', '我们都', '福布斯', '员工', '老年', '患者', '病人', '入司', '一群', '一帮', '成员', '公司是', '公司有', '公司为', '不要求', '无需', '不论', '无论', '经理22', '岁的', '游客', '女性顾客', '业主', '被保险人', '投保', '险种', '退休',
];
const AFTER = ['儿童', '孩子', '学员', '用户', '宝宝', '小朋友', '少儿', '青少年', '幼儿', '子女', '的客户', '消费', '人群', '的女性客户', '顾客', '的团队', '团队', '的学生提供', '学生的', '学生教', '创业者榜', '组成的', '的同事', '学龄', '退休', '均可报', '的舞台', '为主力', '的婴', '老人', '不予办理'];

const CITATIONS = [cite('employment-promotion', '3')];
const EXAMPLES = {
  violating: [
    '年龄18-35岁，能倒班', '要求三十五岁以下', '45周岁以内，身体健康', '年龄在20到40之间', '95后优先', '年轻者优先', '18岁至四十岁', '年龄：22-30', '不超过40周岁', '年满20周岁，会开车', '28岁左右', '16岁一45岁均可', '年龄（25—38）', '1990年1月1日以后出生',
    '招一群有梦想的年轻人', '22岁以上', 'Age: 25-35', '25/50岁', '超龄勿扰',
  ],
  complying: [
    '年满18周岁', '18周岁以上，男女不限', '3-5年经验', '公司成立20年', '教授6-12岁的儿童', '我们是一支年轻的团队', '平均年龄26岁', '年龄不限', '团队以90后为主', '适合16-18岁青少年的课程研发', '面向学员（20-30岁用户为主）', '1-2年工作经验，35人以下团队', '氛围轻松，都是80后、90后', '应聘者请发姓名+年龄', '青年路18号35层',
    '员工14岁以下子女可领礼物', '服务25-35岁女性用户，负责内容策划', '电话：135-2835', '工龄20年以上者可享长休',
  ],
};

const RULE: Omit<Rule, 'id' | 'class' | 'severity' | 'citations' | 'advice' | 'examples'> = {
  ground: 'age',
  title: { zh: '以年龄限制或者优先', en: 'Limits or prefers by age' },
  penalty: '',
  exceptions: [
    { id: 'statutory-age', title: { zh: '法律、行政法规对该岗位规定的年龄条件（如保安员年满18周岁）', en: 'An age set for the post by law, such as 18 for security guards' }, citations: [cite('labour-law', '15')] },
  ],
  phrases: PHRASES,
  allow: ALLOW,
  negators: NEGATORS,
  negatorsAfter: AFTER,
};

/** Age (年龄): not barred by national law in general, asked about because it may be held discrimination. */
export const AGE: readonly Rule[] = [
  {
    ...RULE,
    id: 'age.limit',
    class: 'd',
    severity: 'advise',
    citations: CITATIONS,
    advice: {
      zh: '国家法律没有一般性禁止年龄条件，但与岗位无关的年龄限制可能被认定为就业歧视。建议改写岗位实际需要，如“能够适应夜班”“能搬运15公斤货物”；法定最低年龄写“年满18周岁”。',
      en: 'Not prohibited by national statute, but an age limit unrelated to the job may be held discrimination. State the need instead, such as “able to work nights” or “able to carry 15 kg”; for the legal minimum say “aged 18 or over”.',
    },
    examples: EXAMPLES,
  },
  {
    ...RULE,
    id: 'age.graduates',
    class: 'c',
    severity: 'review',
    citations: [cite('graduates-2013-35', '2'), ...CITATIONS],
    advice: {
      zh: '国办发〔2013〕35号要求招聘高校毕业生不得以年龄作为限制条件。请删去年龄条件，或写明依据的国家规定。',
      en: 'State Council Office notice 2013 No. 35 bars age as a condition when hiring graduates. Remove it, or name the national rule relied on.',
    },
    contexts: ['graduates', 'campus'],
    when: ['应届', '校招', '校园招聘', '校园宣讲', '高校毕业生', '大学毕业生', '届毕业', '届本科', '届硕士'],
    examples: {
      violating: ['应届毕业生，25岁以下', '校园招聘：年龄不超过28周岁', '2027届毕业生，22-26岁', '高校毕业生，95后优先', '面向应届生，年龄在24岁以内'],
      complying: ['应届毕业生，专业不限', '年龄35岁以下', '校招岗位，年龄不限', '应届生，年满18周岁', '高校毕业生，3-5年内毕业均可'],
    },
  },
];
