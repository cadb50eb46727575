import { ComplianceError } from '@zhengpin/core';
import type { RuleDocument, RuleStanding, RuleVersionView } from '@zhengpin/core';
import type { Request, Router } from 'express';

import { field, filled, idOf, open, restricted, restrictedForm, see, send, TENANT } from '../board.ts';
import type { Board } from '../board.ts';
import { button, dayField } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { said } from '../view.ts';
import type { View } from '../view.ts';

const OUTSIDE = ['employer', 'agency'] as const;
const DOCUMENTS: readonly RuleDocument[] = ['agreement', 'rules'];
const TITLES = {
  agreement: { zh: '平台服务协议', en: 'Platform service agreement' },
  rules: { zh: '平台规则', en: 'Platform rules' },
} as const satisfies { readonly [document in RuleDocument]: { readonly zh: string; readonly en: string } };

/** @throws ZP_NOT_FOUND for the name of no document */
function documentOf(req: Request): RuleDocument {
  const document = DOCUMENTS.find((one) => one === idOf(req));
  if (document === undefined) throw new ComplianceError('ZP_NOT_FOUND');
  return document;
}

function isOutside(view: View): boolean {
  return OUTSIDE.some((role) => role === view.actor?.role);
}

function isOfficer(view: View): boolean {
  return view.actor?.role === 'compliance-officer';
}

/** @param deep below a heading of the third level */
function sections(view: View, version: RuleVersionView, deep: boolean): Markup {
  const head = (title: string): Markup => (deep ? html`<h4>${title}</h4>` : html`<h3>${title}</h3>`);
  return html`<details>
    <summary>${view.t('全文', 'Full text')}</summary>
    ${version.sections.map(
      ({ title, text }) =>
        html`${head(view.pick(title))}
          <p class="long">${view.pick(text)}</p>`,
    )}
  </details>`;
}

function changesLink(view: View, version: RuleVersionView): Markup | undefined {
  if (version.replaces === undefined) return undefined;
  const query = new URLSearchParams({ since: version.replaces, lang: view.lang }).toString();
  return html`<p>
    <a href="/compliance/public/rules/versions/${version.id}/changes?${query}">${view.t('与上一版本的差别', 'What has changed')}</a>
  </p>`;
}

function acceptButton(view: View, { id, sha256 }: RuleVersionView): Markup {
  return button(view, '/rules/acceptances', view.t('接受该版本', 'Accept this version'), {
    hidden: { version: id, sha256 },
    kind: 'primary',
  });
}

function openPanel(view: View, version: RuleVersionView): Markup {
  return html`<section class="note">
    <h3>${view.t('征求意见', 'Open for comments')}</h3>
    <p>${view.pick(version.summary)}</p>
    <p class="meta">${view.t('截止 ', 'until ')}<time>${version.commentsThrough ?? ''}</time></p>
    ${sections(view, version, true)}
    ${
      isOutside(view) &&
      html`<form method="post" action="/rules/${version.id}/comments">
        ${token(view)}<label for="comment-${version.document}"
          >${view.t('意见（不写个人信息）', 'Your comment, without personal information')}</label
        ><textarea id="comment-${version.document}" name="text" rows="4" maxlength="2000" required></textarea
        ><button type="submit" class="plain">${view.t('提交意见', 'Send')}</button>
      </form>`
    }
    ${
      isOfficer(view) &&
      html`<form method="post" action="/rules/${version.id}/publication">
        ${token(view)}${dayField(view, `from-${version.document}`, 'effectiveFrom', view.t('实施日，至少七日后', 'In effect from, seven days from now or later'))}
        <label for="answer-zh-${version.document}">${view.t('意见采纳情况（中文）', 'How comments were dealt with, in Chinese')}</label
        ><textarea id="answer-zh-${version.document}" name="zh" rows="3" required></textarea
        ><label for="answer-en-${version.document}">${view.t('意见采纳情况（英文）', 'The same in English')}</label
        ><textarea id="answer-en-${version.document}" name="en" rows="3" required></textarea
        ><button type="submit" class="plain">${view.t('公示', 'Publish')}</button>
      </form>`
    }
  </section>`;
}

