import { expect, it } from 'vitest';

import { citationText, cite } from './instruments.ts';

it.each([
  ['order44', '15(1)', '《网络招聘服务管理规定》第十五条第一款', 'Art. 15(1)'],
  ['order44', '17(1)(3)', '《网络招聘服务管理规定》第十七条第一款第三项', 'Art. 17(1)(3)'],
  ['order44', '20', '《网络招聘服务管理规定》第二十条', 'Art. 20'],
  ['labour-law', '101', '《中华人民共和国劳动法》第一百零一条', 'Art. 101'],
  ['labour-law', '110(2)', '《中华人民共和国劳动法》第一百一十条第二款', 'Art. 110(2)'],
  ['employment-promotion', '41()(4)', '《中华人民共和国就业促进法》第四十一条第四项', 'Art. 41(4)'],
  ['notice-2025-60', '5', '《关于规范网络平台招聘类信息发布的通知》第五部分', 'cl. 5'],
])('prints %s %s as it is cited', (instrument, article, zh, en) => {
  const text = citationText(cite(instrument, article));
  expect(text.zh).toBe(zh);
  expect(text.en.endsWith(en)).toBe(true);
});

it('refuses an instrument it does not know, and one not yet in force', () => {
  expect(() => cite('order99', '1')).toThrow(/ZP_OPTION_INVALID/);
  expect(() => cite('ethnic-unity', '59', '2026-06-30')).toThrow(/ZP_OPTION_INVALID/);
  expect(cite('ethnic-unity', '59', '2026-07-01').version).toBe('2026');
});
