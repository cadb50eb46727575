import { DENIAL, DENIAL_EN } from './words.ts';

// What is held of a worker’s money under another name, and what only sounds like it.

/** Sums of money and services that say a word of a deposit and are none. */
const HARMLESS: readonly RegExp[] = [
  /押[题韵]/gu,
  /五金|冶金|养老金|失业(?:保险)?金|救济金/gu,
  // Of what a lesson or advice is about.
  /(?:违约金|押金|保证金|担保)(?:条款|纠纷|规定)(?=[^，。]{0,6}(?:咨询|解读|课|班|讲座))/gu,
  /(?:违约金|押金|保证金|担保)(?:骗局|陷阱|诈骗|维权|追讨)/gu,
  /(?<=劳动(?:合同)?法[^，。]{0,12})违约金(?=[^，。]{0,2}(?:咨询|解读|课|班|讲座))/gu,
  /(?:\d+|[一二三四五六七十]+)?[天日]?内?(?:无理由|不满意)的?(?:可以?)?(?:全额)?退款?/gu,
  /(?<=会员)[年月季]?费|(?<!手)续费|(?<=课程?|班)学费|费用(?=计算|测算|规划|管理|分析)/gu,
  /入职前?(?=简历|适应)/gu,
];

/** Without what only sounds like it. @param text as {@link read} gives it */
export function withoutHarmless(text: string): string {
  return HARMLESS.reduce((left, pattern) => left.replace(pattern, ''), text);
}

const LEET: { readonly [digit: string]: string } = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's' };

/** The ways Latin letters with digits among them may be meant: as letters, or as tones. */
export function romanised(text: string): readonly string[] {
  const lettered = text.replace(/(?<=[a-z])[01345](?=[a-z])/gu, (digit) => LEET[digit] ?? digit);
  const toneless = text.replace(/(?<=[a-z])[0-5](?![\d元块])/gu, '');
  return [text, lettered, toneless].map((view) => view.replace(/([aeiou])\1+/gu, '$1'));
}

const AMOUNT = '[\\d一二三四五六七八九十百千万两]+(?:元|块)?';
/** Names of what is paid, kept and given back, where the name does not say so in a word for a deposit. */
const HELD_NAMES: readonly RegExp[] = [
  /[担旦丹胆](?:保|包|宝|bao)|(?<![清订名账菜表])单保(?![存留护障])|dan(?:保|bao)/u,
  /(?<![a-z])[保b](?:zh?|证)(?:j|金)(?![a-z])|(?<![a-z])[保b]zj(?![a-z])/u,
  /deposit|dposit|depozit|depo(?![a-z])|kaution|fianza|caucion|pfand/u,
  new RegExp(`[存收交缴付]${AMOUNT}[取还返退]|${AMOUNT}[还返退]|存\\d+|\\d+存|存取卡|[代借]存`, 'u'),
  /[归奉送偿]还|[拿给赎]回|可赎|可提现|余额提现|随时提现|可支取|原路退|(?:到期|期满|届满|满年|结束)[^，。]{0,4}[退返还]/u,
  /(?:学成|结业|毕业|完课|完成|全勤|打卡|到岗|守约)[^，。]{0,2}(?:全额?)?[返退]|返现/u,
  /质物|典[当质]|留置|预缴|暂[收付]|待退|寄[存放]|备[付抵]|[压押]钅|(?:违规|违纪)扣/u,
  /守约|爽约|(?:履约|守信|诚意|诚信|承诺|契约|违约|违纪)(?:包|卡|计划|保(?!险)|分|会员|池|充值|账户)/u,
  /(?:责任|风险|信任|信誉|信用|忠诚|意向)(?:包(?!装)|(?<!信用)卡|池)|(?:信用|信誉|诚信|履约)(?:分|额度|会员)?(?:充值|储值)/u,
  /(?:共管|监管|托管|存管|备付)(?:账户|账号|户|包)|共管|存管/u,
];

export function isHeldName(name: string): boolean {
  return HELD_NAMES.some((pattern) => pattern.test(name));
}

const BACK = '(?:退(?!步|休|出|役)|返(?!回?首页)|归还|奉还|送还|偿还|还(?=给|本|清|款|您|你)|拿回|取回|给回)';
const LEAVING =
  '离(?:职|岗|厂|任|开)|辞[职工]|走人|走时|期满|合同(?:期|结束|到期)|工作结束|合作结束|到期(?!前)|转正|入职|上岗|到岗|报到|上班(?!族)|试用期?(?:过后?|结束|满|后)|通过试用|工资|薪[资水]|[做干]满|满(?:[一两二三半]|\\d+)个?[天月年]';
