import { ComplianceError } from '@zhengpin/core';
import type { Actor, ChargeDecision, Compliance } from '@zhengpin/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { checkOptions } from './gate.ts';
import { sendProblem } from './problem-details.ts';
import { actorOf } from './request.ts';

export interface FeeGuardOptions {
  /**
   * The host’s own account, with the right to charge, where the request is a user’s and carries no token of its own. Default: the bearer of the request.
   * Needs `chargeOf`: what a browser sends is not charged on the word of the host.
   */
  readonly actor?: Actor;
  /**
   * What a request is about to charge, as `CHARGE_SCHEMA` has it: the published item, the payer, the amount. Take it from the host’s own records of the
   * order and not from what a browser sends. Default: the body.
   */
  readonly chargeOf?: (req: Request, res: Response) => unknown;
  /** Where the kit's router is mounted; error pages live under it. Default `/compliance`. */
  readonly baseUrl?: string;
  /** Told of every error the guard refuses with. */
  readonly onError?: (error: unknown) => void;
  /** Answers a refusal where problem+json will not do: hand it to `next` for the host’s own error pages. */
  readonly onRefusal?: (error: unknown, req: Request, res: Response, next: NextFunction) => void;
}

/** What the guard leaves in `res.locals`. */
export interface FeeLocals {
  /** With `replayed: true` the same request has passed before: see whether its money was taken before taking it. */
  readonly charge: ChargeDecision;
}

const OPTIONS = ['actor', 'chargeOf', 'baseUrl', 'onError', 'onRefusal'];

/**
 * Stands before a route that takes money (收费守卫): the payment goes on only where the price list in effect has this item, for this payer, at this amount.
 * Every answer is on record before the money moves. A refusal is 422 with its reasons; where the store cannot be asked, nothing is charged. The payment’s id
 * makes a retry safe, and an `Idempotency-Key` is not looked at.
 * @throws ZP_OPTION_INVALID for an option nobody knows, and for `actor` without `chargeOf`
 * @source Order 44 Art. 19
 */
export function feeGuard(compliance: Compliance, options: FeeGuardOptions = {}): RequestHandler {
  checkOptions(options, OPTIONS);
  const { chargeOf = (req: Request): unknown => req.body, baseUrl = '/compliance', onError, onRefusal } = options;
  if (options.actor && options.chargeOf === undefined)
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: '给出 actor 时须同时给出 chargeOf', en: 'actor needs chargeOf: what is charged must not come from the browser' },
    });
  return async function guardCharge(req: Request, res: Response, next: NextFunction) {
    try {
      const actor = options.actor ?? (await actorOf(req, compliance));
      const charge = await compliance.authoriseCharge(actor, await chargeOf(req, res));
      if (!charge.allowed) {
        throw new ComplianceError('ZP_CHARGE_REFUSED', {
          detail: { zh: `不予收款，记录 ${charge.id}`, en: `It may not be charged; record ${charge.id}` },
          issues: charge.reasons.map(({ code, ...reason }) => ({ rule: code, ...reason })),
        });
      }
      Object.assign(res.locals, { charge } satisfies FeeLocals);
    } catch (error) {
      onError?.(error);
      // Whoever says what is charged may have answered already.
      if (res.headersSent) return;
      if (onRefusal) onRefusal(error, req, res, next);
      else sendProblem(res, error, baseUrl);
      return;
    }
    next();
  };
}
