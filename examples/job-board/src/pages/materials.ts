import { isComplianceError, MATERIAL_KINDS, sha256Hex } from '@zhengpin/core';
import type { Actor, Loaded, MaterialRecord } from '@zhengpin/core';
import { problemOf } from '@zhengpin/express';
import type { Router } from 'express';

import { field, restricted, restrictedForm, see, send, statusOf } from '../board.ts';
import type { Board, Call } from '../board.ts';
import { findingList } from '../findings.ts';
import type { Shown } from '../findings.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { when } from '../view.ts';
import type { View } from '../view.ts';
import { MATERIAL_STATES, MATERIALS } from '../words.ts';

const POSTERS = ['employer', 'agency'] as const;

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly findings: readonly Shown[];
}

function row(view: View, { body }: Loaded<MaterialRecord>): Markup {
  const decision = body.verdict?.decision;
  return html`<tr>
    <th scope="row">${view.pick(MATERIALS[body.kind])}</th>
    <td><code>${body.employerUscc}</code></td>
    <td>
      <span class="tag ${body.state}">${view.pick(MATERIAL_STATES[body.state])}</span
      >${decision !== undefined && html` <a href="/employer/decisions/${decision}">${view.t('决定', 'Decision')}</a>`}
    </td>
    <td>${body.expiresOn ?? view.t('未注明', 'Not stated')}</td>
    <td>${body.handler ?? '—'}</td>
    <td>${when(body.submittedAt)}</td>
  </tr>`;
}

function input(
  name: string,
  label: string,
  form: URLSearchParams,
  options: { readonly hint?: string; readonly type?: string; readonly required?: boolean; readonly maxlength?: number } = {},
): Markup {
  const { hint, type = 'text', required = false, maxlength = 200 } = options;
  return html`<div class="field">
    <label for="m-${name}">${label}</label>${hint !== undefined && html`<p class="hint" id="m-${name}-hint">${hint}</p>`}
    <input
      id="m-${name}"
      name="${name}"
      type="${type}"
      value="${field(form, name)}"
      maxlength="${maxlength}"
      ${required && html` required`}${hint !== undefined && html` aria-describedby="m-${name}-hint"`}
    />
  </div>`;
}

function materialForm(view: View, form: URLSearchParams): Markup {
  const { t } = view;
  return html`<form method="post" action="/employer/materials" novalidate>
    ${token(view)}
    <div class="two">
      <div class="field">
        <label for="m-kind">${t('材料种类', 'Kind')}</label
        ><select id="m-kind" name="kind">
          ${MATERIAL_KINDS.map(
            (kind) => html`<option value="${kind}" ${kind === form.get('kind') && html` selected`}>${view.pick(MATERIALS[kind])}</option>`,
          )}
        </select>
      </div>
      ${input('employerUscc', t('用人单位统一社会信用代码', 'Employer’s unified social credit code'), form, { required: true, maxlength: 18 })}
    </div>
    <div class="two">
      ${input('reference', t('文件编号', 'File reference'), form, { required: true, hint: t('您的文件系统中的编号，字母、数字和 . _ : / -，不含个人信息', 'Its key in your file store: letters, digits and . _ : / -, nothing personal') })}
      ${input('expiresOn', t('有效期至', 'Valid until'), form, { type: 'date', hint: t('经办人身份证明和委托证明必填', 'Needed for identity and authorisation') })}
    </div>
    ${input('handler', t('经办人账号', 'Handler’s account'), form, { maxlength: 64, hint: t('经办人身份证明和委托证明须写明提交招聘信息的账号', 'For identity and authorisation: the account that submits the postings') })}
    ${input('sha256', t('文件 SHA-256', 'SHA-256 of the file'), form, { maxlength: 64, hint: t('或在下面粘贴文本，由本页计算', 'Or paste a text below and the page works it out') })}
    <div class="field">
      <label for="m-text">${t('材料文本（只用于计算哈希，不保存）', 'Text of the material (hashed, not kept)')}</label
      ><textarea id="m-text" name="text" rows="3" maxlength="20000">${field(form, 'text')}</textarea>
    </div>
    <button class="primary" type="submit">${t('提交材料', 'Submit')}</button>
  </form>`;
}