/** Of a description: what is kept and given back once somebody leaves, stays or is paid. */
const HELD_WHATS: readonly RegExp[] = [
  new RegExp(`(?:${LEAVING})[^，。]{0,12}${BACK}`, 'u'),
  /款项?由[^，。]{0,6}保[管存]|保[管存][^，。]{0,4}元|[元款][^，。]{0,4}(?:存放|留在(?:公司|单位))|存放[^，。]{0,4}元|先存[^，。]{0,6}元/u,
  /从(?:中|本款|该款)扣|(?:违反|违纪|违规|损坏|迟到|旷工|爽约)[^，。]{0,8}(?:扣|没收|不退)|(?:不再|不予)(?:归还|退还|返还)/u,
  /(?:到岗|履约|诚信|信任|信用)的?凭[证据]|担当[^，。]{0,4}信用/u,
];

export function isHeldWhat(text: string): boolean {
  return HELD_WHATS.some((pattern) => pattern.test(text));
}

/** Nobody is let pass without it. */
export const UNAVOIDABLE: RegExp =
  /必[购选买缴交]|不买不|(?:不|未|没有?)(?:选购|购买|买|开通)(?:者|的)?[^，。]{0,10}，?[^，。]{0,8}(?:不[会能予被看]|看不到|无法)/u;
/** What it is said to be for. */
export const USED_FOR: RegExp = /(?:用于|用来|用作|抵作)([^，。]{0,20})/gu;
export const SURE_OF_A_JOB: RegExp = /(?:(?<!不|无法|不能|不得)(?:确保|保证)|内部)[^，。]{0,10}(?:工作|职位|岗位|录用|offer)|名字?排在前/u;

/** A denial is none where not to pay is a condition, or where it is itself denied. */
const DOUBLE = /(?:不得|不能|不可|不会|不该|不应|无不|非|莫)$/u;

/** A description without what it denies. @param text as {@link read} gives it */
export function withoutDenials(text: string): string {
  return text.replace(DENIAL, (...match: readonly unknown[]) => {
    const said = String(match[0]);
    const at = Number(match.at(-2));
    const next = text.slice(at + said.length);
    const isOfPlatform = /^[^，。]*?收取?/u.test(said) && !/^(?:前提|条件|情况)/u.test(next);
    const isCondition = (said.endsWith('的') && !isOfPlatform) || /^(?:者|则|的?(?:话|人|前提|条件|账号)|将|便|即|就|之前|前)/u.test(next);
    return isCondition || DOUBLE.test(text.slice(0, at)) ? said : '，';
  });
}

/** The same for English. */
export function withoutDenialsEn(text: string): string {
  return text.replace(DENIAL_EN, ' ');
}

const LATER_EN =
  '(?:(?:when|once|if|after|as soon as) (?:you|the worker|he|she|they) (?:leaves?|quits?|resigns?|go(?:es)?)|(?:on|upon|at) (?:the )?(?:exit|leaving|resignation|departure|expiry)|(?:at|until|after) (?:the )?end(?: of (?:the |your )?(?:contract|term|job|employment|membership|service|probation)|(?! of))|with (?:your |the )?(?:first )?(?:wages?|salary|pay))';
const BACK_EN = '(?:returned|returnable|refunded|repaid|reimbursed|given back|paid back|money back|recoverable|handed back)';
/** What is held in English under another name. */
export const HELD_EN: RegExp = new RegExp(
  [
    '(?<! (?:cyber|information|network|data|social|job|food|it|web|cloud|computer|public|national|airport|system)) security(?= (?:sum|charge|amount|refund)|\\s*$)',
    ' (?:earnest|key money|good faith|caution|trust money|held in trust|pawn|liens?|indemnity|arrhas?|kaution|fianza|caucion|cauzione|pfand|depozit|dposit|consigne|yj|bzj|ya+jin|danbao)(?= )',
    ' (?:commitment|retention|loyalty|lock in|holding|assurance|performance) (?:sum|money|fee|charge|security)(?= )',
    ' no show (?:fee|charge|sum)(?= )',
    ` ${BACK_EN} (?:in full |to you |then )*${LATER_EN}`,
    ' (?:advance recoverable|recoverable advance)(?= )',
    ' (?:kept|held|retained)(?: \\p{L}+){0,4} until(?: \\p{L}+){0,8} (?:returned|refunded|repaid|given back|paid back)(?= )',
  ].join('|'),
  'u',
);
