import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

import { sha256Hex } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { randomBytes } from '../../kernel/random.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { citationText } from '../../rules/instruments.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DutiesContext } from './context.ts';
import type { FeedRecord } from './records.ts';
import { gather } from './view.ts';
import type { DutyList, DutyView } from './view.ts';

type Lang = 'zh' | 'en';

/** The duties for calendars and for meters (订阅与指标). */
export interface FeedCommands {
  /** The duties as an iCalendar (RFC 5545). */
  dutyCalendar(actor: Actor, lang: Lang): Promise<string>;
  /** Counts by clock and state in the text format of Prometheus: nothing of anybody’s. */
  dutyMetrics(actor: Actor): Promise<string>;
  /**
   * An address for a calendar program, which sends no token: whoever has it reads the duties and nothing else. The secret is said once; the store
   * has its hash.
   */
  openFeed(actor: Actor): Promise<{ readonly id: string; readonly secret: string }>;
  /** @throws ZP_NOT_FOUND */
  closeFeed(actor: Actor, id: string, options?: DeskOptions): Promise<{ readonly id: string; readonly version: number }>;
  /** What stands behind an address. @throws ZP_NOT_FOUND for one that was never given out or was taken back */
  readFeed(tenant: string, secret: string, lang: Lang): Promise<string>;
}

const SECRET_BYTES = 32;
const DAY_SECONDS = 86_400;
const STATES = ['upcoming', 'due', 'discharged', 'missed'] as const;
const STATE_WORDS: { readonly [state in DutyView['state']]: { readonly zh: string; readonly en: string } } = {
  upcoming: { zh: '未到期', en: 'upcoming' },
  due: { zh: '临近', en: 'due' },
  discharged: { zh: '已履行', en: 'discharged' },
  missed: { zh: '逾期', en: 'missed' },
};

/** All days, without a time zone: a last day is a civil day in China wherever one looks at it from. */
function dutyIcs({ items }: DutyList, lang: Lang): string {
  const calendar = ical({
    name: lang === 'zh' ? '合规义务日历' : 'Compliance duties',
    prodId: { company: 'Zhengpin', product: 'duties', language: lang === 'zh' ? 'ZH' : 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 6 * 3600,
  });
  // What is done anew every day would bury the rest.
  for (const duty of items.filter(({ state, startedOn, dueOn, late }) => state !== 'discharged' || late === true || startedOn < dueOn)) {
    const word = STATE_WORDS[duty.state][lang];
    const event = calendar.createEvent({
      id: `${duty.id}@duties.zhengpin`,
      start: new Date(`${duty.dueOn}T00:00:00Z`),
      allDay: true,
      // As old as what it says, and not as the moment of asking: the same duties are the same file.
      stamp: new Date(`${duty.dischargedOn ?? duty.missedOn ?? duty.startedOn}T00:00:00Z`),
      summary: `${duty.state === 'upcoming' || duty.state === 'due' ? '' : `[${word}] `}${duty.title[lang]} ${duty.subject}`,
      description: [
        `${lang === 'zh' ? '状态' : 'State'}: ${word}`,
        `${lang === 'zh' ? '证明' : 'Proof'}: ${duty.proof[lang]}`,
        duty.citations.map((citation) => citationText(citation)[lang]).join(lang === 'zh' ? '；' : '; '),
      ].join('\n'),
      status: duty.state === 'discharged' ? ICalEventStatus.CONFIRMED : ICalEventStatus.TENTATIVE,
    });
    if (duty.state === 'upcoming' || duty.state === 'due') {
      event.createAlarm({ type: ICalAlarmType.display, trigger: DAY_SECONDS, description: duty.title[lang] });
    }
  }
  return calendar.toString();
}

function metrics({ items }: DutyList): string {
  const clocks = [...new Set(items.map(({ clock }) => clock))].sort();
  const lines = clocks.flatMap((clock) =>
    STATES.map((state) => {
      const count = items.filter((item) => item.clock === clock && item.state === state).length;
      return `zhengpin_duties{clock="${clock}",state="${state}"} ${count}`;
    }),
  );
  const left = clocks.flatMap((clock) => {
    const open = items.filter((item) => item.clock === clock && (item.state === 'upcoming' || item.state === 'due'));
    return open.length === 0 ? [] : [`zhengpin_duty_days_left{clock="${clock}"} ${Math.min(...open.map(({ daysLeft }) => daysLeft))}`];
  });
  return [
    '# HELP zhengpin_duties Duties of the calendar by clock and state.',
    '# TYPE zhengpin_duties gauge',
    ...lines,
    '# HELP zhengpin_duty_days_left Days until the nearest last day.',
    '# TYPE zhengpin_duty_days_left gauge',
    ...left,
    '',
  ].join('\n');
}

export function createFeeds(context: DutiesContext): FeedCommands {
  const { execute } = context;
  return {
    async dutyCalendar(actor, lang) {
      context.permit(actor, 'duty.read');
      return dutyIcs(await gather(context, actor.tenant), lang);
    },
    async dutyMetrics(actor) {
      context.permit(actor, 'duty.read');
      return metrics(await gather(context, actor.tenant));
    },
    async openFeed(actor) {
      context.permit(actor, 'duty.keep');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      // Found by its hash, so nothing is compared byte by byte, and whoever reads the store cannot use it.
      const id = sha256Hex(secret);
      // Never by an idempotency key: its record would keep the secret.
      return execute<undefined, { readonly id: string; readonly secret: string }>({
        actor,
        load: async () => undefined,
        decide(_state, now) {
          const body: FeedRecord = { tenant: actor.tenant, by: actor.id, at: now, revoked: false };
          const subject = { collection: 'dutyFeeds', id };
          return {
            drafts: [{ kind: 'duty.feed-opened', subject, facts: {}, changes: [create('dutyFeeds', id, body)] }],
            result: { id, secret },
          };
        },
      });
    },
    async closeFeed(actor, id, options = {}) {
      context.permit(actor, 'duty.keep');
      return execute<Loaded<FeedRecord>, { readonly id: string; readonly version: number }>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<FeedRecord>(reader, 'dutyFeeds', id)),
        decide(feed) {
          if (feed.body.revoked) throw new ComplianceError('ZP_STATE');
          const subject = { collection: 'dutyFeeds', id };
          const changes = [replace('dutyFeeds', feed, { ...feed.body, revoked: true })];
          return { drafts: [{ kind: 'duty.feed-closed', subject, facts: {}, changes }], result: { id, version: feed.version + 1 } };
        },
      });
    },
    async readFeed(tenant, secret, lang) {
      const feed = found(await load<FeedRecord>(context.reader(tenant), 'dutyFeeds', sha256Hex(secret)));
      if (feed.body.revoked) throw new ComplianceError('ZP_NOT_FOUND');
      return dutyIcs(await gather(context, tenant), lang);
    },
  };
}
