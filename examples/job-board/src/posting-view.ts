import type { PostingContent } from '@zhengpin/core';

import { marked } from './findings.ts';
import type { Shown } from './findings.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { said } from './view.ts';
import type { View } from './view.ts';
import { ACCOUNT_TYPES, EMPLOYMENT, fieldName, payText, SOURCES, VENUES } from './words.ts';

/** Short facts of a posting as a list of pairs; pay itself is left out where it heads the page. */
export function factPairs(view: View, content: PostingContent, findings: readonly Shown[] = [], headed = false): Markup {
  const { place, pay, employmentType, headcount, validity, source, accountType } = content;
  const note = pay.note;
  const rows: (readonly [string, Markup] | false)[] = [
    !headed && [fieldName(view, '/pay'), html`${payText(view, pay)}`],
    note !== undefined && [fieldName(view, '/pay/note'), html`${marked(note, '/pay/note', findings)}`],
    [fieldName(view, '/place'), html`${said(view, place.city)}${place.address !== undefined && html` · ${said(view, place.address)}`}`],
    [fieldName(view, '/headcount'), html`${view.t(`${headcount} 人`, String(headcount))}`],
    employmentType !== undefined && [fieldName(view, '/employmentType'), html`${view.pick(EMPLOYMENT[employmentType])}`],
    [
      fieldName(view, '/validity'),
      validity.validThrough === undefined
        ? html`${view.t(`每 ${validity.reconfirmEveryDays ?? 0} 天由用人单位确认一次`, `The employer confirms it every ${validity.reconfirmEveryDays ?? 0} days`)}`
        : html`${view.t('至 ', 'Until ')}<time>${validity.validThrough}</time>`,
    ],
    [
      fieldName(view, '/source'),
      source.kind === 'repost'
        ? html`${view.pick(SOURCES.repost)}${view.t('自 ', ' from ')}<a rel="nofollow noopener noreferrer" href="${source.url ?? ''}"
              >${said(view, source.name ?? '')}</a
            >`
        : html`${view.pick(SOURCES.original)}`,
    ],
    [view.t('账号类型', 'Account type'), html`${view.pick(ACCOUNT_TYPES[accountType])}`],
    content.hiresForeigners === true && [
      fieldName(view, '/hiresForeigners'),
      html`${view.t('是，须先取得外国人工作许可', 'Yes; a work permit comes first')}`,
    ],
    ...(['targetsGraduates', 'campusChannel', 'minorsContact', 'publicBody', 'promoted'] as const).map(
      (name) => content[name] === true && ([fieldName(view, `/${name}`), html`${view.t('是', 'Yes')}`] as const),
    ),
    content.venue !== undefined && [fieldName(view, '/venue'), html`${view.pick(VENUES[content.venue])}`],
  ];
  return html`<dl class="facts">
    ${rows.map(
      (row) =>
        row !== false &&
        html`<div>
          <dt>${row[0]}</dt>
          <dd>${row[1]}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The long texts of a posting, with the words found marked. */
export function postingTexts(view: View, content: PostingContent, findings: readonly Shown[] = []): Markup {
  const { workContent, requirements, workingConditions, employer } = content;
  const text = (pointer: string, value: string | undefined): Markup | undefined =>
    value === undefined
      ? undefined
      : html`<h2>${fieldName(view, pointer)}</h2>
          <p class="long" ${view.lang === 'en' && html` lang="zh"`}>${marked(value, pointer, findings)}</p>`;
  return html`${text('/workContent', workContent)}${text('/requirements', requirements)}${text('/workingConditions', workingConditions)}
    <h2>${fieldName(view, '/employer')}</h2>
    <dl class="facts">
      <div>
        <dt>${fieldName(view, '/employer/name')}</dt>
        <dd>${said(view, employer.name)}</dd>
      </div>
      <div>
        <dt>${fieldName(view, '/employer/uscc')}</dt>
        <dd><code>${employer.uscc}</code></dd>
      </div>
      ${
        employer.industry !== undefined &&
        html`<div>
          <dt>${fieldName(view, '/employer/industry')}</dt>
          <dd>${said(view, employer.industry)}</dd>
        </div>`
      }
      ${
        employer.size !== undefined &&
        html`<div>
          <dt>${fieldName(view, '/employer/size')}</dt>
          <dd>${employer.size}</dd>
        </div>`
      }
    </dl>
    ${employer.introduction !== undefined && html`<p class="long" ${view.lang === 'en' && html` lang="zh"`}>${marked(employer.introduction, '/employer/introduction', findings)}</p>`}`;
}
