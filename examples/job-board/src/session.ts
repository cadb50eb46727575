import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { ComplianceError, isComplianceError } from '@zhengpin/core';
import type { Actor, Compliance } from '@zhengpin/core';
import type { Request, Response } from 'express';

import { clearCookie, cookieOf, setCookie } from './cookies.ts';

const COOKIE = 'zp_board_session';
const SESSION_MS = 12 * 3_600_000;
/** A form is this process's own if it carries this, keyed by the session it was shown to. */
const SECRET = randomBytes(32);

export function signIn(req: Request, res: Response, token: string): void {
  setCookie(req, res, COOKIE, token, SESSION_MS);
}

export function signOut(req: Request, res: Response): void {
  clearCookie(req, res, COOKIE);
}

export interface Session {
  readonly actor?: Actor;
  readonly csrf: string;
}

/** Who the session cookie speaks for. A cookie that no longer verifies is a visitor's: keys are new after a restart. */
export async function sessionOf(req: Request, compliance: Compliance): Promise<Session> {
  const token = cookieOf(req, COOKIE) ?? '';
  const csrf = createHmac('sha256', SECRET).update(token).digest('base64url');
  if (token === '') return { csrf };
  try {
    return { csrf, actor: await compliance.authenticate(token) };
  } catch (error) {
    if (isComplianceError(error) && error.code === 'ZP_TOKEN_INVALID') return { csrf };
    throw error;
  }
}

/** A browser says where a form comes from; one that does not say so is not believed. */
function sameOrigin(req: Request): boolean {
  const origin = req.get('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === req.get('host');
}

/** Refuse a form that another site may have sent. @throws ZP_FORBIDDEN */
export function checkForm(req: Request, expected: string, given: string | null): void {
  const one = Buffer.from(expected);
  const other = Buffer.from(given ?? '');
  if (!sameOrigin(req) || one.length !== other.length || !timingSafeEqual(one, other)) {
    throw new ComplianceError('ZP_FORBIDDEN', {
      detail: {
        zh: '表单已失效或来自其他网站，请回到页面重新提交',
        en: 'The form is stale or comes from another site; go back to the page and send it again',
      },
    });
  }
}
