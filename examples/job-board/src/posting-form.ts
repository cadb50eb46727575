import type { OrganisationRecord, PostingContent, Text } from '@zhengpin/core';

import { area, checkbox, group, input, select } from './controls.ts';
import type { FormState } from './controls.ts';
import type { Shown } from './findings.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { View } from './view.ts';
import { EMPLOYMENT, FIELDS, SIZES, SOURCES, UNITS, VENUES } from './words.ts';

const YUAN = /^(\d{1,9})(?:\.(\d{1,2}))?$/;

/** Yuan as typed, in fen, by its digits: no binary fraction on the way. @returns undefined when it is no such amount */
export function fenOf(text: string): number | undefined {
  const [, whole, part = ''] = YUAN.exec(text.normalize('NFKC').replaceAll(',', '').trim()) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** Fen as the form shows it. */
export function yuanField(fen: number): string {
  const part = fen % 100;
  return part === 0 ? String(Math.floor(fen / 100)) : `${Math.floor(fen / 100)}.${String(part).padStart(2, '0')}`;
}

/** Every field of the form, by the pointer of what it fills. */
const POINTERS = [
  '/title',
  '/headcount',
  '/requirements',
  '/workContent',
  '/workingConditions',
  '/employmentType',
  '/employer/name',
  '/employer/uscc',
  '/employer/industry',
  '/employer/size',
  '/employer/introduction',
  '/place/city',
  '/place/address',
  '/pay/minFen',
  '/pay/maxFen',
  '/pay/unit',
  '/pay/months',
  '/pay/note',
  '/validity',
  '/validity/validThrough',
  '/validity/reconfirmEveryDays',
  '/source/kind',
  '/source/name',
  '/source/url',
  '/hiresForeigners',
  '/targetsGraduates',
  '/campusChannel',
  '/venue',
  '/minorsContact',
  '/publicBody',
  '/promoted',
] as const;

const NUMBERS = new Set<string>(['/headcount', '/pay/months', '/validity/reconfirmEveryDays']);
const YUANS = new Set<string>(['/pay/minFen', '/pay/maxFen']);
const FLAGS = new Set<string>(['/hiresForeigners', '/targetsGraduates', '/campusChannel', '/minorsContact', '/publicBody', '/promoted']);

export type Values = ReadonlyMap<string, string>;

/** What was typed, with line ends as the kit counts offsets. */
export function valuesOf(form: URLSearchParams): Values {
  return new Map(POINTERS.map((pointer) => [pointer, (form.get(pointer) ?? '').replaceAll('\r\n', '\n').trim()]));
}

/** The form of a posting that is there already. */
export function valuesOfContent(content: Partial<PostingContent>): Values {
  const values = new Map<string, string>();
  const put = (pointer: string, value: unknown): void => {
    if (typeof value === 'number') values.set(pointer, YUANS.has(pointer) ? yuanField(value) : String(value));
    else if (typeof value === 'string') values.set(pointer, value);
    else if (value === true) values.set(pointer, 'yes');
  };
  for (const [name, value] of Object.entries(content)) {
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) put(`/${name}/${key}`, inner);
    else put(`/${name}`, value);
  }
  values.set('/validity', content.validity?.reconfirmEveryDays === undefined ? 'validThrough' : 'reconfirmEveryDays');
  return values;
}

