import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { ASSESSMENT_SCHEMA, INCIDENT_SCHEMA, INCIDENT_STEP_SCHEMA } from '../../rules/privacy-schemas.ts';
import type { AssessmentInput, IncidentInput, IncidentStepInput } from '../../rules/privacy-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** An impact assessment on record (影响评估登记). */
export type AssessmentRecord = AssessmentInput & {
  readonly tenant: string;
  readonly by: string;
  readonly on: string;
  /** Last civil day on which the report and the record have to be kept. */
  readonly keepUntil: string;
};

/** An incident and what was done about it (事件与处置记录). */
export type IncidentRecord = IncidentInput & {
  readonly tenant: string;
  readonly state: 'open' | 'closed';
  readonly openedBy: string;
  readonly openedAt: string;
  /** Instant until which the authority has to have been told; absent for an ordinary one. */
  readonly reportBy?: string;
  /** So many persons that the authority may order an audit by others. */
  readonly mayOrderAudit: boolean;
  readonly steps: readonly (IncidentStepInput & { readonly by: string; readonly at: string; readonly late: boolean })[];
};

export type IncidentView = {
  readonly id: string;
  readonly version: number;
  readonly state: IncidentRecord['state'];
  readonly reportBy?: string;
  readonly missing: readonly IncidentStepInput['step'][];
};

