import type { Loaded } from '../../kernel/records.ts';
import { esc, htmlTable, printedPage } from '../../kernel/printed-page.ts';
import type { Text } from '../../kernel/text.ts';
import { citationText } from '../../rules/instruments.ts';
import { AUDIT_CHECKS } from '../../rules/self-audit-checks.ts';
import type { AuditItem, AuditRecord, FindingRecord } from './records.ts';

/** What a report is made of (自查报告内容). */
export interface ReportSource {
  readonly operator: string;
  readonly audit: Loaded<AuditRecord>;
  /** The findings this audit made, as they stand. */
  readonly findings: readonly Loaded<FindingRecord>[];
  /** The newest signed checkpoint, so that a printed report names the log it stands in. */
  readonly checkpoint?: string;
}

const STATES: { readonly [state in AuditItem['state']]: Text } = {
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '发现隐患', en: 'hazard found' },
  waiting: { zh: '待答复', en: 'waits for an answer' },
  'not-applicable': { zh: '不适用', en: 'not applicable' },
};
const FINDING_STATES: { readonly [state in FindingRecord['state']]: Text } = {
  open: { zh: '待整改', en: 'open' },
  remedied: { zh: '已整改，待复测', en: 'mended, to be tested again' },
  closed: { zh: '已消除', en: 'closed' },
};
const SEVERITIES: { readonly [severity in FindingRecord['severity']]: Text } = {
  high: { zh: '重大', en: 'high' },
  medium: { zh: '一般', en: 'medium' },
  low: { zh: '轻微', en: 'low' },
};

/**
 * The report of a self-audit as one HTML page without scripts, to be printed or kept (自查报告). It says which checks ran and what they found, and
 * which questions a person answered; it never says that anybody complies.
 */
export function auditReport(source: ReportSource, lang: 'zh' | 'en'): string {
  const { audit, findings, operator, checkpoint } = source;
  const { body } = audit;
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const pick = (text: Text): string => text[lang];
  const checkOf = (id: string) => AUDIT_CHECKS.find((one) => one.id === id);
  const facts = (value: object): string => (Object.keys(value).length === 0 ? '' : `<code>${esc(JSON.stringify(value))}</code>`);

  const rows = body.items.map(({ check: id, state, facts: found, attested }) => {
    const check = checkOf(id);
    const by = attested
      ? `${esc(attested.by)} <time>${attested.at}</time> <code>${esc(attested.reference)}</code><br><code>${attested.sha256}</code>`
      : state === 'waiting'
        ? // Nobody has looked yet, least of all the system.
          ''
        : t('系统检查', 'looked at by the system');
    return `<tr><th scope="row">${esc(check ? pick(check.question) : id)}<br><small>${esc((check?.citations ?? []).map((one) => pick(citationText(one))).join(t('；', '; ')))}</small></th><td class="${state}">${pick(STATES[state])}</td><td>${facts(found)}</td><td>${by}</td></tr>`;
  });
  const hazards = findings.map(({ id, body: finding }) => {
    const check = checkOf(finding.check);
    const remedy = finding.remedy
      ? `${esc(finding.remedy.by)} <time>${finding.remedy.at}</time> <code>${esc(finding.remedy.reference)}</code>`
      : esc(check ? pick(check.remedy) : '');
    const retest = finding.retest ? `${esc(finding.retest.by)} <time>${finding.retest.at}</time> ${finding.retest.state}` : '';
    return `<tr><th scope="row">${esc(check ? pick(check.question) : finding.check)}<br><code>${esc(id)}</code></th><td>${pick(SEVERITIES[finding.severity])}</td><td>${pick(FINDING_STATES[finding.state])}</td><td>${esc(finding.owner ?? '')} ${esc(finding.dueOn ?? '')}</td><td>${remedy}</td><td>${retest}</td></tr>`;
  });
  const count = (state: AuditItem['state']): number => body.items.filter((item) => item.state === state).length;
  const title = t('个人信息保护自查报告', 'Report of the self-audit of user information');
  return printedPage(
    lang,
    title,
    `<p>${esc(operator)} · <code>${esc(audit.id)}</code> · ${body.kind === 'full' ? t('年度自查', 'yearly') : t('月度检查', 'monthly')}</p>
<p>${t('开始', 'Begun')} <time>${body.startedAt}</time> ${esc(body.startedBy)}${body.closed ? ` · ${t('办结', 'closed')} <time>${body.closed.at}</time> ${esc(body.closed.by)}` : ` · ${t('未办结', 'not closed')}`}</p>
<p>${t(`检查 ${body.items.length} 项：通过 ${count('passed')}，发现隐患 ${count('failed')}，不适用 ${count('not-applicable')}，待答复 ${count('waiting')}。`, `${body.items.length} checks: ${count('passed')} passed, ${count('failed')} found a hazard, ${count('not-applicable')} not applicable, ${count('waiting')} wait for an answer.`)}
${t('本报告记载检查了什么、发现了什么；软件不能判断的事项由具名人员答复。', 'This report says what was looked at and what was found; what software cannot tell was answered by the persons named.')}</p>
<h2>${t('检查项', 'Checks')}</h2>
${htmlTable([t('问题与依据', 'Question and law'), t('结果', 'Result'), t('事实', 'Facts'), t('答复人与凭证', 'By whom, and proof')], rows)}
<h2>${t('隐患与整改', 'Hazards and remedies')}</h2>
${hazards.length === 0 ? `<p>${t('没有发现隐患。', 'No hazard was found.')}</p>` : htmlTable([t('隐患', 'Hazard'), t('程度', 'Severity'), t('状态', 'State'), t('责任人与期限', 'Owner and due date'), t('整改', 'Remedy'), t('复测', 'Retest')], hazards)}
${checkpoint === undefined ? '' : `<h2>${t('所在日志的检查点', 'Checkpoint of the log it stands in')}</h2><pre>${esc(checkpoint)}</pre>`}`,
  );
}
