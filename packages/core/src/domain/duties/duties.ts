import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, everything, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { clockOf, CLOCKS } from '../../rules/clocks.ts';
import type { DutyClock } from '../../rules/clocks.ts';
import { DUTY_SCHEMA, PROOF_SCHEMA } from '../../rules/duty-schemas.ts';
import type { DutyInput, ProofInput } from '../../rules/duty-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DutiesContext } from './context.ts';
import { dueOf } from './due.ts';
import { ownDutyId } from './records.ts';
import type { DutyRecord } from './records.ts';
import { gather } from './view.ts';
import type { DutyList, DutyView } from './view.ts';

export type OpenedDuty = { readonly id: string; readonly version: number; readonly dueOn: string };
export type DischargedDuty = { readonly id: string; readonly version: number; readonly late: boolean; readonly next?: string };

/** One clock, and whether it binds this operator. */
export interface ClockView extends DutyClock {
  readonly binds: boolean;
}

/** The duty calendar (义务日历): what has to be done by when, what was done, what was missed. */
export interface DutyCommands {
  /** The table of clocks. */
  listClocks(actor: Actor): Promise<readonly ClockView[]>;
  /**
   * Start a clock that is kept in the calendar.
   * @throws ZP_INPUT_INVALID for one that another part of the kit keeps, or without the day it needs; ZP_STATE when it runs already
   */
  openDuty(actor: Actor, input: unknown, options?: DeskOptions): Promise<OpenedDuty>;
  /** Say with its proof that it was done; one that comes back starts anew. @throws ZP_NOT_FOUND, ZP_STATE for one that is done or kept elsewhere */
  dischargeDuty(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<DischargedDuty>;
  /** Open ones, however old, and those of the last 400 days, by their last day. */
  listDuties(actor: Actor): Promise<DutyList>;
  /** Put on record what was missed and what is due, and tell the host. It is run every day. */
  tickDuties(actor: Actor): Promise<{ readonly missed: number; readonly reminded: number; readonly discharged: number }>;
}

const YEAR = /^\d{4}$/u;

function invalid(pointer: string, rule: string, zh: string, en: string): never {
  return refuse([{ pointer, rule, title: { zh, en }, advice: { zh, en }, citations: [] }]);
}

/** The last day of what is opened: by the clock’s own length, or as an order or a local notice says. */
function lastDay(context: DutiesContext, clock: DutyClock, given: DutyInput): { readonly startedOn: string; readonly dueOn: string } {
  const today = context.calendar.today(context.now());
  if (given.startedOn !== undefined && given.startedOn > today)
    invalid('/startedOn', 'future', '起算日不得晚于今日', 'must not be after today');
  if ('stated' in clock.length) {
    if (given.dueOn === undefined) invalid('/dueOn', 'required', '须填写届满日', 'is required: somebody else sets the last day');
    if (given.source === undefined) invalid('/source', 'required', '须填写期限来源', 'is required: what sets the last day');
    if (given.opensOn !== undefined && given.opensOn > given.dueOn)
      invalid('/opensOn', 'order', '不得晚于届满日', 'must not be after the last day');
    return { startedOn: given.startedOn ?? today, dueOn: given.dueOn };
  }
  if (given.dueOn !== undefined) invalid('/dueOn', 'computed', '届满日由期间计算得出', 'is counted from the length of the clock');
  if (given.startedOn === undefined) invalid('/startedOn', 'required', '须填写起算日', 'is required');
  const due = dueOf(context.calendar, clock, given.startedOn);
  return { startedOn: given.startedOn, dueOn: due?.dueOn ?? given.startedOn };
}

/** The duty that follows one, where it comes back. */
function following(context: DutiesContext, duty: DutyRecord, doneOn: string | undefined): DutyRecord | undefined {
  const clock = clockOf(duty.clock);
  const { calendar } = context;
  const { tenant, subject, keptBy } = duty;
  const base = { tenant, clock: duty.clock, keptBy, open: true };
  if (clock?.recurs === 'every-year') {
    const opensOn = duty.opensOn === undefined ? {} : { opensOn: calendar.addYears(duty.opensOn, 1) };
    const next = YEAR.test(subject) ? String(Number(subject) + 1) : subject;
    return { ...base, guessed: true, subject: next, startedOn: duty.dueOn, dueOn: calendar.addYears(duty.dueOn, 1), ...opensOn };
  }
  if (clock?.recurs === 'from-discharge' && doneOn !== undefined) {
    const due = dueOf(calendar, clock, doneOn);
    return due && { ...base, subject, startedOn: doneOn, dueOn: due.dueOn };
  }
  return undefined;
}

function dutyDraft(kind: string, id: string, body: DutyRecord, changes: readonly Change[]): Draft {
  const { clock, subject, startedOn, dueOn, missedOn, discharged, source } = body;
  return {
    kind,
    subject: { collection: 'duties', id },
    facts: {
      clock,
      subject,
      startedOn,
      dueOn,
      ...(source === undefined ? {} : { source: source.sha256 }),
      ...(missedOn === undefined ? {} : { missedOn }),
      ...(discharged === undefined ? {} : { dischargedOn: discharged.on, late: discharged.late, proof: discharged.sha256 }),
    },
    changes,
  };
}

/** A draft for a duty that follows, unless it is there already. */
function openFollowing(body: DutyRecord | undefined, isThere: boolean): readonly Draft[] {
  if (body === undefined || isThere) return [];
  const id = ownDutyId(body);
  return [dutyDraft('duty.opened', id, body, [create('duties', id, body)])];
}

export function createDuties(context: DutiesContext): DutyCommands {
  const { execute, calendar } = context;
  const parseDuty = createValidator<DutyInput>(DUTY_SCHEMA);
  const parseProof = createValidator<ProofInput>(PROOF_SCHEMA);

  /** Write what the calendar says about a duty; somebody who was faster has said it. */
  async function say(
    actor: Actor,
    duty: DutyView,
    step: (now: DutyRecord, today: string) => DutyRecord | undefined,
    kind: string,
  ): Promise<boolean> {
    const { id } = duty;
    const { clock, subject, startedOn, dueOn, dueAt, keptBy } = duty;
    const fresh: DutyRecord = {
      tenant: actor.tenant,
      clock,
      subject,
      startedOn,
      dueOn,
      ...(dueAt === undefined ? {} : { dueAt }),
      keptBy,
      open: true,
    };
    try {
      await execute<{ readonly there: Loaded<DutyRecord> | undefined; readonly followed: boolean }, { readonly id: string }>({
        actor,
        load: async (reader) => {
          const there = await load<DutyRecord>(reader, 'duties', id);
          const next = following(context, there?.body ?? fresh, undefined);
          const followed = next !== undefined && (await load<DutyRecord>(reader, 'duties', ownDutyId(next))) !== undefined;
          return { there, followed };
        },
        decide({ there, followed }, now) {
          const before = there?.body ?? fresh;
          const body = step(before, calendar.today(Date.parse(now)));
          if (body === undefined) throw new ComplianceError('ZP_STATE');
          const changes = [there ? replace('duties', there, body) : create('duties', id, body)];
          const isMissed = body.missedOn !== undefined && before.missedOn === undefined;
          const next = isMissed && keptBy === 'duties' ? openFollowing(following(context, body, undefined), followed) : [];
          return { drafts: [dutyDraft(kind, id, body, changes), ...next], result: { id } };
        },
      });
      return true;
    } catch (error) {
      if (isComplianceError(error) && (error.code === 'ZP_CONFLICT' || error.code === 'ZP_STATE')) return false;
      throw error;
    }
  }

  /** Tell the host, and only then take the mark away: it hears of each at least once, under the same id. */
  async function tell(actor: Actor, duty: DutyView, state: 'due' | 'missed', reminder: number): Promise<void> {
    const { onDuty } = context.hooks;
    if (!onDuty) return;
    const { id, clock, subject, title, dueOn, daysLeft } = duty;
    const event = {
      id: `${id}.${state}.${state === 'due' ? reminder : 0}`,
      tenant: actor.tenant,
      clock,
      subject,
      title,
      dueOn,
      state,
      daysLeft,
    };
    await onDuty(event);
    await say(actor, duty, ({ telling: _telling, ...rest }) => rest, 'duty.told');
  }

  return {
    async listClocks(actor) {
      context.permit(actor, 'duty.read');
      const bound = await context.boundBy(actor.tenant);
      return CLOCKS.map((clock) => ({ ...clock, binds: bound.has(clock.boundBy) }));
    },
    async openDuty(actor, input, options = {}) {
      context.permit(actor, 'duty.keep');
      const given = parseDuty(input);
      const clock = clockOf(given.clock);
      if (clock === undefined) return invalid('/clock', 'unknown', '时限表中没有此项', 'is no clock of the table');
      if (clock.keptBy !== 'duties')
        return invalid('/clock', 'kept-elsewhere', '该时限由相应登记自动起算', `starts by itself with the records of ${clock.keptBy}`);
      const days = lastDay(context, clock, given);
      const body: DutyRecord = {
        tenant: actor.tenant,
        clock: clock.id,
        subject: given.subject,
        ...days,
        ...(given.opensOn === undefined ? {} : { opensOn: given.opensOn }),
        ...(given.source === undefined ? {} : { source: given.source }),
        openedOn: calendar.today(context.now()),
        keptBy: clock.keptBy,
        open: true,
      };
      const id = ownDutyId(body);
      return execute<{ readonly there: Loaded<DutyRecord> | undefined; readonly guesses: readonly Loaded<DutyRecord>[] }, OpenedDuty>({
        actor,
        ...retrying(options),
        async load(reader) {
          const there = await load<DutyRecord>(reader, 'duties', id);
          const open = await everything<DutyRecord>(reader, 'duties', { where: { open: true }, range: { field: 'dueOn', gte: '' } });
          const isGuess = (one: DutyRecord): boolean => one.guessed === true && one.clock === body.clock && one.subject === body.subject;
          return { there, guesses: open.filter((one) => isGuess(one.body)) };
        },
        decide({ there, guesses }) {
          if (there) throw new ComplianceError('ZP_STATE');
          // What was only guessed from the year before gives way to what was looked up.
          const replaced = guesses.map((one) => replace('duties', one, { ...one.body, open: false, replacedBy: id }));
          return {
            drafts: [dutyDraft('duty.opened', id, body, [create('duties', id, body), ...replaced])],
            result: { id, version: 1, dueOn: body.dueOn },
          };
        },
      });
    },
    async dischargeDuty(actor, id, input, options = {}) {
      context.permit(actor, 'duty.keep');
      const proof = parseProof(input);
      if (proof.on > calendar.today(context.now())) invalid('/on', 'future', '不得晚于今日', 'must not be after today');
      return execute<{ readonly duty: Loaded<DutyRecord>; readonly followed: boolean }, DischargedDuty>({
        actor,
        ...retrying(options),
        load: async (reader) => {
          const duty = found(await load<DutyRecord>(reader, 'duties', id));
          const next = following(context, duty.body, proof.on);
          return { duty, followed: next !== undefined && (await load(reader, 'duties', ownDutyId(next))) !== undefined };
        },
        decide({ duty, followed }, now) {
          const { telling: _telling, ...before } = duty.body;
          if (!before.open || before.keptBy !== 'duties') throw new ComplianceError('ZP_STATE');
          if (proof.on < before.startedOn) invalid('/on', 'order', '不得早于起算日', 'must not be before the day it started');
          const today = calendar.today(Date.parse(now));
          // What is said in time was done in time; what is told only after the last day rests on its proof, and the calendar keeps both days.
          const late = proof.on > before.dueOn;
          const missedOn = before.missedOn ?? (late ? today : undefined);
          const body: DutyRecord = {
            ...before,
            open: false,
            ...(missedOn === undefined ? {} : { missedOn }),
            discharged: { ...proof, by: actor.id, late },
          };
          const next = following(context, body, proof.on);
          return {
            drafts: [dutyDraft('duty.discharged', id, body, [replace('duties', duty, body)]), ...openFollowing(next, followed)],
            result: {
              id,
              version: duty.version + 1,
              late,
              ...(next === undefined ? {} : { next: ownDutyId(next) }),
            },
          };
        },
      });
    },
    async listDuties(actor) {
      context.permit(actor, 'duty.read');
      return gather(context, actor.tenant);
    },
    async tickDuties(actor) {
      context.permit(actor, 'jobs.run');
      const { items } = await gather(context, actor.tenant);
      const count = { missed: 0, reminded: 0, discharged: 0 };
      const heard: (() => Promise<void>)[] = [];
      const mark = (state: 'due' | 'missed'): Partial<DutyRecord> => (context.hooks.onDuty ? { telling: state } : {});
      for (const duty of items) {
        const { stored, reminder } = duty;
        const isNew = stored?.missedOn === undefined;
        if (duty.state === 'missed' && isNew) {
          const step = (body: DutyRecord, today: string): DutyRecord | undefined =>
            body.missedOn === undefined ? { ...body, missedOn: today, ...mark('missed') } : undefined;
          if (!(await say(actor, duty, step, 'duty.missed'))) continue;
          count.missed++;
          heard.push(() => tell(actor, duty, 'missed', 0));
        } else if (duty.state === 'due' && reminder !== undefined && (stored?.reminded ?? Infinity) > reminder) {
          const step = (body: DutyRecord): DutyRecord | undefined =>
            (body.reminded ?? Infinity) > reminder ? { ...body, reminded: reminder, ...mark('due') } : undefined;
          if (!(await say(actor, duty, step, 'duty.reminded'))) continue;
          count.reminded++;
          heard.push(() => tell(actor, duty, 'due', reminder));
        } else if (duty.state === 'discharged' && duty.keptBy !== 'duties' && (stored?.open === true || (duty.late === true && isNew))) {
          const { dischargedOn = duty.dueOn, late = false } = duty;
          const isMissed = late && isNew;
          const step = (body: DutyRecord, today: string): DutyRecord => ({
            ...body,
            open: false,
            // Done before anybody looked, and after its last day: it was missed all the same.
            ...(isMissed ? { missedOn: body.missedOn ?? today, ...mark('missed') } : {}),
            discharged: { on: dischargedOn, reference: duty.keptBy, sha256: '', by: duty.keptBy, late },
          });
          if (!(await say(actor, duty, step, 'duty.discharged'))) continue;
          count.discharged++;
          if (!isMissed) continue;
          count.missed++;
          heard.push(() => tell(actor, duty, 'missed', 0));
        } else if (stored?.telling !== undefined) {
          const { telling, reminded = 0 } = stored;
          heard.push(() => tell(actor, duty, telling, reminded));
        }
      }
      // Everything is on record by now: a host that cannot hear of one thing keeps no other from being told.
      const failures: unknown[] = [];
      for (const hear of heard)
        try {
          await hear();
        } catch (error) {
          failures.push(error);
        }
      if (failures.length > 0) throw failures[0];
      return count;
    },
  };
}
