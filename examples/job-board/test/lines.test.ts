import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { linesOf } from '../src/lines.ts';

async function all(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(file)) lines.push(line);
  return lines;
}

it('ends lines at LF alone, whatever separators a JSON string holds, gzipped or not', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'zp-'));
  const lines = ['{"a":"x\u2028y\u2029z"}', '', '{"b":"\u{1F600}中"}'.repeat(20_000), 'last'];
  writeFileSync(join(dir, 'a.jsonl'), lines.join('\n'));
  writeFileSync(join(dir, 'a.jsonl.gz'), gzipSync(lines.join('\n')));
  expect(await all(join(dir, 'a.jsonl'))).toEqual(lines);
  expect(await all(join(dir, 'a.jsonl.gz'))).toEqual(lines);
});
