import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { employerItem, screenText, workerItem } from '../../../test/fees.ts';
import { itemIssues } from './items.ts';
import type { PriceItem } from './records.ts';

function rulesOfItem(item: PriceItem): readonly string[] {
  return itemIssues(item, 0, screenText).map(({ pointer, rule }) => `${pointer} ${rule}`);
}

/** Declared with a word of its category in front, so that nothing but what stands behind it is refused. */
function isDeposit(zh: string): boolean {
  return [zh, `简历优化${zh}`].every((name) =>
    rulesOfItem(workerItem({ name: { zh: name, en: 'Résumé polishing' } })).includes('/items/0/name/zh deposit'),
  );
}

const DEPOSITS =
  '押金 压金 保证金 抵押金 质押金 风险金 风险抵押金 担保金 履约金 履约保证金 诚信金 诚意金 信用金 信用保证金 安全保证金 安全金 违约金 承诺金 承诺保证金 契约金 岗位保证金 名额保证金 服装押金 工衣押金 工服押金 工装押金 制服押金 工牌押金 饭卡押金 宿舍押金 床位押金 钥匙押金 设备押金 工具押金 头盔押金 车辆押金 证件押金 入职押金 上岗押金 面试押金 培训押金 培训保证金 就业保证金 求职押金 报名押金 占位金 锁岗押金 订金 定金 入职定金 押款 保证款 抵押款 担保费 离职退还款 可退服务金 风险费'.split(
    ' ',
  );

const DISGUISES: readonly (readonly [string, (name: string) => string])[] = [
  ['spaces', (name) => [...name].join(' ')],
  ['zero width', (name) => [...name].join('\u200B')],
  ['a soft hyphen', (name) => [...name].join('\u00AD')],
  ['slashes', (name) => [...name].join('/')],
  ['full stops', (name) => [...name].join('。')],
  ['stars', (name) => [...name].join('*')],
  ['brackets', (name) => [...name].map((one) => `（${one}）`).join('')],
  ['references', (name) => [...name].map((one) => `&#${one.codePointAt(0) ?? 0};`).join('')],
  ['variation selectors', (name) => [...name].join('\uFE00')],
];
const SPELT: readonly (readonly [string, string])[] = [
  ['traditional', '押金→壓金 保证金→保證金 风险金→風險金 担保金→擔保金 履约金→履約金 诚信金→誠信金 质押金→質押金 订金→訂金 违约金→違約金'],
  [
    'pinyin',
    '押金→yajin 押金→ya_jin 押金→YaJin 押金→ya金 押金→押jin 保证金→baozhengjin 保证金→bao证金 保证金→保zheng金 风险金→fengxianjin 定金→dingjin 押金→yā_jīn',
  ],
  ['full width', '押金→ｙａｊｉｎ 押金→ＹＪ 保证金→ｂａｏｚｈｅｎｇｊｉｎ'],
  ['circled', '押金→ⓨⓐⓙⓘⓝ 保证金→ⓑⓩⓙ'],
  ['initials', '押金→yj 保证金→BZJ 风险金→fxj 担保金→DBJ'],
  [
    'homophones',
    '押金→鸭金 押金→压斤 押金→丫金 押金→牙巾 押金→押今 保证金→包正金 保证金→保政津 保证金→宝证斤 担保金→单保金 诚信金→成信金 风险金→封险金 押金→亚筋',
  ],
  ['halves', '押金→扌甲金 押金→才甲金 保证金→亻呆证金 保证金→保讠正金 诚信金→讠成信金 押金→⺘甲金'],
  ['wages', '押金→压工资 押金→押一个月工资 押金→扣半个月薪资 押金→压7天底薪'],
].map(([how, rows = '']) => [how ?? '', rows] as const);

it.each(DEPOSITS)('refuses a worker’s item named %s', (name) => {
  expect(isDeposit(name)).toBe(true);
});

it('has at least forty names of deposits and a hundred disguised ones', () => {
  const spelt = SPELT.flatMap(([, rows]) => rows.split(' '));
  expect(new Set(DEPOSITS).size).toBeGreaterThanOrEqual(40);
  expect(DEPOSITS.length * DISGUISES.length + spelt.length).toBeGreaterThanOrEqual(100);
});

it.each(DISGUISES)('refuses every one of them written with %s', (_how, disguise) => {
  expect(DEPOSITS.filter((name) => !isDeposit(disguise(name)))).toEqual([]);
});

it.each(SPELT)('refuses deposits in %s', (_how, rows) => {
  const names = rows.split(' ').map((row) => (row.split('→')[1] ?? '').replaceAll('_', ' '));
  expect(names.filter((name) => !isDeposit(name))).toEqual([]);
});

it.each([
  'Deposit',
  'Security deposit for résumé service',
  'Résumé bond',
  'Résumé dep0sit',
  'Résumé de-posit',
  'Résumé d e p o s i t',
  'Résumé dep*sit',
  'Résumé caution money',
  'Résumé service (refundable)',
  'Résumé collateral',
  'Résumé yajin',
  'Résumé ＤＥＰＯＳＩＴ',
])('refuses a worker’s item named %s in English', (en) => {
  expect(rulesOfItem(workerItem({ name: { zh: '简历优化', en } }))).toContain('/items/0/name/en deposit');
});

