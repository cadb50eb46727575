import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RIGHTS_ANSWER_SCHEMA, RIGHTS_REQUEST_SCHEMA } from '../../rules/privacy-schemas.ts';
import type { RightsAnswerInput, RightsRequestInput } from '../../rules/privacy-schemas.ts';
import { retrying, workingDaysFrom } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** A request of a person about their own information (权利请求记录). */
export type RightsRecord = {
  readonly tenant: string;
  readonly subject: string;
  readonly kind: RightsRequestInput['kind'];
  readonly reference: string;
  readonly receivedOn: string;
  readonly dueOn: string;
  readonly state: 'open' | 'answered';
  readonly answer?: RightsAnswerInput & { readonly by: string; readonly at: string; readonly on: string; readonly late: boolean };
};

export type RightsView = { readonly id: string; readonly version: number; readonly state: RightsRecord['state']; readonly dueOn: string };

/** The desk where persons ask about their own information (个人信息权利受理). */
export interface RightsCommands {
  /** Take a request up: its clock runs from today. @source PIPL Arts. 44-50 */
  openRightsRequest(actor: Actor, input: unknown, options?: DeskOptions): Promise<RightsView>;
  /** Answer it; a refusal says why. @throws ZP_STATE once it is answered, ZP_INPUT_INVALID for a refusal without its reason */
  answerRightsRequest(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<RightsView>;
  /** Requests nobody has answered, the most urgent first. */
  listRightsRequests(actor: Actor, page: PageOptions): Promise<Listing<Loaded<RightsRecord>>>;
}

/** The law says promptly; this is the limit practice knows, and a target of the kit. */
const DAYS = 15;

export function createRights(context: DeskContext): RightsCommands {
  const { execute, calendar } = context;
  const parseRequest = createValidator<RightsRequestInput>(RIGHTS_REQUEST_SCHEMA);
  const parseAnswer = createValidator<RightsAnswerInput>(RIGHTS_ANSWER_SCHEMA);
  return {
    async openRightsRequest(actor, input, options = {}) {
      context.permit(actor, 'rights.handle');
      const { subject, kind, reference } = parseRequest(input);
      const id = context.newId();
      return execute<undefined, RightsView>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const receivedOn = calendar.today(Date.parse(now));
          const dueOn = workingDaysFrom(calendar, receivedOn, DAYS);
          const body: RightsRecord = { tenant: actor.tenant, subject, kind, reference, receivedOn, dueOn, state: 'open' };
          const facts = { kind, reference, dueOn };
          const changes = [create('rightsRequests', id, body)];
          return {
            drafts: [{ kind: 'rights.requested', subject: { collection: 'rightsRequests', id }, facts, changes }],
            result: { id, version: 1, state: 'open', dueOn },
          };
        },
      });
    },
    async answerRightsRequest(actor, id, input, options = {}) {
      context.permit(actor, 'rights.handle');
      const answer = parseAnswer(input);
      if (answer.outcome === 'refused' && answer.reason === undefined) {
        throw new ComplianceError('ZP_INPUT_INVALID', {
          detail: { zh: '拒绝须说明理由', en: 'A refusal says why' },
          citations: [cite('pipl', '50')],
        });
      }
      return execute<Loaded<RightsRecord>, RightsView>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<RightsRecord>(reader, 'rightsRequests', id)),
        decide(request, at) {
          if (request.body.state === 'answered') throw new ComplianceError('ZP_STATE');
          const on = calendar.today(Date.parse(at));
          const late = on > request.body.dueOn;
          const body: RightsRecord = { ...request.body, state: 'answered', answer: { ...answer, by: actor.id, at, on, late } };
          const facts = { kind: body.kind, outcome: answer.outcome, reason: answer.reason ?? null, sha256: answer.sha256, late };
          const changes = [replace('rightsRequests', request, body)];
          return {
            drafts: [{ kind: 'rights.answered', subject: { collection: 'rightsRequests', id }, facts, changes }],
            result: { id, version: request.version + 1, state: 'answered', dueOn: body.dueOn },
          };
        },
      });
    },
    async listRightsRequests(actor, page) {
      context.permit(actor, 'privacy.read');
      const reader = context.reader(actor.tenant);
      return listed<RightsRecord>(
        await reader.find('rightsRequests', { where: { state: 'open' }, range: { field: 'dueOn', gt: '' }, ...page }),
      );
    },
  };
}
