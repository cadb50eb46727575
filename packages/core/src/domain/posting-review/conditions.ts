import type { Calendar } from '../../kernel/calendar.ts';
import { contentHash } from '../../kernel/canonical.ts';
import type { Issue } from '../../kernel/errors.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { coveredThrough, inForceOn } from '../../kernel/validity.ts';
import { cite } from '../../rules/instruments.ts';
import type { PostingContent } from '../../rules/posting-schema.ts';
import { RELAXABLE_FIELDS, POSTING_NOTES } from '../../rules/posting-schema.ts';
import type { MaterialKind } from '../../rules/schemas.ts';
import type { ContextFlag } from '../../screening/contexts.ts';
import type { ScreenInput, ScreenResult } from '../../screening/types.ts';
import type { Clearance, DecisionRecord, MaterialRecord, OperatorRecord, OrganisationRecord, PostingRecord } from './records.ts';

/** The engine's verdict, but that seeking foreign nationals keeps a posting with a person whatever the words say. @source Order 44 Art. 17(2) */
export function outcomeOf(content: PostingContent, { outcome }: ScreenResult): ScreenResult['outcome'] {
  return content.hiresForeigners === true && outcome !== 'block' ? 'review' : outcome;
}

/** The line a licence's scope must contain before its holder recruits online. @source Order 44 Art. 10 */
const SCOPE_LINE = '开展网络招聘服务';

function issue(rule: string, pointer: string, title: Text, advice: Text, ...articles: readonly (readonly [string, string])[]): Issue {
  return { pointer, rule, title, advice, citations: articles.map(([instrument, article]) => cite(instrument, article)) };
}

/** The human resources licence: of the vault once it has one, else that of the profile. */
function licenceOn({ credentials, licence }: OperatorRecord, today: string): OperatorRecord['licence'] {
  const held = credentials?.['hr-licence'];
  return held === undefined ? licence : (inForceOn(held, today) ?? held.at(-1));
}

/** The last day up to which the operator may recruit online, renewals on record included; undefined for one without an end. */
export function licencedThrough(calendar: Calendar, { credentials, licence }: OperatorRecord, today: string): string | undefined {
  const held = credentials?.['hr-licence'];
  return held === undefined ? licence?.validThrough : (coveredThrough(calendar, held, today) ?? inForceOn(held, today)?.validThrough);
}

/** What the operator itself lacks (本机构许可). Public agencies need no licence. @source Order 44 Arts. 9, 10 */
export function operatorIssues(operator: OperatorRecord | undefined, today: string): readonly Issue[] {
  const refusal = (rule: string, zh: string, en: string): readonly Issue[] => [
    issue(
      rule,
      '',
      { zh, en },
      { zh: '由运营管理员登记有效许可证', en: 'The operator account registers a valid licence' },
      ['order44', '9'],
      ['order44', '10'],
    ),
  ];
  if (operator === undefined) return refusal('operator-profile', '尚未登记本机构信息', 'The operator has no profile yet');
  if (operator.endedOn !== undefined && operator.endedOn <= today) {
    return [
      issue(
        'operator-ended',
        '',
        { zh: `本机构已于 ${operator.endedOn} 终止网络招聘服务`, en: `The operator ended its online recruitment on ${operator.endedOn}` },
        { zh: '终止服务后不再发布招聘信息', en: 'Nothing is published after the end of the service' },
        ['order44', '13(3)'],
      ),
    ];
  }
  if (operator.agencyType === 'public') return [];
  const licence = licenceOn(operator, today);
  if (licence === undefined)
    return refusal('operator-licence', '尚未登记人力资源服务许可证', 'No human resources service licence is registered');
  if (licence.validFrom > today || (licence.validThrough ?? '9999-12-31') < today) {
    return refusal('operator-licence-expired', '人力资源服务许可证不在有效期内', 'The human resources service licence is not in date');
  }
  if (!licence.scope.some((line) => line.includes(SCOPE_LINE))) {
    return refusal(
      'operator-licence-scope',
      `许可证服务范围未注明“${SCOPE_LINE}”`,
      'The licence’s scope lacks the online-recruitment line',
    );
  }
  const { credentials } = operator;
  // An operator that keeps its credentials with the kit is held to all of them.
  if (credentials === undefined) return [];
  const lacks = (kind: 'business-licence' | 'telecom-licence'): boolean => inForceOn(credentials[kind] ?? [], today) === undefined;
  // Whoever keeps only the human resources licence here is asked for no more.
  if (credentials['business-licence'] === undefined && credentials['telecom-licence'] === undefined) return [];
  if (lacks('business-licence')) {
    return refusal('operator-business-licence', '尚无有效的营业执照', 'No business licence is in date');
  }
  if (lacks('telecom-licence')) {
    return [
      issue(
        'operator-telecom-licence',
        '',
        { zh: '尚无有效的电信业务经营许可证或豁免意见', en: 'No telecom licence is in date, and no waiver' },
        {
          zh: '登记电信业务经营许可证，或登记无须许可的法律意见',
          en: 'Record the telecom licence, or counsel’s written word that none is needed',
        },
        ['order44', '9'],
        ['order50', '5'],
      ),
    ];
  }
  return [];
}

