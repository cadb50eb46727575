import { randomUUID } from 'node:crypto';

import { ComplianceError } from '@zhengpin/core';
import type { ChargeRecord, Loaded, PriceItem, PriceListRecord, ReconciliationRecord } from '@zhengpin/core';
import { feeGuard } from '@zhengpin/express';
import type { Request, Response, Router } from 'express';

import { field, filled, open, restrictedForm, see, send, TENANT } from '../board.ts';
import type { Board } from '../board.ts';
import { button, choiceField, dayField, proofFields, table, textField } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { layout, token } from '../layout.ts';
import { checkForm } from '../session.ts';
import { todayOf, viewOf, when, yuan } from '../view.ts';
import type { View } from '../view.ts';

const KEEPERS = ['operator', 'compliance-officer'] as const;
const READERS = [...KEEPERS, 'auditor', 'inspector'] as const;
const BUYERS = ['employer', 'agency'] as const;
const PAGE = 20;
const PAYERS = {
  worker: { zh: '劳动者（求职者）', en: 'Workers (job seekers)' },
  employer: { zh: '用人单位', en: 'Employers' },
  agency: { zh: '人力资源服务机构', en: 'Agencies' },
} as const satisfies { readonly [payer in PriceItem['payer']]: { readonly zh: string; readonly en: string } };
const UNITS = {
  posting: { zh: '每条', en: 'a posting' },
  month: { zh: '每月', en: 'a month' },
  year: { zh: '每年', en: 'a year' },
  person: { zh: '每人', en: 'a person' },
  session: { zh: '每次', en: 'a session' },
  service: { zh: '每项', en: 'a service' },
  report: { zh: '每份', en: 'a report' },
} as const satisfies { readonly [unit in PriceItem['unit']]: { readonly zh: string; readonly en: string } };

function is(view: View, roles: readonly string[]): boolean {
  return view.actor !== undefined && roles.includes(view.actor.role);
}

function price(view: View, fen: number): string {
  return view.t(`${yuan(fen)} 元`, `CNY ${yuan(fen)}`);
}

/** A price as it is written: yuan, with one or two places after the point at most. @throws ZP_INPUT_INVALID */
function fenOf(text: string): number {
  const [, whole = '', rest = ''] = /^(\d{1,8})(?:\.(\d{1,2}))?$/u.exec(text.trim()) ?? [];
  if (whole !== '') return Number(whole) * 100 + Number(rest.padEnd(2, '0'));
  const title = { zh: '单价须为数字，至多两位小数', en: 'A price is a number with two decimals at most' };
  throw new ComplianceError('ZP_INPUT_INVALID', { issues: [{ pointer: '/yuan', rule: 'pattern', title, advice: title, citations: [] }] });
}

function listPanel(view: View, title: string, { body }: Loaded<PriceListRecord>, mayBuy: boolean): Markup {
  const heads = [
    view.t('服务', 'Service'),
    view.t('内容', 'What it is'),
    view.t('付款人', 'Payer'),
    view.t('收费标准', 'Fee'),
    view.t('办理', 'To do'),
  ];
  const rows = body.items.map(
    (item) =>
      html`<tr>
        <th scope="row">${view.pick(item.name)}</th>
        <td>${view.pick(item.what)}</td>
        <td>${view.pick(PAYERS[item.payer])}</td>
        <td>${item.amountFen === 0 ? view.t('免费', 'free') : html`${price(view, item.amountFen)} / ${view.pick(UNITS[item.unit])}`}</td>
        <td>
          ${mayBuy && item.payer === view.actor?.role && button(view, '/fees/orders', view.t('购买', 'Buy'), { hidden: { item: item.id } })}
        </td>
      </tr>`,
  );
  return html`<section class="panel">
    <h2>${title}</h2>
    <p class="meta">
      ${view.t(`第 ${body.number} 版，${body.publishedOn} 公布，${body.effectiveFrom} 起施行`, `Version ${body.number}, published ${body.publishedOn}, in effect from ${body.effectiveFrom}`)}
    </p>
    ${table(title, heads, rows, view.t('没有收费项目。', 'Nothing is charged for.'))}
  </section>`;
}

