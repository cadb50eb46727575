import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { recognise } from '../../recognition/recognise.ts';
import { cite } from '../../rules/instruments.ts';
import { OBLIGATIONS } from '../../rules/obligations.ts';
import { RECTIFICATION_SCHEMA, RECTIFICATION_STEP_SCHEMA } from '../../rules/supervision-schemas.ts';
import type { RectificationInput, RectificationStepInput } from '../../rules/supervision-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** An order to correct and everything done about it (整改档案). */
export type RectificationRecord = RectificationInput & {
  readonly tenant: string;
  readonly by: string;
  readonly at: string;
  /** open: nothing was handed in; sent: the report was; closed: its receipt is on file, or the authority has accepted it. */
  readonly state: 'open' | 'sent' | 'closed';
  /** Day on which the report was handed in, for the first time since the last refusal. */
  readonly sentOn?: string;
  /** Last days that had passed when more time was given. */
  readonly passed?: readonly string[];
  /** Handed in after the last day. */
  readonly late?: boolean;
  readonly steps: readonly (RectificationStepInput & { readonly by: string; readonly at: string })[];
};

export type RectificationView = {
  readonly id: string;
  readonly version: number;
  readonly state: RectificationRecord['state'];
  readonly dueOn: string;
  readonly late?: boolean;
};

/**
 * The file of an order to correct (整改档案). Most fines of Order 44 come only after a refusal or a last day that has passed: what was done, when it
 * was handed in, and who took it are therefore records of their own. @source Administrative Penalty Law Arts. 28, 33
 */
