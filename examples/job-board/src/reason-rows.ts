import { REASONS } from '@zhengpin/core';

import { field } from './board.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { View } from './view.ts';
import { fieldName } from './words.ts';

const ROWS = [0, 1, 2] as const;

/** Rows of coded reasons, each with the field it is about and the facts of the case (处理理由). */
export function reasonRows(view: View, form: URLSearchParams, pointers: readonly string[]): Markup {
  return html`${ROWS.map((row) => {
    const chosen = field(form, `reason-${row}`);
    const at = field(form, `pointer-${row}`);
    const n = row + 1;
    return html`<fieldset class="row">
      <legend>${view.t(`理由 ${n}`, `Reason ${n}`)}</legend>
      <div class="field">
        <label for="reason-${row}">${view.t('事由', 'Ground')}</label
        ><select id="reason-${row}" name="reason-${row}">
          <option value="">${view.t('无', 'None')}</option>
          ${Object.entries(REASONS).map(
            ([code, reason]) => html`<option value="${code}" ${code === chosen && html` selected`}>${view.pick(reason.title)}</option>`,
          )}
        </select>
      </div>
      ${
        pointers.length > 0 &&
        html`<div class="field">
          <label for="pointer-${row}">${view.t('所在项目', 'Field')}</label
          ><select id="pointer-${row}" name="pointer-${row}">
            <option value="">${fieldName(view, '')}</option>
            ${pointers.map(
              (pointer) => html`<option value="${pointer}" ${pointer === at && html` selected`}>${fieldName(view, pointer)}</option>`,
            )}
          </select>
        </div>`
      }
      <div class="field">
        <label for="facts-${row}">${view.t('事实说明', 'Facts')}</label
        ><input id="facts-${row}" name="facts-${row}" maxlength="1000" value="${field(form, `facts-${row}`)}" />
      </div>
    </fieldset>`;
  })}`;
}

/** The reasons chosen, as the kit takes them. */
export function reasonsFrom(form: URLSearchParams): readonly object[] {
  return ROWS.flatMap((row) => {
    const reason = field(form, `reason-${row}`);
    const pointer = field(form, `pointer-${row}`);
    const facts = field(form, `facts-${row}`);
    return reason === '' ? [] : [{ reason, ...(pointer === '' ? {} : { pointer }), ...(facts === '' ? {} : { facts }) }];
  });
}
