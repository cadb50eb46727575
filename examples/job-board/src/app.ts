import type { Actor, Compliance } from '@zhengpin/core';
import { complianceRouter, postingGate, problemDetails, requirePublished } from '@zhengpin/express';
import express from 'express';
import type { Express } from 'express';

export interface AppOptions {
  readonly compliance: Compliance;
  /** Mints a session token for a seeded account. */
  readonly mint: (actor: Actor) => Promise<string>;
  readonly onError?: (error: unknown) => void;
}

/** The board as an Express app, without a port. */
export function createApp(options: AppOptions): Express {
  const { compliance, onError } = options;
  const told = onError ? { onError } : {};
  const app = express();
  app.disable('x-powered-by');
  app.use('/compliance', complianceRouter(compliance, { publicTenant: 'main', ...told }));
  app.post('/jobs', postingGate(compliance, { answer: true }));
  app.get('/jobs/:id', requirePublished(compliance, { tenant: 'main' }), function showJob(_req, res) {
    res.json(res.locals['published']);
  });
  app.use(problemDetails({ baseUrl: '/compliance', ...told }));
  return app;
}
