import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { EXCLUDED, EXCLUDING, FORBIDDEN } from './demands.ts';

const CLERGY = '(僧人|和尚|尼姑|法师|比丘尼|道士|道长|牧师|神父|修女|阿訇|传道人|教职人员)';

/** Posts with a law of their own, and postings that are no posts (专门岗位、变相招聘). */
export const SPECIAL_POSTS: readonly Rule[] = [
  {
    id: 'care-post.mothers',
    ground: 'care_post',
    class: 'c',
    severity: 'review',
    title: { zh: '以“妈妈岗”名义限定性别', en: 'A “mothers’ post”, which limits by sex in name' },
    citations: [cite('order44', '15(1)'), cite('notice-2019-17', '2')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '照顾需要育儿的劳动者是允许的，但不应限定性别或者婚育状况。建议改称“生育友好岗，欢迎需要照顾子女的劳动者，不限性别”，并写明弹性工时。',
      en: 'Care for workers with children is welcome, a limit by sex is not. Call it a “family-friendly post, open to anyone with children to look after”, and state the flexible hours.',
    },
    phrases: ['妈妈(岗|岗位|班|工位)', '(宝妈|全职妈妈)(岗|岗位|专岗|班|兼职)'],
    allow: ['妈妈班(课程|学员)'],
    negators: [...FORBIDDEN, '产品', '课程'],
    examples: {
      violating: ['妈妈岗，时间弹性', '开设妈妈岗位', '宝妈兼职，在家可做', '招妈妈岗客服', '宝妈专岗'],
      complying: ['生育友好岗，不限性别', '弹性工时，欢迎需要照顾子女的劳动者', '母婴产品客服', '妈妈社群产品运营', '月子中心护士'],
    },
  },
  {
    id: 'clergy.post',
    ground: 'clergy',
    class: 'a',
    severity: 'review',
    title: { zh: '招聘宗教教职人员', en: 'Seeks clergy' },
    citations: [cite('order44', '15(1)'), cite('religious-affairs', '36')],
    penalty: 'P-43',
    exceptions: [{ id: 'clergy-recognised', title: { zh: '宗教团体认定、备案的宗教教职人员岗位', en: 'A post of clergy recognised by a religious body and on record' }, citations: [cite('religious-affairs', '36')] }],
    advice: {
      zh: '宗教教职人员须经宗教团体认定并备案。请由宗教活动场所说明依据；一般文员、保洁等岗位不得要求信仰。',
      en: 'Clergy are recognised by a religious body and put on record: the venue should name that basis. Clerks and cleaners may not be asked for a belief.',
    },
    phrases: [`(招|招聘|诚聘|聘|招募|急招|诚招)(驻寺|住寺|专职|若干|{num}名|)${CLERGY}`, `^${CLERGY}(若干|{num}名|数名|一名)`],
    allow: ['尼姑庵景区', '(道士|法师|牧师)(玩家|角色|职业|模型|皮肤)', '心理法师'],
    negators: ['游戏', '角色', '扮演', ...FORBIDDEN],
    examples: {
      violating: ['招聘住寺僧人', '诚聘牧师一名', '招道士若干', '寺院招募法师', '急招阿訇一名'],
      complying: ['游戏角色法师数值策划', '寺院周边景区保洁', '宗教文化研究员', '道士角色扮演演员', '负责牧师职业技能平衡'],
    },
  },
  {
    id: 'marital.infertility',
    ground: 'marital',
    class: 'c',
    severity: 'block',
    title: { zh: '歧视生育女婴、不育的妇女', en: 'Discriminates against women who bore girls or no children' },
    citations: [cite('population', '22'), cite('women', '43()(4)')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '禁止歧视、虐待生育女婴的妇女和不育的妇女。删去该条件，写明岗位安排。',
      en: 'Women who bore girls or no children may not be discriminated against. Remove the condition and describe the work.',
    },
    phrases: [`(不孕|不育|不孕不育|只生女|只生女儿|生育女婴|生女婴|生女孩|只有女儿)(的|)(者|妇女|女性|人员|女人)(，|)(一律|请|恕|均|都|)${EXCLUDED}`, `${EXCLUDING}(不孕|不育|不孕不育|只生女|生育女婴|生女婴)`, '(有儿子|生儿子|育有男孩|头胎男孩)(者|的)(优先|为佳)', '(无|没有|不得有)(不孕症|不育症|不孕不育)'],
    allow: ['(不孕|不育|不孕不育)(症|)(专科|医院|门诊|科|治疗|患者|咨询|项目)'],
    negators: ['治疗', '患者', '咨询', ...FORBIDDEN],
    examples: {
      violating: ['不育者勿扰', '生育女婴的妇女不要', '有儿子者优先', '不招不孕不育', '只生女的人员免谈'],
      complying: ['不孕不育专科医院护士', '负责不孕症患者咨询', '不得歧视生育女婴的妇女', '生殖医学中心胚胎师', '婚育状况不限'],
    },
  },
  {
    id: 'fraud.assessment',
    ground: 'fraud',
    class: 'c',
    severity: 'review',
    title: { zh: '以招聘名义推销测评、咨询或者冒称专家', en: 'Sells tests or advice, or claims experts, under the name of a job' },
    citations: [cite('notice-2025-60', '5'), cite('order44', '15(1)')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '招聘信息只写真实岗位。付费测评、求职辅导、简历代写等服务不得以招聘名义发布；人才测评由用人单位免费提供的，写明“入职测评，不收费”。',
      en: 'A posting is for a real job. Paid tests, coaching and résumé writing may not be published as one; if the employer itself tests for free, say so.',
    },
    phrases: ['(付费|有偿|先付费|交费)(测评|性格测评|职业测评|能力测评|简历优化|求职辅导|求职咨询|面试辅导|职业规划)', '(测评|职业测评|性格测评|人才测评)(费|收费)(：|为|){num}(元|块)', '(代投|代写)(简历)(，|)(包|保|收费|付费|{num}元)', '(知名|资深|前|大厂)(hr|猎头|面试官|专家)(一对一|1对1)(辅导|指导|内推|咨询)(，|)(收费|付费|名额|包|保|限时|{num}元)'],
    allow: [],
    negators: ['不', '无需', '谨防', '警惕', '严禁', '禁止', '免费', '运营', '销售', '负责'],
    negatorsAfter: ['都是骗', '的骗局', '产品'],
    examples: {
      violating: ['报名后须付费测评', '职业测评费：199元', '大厂HR一对一内推，收费299元', '代写简历，包面试', '付费求职辅导，名额有限'],
      complying: ['入职测评不收费', '人才测评产品经理', '负责职业规划课程销售', '警惕付费测评骗局', '参与面试官培训'],
    },
  },
  {
    id: 'repost.unsourced',
    ground: 'repost',
    class: 'c',
    severity: 'block',
    title: { zh: '转发的招聘信息未标注来源', en: 'A repost that names no source' },
    citations: [cite('notice-2025-60', '5')],
    penalty: 'P-43',
    exceptions: [],
    advice: {
      zh: '转发的招聘信息须在“信息来源”中选择转发并写明来源名称和网址，如“转自某市人力资源和社会保障局网站”。',
      en: 'A repost is marked as one and names its source and address, such as the website of a city’s human resources bureau.',
    },
    phrases: ['(转自|转载自|转发自|转载于|来源：|来源于|信息来源|搬运自|摘自)(：|)(网络|互联网|网上|朋友圈|微信群|qq群|群里|网友|不明)(，|。|$|招聘|信息|分享|转发|，侵删)', '^(帮转|帮朋友转|帮忙转发|群友帮转|代转)(，|。|：|$|一个招聘|招聘)'],
    allow: [],
    negators: ['图片', '素材', '不得', '禁止', '严禁', '部分内容'],
    examples: {
      violating: ['转自网络', '本信息转载自互联网', '信息来源：网络', '帮转，详询发布者', '转发自朋友圈招聘'],
      complying: ['转自示例市人力资源和社会保障局网站', '负责微信群运营', '图片转自网络', '未经允许请勿转载', '来源：本单位官网'],
    },
  },
];