/** What the schema cannot say about a posting's content (内容的语义检查). */
export function contentIssues(content: PostingContent, operator: OperatorRecord | undefined, today: string): readonly Issue[] {
  const issues: Issue[] = [];
  const relaxed = operator?.relaxations.map((r) => r.field) ?? [];
  for (const field of RELAXABLE_FIELDS) {
    const note = POSTING_NOTES[`/${field}`];
    if (content[field] === undefined && !relaxed.includes(field) && note) {
      const title = { zh: `${note.title.zh}：必填项缺失`, en: `${note.title.en}: is required` };
      issues.push({
        pointer: `/${field}`,
        rule: 'required',
        title,
        advice: { zh: '补充该项', en: 'Fill it in' },
        citations: note.citations,
      });
    }
  }
  if (content.pay.minFen > content.pay.maxFen) {
    issues.push(
      issue(
        'pay-range',
        '/pay/maxFen',
        { zh: '报酬上限低于下限', en: 'The upper bound of pay is below the lower' },
        { zh: '更正上下限', en: 'Correct the bounds' },
        ['order44', '15(1)'],
      ),
    );
  }
  if (content.pay.months !== undefined && content.pay.unit !== 'month') {
    issues.push(
      issue(
        'pay-months',
        '/pay/months',
        { zh: '仅按月计薪时可填写薪数', en: 'Monthly pays a year go with pay by the month' },
        { zh: '删除该项或改为按月', en: 'Remove it or pay by the month' },
        ['order44', '15(1)'],
      ),
    );
  }
  if (content.validity.validThrough !== undefined && content.validity.validThrough < today) {
    issues.push(
      issue(
        'validity-past',
        '/validity/validThrough',
        { zh: '截止日期已过', en: 'The last date has passed' },
        { zh: '填写今天或以后的日期', en: 'Give today or a later date' },
        ['order44', '18'],
      ),
    );
  }
  return issues;
}

/** Whether this account may post for that employer (账号类型). @source notice 2025-60 cl. 3 */
export function accountIssues(content: PostingContent, organisation: OrganisationRecord): readonly Issue[] {
  if (content.accountType !== organisation.accountType) {
    return [
      issue(
        'account-type',
        '/accountType',
        { zh: '账号类型与登记不符', en: 'Not the account type registered' },
        { zh: `登记类型为 ${organisation.accountType}`, en: `The registered type is ${organisation.accountType}` },
        ['notice-2025-60', '3'],
      ),
    ];
  }
  const hirer = content.employer.uscc;
  const entities = [organisation, ...organisation.branches];
  if (organisation.accountType === 'employer-direct') {
    const entity = entities.find((e) => e.uscc === hirer);
    if (entity === undefined) {
      return [
        issue(
          'account-scope',
          '/employer/uscc',
          { zh: '自主招聘账号只能为本单位及其分支机构发布', en: 'An employer-direct account posts only for itself and its branches' },
          { zh: '由该单位自行发布，或登记该分支机构', en: 'Let that employer post, or register the branch' },
          ['notice-2025-60', '3'],
        ),
      ];
    }
    if (entity.name !== content.employer.name) {
      return [
        issue(
          'employer-name',
          '/employer/name',
          { zh: '单位名称与登记不符', en: 'Not the name registered under that code' },
          { zh: '填写登记的单位全称', en: 'Give the registered full name' },
          ['notice-2025-60', '2'],
        ),
      ];
    }
    return [];
  }
  return [];
}

