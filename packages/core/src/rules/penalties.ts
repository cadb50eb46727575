import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

export type PenaltyCode =
  | 'P-42.1'
  | 'P-42.2'
  | 'P-43'
  | 'P-44'
  | 'P-34.2'
  | 'P-EPL66'
  | 'P-EPL65'
  | 'P-ECL80'
  | 'P-36'
  | 'P-38'
  | 'P-EEA80';

/**
 * When the fine, or for `P-38` the sanction, can be imposed (处罚触发条件): at once; at once but only where there are
 * illegal gains; only after an order to correct is refused; only after its deadline has passed; or differently by
 * gravity. Six codes wait for a refusal or a deadline in whole or part, which is why a rectification file is kept.
 */
export type PenaltyTrigger = 'on-finding' | 'with-illegal-gains' | 'after-refusal' | 'after-deadline' | 'by-gravity';

/** What follows a breach (罚则), in the kit's own words. Amounts are in yuan (CNY). */
export interface Penalty {
  readonly code: PenaltyCode;
  readonly title: Text;
  /** Amounts and the condition under which they bite. */
  readonly text: Text;
  readonly trigger: PenaltyTrigger;
  readonly citations: readonly Citation[];
}

/**
 * The penalty routes of Order 44 (罚则表). Articles 4, 8, 16, 18, 20, 23 and 24 lead to none of them: they have no
 * penalty clause of their own and are reached, if at all, through other law.
 * Orders to correct within this table may be followed by leniency for a first, slight, promptly corrected breach.
 * @source Order 44 Art. 32-38; Administrative Penalty Law Art. 33
 */
