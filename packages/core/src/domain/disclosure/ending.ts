import { ComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { JsonObject } from '../../kernel/store.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { DEREGISTRATION_SCHEMA, ENDING_SCHEMA } from '../../rules/disclosure-schemas.ts';
import type { DeregistrationInput, EndingInput } from '../../rules/disclosure-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { captureId } from './records.ts';
import type { CaptureRecord, ChangeRecord, DisclosureRecord, EndingRecord } from './records.ts';

export type EndingView = {
  readonly id: string;
  readonly version: number;
  readonly state: EndingRecord['state'];
  readonly endsOn: string;
  /** First day on which it may end, if the notice stays up. */
  readonly notBefore: string;
};

/** Ending the service of one’s own accord (自行终止服务): first the notice for thirty days, then the end, then its registration, then the report. */
export interface EndingCommands {
  /** Put the notice up. @throws ZP_INPUT_INVALID for a day that is too near, ZP_STATE while another is running @source Order 44 Art. 13(3) */
  announceEnding(actor: Actor, input: unknown, options?: DeskOptions): Promise<EndingView>;
  /** It does not end after all. @throws ZP_STATE */
  callOffEnding(actor: Actor, options?: DeskOptions): Promise<EndingView>;
  /** It ends today: nothing is published any more. @throws ZP_INPUT_INVALID with the days no home page was seen to show the notice */
  endService(actor: Actor, options?: DeskOptions): Promise<EndingView>;
  /** The registration of the end is completed: the clock of its report starts. @throws ZP_STATE @source Order 44 Art. 12 */
  recordDeregistration(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly change: string; readonly dueOn: string }>;
  /** @throws ZP_NOT_FOUND while none was announced */
  getEnding(actor: Actor): Promise<EndingView & Pick<EndingRecord, 'announcedOn' | 'notice'> & { readonly unproven: readonly string[] }>;
}

const NOTICE_DAYS = 30;
const REPORT_DAYS = 15;
/** More days than anybody is told of. */
const NAMED = 10;

/** The latest ending that was announced. */
export async function currentEnding(reader: Reader): Promise<Loaded<EndingRecord> | undefined> {
  const page = await reader.find('endings', { range: { field: 'at', gt: '' }, order: 'desc', limit: 100 });
  const { items } = listed<EndingRecord>(page);
  // There is at most one that was not called off, whatever clocks say of their order.
  return items.find(({ body }) => body.state !== 'called-off') ?? items[0];
}

interface State {
  readonly ending: Loaded<EndingRecord> | undefined;
  readonly disclosure: Loaded<DisclosureRecord> | undefined;
  readonly operator: Loaded<JsonObject> | undefined;
  /** `page day` of the last thirty days on which the notice was not seen. */
  readonly unproven: readonly string[];
}

export function createEnding(context: DeskContext): EndingCommands {
  const { execute, calendar } = context;
  const parseEnding = createValidator<EndingInput>(ENDING_SCHEMA);
  const parseDeregistration = createValidator<DeregistrationInput>(DEREGISTRATION_SCHEMA);

  function viewOf({ id, version, body }: Loaded<EndingRecord>): EndingView {
    const { state, endsOn, announcedOn } = body;
    return { id, version, state, endsOn, notBefore: calendar.addDays(announcedOn, NOTICE_DAYS + 1) };
  }

  /** Thirty days without a break, up to yesterday: pages a program fetches each day, others once by a person. */
  async function unprovenDays(reader: Reader, tenant: string, disclosure: DisclosureRecord, today: string): Promise<readonly string[]> {
    const days = Array.from({ length: NOTICE_DAYS }, (_day, back) => calendar.addDays(today, back - NOTICE_DAYS));
    const pages = await Promise.all(
      disclosure.homePages.map(async ({ id, kind }) => {
        const captures = await Promise.all(days.map((day) => load<CaptureRecord>(reader, 'captures', captureId(tenant, id, day))));
        const isWeb = kind === 'web';
        const unseen = days.filter((_day, at) => {
          const capture = captures[at]?.body;
          return capture?.endingShown !== true || (isWeb && capture.how !== 'fetched');
        });
        if (isWeb) return unseen.map((day) => `${id} ${day}`);
        return unseen.length === days.length ? [id] : [];
      }),
    );
    return pages.flat();
  }

  const loadState = async (reader: Reader, tenant: string): Promise<State> => {
    const [ending, disclosure, operator] = await Promise.all([
      currentEnding(reader),
      load<DisclosureRecord>(reader, 'disclosures', tenant),
      load(reader, 'operators', tenant),
    ]);
    const today = calendar.today(context.now());
    const unproven = disclosure && ending?.body.state === 'announced' ? await unprovenDays(reader, tenant, disclosure.body, today) : [];
    return { ending, disclosure, operator, unproven };
  };

  function refuseEnding(pointer: string, rule: string, zh: string, en: string): never {
    const title = { zh, en };
    return refuse([{ pointer, rule, title, advice: title, citations: [cite('order44', '13(3)'), cite('e-commerce', '16')] }]);
  }

  return {
    async announceEnding(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const given = parseEnding(input);
      const id = context.newId();
      return execute<State, EndingView>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant),
        decide({ ending, disclosure }, now) {
          found(disclosure);
          if (ending && ending.body.state !== 'called-off') throw new ComplianceError('ZP_STATE');
          const announcedOn = calendar.today(Date.parse(now));
          const notBefore = calendar.addDays(announcedOn, NOTICE_DAYS + 1);
          if (given.endsOn < notBefore)
            refuseEnding(
              '/endsOn',
              'too-near',
              `公告须连续三十日，最早为 ${notBefore}`,
              `the notice is up for thirty days first: ${notBefore} at the earliest`,
            );
          const body: EndingRecord = { ...given, tenant: actor.tenant, state: 'announced', announcedOn, by: actor.id, at: now };
          const subject = { collection: 'endings', id };
          const facts = { announcedOn, endsOn: given.endsOn };
          return {
            drafts: [{ kind: 'ending.announced', subject, facts, changes: [create('endings', id, body)] }],
            result: viewOf({ id, version: 1, body }),
          };
        },
      });
    },
    async callOffEnding(actor, options = {}) {
      context.permit(actor, 'disclosure.keep');
      return execute<State, EndingView>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant),
        decide({ ending }) {
          const one = found(ending);
          if (one.body.state !== 'announced') throw new ComplianceError('ZP_STATE');
          const body: EndingRecord = { ...one.body, state: 'called-off' };
          const subject = { collection: 'endings', id: one.id };
          return {
            drafts: [{ kind: 'ending.called-off', subject, facts: {}, changes: [replace('endings', one, body)] }],
            result: viewOf({ ...one, version: one.version + 1, body }),
          };
        },
      });
    },
    async endService(actor, options = {}) {
      context.permit(actor, 'disclosure.keep');
      return execute<State, EndingView>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant),
        decide({ ending, operator, unproven }, now) {
          const one = found(ending);
          if (one.body.state !== 'announced') throw new ComplianceError('ZP_STATE');
          const endedOn = calendar.today(Date.parse(now));
          if (endedOn < one.body.endsOn)
            refuseEnding('', 'too-early', `公告的终止日为 ${one.body.endsOn}`, `the notice says ${one.body.endsOn}`);
          if (unproven.length > 0) {
            const named = `${unproven.slice(0, NAMED).join(', ')}${unproven.length > NAMED ? ' …' : ''}`;
            refuseEnding(
              '',
              'notice-unproven',
              `近三十日公告留存不连续：${named}`,
              `the notice was not seen on every one of the last thirty days: ${named}`,
            );
          }
          const body: EndingRecord = { ...one.body, state: 'ended', endedOn };
          const subject = { collection: 'endings', id: one.id };
          const changes = [
            replace('endings', one, body),
            ...(operator ? [replace('operators', operator, { ...operator.body, endedOn })] : []),
          ];
          return {
            drafts: [{ kind: 'ending.ended', subject, facts: { endedOn, announcedOn: body.announcedOn }, changes }],
            result: viewOf({ ...one, version: one.version + 1, body }),
          };
        },
      });
    },
    async recordDeregistration(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const { completedOn, ...proof } = parseDeregistration(input);
      const id = context.newId();
      return execute<State, { readonly change: string; readonly dueOn: string }>({
        actor,
        ...retrying(options),
        load: (reader) => loadState(reader, actor.tenant),
        decide({ ending }, now) {
          const one = found(ending);
          if (one.body.state !== 'ended') throw new ComplianceError('ZP_STATE');
          if (completedOn > calendar.today(Date.parse(now)) || completedOn < (one.body.endedOn ?? ''))
            refuseEnding('/completedOn', 'order', '须在终止之日与今日之间', 'must lie between the end of the service and today');
          const dueOn = calendar.addDays(completedOn, REPORT_DAYS);
          const change: ChangeRecord = {
            tenant: actor.tenant,
            clock: 'ending-report',
            items: [{ field: 'ending', from: one.body.endedOn ?? '', to: completedOn }],
            startedOn: completedOn,
            dueOn,
            proof,
            by: actor.id,
            at: now,
          };
          const body: EndingRecord = { ...one.body, state: 'deregistered' };
          const facts = { clock: 'ending-report', startedOn: completedOn, dueOn, proof: proof.sha256 };
          const changes = [create('changeReports', id, change), replace('endings', one, body)];
          return {
            drafts: [{ kind: 'ending.deregistered', subject: { collection: 'endings', id: one.id }, facts, changes }],
            result: { change: id, dueOn },
          };
        },
      });
    },
    async getEnding(actor) {
      context.permit(actor, 'disclosure.read');
      const { ending, unproven } = await loadState(context.reader(actor.tenant), actor.tenant);
      const one = found(ending);
      const { announcedOn, notice } = one.body;
      return { ...viewOf(one), announcedOn, notice, unproven };
    },
  };
}
