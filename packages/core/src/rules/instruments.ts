import { ComplianceError } from '../kernel/errors.ts';
import type { Citation, Instrument } from '../kernel/law.ts';
import { NETWORK_RULES } from './instruments-network.ts';
import { PROTECTED_GROUPS } from './instruments-protected.ts';

/**
 * The instruments the kit relies on (所依据的法律文件), each in the dated version whose article numbers are cited.
 * A renumbered amendment is a new row with the same id, never an edit of the old one.
 */
export const INSTRUMENTS: readonly Instrument[] = [
  {
    id: 'order44',
    title: { zh: '网络招聘服务管理规定', en: 'Provisions on the Administration of Online Recruitment Services' },
    number: '人力资源和社会保障部令第44号',
    version: '2020',
    effectiveFrom: '2021-03-01',
  },
  {
    id: 'order50',
    title: { zh: '人力资源服务机构管理规定', en: 'Provisions on the Administration of Human Resources Service Agencies' },
    number: '人力资源和社会保障部令第50号',
    version: '2023',
    effectiveFrom: '2023-08-01',
  },
  {
    id: 'hr-market',
    title: { zh: '人力资源市场暂行条例', en: 'Interim Regulation on the Human Resources Market' },
    number: '国务院令第700号',
    version: '2018',
    effectiveFrom: '2018-10-01',
  },
  {
    id: 'notice-2025-60',
    clauses: true,
    title: {
      zh: '关于规范网络平台招聘类信息发布的通知',
      en: 'Notice on regulating the publication of recruitment information on network platforms',
    },
    number: '人社厅发〔2025〕60号',
    version: '2025',
    effectiveFrom: '2025-12-25',
  },
  {
    id: 'notice-2019-17',
    clauses: true,
    title: { zh: '关于进一步规范招聘行为促进妇女就业的通知', en: 'Notice on regulating recruitment and promoting women’s employment' },
    number: '人社部发〔2019〕17号',
    version: '2019',
    effectiveFrom: '2019-02-18',
  },
  {
    id: 'employment-promotion',
    title: { zh: '中华人民共和国就业促进法', en: 'Employment Promotion Law' },
    number: '主席令第70号',
    version: '2015',
    effectiveFrom: '2015-04-24',
  },
  {
    id: 'labour-law',
    title: { zh: '中华人民共和国劳动法', en: 'Labour Law' },
    number: '主席令第28号',
    version: '2018',
    effectiveFrom: '2018-12-29',
  },
  {
    id: 'labour-contract',
    title: { zh: '中华人民共和国劳动合同法', en: 'Labour Contract Law' },
    number: '主席令第65号',
    version: '2012',
    effectiveFrom: '2013-07-01',
  },
  {
    id: 'women',
    title: { zh: '中华人民共和国妇女权益保障法', en: 'Law on the Protection of Women’s Rights and Interests' },
    number: '主席令第122号',
    version: '2022',
    effectiveFrom: '2023-01-01',
  },
  {
    id: 'ethnic-unity',
    title: { zh: '中华人民共和国民族团结进步促进法', en: 'Law on Promoting Ethnic Unity and Progress' },
    number: '',
    version: '2026',
    effectiveFrom: '2026-07-01',
  },
  {
    id: 'exit-entry',
    title: { zh: '中华人民共和国出境入境管理法', en: 'Exit and Entry Administration Law' },
    number: '主席令第57号',
    version: '2012',
    effectiveFrom: '2013-07-01',
  },
  {
    id: 'e-commerce',
    title: { zh: '中华人民共和国电子商务法', en: 'E-commerce Law' },
    number: '主席令第7号',
    version: '2018',
    effectiveFrom: '2019-01-01',
  },
  {
    id: 'pipl',
    title: { zh: '中华人民共和国个人信息保护法', en: 'Personal Information Protection Law' },
    number: '主席令第91号',
    version: '2021',
    effectiveFrom: '2021-11-01',
  },
  {
    id: 'cybersecurity',
    title: { zh: '中华人民共和国网络安全法', en: 'Cybersecurity Law' },
    number: '',
    version: '2025',
    effectiveFrom: '2026-01-01',
  },
  {
    id: 'administrative-penalty',
    title: { zh: '中华人民共和国行政处罚法', en: 'Administrative Penalty Law' },
    number: '主席令第70号',
    version: '2021',
    effectiveFrom: '2021-07-15',
  },
  {
    id: 'graduates-2013-35',
    clauses: true,
    title: { zh: '关于做好2013年全国普通高等学校毕业生就业工作的通知', en: 'Notice on the employment of college graduates in 2013' },
    number: '国办发〔2013〕35号',
    version: '2013',
    effectiveFrom: '2013-05-16',
  },
  ...PROTECTED_GROUPS,
  ...NETWORK_RULES,
  {
    id: 'holidays',
    title: { zh: '国务院办公厅节假日安排通知', en: 'Holiday arrangements of the General Office of the State Council' },
    number: '',
    version: 'annual',
    effectiveFrom: '2007-12-16',
  },
];

