/** A structured pay as the posting schema takes it. */
export interface Pay {
  readonly minFen: number;
  readonly maxFen: number;
  readonly unit: 'hour' | 'day' | 'month' | 'year';
  readonly months?: number;
}

const SCALE: { readonly [word: string]: number } = { 千: 1000, k: 1000, 万: 10_000, w: 10_000 };
const UNIT: { readonly [word: string]: Pay['unit'] } = { 小时: 'hour', 时: 'hour', 天: 'day', 日: 'day', 月: 'month', 年: 'year' };
const RANGE = /^(\d+(?:\.\d+)?)\s*(千|万|k|w)?\s*(?:元)?\s*[-–~至]\s*(\d+(?:\.\d+)?)\s*(千|万|k|w)?/i;
const SINGLE = /^(\d+(?:\.\d+)?)\s*(千|万|k|w)?/i;

/** Decimal text times a scale, in fen, without a binary fraction on the way. */
function fen(digits: string, scale: number): number {
  const [whole = '0', part = ''] = digits.split('.');
  return Number(whole) * scale * 100 + (Number(part.padEnd(4, '0').slice(0, 4)) * scale) / 100;
}

/**
 * Read a pay as job boards print it: `5-8千/月`, `1-1.5万/月`, `15k-30k`, `10-15万/年`, `1.5-3万·14薪`, `200元/天`.
 * @returns undefined when no figure can be read with certainty; 面议 is not pay
 */
export function parsePay(text: string): Pay | undefined {
  const plain = text.normalize('NFKC').trim();
  const range = RANGE.exec(plain);
  const single = range ? null : SINGLE.exec(plain);
  const low = range?.[1] ?? single?.[1];
  if (low === undefined) return undefined;
  const high = range?.[3] ?? low;
  const lastScale = (range?.[4] ?? single?.[2])?.toLowerCase();
  // "1-1.5万" means ten to fifteen thousand: the scale at the end covers both, unless the lower figure has its own.
  const highScale = lastScale === undefined ? 1 : (SCALE[lastScale] ?? 1);
  const firstScale = range?.[2]?.toLowerCase();
  const lowScale = firstScale === undefined ? highScale : (SCALE[firstScale] ?? 1);
  const word = /(?:\/|每)\s*(小时|时|天|日|月|年)/.exec(plain)?.[1];
  const unit = word === undefined ? 'month' : (UNIT[word] ?? 'month');
  const minFen = fen(low, lowScale);
  const maxFen = fen(high, highScale);
  // A monthly pay below a hundred yuan is a scale that was lost on the way, not a pay.
  if (minFen < 1 || maxFen < minFen || (unit === 'month' && maxFen < 10_000)) return undefined;
  const months = Number(/(1[2-9]|2[0-4])\s*薪/.exec(plain)?.[1]);
  return { minFen, maxFen, unit, ...(unit === 'month' && months > 12 ? { months } : {}) };
}
