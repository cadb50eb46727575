import type { AppealRecord, DecisionRecord, Loaded, PostingContent } from '@zhengpin/core';

import { findingList, shownReason } from './findings.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { token } from './layout.ts';
import { said, when } from './view.ts';
import type { View } from './view.ts';
import { VERDICTS } from './words.ts';

/** A decision with what became of it on appeal. */
export interface Heard {
  readonly decision: Loaded<DecisionRecord>;
  readonly appeal?: AppealRecord;
  /** The decision on the appeal. */
  readonly outcome?: DecisionRecord;
}

const APPEALS = {
  open: { zh: '申诉审理中', en: 'Appeal being heard' },
  upheld: { zh: '申诉后维持', en: 'Upheld on appeal' },
  overturned: { zh: '申诉后撤销', en: 'Overturned on appeal' },
  moot: { zh: '申诉已无必要', en: 'Appeal moot' },
} as const;

function appealForm(view: View, id: string): Markup {
  return html`<form method="post" action="/employer/decisions/${id}/appeal" class="appeal-form">
    ${token(view)}
    <div class="field">
      <label for="explanation-${id}">${view.t('申诉理由', 'Why the decision is mistaken')}</label>
      <p class="hint" id="hint-${id}">
        ${view.t('5 至 2000 字。每项决定只能申诉一次，由另一名审查员处理。', '5 to 2000 characters. Once for each decision; another reviewer hears it.')}
      </p>
      <textarea
        id="explanation-${id}"
        name="explanation"
        rows="3"
        minlength="5"
        maxlength="2000"
        required
        aria-describedby="hint-${id}"
      ></textarea>
    </div>
    <button type="submit">${view.t('提交申诉', 'Appeal')}</button>
  </form>`;
}

/** A statement of reasons (决定及理由): who decided, when, on what grounds, and how to contest it. */
export function decisionPanel(view: View, heard: Heard, content?: PostingContent, mayAppeal = true): Markup {
  const { decision, appeal, outcome } = heard;
  const { verdict, automated, at, reasons, appeal: way, pack } = decision.body;
  const heading = `d-${decision.id}`;
  return html`<section class="decision" aria-labelledby="${heading}">
    <h3 id="${heading}"><span class="tag ${verdict}">${view.pick(VERDICTS[verdict])}</span> ${when(at)}</h3>
    <p class="meta">
      ${automated ? view.t('由自动筛查作出', 'Made by automated screening') : view.t('由审查人员作出', 'Made by a person')} ·
      ${view.t('决定编号 ', 'Decision ')}<code>${decision.id}</code>${pack !== null && pack !== '' && html` · ${view.t('规则包 ', 'rules ')}<code>${pack}</code>`}
    </p>
    ${reasons.length > 0 && findingList(view, reasons.map(shownReason), { content, level: 'h4' })}
    ${
      way.possible &&
      appeal === undefined &&
      mayAppeal &&
      html`<details>
        <summary>${view.pick(way.how)}</summary>
        ${appealForm(view, decision.id)}
      </details>`
    }
    ${
      appeal &&
      html`<div class="note">
        <p><strong>${view.pick(APPEALS[appeal.state])}</strong> · ${when(appeal.filedAt)}</p>
        <p>${said(view, appeal.explanation)}</p>
        ${
          outcome &&
          html`<p class="meta">${view.pick(VERDICTS[outcome.verdict])} · ${when(outcome.at)}</p>
            ${outcome.reasons.length > 0 && findingList(view, outcome.reasons.map(shownReason), { level: 'h4' })}`
        }
      </div>`
    }
  </section>`;
}