/** Materials of the account's organisation and the form to submit one (材料). */
export function materialPages(router: Router, board: Board): void {
  const { compliance } = board;

  async function all(actor: Actor): Promise<readonly Loaded<MaterialRecord>[]> {
    const items: Loaded<MaterialRecord>[] = [];
    let cursor: string | undefined;
    do {
      const page = await compliance.listMaterials(actor, actor.organisation ?? '', {
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return items.toSorted((a, b) => (a.body.submittedAt < b.body.submittedAt ? 1 : -1));
  }

  async function show(call: Call, form: URLSearchParams, refusal?: Refusal): Promise<void> {
    const { view, actor } = call;
    const materials = await all(actor);
    const title = view.t('材料', 'Materials');
    send(
      call,
      refusal?.status ?? 200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t(
            '发布前须有经审查通过、在有效期内的：招聘简章；营业执照或批准设立文件；经办人身份证明；用人单位委托证明。文件留在您处，这里只保存编号和哈希。',
            'Publication rests on accepted, unexpired papers: the recruitment brief; the business licence or approval document; the handler’s proof of identity; the employer’s authorisation letter. The files stay with you; only a reference and a hash are kept here.',
          )}
        </p>
        ${
          refusal &&
          html`<section class="summary" role="alert" aria-labelledby="summary">
            <h2 id="summary">${refusal.title}</h2>
            ${findingList(view, refusal.findings)}
          </section>`
        }
        ${
          materials.length > 0 &&
          html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
            <table>
              <thead>
                <tr>
                  <th scope="col">${view.t('种类', 'Kind')}</th>
                  <th scope="col">${view.t('用人单位', 'Employer')}</th>
                  <th scope="col">${view.t('审查', 'Review')}</th>
                  <th scope="col">${view.t('有效期至', 'Valid until')}</th>
                  <th scope="col">${view.t('经办人', 'Handler')}</th>
                  <th scope="col">${view.t('提交', 'Submitted')}</th>
                </tr>
              </thead>
              <tbody>
                ${materials.map((m) => row(view, m))}
              </tbody>
            </table>
          </div>`
        }
        <section class="panel">
          <h2>${view.t('提交一份材料', 'Submit a material')}</h2>
          ${materialForm(view, form)}
        </section>`,
      { failed: refusal !== undefined },
    );
  }

  restricted(router, '/employer/materials', POSTERS, async (call) => {
    const { body } = await compliance.getOrganisation(call.actor, call.actor.organisation ?? '');
    const own = body.accountType === 'employer-direct' ? { employerUscc: body.uscc } : {};
    await show(call, new URLSearchParams({ ...own, handler: call.actor.id }));
  });

  restrictedForm(router, '/employer/materials', POSTERS, async (post) => {
    const { form, actor, view } = post;
    const text = field(form, 'text');
    const optional = (name: string): object => (field(form, name) === '' ? {} : { [name]: field(form, name) });
    const sha256 = field(form, 'sha256') || (text === '' ? '' : sha256Hex(text));
    // Only two of the papers name a handler; the form offers the account for all.
    const handled = field(form, 'kind') === 'handler-identity' || field(form, 'kind') === 'authorisation-letter';
    try {
      await compliance.submitMaterial(actor, {
        kind: field(form, 'kind'),
        employerUscc: field(form, 'employerUscc'),
        reference: field(form, 'reference'),
        sha256,
        ...optional('expiresOn'),
        ...(handled ? optional('handler') : {}),
      });
      see(post, '/employer/materials');
    } catch (error) {
      const status = statusOf(error);
      if (!isComplianceError(error) || (status !== 422 && error.code !== 'ZP_ACCOUNT_SCOPE')) throw error;
      const problem = problemOf(error, '/compliance');
      await show(post, form, { status, title: view.pick({ zh: problem.titleZh, en: problem.title }), findings: problem.findings });
    }
  });
}
