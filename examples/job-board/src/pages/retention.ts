import { TIME_ANOMALIES } from '@zhengpin/core';
import type { DrillRecord, HoldRecord, Loaded, Plan, PlanRecord, RetainedItem } from '@zhengpin/core';
import type { Router } from 'express';

import { nameOf } from '../accounts.ts';
import { field, idOf, queryOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board, Call } from '../board.ts';
import { button, table } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { when } from '../view.ts';
import type { View } from '../view.ts';

const READERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;
const ACTORS = ['operator', 'compliance-officer'] as const;
const PAGE = 50;

const STATES = {
  planned: { zh: '待批准', en: 'waits for approval' },
  approved: { zh: '已批准', en: 'approved' },
  applied: { zh: '已执行', en: 'applied' },
  'under-way': { zh: '服务中', en: 'under way' },
  kept: { zh: '保存中', en: 'kept' },
  due: { zh: '已到期', en: 'due' },
  disposed: { zh: '已处置', en: 'disposed of' },
} as const;

const HOLDS = {
  legal: { zh: '依法', en: 'legal' },
  complaint: { zh: '投诉', en: 'complaint' },
  inspection: { zh: '检查', en: 'inspection' },
  litigation: { zh: '诉讼', en: 'litigation' },
} as const satisfies { readonly [kind in HoldRecord['kind']]: { readonly zh: string; readonly en: string } };

function mayAct(view: View): boolean {
  return ACTORS.some((role) => role === view.actor?.role);
}

/** A text field of a form with few of them. */
function input(id: string, name: string, label: string, hint: string, value = ''): Markup {
  return html`<p>
    <label for="${id}">${label}</label><input id="${id}" name="${name}" value="${value}" required aria-describedby="${id}-hint" /><span
      class="hint"
      id="${id}-hint"
      >${hint}</span
    >
  </p>`;
}

function timePanel(view: View, { anomalies }: Plan): Markup {
  const title = view.t('时间', 'Time');
  if (anomalies.length === 0)
    return html`<p class="meta">${view.t('时间可信：与上次记录相符。', 'The time is believed: it fits the time last recorded.')}</p>`;
  return html`<section class="panel" aria-labelledby="time-title">
    <h2 id="time-title">${title}</h2>
    <p class="note">${view.t('时间异常，处置已暂停：', 'Disposal is paused: ')}</p>
    <ul>
      ${anomalies.map((code) => html`<li>${view.pick(TIME_ANOMALIES[code])} <code>${code}</code></li>`)}
    </ul>
    <form method="post" action="/retention/time">
      ${token(view)}
      ${input('today', 'today', view.t('当前日期', 'The date today'), view.t('以另一时钟核对，如 2029-11-26；须两人分别确认', 'By another clock, such as 2029-11-26; two persons'))}
      ${input('time-reference', 'reference', view.t('记录编号', 'Reference'), view.t('如 CLOCK-1', 'Such as CLOCK-1'))}
      <button type="submit" class="plain">${view.t('确认日期', 'Confirm the date')}</button>
    </form>
  </section>`;
}

function duePanel(view: View, plan: Plan): Markup {
  const title = view.t('到期的服务', 'What is due');
  const rows = plan.items.map(
    (item) =>
      html`<tr>
        <th scope="row"><code>${item.service}</code></th>
        <td><code>${item.organisation}</code></td>
        <td>${item.completedOn}</td>
        <td>${item.retainUntil}</td>
      </tr>`,
  );
  const heads = [view.t('服务', 'Service'), view.t('单位', 'Organisation'), view.t('完成日', 'Completed'), view.t('保存至', 'Kept until')];
  return html`<section class="panel" aria-labelledby="due-title">
    <h2 id="due-title">${title}</h2>
    ${table(title, heads, rows, view.t('没有到期的服务。', 'Nothing is due.'))}
    ${plan.held.length > 0 && html`<p>${view.t(`另有 ${plan.held.length} 项到期但暂停处置。`, `${plan.held.length} more are due and held.`)}</p>`}
    ${plan.items.length > 0 && plan.anomalies.length === 0 && button(view, '/retention/plans', view.t('登记处置计划', 'Put a plan on record'), { kind: 'primary' })}
  </section>`;
}

