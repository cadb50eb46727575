import type { MaterialKind, PostingContent, PostingState, ReviewRecord, Role, Text, Verdict } from '@zhengpin/core';

import type { View } from './view.ts';
import { yuan } from './view.ts';

type Words<K extends string> = { readonly [key in K]: Text };

export const STATES: Words<PostingState> = {
  draft: { zh: '草稿', en: 'Draft' },
  'in-review': { zh: '审查中', en: 'In review' },
  approved: { zh: '审查通过，待发布', en: 'Approved, not yet published' },
  returned: { zh: '已退回修改', en: 'Returned for changes' },
  rejected: { zh: '未通过', en: 'Refused' },
  published: { zh: '已发布', en: 'Published' },
  expired: { zh: '已到期', en: 'Expired' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  suspended: { zh: '已暂停', en: 'Suspended' },
  closed: { zh: '已关闭', en: 'Closed' },
};

export const MATERIALS: Words<MaterialKind> = {
  'recruitment-brief': { zh: '招聘简章', en: 'Recruitment brief' },
  'business-licence': { zh: '营业执照', en: 'Business licence' },
  'approval-document': { zh: '批准设立文件', en: 'Approval document' },
  'handler-identity': { zh: '经办人身份证明', en: 'Handler’s proof of identity' },
  'authorisation-letter': { zh: '用人单位委托证明', en: 'Employer’s authorisation letter' },
};

export const MATERIAL_STATES: Words<'submitted' | 'accepted' | 'rejected' | 'revoked'> = {
  submitted: { zh: '审查中', en: 'In review' },
  accepted: { zh: '已通过', en: 'Accepted' },
  rejected: { zh: '未通过', en: 'Refused' },
  revoked: { zh: '已撤销', en: 'Taken back' },
};

export const VERDICTS: Words<Verdict> = {
  refer: { zh: '转人工审查', en: 'Referred to a person' },
  block: { zh: '拦截', en: 'Blocked' },
  approve: { zh: '通过', en: 'Approved' },
  return: { zh: '退回修改', en: 'Returned for changes' },
  reject: { zh: '不予通过', en: 'Refused' },
  accept: { zh: '材料通过', en: 'Material accepted' },
  suspend: { zh: '暂停', en: 'Suspended' },
  revoke: { zh: '撤销', en: 'Taken back' },
  uphold: { zh: '维持原决定', en: 'Decision upheld' },
  overturn: { zh: '撤销原决定', en: 'Decision overturned' },
};

export const TASKS: Words<ReviewRecord['kind']> = {
  posting: { zh: '招聘信息', en: 'Posting' },
  material: { zh: '材料', en: 'Material' },
  appeal: { zh: '申诉', en: 'Appeal' },
};

export const ROLE_NAMES: Words<Role> = {
  employer: { zh: '用人单位', en: 'Employers' },
  agency: { zh: '人力资源服务机构', en: 'Agencies' },
  reviewer: { zh: '审查员', en: 'Reviewers' },
  'compliance-officer': { zh: '合规负责人', en: 'Compliance officer' },
  auditor: { zh: '审计员', en: 'Auditor' },
  inspector: { zh: '检查人员', en: 'Inspector' },
  operator: { zh: '运营管理员', en: 'Operator' },
};

export const EMPLOYMENT: Words<NonNullable<PostingContent['employmentType']>> = {
  'full-time': { zh: '全日制', en: 'Full time' },
  'part-time': { zh: '非全日制', en: 'Part time' },
  internship: { zh: '实习', en: 'Internship' },
  temporary: { zh: '临时', en: 'Temporary' },
  'labour-dispatch': { zh: '劳务派遣', en: 'Labour dispatch' },
  outsourced: { zh: '外包', en: 'Outsourced' },
};

export const UNITS: Words<PostingContent['pay']['unit']> = {
  month: { zh: '月', en: 'month' },
  day: { zh: '天', en: 'day' },
  hour: { zh: '小时', en: 'hour' },
  year: { zh: '年', en: 'year' },
  piece: { zh: '件', en: 'piece' },
};

export const ACCOUNT_TYPES: Words<PostingContent['accountType']> = {
  'employer-direct': { zh: '用人单位自主招聘', en: 'Employer, posting for itself' },
  'commercial-agency': { zh: '经营性人力资源服务机构', en: 'Commercial agency' },
  'public-agency': { zh: '公共人力资源服务机构', en: 'Public agency' },
};

export const SOURCES: Words<PostingContent['source']['kind']> = {
  original: { zh: '本站首发', en: 'First published here' },
  repost: { zh: '转发', en: 'Repost' },
};

export const VENUES: Words<NonNullable<PostingContent['venue']>> = {
  entertainment: { zh: '营业性歌舞、游艺娱乐场所', en: 'Dance, karaoke or amusement venue' },
  bar: { zh: '酒吧', en: 'Bar' },
  'internet-cafe': { zh: '互联网上网服务营业场所', en: 'Internet café' },
  other: { zh: '其他不适宜未成年人活动的场所', en: 'Another venue barred to minors' },
};

export const SIZES = ['1-19', '20-99', '100-499', '500-999', '1000-9999', '10000+'] as const;

export const SEVERITIES: Words<'block' | 'review' | 'advise'> = {
  block: { zh: '必须修改', en: 'Must change' },
  review: { zh: '由人工判断', en: 'A person decides' },
  advise: { zh: '建议修改', en: 'Advice' },
};

/** What the fields of a posting are called, by JSON Pointer. */
export const FIELDS: { readonly [pointer: string]: Text } = {
  '/title': { zh: '岗位名称', en: 'Title of the post' },
  '/headcount': { zh: '招聘人数', en: 'Number of people sought' },
  '/requirements': { zh: '招聘条件', en: 'Requirements' },
  '/workContent': { zh: '工作内容', en: 'Work content' },
  '/workingConditions': { zh: '工作条件', en: 'Working conditions' },
  '/employmentType': { zh: '用工类型', en: 'Type of employment' },
  '/employer': { zh: '用人单位基本情况', en: 'The employer' },
  '/employer/name': { zh: '单位全称', en: 'Full registered name' },
  '/employer/uscc': { zh: '统一社会信用代码', en: 'Unified social credit code' },
  '/employer/industry': { zh: '行业', en: 'Industry' },
  '/employer/size': { zh: '人员规模', en: 'Size' },
  '/employer/introduction': { zh: '单位介绍', en: 'About the employer' },
  '/place': { zh: '工作地点', en: 'Place of work' },
  '/place/city': { zh: '城市', en: 'City' },
  '/place/address': { zh: '详细地址', en: 'Address' },
  '/pay': { zh: '基本劳动报酬', en: 'Basic pay' },
  '/pay/minFen': { zh: '下限（元）', en: 'From (yuan)' },
  '/pay/maxFen': { zh: '上限（元）', en: 'To (yuan)' },
  '/pay/unit': { zh: '计薪单位', en: 'Paid by the' },
  '/pay/months': { zh: '每年发薪月数', en: 'Monthly pays a year' },
  '/pay/note': { zh: '报酬说明', en: 'Note on pay' },
  '/validity': { zh: '有效期限', en: 'Validity' },
  '/validity/validThrough': { zh: '截止日期', en: 'Last date' },
  '/validity/reconfirmEveryDays': { zh: '确认间隔（天）', en: 'Days between confirmations' },
  '/source': { zh: '信息来源', en: 'Source' },
  '/source/name': { zh: '来源名称', en: 'Name of the source' },
  '/source/url': { zh: '来源网址', en: 'Address of the source' },
  '/hiresForeigners': { zh: '拟聘用外国人', en: 'Seeks foreign nationals' },
  '/targetsGraduates': { zh: '面向高校毕业生', en: 'Aimed at graduates' },
  '/campusChannel': { zh: '校园招聘渠道发布', en: 'Published through campus recruitment' },
  '/venue': { zh: '不适宜未成年人活动的场所', en: 'Venue barred to minors' },
  '/minorsContact': { zh: '密切接触未成年人的单位', en: 'Employer in close contact with minors' },
  '/publicBody': { zh: '机关、事业单位', en: 'State organ or public institution' },
  '/promoted': { zh: '付费推广', en: 'Placed for pay' },
};

/** The name of a field, for people; the whole posting when the pointer names none. */
export function fieldName(view: View, pointer: string): string {
  const name = FIELDS[pointer];
  return name ? view.pick(name) : view.t('整条信息', 'The whole posting');
}

/** Pay as a reader expects it. */
export function payText(view: View, pay: PostingContent['pay']): string {
  const range = pay.minFen === pay.maxFen ? yuan(pay.minFen) : `${yuan(pay.minFen)}–${yuan(pay.maxFen)}`;
  const months = pay.months === undefined ? '' : view.t(` · ${pay.months} 薪`, ` · ${pay.months} monthly pays a year`);
  return view.t(`${range} 元/${UNITS[pay.unit].zh}${months}`, `CNY ${range} a ${UNITS[pay.unit].en}${months}`);
}
