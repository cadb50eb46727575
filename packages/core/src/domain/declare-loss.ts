import { readLosses, settleLoss } from '../evidence/loss.ts';
import type { Loss } from '../evidence/loss.ts';
import { openCheckpoint } from '../evidence/note.ts';
import { ComplianceError } from '../kernel/errors.ts';
import type { Execute, Idempotency } from '../kernel/execute.ts';
import type { Actor } from '../kernel/identity.ts';
import type { Store } from '../kernel/store.ts';
import { createValidator } from '../kernel/validate.ts';
import { cite } from '../rules/instruments.ts';
import type { Verb } from '../rules/permissions.ts';
import { LOSS_SCHEMA } from '../rules/schemas.ts';
import type { LossInput } from '../rules/schemas.ts';

/** What was declared, as it stands in the log (已声明的丢失). */
export type DeclaredLoss = {
  /** Entries the log had when the loss was found out. */
  readonly size: number;
  readonly signed: number;
};

/** Losses of signed evidence (证据丢失). */
export interface LossCommands {
  /**
   * What the log of the actor had signed and the store no longer has; empty while all is well. Meanwhile decisions are
   * durable and wait for their number.
   * @throws ZP_FORBIDDEN
   */
  losses(actor: Actor): Promise<readonly Loss[]>;
  /**
   * Declare a loss (声明丢失): a signed entry says what was lost and why, and numbering goes on from what is left. It mends
   * nothing: checkpoints kept outside go on contradicting the log, and `verify --against` goes on naming it.
   * @throws ZP_STATE when nothing is lost, or another number of entries was signed than stated; ZP_INPUT_INVALID, ZP_FORBIDDEN
   * @source Order 44 Art. 26
   */
  declareLoss(actor: Actor, input: unknown, options?: { readonly idempotency?: Idempotency }): Promise<DeclaredLoss>;
}

interface LossContext {
  readonly store: Store;
  readonly execute: Execute;
  permit(actor: Actor, verb: Verb): void;
  readonly vkeys: readonly string[];
}

/** The commands over a context. */
export function createDeclareLoss({ store, execute, permit, vkeys }: LossContext): LossCommands {
  const parse = createValidator<LossInput>(LOSS_SCHEMA);

  const mine = async (tenant: string): Promise<readonly Loss[]> => (await readLosses(store)).filter((loss) => loss.tenant === tenant);

  function decide(loss: Loss | undefined, given: LossInput): { readonly facts: DeclaredLoss & { readonly root: string } } {
    if (loss?.signed !== given.signed) {
      throw new ComplianceError('ZP_STATE', {
        detail: loss
          ? { zh: `已签名的是 ${loss.signed} 条`, en: `${loss.signed} entries were signed` }
          : { zh: '没有已签名而缺失的证据', en: 'No signed evidence is missing' },
        citations: [cite('order44', '26')],
      });
    }
    const { size, signed, note } = loss;
    const root = vkeys.map((vkey) => openCheckpoint(note, vkey)?.root).find((found) => found !== undefined) ?? '';
    return { facts: { size, signed, root } };
  }

  return {
    async losses(actor) {
      permit(actor, 'evidence.read');
      return mine(actor.tenant);
    },
    async declareLoss(actor, input, options = {}) {
      permit(actor, 'evidence.declare');
      const given = parse(input);
      const result = await execute<Loss | undefined, DeclaredLoss>({
        actor,
        ...(options.idempotency ? { idempotency: options.idempotency } : {}),
        load: async () => (await mine(actor.tenant))[0],
        decide(loss) {
          const { facts } = decide(loss, given);
          const { size, signed } = facts;
          const subject = { collection: 'evidenceHeads', id: actor.tenant };
          const draft = { kind: 'evidence.loss-declared', subject, changes: [] };
          return {
            drafts: [{ ...draft, facts: { ...facts, cause: given.cause, reference: given.reference } }],
            result: { size, signed },
          };
        },
      });
      // Only once the statement is durable: should this fail, stating it again is harmless.
      await settleLoss(store, actor.tenant, result.signed);
      return result;
    },
  };
}
