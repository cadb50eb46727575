import express from 'express';
import type { Express } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';

import { ComplianceError } from '@zhengpin/core';
import type { Actor, Role, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';

import { assertGate, complianceRouter, postingGate, requirePublished, ROUTES } from '../src/index.ts';
import type { Route } from '../src/index.ts';
import { agency, auditor, createPlatform, employer, FIRM, inspector, officer, operator, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

function appOf(platform: Platform): Express {
  const app = express();
  app.use('/compliance', complianceRouter(platform.compliance, { publicTenant: 'main' }));
  app.post('/jobs', postingGate(platform.compliance, { answer: true }));
  app.get('/jobs/:id', requirePublished(platform.compliance, { tenant: 'main' }), (_req, res) => {
    res.json(res.locals['published']);
  });
  return app;
}

function sendTo(app: Express, route: Route, subject: string) {
  const call = request(app);
  return call[route.method](`/compliance${route.path.replace(':id', subject)}`);
}

async function setUp() {
  const platform = await createPlatform();
  const app = appOf(platform);
  const auth = async (actor: Actor) => `Bearer ${await platform.token(actor)}`;
  return { ...platform, app, auth };
}

describe('the routes', () => {
  it('answer 202 to a lawful posting and 422 with article, words, advice and appeal to an unlawful one', async () => {
    const { app, auth } = await setUp();
    const token = await auth(employer);
    const lawful = await request(app).post('/jobs').set('authorization', token).send(posting());
    expect(lawful.status).toBe(202);
    expect(lawful.body).toMatchObject({ state: 'in-review' });
    const deposit = await request(app)
      .post('/jobs')
      .set('authorization', token)
      .send(posting({ workContent: '门店销售，入职交500元押金' }));
    expect(deposit.status).toBe(422);
    expect(deposit.type).toBe('application/problem+json');
    expect(deposit.body).toMatchObject({ code: 'ZP_SCREENING_BLOCKED', findings: [{ pointer: '/workContent', ground: 'deposit' }] });
    expect(
      deposit.body.findings[0].citations.map((c: { instrument: string; article: string }) => `${c.instrument} ${c.article}`),
    ).toContain('order44 19(2)');
    const appeal = await request(app)
      .post(deposit.body.appeal.href)
      .set('authorization', token)
      .send({ explanation: '该句引自劳动监察的提示' });
    expect(appeal.status).toBe(202);
  });

  it('refuse on the campus channel what they take without the flag', async () => {
    const { app, auth, compliance } = await setUp();
    const token = await auth(employer);
    const send = (over: object) => request(app).post('/jobs').set('authorization', token).send(posting(over));
    const words = { requirements: '985、211院校毕业优先，专业不限' };
    const taken = await send(words);
    expect(taken.status).toBe(202);
    expect((await compliance.getPosting(employer, taken.body.id)).posting.body).toMatchObject({ outcome: 'advise' });
    expect((await send({ ...words, targetsGraduates: true })).body).toMatchObject({ outcome: 'review' });
    const refused = await send({ ...words, campusChannel: true });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'ZP_SCREENING_BLOCKED', findings: [{ pointer: '/requirements', rule: 'school.campus' }] });
    expect(JSON.stringify(refused.body.findings)).toContain('graduates-2013-35');
  });

  it('take the same words as advice from a school and a finding from others, and say which flag decided', async () => {
    const { app, auth, compliance } = await setUp();
    const token = await auth(employer);
    const words = { requirements: '无犯罪记录，持教师资格证' };
    const { body } = await request(app)
      .post('/jobs')
      .set('authorization', token)
      .send(posting({ ...words, minorsContact: true }));
    expect(body).toMatchObject({ outcome: 'advise' });
    const [reason] = (await compliance.getDecision(employer, body.decision)).decision.body.reasons;
    expect(reason).toMatchObject({ context: 'minors-contact', severity: 'advise', class: 'd', citations: [{ instrument: 'minors' }] });
    const screened = (context: readonly string[]) =>
      request(app)
        .post('/compliance/screenings')
        .set('authorization', token)
        .send({ ...words, context });
    expect((await screened([])).body).toMatchObject({ outcome: 'review' });
    expect((await screened(['minors-contact'])).body).toMatchObject({ outcome: 'advise', findings: [{ context: 'minors-contact' }] });
    expect((await screened(['school'])).status).toBe(422);
    const bare = await request(app)
      .post('/compliance/screenings')
      .set('authorization', token)
      .send({ context: ['campus'] });
    expect(bare.status).toBe(422);
  });

  it('need If-Match on decisions and refuse a stale one', async () => {
    const { app, auth, compliance } = await setUp();
    const { review } = await compliance.submitPosting(employer, posting());
    const token = await auth(reviewer);
    const claim = await request(app).post(`/compliance/reviews/${review}/claim`).set('authorization', token);
    expect(claim.headers['etag']).toBe('"2"');
    const decide = (etag?: string) => {
      const call = request(app).post(`/compliance/reviews/${review}/decision`).set('authorization', token);
      return (etag === undefined ? call : call.set('if-match', etag)).send({
        verdict: 'return',
        reasons: [{ reason: 'incomplete-information' }],
      });
    };
    expect((await decide()).status).toBe(428);
    expect((await decide('"1"')).status).toBe(412);
    expect((await decide('W/"2"')).status).toBe(400);
    expect((await decide('"2"')).body).toMatchObject({ verdict: 'return', state: 'returned' });
    expect((await decide('"2"')).status).toBe(412);
  });

  it('give the first outcome again under the same Idempotency-Key, and refuse another request under it', async () => {
    const { app, auth } = await setUp();
    const token = await auth(employer);
    const send = (body: object) => request(app).post('/jobs').set('authorization', token).set('idempotency-key', 'k-1').send(body);
    const first = await send(posting());
    expect((await send(posting())).body).toEqual(first.body);
    expect((await send(posting({ headcount: 9 }))).body).toMatchObject({ code: 'ZP_IDEMPOTENCY_MISMATCH' });
    const blocked = await request(app)
      .post('/jobs')
      .set('authorization', token)
      .set('idempotency-key', 'k-2')
      .send(posting({ title: '限女性前台' }));
    const again = await request(app)
      .post('/jobs')
      .set('authorization', token)
      .set('idempotency-key', 'k-2')
      .send(posting({ title: '限女性前台' }));
    expect(again.body).toEqual(blocked.body);
    expect(blocked.status).toBe(422);
  });

  it('page the queue by cursor, each task once, and refuse a cursor made for another query', async () => {
    const { app, auth, compliance } = await setUp();
    for (let i = 0; i < 7; i++) await compliance.submitPosting(employer, posting({ headcount: i + 1 }));
    const token = await auth(reviewer);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await request(app)
        .get('/compliance/reviews')
        .query({ limit: 3, kind: 'posting', ...(cursor ? { cursor } : {}) })
        .set('authorization', token);
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.cursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(7);
    expect(seen.length).toBe(7);
    const first = await request(app).get('/compliance/reviews').query({ limit: 3, kind: 'posting' }).set('authorization', token);
    const other = await request(app)
      .get('/compliance/reviews')
      .query({ limit: 3, kind: 'appeal', cursor: first.body.cursor })
      .set('authorization', token);
    expect(other.body).toMatchObject({ code: 'ZP_CURSOR_INVALID', findings: [{ pointer: '/query/cursor' }] });
  });

  it('fail closed with 503 and Retry-After when the store is down', async () => {
    const memory = memoryStore();
    let down = false;
    const fail = async (): Promise<never> => {
      throw new ComplianceError('ZP_STORE_UNAVAILABLE');
    };
    const store: Store = {
      get: (c, id) => (down ? fail() : memory.get(c, id)),
      find: (c, q) => (down ? fail() : memory.find(c, q)),
      commit: (changes) => (down ? fail() : memory.commit(changes)),
      close: () => memory.close(),
    };
    const platform = await createPlatform(store);
    const app = appOf(platform);
    const token = `Bearer ${await platform.token(employer)}`;
    down = true;
    for (const call of [
      request(app).post('/jobs').send(posting()),
      request(app).get('/jobs/abc'),
      request(app).get('/compliance/postings'),
    ]) {
      const answer = await call.set('authorization', token);
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
    }
    down = false;
    expect((await request(app).post('/jobs').set('authorization', token).send(posting())).status).toBe(202);
  });

  it('publish an OpenAPI 3.1 document with every route, and error pages for every problem type', async () => {
    const { app } = await setUp();
    const { body } = await request(app).get('/compliance/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const route of ROUTES) expect(body.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method], route.path).toBeDefined();
    expect(body.components.schemas.Posting.required).toContain('headcount');
    expect((await request(app).get('/compliance/errors')).text).toContain('id="ZP_SCREENING_BLOCKED"');
  });

  it('never tell the message of an unknown error', async () => {
    const store = memoryStore();
    const platform = await createPlatform({ ...store, get: async () => Promise.reject(new Error('secret 13800000000')) }).catch(
      (e: unknown) => e,
    );
    expect(platform).toBeInstanceOf(Error);
    const { compliance, token } = await createPlatform();
    const app = express();
    app.use('/compliance', complianceRouter({ ...compliance, getOperator: async () => Promise.reject(new Error('secret 13800000000')) }));
    const answer = await request(app)
      .get('/compliance/operator')
      .set('authorization', `Bearer ${await token(operator)}`);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
  });
});

const DISPLAY = {
  name: '示例人力资源服务有限公司',
  domicile: '示例市示例区示例路1号',
  legalRepresentative: '示例',
  authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
  complaints: { phone: '010-00000001' },
  homePages: [{ id: 'app', kind: 'app' }],
};

describe('the cross-tenant matrix', () => {
  it('refuses every route to every role of a foreign tenant', async () => {
    const platform = await setUp();
    const { app, compliance, decide, acceptMaterials } = platform;
    const [material] = await acceptMaterials(employer, FIRM.uscc);
    const { id, review, decision } = await compliance.submitPosting(employer, posting());
    await decide(reviewer, review ?? '', { verdict: 'approve' });
    await compliance.publishPosting(employer, id);
    const second = await compliance.submitPosting(employer, posting({ headcount: 7 }));
    const draft = await compliance.saveDraft(employer, { title: '草稿' });
    const service = await compliance.openService(operator, { kind: 'introduce', organisation: 'org-firm', postings: [id] });
    const hold = await compliance.setHold(officer, { kind: 'legal', scope: `service.${service.id}`, reference: 'CASE-1' });
    await compliance.tickRetention(operator);
    const plan = await compliance.planDisposal(operator, { record: true });
    const audit = await compliance.startAudit(officer, { kind: 'full' });
    await compliance.attest(officer, audit.id, { check: 'notice', answer: 'not-met', reference: 'FILE-1', sha256: 'a'.repeat(64) });
    const [finding] = (await compliance.listFindings(auditor, { limit: 1 })).items;
    const wanted = await compliance.askExport(employer, { purpose: 'export', count: 1, reference: 'CASE-1' });
    const asked = await compliance.openRightsRequest(operator, { subject: 'p-1', kind: 'copy', reference: 'CASE-1' });
    const incident = await compliance.openIncident(officer, {
      kind: 'leak',
      level: 'ordinary',
      discoveredAt: '2026-11-24T01:00:00.000Z',
      persons: 1,
      sensitivePersons: 0,
      reference: 'CASE-1',
    });
    const proof = { reference: 'FILE-1', sha256: 'a'.repeat(64) };
    await compliance.setDisclosure(officer, DISPLAY);
    const moved = { ...DISPLAY, domicile: '示例市示例区示例路2号', registration: { completedOn: '2026-11-20', ...proof } };
    const [change] = (await compliance.setDisclosure(officer, moved)).changes;
    const duty = await compliance.openDuty(officer, { clock: 'branch-report', subject: 'branch-1', startedOn: '2026-11-20' });
    const feed = await compliance.openFeed(officer);
    const order = await compliance.openRectification(officer, {
      order: 'ORDER-1',
      sha256: proof.sha256,
      authority: '示例市人力资源和社会保障局',
      receivedOn: '2026-11-20',
      dueOn: '2026-12-20',
      articles: ['O44-13.1'],
      matter: '首页未公示监督电话',
    });
    const version = await compliance.proposeRules(officer, {
      document: 'rules',
      summary: { zh: '首次制定平台规则，公开征求意见。', en: 'The first rules of the platform.' },
      sections: [
        {
          id: 'quality',
          topics: ['service-quality'],
          title: { zh: '服务质量', en: 'Quality' },
          text: { zh: '每条招聘信息发布前经筛查和人工审查，到期下架。', en: 'Every posting is screened and reviewed.' },
        },
      ],
      commentsThrough: '2026-12-20',
    });
    await compliance.publishPriceList(officer, { effectiveFrom: '2026-11-24', basis: proof, items: [] });
    const list = await compliance.publishPriceList(officer, { effectiveFrom: '2026-12-24', basis: proof, items: [] });
    const subjects: { readonly [path: string]: string } = {
      '/organisations/:id': 'org-firm',
      '/organisations/:id/materials': 'org-firm',
      '/materials/:id': material ?? '',
      '/materials/:id/revocation': material ?? '',
      '/drafts/:id': draft.id,
      '/reviews/:id': second.review ?? '',
      '/reviews/:id/claim': second.review ?? '',
      '/reviews/:id/decision': second.review ?? '',
      '/decisions/:id': decision,
      '/decisions/:id/appeal': decision,
      '/services/:id': service.id,
      '/services/:id/parts': service.id,
      '/services/:id/proposal': service.id,
      '/services/:id/completion': service.id,
      '/services/:id/reopening': service.id,
      '/holds/:id/release': hold.id,
      '/disposals/:id': plan.id ?? '',
      '/disposals/:id/approval': plan.id ?? '',
      '/disposals/:id/pass': plan.id ?? '',
      '/certificates/:id': service.id,
      '/audits/:id': audit.id,
      '/audits/:id/report': audit.id,
      '/audits/:id/attestations': audit.id,
      '/audits/:id/closure': audit.id,
      '/findings/:id/assignment': finding?.id ?? '',
      '/findings/:id/remedy': finding?.id ?? '',
      '/findings/:id/retest': finding?.id ?? '',
      '/personal/exports/:id/grant': wanted.id,
      '/rights-requests/:id/answer': asked.id,
      '/incidents/:id/steps': incident.id,
      '/changes/:id/report': change?.id ?? '',
      '/changes/:id/receipt': change?.id ?? '',
      '/duties/:id/discharge': duty.id,
      '/duties/feeds/:id/closure': feed.id,
      '/rectifications/:id': order.id,
      '/rectifications/:id/steps': order.id,
      '/rectifications/:id/dossier': order.id,
      '/price-lists/:id/withdrawal': list.id,
      '/rules/:id/publication': version.id,
      '/rules/:id/withdrawal': version.id,
      '/rules/:id/comments': version.id,
    };
    const before = JSON.stringify(
      await Promise.all(
        ['postings', 'materials', 'reviews', 'decisions', 'organisations', 'operators'].map((c) =>
          platform.store.find(c, { where: { tenant: 'main' }, limit: 1000 }),
        ),
      ),
    );
    const roles: readonly Actor[] = [employer, agency, reviewer, officer, auditor, inspector, operator];
    const bodies: { readonly [path: string]: object } = {
      '/drafts/:id': { title: '改' },
      '/postings/:id': posting({ headcount: 8 }),
      '/postings/:id/suspension': { reasons: [{ reason: 'fraud-signal' }] },
      '/materials/:id/revocation': { reasons: [{ reason: 'material-expired' }] },
      '/reviews/:id/decision': { verdict: 'approve' },
      '/decisions/:id/appeal': { explanation: '跨平台申诉尝试' },
      '/services/:id/parts': { kind: 'order', ref: 'o-1', state: 'open' },
      '/services/:id/completion': { completedOn: '2026-11-24', reference: 'CASE-1' },
      '/services/:id/reopening': { reference: 'CASE-1' },
      '/holds/:id/release': { reference: 'CASE-1' },
      '/audits/:id/attestations': { check: 'notice', answer: 'met', ...proof },
      '/findings/:id/assignment': { owner: 'acct-x', dueOn: '2026-12-01' },
      '/findings/:id/remedy': proof,
      '/rights-requests/:id/answer': { outcome: 'done', ...proof },
      '/incidents/:id/steps': { step: 'contained', ...proof },
      '/changes/:id/receipt': { on: '2026-11-21', ...proof },
      '/duties/:id/discharge': { on: '2026-11-21', ...proof },
      '/rectifications/:id/steps': { step: 'action', on: '2026-11-21', ...proof },
      '/price-lists/:id/withdrawal': { reason: 'mistake' },
      '/rules/:id/publication': { effectiveFrom: '2027-01-01', answer: { zh: '收到的意见均已采纳并写入本稿。', en: 'All were taken up.' } },
      '/rules/:id/withdrawal': { reason: { zh: '文本有误，撤回。', en: 'A mistake in the text.' } },
      '/rules/:id/comments': { text: '建议写明申诉期限' },
    };
    let tried = 0;
    for (const route of ROUTES) {
      const subject = route.group === 'evidence' ? '0' : (subjects[route.path] ?? id);
      for (const home of roles) {
        const foreign = { ...home, tenant: 'other', id: `${home.id}-x` };
        const call = sendTo(app, route, subject)
          .set('authorization', `Bearer ${await platform.token(foreign)}`)
          .set('if-match', '"1"');
        const answer = await (route.body ? call.send(bodies[route.path] ?? {}) : call);
        const where = `${home.role} ${route.method} ${route.path}`;
        const empty = answer.status === 200 && Array.isArray(answer.body.items) && answer.body.items.length === 0;
        // A route that names no record acts inside the caller’s own tenant: it may succeed there, and shows nothing of ours.
        const named = route.path.includes(':id') && route.group !== 'evidence';
        if (named) expect(empty || answer.status === 403 || answer.status === 404, `${where} → ${answer.status} ${answer.text}`).toBe(true);
        expect(answer.status, where).toBeLessThan(500);
        expect(answer.text, where).not.toContain(FIRM.name);
        tried++;
      }
    }
    expect(tried).toBe(ROUTES.length * roles.length);
    const after = JSON.stringify(
      await Promise.all(
        ['postings', 'materials', 'reviews', 'decisions', 'organisations', 'operators'].map((c) =>
          platform.store.find(c, { where: { tenant: 'main' }, limit: 1000 }),
        ),
      ),
    );
    expect(after).toBe(before);
  });

  it('keeps one employer out of another’s records inside the same tenant', async () => {
    const { app, auth, compliance } = await setUp();
    const { id, decision } = await compliance.submitPosting(employer, posting());
    const rival = await auth({ ...employer, id: 'acct-rival', organisation: 'org-rival' });
    for (const path of [
      `/postings/${id}`,
      `/decisions/${decision}`,
      '/organisations/org-firm',
      '/organisations/org-firm/materials',
      `/postings/${id}/decisions`,
    ]) {
      expect((await request(app).get(`/compliance${path}`).set('authorization', rival)).status, path).toBe(404);
    }
    expect(
      (
        await request(app)
          .put(`/compliance/postings/${id}`)
          .set('authorization', rival)
          .set('if-match', '"1"')
          .send(posting({ headcount: 5 }))
      ).status,
    ).toBe(404);
    expect((await request(app).get('/compliance/postings').set('authorization', rival)).body.items).toEqual([]);
  });

  it('lets only the roles of the permission table past a route', async () => {
    const platform = await setUp();
    const roles: readonly Actor[] = [employer, agency, reviewer, officer, auditor, inspector, operator];
    const { PERMISSIONS } = await import('@zhengpin/core');
    for (const route of ROUTES) {
      const allowed: readonly Role[] = PERMISSIONS[route.verb];
      for (const actor of roles) {
        const call = sendTo(platform.app, route, '0')
          .set('authorization', await platform.auth(actor))
          .set('if-match', '"1"');
        const answer = await (route.body ? call.send({}) : call);
        if (!allowed.includes(actor.role)) expect(answer.body.code, `${actor.role} ${route.path}`).toBe('ZP_FORBIDDEN');
        else expect(answer.body.code, `${actor.role} ${route.path}`).not.toBe('ZP_FORBIDDEN');
      }
    }
  });
});

describe('the start-up self-test', () => {
  it('passes when the gate is in front and names the route when something answers before it', async () => {
    const { app, compliance } = await setUp();
    await assertGate(app, [
      { method: 'POST', path: '/jobs' },
      { method: 'GET', path: '/jobs/any' },
    ]);
    const bypassed = express();
    bypassed.post('/jobs', (_req, res) => void res.status(201).end());
    bypassed.post('/jobs', postingGate(compliance));
    await expect(assertGate(bypassed, [{ method: 'POST', path: '/jobs' }])).rejects.toMatchObject({
      code: 'ZP_GATE_BYPASSED',
      detail: { en: expect.stringContaining('POST /jobs') },
    });
    await expect(assertGate(express(), [{ method: 'POST', path: '/jobs' }])).rejects.toMatchObject({ code: 'ZP_GATE_BYPASSED' });
    const trusting = express().set('trust proxy', true);
    await expect(assertGate(trusting, [{ method: 'POST', path: '/jobs' }])).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
  });

  it('gives an outsider no way past the gate with the probe header', async () => {
    const { app } = await setUp();
    const answer = await request(app).post('/jobs').set('zhengpin-probe', 'a'.repeat(32)).send(posting());
    expect(answer.status).toBe(401);
  });
});
