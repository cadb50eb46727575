import { ComplianceError } from '../kernel/errors.ts';
import type { Issue } from '../kernel/errors.ts';
import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite, citationText } from '../rules/instruments.ts';
import { JURISDICTIONS } from '../rules/jurisdictions.ts';
import { OBLIGATIONS } from '../rules/obligations.ts';
import type { Obligation } from '../rules/obligations.ts';
import { PENALTIES } from '../rules/penalties.ts';
import type { PenaltyCode } from '../rules/penalties.ts';
import { classOfService } from '../rules/retention-schedule.ts';

/** Public or commercial human resources service agency (公共或经营性人力资源服务机构). @source Order 44 Art. 2(2) */
export type AgencyType = 'public' | 'commercial';

/** How an agency serves online (服务方式): platform, inside another's platform, own website, other. @source Order 44 Art. 2(1) */
export type ServiceMode = 'platform' | 'in-platform' | 'own-site' | 'other';

/** What decides which duties bind an operator (机构画像). */
export interface OperatorProfile {
  readonly agencyType: AgencyType;
  /** Every mode in use, at least one, each once. */
  readonly modes: readonly ServiceMode[];
  /** `CN` or ISO 3166-2 codes of the provinces served, e.g. `CN-SX`; at least one, each once. */
  readonly jurisdictions: readonly string[];
}

export interface ApplicabilityRow {
  /** Id of an obligation in `OBLIGATIONS`. */
  readonly obligation: string;
  readonly article: string;
  readonly title: Text;
  readonly binds: boolean;
  /** Why it binds or does not. */
  readonly reason: Text;
  /** What still follows, or what binding means for this profile. */
  readonly note?: Text;
  /** Penalty routes open against this kind of agency; empty when the row does not bind or has none of its own. */
  readonly penalties: readonly PenaltyCode[];
}

/** Shortest time records of service are kept (最短保存期限). */
export interface RetentionFloor {
  /** 3 on a platform, 2 otherwise; counted from completion of the service on a platform. */
  readonly floorYears: number;
  /** What the kit uses unless the operator chooses more. */
  readonly defaultYears: number;
  readonly reason: Text;
  readonly citations: readonly Citation[];
}

export interface Applicability {
  readonly profile: OperatorProfile;
  /** One row for each obligation, in article order. */
  readonly rows: readonly ApplicabilityRow[];
  readonly retention: RetentionFloor;
  /** What this answer does not cover. */
  readonly remarks: readonly Text[];
}

const AGENCY: Readonly<Record<AgencyType, Text>> = {
  public: { zh: '公共人力资源服务机构', en: 'public agency' },
  commercial: { zh: '经营性人力资源服务机构', en: 'commercial agency' },
};
const MODE: Readonly<Record<ServiceMode, Text>> = {
  platform: { zh: '网络招聘服务平台', en: 'recruitment platform' },
  'in-platform': { zh: '平台内经营', en: 'operating inside another’s platform' },
  'own-site': { zh: '自建网站', en: 'own website' },
  other: { zh: '其他网络服务', en: 'other network service' },
};

/**
 * Which duties of Order 44 bind this operator, and why (适用性判定).
 * Two questions decide: is the agency public or commercial, and does it run a platform. Jurisdictions change no row;
 * they add a remark, because local law can only add to the national floor.
 * @throws ZP_APPLICABILITY_UNKNOWN with an issue for every value that is unknown, missing or given twice
 * @source Order 44 Art. 2, 38; Interim Regulation on the Human Resources Market Art. 33
 */
export function applicability(profile: OperatorProfile): Applicability {
  const issues = check(profile);
  if (issues.length > 0) throw new ComplianceError('ZP_APPLICABILITY_UNKNOWN', { issues });
  return {
    profile: { agencyType: profile.agencyType, modes: [...profile.modes], jurisdictions: [...profile.jurisdictions] },
    rows: OBLIGATIONS.map((obligation) => decide(obligation, profile)),
    retention: retentionFloor(profile),
    remarks: remarks(profile),
  };
}

