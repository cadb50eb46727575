import { ComplianceError } from '@zhengpin/core';
import type { Actor, ChargeDecision, Compliance } from '@zhengpin/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { actorOf, commandOptions } from './request.ts';

export interface FeeGuardOptions {
  /** The host’s own account, with the right to charge, where the request is a user’s and carries no token of its own. Default: the bearer of the request. */
  readonly actor?: Actor;
  /**
   * What a request is about to charge, as `CHARGE_SCHEMA` has it: the published item, the payer, the amount. Take it from the host’s own records of the
   * order and not from what a browser sends. Default: the body.
   */
  readonly chargeOf?: (req: Request, res: Response) => unknown;
}

/** What the guard leaves in `res.locals`. */
export interface FeeLocals {
  readonly charge: ChargeDecision;
}

/**
 * Stands before a route that takes money (收费守卫): the payment goes on only where the price list in effect has this item, for this payer, at this amount.
 * Every answer is on record before the money moves. A refusal is 422 with its reasons; where the store cannot be asked, nothing is charged.
 * @throws ZP_CHARGE_REFUSED, ZP_INPUT_INVALID
 * @source Order 44 Art. 19
 */
export function feeGuard(compliance: Compliance, options: FeeGuardOptions = {}): RequestHandler {
  const { chargeOf = (req: Request): unknown => req.body } = options;
  return async function guardCharge(req: Request, res: Response, next: NextFunction) {
    try {
      const actor = options.actor ?? (await actorOf(req, compliance));
      const given = await chargeOf(req, res);
      const { idempotency } = commandOptions(req, actor, given);
      const charge = await compliance.authoriseCharge(actor, given, idempotency ? { idempotency } : {});
      if (!charge.allowed) {
        throw new ComplianceError('ZP_CHARGE_REFUSED', {
          detail: { zh: `不予收款，记录 ${charge.id}`, en: `It may not be charged; record ${charge.id}` },
          issues: charge.reasons.map(({ code, ...reason }) => ({ rule: code, ...reason })),
        });
      }
      Object.assign(res.locals, { charge } satisfies FeeLocals);
      next();
    } catch (error) {
      next(error);
    }
  };
}
