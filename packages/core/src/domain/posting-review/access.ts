import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor, Role } from '../../kernel/identity.ts';
import { PERMISSIONS } from '../../rules/permissions.ts';
import type { Verb } from '../../rules/permissions.ts';

const TABLE: { readonly [verb in Verb]: readonly Role[] } = PERMISSIONS;

/** @throws ZP_FORBIDDEN unless the table lets this role do that. */
export function permit(actor: Actor, verb: Verb): void {
  if (!TABLE[verb].includes(actor.role)) throw new ComplianceError('ZP_FORBIDDEN');
}

/** True for accounts that act for one organisation only. */
export function isOutside(actor: Actor): boolean {
  return actor.role === 'employer' || actor.role === 'agency';
}

/** Another organisation's record does not exist for an employer or agency: @throws ZP_NOT_FOUND. */
export function own(actor: Actor, organisation: string): void {
  if (isOutside(actor) && actor.organisation !== organisation) throw new ComplianceError('ZP_NOT_FOUND');
}
