import type { Actor, Compliance, Loaded, ReviewRecord } from '@zhengpin/core';
import type { Router } from 'express';

import { nameOf } from '../accounts.ts';
import { idOf, queryOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { button } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { age, said } from '../view.ts';
import type { View } from '../view.ts';
import { MATERIALS, TASKS } from '../words.ts';

export const READERS = ['reviewer', 'compliance-officer', 'auditor', 'inspector'] as const;
const KINDS = ['posting', 'material', 'appeal'] as const;
const PAGE = 20;

/** What a task is about, in a few words. */
async function subjectOf(view: View, compliance: Compliance, actor: Actor, { kind, subject }: ReviewRecord): Promise<Markup> {
  if (kind === 'posting') return html`${said(view, (await compliance.getPosting(actor, subject)).posting.body.title)}`;
  if (kind === 'material') {
    const { body } = await compliance.getMaterial(actor, subject);
    return html`${view.pick(MATERIALS[body.kind])} <code>${body.employerUscc}</code>`;
  }
  const { decision } = await compliance.getDecision(actor, subject);
  const about =
    decision.body.collection === 'postings'
      ? said(view, (await compliance.getPosting(actor, decision.body.subject)).posting.body.title)
      : html`${view.t('材料', 'a material')}`;
  return html`${view.t('申诉：', 'Appeal about ')}${about}`;
}

function claimText(view: View, task: ReviewRecord): Markup {
  const { claim } = task;
  if (claim === undefined || claim.until <= new Date(view.now).toISOString()) return html`${view.t('未领取', 'Free')}`;
  return html`${claim.by === view.actor?.id ? view.t('本人', 'You') : html`<bdi>${nameOf(view, claim.by)}</bdi>`}`;
}

/** The one queue of postings, materials and appeals. */
export function reviewPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/reviews', READERS, async (call) => {
    const { view, actor, req } = call;
    const kind = KINDS.find((k) => k === queryOf(req, 'kind'));
    const cursor = queryOf(req, 'cursor');
    const page = await compliance.listReviews(actor, {
      limit: PAGE,
      ...(kind === undefined ? {} : { kind }),
      ...(cursor === '' ? {} : { cursor }),
    });
    const rows = await Promise.all(
      page.items.map(async (task: Loaded<ReviewRecord>) => ({ task, subject: await subjectOf(view, compliance, actor, task.body) })),
    );
    const title = view.t('审查队列', 'Review queue');
    const filters: readonly (readonly [string, string, boolean])[] = [
      ['/reviews', view.t('全部', 'All'), kind === undefined],
      ...KINDS.map((k) => [`/reviews?kind=${k}`, view.pick(TASKS[k]), k === kind] as const),
    ];
    const more = new URLSearchParams({ ...(kind === undefined ? {} : { kind }), cursor: page.cursor ?? '' }).toString();
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t('先到先审。领取后十五分钟内作出决定；提交人和原决定人不参与。', 'Oldest first. Decide within fifteen minutes of claiming; whoever submitted or decided it before takes no part.')}
        </p>
        <nav class="tabs" aria-label="${view.t('任务种类', 'Kinds of task')}">
          <ul>
            ${filters.map(([href, label, now]) => html`<li><a href="${href}" ${now && html` aria-current="true"`}>${label}</a></li>`)}
          </ul>
        </nav>
        ${
          rows.length === 0
            ? html`<p>${view.t('没有待审查的任务。', 'Nothing waits.')}</p>`
            : html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">${view.t('任务', 'Task')}</th>
                      <th scope="col">${view.t('种类', 'Kind')}</th>
                      <th scope="col">${view.t('已等待', 'Waiting')}</th>
                      <th scope="col">${view.t('领取人', 'Claimed by')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.map(
                      ({ task, subject }) =>
                        html`<tr>
                          <th scope="row"><a href="/reviews/${task.id}">${subject}</a></th>
                          <td>${view.pick(TASKS[task.body.kind])}</td>
                          <td>${age(view, task.body.openedAt)}</td>
                          <td>${claimText(view, task.body)}</td>
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>`
        }
        ${page.cursor !== undefined && html`<p><a rel="next" href="/reviews?${more}">${view.t('下一页', 'Next')}</a></p>`}`,
    );
  });

  restrictedForm(router, '/reviews/:id/claim', ['reviewer'], async (post) => {
    const id = idOf(post.req);
    await compliance.claimReview(post.actor, id);
    see(post, `/reviews/${id}`);
  });
}

/** Whether the reader holds the task, may take it, or neither. */
export function claimPanel(view: View, task: Loaded<ReviewRecord>): Markup {
  const { claim, state, barred } = task.body;
  if (state !== 'open')
    return html`<p class="note">
      ${state === 'done' ? view.t('该任务已作出决定。', 'This task has been decided.') : view.t('该任务已失效。', 'This task is void.')}
    </p>`;
  if (view.actor?.role !== 'reviewer') return html`<p class="meta">${view.t('领取人：', 'Claimed by: ')}${claimText(view, task.body)}</p>`;
  if (barred.includes(view.actor.id))
    return html`<p class="note">
      ${view.t('您提交过或曾决定此事，须由另一名审查员办理。', 'You submitted this or decided it before; another reviewer has to.')}
    </p>`;
  const held = claim !== undefined && claim.until > new Date(view.now).toISOString();
  if (held && claim.by === view.actor.id)
    return html`<p class="meta">
      ${view.t('您已领取，时限至 ', 'You hold this task until ')}${new Date(claim.until).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })}${view.t('。', '.')}
    </p>`;
  if (held) return html`<p class="note">${view.t('已由他人领取：', 'Claimed by ')}<bdi>${nameOf(view, claim.by)}</bdi></p>`;
  return button(view, `/reviews/${task.id}/claim`, view.t('领取审查', 'Claim this task'), { kind: 'primary' });
}

/** True while the reader may decide the task. */
export function holds(view: View, task: Loaded<ReviewRecord>): boolean {
  const { claim, state } = task.body;
  return state === 'open' && claim !== undefined && claim.by === view.actor?.id && claim.until > new Date(view.now).toISOString();
}
