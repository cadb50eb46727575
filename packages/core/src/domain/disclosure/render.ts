import { esc } from '../../kernel/printed-page.ts';
import type { DisclosureDocument, DisclosureItem } from './document.ts';

type Lang = 'zh' | 'en';

export interface FragmentOptions {
  readonly lang: Lang;
  /** Path of the JSON, for the element. */
  readonly src: string;
  /** Path of the page in the other language. */
  readonly other: string;
}

function entry({ id, title, text, detail, link }: DisclosureItem, lang: Lang): string {
  // What is read of an item is Chinese, whatever language its name is given in.
  const value = `<span lang="zh-CN">${esc(text)}</span>`;
  const shown = link === undefined ? value : `<a href="${esc(link)}">${value}</a>`;
  return `<div data-item="${esc(id)}"><dt>${esc(title[lang])}</dt><dd>${shown}${detail === undefined ? '' : ` <span lang="zh-CN">${esc(detail)}</span>`}</dd></div>`;
}

function content(document: DisclosureDocument, lang: Lang): string {
  const { ending } = document;
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const banner = ending
    ? `<p class="zp-ending" data-item="ending-notice"><strong>${t('终止服务公告', 'This service ends')} <time datetime="${ending.endsOn}">${ending.endsOn}</time></strong> <span lang="zh-CN">${esc(ending.notice.zh)}</span>${lang === 'en' ? ` ${esc(ending.notice.en)}` : ''}</p>`
    : '';
  return `${banner}<p><strong lang="zh-CN">${esc(document.name)}</strong></p><dl>${document.items.map((item) => entry(item, lang)).join('')}</dl>`;
}

/**
 * What goes into a home page (公示片段): read without a script, brought up to date by the element where scripts run. No style and no script of its own,
 * so it stands under any content security policy.
 */
export function disclosureFragment(document: DisclosureDocument, { lang, src, other }: FragmentOptions): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  return `<zhengpin-disclosure lang="${t('zh-CN', 'en')}" src="${esc(src)}"><section aria-label="${t('证照与监督信息', 'Licences and supervision')}">${content(document, lang)}<p><a href="${esc(other)}" hreflang="${t('en', 'zh-CN')}" lang="${t('en', 'zh-CN')}">${t('English', '中文')}</a></p></section></zhengpin-disclosure>`;
}

export interface PageOptions {
  readonly lang: Lang;
  /** Path of the page in the other language. */
  readonly other: string;
  /** Path of the style sheet. */
  readonly css: string;
}

/** The same by itself, for a site that has no place of its own for it (公示静态页). */
export function disclosurePage(document: DisclosureDocument, { lang, other, css }: PageOptions): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const title = t('证照与监督信息', 'Licences and supervision');
  return `<!doctype html>
<html lang="${t('zh-CN', 'en')}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="stylesheet" href="${esc(css)}"></head>
<body><main class="zp-disclosure-page"><h1>${title}</h1>${content(document, lang)}<p><a href="${esc(other)}" hreflang="${t('en', 'zh-CN')}" lang="${t('en', 'zh-CN')}">${t('English', '中文')}</a></p><p><small>${t('更新于', 'Updated')} <time>${document.updatedAt}</time> · SHA-256 <code>${document.sha256}</code></small></p></main></body></html>
`;
}