function decide(obligation: Obligation, profile: OperatorProfile): ApplicabilityRow {
  const { binds, reason } = bindingOf(obligation, profile);
  const note = noteOn(obligation, profile, binds);
  return {
    obligation: obligation.id,
    article: obligation.article,
    title: obligation.title,
    binds,
    reason,
    ...(note === undefined ? {} : { note }),
    penalties: binds ? penaltiesFor(obligation, profile.agencyType) : [],
  };
}

interface Binding {
  readonly binds: boolean;
  readonly reason: Text;
}

function bindingOf(obligation: Obligation, profile: OperatorProfile): Binding {
  const type = profile.agencyType;
  const commercialOnly: Binding =
    type === 'commercial'
      ? yes('该条约束经营性机构，本机构属于经营性机构', 'It binds commercial agencies, and this is one')
      : no('该条只约束经营性机构，本机构属于公共机构', 'It binds commercial agencies only; this agency is public');
  switch (obligation.boundBy) {
    case 'all':
      return yes('该条约束所有人力资源服务机构，公共与经营性均在内', 'It binds every agency, public and commercial');
    case 'commercial':
      return commercialOnly;
    case 'platform':
      return profile.modes.includes('platform')
        ? yes(
            '该条约束以平台方式服务的机构，公共与经营性均在内；本机构运营平台',
            'It binds agencies that run a platform, public or commercial; this one does',
          )
        : no('该条只约束以平台方式服务的机构；本机构不运营平台', 'It binds only agencies that run a platform; this one does not');
    case 'public':
      return type === 'public'
        ? yes('该条针对公共机构，本机构属于公共机构', 'It concerns public agencies, and this is one')
        : no('该条只针对公共机构，本机构属于经营性机构', 'It concerns public agencies only; this agency is commercial');
    case 'employer':
      return obligation.alsoBinds === undefined
        ? no('该条约束用人单位', 'It binds employers')
        : yes(
            '该条直接约束用人单位；机构发布或审查该信息，须一并遵守',
            'It binds employers first; an agency that publishes or reviews what they supply must keep it too',
          );
    case 'worker':
      return no(
        '该条约束求职者，机构无须承担，也不据此处罚求职者',
        'It binds job seekers, not the agency, and is no ground to punish them',
      );
    case 'regulator':
      if (obligation.alsoBinds === undefined) return no('该条约束主管部门', 'It binds the authority');
      return type === 'commercial'
        ? yes('该条约束主管部门，经营性机构须配合', 'It binds the authority, and a commercial agency has to go along')
        : commercialOnly;
  }
}

/** What the law nevertheless asks, or what a public agency's or entrant's position changes. */
function noteOn(obligation: Obligation, profile: OperatorProfile, binds: boolean): Text | undefined {
  const inPlatform = profile.modes.includes('in-platform');
  switch (obligation.id) {
    case 'O44-25':
      if (binds && inPlatform)
        return both(
          '本机构在他人平台上经营的部分，由该平台核验；本机构须向其提交真实材料。',
          'Where it operates on another’s platform, that platform verifies it and it has to submit true papers.',
        );
      if (!binds && inPlatform)
        return both(
          '由所入驻的平台核验登记；本机构须向其提交营业执照、地址、联系方式、许可证等真实信息。',
          'The platform it has entered verifies and registers it; it submits true papers: business licence, address, contact, licence.',
        );
      return binds ? undefined : both('没有入驻机构，无须核验登记。', 'No agencies enter, so there is nobody to verify.');
    case 'O44-26':
      if (binds) return undefined;
      return both(
        `条文字面上不适用${inPlatform ? '，平台上的信息由所入驻的平台保存' : ''}；但各类机构的服务台账须至少保存2年（人力资源市场暂行条例第33条），默认保存3年。`,
        `It does not literally apply${inPlatform ? '; the platform entered keeps what is on it' : ''}. Every agency still keeps a service ledger for at least 2 years (Interim Regulation on the Human Resources Market, Art. 33); the default is 3.`,
      );
    case 'O44-9.1':
    case 'O44-13.1':
      return binds
        ? undefined
        : both(
            '公共机构无须许可证；宜公开机构名称与批准文件。',
            'A public agency needs no licence; showing its name and founding document is good practice.',
          );
    case 'O44-19.2a':
      return binds
        ? undefined
        : both(
            '公共机构的基本服务本应免费（人力资源市场暂行条例第15条），仍不得收押金。',
            'The core services of a public agency are free (Interim Regulation on the Human Resources Market, Art. 15): take no deposit.',
          );
    case 'O44-16':
      return both('机构只宜收集与岗位有关的信息。', 'The agency should collect only what relates to the job.');
    default:
      return undefined;
  }
}

