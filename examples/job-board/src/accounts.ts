import { completeUscc } from '@zhengpin/core';
import type { Actor, Text } from '@zhengpin/core';

import type { View } from './view.ts';

/** Invented firms: names are examples, codes carry valid check digits and belong to nobody. */
export interface Firm {
  readonly name: string;
  readonly uscc: string;
  readonly city: string;
  readonly industry: string;
}

const TRADES: readonly (readonly [name: string, city: string, industry: string])[] = [
  ['启明示例软件有限公司', '北京', '软件'],
  ['远山示例制造有限公司', '上海', '装备制造'],
  ['清河示例物流有限公司', '天津', '物流'],
  ['白鹭示例食品有限公司', '厦门', '食品'],
  ['云岭示例旅游有限公司', '昆明', '旅游'],
  ['松江示例电子有限公司', '苏州', '电子'],
  ['南湖示例教育咨询有限公司', '嘉兴', '教育'],
  ['北斗示例测绘有限公司', '武汉', '测绘'],
  ['金穗示例农业科技有限公司', '郑州', '农业'],
  ['海棠示例设计有限公司', '成都', '设计'],
  ['秦川示例机床有限公司', '西安', '机床'],
  ['青禾示例生物科技有限公司', '广州', '生物'],
  ['长风示例新能源有限公司', '合肥', '新能源'],
  ['星桥示例通信有限公司', '南京', '通信'],
  ['锦江示例酒店管理有限公司', '重庆', '酒店'],
  ['泰山示例建材有限公司', '济南', '建材'],
  ['珠江示例供应链有限公司', '深圳', '供应链'],
  ['雁栖示例数据有限公司', '杭州', '数据'],
  ['洞庭示例环保有限公司', '长沙', '环保'],
  ['长白示例林业有限公司', '长春', '林业'],
];

/** The twenty seeded firms; firm `i` posts through account `emp-<i+1>` of organisation `org-<i+1>`. */
export const FIRMS: readonly [Firm, ...Firm[]] = TRADES.map(([name, city, industry], i) => ({
  name,
  city,
  industry,
  uscc: completeUscc(`91110108MA00YP${String(i + 1).padStart(2, '0')}A`),
})) as [Firm, ...Firm[]];

const tenant = 'main';

/** The firm an agency posts for. */
export const CLIENT: Firm = { name: '东篱示例园艺有限公司', uscc: completeUscc('91330106MA00YP51A'), city: '杭州', industry: '园艺' };

/** The agency itself. */
export const AGENCY: Firm = {
  name: '四方示例人力资源有限公司',
  uscc: completeUscc('91330106MA00YP50A'),
  city: '杭州',
  industry: '人力资源服务',
};

interface Account {
  readonly actor: Actor;
  readonly name: Text;
}

function account(id: string, role: Actor['role'], name: Text, organisation?: string): Account {
  return { actor: { id, tenant, role, ...(organisation === undefined ? {} : { organisation }) }, name };
}

/** Everyone who can sign in to the reference server. */
export const ACCOUNTS: readonly Account[] = [
  account('rev-1', 'reviewer', { zh: '审查员一', en: 'Reviewer 1' }),
  account('rev-2', 'reviewer', { zh: '审查员二', en: 'Reviewer 2' }),
  account('rev-3', 'reviewer', { zh: '审查员三', en: 'Reviewer 3' }),
  account('officer', 'compliance-officer', { zh: '合规负责人', en: 'Compliance officer' }),
  account('officer-2', 'compliance-officer', { zh: '合规专员', en: 'Compliance officer 2' }),
  account('auditor', 'auditor', { zh: '审计员', en: 'Auditor' }),
  account('inspector', 'inspector', { zh: '检查人员', en: 'Inspector' }),
  account('operator', 'operator', { zh: '运营管理员', en: 'Operator' }),
  account('agency', 'agency', { zh: `${AGENCY.name}（中介账号）`, en: `Agency (${AGENCY.name})` }, 'org-agency'),
  ...FIRMS.map((firm, i) =>
    account(
      `emp-${i + 1}`,
      'employer',
      { zh: `${firm.name}（招聘账号）`, en: `Recruiter of firm ${i + 1} (${firm.name})` },
      `org-${i + 1}`,
    ),
  ),
];

/** @throws RangeError for an account that is not seeded */
export function actor(id: string): Actor {
  const found = ACCOUNTS.find((a) => a.actor.id === id);
  if (found === undefined) throw new RangeError(`no such account: ${id}`);
  return found.actor;
}

/** What an account is called; an id that is not seeded stands for itself. */
export function nameOf(view: View, id: string): string {
  const found = ACCOUNTS.find((a) => a.actor.id === id);
  return found === undefined ? id : view.pick(found.name);
}
