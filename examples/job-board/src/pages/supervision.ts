import type { Loaded, RectificationRecord, SecurityStatus } from '@zhengpin/core';
import type { Router } from 'express';

import { filled, idOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { choiceField, dayField, proofFields, table, textField } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { said } from '../view.ts';
import type { View } from '../view.ts';

const READERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;
const KEEPERS = ['operator', 'compliance-officer'] as const;
const PAGE = 50;
const STATES = {
  open: { zh: '整改中', en: 'open' },
  sent: { zh: '已报送', en: 'handed in' },
  closed: { zh: '已办结', en: 'closed' },
} as const;
const STEPS = {
  action: { zh: '采取整改措施', en: 'something was mended' },
  sent: { zh: '报送整改情况', en: 'the report was handed in' },
  receipt: { zh: '取得签收回执', en: 'the authority has received it' },
  extended: { zh: '获准延期', en: 'more time was given' },
  accepted: { zh: '主管部门认可', en: 'the authority has accepted it' },
  refused: { zh: '主管部门退回', en: 'the authority was not content' },
} as const;

function mayKeep(view: View): boolean {
  return KEEPERS.some((role) => role === view.actor?.role);
}

function fileRow(view: View, { id, body }: Loaded<RectificationRecord>): Markup {
  return html`<tr>
    <th scope="row">
      ${said(view, body.matter)}<br /><small>${said(view, body.authority)} <code>${body.order}</code></small>
    </th>
    <td>${view.pick(STATES[body.state])}${body.late === true && view.t('（迟延）', ' (late)')}</td>
    <td><time>${body.receivedOn}</time> → <time>${body.dueOn}</time></td>
    <td>
      ${body.steps.map((step) => html`<time>${step.on}</time> ${view.pick(STEPS[step.step])}<br />`)}
      <a href="/supervision/${id}/dossier">${view.t('档案页', 'File to hand in')}</a>
    </td>
    <td>
      ${
        body.state !== 'closed' &&
        mayKeep(view) &&
        html`<details>
          <summary>${view.t('登记步骤', 'Record a step')}</summary>
          <form method="post" action="/supervision/${id}/steps">
            ${token(view)}${choiceField(view, `${id}-step`, 'step', view.t('步骤', 'Step'), Object.entries(STEPS))}
            ${dayField(view, `${id}-on`, 'on', view.t('日期', 'Day'))}
            ${dayField(view, `${id}-due`, 'dueOn', view.t('新的届满日', 'New last day'), false)}
            ${textField(`${id}-note`, 'note', view.t('说明（不写个人信息）', 'Note, without personal information'), false)}
            ${proofFields(view, id)}<button type="submit" class="plain">${view.t('登记', 'Record')}</button>
          </form>
        </details>`
      }
    </td>
  </tr>`;
}

function securityPanel(view: View, { kinds }: SecurityStatus): Markup {
  const title = view.t('网络安全证明', 'Proofs of network security');
  return html`<section class="panel">
    <h2>${title}</h2>
    ${table(
      title,
      [view.t('类别', 'Kind'), view.t('最近一次', 'Latest'), view.t('状态', 'State')],
      kinds.map(
        ({ title: name, latest, missing }) =>
          html`<tr>
            <th scope="row">${view.pick(name)}</th>
            <td>${latest ? html`<time>${latest.body.on}</time> <code>${latest.body.reference}</code>` : '—'}</td>
            <td>${missing ? html`<strong>${view.t('缺', 'missing')}</strong>` : view.t('有', 'there')}</td>
          </tr>`,
      ),
      '',
    )}
    ${
      mayKeep(view) &&
      html`<details>
        <summary>${view.t('登记证明', 'Register a proof')}</summary>
        <form method="post" action="/supervision/proofs">
          ${token(view)}${choiceField(
            view,
            'proof-kind',
            'kind',
            view.t('类别', 'Kind'),
            kinds.map(({ kind, title: name }) => [kind, name] as const),
          )}
          ${dayField(view, 'proof-on', 'on', view.t('日期', 'Day'))}
          ${dayField(view, 'proof-until', 'validThrough', view.t('有效至', 'Valid through'), false)}
          ${dayField(view, 'proof-oldest', 'oldestLog', view.t('最早日志的日期（日志留存）', 'Day of the oldest log, for logs'), false)}
          ${proofFields(view, 'proof')}<button type="submit" class="plain">${view.t('登记', 'Record')}</button>
        </form>
      </details>`
    }
  </section>`;
}

/** Proofs of network security, and orders to correct (网络安全证明与整改档案). */
export function supervisionPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/supervision', READERS, async (call) => {
    const { view, actor } = call;
    const [status, files] = await Promise.all([compliance.securityStatus(actor), compliance.listRectifications(actor, { limit: PAGE })]);
    const title = view.t('监管与整改', 'Supervision');
    const heads = [
      view.t('事项', 'Matter'),
      view.t('状态', 'State'),
      view.t('期限', 'Days'),
      view.t('经过', 'Steps'),
      view.t('办理', 'To do'),
    ];
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <section class="panel">
          <h2>${view.t('整改档案', 'Orders to correct')}</h2>
          ${table(
            view.t('整改档案', 'Orders to correct'),
            heads,
            files.items.map((file) => fileRow(view, file)),
            view.t('没有收到责令改正的文书。', 'No order was received.'),
          )}
          ${
            mayKeep(view) &&
            html`<details>
              <summary>${view.t('登记收到的文书', 'Register an order')}</summary>
              <form method="post" action="/supervision">
                ${token(view)} ${textField('order-key', 'order', view.t('文书编号（本机构档案号）', 'Key of the order in your files'))}
                ${textField('order-authority', 'authority', view.t('作出机关', 'Authority'))}
                ${dayField(view, 'order-received', 'receivedOn', view.t('收到之日', 'Received on'))}
                ${dayField(view, 'order-due', 'dueOn', view.t('届满日', 'Last day'))}
                ${textField('order-articles', 'articles', view.t('所涉义务编号，以空格分隔，如 O44-13.1', 'Ids of duties, separated by blanks, such as O44-13.1'))}
                ${textField('order-matter', 'matter', view.t('事项（不写个人信息）', 'Matter, without personal information'))}
                ${textField('order-sha', 'sha256', view.t('文书 SHA-256', 'SHA-256 of the order'))}
                <button type="submit" class="plain">${view.t('登记', 'Record')}</button>
              </form>
            </details>`
          }
        </section>
        ${securityPanel(view, status)}`,
    );
  });

  restricted(router, '/supervision/:id/dossier', READERS, async ({ view, actor, req, res }) => {
    const page = await compliance.rectificationDossier(actor, idOf(req), view.lang);
    res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'").type('html').send(page);
  });

  restrictedForm(router, '/supervision', KEEPERS, async (post) => {
    const { articles = '', ...order } = filled(post.form, ['order', 'authority', 'receivedOn', 'dueOn', 'articles', 'matter', 'sha256']);
    await compliance.openRectification(post.actor, { ...order, articles: articles.split(/\s+/u) });
    see(post, '/supervision');
  });
  restrictedForm(router, '/supervision/proofs', KEEPERS, async (post) => {
    await compliance.recordSecurityProof(post.actor, filled(post.form, ['kind', 'on', 'validThrough', 'oldestLog', 'reference', 'sha256']));
    see(post, '/supervision');
  });
  restrictedForm(router, '/supervision/:id/steps', KEEPERS, async (post) => {
    await compliance.recordRectificationStep(
      post.actor,
      idOf(post.req),
      filled(post.form, ['step', 'on', 'dueOn', 'note', 'reference', 'sha256']),
    );
    see(post, '/supervision');
  });
}
