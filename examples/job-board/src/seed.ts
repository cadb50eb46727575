import { isComplianceError, sha256Hex } from '@zhengpin/core';
import type { Actor, Compliance, PostingContent } from '@zhengpin/core';

import { AGENCY, actor, CLIENT, FIRMS } from './accounts.ts';
import type { Firm } from './accounts.ts';

export { ACCOUNTS, actor, FIRMS } from './accounts.ts';
export type { Firm } from './accounts.ts';

/** A lawful posting of a seeded firm; `over` replaces fields. */
export function samplePosting(firm: Firm, over: Partial<PostingContent> = {}): PostingContent {
  return {
    title: '后端工程师',
    accountType: 'employer-direct',
    employer: { name: firm.name, uscc: firm.uscc, industry: firm.industry },
    headcount: 2,
    requirements: '熟悉 TypeScript 与关系数据库，三年以上相关经验',
    workContent: '负责交易系统的设计、开发与维护',
    workingConditions: '办公室工作，五天八小时，缴纳五险一金，带薪年休假',
    place: { city: firm.city, address: '示例路1号' },
    pay: { minFen: 1_500_000, maxFen: 2_500_000, unit: 'month', months: 13 },
    employmentType: 'full-time',
    validity: { reconfirmEveryDays: 30 },
    source: { kind: 'original' },
    ...over,
  };
}

const month = (min: number, max: number): PostingContent['pay'] => ({ minFen: min * 100, maxFen: max * 100, unit: 'month' });

const OPENINGS: readonly Partial<PostingContent>[] = [
  {},
  {
    title: '数控装配工',
    headcount: 12,
    requirements: '能看懂机械图纸，有装配经验者优先，企业提供岗前培训',
    workContent: '机床部件的装配、调试与检验',
    workingConditions: '两班制，车间有空调，提供劳动防护用品，缴纳五险',
    pay: month(6500, 9000),
  },
  {
    title: '仓储调度员',
    headcount: 3,
    requirements: '熟悉仓储管理系统，能适应轮班',
    workContent: '安排入库出库与配送车辆，处理异常订单',
    workingConditions: '轮班，月休六天，缴纳五险一金',
    pay: month(5500, 7500),
  },
  {
    title: '食品检验员',
    headcount: 2,
    source: { kind: 'repost', name: '示例市公共招聘网', url: 'https://jobs.example.cn/postings/20260117' },
    requirements: '食品相关专业，持有健康证明',
    workContent: '原料与成品的抽样检验，出具检验记录',
    workingConditions: '常白班，实验室工作',
    pay: month(6000, 8000),
  },
  {
    title: '景区讲解员',
    headcount: 5,
    requirements: '普通话标准，持有导游资格证',
    workContent: '为游客讲解，维护参观秩序',
    workingConditions: '旺季轮休，提供食宿',
    pay: month(4500, 6500),
  },
  {
    title: '嵌入式软件工程师',
    headcount: 2,
    requirements: '熟悉 C 语言与实时操作系统',
    workContent: '控制器固件的开发与测试',
    workingConditions: '五天八小时，弹性上下班',
    pay: month(15000, 26000),
  },
  {
    title: '课程研发专员',
    headcount: 2,
    targetsGraduates: true,
    requirements: '师范或教育学背景，有教研经验',
    workContent: '编写职业技能课程与题库',
    workingConditions: '五天八小时',
    pay: month(8000, 12000),
  },
  {
    title: '外业测绘员',
    headcount: 6,
    requirements: '测绘专业，能适应驻外作业',
    workContent: '使用全站仪与无人机采集数据',
    workingConditions: '项目制，外业补贴按天计',
    pay: month(7000, 10000),
  },
  {
    title: '农技推广员',
    headcount: 4,
    requirements: '农学专业，会驾驶，能常驻乡镇',
    workContent: '指导农户用种用肥，收集田间数据',
    workingConditions: '提供住宿和车辆',
    pay: month(5000, 7000),
  },
  {
    title: '品牌设计师',
    headcount: 1,
    requirements: '能独立完成品牌视觉方案，请附作品集',
    workContent: '品牌标识与物料设计',
    workingConditions: '五天八小时，可部分远程',
    pay: month(9000, 15000),
  },
  {
    title: '电气维修技师',
    headcount: 3,
    requirements: '持有电工证，会看电气图',
    workContent: '设备电气故障诊断与维修',
    workingConditions: '三班两倒，夜班补贴',
    pay: month(8000, 11000),
  },
  {
    title: '实验室助理',
    headcount: 2,
    requirements: '生物相关专业，操作细致',
    workContent: '样品前处理与数据登记',
    workingConditions: '常白班，提供防护用品',
    pay: month(6000, 8500),
  },
];

const GARDENER: Partial<PostingContent> = {
  title: '园艺养护员',
  headcount: 8,
  requirements: '有绿化养护经验者优先，能户外作业',
  workContent: '公园与道路绿地的修剪、浇灌与补种',
  workingConditions: '五天八小时，高温天气调整作业时间并发放补贴',
  pay: month(4800, 6200),
  validity: { reconfirmEveryDays: 60 },
};

