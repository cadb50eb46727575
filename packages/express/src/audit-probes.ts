import type { ProbeResult } from '@zhengpin/core';
import type { Express } from 'express';

import { guardOf } from './egress.ts';
import { KIT_ROUTER } from './router.ts';

interface Layer {
  readonly handle?: unknown;
  readonly name?: string;
  readonly route?: {
    readonly path?: unknown;
    readonly methods?: { readonly [method: string]: boolean };
    readonly stack?: readonly Layer[];
  };
}

/** A route of the host's that answers without the guard (无守卫的路由). */
interface BareRoute {
  readonly method: string;
  readonly path: string;
}

function stackOf(handle: unknown): readonly Layer[] {
  const stack: unknown =
    handle !== null && (typeof handle === 'function' || typeof handle === 'object') && 'stack' in handle ? handle.stack : undefined;
  return Array.isArray(stack) ? (stack as readonly Layer[]) : [];
}

/** The kit's own router says what it is: its routes have permissions of their own. */
function isKitRouter(handle: unknown): boolean {
  return typeof handle === 'function' && KIT_ROUTER in handle;
}

/** Every route of a router with whether a guard stands in its own way or before it. */
function* routesOf(stack: readonly Layer[], isGuarded: boolean): Generator<BareRoute & { readonly guarded: boolean }> {
  let before = isGuarded;
  for (const layer of stack) {
    const { route, handle } = layer;
    if (route) {
      const own = (route.stack ?? []).some((inner) => guardOf(inner.handle) !== undefined);
      for (const [method, isOn] of Object.entries(route.methods ?? {}))
        if (isOn)
          yield {
            method: method.toUpperCase(),
            path: typeof route.path === 'string' ? route.path : String(route.path),
            guarded: before || own,
          };
    } else if (guardOf(handle) !== undefined) before = true;
    else if (!isKitRouter(handle)) yield* routesOf(stackOf(handle), before);
  }
}

/**
 * A probe of the self-audit for `unguarded-routes` (路由守卫覆盖): which routes of a running app answer without {@link personalEgress}. A host names those that
 * hold nobody's information; the kit's own router is left out.
 * @param exempt `GET /path` as it was declared, or a prefix that ends with `*`
 */
export function routeCoverage(app: Express, exempt: readonly string[]): () => Promise<ProbeResult> {
  const isExempt = (name: string): boolean => exempt.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
  return async () => {
    const router = (app as unknown as { readonly router?: unknown }).router;
    const all = [...routesOf(stackOf(router), false)];
    const bare = all.filter(({ guarded, method, path }) => !guarded && !isExempt(`${method} ${path}`));
    return {
      state: all.length > 0 && bare.length === 0 ? 'passed' : 'failed',
      facts: {
        routes: all.length,
        guarded: all.filter(({ guarded }) => guarded).length,
        bare: bare.slice(0, 50).map(({ method, path }) => `${method} ${path}`),
      },
    };
  };
}

const TIMEOUT_MS = 10_000;
/** What every page of a platform says to a browser. */
const HEADERS: readonly (readonly [name: string, isFine: (value: string) => boolean])[] = [
  ['strict-transport-security', (value) => Number(/max-age=(\d+)/u.exec(value)?.[1] ?? 0) >= 15_552_000],
  ['content-security-policy', (value) => /default-src|script-src/u.test(value)],
  ['x-content-type-options', (value) => value.trim() === 'nosniff'],
  ['referrer-policy', (value) => value !== '' && !value.includes('unsafe-url')],
];

/**
 * A probe for `public-urls` (对外网址检查): each address answers over HTTPS with a certificate that is believed, and with the headers that keep what
 * it shows from leaking.
 */
export function publicUrls(urls: readonly string[]): () => Promise<ProbeResult> {
  return async () => {
    const faults: Record<string, readonly string[]> = {};
    for (const url of urls) {
      const found: string[] = [];
      if (!url.startsWith('https://')) found.push('not-https');
      try {
        const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
        for (const [name, isFine] of HEADERS) if (!isFine(answer.headers.get(name) ?? '')) found.push(name);
        for (const cookie of answer.headers.getSetCookie())
          if (!/;\s*secure/iu.test(cookie) || !/;\s*httponly/iu.test(cookie)) found.push(`cookie ${cookie.split('=')[0] ?? ''}`);
      } catch {
        found.push('unreachable');
      }
      if (found.length > 0) faults[new URL(url).origin] = found;
    }
    return { state: urls.length > 0 && Object.keys(faults).length === 0 ? 'passed' : 'failed', facts: { urls: urls.length, faults } };
  };
}
