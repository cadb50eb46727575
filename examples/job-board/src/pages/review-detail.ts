import { isComplianceError } from '@zhengpin/core';
import type { Issue, Loaded, MaterialRecord, ReviewDetail } from '@zhengpin/core';
import { problemOf } from '@zhengpin/express';
import type { Router } from 'express';

import { field, idOf, restricted, restrictedForm, see, send, statusOf } from '../board.ts';
import type { Board, Call } from '../board.ts';
import { findingList, shownReason } from '../findings.ts';
import type { Shown } from '../findings.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { factPairs, postingTexts } from '../posting-view.ts';
import { verdictForm, verdictFrom } from '../verdict-form.ts';
import { law, said, when } from '../view.ts';
import type { View } from '../view.ts';
import { MATERIAL_STATES, MATERIALS, STATES, TASKS, VERDICTS } from '../words.ts';
import { claimPanel, holds, READERS } from './reviews.ts';

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly findings: readonly Shown[];
}

function materialTable(view: View, materials: readonly Loaded<MaterialRecord>[]): Markup {
  if (materials.length === 0) return html`<p>${view.t('没有材料。', 'None.')}</p>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${view.t('材料', 'Materials')}">
    <table>
      <thead>
        <tr>
          <th scope="col">${view.t('种类', 'Kind')}</th>
          <th scope="col">${view.t('审查', 'Review')}</th>
          <th scope="col">${view.t('有效期至', 'Valid until')}</th>
          <th scope="col">${view.t('经办人', 'Handler')}</th>
          <th scope="col">${view.t('编号', 'Reference')}</th>
        </tr>
      </thead>
      <tbody>
        ${materials.map(
          ({ body }) =>
            html`<tr>
              <th scope="row">${view.pick(MATERIALS[body.kind])}</th>
              <td><span class="tag ${body.state}">${view.pick(MATERIAL_STATES[body.state])}</span></td>
              <td>${body.expiresOn ?? '—'}</td>
              <td>${body.handler ?? '—'}</td>
              <td><code>${body.reference}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function oneMaterial(view: View, { body: record }: Loaded<MaterialRecord>): Markup {
  const pairs: readonly (readonly [string, string])[] = [
    [view.t('种类', 'Kind'), view.pick(MATERIALS[record.kind])],
    [view.t('用人单位', 'Employer'), record.employerUscc],
    [view.t('文件编号', 'File reference'), record.reference],
    ['SHA-256', record.sha256],
    [view.t('有效期至', 'Valid until'), record.expiresOn ?? view.t('未注明', 'not stated')],
    [view.t('经办人账号', 'Handler’s account'), record.handler ?? '—'],
    [view.t('提交账号', 'Submitted by'), record.submittedBy],
    [view.t('状态', 'State'), view.pick(MATERIAL_STATES[record.state])],
  ];
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd class="break">${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function missingPanel(view: View, missing: readonly Issue[]): Markup {
  if (missing.length === 0)
    return html`<p class="note good">
      ${view.t('材料与许可齐备，可以通过。', 'Materials and licence are complete; nothing stands in the way of approval.')}
    </p>`;
  return html`<section class="note bad" aria-labelledby="missing">
    <h2 id="missing">${view.t('目前不能通过', 'Cannot be approved now')}</h2>
    <ul>
      ${missing.map((m) => html`<li>${view.pick(m.title)}<br /><span class="meta">${view.pick(m.advice)}${m.citations.length > 0 && html` · ${law(view, m.citations)}`}</span></li>`)}
    </ul>
  </section>`;
}

function detailBody(view: View, detail: ReviewDetail): Markup {
  const { task, posting, content, screening, materials, material, appeal, appealed, missing } = detail;
  const findings = (appealed && appealed.verdict !== 'block' ? [] : (screening?.reasons ?? [])).map(shownReason);
  return html`${
    appeal &&
    appealed &&
    html`<section class="panel">
      <h2>${view.t('申诉', 'The appeal')}</h2>
      <p class="long">${said(view, appeal.explanation)}</p>
      <p class="meta">${appeal.filedBy} · ${when(appeal.filedAt)}</p>
      <h3>${view.t('被申诉的决定：', 'The decision appealed: ')}${view.pick(VERDICTS[appealed.verdict])} · ${when(appealed.at)}</h3>
      ${appealed.reasons.length > 0 && findingList(view, appealed.reasons.map(shownReason), { content, level: 'h4' })}
    </section>`
  }
  ${task.body.kind === 'posting' && missingPanel(view, missing)}
  ${
    findings.length > 0 &&
    task.body.kind === 'posting' &&
    html`<section>
      <h2>${view.t('筛查发现', 'Screening findings')}</h2>
      ${findingList(view, findings, { content })}
    </section>`
  }
  ${
    posting &&
    content &&
    html`<section class="panel">
      <h2>${said(view, content.title)}</h2>
      <p class="meta">
        <span class="tag ${posting.body.state}">${view.pick(STATES[posting.body.state])}</span> ${view.t('提交账号 ', 'submitted by ')}<code
          >${posting.body.submittedBy}</code
        >
        · ${view.t(`第 ${posting.body.contentVersion} 版`, `version ${posting.body.contentVersion}`)}
      </p>
      ${factPairs(view, content, findings)}${postingTexts(view, content, findings)}
    </section>`
  }
  ${
    materials &&
    html`<section>
      <h2>${view.t('材料', 'Materials')}</h2>
      ${materialTable(view, materials)}
    </section>`
  }
  ${
    material &&
    html`<section class="panel">
      <h2>${view.t('材料', 'The material')}</h2>
      ${oneMaterial(view, material)}
    </section>`
  }`;
}

/** One task: what is to be judged, and the form to judge it with. */
export function reviewDetailPages(router: Router, board: Board): void {
  const { compliance } = board;

  function show(call: Call, detail: ReviewDetail, form: URLSearchParams, refusal?: Refusal): void {
    const { view } = call;
    const { task } = detail;
    const title = view.t(`审查：${TASKS[task.body.kind].zh}`, `Review: ${TASKS[task.body.kind].en}`);
    send(
      call,
      refusal?.status ?? 200,
      title,
      html`<p class="meta"><a href="/reviews">${view.t('审查队列', 'Review queue')}</a></p>
        <h1>${title}</h1>
        ${
          refusal &&
          html`<section class="summary" role="alert" aria-labelledby="summary">
            <h2 id="summary">${refusal.title}</h2>
            ${findingList(view, refusal.findings)}
          </section>`
        }
        ${claimPanel(view, task)} ${detailBody(view, detail)} ${holds(view, task) && verdictForm(view, detail, form)}
        <p class="meta">${view.t('任务编号 ', 'Task ')}<code class="break">${task.id}</code></p>`,
      { failed: refusal !== undefined },
    );
  }

  restricted(router, '/reviews/:id', READERS, async (call) => {
    show(call, await compliance.getReview(call.actor, idOf(call.req)), new URLSearchParams());
  });

  restrictedForm(router, '/reviews/:id', ['reviewer'], async (post) => {
    const { actor, form, view } = post;
    const id = idOf(post.req);
    const detail = await compliance.getReview(actor, id);
    try {
      await compliance.decideReview(actor, id, verdictFrom(form, detail), { expectedVersion: Number(field(form, 'version')) });
      see(post, '/reviews');
    } catch (error) {
      const status = statusOf(error);
      if (!isComplianceError(error) || error.issues.length === 0 || !holds(view, detail.task)) throw error;
      const problem = problemOf(error, '/compliance');
      show(post, detail, form, { status, title: view.pick({ zh: problem.titleZh, en: problem.title }), findings: problem.findings });
    }
  });
}
