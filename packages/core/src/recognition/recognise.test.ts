import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isResidentId } from '../kernel/identifiers.ts';
import { isLuhn } from './numbers.ts';
import { recognise, redact } from './recognise.ts';
import { recogniseIn, redactIn } from './values.ts';

const shown = (text: string): readonly string[] => recognise(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

/** The eighteenth character of an identity number. */
function withCheck(seventeen: string): string {
  const all = '0123456789X'.split('').map((end) => seventeen + end);
  return all.find((id) => isResidentId(id, '2026-11-25')) ?? '';
}
const ID = withCheck('11010119900307123');
const CARD = [...'0123456789'].map((end) => `621700123456789012${end}`).find(isLuhn) ?? '';

describe('recognising personal information', () => {
  it.each([
    ['联系电话 13800138000，找张经理', ['mobile 13800138000']],
    ['138-0013-8000 / 139 0013 9000', ['mobile 138-0013-8000', 'mobile 139 0013 9000']],
    ['13800138000 13900139000', ['mobile 13800138000', 'mobile 13900139000']],
    ['１３８００１３８０００', ['mobile １３８００１３８０００']],
    ['+86 13800138000', ['mobile +86 13800138000']],
    ['tel13800138000', ['mobile 13800138000']],
    [`身份证号：${ID}。`, [`resident-id ${ID}`]],
    [`${ID.slice(0, 6)} ${ID.slice(6, 14)} ${ID.slice(14)}`, [`resident-id ${ID.slice(0, 6)} ${ID.slice(6, 14)} ${ID.slice(14)}`]],
    ['旧证 110101900307123', ['resident-id 110101900307123']],
    [`卡号 ${CARD}`, [`bank-card ${CARD}`]],
    [
      `${CARD.slice(0, 4)} ${CARD.slice(4, 8)} ${CARD.slice(8, 12)} ${CARD.slice(12, 16)} ${CARD.slice(16)}`,
      [`bank-card ${CARD.slice(0, 4)} ${CARD.slice(4, 8)} ${CARD.slice(8, 12)} ${CARD.slice(12, 16)} ${CARD.slice(16)}`],
    ],
    ['座机 010-62345678 转 801', ['landline 010-62345678']],
    ['(0571)88123456', ['landline (0571)88123456']],
    ['hr@corp.example.com、zhang.san+x@a.cn', ['email hr@corp.example.com', 'email zhang.san+x@a.cn']],
    ['ｈｒ＠corp.example.com', ['email ｈｒ＠corp.example.com']],
    ['微信号：zhang_san88，或 QQ 1234567', ['wechat zhang_san88', 'qq 1234567']],
    ['加vx: abcdef12', ['wechat abcdef12']],
    ['护照号 E12345678', ['passport E12345678']],
    ['家住朝阳区建国路88号3单元', ['address 家住朝阳区建国路88号']],
    ['阳光小区3栋2单元501室', ['address 阳光小区3栋2单元501室']],
  ])('finds in %s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it.each([
    '2026-11-25 13:00:00 至 2027-03-31',
    '月薪 15000-25000 元，14 薪',
    'request abkcbagogllnfclidikefoogedcndjkb took 1795572001 ms',
    '统一社会信用代码 91110108MA00YP00A1',
    '12345678901234567890',
    'sha256 3f786850e387550fdab836ed7e6dc881de23001b13800138000a',
    '订单 A13800138000B',
    '身份证号 110101199003071231 校验位不对'.replace('110101199003071231', ID.slice(0, 17) + (ID.endsWith('0') ? '1' : '0')),
    `卡号 ${CARD.slice(0, -1)}${(Number(CARD.at(-1)) + 1) % 10}`,
    'wxWidgets 与微信公众号运营、微信小程序开发',
    'E12345678 型轴承',
    '热线 400-800-8820、12333',
    'user@localhost, @张三, a@b',
    '圆周率 3.13800138000',
    '负责道路3号线施工',
  ])('finds nothing in %s', (text) => {
    expect(shown(text)).toEqual([]);
  });

  it('redacts what it finds and nothing else, and has nothing left to find', () => {
    const text = `张三 13800138000，${ID}，hr@corp.example.com，建国路88号`;
    expect(redact(text)).toBe('张三 〔手机号〕，〔居民身份证号〕，〔电子邮箱〕，〔住址〕');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('13800138000', ID, CARD, 'a@b.cn', '微信 abcdef1', ' ', '，', '-', '+', 'x'), fc.string())),
        (parts) => {
          const joined = parts.join('');
          const found = recognise(joined);
          for (const [i, one] of found.entries()) {
            expect(one.start).toBeLessThan(one.end);
            expect(one.start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
          }
          expect(redact(joined).includes('13800138000') && recognise(redact(joined)).some(({ kind }) => kind === 'mobile')).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('walks values, keys and numbers, and names the place', () => {
    const value = { a: [{ 'x/y~': 'hr@corp.example.com' }, 13_800_138_000], '13900139000': null };
    expect(recogniseIn(value)).toEqual([
      { pointer: '/a/0/x~1y~0', kind: 'email' },
      { pointer: '/a/1', kind: 'mobile' },
      { pointer: '', kind: 'mobile' },
    ]);
    const circular: { self?: unknown; text: string } = { text: 'hr@corp.example.com' };
    circular.self = circular;
    expect(redactIn({ circular, error: new TypeError('no 13800138000'), bytes: new Uint8Array(3), n: 5 })).toMatchObject({
      circular: { text: '〔电子邮箱〕', self: '〔…〕' },
      error: { name: 'TypeError', message: 'no 〔手机号〕' },
      bytes: '〔3 bytes〕',
      n: 5,
    });
  });

  it('reads every valid identity number and card, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('110101', '310115', '440305', '650102', '820000'),
        fc.date({ min: new Date('1930-01-01'), max: new Date('2020-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999 }),
        (region, born, serial) => {
          const id = withCheck(`${region}${born.toISOString().slice(0, 10).replaceAll('-', '')}${String(serial).padStart(3, '0')}`);
          expect(shown(`号码${id}，`)).toEqual([`resident-id ${id}`]);
          const wrong = id.slice(0, 17) + (id.endsWith('1') ? '2' : '1');
          expect(recognise(`号码${wrong}，`).some(({ kind }) => kind === 'resident-id')).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});