export interface RectificationCommands {
  /** @throws ZP_INPUT_INVALID for days out of order or a duty that is not in the table */
  openRectification(actor: Actor, input: unknown, options?: DeskOptions): Promise<RectificationView>;
  /** @throws ZP_STATE for a report without any action before it, a receipt of what was not sent, and anything after it is closed */
  recordRectificationStep(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<RectificationView>;
  getRectification(actor: Actor, id: string): Promise<Loaded<RectificationRecord>>;
  listRectifications(actor: Actor, page: PageOptions): Promise<Listing<Loaded<RectificationRecord>>>;
}

function viewOf({ id, version, body }: Loaded<RectificationRecord>): RectificationView {
  return { id, version, state: body.state, dueOn: body.dueOn, ...(body.late === undefined ? {} : { late: body.late }) };
}

function refuseDay(pointer: string, zh: string, en: string): never {
  const title = { zh, en };
  return refuse([{ pointer, rule: 'order', title, advice: title, citations: [cite('administrative-penalty', '28')] }]);
}

/** The file is printed and handed on: names and numbers of persons have no place in it. */
function refusePersonal(pointer: string, text: string): void {
  if (recognise(text).length === 0) return;
  const title = { zh: '不得写入个人信息', en: 'must not hold personal information' };
  const advice = { zh: '写明事项即可，个人信息留在原文书中', en: 'Say what it is about; leave persons to the order itself' };
  refuse([{ pointer, rule: 'personal-information', title, advice, citations: [cite('pipl', '6')] }]);
}

/** What a step makes of the file. @throws ZP_STATE, ZP_INPUT_INVALID */
function next(body: RectificationRecord, step: RectificationStepInput): Partial<RectificationRecord> {
  if (body.state === 'closed') throw new ComplianceError('ZP_STATE');
  switch (step.step) {
    case 'action':
      return {};
    case 'extended':
      // Time that was not asked for before the last day had passed heals nothing that is late already.
      if ((step.dueOn ?? '') <= body.dueOn) refuseDay('/dueOn', '须晚于原届满日', 'must be after the last day so far');
      return {
        dueOn: step.dueOn ?? body.dueOn,
        ...(step.on > body.dueOn ? { late: true, passed: [...(body.passed ?? []), body.dueOn] } : {}),
      };
    case 'sent':
      if (!body.steps.some((one) => one.step === 'action')) throw new ComplianceError('ZP_STATE');
      // A further paper is no further report: what was handed in first counts, until it is sent back.
      if (body.state === 'sent') return {};
      return { state: 'sent', sentOn: step.on, late: body.late === true || step.on > body.dueOn };
    case 'receipt':
    case 'accepted':
      if (body.state !== 'sent') throw new ComplianceError('ZP_STATE');
      return step.step === 'accepted' ? { state: 'closed' } : {};
    case 'refused':
      if (body.state !== 'sent') throw new ComplianceError('ZP_STATE');
      return { state: 'open' };
  }
}

export function createRectifications(context: DeskContext): RectificationCommands {
  const { execute, calendar } = context;
  const parseOrder = createValidator<RectificationInput>(RECTIFICATION_SCHEMA);
  const parseStep = createValidator<RectificationStepInput>(RECTIFICATION_STEP_SCHEMA);

  return {
    async openRectification(actor, input, options = {}) {
      context.permit(actor, 'supervision.keep');
      const given = parseOrder(input);
      refusePersonal('/matter', given.matter);
      if (given.receivedOn > calendar.today(context.now())) refuseDay('/receivedOn', '不得晚于今日', 'must not be after today');
      if (given.dueOn < given.receivedOn) refuseDay('/dueOn', '不得早于收到之日', 'must not be before it was received');
      for (const [at, article] of given.articles.entries()) {
        if (OBLIGATIONS.some(({ id }) => id === article)) continue;
        const title = { zh: '义务清单中没有此项', en: 'is no row of the table of duties' };
        refuse([{ pointer: `/articles/${at}`, rule: 'unknown', title, advice: title, citations: [] }]);
      }
      const id = context.newId();
      return execute<undefined, RectificationView>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const body: RectificationRecord = { ...given, tenant: actor.tenant, by: actor.id, at: now, state: 'open', steps: [] };
          const { receivedOn, dueOn, articles, sha256 } = given;
          const subject = { collection: 'rectifications', id };
          const facts = { receivedOn, dueOn, articles, sha256 };
          return {
            drafts: [{ kind: 'rectification.opened', subject, facts, changes: [create('rectifications', id, body)] }],
            result: viewOf({ id, version: 1, body }),
          };
        },
      });
    },
    async recordRectificationStep(actor, id, input, options = {}) {
      context.permit(actor, 'supervision.keep');
      const step = parseStep(input);
      refusePersonal('/note', step.note ?? '');
      if (step.on > calendar.today(context.now())) refuseDay('/on', '不得晚于今日', 'must not be after today');
      return execute<Loaded<RectificationRecord>, RectificationView>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<RectificationRecord>(reader, 'rectifications', id)),
        decide(file, now) {
          if (step.on < file.body.receivedOn) refuseDay('/on', '不得早于收到之日', 'must not be before the order was received');
          const body: RectificationRecord = {
            ...file.body,
            ...next(file.body, step),
            steps: [...file.body.steps, { ...step, by: actor.id, at: now }],
          };
          const facts = { step: step.step, on: step.on, sha256: step.sha256, state: body.state, dueOn: body.dueOn };
          const subject = { collection: 'rectifications', id };
          return {
            drafts: [{ kind: 'rectification.step', subject, facts, changes: [replace('rectifications', file, body)] }],
            result: viewOf({ id, version: file.version + 1, body }),
          };
        },
      });
    },
    async getRectification(actor, id) {
      context.permit(actor, 'supervision.read');
      return found(await load<RectificationRecord>(context.reader(actor.tenant), 'rectifications', id));
    },
    async listRectifications(actor, page) {
      context.permit(actor, 'supervision.read');
      const reader = context.reader(actor.tenant);
      return listed<RectificationRecord>(
        await reader.find('rectifications', { range: { field: 'receivedOn', gt: '' }, order: 'desc', ...page }),
      );
    },
  };
}