/** Fines under Order 44 do not reach public agencies (Art. 38); penalties of other statutes still may. */
function penaltiesFor(obligation: Obligation, type: AgencyType): readonly PenaltyCode[] {
  if (type === 'commercial') return obligation.penalties;
  const others = obligation.penalties.filter((code) => code === 'P-36' || code === 'P-EEA80');
  return ['P-38', ...others];
}

function retentionFloor(profile: OperatorProfile): RetentionFloor {
  const { floor, kept } = classOfService(profile.modes);
  const years = { floorYears: floor.months / 12, defaultYears: kept.months / 12 };
  return profile.modes.includes('platform')
    ? {
        ...years,
        reason: both(
          `运营平台：招聘信息、服务信息自服务完成之日起至少保存${years.floorYears}年。`,
          `It runs a platform: recruitment and service information is kept at least ${years.floorYears} years from completion of the service.`,
        ),
        citations: [cite('order44', '26')],
      }
    : {
        ...years,
        reason: both(
          `不运营平台：服务台账至少保存${years.floorYears}年；默认${years.defaultYears}年，以覆盖一般为2年的行政处罚追责期限。`,
          `It runs no platform: the service ledger is kept at least ${years.floorYears} years. The default is ${years.defaultYears}, which covers the ordinary 2-year limit for administrative penalties.`,
        ),
        citations: [cite('hr-market', '33'), cite('administrative-penalty', '36')],
      };
}

function remarks(profile: OperatorProfile): readonly Text[] {
  const local = profile.jurisdictions
    .filter((code) => code !== 'CN')
    .map((code) => nameOf(code))
    .map((name) =>
      both(
        `${name.zh}的地方性规定可能增加义务，未列入本表，适用前请另行核对。`,
        `Local rules of ${name.en} may add duties; they are not in this table, so check them separately.`,
      ),
    );
  return [
    both(
      '本表只判定网络招聘服务管理规定各条，不构成法律意见。',
      'This table decides the articles of the Provisions on the Administration of Online Recruitment Services only and is not legal advice.',
    ),
    ...local,
  ];
}

/**
 * The answer as a page to print or file (适用性判定书).
 * @param result from {@link applicability}.
 * @param lang `zh` or `en`.
 */
export function applicabilityMarkdown(result: Applicability, lang: 'zh' | 'en'): string {
  const { profile, retention } = result;
  const words = WORDS[lang];
  const list = (all: readonly Text[]): string => all.map((text) => text[lang]).join(lang === 'zh' ? '、' : ', ');
  const binding = result.rows.filter((row) => row.binds);
  const other = result.rows.filter((row) => !row.binds);
  return [
    `# ${words.title}`,
    '',
    `- ${words.agency}${AGENCY[profile.agencyType][lang]}`,
    `- ${words.modes}${list(profile.modes.map((mode) => MODE[mode]))}`,
    `- ${words.places}${list(profile.jurisdictions.map(nameOf))}`,
    `- ${words.retention}${retention.reason[lang]} (${retention.citations.map((one) => citationText(one)[lang]).join('; ')})`,
    '',
    `## ${words.binding} (${binding.length})`,
    '',
    ...table(
      [words.article, words.duty, words.reason, words.penalties],
      binding.map((row) => [
        row.article,
        row.title[lang],
        explain(row, lang),
        row.penalties.map((code) => `${code} ${PENALTIES[code].title[lang]}`).join('; ') || words.none,
      ]),
    ),
    '',
    `## ${words.other} (${other.length})`,
    '',
    ...table(
      [words.article, words.duty, words.reason],
      other.map((row) => [row.article, row.title[lang], explain(row, lang)]),
    ),
    '',
    ...result.remarks
      .map((remark) => `> ${remark[lang]}`)
      .flatMap((line) => [line, '>'])
      .slice(0, -1),
    '',
  ].join('\n');
}

