import { ComplianceError } from '../../kernel/errors.ts';
import { anchorError } from './anchor.ts';

/** An answer over HTTP, its body cut at what is worth reading. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const MOST_BYTES = 65_536;

/** @throws ZP_OPTION_INVALID unless it is an http or https address without credentials */
export function checkAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: 'url 须为不含凭证的 http(s) 地址', en: 'url is an http or https address without credentials' },
    });
  }
  return url;
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length > MOST_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_BYTES).toString('utf8');
}

/**
 * Post a text and read the answer, whatever it is. A redirect is no answer: what is posted goes where it was meant to go.
 * @throws ZP_ANCHOR_UNAVAILABLE when there is none, or one of 429 or 5xx
 */
export async function post(url: URL, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
  let answer: Answer;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
      body,
      signal,
      redirect: 'manual',
    });
    answer = { status: response.status, contentType: response.headers.get('content-type') ?? '', text: await readText(response) };
  } catch (cause) {
    throw anchorError('ZP_ANCHOR_UNAVAILABLE', `${url.host} 没有应答`, `${url.host} does not answer`, cause);
  }
  if (answer.status === 429 || answer.status >= 500)
    throw anchorError('ZP_ANCHOR_UNAVAILABLE', `${url.host} 应答 ${answer.status}`, `${url.host} answers ${answer.status}`);
  return answer;
}
