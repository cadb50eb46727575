import { ComplianceError } from './errors.ts';
import type { Execute } from './execute.ts';
import type { Actor } from './identity.ts';

const COLLECTION = 'subjectKeys';
const LEAST_REASON = 10;

/** Leave to keep personal fields in clear, with its reason (明文保存及理由). */
export interface Unsealed {
  readonly unsealed: string;
}

/**
 * Store personal fields in clear (明文保存): a weakening, for instance where the whole database is encrypted and nobody
 * but this kit reads it. The reason is recorded in every tenant before its next write.
 * @param options.reason at least ten characters, without personal information
 * @throws ZP_OPTION_INVALID without a reason
 */
export function unsealed(options: { readonly reason: string }): Unsealed {
  if (options.reason.trim().length < LEAST_REASON) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: '明文保存个人信息须说明理由', en: 'Keeping personal information in clear needs a reason' },
    });
  }
  return { unsealed: options.reason };
}

/** A writer that records the weakening first, once a tenant and reason (放宽措施留痕). */
export function recordUnsealed(execute: Execute, reason: string): Execute {
  const told = new Map<string, Promise<unknown>>();

  function tell(actor: Actor): Promise<unknown> {
    const id = `${actor.tenant}/unsealed`;
    return execute({
      actor,
      load: (reader) => reader.get(COLLECTION, id),
      decide(there, now) {
        if (there?.body['reason'] === reason) return { drafts: [], result: {} };
        const body = { tenant: actor.tenant, subject: 'unsealed', createdAt: now, reason };
        return {
          drafts: [
            {
              kind: 'confidentiality.weakened',
              subject: { collection: COLLECTION, id },
              facts: { weakening: 'personal-fields-in-clear' },
              changes: [{ collection: COLLECTION, id, expectedVersion: there?.version ?? 0, body }],
            },
          ],
          result: {},
        };
      },
    });
  }

  return async (command) => {
    const { tenant } = command.actor;
    const telling = told.get(tenant) ?? tell(command.actor);
    told.set(tenant, telling);
    try {
      await telling;
    } catch (error) {
      told.delete(tenant);
      throw error;
    }
    return execute(command);
  };
}
