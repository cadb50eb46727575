import { ComplianceError, canonical, sha256Hex } from '@zhengpin/core';
import type { Actor, CommandOptions, Compliance, Json } from '@zhengpin/core';
import type { Request } from 'express';

const KEY = /^[\x21-\x7e]{1,128}$/;
const ETAG = /^"([1-9]\d{0,14})"$/;
const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

function requestInvalid(pointer: string, rule: string, zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_REQUEST_INVALID', {
    detail: { zh, en },
    issues: [{ pointer, rule, title: { zh, en }, advice: { zh, en }, citations: [] }],
  });
}

/** Who sent the request, by its bearer token. @throws ZP_TOKEN_MISSING, ZP_TOKEN_INVALID */
export async function actorOf(req: Request, compliance: Compliance): Promise<Actor> {
  const header = req.get('authorization');
  if (header === undefined) throw new ComplianceError('ZP_TOKEN_MISSING');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new ComplianceError('ZP_TOKEN_INVALID');
  return compliance.authenticate(token);
}

/** The version If-Match names. @throws ZP_REQUEST_INVALID for anything but one strong tag the kit has given out */
function versionOf(req: Request): number | undefined {
  const header = req.get('if-match');
  if (header === undefined) return undefined;
  const version = ETAG.exec(header.trim())?.[1];
  if (version === undefined)
    throw requestInvalid('/headers/if-match', 'if-match', 'If-Match 须为一个强 ETag，如 "3"', 'If-Match takes one strong ETag such as "3"');
  return Number(version);
}

/** Retry safety and version of a write, from its headers. The key is bound to the caller, the route and the request. */
export function commandOptions(req: Request, actor: Actor, body: unknown): CommandOptions {
  const expectedVersion = versionOf(req);
  const key = req.get('idempotency-key');
  if (key !== undefined && !KEY.test(key)) {
    throw requestInvalid(
      '/headers/idempotency-key',
      'idempotency-key',
      'Idempotency-Key 须为 1-128 个可见 ASCII 字符',
      'Idempotency-Key takes 1 to 128 visible ASCII characters',
    );
  }
  const path = `${req.method} ${req.baseUrl}${req.path}`;
  return {
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(key === undefined
      ? {}
      : {
          idempotency: {
            id: sha256Hex(canonical([actor.tenant, actor.id, path, key])),
            request: sha256Hex(canonical([(body ?? null) as Json, expectedVersion ?? null])),
          },
        }),
  };
}

/** The JSON body of a write. @throws ZP_MEDIA_TYPE, ZP_BODY_MALFORMED */
export function bodyOf(req: Request): unknown {
  if (req.is('application/json') === false) throw new ComplianceError('ZP_MEDIA_TYPE');
  if (req.body === undefined) throw new ComplianceError('ZP_BODY_MALFORMED');
  return req.body as unknown;
}

const VALUE = /^[A-Za-z0-9._:=-]{1,512}$/;

/** The query parameters a route takes, each at most once. @throws ZP_REQUEST_INVALID for others */
export function queryOf(req: Request, allowed: readonly string[]): { readonly [name: string]: string } {
  const values: Record<string, string> = {};
  for (const [name, value] of new URL(req.originalUrl, 'http://localhost').searchParams) {
    if (!allowed.includes(name))
      throw requestInvalid(
        `/query/${name.slice(0, 40).toWellFormed()}`,
        'additionalProperties',
        '不接受该查询参数',
        'is not a parameter of this route',
      );
    if (Object.hasOwn(values, name)) throw requestInvalid(`/query/${name}`, 'uniqueItems', '查询参数不得重复', 'is given more than once');
    if (!VALUE.test(value)) throw requestInvalid(`/query/${name}`, 'pattern', '查询参数格式不符', 'has the wrong form');
    values[name] = value;
  }
  return values;
}

/** A whole number in a range. @throws ZP_REQUEST_INVALID */
export function integerOf(pointer: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || value > max)
    throw requestInvalid(pointer, 'integer', `须为不大于 ${max} 的整数`, `must be a whole number of at most ${max}`);
  return value;
}

/** Page size and cursor. */
export function pageOf(query: { readonly [name: string]: string }): { readonly limit: number; readonly cursor?: string } {
  const limit = Math.max(1, integerOf('/query/limit', query['limit'], 20, 100));
  return { limit, ...(query['cursor'] === undefined ? {} : { cursor: query['cursor'] }) };
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,159}$/;

/** A path parameter; one that cannot be an id names nothing. @throws ZP_NOT_FOUND */
export function idOf(req: Request, name: string): string {
  const value: unknown = req.params[name];
  if (typeof value !== 'string' || !ID.test(value)) throw new ComplianceError('ZP_NOT_FOUND');
  return value;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret of a feed’s address. @throws ZP_NOT_FOUND */
export function feedSecretOf(req: Request): string {
  const value: unknown = req.params['secret'];
  if (typeof value !== 'string' || !SECRET.test(value)) throw new ComplianceError('ZP_NOT_FOUND');
  return value;
}

/** One of a closed list. @throws ZP_REQUEST_INVALID */
export function choiceOf<T extends string>(pointer: string, value: string | undefined, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw requestInvalid(pointer, 'enum', `须为：${choices.join('、')}`, `must be one of ${choices.join(', ')}`);
  return found;
}
