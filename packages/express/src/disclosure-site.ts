import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { canonical, ComplianceError, disclosureFragment, disclosurePage, isComplianceError, sha256Hex } from '@zhengpin/core';
import type { Compliance, DisclosureDocument } from '@zhengpin/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { sendProblem } from './problem-details.ts';

export interface DisclosureSiteOptions {
  readonly tenant: string;
  /** A file in which the latest document is kept, so that a process that starts while the store is down still shows it. Default: memory only. */
  readonly cacheFile?: string;
}

/** Everything a site needs to show what the law wants on its home page (首页公示). */
export interface DisclosureSite {
  /** Serves the document, the element and its style below `/.well-known/`. Mount it at the root of the host, before anything that asks for a login. */
  readonly handler: RequestHandler;
  /** Elements for the head of a page, with their integrity: a style sheet and a module. */
  readonly head: string;
  /** What goes into the home page, in HTML; empty while nothing has ever been displayed. Never rejects. */
  fragment(lang: 'zh' | 'en'): Promise<string>;
}

const ROOT = '/.well-known/zhengpin-disclosure';
const PATHS = { json: `${ROOT}.json`, html: `${ROOT}.html`, js: `${ROOT}.js`, css: `${ROOT}.css` } as const;
/** Nobody waits longer than that for a store that is down. */
const PATIENCE_MS = 1500;
/** As old as a document may be without asking the store. */
const FRESH_MS = 2000;

function asset(name: string): { readonly text: string; readonly integrity: string } {
  const text = readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8');
  return { text, integrity: `sha384-${createHash('sha384').update(text).digest('base64')}` };
}

/** What a file has kept, if it is whole: a document says its own hash. */
function kept(file: string | undefined): DisclosureDocument | undefined {
  if (file === undefined) return undefined;
  try {
    const { sha256, ...document } = JSON.parse(readFileSync(file, 'utf8')) as DisclosureDocument;
    return document.format === 'zhengpin-disclosure/1' && sha256Hex(canonical(document)) === sha256 ? { ...document, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

/** The latest document there is: of the store, or the last one it gave. */
function createCache(compliance: Compliance, { tenant, cacheFile }: DisclosureSiteOptions): () => Promise<DisclosureDocument | undefined> {
  let latest = kept(cacheFile);
  let loadedAt = -Infinity;
  let loading: Promise<void> | undefined;
  let [asked, answered] = [0, 0];

  function keep(document: DisclosureDocument | undefined): void {
    if (cacheFile !== undefined && document !== undefined && document.sha256 !== latest?.sha256) {
      try {
        mkdirSync(dirname(cacheFile), { recursive: true });
        writeFileSync(`${cacheFile}.new`, JSON.stringify(document));
        renameSync(`${cacheFile}.new`, cacheFile);
      } catch {
        // A disk that takes nothing is no reason to show nothing.
      }
    }
    latest = document;
    loadedAt = performance.now();
  }

  async function reload(): Promise<void> {
    const mine = ++asked;
    try {
      const document = await compliance.publicDisclosure(tenant);
      // An answer that was given up on is older than what came since.
      if (mine >= answered) {
        answered = mine;
        keep(document);
      }
    } catch (error) {
      // Nothing is displayed yet; of any other error the last document stays.
      if (isComplianceError(error) && error.code === 'ZP_NOT_FOUND') keep(undefined);
    } finally {
      if (mine === asked) loading = undefined;
    }
  }

  return async function current() {
    if (performance.now() - loadedAt < FRESH_MS) return latest;
    loading ??= reload();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // One that never ends must not keep the next from being asked.
        loading = undefined;
        resolve();
      }, PATIENCE_MS);
    });
    await Promise.race([loading, patience]);
    clearTimeout(timer);
    return latest;
  };
}

/**
 * The display on the home page (首页公示): `app.use(site.handler)`, `site.head` into the head of the page and `await site.fragment('zh')` into its body.
 * It is shown without a script, under `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'`, and while the store is down.
 * @source Order 44 Arts. 13(1), 19(2); Interim Regulation on the Human Resources Market Art. 32
 */
export function disclosureSite(compliance: Compliance, options: DisclosureSiteOptions): DisclosureSite {
  const current = createCache(compliance, options);
  const [script, style] = [asset('disclosure.js'), asset('disclosure.css')];
  const other = (lang: 'zh' | 'en'): string => `${PATHS.html}?lang=${lang === 'zh' ? 'en' : 'zh'}`;

  async function serve(req: Request, res: Response): Promise<void> {
    res.set('X-Content-Type-Options', 'nosniff');
    if (req.path === PATHS.js || req.path === PATHS.css) {
      // Its integrity is in the page; a new version has to be asked for.
      res.set('Cache-Control', 'no-cache').type(req.path === PATHS.js ? 'text/javascript' : 'text/css');
      res.send(req.path === PATHS.js ? script.text : style.text);
      return;
    }
    const document = await current();
    if (document === undefined) throw new ComplianceError('ZP_NOT_FOUND');
    // An old one must not take the place of a newer one that stands in the page.
    res.set('Cache-Control', 'no-cache');
    if (req.path === PATHS.json) {
      // Whoever checks it may come from anywhere; there is nothing in it that is not public.
      res.set('Access-Control-Allow-Origin', '*').json(document);
      return;
    }
    const lang = req.query['lang'] === 'en' ? 'en' : 'zh';
    res.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    res.type('html').send(disclosurePage(document, { lang, other: other(lang), css: PATHS.css }));
  }

  return {
    head: `<link rel="stylesheet" href="${PATHS.css}" integrity="${style.integrity}"><script type="module" src="${PATHS.js}" integrity="${script.integrity}"></script>`,
    async fragment(lang) {
      const document = await current();
      return document === undefined ? '' : disclosureFragment(document, { lang, src: PATHS.json, other: other(lang) });
    },
    handler: function disclosureFiles(req: Request, res: Response, next: NextFunction) {
      if (!Object.values(PATHS).some((path) => path === req.path) || (req.method !== 'GET' && req.method !== 'HEAD')) {
        next();
        return;
      }
      serve(req, res).catch((error: unknown) => sendProblem(res, error, req.baseUrl));
    },
  };
}
