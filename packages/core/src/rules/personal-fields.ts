import type { Citation } from '../kernel/law.ts';
import type { Role } from '../kernel/identity.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** How much of a field a role sees (可见程度); what is not named sees nothing. */
export type Sight = 'full' | 'partial';

/** One kind of field that is protected (受保护字段). */
export interface PersonalField {
  readonly id: string;
  readonly title: Text;
  /** Sensitive under PIPL Art. 28 and GB/T 45574-2025: separate consent and strict necessity. */
  readonly sensitive: boolean;
  /** Of a natural person, or of an employer, whose confidential business information Art. 21(2) protects alike. */
  readonly of: 'person' | 'employer';
  readonly sight: { readonly [role in Role]?: Sight };
  readonly citations: readonly Citation[];
}

const order21 = cite('order44', '21(2)');
const pipl4 = cite('pipl', '4');
const pipl28 = cite('pipl', '28');

/** An employer or agency that was handed a résumé; reviewers and officers see enough to judge, not to call. */
const WORKING = { employer: 'full', agency: 'full', reviewer: 'partial', 'compliance-officer': 'partial', inspector: 'full' } as const;
/** Needed by nobody but who hires; an inspector looks at it under Order 44 Art. 27. */
const HIRING = { employer: 'partial', agency: 'partial', inspector: 'full' } as const;
/** Shown in parts to an inspector and to nobody else. */
const CLOSED = { inspector: 'partial' } as const;
/** What an employer keeps to itself: its own people, and who has to examine it. */
const BUSINESS = { employer: 'full', agency: 'full', reviewer: 'full', 'compliance-officer': 'full', inspector: 'full' } as const;

/**
 * Fields that are protected, how sensitive they are, and who sees how much of them by default (受保护字段目录). A host maps its own
 * documents to these; what it does not map and what looks like one of them is withheld.
 * @source Order 44 Art. 21(2); PIPL Arts. 4, 28, 51; GB/T 45574-2025
 */
