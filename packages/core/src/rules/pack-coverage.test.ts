import { describe, expect, it } from 'vitest';

import type { ContextFlag } from '../screening/contexts.ts';
import { compilePack, screen } from '../screening/engine.ts';
import type { RuleClass, Severity } from '../screening/types.ts';
import { CN_NATIONAL } from './pack-cn-national.ts';

/** What is said, the rule that answers, and as what: class, severity, penalty route; flags of the posting where they matter. */
type Case = readonly [said: string, rule: string, as: `${RuleClass} ${Severity} ${string}`, context?: readonly ContextFlag[]];

/** Every ground of the law with what the pack makes of it. */
const COVERED: { readonly [ground: string]: readonly Case[] } = {
  民族: [
    ['少数民族勿扰', 'ethnicity.exclude', 'a block P-43'],
    ['回族优先', 'ethnicity.prefer', 'a review P-43'],
    ['少数民族勿扰', 'ethnicity.exclude', 'a block P-43', ['promoted']],
  ],
  种族: [['诚聘英语教师，白人优先', 'ethnicity.race', 'a block P-43']],
  性别: [
    ['仅限男性', 'gender.limit', 'a block P-43'],
    ['仅限女性', 'gender.limit', 'a block P-43'],
    ['任职要求：1、女，能上夜班', 'gender.only', 'a block P-43'],
    ['男180cm以上，女165cm以上', 'gender.differing', 'a block P-43'],
    ['限nan性', 'gender.masked', 'a review P-43'],
    ['开设妈妈岗', 'care-post.mothers', 'c review P-43'],
  ],
  婚育: [
    ['已婚已育者优先', 'marital.condition', 'c block P-43'],
    ['请注明婚姻状况', 'marital.question', 'c block P-43'],
    ['yihunyiyu优先', 'marital.masked', 'c review P-43'],
  ],
  孕检: [['入职体检须做孕检', 'marital.question', 'c block P-43']],
  生育女婴与不育: [['不育者勿扰', 'marital.infertility', 'c block P-43']],
  宗教信仰: [
    ['信教者勿扰', 'religion.limit', 'a block P-43'],
    ['招聘住寺僧人', 'clergy.post', 'a review P-43'],
  ],
  户籍: [
    ['仅限本地户口', 'hukou.limit', 'b review P-34.2'],
    ['仅限本地户口', 'hukou.graduates', 'b block P-34.2', ['graduates']],
    ['仅限本地户口', 'hukou.graduates', 'b block P-34.2', ['campus']],
    ['本地hukou优先', 'hukou.masked', 'b review P-34.2'],
    ['家住附近者优先', 'residence.near', 'd advise '],
  ],
  地域: [
    ['河南人勿扰', 'region.exclude', 'b block P-34.2'],
    ['本地人优先', 'region.prefer', 'b review P-34.2'],
    ['henan人勿扰', 'region.masked', 'b review P-34.2'],
  ],
  身份: [['限干部身份', 'status.limit', 'b review P-34.2']],
  农村劳动者: [['农村户口勿扰', 'hukou.rural', 'c block P-34.2']],
  残疾: [
    ['残疾人勿扰', 'disability.exclude', 'c block P-43'],
    ['双眼矫正视力4.8以上', 'health.senses', 'c review P-43'],
    ['要求身体健康', 'health.fit', 'd advise '],
  ],
  乙肝: [
    ['入职体检须查两对半', 'infection.hbv', 'c block P-43'],
    ['无yi肝', 'infection.masked', 'c review P-43'],
  ],
  艾滋病: [['HIV阳性者勿扰', 'infection.hiv', 'c block P-43']],
  新冠: [['无新冠感染史', 'infection.covid', 'c block P-43']],
  其他传染病: [['无传染性疾病', 'infection.any', 'c review P-43']],
  精神障碍: [
    ['抑郁症勿扰', 'disability.mental', 'c block P-43'],
    ['无精神病史', 'health.mental-record', 'c review P-43'],
  ],
  违法犯罪记录: [
    ['无犯罪记录', 'criminal.record', 'c review '],
    ['无犯罪记录', 'criminal.record', 'd advise ', ['minors-contact']],
    ['无犯罪记录', 'criminal.record', 'c review ', ['minors-contact', 'public-body']],
  ],
  戒毒: [['戒毒人员勿扰', 'rehabilitation.exclude', 'c review ']],
  年龄: [
    ['年龄35岁以下', 'age.limit', 'd advise '],
    ['年龄35岁以下', 'age.graduates', 'c review ', ['graduates']],
  ],
  未满十六周岁: [
    ['15岁即可报名', 'minor.under-sixteen', 'c block P-43'],
    ['大量招暑假工', 'minor.student-worker', 'c review P-43'],
  ],
  未成年工: [
    ['年满16周岁', 'minor.sixteen', 'd advise '],
    ['年满16周岁', 'minor.venue', 'c block P-43', ['venue']],
    ['酒吧招聘吧员，年满16周岁', 'minor.venue', 'c block P-43'],
    ['矿山井下作业，年满16周岁', 'minor.hazardous', 'c review P-43'],
  ],
  毕业院校: [
    ['985、211院校毕业优先', 'school.limit', 'd advise '],
    ['985、211院校毕业优先', 'school.graduates', 'c review ', ['graduates']],
    ['985、211院校毕业优先', 'school.campus', 'c block ', ['campus']],
  ],
  职业学校毕业生: [['技校毕业的勿扰', 'vocational.exclude', 'c block ']],
  第一学历与培养方式: [
    ['第一学历须为本科', 'school.limit', 'd advise '],
    ['第一学历须为本科', 'school.graduates', 'c review ', ['campus']],
  ],
  容貌身高: [['五官端正', 'appearance.limit', 'd advise ']],
  星座属相: [['处女座勿扰', 'zodiac.limit', 'd advise ']],
  政治面貌: [['中共党员优先', 'political.limit', 'd advise ']],
  性取向: [['同性恋勿扰', 'orientation.exclude', 'd review ']],
  纹身吸烟征信家庭: [
    ['无明显纹身', 'appearance.limit', 'd advise '],
    ['不吸烟者优先', 'private.smoking', 'd advise '],
    ['须提供个人征信报告', 'private.credit', 'd advise '],
    ['家境殷实者优先', 'private.family', 'd advise '],
  ],
  归侨侨眷: [['归侨侨眷勿扰', 'region.overseas-chinese', 'c block P-34.2']],
  外国人: [['诚聘外教两名', 'nationality.foreign', 'c review P-EEA80']],
  押金与收费: [
    ['入职交500元押金', 'deposit.worker-pays', 'c block P-EPL66'],
    ['入职交押jin五百', 'deposit.masked', 'c review P-EPL66'],
    ['体检费自理', 'fee.worker-pays', 'c block P-EPL66'],
    ['头盔餐箱自费', 'fee.self-paid', 'c block P-EPL66'],
    ['体检fei自理', 'fee.masked', 'c review P-EPL66'],
  ],
  扣押证件: [
    ['身份证由公司统一保管', 'id_withholding.papers', 'c block P-EPL66'],
    ['入职押sfz', 'id_withholding.masked', 'c review P-EPL66'],
  ],
  招转培与培训贷: [
    ['先就业后付款', 'loan.training', 'c block P-43'],
    ['入职须员工入股', 'loan.training', 'c block P-43'],
  ],
  保录与噱头: [
    // A place for money is a job that is not there: graver than mere hype.
    ['考编保过，内部名额', 'fraud.disguise', 'c block P-EPL65'],
    ['月入过万，学历经验不限', 'fraud.hype', 'c review P-43'],
  ],
  变相招聘: [['报名后须付费测评', 'fraud.assessment', 'c review P-43']],
  转发未标来源: [['转自网络', 'repost.unsourced', 'c block P-43']],
  传销赌博电诈境外高薪: [
    ['加入后发展下线有奖励', 'fraud.crime', 'c block P-43'],
    ['赴缅甸高薪客服', 'fraud.disguise', 'c block P-EPL65'],
  ],
  个人联系方式: [['联系电话：13911112222', 'contact.details', 'd advise ']],
};

