import type { Loaded } from '../../kernel/records.ts';
import { esc, htmlTable, printedPage } from '../../kernel/printed-page.ts';
import type { Text } from '../../kernel/text.ts';
import type { Payer, PriceItem, PriceListRecord } from './records.ts';

const PAYERS: { readonly [payer in Payer]: Text } = {
  employer: { zh: '用人单位', en: 'Employers' },
  worker: { zh: '劳动者（求职者）', en: 'Workers (job seekers)' },
  agency: { zh: '人力资源服务机构', en: 'Human resources service agencies' },
};

const UNITS: { readonly [unit in PriceItem['unit']]: Text } = {
  posting: { zh: '每条招聘信息', en: 'a posting' },
  month: { zh: '每月', en: 'a month' },
  year: { zh: '每年', en: 'a year' },
  person: { zh: '每人', en: 'a person' },
  session: { zh: '每次', en: 'a session' },
  service: { zh: '每项', en: 'a service' },
  report: { zh: '每份报告', en: 'a report' },
};

const BASES: { readonly [basis in PriceItem['basis']]: Text } = {
  'market-adjusted': { zh: '市场调节价', en: 'Market price' },
  'government-guided': { zh: '政府指导价', en: 'Government-guided price' },
  'government-set': { zh: '政府定价', en: 'Government-set price' },
};

const KINDS: { readonly [kind in PriceItem['kind']]: Text } = {
  core: { zh: '基本服务', en: 'Core service' },
  extra: { zh: '增值服务', en: 'Extra service' },
};

const WORDS = {
  title: { zh: '服务项目与收费标准', en: 'Services and fees' },
  heads: [
    { zh: '服务项目', en: 'Service' },
    { zh: '服务内容', en: 'What it is' },
    { zh: '类别', en: 'Kind' },
    { zh: '收费标准', en: 'Fee' },
    { zh: '定价方式', en: 'Pricing' },
  ],
  free: { zh: '免费', en: 'free' },
  optional: { zh: '自愿选择', en: 'optional' },
  nothing: { zh: '没有收费项目。', en: 'Nothing is charged for.' },
  none: { zh: '尚未公布收费目录。', en: 'No price list has been published yet.' },
  announced: { zh: '即将施行的收费目录', en: 'Announced' },
} as const;

/** Fen as yuan, without arithmetic that rounds. */
function yuan(fen: number): string {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/gu, ',');
  return `¥${whole}.${String(fen % 100).padStart(2, '0')}`;
}

/**
 * The price list as a page that anybody may see (收费目录公示页): one in effect, and every one announced.
 * @source Order 44 Art. 19(2); Interim Regulation on the Human Resources Market Art. 32
 */
export function priceListPage(
  list: Loaded<PriceListRecord> | undefined,
  announced: readonly Loaded<PriceListRecord>[],
  operatorName: string,
  lang: 'zh' | 'en',
): string {
  const say = (text: Text): string => esc(text[lang]);
  const row = ({ name, what, kind, unit, amountFen, basis, optional }: PriceItem): string => {
    const fee = amountFen === 0 ? say(WORDS.free) : `${yuan(amountFen)} / ${say(UNITS[unit])}`;
    const note = optional === true ? `${say(KINDS[kind])} (${say(WORDS.optional)})` : say(KINDS[kind]);
    return `<tr><th scope="row">${say(name)}</th><td>${say(what)}</td><td>${note}</td><td>${fee}</td><td>${say(BASES[basis])}</td></tr>`;
  };
  const section = ({ body }: Loaded<PriceListRecord>): string => {
    const { number, effectiveFrom, publishedOn, items } = body;
    const line: Text = {
      zh: `第 ${number} 版，${publishedOn} 公布，${effectiveFrom} 起施行`,
      en: `Version ${number}, published ${publishedOn}, in effect from ${effectiveFrom}`,
    };
    const tables = (['worker', 'employer', 'agency'] as const).map((payer) => {
      const rows = items.filter((item) => item.payer === payer).map(row);
      const table = rows.length === 0 ? `<p>${say(WORDS.nothing)}</p>` : htmlTable(WORDS.heads.map(say), rows);
      return `<h3>${say(PAYERS[payer])}</h3>${table}`;
    });
    return `<p>${say(line)}</p>${tables.join('')}`;
  };
  const now = list ? section(list) : `<p>${say(WORDS.none)}</p>`;
  const next = announced.length > 0 ? `<h2>${say(WORDS.announced)}</h2>${announced.map(section).join('')}` : '';
  return printedPage(lang, WORDS.title[lang], `<p>${esc(operatorName)}</p>${now}${next}`);
}
