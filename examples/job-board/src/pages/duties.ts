import { CLOCKS } from '@zhengpin/core';
import type { DutyClock, DutyState, DutyView } from '@zhengpin/core';
import type { Router } from 'express';

import { field, filled, idOf, queryOf, restricted, restrictedForm, see, send } from '../board.ts';
import type { Board } from '../board.ts';
import { button, choiceField, dayField, proofFields, table, textField } from '../controls.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { law } from '../view.ts';
import type { View } from '../view.ts';

const READERS = ['operator', 'compliance-officer', 'auditor', 'inspector'] as const;
const KEEPERS = ['operator', 'compliance-officer'] as const;
const STATES: { readonly [state in DutyState]: { readonly zh: string; readonly en: string } } = {
  missed: { zh: '逾期', en: 'missed' },
  due: { zh: '临近', en: 'due' },
  upcoming: { zh: '未到期', en: 'upcoming' },
  discharged: { zh: '已履行', en: 'discharged' },
};
const KEPT_HERE: readonly DutyClock[] = CLOCKS.filter(({ keptBy, kind }) => keptBy === 'duties' && kind === 'deadline');
const MOST = 200;

function mayKeep(view: View): boolean {
  return KEEPERS.some((role) => role === view.actor?.role);
}

function row(view: View, duty: DutyView): Markup {
  const { id, title, subject, startedOn, dueOn, state, daysLeft, dischargedOn, late, missedOn, proof, citations, basis, keptBy } = duty;
  const isOpen = state !== 'discharged';
  return html`<tr>
    <th scope="row">
      ${view.pick(title)}<br /><small><code>${subject}</code></small>
    </th>
    <td><strong>${view.pick(STATES[state])}</strong>${late === true && view.t('（迟延）', ' (late)')}</td>
    <td>
      <time>${startedOn}</time> →
      <time>${dueOn}</time
      >${isOpen && view.t(`，${daysLeft >= 0 ? `还有 ${daysLeft} 天` : `已过 ${-daysLeft} 天`}`, `, ${daysLeft >= 0 ? `${daysLeft} days left` : `${-daysLeft} days over`}`)}
      ${dischargedOn !== undefined && html`<br />${view.t('履行于 ', 'done on ')}<time>${dischargedOn}</time>`}
      ${missedOn !== undefined && html`<br />${view.t('登记逾期于 ', 'put on record as missed on ')}<time>${missedOn}</time>`}
    </td>
    <td>
      ${view.pick(proof)}<br /><small
        >${law(view, citations)}${basis !== 'law' && view.t(basis === 'notice' ? '（通知规定）' : '（内部目标）', basis === 'notice' ? ' (by notice)' : ' (internal target)')}</small
      >
    </td>
    <td>
      ${
        isOpen &&
        keptBy === 'duties' &&
        mayKeep(view) &&
        html`<details>
          <summary>${view.t('登记履行', 'Discharge')}</summary>
          <form method="post" action="/duties/${id}/discharge">
            ${token(view)}${dayField(view, `${id}-on`, 'on', view.t('履行日', 'Done on'))}${proofFields(view, id)}<button
              type="submit"
              class="plain"
            >
              ${view.t('登记', 'Record')}
            </button>
          </form>
        </details>`
      }
    </td>
  </tr>`;
}

function openForm(view: View): Markup {
  return html`<section class="panel">
    <h2>${view.t('起算一项时限', 'Start a clock')}</h2>
    <form method="post" action="/duties">
      ${token(view)}
      ${choiceField(
        view,
        'duty-clock',
        'clock',
        view.t('时限', 'Clock'),
        KEPT_HERE.map(({ id, title }) => [id, title] as const),
      )}
      ${textField('duty-subject', 'subject', view.t('对象编号（年度、入驻者、分支机构）', 'About which: a year, an entrant, a branch'))}
      ${dayField(view, 'duty-start', 'startedOn', view.t('起算日', 'Started on'), false)}
      ${dayField(view, 'duty-due', 'dueOn', view.t('届满日，由通知或文书规定的', 'Last day, where a notice or an order sets it'), false)}
      ${textField('duty-ref', 'reference', view.t('期限来源编号', 'Reference of what sets it'), false)}
      ${textField('duty-sha', 'sha256', view.t('来源 SHA-256', 'Its SHA-256'), false)}
      <button type="submit" class="primary">${view.t('起算', 'Start')}</button>
    </form>
  </section>`;
}

