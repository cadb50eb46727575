import { cite } from '@zhengpin/core';
import type { Router } from 'express';

import { restricted, send } from '../board.ts';
import type { Board } from '../board.ts';
import { html } from '../html.ts';
import { law, said, when } from '../view.ts';
import { ACCOUNT_TYPES, fieldName } from '../words.ts';

const OVERSEERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;

const MODES = {
  platform: { zh: '网络招聘服务平台', en: 'Recruitment platform' },
  'in-platform': { zh: '在他人平台内经营', en: 'Inside another’s platform' },
  'own-site': { zh: '自建网站', en: 'Own website' },
  other: { zh: '其他网络服务', en: 'Other network service' },
} as const;

/** The operator's own profile, and which articles bind it (本机构与适用条款). */
export function operatorPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/operator', OVERSEERS, async (call) => {
    const { view, actor } = call;
    const [{ body }, bound] = await Promise.all([compliance.getOperator(actor), compliance.applicability(actor)]);
    const { licence } = body;
    const title = view.t('本机构', 'The operator');
    const binding = bound.rows.filter((r) => r.binds).length;
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <section class="panel">
          <h2>${said(view, body.name)}</h2>
          <dl class="facts">
            <div>
              <dt>${view.t('机构性质', 'Kind of agency')}</dt>
              <dd>${view.pick(ACCOUNT_TYPES[body.agencyType === 'public' ? 'public-agency' : 'commercial-agency'])}</dd>
            </div>
            <div>
              <dt>${view.t('服务方式', 'Modes of service')}</dt>
              <dd>${body.modes.map((mode) => view.pick(MODES[mode])).join(view.t('、', ', '))}</dd>
            </div>
            <div>
              <dt>${view.t('服务地域', 'Jurisdictions')}</dt>
              <dd>${body.jurisdictions.join(', ')}</dd>
            </div>
            <div>
              <dt>${view.t('登记', 'Registered')}</dt>
              <dd>${when(body.setAt)} · <code>${body.setBy}</code></dd>
            </div>
          </dl>
        </section>
        <section class="panel">
          <h2>${view.t('人力资源服务许可证', 'Human resources service licence')}</h2>
          ${
            licence
              ? html`<dl class="facts">
                  <div>
                    <dt>${view.t('编号', 'Number')}</dt>
                    <dd>${said(view, licence.number)}</dd>
                  </div>
                  <div>
                    <dt>${view.t('发证机关', 'Authority')}</dt>
                    <dd>${said(view, licence.authority)}</dd>
                  </div>
                  <div>
                    <dt>${view.t('服务范围', 'Scope')}</dt>
                    <dd>${licence.scope.map((line) => html`${said(view, line)}<br />`)}</dd>
                  </div>
                  <div>
                    <dt>${view.t('有效期', 'Valid')}</dt>
                    <dd>${licence.validFrom} – ${licence.validThrough ?? view.t('长期', 'no end')}</dd>
                  </div>
                </dl>`
              : html`<p>${view.t('未登记。', 'None registered.')}</p>`
          }
        </section>
        <section class="panel">
          <h2>${view.t('放宽的必填项', 'Fields relaxed')}</h2>
          ${
            body.relaxations.length === 0
              ? html`<p>
                  ${view.t('没有：用工类型和工作条件均为必填。', 'None: type of employment and working conditions are both required.')}
                </p>`
              : html`<ul>
                  ${body.relaxations.map((r) => html`<li>${fieldName(view, `/${r.field}`)}${view.t('：', ': ')}${said(view, r.reason)}</li>`)}
                </ul>`
          }
          <p class="meta">
            ${view.t('资料通过 ', 'Changed through ')}<code>PUT /compliance/operator</code
            >${view.t(' 更改，并留有证据。', ', which leaves evidence.')}
          </p>
        </section>
        <section>
          <h2>${view.t('适用条款', 'Which articles bind')}</h2>
          <p class="meta">
            ${view.t(`共 ${bound.rows.length} 项，其中 ${binding} 项约束本机构。`, `${bound.rows.length} duties, of which ${binding} bind this operator.`)}
            ${view.t(`记录保存不少于 ${bound.retention.floorYears} 年：`, `Records are kept at least ${bound.retention.floorYears} years: `)}${view.pick(bound.retention.reason)}
            ${law(view, bound.retention.citations)}
          </p>
          <div class="scroll" role="region" tabindex="0" aria-label="${view.t('适用条款', 'Which articles bind')}">
            <table>
              <thead>
                <tr>
                  <th scope="col">${view.t('义务', 'Duty')}</th>
                  <th scope="col">${view.t('是否约束', 'Binds')}</th>
                  <th scope="col">${view.t('理由', 'Why')}</th>
                </tr>
              </thead>
              <tbody>
                ${bound.rows.map(
                  (row) =>
                    html`<tr>
                      <th scope="row">
                        ${view.pick(row.title)}<br /><span class="meta">${law(view, [cite('order44', row.article)])}</span>
                      </th>
                      <td>
                        <span class="tag ${row.binds ? 'yes' : 'no'}"
                          >${row.binds ? view.t('约束', 'Binds') : view.t('不约束', 'Does not')}</span
                        >
                      </td>
                      <td>${view.pick(row.reason)}${row.note && html`<br /><span class="meta">${view.pick(row.note)}</span>`}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
          ${bound.remarks.map((remark) => html`<p class="meta">${view.pick(remark)}</p>`)}
        </section>`,
    );
  });
}
