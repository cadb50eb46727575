import { randomBytes } from 'node:crypto';

import { canonical, isComplianceError, sha256Hex } from '@zhengpin/core';
import type { Actor, CommandOptions, Json, OrganisationRecord } from '@zhengpin/core';
import { problemOf } from '@zhengpin/express';
import type { Router } from 'express';

import { field, idOf, restricted, restrictedForm, see, send, statusOf } from '../board.ts';
import type { Board, Call } from '../board.ts';
import { findingList, shownReason } from '../findings.ts';
import type { Shown } from '../findings.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { token } from '../layout.ts';
import { contentOf, forForm, postingFields, valuesOf, valuesOfContent } from '../posting-form.ts';
import type { Values } from '../posting-form.ts';
import type { View } from '../view.ts';

const POSTERS = ['employer', 'agency'] as const;

interface Sheet {
  readonly values: Values;
  readonly organisation: OrganisationRecord;
  /** The posting being revised and the version seen; absent for a new one. */
  readonly revised?: { readonly id: string; readonly version: number };
  readonly refusal?: Refusal;
}

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly findings: readonly Shown[];
  /** The content as the kit read it, for the words found. */
  readonly content: Record<string, unknown>;
  /** The recorded decision, when there is one to appeal. */
  readonly decision?: string;
}

function summary(view: View, refusal: Refusal): Markup {
  const { findings, decision, title } = refusal;
  return html`<section class="summary" role="alert" aria-labelledby="summary">
    <h2 id="summary">${title}</h2>
    <p>
      ${view.t(`共 ${findings.length} 处。修改后重新提交即可，已填内容都在下面。`, `${findings.length} to look at. Change them and submit again; what you typed is below.`)}
    </p>
    ${findingList(view, findings, { content: refusal.content, linked: true })}
    ${decision !== undefined && html`<p class="appeal">${view.t('认为判断有误？', 'Think this is a mistake? ')}<a href="/employer/decisions/${decision}">${view.t('查看处理决定并申诉', 'See the decision and appeal')}</a>${view.t('，每项决定可申诉一次，由另一名审查员处理。', '. Each decision can be appealed once; another reviewer hears it.')}</p>`}
  </section>`;
}

function show(call: Call, sheet: Sheet): void {
  const { view } = call;
  const { values, organisation, revised, refusal } = sheet;
  const findings = forForm(refusal?.findings ?? []);
  const title = revised ? view.t('修改招聘信息', 'Revise a posting') : view.t('发布招聘信息', 'New posting');
  const action = revised ? `/employer/postings/${revised.id}/edit` : '/employer/new';
  send(
    call,
    refusal?.status ?? 200,
    title,
    html`<h1>${title}</h1>
      ${
        refusal
          ? summary(view, { ...refusal, findings })
          : html`<p class="lead">
              ${view.t(
                '提交后先经自动筛查，再由审查员结合材料审查；通过后由您发布。',
                'What you submit is screened at once, then reviewed by a person together with your materials; once approved, you publish it.',
              )}
            </p>`
      }
      <form method="post" action="${action}" class="posting-form" novalidate>
        ${token(view)}
        <input type="hidden" name="key" value="${randomBytes(16).toString('hex')}" />
        ${revised && html`<input type="hidden" name="version" value="${revised.version}" />`}
        ${postingFields(view, values, findings, organisation)}
        <p>
          <button class="primary" type="submit">${view.t('提交审查', 'Submit for review')}</button>
          <a href="/employer">${view.t('取消', 'Cancel')}</a>
        </p>
      </form>`,
    { failed: refusal !== undefined },
  );
}

/** A form sent twice is one posting: its own key, bound to the account and what it says. */
function retrySafe(actor: Actor, form: URLSearchParams, content: Record<string, unknown>, target: string): CommandOptions {
  const key = field(form, 'key');
  if (!/^[0-9a-f]{32}$/.test(key)) return {};
  return {
    idempotency: {
      id: sha256Hex(canonical([actor.tenant, actor.id, 'form', target, key])),
      request: sha256Hex(canonical(content as { readonly [key: string]: Json })),
    },
  };
}

/** The form of a posting, new or revised. */
export function postingFormPages(router: Router, board: Board): void {
  const { compliance } = board;
  const organisationOf = async (actor: Actor): Promise<OrganisationRecord> =>
    (await compliance.getOrganisation(actor, actor.organisation ?? '')).body;

  async function submit(call: Call, form: URLSearchParams, revised?: { readonly id: string; readonly version: number }): Promise<void> {
    const { actor, view } = call;
    const organisation = await organisationOf(actor);
    const values = valuesOf(form);
    const content = contentOf(values, organisation.accountType);
    try {
      const options = retrySafe(actor, form, content, revised?.id ?? 'new');
      const { id } = await compliance.submitPosting(
        actor,
        content,
        revised ? { ...options, id: revised.id, expectedVersion: revised.version } : options,
      );
      see(call, `/employer/postings/${id}`);
    } catch (error) {
      const status = statusOf(error);
      if (!isComplianceError(error) || (status !== 422 && error.code !== 'ZP_ACCOUNT_SCOPE')) throw error;
      const problem = problemOf(error, '/compliance');
      const recorded = error.decision && (await compliance.getDecision(actor, error.decision.id)).decision.body.reasons.map(shownReason);
      // What was blocked is on record as a posting of its own: the corrected form revises that one.
      const blocked = error.decision && (await compliance.getPosting(actor, error.decision.subjectId)).posting;
      const next = blocked ?? revised;
      show(call, {
        values,
        organisation,
        ...(next ? { revised: { id: next.id, version: next.version } } : {}),
        refusal: {
          status,
          title: view.pick({ zh: problem.titleZh, en: problem.title }),
          findings: recorded ?? problem.findings,
          content,
          ...(error.decision?.appealable === true ? { decision: error.decision.id } : {}),
        },
      });
    }
  }

  restricted(router, '/employer/new', POSTERS, async (call) => {
    const organisation = await organisationOf(call.actor);
    const own = organisation.accountType === 'employer-direct' ? { employer: { name: organisation.name, uscc: organisation.uscc } } : {};
    const values = valuesOfContent({ ...own, validity: { reconfirmEveryDays: 30 }, source: { kind: 'original' } });
    show(call, { values, organisation });
  });

  restrictedForm(router, '/employer/new', POSTERS, async (post) => submit(post, post.form));

  restricted(router, '/employer/postings/:id/edit', POSTERS, async (call) => {
    const { posting, content } = await compliance.getPosting(call.actor, idOf(call.req));
    show(call, {
      values: valuesOfContent(content),
      organisation: await organisationOf(call.actor),
      revised: { id: posting.id, version: posting.version },
    });
  });

  restrictedForm(router, '/employer/postings/:id/edit', POSTERS, async (post) => {
    await submit(post, post.form, { id: idOf(post.req), version: Number(field(post.form, 'version')) });
  });
}
