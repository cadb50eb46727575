import type { Calendar } from '../../kernel/calendar.ts';
import type { SealedField } from '../../kernel/confidential.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { isSealed } from '../../kernel/seal.ts';
import type { Json, JsonObject, Query, StoredRecord } from '../../kernel/store.ts';
import { coveredThrough, inForceOn } from '../../kernel/validity.ts';
import type { Validity } from '../../kernel/validity.ts';
import type { SubjectKeyRecord } from '../../kernel/subject-keys.ts';
import type { Probes } from './audits.ts';
import type { ProbeResult } from './records.ts';

/** What the probes look at (自查所见). */
export interface ProbeContext {
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  now(): number;
  /** Fields that have to be sealed. */
  readonly sealed: readonly SealedField[];
  /** Present where keys are configured. */
  readonly currentKey?: () => Promise<string>;
  /** How many faults verification finds in the log and records of a tenant. */
  faults(tenant: string): Promise<number>;
  /** Anchors of a tenant that are behind or in trouble, and how many there are. */
  anchors(tenant: string): Promise<{ readonly count: number; readonly behind: readonly string[] }>;
  /** Services whose period ended before a day, and which nobody has disposed of. */
  dueBefore(actor: Actor, day: string): Promise<number>;
  readonly hasArchive: boolean;
  /** What only the host can see. */
  readonly host: Probes;
}

const PAGE = 500;
/** Records of each collection that are looked at; a store that seals nothing shows at once. */
const SAMPLE = 2000;
const LOOKBACK_DAYS = 31;
const YEAR_DAYS = 365;
/** How long something may lie about before it counts as left lying. */
const GRACE_DAYS = 60;
const ERASURE_DAYS = 15;
const LICENCE_DAYS = 60;
/** Beside its peers an account is far above when it is so many times their median, and above this floor. */
const FAR_ABOVE = 5;
const FLOOR = 50;
/** Working hours in Shanghai. */
const WORK = { from: 7, to: 21 };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Look {
  readonly by: string;
  readonly role: string;
  readonly at: string;
  readonly route: string;
  readonly count: number;
  readonly undeclared: readonly string[];
  readonly refused?: true;
}

function verdict(isFine: boolean, facts: JsonObject): ProbeResult {
  return { state: isFine ? 'passed' : 'failed', facts };
}

function textsAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  if (value === undefined || value === null) return [];
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (typeof value !== 'object') return [];
  if (Array.isArray(value)) return step === '*' ? (value as readonly Json[]).flatMap((item) => textsAt(item, rest)) : [];
  return textsAt((value as JsonObject)[step], rest);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

