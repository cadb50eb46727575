import { problemOf } from '@zhengpin/express';
import { isComplianceError } from '@zhengpin/core';

import { send } from '../board.ts';
import type { Visit } from '../board.ts';
import { findingList } from '../findings.ts';
import { html } from '../html.ts';

/** What a refused claim, a changed record or a missing right means for the person who meets it. */
const ADVICE: { readonly [code: string]: { readonly zh: string; readonly en: string } } = {
  ZP_CLAIM_HELD: {
    zh: '另一名审查员正在处理，十五分钟后未决定的任务可重新领取。',
    en: 'Another reviewer has it; a task not decided in fifteen minutes can be claimed again.',
  },
  ZP_CLAIM_REQUIRED: { zh: '领取已过时限，请重新领取后再决定。', en: 'Your claim has lapsed; claim the task again before deciding.' },
  ZP_FORBIDDEN: { zh: '如需办理，请换用有权限的账号登录。', en: 'Sign in with an account that may do this.' },
  ZP_PRECONDITION_FAILED: {
    zh: '您看到的页面之后记录又有变化。请返回重新查看后再办理。',
    en: 'The record has changed since the page you saw. Go back, look again, then act.',
  },
  ZP_SEPARATION_OF_DUTIES: {
    zh: '提交人、原决定人不得参与本项决定，请由其他人员办理。',
    en: 'Whoever submitted it or decided it before takes no part; someone else has to.',
  },
  ZP_STATE: { zh: '请返回查看当前状态。', en: 'Go back and look at its present state.' },
  ZP_STORE_UNAVAILABLE: { zh: '请稍后重试；在恢复之前不会发布任何信息。', en: 'Try again shortly; nothing is published until it is back.' },
  ZP_NOT_PUBLISHED: { zh: '它可能已到期、被撤回或正在审查。', en: 'It may have expired, been withdrawn or be under review.' },
};

/** Any failure as a page people understand; the message of an unknown error never shows. */
export function errorPage(asked: Visit, error: unknown): void {
  const problem = problemOf(error, '/compliance');
  // An address that names nothing may hold anything, and so may a query: the page does not say it again.
  const here = problem.code === 'ZP_NOT_FOUND' ? '/' : (asked.view.here.split('?')[0] ?? '/');
  const view = { ...asked.view, here };
  const visit = { ...asked, view };
  const title = view.pick({ zh: problem.titleZh, en: problem.title });
  const detail = view.pick({ zh: problem.detailZh, en: problem.detail });
  const advice = ADVICE[problem.code];
  const findings = isComplianceError(error) && error.issues.length > 0 ? problem.findings : [];
  if (problem.status === 503) visit.res.set('Retry-After', '5');
  const body = html`<h1>${title}</h1>
    ${detail !== title && html`<p class="lead">${detail}</p>`} ${advice && html`<p>${view.pick(advice)}</p>`}
    ${findings.length > 0 && findingList(view, findings, { level: 'h3' })}
    <p>
      ${view.actor === undefined && problem.status === 401 && html`<a class="button" href="/login">${view.t('登录', 'Sign in')}</a> `}${visit.req.method !== 'GET' && view.here !== '/' && html`<a href="${view.here}">${view.t('返回', 'Go back')}</a> · `}<a
        href="/"
        >${view.t('返回首页', 'To the front page')}</a
      >
    </p>
    <p class="meta">
      <a href="${problem.type}"><code>${problem.code}</code></a> · HTTP ${problem.status}
    </p>`;
  send(visit, problem.status, title, body, { failed: true });
}
