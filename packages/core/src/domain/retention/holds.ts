import { ComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { HOLD_SCHEMA, RELEASE_SCHEMA } from '../../rules/retention-schemas.ts';
import type { HoldInput, ReleaseInput } from '../../rules/retention-schemas.ts';
import { idempotent } from './context.ts';
import type { RetentionContext, RetentionOptions } from './context.ts';
import type { GateRecord, HoldRecord, ServiceRecord } from './records.ts';
import { loadGate, passGate } from './time.ts';

export type HoldView = { readonly id: string; readonly version: number; readonly state: 'held' | 'awaiting-second-person' | 'released' };

/** Holds (暂停处置): while one stands nothing in its scope is disposed of, however long ago its period ended. */
export interface HoldCommands {
  /** In force as soon as this resolves: a disposal that had not committed by then does not. @throws ZP_INPUT_INVALID, ZP_FORBIDDEN */
  setHold(actor: Actor, input: unknown, options?: RetentionOptions): Promise<HoldView>;
  /** Ask for its release, or give it as the second person. @throws ZP_SEPARATION_OF_DUTIES, ZP_STATE once released, ZP_NOT_FOUND */
  releaseHold(actor: Actor, id: string, input: unknown, options?: RetentionOptions): Promise<HoldView>;
  listHolds(actor: Actor, page: PageOptions): Promise<Listing<Loaded<HoldRecord>>>;
}

/** Whether a hold stands on any of some targets. */
export type Standing = (targets: readonly string[]) => Promise<boolean>;

/** Holds read at once; of more than these each target is asked for by itself. */
const MOST_HOLDS = 1000;

/** The holds in force as they stand now: read once for many services, as there are few. */
export async function holdsInForce(reader: Reader): Promise<Standing> {
  const page = await reader.find('holds', { where: { active: true }, limit: MOST_HOLDS });
  const held = new Set(page.records.map(({ body }) => body['target']));
  if (page.cursor === undefined) return (targets) => Promise.resolve(held.size > 0 && targets.some((target) => held.has(target)));
  return async (targets) => {
    for (const target of targets) {
      if (held.has(target)) return true;
      if ((await reader.find('holds', { where: { active: true, target }, limit: 1 })).records.length > 0) return true;
    }
    return false;
  };
}

/** Whatever a hold on which keeps a service. */
export function targetsOf(
  service: string,
  { organisation, postings }: Pick<ServiceRecord, 'organisation' | 'postings'>,
): readonly string[] {
  return ['all', `organisation.${organisation}`, `service.${service}`, ...postings.map((id) => `posting.${id}`)];
}

export function createHolds(context: RetentionContext): HoldCommands {
  const { execute } = context;
  const parseHold = createValidator<HoldInput>(HOLD_SCHEMA);
  const parseRelease = createValidator<ReleaseInput>(RELEASE_SCHEMA);

  return {
    async setHold(actor, input, options = {}) {
      context.permit(actor, 'retention.hold');
      const { kind, scope, reference } = parseHold(input);
      const id = context.newId();
      return execute<Loaded<GateRecord> | undefined, HoldView>({
        actor,
        ...idempotent(options),
        load: (reader) => loadGate(reader, actor.tenant),
        decide(gate, now) {
          const body: HoldRecord = { tenant: actor.tenant, kind, target: scope, active: true, reference, by: actor.id, at: now };
          // Not the time: a hold is set whatever the clock says.
          const changes = [create('holds', id, body), passGate(gate, actor.tenant, gate?.body.at ?? '')];
          const draft = { kind: 'hold.set', subject: { collection: 'holds', id }, facts: { kind, scope, reference }, changes };
          return { drafts: [draft], result: { id, version: 1, state: 'held' } };
        },
      });
    },
    async releaseHold(actor, id, input, options = {}) {
      context.permit(actor, 'retention.hold');
      const { reference } = parseRelease(input);
      return execute<Loaded<HoldRecord>, HoldView>({
        actor,
        ...idempotent(options),
        load: async (reader) => found(await load<HoldRecord>(reader, 'holds', id)),
        decide(hold, now) {
          if (!hold.body.active)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '该暂停已解除', en: 'The hold is released already' },
              citations: [cite('order44', '26')],
            });
          const first = hold.body.release;
          const isSecond = first?.reference === reference;
          if (isSecond && first.by.includes(actor.id)) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const by = isSecond ? [...first.by, actor.id] : [actor.id];
          const body: HoldRecord = { ...hold.body, active: !isSecond, release: { by, at: now, reference } };
          const draft = {
            kind: isSecond ? 'hold.released' : 'hold.release-proposed',
            subject: { collection: 'holds', id },
            facts: { reference, by, scope: hold.body.target },
            changes: [replace('holds', hold, body)],
          };
          return { drafts: [draft], result: { id, version: hold.version + 1, state: isSecond ? 'released' : 'awaiting-second-person' } };
        },
      });
    },
    async listHolds(actor, page) {
      context.permit(actor, 'retention.read');
      return listed<HoldRecord>(await context.reader(actor.tenant).find('holds', { where: { active: true }, ...page }));
    },
  };
}
