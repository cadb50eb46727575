import { createCalendar } from '../../kernel/calendar.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import { createReader } from '../../kernel/execute.ts';
import type { Draft, Execute, Idempotency, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change, Store } from '../../kernel/store.ts';
import { createValidator } from '../../kernel/validate.ts';
import { ASSIGNMENT_SCHEMA, ATTESTATION_SCHEMA, AUDIT_SCHEMA, REMEDY_SCHEMA } from '../../rules/audit-schemas.ts';
import type { AssignmentInput, AttestationInput, AuditInput, RemedyInput } from '../../rules/audit-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import type { Verb } from '../../rules/permissions.ts';
import { AUDIT_CHECKS } from '../../rules/self-audit-checks.ts';
import type { AuditCheck } from '../../rules/self-audit-checks.ts';
import { overdueOf } from './deadline.ts';
import type { AuditDeadline } from './deadline.ts';
import type { AuditItem, AuditRecord, FindingRecord, ProbeResult } from './records.ts';
import { auditReport } from './report.ts';

/** What looks at the system itself; a check without a probe has nothing to look at here, and says so. */
export type Probes = { readonly [check: string]: ((actor: Actor) => Promise<ProbeResult>) | undefined };

export interface AuditContext {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  permit(actor: Actor, verb: Verb): void;
  newId(): string;
  now(): number;
  readonly probes: Probes;
  /** The newest signed checkpoint of a tenant's log; empty while there is none. */
  checkpoint(tenant: string): Promise<string>;
}

interface Options {
  readonly idempotency?: Idempotency;
}

export type AuditView = {
  readonly id: string;
  readonly version: number;
  readonly state: AuditRecord['state'];
  readonly failed: number;
  readonly waiting: number;
};
export type FindingView = { readonly id: string; readonly version: number; readonly state: FindingRecord['state'] };
export type AuditStatus = AuditDeadline & {
  readonly openFindings: { readonly high: number; readonly medium: number; readonly low: number };
};

/** The yearly self-audit (年度自查): done, recorded, and its hazards removed; three duties, three records. */
export interface AuditCommands {
  /**
   * Look at everything the system can see, and put it on record with a finding for each hazard (开始自查). A full one then waits for the answers of
   * persons. @throws ZP_STATE while a full one is open, ZP_FORBIDDEN @source Order 44 Art. 21(3)
   */
  startAudit(actor: Actor, input: unknown, options?: Options): Promise<AuditView>;
  /** Answer a question only a person can, with the hash of what proves it. @throws ZP_INPUT_INVALID, ZP_STATE once it is closed */
  attest(actor: Actor, audit: string, input: unknown, options?: Options): Promise<AuditView>;
  assignFinding(actor: Actor, id: string, input: unknown, options?: Options): Promise<FindingView>;
  /** Say that it is mended; it is not closed by that. @throws ZP_STATE */
  remedyFinding(actor: Actor, id: string, input: unknown, options?: Options): Promise<FindingView>;
  /**
   * Look again (复测): what the system can see it looks at anew, for the rest another person than who mended it confirms.
   * @throws ZP_STATE unless it was mended, ZP_SEPARATION_OF_DUTIES
   */
  retestFinding(actor: Actor, id: string, options?: Options): Promise<FindingView>;
  /** Close it (自查办结). @throws ZP_STATE while an answer is missing or a finding of high severity is open */
  closeAudit(actor: Actor, id: string, options?: Options): Promise<AuditView>;
  getAudit(actor: Actor, id: string): Promise<Loaded<AuditRecord>>;
  /** The report as one HTML page, with the findings as they stand. @throws ZP_NOT_FOUND */
  reportAudit(actor: Actor, id: string, lang: 'zh' | 'en'): Promise<string>;
  listAudits(actor: Actor, page: PageOptions): Promise<Listing<Loaded<AuditRecord>>>;
  /** Findings that are not closed. */
  listFindings(actor: Actor, page: PageOptions): Promise<Listing<Loaded<FindingRecord>>>;
  /** By when the next full one has to be closed, and whether that has passed. */
  auditStatus(actor: Actor): Promise<AuditStatus>;
}

const MOST_OPEN = 1000;
const YEAR_MS = 365 * 86_400_000;

function checkOf(id: string): AuditCheck {
  const check = AUDIT_CHECKS.find((one) => one.id === id);
  if (check === undefined) throw new ComplianceError('ZP_NOT_FOUND');
  return check;
}

function viewOf({ id, version, body }: Loaded<AuditRecord>): AuditView {
  const count = (state: AuditItem['state']): number => body.items.filter((item) => item.state === state).length;
  return { id, version, state: body.state, failed: count('failed'), waiting: count('waiting') };
}