function planRow(view: View, { id, body }: Loaded<PlanRecord>): Markup {
  const approvers = body.approvals.map(({ by }) => nameOf(view, by)).join(view.t('、', ', '));
  const mine = body.approvals.some(({ by }) => by === view.actor?.id);
  return html`<tr>
    <th scope="row"><code>${id}</code></th>
    <td>${view.pick(STATES[body.state])}</td>
    <td>${body.items.length}</td>
    <td>${approvers}</td>
    <td>
      ${mayAct(view) && body.state === 'planned' && !mine && button(view, `/retention/plans/${id}/approval`, view.t('批准', 'Approve'))}
      ${mayAct(view) && body.state === 'approved' && button(view, `/retention/plans/${id}/pass`, view.t('执行', 'Apply'))}
      ${body.outcome && html`${view.t(`处置 ${body.outcome.disposed}，保留 ${body.outcome.kept.length}`, `${body.outcome.disposed} disposed of, ${body.outcome.kept.length} kept`)}`}
    </td>
  </tr>`;
}

function holdRow(view: View, { id, body }: Loaded<HoldRecord>): Markup {
  const asked = body.release;
  return html`<tr>
    <th scope="row"><code>${body.target}</code></th>
    <td>${view.pick(HOLDS[body.kind])}</td>
    <td><code>${body.reference}</code></td>
    <td>${when(body.at)}</td>
    <td>
      ${asked && html`${view.t('已由', 'Asked for by ')}<bdi>${asked.by.map((by) => nameOf(view, by)).join(', ')}</bdi>${view.t('提出解除', '')}`}
      ${mayAct(view) && button(view, `/retention/holds/${id}/release`, view.t('解除', 'Release'), { hidden: { reference: asked?.reference ?? body.reference } })}
    </td>
  </tr>`;
}

function holdsPanel(view: View, holds: readonly Loaded<HoldRecord>[]): Markup {
  const title = view.t('暂停处置', 'Holds');
  const heads = [
    view.t('范围', 'Scope'),
    view.t('原因', 'Kind'),
    view.t('案卷', 'Reference'),
    view.t('设置时间', 'Set'),
    view.t('解除', 'Release'),
  ];
  return html`<section class="panel" aria-labelledby="holds-title">
    <h2 id="holds-title">${title}</h2>
    ${table(
      title,
      heads,
      holds.map((hold) => holdRow(view, hold)),
      view.t('没有生效中的暂停。', 'No hold is in force.'),
    )}
    ${
      mayAct(view) &&
      html`<form method="post" action="/retention/holds">
        ${token(view)}
        <p>
          <label for="kind">${view.t('原因', 'Kind')}</label
          ><select id="kind" name="kind">
            ${Object.entries(HOLDS).map(([kind, text]) => html`<option value="${kind}">${view.pick(text)}</option>`)}
          </select>
        </p>
        ${input('scope', 'scope', view.t('范围', 'Scope'), view.t('all，或 organisation.编号、service.编号、posting.编号', 'all, or organisation.ID, service.ID, posting.ID'))}
        ${input('reference', 'reference', view.t('案卷编号', 'Reference'), view.t('如 CASE-2026-1', 'Such as CASE-2026-1'))}
        <button type="submit" class="plain">${view.t('设置暂停', 'Set the hold')}</button>
      </form>`
    }
  </section>`;
}

function drillsPanel(view: View, drills: readonly Loaded<DrillRecord>[]): Markup {
  const title = view.t('归档与恢复演练', 'Archive and restore drills');
  const heads = [
    view.t('演练时间', 'Drilled'),
    view.t('月份', 'Month'),
    view.t('段', 'Segments'),
    view.t('服务', 'Services'),
    view.t('记录', 'Records'),
    view.t('结果', 'Result'),
  ];
  const rows = drills.map(
    ({ body }) =>
      html`<tr>
        <th scope="row">${when(body.at)}</th>
        <td>${body.month}</td>
        <td>${body.segments}</td>
        <td>${body.services}</td>
        <td>${body.records}</td>
        <td>
          ${body.ok ? view.t('全部可恢复', 'all of it could be had back') : body.faults.map(({ kind, segment }) => html`<code>${kind} ${segment}</code> `)}
        </td>
      </tr>`,
  );
  return html`<section class="panel" aria-labelledby="drills-title">
    <h2 id="drills-title">${title}</h2>
    ${table(title, heads, rows, view.t('还没有演练。', 'No drill on record.'))}
    ${mayAct(view) && button(view, '/retention/drills', view.t('演练', 'Drill'))}
  </section>`;
}

