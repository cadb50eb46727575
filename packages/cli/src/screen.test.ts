import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const BLOCKED = { id: 'b', title: '仓库管理员', text: '本岗位仅限男性，月薪6000元' };
const PASSED = { id: 'p', title: '仓库管理员', text: '能够独立搬运20公斤以内的货物，月薪6000元' };

function jsonl(...postings: readonly unknown[]): string {
  return postings.map((posting) => `${JSON.stringify(posting)}\n`).join('');
}

it('answers each line in order and ends with 2 when a posting is blocked', async () => {
  const w = world(jsonl(PASSED, BLOCKED));
  expect(await run(['screen'], w.io)).toBe(EXIT.finding);
  const [first, second] = w.lines();
  expect(first).toMatchObject({ line: 1, id: 'p', outcome: 'pass', findings: [] });
  expect(second).toMatchObject({ line: 2, id: 'b', outcome: 'block' });
  const { findings, pack } = second as { findings: Record<string, unknown>[]; pack: string };
  expect(pack).toMatch(/^cn-national@/);
  const finding = findings[0] ?? {};
  expect(Object.keys(finding).sort()).toEqual([
    'advice',
    'citations',
    'class',
    'end',
    'field',
    'ground',
    'matched',
    'rule',
    'severity',
    'start',
  ]);
  const { field, start, end, matched } = finding;
  expect(field).toBe('text');
  expect(BLOCKED.text.slice(Number(start), Number(end))).toBe(matched);
  expect(w.err()).toBe('');
});

it('ends with 0 when nothing was found', async () => {
  const w = world(jsonl(PASSED));
  expect(await run(['screen', '-', '--fragments'], w.io)).toBe(EXIT.ok);
  expect(w.lines()).toHaveLength(1);
});

it('refuses a bad line by its number, answers the others and ends with 1', async () => {
  const bad = [
    'not json',
    '[1]',
    'null',
    '"text"',
    '{"text":5}',
    '{"text":null}',
    '{}',
    '{"id":{},"text":"x"}',
    '{"id":12345678901234567890,"text":"x"}',
  ];
  const w = world(`${jsonl(BLOCKED)}${bad.join('\n')}\n${jsonl(PASSED)}`);
  expect(await run(['screen'], w.io)).toBe(EXIT.usage);
  expect(w.lines()).toMatchObject([{ id: 'b' }, { id: 'p', line: bad.length + 2 }]);
  const refusals = w
    .err()
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(refusals).toHaveLength(bad.length);
  for (const [at, refusal] of refusals.entries()) {
    expect(refusal).toMatchObject({
      line: at + 2,
      error: { code: expect.stringMatching(/^ZP_/), detail: { zh: expect.any(String), en: expect.any(String) } },
    });
  }
  expect(w.err()).not.toContain('not json');
});

it('reads byte order marks, CRLF, blank lines, lone surrogates and a last line without an end', async () => {
  const mark = '\u{FEFF}';
  const input = `${mark}${JSON.stringify(PASSED)}\r\n\r\n   \n${mark}${JSON.stringify(PASSED)}\r\n{"id":"s","text":"\\ud800仅限男性"}\n${JSON.stringify(BLOCKED)}`;
  const w = world(input);
  expect(await run(['screen', '--fragments'], w.io)).toBe(EXIT.finding);
  expect(w.lines()).toMatchObject([
    { line: 1 },
    { line: 4 },
    { line: 5, outcome: 'block', findings: [{ start: 1 }] },
    { line: 6, id: 'b' },
  ]);
  expect(w.err()).toBe('');
});

it('refuses a line over 1 MiB and one that is not UTF-8 without losing count', async () => {
  const long = Buffer.from(`{"text":"${'x'.repeat(1024 * 1024)}"}\n`);
  const w = world(Buffer.concat([long, Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from(jsonl(PASSED)), long.subarray(0, -1)]));
  expect(await run(['screen', '--fragments'], w.io)).toBe(EXIT.usage);
  expect(w.lines()).toMatchObject([{ line: 3, id: 'p' }]);
  expect(w.err()).toContain('"line":1,"error":{"code":"ZP_BODY_TOO_LARGE"');
  expect(w.err()).toContain('"line":2,"error":{"code":"ZP_BODY_MALFORMED"');
  expect(w.err()).toContain('"line":4,"error":{"code":"ZP_BODY_TOO_LARGE"');
});

it('reads a line just short of the limit', async () => {
  const shell = '{"note":"","text":"x"}';
  const w = world(`{"note":"${'x'.repeat(1024 * 1024 - shell.length)}","text":"x"}\n`);
  expect(await run(['screen', '--fragments'], w.io)).toBe(EXIT.ok);
});

it('joins a character that two chunks share', async () => {
  const bytes = Buffer.from(jsonl(BLOCKED));
  const w = world(Readable.from(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))));
  expect(await run(['screen'], w.io)).toBe(EXIT.finding);
  expect(w.lines()).toHaveLength(1);
});

