import { ComplianceError, isComplianceError } from '@zhengpin/core';
import type { Text } from '@zhengpin/core';

/** What mysql2 says about a failure, read without trusting its shape. */
interface Failure {
  /** The server's number; absent when the connection itself failed. */
  readonly errno: number | undefined;
  readonly fatal: boolean;
}

function failureOf(error: unknown): Failure {
  const { errno, fatal, code } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const lost = fatal === true || (typeof code === 'string' && /^(PROTOCOL_|E[A-Z]+$)/.test(code) && !code.startsWith('ER_'));
  return { errno: typeof errno === 'number' && errno > 0 ? errno : undefined, fatal: lost };
}

/** Somebody else was there first: a key that exists, or the guard after a write that met another version. */
const TAKEN: readonly number[] = [1062, 1242];

/**
 * Rolled back by the server because of others, so trying again is safe: deadlock and, on Galera, failed certification (also
 * at COMMIT) 1213, lock wait 1205, snapshot changed 1020; TiDB's write conflicts 9007 and 8002 and changed schema 8028.
 */
const CONTENDED: readonly number[] = [1213, 1205, 1020, 9007, 8002, 8028];

/** The session is of no more use, though the server still speaks: read-only, or a Galera node outside its cluster. */
const USELESS: readonly number[] = [1290, 1792, 1836, 1047, 1053, 1927, 3169];

const MISSING_TABLE = 1146;

export function isTaken(error: unknown): boolean {
  return TAKEN.includes(failureOf(error).errno ?? 0);
}

export function isContended(error: unknown): boolean {
  return CONTENDED.includes(failureOf(error).errno ?? 0);
}

/** The server has ended the whole transaction, not only the statement. */
export function endsTransaction(error: unknown): boolean {
  return isContended(error) && failureOf(error).errno !== 1205;
}

export function isMissingTable(error: unknown): boolean {
  return failureOf(error).errno === MISSING_TABLE;
}

export function isErrno(error: unknown, ...numbers: readonly number[]): boolean {
  return numbers.includes(failureOf(error).errno ?? 0);
}

/** The connection must not go back to the pool. */
export function spoilsConnection(error: unknown): boolean {
  const { errno, fatal } = failureOf(error);
  return fatal || (errno !== undefined && USELESS.includes(errno));
}

function explain(error: unknown): Text | undefined {
  const { errno } = failureOf(error);
  if (isErrno(error, 1290, 1792, 1836)) return { zh: '数据库只读', en: 'The database is read-only' };
  if (errno === 1047) return { zh: '该 Galera 节点不在集群主分区中', en: 'This Galera node is not in the primary part of its cluster' };
  if (isErrno(error, 1969, 3024)) return { zh: '数据库语句超时', en: 'A database statement took too long' };
  if (isErrno(error, 1044, 1045, 1142, 1143)) return { zh: '数据库拒绝访问', en: 'The database refuses access' };
  if (errno === 1153) return { zh: '写入内容超过 max_allowed_packet', en: 'What was written is larger than max_allowed_packet' };
  return undefined;
}

/** Our own errors as they are, anything else as ZP_STORE_UNAVAILABLE with its cause. */
export function asComplianceError(cause: unknown): ComplianceError {
  if (isComplianceError(cause)) return cause;
  const detail = explain(cause);
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { cause, ...(detail === undefined ? {} : { detail }) });
}

export function unavailable(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh, en } });
}
