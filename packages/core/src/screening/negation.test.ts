import { expect, it } from 'vitest';

import { CN_NATIONAL } from '../rules/pack-cn-national.ts';
import { compilePack, screen } from './engine.ts';
import type { Ground } from './types.ts';

/** A lawful form and the unlawful one it is a word away from. */
const PAIRS: readonly (readonly [ground: Ground, lawful: string, unlawful: string])[] = [
  ['gender', '性别不限', '性别限男'],
  ['gender', '男女不限', '限男性'],
  ['gender', '男女均可', '仅限男性'],
  ['gender', '不限男女', '只限女性'],
  ['gender', '不限性别', '限女性'],
  ['gender', '男女皆可', '男性优先'],
  ['gender', '性别无要求', '要求女性'],
  ['gender', '男、女均可报名', '男性优先录用'],
  ['gender', '不得限定男性', '限定男性'],
  ['gender', '负责女装销售', '女性优先'],
  ['gender', '负责男装打版', '只招男性'],
  ['gender', '妇产科护理', '仅招女护士'],
  ['gender', '男科门诊导诊', '限男医生'],
  ['gender', '服务女性用户', '限招女性'],
  ['gender', '男士护肤品推广', '男士优先'],
  ['gender', '联系人王女士', '限女士'],
  ['gender', '欢迎各位先生女士', '只要女士'],
  ['gender', '女子健身课程教学', '限女教练'],
  ['deposit', '不收取任何押金', '收取押金500元'],
  ['deposit', '不收押金', '入职交押金'],
  ['deposit', '无需缴纳押金', '需缴纳押金'],
  ['deposit', '无押金', '押金三百元'],
  ['deposit', '免押金', '入职押金500元'],
  ['deposit', '零押金入职', '入职需交押金'],
  ['deposit', '严禁收取押金', '入职收取押金'],
  ['deposit', '不得向员工收取押金', '向员工收取押金'],
  ['deposit', '不收取保证金', '缴纳保证金1000元'],
  ['deposit', '从不要求员工交押金', '要求员工交押金'],
  ['deposit', '负责租房押金管理', '入职交纳押金'],
  ['deposit', '负责共享单车押金退还', '工服押金200元'],
  ['deposit', '期货保证金核算', '上岗前交保证金'],
  ['deposit', '投标保证金的办理', '交岗位保证金'],
  ['deposit', '凡收取押金的均为骗子', '服装押金300元'],
  ['deposit', '处理客户押金退款', '押一个月工资'],
  ['region', '籍贯不限', '限本省籍'],
  ['region', '不限地域', '外地人勿扰'],
  ['region', '工作地点河南', '河南人勿扰'],
  ['region', '负责东北市场', '不要东北人'],
  ['region', '熟悉本地市场', '仅限本地人'],
  ['region', '能接受外地出差', '外地人不要'],
  ['region', '新疆项目部', '新疆人勿扰'],
  ['region', '广东话流利', '只招广东人'],
  ['hukou', '户籍不限', '限本市户籍'],
  ['hukou', '不限户口', '限本地户口'],
  ['hukou', '可协助办理落户', '须有本市户口'],
  ['hukou', '提供落户指标', '限北京户籍'],
  ['hukou', '负责户籍档案整理', '本市户籍优先'],
  ['ethnicity', '民族不限', '限汉族'],
  ['ethnicity', '不限民族', '汉族优先'],
  ['ethnicity', '会说维吾尔语', '少数民族勿扰'],
  ['ethnicity', '民族乐器教学', '不要少数民族'],
  ['ethnicity', '回族自治州项目', '回族勿扰'],
  ['ethnicity', '民族品牌推广', '仅限汉族'],
  ['religion', '宗教信仰不限', '信教者勿扰'],
  ['religion', '不限宗教信仰', '要求无宗教信仰'],
  ['religion', '宗教文化研究', '不要有宗教信仰的'],
  ['gender', '本岗位男女不限，欢迎投递', '本岗位限男性，欢迎投递'],
  ['gender', '女性用品研发', '女性优先考虑'],
  ['deposit', '入职不需要交押金', '入职需要交押金'],
  ['deposit', '公司承诺不收取押金', '公司收取押金'],
];

const CONTEXTS: readonly string[] = [
  '@',
  '任职要求：1、本科及以上；2、@；3、责任心强。',
  '五险一金，@，有经验者优先',
  '【岗位说明】@。',
  '熟练使用办公软件；@；能适应加班',
];

const pack = compilePack(CN_NATIONAL);
const found = (ground: Ground, text: string): boolean => screen({ text }, pack).findings.some((f) => f.ground === ground);

it('tells a lawful form from the unlawful one a word away, in at least 99 of 100 of more than 300 pairs, on both sides', () => {
  const pairs = PAIRS.flatMap(([ground, lawful, unlawful]) =>
    CONTEXTS.map((context) => [ground, context.replace('@', lawful), context.replace('@', unlawful)] as const),
  );
  expect(pairs.length).toBeGreaterThanOrEqual(300);
  const falseHits = pairs.filter(([ground, lawful]) => found(ground, lawful)).map(([ground, lawful]) => `${ground} +: ${lawful}`);
  const misses = pairs.filter(([ground, , unlawful]) => !found(ground, unlawful)).map(([ground, , unlawful]) => `${ground} -: ${unlawful}`);
  const list = [...falseHits, ...misses].join('\n');
  expect(1 - falseHits.length / pairs.length, list).toBeGreaterThanOrEqual(0.99);
  expect(1 - misses.length / pairs.length, list).toBeGreaterThanOrEqual(0.99);
});
