import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ComplianceError } from '@zhengpin/core';
import type { Express, Request, Response } from 'express';

/**
 * The start-up self-test: a request with an unguessable nonce goes through the host's own router; only the gate can
 * answer it. A nonce lives for one request of this process, so nobody outside can use it to get past.
 */
const HEADER = 'zhengpin-probe';
const pending = new Map<string, string>();

function proof(secret: string, nonce: string): string {
  return createHmac('sha256', secret).update(nonce).digest('base64url');
}

/** True when the request was a probe of this process and has been answered. */
export function answerProbe(req: Request, res: Response): boolean {
  if (pending.size === 0) return false;
  const nonce = req.get(HEADER);
  const secret = nonce === undefined ? undefined : pending.get(nonce);
  if (nonce === undefined || secret === undefined) return false;
  pending.delete(nonce);
  res.status(204).set(HEADER, proof(secret, nonce)).end();
  return true;
}

export interface GatedRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** A concrete path as a client would send it, e.g. `/jobs` or `/jobs/any`. */
  readonly path: string;
}

/**
 * Prove at start-up that the gate stands in front of these routes (闸口自检), by a request through the app itself.
 * @throws ZP_GATE_BYPASSED naming the route that answered without the gate; ZP_OPTION_INVALID for `trust proxy: true`,
 * under which any client chooses its own address.
 */
export async function assertGate(app: Express, routes: readonly GatedRoute[]): Promise<void> {
  if (routes.length === 0)
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '至少列出一条路由', en: 'name at least one route' } });
  if (app.get('trust proxy') === true) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: {
        zh: 'trust proxy 不得为 true，请写明代理的地址或层数',
        en: 'trust proxy must not be true: name the proxies or their number',
      },
    });
  }
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    for (const { method, path } of routes) {
      const nonce = randomBytes(24).toString('base64url');
      const secret = randomBytes(32).toString('base64url');
      pending.set(nonce, secret);
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        redirect: 'manual',
        headers: { [HEADER]: nonce, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
        ...(method === 'GET' ? {} : { body: '{}' }),
      });
      await answer.arrayBuffer();
      pending.delete(nonce);
      if (answer.headers.get(HEADER) !== proof(secret, nonce)) {
        throw new ComplianceError('ZP_GATE_BYPASSED', {
          detail: {
            zh: `${method} ${path} 未经过闸口（返回 ${answer.status}）`,
            en: `${method} ${path} was answered without the gate (status ${answer.status})`,
          },
        });
      }
    }
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
