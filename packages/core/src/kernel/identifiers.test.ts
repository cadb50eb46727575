import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeUscc, isBusinessLicenceNumber, isLicenceNumber, isResidentId, isUscc, normaliseLicenceNumber } from './identifiers.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const TODAY = '2026-11-23';

const characters = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((all) => all.join(''));
const uscc = fc
  .tuple(
    fc.constantFrom('11', '12', '31', '51', '52', '54', '81', '91', '92', '93', 'A1', 'N2', 'Y1'),
    fc.constantFrom('100000', '110108', '310101', '140100', '440300', '659001'),
    characters(ALPHABET, 9),
  )
  .map((parts) => completeUscc(parts.join('')));
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
// Numbers are made up; the check is written out a second time so that the test does not lean on the code it tests.
const residentId = fc
  .tuple(
    fc.constantFrom('110101', '140105', '310104', '440305', '810000', '830000'),
    fc.date({ min: new Date('1930-01-01T00:00:00Z'), max: new Date('2026-11-23T00:00:00Z'), noInvalidDate: true }),
    characters('0123456789', 3),
  )
  .map(([division, born, sequence]) => {
    const body = `${division}${born.toISOString().slice(0, 10).replaceAll('-', '')}${sequence}`;
    const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
    return body + '10X98765432'.charAt(sum % 11);
  });
const registration = fc.tuple(fc.constantFrom('100000', '110108', '440301'), characters('0123456789', 8)).map(([division, sequence]) => {
  const body = division + sequence;
  let product = 10;
  for (const digit of body) product = (((product + Number(digit)) % 10 || 10) * 2) % 11;
  return body + String((11 - product) % 10);
});

const replaced = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + 1);
const swapped = (text: string, at: number): string => text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);

