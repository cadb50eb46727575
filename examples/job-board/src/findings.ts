import type { Citation, PostingContent, ReasonRecord, Text } from '@zhengpin/core';

import { html } from './html.ts';
import type { Markup } from './html.ts';
import { law, said } from './view.ts';
import type { View } from './view.ts';
import { FIELDS, fieldName, SEVERITIES } from './words.ts';

/** A finding or reason as the pages show it. */
export interface Shown {
  readonly pointer: string;
  readonly rule: string;
  readonly title: Text;
  readonly advice: Text;
  readonly citations: readonly Citation[];
  readonly severity?: string;
  readonly start?: number;
  readonly end?: number;
  readonly facts?: string;
}

/** The engine reads two fields under names of its own. */
const ENGINE_FIELDS: { readonly [field: string]: string } = { text: '/employer/introduction', salary: '/pay/note' };

export function shownReason(reason: ReasonRecord): Shown {
  const { pointer, field, rule, title, advice, citations, severity, start, end, facts } = reason;
  return {
    pointer: pointer ?? (field === undefined ? '' : (ENGINE_FIELDS[field] ?? `/${field}`)),
    rule: rule ?? reason.reason,
    title,
    advice,
    citations,
    ...(severity === undefined ? {} : { severity }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** Id of the form control or group a pointer names. */
export function controlId(pointer: string): string {
  return `f${pointer.replaceAll('/', '-')}`;
}

/** The text a pointer names, when it is text. */
function textAt(content: Partial<PostingContent> | undefined, pointer: string): string | undefined {
  let value: unknown = content;
  for (const name of pointer.split('/').slice(1)) {
    value = typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown })[name] : undefined;
  }
  return typeof value === 'string' ? value : undefined;
}

const AROUND = 16;

/** A cut that does not go through a surrogate pair. */
function cut(text: string, at: number): number {
  return at > 0 && at < text.length && /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at - 1 : at;
}

/** The words found, marked, with a little of what stands around them. */
function excerpt(view: View, text: string, start: number, end: number): Markup {
  const from = cut(text, Math.max(0, start - AROUND));
  const to = cut(text, Math.min(text.length, end + AROUND));
  const inner = html`${from > 0 && '…'}${text.slice(from, start)}<mark>${text.slice(start, end)}</mark>${text.slice(end, to)}${to < text.length && '…'}`;
  return html`<blockquote${view.lang === 'en' && html` lang="zh"`}><p>${inner}</p></blockquote>`;
}

/** A text with the words found marked and numbered; `marks` of other fields are left out. */
export function marked(text: string, pointer: string, findings: readonly Shown[]): Markup {
  const marks = findings
    .map((f, at) => ({ number: at + 1, at: f.pointer, start: f.start ?? 0, end: f.end ?? 0 }))
    .filter((m) => m.at === pointer && m.end > m.start && m.end <= text.length)
    .toSorted((a, b) => a.start - b.start);
  const pieces: Markup[] = [];
  let done = 0;
  for (const { number, start, end } of marks) {
    // Of two that overlap the later begins where the earlier ended.
    const from = Math.max(done, start);
    if (end <= from) continue;
    pieces.push(html`${text.slice(done, from)}<mark>${text.slice(from, end)}<sup>${number}</sup></mark>`);
    done = end;
  }
  return html`${pieces}${text.slice(done)}`;
}

export interface FindingsOptions {
  /** What was examined; the words found are quoted from it. */
  readonly content?: Partial<PostingContent> | undefined;
  /** Whether the fields stand on the same page under {@link controlId}. */
  readonly linked?: boolean;
  /** Heading level of each finding. */
  readonly level?: 'h3' | 'h4';
}

/** Findings or reasons: which words, which article, what to do (问题、依据和建议). */
export function findingList(view: View, findings: readonly Shown[], options: FindingsOptions = {}): Markup {
  const { content, linked = false, level = 'h3' } = options;
  const items = findings.map((f) => {
    const text = textAt(content, f.pointer);
    const where = fieldName(view, f.pointer);
    const severity = f.severity === 'block' || f.severity === 'review' || f.severity === 'advise' ? f.severity : undefined;
    const heading = level === 'h3' ? (inner: Markup) => html`<h3>${inner}</h3>` : (inner: Markup) => html`<h4>${inner}</h4>`;
    const title =
      linked && (f.pointer in FIELDS || f.pointer === '')
        ? html`<a href="#${f.pointer === '' ? 'content' : controlId(f.pointer)}">${view.pick(f.title)}</a>`
        : html`${view.pick(f.title)}`;
    return html`<li class="finding">
      ${heading(title)}
      <p class="meta">${severity && html`<span class="tag ${severity}">${view.pick(SEVERITIES[severity])}</span> `}${where}</p>
      ${f.start !== undefined && f.end !== undefined && text !== undefined && excerpt(view, text, f.start, f.end)}
      ${f.facts !== undefined && html`<p>${view.t('事实：', 'Facts: ')}${said(view, f.facts)}</p>`}
      <dl class="pairs">
        <dt>${view.t('怎么办', 'What to do')}</dt>
        <dd>${view.pick(f.advice)}</dd>
        ${
          f.citations.length > 0 &&
          html`<dt>${view.t('依据', 'Law')}</dt>
            <dd>${law(view, f.citations)}</dd>`
        }
        <dt>${view.t('规则', 'Rule')}</dt>
        <dd><code>${f.rule}</code></dd>
      </dl>
    </li>`;
  });
  return html`<ol class="findings">
    ${items}
  </ol>`;
}
