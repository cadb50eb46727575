import { ComplianceError } from '@zhengpin/core';
import type { PublishedPosting } from '@zhengpin/core';
import type { Router } from 'express';

import { field, idOf, open, queryOf, restrictedForm, see, send, TENANT } from '../board.ts';
import type { Board } from '../board.ts';
import { html, Markup } from '../html.ts';
import { token } from '../layout.ts';
import { factPairs, postingTexts } from '../posting-view.ts';
import { reasonRows, reasonsFrom } from '../reason-rows.ts';
import { said, when } from '../view.ts';
import type { View } from '../view.ts';
import { EMPLOYMENT, payText } from '../words.ts';

const MAX_WORDS = 100;

function card(view: View, posting: PublishedPosting): Markup {
  const { title, employer, place, pay, employmentType, headcount } = posting.content;
  return html`<li class="card">
    <h2><a href="/postings/${posting.id}">${said(view, title)}</a></h2>
    <p class="pay">${payText(view, pay)}</p>
    <p class="meta">
      ${said(view, employer.name)} ·
      ${said(view, place.city)}${employmentType !== undefined && html` · ${view.pick(EMPLOYMENT[employmentType])}`} ·
      ${view.t(`招 ${headcount} 人`, `${headcount} sought`)}
    </p>
  </li>`;
}

function searchForm(view: View, words: string, city: string, cities: readonly string[]): Markup {
  return html`<form class="search" role="search" action="/" method="get">
    <div>
      <label for="q">${view.t('岗位、单位或关键词', 'Post, employer or keyword')}</label
      ><input id="q" name="q" type="search" value="${words}" maxlength="${MAX_WORDS}" />
    </div>
    <div>
      <label for="city">${view.t('城市', 'City')}</label
      ><input id="city" name="city" list="cities" value="${city}" maxlength="60" /><datalist id="cities">
        ${cities.map((name) => html`<option value="${name}"></option>`)}
      </datalist>
    </div>
    <button class="primary" type="submit">${view.t('搜索', 'Search')}</button>
  </form>`;
}

function pager(view: View, words: string, city: string, page: number, pages: number): Markup | undefined {
  if (pages < 2) return undefined;
  const to = (n: number): string =>
    `/?${new URLSearchParams({ ...(words === '' ? {} : { q: words }), ...(city === '' ? {} : { city }), page: String(n) }).toString()}`;
  return html`<nav class="pager" aria-label="${view.t('分页', 'Pages')}">
    ${page > 1 ? html`<a rel="prev" href="${to(page - 1)}">${view.t('上一页', 'Previous')}</a>` : html`<span></span>`}
    <span>${view.t(`第 ${page} 页，共 ${pages} 页`, `Page ${page} of ${pages}`)}</span>
    ${page < pages ? html`<a rel="next" href="${to(page + 1)}">${view.t('下一页', 'Next')}</a>` : html`<span></span>`}
  </nav>`;
}

/** Who runs the board, under which licences, and who watches over it (首页公示). @source Order 44 Art. 13(1) */
async function displayPanel(view: View, board: Board): Promise<Markup> {
  return html`<div id="display" tabindex="-1">${new Markup(await board.display.fragment(view.lang))}</div>`;
}

/** The front page and the pages of published postings. */
export function publicPages(router: Router, board: Board): void {
  const { compliance, published } = board;

  open(router, '/', async (visit) => {
    const { view, req } = visit;
    const words = queryOf(req, 'q').slice(0, MAX_WORDS);
    const city = queryOf(req, 'city').slice(0, 60);
    const asked = Number(queryOf(req, 'page'));
    const page = Number.isSafeInteger(asked) && asked > 0 ? asked : 1;
    const [found, cities, display] = await Promise.all([
      published.search({ words, city, page }),
      published.cities(),
      displayPanel(view, board),
    ]);
    const filtered = words !== '' || city !== '';
    const title = filtered ? view.t('搜索结果', 'Search results') : view.t('招聘岗位', 'Open posts');
    send(
      visit,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="meta">
          <a href="#display">${view.t('营业执照、人力资源服务许可证、监督电话', 'Licences, supervision and complaints')}</a>
        </p>
        ${searchForm(view, words, city, cities)}
        <p class="meta" role="status">
          ${view.t(`共 ${found.total} 个岗位`, `${found.total} ${found.total === 1 ? 'post' : 'posts'}`)}${filtered && html` · <a href="/">${view.t('清除条件', 'Clear the search')}</a>`}
        </p>
        ${
          found.postings.length > 0
            ? html`<ul class="cards">
                ${found.postings.map((posting) => card(view, posting))}
              </ul>`
            : html`<p>${view.t('没有符合条件的岗位，可减少关键词或换一个城市。', 'Nothing matches. Use fewer words or another city.')}</p>`
        }
        ${pager(view, words, city, page, found.pages)} ${display}`,
      { head: new Markup(board.display.head) },
    );
  });

  open(router, '/postings/:id', async (visit) => {
    const { view } = visit;
    const posting = await compliance.publishedPosting(TENANT, idOf(visit.req));
    const { content, publishedAt, expiresOn } = posting;
    const mayTakeDown = view.actor?.role === 'reviewer' || view.actor?.role === 'compliance-officer';
    send(
      visit,
      200,
      content.title,
      html`<article class="posting">
          <h1>${said(view, content.title)}</h1>
          <p class="pay">${payText(view, content.pay)}</p>
          <p class="meta">
            ${said(view, content.employer.name)} · ${view.t('发布于 ', 'published ')}${when(publishedAt)} ·
            ${view.t('有效至 ', 'shown until ')}<time>${expiresOn}</time>
          </p>
          ${factPairs(view, content, [], true)} ${postingTexts(view, content)}
        </article>
        <aside class="note" aria-labelledby="report">
          <h2 id="report">${view.t('发现问题？', 'Something wrong?')}</h2>
          <p>
            ${view.t(
              '用人单位不得以任何名义收取押金、保证金或扣押证件。信息虚假、含有歧视内容或要求先交钱的，请勿付款，可拨打劳动保障投诉举报电话 ',
              'No employer may take a deposit or keep your papers. If this is untrue, discriminates or asks for money first, do not pay; call the labour complaints line ',
            )}<a href="tel:12333">12333</a>${view.t('。', '.')}
          </p>
        </aside>
        ${
          mayTakeDown &&
          html`<section class="panel">
            <h2>${view.t('暂停该信息', 'Take this posting down')}</h2>
            <form method="post" action="/postings/${posting.id}/suspension">
              ${token(view)}${reasonRows(view, new URLSearchParams(), [])}<button type="submit">
                ${view.t('暂停并通知理由', 'Take down with these reasons')}
              </button>
            </form>
          </section>`
        }`,
    );
  });

  restrictedForm(router, '/postings/:id/suspension', ['reviewer', 'compliance-officer'], async (post) => {
    const id = idOf(post.req);
    const reasons = reasonsFrom(post.form);
    if (field(post.form, 'reason-0') === '') {
      throw new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: '至少选择一项理由', en: 'Choose at least one reason' } });
    }
    const { posting } = await compliance.getPosting(post.actor, id);
    await compliance.suspendPosting(post.actor, id, { reasons }, { expectedVersion: posting.version });
    see(post, '/');
  });
}
