import { createHash } from 'node:crypto';

import { isComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, everything, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { SIGHTING_SCHEMA } from '../../rules/disclosure-schemas.ts';
import type { SightingInput } from '../../rules/disclosure-schemas.ts';
import { cite } from '../../rules/instruments.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DisclosureContext } from './context.ts';
import type { DisclosureDocument } from './document.ts';
import { checkPage, readPage } from './page-check.ts';
import { documentOf } from './profile.ts';
import { captureId } from './records.ts';
import type { CaptureRecord, DisclosureRecord } from './records.ts';

export type PageResult = Pick<CaptureRecord, 'page' | 'day' | 'ok' | 'missing' | 'unreachable'> & { readonly status: number };

/** Whether home pages show what they have to (首页公示监测). */
export interface MonitorCommands {
  /**
   * Fetch every web home page as a visitor without scripts would see it, and put on record what it shows. It is run every day, and after a change.
   * @source Order 44 Art. 13(1)
   */
  checkHomePages(actor: Actor): Promise<readonly PageResult[]>;
  /** What a person saw where no program can look: an app, a mini program. @throws ZP_INPUT_INVALID for a page that is not in the record */
  recordSighting(actor: Actor, input: unknown, options?: DeskOptions): Promise<PageResult>;
  /** Newest day first. */
  listCaptures(actor: Actor, page: PageOptions): Promise<Listing<Loaded<CaptureRecord>>>;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 4_000_000;
const MAX_REDIRECTS = 3;
const LINK_LIMIT = 20;
/** Where the element’s script is served from. */
const ELEMENT_PATH = '/.well-known/zhengpin-disclosure.js';
/** Gaps the host has not heard of are told for so long. */
const TOLD_DAYS_BACK = 35;

interface Fetched {
  readonly status: number;
  readonly url: string;
  readonly body: Buffer;
  /** Of the body, as the answer says. */
  readonly type: string;
}

const CHARSET = /charset\s*=\s*["']?\s*([\w-]+)/iu;
/** How far into a page browsers look for what it is written in. */
const SNIFFED_BYTES = 1024;

/** A page in the characters it is written in: many home pages are GBK. */
function textOf({ body, type }: Fetched): string {
  const label = CHARSET.exec(type)?.[1] ?? CHARSET.exec(body.subarray(0, SNIFFED_BYTES).toString('latin1'))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    // An encoding nobody knows.
    return new TextDecoder().decode(body);
  }
}

/** A body as far as the limit; more is no home page. */
async function bytesOf(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  if (body === undefined) return Buffer.alloc(0);
  for await (const part of body) {
    size += part.byteLength;
    if (size > MAX_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Get an address of the operator’s own site; redirects are followed as long as they stay on the host. Nothing that answers is status 0. */
async function get(context: DisclosureContext, address: string, keep: boolean): Promise<Fetched> {
  let url = address;
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await context.fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { accept: keep ? 'text/html, application/json' : '*/*', 'user-agent': 'Zhengpin-disclosure-monitor' },
      });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) {
        const { status } = response;
        const type = response.headers.get('content-type') ?? '';
        if (keep) return { status, url, type, body: await bytesOf(response) };
        await response.body?.cancel();
        return { status, url, type, body: Buffer.alloc(0) };
      }
      await response.body?.cancel();
      const next = new URL(location, url);
      if (next.hostname !== new URL(address).hostname) return { status: response.status, url, type: '', body: Buffer.alloc(0) };
      url = next.href;
    }
  } catch {
    // A name that does not resolve, a refused connection, a time-out: to a visitor they are one.
  }
  return { status: 0, url, type: '', body: Buffer.alloc(0) };
}

const answers = (status: number): boolean => status >= 200 && status < 300;

