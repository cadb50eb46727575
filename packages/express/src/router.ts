import { ComplianceError, ERRORS } from '@zhengpin/core';
import type { Compliance } from '@zhengpin/core';
import express from 'express';
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';

import { openApi } from './openapi.ts';
import { problemDetails, STATUS } from './problem-details.ts';
import { actorOf, bodyOf, choiceOf, commandOptions, feedSecretOf, idOf, queryOf } from './request.ts';
import { publicRoutes } from './public-routes.ts';
import { ROUTES } from './routes/routes.ts';
import type { Route } from './routes/route.ts';
import { tlogFiles } from './tlog.ts';

/** Largest body a route takes, in bytes. */
const BODY_LIMIT = 256 * 1024;

const TYPES = {
  text: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
  metrics: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

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
      if (typeof reply.body === 'string') res.type(TYPES[reply.type ?? 'text']).send(reply.body);
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
  /** Tenant whose published postings, price list, agreement and rules are public under `/public`. Default: no public route. */
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
  const json = (limit: number): RequestHandler => express.json({ limit, strict: true, type: 'application/json' });
  const most = json(BODY_LIMIT);
  for (const route of ROUTES.filter((r) => groups.includes(r.group))) {
    const handler = handlerOf(route, compliance);
    if (route.body === undefined) router[route.method](route.path, handler);
    else router[route.method](route.path, route.bodyLimit === undefined ? most : json(route.bodyLimit), handler);
  }
  const { publicTenant, onError } = options;
  if (publicTenant !== undefined) publicRoutes(router, compliance, publicTenant);
  if (groups.includes('duties')) {
    // A calendar program sends no token: the address is the secret, and it answers for nothing else.
    router.get('/duty-feed/:tenant/:secret', async function dutyFeed(req, res, next) {
      try {
        const lang = choiceOf('/query/lang', queryOf(req, ['lang'])['lang'], ['zh', 'en'] as const) ?? 'zh';
        const feed = await compliance.readFeed(idOf(req, 'tenant'), feedSecretOf(req), lang);
        res.set('Cache-Control', 'no-store').set('Referrer-Policy', 'no-referrer').type(TYPES.ics).send(feed);
      } catch (error) {
        next(error);
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
  return build(compliance, [...new Set(ROUTES.map(({ group }) => group))], options);
}

/** Only the reviewers' side: queue, claims, decisions, appeals (审查接口). */
export function reviewRouter(compliance: Compliance, options: RouterOptions = {}): Router {
  return build(compliance, ['reviews'], options);
}

/** Only the proofs (证据接口). */
export function evidenceRouter(compliance: Compliance, options: RouterOptions = {}): Router {
  return build(compliance, ['evidence'], options);
}
