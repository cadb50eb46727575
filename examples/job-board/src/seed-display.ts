import { isComplianceError, sha256Hex } from '@zhengpin/core';
import type { Compliance } from '@zhengpin/core';

import { actor } from './accounts.ts';

const proof = (reference: string): { readonly reference: string; readonly sha256: string } => ({
  reference: `seed/operator/${reference}`,
  sha256: sha256Hex(reference),
});

const CREDENTIALS = [
  { kind: 'business-licence', number: '91110108MA00EXMP0A', authority: '示例市市场监督管理局', validFrom: '2025-01-01' },
  {
    kind: 'hr-licence',
    number: '(京)人服证字〔2025〕第0123456789号',
    authority: '示例市人力资源和社会保障局',
    scope: ['职业中介活动（开展网络招聘服务）'],
    validFrom: '2025-01-01',
    validThrough: '2029-12-31',
  },
  { kind: 'telecom-licence', number: '京B2-20250001', authority: '示例市通信管理局', validFrom: '2025-01-01', validThrough: '2030-01-01' },
  {
    kind: 'icp-filing',
    number: '京ICP备2025000001号',
    authority: '示例市通信管理局',
    validFrom: '2025-01-01',
    link: 'https://beian.miit.gov.cn/',
  },
] as const;

/** What the board charges: invented prices. */
const PRICES = [
  {
    id: 'job-search',
    name: { zh: '求职登记与岗位推荐', en: 'Registration and recommendation of posts' },
    what: { zh: '登记求职意向，推荐岗位', en: 'Posts that fit are recommended' },
    kind: 'core',
    payer: 'worker',
    unit: 'service',
    amountFen: 0,
    basis: 'market-adjusted',
  },
  {
    id: 'resume-review',
    name: { zh: '简历修改建议', en: 'Resume review' },
    what: { zh: '由职业指导人员给出书面修改建议', en: 'Written advice on a resume' },
    kind: 'extra',
    payer: 'worker',
    optional: true,
    category: 'resume-service',
    unit: 'service',
    amountFen: 9900,
    basis: 'market-adjusted',
  },
  {
    id: 'posting-month',
    name: { zh: '招聘信息发布', en: 'Posting' },
    what: { zh: '一条招聘信息发布一个月', en: 'One posting for a month' },
    kind: 'core',
    payer: 'employer',
    unit: 'posting',
    amountFen: 19_900,
    basis: 'market-adjusted',
  },
  {
    id: 'fair-booth',
    name: { zh: '网络招聘会展位', en: 'Booth at an online fair' },
    what: { zh: '参加一场网络招聘会', en: 'Takes part in one online fair' },
    kind: 'extra',
    payer: 'employer',
    unit: 'session',
    amountFen: 60_000,
    basis: 'market-adjusted',
  },
] as const;

const AGREEMENT = [
  {
    id: 'joining',
    topics: ['entry-and-exit'],
    title: { zh: '进入和退出', en: 'Joining and leaving' },
    text: {
      zh: '单位提交营业执照、经办人身份和授权材料，经核验后开通账号。用户可以随时退出，平台不设障碍；退出前成立的服务按当时的版本履行完毕。',
      en: 'An employer hands in its licence, the handler’s identity and the authorisation; the account opens once they are verified. A user may leave at any time, and what was agreed before goes on under the version it was agreed under.',
    },
  },
  {
    id: 'quality',
    topics: ['service-quality'],
    title: { zh: '服务质量', en: 'Quality of the service' },
    text: {
      zh: '每条招聘信息发布前经筛查和人工审查，到期下架。审查结果说明理由，可以申诉一次，由另一名审查人员处理。',
      en: 'Every posting is screened and reviewed by a person before it shows, and taken down when it runs out. A refusal says why and can be appealed once, to another reviewer.',
    },
  },
  {
    id: 'seekers',
    topics: ['job-seeker-rights'],
    title: { zh: '求职者权益', en: 'Rights of job seekers' },
    text: {
      zh: '任何单位不得通过本平台向求职者收取押金、保证金或者与录用挂钩的费用，不得扣押证件。违反的，平台停止服务并报告主管部门。',
      en: 'Nobody may take a deposit, a bond or a fee for being hired from a job seeker through this platform, or keep papers. Whoever does loses the service and is reported.',
    },
  },
  {
    id: 'privacy',
    topics: ['personal-information'],
    title: { zh: '个人信息', en: 'Personal information' },
    text: {
      zh: '平台只为招聘和求职所必需处理个人信息，分项征得同意，密封保存，期满销毁密钥。求职者可以查阅、更正、撤回同意。',
      en: 'Personal information is processed only as recruiting needs it, with separate consent, sealed, and its key destroyed when the time is over. A job seeker may see it, correct it and withdraw consent.',
    },
  },
] as const;

async function once<T>(read: Promise<T | undefined>, write: () => Promise<unknown>): Promise<void> {
  const there = await read.catch((error: unknown) => {
    if (isComplianceError(error) && error.code === 'ZP_NOT_FOUND') return undefined;
    throw error;
  });
  if (there === undefined) await write();
}

/**
 * What the invented operator displays, charges and agrees, each once: credentials, the home page at its own address, prices, the agreement.
 * @param base where the board answers
 * @param today civil date, from which prices and agreement are in effect
 */
export async function seedDisplay(compliance: Compliance, base: string, today: string): Promise<void> {
  const officer = actor('officer');
  const { tenant } = officer;
  const display = {
    name: '正聘示例人力资源服务有限公司',
    domicile: '示例市示例区示例路1号',
    legalRepresentative: '示例',
    authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
    complaints: { phone: '010-00000001', link: '/rules' },
    priceList: '/fees',
    homePages: [{ id: 'web', kind: 'web', url: `${base}/` }],
  };
  await once(compliance.publicDisclosure(tenant), async () => {
    for (const credential of CREDENTIALS) await compliance.recordCredential(officer, { ...credential, ...proof(credential.kind) });
    await compliance.setDisclosure(officer, display);
  });
  // The board may answer at another address than last time.
  const { body } = await compliance.getDisclosure(officer);
  if (body.homePages[0]?.url !== `${base}/`) {
    const { name, domicile, legalRepresentative, authority, complaints, priceList = display.priceList } = body;
    const given = { name, domicile, legalRepresentative, authority, complaints, priceList };
    await compliance.setDisclosure(officer, { ...given, homePages: display.homePages });
  }
  await once(
    compliance.announcedPriceList(tenant).then(async (next) => next ?? compliance.currentPriceList(tenant)),
    () => compliance.publishPriceList(officer, { effectiveFrom: today, basis: proof('prices'), items: PRICES }),
  );
  await once(compliance.rulesInEffect(tenant, 'agreement'), async () => {
    const summary = { zh: '首次制定平台服务协议。', en: 'The first platform agreement.' };
    const { id } = await compliance.proposeRules(officer, { document: 'agreement', summary, sections: AGREEMENT });
    await compliance.publishRules(officer, id, { effectiveFrom: today });
  });
}