const QUEUED: readonly Partial<PostingContent>[] = [
  {
    title: '储能系统工程师',
    requirements: '熟悉电池管理系统，能出差',
    workContent: '储能电站的调试与运维',
    workingConditions: '项目制，出差有补贴，缴纳五险一金',
    pay: month(12000, 20000),
  },
  {
    title: '酒店前厅接待',
    headcount: 4,
    requirements: '善于沟通，能用英语接待',
    workContent: '办理入住与退房',
    workingConditions: '轮班，提供工作餐',
    pay: month(4500, 6000),
  },
  {
    title: '外籍法语教师',
    hiresForeigners: true,
    requirements: '法语为母语水平，持有教学资质',
    workContent: '企业法语课程教学',
    workingConditions: '每周授课不超过二十课时，提供教学用房',
    pay: month(15000, 22000),
  },
];

async function decide(compliance: Compliance, reviewer: Actor, review: string): Promise<void> {
  const { version } = await compliance.claimReview(reviewer, review);
  await compliance.decideReview(reviewer, review, { verdict: 'approve' }, { expectedVersion: version });
}

async function acceptMaterials(compliance: Compliance, poster: Actor, uscc: string, until: string): Promise<void> {
  const handler = { handler: poster.id, expiresOn: until };
  const kinds = [
    { kind: 'recruitment-brief' },
    { kind: 'business-licence' },
    { kind: 'handler-identity', ...handler },
    { kind: 'authorisation-letter', ...handler },
  ];
  for (const material of kinds) {
    const reference = `seed/${poster.id}/${material.kind}`;
    const { review } = await compliance.submitMaterial(poster, {
      employerUscc: uscc,
      reference,
      sha256: sha256Hex(reference),
      ...material,
    });
    await decide(compliance, actor('rev-1'), review);
  }
}

async function publish(compliance: Compliance, poster: Actor, content: PostingContent): Promise<void> {
  const { id, review } = await compliance.submitPosting(poster, content);
  await decide(compliance, actor('rev-2'), review ?? '');
  await compliance.publishPosting(poster, id);
}

/** Work for the reviewers: postings to judge, a renewed licence, and a blocked posting whose employer appeals. */
async function fillQueue(compliance: Compliance, until: string): Promise<void> {
  for (const [i, opening] of QUEUED.entries()) {
    const at = OPENINGS.length + i;
    await compliance.submitPosting(actor(`emp-${at + 1}`), samplePosting(FIRMS[at] ?? FIRMS[0], opening));
  }
  const [firm] = FIRMS;
  const reference = 'seed/emp-1/business-licence-renewed';
  await compliance.submitMaterial(actor('emp-1'), {
    kind: 'business-licence',
    employerUscc: firm.uscc,
    reference,
    sha256: sha256Hex(reference),
    expiresOn: until,
  });
  const blocked = samplePosting(FIRMS[19] ?? firm, {
    title: '林区管护员',
    requirements: '限男性，能在野外连续作业',
    workContent: '巡护林区，记录火险和病虫害',
    workingConditions: '驻林区作业，提供食宿和防护用品，缴纳五险',
    pay: month(5000, 6500),
  });
  const refusal: unknown = await compliance.submitPosting(actor('emp-20'), blocked).catch((error: unknown) => error);
  if (isComplianceError(refusal) && refusal.decision) {
    await compliance.appealDecision(actor('emp-20'), refusal.decision.id, {
      explanation: '岗位需在野外连续作业，本单位认为可以限定性别，请复核',
    });
  }
}

/**
 * Fill an empty store with an invented operator, firms, accepted materials and postings, all through the kit's own
 * commands. Does nothing when the operator is registered already.
 * @param today civil date, from which materials run two years
 */
export async function seed(compliance: Compliance, today: string): Promise<void> {
  const operator = actor('operator');
  const known = await compliance.getOperator(operator).catch((error: unknown) => {
    if (isComplianceError(error) && error.code === 'ZP_NOT_FOUND') return undefined;
    throw error;
  });
  if (known) return;
  const year = Number(today.slice(0, 4));
  const until = `${year + 2}-01-31`;
  const agency = actor('agency');
  await Promise.all([
    ...FIRMS.map((firm, i) =>
      compliance.registerOrganisation(actor(`emp-${i + 1}`), { name: firm.name, uscc: firm.uscc, accountType: 'employer-direct' }),
    ),
    compliance.registerOrganisation(agency, { name: AGENCY.name, uscc: AGENCY.uscc, accountType: 'commercial-agency' }),
  ]);
  await Promise.all([
    ...FIRMS.map((firm, i) => acceptMaterials(compliance, actor(`emp-${i + 1}`), firm.uscc, until)),
    acceptMaterials(compliance, agency, CLIENT.uscc, until),
  ]);
  // The operator's record comes after what may be repeated, so that a crash while seeding starts it over.
  await compliance.setOperator(operator, {
    name: '正聘示例人力资源服务有限公司',
    agencyType: 'commercial',
    modes: ['platform'],
    jurisdictions: ['CN'],
    licence: {
      number: '(京)人服证字〔2025〕第0123456789号',
      authority: '示例市人力资源和社会保障局',
      scope: ['职业中介活动（开展网络招聘服务）'],
      validFrom: `${year - 1}-01-01`,
      validThrough: `${year + 3}-12-31`,
    },
  });
  for (const [i, opening] of OPENINGS.entries()) {
    await publish(compliance, actor(`emp-${i + 1}`), samplePosting(FIRMS[i] ?? FIRMS[0], opening));
  }
  await publish(compliance, agency, samplePosting(CLIENT, { ...GARDENER, accountType: 'commercial-agency' }));
  await fillQueue(compliance, until);
}
