import type { Actor, Compliance, Role } from '@zhengpin/core';
import { ComplianceError, isComplianceError } from '@zhengpin/core';
import { STATUS } from '@zhengpin/express';
import type { DisclosureSite } from '@zhengpin/express';
import type { Request, RequestHandler, Response, Router } from 'express';

import type { Applications } from './applications.ts';
import type { Piece } from './html.ts';
import { layout } from './layout.ts';
import type { PageOptions } from './layout.ts';
import type { Payments } from './payments.ts';
import type { PublishedIndex } from './published-index.ts';
import { checkForm } from './session.ts';
import { viewOf } from './view.ts';
import type { View } from './view.ts';

/** The tenant of the board: it serves one operator. */
export const TENANT = 'main';

/** What the pages work with. */
export interface Board {
  readonly compliance: Compliance;
  readonly applications: Applications;
  readonly payments: Payments;
  /** Mints a session token for a demonstration account. */
  readonly mint: (actor: Actor) => Promise<string>;
  readonly published: PublishedIndex;
  /** The account the board itself reads with. */
  readonly reader: Actor;
  /** What the home page has to show. */
  readonly display: DisclosureSite;
}

/** A request to a page, after its checks. */
export interface Visit {
  readonly view: View;
  readonly req: Request;
  readonly res: Response;
}

/** A page only some roles see, with its actor. */
export interface Call extends Visit {
  readonly actor: Actor;
}

/** A posted form. */
export interface Post extends Call {
  readonly form: URLSearchParams;
}

export function send(visit: Visit, status: number, title: string, body: Piece, options: PageOptions = {}): void {
  visit.res
    .status(status)
    .type('html')
    .send(layout(visit.view, title, body, options).text);
}

/** Answer a form with the page that shows its outcome. */
export function see(visit: Visit, path: string): void {
  visit.res.redirect(303, path);
}

/** The HTTP status of an error of the kit; others are for the last handler. @throws the error itself */
export function statusOf(error: unknown): number {
  if (!isComplianceError(error)) throw error;
  return STATUS[error.code];
}

/** One field of a form as text: line ends as the kit counts offsets, and no blanks around. */
export function field(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll('\r\n', '\n').trim();
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,159}$/;

/** A path parameter; one that cannot be an id names nothing. @throws ZP_NOT_FOUND */
export function idOf(req: Request, name = 'id'): string {
  const value: unknown = req.params[name];
  if (typeof value !== 'string' || !ID.test(value)) throw new ComplianceError('ZP_NOT_FOUND');
  return value;
}

/** One query parameter, the first if it is repeated. */
export function queryOf(req: Request, name: string): string {
  return new URL(req.originalUrl, 'http://board.invalid').searchParams.get(name)?.trim() ?? '';
}

function allowed(view: View, roles: readonly Role[]): Actor {
  if (view.actor === undefined) throw new ComplianceError('ZP_TOKEN_MISSING', { detail: { zh: '请先登录', en: 'Sign in first' } });
  if (!roles.includes(view.actor.role)) throw new ComplianceError('ZP_FORBIDDEN');
  return view.actor;
}

/** A page anyone may see. */
export function open(router: Router, path: string, show: (visit: Visit) => Promise<void> | void): void {
  router.get(path, (async (req, res) => {
    await show({ view: viewOf(res), req, res });
  }) satisfies RequestHandler);
}

/** A page for some roles; a visitor is sent to sign in first and comes back. */
export function restricted(router: Router, path: string, roles: readonly Role[], show: (call: Call) => Promise<void>): void {
  open(router, path, async (visit) => {
    if (visit.view.actor === undefined) {
      see(visit, `/login?next=${encodeURIComponent(visit.req.originalUrl)}`);
      return;
    }
    await show({ ...visit, actor: allowed(visit.view, roles) });
  });
}

function formOf(req: Request): URLSearchParams {
  const body: unknown = req.body;
  if (typeof body !== 'string') throw new ComplianceError('ZP_MEDIA_TYPE');
  return new URLSearchParams(body);
}

/** A form anyone may send from a page of the board. */
export function openForm(router: Router, path: string, act: (post: Visit & { readonly form: URLSearchParams }) => Promise<void>): void {
  router.post(path, async (req, res) => {
    const view = viewOf(res);
    const form = formOf(req);
    checkForm(req, view.csrf, form.get('csrf'));
    await act({ view, req, res, form });
  });
}

/** A form of some roles. */
export function restrictedForm(router: Router, path: string, roles: readonly Role[], act: (post: Post) => Promise<void>): void {
  openForm(router, path, async (post) => act({ ...post, actor: allowed(post.view, roles) }));
}

/** The named fields of a form that were filled in, as the kit takes them. */
export function filled(form: URLSearchParams, names: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(names.map((name) => [name, field(form, name)] as const).filter(([, value]) => value !== ''));
}
