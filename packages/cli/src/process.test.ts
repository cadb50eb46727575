import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { EXIT } from './io.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--conditions=@zhengpin/source', '--max-old-space-size=96', MAIN, ...args]);
}

async function send(child: ChildProcessWithoutNullStreams, line: string): Promise<void> {
  if (!child.stdin.write(line)) await once(child.stdin, 'drain');
}

/** Most memory the process ever held, where the system tells. */
function peakMb(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

it('screens 5,000 lines as they arrive, in order, in memory that does not grow with them', async () => {
  const count = 5000;
  const child = start('screen', '--fragments', '--on', '2026-11-24');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = once(child, 'close');
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));

  // 20 KB a line that no rule reads: all of it together would not fit the heap it is given.
  const note = '地'.repeat(7000);
  const posting = (i: number): string =>
    `${JSON.stringify({ id: i, text: i % 3 === 0 ? `第${i}号岗位，仅限女性` : `第${i}号岗位，负责门店理货`, note })}\n`;
  let peak: number | undefined;
  for (let from = 0; from < count; from += 500) {
    const sending = (async () => {
      for (let i = from; i < from + 500; i++) await send(child, posting(i));
    })();
    // Input is still open: an answer that waited for its end would never come.
    for (let i = from; i < from + 500; i++) {
      const { value } = await answers.next();
      expect(JSON.parse(String(value))).toMatchObject({ line: i + 1, id: i, outcome: i % 3 === 0 ? 'block' : 'pass' });
    }
    await sending;
    if (from === 1000) peak = peakMb(child.pid);
  }
  const last = peakMb(child.pid);
  child.stdin.end();
  expect((await answers.next()).done).toBe(true);
  expect(await closed).toEqual([EXIT.finding, null]);
  expect(err).toBe('');
  // What came since then is 80 MB, and twice that as text.
  if (peak !== undefined && last !== undefined) expect(last - peak).toBeLessThan(64);
});

it('ends quietly when its reader goes away, though input is still open', async () => {
  const child = start('screen', '--fragments', '--on', '2026-11-24');
  const closed = once(child, 'close');
  child.stdin.on('error', () => undefined);
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const line = `${JSON.stringify({ text: '门店理货' })}\n`;
  child.stdin.write(line);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stdin.write(line.repeat(100));
  expect(await closed).toEqual([EXIT.ok, null]);
  expect(err).toBe('');
});

it('tells a refusal by its code and without a stack', async () => {
  const child = start('verify', '--store', '/nowhere/store.db');
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  expect(await once(child, 'close')).toEqual([EXIT.environment, null]);
  expect(err).toBe('ZP_STORE_UNAVAILABLE 没有存储文件 /nowhere/store.db / There is no store file /nowhere/store.db\n');
});

it('answers on threads what it answers without them, to the byte and to the line number', async () => {
  const texts = ['仅限女性', '门店理货，男女不限', '须交押金三百元'];
  const lines = Array.from({ length: 3000 }, (_, i) => {
    if (i % 500 === 7) return 'not json';
    if (i % 700 === 9) return '';
    return JSON.stringify({ id: i, text: `第${i}号：${texts[i % 3] ?? ''}`, note: '地'.repeat(100) });
  });
  // Longer than a block and than any line may be.
  lines.splice(1500, 0, 'x'.repeat(1_300_000));
  const input = `${lines.join('\n')}\n{"text":"最后一行没有换行"}`;
  const ends = await Promise.all(
    ['1', '3'].map(async (workers) => {
      const child = start('screen', '--fragments', '--on', '2026-11-24', '--workers', workers);
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.stdin.end(input);
      return { code: await once(child, 'close'), out, err, finished: () => [out, err] };
    }),
  );
  const [one, three] = ends.map((end) => ({ code: end.code, texts: end.finished() }));
  expect(three).toEqual(one);
  expect(one?.code).toEqual([EXIT.usage, null]);
  expect(one?.texts[1]).toContain('"line":1501,"error":{"code":"ZP_BODY_TOO_LARGE"');
  expect(one?.texts[0]?.trim().split('\n').at(-1)).toContain('"line":3002');
});

it('answers on threads each line as soon as it is in', async () => {
  const child = start('screen', '--fragments', '--on', '2026-11-24', '--workers', '2');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = once(child, 'close');
  for (let i = 0; i < 20; i++) {
    await send(child, `${JSON.stringify({ id: i, text: '门店理货' })}\n`);
    expect(JSON.parse(String((await answers.next()).value))).toMatchObject({ line: i + 1, id: i, outcome: 'pass' });
  }
  child.stdin.end();
  expect(await closed).toEqual([EXIT.ok, null]);
});
