import { isComplianceError } from '@zhengpin/core';
import type { CaptureRecord, ChangeRecord, Compliance, CredentialRecord, EndingView, Loaded } from '@zhengpin/core';
import type { Router } from 'express';

import { filled, idOf, restricted, restrictedForm, see, send, TENANT } from '../board.ts';
import type { Board } from '../board.ts';
import { button, choiceField, dayField, proofFields, table, textField } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { said, when } from '../view.ts';
import type { View } from '../view.ts';

const READERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;
const KEEPERS = ['operator', 'compliance-officer'] as const;
const PAGE = 35;
const KINDS = {
  'business-licence': { zh: '营业执照', en: 'business licence' },
  'hr-licence': { zh: '人力资源服务许可证', en: 'human resources service licence' },
  'telecom-licence': { zh: '电信业务经营许可证', en: 'telecom licence' },
  'icp-filing': { zh: '网站备案', en: 'website filing' },
  'approval-document': { zh: '批准成立文件', en: 'founding document' },
} as const satisfies { readonly [kind in CredentialRecord['kind']]: { readonly zh: string; readonly en: string } };
const CLOCKS = {
  'change-report': { zh: '书面报告', en: 'report' },
  'disclosure-update': { zh: '更新公示', en: 'display' },
  'ending-report': { zh: '终止报告', en: 'report of the end' },
} as const satisfies { readonly [clock in ChangeRecord['clock']]: { readonly zh: string; readonly en: string } };

function mayKeep(view: View): boolean {
  return KEEPERS.some((role) => role === view.actor?.role);
}