it('unpacks a file whose name ends in .gz and ends with 4 when it is cut short, or not there', async () => {
  const folder = temporary();
  const [whole, cut, gone] = ['whole.jsonl.gz', 'cut.jsonl.gz', 'gone.jsonl'].map((name) => join(folder, name));
  const packed = gzipSync(jsonl(PASSED, BLOCKED));
  writeFileSync(String(whole), packed);
  writeFileSync(String(cut), packed.subarray(0, -12));
  const w = world();
  expect(await run(['screen', String(whole)], w.io)).toBe(EXIT.finding);
  expect(w.lines()).toHaveLength(2);
  expect(await run(['screen', String(cut)], w.io)).toBe(EXIT.environment);
  expect(w.err()).toMatch(/^ZP_BODY_MALFORMED /);
  const other = world();
  expect(await run(['screen', String(gone)], other.io)).toBe(EXIT.environment);
  expect(other.err()).toMatch(/^ZP_NOT_FOUND .*gone\.jsonl/);
  expect(await run(['screen', folder], other.io)).toBe(EXIT.environment);
});

it.each([
  [['--pack', 'nowhere'], 'cn-national'],
  [['--on', '2020-01-01'], '2026-11-01'],
  [['--on', '2026-02-30'], '2026-02-30'],
  [['--format', 'xml'], 'jsonl'],
  [['--workers', '0'], '64'],
  [['--workers', '2.5'], '64'],
])('refuses %j with 1 and says what would do', async (options, hint) => {
  const w = world(jsonl(BLOCKED));
  expect(await run(['screen', ...options], w.io)).toBe(EXIT.usage);
  expect(w.err()).toMatch(/^ZP_OPTION_INVALID /);
  expect(w.err()).toContain(hint);
  expect(w.out()).toBe('');
});

it('prints a table in both languages that a posting cannot write escape sequences into', async () => {
  const w = world(jsonl({ id: '\u{1b}[2J\u{202e}x', text: '仅限男性' }, PASSED));
  expect(await run(['screen', '--format', 'table'], w.io)).toBe(EXIT.finding);
  expect(w.out()).not.toContain('\u{1b}');
  expect(w.out()).not.toContain('\u{202e}');
  expect(w.out()).toContain('仅限男性');
  expect(w.out()).toContain('/ Provisions on the Administration of Online Recruitment Services (2020), Art. 15(1)');
  expect(w.out()).toContain('2 postings, 1 to act on, 0 not readable');
});

it('prints the same table on threads, and ends with 4 for a file that breaks off', async () => {
  const [here, there] = [world(jsonl(BLOCKED, PASSED)), world(jsonl(BLOCKED, PASSED))];
  expect(await run(['screen', '--format', 'table'], here.io)).toBe(EXIT.finding);
  expect(await run(['screen', '--format', 'table', '--workers', '2'], there.io)).toBe(EXIT.finding);
  expect(there.out()).toBe(here.out());
  const cut = join(temporary(), 'cut.jsonl.gz');
  writeFileSync(cut, gzipSync(jsonl(PASSED, BLOCKED)).subarray(0, -12));
  const w = world();
  expect(await run(['screen', '--workers', '2', cut], w.io)).toBe(EXIT.environment);
  expect(w.err()).toMatch(/^ZP_BODY_MALFORMED /);
});

it('stops reading while nobody takes its output', async () => {
  let given = 0;
  const stdin = Readable.from(
    (function* () {
      for (; given < 10_000; given++) yield Buffer.from(jsonl(PASSED));
    })(),
    { objectMode: true, highWaterMark: 1 },
  );
  const waiting: (() => void)[] = [];
  const stdout = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
  const { io } = world(stdin);
  const ended = run(['screen'], { ...io, stdout });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(given).toBeLessThan(10);
  stdout.destroy(Object.assign(new Error('closed'), { code: 'EPIPE' }));
  waiting[0]?.();
  expect(await ended).toBe(EXIT.ok);
  expect(given).toBeLessThan(10);
});

it('takes what a posting is from its line and from the command, and refuses flags there are not', async () => {
  const said = { text: '985、211院校毕业优先，月薪6000元' };
  const lines = jsonl(
    { id: 1, ...said },
    { id: 2, ...said, context: ['graduates'] },
    { id: 3, ...said, context: ['campus'] },
    { id: 4, ...said, context: null },
  );
  const outcomes = async (...options: readonly string[]): Promise<unknown> => {
    const w = world(lines);
    await run(['screen', ...options], w.io);
    return w.lines().map((line) => (line as { outcome: unknown }).outcome);
  };
  expect(await outcomes()).toEqual(['advise', 'review', 'block', 'advise']);
  expect(await outcomes('--context', 'campus,promoted')).toEqual(['block', 'block', 'block', 'block']);
  expect(await outcomes('--workers', '2', '--context', 'graduates')).toEqual(['review', 'review', 'block', 'review']);
  const wrong = world(jsonl({ id: 1, ...said, context: ['school'] }, { id: 2, ...said, context: 'campus' }));
  expect(await run(['screen'], wrong.io)).toBe(EXIT.usage);
  expect(wrong.lines()).toEqual([]);
  expect(wrong.err()).toContain('minors-contact');
  expect(await run(['screen', '--context', 'school'], world(lines).io)).toBe(EXIT.usage);
});

it('counts what a posting lacks, unless told that lines are fragments; a null is a field left out', async () => {
  const lines = jsonl({ id: 1, text: '能够独立搬运货物，待遇面议', salary: null }, { id: 2, text: '能够独立搬运货物', salary: '6-8千/月' });
  const whole = world(lines);
  expect(await run(['screen'], whole.io)).toBe(EXIT.finding);
  expect(whole.lines()).toMatchObject([
    { outcome: 'review', findings: [{ ground: 'pay_missing' }] },
    { outcome: 'pass', findings: [] },
  ]);
  const parts = world(lines);
  expect(await run(['screen', '--fragments'], parts.io)).toBe(EXIT.ok);
});