/** The duty calendar: what is to do by when, what was done, what was missed (义务日历). */
export function dutyPages(router: Router, board: Board): void {
  const { compliance } = board;

  restricted(router, '/duties', READERS, async (call) => {
    const { view, actor, req } = call;
    const { items, counts, today } = await compliance.listDuties(actor);
    const wanted = queryOf(req, 'state');
    const states = Object.keys(STATES) as DutyState[];
    const state = states.find((one) => one === wanted);
    const shown = items.filter((item) => (state === undefined ? item.state !== 'discharged' : item.state === state));
    const title = view.t('义务日历', 'Duty calendar');
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t(`今日 ${today}。每项时限起于何日、止于何日、依据何条、以何为证；逾期的留下记录。`, `Today is ${today}. When each clock began and ends, by which article, and what proves it; what was missed stays on record.`)}
        </p>
        <nav class="tabs" aria-label="${view.t('状态', 'States')}">
          <ul>
            <li><a href="/duties" ${state === undefined && html`aria-current="page"`}>${view.t('待办', 'To do')}</a></li>
            ${states.map(
              (one) =>
                html`<li>
                  <a href="/duties?state=${one}" ${state === one && html`aria-current="page"`}>${view.pick(STATES[one])} ${counts[one]}</a>
                </li>`,
            )}
          </ul>
        </nav>
        ${table(
          title,
          [
            view.t('义务', 'Duty'),
            view.t('状态', 'State'),
            view.t('期限', 'Days'),
            view.t('证明与依据', 'Proof and law'),
            view.t('办理', 'To do'),
          ],
          (state === 'discharged' ? shown.toReversed() : shown).slice(0, MOST).map((duty) => row(view, duty)),
          view.t('没有。', 'None.'),
        )}
        ${shown.length > MOST && html`<p class="meta">${view.t(`仅显示 ${MOST} 项，全部见接口 /duties。`, `Only ${MOST} are shown; all are at /duties of the API.`)}</p>`}
        <section class="panel">
          <h2>${view.t('订阅', 'Subscribe')}</h2>
          <p><a href="/duties/calendar.ics">${view.t('下载 iCalendar 文件', 'Download as iCalendar')}</a></p>
          ${mayKeep(view) && button(view, '/duties/feeds', view.t('开通订阅地址', 'Open an address to subscribe to'))}
        </section>
        ${mayKeep(view) && openForm(view)}`,
    );
  });

  restricted(router, '/duties/calendar.ics', READERS, async ({ view, actor, res }) => {
    const file = await compliance.dutyCalendar(actor, view.lang);
    res.set('Content-Disposition', 'attachment; filename="duties.ics"').type('text/calendar; charset=utf-8').send(file);
  });

  restrictedForm(router, '/duties', KEEPERS, async (post) => {
    const { reference, sha256, ...duty } = filled(post.form, ['clock', 'subject', 'startedOn', 'dueOn', 'reference', 'sha256']);
    const source = reference === undefined && sha256 === undefined ? {} : { source: { reference, sha256 } };
    await compliance.openDuty(post.actor, { ...duty, ...source });
    see(post, '/duties');
  });
  restrictedForm(router, '/duties/feeds', KEEPERS, async (post) => {
    const { view, actor } = post;
    const { secret } = await compliance.openFeed(actor);
    const title = view.t('订阅地址', 'Address to subscribe to');
    const address = `${post.req.protocol}://${post.req.get('host') ?? ''}/compliance/duty-feed/${actor.tenant}/${secret}`;
    send(
      post,
      201,
      title,
      html`<h1>${title}</h1>
        <p>
          ${view.t('持有此地址者可读义务日历，仅此一次显示；不再使用时请停用。', 'Whoever has this address reads the duties. It is shown this once; close it when it is no longer used.')}
        </p>
        <p><code>${address}</code></p>
        <p><a href="/duties">${view.t('返回', 'Back')}</a></p>`,
    );
  });
  restrictedForm(router, '/duties/:id/discharge', KEEPERS, async (post) => {
    const { form } = post;
    const [on, reference, sha256] = ['on', 'reference', 'sha256'].map((name) => field(form, name));
    await compliance.dischargeDuty(post.actor, idOf(post.req), { on, reference, sha256 });
    see(post, '/duties');
  });
}