it('takes an English name in which the letters only happen to stand together', () => {
  expect(rulesOfItem(workerItem({ name: { zh: '简历优化', en: 'Résumé guide: position by position' } }))).toEqual([]);
});

it.each(
  '报名费 介绍费 中介费 入职费 体检费 服装费 培训费 建档费 保密费 保录 内推 付费内推 推荐工作 岗位推荐 求职登记 入职体检 工牌费 面试费 手续费 名额预留 包就业 保offer 直通车 安置 转正 上岗证 背调 代办健康证 报名fei 培训废 nei推 付费实习 委培 劳务报名'.split(
    ' ',
  ),
)('refuses %s as something a worker pays for', (name) => {
  const rules = rulesOfItem(workerItem({ name: { zh: `简历优化${name}`, en: 'Résumé polishing' } }));
  expect(rules).toContain('/items/0/name/zh worker-pays-for-job');
});

it.each(['Registration fee', 'Job placement', 'Onboarding', 'Uniform', 'Medical check', 'Employee referral', 'Guaranteed offer'])(
  'refuses %s as something a worker pays for',
  (name) => {
    const rules = rulesOfItem(workerItem({ name: { zh: '简历优化', en: `Résumé and ${name}` } }));
    expect(rules).toContain('/items/0/name/en worker-pays-for-job');
  },
);

it.each([
  ['入职前须购买本服务，费用自理', 'worker-pays-for-job'],
  ['不购买本服务的，不予安排面试', 'worker-pays-for-job'],
  ['开通后即可入职，无需等待', 'worker-pays-for-job'],
  ['含服装押金，离职后退', 'deposit'],
  ['含岗位鸭 金五百元', 'deposit'],
  ['首月压十天工资作为服务款', 'deposit'],
  ['支持培训贷，工作后再还', 'loan'],
  ['由平台代管身份证原件', 'id-withholding'],
])('refuses a worker’s item described as: %s', (zh, rule) => {
  expect(rulesOfItem(workerItem({ what: { ...workerItem().what, zh } }))).toContain(`/items/0/what/zh ${rule}`);
});

it.each(['不收取任何押金、保证金，自愿选购', '与录用结果无关，不承诺就业', '不满意的，七日内全额退款', '不提供贷款和分期'])(
  'takes a description that says: %s',
  (zh) => {
    expect(rulesOfItem(workerItem({ what: { ...workerItem().what, zh } }))).toEqual([]);
  },
);

it('takes a denial of one thing for no denial of the next', () => {
  const rules = rulesOfItem(workerItem({ what: { ...workerItem().what, zh: '不收押金。另交保证金五百元' } }));
  expect(rules).toContain('/items/0/what/zh deposit');
});

it.each(['培训贷', '学费分期', '入股', '集资', '众筹', '城市加盟', '代理费', '先学后付', '员工认购', '拉人头奖励', '小额贷', 'fen期缴费'])(
  'refuses %s whoever pays',
  (name) => {
    for (const payer of ['employer', 'agency', 'worker'] as const)
      expect(rulesOfItem({ ...workerItem(), payer, name: { zh: `技能课程${name}`, en: 'Course' } })).toContain('/items/0/name/zh loan');
  },
);

it('refuses loans in English and the keeping of papers whoever pays', () => {
  expect(rulesOfItem(employerItem({ name: { zh: '课程', en: 'Course by instalments' } }))).toEqual(['/items/0/name/en loan']);
  expect(rulesOfItem(employerItem({ name: { zh: '证件代管', en: 'Document custody' } }))).toContain('/items/0/name/zh id-withholding');
  expect(rulesOfItem(employerItem({ name: { zh: '证件代管', en: 'Document custody' } }))).toContain('/items/0/name/en id-withholding');
});

it('lets an employer leave a deposit of its own, but not one of its workers', () => {
  expect(rulesOfItem(employerItem({ name: { zh: '平台诚信保证金', en: 'Platform deposit' } }))).toEqual([]);
  expect(rulesOfItem(employerItem({ name: { zh: '员工入职押金', en: 'Staff' } }))).toEqual(['/items/0/name/zh deposit']);
});

it('asks of a worker’s item that it be an extra, optional and of a category its name shows', () => {
  expect(rulesOfItem(workerItem({ kind: 'core' }))).toEqual(['/items/0/kind worker-pays-for-job']);
  expect(rulesOfItem(workerItem({ optional: false }))).toEqual(['/items/0/optional not-optional']);
  const { category, ...without } = workerItem();
  expect(rulesOfItem(without)).toEqual(['/items/0/category category']);
  expect(rulesOfItem({ ...without, category: 'membership' })).toEqual(['/items/0/name/zh category', '/items/0/name/en category']);
  expect(category).toBe('resume-service');
  expect(rulesOfItem(workerItem({ name: { zh: '综合服务', en: 'All-in service' } }))).toEqual([
    '/items/0/name/zh category',
    '/items/0/name/en category',
  ]);
});

