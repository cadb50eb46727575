/** Words around contact details (联系方式用词). */

export const PHONE_WORDS: readonly string[] = ['电话', '座机', '热线', '致电', '电联', '固话', '手机', '联系方式', '专线', 'tel', 'phone'];
/** Letters that may stand right before a number in one word without making it a code. */
export const NUMBER_LETTERS: readonly string[] = ['tel', 'qq', 'wx', 'vx', 'hr', 'phone', 'mobile', 'mob', 'wechat', 'v'];
export const CHAT_WORDS: readonly string[] = [
  'whatsapp',
  'telegram',
  'skype',
  '纸飞机',
  '电报号',
  '飞书',
  '钉钉',
  '抖音号',
  '快手号',
  '小红书号',
  '陌陌',
  'tg',
  '微信',
  '薇信',
  '威信',
  '微讯',
  '徽信',
  '卫星',
  '微信号',
  '薇心',
  '微心',
  '威心',
  '薇号',
  '威号',
  '薇',
  '微x',
  'w信',
  'v号',
  'q群',
  '扣扣',
  '球球',
  '企鹅',
  '企鹅号',
  '加q',
  '加v',
  '加微',
  '加薇',
  'q',
  'v',
  'v信',
  'wechat',
  'weixin',
  'wei信',
  'qq',
  'wx',
  'vx',
];
export const CHAT_LETTERS: readonly string[] = ['qqwx', 'wxqq', 'qq', 'wx', 'vx', 'vwx', 'wxid', 'weixin', 'wechat'];
/** What may stand between such a word and the account. */
const LINKS = [
  '号码',
  '号',
  '同号',
  '账号',
  '帐号',
  '群号',
  '群',
  '：',
  '为',
  '是',
  'id',
  '搜索',
  '添加',
  '搜',
  ' ',
  '-',
  '、',
  '，',
  '咨询',
  '联系',
  '报名',
  '加',
  '或',
  '及',
  '详细情况',
  '详细',
  '详情',
  '了解',
  '我',
  '方式',
];
/** Whom to ask for: 张经理, 王女士, with the surname before it. */
const PERSONS = ['先生', '女士', '小姐', '老师', '经理', '主管', '店长', '主任', '姐', '哥', '总'];
/** Words that may follow a number with nothing between. */
export const AFTER_NUMBER: readonly string[] = ['qq', 'wx', 'vx', 'wechat', 'email', 'mail', 'tel', 'hr'];
/** Ends of the addresses that people write with another mark for @. */
export const DOMAIN_ENDS: readonly string[] = ['com', 'cn', 'net', 'org', 'edu'];
const MAIL_WORDS = ['邮箱', '邮件', 'email', 'mail', '发至', '发到', '发送到', '发送至', '投至', '投递', '投到'];

/** Words by their last unit: one look tells that none of them ends here, as is so nearly everywhere. */
export type Endings = ReadonlyMap<number, readonly string[]>;

function byEnding(words: readonly string[]): Endings {
  return Map.groupBy(words, (word) => word.charCodeAt(word.length - 1));
}

export const PHONE_ENDINGS: Endings = byEnding(PHONE_WORDS);
export const CHAT_ENDINGS: Endings = byEnding(CHAT_WORDS);
export const MAIL_ENDINGS: Endings = byEnding(MAIL_WORDS);
export const LINK_ENDINGS: Endings = byEnding(LINKS);
export const PERSON_ENDINGS: Endings = byEnding(PERSONS);
