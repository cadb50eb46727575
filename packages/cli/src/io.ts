import type { Readable, Writable } from 'node:stream';

import { ComplianceError, ERRORS, isComplianceError } from '@zhengpin/core';
import type { Clock, ErrorCode, Text } from '@zhengpin/core';

/** What a run ends with (退出码); scripts depend on the numbers. */
export const EXIT = { ok: 0, usage: 1, finding: 2, broken: 3, environment: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The world of a command (输入输出), so that a test can be one. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Somebody watches stderr: a progress bar may move there. */
  readonly isTTY: boolean;
  readonly clock: Clock;
}

/** Whose fault a refusal is; a code not listed is the environment's. */
const EXIT_OF: Partial<Record<ErrorCode, ExitCode>> = {
  ZP_APPLICABILITY_UNKNOWN: EXIT.usage,
  ZP_EVIDENCE_BROKEN: EXIT.broken,
  ZP_INPUT_INVALID: EXIT.usage,
  ZP_OPTION_INVALID: EXIT.usage,
};

/** An option that will not do (选项无效). */
export function invalid(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh, en } });
}

/** Resolves once the text has left: whoever waits keeps pace with a slow reader. */
export function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** The system's name of a failure, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The reader went away, as `head` does: nothing is wrong. */
export function isBrokenPipe(error: unknown): boolean {
  return ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].includes(systemCode(error) ?? '');
}

/** Both languages on one line. */
export function both({ zh, en }: Text): string {
  return `${zh} / ${en}`;
}

/** Text of unknown origin for a terminal: escape sequences and reordering marks would let a posting rewrite the screen. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}

/** What SQLite calls the failure underneath, e.g. `database is locked`; its fixed texts name nobody. */
function underneath({ cause }: Error): string {
  return cause instanceof Error && 'errstr' in cause && typeof cause.errstr === 'string' ? ` (${cause.errstr})` : '';
}

/** Tell a refusal on stderr, with its findings, and give the exit code; of an unknown error not even the message. */
export async function report(error: unknown, io: Io): Promise<ExitCode> {
  const known = isComplianceError(error) ? error : undefined;
  const code = known?.code ?? 'ZP_INTERNAL';
  const lines = [`${code} ${plain(both(known?.detail ?? ERRORS[code]))}${known ? underneath(known) : ''}`];
  for (const issue of known?.issues ?? []) {
    lines.push(`  ${plain(issue.pointer)} ${plain(both(issue.title))}`, `    ${plain(both(issue.advice))}`);
  }
  await write(io.stderr, `${lines.join('\n')}\n`);
  return EXIT_OF[code] ?? EXIT.environment;
}