export function createProbes(context: ProbeContext): Probes {
  const { calendar } = context;

  async function* all(tenant: string, collection: string, query: Omit<Query, 'limit' | 'cursor'>): AsyncGenerator<StoredRecord> {
    for (let cursor: string | undefined; ;) {
      const page = await context.reader(tenant).find(collection, { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      yield* page.records;
      cursor = page.cursor;
      if (cursor === undefined) return;
    }
  }

  const since = (days: number): string => new Date(context.now() - days * DAY_MS).toISOString();

  async function looks({ tenant }: Actor): Promise<readonly Look[]> {
    const found: Look[] = [];
    for await (const { body } of all(tenant, 'accesses', { range: { field: 'at', gte: since(LOOKBACK_DAYS) } }))
      found.push(...(body['items'] as unknown as readonly Look[]));
    return found;
  }

  async function unsealed({ tenant }: Actor): Promise<ProbeResult> {
    const clear: Record<string, number> = {};
    for (const collection of new Set(context.sealed.map((field) => field.collection))) {
      let seen = 0;
      for await (const { body } of all(tenant, collection, {})) {
        if (++seen > SAMPLE) break;
        for (const field of context.sealed) {
          if (field.collection !== collection) continue;
          const name = `${collection}/${field.path.join('/')}`;
          const open = textsAt(body, field.path).filter((value) => value !== '' && !isSealed(value)).length;
          if (open > 0) clear[name] = (clear[name] ?? 0) + open;
        }
      }
    }
    return verdict(Object.keys(clear).length === 0, { clear });
  }

  async function keyAge({ tenant }: Actor): Promise<ProbeResult> {
    if (context.currentKey === undefined) return { state: 'not-applicable', facts: { reason: 'no-keys' } };
    const current = await context.currentKey();
    let [behind, old] = [0, 0];
    for await (const { body } of all(tenant, 'subjectKeys', {})) {
      const { key, kek, createdAt, wrappedAt = createdAt } = body as SubjectKeyRecord;
      if (key === undefined) continue;
      if (kek !== current) behind++;
      else if (wrappedAt < since(YEAR_DAYS)) old++;
    }
    return verdict(behind === 0 && old === 0, { behind, old });
  }

  async function bulkAccess(actor: Actor): Promise<ProbeResult> {
    const byRole = new Map<string, Map<string, number>>();
    for (const { by, role, count } of await looks(actor)) {
      const accounts = byRole.get(role) ?? new Map<string, number>();
      accounts.set(by, (accounts.get(by) ?? 0) + count);
      byRole.set(role, accounts);
    }
    const above: string[] = [];
    for (const accounts of byRole.values()) {
      for (const [by, count] of accounts) {
        const peers = [...accounts].filter(([other]) => other !== by).map(([, n]) => n);
        if (count >= FLOOR && count > FAR_ABOVE * Math.max(1, median(peers))) above.push(by);
      }
    }
    return verdict(above.length === 0, { accounts: above });
  }

  async function offHours(actor: Actor): Promise<ProbeResult> {
    const counts = new Map<string, { night: number; all: number }>();
    for (const { by, at } of await looks(actor)) {
      const hour = Math.floor(((Date.parse(at) + 8 * HOUR_MS) % DAY_MS) / HOUR_MS);
      const own = counts.get(by) ?? { night: 0, all: 0 };
      counts.set(by, { night: own.night + (hour < WORK.from || hour >= WORK.to ? 1 : 0), all: own.all + 1 });
    }
    const accounts = [...counts].filter(([, { night, all: every }]) => night >= 10 && night > every / 2).map(([by]) => by);
    return verdict(accounts.length === 0, { accounts });
  }

  async function separation({ tenant }: Actor): Promise<ProbeResult> {
    const pairs = new Map<string, number>();
    let disposals = 0;
    for await (const { body } of all(tenant, 'disposalPlans', { range: { field: 'madeAt', gte: since(YEAR_DAYS) } })) {
      const approvals = (body['approvals'] ?? []) as readonly { readonly by: string }[];
      if (approvals.length < 2) continue;
      disposals++;
      const pair = approvals
        .map(({ by }) => by)
        .toSorted()
        .join('+');
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const [most = ['', 0]] = [...pairs].toSorted(([, a], [, b]) => b - a);
    // The very same two persons over and over are one habit, not two looks.
    return verdict(disposals < 10 || most[1] < disposals, { disposals, sameTwo: most[1] });
  }

  async function exports({ tenant }: Actor): Promise<ProbeResult> {
    const granters = new Map<string, number>();
    let granted = 0;
    for await (const { body } of all(tenant, 'exports', {})) {
      if (body['state'] !== 'granted' || textOf(body['askedAt']) < since(YEAR_DAYS)) continue;
      granted++;
      const by = textOf(body['grantedBy']);
      granters.set(by, (granters.get(by) ?? 0) + 1);
    }
    const most = Math.max(0, ...granters.values());
    return verdict(granted < 10 || most < granted, { granted, byOnePerson: most });
  }

  async function drill({ tenant }: Actor): Promise<ProbeResult> {
    if (!context.hasArchive) return { state: 'not-applicable', facts: { reason: 'no-archive' } };
    const { records } = await context
      .reader(tenant)
      .find('drills', { range: { field: 'at', gte: since(GRACE_DAYS) }, order: 'desc', limit: 1 });
    const [last] = records;
    const any = await context.reader(tenant).find('segments', { where: { state: 'kept' }, limit: 1 });
    if (any.records.length === 0) return { state: 'not-applicable', facts: { reason: 'nothing-archived' } };
    return verdict(last?.body['ok'] === true, { at: (last?.body['at'] as string | undefined) ?? null, ok: last?.body['ok'] === true });
  }

  async function licence({ tenant }: Actor): Promise<ProbeResult> {
    const operator = await context.reader(tenant).get('operators', tenant);
    const { credentials, licence: own } = (operator?.body ?? {}) as {
      readonly credentials?: { readonly 'hr-licence'?: readonly Validity[] };
      readonly licence?: Validity;
    };
    const today = calendar.today(context.now());
    const periods = credentials?.['hr-licence'];
    const held = periods === undefined ? own : inForceOn(periods, today) && { validThrough: coveredThrough(calendar, periods, today) };
    if (operator?.body['agencyType'] === 'public') return { state: 'not-applicable', facts: { reason: 'public-agency' } };
    if (held === undefined) return verdict(false, { licence: 'none' });
    const { validThrough } = held;
    const soon = calendar.addDays(today, LICENCE_DAYS);
    return verdict(validThrough === undefined || validThrough > soon, { validThrough: validThrough ?? null });
  }

  async function jobs({ tenant }: Actor): Promise<ProbeResult> {
    const counts = { done: 0, failed: 0, missed: 0 };
    const failed = new Set<string>();
    for await (const { body } of all(tenant, 'runs', { range: { field: 'slot', gte: since(LOOKBACK_DAYS) } })) {
      const state = textOf(body['state']);
      if (state === 'done' || state === 'failed' || state === 'missed') counts[state]++;
      if (state === 'failed') failed.add(textOf(body['job']));
    }
    if (counts.done + counts.failed + counts.missed === 0) return verdict(false, { ...counts, reason: 'nothing-ran' });
    return verdict(counts.failed === 0 && counts.missed <= counts.done, { ...counts, jobs: [...failed] });
  }

  async function erasures({ tenant }: Actor): Promise<ProbeResult> {
    let waiting = 0;
    for await (const { body } of all(tenant, 'subjectKeys', {})) {
      const pending = body['pending'] as { readonly at?: string } | undefined;
      if (pending?.at !== undefined && pending.at < since(ERASURE_DAYS)) waiting++;
    }
    return verdict(waiting === 0, { waiting });
  }

  return {
    'unsealed-fields': unsealed,
    'key-age': keyAge,
    async 'log-integrity'({ tenant }) {
      const faults = await context.faults(tenant);
      return verdict(faults === 0, { faults });
    },
    async 'anchors-behind'({ tenant }) {
      const { count, behind } = await context.anchors(tenant);
      return count === 0 ? { state: 'not-applicable', facts: { reason: 'no-anchors' } } : verdict(behind.length === 0, { behind });
    },
    async 'undeclared-fields'(actor) {
      const routes: Record<string, readonly string[]> = {};
      for (const { route, undeclared } of await looks(actor))
        if (undeclared.length > 0) routes[route] = [...new Set([...(routes[route] ?? []), ...undeclared])];
      return verdict(Object.keys(routes).length === 0, { routes });
    },
    'bulk-access': bulkAccess,
    'off-hours-access': offHours,
    async 'refused-access'(actor) {
      const counts = new Map<string, number>();
      for (const { by, refused } of await looks(actor)) if (refused) counts.set(by, (counts.get(by) ?? 0) + 1);
      const accounts = [...counts].filter(([, count]) => count >= 3).map(([by]) => by);
      return verdict(accounts.length === 0, { accounts });
    },
    async 'canary-touched'({ tenant }) {
      let touched = 0;
      let set = 0;
      for await (const { body } of all(tenant, 'canaries', {})) {
        set++;
        if (Number(body['touched']) > 0) touched++;
      }
      return set === 0 ? { state: 'not-applicable', facts: { reason: 'no-canaries' } } : verdict(touched === 0, { set, touched });
    },
    'bulk-exports': exports,
    'separation-of-duties': separation,
    async 'overdue-disposal'(actor) {
      const due = await context.dueBefore(actor, calendar.addDays(calendar.today(context.now()), -GRACE_DAYS));
      return verdict(due === 0, { due });
    },
    'open-erasures': erasures,
    async 'rights-overdue'({ tenant }) {
      const today = calendar.today(context.now());
      const late = await context
        .reader(tenant)
        .find('rightsRequests', { where: { state: 'open' }, range: { field: 'dueOn', lt: today }, limit: PAGE });
      return verdict(late.records.length === 0, { late: late.records.length });
    },
    async thresholds({ tenant }) {
      const scale = await context.reader(tenant).get('personScales', tenant);
      if (scale === undefined) return { state: 'not-applicable', facts: { reason: 'not-counted' } };
      const today = calendar.today(context.now());
      const { reached, countedOn } = scale.body as unknown as {
        readonly countedOn: string;
        readonly reached: readonly { readonly threshold: string; readonly dueOn?: string; readonly discharged?: object }[];
      };
      const overdue = reached.flatMap(({ threshold, dueOn = '9999-12-31', discharged }) =>
        dueOn < today && !discharged ? [threshold] : [],
      );
      // A count of years ago says nothing of today.
      const isOld = countedOn < calendar.addDays(today, -YEAR_DAYS);
      return verdict(overdue.length === 0 && !isOld, { overdue, countedOn });
    },
    async 'incidents-open'({ tenant }) {
      const now = new Date(context.now()).toISOString();
      let [unreported, old] = [0, 0];
      for await (const { body } of all(tenant, 'incidents', {})) {
        const { state, reportBy, openedAt, steps } = body as unknown as {
          state: string;
          reportBy?: string;
          openedAt: string;
          steps: readonly { step: string }[];
        };
        if (state === 'closed') continue;
        if (reportBy !== undefined && reportBy < now && !steps.some(({ step }) => step === 'reported')) unreported++;
        if (openedAt < since(GRACE_DAYS)) old++;
      }
      return verdict(unreported + old === 0, { unreported, old });
    },
    'restore-drill': drill,
    'licence-expiry': licence,
    'jobs-run': jobs,
    ...context.host,
  };
}
