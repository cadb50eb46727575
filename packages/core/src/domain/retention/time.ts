import { ComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { TIME_SCHEMA } from '../../rules/retention-schemas.ts';
import type { TimeInput } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetentionContext, RetentionOptions } from './context.ts';
import { deliverEvents } from './events.ts';
import type { GateRecord } from './records.ts';

export type TimeAnomaly =
  | 'clock-backward'
  | 'clock-jump'
  | 'clock-unmarked'
  | 'clock-disputed'
  | 'clock-unconfirmed'
  | 'future-records'
  | 'evidence-lost';

/** What makes a clock not to be believed (时间异常). */
export const TIME_ANOMALIES: { readonly [code in TimeAnomaly]: Text } = {
  'clock-backward': { zh: '时钟早于已记录的时间', en: 'The clock stands before a time already recorded' },
  'clock-jump': {
    zh: '距上次记录的时间过久，可能是时钟前跳或长期停机',
    en: 'Too long since the last recorded time: the clock may have jumped, or nothing ran',
  },
  'clock-unmarked': { zh: '尚无已记录的时间', en: 'No time has been recorded yet' },
  'clock-disputed': { zh: '时钟与外部时间来源不符', en: 'A time source outside contradicts the clock' },
  'clock-unconfirmed': { zh: '外部时间来源无法读取', en: 'A time source outside cannot be read' },
  'future-records': { zh: '存在时间晚于当前时钟的记录', en: 'There are records stamped later than the clock' },
  'evidence-lost': { zh: '有已签名的证据缺失', en: 'Signed evidence is missing' },
};

/** Days between two recorded times beyond which the second is not believed without two persons: a tick a day is the rule. */
const MOST_DAYS = 45;
/** A clock may be set back by its time service, in ms; periods count in days. */
const TOLERANCE_MS = 5000;
/** How far a source outside may be off, in ms. */
const SOURCE_TOLERANCE_MS = 60_000;
const DAY_MS = 86_400_000;

export type Tick = { readonly anomalies: readonly TimeAnomaly[]; readonly undelivered: number };

/** Trusted time for disposal (可信时间). */
export interface TimeCommands {
  /**
   * Record the time, as a scheduler does every day (记录时间): once a civil day; a clock that cannot be believed records nothing.
   * Callbacks of the host that failed are called again.
   * @returns what is wrong with the clock, empty when nothing is, and how many events the host has not taken
   * @throws ZP_FORBIDDEN
   */
  tickRetention(actor: Actor, options?: RetentionOptions): Promise<Tick>;
  /**
   * Say what day it is by a clock that is not this machine's, after an anomaly (确认时间): counts once a second person has
   * said the same. Missing evidence and records from the future are not mended by it.
   * @throws ZP_INPUT_INVALID when it is not the day the clock shows; ZP_SEPARATION_OF_DUTIES, ZP_FORBIDDEN
   */
  confirmTime(
    actor: Actor,
    input: unknown,
    options?: RetentionOptions,
  ): Promise<{ readonly state: 'awaiting-second-person' | 'confirmed' }>;
}

export function loadGate(reader: Reader, tenant: string): Promise<Loaded<GateRecord> | undefined> {
  return load<GateRecord>(reader, 'retentionGates', tenant);
}

/** The gate written anew: its time never falls. */
export function passGate(gate: Loaded<GateRecord> | undefined, tenant: string, now: string, next: Partial<GateRecord> = {}): Change {
  const at = gate === undefined || gate.body.at < now ? now : gate.body.at;
  const body: GateRecord = { tenant, lengthened: {}, ...gate?.body, at, ...next };
  return gate ? replace('retentionGates', gate, body) : create('retentionGates', tenant, body);
}

/** Whether any time was recorded: a hold may have made the row before. */
function isMarked(gate: GateRecord | undefined): gate is GateRecord {
  return gate !== undefined && gate.at !== '';
}

/** What the recorded time alone says against a clock. */
function clockAnomalies(gate: GateRecord | undefined, nowMs: number): readonly TimeAnomaly[] {
  if (!isMarked(gate)) return ['clock-unmarked'];
  const since = nowMs - Date.parse(gate.at);
  if (since < -TOLERANCE_MS) return ['clock-backward'];
  return since > MOST_DAYS * DAY_MS ? ['clock-jump'] : [];
}

/** What the sources outside say against a clock. */
async function disputed({ sources }: RetentionContext, tenant: string, nowMs: number): Promise<readonly TimeAnomaly[]> {
  const found = await Promise.all(
    sources.map(async (source): Promise<TimeAnomaly | undefined> => {
      try {
        const reading = await source.read(tenant);
        if (reading === undefined) return undefined;
        const { notBefore, notAfter = Number.POSITIVE_INFINITY } = reading;
        // A reading that is no number is within nothing.
        const isWithin = nowMs >= notBefore - SOURCE_TOLERANCE_MS && nowMs <= notAfter + SOURCE_TOLERANCE_MS;
        return isWithin ? undefined : 'clock-disputed';
      } catch {
        // Why is for the log of whoever runs the source; that it is silent is enough to wait.
        return 'clock-unconfirmed';
      }
    }),
  );
  return [...new Set(found.filter((code) => code !== undefined))];
}

