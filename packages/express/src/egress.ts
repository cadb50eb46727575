import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

import { ComplianceError, createProjector, PERSONAL_FIELDS, PURPOSES, recognise, redact } from '@zhengpin/core';
import type { Actor, Compliance, FieldMap, PersonalField, Projection, Projector } from '@zhengpin/core';
import type { Request, RequestHandler, Response } from 'express';

import { checkOptions } from './gate.ts';
import { sendProblem } from './problem-details.ts';
import { actorOf } from './request.ts';

/** What leaves through a route, and why it may (外发守卫选项). */
export interface EgressOptions {
  /** Fields of the answer by JSON Pointer, `*` for every item or member; `public` for what is nobody's. */
  readonly fields: FieldMap;
  /** Pointers to the opaque ids of those it is about. */
  readonly subjects: readonly string[];
  /** Purposes this route may be used for; with one alone nobody need say it. */
  readonly purposes: readonly string[];
  /**
   * Only persons who gave their separate consent to this purpose and this organisation: for handing résumés to employers and partners. A role without an
   * organisation is not asked for one. Default false. @source PIPL Art. 23
   */
  readonly separateConsent?: boolean;
  /** The catalogue, with fields of the host's own. Default: the kit's. */
  readonly catalogue?: readonly PersonalField[];
  /** Default `/compliance`. */
  readonly baseUrl?: string;
  readonly onError?: (error: unknown) => void;
}

/** Ways out for what is no single JSON answer (其他外发方式), in `res.locals.egress`. */
export interface Egress {
  /**
   * Send many objects, one line or one item each, as they come: each batch is on record before a byte of it leaves, and the memory does not grow.
   * @param format `ndjson`, or `json` for one array. Default `ndjson`
   */
  stream(items: AsyncIterable<unknown> | Iterable<unknown>, format?: 'ndjson' | 'json'): Promise<void>;
  /** Send a file that is one field of one subject. @throws ZP_FORBIDDEN for a role that does not see the whole of it */
  file(of: { readonly subject: string; readonly field: string }, body: Readable | Uint8Array): Promise<void>;
}

const HEADER = 'zhengpin-purpose';
const OPTIONS = ['fields', 'subjects', 'purposes', 'separateConsent', 'catalogue', 'baseUrl', 'onError'];
/** Subjects named in one look; all of them are counted. */
const NAMED = 200;
const SUBJECT = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/u;
/** Objects of a stream that are recorded together. */
const BATCH = 100;
/** Headers that are made of values a handler chose. */
const CHECKED_HEADERS = ['location', 'content-disposition', 'content-location', 'link'];

/** What the guard of a route declares, for whoever asks which routes have one. */
export interface GuardedRoute {
  readonly fields: readonly string[];
  readonly purposes: readonly string[];
}
const GUARD: unique symbol = Symbol.for('zhengpin.egress');

/** What a handler guards; undefined for any other handler (识别守卫). */
export function guardOf(handler: unknown): GuardedRoute | undefined {
  return typeof handler === 'function' ? (handler as { [GUARD]?: GuardedRoute })[GUARD] : undefined;
}

interface Outgoing {
  readonly req: Request;
  readonly res: Response;
  readonly actor: Actor;
  readonly purpose: string;
  readonly route: string;
  /** Whom the separate consent has to name; absent where none is asked for. */
  readonly recipient?: string;
}

function purposeOf(req: Request, purposes: readonly string[]): string {
  const asked = req.get(HEADER) ?? (purposes.length === 1 ? purposes[0] : undefined);
  if (asked !== undefined && purposes.includes(asked)) return asked;
  const list = purposes.map((id) => PURPOSES.find((one) => one.id === id)).flatMap((one) => (one ? [`${one.id}（${one.title.zh}）`] : []));
  throw new ComplianceError('ZP_PURPOSE_INVALID', {
    detail: {
      zh: `请在 Zhengpin-Purpose 首部说明处理目的：${list.join('、')}`,
      en: `Say the purpose in the header Zhengpin-Purpose: ${purposes.join(', ')}`,
    },
  });
}

function routeOf(req: Request): string {
  const path: unknown = (req.route as { readonly path?: unknown } | undefined)?.path;
  return `${req.method} ${req.baseUrl}${typeof path === 'string' ? path : ''}`.slice(0, 200);
}

