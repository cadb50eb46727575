import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** What the period of a class of records begins with (起算). */
export type RetentionTrigger = 'service-completed' | 'recorded' | 'superseded' | 'case-closed';

/** A class of records that are kept for a time (保存类别). */
export interface RetentionClass {
  readonly id: string;
  readonly title: Text;
  /** The least that binds; no operator goes below it. */
  readonly floor: { readonly months: number };
  /** What the kit keeps unless the operator lengthens it. */
  readonly kept: { readonly months: number };
  readonly trigger: RetentionTrigger;
  /** Whether the floor is the law's own figure, or the kit's where the law names none. */
  readonly basis: 'law' | 'kit';
  readonly citations: readonly Citation[];
  /** Who sees to it: the kit disposes of these itself, or the host keeps and answers for them. */
  readonly keptBy: 'kit' | 'host';
}

const THREE_YEARS = { months: 36 };
const TWO_YEARS = { months: 24 };

/**
 * How long what is kept (保存期限表). A period runs from its trigger in civil days of Shanghai; while the trigger is unknown
 * nothing has begun to run.
 * @source Order 44 Art. 26; E-commerce Law Art. 31; HR Market Regulation Art. 33; Cybersecurity Law Art. 23; PIPL Art. 56
 */
export const RETENTION_SCHEDULE: readonly RetentionClass[] = [
  {
    id: 'platform-service',
    title: { zh: '平台上发布的招聘信息与服务信息', en: 'Recruitment and service information published on a platform' },
    floor: THREE_YEARS,
    kept: THREE_YEARS,
    trigger: 'service-completed',
    basis: 'law',
    citations: [cite('order44', '26'), cite('e-commerce', '31')],
    keptBy: 'kit',
  },
  {
    id: 'service-ledger',
    title: { zh: '人力资源服务台账', en: 'Service ledger of an agency that runs no platform' },
    floor: TWO_YEARS,
    kept: THREE_YEARS,
    trigger: 'service-completed',
    basis: 'law',
    citations: [cite('hr-market', '33')],
    keptBy: 'kit',
  },
  {
    id: 'network-log',
    title: { zh: '网络运行日志', en: 'Network logs' },
    floor: { months: 6 },
    kept: { months: 6 },
    trigger: 'recorded',
    basis: 'law',
    citations: [cite('cybersecurity', '23')],
    keptBy: 'host',
  },
  {
    id: 'impact-assessment',
    title: { zh: '个人信息保护影响评估报告和处理情况记录', en: 'Impact assessments and records of processing' },
    floor: THREE_YEARS,
    kept: THREE_YEARS,
    trigger: 'recorded',
    basis: 'law',
    citations: [cite('pipl', '56')],
    keptBy: 'host',
  },
  {
    id: 'fee-rule',
    title: { zh: '收费项目与标准的历次版本', en: 'Versions of the price list' },
    floor: THREE_YEARS,
    kept: THREE_YEARS,
    trigger: 'superseded',
    basis: 'kit',
    citations: [cite('order44', '19(2)'), cite('e-commerce', '31')],
    keptBy: 'host',
  },
  {
    id: 'complaint',
    title: { zh: '投诉、举报处理档案', en: 'Files of complaints and reports' },
    floor: THREE_YEARS,
    kept: THREE_YEARS,
    trigger: 'case-closed',
    basis: 'kit',
    citations: [cite('order44', '23'), cite('order44', '26')],
    keptBy: 'host',
  },
  {
    id: 'self-audit',
    title: { zh: '个人信息保护年度自查记录', en: 'Records of the yearly self-audit' },
    floor: THREE_YEARS,
    kept: THREE_YEARS,
    trigger: 'recorded',
    basis: 'kit',
    citations: [cite('order44', '21(3)')],
    keptBy: 'host',
  },
];

/** The class of a service, by what its agency is (服务记录的保存类别): only who runs a platform is bound by Order 44 Art. 26. */
export function classOfService(modes: readonly string[]): RetentionClass {
  const wanted = modes.includes('platform') ? 'platform-service' : 'service-ledger';
  return RETENTION_SCHEDULE.find(({ id }) => id === wanted) as RetentionClass;
}
