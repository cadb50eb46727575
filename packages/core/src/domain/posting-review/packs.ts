import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { refuse } from '../../kernel/validate.ts';
import { comparePacks } from '../../screening/packs.ts';
import type { PackChanges } from '../../screening/packs.ts';
import type { Pack } from '../../screening/types.ts';
import { permit } from './access.ts';
import { idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';

type ChangesRecord = { readonly [kind in keyof PackChanges]: readonly string[] };

/** Which pack a tenant screens by, and a weakening that waits for its second person (规则包使用记录). */
type PackRecord = {
  readonly tenant: string;
  readonly reference: string;
  readonly changes: ChangesRecord;
  readonly reason: string | null;
  readonly by: readonly string[];
  readonly at: string;
  readonly pending?: { readonly reference: string; readonly by: string; readonly reason: string; readonly at: string };
};

export type PackUse = { readonly state: 'in-use' | 'awaiting-second-person'; readonly reference: string; readonly changes: ChangesRecord };

export interface PackCommands {
  /**
   * Screen by another pack from now on (启用规则包), without a restart. It is built and tested on its own examples aside,
   * recorded, and only then takes effect. A pack that loosens or drops a rule needs a reason and a second person who uses
   * the same pack. Live postings keep their outcome until they are screened again.
   * @throws ZP_OPTION_INVALID for a pack that fails its own examples or cites law not in force when it begins, ZP_INPUT_INVALID without the reason, ZP_FORBIDDEN
   */
  usePack(actor: Actor, pack: Pack, options?: CommandOptions & { readonly reason?: string }): Promise<PackUse>;
}

const LEAST_REASON = 10;

/** A pack built aside, ready to take over. */
export interface Candidate {
  readonly reference: string;
  activate(): void;
}

/** The pack commands; `build` compiles and self-tests a pack without using it. */
export function createPacks(context: ReviewContext, current: () => Pack, build: (pack: Pack) => Candidate): PackCommands {
  return {
    async usePack(actor, pack, options = {}) {
      permit(actor, 'pack.use');
      const candidate = build(pack);
      const changes: ChangesRecord = { ...comparePacks(current(), pack) };
      const weaker = changes.loosened.length > 0 || changes.removed.length > 0;
      const reason = options.reason ?? '';
      if (weaker && reason.trim().length < LEAST_REASON) {
        const names = [...changes.loosened, ...changes.removed];
        refuse([
          {
            pointer: '/reason',
            rule: 'weakening',
            citations: [],
            title: { zh: `放宽规则须说明理由：${names.join('、')}`, en: `Loosening needs a reason: ${names.join(', ')}` },
            advice: { zh: '写明依据，并由另一人确认', en: 'State the ground, and have a second person confirm' },
          },
        ]);
      }
      const used = await context.execute<Loaded<PackRecord> | undefined, PackUse>({
        actor,
        ...idempotent(options),
        load: (reader) => load<PackRecord>(reader, 'packs', actor.tenant),
        decide(record, now) {
          const { reference } = candidate;
          const first = record?.body.pending;
          const confirmed = first !== undefined && first.reference === reference && first.by !== actor.id;
          if (weaker && first?.reference === reference && first.by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const before: PackRecord | undefined = record?.body;
          const waiting = weaker && !confirmed;
          const body: PackRecord = waiting
            ? {
                ...(before ?? {
                  tenant: actor.tenant,
                  reference: context.pack.reference,
                  changes: { added: [], removed: [], tightened: [], loosened: [] },
                  reason: null,
                  by: [],
                  at: now,
                }),
                pending: { reference, by: actor.id, reason, at: now },
              }
            : {
                tenant: actor.tenant,
                reference,
                changes,
                reason: weaker ? reason : null,
                by: weaker && first ? [first.by, actor.id] : [actor.id],
                at: now,
              };
          const draft: Draft = {
            kind: waiting ? 'pack.proposed' : 'pack.used',
            subject: { collection: 'packs', id: actor.tenant },
            facts: { from: context.pack.reference, to: reference, changes, by: body.by },
            changes: [record ? replace('packs', record, body) : create('packs', actor.tenant, body)],
          };
          return { drafts: [draft], result: { state: waiting ? 'awaiting-second-person' : 'in-use', reference, changes } };
        },
      });
      if (used.state === 'in-use') candidate.activate();
      return used;
    },
  };
}