/** By when a tenant's next full one is due. */
export async function deadlineOf(reader: Reader, calendar: Calendar, tenant: string, nowMs: number): Promise<AuditDeadline> {
  const [closed, operator] = await Promise.all([
    reader.find('audits', { where: { kind: 'full', state: 'closed' }, range: { field: 'startedAt', gt: '' }, order: 'desc', limit: 1 }),
    reader.get('operators', tenant),
  ]);
  const last = (closed.records[0]?.body as AuditRecord | undefined)?.closed?.on;
  const { since: first, setAt } = (operator?.body ?? {}) as { readonly since?: string; readonly setAt?: string };
  // A profile that is set anew is no reason to begin anew.
  const since = first ?? (setAt === undefined ? undefined : calendar.today(Date.parse(setAt)));
  return overdueOf(calendar, calendar.today(nowMs), last, since);
}

/** By when the next self-audit of every tenant of a store is due (各租户自查期限), for whoever looks at the store alone. */
export async function auditDeadlines(store: Store, nowMs: number): Promise<readonly ({ readonly tenant: string } & AuditDeadline)[]> {
  const calendar = createCalendar();
  const deadlines: ({ readonly tenant: string } & AuditDeadline)[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.find('operators', { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id: tenant } of page.records)
      deadlines.push({ tenant, ...(await deadlineOf(createReader(store, tenant), calendar, tenant, nowMs)) });
    cursor = page.cursor;
    if (cursor === undefined) return deadlines;
  }
}