it('refuses pictures and other scripts in what workers read', () => {
  expect(rulesOfItem(workerItem({ name: { zh: '简历优化🦆金', en: 'Résumé' } }))).toContain('/items/0/name/zh unreadable');
  expect(rulesOfItem(workerItem({ name: { zh: '简历优化', en: 'Résumé dеposit' } }))).toContain('/items/0/name/en unreadable');
});

it('lets a free core service for workers stand in the list', () => {
  const free = workerItem({
    kind: 'core',
    amountFen: 0,
    name: { zh: '求职登记', en: 'Registration' },
    what: { zh: '登记求职意向', en: 'Wishes are taken down' },
  });
  const { category: _category, optional: _optional, ...plain } = free;
  expect(rulesOfItem(plain)).toEqual([]);
  expect(rulesOfItem({ ...plain, name: { zh: '登记押金', en: 'Registration' } })).toContain('/items/0/name/zh deposit');
});

const LAWFUL: { readonly [category in Exclude<PriceItem['category'], undefined>]: readonly string[] } = {
  'resume-service': [
    '简历优化|Résumé polishing',
    '英文简历翻译|Translation of a résumé',
    '简历体检|Résumé check-up',
    '求职信撰写|Cover letter writing',
    '作品集设计|Portfolio design',
    '简历精修与排版|CV layout',
    '领英主页优化|LinkedIn page',
  ],
  'career-guidance': [
    '职业指导|Career guidance',
    '生涯规划咨询|Career planning',
    '转行咨询|Career change advice',
    '求职辅导（一对一）|Job search coaching',
    '薪资谈判辅导|Salary negotiation',
    '职业发展通道规划|Career path planning',
    '劳动法咨询|Workplace law advice',
    '职涯导师对谈|Career mentor talk',
  ],
  assessment: [
    '职业性格测评|Personality assessment',
    '能力倾向测试|Aptitude test',
    '职业兴趣评估报告|Career interest evaluation',
    '英语水平测试|English test',
    '职场压力测评|Stress assessment',
  ],
  'interview-practice': [
    '模拟面试|Mock interview',
    '面试辅导|Interview coaching',
    '无领导小组面试演练|Group interview practice',
    '英文面试陪练|English interview practice',
  ],
  membership: [
    '求职会员（月卡）|Job seeker membership, a month',
    '会员年卡|Annual membership',
    '求职VIP套餐|Job seeker VIP package',
    '季卡会员|Quarterly pass membership',
  ],
  'skills-course': [
    'Excel 办公课程|Excel course',
    '电工理论培训班|Class in electrical theory',
    '直播运营训练营|Live streaming training',
    '普通话课程|Mandarin course',
    '注册会计师考前题库|Question bank for accountants',
    '服装制版课程|Course in pattern making',
    '金融从业知识课|Course in finance',
    '保险基础知识讲座|Lecture on insurance',
  ],
};

it.each(Object.entries(LAWFUL))('takes every lawful name of a %s', (category, rows) => {
  const refused = rows.flatMap((row) => {
    const [zh = '', en = ''] = row.split('|');
    const rules = rulesOfItem(workerItem({ category: category as keyof typeof LAWFUL, name: { zh, en } }));
    return rules.length > 0 ? [[zh, rules]] : [];
  });
  expect(refused).toEqual([]);
  expect(Object.values(LAWFUL).flat().length).toBeGreaterThanOrEqual(30);
});

const FOR_EMPLOYERS =
  '职位发布 职位置顶 职位刷新 急聘标识 企业会员年费 简历下载 简历搜索 猎头服务费 招聘流程外包 校园招聘专场 线上双选会展位 直播带岗 背景调查 入职测评 候选人测评报告 面试间租用 视频面试账号 招聘会展位费 岗位推荐 人才推荐 劳务派遣管理费 企业认证 企业主页定制 品牌广告位 雇主品牌策划 招聘数据报告 薪酬调研报告 灵活用工结算服务 社保代理 档案托管 平台服务保证金 员工体检组织 新员工培训服务 信贷行业人才专场 股权激励咨询'.split(
    ' ',
  );

it('takes what employers pay for', () => {
  expect(FOR_EMPLOYERS.length).toBeGreaterThanOrEqual(30);
  const refused = FOR_EMPLOYERS.map((zh) => [zh, rulesOfItem(employerItem({ name: { zh, en: 'Service' } }))] as const);
  expect(refused.filter(([, rules]) => rules.length > 0)).toEqual([]);
});

const { POSTINGS } = process.env;

it.skipIf(POSTINGS === undefined)('refuses what real postings call a deposit', () => {
  const rows = readFileSync(POSTINGS ?? '', 'utf8')
    .split('\n')
    .filter(Boolean);
  const quotes = rows.flatMap((row) => {
    const { labels } = JSON.parse(row) as { readonly labels?: readonly { readonly ground: string; readonly quote: string }[] };
    return (labels ?? []).flatMap(({ ground, quote }) => (ground === 'deposit' ? [quote.slice(0, 40)] : []));
  });
  expect(quotes.length).toBeGreaterThan(0);
  expect(quotes.filter((quote) => !isDeposit(quote))).toEqual([]);
});
