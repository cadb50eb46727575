import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { ComplianceError } from '@zhengpin/core';
import type { ErrorCode, Text } from '@zhengpin/core';

import { systemCode } from './io.ts';

/** A line of the input, counted from 1, or why it cannot be read (输入行). */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly error: { readonly code: ErrorCode; readonly detail: Text } };

/** Longest line read, in bytes. */
const MOST_BYTES: number = 1024 * 1024;

const CHUNK = 64 * 1024;
const LINE_FEED = 0x0a;

/** A file that cannot be read, named by path (文件无法读取). */
export function unreadable(path: string, cause: unknown): ComplianceError {
  const code = systemCode(cause) ?? '';
  if (code.startsWith('Z_')) {
    return new ComplianceError('ZP_BODY_MALFORMED', {
      detail: { zh: `${path} 不是完整的 gzip 文件`, en: `${path} is not a whole gzip file` },
      cause,
    });
  }
  const detail =
    code === 'ENOENT'
      ? { zh: `没有文件 ${path}`, en: `There is no file ${path}` }
      : { zh: `无法读取 ${path}（${code}）`, en: `${path} cannot be read (${code})` };
  return new ComplianceError('ZP_NOT_FOUND', { detail, cause });
}

async function source(path: string, stdin: Readable, size: number): Promise<Readable> {
  if (path === '-') return stdin;
  const file = (await open(path)).createReadStream({ highWaterMark: size });
  if (!path.toLowerCase().endsWith('.gz')) return file;
  // The callback is the reader's own business: it meets the error when it reads.
  return pipeline(file, createGunzip({ chunkSize: size }), () => undefined);
}

/**
 * The bytes of a file, or of stdin for `-`, as they come; a name that ends in `.gz` is unpacked.
 * @param size about how many bytes at a time
 * @throws ZP_NOT_FOUND when it cannot be read, ZP_BODY_MALFORMED when it is not gzip after all
 */
export async function* readChunks(path: string, stdin: Readable, size: number = CHUNK): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of await source(path, stdin, size)) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function lineOf(number: number, bytes: Buffer): Line | undefined {
  // Text with replacement characters in it would be screened for what it does not say.
  if (!isUtf8(bytes))
    return { number, error: { code: 'ZP_BODY_MALFORMED', detail: { zh: '该行不是 UTF-8 文本', en: 'The line is not UTF-8 text' } } };
  // Files put together with `cat` have a byte order mark inside, too.
  const text = bytes
    .toString('utf8')
    .replace(/^\u{FEFF}/u, '')
    .trim();
  return text === '' ? undefined : { number, text };
}

function tooLong(number: number): Line {
  const detail = { zh: `该行超过 ${MOST_BYTES} 字节`, en: `The line is longer than ${MOST_BYTES} bytes` };
  return { number, error: { code: 'ZP_BODY_TOO_LARGE', detail } };
}

/** Whole lines as they stand in the input, and how many came before them (行块). */
export interface Block {
  readonly before: number;
  readonly bytes: Uint8Array;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/**
 * The lines that end in each chunk, not yet read (分块). Whatever the input, no more is held than one chunk and one line of
 * the longest kind; of a longer line as much is kept as shows that it is too long.
 */
export async function* readBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let parts: Buffer[] = [];
  let held = 0;
  let before = 0;
  function hold(part: Buffer): void {
    const kept = part.subarray(0, MOST_BYTES + 1 - held);
    if (kept.length > 0) parts.push(kept);
    held += kept.length;
  }
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const first = chunk.indexOf(LINE_FEED);
      hold(chunk.subarray(0, first));
      const bytes = Buffer.concat([...parts, chunk.subarray(first, end)]);
      yield { before, bytes };
      before += countLines(bytes);
      parts = [];
      held = 0;
    }
    hold(chunk.subarray(end));
  }
  if (held > 0) yield { before, bytes: Buffer.concat(parts) };
}

/** The lines of a block, blank ones left out but counted (分行). */
export function linesOf({ before, bytes }: Block): readonly Line[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: Line[] = [];
  let number = before;
  for (let start = 0; start < all.length;) {
    const found = all.indexOf(LINE_FEED, start);
    const stop = found < 0 ? all.length : found;
    number++;
    const line = stop - start > MOST_BYTES ? tooLong(number) : lineOf(number, all.subarray(start, stop));
    if (line) lines.push(line);
    start = stop + 1;
  }
  return lines;
}

/** The lines that end in each chunk (逐行读取), in constant memory. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  for await (const block of readBlocks(chunks)) yield linesOf(block);
}