export const PENALTIES: Readonly<Record<PenaltyCode, Penalty>> = {
  'P-42.1': {
    code: 'P-42.1',
    title: { zh: '无许可证从事网络招聘服务', en: 'Online recruitment without a licence' },
    text: {
      zh: '一经查实即关闭或责令停止；有违法所得的，没收并处1万元至5万元罚款；没有违法所得的，不处罚款。',
      en: 'Closed or ordered to stop on finding. Where there are illegal gains: confiscation and a fine of CNY 10,000 to 50,000. No fine without illegal gains.',
    },
    trigger: 'with-illegal-gains',
    citations: [cite('order44', '32(1)'), cite('hr-market', '42(1)'), cite('employment-promotion', '64')],
  },
  'P-42.2': {
    code: 'P-42.2',
    title: { zh: '变更或终止未书面报告', en: 'Change or termination not reported in writing' },
    text: {
      zh: '先责令改正；拒不改正的，处5000元至1万元罚款。',
      en: 'Order to correct first. Fine of CNY 5,000 to 10,000 only after refusal.',
    },
    trigger: 'after-refusal',
    citations: [cite('order44', '32(2)'), cite('hr-market', '42(2)')],
  },
  'P-43': {
    code: 'P-43',
    title: { zh: '招聘信息不真实、不合法，或牟取不正当利益', en: 'Untrue or unlawful postings, or improper benefit' },
    text: {
      zh: '责令改正，有违法所得的一经查实即没收；拒不改正的，处1万元至5万元罚款；情节严重的，吊销人力资源服务许可证；造成个人损害的，另负民事责任。',
      en: 'Order to correct; illegal gains are confiscated on finding. Fine of CNY 10,000 to 50,000 after refusal. Licence revoked in serious cases. Civil liability to individuals who were harmed.',
    },
    trigger: 'after-refusal',
    citations: [cite('order44', '34(1)'), cite('order44', '35(1)'), cite('hr-market', '43')],
  },
  'P-44': {
    code: 'P-44',
    title: { zh: '未公示、未明示或未提交年度报告', en: 'No display, no disclosure or no annual report' },
    text: {
      zh: '先责令改正；拒不改正的，处5000元至1万元罚款。',
      en: 'Order to correct first. Fine of CNY 5,000 to 10,000 only after refusal.',
    },
    trigger: 'after-refusal',
    citations: [cite('order44', '33'), cite('hr-market', '44')],
  },
  'P-34.2': {
    code: 'P-34.2',
    title: { zh: '违法限制流动，或未履行审查义务', en: 'Unlawful limits on mobility, or review not carried out' },
    text: {
      zh: '先责令改正；拒不改正的，没有违法所得处1万元以下罚款，有违法所得则没收并处1万元至3万元罚款。',
      en: 'Order to correct first. After refusal: up to CNY 10,000 without illegal gains; with them, confiscation and CNY 10,000 to 30,000.',
    },
    trigger: 'after-refusal',
    citations: [cite('order44', '34(2)')],
  },
  'P-EPL66': {
    code: 'P-EPL66',
    title: { zh: '向劳动者收取押金', en: 'Deposit taken from a worker' },
    text: {
      zh: '责令限期退还，并按每人500元至2000元处以罚款；不以拒不改正为前提。',
      en: 'Ordered to refund by a deadline, with a fine of CNY 500 to 2,000 for each person. No refusal is needed.',
    },
    trigger: 'on-finding',
    citations: [cite('order44', '35(2)'), cite('employment-promotion', '66(2)')],
  },
  'P-EPL65': {
    code: 'P-EPL65',
    title: { zh: '中介提供虚假就业信息等', en: 'Intermediary giving false job information' },
    text: {
      zh: '与本规定并行适用：为无合法证照的单位服务、提供虚假信息或伪造许可证的，责令改正；有违法所得的，没收并处1万元至5万元罚款；情节严重的，吊销许可证。',
      en: 'Applies beside Order 44 to false job information, service for an employer without lawful papers and forged licences: order to correct; with illegal gains, confiscation and a fine of CNY 10,000 to 50,000; licence revoked in serious cases.',
    },
    trigger: 'with-illegal-gains',
    citations: [cite('employment-promotion', '65')],
  },
  'P-ECL80': {
    code: 'P-ECL80',
    title: { zh: '平台未履行核验登记或信息保存义务', en: 'Platform failing to verify entrants or keep records' },
    text: {
      zh: '责令限期改正；逾期不改正的，处2万元至10万元罚款；情节严重的，责令停业整顿，并处10万元至50万元罚款。',
      en: 'Order to correct by a deadline. Once overdue: CNY 20,000 to 100,000. Serious cases: suspension of business and CNY 100,000 to 500,000.',
    },
    trigger: 'after-deadline',
    citations: [cite('order44', '37'), cite('e-commerce', '80(1)')],
  },
  'P-36': {
    code: 'P-36',
    title: { zh: '违法收集、使用、存储、发布或出境提供信息', en: 'Unlawful handling or export of information' },
    text: {
      zh: '由有关主管部门依网络安全法、个人信息保护法处理。一般情形：拒不改正的，处100万元以下罚款，责任人员1万元至10万元；情节严重的，处5000万元以下或上一年度营业额5%以下罚款，责任人员10万元至100万元，并可停业、吊销。',
      en: 'Imposed by other authorities under the cybersecurity and personal information statutes. Ordinary cases: up to CNY 1,000,000 after refusal, and CNY 10,000 to 100,000 for persons responsible. Serious cases: up to CNY 50,000,000 or 5% of last year’s turnover, and CNY 100,000 to 1,000,000 for persons, with suspension or revocation possible.',
    },
    trigger: 'by-gravity',
    citations: [cite('order44', '36'), cite('cybersecurity', '71'), cite('pipl', '66')],
  },
  'P-38': {
    code: 'P-38',
    title: { zh: '公共人力资源服务机构违反本规定', en: 'Breach by a public agency' },
    text: {
      zh: '由上级主管机关责令改正；拒不改正的，处分直接负责的主管人员和其他责任人员；不处罚款。',
      en: 'The superior authority orders correction; after refusal the officers responsible are disciplined. No fine.',
    },
    trigger: 'after-refusal',
    citations: [cite('order44', '38')],
  },
  'P-EEA80': {
    code: 'P-EEA80',
    title: { zh: '介绍或聘用外国人非法就业', en: 'Introducing or hiring foreigners illegally' },
    text: {
      zh: '由公安机关处罚，与本规定并行适用：单位介绍的，每介绍一人处5000元，总额不超过10万元；非法聘用的，每聘用一人处1万元，总额不超过10万元；有违法所得的没收。',
      en: 'Imposed by the police beside Order 44. An organisation introducing workers: CNY 5,000 a person, at most CNY 100,000. Hiring: CNY 10,000 a person, at most CNY 100,000. Illegal gains are confiscated.',
    },
    trigger: 'on-finding',
    citations: [cite('exit-entry', '80')],
  },
};
