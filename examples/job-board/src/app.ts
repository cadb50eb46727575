import { fileURLToPath } from 'node:url';

import { ComplianceError } from '@zhengpin/core';
import type { Actor, Compliance } from '@zhengpin/core';
import { complianceRouter, disclosureSite, postingGate, problemOf, requirePublished, verifierKeys } from '@zhengpin/express';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';

import { actor as account } from './accounts.ts';
import type { Applications } from './applications.ts';
import { TENANT } from './board.ts';
import type { Board } from './board.ts';
import { setCookie } from './cookies.ts';
import { auditPages } from './pages/audits.ts';
import { disclosurePages } from './pages/disclosure.ts';
import { dutyPages } from './pages/duties.ts';
import { employerPages } from './pages/employer.ts';
import { errorPage } from './pages/errors.ts';
import { evidencePages } from './pages/evidence.ts';
import { feePages } from './pages/fees.ts';
import { loginPages } from './pages/login.ts';
import { materialPages } from './pages/materials.ts';
import { operatorPages } from './pages/operator.ts';
import { postingFormPages } from './pages/posting-form.ts';
import { publicPages } from './pages/public.ts';
import { retentionPages } from './pages/retention.ts';
import { reviewDetailPages } from './pages/review-detail.ts';
import { reviewPages } from './pages/reviews.ts';
import { rulePages } from './pages/rules.ts';
import { supervisionPages } from './pages/supervision.ts';
import type { Payments } from './payments.ts';
import { createPublishedIndex } from './published-index.ts';
import { sessionOf } from './session.ts';
import { createView, LANG_COOKIE } from './view.ts';

export interface AppOptions {
  readonly compliance: Compliance;
  /** The board's own rows. */
  readonly applications: Applications;
  readonly payments: Payments;
  /** Mints a session token for a seeded account. */
  readonly mint: (actor: Actor) => Promise<string>;
  /** Told of every failure that is the server's own. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since the epoch, for ages and claims on the pages. Default: the machine's clock. */
  readonly now?: () => number;
  /** A file in which what the home page shows is kept, for a start while the store is down. Default: none. */
  readonly displayFile?: string;
}

const FORM_LIMIT = 256 * 1024;
const YEAR_MS = 365 * 86_400_000;

/** `same-origin` and not `no-referrer`: without a referrer a browser sends `Origin: null`, and no form could be told from a foreign one. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

function pages(options: AppOptions, display: Board['display']): express.Router {
  const { compliance, applications, payments, mint, now = Date.now } = options;
  const reader = account('operator');
  const board: Board = { compliance, applications, payments, mint, reader, display, published: createPublishedIndex(compliance, reader) };
  const router = express.Router();
  router.use(async function readVisitor(req: Request, res: Response, next: NextFunction) {
    const { actor, csrf } = await sessionOf(req, compliance);
    const view = createView(req, now(), actor, csrf);
    if (req.query['lang'] === view.lang) setCookie(req, res, LANG_COOKIE, view.lang, YEAR_MS);
    res.set({ 'Cache-Control': 'no-store', 'Content-Language': view.t('zh-CN', 'en'), Vary: 'Accept-Language, Cookie' });
    res.locals['view'] = view;
    next();
  });
  // Text, not an object: a form is read by name, and a repeated name is a list only where a page asks for one.
  router.use(express.text({ type: 'application/x-www-form-urlencoded', limit: FORM_LIMIT }));
  publicPages(router, board);
  loginPages(router, board);
  postingFormPages(router, board);
  employerPages(router, board);
  materialPages(router, board);
  reviewPages(router, board);
  reviewDetailPages(router, board);
  operatorPages(router, board);
  retentionPages(router, board);
  auditPages(router, board);
  dutyPages(router, board);
  disclosurePages(router, board);
  supervisionPages(router, board);
  feePages(router, board);
  rulePages(router, board);
  evidencePages(router, board);
  router.use(function unknownPage() {
    throw new ComplianceError('ZP_NOT_FOUND');
  });
  return router;
}

/** The board as an Express app, without a port. */
export function createApp(options: AppOptions): Express {
  const { compliance, onError } = options;
  const told = onError ? { onError } : {};
  const app = express();
  app.disable('x-powered-by');
  app.use(function secureHeaders(_req, res, next) {
    res.set(HEADERS);
    next();
  });
  const { displayFile } = options;
  const display = disclosureSite(compliance, { tenant: TENANT, ...(displayFile === undefined ? {} : { cacheFile: displayFile }) });
  app.use(display.handler);
  app.use(verifierKeys(compliance));
  app.use('/compliance', complianceRouter(compliance, { publicTenant: TENANT, ...told }));
  app.post('/jobs', postingGate(compliance, { answer: true }));
  app.get('/jobs/:id', requirePublished(compliance, { tenant: TENANT }), function showJob(_req, res) {
    res.json(res.locals['published']);
  });
  app.use('/assets', express.static(fileURLToPath(new URL('../assets', import.meta.url)), { index: false, maxAge: '1h' }));
  app.use(pages(options, display));
  app.use(function showError(error: unknown, req: Request, res: Response, next: NextFunction) {
    if (res.headersSent) {
      next(error);
      return;
    }
    if (problemOf(error, '').status >= 500) onError?.(error);
    const view = (res.locals['view'] as ReturnType<typeof createView> | undefined) ?? createView(req, Date.now(), undefined, '');
    errorPage({ view, req, res }, error);
  });
  return app;
}