/** Every text a recruiter can write into, under the engine's names; what is not screened is where a condition would hide. */
const SCREENED: readonly (readonly [
  field: Exclude<keyof ScreenInput, 'id'>,
  pointer: string,
  read: (content: PostingContent) => string | undefined,
])[] = [
  ['title', '/title', (c) => c.title],
  ['requirements', '/requirements', (c) => c.requirements],
  ['workContent', '/workContent', (c) => c.workContent],
  ['workingConditions', '/workingConditions', (c) => c.workingConditions],
  ['text', '/employer/introduction', (c) => c.employer.introduction],
  ['employerName', '/employer/name', (c) => c.employer.name],
  ['industry', '/employer/industry', (c) => c.employer.industry],
  ['salary', '/pay/note', (c) => c.pay.note],
  ['city', '/place/city', (c) => c.place.city],
  ['address', '/place/address', (c) => c.place.address],
  ['sourceName', '/source/name', (c) => c.source.name],
];

/** The texts of a posting as the engine reads them. */
export function screenInputOf(content: PostingContent): ScreenInput {
  const texts = SCREENED.map(([field, , read]) => [field, read(content)] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined)) as ScreenInput;
}

const CONTEXTS: readonly (readonly [flag: ContextFlag, holds: (content: PostingContent) => boolean])[] = [
  ['graduates', (c) => c.targetsGraduates === true],
  ['campus', (c) => c.campusChannel === true],
  ['venue', (c) => c.venue !== undefined],
  ['minors-contact', (c) => c.minorsContact === true],
  ['public-body', (c) => c.publicBody === true],
  ['promoted', (c) => c.promoted === true],
];

/** What a posting says of itself besides its words (招聘信息的场合). */
export function contextOf(content: PostingContent): readonly ContextFlag[] {
  return CONTEXTS.filter(([, holds]) => holds(content)).map(([flag]) => flag);
}

/** Where a screened field stands in the posting, as a JSON Pointer. */
export function pointerOfField(field: string): string {
  return SCREENED.find(([name]) => name === field)?.[1] ?? `/${field}`;
}

const NEEDED: readonly {
  readonly kinds: readonly MaterialKind[];
  readonly byHandler: boolean;
  readonly article: string;
  readonly title: Text;
}[] = [
  { kinds: ['recruitment-brief'], byHandler: false, article: '17(1)(1)', title: { zh: '招聘简章', en: 'the recruitment brief' } },
  {
    kinds: ['business-licence', 'approval-document'],
    byHandler: false,
    article: '17(1)(2)',
    title: { zh: '营业执照或批准设立文件', en: 'the business licence or approval document' },
  },
  {
    kinds: ['handler-identity'],
    byHandler: true,
    article: '17(1)(3)',
    title: { zh: '经办人身份证明', en: 'the handler’s proof of identity' },
  },
  {
    kinds: ['authorisation-letter'],
    byHandler: true,
    article: '17(1)(3)',
    title: { zh: '用人单位委托证明', en: 'the employer’s authorisation letter' },
  },
];

function inForce(material: MaterialRecord, today: string): boolean {
  return material.state === 'accepted' && (material.expiresOn ?? '9999-12-31') >= today;
}

/**
 * The accepted, unexpired materials a posting rests on (材料审查). Handler materials must name the account that submitted.
 * @source Order 44 Art. 17(1)
 */
