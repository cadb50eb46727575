import type { Calendar } from '../../kernel/calendar.ts';
import type { Actor } from '../../kernel/identity.ts';
import { isLicenceNumber } from '../../kernel/identifiers.ts';
import { create, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Change, JsonObject } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { inForceOn, isSuperseded } from '../../kernel/validity.ts';
import { CREDENTIAL_SCHEMA, WAIVER_SCHEMA } from '../../rules/disclosure-schemas.ts';
import type { CredentialInput, WaiverInput } from '../../rules/disclosure-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying, workingDaysFrom } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { ChangeRecord, CredentialGate, CredentialKind, CredentialRecord, GatePeriod, WaiverRecord } from './records.ts';

export type WrittenCredential = { readonly id: string; readonly version: number };

/** The operator’s own credentials (证照库). */
export interface CredentialCommands {
  /**
   * Record a credential; an earlier one of its kind is superseded and stays. The human resources licence, the business licence and the telecom licence
   * decide from then on whether postings may be published. @throws ZP_INPUT_INVALID for a scope without the online line, a wrong number or dates out of order
   * @source Order 44 Arts. 8, 9, 10; Order 50 Art. 5
   */
  recordCredential(actor: Actor, input: unknown, options?: DeskOptions): Promise<WrittenCredential>;
  /** Put counsel’s written word on record that no telecom licence is needed, until a day. @throws ZP_INPUT_INVALID */
  waiveCredential(actor: Actor, input: unknown, options?: DeskOptions): Promise<WrittenCredential>;
  /** Newest first, superseded ones included. */
  listCredentials(actor: Actor, page: PageOptions): Promise<Listing<Loaded<CredentialRecord>>>;
}

const SCOPE_LINE = '开展网络招聘服务';

function wrong(pointer: string, rule: string, zh: string, en: string): never {
  const title = { zh, en };
  return refuse([{ pointer, rule, title, advice: title, citations: [cite('order44', '9'), cite('order44', '10')] }]);
}

/** The credentials that are not superseded: of each kind the one in force, and those that will be. */
export async function currentCredentials(reader: Reader): Promise<readonly Loaded<CredentialRecord>[]> {
  return listed<CredentialRecord>(await reader.find('credentials', { where: { current: true }, limit: 100 })).items;
}

/** What counsel has said is not needed, as of a day. */
export async function currentWaivers(reader: Reader, today: string): Promise<readonly WaiverRecord[]> {
  const page = await reader.find('credentialWaivers', { range: { field: 'at', gt: '' }, order: 'desc', limit: 20 });
  return listed<WaiverRecord>(page).items.flatMap(({ body }) => (body.validThrough >= today ? [body] : []));
}

function check(given: CredentialInput): void {
  if (given.validThrough !== undefined && given.validThrough < given.validFrom)
    wrong('/validThrough', 'order', '不得早于生效日', 'must not be before it takes effect');
  if (given.kind !== 'hr-licence') return;
  if (!isLicenceNumber(given.number)) wrong('/number', 'licence-number', '许可证编号格式不符', 'is not the form of a licence number');
  if (!(given.scope ?? []).some((line) => line.includes(SCOPE_LINE)))
    wrong('/scope', 'scope', `服务范围未注明“${SCOPE_LINE}”`, 'lacks the line of online recruitment');
}

interface State {
  readonly earlier: readonly Loaded<CredentialRecord>[];
  readonly operator: Loaded<JsonObject> | undefined;
}

const GATED: readonly CredentialKind[] = ['business-licence', 'hr-licence', 'telecom-licence'];

/** The operator’s record with what the publication of postings reads of this credential, or of a waiver of it. */
function operatorWith(operator: Loaded<JsonObject>, kind: CredentialKind, period: GatePeriod, today: string): Change | undefined {
  if (!GATED.includes(kind)) return undefined;
  const { body } = operator;
  const gate = (body['credentials'] ?? {}) as CredentialGate;
  // A waiver and a licence stand beside each other: one of them is enough.
  const others = (gate[kind] ?? []).filter((one) => one.waived !== period.waived || !isSuperseded(one, period, today));
  return replace('operators', operator, { ...body, credentials: { ...gate, [kind]: [...others, period] } });
}