async function record(
  compliance: Compliance,
  out: Outgoing,
  how: 'view' | 'list' | 'file' | 'export',
  seen: readonly Projection[],
): Promise<void> {
  const fields = [...new Set(seen.flatMap((one) => one.fields))];
  const undeclared = [...new Set(seen.flatMap((one) => one.undeclared))];
  // Nothing of anybody's was in it: nobody was looked at.
  if (fields.length === 0 && undeclared.length === 0) return;
  const subjects = [...new Set(seen.flatMap((one) => one.subjects))];
  const { actor, purpose, recipient } = out;
  // One who has not agreed is enough: a list is cut by whoever makes it, not here.
  if (recipient !== undefined && fields.length > 0)
    for (const subject of subjects) await compliance.assertConsent(actor.tenant, { subject, scope: 'separate', purpose, recipient });
  await compliance.recordAccess(out.actor, {
    purpose: out.purpose,
    route: out.route,
    how,
    fields: fields.slice(0, 64),
    subjects: subjects.filter((id) => SUBJECT.test(id)).slice(0, NAMED),
    // Fields without a subject are somebody's all the same.
    count: Math.max(subjects.length, fields.length > 0 ? 1 : 0),
    undeclared,
  });
}

/** The response with every way out closed until the guard opens it. */
function seal(res: Response): { open(): void; readonly json: Response['json']; readonly send: Response['send'] } {
  const { json, send, write, end } = res;
  return {
    json: json.bind(res),
    send: send.bind(res),
    open() {
      Object.assign(res, { json, send, write, end });
    },
  };
}

/**
 * Put before a route that answers with personal information (个人信息外发守卫): who asks and why is settled first, what leaves is cut down to
 * what the role may see, and the look is on record before a byte of it leaves. What is not declared and looks like personal information is
 * redacted; a body that is neither JSON nor text is refused unless it goes by way of {@link Egress}. Fails closed: no record, no answer.
 * @source Order 44 Art. 21(2); PIPL Arts. 6, 51
 */