function publishForm(view: View, current: Loaded<PriceListRecord> | undefined): Markup {
  const items = current?.body.items ?? [];
  return html`<section class="panel">
    <h2>${view.t('公布新的收费目录', 'Publish a new price list')}</h2>
    <form method="post" action="/fees">
      ${token(view)}
      ${
        items.length > 0 &&
        html`<fieldset>
          <legend>${view.t('保留的项目', 'Items to keep')}</legend>
          ${items.map(
            ({ id, name }) =>
              html`<div class="check">
                <input type="checkbox" id="keep-${id}" name="keep" value="${id}" checked /><label for="keep-${id}"
                  >${view.pick(name)}</label
                >
              </div>`,
          )}
        </fieldset>`
      }
      <fieldset>
        <legend>${view.t('新增项目（编号留空则不新增）', 'New item, none without an id')}</legend>
        ${textField('item-id', 'id', view.t('编号', 'Id'), false)}${textField('item-zh', 'nameZh', view.t('名称（中文）', 'Name in Chinese'), false)}
        ${textField('item-en', 'nameEn', view.t('名称（英文）', 'Name in English'), false)}
        ${textField('item-what-zh', 'whatZh', view.t('内容（中文）', 'What it is, in Chinese'), false)}
        ${textField('item-what-en', 'whatEn', view.t('内容（英文）', 'What it is, in English'), false)}
        ${choiceField(view, 'item-payer', 'payer', view.t('付款人', 'Payer'), Object.entries(PAYERS))}
        ${choiceField(view, 'item-unit', 'unit', view.t('计价单位', 'Unit'), Object.entries(UNITS))}
        ${textField('item-yuan', 'yuan', view.t('单价（元）', 'Price in yuan'), false)}
      </fieldset>
      ${dayField(view, 'list-from', 'effectiveFrom', view.t('施行日，至少七日后', 'In effect from, seven days from now or later'))}
      ${proofFields(view, 'list')}<button type="submit" class="primary">${view.t('公布', 'Publish')}</button>
    </form>
  </section>`;
}

function ledgerPanels(
  view: View,
  charges: readonly Loaded<ChargeRecord>[],
  reconciliations: readonly Loaded<ReconciliationRecord>[],
): Markup {
  const ledger = view.t('收款台账', 'Ledger of charges');
  const compared = view.t('对账', 'Reconciliations');
  return html`<section class="panel">
      <h2>${ledger}</h2>
      ${table(
        ledger,
        [view.t('时间', 'When'), view.t('项目', 'Item'), view.t('付款人', 'Payer'), view.t('金额', 'Amount'), view.t('决定', 'Decision')],
        charges.map(
          ({ body }) =>
            html`<tr>
              <th scope="row">${when(body.at)}</th>
              <td><code>${body.item}</code></td>
              <td>${view.pick(PAYERS[body.payer.kind])}</td>
              <td>${price(view, body.amountFen)}</td>
              <td>
                ${body.state === 'allowed' ? view.t('准许', 'allowed') : html`<strong>${view.t('不准', 'refused')}</strong> <code>${body.reasons.join(' ')}</code>`}
              </td>
            </tr>`,
        ),
        view.t('没有收款。', 'None.'),
      )}
    </section>
    <section class="panel">
      <h2>${compared}</h2>
      ${table(
        compared,
        [view.t('日期', 'Days'), view.t('流水', 'Payments'), view.t('台账', 'Charges'), view.t('差异', 'Differences')],
        reconciliations.map(
          ({ body }) =>
            html`<tr>
              <th scope="row"><time>${body.from}</time> → <time>${body.through}</time></th>
              <td>${body.payments}</td>
              <td>${body.charges}</td>
              <td>
                ${body.total === 0 ? '0' : html`<strong>${body.total}</strong> <code>${body.differences.map(({ kind }) => kind).join(' ')}</code>`}
              </td>
            </tr>`,
        ),
        view.t('还没有对账。', 'None yet.'),
      )}
    </section>`;
}

