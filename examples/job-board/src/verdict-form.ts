import { CN_NATIONAL, FOREIGN_HIRE_CHECKLIST } from '@zhengpin/core';
import type { DecisionRecord, ReasonRecord, ReviewDetail, RuleException, Text } from '@zhengpin/core';

import { field } from './board.ts';
import { shownReason } from './findings.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { token } from './layout.ts';
import { reasonRows, reasonsFrom } from './reason-rows.ts';
import type { View } from './view.ts';
import { fieldName } from './words.ts';

type Choice = readonly [verdict: string, label: Text];

const CHOICES: { readonly [kind in 'posting' | 'material' | 'appeal']: readonly Choice[] } = {
  posting: [
    ['approve', { zh: '通过', en: 'Approve' }],
    ['return', { zh: '退回修改', en: 'Return for changes' }],
    ['reject', { zh: '不予通过', en: 'Refuse' }],
  ],
  material: [
    ['approve', { zh: '通过', en: 'Accept' }],
    ['reject', { zh: '不予通过', en: 'Refuse' }],
  ],
  appeal: [
    ['uphold', { zh: '维持原决定', en: 'Uphold the decision' }],
    ['overturn', { zh: '撤销原决定', en: 'Overturn the decision' }],
  ],
};

const POSTING_POINTERS = [
  '/title',
  '/headcount',
  '/requirements',
  '/workContent',
  '/workingConditions',
  '/employmentType',
  '/employer',
  '/place',
  '/pay',
  '/validity',
  '/source',
];

function exceptionsOf(rule: string | undefined): readonly RuleException[] {
  return CN_NATIONAL.rules.find((r) => r.id === rule)?.exceptions ?? [];
}

/** The findings an appeal has to clear one by one. */
function blocks(appealed: DecisionRecord | undefined): readonly ReasonRecord[] {
  return appealed?.verdict === 'block' ? appealed.reasons.filter((r) => r.severity === 'block') : [];
}

function clearanceRows(view: View, form: URLSearchParams, appealed: DecisionRecord): Markup {
  return html`<fieldset>
    <legend>${view.t('撤销时逐条解除', 'To overturn, clear each finding')}</legend>
    <p class="hint">
      ${view.t('只能以规则所列法定例外解除，或说明为何属于误判（至少10字）。', 'Only by an exception listed with the rule, or by saying why it is a misreading (at least 10 characters).')}
    </p>
    ${blocks(appealed).map((block, at) => {
      const chosen = field(form, `clear-${at}`);
      return html`<fieldset class="row">
        <legend>${at + 1}. ${view.pick(block.title)} · ${fieldName(view, shownReason(block).pointer)}</legend>
        <div class="field">
          <label for="clear-${at}">${view.t('如何解除', 'How it is cleared')}</label
          ><select id="clear-${at}" name="clear-${at}">
            <option value="">${view.t('不解除', 'Not cleared')}</option>
            ${exceptionsOf(block.rule).map(
              (e) =>
                html`<option value="exception:${e.id}" ${chosen === `exception:${e.id}` && html` selected`}>
                  ${view.t('法定例外：', 'Exception: ')}${view.pick(e.title)}
                </option>`,
            )}
            <option value="misreading" ${chosen === 'misreading' && html` selected`}>${view.t('误判', 'A misreading')}</option>
          </select>
        </div>
        <div class="field">
          <label for="misreading-${at}">${view.t('误判说明', 'Why it is a misreading')}</label
          ><input id="misreading-${at}" name="misreading-${at}" maxlength="500" value="${field(form, `misreading-${at}`)}" />
        </div>
      </fieldset>`;
    })}
  </fieldset>`;
}

/** The form a reviewer decides with; it carries the version the claim returned. */
export function verdictForm(view: View, detail: ReviewDetail, form: URLSearchParams): Markup {
  const { task, content, appealed } = detail;
  const { kind } = task.body;
  const chosen = field(form, 'verdict');
  const checked = form.getAll('checklist');
  return html`<form method="post" action="/reviews/${task.id}" class="panel verdict">
    ${token(view)}<input type="hidden" name="version" value="${task.version}" />
    <h2>${view.t('作出决定', 'Decide')}</h2>
    <fieldset class="choices">
      <legend>${view.t('决定', 'Decision')}</legend>
      ${CHOICES[kind].map(
        ([verdict, label]) =>
          html`<div class="check">
            <input type="radio" id="v-${verdict}" name="verdict" value="${verdict}" required${verdict === chosen && html` checked`} /><label
              for="v-${verdict}"
              >${view.pick(label)}</label
            >
          </div>`,
      )}
    </fieldset>
    ${
      kind === 'posting' &&
      content?.hiresForeigners === true &&
      html`<fieldset>
        <legend>${view.t('聘用外国人，通过前逐项核对', 'Foreign nationals: check each before approving')}</legend>
        ${Object.entries(FOREIGN_HIRE_CHECKLIST).map(
          ([item, label]) =>
            html`<div class="check">
              <input type="checkbox" id="c-${item}" name="checklist" value="${item}" ${checked.includes(item) && html` checked`} /><label
                for="c-${item}"
                >${view.pick(label)}</label
              >
            </div>`,
        )}
      </fieldset>`
    }
    ${appealed && blocks(appealed).length > 0 && clearanceRows(view, form, appealed)}
    <fieldset>
      <legend>${view.t('理由（不利决定必填）', 'Reasons (needed for an adverse decision)')}</legend>
      ${reasonRows(view, form, content ? POSTING_POINTERS : [])}
    </fieldset>
    <button class="primary" type="submit">${view.t('确认决定', 'Confirm')}</button>
  </form>`;
}

/** What the form says, as the kit takes it. Which findings there are is read from the record, not from the form. */
export function verdictFrom(form: URLSearchParams, detail: ReviewDetail): object {
  const verdict = field(form, 'verdict');
  const reasons = reasonsFrom(form);
  const checklist = form.getAll('checklist');
  const clearances = blocks(detail.appealed).flatMap((block, at) => {
    const how = field(form, `clear-${at}`);
    if (how === '') return [];
    const { rule, field: where, start } = block;
    return [
      {
        rule,
        field: where,
        start,
        ...(how === 'misreading' ? { misreading: field(form, `misreading-${at}`) } : { exception: how.replace(/^exception:/, '') }),
      },
    ];
  });
  return {
    verdict,
    ...(reasons.length > 0 ? { reasons } : {}),
    ...(checklist.length > 0 ? { checklist } : {}),
    ...(verdict === 'overturn' && clearances.length > 0 ? { clearances } : {}),
  };
}
