import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** When a job is due, in the civil time of Shanghai, which has no summer time (执行时点). What is absent is every one. */
export interface Schedule {
  readonly minute: number;
  readonly hour?: number;
  /** Day of the month, 1 to 28. */
  readonly day?: number;
  /** 1 to 12; only with a day. */
  readonly month?: number;
}

/** Work that comes back (定期任务). */
export interface Job {
  readonly id: string;
  readonly title: Text;
  readonly schedule: Schedule;
  /** How long one run may take before another process takes it over, in ms. */
  readonly leaseMs: number;
  readonly citations: readonly Citation[];
}

const HOUR_MS = 3_600_000;

/**
 * What has to be done again and again, and when (定期任务表). Each may be run twice without harm: a process that died in the middle is no reason
 * not to begin anew.
 */
export const JOBS: readonly Job[] = [
  {
    id: 'expire-postings',
    title: { zh: '下架到期的招聘信息', en: 'Take postings down that have run out' },
    schedule: { minute: 5 },
    leaseMs: HOUR_MS / 2,
    citations: [cite('order44', '15'), cite('notice-2025-60', '2')],
  },
  {
    id: 'duties-tick',
    title: { zh: '登记到期与逾期的义务', en: 'Put on record what is due and what was missed' },
    schedule: { minute: 40, hour: 0 },
    leaseMs: HOUR_MS,
    citations: [cite('order44', '12'), cite('order44', '13'), cite('order44', '21(3)')],
  },
  {
    id: 'disclosure-monitor',
    title: { zh: '核查首页公示', en: 'Look at what home pages show' },
    schedule: { minute: 15, hour: 9 },
    leaseMs: HOUR_MS,
    citations: [cite('order44', '13(1)')],
  },
  {
    id: 'settle-services',
    title: { zh: '确认已全部结束的服务', en: 'Complete services of which all has ended' },
    schedule: { minute: 10, hour: 1 },
    leaseMs: HOUR_MS,
    citations: [cite('order44', '26')],
  },
  {
    id: 'retention-tick',
    title: { zh: '记录可信时间', en: 'Record the time' },
    schedule: { minute: 20, hour: 1 },
    leaseMs: HOUR_MS,
    citations: [cite('order44', '26')],
  },
  {
    id: 'settle-erasures',
    title: { zh: '销毁期满已处置主体的密钥', en: 'Destroy keys of restricted subjects of which nothing is kept' },
    schedule: { minute: 30, hour: 1 },
    leaseMs: HOUR_MS,
    citations: [cite('pipl', '47')],
  },
  {
    id: 'archive-retained',
    title: { zh: '归档并延长锁定', en: 'Archive what is new and lengthen locks' },
    schedule: { minute: 0, hour: 2 },
    leaseMs: 4 * HOUR_MS,
    citations: [cite('order44', '26')],
  },
  {
    id: 'reconcile-fees',
    title: { zh: '收款对账', en: 'Compare payments with the ledger' },
    schedule: { minute: 45, hour: 4 },
    leaseMs: 2 * HOUR_MS,
    citations: [cite('order44', '19(2)')],
  },
  {
    id: 'restore-drill',
    title: { zh: '恢复演练', en: 'Restore drill' },
    schedule: { minute: 0, hour: 3, day: 2 },
    leaseMs: 4 * HOUR_MS,
    citations: [cite('order44', '26')],
  },
  {
    id: 'light-audit',
    title: { zh: '个人信息保护月度检查', en: 'Monthly check of the protection of personal information' },
    schedule: { minute: 30, hour: 3, day: 1 },
    leaseMs: HOUR_MS,
    citations: [cite('order44', '21(3)')],
  },
];

/** The cron expression of a schedule, for minutes. */
export function cronOf({ minute, hour, day, month }: Schedule): string {
  return [minute, hour ?? '*', day ?? '*', month ?? '*', '*'].join(' ');
}