function standingLine(view: View, standing: RuleStanding | undefined): Markup | undefined {
  if (standing === undefined) return undefined;
  const { accepted, acceptedAhead, isCurrent, document } = standing;
  return html`<p role="status">
    ${
      accepted
        ? view.t(
            `您已于 ${accepted.since} 接受第 ${accepted.number} 版${isCurrent ? '' : '，不是现行版本'}。`,
            `You accepted version ${accepted.number} on ${accepted.since}${isCurrent ? '' : ', which is not the one in effect'}.`,
          )
        : view.t('您尚未接受。', 'You have not accepted it.')
    }
    ${(accepted ?? acceptedAhead) && button(view, '/rules/leavings', view.t('退出', 'Leave'), { hidden: { document, reason: 'leaves' } })}
  </p>`;
}

interface Shown {
  readonly document: RuleDocument;
  readonly inEffect: RuleVersionView | undefined;
  readonly announced: readonly RuleVersionView[];
  readonly forComments: RuleVersionView | undefined;
  readonly standing: RuleStanding | undefined;
}

function documentPanel(view: View, { document, inEffect, announced, forComments, standing }: Shown): Markup {
  return html`<section class="panel">
    <h2>${view.pick(TITLES[document])}</h2>
    ${
      inEffect
        ? html`<p class="meta">
              ${view.t(`第 ${inEffect.number} 版，自 ${inEffect.effectiveFrom ?? ''} 起实施`, `Version ${inEffect.number}, in effect from ${inEffect.effectiveFrom ?? ''}`)}
              ·
              <code>${inEffect.sha256}</code> ·
              <a href="/compliance/public/rules/page?document=${document}&amp;lang=${view.lang}"
                >${view.t('下载或打印', 'Download or print')}</a
              >
            </p>
            ${sections(view, inEffect, false)} ${changesLink(view, inEffect)} ${standingLine(view, standing)}
            ${isOutside(view) && standing?.isCurrent === false && acceptButton(view, inEffect)}`
        : html`<p>${view.t('尚未公布。', 'Not published yet.')}</p>`
    }
    ${announced.map(
      (version) =>
        html`<section class="note">
          <h3>
            ${view.t(`第 ${version.number} 版，${version.effectiveFrom ?? ''} 起实施`, `Version ${version.number}, in effect from ${version.effectiveFrom ?? ''}`)}
          </h3>
          <p>${view.pick(version.summary)}</p>
          ${sections(view, version, true)} ${changesLink(view, version)}
          ${isOutside(view) && standing?.awaits?.version === version.id && acceptButton(view, version)}
          ${
            isOutside(view) &&
            (standing?.accepted ?? standing?.acceptedAhead) &&
            button(view, '/rules/leavings', view.t('不接受修改', 'Not accept the change'), {
              hidden: { document, reason: 'does-not-accept-change' },
            })
          }
        </section>`,
    )}
    ${forComments && openPanel(view, forComments)}
    ${isOfficer(view) && inEffect && !forComments && html`<p><a href="/rules/${document}/proposal">${view.t('提出修改', 'Propose a change')}</a></p>`}
  </section>`;
}

