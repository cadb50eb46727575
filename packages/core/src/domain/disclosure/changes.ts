import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Reader } from '../../kernel/execute.ts';
import { esc, htmlTable, printedPage } from '../../kernel/printed-page.ts';
import { found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { citationText, cite } from '../../rules/instruments.ts';
import { RECEIPT_SCHEMA } from '../../rules/disclosure-schemas.ts';
import type { ReceiptInput } from '../../rules/disclosure-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { ChangeRecord, DisclosureRecord } from './records.ts';

export type ReportedChange = { readonly id: string; readonly version: number; readonly late: boolean };

/** Changes and their written reports (变更报告). */
export interface ChangeCommands {
  /** Newest first. */
  listChanges(actor: Actor, page: PageOptions): Promise<Listing<Loaded<ChangeRecord>>>;
  /** The written report to the authority, to be printed and signed. @throws ZP_NOT_FOUND, ZP_STATE for a change no report is due of */
  changeReport(actor: Actor, id: string, lang: 'zh' | 'en'): Promise<string>;
  /** The authority’s receipt for a report: it stops the clock. @throws ZP_STATE where there is one, ZP_INPUT_INVALID for a day that cannot be @source Order 44 Art. 12 */
  recordChangeReceipt(actor: Actor, id: string, input: unknown, options?: DeskOptions): Promise<ReportedChange>;
}

const FIELDS: { readonly [field: string]: Text } = {
  name: { zh: '名称', en: 'Name' },
  domicile: { zh: '住所', en: 'Domicile' },
  legalRepresentative: { zh: '法定代表人', en: 'Legal representative' },
  ending: { zh: '终止网络招聘服务', en: 'End of online recruitment' },
};

function reportPage(disclosure: DisclosureRecord, { id, body }: Loaded<ChangeRecord>, lang: 'zh' | 'en'): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const isEnding = body.clock === 'ending-report';
  const law = [cite('order44', '12'), cite('hr-market', '21')].map((one) => citationText(one)[lang]).join(t('、', ', '));
  const rows = body.items.map(
    ({ field, from, to }) => `<tr><th scope="row">${esc(FIELDS[field]?.[lang] ?? field)}</th><td>${esc(from)}</td><td>${esc(to)}</td></tr>`,
  );
  return printedPage(
    lang,
    isEnding ? t('关于终止网络招聘服务的报告', 'Report of the end of online recruitment') : t('关于变更事项的报告', 'Report of a change'),
    `<p>${esc(disclosure.authority.name)}${t('：', ':')}</p>
<p>${
      isEnding
        ? t(
            `我单位已终止网络招聘服务，相关登记于 ${body.startedOn} 办理完毕。依照${law}，现书面报告如下。`,
            `We have ended our online recruitment service; the registration was completed on ${body.startedOn}. We report it in writing under ${law}.`,
          )
        : t(
            `我单位下列事项已变更，变更登记于 ${body.startedOn} 办理完毕。依照${law}，现书面报告如下。`,
            `The following has changed; the registration was completed on ${body.startedOn}. We report it in writing under ${law}.`,
          )
    }</p>
${htmlTable([t('事项', 'Matter'), t('变更前', 'Before'), t('变更后', 'After')], rows)}
<table><tbody>
<tr><th scope="row">${t('报告单位', 'Reported by')}</th><td>${esc(disclosure.name)}<br>${esc(disclosure.domicile)}</td></tr>
<tr><th scope="row">${t('法定代表人', 'Legal representative')}</th><td>${esc(disclosure.legalRepresentative)}</td></tr>
<tr><th scope="row">${t('登记凭证', 'Proof of registration')}</th><td><code>${esc(body.proof?.reference ?? '')}</code><br><code>${esc(body.proof?.sha256 ?? '')}</code></td></tr>
<tr><th scope="row">${t('报告届满日', 'Last day for this report')}</th><td><time>${body.dueOn}</time></td></tr>
<tr><th scope="row">${t('档案号', 'File')}</th><td><code>${esc(id)}</code></td></tr>
</tbody></table>
<p>${t('（单位盖章）', '(seal)')}</p>
<p>${t('年　　月　　日', 'Date')}</p>
<p>${t('收件机关签收：', 'Received by the authority:')}</p>`,
  );
}

export function createChanges(context: DeskContext): ChangeCommands {
  const { execute, calendar } = context;
  const parse = createValidator<ReceiptInput>(RECEIPT_SCHEMA);
  const change = async (reader: Reader, id: string): Promise<Loaded<ChangeRecord>> =>
    found(await load<ChangeRecord>(reader, 'changeReports', id));
  return {
    async listChanges(actor, page) {
      context.permit(actor, 'disclosure.read');
      const reader = context.reader(actor.tenant);
      return listed<ChangeRecord>(await reader.find('changeReports', { range: { field: 'at', gt: '' }, order: 'desc', ...page }));
    },
    async changeReport(actor, id, lang) {
      context.permit(actor, 'disclosure.read');
      const reader = context.reader(actor.tenant);
      const [one, disclosure] = await Promise.all([change(reader, id), load<DisclosureRecord>(reader, 'disclosures', actor.tenant)]);
      if (one.body.clock === 'disclosure-update') throw new ComplianceError('ZP_STATE');
      return reportPage(found(disclosure).body, one, lang);
    },
    async recordChangeReceipt(actor, id, input, options = {}) {
      context.permit(actor, 'disclosure.keep');
      const receipt = parse(input);
      return execute<Loaded<ChangeRecord>, ReportedChange>({
        actor,
        ...retrying(options),
        load: (reader) => change(reader, id),
        decide(one, now) {
          if (one.body.done) throw new ComplianceError('ZP_STATE');
          if (receipt.on < one.body.startedOn || receipt.on > calendar.today(Date.parse(now))) {
            const title = { zh: '须在登记办理完毕之日与今日之间', en: 'must lie between the registration and today' };
            refuse([{ pointer: '/on', rule: 'order', title, advice: title, citations: [cite('order44', '12')] }]);
          }
          const late = receipt.on > one.body.dueOn;
          const body: ChangeRecord = { ...one.body, done: { ...receipt, late, by: actor.id } };
          const { clock, dueOn } = body;
          const facts = { clock, dueOn, on: receipt.on, late, sha256: receipt.sha256 };
          const subject = { collection: 'changeReports', id };
          return {
            drafts: [{ kind: 'change.reported', subject, facts, changes: [replace('changeReports', one, body)] }],
            result: { id, version: one.version + 1, late },
          };
        },
      });
    },
  };
}
