import { randomBytes } from './random.ts';

const LETTERS = 'abcdefghijklmnop';
const TIME_LETTERS = 12;
/** The two letters of each byte. */
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => `${LETTERS[byte >> 4] ?? ''}${LETTERS[byte & 15] ?? ''}`);

/** 32 letters, 6 bytes of time and 10 of chance (记录编号); no digits, so an id never looks like a phone or identity number. */
export function letterId(nowMs: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  randomBytes(10).copy(bytes, 6);
  let id = '';
  for (const byte of bytes) id += PAIRS[byte] ?? '';
  return id;
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
