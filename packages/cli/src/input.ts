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

async function source(path: string, stdin: Readable): Promise<Readable> {
  if (path === '-') return stdin;
  const file = (await open(path)).createReadStream({ highWaterMark: CHUNK });
  if (!path.toLowerCase().endsWith('.gz')) return file;
  // The callback is the reader's own business: it meets the error when it reads.
  return pipeline(file, createGunzip({ chunkSize: CHUNK }), () => undefined);
}

/**
 * The bytes of a file, or of stdin for `-`, as they come; a name that ends in `.gz` is unpacked.
 * @throws ZP_NOT_FOUND when it cannot be read, ZP_BODY_MALFORMED when it is not gzip after all
 */
export async function* readChunks(path: string, stdin: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of await source(path, stdin)) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
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

/**
 * The lines that end in each chunk, blank ones left out but counted (分行). Whatever the input, no more is held than one
 * chunk and one line of the longest kind.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  let parts: Buffer[] = [];
  let held = 0;
  let number = 0;
  function end(): Line | undefined {
    number++;
    const line = held > MOST_BYTES ? tooLong(number) : lineOf(number, parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));
    parts = [];
    held = 0;
    return line;
  }
  function hold(part: Buffer): void {
    held += part.length;
    if (held > MOST_BYTES) parts = [];
    else if (part.length > 0) parts.push(part);
  }
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let stop = chunk.indexOf(LINE_FEED); stop >= 0; stop = chunk.indexOf(LINE_FEED, start)) {
      hold(chunk.subarray(start, stop));
      const line = end();
      if (line) lines.push(line);
      start = stop + 1;
    }
    hold(chunk.subarray(start));
    yield lines;
  }
  const last = held > 0 ? end() : undefined;
  if (last) yield [last];
}
