import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { isLicenceNumber } from '../../kernel/identifiers.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { OPERATOR_SCHEMA, ORGANISATION_SCHEMA } from '../../rules/schemas.ts';
import type { OperatorInput, OrganisationInput } from '../../rules/schemas.ts';
import { own, permit } from './access.ts';
import { idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';
import type { OperatorRecord, OrganisationRecord } from './records.ts';

type Written = { readonly id: string; readonly version: number };

/** Who runs the platform and who posts on it (本机构与入驻单位登记). */
export interface RegistryCommands {
  /** Set the operator's profile, licence and relaxations. @source Order 44 Arts. 2, 9, 10 @throws ZP_INPUT_INVALID, ZP_APPLICABILITY_UNKNOWN */
  setOperator(actor: Actor, input: unknown, options?: CommandOptions): Promise<Written>;
  /** @throws ZP_NOT_FOUND */
  getOperator(actor: Actor): Promise<Loaded<OperatorRecord>>;
  /**
   * Register or update the caller's own organisation. A new name or code makes earlier materials stop fitting.
   * @source notice 2025-60 cl. 2-3
   */
  registerOrganisation(actor: Actor, input: unknown, options?: CommandOptions): Promise<Written>;
  getOrganisation(actor: Actor, id: string): Promise<Loaded<OrganisationRecord>>;
}

/** Account types a role may register: an employer's own account is never an agency's. */
const ACCOUNT_TYPES = { employer: ['employer-direct'], agency: ['commercial-agency', 'public-agency'] } as const;

/** The registry commands over a context; `checkProfile` refuses a profile of which nobody can say what binds it. */
export function createRegistry(
  context: ReviewContext,
  checkProfile: (profile: Pick<OperatorRecord, 'agencyType' | 'modes' | 'jurisdictions'>) => unknown,
): RegistryCommands {
  const parseOperator = createValidator<OperatorInput>(OPERATOR_SCHEMA);
  const parseOrganisation = createValidator<OrganisationInput>(ORGANISATION_SCHEMA);

  return {
    async setOperator(actor, input, options = {}) {
      permit(actor, 'operator.set');
      const { licence, relaxations, ...profile } = parseOperator(input);
      const { agencyType, modes, jurisdictions } = profile;
      checkProfile({ agencyType, modes, jurisdictions });
      if (licence && !isLicenceNumber(licence.number)) {
        refuse([
          {
            pointer: '/licence/number',
            rule: 'licence-number',
            citations: [cite('order44', '9')],
            title: { zh: '许可证编号格式不符', en: 'Not the form of a human resources service licence number' },
            advice: { zh: '照许可证填写编号', en: 'Copy the number from the licence' },
          },
        ]);
      }
      return context.execute<Loaded<OperatorRecord> | undefined, Written>({
        actor,
        ...idempotent(options),
        load: (reader) => load<OperatorRecord>(reader, 'operators', actor.tenant),
        decide(current, now) {
          if (options.expectedVersion !== undefined && options.expectedVersion !== (current?.version ?? 0))
            throw new ComplianceError('ZP_PRECONDITION_FAILED');
          const body: OperatorRecord = {
            ...profile,
            tenant: actor.tenant,
            ...(licence ? { licence } : {}),
            // What the vault of credentials has said is not for a profile to take back.
            ...(current?.body.credentials ? { credentials: current.body.credentials } : {}),
            ...(current?.body.endedOn === undefined ? {} : { endedOn: current.body.endedOn }),
            relaxations: relaxations ?? [],
            since: current?.body.since ?? context.calendar.today(Date.parse(current?.body.setAt ?? now)),
            setBy: actor.id,
            setAt: now,
          };
          const facts = {
            agencyType: body.agencyType,
            modes: body.modes,
            jurisdictions: body.jurisdictions,
            licence: licence?.number ?? null,
            // Their reasons are in the record, which this entry commits to.
            relaxations: body.relaxations.map((r) => r.field),
          };
          const change = current ? replace('operators', current, body) : create('operators', actor.tenant, body);
          return {
            drafts: [{ kind: 'operator.set', subject: { collection: 'operators', id: actor.tenant }, facts, changes: [change] }],
            result: { id: actor.tenant, version: (current?.version ?? 0) + 1 },
          };
        },
      });
    },

    async getOperator(actor) {
      permit(actor, 'operator.read');
      return found(await load<OperatorRecord>(context.reader(actor.tenant), 'operators', actor.tenant));
    },

    async registerOrganisation(actor, input, options = {}) {
      permit(actor, 'organisation.register');
      const { branches = [], ...fields } = parseOrganisation(input);
      const id = actor.organisation ?? '';
      const allowed: readonly string[] = actor.role === 'agency' ? ACCOUNT_TYPES.agency : ACCOUNT_TYPES.employer;
      if (!allowed.includes(fields.accountType)) {
        throw new ComplianceError('ZP_ACCOUNT_SCOPE', {
          detail: { zh: '该角色不能登记此账号类型', en: 'This role cannot register that account type' },
          citations: [cite('notice-2025-60', '3')],
        });
      }
      return context.execute<Loaded<OrganisationRecord> | undefined, Written>({
        actor,
        ...idempotent(options),
        load: (reader) => load<OrganisationRecord>(reader, 'organisations', id),
        decide(current, now) {
          if (options.expectedVersion !== undefined && options.expectedVersion !== (current?.version ?? 0))
            throw new ComplianceError('ZP_PRECONDITION_FAILED');
          const body: OrganisationRecord = { ...fields, branches, tenant: actor.tenant, registeredBy: actor.id, updatedAt: now };
          const change = current ? replace('organisations', current, body) : create('organisations', id, body);
          const facts = { uscc: fields.uscc, accountType: fields.accountType, branches: branches.map((b) => b.uscc) };
          return {
            drafts: [{ kind: 'organisation.registered', subject: { collection: 'organisations', id }, facts, changes: [change] }],
            result: { id, version: (current?.version ?? 0) + 1 },
          };
        },
      });
    },

    async getOrganisation(actor, id) {
      permit(actor, 'organisation.read');
      own(actor, id);
      return found(await load<OrganisationRecord>(context.reader(actor.tenant), 'organisations', id));
    },
  };
}
