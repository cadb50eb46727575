import { describe, expect, it } from 'vitest';

import { fold, PLAIN_FOLDING } from './normalise.ts';
import { createShape, endOf, fillUnits, startOf } from './shape.ts';
import { recognise } from './recognisers.ts';

function found(text: string): string[] {
  const shape = createShape(PLAIN_FOLDING, 64);
  fold(text, shape);
  fillUnits(shape, text);
  const all: string[] = [];
  recognise(shape, text, (kind, start, end) => all.push(`${kind} ${text.slice(startOf(shape, start), endOf(shape, end - 1))}`) > 0);
  return all;
}

describe('recognise', () => {
  it.each([
    ['电话：13911112222（张经理）', 'phone 13911112222'],
    ['139-1111-2222', 'phone 139-1111-2222'],
    ['１３９ １１１１ ２２２２', 'phone １３９ １１１１ ２２２２'],
    ['1 3 9 1 1 1 1 2 2 2 2', 'phone 1 3 9 1 1 1 1 2 2 2 2'],
    ['一三九一一一一二二二二', 'phone 一三九一一一一二二二二'],
    ['+8613911112222', 'phone 8613911112222'],
    ['（0571）87654321', 'phone 0571）87654321'],
    ['座机87654321', 'phone 87654321'],
    ['hr.zhao@mail.example.org。', 'email hr.zhao@mail.example.org'],
    ['zhaopin＠example.com，主题写姓名', 'email zhaopin＠example.com'],
    ['hr.zhao&#64;mail.example.org', 'email hr.zhao&#64;mail.example.org'],
    ['hr&#x40;example.com', 'email hr&#x40;example.com'],
    ['QQ：123456789', 'chat 123456789'],
    ['加微信abc_12345详聊', 'chat abc_12345'],
    ['vx88886666', 'chat vx88886666'],
    ['微信号：zhaopinxiaozhu', 'chat zhaopinxiaozhu'],
    ['联系方式：王女士 8765 4321', 'phone 8765 4321'],
    ['热线400-111-2222', 'phone 400-111-2222'],
    ['139.1111.2222', 'phone 139.1111.2222'],
    ['１３９１１１１２２２２QQ同号', 'phone １３９１１１１２２２２'],
    ['周先生0571-87654321Email', 'phone 0571-87654321'],
    ['电话l3911112222', 'phone l3911112222'],
    ['薇心：zhao_88', 'chat zhao_88'],
    ['加v zhao8866', 'chat zhao8866'],
    ['telegram：@zhao_hr', 'chat zhao_hr'],
    ['QQ详细了解：123456789', 'chat 123456789'],
    ['简历发至hr.zhao#mail.example.org', 'email hr.zhao#mail.example.org'],
    ['hr(at)example.com', 'email hr(at)example.com'],
    ['邮箱 zhao AT example.com', 'email zhao AT example.com'],
    ['zhao88 # example.cn', 'email zhao88 # example.cn'],
  ])('finds the contact in %s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  it.each([
    '月薪8000-13000元',
    '2016-10-11发布',
    '职位编号：10023400567',
    '注册资本13900001111元',
    '版本18.130.4412.22',
    '维护微信android端',
    '微信公众号运营',
    '18-35岁 200-3000人',
    'spring@transactional',
    '订单号CC13911112222X',
    '一二三四五六七八九十年经验',
    'wx小程序',
    '电话销售20000000元业绩',
    '熟悉C#asp.net开发',
    '精通.NETC# ASP.NET',
    'good at vb.net',
    '电话销售5500-8000元',
    '8000/月/13薪',
    '商品条码1391111222233qq',
    'GB/T 28181-2016',
  ])('finds none in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('reads nothing of a longer text folded into the same room before', () => {
    const shape = createShape(PLAIN_FOLDING, 64);
    fold('电话1 3 9 1 1 1 1 2 2 2 2', shape);
    fillUnits(shape, '电话1 3 9 1 1 1 1 2 2 2 2');
    fold('电话1 3 9', shape);
    fillUnits(shape, '电话1 3 9');
    const all: string[] = [];
    recognise(shape, '电话1 3 9', (kind) => all.push(kind) > 0);
    expect(all).toEqual([]);
  });

  it('stops when no more are wanted', () => {
    const text = '139-1111-2222，hr@example.com，微信：abc12345';
    const shape = createShape(PLAIN_FOLDING, 64);
    fold(text, shape);
    fillUnits(shape, text);
    const kinds: string[] = [];
    recognise(shape, text, (kind) => kinds.push(kind) < 2);
    expect(kinds).toEqual(['phone', 'email']);
  });

  it('reads no end of an earlier text into a shorter one', () => {
    const shape = createShape(PLAIN_FOLDING, 64);
    const kinds: string[] = [];
    fold('abcd@example.com', shape);
    fillUnits(shape, 'abcd@example.com');
    fold('abcd@', shape);
    fillUnits(shape, 'abcd@');
    recognise(shape, 'abcd@', (kind) => kinds.push(kind) > 0);
    expect(kinds).toEqual([]);
  });
});
