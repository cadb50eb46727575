import { ComplianceError } from '@zhengpin/core';
import type { Actor, Compliance, PublishedPosting, Submitted } from '@zhengpin/core';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';

import { answerProbe } from './probe.ts';
import { sendProblem } from './problem-details.ts';
import { actorOf, bodyOf, commandOptions, idOf } from './request.ts';

/** What the gate leaves for the host's handler, in `res.locals.zhengpin`. */
export interface GateLocals {
  readonly actor: Actor;
  /** The posting as recorded: in review, not yet public. */
  readonly posting: Submitted;
}

export interface GateOptions {
  /** Where the kit's router is mounted; appeals and error pages live under it. Default `/compliance`. */
  readonly baseUrl?: string;
  /** The posting inside the host's request. Default: the parsed body. */
  readonly content?: (req: Request) => unknown;
  /** Answer 202 with the outcome instead of handing on to the host's handler. Default false. */
  readonly answer?: boolean;
  /** Told of every error the gate refuses with. */
  readonly onError?: (error: unknown) => void;
}

const OPTIONS = ['baseUrl', 'content', 'answer', 'onError'];

/** @throws ZP_OPTION_INVALID for an option nobody knows */
export function checkOptions(options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `未知配置项：${key}`, en: `unknown option: ${key}` } });
  }
}

/** Largest posting the gate reads, in bytes. */
const BODY_LIMIT = 256 * 1024;

/**
 * The posting gate (发布审查闸口): whatever is posted to this route is authenticated, checked, screened and recorded
 * before the host's own handler runs; refusals are answered here. Fails closed: no store, no posting. Reads the JSON body
 * itself unless the host has. The next handler finds {@link GateLocals} in `res.locals.zhengpin`.
 * @source Order 44 Arts. 15, 17
 */
export function postingGate(compliance: Compliance, options: GateOptions = {}): RequestHandler {
  checkOptions(options, OPTIONS);
  const { baseUrl = '/compliance', content = bodyOf, answer = false, onError } = options;
  const json = express.json({ limit: BODY_LIMIT, type: 'application/json' });
  // A body the host has parsed already is left as it is.
  const parse = (req: Request, res: Response): Promise<void> =>
    new Promise((resolve, reject) => json(req, res, (error?: Error) => (error === undefined ? resolve() : reject(error))));
  return async function postingGate(req, res, next) {
    try {
      if (answerProbe(req, res)) return;
      const actor = await actorOf(req, compliance);
      await parse(req, res);
      const input = content(req);
      const posting = await compliance.submitPosting(actor, input, commandOptions(req, actor, input));
      if (answer) {
        res.status(202).set('ETag', `"${posting.version}"`).json(posting);
        return;
      }
      res.locals['zhengpin'] = { actor, posting } satisfies GateLocals;
    } catch (error) {
      onError?.(error);
      sendProblem(res, error, baseUrl);
      return;
    }
    next();
  };
}

export interface PublishedOptions {
  /** The tenant whose posting it is. */
  readonly tenant: string;
  /** Route parameter that carries the posting's id. Default `id`. */
  readonly param?: string;
  readonly baseUrl?: string;
  readonly onError?: (error: unknown) => void;
}

/**
 * Only published postings pass (仅限已发布): state, licence, materials and last day are read at every request. The
 * posting is in `res.locals.published` as {@link PublishedPosting}.
 */
export function requirePublished(compliance: Compliance, options: PublishedOptions): RequestHandler {
  checkOptions(options, ['tenant', 'param', 'baseUrl', 'onError']);
  const { tenant, param = 'id', baseUrl = '/compliance', onError } = options;
  return async function requirePublished(req, res, next) {
    try {
      if (answerProbe(req, res)) return;
      const published: PublishedPosting = await compliance.publishedPosting(tenant, idOf(req, param));
      res.locals['published'] = published;
    } catch (error) {
      onError?.(error);
      sendProblem(res, error, baseUrl);
      return;
    }
    next();
  };
}

export interface DeletionOptions {
  /** The tenant whose posting it is. */
  readonly tenant: string;
  /** Route parameter that carries the posting's id. Default `id`. */
  readonly param?: string;
  readonly baseUrl?: string;
  readonly onError?: (error: unknown) => void;
}

/**
 * Put before a route of the host's own that deletes a posting (防删守卫): passes only what was disposed of through the kit,
 * by two persons and with a certificate. Says nothing of who may call the route.
 * @source Order 44 Art. 26
 */
export function deletionGuard(compliance: Compliance, options: DeletionOptions): RequestHandler {
  checkOptions(options, ['tenant', 'param', 'baseUrl', 'onError']);
  const { tenant, param = 'id', baseUrl = '/compliance', onError } = options;
  return async function deletionGuard(req, res, next) {
    try {
      await compliance.assertDeletable(tenant, idOf(req, param));
    } catch (error) {
      onError?.(error);
      sendProblem(res, error, baseUrl);
      return;
    }
    next();
  };
}

/** Authenticate a bearer token and leave the actor in `res.locals.actor` (令牌认证); roles limit who passes. */
export function authenticate(
  compliance: Compliance,
  options: { readonly roles?: readonly Actor['role'][]; readonly baseUrl?: string } = {},
): RequestHandler {
  checkOptions(options, ['roles', 'baseUrl']);
  const { roles, baseUrl = '/compliance' } = options;
  return async function authenticate(req, res, next) {
    try {
      const actor = await actorOf(req, compliance);
      if (roles && !roles.includes(actor.role)) throw new ComplianceError('ZP_FORBIDDEN');
      res.locals['actor'] = actor;
    } catch (error) {
      sendProblem(res, error, baseUrl);
      return;
    }
    next();
  };
}
