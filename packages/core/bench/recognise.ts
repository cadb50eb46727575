/**
 * The recognisers of personal information, measured (识别器的查准与查全): `npm run bench -- recognise FILE` with JSON Lines that have a `text`. On the file: what is found,
 * against a plain search for what everybody would call a mobile number, an e-mail address or a chat id. On documents made here: valid numbers among
 * invalid ones that look alike.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

import { isResidentId } from '../src/kernel/identifiers.ts';
import { isLuhn } from '../src/recognition/numbers.ts';
import { recognise } from '../src/recognition/recognise.ts';
import type { PersonalKind } from '../src/recognition/kinds.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A generator that gives the same documents in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = createRandom(44);
const digits = (count: number): string => Array.from({ length: count }, () => random(10)).join('');

function residentId(isValid: boolean): string {
  const seventeen = `${['110101', '310115', '440305', '510104'][random(4)] ?? ''}${1950 + random(55)}${String(1 + random(12)).padStart(2, '0')}${String(1 + random(28)).padStart(2, '0')}${digits(3)}`;
  const right = Array.from('0123456789X').find((end) => isResidentId(seventeen + end, '9999-12-31')) ?? '0';
  return seventeen + (isValid ? right : (Array.from('0123456789').filter((end) => end !== right)[random(9)] ?? ''));
}

function card(isValid: boolean): string {
  const front = `62${digits(16)}`;
  const right = Array.from('0123456789').find((end) => isLuhn(front + end)) ?? '0';
  return front + (isValid ? right : String((Number(right) + 1 + random(8)) % 10));
}

/** What is said of each kind: how it looks when it is one, and when it is not. */
const MADE: readonly (readonly [kind: PersonalKind, right: () => string, wrong: () => string])[] = [
  ['resident-id', () => residentId(true), () => residentId(false)],
  ['bank-card', () => card(true), () => card(false)],
  ['mobile', () => `1${3 + random(7)}${digits(9)}`, () => `1${random(3)}${digits(9)}`],
  [
    'landline',
    () => `0${['10', '21', '755', '571'][random(4)] ?? ''}-${2 + random(8)}${digits(7)}`,
    () => `${2 + random(7)}${digits(2)}-${digits(5)}`,
  ],
  ['email', () => `user${digits(4)}@mail.example.com`, () => `user${digits(4)}@localhost`],
  ['wechat', () => `微信号：wx_${digits(6)}`, () => `微信公众号 wx${digits(2)}`],
  ['qq', () => `QQ：${1 + random(9)}${digits(7)}`, () => `QQ音乐 ${digits(3)}`],
  ['passport', () => `护照号 E${digits(8)}`, () => `型号 E${digits(8)}`],
  ['address', () => `示范路${1 + random(400)}号`, () => `地铁${1 + random(20)}号线`],
];
const AROUND = ['联系方式 ', '，请备注；', '（', '）', ' 登记于 2026-11-25，', '编号 '] as const;

function made(): void {
  say('made here      kind          right found   wrong found   precision  recall');
  for (const [kind, right, wrong] of MADE) {
    let [hits, false_] = [0, 0];
    const count = 5000;
    for (let i = 0; i < count; i++) {
      const before = AROUND[random(AROUND.length)] ?? '';
      const after = AROUND[random(AROUND.length)] ?? '';
      if (recognise(`${before}${right()}${after}`).some((one) => one.kind === kind)) hits++;
      if (recognise(`${before}${wrong()}${after}`).some((one) => one.kind === kind)) false_++;
    }
    say(
      `               ${kind.padEnd(13)} ${String(hits).padStart(5)}/${count}   ${String(false_).padStart(5)}/${count}   ${(hits / Math.max(1, hits + false_)).toFixed(4)}     ${(hits / count).toFixed(4)}`,
    );
  }
}

/** Plain searches, with nothing of what the recognisers know. */
const PLAIN: { readonly [kind: string]: RegExp } = {
  mobile: /(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])/gu,
  email: /[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[A-Za-z.]{2,}/gu,
  wechat: /微信(?:号)?[:： ]{0,2}[A-Za-z][A-Za-z0-9_]{5,}/gu,
  qq: /QQ(?:号)?[:： ]{0,2}[1-9][0-9]{4,}/gu,
};

function onFile(path: string): void {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const texts = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly text?: string }).text ?? '');
  const counts = new Map<PersonalKind, number>();
  const plain = new Map<string, { seen: number; found: number }>();
  const from = performance.now();
  const all = texts.map((one) => recognise(one));
  const ms = performance.now() - from;
  for (const [i, found] of all.entries()) {
    for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [kind, pattern] of Object.entries(PLAIN))
      for (const match of (texts[i] ?? '').matchAll(pattern)) {
        const row = plain.get(kind) ?? { seen: 0, found: 0 };
        row.seen++;
        if (found.some(({ start, end }) => start < match.index + match[0].length && end > match.index)) row.found++;
        plain.set(kind, row);
      }
  }
  const units = texts.reduce((sum, one) => sum + one.length, 0);
  say(
    `${texts.length} texts, ${(units / 1e6).toFixed(1)} million units in ${ms.toFixed(0)} ms: ${(texts.length / ms).toFixed(0)} texts/ms`,
  );
  for (const [kind, count] of counts) {
    const row = plain.get(kind);
    say(
      `  ${kind.padEnd(13)} ${String(count).padStart(5)} found${row ? `; of ${row.seen} by a plain search ${row.found} (recall ${(row.found / row.seen).toFixed(4)}), ${count - row.found} beyond it` : ''}`,
    );
  }
}

const [file] = process.argv.slice(2);
if (file !== undefined) onFile(file);
made();
