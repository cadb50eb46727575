import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator } from '../../kernel/validate.ts';
import { SCALE_DUTY_SCHEMA, SCALE_SCHEMA } from '../../rules/privacy-schemas.ts';
import type { ScaleDutyInput, ScaleInput } from '../../rules/privacy-schemas.ts';
import { retrying, workingDaysFrom } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** A number of persons beyond which more is asked for (人数门槛). */
interface Threshold {
  readonly id: ScaleDutyInput['threshold'];
  readonly counts: 'persons' | 'sensitivePersons';
  readonly from: number;
  readonly duty: Text;
  /** Working days from the day it was reached; absent: from then on. */
  readonly workingDays?: number;
}

/**
 * What numbers of persons bring with them (人数门槛表).
 * @source PIPL Art. 52; CAC notice on filing officers and audit measures (2025); Regulation on network data security Art. 28
 */
export const THRESHOLDS: readonly Threshold[] = [
  {
    id: 'sensitive-100k',
    counts: 'sensitivePersons',
    from: 100_000,
    duty: { zh: '一旦泄露，主管部门可要求委托专业机构审计', en: 'After a leak the authority may order an audit by others' },
  },
  {
    id: 'officer-1m',
    counts: 'persons',
    from: 1_000_000,
    duty: {
      zh: '指定个人信息保护负责人并向所在地设区的市网信部门报送',
      en: 'Name an officer and file the officer with the CAC of the city',
    },
    workingDays: 30,
  },
  {
    id: 'audit-10m',
    counts: 'persons',
    from: 10_000_000,
    duty: {
      zh: '至少每两年开展一次合规审计，并遵守重要数据处理者的义务',
      en: 'A compliance audit at least every two years, and the duties of who handles important data',
    },
  },
];

/** How many persons the platform holds information of, and which thresholds it has reached (人数规模). */
export type ScaleRecord = {
  readonly tenant: string;
  readonly persons: number;
  readonly sensitivePersons: number;
  readonly countedOn: string;
  /** Reached once stays reached: information that was held was held. */
  readonly reached: readonly {
    readonly threshold: ScaleDutyInput['threshold'];
    readonly on: string;
    readonly dueOn?: string;
    readonly discharged?: {
      readonly by: string;
      readonly on: string;
      readonly late: boolean;
      readonly reference: string;
      readonly sha256: string;
    };
  }[];
};

export type ScaleView = Omit<ScaleRecord, 'tenant'> & { readonly overdue: readonly string[] };

/** The thresholds of persons (人数门槛监测). */
export interface ScaleCommands {
  /** Say how many persons there are: every month is often enough. @returns what was reached by it */
  recordScale(actor: Actor, input: unknown, options?: DeskOptions): Promise<ScaleView>;
  /** Say that what a threshold asks for was done, with its proof. @throws ZP_NOT_FOUND for one that was not reached, ZP_STATE for one that is done */
  dischargeThreshold(actor: Actor, input: unknown, options?: DeskOptions): Promise<ScaleView>;
  /** @throws ZP_NOT_FOUND while nothing was counted */
  getScale(actor: Actor): Promise<ScaleView>;
}

export function createScale(context: DeskContext): ScaleCommands {
  const { execute, calendar } = context;
  const parseScale = createValidator<ScaleInput>(SCALE_SCHEMA);
  const parseDuty = createValidator<ScaleDutyInput>(SCALE_DUTY_SCHEMA);

  function viewOf({ tenant: _tenant, ...body }: ScaleRecord): ScaleView {
    const today = calendar.today(context.now());
    const overdue = body.reached.flatMap(({ threshold, dueOn, discharged }) =>
      dueOn !== undefined && dueOn < today && !discharged ? [threshold] : [],
    );
    const { persons, sensitivePersons, countedOn, reached } = body;
    return { persons, sensitivePersons, countedOn, reached, overdue };
  }

  return {
    async recordScale(actor, input, options = {}) {
      context.permit(actor, 'incident.handle');
      const given = parseScale(input);
      return execute<Loaded<ScaleRecord> | undefined, ScaleView>({
        actor,
        ...retrying(options),
        load: (reader) => load<ScaleRecord>(reader, 'personScales', actor.tenant),
        decide(there, now) {
          const on = calendar.today(Date.parse(now));
          const before = there?.body.reached ?? [];
          const fresh = THRESHOLDS.filter(
            ({ id, counts, from }) => given[counts] >= from && !before.some(({ threshold }) => threshold === id),
          ).map(({ id, workingDays }) => ({
            threshold: id,
            on,
            ...(workingDays === undefined ? {} : { dueOn: workingDaysFrom(calendar, on, workingDays) }),
          }));
          const body: ScaleRecord = { tenant: actor.tenant, ...given, countedOn: on, reached: [...before, ...fresh] };
          const facts = { ...given, reached: fresh.map(({ threshold }) => threshold) };
          const subject = { collection: 'personScales', id: actor.tenant };
          const changes = [there ? replace('personScales', there, body) : create('personScales', actor.tenant, body)];
          return { drafts: [{ kind: 'scale.counted', subject, facts, changes }], result: viewOf(body) };
        },
      });
    },
    async dischargeThreshold(actor, input, options = {}) {
      context.permit(actor, 'incident.handle');
      const { threshold, reference, sha256 } = parseDuty(input);
      return execute<Loaded<ScaleRecord>, ScaleView>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<ScaleRecord>(reader, 'personScales', actor.tenant)),
        decide(scale, now) {
          const one = found(scale.body.reached.find((reached) => reached.threshold === threshold));
          if (one.discharged) throw new ComplianceError('ZP_STATE');
          const on = calendar.today(Date.parse(now));
          const late = on > (one.dueOn ?? '9999-12-31');
          const done = { ...one, discharged: { by: actor.id, on, late, reference, sha256 } };
          const body: ScaleRecord = {
            ...scale.body,
            reached: scale.body.reached.map((reached) => (reached.threshold === threshold ? done : reached)),
          };
          const subject = { collection: 'personScales', id: actor.tenant };
          const facts = { threshold, reference, sha256, late };
          return {
            drafts: [{ kind: 'scale.discharged', subject, facts, changes: [replace('personScales', scale, body)] }],
            result: viewOf(body),
          };
        },
      });
    },
    async getScale(actor) {
      context.permit(actor, 'privacy.read');
      return viewOf(found(await load<ScaleRecord>(context.reader(actor.tenant), 'personScales', actor.tenant)).body);
    },
  };
}