function findPanel(view: View, organisation: string, items: readonly RetainedItem[] | undefined): Markup {
  const title = view.t('调取', 'Retrieval');
  const heads = [
    view.t('服务', 'Service'),
    view.t('状态', 'State'),
    view.t('完成日', 'Completed'),
    view.t('保存至', 'Kept until'),
    view.t('招聘信息', 'Postings'),
  ];
  const rows = (items ?? []).map(
    (item) =>
      html`<tr>
        <th scope="row"><code>${item.service ?? ''}</code></th>
        <td>${view.pick(STATES[item.state])}${item.held && html` · ${view.t('暂停处置', 'held')}`}</td>
        <td>${item.completedOn ?? ''}</td>
        <td>${item.retainUntil ?? ''}</td>
        <td>${item.postings.map((id) => html`<a href="/postings/${id}"><code>${id}</code></a> `)}</td>
      </tr>`,
  );
  return html`<section class="panel" aria-labelledby="find-title">
    <h2 id="find-title">${title}</h2>
    <form method="get" action="/retention">
      ${input('organisation', 'organisation', view.t('单位编号', 'Organisation'), view.t('如 org-1', 'Such as org-1'), organisation)}
      <button type="submit" class="plain">${view.t('查找', 'Find')}</button>
    </form>
    ${items && table(title, heads, rows, view.t('没有已完成的服务。', 'No completed service.'))}
  </section>`;
}

/** What is kept, what is due, what is held, and how anything is ever disposed of (保存与处置). */
export function retentionPages(router: Router, board: Board): void {
  const { compliance } = board;

  async function show(call: Call): Promise<void> {
    const { view, actor, req } = call;
    const organisation = queryOf(req, 'organisation');
    const [due, plans, holds, drills, items] = await Promise.all([
      mayAct(view) ? compliance.planDisposal(actor, { cap: PAGE }) : undefined,
      compliance.listPlans(actor, { limit: PAGE }),
      compliance.listHolds(actor, { limit: PAGE }),
      compliance.listDrills(actor, { limit: PAGE }),
      organisation === '' ? undefined : compliance.findRetained(actor, { organisation }, { limit: PAGE }).then((found) => found.items),
    ]);
    const title = view.t('保存与处置', 'Retention');
    const plansTitle = view.t('处置计划', 'Plans');
    const heads = [
      view.t('计划', 'Plan'),
      view.t('状态', 'State'),
      view.t('服务数', 'Services'),
      view.t('批准人', 'Approved by'),
      view.t('办理', 'To do'),
    ];
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t('自服务完成之日起至少保存三年；到期只是提出，须两人批准方可处置，凭证长期保留。', 'Kept at least three years from completion of the service. Time only proposes: two persons approve, and a certificate remains.')}
        </p>
        ${due && timePanel(view, due)}${due && duePanel(view, due)}
        <section class="panel" aria-labelledby="plans-title">
          <h2 id="plans-title">${plansTitle}</h2>
          ${table(
            plansTitle,
            heads,
            plans.items.map((plan) => planRow(view, plan)),
            view.t('没有计划。', 'No plan on record.'),
          )}
        </section>
        ${holdsPanel(view, holds.items)}${drillsPanel(view, drills.items)}${findPanel(view, organisation, items)}`,
    );
  }

  restricted(router, '/retention', READERS, show);
  restrictedForm(router, '/retention/plans', ACTORS, async (post) => {
    await compliance.planDisposal(post.actor, { record: true, cap: PAGE });
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/plans/:id/approval', ACTORS, async (post) => {
    await compliance.approveDisposal(post.actor, idOf(post.req));
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/plans/:id/pass', ACTORS, async (post) => {
    await compliance.applyDisposal(post.actor, idOf(post.req));
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/drills', ACTORS, async (post) => {
    await compliance.drillRetention(post.actor, {});
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/holds', ACTORS, async (post) => {
    const { form } = post;
    await compliance.setHold(post.actor, { kind: field(form, 'kind'), scope: field(form, 'scope'), reference: field(form, 'reference') });
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/holds/:id/release', ACTORS, async (post) => {
    await compliance.releaseHold(post.actor, idOf(post.req), { reference: field(post.form, 'reference') });
    see(post, '/retention');
  });
  restrictedForm(router, '/retention/time', ACTORS, async (post) => {
    const { form } = post;
    await compliance.confirmTime(post.actor, { today: field(form, 'today'), reference: field(form, 'reference') });
    see(post, '/retention');
  });
}
