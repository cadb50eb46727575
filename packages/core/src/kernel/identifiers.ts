import { ComplianceError } from './errors.ts';

/*
 * Numbers printed on Chinese papers. A number that passes is well-formed, not issued: only the register, or a look at
 * the paper, says whose it is. Nothing here repeats a number in an error.
 */

/** First two digits of GB/T 2260 divisions; 10 stands for a national authority, 66 and 99 are used for 新疆生产建设兵团. */
const PROVINCES: ReadonlySet<string> = new Set(
  '10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 66 71 81 82 83 99'.split(' '),
);

/** Values 0 to 30 of GB 32100-2015; I, O, S, V and Z are left out because they are misread. */
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC_WEIGHTS: readonly number[] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/**
 * Registration authority (登记管理部门) to its categories (机构类别), as amended in 2016; 54 and 55 are met on village
 * and residents' committees.
 */
const USCC_CATEGORIES: Readonly<Record<string, string>> = {
  '1': '1239',
  '2': '19',
  '3': '123459',
  '4': '19',
  '5': '123459',
  '6': '129',
  '7': '129',
  '8': '19',
  '9': '1239',
  A: '19',
  N: '1239',
  Y: '1',
};

/**
 * A well-formed unified social credit code (统一社会信用代码): authority, category, division, subject, check character.
 * The check (ISO 7064, modulus 31) catches every single wrong character and every swap of two neighbours.
 * Upper case only, as printed.
 * @source GB 32100-2015 with amendment 1 (2016)
 */
export function isUscc(text: string): boolean {
  return text.length === 18 && isUsccBody(text.slice(0, 17)) && text.endsWith(usccCheck(text));
}

/**
 * Append the check character (补全统一社会信用代码) to the first 17.
 * @throws ZP_INPUT_INVALID when the 17 are not well-formed themselves
 * @source GB 32100-2015
 */
export function completeUscc(first17: string): string {
  if (!isUsccBody(first17)) {
    throw new ComplianceError('ZP_INPUT_INVALID', {
      detail: {
        zh: '须为统一社会信用代码的前17位',
        en: 'must be the first 17 characters of a unified social credit code',
      },
    });
  }
  return first17 + usccCheck(first17);
}

function isUsccBody(text: string): boolean {
  return (
    /^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}$/.test(text) &&
    Object.hasOwn(USCC_CATEGORIES, text.charAt(0)) &&
    (USCC_CATEGORIES[text.charAt(0)] ?? '').includes(text.charAt(1)) &&
    PROVINCES.has(text.slice(2, 4))
  );
}

function usccCheck(text: string): string {
  const sum = USCC_WEIGHTS.reduce((total, weight, at) => total + weight * USCC_ALPHABET.indexOf(text.charAt(at)), 0);
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

const RESIDENT_WEIGHTS: readonly number[] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/**
 * A well-formed citizen identification number (公民身份号码) of 18 characters, upper-case X.
 * The check (ISO 7064, 11-2) catches every single wrong digit and every swap of two neighbours. The number says
 * sex and birth date: it is sensitive personal information wherever it goes.
 * @param today civil date `YYYY-MM-DD`; a later birth date is refused.
 * @source GB 11643-1999
 */
export function isResidentId(text: string, today: string): boolean {
  if (!/^[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]$/.test(text) || !PROVINCES.has(text.slice(0, 2))) return false;
  const born = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const at = Date.parse(`${born}T00:00:00Z`);
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(born) || born > today) return false;
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text.charAt(index)), 0);
  return '10X98765432'.charAt(sum % 11) === text.charAt(17);
}

/**
 * A registration number of the business licences before the unified code (营业执照注册号): 6-digit first registration
 * authority, 8-digit sequence, check digit. Still met on papers of sole traders; the check (ISO 7064, 11,10) catches
 * every single wrong digit and most swaps of neighbours.
 * @source GS 15-2006
 */
export function isBusinessLicenceNumber(text: string): boolean {
  if (!/^[0-9]{15}$/.test(text) || !PROVINCES.has(text.slice(0, 2))) return false;
  let product = 10;
  for (let at = 0; at < 14; at += 1) product = (((product + Number(text.charAt(at))) % 10 || 10) * 2) % 11;
  return (product + Number(text.charAt(14))) % 10 === 1;
}

/** Province abbreviations (省级简称) as licences print them, with their second forms and 兵 for 新疆生产建设兵团. */
const ABBREVIATIONS = '京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新兵';
const LICENCE_TITLED = new RegExp(`^\\([${ABBREVIATIONS}]\\)人服证字〔(?:19|20)[0-9]{2}〕第[0-9]{4,12}号$`, 'u');
const LICENCE_NUMERIC = new RegExp(`^[${ABBREVIATIONS}]?[0-9]{12,15}$`, 'u');
const LICENCE_LETTERED = /^[0-9]{6}RL[0-9]{3,6}$/;

/**
 * One way of writing a human resources service licence number (人力资源服务许可证编号):
 * `（京）人服证字[2019]第0123456789号` becomes `(京)人服证字〔2019〕第0123456789号`. Anything else is only trimmed.
 */
export function normaliseLicenceNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .toUpperCase()
    .replace(/^(\p{Script=Han})(?=人服证字)/u, '($1)')
    .replace(/人服证字[([〔【]([0-9]{4})[)\]〕】]/u, '人服证字〔$1〕');
}

/**
 * Whether a text is written like a human resources service licence number (人力资源服务许可证编号).
 *
 * There is no published national coding rule and **no check digit**: this only tells a number from a slip of the pen,
 * and one wrong digit passes. Accepted, in any width and bracket style: `(京)人服证字〔2019〕第0123456789号`; 12 to 15 digits that
 * begin with a division (`610100120105`), with or without the abbreviation of the province; and the lettered numbers some cities
 * issued (`350200RL1010`). Match the licence against the authority's published list (Order 44 Art. 14) to know it is real.
 * @source forms printed on licences and on operators' home pages
 */
export function isLicenceNumber(text: string): boolean {
  const number = normaliseLicenceNumber(text);
  if (LICENCE_TITLED.test(number)) return true;
  if (!LICENCE_NUMERIC.test(number) && !LICENCE_LETTERED.test(number)) return false;
  return PROVINCES.has(number.replace(/^\D/u, '').slice(0, 2));
}