export function createAudits(context: AuditContext): AuditCommands {
  const { execute, calendar } = context;
  const parseAudit = createValidator<AuditInput>(AUDIT_SCHEMA);
  const parseAttestation = createValidator<AttestationInput>(ATTESTATION_SCHEMA);
  const parseAssignment = createValidator<AssignmentInput>(ASSIGNMENT_SCHEMA);
  const parseRemedy = createValidator<RemedyInput>(REMEDY_SCHEMA);
  const idempotent = (options: Options): Options => (options.idempotency ? { idempotency: options.idempotency } : {});

  /** A look that itself fails is no pass. */
  async function probe(actor: Actor, check: AuditCheck): Promise<ProbeResult> {
    const look = context.probes[check.id];
    if (look === undefined) return { state: 'not-applicable', facts: { reason: 'not-configured' } };
    try {
      return await look(actor);
    } catch (error) {
      return { state: 'failed', facts: { error: isComplianceError(error) ? error.code : 'unexpected' } };
    }
  }

  async function openFindings(reader: Reader): Promise<readonly Loaded<FindingRecord>[]> {
    const states = await Promise.all(
      (['open', 'remedied'] as const).map((state) => reader.find('findings', { where: { state }, limit: MOST_OPEN })),
    );
    return states.flatMap((page) => listed<FindingRecord>(page).items);
  }

  /** A finding for a hazard, or the one that is open for it already. */
  function findingFor(actor: Actor, audit: string, item: AuditItem, open: readonly Loaded<FindingRecord>[], at: string): Change {
    const { check, facts } = item;
    const known = open.find(({ body }) => body.check === check);
    // Found again: what was called mended is not.
    if (known) return replace('findings', known, { ...known.body, state: 'open', audits: [...known.body.audits, audit].slice(-24), facts });
    const body: FindingRecord = {
      tenant: actor.tenant,
      check,
      severity: checkOf(check).severity,
      state: 'open',
      foundAt: at,
      audits: [audit],
      facts,
    };
    return create('findings', context.newId(), body);
  }

  async function changeFinding(
    actor: Actor,
    id: string,
    kind: string,
    options: Options,
    next: (finding: Loaded<FindingRecord>, now: string) => { readonly body: FindingRecord; readonly facts: Draft['facts'] },
  ): Promise<FindingView> {
    return execute<Loaded<FindingRecord>, FindingView>({
      actor,
      ...idempotent(options),
      load: async (reader) => found(await load<FindingRecord>(reader, 'findings', id)),
      decide(finding, now) {
        if (finding.body.state === 'closed') throw new ComplianceError('ZP_STATE');
        const { body, facts } = next(finding, now);
        const draft = {
          kind,
          subject: { collection: 'findings', id },
          facts: { check: body.check, ...facts },
          changes: [replace('findings', finding, body)],
        };
        return { drafts: [draft], result: { id, version: finding.version + 1, state: body.state } };
      },
    });
  }

  return {
    async startAudit(actor, input, options = {}) {
      context.permit(actor, 'audit.run');
      const { kind } = parseAudit(input);
      const items: AuditItem[] = [];
      for (const check of AUDIT_CHECKS) {
        if (check.kind === 'automatic') items.push({ check: check.id, ...(await probe(actor, check)) });
        else if (kind === 'full') items.push({ check: check.id, state: 'waiting', facts: {} });
      }
      const id = context.newId();
      return execute<{ readonly open: readonly Loaded<FindingRecord>[]; readonly isFullOpen: boolean }, AuditView>({
        actor,
        ...idempotent(options),
        load: async (reader) => ({
          open: await openFindings(reader),
          isFullOpen: (await reader.find('audits', { where: { state: 'open' }, limit: 1 })).records.length > 0,
        }),
        decide({ open, isFullOpen }, now) {
          if (kind === 'full' && isFullOpen)
            throw new ComplianceError('ZP_STATE', { detail: { zh: '尚有未办结的自查', en: 'A self-audit is open already' } });
          const failed = items.filter((item) => item.state === 'failed');
          const closed = kind === 'light' ? { closed: { by: actor.id, at: now, on: calendar.today(Date.parse(now)) } } : {};
          const body: AuditRecord = {
            tenant: actor.tenant,
            kind,
            state: kind === 'light' ? 'closed' : 'open',
            startedBy: actor.id,
            startedAt: now,
            items,
            ...closed,
          };
          const changes = [create('audits', id, body), ...failed.map((item) => findingFor(actor, id, item, open, now))];
          const facts = { kind, checks: items.length, failed: failed.map(({ check }) => check) };
          const draft = { kind: 'audit.started', subject: { collection: 'audits', id }, facts, changes };
          return { drafts: [draft], result: viewOf({ id, version: 1, body }) };
        },
      });
    },

    async attest(actor, id, input, options = {}) {
      context.permit(actor, 'audit.answer');
      const { check, answer, reference, sha256 } = parseAttestation(input);
      return execute<{ readonly audit: Loaded<AuditRecord>; readonly open: readonly Loaded<FindingRecord>[] }, AuditView>({
        actor,
        ...idempotent(options),
        load: async (reader) => ({ audit: found(await load<AuditRecord>(reader, 'audits', id)), open: await openFindings(reader) }),
        decide({ audit, open }, now) {
          const item = found(audit.body.items.find((one) => one.check === check));
          if (audit.body.state === 'closed' || checkOf(check).kind !== 'attested') throw new ComplianceError('ZP_STATE');
          const state = ({ met: 'passed', 'not-met': 'failed', 'not-applicable': 'not-applicable' } as const)[answer];
          const next: AuditItem = { ...item, state, attested: { by: actor.id, at: now, answer, reference, sha256 } };
          const body: AuditRecord = { ...audit.body, items: audit.body.items.map((one) => (one.check === check ? next : one)) };
          const changes = [replace('audits', audit, body), ...(state === 'failed' ? [findingFor(actor, id, next, open, now)] : [])];
          const draft = {
            kind: 'audit.attested',
            subject: { collection: 'audits', id },
            facts: { check, answer, reference, sha256 },
            changes,
          };
          return { drafts: [draft], result: viewOf({ id, version: audit.version + 1, body }) };
        },
      });
    },

    async assignFinding(actor, id, input, options = {}) {
      context.permit(actor, 'audit.run');
      const { owner, dueOn } = parseAssignment(input);
      return changeFinding(actor, id, 'audit.finding-assigned', options, ({ body }) => ({
        body: { ...body, owner, dueOn },
        facts: { owner, dueOn },
      }));
    },

    async remedyFinding(actor, id, input, options = {}) {
      context.permit(actor, 'audit.answer');
      const { reference, sha256 } = parseRemedy(input);
      return changeFinding(actor, id, 'audit.finding-remedied', options, ({ body }, at) => ({
        body: { ...body, state: 'remedied', remedy: { by: actor.id, at, reference, sha256 } },
        facts: { reference, sha256 },
      }));
    },

    async retestFinding(actor, id, options = {}) {
      context.permit(actor, 'audit.answer');
      const { body } = found(await load<FindingRecord>(context.reader(actor.tenant), 'findings', id));
      const check = checkOf(body.check);
      const result = check.kind === 'automatic' ? await probe(actor, check) : undefined;
      return changeFinding(actor, id, 'audit.finding-retested', options, (finding, at): { body: FindingRecord; facts: Draft['facts'] } => {
        const { remedy } = finding.body;
        if (finding.body.state !== 'remedied' || remedy === undefined)
          throw new ComplianceError('ZP_STATE', { detail: { zh: '请先登记整改', en: 'Say first what was mended' } });
        // What the system saw for itself needs no second pair of eyes.
        if (result === undefined && remedy.by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
        const state: NonNullable<FindingRecord['retest']>['state'] = result?.state ?? 'confirmed';
        const isGone = state !== 'failed';
        const retest = { by: actor.id, at, state, facts: result?.facts ?? {} };
        return { body: { ...finding.body, state: isGone ? 'closed' : 'open', retest }, facts: { state } };
      });
    },

    async closeAudit(actor, id, options = {}) {
      context.permit(actor, 'audit.close');
      return execute<{ readonly audit: Loaded<AuditRecord>; readonly open: readonly Loaded<FindingRecord>[] }, AuditView>({
        actor,
        ...idempotent(options),
        load: async (reader) => ({ audit: found(await load<AuditRecord>(reader, 'audits', id)), open: await openFindings(reader) }),
        decide({ audit, open }, now) {
          if (audit.body.state === 'closed') throw new ComplianceError('ZP_STATE');
          const waiting = audit.body.items.filter((item) => item.state === 'waiting').map(({ check }) => check);
          const high = open.filter(({ body }) => body.severity === 'high').map(({ body }) => body.check);
          if (waiting.length + high.length > 0) {
            throw new ComplianceError('ZP_STATE', {
              detail: {
                zh: `尚待答复 ${waiting.length} 项，未消除的重大隐患 ${high.length} 项：${[...waiting, ...high].join('、')}`,
                en: `${waiting.length} answers are missing and ${high.length} findings of high severity are open: ${[...waiting, ...high].join(', ')}`,
              },
              citations: [cite('order44', '21(3)')],
            });
          }
          const on = calendar.today(Date.parse(now));
          const body: AuditRecord = { ...audit.body, state: 'closed', closed: { by: actor.id, at: now, on } };
          const facts = { on, passed: body.items.filter(({ state }) => state === 'passed').length, open: open.length };
          const draft = { kind: 'audit.closed', subject: { collection: 'audits', id }, facts, changes: [replace('audits', audit, body)] };
          return { drafts: [draft], result: viewOf({ id, version: audit.version + 1, body }) };
        },
      });
    },

    async getAudit(actor, id) {
      context.permit(actor, 'audit.read');
      return found(await load<AuditRecord>(context.reader(actor.tenant), 'audits', id));
    },
    async reportAudit(actor, id, lang) {
      context.permit(actor, 'audit.read');
      const reader = context.reader(actor.tenant);
      const audit = found(await load<AuditRecord>(reader, 'audits', id));
      const operator = await reader.get('operators', actor.tenant);
      const findings: Loaded<FindingRecord>[] = [];
      // A yearly report tells of everything the months before it found, mended or not.
      const yearBefore = new Date(Date.parse(audit.body.startedAt) - YEAR_MS).toISOString();
      const isOfItsYear = ({ foundAt }: FindingRecord): boolean =>
        audit.body.kind === 'full' && foundAt > yearBefore && foundAt <= audit.body.startedAt;
      for (let cursor: string | undefined; ;) {
        const page = await reader.find('findings', {
          range: { field: 'foundAt', gt: '' },
          limit: 500,
          ...(cursor === undefined ? {} : { cursor }),
        });
        findings.push(...listed<FindingRecord>(page).items.filter(({ body }) => body.audits.includes(id) || isOfItsYear(body)));
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      const checkpoint = await context.checkpoint(actor.tenant);
      const name = typeof operator?.body['name'] === 'string' ? operator.body['name'] : actor.tenant;
      return auditReport({ operator: name, audit, findings, ...(checkpoint === '' ? {} : { checkpoint }) }, lang);
    },
    async listAudits(actor, page) {
      context.permit(actor, 'audit.read');
      return listed<AuditRecord>(
        await context.reader(actor.tenant).find('audits', { range: { field: 'startedAt', gt: '' }, order: 'desc', ...page }),
      );
    },
    async listFindings(actor, page) {
      context.permit(actor, 'audit.read');
      return listed<FindingRecord>(
        await context.reader(actor.tenant).find('findings', { range: { field: 'foundAt', gt: '' }, order: 'desc', ...page }),
      );
    },
    async auditStatus(actor) {
      context.permit(actor, 'audit.read');
      const reader = context.reader(actor.tenant);
      const deadline = await deadlineOf(reader, calendar, actor.tenant, context.now());
      const bySeverity = { high: 0, medium: 0, low: 0 };
      for (const { body } of await openFindings(reader)) bySeverity[body.severity]++;
      return { ...deadline, openFindings: bySeverity };
    },
  };
}
