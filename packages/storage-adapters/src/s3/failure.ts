import { isComplianceError } from '@zhengpin/core';
import type { ComplianceError } from '@zhengpin/core';

import { unavailable } from '../archive-marks.ts';

/** What the server answered, as the client library tells it. */
export interface ServerAnswer {
  /** The server's own code, e.g. `AccessDenied`; the library's for failures on the way, e.g. `TimeoutError`. */
  readonly code: string;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
}

export function answerOf(error: unknown): ServerAnswer {
  if (!(error instanceof Error)) return { code: 'Unknown' };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
      ? metadata.httpStatusCode
      : undefined;
  // Answers to HEAD have no body: the name is then only the status in words.
  const system = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const code = status === undefined ? system : error.name;
  return status === undefined ? { code } : { code, status };
}

export function timedOut(cause: unknown): ComplianceError {
  return unavailable('对象存储超时未答复', 'The object store did not answer in time', cause);
}

/** The refusal that stands for a failed call (对象存储失败). The library's error stays as the cause, for logs. */
export function failure(error: unknown): ComplianceError {
  if (isComplianceError(error)) return error;
  const { code, status } = answerOf(error);
  if (code === 'NoSuchBucket') return unavailable('存储桶不存在', 'The bucket does not exist', error);
  if (status === 401 || status === 403) {
    return unavailable(
      `对象存储拒绝了所用的凭证或权限（${code}）`,
      `The object store refuses these credentials or this right (${code})`,
      error,
    );
  }
  if (status === 301 || status === 307) {
    return unavailable('存储桶在其他区域或地址', 'The bucket is in another region or at another address', error);
  }
  if (status !== undefined) return unavailable(`对象存储出错（${status} ${code}）`, `The object store failed (${status} ${code})`, error);
  if (['AbortError', 'TimeoutError', 'ETIMEDOUT', 'RequestTimeout'].includes(code)) {
    return timedOut(error);
  }
  return unavailable(`无法连接对象存储（${code}）`, `The object store cannot be reached (${code})`, error);
}
