import { ComplianceError } from '@zhengpin/core';

/**
 * What is known of an archived object beside its bytes, kept as empty files or objects whose names say it (归档标记).
 * Marks are only ever added or taken away, never rewritten: two lengthenings at once both stay, and the later date counts.
 * All begin with a dot, which no segment of a key does.
 */
export interface Marks {
  /** SHA-256 (hex) of bytes that were put under the key. */
  readonly contents: ReadonlySet<string>;
  readonly head: boolean;
  readonly held: boolean;
  readonly removing: boolean;
  /** Instant in whole seconds. */
  readonly retainUntil?: string;
}

export const MARK = { head: '.head', hold: '.hold', removing: '.removing' } as const;
const CONTENT = '.sha256-';
const RETAIN = '.retain-';

export function contentMark(sha256: string): string {
  return CONTENT + sha256;
}

/** @param end as `retentionEnd` gives it; the name carries it in the basic form of ISO 8601. */
export function retainMark(end: string): string {
  return `${RETAIN}${end.replace('.000Z', 'Z').replaceAll(/[-:]/g, '')}`;
}

export function readMarks(names: readonly string[]): Marks {
  const ends = names
    .map((name) => /^\.retain-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(name))
    .filter((match) => match !== null)
    .map(([, y, mo, d, h, mi, s]) => `${y}-${mo}-${d}T${h}:${mi}:${s}.000Z`)
    .sort();
  const retainUntil = ends.at(-1);
  return {
    contents: new Set(names.filter((name) => name.startsWith(CONTENT)).map((name) => name.slice(CONTENT.length))),
    head: names.includes(MARK.head),
    held: names.includes(MARK.hold),
    removing: names.includes(MARK.removing),
    ...(retainUntil === undefined ? {} : { retainUntil }),
  };
}

/** @throws ZP_INPUT_INVALID unless it is an instant; gives milliseconds. */
export function instantMs(now: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(now) ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(ms)) throw new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: '须为 UTC 时刻', en: 'must be an instant in UTC' } });
  return ms;
}

/** @throws ZP_STATE while the object is held, or retained at that time. */
export function checkRemovable(
  { held, retainUntil }: { readonly held: boolean; readonly retainUntil?: string | undefined },
  nowMs: number,
): void {
  if (held) throw stateError('该归档对象处于冻结状态', 'The archived object is under legal hold');
  if (retainUntil !== undefined && Date.parse(retainUntil) > nowMs) {
    throw stateError(`该归档对象须保存至 ${retainUntil}`, `The archived object is retained until ${retainUntil}`);
  }
}

/** @throws ZP_STATE when the new end is earlier than the one in force. */
export function checkLengthens(current: string | undefined, end: string): void {
  if (current !== undefined && end < current)
    throw stateError(`保存期限不得缩短（现为 ${current}）`, `A retention is never shortened (it is ${current})`);
}

export function stateError(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_STATE', { detail: { zh, en } });
}

export function headError(): ComplianceError {
  return stateError('可替换的归档对象没有保存期限与冻结', 'A head of the archive has no retention and no hold');
}

export function removingError(): ComplianceError {
  return stateError('该归档对象正在被删除，请再次删除或稍后重试', 'The archived object is being removed: remove it again or try later');
}

export function notFound(): ComplianceError {
  return new ComplianceError('ZP_NOT_FOUND', { detail: { zh: '归档中没有该对象', en: 'The archive has no such object' } });
}

export function otherBytes(): ComplianceError {
  return new ComplianceError('ZP_CONFLICT', { detail: { zh: '该归档键下已有其他内容', en: 'The archive has other bytes under that key' } });
}

export function notTheBytes(): ComplianceError {
  return new ComplianceError('ZP_EVIDENCE_BROKEN', {
    detail: { zh: '归档对象的内容与归档时不同', en: 'The bytes of the archived object are not those that were put' },
  });
}

export function unavailable(zh: string, en: string, cause?: unknown): ComplianceError {
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh, en }, ...(cause === undefined ? {} : { cause }) });
}

export function closedError(): ComplianceError {
  return unavailable('归档已关闭', 'The archive is closed');
}

export function optionError(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh, en } });
}
