import type { Calendar } from '../../kernel/calendar.ts';
import type { Citation } from '../../kernel/law.ts';
import { everything, load } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { clockOf } from '../../rules/clocks.ts';
import type { DutiesContext } from './context.ts';
import { isOver, reminderOf } from './due.ts';
import type { DutyState } from './due.ts';
import { dutyId } from './records.ts';
import type { DutyRecord } from './records.ts';
import { TOLD_DAYS } from '../../kernel/sourced-duty.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';

/** A duty as it is shown (义务). */
export interface DutyView {
  readonly id: string;
  readonly clock: string;
  readonly title: Text;
  readonly subject: string;
  readonly startedOn: string;
  readonly dueOn: string;
  readonly dueAt?: string;
  readonly opensOn?: string;
  readonly state: DutyState;
  readonly daysLeft: number;
  readonly dischargedOn?: string;
  /** Discharged after its last day. */
  readonly late?: boolean;
  readonly missedOn?: string;
  readonly reference?: string;
  readonly keptBy: string;
  readonly basis: 'law' | 'notice' | 'internal';
  readonly proof: Text;
  readonly citations: readonly Citation[];
  /** The reminder that has been reached. */
  readonly reminder?: number;
  /** What the calendar has on record of it. */
  readonly stored?: DutyRecord;
}

export interface DutyList {
  readonly today: string;
  readonly items: readonly DutyView[];
  readonly counts: { readonly [state in DutyState]: number };
}

const WINDOW_LAST_DAY = '03-31';

/** Nobody but the local authority knows when the annual report is taken in: that somebody looks it up is itself a duty, of this year and the last. */
function windowDuties(calendar: Calendar, stored: ReadonlyMap<string, DutyRecord>, today: string, since: unknown): readonly SourcedDuty[] {
  return [calendar.addYears(today, -1).slice(0, 4), today.slice(0, 4)].flatMap((year) => {
    const dueOn = `${year}-${WINDOW_LAST_DAY}`;
    // Whoever began after it had no report of that year to make.
    if (typeof since !== 'string' || since > dueOn) return [];
    const days = [...stored.values()].flatMap(({ clock, subject, guessed, openedOn }) =>
      clock === 'annual-report' && subject === year && guessed !== true && openedOn !== undefined ? [openedOn] : [],
    );
    const on = days.toSorted((a, b) => (a < b ? -1 : 1))[0];
    const startedOn = `${year}-01-01`;
    return [
      {
        clock: 'annual-report-window',
        subject: year,
        startedOn,
        dueOn,
        ...(on === undefined ? {} : { discharged: { on, late: on > dueOn } }),
      },
    ];
  });
}

/** Everything there is to do, was done, or was not: the calendar’s own duties and those of other parts of the kit, each once. */
export async function gather(context: DutiesContext, tenant: string): Promise<DutyList> {
  const { calendar } = context;
  const nowMs = context.now();
  const today = calendar.today(nowMs);
  const reader = context.reader(tenant);
  const oldest = calendar.addDays(today, -TOLD_DAYS);
  const [open, closed, bound, operator, ...known] = await Promise.all([
    // However old: what was missed and never done must not fall out of sight.
    everything<DutyRecord>(reader, 'duties', { where: { open: true }, range: { field: 'dueOn', gte: '' } }),
    everything<DutyRecord>(reader, 'duties', {
      where: { open: false },
      range: { field: 'dueOn', gte: oldest },
    }),
    context.boundBy(tenant),
    reader.get('operators', tenant),
    ...context.sources.map((source) => source(tenant, today)),
  ]);
  const stored = new Map([...open, ...closed].map(({ id, body }) => [id, body]));
  const sourced = new Map(
    [...known.flat(), ...windowDuties(calendar, stored, today, operator?.body['since'])].map((duty) => [dutyId(tenant, duty), duty]),
  );

  // What a source still tells of may be older than what was looked for.
  const ids = [...sourced].filter(([id, { dueOn }]) => !stored.has(id) && dueOn < oldest).map(([id]) => id);
  const older = await Promise.all(ids.map((id) => load<DutyRecord>(reader, 'duties', id)));
  for (const one of older) if (one) stored.set(one.id, one.body);

  /** What its source knows of the same matter with a later last day. */
  function laterOf(duty: DutyRecord): SourcedDuty | undefined {
    return [...sourced.values()]
      .filter(({ clock, subject, dueOn }) => clock === duty.clock && subject === duty.subject && dueOn > duty.dueOn)
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))[0];
  }

  /** Whether a duty its source no longer knows was done, or only moved: undefined for one that is not there any more. */
  function settled(book: DutyRecord): { readonly done?: SourcedDuty['discharged'] } | undefined {
    if (book.discharged) return { done: book.discharged };
    const later = book.keptBy === 'duties' ? undefined : laterOf(book);
    if (later === undefined) return {};
    // Begun anew: the earlier one was done by that.
    if (later.startedOn > book.startedOn) return { done: { on: later.startedOn, late: later.startedOn > book.dueOn } };
    // The same one with more time. What was missed before it was given stays missed.
    if (book.missedOn === undefined) return undefined;
    return later.discharged ? { done: { ...later.discharged, late: true } } : {};
  }

  function view(id: string): DutyView | undefined {
    const book = stored.get(id);
    const source = sourced.get(id);
    const duty = source ?? book;
    const clock = duty && clockOf(duty.clock);
    if (duty === undefined || clock === undefined || !bound.has(clock.boundBy)) return undefined;
    // A guess that what was looked up has taken the place of; one that was missed first stays.
    if (book?.replacedBy !== undefined && book.missedOn === undefined) return undefined;
    const { subject, startedOn, dueOn, dueAt } = duty;
    const outcome = source ? { done: source.discharged } : book && settled(book);
    if (outcome === undefined) return undefined;
    const { done } = outcome;
    const reminder = reminderOf(calendar, clock.remind, dueOn, today);
    const over = isOver(calendar, duty, nowMs);
    // After the last day of a clock that forbids, what it held back may be done; nothing was missed.
    const passed = clock.kind === 'not-before' ? 'due' : 'missed';
    const state: DutyState = done ? 'discharged' : over ? passed : reminder === undefined ? 'upcoming' : 'due';
    return {
      id,
      clock: clock.id,
      title: clock.title,
      subject,
      startedOn,
      dueOn,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(book?.opensOn === undefined ? {} : { opensOn: book.opensOn }),
      state,
      daysLeft: calendar.daysBetween(today, dueOn),
      ...(done ? { dischargedOn: done.on, late: done.late } : {}),
      ...(done?.reference === undefined ? {} : { reference: done.reference }),
      ...(book?.missedOn === undefined ? {} : { missedOn: book.missedOn }),
      keptBy: clock.keptBy,
      basis: clock.basis,
      proof: clock.proof,
      citations: clock.citations,
      ...(reminder === undefined || done ? {} : { reminder }),
      ...(book === undefined ? {} : { stored: book }),
    };
  }

  const items = [...new Set([...sourced.keys(), ...stored.keys()])]
    .map(view)
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.id < b.id ? -1 : 1));
  const count = (state: DutyState): number => items.filter((item) => item.state === state).length;
  return {
    today,
    items,
    counts: { upcoming: count('upcoming'), due: count('due'), discharged: count('discharged'), missed: count('missed') },
  };
}