/** What may not be there yet. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isComplianceError(error) && error.code === 'ZP_NOT_FOUND') return undefined;
    throw error;
  }
}

function panel(title: string, heads: readonly string[], rows: readonly Markup[], none: string, more?: Markup | false): Markup {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${table(title, heads, rows, none)} ${more}
  </section>`;
}

function credentialRow(view: View, { body }: Loaded<CredentialRecord>): Markup {
  return html`<tr>
    <th scope="row">${view.pick(KINDS[body.kind])}</th>
    <td>${said(view, body.number)}<br /><small>${said(view, body.authority)}</small></td>
    <td><time>${body.validFrom}</time> → ${body.validThrough === undefined ? '—' : html`<time>${body.validThrough}</time>`}</td>
    <td>${body.current ? view.t('现行', 'current') : view.t('已被替代', 'superseded')}</td>
  </tr>`;
}

function captureRow(view: View, { body }: Loaded<CaptureRecord>): Markup {
  const lacks = [...body.missing, ...body.unreachable].join(' ');
  return html`<tr>
    <th scope="row"><time>${body.day}</time></th>
    <td><code>${body.page}</code></td>
    <td>${body.ok ? view.t('齐全', 'complete') : html`<strong>${view.t('缺漏', 'gap')}</strong> <code>${lacks}</code>`}</td>
    <td>${body.how === 'fetched' ? view.t('程序', 'fetched') : view.t('人工', 'seen')} ${when(body.at)}</td>
    <td class="hashes"><code>${body.sha256 ?? ''}</code></td>
  </tr>`;
}

function changeRow(view: View, { id, body }: Loaded<ChangeRecord>): Markup {
  const isReport = body.clock !== 'disclosure-update';
  return html`<tr>
    <th scope="row">
      ${body.items.map(({ field: name, from, to }) => html`<code>${name}</code> ${said(view, from)} → ${said(view, to)}<br />`)}
    </th>
    <td>${view.pick(CLOCKS[body.clock])}</td>
    <td><time>${body.startedOn}</time> → <time>${body.dueOn}</time></td>
    <td>
      ${body.done ? html`<time>${body.done.on}</time>${body.done.late && view.t('（迟延）', ' (late)')}` : view.t('未完成', 'open')}
      ${isReport && html`<br /><a href="/disclosure/changes/${id}/report">${view.t('书面报告', 'Written report')}</a>`}
      ${
        isReport &&
        !body.done &&
        mayKeep(view) &&
        html`<form method="post" action="/disclosure/changes/${id}/receipt">
          ${token(view)}${dayField(view, `${id}-on`, 'on', view.t('报送日', 'Handed in on'))}${proofFields(view, id)}<button
            type="submit"
            class="plain"
          >
            ${view.t('登记回执', 'Record the receipt')}
          </button>
        </form>`
      }
    </td>
  </tr>`;
}

function endingPanel(view: View, ending: (EndingView & { readonly unproven: readonly string[] }) | undefined): Markup {
  const isOpen = ending?.state === 'announced';
  return html`<section class="panel">
    <h2>${view.t('终止服务', 'Ending the service')}</h2>
    ${
      ending
        ? html`<p>
            <code>${ending.state}</code> · ${view.t('公告的终止日 ', 'announced for ')}<time>${ending.endsOn}</time> ·
            ${view.t('最早 ', 'not before ')}<time>${ending.notBefore}</time>
          </p>`
        : html`<p>${view.t('没有公告终止。', 'No end is announced.')}</p>`
    }
    ${
      isOpen &&
      ending.unproven.length > 0 &&
      html`<p>
        ${view.t(`近三十日有 ${ending.unproven.length} 项公告留存缺失，须补足后方可终止。`, `The notice was not seen on ${ending.unproven.length} of the days it takes; the service cannot end yet.`)}
      </p>`
    }
    ${
      mayKeep(view) &&
      isOpen &&
      html`${button(view, '/disclosure/ending/completion', view.t('终止服务', 'End the service'))}
      ${button(view, '/disclosure/ending/calling-off', view.t('撤回公告', 'Call it off'))}`
    }
    ${
      mayKeep(view) &&
      ending?.state === 'ended' &&
      html`<form method="post" action="/disclosure/ending/deregistration">
        ${token(view)}${dayField(view, 'ended-on', 'completedOn', view.t('登记办理完毕之日', 'Registration completed on'))}${proofFields(view, 'ended')}
        <button type="submit" class="plain">${view.t('登记', 'Record')}</button>
      </form>`
    }
    ${
      mayKeep(view) &&
      (ending === undefined || ending.state === 'called-off') &&
      html`<details>
        <summary>${view.t('公告自行终止', 'Announce the end')}</summary>
        <form method="post" action="/disclosure/ending">
          ${token(view)}${dayField(view, 'ending-on', 'endsOn', view.t('终止日，至少三十一日后', 'Day of the end, thirty-one days from now or later'))}
          ${textField('ending-zh', 'zh', view.t('公告（中文）', 'Notice in Chinese'))}${textField('ending-en', 'en', view.t('公告（英文）', 'Notice in English'))}
          <button type="submit" class="plain">${view.t('公告', 'Announce')}</button>
        </form>
      </details>`
    }
  </section>`;
}

function credentialForm(view: View): Markup {
  return html`<details>
    <summary>${view.t('登记证照', 'Record a credential')}</summary>
    <form method="post" action="/disclosure/credentials">
      ${token(view)}${choiceField(view, 'cred-kind', 'kind', view.t('类别', 'Kind'), Object.entries(KINDS))}
      ${textField('cred-number', 'number', view.t('编号', 'Number'))}${textField('cred-authority', 'authority', view.t('发证机关', 'Authority'))}
      ${textField('cred-scope', 'scope', view.t('服务范围（许可证）', 'Scope, of the HR licence'), false)}
      ${dayField(view, 'cred-from', 'validFrom', view.t('生效日', 'Valid from'))}
      ${dayField(view, 'cred-until', 'validThrough', view.t('有效至', 'Valid through'), false)}
      ${textField('cred-link', 'link', view.t('公开链接', 'Where anybody can see it'), false)} ${proofFields(view, 'cred')}<button
        type="submit"
        class="plain"
      >
        ${view.t('登记', 'Record')}
      </button>
    </form>
  </details>`;
}

async function everything(compliance: Compliance, actor: Parameters<Compliance['listCaptures']>[0]) {
  const [credentials, captures, changes, ending, shown] = await Promise.all([
    compliance.listCredentials(actor, { limit: PAGE }),
    compliance.listCaptures(actor, { limit: PAGE }),
    compliance.listChanges(actor, { limit: PAGE }),
    orNothing(compliance.getEnding(actor)),
    orNothing(compliance.publicDisclosure(TENANT)),
  ]);
  return { credentials, captures, changes, ending, shown };
}

/** Credentials, what the home page shows, its proofs, changes and the end of the service (证照与公示). */
export function disclosurePages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/disclosure', READERS, async (call) => {
    const { view, actor } = call;
    const { credentials, captures, changes, ending, shown } = await everything(compliance, actor);
    const title = view.t('证照与首页公示', 'Credentials and display');
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        ${
          shown &&
          shown.missing.length > 0 &&
          html`<p class="note bad">
            ${view.t('应公示而尚未登记：', 'Asked for and not on record: ')}<code>${shown.missing.join(' ')}</code>
          </p>`
        }
        ${panel(
          view.t('证照', 'Credentials'),
          [
            view.t('证照', 'Credential'),
            view.t('编号与机关', 'Number and authority'),
            view.t('有效期', 'Validity'),
            view.t('状态', 'State'),
          ],
          credentials.items.map((one) => credentialRow(view, one)),
          view.t('还没有登记。', 'None on record.'),
          mayKeep(view) && credentialForm(view),
        )}
        ${panel(
          view.t('首页留存记录', 'Captures of home pages'),
          [view.t('日', 'Day'), view.t('首页', 'Page'), view.t('结果', 'Result'), view.t('方式', 'How'), 'SHA-256'],
          captures.items.map((one) => captureRow(view, one)),
          view.t('还没有核查。', 'Not looked at yet.'),
          mayKeep(view) && button(view, '/disclosure/checks', view.t('立即核查', 'Look now'), { kind: 'primary' }),
        )}
        ${panel(
          view.t('变更', 'Changes'),
          [view.t('事项', 'What'), view.t('义务', 'Duty'), view.t('期限', 'Days'), view.t('办理', 'Done')],
          changes.items.map((one) => changeRow(view, one)),
          view.t('没有变更。', 'None.'),
        )}
        ${endingPanel(view, ending)}`,
    );
  });

  restricted(router, '/disclosure/changes/:id/report', READERS, async ({ view, actor, req, res }) => {
    const page = await compliance.changeReport(actor, idOf(req), view.lang);
    res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'").type('html').send(page);
  });

  restrictedForm(router, '/disclosure/credentials', KEEPERS, async (post) => {
    const { scope, ...rest } = filled(post.form, [
      'kind',
      'number',
      'authority',
      'scope',
      'validFrom',
      'validThrough',
      'link',
      'reference',
      'sha256',
    ]);
    await compliance.recordCredential(post.actor, { ...rest, ...(scope === undefined ? {} : { scope: [scope] }) });
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/checks', KEEPERS, async (post) => {
    await compliance.checkHomePages(post.actor);
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/changes/:id/receipt', KEEPERS, async (post) => {
    await compliance.recordChangeReceipt(post.actor, idOf(post.req), filled(post.form, ['on', 'reference', 'sha256']));
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/ending', KEEPERS, async (post) => {
    const { endsOn, zh, en } = filled(post.form, ['endsOn', 'zh', 'en']);
    await compliance.announceEnding(post.actor, { endsOn, notice: { zh, en } });
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/ending/completion', KEEPERS, async (post) => {
    await compliance.endService(post.actor);
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/ending/calling-off', KEEPERS, async (post) => {
    await compliance.callOffEnding(post.actor);
    see(post, '/disclosure');
  });
  restrictedForm(router, '/disclosure/ending/deregistration', KEEPERS, async (post) => {
    await compliance.recordDeregistration(post.actor, filled(post.form, ['completedOn', 'reference', 'sha256']));
    see(post, '/disclosure');
  });
}
