import { ComplianceError } from '@zhengpin/core';
import type { Compliance } from '@zhengpin/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { actorOf } from './request.ts';

const FILE = /^\/([A-Za-z0-9][A-Za-z0-9._:-]{0,63})\/((?:checkpoint|vkeys|tile\/[a-z0-9./]{1,80}))$/;
const YEAR_S = 31_536_000;
const WELL_KNOWN = '/.well-known/zhengpin-vkeys';

/**
 * The logs as C2SP tlog-tiles, read-only (日志瓦片): `/<tenant>/checkpoint`, `/<tenant>/vkeys`, `/<tenant>/tile/…`. For a token
 * of the tenant with `evidence.read`, and for anybody where the tenant is listed.
 */
export function tlogFiles(compliance: Compliance, publicLogs: readonly string[]): RequestHandler {
  return async function tlogFile(req: Request, res: Response, next: NextFunction) {
    try {
      if (req.method !== 'GET' && req.method !== 'HEAD') throw new ComplianceError('ZP_NOT_FOUND');
      const [, tenant, path] = FILE.exec(req.path) ?? [];
      const isPublic = tenant !== undefined && publicLogs.includes(tenant);
      const actor = isPublic ? undefined : await actorOf(req, compliance);
      // Another tenant's log does not exist.
      if (tenant === undefined || path === undefined || (actor !== undefined && actor.tenant !== tenant))
        throw new ComplianceError('ZP_NOT_FOUND');
      const { evidence } = compliance;
      const { bytes, kind } = await (actor === undefined ? evidence.publicFile(tenant, path) : evidence.file(actor, path));
      res.set('X-Content-Type-Options', 'nosniff');
      // A tile never changes under its path; the checkpoint does with every batch.
      res.set('Cache-Control', kind === 'text' ? 'no-cache' : `${isPublic ? 'public' : 'private'}, max-age=${YEAR_S}, immutable`);
      res.set('Content-Type', kind === 'text' ? 'text/plain; charset=utf-8' : 'application/octet-stream');
      res.send(Buffer.from(bytes));
    } catch (error) {
      next(error);
    }
  };
}

/**
 * Serves the verifier keys at `/.well-known/zhengpin-vkeys`, one a line, to anybody (公开验证密钥). Mount it at the root of the
 * host: `app.use(verifierKeys(compliance))`. What was signed can be checked for good only by keys that somebody has kept.
 */
export function verifierKeys(compliance: Compliance): RequestHandler {
  return function wellKnownVerifierKeys(req: Request, res: Response, next: NextFunction) {
    if (req.path !== WELL_KNOWN || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next();
      return;
    }
    res
      .set('Cache-Control', 'no-cache')
      .type('text/plain')
      .send(`${compliance.evidence.vkeys.join('\n')}\n`);
  };
}
