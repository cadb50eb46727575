import { html } from './html.ts';
import type { Markup, Piece } from './html.ts';
import { nameOf } from './accounts.ts';
import { switched } from './view.ts';
import type { View } from './view.ts';

interface Link {
  readonly href: string;
  readonly label: string;
}

function links(view: View): readonly Link[] {
  const all: Link[] = [{ href: '/', label: view.t('找工作', 'Jobs') }];
  const role = view.actor?.role;
  if (role === 'employer' || role === 'agency') {
    all.push(
      { href: '/employer', label: view.t('我的招聘', 'My postings') },
      { href: '/employer/materials', label: view.t('材料', 'Materials') },
    );
  }
  if (role === 'reviewer' || role === 'compliance-officer' || role === 'auditor' || role === 'inspector')
    all.push({ href: '/reviews', label: view.t('审查队列', 'Review queue') });
  if (role !== undefined && role !== 'employer' && role !== 'agency' && role !== 'reviewer') {
    all.push(
      { href: '/operator', label: view.t('本机构', 'Operator') },
      { href: '/duties', label: view.t('义务', 'Duties') },
      { href: '/disclosure', label: view.t('公示', 'Display') },
      { href: '/supervision', label: view.t('监管', 'Supervision') },
      { href: '/retention', label: view.t('保存', 'Retention') },
      { href: '/audits', label: view.t('自查', 'Self-audit') },
      { href: '/evidence', label: view.t('证据', 'Evidence') },
    );
  }
  return all;
}

/** The hidden field that says a form was shown to this session. */
export function token(view: View): Markup {
  return html`<input type="hidden" name="csrf" value="${view.csrf}" />`;
}

function account(view: View): Markup {
  if (view.actor === undefined) return html`<a href="/login">${view.t('登录', 'Sign in')}</a>`;
  return html`<form method="post" action="/logout" class="inline">
    ${token(view)}
    <span class="who"><bdi>${nameOf(view, view.actor.id)}</bdi></span>
    <button class="link" type="submit">${view.t('退出', 'Sign out')}</button>
  </form>`;
}

export interface PageOptions {
  /** More for the head of this page. */
  readonly head?: Markup;
  /** Puts a word before the title, the first thing a screen reader says. */
  readonly failed?: boolean;
}

/** A whole page. */
export function layout(view: View, title: string, body: Piece, options: PageOptions = {}): Markup {
  const path = view.here.split('?')[0] ?? '/';
  const other = view.lang === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
    <html lang="${view.t('zh-CN', 'en')}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${options.failed === true && view.t('有误：', 'Error: ')}${title} · ${view.t('正聘示例招聘网', 'Zhengpin job board')}</title>
        <link rel="stylesheet" href="/assets/board.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${options.head}
      </head>
      <body>
        <a class="skip" href="#content">${view.t('跳到正文', 'Skip to content')}</a>
        <header class="site">
          <div class="wrap">
            <a class="brand" href="/"><span aria-hidden="true" class="seal">正</span>${view.t('正聘示例招聘网', 'Zhengpin job board')}</a>
            <nav aria-label="${view.t('主导航', 'Main')}">
              <ul>
                ${links(view).map(
                  ({ href, label }) => html`<li><a href="${href}" ${href === path && html` aria-current="page"`}>${label}</a></li>`,
                )}
              </ul>
            </nav>
            <div class="account">
              ${account(view)}<a href="${switched(view.here, other)}" lang="${view.t('en', 'zh-CN')}" hreflang="${view.t('en', 'zh-CN')}"
                >${view.t('English', '中文')}</a
              >
            </div>
          </div>
        </header>
        <main id="content" tabindex="-1"><div class="wrap">${body}</div></main>
        <footer class="site">
          <div class="wrap">
            <p>
              ${view.t(
                '演示站点：单位、账号与岗位均为虚构。每条招聘信息发布前经筛查和人工审查，每项决定留有可验证的证据。',
                'A demonstration: firms, accounts and posts are invented. Every posting is screened and reviewed by a person before it shows, and every decision leaves evidence that can be verified.',
              )}
            </p>
            <p>
              ${view.t('劳动保障投诉举报：', 'Labour complaints and reports: ')}<a href="tel:12333">12333</a> ·
              <a href="/fees">${view.t('服务项目与收费标准', 'Services and fees')}</a> ·
              <a href="/rules">${view.t('服务协议与平台规则', 'Agreement and rules')}</a> · <a href="/compliance/openapi.json">OpenAPI</a> ·
              <a href="/compliance/verifier-key">${view.t('验证公钥', 'Verifier key')}</a>
            </p>
          </div>
        </footer>
      </body>
    </html>`;
}