/** Everything that says a disposal must wait. */
export async function timeAnomalies(
  context: RetentionContext,
  reader: Reader,
  tenant: string,
  gate: GateRecord | undefined,
): Promise<readonly TimeAnomaly[]> {
  const nowMs = context.now();
  const later = new Date(nowMs + TOLERANCE_MS).toISOString();
  const tomorrow = context.calendar.addDays(context.calendar.today(nowMs), 1);
  const [postings, services, isLost, outside] = await Promise.all([
    reader.find('postings', { range: { field: 'updatedAt', gt: later }, limit: 1 }),
    reader.find('services', { where: { state: 'completed' }, range: { field: 'completedOn', gte: tomorrow }, limit: 1 }),
    context.hasLosses(tenant),
    disputed(context, tenant, nowMs),
  ]);
  const isFuture = postings.records.length + services.records.length > 0;
  return [
    ...clockAnomalies(gate, nowMs),
    ...outside,
    ...(isFuture ? ['future-records' as const] : []),
    ...(isLost ? ['evidence-lost' as const] : []),
  ];
}

/** @throws ZP_RETENTION_PAUSED naming each anomaly */
export function assertTrusted(anomalies: readonly TimeAnomaly[]): void {
  if (anomalies.length === 0) return;
  const issues = anomalies.map((code) => ({
    pointer: '',
    rule: code,
    title: TIME_ANOMALIES[code],
    advice: {
      zh: '查明原因；时钟无误的，由两人分别确认当前日期后恢复处置',
      en: 'Find the cause; if the clock is right, two persons each confirm the date and disposal goes on',
    },
    citations: [cite('order44', '26')],
  }));
  throw new ComplianceError('ZP_RETENTION_PAUSED', { issues });
}

export function createTime(context: RetentionContext): TimeCommands {
  const parse = createValidator<TimeInput>(TIME_SCHEMA);
  const { execute, calendar } = context;
  return {
    async tickRetention(actor, options = {}) {
      context.permit(actor, 'retention.time');
      const { anomalies: found } = await execute({
        actor,
        ...idempotent(options),
        async load(reader) {
          const gate = await loadGate(reader, actor.tenant);
          const all = await timeAnomalies(context, reader, actor.tenant, gate?.body);
          const complete = isMarked(gate?.body) ? undefined : await reader.find('services', { where: { state: 'completed' }, limit: 1 });
          // The first time is recorded undoubted only while nothing could be due by it.
          const isEarly = complete?.records.length === 0;
          return { gate, anomalies: isEarly ? all.filter((code) => code !== 'clock-unmarked') : all };
        },
        decide({ gate, anomalies }, now) {
          // Once a day is enough: a scheduler may come more often.
          const isDone = isMarked(gate?.body) && calendar.today(Date.parse(gate.body.at)) === calendar.today(Date.parse(now));
          if (anomalies.length > 0 || isDone) return { drafts: [], result: { anomalies } };
          const subject = { collection: 'retentionGates', id: actor.tenant };
          const changes = [passGate(gate, actor.tenant, now)];
          return { drafts: [{ kind: 'retention.time-marked', subject, facts: {}, changes }], result: { anomalies } };
        },
      });
      return { anomalies: found, undelivered: await deliverEvents(context, actor) };
    },
    async confirmTime(actor, input, options = {}) {
      context.permit(actor, 'retention.time');
      const { today, reference } = parse(input);
      return execute<Loaded<GateRecord> | undefined, { readonly state: 'awaiting-second-person' | 'confirmed' }>({
        actor,
        ...idempotent(options),
        load: (reader) => loadGate(reader, actor.tenant),
        decide(gate, now) {
          if (today !== calendar.today(Date.parse(now))) {
            throw new ComplianceError('ZP_INPUT_INVALID', {
              detail: { zh: '与本机时钟的日期不符：请先校准时钟', en: 'Not the day this machine shows: set its clock right first' },
            });
          }
          const first = gate?.body.confirming;
          const isSecond = first !== undefined && first.today === today;
          if (isSecond && first.by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const { confirming: _confirming, ...rest } = gate?.body ?? { tenant: actor.tenant, at: '', lengthened: {} };
          const body: GateRecord = isSecond ? { ...rest, at: now } : { ...rest, confirming: { by: actor.id, today, at: now } };
          const subject = { collection: 'retentionGates', id: actor.tenant };
          const by = isSecond ? [first.by, actor.id] : [actor.id];
          const draft = {
            kind: isSecond ? 'retention.time-confirmed' : 'retention.time-proposed',
            subject,
            facts: { today, reference, by, before: gate?.body.at ?? null },
            changes: [gate ? replace('retentionGates', gate, body) : create('retentionGates', actor.tenant, body)],
          };
          return { drafts: [draft], result: { state: isSecond ? 'confirmed' : 'awaiting-second-person' } };
        },
      });
    },
  };
}
