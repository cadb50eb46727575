import { contentHash } from '../../kernel/canonical.ts';
import type { Loaded } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { inForceOn } from '../../kernel/validity.ts';
import type { CredentialKind, CredentialRecord, DisclosureRecord, EndingRecord } from './records.ts';

/** One thing a home page shows (公示项). */
export type DisclosureItem = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** What is read: a number, a name, a telephone. */
  readonly text: string;
  readonly detail?: string;
  /** Where it leads: an https address or a path of the site. */
  readonly link?: string;
};

/** Everything a home page shows (公示内容), the same for the element, the JSON and the static page. */
export type DisclosureDocument = {
  readonly format: 'zhengpin-disclosure/1';
  readonly name: string;
  readonly domicile: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly items: readonly DisclosureItem[];
  /** Credentials that are asked for and not on record, or out of date: a gap is shown to the operator, not hidden. */
  readonly missing: readonly string[];
  readonly ending?: {
    readonly endsOn: string;
    readonly announcedOn: string;
    readonly notice: { readonly zh: string; readonly en: string };
  };
  /** SHA-256 over the canonical form of everything above. */
  readonly sha256: string;
};

const TITLES: { readonly [kind in CredentialKind]: Text } = {
  'business-licence': { zh: '营业执照', en: 'Business licence' },
  'hr-licence': { zh: '人力资源服务许可证', en: 'Human resources service licence' },
  'telecom-licence': { zh: '电信业务经营许可证', en: 'Telecom business licence' },
  'icp-filing': { zh: '网站备案号', en: 'Website filing (ICP)' },
  'approval-document': { zh: '批准成立文件', en: 'Founding document' },
};

/** What a home page has to show, in the order it is shown (应公示的证照). A telecom licence only where there is no waiver. @source Order 44 Art. 13(1) */
const REQUIRED_CREDENTIALS: { readonly [agency in 'commercial' | 'public']: readonly CredentialKind[] } = {
  commercial: ['business-licence', 'hr-licence', 'telecom-licence', 'icp-filing'],
  public: ['approval-document', 'icp-filing'],
};

/**
 * What is shown of the records (生成公示内容).
 * @param waived kinds counsel has said are not needed
 */
export function disclosureDocument(
  disclosure: Loaded<DisclosureRecord>,
  credentials: readonly Loaded<CredentialRecord>[],
  about: {
    readonly agencyType: 'commercial' | 'public';
    readonly waived: readonly string[];
    readonly today: string;
    readonly ending?: EndingRecord;
  },
): DisclosureDocument {
  const { body } = disclosure;
  const held = new Map<CredentialKind, CredentialRecord>();
  for (const kind of new Set(credentials.map((one) => one.body.kind))) {
    const record = inForceOn(
      credentials.flatMap((one) => (one.body.kind === kind ? [one.body] : [])),
      about.today,
    );
    if (record) held.set(kind, record);
  }
  const wanted = REQUIRED_CREDENTIALS[about.agencyType];
  const shown = [...wanted, ...[...held.keys()].filter((kind) => !wanted.includes(kind))].flatMap((kind) => {
    const record = held.get(kind);
    return record
      ? [
          {
            id: kind,
            title: TITLES[kind],
            text: record.number,
            detail: record.authority,
            ...(record.link === undefined ? {} : { link: record.link }),
          },
        ]
      : [];
  });
  const items: readonly DisclosureItem[] = [
    ...shown,
    ...(body.priceList === undefined
      ? []
      : [
          {
            id: 'price-list',
            title: { zh: '服务项目与收费标准', en: 'Services and fees' },
            text: '服务项目与收费标准',
            link: body.priceList,
          },
        ]),
    { id: 'authority', title: { zh: '监督机关', en: 'Supervising authority' }, text: body.authority.name, detail: body.authority.phone },
    {
      id: 'complaints',
      title: { zh: '投诉举报', en: 'Complaints and reports' },
      text: body.complaints.phone,
      ...(body.complaints.link === undefined ? {} : { link: body.complaints.link }),
    },
  ];
  const { ending } = about;
  const missing = [
    ...wanted.filter((kind) => !held.has(kind) && !about.waived.includes(kind)),
    ...(about.agencyType === 'commercial' && body.priceList === undefined ? ['price-list'] : []),
  ];
  const document = {
    format: 'zhengpin-disclosure/1' as const,
    name: body.name,
    domicile: body.domicile,
    version: disclosure.version,
    updatedAt: body.at,
    items,
    missing,
    ...(ending?.state === 'announced' ? { ending: { endsOn: ending.endsOn, announcedOn: ending.announcedOn, notice: ending.notice } } : {}),
  };
  return { ...document, sha256: contentHash(document) };
}
