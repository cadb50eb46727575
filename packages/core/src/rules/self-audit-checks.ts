import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** One question of the self-audit (自查项). */
export interface AuditCheck {
  readonly id: string;
  readonly question: Text;
  /** A year is not closed while a finding of high severity is open. */
  readonly severity: 'high' | 'medium' | 'low';
  /** The system looks by itself, every month too, or a named person answers. */
  readonly kind: 'automatic' | 'attested';
  readonly remedy: Text;
  readonly citations: readonly Citation[];
}

const o21 = cite('order44', '21(3)');
const pipl = (article: string): Citation => cite('pipl', article);

type Maker = (
  id: string,
  severity: AuditCheck['severity'],
  question: readonly [zh: string, en: string],
  remedy: readonly [zh: string, en: string],
  citations: readonly Citation[],
) => AuditCheck;

function makerOf(kind: AuditCheck['kind']): Maker {
  return (id, severity, [zh, en], [remedyZh, remedyEn], citations) => ({
    id,
    severity,
    kind,
    question: { zh, en },
    remedy: { zh: remedyZh, en: remedyEn },
    citations: [o21, ...citations],
  });
}

const automatic = makerOf('automatic');
const attested = makerOf('attested');

/**
 * The self-audit of the protection of user information (用户信息保护自查表): what the system can look at itself, and what a person has to
 * answer, along the points of the guideline annexed to the CAC audit measures of 2025.
 * @source Order 44 Art. 21(3); PIPL Arts. 51, 54
 */
