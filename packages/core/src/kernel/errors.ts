import type { Citation } from './law.ts';
import type { Text } from './text.ts';

/**
 * Every way the kit refuses (错误表). Codes are never renamed; HTTP status lives in `@zhengpin/express`.
 */
export const ERRORS = {
  ZP_ACCESS_QUOTA: { zh: '超过每日可查看的人数', en: 'More subjects than may be shown in a day' },
  ZP_ACCOUNT_SCOPE: { zh: '账号类型不允许为该单位发布', en: 'This account type may not post for that employer' },
  ZP_ANCHOR_CONTRADICTS: { zh: '外部锚点保存的是另一份日志历史', en: 'An outside anchor holds another history of this log' },
  ZP_ANCHOR_REFUSED: { zh: '外部锚点拒绝了检查点', en: 'An outside anchor refused the checkpoint' },
  ZP_ANCHOR_UNAVAILABLE: { zh: '外部锚点暂不可用', en: 'An outside anchor is unavailable' },
  ZP_APPEAL_USED: { zh: '该决定已经申诉过', en: 'This decision has already been appealed' },
  ZP_APPLICABILITY_UNKNOWN: { zh: '机构性质与服务方式的组合无法判定', en: 'Unknown combination of agency type and mode' },
  ZP_BODY_MALFORMED: { zh: '请求正文无法解析', en: 'The request body cannot be parsed' },
  ZP_BODY_TOO_LARGE: { zh: '请求正文过大', en: 'The request body is too large' },
  ZP_CALENDAR_YEAR_UNKNOWN: { zh: '该年度的节假日安排尚未载入', en: 'The holiday arrangement of that year is not loaded' },
  ZP_CHARGE_REFUSED: { zh: '该款项不得收取', en: 'This may not be charged' },
  ZP_CLAIM_HELD: { zh: '该审查任务已由他人领取', en: 'The review task is claimed by someone else' },
  ZP_CLAIM_REQUIRED: { zh: '须先领取该审查任务', en: 'The review task must be claimed first' },
  ZP_CONFLICT: { zh: '记录已被他人更改', en: 'The record was changed by someone else' },
  ZP_CONSENT_MISSING: { zh: '缺少所需的同意', en: 'The consent this needs is missing' },
  ZP_CURSOR_INVALID: { zh: '分页游标无效', en: 'The paging cursor is not valid' },
  ZP_DEVELOPMENT_ONLY: { zh: '仅限开发环境使用', en: 'For development only' },
  ZP_EGRESS_UNDECLARED: { zh: '响应未经个人信息外发守卫', en: 'The response did not pass the guard of personal information' },
  ZP_EVIDENCE_BROKEN: { zh: '证据日志校验失败', en: 'The evidence log does not verify' },
  ZP_FORBIDDEN: { zh: '该角色无权进行此操作', en: 'This role may not do that' },
  ZP_GATE_BYPASSED: { zh: '发布审查闸口不在请求路径上', en: 'The posting gate is not in the request path' },
  ZP_IDEMPOTENCY_MISMATCH: { zh: '同一幂等键用于不同请求', en: 'The idempotency key was used for a different request' },
  ZP_INPUT_INVALID: { zh: '提交内容不符合要求', en: 'The input is not valid' },
  ZP_INTERNAL: { zh: '内部错误', en: 'Internal error' },
  ZP_KEYS_UNAVAILABLE: { zh: '加密密钥暂不可用', en: 'The encryption keys are unavailable' },
  ZP_LICENCE_INVALID: { zh: '本机构许可证缺失、过期或超出服务范围', en: 'The operator’s licence is missing, expired or out of scope' },
  ZP_MATERIALS_INCOMPLETE: { zh: '用人单位材料未齐备或未通过审查', en: 'The employer’s materials are not all accepted and in date' },
  ZP_MEDIA_TYPE: { zh: '不支持的内容类型', en: 'Unsupported media type' },
  ZP_NOT_FOUND: { zh: '未找到', en: 'Not found' },
  ZP_NOT_PUBLISHED: { zh: '该招聘信息未处于发布状态', en: 'This posting is not published' },
  ZP_OPTION_INVALID: { zh: '配置项无效', en: 'An option is not valid' },
  ZP_PRECONDITION_FAILED: { zh: '记录版本已变化', en: 'The record is at another version' },
  ZP_PRECONDITION_REQUIRED: { zh: '须以 If-Match 指明所审查的版本', en: 'If-Match must name the version reviewed' },
  ZP_REQUEST_INVALID: { zh: '请求头、路径或查询参数不符合要求', en: 'A header, path or query parameter is not valid' },
  ZP_PURPOSE_INVALID: { zh: '未说明有效的处理目的', en: 'No valid purpose of looking at personal information was given' },
  ZP_RETAINED: { zh: '依法应当保存，尚不得删除', en: 'The law wants this kept: it may not be deleted yet' },
  ZP_RETENTION_PAUSED: { zh: '时间异常，处置已暂停', en: 'Something is wrong with the time: disposal is paused' },
  ZP_SCREENING_BLOCKED: { zh: '招聘信息含有禁止内容，未予受理', en: 'The posting contains prohibited content and is refused' },
  ZP_SEALED_UNREADABLE: {
    zh: '密封字段无法解封：密钥不符、位置不符或已被改动',
    en: 'A sealed field does not open: another key or place, or altered',
  },
  ZP_SEPARATION_OF_DUTIES: { zh: '须由另一人员办理', en: 'Another person must do this' },
  ZP_STATE: { zh: '当前状态不允许此操作', en: 'Not allowed in the current state' },
  ZP_STORE_UNAVAILABLE: { zh: '存储暂不可用', en: 'The store is unavailable' },
  ZP_SUBJECT_ERASED: { zh: '该主体的数据已删除', en: 'The data of this subject has been erased' },
  ZP_SUBJECT_RESTRICTED: {
    zh: '该主体的数据已限制处理，仅作保存',
    en: 'The data of this subject is restricted: it is stored and nothing else',
  },
  ZP_TOKEN_INVALID: { zh: '访问令牌无效', en: 'The access token is not valid' },
  ZP_TOKEN_MISSING: { zh: '缺少访问令牌', en: 'An access token is required' },
  ZP_TRANSFER_REFUSED: { zh: '不得向境外提供', en: 'This may not go abroad' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One reason inside a refusal (具体问题): where, which rule, what to do. */
export interface Issue {
  /** JSON Pointer into the input (RFC 6901); empty string for the whole document. */
  readonly pointer: string;
  /** Machine name of the rule: a schema keyword, a screening rule id, a gate condition. */
  readonly rule: string;
  readonly title: Text;
  /** What to do about it. */
  readonly advice: Text;
  readonly citations: readonly Citation[];
  /** Ground of a screening finding, in the engine's names. */
  readonly ground?: string;
  /** UTF-16 offsets into the field the pointer names. */
  readonly start?: number;
  readonly end?: number;
}

export interface ComplianceErrorOptions {
  /** English and Chinese detail of this occurrence; never personal information. */
  readonly detail?: Text;
  readonly citations?: readonly Citation[];
  readonly issues?: readonly Issue[];
  /** The recorded decision behind a refusal, so that it can be appealed. */
  readonly decision?: { readonly id: string; readonly subjectId: string; readonly appealable: boolean };
  readonly cause?: unknown;
}

/** The one error class of the kit; recognise it by `code`. */
export class ComplianceError extends Error {
  readonly code: ErrorCode;
  readonly detail: Text;
  readonly citations: readonly Citation[];
  readonly issues: readonly Issue[];
  readonly decision: ComplianceErrorOptions['decision'];

  constructor(code: ErrorCode, options: ComplianceErrorOptions = {}) {
    const detail = options.detail ?? ERRORS[code];
    super(`${code}: ${detail.en}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ComplianceError';
    this.code = code;
    this.detail = detail;
    this.citations = options.citations ?? [];
    this.issues = options.issues ?? [];
    this.decision = options.decision;
  }
}

/** True for errors of the kit, also across two copies of it. */
export function isComplianceError(error: unknown): error is ComplianceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && Object.hasOwn(ERRORS, error.code);
}
