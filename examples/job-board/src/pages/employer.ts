import type { Actor, PostingContent, PostingRecord, PostingState } from '@zhengpin/core';
import type { Router } from 'express';

import type { Application } from '../applications.ts';
import { button } from '../controls.ts';
import { field, idOf, queryOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { shownReason } from '../findings.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { factPairs, postingTexts } from '../posting-view.ts';
import { decisionPanel } from '../decision-view.ts';
import type { Heard } from '../decision-view.ts';
import { said, todayOf, when } from '../view.ts';
import type { View } from '../view.ts';
import { STATES } from '../words.ts';

const POSTERS = ['employer', 'agency'] as const;
const PAGE = 20;

/** What an employer may do with a posting in each state; the kit decides, this only offers. */
const MOVES: { readonly [state in PostingState]: readonly ('publication' | 'confirmation' | 'withdrawal' | 'closure' | 'edit')[] } = {
  draft: ['edit', 'withdrawal'],
  'in-review': ['edit', 'withdrawal'],
  approved: ['publication', 'edit', 'withdrawal', 'closure'],
  returned: ['edit', 'withdrawal', 'closure'],
  rejected: ['edit', 'closure'],
  published: ['confirmation', 'edit', 'withdrawal', 'closure'],
  expired: ['edit', 'withdrawal', 'closure'],
  withdrawn: ['edit', 'closure'],
  suspended: ['closure'],
  closed: [],
};

function moves(view: View, id: string, version: number, state: PostingState): Markup {
  const labels = {
    publication: view.t('发布', 'Publish'),
    confirmation: view.t('确认仍然有效', 'Confirm it still stands'),
    withdrawal: view.t('撤回', 'Withdraw'),
    closure: view.t('关闭', 'Close for good'),
  };
  return html`<div class="moves">
    ${MOVES[state].map((move) =>
      move === 'edit'
        ? html`<a class="button" href="/employer/postings/${id}/edit">${view.t('修改并重新提交', 'Revise and submit again')}</a>`
        : button(view, `/employer/postings/${id}/${move}`, labels[move], {
            hidden: { version: String(version) },
            kind: move === 'publication' ? 'primary' : 'plain',
          }),
    )}
  </div>`;
}

function row(view: View, id: string, posting: PostingRecord): Markup {
  return html`<tr>
    <th scope="row">
      <a href="/employer/postings/${id}"
        >${posting.title === '' ? view.t('（未命名草稿）', '(untitled draft)') : said(view, posting.title)}</a
      >
    </th>
    <td><span class="tag ${posting.state}">${view.pick(STATES[posting.state])}</span></td>
    <td>${posting.expiresOn ?? '—'}</td>
    <td>${when(posting.updatedAt)}</td>
  </tr>`;
}

function applicationsPanel(view: View, posting: string, applications: readonly Application[]): Markup {
  const rows = applications.map(
    ({ id, receivedOn, endedOn }) =>
      html`<li>
        <code>${id.slice(0, 8)}</code> ${view.t('收到于', 'received')} <time>${receivedOn}</time>
        ${
          endedOn === undefined
            ? button(view, `/employer/postings/${posting}/applications/${id}/end`, view.t('结束', 'End'))
            : html`· ${view.t('结束于', 'ended')} <time>${endedOn}</time>`
        }
      </li>`,
  );
  return html`<section class="panel">
    <h2>${view.t('求职申请', 'Applications')}</h2>
    <p>
      ${view.t('有未结束的申请，服务就没有完成，保存期限不起算。', 'While one is open the service is not complete, and its period has not begun.')}
    </p>
    ${
      rows.length > 0 &&
      html`<ul class="plain">
        ${rows}
      </ul>`
    }
    ${button(view, `/employer/postings/${posting}/applications`, view.t('登记一份申请', 'Record one'))}
  </section>`;
}

/** An account's own postings, one of them, and what can be done with it. */
export function employerPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/employer', POSTERS, async (call) => {
    const { view, actor } = call;
    const cursor = queryOf(call.req, 'cursor');
    const [page, organisation] = await Promise.all([
      compliance.listPostings(actor, { limit: PAGE, ...(cursor === '' ? {} : { cursor }) }),
      compliance.getOrganisation(actor, actor.organisation ?? ''),
    ]);
    const title = view.t('我的招聘', 'My postings');
    send(
      call,
      200,
      title,
      html`<div class="bar">
          <h1>${title}</h1>
          <a class="button primary" href="/employer/new">${view.t('发布招聘信息', 'New posting')}</a>
        </div>
        <p class="meta">${said(view, organisation.body.name)} · <code>${organisation.body.uscc}</code></p>
        ${
          page.items.length === 0
            ? html`<p>${view.t('还没有招聘信息。', 'No postings yet.')}</p>`
            : html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">${view.t('岗位', 'Post')}</th>
                      <th scope="col">${view.t('状态', 'State')}</th>
                      <th scope="col">${view.t('展示至', 'Shown until')}</th>
                      <th scope="col">${view.t('最近变动', 'Last change')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${page.items.map(({ id, body }) => row(view, id, body))}
                  </tbody>
                </table>
              </div>`
        }
        ${page.cursor !== undefined && html`<p><a rel="next" href="/employer?cursor=${page.cursor}">${view.t('更早的', 'Older')}</a></p>`}`,
    );
  });

  async function decisionsOf(actor: Actor, id: string): Promise<readonly Heard[]> {
    const { items } = await compliance.listDecisions(actor, id, { limit: 100 });
    return Promise.all(items.toReversed().map(async ({ id: decision }) => heard(actor, decision)));
  }

  async function heard(actor: Actor, id: string): Promise<Heard> {
    const { decision, appeal } = await compliance.getDecision(actor, id);
    const outcome = appeal?.outcome === undefined ? undefined : (await compliance.getDecision(actor, appeal.outcome)).decision;
    return { decision, ...(appeal ? { appeal } : {}), ...(outcome ? { outcome: outcome.body } : {}) };
  }

  restricted(router, '/employer/postings/:id', POSTERS, async (call) => {
    const { view, actor } = call;
    const { posting, content } = await compliance.getPosting(actor, idOf(call.req));
    const { state, expiresOn, title } = posting.body;
    const decisions = await decisionsOf(actor, posting.id);
    const screening = decisions.find((d) => d.decision.id === posting.body.screening);
    const findings = (screening?.decision.body.reasons ?? []).map(shownReason);
    const name = title === '' ? view.t('草稿', 'Draft') : title;
    send(
      call,
      200,
      name,
      html`<p class="meta"><a href="/employer">${view.t('我的招聘', 'My postings')}</a></p>
        <h1>${said(view, name)}</h1>
        <p>
          <span class="tag ${state}">${view.pick(STATES[state])}</span
          >${expiresOn !== undefined && html` ${view.t('展示至 ', 'shown until ')}<time>${expiresOn}</time>`}${state === 'published' && html` · <a href="/postings/${posting.id}">${view.t('查看公开页面', 'See the public page')}</a>`}
        </p>
        ${moves(view, posting.id, posting.version, state)} ${applicationsPanel(view, posting.id, board.applications.of(posting.id))}
        <section>
          <h2>${view.t('决定与理由', 'Decisions and reasons')}</h2>
          ${decisions.length === 0 ? html`<p>${view.t('还没有决定。', 'None yet.')}</p>` : decisions.map((one) => decisionPanel(view, one, content))}
        </section>
        <section class="panel">
          <h2>${view.t('当前内容', 'Present content')}</h2>
          ${'place' in content && 'pay' in content && state !== 'draft' ? html`${factPairs(view, content, findings)}${postingTexts(view, content, findings)}` : html`<p>${view.t('草稿尚未提交。', 'A draft, not yet submitted.')}</p>`}
        </section>`,
    );
  });

  restrictedForm(router, '/employer/postings/:id/applications', POSTERS, async (post) => {
    const { posting } = await compliance.getPosting(post.actor, idOf(post.req));
    await board.applications.receive({ id: posting.id, organisation: posting.body.organisation }, todayOf(post.view));
    see(post, `/employer/postings/${posting.id}`);
  });

  restrictedForm(router, '/employer/postings/:id/applications/:application/end', POSTERS, async (post) => {
    const { posting } = await compliance.getPosting(post.actor, idOf(post.req));
    await board.applications.end(posting.id, idOf(post.req, 'application'), todayOf(post.view));
    see(post, `/employer/postings/${posting.id}`);
  });

  restricted(router, '/employer/decisions/:id', POSTERS, async (call) => {
    const { view, actor } = call;
    const one = await heard(actor, idOf(call.req));
    const { collection, subject } = one.decision.body;
    const content: PostingContent | undefined =
      collection === 'postings' ? await contentDecided(actor, subject, one.decision.body.contentHash) : undefined;
    const title = view.t('处理决定', 'Decision');
    send(
      call,
      200,
      title,
      html`<p class="meta">
          ${collection === 'postings' ? html`<a href="/employer/postings/${subject}">${view.t('该招聘信息', 'The posting')}</a>` : html`<a href="/employer/materials">${view.t('材料', 'Materials')}</a>`}
        </p>
        <h1>${title}</h1>
        ${decisionPanel(view, one, content)}`,
    );
  });

  /** The words a decision was about, if they are still the present ones. */
  async function contentDecided(actor: Actor, subject: string, hash: string): Promise<PostingContent | undefined> {
    const { posting, content } = await compliance.getPosting(actor, subject);
    return posting.body.contentHash === hash ? content : undefined;
  }

  restrictedForm(router, '/employer/decisions/:id/appeal', POSTERS, async (post) => {
    const id = idOf(post.req);
    await compliance.appealDecision(post.actor, id, { explanation: field(post.form, 'explanation') });
    see(post, `/employer/decisions/${id}`);
  });

  const commands = {
    publication: compliance.publishPosting,
    confirmation: compliance.confirmPosting,
    withdrawal: compliance.withdrawPosting,
    closure: compliance.closePosting,
  };
  for (const [move, command] of Object.entries(commands)) {
    restrictedForm(router, `/employer/postings/:id/${move}`, POSTERS, async (post) => {
      const id = idOf(post.req);
      await command(post.actor, id, { expectedVersion: Number(field(post.form, 'version')) });
      see(post, `/employer/postings/${id}`);
    });
  }
}
