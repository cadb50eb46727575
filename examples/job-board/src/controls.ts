import type { Text } from '@zhengpin/core';

import { controlId } from './findings.ts';
import type { Shown } from './findings.ts';
import { html } from './html.ts';
import type { Markup, Piece } from './html.ts';
import type { View } from './view.ts';
import { fieldName } from './words.ts';

/** What the controls of one form share. */
export interface FormState {
  readonly view: View;
  /** Values by JSON Pointer. */
  readonly values: ReadonlyMap<string, string>;
  readonly findings: readonly Shown[];
}

interface ControlOptions {
  readonly required?: boolean;
  readonly hint?: string;
  readonly type?: string;
  readonly inputmode?: string;
  readonly maxlength?: number;
  readonly rows?: number;
  readonly attributes?: Markup;
}

function findingsAt(form: FormState, pointer: string): readonly Shown[] {
  return form.findings.filter((f) => f.pointer === pointer);
}

/** Label, hint and errors around one control; the control is told of both by `aria-describedby`. */
function wrapped(form: FormState, pointer: string, options: ControlOptions, control: (attributes: Markup) => Markup): Markup {
  const { view } = form;
  const id = controlId(pointer);
  const errors = findingsAt(form, pointer);
  const described = [...(options.hint === undefined ? [] : [`${id}-hint`]), ...(errors.length > 0 ? [`${id}-error`] : [])].join(' ');
  const attributes = html` id="${id}"
  name="${pointer}"${options.required === true && html` required`}${errors.length > 0 && html` aria-invalid="true"`}${described !== '' && html` aria-describedby="${described}"`}${options.attributes}`;
  return html`<div class="field${errors.length > 0 && ' wrong'}">
    <label for="${id}"
      >${fieldName(view, pointer)}${options.required !== true && html` <span class="optional">${view.t('（选填）', '(optional)')}</span>`}</label
    >
    ${options.hint !== undefined && html`<p class="hint" id="${id}-hint">${options.hint}</p>`}
    ${errors.length > 0 && html`<p class="error" id="${id}-error">${errors.map((e, at) => html`${at > 0 && html`<br />`}${view.t('有误：', 'Error: ')}${view.pick(e.title)}`)}</p>`}
    ${control(attributes)}
  </div>`;
}

export function input(form: FormState, pointer: string, options: ControlOptions = {}): Markup {
  const { type = 'text', inputmode, maxlength } = options;
  return wrapped(
    form,
    pointer,
    options,
    (attributes) =>
      html`<input
        type="${type}"
        value="${form.values.get(pointer) ?? ''}"
        ${inputmode !== undefined && html` inputmode="${inputmode}"`}${maxlength !== undefined && html` maxlength="${maxlength}"`}${attributes}
      />`,
  );
}

export function area(form: FormState, pointer: string, options: ControlOptions = {}): Markup {
  // A line end right after the tag would be dropped by the browser, and with it the truth of the offsets.
  return wrapped(
    form,
    pointer,
    options,
    (attributes) =>
      html`<textarea rows="${options.rows ?? 4}" ${options.maxlength !== undefined && html` maxlength="${options.maxlength}"`}${attributes}>
${form.values.get(pointer) ?? ''}</textarea>`,
  );
}

export function select(
  form: FormState,
  pointer: string,
  choices: readonly (readonly [value: string, label: string])[],
  options: ControlOptions = {},
): Markup {
  const chosen = form.values.get(pointer) ?? '';
  const empty = options.required === true ? [] : [['', form.view.t('未填写', 'Not given')] as const];
  return wrapped(
    form,
    pointer,
    options,
    (attributes) =>
      html`<select${attributes}>${[...empty, ...choices].map(([value, label]) => html`<option value="${value}" ${value === chosen && html` selected`}>${label}</option>`)}</select>`,
  );
}

export function checkbox(form: FormState, pointer: string, hint?: string): Markup {
  const id = controlId(pointer);
  return html`<div class="check">
    <input
      type="checkbox"
      id="${id}"
      name="${pointer}"
      value="yes"
      ${form.values.get(pointer) === 'yes' && html` checked`}${hint !== undefined && html` aria-describedby="${id}-hint"`}
    /><label for="${id}">${fieldName(form.view, pointer)}</label>${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** A group of controls that one pointer names, so that a finding about the whole can point to it. */
export function group(form: FormState, pointer: string, body: Piece, hint?: string): Markup {
  const errors = findingsAt(form, pointer);
  const id = controlId(pointer);
  return html`<fieldset id="${id}" tabindex="-1" ${errors.length > 0 && html` class="wrong"`}>
    <legend>${fieldName(form.view, pointer)}</legend>
    ${hint !== undefined && html`<p class="hint">${hint}</p>`}
    ${errors.map((e) => html`<p class="error">${form.view.t('有误：', 'Error: ')}${form.view.pick(e.title)}</p>`)}${body}
  </fieldset>`;
}

/** A button that is a form of its own. */
export function button(
  view: View,
  action: string,
  label: string,
  options: { readonly hidden?: { readonly [name: string]: string }; readonly kind?: 'primary' | 'plain' } = {},
): Markup {
  const hidden = Object.entries(options.hidden ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
  return html`<form method="post" action="${action}" class="inline">
    <input type="hidden" name="csrf" value="${view.csrf}" />${hidden}<button type="submit" class="${options.kind ?? 'plain'}">
      ${label}
    </button>
  </form>`;
}

/** A table that scrolls by itself on a narrow window, or what to say where there are no rows. */
export function table(title: string, heads: readonly string[], rows: readonly Markup[], none: string): Markup {
  if (rows.length === 0) return html`<p>${none}</p>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The two fields of every proof: where the host keeps it, and its hash. @param id unique on the page */
export function proofFields(view: View, id: string): Markup {
  return html`<label for="${id}-ref">${view.t('凭证编号', 'Reference')}</label
    ><input id="${id}-ref" name="reference" required pattern="[A-Za-z0-9][A-Za-z0-9._:/\\-]{3,63}" />
    <label for="${id}-sha">${view.t('凭证 SHA-256', 'SHA-256 of the proof')}</label
    ><input id="${id}-sha" name="sha256" required pattern="[0-9a-f]{64}" />`;
}

/** A day of a form. */
export function dayField(view: View, id: string, name: string, label: string, required = true): Markup {
  return html`<label for="${id}">${label}${!required && html` <span class="optional">${view.t('（选填）', '(optional)')}</span>`}</label
    ><input id="${id}" name="${name}" type="date" ${required && html`required`} />`;
}

/** One of a closed list. */
export function choiceField(
  view: View,
  id: string,
  name: string,
  label: string,
  choices: readonly (readonly [value: string, text: Text])[],
): Markup {
  return html`<label for="${id}">${label}</label
    ><select id="${id}" name="${name}">
      ${choices.map(([value, text]) => html`<option value="${value}">${view.pick(text)}</option>`)}
    </select>`;
}

/** A line of text. */
export function textField(id: string, name: string, label: string, required = true): Markup {
  return html`<label for="${id}">${label}</label><input id="${id}" name="${name}" ${required && html`required`} />`;
}