const WORDS = {
  zh: {
    title: '义务适用性判定',
    agency: '机构性质：',
    modes: '服务方式：',
    places: '服务地域：',
    retention: '最短保存期限：',
    binding: '适用的义务',
    other: '不适用的条款',
    article: '条',
    duty: '事项',
    reason: '理由',
    penalties: '罚则',
    none: '无单独罚则',
  },
  en: {
    title: 'Which duties apply',
    agency: 'Agency: ',
    modes: 'Modes: ',
    places: 'Where: ',
    retention: 'Retention floor: ',
    binding: 'Duties that apply',
    other: 'Articles that do not bind',
    article: 'Art.',
    duty: 'Subject',
    reason: 'Reason',
    penalties: 'Penalties',
    none: 'none of its own',
  },
} as const;

function explain(row: ApplicabilityRow, lang: 'zh' | 'en'): string {
  if (row.note === undefined) return row.reason[lang];
  return lang === 'zh' ? `${row.reason.zh}。${row.note.zh}` : `${row.reason.en}. ${row.note.en}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const KEYS: readonly string[] = ['agencyType', 'modes', 'jurisdictions'];

/** A profile often comes from a configuration file, so nothing about it is taken on trust. */
function check(profile: unknown): readonly Issue[] {
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile))
    return [issue('', 'type', '机构画像须为对象', 'The profile must be an object')];
  const fields = new Map<string, unknown>(Object.entries(profile));
  const issues: Issue[] = [...fields.keys()]
    .filter((key) => !KEYS.includes(key))
    .map((key) => issue(`/${escape(key)}`, 'unknown-key', '未知的字段', 'Unknown key'));
  const type = fields.get('agencyType');
  if (typeof type !== 'string' || !Object.hasOwn(AGENCY, type))
    issues.push(issue('/agencyType', 'agency-type', '机构性质须为 public 或 commercial', 'The agency type must be public or commercial'));
  issues.push(
    ...checkList('modes', fields.get('modes'), MODE, both('服务方式', 'mode')),
    ...checkList('jurisdictions', fields.get('jurisdictions'), JURISDICTIONS, both('服务地域', 'jurisdiction')),
  );
  return issues;
}

function checkList(key: string, value: unknown, known: Readonly<Record<string, Text>>, what: Text): readonly Issue[] {
  if (!Array.isArray(value) || value.length === 0)
    return [issue(`/${key}`, 'empty', `至少须有一项${what.zh}`, `At least one ${what.en} is needed`)];
  const all: readonly unknown[] = value;
  // Array.from visits holes, which `map` and `forEach` would let through.
  return Array.from(all, (item, at): readonly Issue[] => {
    if (typeof item !== 'string' || !Object.hasOwn(known, item))
      return [issue(`/${key}/${at}`, 'unknown', `未知的${what.zh}`, `Unknown ${what.en}`)];
    if (all.indexOf(item) < at) return [issue(`/${key}/${at}`, 'duplicate', `${what.zh}重复`, `The ${what.en} is given twice`)];
    return [];
  }).flat();
}

function issue(pointer: string, rule: string, zh: string, en: string): Issue {
  return {
    pointer,
    rule: `applicability.${rule}`,
    title: both(zh, en),
    advice: both(
      '机构性质取 public 或 commercial；服务方式取 platform、in-platform、own-site、other，不重复；地域取 CN 或省级代码（如 CN-SX），不重复。',
      'The agency type is public or commercial; modes are platform, in-platform, own-site, other, each once; jurisdictions are CN or provincial codes such as CN-SX, each once.',
    ),
    citations: [cite('order44', '2')],
  };
}

function nameOf(code: string): Text {
  return JURISDICTIONS[code] ?? both(code, code);
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function yes(zh: string, en: string): Binding {
  return { binds: true, reason: both(zh, en) };
}

function no(zh: string, en: string): Binding {
  return { binds: false, reason: both(zh, en) };
}

function both(zh: string, en: string): Text {
  return { zh, en };
}
