import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { COLLECTIONS, huntCanaries, makeCanaries } from '@zhengpin/core';
import type { Canaries, Leak, PostingRecord } from '@zhengpin/core';
import { ROUTES } from '@zhengpin/express';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { actor, FIRMS, samplePosting } from '../src/seed.ts';
import { createSite, formOf } from './board.ts';
import type { Site } from './board.ts';

/** Every text field of a schema filled with the same words, whatever the field wants. */
function filled(schema: unknown, words: string): unknown {
  const { type, properties, items, oneOf } = (schema ?? {}) as {
    type?: string;
    properties?: object;
    items?: unknown;
    oneOf?: readonly unknown[];
  };
  if (oneOf) return filled(oneOf[0], words);
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties ?? {}).map(([name, inner]: [string, unknown]) => [name, filled(inner, words)]));
  if (type === 'array') return [filled(items, words)];
  return words;
}

describe('a hunt for leaks on the board', () => {
  let site: Site;
  let canaries: Canaries;
  let printed: string;
  let refusals: string[];
  let places: string[];

  beforeEach(async () => {
    printed = '';
    [refusals, places] = [[], []];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
        return true;
      });
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...args) => void (printed += args.map(String).join(' ')));
    site = await createSite();
    canaries = makeCanaries();
  });
  afterEach(() => vi.restoreAllMocks());

  /** What a refusal says, and where an answer points. A form comes back to its sender as it was filled in: that is no leak. */
  function note(response: Response, isOwnForm = false): Response {
    if (response.status >= 400 && !isOwnForm) refusals.push(response.text ?? '');
    places.push(['location', 'link', 'content-location', 'etag', 'set-cookie'].map((name) => response.headers[name] ?? '').join(' '));
    return response;
  }

  async function call(method: 'get' | 'post' | 'put', account: string, path: string, body?: unknown): Promise<Response> {
    const agent = request(site.app);
    const made = agent[method](path).set('Authorization', `Bearer ${await site.token(account)}`);
    return note(await (body === undefined ? made : made.send(body as object)));
  }

  /** Into every input there is: all routes, all forms, the search, headers and cookies, once as what they want and once as what they do not. */
  async function plant(): Promise<void> {
    const { values } = canaries;
    const words = Object.values(values).join(' ');
    for (const account of ['emp-1', 'rev-1', 'officer', 'operator'])
      for (const { method, path, body, query = [] } of ROUTES) {
        const target = `/compliance${path.replaceAll(/:\w+/gu, encodeURIComponent(values.mobile))}`;
        const search = query.length === 0 ? '' : `?${query.map((name) => `${name}=${encodeURIComponent(words)}`).join('&')}`;
        if (body === undefined) await call(method, account, `${target}${search}`);
        else await call(method, account, target, filled(body, words));
      }
    const content = samplePosting(FIRMS[0], { title: `工程师 ${values.name}` });
    const full = {
      ...content,
      requirements: `${values.note}，详询 ${values.mobile}`,
      workContent: `工作 ${values.email} ${values.wechat}`,
      place: { city: '北京', address: values.address },
    };
    const posted = await call('post', 'emp-1', '/jobs', full);
    expect(posted.status).toBe(202);
    const id = String(posted.body.id);
    await call('post', 'emp-1', '/compliance/drafts', full);
    const [task] = (await site.compliance.listReviews(actor('rev-1'), { limit: 100 })).items.filter(({ body }) => body.subject === id);
    const claimed = await site.compliance.claimReview(actor('rev-1'), task?.id ?? '');
    const { decision } = await site.compliance.decideReview(
      actor('rev-1'),
      task?.id ?? '',
      { verdict: 'reject', reasons: [{ reason: 'untrue-information', facts: `来电核实 ${values.mobile} ${values.name}` }] },
      { expectedVersion: claimed.version },
    );
    expect(
      (
        await call('post', 'emp-1', `/compliance/decisions/${decision}/appeal`, {
          explanation: `本人 ${values.name} ${values.residentId} ${values.note} 请求复核`,
        })
      ).status,
    ).toBeLessThan(300);
    await call('post', 'emp-1', '/compliance/materials', {
      employerUscc: FIRMS[0].uscc,
      kind: 'recruitment-brief',
      reference: `files/${values.email}`,
      sha256: 'a'.repeat(64),
    });
    await call('post', 'officer', '/compliance/screening', { text: words });
    const employer = await site.visitor('emp-1');
    const form = Object.fromEntries(
      Object.entries(formOf()).map(([name, value]) => [
        name,
        ['/title', '/workContent', '/requirements'].includes(name) ? `${value} ${words}` : value,
      ]),
    );
    note(await employer.send('/employer/new', '/employer/new', form), true);
    note(await employer.send('/employer/new', '/employer/new', Object.fromEntries(Object.keys(form).map((name) => [name, words]))), true);
    for (const path of ['/', '/login', '/employer', '/retention'])
      note(
        await employer.get(
          `${path}?q=${encodeURIComponent(words)}&city=${encodeURIComponent(words)}&organisation=${encodeURIComponent(words)}`,
        ),
      );
    note(
      await request(site.app)
        .get('/')
        .set('User-Agent', values.email)
        .set('X-Forwarded-For', values.mobile)
        .set('Cookie', `a=${values.mobile}`),
    );
    note(await request(site.app).post('/jobs').set('Authorization', `Bearer ${values.mobile}`).send(words));
    note(
      await request(site.app)
        .post('/jobs')
        .set('Content-Type', 'application/json')
        .set('Authorization', `Bearer ${await site.token('emp-1')}`)
        .send(`{"title": "${words}`),
    );
    note(await request(site.app).get(`/${encodeURIComponent(words)}`));
    // Everything that comes back, once: archive, events, audits, erasures.
    await site.compliance.runDue(actor('operator'));
  }

  async function rows(): Promise<string> {
    const all: unknown[] = [];
    for (const { name } of COLLECTIONS)
      for (let cursor: string | undefined; ;) {
        const page = await site.store.find(name, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
        all.push(name, page.records);
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
    return JSON.stringify(all);
  }

  function files(): Uint8Array {
    const paths = readdirSync(site.archive, { recursive: true, encoding: 'utf8' }).map((name) => join(site.archive, name));
    return Buffer.concat(paths.filter((path) => statSync(path).isFile()).flatMap((path) => [Buffer.from(path), readFileSync(path)]));
  }

  function errors(): string {
    return site.errors
      .map((error) =>
        error instanceof Error ? `${error.name} ${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}` : String(error),
      )
      .join('\n');
  }

  async function hunt(): Promise<readonly Leak[]> {
    return huntCanaries(canaries, [
      { name: 'database', read: rows },
      { name: 'archive', read: files },
      { name: 'console', read: () => printed },
      { name: 'refusals', read: () => refusals.join('\n') },
      { name: 'errors', read: errors },
      { name: 'places', read: () => places.join('\n') },
    ]);
  }

  it('finds nothing: not in rows, archive, console, refusals, errors or addresses', { timeout: 120_000 }, async () => {
    await plant();
    expect(refusals.length).toBeGreaterThan(100);
    expect(readdirSync(site.archive, { recursive: true }).length).toBeGreaterThan(0);
    expect(await hunt()).toEqual([]);
  });

  it('finds one sealed field that is not sealed', { timeout: 120_000 }, async () => {
    await plant();
    const [row] = (await site.store.find('postings', { limit: 1 })).records;
    const body = row?.body as PostingRecord;
    await site.store.commit([
      {
        collection: 'postings',
        id: row?.id ?? '',
        expectedVersion: row?.version ?? 0,
        body: { ...body, title: `工程师 ${canaries.values.name}` },
      },
    ]);
    expect(await hunt()).toMatchObject([{ sink: 'database', canary: 'name', form: 'plain' }]);
  });
});
