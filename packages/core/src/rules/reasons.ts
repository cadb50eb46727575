import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** A reason a reviewer can give (审查理由): coded, cited, in both languages; facts are added a case. */
export interface Reason {
  readonly title: Text;
  readonly advice: Text;
  readonly citations: readonly Citation[];
}

/** The closed list of reasons for returning, rejecting, suspending and revoking. */
export const REASONS: { readonly [code: string]: Reason } = {
  'untrue-information': {
    title: { zh: '招聘信息不真实', en: 'The information is not true' },
    advice: { zh: '按实际情况更正后重新提交', en: 'Correct it to the facts and submit again' },
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '39')],
  },
  'unlawful-condition': {
    title: { zh: '含有歧视性或违法的招聘条件', en: 'An unlawful or discriminatory condition' },
    advice: { zh: '删除该条件，只写岗位本身需要的能力', en: 'Remove the condition; ask only for what the work needs' },
    citations: [cite('order44', '15')],
  },
  'incomplete-information': {
    title: { zh: '招聘信息不完整', en: 'The information is incomplete' },
    advice: { zh: '补充所列项目后重新提交', en: 'Complete the named items and submit again' },
    citations: [cite('order44', '15(1)'), cite('notice-2025-60', '5')],
  },
  'differs-from-brief': {
    title: { zh: '与招聘简章不一致', en: 'Differs from the recruitment brief' },
    advice: { zh: '使招聘信息与已审查的简章一致', en: 'Make the posting agree with the reviewed brief' },
    citations: [cite('order44', '17(1)')],
  },
  'material-unverified': {
    title: { zh: '材料无法核实', en: 'The material cannot be verified' },
    advice: { zh: '提交清晰、有效、与登记信息一致的材料', en: 'Submit a legible, valid material that agrees with the register' },
    citations: [cite('order44', '17(1)')],
  },
  'material-expired': {
    title: { zh: '材料已过期', en: 'The material has expired' },
    advice: { zh: '提交有效期内的材料', en: 'Submit a material that is in date' },
    citations: [cite('order44', '17(1)')],
  },
  'charges-worker': {
    title: { zh: '向劳动者收取押金或其他费用', en: 'Takes a deposit or other money from the worker' },
    advice: { zh: '取消收费；确有收取的应当退还', en: 'Drop the charge; refund what was taken' },
    citations: [cite('order44', '19(2)'), cite('labour-contract', '9')],
  },
  'fraud-signal': {
    title: { zh: '存在虚假招聘或引流风险', en: 'Signals of a fake posting or a funnel' },
    advice: { zh: '说明真实用工需求并提供证明', en: 'Show the real need to hire, with proof' },
    citations: [cite('order44', '19(1)'), cite('notice-2025-60', '6')],
  },
  'foreign-hire-unfounded': {
    title: { zh: '聘用外国人的条件未得到说明', en: 'The grounds for hiring a foreign national are not shown' },
    advice: { zh: '说明岗位的特殊需要和许可安排', en: 'Show the special need and the permit arrangement' },
    citations: [cite('order44', '17(2)'), cite('exit-entry', '41')],
  },
};

/** What a reviewer confirms before a posting that seeks foreign nationals is approved (聘用外国人核对清单). */
export const FOREIGN_HIRE_CHECKLIST: { readonly [item: string]: Text } = {
  'special-need': { zh: '岗位有特殊需要且国内暂缺适当人选', en: 'A special need no one available at home can fill for now' },
  'permit-before-work': {
    zh: '用人单位承诺先取得外国人工作许可再用工',
    en: 'The employer undertakes to obtain the work permit before work starts',
  },
  'lawful-post': { zh: '岗位不属于禁止外国人从事的范围', en: 'The post is not closed to foreign nationals' },
};
