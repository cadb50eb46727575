import { ComplianceError, ROLES } from '@zhengpin/core';
import type { Role } from '@zhengpin/core';
import type { Router } from 'express';

import { ACCOUNTS } from '../accounts.ts';
import { field, open, openForm, queryOf, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { html } from '../html.ts';
import { token } from '../layout.ts';
import { signIn, signOut } from '../session.ts';
import { ROLE_NAMES } from '../words.ts';

/** Where a role begins its work. */
const HOME: { readonly [role in Role]: string } = {
  employer: '/employer',
  agency: '/employer',
  reviewer: '/reviews',
  'compliance-officer': '/reviews',
  auditor: '/evidence',
  inspector: '/evidence',
  operator: '/operator',
};

/** A path of this board, or nothing: `//elsewhere` and `/\elsewhere` would leave it. */
function localPath(text: string): string | undefined {
  return /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(text) ? text : undefined;
}

/** Choosing a demonstration account, and leaving it. */
export function loginPages(router: Router, board: Board): void {
  open(router, '/login', (visit) => {
    const { view } = visit;
    const title = view.t('选择演示账号', 'Choose a demonstration account');
    const next = localPath(queryOf(visit.req, 'next'));
    const order: readonly Role[] = ['reviewer', 'compliance-officer', 'auditor', 'inspector', 'operator', 'agency', 'employer'];
    const groups = order
      .filter((role) => ROLES.includes(role))
      .map((role) => {
        const accounts = ACCOUNTS.filter((a) => a.actor.role === role);
        return html`<fieldset>
          <legend>${view.pick(ROLE_NAMES[role])}</legend>
          <ul class="accounts">
            ${accounts.map(
              ({ actor, name }) =>
                html`<li>
                  <button type="submit" name="account" value="${actor.id}"><bdi>${view.pick(name)}</bdi> <code>${actor.id}</code></button>
                </li>`,
            )}
          </ul>
        </fieldset>`;
      });
    send(
      visit,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t(
            '仅供开发演示，没有密码。实际部署应接入您自己的身份系统，审查员与用人单位分属不同人员。',
            'For development only, without passwords. A real deployment uses your own identity system, and reviewers and employers are different people.',
          )}
        </p>
        <form method="post" action="/login" class="login">
          ${token(view)}${next !== undefined && html`<input type="hidden" name="next" value="${next}" />`}${groups}
        </form>`,
    );
  });

  openForm(router, '/login', async (post) => {
    const account = ACCOUNTS.find((a) => a.actor.id === field(post.form, 'account'));
    if (account === undefined) throw new ComplianceError('ZP_NOT_FOUND');
    signIn(post.req, post.res, await board.mint(account.actor));
    see(post, localPath(field(post.form, 'next')) ?? HOME[account.actor.role]);
  });

  openForm(router, '/logout', async (post) => {
    signOut(post.req, post.res);
    see(post, '/');
  });
}