/** What is typed as the kit takes it; figures that cannot be read are handed on as they are, for the kit to refuse. */
function typed(pointer: string, text: string): string | number | boolean {
  if (FLAGS.has(pointer)) return true;
  if (YUANS.has(pointer)) return fenOf(text) ?? text;
  return NUMBERS.has(pointer) && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** The posting a form describes; empty fields are absent. The account type is the registered one, never the form's. */
export function contentOf(values: Values, accountType: OrganisationRecord['accountType']): Record<string, unknown> {
  const content: Record<string, unknown> = { accountType, employer: {}, place: {}, pay: {}, validity: {}, source: {} };
  const kind = values.get('/validity');
  for (const pointer of POINTERS) {
    const text = values.get(pointer) ?? '';
    const [, name = '', key] = pointer.split('/');
    if (text === '' || pointer === '/validity' || (name === 'validity' && key !== kind)) continue;
    // A source is only of use to a repost.
    if (name === 'source' && key !== 'kind' && values.get('/source/kind') !== 'repost') continue;
    if (key === undefined) content[name] = typed(pointer, text);
    else (content[name] as Record<string, unknown>)[key] = typed(pointer, text);
  }
  return content;
}

/** The kit speaks of fen and field names; whoever fills in the form types yuan. */
const FORM_ADVICE: { readonly [pointer: string]: Text } = {
  '/pay/minFen': { zh: '以元填写数字，最多两位小数，如 8000', en: 'Give a figure in yuan with at most two decimals, e.g. 8000' },
  '/pay/maxFen': {
    zh: '以元填写数字，最多两位小数，不低于下限',
    en: 'Give a figure in yuan with at most two decimals, not below the lower bound',
  },
  '/pay/unit': { zh: '选择计薪单位', en: 'Choose what pay is reckoned by' },
  '/validity': { zh: '填写截止日期，或由本单位定期确认的间隔天数', en: 'Give a last date, or how often you will confirm it' },
};
const SCHEMA_RULES = new Set(['required', 'type', 'minimum', 'maximum', 'minProperties']);

/** Findings in the words of the form. */
export function forForm(findings: readonly Shown[]): readonly Shown[] {
  return findings.map((f) => {
    if (!SCHEMA_RULES.has(f.rule)) return f;
    const advice = FORM_ADVICE[f.pointer] ?? f.advice;
    const name = FIELDS[f.pointer];
    if (f.rule !== 'type' || name === undefined) return { ...f, advice };
    const [zh, en] = YUANS.has(f.pointer) ? ['须为金额', 'must be an amount'] : ['须为整数', 'must be a whole number'];
    return { ...f, advice, title: { zh: `${name.zh}：${zh}`, en: `${name.en}: ${en}` } };
  });
}

function validity(form: FormState): Markup {
  const chosen = form.values.get('/validity') ?? 'reconfirmEveryDays';
  const radio = (value: string, label: string): Markup =>
    html`<div class="check">
      <input type="radio" id="validity-${value}" name="/validity" value="${value}" ${value === chosen && html` checked`} /><label
        for="validity-${value}"
        >${label}</label
      >
    </div>`;
  const { t } = form.view;
  return group(
    form,
    '/validity',
    html`${radio('validThrough', t('到某一日期为止', 'Until a date'))}${input(form, '/validity/validThrough', { type: 'date' })}
    ${radio('reconfirmEveryDays', t('长期招聘，定期确认', 'Open, confirmed at intervals'))}${input(form, '/validity/reconfirmEveryDays', { inputmode: 'numeric', hint: t('1 至 90 天，逾期未确认即不再展示', '1 to 90; not confirmed in time, it is no longer shown') })}`,
  );
}

/** The fields of a posting. */
export function postingFields(view: View, values: Values, findings: readonly Shown[], organisation: OrganisationRecord): Markup {
  const form: FormState = { view, values, findings };
  const { t } = view;
  const entities = [organisation, ...organisation.branches].map((e) => `${e.name} ${e.uscc}`);
  return html`${group(
      form,
      '/employer',
      html`${input(form, '/employer/name', { required: true, maxlength: 120 })}
        ${input(form, '/employer/uscc', { required: true, maxlength: 18, ...(organisation.accountType === 'employer-direct' ? { hint: t(`可为：${entities.join('；')}`, `One of: ${entities.join('; ')}`) } : { hint: t('被代理的用人单位', 'Of the employer you act for') }) })}
        <div class="two">
          ${input(form, '/employer/industry', { maxlength: 60 })}${select(
            form,
            '/employer/size',
            SIZES.map((size) => [size, size] as const),
          )}
        </div>
        ${area(form, '/employer/introduction', { maxlength: 5000 })}`,
    )}
    ${input(form, '/title', { required: true, maxlength: 120 })}
    <div class="two">
      ${input(form, '/headcount', { required: true, inputmode: 'numeric', hint: t('实际招聘人数，不写“若干”', 'The number actually sought') })}
      ${select(
        form,
        '/employmentType',
        Object.entries(EMPLOYMENT).map(([value, name]) => [value, view.pick(name)] as const),
        { required: true },
      )}
    </div>
    ${area(form, '/workContent', { required: true, rows: 5, maxlength: 10000 })}
    ${area(form, '/requirements', { required: true, rows: 5, maxlength: 10000, hint: t('只写岗位本身需要的能力；不得限定性别、民族、户籍、婚育等', 'Only what the work needs; no limits of sex, ethnicity, household registration, marriage or the like') })}
    ${area(form, '/workingConditions', { required: true, rows: 3, maxlength: 5000, hint: t('工时、休息、社会保险、劳动保护', 'Hours, rest, social insurance, protection') })}
    ${group(form, '/place', html`<div class="two">${input(form, '/place/city', { required: true, maxlength: 60 })}${input(form, '/place/address', { maxlength: 200 })}</div>`)}
    ${group(
      form,
      '/pay',
      html`<div class="three">
          ${input(form, '/pay/minFen', { required: true, inputmode: 'decimal' })}${input(form, '/pay/maxFen', { required: true, inputmode: 'decimal' })}${select(
            form,
            '/pay/unit',
            Object.entries(UNITS).map(([value, name]) => [value, view.pick(name)] as const),
            { required: true },
          )}
        </div>
        <div class="two">
          ${input(form, '/pay/months', { inputmode: 'numeric', hint: t('按月计薪时，12 至 24', 'With pay by the month, 12 to 24') })}${input(form, '/pay/note', { maxlength: 300 })}
        </div>`,
    )}
    ${validity(form)}
    ${group(
      form,
      '/source',
      html`${select(
          form,
          '/source/kind',
          Object.entries(SOURCES).map(([value, name]) => [value, view.pick(name)] as const),
          { required: true },
        )}
        <div class="two">
          ${input(form, '/source/name', { maxlength: 120, hint: t('转发时必填', 'Needed for a repost') })}${input(form, '/source/url', { type: 'url', maxlength: 500, hint: 'https://…' })}
        </div>`,
    )}
    ${checkbox(form, '/hiresForeigners', t('须由审查员逐项核对工作许可条件', 'A reviewer then checks the work-permit conditions one by one'))}
    ${checkbox(form, '/targetsGraduates', t('招聘高校毕业生不得限定户籍、年龄、毕业院校', 'Graduates may not be limited by household registration, age or school'))}
    ${checkbox(form, '/campusChannel')}
    ${select(
      form,
      '/venue',
      Object.entries(VENUES).map(([value, name]) => [value, view.pick(name)] as const),
    )}
    ${checkbox(form, '/minorsContact', t('学校、幼儿园、校外培训机构等', 'Schools, kindergartens, training centres and the like'))}
    ${checkbox(form, '/publicBody')} ${checkbox(form, '/promoted')}`;
}
