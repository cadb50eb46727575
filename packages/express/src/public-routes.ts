import { ComplianceError, isComplianceError } from '@zhengpin/core';
import type { Compliance, PriceListRecord } from '@zhengpin/core';
import type { Request, Response, Router } from 'express';

import { choiceOf, idOf, pageOf, queryOf } from './request.ts';
import { documentOf } from './routes/rules.ts';

const LANGS = ['zh', 'en'] as const;

/** What everybody may read of one tenant, without a token (公开接口): published postings, the price list, the agreement and rules. */
export function publicRoutes(router: Router, compliance: Compliance, tenant: string): void {
  const open = (path: string, run: (req: Request, res: Response) => Promise<void>): void => {
    router.get(`/public${path}`, async function publicRead(req, res, next) {
      try {
        res.set('Cache-Control', 'no-cache');
        await run(req, res);
      } catch (error) {
        next(error);
      }
    });
  };
  const page = (res: Response, html: string): void => {
    res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'").type('html').send(html);
  };
  const langOf = (query: { readonly [name: string]: string }): 'zh' | 'en' => choiceOf('/query/lang', query['lang'], LANGS) ?? 'zh';

  open('/postings/:id', async (req, res) => {
    try {
      res.json(await compliance.publishedPosting(tenant, idOf(req, 'id')));
    } catch (error) {
      throw isComplianceError(error) && error.code === 'ZP_NOT_FOUND' ? new ComplianceError('ZP_NOT_PUBLISHED') : error;
    }
  });
  open('/fees', async (req, res) => {
    queryOf(req, []);
    const [current, announced] = await Promise.all([compliance.currentPriceList(tenant), compliance.announcedPriceLists(tenant)]);
    // Who published it inside the agency is nobody’s business.
    const shown = ({ number, effectiveFrom, publishedOn, items }: PriceListRecord) => ({ number, effectiveFrom, publishedOn, items });
    res.json({ ...(current ? { inEffect: shown(current.body) } : {}), announced: announced.map(({ body }) => shown(body)) });
  });
  open('/fees/page', async (req, res) => {
    page(res, await compliance.printPriceList(tenant, langOf(queryOf(req, ['lang']))));
  });
  open('/rules', async (req, res) => {
    const document = documentOf(queryOf(req, ['document']));
    const [inEffect, announced, forComments] = await Promise.all([
      compliance.rulesInEffect(tenant, document),
      compliance.announcedRules(tenant, document),
      compliance.openRules(tenant, document),
    ]);
    res.json({ ...(inEffect ? { inEffect } : {}), announced, ...(forComments ? { openForComments: forComments } : {}) });
  });
  open('/rules/page', async (req, res) => {
    const query = queryOf(req, ['document', 'lang']);
    page(res, await compliance.printRules(tenant, documentOf(query), langOf(query)));
  });
  open('/rules/versions', async (req, res) => {
    const query = queryOf(req, ['document', 'limit', 'cursor']);
    res.json(await compliance.publicRuleVersions(tenant, documentOf(query), pageOf(query)));
  });
  open('/rules/versions/:id', async (req, res) => {
    queryOf(req, []);
    res.json(await compliance.rulesVersion(tenant, idOf(req, 'id')));
  });
  open('/rules/versions/:id/page', async (req, res) => {
    page(res, await compliance.printRulesVersion(tenant, idOf(req, 'id'), langOf(queryOf(req, ['lang']))));
  });
  open('/rules/versions/:id/changes', async (req, res) => {
    const query = queryOf(req, ['since', 'as', 'lang']);
    const [from, to] = [query['since'] ?? '', idOf(req, 'id')];
    if (choiceOf('/query/as', query['as'], ['page', 'json'] as const) === 'json')
      res.json({ items: await compliance.diffRules(tenant, from, to) });
    else page(res, await compliance.printRulesDiff(tenant, from, to, langOf(query)));
  });
}
