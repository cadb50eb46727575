import { expect, it } from 'vitest';

import { screenText, workerItem } from '../../../test/fees.ts';
import { itemIssues } from './items.ts';
import type { PriceItem } from './records.ts';

function rulesOf(over: Partial<PriceItem>): readonly string[] {
  return itemIssues(workerItem({ category: 'membership', name: { zh: '会员', en: 'Membership' }, ...over }), 0, screenText).map(
    ({ pointer, rule }) => `${pointer.replace('/items/0/', '')} ${rule}`,
  );
}

it.each([
  ['in Latin letters', 'yaj1n y4jin ya1jin1 yaajin danbao dānbǎo dan1bao3 dan保 保ZJ B证J deposit卡 depozit卡'],
  ['in other characters', '旦保 單保 胆保 压钅 质物 典当 留置 预缴 暂收 待退 寄存 代存'],
  [
    'as what is given back',
    '存500取500 交500返500 收500还500 500（还） 到期归还 离开时归还 期满奉还 走时给回 可赎回 可提现 学成全返 全勤返现 结业退',
  ],
  [
    'as what is for good faith',
    '履约包 履约卡 守约计划 诚意卡 诚意包 诚信卡 信用充值 信用分充值 承诺包 责任包 爽约包 共管账户 监管账户 托管账户',
  ],
])('refuses a deposit named %s', (_how, names) => {
  const taken = names.split(' ').filter((zh) => !rulesOf({ name: { zh: `会员${zh}`, en: 'Membership' } }).includes('name/zh deposit'));
  expect(taken).toEqual([]);
});

it.each(
  'security|performance security|earnest|key money|good-faith sum|caution sum|trust money|(returned at end of contract)|(refunded at the end)|(money back when you quit)|advance (recoverable)|pawn|lien|indemnity|retention sum|commitment fee|no-show fee|dépôt|fianza|caución|kaution|pfand|depozit|dposit|YJ|BZJ|yaajin'.split(
    '|',
  ),
)('refuses a deposit named %s in English', (en) => {
  expect(rulesOf({ name: { zh: '会员', en: `Membership ${en}` } })).toContain('name/en deposit');
});

it.each<[NonNullable<PriceItem['category']>, string, string]>([
  ['membership', '会员年费', 'Annual membership fee'],
  ['membership', '会员费（月）', 'Membership fee, a month'],
  ['membership', '自动续费会员', 'Membership renewal'],
  ['membership', '会员（7天无理由退款）', 'Membership with refunds'],
  ['resume-service', '简历不满意全额退款', 'Résumé with a full refund'],
  ['resume-service', '简历费用计算器', 'Résumé cost calculator'],
  ['resume-service', '入职前简历更新', 'Résumé update'],
  ['interview-practice', '银行面试辅导（押题班）', 'Interview class with likely questions'],
  ['career-guidance', '入职适应辅导', 'Career onboarding coaching'],
  ['career-guidance', '职场养老金政策咨询', 'Workplace pension advice'],
  ['career-guidance', '职场失业保险金申领咨询', 'Workplace advice on unemployment insurance'],
  ['career-guidance', '职场违约金条款咨询', 'Workplace advice on penalties'],
  ['career-guidance', '求职防骗课：识别押金骗局', 'Job search: spotting scams'],
  ['skills-course', '押韵文案写作课', 'Course in rhyming copy'],
  ['skills-course', '五金模具设计课程', 'Course in mould design'],
  ['skills-course', '冶金安全培训', 'Training in metallurgy'],
  ['skills-course', '育婴师课程学费', 'Course in infant care'],
  ['skills-course', '劳动法实务：试用期与违约金课程', 'Course in labour law'],
  ['skills-course', '信息安全课程', 'Information security course'],
])('takes a lawful %s named %s', (category, zh, en) => {
  expect(rulesOf({ category, name: { zh, en } })).toEqual([]);
});

it.each(['会员押题金', '会员五金押金', '会员入职适应押金', '会员押金条款', '会员违约金', '会员离职无理由退款', '会员费押金'])(
  'takes no deposit for the lawful word in it: %s',
  (zh) => {
    expect(rulesOf({ name: { zh, en: 'Membership' } })).toContain('name/zh deposit');
  },
);

it.each([
  '上岗后不得不缴纳押金五百元',
  '会员不得不交保证金500元',
  '未交保证金的账号将被关闭',
  '未缴押金者自动退出',
  '无押金的求职者须另交五百元',
  '会员不收押金的前提是先存五百元',
  '您离开公司时如数奉还',
  '由公司替您保管五百元，走时拿回',
  '合同结束时退回',
  '到期后归还本金',
  '试用期结束退还',
  '发工资时返还',
  '违反纪律从中扣',
  '到岗则返',
])('refuses a description that says: %s', (zh) => {
  expect(rulesOf({ what: { zh, en: 'Nobody has to take it' } })).toContain('what/zh deposit');
});

it.each([
  '用于办理入职手续',
  '包含报名费、建档费、体检费',
  '含工装费用',
  '用于购买制服、体检和入职手续',
  '购买后我们确保您得到该职位',
  '支付后由内部人员帮您拿到工作',
  '凡应聘必购',
  '不选购者简历不会被看到',
])('refuses a description by which a job is paid for: %s', (zh) => {
  expect(rulesOf({ what: { zh, en: 'Nobody has to take it' } })).toContain('what/zh worker-pays-for-job');
});

it.each([
  '不收押金的会员服务，随时可停',
  '平台不向求职者收取押金',
  '入职后还可以继续咨询',
  '上班族专用，七日内可退款',
  '试用期内不满意可退',
  '不保证获得工作',
  '我们保存您的简历三年',
])('takes a description that says: %s', (zh) => {
  expect(rulesOf({ what: { zh, en: 'Nobody has to take it' } })).toEqual([]);
});

it.each([
  'No later than Monday a deposit of 500 is due',
  'Without the deposit you will have no interview',
  'Not paying the deposit ends the membership',
  'We do not waive the deposit',
  'Never forget to bring the deposit',
  'No worker starts without a deposit',
  'Not before the bond is paid',
  'With no deposit you have no interview',
  'Kept by us until you leave, then returned',
  'Given back when you resign',
  'Returned with your first wages',
])('refuses in English: %s', (en) => {
  expect(rulesOf({ what: { zh: '自愿选购', en } })).toContain('what/en deposit');
});

it.each([
  'No deposit is taken',
  'There is no registration fee or deposit',
  'We do not charge a deposit',
  'This is not a guarantee of a job',
  'Comments are returned at the end of the week',
  'A refund within seven days',
])('takes in English: %s', (en) => {
  expect(rulesOf({ what: { zh: '自愿选购', en } })).toEqual([]);
});
