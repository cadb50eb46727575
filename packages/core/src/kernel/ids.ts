import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnop';
const TIME_LETTERS = 12;

/** 32 letters, 6 bytes of time and 10 of chance (记录编号); no digits, so an id never looks like a phone or identity number. */
export function letterId(nowMs: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  randomBytes(10).copy(bytes, 6);
  return bytes.toString('hex').replace(/./g, (digit) => LETTERS[Number.parseInt(digit, 16)] ?? 'a');
}

/** The milliseconds in a {@link letterId}; 0 for any other text. */
export function timeOfId(id: string): number {
  let time = 0;
  for (let i = 0; i < TIME_LETTERS; i++) {
    const digit = LETTERS.indexOf(id.charAt(i) || '?');
    if (digit < 0) return 0;
    time = time * 16 + digit;
  }
  return time;
}