/** Assessments beforehand and incidents afterwards (影响评估与安全事件). */
export interface IncidentCommands {
  /** @source PIPL Arts. 55, 56: kept three years at least */
  recordAssessment(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly id: string; readonly keepUntil: string }>;
  listAssessments(actor: Actor, page: PageOptions): Promise<Listing<Loaded<AssessmentRecord>>>;
  /** Its clocks run from its discovery. @throws ZP_INPUT_INVALID for one discovered in the future @source PIPL Art. 57 */
  openIncident(actor: Actor, input: unknown, options?: DeskOptions): Promise<IncidentView>;
  /** @throws ZP_STATE for a closing that something is missing from */
  recordIncidentStep(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<IncidentView>;
  listIncidents(actor: Actor, page: PageOptions): Promise<Listing<Loaded<IncidentRecord>>>;
}

const KEEP_MONTHS = 36;
/** Four hours, for whoever runs no critical infrastructure, by the measures on reporting of 2025. */
const REPORT_MS = 4 * 3_600_000;
const SECOND_MS = 1000;
/** By the audit measures of 2025. */
const MANY = 1_000_000;
const MANY_SENSITIVE = 100_000;

/** What has to be done before it can be closed. */
function missingOf({
  reportBy,
  persons,
  steps,
}: Pick<IncidentRecord, 'reportBy' | 'persons' | 'steps'>): readonly IncidentStepInput['step'][] {
  const done = new Set(steps.map(({ step }) => step));
  const missing: IncidentStepInput['step'][] = [];
  if (!done.has('contained')) missing.push('contained');
  if (reportBy !== undefined && !done.has('reported')) missing.push('reported');
  // Persons need not be told where measures have kept all harm from them; that is for somebody to say, on record.
  if (persons > 0 && !done.has('persons-notified') && !done.has('no-harm-to-persons')) missing.push('persons-notified');
  return missing;
}

function viewOf({ id, version, body }: Loaded<IncidentRecord>): IncidentView {
  return { id, version, state: body.state, ...(body.reportBy === undefined ? {} : { reportBy: body.reportBy }), missing: missingOf(body) };
}

export function createIncidents(context: DeskContext): IncidentCommands {
  const { execute, calendar } = context;
  const parseAssessment = createValidator<AssessmentInput>(ASSESSMENT_SCHEMA);
  const parseIncident = createValidator<IncidentInput>(INCIDENT_SCHEMA);
  const parseStep = createValidator<IncidentStepInput>(INCIDENT_STEP_SCHEMA);
  return {
    async recordAssessment(actor, input, options = {}) {
      context.permit(actor, 'incident.handle');
      const given = parseAssessment(input);
      const id = context.newId();
      return execute<undefined, { readonly id: string; readonly keepUntil: string }>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const on = calendar.today(Date.parse(now));
          const keepUntil = calendar.addMonths(on, KEEP_MONTHS);
          const body: AssessmentRecord = { ...given, tenant: actor.tenant, by: actor.id, on, keepUntil };
          const { trigger, conclusion, reference, sha256 } = given;
          const facts = { trigger, conclusion, reference, sha256, keepUntil };
          const changes = [create('assessments', id, body)];
          return {
            drafts: [{ kind: 'assessment.recorded', subject: { collection: 'assessments', id }, facts, changes }],
            result: { id, keepUntil },
          };
        },
      });
    },
    async listAssessments(actor, page) {
      context.permit(actor, 'privacy.read');
      return listed<AssessmentRecord>(
        await context.reader(actor.tenant).find('assessments', { range: { field: 'on', gt: '' }, order: 'desc', ...page }),
      );
    },
    async openIncident(actor, input, options = {}) {
      context.permit(actor, 'incident.handle');
      const given = parseIncident(input);
      const id = context.newId();
      return execute<undefined, IncidentView>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const discovered = Date.parse(given.discoveredAt);
          if (discovered > Date.parse(now) + SECOND_MS)
            throw new ComplianceError('ZP_INPUT_INVALID', {
              detail: { zh: '发现时间不得晚于现在', en: 'It cannot have been discovered later than now' },
            });
          const reportBy = given.level === 'larger' ? new Date(discovered + REPORT_MS).toISOString() : undefined;
          const mayOrderAudit = given.persons >= MANY || given.sensitivePersons >= MANY_SENSITIVE;
          const body: IncidentRecord = {
            ...given,
            tenant: actor.tenant,
            state: 'open',
            openedBy: actor.id,
            openedAt: now,
            ...(reportBy === undefined ? {} : { reportBy }),
            mayOrderAudit,
            steps: [],
          };
          const { kind, level, persons, sensitivePersons, reference } = given;
          const facts = { kind, level, persons, sensitivePersons, reference, reportBy: reportBy ?? null };
          const changes = [create('incidents', id, body)];
          return {
            drafts: [{ kind: 'incident.opened', subject: { collection: 'incidents', id }, facts, changes }],
            result: viewOf({ id, version: 1, body }),
          };
        },
      });
    },
    async recordIncidentStep(actor, id, input, options = {}) {
      context.permit(actor, 'incident.handle');
      const given = parseStep(input);
      return execute<Loaded<IncidentRecord>, IncidentView>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<IncidentRecord>(reader, 'incidents', id)),
        decide(incident, at) {
          if (incident.body.state === 'closed') throw new ComplianceError('ZP_STATE');
          const missing = missingOf(incident.body);
          const isClosing = given.step === 'closed';
          if (isClosing && missing.length > 0)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: `尚缺：${missing.join('、')}`, en: `Still missing: ${missing.join(', ')}` },
            });
          const late = given.step === 'reported' && at > (incident.body.reportBy ?? '9999');
          const body: IncidentRecord = {
            ...incident.body,
            state: isClosing ? 'closed' : 'open',
            steps: [...incident.body.steps, { ...given, by: actor.id, at, late }],
          };
          const facts = { step: given.step, reference: given.reference, sha256: given.sha256, late };
          const changes = [replace('incidents', incident, body)];
          return {
            drafts: [{ kind: 'incident.step', subject: { collection: 'incidents', id }, facts, changes }],
            result: viewOf({ id, version: incident.version + 1, body }),
          };
        },
      });
    },
    async listIncidents(actor, page) {
      context.permit(actor, 'privacy.read');
      return listed<IncidentRecord>(
        await context.reader(actor.tenant).find('incidents', { range: { field: 'openedAt', gt: '' }, order: 'desc', ...page }),
      );
    },
  };
}