/**
 * A citation of the version in force on a civil date (条文引用).
 * @param on `YYYY-MM-DD`; the newest version when absent.
 * @throws ZP_OPTION_INVALID for an instrument the table does not know or one not in force that day.
 */
export function cite(instrument: string, article: string, on?: string): Citation {
  const versions = INSTRUMENTS.filter(
    (row) => row.id === instrument && (on === undefined || (row.effectiveFrom <= on && (row.effectiveTo ?? '9999') >= on)),
  );
  const found = versions.at(-1);
  if (found === undefined) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: `未收录的法律文件：${instrument}`, en: `not a known instrument on that date: ${instrument}` },
    });
  }
  return { instrument, article, version: found.version };
}

const DIGITS = '零一二三四五六七八九';

/** 1 to 999 as Chinese law prints it: 15 → 十五, 111 → 一百一十一. */
function chinese(value: number): string {
  const hundreds = Math.floor(value / 100);
  const tens = Math.floor((value % 100) / 10);
  const ones = value % 10;
  const high = hundreds === 0 ? '' : `${DIGITS[hundreds] ?? ''}百`;
  const gap = hundreds > 0 && tens === 0 && ones > 0 ? '零' : '';
  const ten = tens === 0 ? '' : `${tens === 1 && hundreds === 0 ? '' : (DIGITS[tens] ?? '')}十`;
  return `${high}${gap}${ten}${ones === 0 ? '' : (DIGITS[ones] ?? '')}`;
}

/** `17(1)(3)` as 第十七条第一款第三项; anything of another form as it stands. */
function articleText(article: string, clauses: boolean): string {
  const parts = /^(\d{1,3})(?:-(\d{1,2}))?(?:\((\d{0,3})\))?(?:\((\d{1,3})\))?$/.exec(article);
  if (!parts) return ` ${article}`;
  const [, main, inserted, paragraph, item] = parts.map((part) => (part === undefined || part === '' ? undefined : chinese(Number(part))));
  const head = clauses ? `第${main ?? ''}部分` : `第${main ?? ''}条${inserted === undefined ? '' : `之${inserted}`}`;
  return `${head}${paragraph === undefined ? '' : `第${paragraph}款`}${item === undefined ? '' : `第${item}项`}`;
}

/** One line for people, e.g. `《网络招聘服务管理规定》第十五条第一款`. */
export function citationText(citation: Citation): { readonly zh: string; readonly en: string } {
  const row = INSTRUMENTS.find((i) => i.id === citation.instrument && i.version === citation.version);
  const clauses = row?.clauses === true;
  return {
    zh: `《${row?.title.zh ?? citation.instrument}》${articleText(citation.article, clauses)}`,
    en: `${row?.title.en ?? citation.instrument} (${citation.version}), ${clauses ? 'cl.' : 'Art.'} ${citation.article.replace('()', '')}`,
  };
}