function reliedMaterials(
  posting: PostingRecord,
  materials: readonly Loaded<MaterialRecord>[],
  today: string,
): { readonly relied: readonly Loaded<MaterialRecord>[]; readonly issues: readonly Issue[] } {
  const relied: Loaded<MaterialRecord>[] = [];
  const issues: Issue[] = [];
  for (const need of NEEDED) {
    const fitting = materials
      .filter(
        ({ body }) =>
          need.kinds.includes(body.kind) && body.organisation === posting.organisation && body.employerUscc === posting.employerUscc,
      )
      .filter(({ body }) => inForce(body, today) && (!need.byHandler || body.handler === posting.submittedBy))
      .toSorted((a, b) => ((a.body.expiresOn ?? '9999') < (b.body.expiresOn ?? '9999') ? 1 : -1));
    const best = fitting[0];
    if (best) relied.push(best);
    else {
      issues.push(
        issue(
          `material-${need.kinds[0] ?? ''}`,
          '',
          { zh: `缺少已审查通过且在有效期内的${need.title.zh}`, en: `Not accepted or not in date: ${need.title.en}` },
          { zh: '提交该材料并等待审查通过', en: 'Submit it and wait for its acceptance' },
          ['order44', need.article],
        ),
      );
    }
  }
  return { relied, issues };
}

/** Findings that block and were not set aside on appeal for exactly this content. */
function blockingReasons(posting: PostingRecord, screening: DecisionRecord | undefined): readonly DecisionRecord['reasons'][number][] {
  const cleared = (rule: string | undefined, field: string | undefined, start: number | undefined): boolean =>
    posting.clearances.some((c: Clearance) => c.rule === rule && c.field === field && c.start === start);
  return (screening?.reasons ?? []).filter((r) => r.severity === 'block' && !cleared(r.rule, r.field, r.start));
}

/** Everything a posting needs before a person may approve it, and again before it is published. */
export interface GateState {
  readonly operator: OperatorRecord | undefined;
  readonly organisation: OrganisationRecord | undefined;
  readonly posting: PostingRecord;
  readonly content: PostingContent | undefined;
  readonly salt: string | undefined;
  readonly screening: DecisionRecord | undefined;
  readonly materials: readonly Loaded<MaterialRecord>[];
}

/** What still stands between a posting and publication, apart from the human approval itself (发布条件). */
export function gateIssues(
  state: GateState,
  today: string,
): {
  readonly operator: readonly Issue[];
  readonly materials: readonly Issue[];
  readonly other: readonly Issue[];
  readonly relied: readonly Loaded<MaterialRecord>[];
} {
  const { posting, content, organisation, screening } = state;
  const { relied, issues: materials } = reliedMaterials(posting, state.materials, today);
  const other: Issue[] = [];
  const law = { zh: '重新提交招聘信息', en: 'Submit the posting again' };
  if (content === undefined || contentHash({ content, salt: state.salt ?? '' }) !== posting.contentHash) {
    other.push(issue('content-hash', '', { zh: '内容与其哈希不符', en: 'The content does not match its hash' }, law, ['order44', '17(1)']));
  } else {
    other.push(...contentIssues(content, state.operator, today));
    if (organisation) other.push(...accountIssues(content, organisation));
  }
  if (organisation === undefined)
    other.push(issue('organisation', '', { zh: '单位未登记', en: 'The organisation is not registered' }, law, ['order44', '17(1)']));
  if (screening === undefined || screening.contentHash !== posting.contentHash) {
    other.push(
      issue('screening', '', { zh: '当前内容未经筛查', en: 'The current content has not been screened' }, law, ['order44', '17(1)']),
    );
  }
  for (const reason of blockingReasons(posting, screening)) {
    other.push({
      pointer: pointerOfField(reason.field ?? ''),
      rule: reason.rule ?? 'screening',
      title: reason.title,
      advice: reason.advice,
      citations: reason.citations,
    });
  }
  return { operator: operatorIssues(state.operator, today), materials, other, relied };
}