export function personalEgress(compliance: Compliance, options: EgressOptions): RequestHandler {
  checkOptions(options, OPTIONS);
  const { fields, subjects, purposes, separateConsent = false, catalogue = PERSONAL_FIELDS, baseUrl = '/compliance', onError } = options;
  const projector: Projector = createProjector(fields, subjects, catalogue);
  for (const id of purposes)
    if (!PURPOSES.some((one) => one.id === id))
      throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `未知处理目的：${id}`, en: `unknown purpose: ${id}` } });
  if (purposes.length === 0)
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '须给出处理目的', en: 'purposes are required' } });

  async function personalEgress(req: Request, res: Response, next: (error?: unknown) => void): Promise<void> {
    let out: Outgoing;
    try {
      const asker = await actorOf(req, compliance);
      const recipient = separateConsent ? asker.organisation : undefined;
      const about = { purpose: purposeOf(req, purposes), route: routeOf(req) };
      out = { req, res, actor: asker, ...about, ...(recipient === undefined ? {} : { recipient }) };
    } catch (error) {
      onError?.(error);
      sendProblem(res, error, baseUrl);
      return;
    }
    const { actor } = out;
    const way = seal(res);
    let isAnswered = false;

    function fail(error: unknown): void {
      onError?.(error);
      way.open();
      if (res.headersSent) {
        // Half an answer is worse than none: whoever reads it must see that it broke off.
        res.destroy();
        return;
      }
      for (const name of [...CHECKED_HEADERS, 'content-length', 'etag', 'content-type']) res.removeHeader(name);
      sendProblem(res, error, baseUrl);
    }

    /** Headers are no place for what the body must not say. */
    function checkHeaders(): void {
      for (const name of CHECKED_HEADERS) {
        const value = res.getHeader(name);
        let text = String(value ?? '');
        try {
          text = decodeURIComponent(text);
        } catch {
          // Read as it is.
        }
        if (recognise(text).length > 0) throw new ComplianceError('ZP_EGRESS_UNDECLARED');
      }
    }

    /** One answer at most; what a handler says after it is lost, as it would be without a guard. */
    function answer(work: () => Promise<void>): Response {
      if (isAnswered) return res;
      isAnswered = true;
      void (async () => {
        checkHeaders();
        await work();
      })().catch(fail);
      return res;
    }

    function json(body: unknown): Response {
      return answer(async () => {
        const projected = projector.project(body, actor.role);
        await record(compliance, out, projected.subjects.length > 1 ? 'list' : 'view', [projected]);
        way.open();
        res.json(projected.value);
      });
    }

    function text(body: string): Response {
      const type = String(res.getHeader('content-type') ?? '');
      if (/[/+]json\b/iu.test(type)) {
        let parsed: unknown;
        try {
          parsed = JSON.parse(body);
        } catch {
          return answer(() => Promise.reject(new ComplianceError('ZP_EGRESS_UNDECLARED')));
        }
        return json(parsed);
      }
      return answer(async () => {
        const undeclared = [...new Set(recognise(body).map(({ kind }) => kind))];
        await record(compliance, out, 'view', [{ value: undefined, fields: [], subjects: [], undeclared }]);
        way.open();
        res.send(redact(body));
      });
    }

    function closed(): never {
      const error = new ComplianceError('ZP_EGRESS_UNDECLARED', {
        detail: {
          zh: '受守卫的路由只可用 res.json、res.send(文本) 或 res.locals.egress 答复',
          en: 'A guarded route answers by res.json, res.send of a text, or res.locals.egress',
        },
      });
      if (!isAnswered) {
        isAnswered = true;
        fail(error);
      }
      throw error;
    }

    const egress: Egress = {
      async stream(items, format = 'ndjson') {
        isAnswered = true;
        const isArray = format === 'json';
        async function* lines(): AsyncGenerator<string, void, undefined> {
          let count = 0;
          let batch: Projection[] = [];
          const flush = async (): Promise<string> => {
            await record(compliance, out, 'export', batch);
            const texts = batch.map(({ value }) => JSON.stringify(value) ?? 'null');
            const text = isArray ? `${count === 0 ? '' : ','}${texts.join(',')}` : texts.map((one) => `${one}\n`).join('');
            count += batch.length;
            batch = [];
            return text;
          };
          for await (const item of items) {
            batch.push(projector.project(item, actor.role));
            if (batch.length === BATCH) yield (count === 0 && isArray ? '[' : '') + (await flush());
          }
          const head = count === 0 && isArray ? '[' : '';
          yield `${head}${batch.length > 0 ? await flush() : ''}${isArray ? ']' : ''}`;
        }
        try {
          checkHeaders();
          const text = lines();
          // The first batch is on record before even the status leaves.
          const first = await text.next();
          way.open();
          res.type(isArray ? 'application/json' : 'application/x-ndjson');
          await pipeline(async function* () {
            if (!first.done && first.value !== '') yield first.value;
            yield* text;
          }, res);
        } catch (error) {
          fail(error);
        }
      },
      async file({ subject, field }, body) {
        isAnswered = true;
        try {
          checkHeaders();
          const known = catalogue.find(({ id }) => id === field);
          if (known === undefined) throw new ComplianceError('ZP_EGRESS_UNDECLARED');
          // Half a picture cannot be shown.
          if (known.sight[actor.role] !== 'full') throw new ComplianceError('ZP_FORBIDDEN');
          await record(compliance, out, 'file', [{ value: undefined, fields: [field], subjects: [subject], undeclared: [] }]);
          way.open();
          if (body instanceof Uint8Array) res.end(body);
          else await pipeline(body, res);
        } catch (error) {
          fail(error);
        }
      },
    };

    Object.assign(res, {
      json,
      send: (body?: unknown) => {
        if (typeof body === 'string') return text(body);
        if (body === undefined || body === null) return answer(async () => void (way.open(), res.end()));
        return body instanceof Uint8Array ? closed() : json(body);
      },
      write: closed,
      end: (chunk?: unknown) => {
        if (typeof chunk === 'string') return text(chunk);
        if (chunk === undefined || typeof chunk === 'function') return answer(async () => void (way.open(), res.end()));
        return closed();
      },
    });
    res.locals['actor'] = actor;
    res.locals['egress'] = egress;
    next();
  }

  const declared: GuardedRoute = { fields: [...new Set(projector.declared.map(({ id }) => id))], purposes };
  return Object.assign(personalEgress as RequestHandler, { [GUARD]: declared });
}
