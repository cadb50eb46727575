import type { Text } from '../kernel/text.ts';

/** What a recogniser can tell by its form (可识别的个人信息). */
export type PersonalKind = 'resident-id' | 'passport' | 'mobile' | 'landline' | 'email' | 'wechat' | 'qq' | 'bank-card' | 'address';

/** Names of the kinds; what a redacted text shows in their place. */
export const PERSONAL_KINDS: { readonly [kind in PersonalKind]: Text } = {
  'resident-id': { zh: '居民身份证号', en: 'resident identity number' },
  passport: { zh: '护照号', en: 'passport number' },
  mobile: { zh: '手机号', en: 'mobile number' },
  landline: { zh: '固定电话', en: 'landline number' },
  email: { zh: '电子邮箱', en: 'e-mail address' },
  wechat: { zh: '微信号', en: 'WeChat id' },
  qq: { zh: 'QQ号', en: 'QQ number' },
  'bank-card': { zh: '银行卡号', en: 'bank card number' },
  address: { zh: '住址', en: 'street address' },
};

/** A piece of personal information by its place in a text, in UTF-16 units. */
export interface Recognised {
  readonly kind: PersonalKind;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}