describe('isUscc', () => {
  it('accepts codes of well-known companies and registers', () => {
    for (const code of ['9144030071526726XG', '91330100799655058B', '91110000802100433B', '914403001922038216'])
      expect(isUscc(code), code).toBe(true);
  });

  it('refuses letters that are left out, lower case, unknown authorities, categories and divisions', () => {
    for (const code of [
      '',
      '9144030071526726X',
      '9144030071526726XGG',
      '9144030071526726Xg',
      '91440300715267I6XG',
      ' 9144030071526726XG',
      '９144030071526726XG',
      '9144030071526726XG\n',
    ])
      expect(isUscc(code), code).toBe(false);
    for (const first17 of ['0144030071526726X', 'B144030071526726X', '9744030071526726X', '9100030071526726X', '91A4030071526726X', ''])
      expect(() => completeUscc(first17), first17).toThrow(expect.objectContaining({ code: 'ZP_INPUT_INVALID' }));
  });

  it('completes what it accepts', () => {
    fc.assert(fc.property(uscc, (code) => isUscc(code)));
    expect(completeUscc('9144030071526726X')).toBe('9144030071526726XG');
  });

  it('refuses every code with one character changed', () => {
    fc.assert(
      fc.property(uscc, fc.nat(17), fc.constantFrom(...ALPHABET), (code, at, by) => {
        fc.pre(code.charAt(at) !== by);
        expect(isUscc(replaced(code, at, by))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every code with two neighbours swapped', () => {
    fc.assert(
      fc.property(uscc, fc.nat(16), (code, at) => {
        fc.pre(code.charAt(at) !== code.charAt(at + 1));
        expect(isUscc(swapped(code, at))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('never repeats the number in its refusal', () => {
    expect(() => completeUscc('0144030071526726X')).toThrow(/^(?!.*0144030071526726)/);
  });
});

describe('isResidentId', () => {
  it('accepts the examples of the standard', () => {
    expect(isResidentId('11010519491231002X', TODAY)).toBe(true);
    expect(isResidentId('440524188001010014', TODAY)).toBe(true);
  });

  it('accepts every number made by the rule', () => {
    fc.assert(fc.property(residentId, (number) => isResidentId(number, TODAY)));
  });

  it('refuses birth dates that do not exist or lie ahead', () => {
    const complete = (body: string): string => {
      const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
      return body + '10X98765432'.charAt(sum % 11);
    };
    expect(isResidentId(complete('11010120261123001'), TODAY)).toBe(true);
    expect(isResidentId(complete('11010120261124001'), TODAY)).toBe(false);
    expect(isResidentId(complete('11010120230229001'), TODAY)).toBe(false);
    expect(isResidentId(complete('11010120241301001'), TODAY)).toBe(false);
    expect(isResidentId(complete('91010120000101001'), TODAY)).toBe(false);
  });

  it('refuses the 15-digit form, lower case and anything around the number', () => {
    for (const text of ['110105491231002', '11010519491231002x', ' 11010519491231002X', '11010519491231002X\n', ''])
      expect(isResidentId(text, TODAY), text).toBe(false);
  });

  it('refuses every number with one digit changed', () => {
    fc.assert(
      fc.property(residentId, fc.nat(17), fc.constantFrom(...'0123456789X'), (number, at, by) => {
        fc.pre(number.charAt(at) !== by);
        expect(isResidentId(replaced(number, at, by), TODAY)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every number with two neighbours swapped', () => {
    fc.assert(
      fc.property(residentId, fc.nat(16), (number, at) => {
        fc.pre(number.charAt(at) !== number.charAt(at + 1));
        expect(isResidentId(swapped(number, at), TODAY)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isBusinessLicenceNumber', () => {
  it('accepts the old 15-digit numbers and refuses one wrong digit', () => {
    expect(isBusinessLicenceNumber('110108000000016')).toBe(true);
    fc.assert(
      fc.property(registration, fc.nat(14), fc.constantFrom(...'0123456789'), (number, at, by) => {
        expect(isBusinessLicenceNumber(number)).toBe(true);
        fc.pre(number.charAt(at) !== by);
        expect(isBusinessLicenceNumber(replaced(number, at, by))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses other lengths, letters and unknown divisions', () => {
    for (const text of ['', '11010800000001', '1101080000000160', '11010800000001A', '000000000000001'])
      expect(isBusinessLicenceNumber(text), text).toBe(false);
  });
});

describe('isLicenceNumber', () => {
  it('accepts the printed forms in any width and bracket style', () => {
    for (const text of [
      '(京)人服证字〔2019〕第0123456789号',
      '（沪）人服证字[2026]第0100001号',
      '（晋）人服证字（2021）第0105000123号',
      '粤人服证字【2022】第0106001113号',
      ' (川) 人服证字 〔２０２３〕 第 0107000513 号 ',
      '610100120105',
      '1101052003273',
      '京110105200327',
      '350200RL1010',
    ])
      expect(isLicenceNumber(text), text).toBe(true);
  });

  it('refuses what is not written like one', () => {
    for (const text of [
      '',
      '人力资源服务许可证',
      '(京)人服证字〔2019〕号',
      '(某)人服证字〔2019〕第0123456789号',
      '人服证字〔2019〕第0123456789号',
      '(京)人服证字〔3019〕第0123456789号',
      '(京)人服证字〔2019〕第0123456789',
      '京ICP备19000001号',
      '000100120105',
      '12345',
      '(京)人服证字〔2019〕第0123456789号 附件',
    ])
      expect(isLicenceNumber(text), text).toBe(false);
  });

  it('has one way of writing a number', () => {
    expect(normaliseLicenceNumber('（京）人服证字［2019］第 0123456789 号')).toBe('(京)人服证字〔2019〕第0123456789号');
    expect(normaliseLicenceNumber('京人服证字(2019)第0123456789号')).toBe('(京)人服证字〔2019〕第0123456789号');
    fc.assert(
      fc.property(characters('（）()〔〕[]【】［］京粤人服证字第号０1２3 ', 12), characters('(（〔[', 1), (text, bracket) => {
        for (const candidate of [text, `京人服证字${bracket}2019${bracket}第${text}号`]) {
          const once = normaliseLicenceNumber(candidate);
          expect(normaliseLicenceNumber(once)).toBe(once);
        }
      }),
    );
  });
});