export function createMonitor(context: DisclosureContext): MonitorCommands {
  const { execute, calendar } = context;
  const parse = createValidator<SightingInput>(SIGHTING_SCHEMA);

  /** A page that leaves the rendering to an empty element shows what the element gets, if its script is there. A fragment that is there has to be whole. */
  async function throughElement(page: ReturnType<typeof readPage>, base: string): Promise<string> {
    const [source] = page.elements;
    const isScripted = page.scripts.some((script) => URL.canParse(script, base) && new URL(script, base).pathname === ELEMENT_PATH);
    if (source === undefined || !isScripted || !URL.canParse(source, base)) return '';
    const url = new URL(source, base);
    if (url.origin !== new URL(base).origin) return '';
    const { status, body } = await get(context, url.href, true);
    return answers(status) ? body.toString('utf8') : '';
  }

  async function look(document: DisclosureDocument, page: { readonly id: string; readonly url: string }) {
    const fetched = await get(context, page.url, true);
    const { status, url, body } = fetched;
    if (!answers(status)) {
      const ending = document.ending ? { endingShown: false } : {};
      return { status, bytes: body.length, present: [], missing: document.items.map(({ id }) => id), unreachable: [], ...ending };
    }
    const read = readPage(textOf(fetched));
    let seen = checkPage(read, document, url);
    if (seen.missing.length > 0 && (await throughElement(read, url)).includes(document.sha256)) {
      // The element renders this very document.
      seen = {
        present: document.items.map(({ id }) => id),
        missing: document.missing,
        links: document.items.flatMap(({ id, link }) => (link === undefined ? [] : [{ item: id, url: new URL(link, url).href }])),
        ...(document.ending ? { endingShown: true } : {}),
      };
    }
    // Only the operator’s own pages are asked: others may turn programs away.
    const own = seen.links.filter((link) => new URL(link.url).origin === new URL(url).origin).slice(0, LINK_LIMIT);
    const dead = await Promise.all(own.map(async (link) => (answers((await get(context, link.url, false)).status) ? [] : [link.item])));
    const sha256 = createHash('sha256').update(body).digest('hex');
    const { present, missing, endingShown } = seen;
    return {
      status,
      bytes: body.length,
      sha256,
      present,
      missing,
      unreachable: dead.flat(),
      ...(endingShown === undefined ? {} : { endingShown }),
    };
  }

  /** The capture of a day: the latest look, and that an earlier one found a gap. */
  async function keep(actor: Actor, capture: CaptureRecord, options: DeskOptions): Promise<PageResult> {
    const { tenant, page, day } = capture;
    const id = captureId(tenant, page, day);
    return execute<Loaded<CaptureRecord> | undefined, PageResult>({
      actor,
      ...retrying(options),
      load: (reader) => load<CaptureRecord>(reader, 'captures', id),
      decide(there) {
        const gapAt = there?.body.gapAt ?? (capture.ok ? undefined : capture.at);
        const isNews = !capture.ok && there?.body.gapAt === undefined && context.hooks.onGap !== undefined;
        const body: CaptureRecord = {
          ...capture,
          // A day on which one look did not find the notice is no day of it.
          ...(there?.body.endingShown === false ? { endingShown: false } : {}),
          ...(gapAt === undefined ? {} : { gapAt }),
          ...(isNews || there?.body.telling === true ? { telling: true as const } : {}),
        };
        const { ok, missing, unreachable, status = 0, sha256, how, endingShown } = body;
        const facts = { page, day, how, ok, missing, unreachable, status, sha256: sha256 ?? null, endingShown: endingShown ?? null };
        const subject = { collection: 'captures', id };
        return {
          drafts: [
            {
              kind: ok ? 'home-page.shown' : 'home-page.gap',
              subject,
              facts,
              changes: [there ? replace('captures', there, body) : create('captures', id, body)],
            },
          ],
          result: { page, day, ok, missing, unreachable, status },
        };
      },
    });
  }

  /** Take the mark away: the host has heard of it. Somebody who has looked again meanwhile has left it there, and the host hears of it once more. */
  async function unmark(actor: Actor, capture: Loaded<CaptureRecord>): Promise<void> {
    const { telling: _telling, ...rest } = capture.body;
    const { id, body } = capture;
    const { page, day } = body;
    const changes = [replace('captures', capture, rest)];
    try {
      await execute<undefined, { readonly id: string }>({
        actor,
        load: async () => undefined,
        decide: () => ({
          drafts: [{ kind: 'home-page.told', subject: { collection: 'captures', id }, facts: { page, day }, changes }],
          result: { id },
        }),
      });
    } catch (error) {
      if (!isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
    }
  }

  /** Tell the host of every gap it has not heard of, also of days before. One that cannot be told keeps none of the others. */
  async function tell(actor: Actor): Promise<void> {
    const { onGap } = context.hooks;
    if (!onGap) return;
    const from = calendar.addDays(calendar.today(context.now()), -TOLD_DAYS_BACK);
    const captures = await everything<CaptureRecord>(context.reader(actor.tenant), 'captures', { range: { field: 'day', gte: from } });
    const failures: unknown[] = [];
    for (const capture of captures.filter(({ body }) => body.telling === true)) {
      const { page, day, missing, unreachable, status = 0 } = capture.body;
      try {
        await onGap({ id: capture.id, tenant: actor.tenant, page, day, missing, unreachable, status });
        await unmark(actor, capture);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    async checkHomePages(actor) {
      context.permit(actor, 'disclosure.keep');
      const reader = context.reader(actor.tenant);
      const disclosure = await load<DisclosureRecord>(reader, 'disclosures', actor.tenant);
      // Nothing is displayed yet: there is nothing to look for.
      if (!disclosure) return [];
      const document = await documentOf(context, actor.tenant);
      const results: PageResult[] = [];
      for (const { id, kind, url } of disclosure.body.homePages) {
        if (kind !== 'web' || url === undefined) continue;
        const seen = await look(document, { id, url });
        const now = context.now();
        const day = calendar.today(now);
        const ok = answers(seen.status) && seen.missing.length === 0 && seen.unreachable.length === 0;
        const at = new Date(now).toISOString();
        results.push(await keep(actor, { tenant: actor.tenant, page: id, day, at, how: 'fetched', by: actor.id, ok, ...seen }, {}));
      }
      await tell(actor);
      return results;
    },
    async recordSighting(actor, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const { page, missing, reference, sha256 } = parse(input);
      const disclosure = found(await load<DisclosureRecord>(context.reader(actor.tenant), 'disclosures', actor.tenant));
      if (!disclosure.body.homePages.some(({ id, kind }) => id === page && kind !== 'web')) {
        const title = { zh: '须为登记的应用或小程序首页', en: 'must be an app or mini program on record; web pages are fetched' };
        refuse([{ pointer: '/page', rule: 'unknown', title, advice: title, citations: [cite('order44', '13(1)')] }]);
      }
      const document = await documentOf(context, actor.tenant);
      const now = context.now();
      const lacks = [...missing, ...document.missing];
      const present = document.items.flatMap(({ id }) => (lacks.includes(id) ? [] : [id]));
      const capture: CaptureRecord = {
        tenant: actor.tenant,
        page,
        day: calendar.today(now),
        at: new Date(now).toISOString(),
        how: 'seen',
        by: actor.id,
        ok: lacks.length === 0,
        reference,
        sha256,
        present,
        missing: lacks,
        unreachable: [],
        ...(document.ending ? { endingShown: !missing.includes('ending-notice') } : {}),
      };
      const result = await keep(actor, capture, options);
      await tell(actor);
      return result;
    },
    async listCaptures(actor, page) {
      context.permit(actor, 'disclosure.read');
      const reader = context.reader(actor.tenant);
      return listed<CaptureRecord>(await reader.find('captures', { range: { field: 'day', gt: '' }, order: 'desc', ...page }));
    },
  };
}