/** The agreement and rules: read, commented on, accepted, changed (协议与规则页面). */
export function rulePages(router: Router, board: Board): void {
  const { compliance } = board;

  open(router, '/rules', async (visit) => {
    const { view } = visit;
    const { actor } = view;
    const shown = await Promise.all(
      DOCUMENTS.map(async (document): Promise<Shown> => {
        const [inEffect, announced, forComments, standing] = await Promise.all([
          compliance.rulesInEffect(TENANT, document),
          compliance.announcedRules(TENANT, document),
          compliance.openRules(TENANT, document),
          actor && isOutside(view) ? compliance.standingOf(actor, document) : undefined,
        ]);
        return { document, inEffect, announced, forComments, standing };
      }),
    );
    const title = view.t('服务协议与平台规则', 'Agreement and rules');
    send(
      visit,
      200,
      title,
      html`<h1>${title}</h1>
        ${shown.map((one) => documentPanel(view, one))}`,
    );
  });

  restricted(router, '/rules/:id/proposal', ['compliance-officer'], async (call) => {
    const { view, req } = call;
    const document = documentOf(req);
    const current = await compliance.rulesInEffect(TENANT, document);
    const title = view.t('提出修改', 'Propose a change');
    send(
      call,
      200,
      title,
      html`<p class="meta"><a href="/rules">${view.t('服务协议与平台规则', 'Agreement and rules')}</a></p>
        <h1>${title}</h1>
        <form method="post" action="/rules/${document}/proposal" class="panel">
          ${token(view)}<label for="summary-zh">${view.t('修改内容和理由（中文）', 'What changes and why, in Chinese')}</label
          ><textarea id="summary-zh" name="summaryZh" rows="3" required></textarea
          ><label for="summary-en">${view.t('修改内容和理由（英文）', 'The same in English')}</label
          ><textarea id="summary-en" name="summaryEn" rows="3" required></textarea>
          ${dayField(view, 'through', 'commentsThrough', view.t('征求意见至，至少七日后', 'Comments until, seven days from now or later'))}
          ${current?.sections.map(
            ({ id, title: name, text }) =>
              html`<fieldset>
                <legend>${said(view, name.zh)}</legend>
                <label for="${id}-zh">${view.t('中文', 'Chinese')}</label
                ><textarea id="${id}-zh" name="zh:${id}" rows="5">${text.zh}</textarea
                ><label for="${id}-en">${view.t('英文', 'English')}</label
                ><textarea id="${id}-en" name="en:${id}" rows="5">${text.en}</textarea>
              </fieldset>`,
          )}
          <button type="submit" class="primary">${view.t('公开征求意见', 'Open for comments')}</button>
        </form>`,
    );
  });

  restrictedForm(router, '/rules/:id/proposal', ['compliance-officer'], async (post) => {
    const { form } = post;
    const document = documentOf(post.req);
    const current = await compliance.rulesInEffect(TENANT, document);
    const [zh, en, commentsThrough] = ['summaryZh', 'summaryEn', 'commentsThrough'].map((name) => field(form, name));
    const changed = (current?.sections ?? []).map((section) => ({
      ...section,
      text: { zh: field(form, `zh:${section.id}`), en: field(form, `en:${section.id}`) },
    }));
    await compliance.proposeRules(post.actor, { document, summary: { zh, en }, sections: changed, commentsThrough });
    see(post, '/rules');
  });
  restrictedForm(router, '/rules/:id/publication', ['compliance-officer'], async (post) => {
    const [effectiveFrom, zh, en] = ['effectiveFrom', 'zh', 'en'].map((name) => field(post.form, name));
    await compliance.publishRules(post.actor, idOf(post.req), { effectiveFrom, answer: { zh, en } });
    see(post, '/rules');
  });
  restrictedForm(router, '/rules/:id/comments', OUTSIDE, async (post) => {
    await compliance.commentOnRules(post.actor, idOf(post.req), { text: field(post.form, 'text') });
    see(post, '/rules');
  });
  restrictedForm(router, '/rules/acceptances', OUTSIDE, async (post) => {
    await compliance.acceptRules(post.actor, { ...filled(post.form, ['version', 'sha256']), channel: 'prompt' });
    see(post, '/rules');
  });
  restrictedForm(router, '/rules/leavings', OUTSIDE, async (post) => {
    await compliance.withdrawAcceptance(post.actor, filled(post.form, ['document', 'reason']));
    see(post, '/rules');
  });
}
