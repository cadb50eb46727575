import { ComplianceError, ERRORS, isComplianceError } from '@zhengpin/core';
import type { Compliance } from '@zhengpin/core';
import express from 'express';
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';

import { openApi } from './openapi.ts';
import { problemDetails, STATUS } from './problem-details.ts';
import { actorOf, bodyOf, commandOptions, idOf, queryOf } from './request.ts';
import { ROUTES } from './routes/routes.ts';
import type { Route } from './routes/route.ts';
import { tlogFiles } from './tlog.ts';

/** Largest body a route takes, in bytes. */
const BODY_LIMIT = 256 * 1024;

function handlerOf(route: Route, compliance: Compliance): RequestHandler {
  return async function complianceRoute(req: Request, res: Response, next: NextFunction) {
    try {
      const actor = await actorOf(req, compliance);
      const query = queryOf(req, route.query ?? []);
      const params = Object.fromEntries(Object.keys(req.params).map((name) => [name, idOf(req, name)]));
      const body = route.body === undefined ? undefined : bodyOf(req);
      const options = route.method === 'get' ? {} : commandOptions(req, actor, body);
      if (route.ifMatch === 'required' && options.expectedVersion === undefined) throw new ComplianceError('ZP_PRECONDITION_REQUIRED');
      const reply = await route.run({ compliance, actor, params, query, body, options });
      res.set('Cache-Control', 'no-store');
      if (reply.version !== undefined) res.set('ETag', `"${reply.version}"`);
      res.status(route.status);
      if (reply.type === 'html') res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
      if (typeof reply.body === 'string') res.type(reply.type ?? 'text/plain').send(reply.body);
      else res.json(reply.body);
    } catch (error) {
      next(error);
    }
  };
}

/** The error table, so that a problem's `type` leads somewhere. */
function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, title]) =>
      `<tr id="${code}"><th scope="row">${code}</th><td>${STATUS[code as keyof typeof STATUS]}</td><td lang="zh">${title.zh}</td><td>${title.en}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Zhengpin errors</title><h1>Errors <span lang="zh">错误表</span></h1><table><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col" lang="zh">含义</th><th scope="col">Meaning</th></tr>${rows.join('')}</table></html>`;
}

export interface RouterOptions {
  /** Tenant whose published postings are public under `/public`. Default: no public route. */
  readonly publicTenant?: string;
  /** Tenants whose log anybody may read under `/tlog/<tenant>/`. Default: none; a token with `evidence.read` is asked for. */
  readonly publicLogs?: readonly string[];
  /** Told of every 5xx with the error itself. */
  readonly onError?: (error: unknown) => void;
}

/** Marks routers of the kit. */
export const KIT_ROUTER: unique symbol = Symbol.for('zhengpin.router');

function build(compliance: Compliance, groups: readonly Route['group'][], options: RouterOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' });
  for (const route of ROUTES.filter((r) => groups.includes(r.group))) {
    const handler = handlerOf(route, compliance);
    if (route.body === undefined) router[route.method](route.path, handler);
    else router[route.method](route.path, json, handler);
  }
  const { publicTenant, onError } = options;
  if (publicTenant !== undefined) {
    router.get('/public/postings/:id', async function publicPosting(req, res, next) {
      try {
        const posting = await compliance.publishedPosting(publicTenant, idOf(req, 'id'));
        res.set('Cache-Control', 'no-cache').json(posting);
      } catch (error) {
        next(isComplianceError(error) && error.code === 'ZP_NOT_FOUND' ? new ComplianceError('ZP_NOT_PUBLISHED') : error);
      }
    });
  }
  if (groups.includes('evidence')) router.use('/tlog', tlogFiles(compliance, options.publicLogs ?? []));
  router.get('/verifier-key', function verifierKey(_req, res) {
    res.type('text/plain').send(`${compliance.evidence.vkeys.join('\n')}\n`);
  });
  router.get('/openapi.json', function openApiDocument(req, res) {
    res.json(openApi(req.baseUrl));
  });
  const page = errorsPage();
  router.get('/errors', function errorTable(_req, res) {
    res.set('Content-Security-Policy', "default-src 'none'").type('html').send(page);
  });
  router.use(function unknownRoute(_req, _res, next) {
    next(new ComplianceError('ZP_NOT_FOUND'));
  });
  router.use(function complianceProblem(error: unknown, req: Request, res: Response, next: NextFunction) {
    problemDetails({ baseUrl: req.baseUrl, ...(onError ? { onError } : {}) })(error, req, res, next);
  });
  return Object.assign(router, { [KIT_ROUTER]: true });
}

/** Every route of the kit (合规接口), with its problem handler, OpenAPI document and error table. */
export function complianceRouter(compliance: Compliance, options: RouterOptions = {}): Router {
  return build(compliance, ['registry', 'postings', 'reviews', 'retention', 'personal', 'jobs', 'audits', 'evidence'], options);
}

/** Only the reviewers' side: queue, claims, decisions, appeals (审查接口). */
export function reviewRouter(compliance: Compliance, options: RouterOptions = {}): Router {
  return build(compliance, ['reviews'], options);
}

/** Only the proofs (证据接口). */
export function evidenceRouter(compliance: Compliance, options: RouterOptions = {}): Router {
  return build(compliance, ['evidence'], options);
}