export const PERSONAL_FIELDS: readonly PersonalField[] = [
  { id: 'name', title: { zh: '姓名', en: 'Name' }, sensitive: false, of: 'person', sight: WORKING, citations: [pipl4] },
  { id: 'sex', title: { zh: '性别', en: 'Sex' }, sensitive: false, of: 'person', sight: HIRING, citations: [order21] },
  {
    id: 'age',
    title: { zh: '年龄、出生日期', en: 'Age, date of birth' },
    sensitive: false,
    of: 'person',
    sight: HIRING,
    citations: [order21],
  },
  {
    id: 'resident-id',
    title: { zh: '居民身份证号', en: 'Resident identity number' },
    sensitive: false,
    of: 'person',
    sight: CLOSED,
    citations: [order21],
  },
  {
    id: 'id-photo',
    title: { zh: '身份证件照片', en: 'Photograph of an identity paper' },
    sensitive: true,
    of: 'person',
    sight: CLOSED,
    citations: [order21, pipl28],
  },
  { id: 'passport', title: { zh: '护照号', en: 'Passport number' }, sensitive: false, of: 'person', sight: CLOSED, citations: [order21] },
  { id: 'address', title: { zh: '住址', en: 'Home address' }, sensitive: false, of: 'person', sight: HIRING, citations: [order21] },
  { id: 'mobile', title: { zh: '手机号', en: 'Mobile number' }, sensitive: false, of: 'person', sight: WORKING, citations: [order21] },
  {
    id: 'landline',
    title: { zh: '固定电话', en: 'Landline number' },
    sensitive: false,
    of: 'person',
    sight: WORKING,
    citations: [order21],
  },
  { id: 'email', title: { zh: '电子邮箱', en: 'E-mail address' }, sensitive: false, of: 'person', sight: WORKING, citations: [order21] },
  { id: 'wechat', title: { zh: '微信号', en: 'WeChat id' }, sensitive: false, of: 'person', sight: WORKING, citations: [order21] },
  { id: 'qq', title: { zh: 'QQ号', en: 'QQ number' }, sensitive: false, of: 'person', sight: WORKING, citations: [order21] },
  { id: 'portrait', title: { zh: '照片', en: 'Portrait' }, sensitive: false, of: 'person', sight: HIRING, citations: [pipl4] },
  {
    id: 'experience',
    title: { zh: '学历、工作经历', en: 'Education and experience' },
    sensitive: false,
    of: 'person',
    sight: { ...WORKING, reviewer: 'full' },
    citations: [pipl4],
  },
  {
    id: 'expectation',
    title: { zh: '求职意向', en: 'What is sought' },
    sensitive: false,
    of: 'person',
    sight: { ...WORKING, reviewer: 'full' },
    citations: [pipl4],
  },
  {
    id: 'marital',
    title: { zh: '婚育状况', en: 'Marital status and children' },
    sensitive: false,
    of: 'person',
    sight: CLOSED,
    citations: [pipl4],
  },
  {
    id: 'bank-card',
    title: { zh: '银行卡号、金融账户', en: 'Bank card and account' },
    sensitive: true,
    of: 'person',
    sight: CLOSED,
    citations: [pipl28],
  },
  { id: 'religion', title: { zh: '宗教信仰', en: 'Religious belief' }, sensitive: true, of: 'person', sight: CLOSED, citations: [pipl28] },
  {
    id: 'health',
    title: { zh: '医疗健康、残疾', en: 'Health and disability' },
    sensitive: true,
    of: 'person',
    sight: CLOSED,
    citations: [pipl28],
  },
  { id: 'biometric', title: { zh: '生物识别信息', en: 'Biometric data' }, sensitive: true, of: 'person', sight: {}, citations: [pipl28] },
  { id: 'status', title: { zh: '特定身份', en: 'Particular status' }, sensitive: true, of: 'person', sight: CLOSED, citations: [pipl28] },
  { id: 'whereabouts', title: { zh: '行踪轨迹', en: 'Whereabouts' }, sensitive: true, of: 'person', sight: {}, citations: [pipl28] },
  {
    id: 'under-14',
    title: { zh: '不满十四周岁未成年人信息', en: 'Information on a child under fourteen' },
    sensitive: true,
    of: 'person',
    sight: {},
    citations: [pipl28],
  },
  {
    id: 'business-contact',
    title: { zh: '用人单位联系人', en: 'Contact at an employer' },
    sensitive: false,
    of: 'employer',
    sight: BUSINESS,
    citations: [order21],
  },
  {
    id: 'business-confidential',
    title: { zh: '用人单位经营信息', en: 'Business information an employer keeps to itself' },
    sensitive: false,
    of: 'employer',
    sight: BUSINESS,
    citations: [order21],
  },
];

/** Why somebody looks (处理目的), and on what legal basis by default. */
export interface Purpose {
  readonly id: string;
  readonly title: Text;
  readonly basis: 'consent' | 'contract' | 'legal-duty' | 'emergency';
  readonly citations: readonly Citation[];
}

/**
 * Purposes of looking at personal information in recruitment (处理目的).
 * @source PIPL Arts. 6, 13
 */
export const PURPOSES: readonly Purpose[] = [
  {
    id: 'recruit',
    title: { zh: '招聘选拔', en: 'Choosing whom to hire' },
    basis: 'consent',
    citations: [cite('pipl', '13'), cite('pipl', '23')],
  },
  {
    id: 'recommend',
    title: { zh: '推荐岗位、人才', en: 'Recommending posts or people' },
    basis: 'consent',
    citations: [cite('pipl', '13'), cite('pipl', '24')],
  },
  {
    id: 'review',
    title: { zh: '信息审查', en: 'Review of postings and materials' },
    basis: 'legal-duty',
    citations: [cite('order44', '17')],
  },
  {
    id: 'complaint',
    title: { zh: '投诉、举报处理', en: 'Handling complaints and reports' },
    basis: 'legal-duty',
    citations: [cite('order44', '23')],
  },
  { id: 'supervision', title: { zh: '监督检查', en: 'Inspection' }, basis: 'legal-duty', citations: [cite('order44', '27')] },
  {
    id: 'service',
    title: { zh: '履行与本人的合同', en: 'The contract with the person' },
    basis: 'contract',
    citations: [cite('pipl', '13')],
  },
  {
    id: 'rights',
    title: { zh: '答复本人的请求', en: 'Answering the person’s own request' },
    basis: 'legal-duty',
    citations: [cite('pipl', '50')],
  },
  { id: 'export', title: { zh: '批量导出', en: 'Export in bulk' }, basis: 'consent', citations: [cite('pipl', '23')] },
];