const UPDATE_WORKING_DAYS = 10;

/** A renewed credential changes what home pages show, from the day it is valid; it is shown as soon as it is recorded. */
function updateOf(
  calendar: Calendar,
  actor: Actor,
  given: CredentialInput,
  before: CredentialRecord | undefined,
  now: string,
): ChangeRecord | undefined {
  if (before === undefined || (before.number === given.number && before.authority === given.authority)) return undefined;
  const today = calendar.today(Date.parse(now));
  const dueOn = workingDaysFrom(calendar, given.validFrom, UPDATE_WORKING_DAYS);
  return {
    tenant: actor.tenant,
    clock: 'disclosure-update',
    items: [{ field: given.kind, from: before.number, to: given.number }],
    startedOn: given.validFrom,
    dueOn,
    by: actor.id,
    at: now,
    done: { on: today, late: today > dueOn, by: actor.id },
  };
}

export function createCredentials(context: DeskContext): CredentialCommands {
  const { execute, calendar } = context;
  const parseCredential = createValidator<CredentialInput>(CREDENTIAL_SCHEMA);
  const parseWaiver = createValidator<WaiverInput>(WAIVER_SCHEMA);
  const loadState = async (reader: Reader, tenant: string, kind: string): Promise<State> => ({
    earlier: (await currentCredentials(reader)).filter(({ body }) => body.kind === kind),
    operator: await load(reader, 'operators', tenant),
  });

  return {
    async recordCredential(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const given = parseCredential(input);
      check(given);
      const id = context.newId();
      const changeId = context.newId();
      return execute<State, WrittenCredential>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant, given.kind),
        decide({ earlier, operator }, now) {
          const body: CredentialRecord = { ...given, tenant: actor.tenant, current: true, by: actor.id, at: now };
          const { kind, validFrom, validThrough, number, authority, scope, sha256 } = given;
          const today = calendar.today(Date.parse(now));
          const licence = kind === 'hr-licence' ? { number, authority, scope: scope ?? [] } : {};
          const period = { validFrom, ...(validThrough === undefined ? {} : { validThrough }), ...licence };
          const gate = operator && operatorWith(operator, kind, period, today);
          const superseded = earlier.filter((one) => isSuperseded(one.body, given, today));
          const shown = updateOf(
            calendar,
            actor,
            given,
            inForceOn(
              earlier.map((one) => one.body),
              today,
            ),
            now,
          );
          const changes = [
            create('credentials', id, body),
            ...superseded.map((one) => replace('credentials', one, { ...one.body, current: false })),
            ...(gate ? [gate] : []),
            ...(shown ? [create('changeReports', changeId, shown)] : []),
          ];
          const supersedes = superseded.map((one) => one.id);
          const facts = { kind, validFrom, validThrough: validThrough ?? null, sha256, supersedes, late: shown?.done?.late ?? null };
          const subject = { collection: 'credentials', id };
          return { drafts: [{ kind: 'credential.recorded', subject, facts, changes }], result: { id, version: 1 } };
        },
      });
    },
    async waiveCredential(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const given = parseWaiver(input);
      const id = context.newId();
      return execute<State, WrittenCredential>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant, given.kind),
        decide({ operator }, now) {
          const body: WaiverRecord = { ...given, tenant: actor.tenant, by: actor.id, at: now };
          const { kind, validThrough, sha256 } = given;
          const today = calendar.today(Date.parse(now));
          const gate = operator && operatorWith(operator, kind, { validFrom: today, validThrough, waived: true }, today);
          const subject = { collection: 'credentialWaivers', id };
          const changes = [create('credentialWaivers', id, body), ...(gate ? [gate] : [])];
          return {
            drafts: [{ kind: 'credential.waived', subject, facts: { kind, validThrough, sha256 }, changes }],
            result: { id, version: 1 },
          };
        },
      });
    },
    async listCredentials(actor, page) {
      context.permit(actor, 'disclosure.read');
      const reader = context.reader(actor.tenant);
      return listed<CredentialRecord>(await reader.find('credentials', { range: { field: 'at', gt: '' }, order: 'desc', ...page }));
    },
  };
}