export const AUDIT_CHECKS: readonly AuditCheck[] = [
  automatic(
    'unsealed-fields',
    'high',
    ['应当密封的个人信息是否均已密封存储？', 'Is everything stored sealed that has to be?'],
    ['配置密钥，重写仍为明文的记录', 'Configure keys and rewrite the records that stand in clear'],
    [pipl('51')],
  ),
  automatic(
    'key-age',
    'medium',
    ['主密钥是否在一年内更换，更换是否完成？', 'Was the key-encryption key changed within a year, and to the end?'],
    ['更换主密钥并完成重新包裹', 'Change the key and wrap every subject key anew'],
    [pipl('51')],
  ),
  automatic(
    'log-integrity',
    'high',
    ['证据日志与记录是否完整、未被改动？', 'Are the evidence log and the records whole and unaltered?'],
    ['按核验结果查明原因，必要时恢复', 'Find the cause of what verification names, and restore'],
    [pipl('51'), cite('order44', '26')],
  ),
  automatic(
    'anchors-behind',
    'medium',
    ['外部锚点是否跟上？', 'Are the anchors outside up to date?'],
    ['恢复锚点的发布', 'Get the anchors going again'],
    [pipl('51')],
  ),
  automatic(
    'undeclared-fields',
    'high',
    ['近期响应中是否出现未申报的个人信息？', 'Did undeclared personal information turn up in answers lately?'],
    ['在路由上申报该字段，或不再返回', 'Declare the field on its route, or stop returning it'],
    [pipl('6'), pipl('51')],
  ),
  automatic(
    'unguarded-routes',
    'high',
    ['返回个人信息的路由是否均有外发守卫？', 'Does every route that answers with personal information have its guard?'],
    ['为路由加上外发守卫，或申报其不含个人信息', 'Put the guard before the route, or declare that it holds none'],
    [pipl('51')],
  ),
  automatic(
    'bulk-access',
    'medium',
    ['是否有账号查看人数远超同类账号？', 'Did an account look at far more people than its peers?'],
    ['核实事由，必要时收回权限', 'Ask for the reason, and take the right away where there is none'],
    [pipl('51')],
  ),
  automatic(
    'off-hours-access',
    'low',
    ['是否有集中于非工作时间的查看？', 'Was there looking mostly outside working hours?'],
    ['核实事由', 'Ask for the reason'],
    [pipl('51')],
  ),
  automatic(
    'refused-access',
    'low',
    ['是否有反复超出配额的查看？', 'Did somebody run into the quota again and again?'],
    ['核实事由', 'Ask for the reason'],
    [pipl('51')],
  ),
  automatic(
    'canary-touched',
    'high',
    ['诱饵身份是否被查看？', 'Was a canary looked at?'],
    ['按事件处置，查明查看者', 'Treat it as an incident and find who looked'],
    [pipl('51'), pipl('57')],
  ),
  automatic(
    'bulk-exports',
    'medium',
    ['批量导出是否均由不同人员批准且不集中于一人？', 'Were exports granted by several persons and not by always the same?'],
    ['复核导出申请与批准', 'Look at the exports and their grants again'],
    [pipl('51')],
  ),
  automatic(
    'separation-of-duties',
    'medium',
    ['处置、导出、解除等是否由不同人员办理？', 'Were disposals, exports and releases done by different persons?'],
    ['另行指定第二经办人', 'Name another second person'],
    [pipl('51')],
  ),
  automatic(
    'overdue-disposal',
    'medium',
    ['期限届满的信息是否及时处置？', 'Is what is due disposed of in time?'],
    ['登记处置计划并由两人批准', 'Put a disposal plan on record and have two approve it'],
    [pipl('19'), pipl('47')],
  ),
  automatic(
    'open-erasures',
    'medium',
    ['删除请求是否及时办结？', 'Are requests to erase done in time?'],
    ['由第二人复核删除请求', 'Have the second person check the request'],
    [pipl('47'), pipl('50')],
  ),
  automatic(
    'rights-overdue',
    'medium',
    ['个人行使权利的请求是否均在期限内答复？', 'Was every request of a person answered in time?'],
    ['答复逾期的请求', 'Answer those that are late'],
    [pipl('50')],
  ),
  automatic(
    'incidents-open',
    'high',
    ['安全事件是否按时报告、告知并办结？', 'Were incidents reported in time, persons told, and each closed?'],
    ['补报并完成处置', 'Report what is late and finish it'],
    [pipl('57')],
  ),
  automatic(
    'thresholds',
    'high',
    ['人数达到门槛后应办事项是否按期办理？', 'Was what a number of persons asks for done in time?'],
    ['补办并登记', 'Do it, and put it on record'],
    [pipl('52')],
  ),
  automatic(
    'restore-drill',
    'medium',
    ['近期恢复演练是否通过？', 'Did a restore drill pass lately?'],
    ['演练并修复发现的问题', 'Drill, and mend what it finds'],
    [cite('order44', '26')],
  ),
  automatic(
    'licence-expiry',
    'high',
    ['许可证是否在有效期内？', 'Is the licence valid and not about to end?'],
    ['办理延续并更新登记', 'Have it renewed and set it anew'],
    [cite('order44', '9')],
  ),
  automatic(
    'jobs-run',
    'medium',
    ['定期任务是否按时执行？', 'Were the recurring jobs run in time?'],
    ['恢复定时任务，查明失败原因', 'Get the scheduler going, and find why jobs failed'],
    [pipl('51')],
  ),
  automatic(
    'dormant-accounts',
    'medium',
    ['是否有长期不用而仍可查看个人信息的账号？', 'Are there accounts nobody uses that can still look?'],
    ['停用账号', 'Disable the accounts'],
    [pipl('51')],
  ),
  automatic(
    'backup-age',
    'medium',
    ['最近备份是否在七日内？', 'Is the last backup at most a week old?'],
    ['恢复备份', 'Get the backups going again'],
    [pipl('51')],
  ),
  automatic(
    'dependencies',
    'medium',
    ['依赖是否没有已知高危漏洞？', 'Are the dependencies free of known severe vulnerabilities?'],
    ['升级依赖', 'Upgrade them'],
    [pipl('51')],
  ),
  automatic(
    'public-urls',
    'medium',
    ['对外网址是否使用 HTTPS 及安全首部？', 'Do the public addresses use HTTPS and the headers of security?'],
    ['配置 TLS 与安全首部', 'Set up TLS and the headers'],
    [pipl('51')],
  ),
  attested(
    'legal-basis',
    'high',
    [
      '每项处理是否有合法依据，同意是否自愿、明确、可撤回？',
      'Has each processing its legal basis, and is consent free, clear and revocable?',
    ],
    ['补齐依据，重新取得同意', 'Find the basis, or ask for consent anew'],
    [pipl('13'), pipl('14')],
  ),
  attested(
    'notice',
    'high',
    ['告知是否显著、完整，变更是否再次告知？', 'Is the notice conspicuous and complete, and given again after changes?'],
    ['修订并重新告知', 'Revise it and give it again'],
    [pipl('17')],
  ),
  attested(
    'separate-consent',
    'high',
    ['向用人单位、合作机构提供简历是否取得单独同意？', 'Is a résumé handed to employers and partners with separate consent?'],
    ['停止提供，补取单独同意', 'Stop, and ask for separate consent'],
    [pipl('23')],
  ),
  attested(
    'sensitive',
    'high',
    ['敏感个人信息是否确有必要并取得单独同意？', 'Is sensitive information necessary, and with separate consent?'],
    ['删除不必要的字段', 'Remove the fields that are not necessary'],
    [pipl('28'), pipl('29')],
  ),
  attested(
    'entrusted',
    'medium',
    ['委托处理是否有合同并受监督？', 'Is entrusted processing under contract and supervised?'],
    ['补签合同，检查受托方', 'Sign the contract and inspect the processor'],
    [pipl('21')],
  ),
  attested(
    'automated-decisions',
    'medium',
    ['自动推荐、筛选是否透明、公平，可拒绝？', 'Are automatic recommendations transparent, fair and refusable?'],
    ['提供说明与非个性化选项', 'Explain, and offer what is not personalised'],
    [pipl('24')],
  ),
  attested(
    'publication',
    'medium',
    ['公开个人信息是否取得单独同意？', 'Is personal information made public with separate consent?'],
    ['停止公开', 'Take it down'],
    [pipl('25')],
  ),
  attested(
    'minors',
    'high',
    [
      '是否处理不满十四周岁未成年人信息，有无专门规则？',
      'Is information on children under fourteen processed, and under rules of its own?',
    ],
    ['删除或制定专门规则', 'Erase it, or make the rules'],
    [pipl('31')],
  ),
  attested(
    'cross-border',
    'high',
    ['是否向境外提供个人信息，条件是否齐备？', 'Does personal information go abroad, and are the conditions met?'],
    ['停止提供，补齐评估、合同或认证', 'Stop, and complete assessment, contract or certificate'],
    [cite('order44', '22'), pipl('38')],
  ),
  attested(
    'rights',
    'medium',
    ['查阅、复制、更正、删除、注销是否便捷并按期答复？', 'Are access, copy, correction, erasure and closing easy and answered in time?'],
    ['改进受理渠道', 'Mend the way requests are taken'],
    [pipl('44'), pipl('50')],
  ),
  attested(
    'internal-rules',
    'medium',
    ['内部管理制度、分类管理、权限与责任是否健全？', 'Are internal rules, classification, permissions and responsibilities in place?'],
    ['修订制度', 'Revise the rules'],
    [pipl('51')],
  ),
  attested(
    'training',
    'low',
    ['相关人员是否接受年度培训并考核？', 'Were the people concerned trained and examined this year?'],
    ['组织培训', 'Train them'],
    [pipl('51')],
  ),
  attested(
    'officer',
    'medium',
    ['达到规定数量的，是否指定并报送个人信息保护负责人？', 'Beyond the threshold, is an officer named and filed?'],
    ['指定并报送', 'Name one and file it'],
    [pipl('52')],
  ),
  attested(
    'impact-assessment',
    'high',
    ['应当评估的处理是否事前评估并保存三年？', 'Was processing that needs it assessed beforehand, and is the record kept?'],
    ['补做评估', 'Make the assessment'],
    [pipl('55'), pipl('56')],
  ),
  attested(
    'incident-plan',
    'medium',
    ['应急预案是否制定并演练？', 'Is there an incident plan, and was it practised?'],
    ['制定并演练', 'Make it and practise it'],
    [pipl('51'), pipl('57')],
  ),
  attested(
    'security-level',
    'medium',
    ['网络安全等级保护是否定级、备案、测评？', 'Is the system graded, filed and tested under MLPS?'],
    ['完成定级备案测评', 'Have it graded, filed and tested'],
    [cite('order44', '20'), cite('cybersecurity', '23')],
  ),
];
