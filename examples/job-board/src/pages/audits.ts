import { AUDIT_CHECKS } from '@zhengpin/core';
import type { AuditRecord, AuditStatus, FindingRecord, Loaded } from '@zhengpin/core';
import type { Router } from 'express';

import { field, idOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { button, proofFields, table } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { when } from '../view.ts';
import type { View } from '../view.ts';

const READERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;
const STARTERS = ['operator', 'compliance-officer'] as const;
const ANSWERERS = ['operator', 'compliance-officer', 'auditor'] as const;
const PAGE = 50;

const ANSWERS = {
  met: { zh: '符合', en: 'met' },
  'not-met': { zh: '不符合', en: 'not met' },
  'not-applicable': { zh: '不适用', en: 'not applicable' },
} as const;
const SEVERITIES = { high: { zh: '重大', en: 'high' }, medium: { zh: '一般', en: 'medium' }, low: { zh: '轻微', en: 'low' } } as const;

function may(view: View, roles: readonly string[]): boolean {
  return view.actor !== undefined && roles.includes(view.actor.role);
}

function questionOf(view: View, id: string): string {
  const check = AUDIT_CHECKS.find((one) => one.id === id);
  return check ? view.pick(check.question) : id;
}

function statusPanel(view: View, status: AuditStatus): Markup {
  const { dueOn, daysLeft, isOverdue, lastClosedOn, openFindings } = status;
  return html`<section class="panel" aria-labelledby="due-title">
    <h2 id="due-title">${view.t('期限', 'Due')}</h2>
    <p>
      ${
        isOverdue
          ? html`<strong
              >${view.t(`年度自查已逾期，应于 ${dueOn} 前办结。`, `The yearly self-audit is overdue: it was due on ${dueOn}.`)}</strong
            >`
          : view.t(`年度自查应于 ${dueOn} 前办结，还有 ${daysLeft} 天。`, `The yearly self-audit is due on ${dueOn}, in ${daysLeft} days.`)
      }
      ${lastClosedOn !== undefined && view.t(`上次办结 ${lastClosedOn}。`, ` Last closed on ${lastClosedOn}.`)}
    </p>
    <p>
      ${view.t(
        `未消除的隐患：重大 ${openFindings.high}，一般 ${openFindings.medium}，轻微 ${openFindings.low}。`,
        `Open hazards: ${openFindings.high} high, ${openFindings.medium} medium, ${openFindings.low} low.`,
      )}
    </p>
    ${
      may(view, STARTERS) &&
      html`${button(view, '/audits', view.t('开始年度自查', 'Begin the yearly one'), { hidden: { kind: 'full' }, kind: 'primary' })}
      ${button(view, '/audits', view.t('立即检查', 'Check now'), { hidden: { kind: 'light' } })}`
    }
  </section>`;
}

function auditRow(view: View, { id, body }: Loaded<AuditRecord>): Markup {
  const count = (state: string): number => body.items.filter((item) => item.state === state).length;
  return html`<tr>
    <th scope="row">${when(body.startedAt)}</th>
    <td>${body.kind === 'full' ? view.t('年度', 'yearly') : view.t('月度', 'monthly')}</td>
    <td>${body.state === 'closed' ? view.t('已办结', 'closed') : view.t('进行中', 'open')}</td>
    <td>${count('passed')}</td>
    <td>${count('failed')}</td>
    <td>${count('waiting')}</td>
    <td>
      <a href="/audits/${id}/report">${view.t('报告', 'Report')}</a>
      ${body.state === 'open' && html` · <a href="/audits/${id}">${view.t('答复', 'Answer')}</a>`}
    </td>
  </tr>`;
}

function findingRow(view: View, { id, body }: Loaded<FindingRecord>): Markup {
  const check = AUDIT_CHECKS.find((one) => one.id === body.check);
  return html`<tr>
    <th scope="row">${questionOf(view, body.check)}</th>
    <td>${view.pick(SEVERITIES[body.severity])}</td>
    <td>
      ${body.state === 'closed' ? view.t('已消除', 'closed') : body.state === 'remedied' ? view.t('待复测', 'to be tested again') : view.t('待整改', 'open')}
    </td>
    <td>${check && view.pick(check.remedy)} <code>${JSON.stringify(body.facts)}</code></td>
    <td>
      ${
        may(view, ANSWERERS) &&
        body.state === 'open' &&
        html`<form method="post" action="/findings/${id}/remedy">
          ${token(view)}${proofFields(view, id)}<button type="submit" class="plain">${view.t('已整改', 'Mended')}</button>
        </form>`
      }
      ${may(view, ANSWERERS) && body.state === 'remedied' && button(view, `/findings/${id}/retest`, view.t('复测', 'Test again'))}
    </td>
  </tr>`;
}

function tablePanel(title: string, heads: readonly string[], rows: readonly Markup[], none: string): Markup {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${table(title, heads, rows, none)}
  </section>`;
}

/** The self-audit: when it is due, what it found, how it is answered and mended, and its report (自查页面). */
export function auditPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/audits', READERS, async (call) => {
    const { view, actor } = call;
    const [status, audits, findings] = await Promise.all([
      compliance.auditStatus(actor),
      compliance.listAudits(actor, { limit: PAGE }),
      compliance.listFindings(actor, { limit: PAGE }),
    ]);
    const title = view.t('个人信息保护自查', 'Self-audit');
    const heads = [
      view.t('开始', 'Begun'),
      view.t('类别', 'Kind'),
      view.t('状态', 'State'),
      view.t('通过', 'Passed'),
      view.t('隐患', 'Hazards'),
      view.t('待答复', 'Waiting'),
      view.t('办理', 'To do'),
    ];
    const hazardHeads = [
      view.t('隐患', 'Hazard'),
      view.t('程度', 'Severity'),
      view.t('状态', 'State'),
      view.t('整改', 'Remedy'),
      view.t('办理', 'To do'),
    ];
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t('每年至少一次；作出记录，消除发现的隐患。', 'At least once a year, on record, and what it finds is mended.')}
        </p>
        ${statusPanel(view, status)}
        ${tablePanel(
          view.t('历次自查', 'Self-audits'),
          heads,
          audits.items.map((audit) => auditRow(view, audit)),
          view.t('还没有自查。', 'None yet.'),
        )}
        ${tablePanel(
          view.t('隐患与整改', 'Hazards'),
          hazardHeads,
          findings.items.map((finding) => findingRow(view, finding)),
          view.t('没有隐患。', 'No hazard.'),
        )}`,
    );
  });

  restricted(router, '/audits/:id', READERS, async (call) => {
    const { view, actor } = call;
    const { id, body } = await compliance.getAudit(actor, idOf(call.req));
    const title = view.t('答复自查问题', 'Answer the self-audit');
    const waiting = body.items.filter((item) => item.state === 'waiting');
    send(
      call,
      200,
      title,
      html`<p class="meta"><a href="/audits">${view.t('自查', 'Self-audit')}</a></p>
        <h1>${title}</h1>
        ${waiting.length === 0 && html`<p>${view.t('全部已答复。', 'Everything is answered.')}</p>`}
        ${waiting.map(
          ({ check }) =>
            html`<form method="post" action="/audits/${id}/attestations" class="panel">
              ${token(view)}<input type="hidden" name="check" value="${check}" />
              <h2>${questionOf(view, check)}</h2>
              <label for="${check}-answer">${view.t('答复', 'Answer')}</label>
              <select id="${check}-answer" name="answer">
                ${Object.entries(ANSWERS).map(([value, text]) => html`<option value="${value}">${view.pick(text)}</option>`)}
              </select>
              ${proofFields(view, check)}
              <button type="submit" class="plain">${view.t('提交', 'Submit')}</button>
            </form>`,
        )}
        ${may(view, ['compliance-officer']) && body.state === 'open' && button(view, `/audits/${id}/closure`, view.t('办结', 'Close it'), { kind: 'primary' })}`,
    );
  });

  restricted(router, '/audits/:id/report', READERS, async ({ view, actor, req, res }) => {
    const page = await compliance.reportAudit(actor, idOf(req), view.lang);
    // A page of its own, to be printed or kept: its style travels with it.
    res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'").type('html').send(page);
  });

  restrictedForm(router, '/audits', STARTERS, async (post) => {
    await compliance.startAudit(post.actor, { kind: field(post.form, 'kind') });
    see(post, '/audits');
  });
  restrictedForm(router, '/audits/:id/attestations', ANSWERERS, async (post) => {
    const { form } = post;
    const [check, answer, reference, sha256] = ['check', 'answer', 'reference', 'sha256'].map((name) => field(form, name));
    await compliance.attest(post.actor, idOf(post.req), { check, answer, reference, sha256 });
    see(post, `/audits/${idOf(post.req)}`);
  });
  restrictedForm(router, '/audits/:id/closure', ['compliance-officer'], async (post) => {
    await compliance.closeAudit(post.actor, idOf(post.req));
    see(post, '/audits');
  });
  restrictedForm(router, '/findings/:id/remedy', ANSWERERS, async (post) => {
    await compliance.remedyFinding(post.actor, idOf(post.req), {
      reference: field(post.form, 'reference'),
      sha256: field(post.form, 'sha256'),
    });
    see(post, '/audits');
  });
  restrictedForm(router, '/findings/:id/retest', ANSWERERS, async (post) => {
    await compliance.retestFinding(post.actor, idOf(post.req));
    see(post, '/audits');
  });
}
