import { ComplianceError, ERRORS, citationText, isComplianceError } from '@zhengpin/core';
import type { ErrorCode, Issue } from '@zhengpin/core';
import type { ErrorRequestHandler, Request, Response } from 'express';

/** HTTP status of every code; nowhere else does a status belong to an error. */
export const STATUS: { readonly [code in ErrorCode]: number } = {
  ZP_ACCESS_QUOTA: 403,
  ZP_ACCOUNT_SCOPE: 403,
  ZP_ANCHOR_CONTRADICTS: 409,
  ZP_ANCHOR_REFUSED: 502,
  ZP_ANCHOR_UNAVAILABLE: 503,
  ZP_APPEAL_USED: 409,
  ZP_APPLICABILITY_UNKNOWN: 422,
  ZP_BODY_MALFORMED: 400,
  ZP_BODY_TOO_LARGE: 413,
  ZP_CALENDAR_YEAR_UNKNOWN: 503,
  ZP_CHARGE_REFUSED: 422,
  ZP_CLAIM_HELD: 409,
  ZP_CLAIM_REQUIRED: 409,
  ZP_CONFLICT: 409,
  ZP_CONSENT_MISSING: 403,
  ZP_CURSOR_INVALID: 400,
  ZP_DEVELOPMENT_ONLY: 403,
  ZP_EGRESS_UNDECLARED: 500,
  ZP_EVIDENCE_BROKEN: 500,
  ZP_FORBIDDEN: 403,
  ZP_GATE_BYPASSED: 500,
  ZP_IDEMPOTENCY_MISMATCH: 422,
  ZP_INPUT_INVALID: 422,
  ZP_INTERNAL: 500,
  ZP_KEYS_UNAVAILABLE: 503,
  ZP_LICENCE_INVALID: 403,
  ZP_MATERIALS_INCOMPLETE: 409,
  ZP_MEDIA_TYPE: 415,
  ZP_NOT_FOUND: 404,
  ZP_NOT_PUBLISHED: 404,
  ZP_OPTION_INVALID: 400,
  ZP_PRECONDITION_FAILED: 412,
  ZP_PRECONDITION_REQUIRED: 428,
  ZP_REQUEST_INVALID: 400,
  ZP_PURPOSE_INVALID: 400,
  ZP_RETAINED: 409,
  ZP_RETENTION_PAUSED: 409,
  ZP_SCREENING_BLOCKED: 422,
  ZP_SEALED_UNREADABLE: 500,
  ZP_SEPARATION_OF_DUTIES: 403,
  ZP_STATE: 409,
  ZP_STORE_UNAVAILABLE: 503,
  ZP_SUBJECT_ERASED: 410,
  ZP_SUBJECT_RESTRICTED: 409,
  ZP_TOKEN_INVALID: 401,
  ZP_TOKEN_MISSING: 401,
  ZP_TRANSFER_REFUSED: 403,
};

/** Seconds after which a caller may try again when the store is down. */
const RETRY_AFTER_S = 5;

/** One finding of a problem document. */
export interface ProblemFinding {
  readonly pointer: string;
  readonly rule: string;
  readonly ground?: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly advice: { readonly zh: string; readonly en: string };
  readonly citations: readonly {
    readonly instrument: string;
    readonly article: string;
    readonly version: string;
    readonly zh: string;
    readonly en: string;
  }[];
  readonly start?: number;
  readonly end?: number;
}

/** RFC 9457 problem document (问题详情). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly titleZh: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly detailZh: string;
  readonly instance?: string;
  readonly findings: readonly ProblemFinding[];
  readonly decision?: { readonly id: string; readonly posting: string };
  readonly appeal?: { readonly href: string; readonly zh: string; readonly en: string };
}

/** What a body parser or router of Express throws for bad requests carries a 4xx `status` and a `type`. */
function codeOfForeign(error: unknown): ErrorCode {
  if (typeof error !== 'object' || error === null) return 'ZP_INTERNAL';
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) return 'ZP_BODY_TOO_LARGE';
  if (status === 415) return 'ZP_MEDIA_TYPE';
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  if (status === 400 && (type.startsWith('entity.') || type.startsWith('request.') || type === 'encoding.unsupported'))
    return 'ZP_BODY_MALFORMED';
  return typeof status === 'number' && status >= 400 && status < 500 ? 'ZP_REQUEST_INVALID' : 'ZP_INTERNAL';
}

function findingOf(issue: Issue): ProblemFinding {
  const { pointer, rule, title, advice, ground, start, end } = issue;
  return {
    pointer,
    rule,
    title,
    advice,
    citations: issue.citations.map((c) => ({ ...c, ...citationText(c) })),
    ...(ground === undefined ? {} : { ground }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

/** Where an error without issues of its own points. */
function pointerOf(code: ErrorCode): string {
  if (code === 'ZP_TOKEN_INVALID' || code === 'ZP_TOKEN_MISSING') return '/headers/authorization';
  if (code === 'ZP_PRECONDITION_FAILED' || code === 'ZP_PRECONDITION_REQUIRED') return '/headers/if-match';
  if (code === 'ZP_IDEMPOTENCY_MISMATCH') return '/headers/idempotency-key';
  if (code === 'ZP_MEDIA_TYPE') return '/headers/content-type';
  if (code === 'ZP_CURSOR_INVALID') return '/query/cursor';
  return '';
}

/** The problem document of any error; the message of an unknown one never shows. */
export function problemOf(error: unknown, baseUrl: string): Problem {
  const known = isComplianceError(error) ? error : new ComplianceError(codeOfForeign(error));
  const { code, detail, decision } = known;
  const title = ERRORS[code];
  const bare: Issue = { pointer: pointerOf(code), rule: code, title, advice: detail, citations: known.citations };
  const issues = known.issues.length > 0 ? known.issues : STATUS[code] < 500 ? [bare] : [];
  return {
    type: `${baseUrl}/errors#${code}`,
    title: title.en,
    titleZh: title.zh,
    status: STATUS[code],
    code,
    detail: detail.en,
    detailZh: detail.zh,
    findings: issues.map(findingOf),
    ...(decision === undefined ? {} : { decision: { id: decision.id, posting: decision.subjectId } }),
    ...(decision?.appealable === true
      ? {
          appeal: {
            href: `${baseUrl}/decisions/${decision.id}/appeal`,
            zh: '可申诉一次，由另一名审查人员处理',
            en: 'Can be appealed once; another reviewer decides',
          },
        }
      : {}),
  };
}

/** Answer with the problem document of an error. */
export function sendProblem(res: Response, error: unknown, baseUrl: string): void {
  const problem = problemOf(error, baseUrl);
  if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer');
  if (problem.status === 503) res.set('Retry-After', String(RETRY_AFTER_S));
  res.set('Cache-Control', 'no-store');
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

export interface ProblemOptions {
  /** Where the kit's router is mounted: error documentation and appeals live under it. */
  readonly baseUrl: string;
  /** Told of every 5xx, with the error itself; log it without the request. */
  readonly onError?: (error: unknown) => void;
}

/** The last error handler of an app: every failure becomes problem+json (问题详情处理). */
export function problemDetails(options: ProblemOptions): ErrorRequestHandler {
  return function problemDetails(error: unknown, _req: Request, res: Response, next) {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = isComplianceError(error);
    if (STATUS[known ? error.code : codeOfForeign(error)] >= 500) options.onError?.(error);
    sendProblem(res, error, options.baseUrl);
  };
}