/** What is charged, for everybody to see; the ledger for those who look on (收费公示与台账). */
export function feePages(router: Router, board: Board): void {
  const { compliance } = board;

  open(router, '/fees', async (visit) => {
    const { view } = visit;
    const { actor } = view;
    const [current, announced] = await Promise.all([compliance.currentPriceList(TENANT), compliance.announcedPriceLists(TENANT)]);
    const mayRead = is(view, READERS);
    const [charges, reconciliations] =
      mayRead && actor
        ? await Promise.all([compliance.chargeLedger(actor, { limit: PAGE }), compliance.listReconciliations(actor, { limit: PAGE })])
        : [undefined, undefined];
    const title = view.t('服务项目与收费标准', 'Services and fees');
    send(
      visit,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t('本平台不向劳动者收取押金或任何与录用挂钩的费用；未列明的不收取。', 'No deposit and nothing tied to being hired is taken from workers; what is not listed is not charged.')}
        </p>
        ${current ? listPanel(view, view.t('现行', 'In effect'), current, true) : html`<p>${view.t('尚未公布收费目录。', 'No price list is published yet.')}</p>`}
        ${announced.map((list) => listPanel(view, view.t('即将施行', 'Announced'), list, false))}
        ${mayRead && ledgerPanels(view, charges?.items ?? [], reconciliations?.items ?? [])}
        ${is(view, KEEPERS) && publishForm(view, announced.at(-1) ?? current)}`,
    );
  });

  // An order is billed by the published list, and only after the guard has said so on record.
  const order = async (req: Request, res: Response) => {
    const { actor, csrf } = viewOf(res);
    const form = new URLSearchParams(typeof req.body === 'string' ? req.body : '');
    checkForm(req, csrf, form.get('csrf'));
    if (actor === undefined || !BUYERS.some((role) => role === actor.role)) throw new ComplianceError('ZP_FORBIDDEN');
    const wanted = field(form, 'item');
    const item = (await compliance.currentPriceList(TENANT))?.body.items.find(({ id }) => id === wanted);
    if (item === undefined) throw new ComplianceError('ZP_NOT_FOUND');
    const { id, amountFen } = item;
    return { payment: randomUUID(), item: id, quantity: 1, amountFen, payer: { kind: actor.role, id: actor.id }, payee: 'platform' };
  };
  const guard = feeGuard(compliance, {
    actor: board.reader,
    onRefusal: (error, _req, _res, next) => next(error),
    async chargeOf(req, res) {
      const charge = await order(req, res);
      res.locals['order'] = charge;
      return charge;
    },
  });
  router.post('/fees/orders', guard, function billOrder(_req, res) {
    const view = viewOf(res);
    const { payment, amountFen, payer } = res.locals['order'] as Awaited<ReturnType<typeof order>>;
    board.payments.add({ payment, amountFen, payer: payer.kind === 'agency' ? 'agency' : 'employer', on: todayOf(view) });
    const title = view.t('已出账单', 'Billed');
    const body = html`<h1>${title}</h1>
      <p>${view.t('金额 ', 'Amount ')}${price(view, amountFen)} · <code>${payment}</code></p>
      <p><a href="/fees">${view.t('返回', 'Back')}</a></p>`;
    res
      .status(201)
      .type('html')
      .send(layout(view, title, body).text);
  });

  restrictedForm(router, '/fees', KEEPERS, async (post) => {
    const { form } = post;
    const [current, announced] = await Promise.all([compliance.currentPriceList(TENANT), compliance.announcedPriceLists(TENANT)]);
    const kept = new Set(form.getAll('keep'));
    const { id, nameZh, nameEn, whatZh, whatEn, payer, unit } = filled(form, [
      'id',
      'nameZh',
      'nameEn',
      'whatZh',
      'whatEn',
      'payer',
      'unit',
    ]);
    const fresh =
      id === undefined
        ? []
        : [
            {
              id,
              name: { zh: nameZh, en: nameEn },
              what: { zh: whatZh, en: whatEn },
              kind: 'extra',
              payer,
              unit,
              amountFen: fenOf(field(form, 'yuan')),
              basis: 'market-adjusted',
            },
          ];
    const items = [...((announced.at(-1) ?? current)?.body.items ?? []).filter((item) => kept.has(item.id)), ...fresh];
    const [effectiveFrom, reference, sha256] = ['effectiveFrom', 'reference', 'sha256'].map((name) => field(form, name));
    await compliance.publishPriceList(post.actor, { effectiveFrom, basis: { reference, sha256 }, items });
    see(post, '/fees');
  });
}