/** Judged only of a whole posting. */
const OF_WHAT_IS_MISSING = ['pay.missing'];

/** Lawful: what the law asks for itself, and care for those who have it harder. */
const LAWFUL = [
  '退役军人优先',
  '就业困难人员优先',
  '残疾人优先',
  '残疾人专岗，提供无障碍设施',
  '需持健康证',
  '年满18周岁',
  '本科及以上学历',
  '会说维吾尔语',
  '男女不限',
  '享受产假和育儿假',
  '可协助落户',
  '本岗位为劳务派遣',
  '归侨侨眷优先',
  '港澳台居民可应聘',
  '3-5年经验',
  '能接受出差',
];

const compiled = compilePack(CN_NATIONAL);
const rules = new Map(CN_NATIONAL.rules.map((rule) => [rule.id, rule]));

describe('the national pack', () => {
  it.each(
    Object.entries(COVERED).flatMap(([ground, cases]) =>
      cases.map(([text, id, as, context = []]) => ({ ground, text, id, as, context, where: context.join(' ') })),
    ),
  )('answers $ground “$text” by $id as $as $where', ({ text, id, as, context }) => {
    const finding = screen({ text }, compiled, { context }).findings.find((one) => one.rule === id);
    const rule = rules.get(id);
    const penalty = rule?.modifiers?.find((one) => one.context === finding?.context)?.penalty ?? rule?.penalty;
    expect(`${finding?.class} ${finding?.severity} ${penalty}`).toBe(as);
    expect(finding?.citations.length).toBeGreaterThan(0);
  });

  it('has no rule that stands for no ground of the table', () => {
    const standing = new Set([...Object.values(COVERED).flatMap((cases) => cases.map(([, rule]) => rule)), ...OF_WHAT_IS_MISSING]);
    expect([...rules.keys()].filter((id) => !standing.has(id))).toEqual([]);
  });

  it.each(LAWFUL)('passes what is lawful: %s', (text) => {
    expect(screen({ text }, compiled).outcome).toBe('pass');
  });

  it('calls nothing illegal that no national statute prohibits', () => {
    const texts = CN_NATIONAL.rules.flatMap((rule) => [
      ...(rule.class === 'd' ? [{ id: rule.id, advice: rule.advice }] : []),
      ...(rule.modifiers ?? []).flatMap((one) => (one.class === 'd' && one.advice ? [{ id: rule.id, advice: one.advice }] : [])),
    ]);
    expect(texts.length).toBeGreaterThan(10);
    for (const { id, advice } of texts) {
      // 违法犯罪记录 is what a record is of.
      expect(advice.zh, id).not.toMatch(/违法(?!犯罪记录)|违反|非法/u);
      expect(advice.en, id).not.toMatch(/illegal|unlawful|violat|Order (No\. )?44/iu);
    }
  });

  it('bars young people from a venue by the flag alone, and from nothing else by it', () => {
    const severity = (context: readonly ContextFlag[]): unknown => screen({ text: '服务员，年满16周岁' }, compiled, { context }).outcome;
    expect([severity([]), severity(['venue']), severity(['public-body'])]).toEqual(['advise', 'block', 'advise']);
  });
});
