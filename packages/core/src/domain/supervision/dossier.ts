import { esc, htmlTable, printedPage } from '../../kernel/printed-page.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { citationText } from '../../rules/instruments.ts';
import { OBLIGATIONS } from '../../rules/obligations.ts';
import { PENALTIES } from '../../rules/penalties.ts';
import type { RectificationStepInput } from '../../rules/supervision-schemas.ts';
import type { RectificationRecord } from './rectifications.ts';

/** One thing the operator did of its own accord, as the records have it (尽责事实). */
export interface DiligenceFact {
  readonly title: Text;
  readonly value: number | string;
}

const STEPS: { readonly [step in RectificationStepInput['step']]: Text } = {
  action: { zh: '采取整改措施', en: 'something was mended' },
  sent: { zh: '报送整改情况', en: 'the report was handed in' },
  receipt: { zh: '取得签收回执', en: 'the authority has received it' },
  extended: { zh: '获准延期', en: 'more time was given' },
  accepted: { zh: '主管部门认可', en: 'the authority has accepted it' },
  refused: { zh: '主管部门退回', en: 'the authority was not content' },
};
const STATES: { readonly [state in RectificationRecord['state']]: Text } = {
  open: { zh: '整改中', en: 'open' },
  sent: { zh: '已报送', en: 'handed in' },
  closed: { zh: '已办结', en: 'closed' },
};

/**
 * The file of an order as one page to hand in (整改档案页): the order and its last day, every step with its proof, what the articles threaten, and what
 * the operator had done before. It states facts for whoever decides under Art. 33 of the Administrative Penalty Law, and claims nothing.
 */
export function rectificationDossier(
  operator: string,
  { id, body }: Loaded<RectificationRecord>,
  diligence: readonly DiligenceFact[],
  checkpoint: string,
  lang: 'zh' | 'en',
): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const duties = body.articles.flatMap((row) => OBLIGATIONS.filter((one) => one.id === row));
  const articles = duties.map(
    (duty) =>
      `<tr><th scope="row">${esc(duty.title[lang])}<br><small>${esc(duty.citations.map((one) => citationText(one)[lang]).join(t('；', '; ')))}</small></th><td>${esc(duty.duty[lang])}</td><td>${duty.penalties.length === 0 ? t('本规定无单独罚则', 'none of its own') : esc(duty.penalties.map((code) => `${code} ${PENALTIES[code].text[lang]}`).join(t('；', '; ')))}</td></tr>`,
  );
  const steps = body.steps.map(
    (step) =>
      `<tr><th scope="row">${esc(STEPS[step.step][lang])}</th><td><time>${step.on}</time></td><td>${esc(step.note ?? '')}${step.dueOn === undefined ? '' : ` ${t('届满日', 'last day')} ${step.dueOn}`}</td><td><code>${esc(step.reference)}</code><br><code>${step.sha256}</code></td><td>${esc(step.by)} <time>${step.at}</time></td></tr>`,
  );
  const facts = diligence.map(({ title, value }) => `<tr><th scope="row">${esc(title[lang])}</th><td>${esc(String(value))}</td></tr>`);
  const late =
    body.late === undefined
      ? ''
      : body.late
        ? t('报送晚于届满日。', 'It was handed in after the last day.')
        : t('报送未晚于届满日。', 'It was handed in in time.');
  return printedPage(
    lang,
    t('责令改正事项整改档案', 'File of an order to correct'),
    `<p>${esc(operator)} · <code>${esc(id)}</code></p>
<table><tbody>
<tr><th scope="row">${t('作出机关', 'Authority')}</th><td>${esc(body.authority)}</td></tr>
<tr><th scope="row">${t('文书', 'Order')}</th><td><code>${esc(body.order)}</code><br><code>${body.sha256}</code></td></tr>
<tr><th scope="row">${t('收到之日', 'Received')}</th><td><time>${body.receivedOn}</time></td></tr>
<tr><th scope="row">${t('届满日', 'Last day')}</th><td><time>${body.dueOn}</time></td></tr>
<tr><th scope="row">${t('事项', 'Matter')}</th><td>${esc(body.matter)}</td></tr>
<tr><th scope="row">${t('状态', 'State')}</th><td>${STATES[body.state][lang]}${body.sentOn === undefined ? '' : ` · <time>${body.sentOn}</time> ${late}`}</td></tr>
</tbody></table>
<h2>${t('所涉条款', 'Articles')}</h2>
${htmlTable([t('义务', 'Duty'), t('要求', 'What it asks for'), t('罚则', 'Penalty')], articles)}
<h2>${t('整改经过', 'What was done')}</h2>
${steps.length === 0 ? `<p>${t('尚无记录。', 'Nothing is on record yet.')}</p>` : htmlTable([t('步骤', 'Step'), t('日期', 'Day'), t('说明', 'Note'), t('凭证', 'Proof'), t('登记', 'Put on record')], steps)}
<h2>${t('此前履行义务的记录', 'What was done before, of its own accord')}</h2>
<p>${t('以下为系统记录的事实，供主管部门依据行政处罚法第三十三条判断；本档案不作结论。', 'These are facts on record, for whoever decides under Article 33 of the Administrative Penalty Law. This file draws no conclusion.')}</p>
${htmlTable([t('事实', 'Fact'), t('数值', 'Value')], facts)}
<h2>${t('所在日志的检查点', 'Checkpoint of the log it stands in')}</h2><pre>${esc(checkpoint)}</pre>`,
  );
}
