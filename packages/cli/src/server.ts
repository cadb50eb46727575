import { readFile } from 'node:fs/promises';

import { ComplianceError, ERRORS } from '@zhengpin/core';
import type { ErrorCode, Issue } from '@zhengpin/core';
import type { Command } from 'commander';

import { unreadable } from './input.ts';
import { EXIT, invalid, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';

export interface ServerArgs {
  readonly url: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

export interface Answer {
  readonly [name: string]: unknown;
}

const TIMEOUT_MS = 60_000;
const TOKEN = 'ZHENGPIN_TOKEN';
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Where the platform's routes are. A token must not travel in clear. @throws ZP_OPTION_INVALID */
function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (url === undefined || !isSafe || url.username !== '' || /[?#]/u.test(text))
    throw invalid('--url 须为 https 地址（本机可用 http）', '--url takes an https address, or http on this machine');
  return url;
}

/** The token of whoever acts: from a file or the environment, never from the arguments, which everybody can read. */
async function tokenOf({ tokenFile }: ServerArgs): Promise<string> {
  const text =
    tokenFile === undefined
      ? process.env[TOKEN]
      : await readFile(tokenFile, 'utf8').catch((error: unknown) => {
          throw unreadable(tokenFile, error);
        });
  const token = text?.trim();
  if (token === undefined || token === '') throw invalid(`须给出 --token-file 或环境变量 ${TOKEN}`, `Give --token-file or set ${TOKEN}`);
  return token;
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

/** What came in place of an answer: a page of somebody else’s, or one of another version. */
export function misunderstood(): ComplianceError {
  return new ComplianceError('ZP_STORE_UNAVAILABLE', {
    detail: { zh: '服务器的答复不是该接口的内容', en: 'What the server answered is not an answer of this route' },
  });
}

/** An id as a step of a path. @throws ZP_OPTION_INVALID for one that is no step */
export function stepOf(id: string): string {
  if (id === '' || /^\.+$/u.test(id)) throw invalid('编号无效', 'That is no id');
  return encodeURIComponent(id);
}

function isText(value: unknown): boolean {
  return isAnswer(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';
}

/** Whether a finding is one that can be told. */
function isIssue(value: unknown): value is Issue {
  return isAnswer(value) && typeof value['pointer'] === 'string' && isText(value['title']) && isText(value['advice']);
}

/** What a problem document says, as the error it came from. */
function refusalOf(status: number, body: unknown): ComplianceError {
  if (!isAnswer(body) || typeof body['code'] !== 'string' || !Object.hasOwn(ERRORS, body['code'])) {
    return new ComplianceError('ZP_STORE_UNAVAILABLE', {
      detail: { zh: `服务器答复 ${status}`, en: `The server answered ${status}` },
    });
  }
  const { code, detail, detailZh, findings } = body;
  const text = { zh: typeof detailZh === 'string' ? detailZh : '', en: typeof detail === 'string' ? detail : '' };
  return new ComplianceError(code as ErrorCode, { detail: text, issues: Array.isArray(findings) ? findings.filter(isIssue) : [] });
}

async function request(args: ServerArgs, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<Response> {
  const base = baseOf(args.url);
  const target = `${base.href.replace(/\/$/u, '')}${path}`;
  const headers = { authorization: `Bearer ${await tokenOf(args)}`, ...(body ? { 'content-type': 'application/json' } : {}) };
  try {
    return await fetch(target, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', {
      detail: { zh: `无法连接 ${base.host}`, en: `${base.host} cannot be reached` },
      cause: error,
    });
  }
}

/**
 * One call to the running platform: it checks who asks, and two persons are two tokens.
 * @throws what the server refuses with; ZP_STORE_UNAVAILABLE for an answer that is no JSON object
 */
export async function call(args: ServerArgs, path: string, body?: object, method?: 'GET' | 'POST' | 'PUT'): Promise<Answer> {
  const response = await request(args, path, body, method);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusalOf(response.status, answer);
  if (!isAnswer(answer) || Array.isArray(answer)) throw misunderstood();
  return answer;
}

/** A document that is no JSON, as it came. @throws what the server refuses with */
export async function download(args: ServerArgs, path: string): Promise<string> {
  const response = await request(args, path);
  const text = await response.text();
  if (response.ok) return text;
  let problem: unknown;
  try {
    problem = JSON.parse(text);
  } catch {
    problem = undefined;
  }
  throw refusalOf(response.status, problem);
}

/** An answer for people: names and values line by line, what is inside one indented. */
function shown(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    const rows = value.map((one) =>
      isAnswer(one) ? `${indent}- ${shown(one, `${indent}  `).trimStart()}` : `${indent}- ${plain(String(one))}\n`,
    );
    return rows.length === 0 ? `${indent}（无 / none）\n` : rows.join('');
  }
  if (!isAnswer(value)) return `${indent}${plain(String(value))}\n`;
  return Object.entries(value)
    .map(([name, inner]) =>
      isAnswer(inner) ? `${indent}${plain(name)}:\n${shown(inner, `${indent}  `)}` : `${indent}${plain(name)}: ${plain(String(inner))}\n`,
    )
    .join('');
}

/** JSON that no terminal takes for anything else: what would move its cursor or turn its text stands as an escape. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (unit) => Array.from({ length: unit.length }, (_, at) => `\\u${unit.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''))}\n`;
}

export async function tell(args: ServerArgs, io: Io, answer: Answer, exit: ExitCode = EXIT.ok): Promise<ExitCode> {
  await write(io.stdout, args.json ? jsonText(answer) : shown(answer));
  return exit;
}

/** A command that works through a running platform. */
export function serverCommand(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .requiredOption('--url <url>', '平台接口地址 / where the routes are mounted, https://host/compliance')
    .option('--token-file <file>', `令牌文件，默认取环境变量 ${TOKEN} / file of the access token, default ${TOKEN}`)
    .option('--json', 'JSON');
}
