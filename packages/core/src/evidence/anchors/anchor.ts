import { hash } from 'node:crypto';

import { ComplianceError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';

/** A checkpoint on its way out of the trust domain (待外存检查点). */
export interface AnchoredCheckpoint {
  readonly tenant: string;
  /** First line of the note: which log it is about. */
  readonly origin: string;
  readonly size: number;
  /** The signed note. */
  readonly note: string;
  /**
   * Proof that the first `from` entries of the log are what they were.
   * @returns base64 hashes, RFC 6962 §2.1.2
   */
  consistency(from: number): Promise<readonly string[]>;
}

/** What is known before a checkpoint is handed over. */
export interface Handover {
  /** Size this anchor was last known to hold for the log; 0 when that is not known. */
  readonly known: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What an anchor gave back (锚点回执). */
export interface AnchorReceipt {
  /** Signature lines to keep and serve with the checkpoint. */
  readonly cosignatures?: string;
  /** Whatever else it answered, at most 1000 characters: a receipt number, say. */
  readonly receipt?: string;
}

/**
 * A place outside the trust domain that keeps checkpoints (外部锚点): whoever holds the signing key and the database
 * cannot change what it has been given.
 *
 * `publish` resolves once the checkpoint is kept there for good, and may be called again for one that already is. It
 * rejects with
 * - `ZP_ANCHOR_UNAVAILABLE` when there was no answer: it is tried again;
 * - `ZP_ANCHOR_REFUSED` when the answer was no: somebody has to see to the set-up;
 * - `ZP_ANCHOR_CONTRADICTS` when the anchor holds more entries than the log, or others: the log was rolled back or forked.
 */
export interface Anchor {
  /** Unique among the anchors of a platform: letters, digits and `. _ : / -`, at most 100 characters. */
  readonly name: string;
  publish(checkpoint: AnchoredCheckpoint, handover: Handover): Promise<AnchorReceipt>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;
const PLAIN = /[^A-Za-z0-9._-]/gu;
const LONGEST = 180;
const DIGITS = 12;

export function isAnchorName(name: string): boolean {
  return NAME.test(name);
}

export type AnchorCode = Extract<ErrorCode, `ZP_ANCHOR_${string}`>;

export function anchorError(code: AnchorCode, zh: string, en: string, cause?: unknown): ComplianceError {
  return new ComplianceError(code, { detail: { zh, en }, ...(cause === undefined ? {} : { cause }) });
}

/** The anchor has seen more of the log than there is now. */
export function rolledBack(held: number, size: number): ComplianceError {
  return anchorError(
    'ZP_ANCHOR_CONTRADICTS',
    `锚点已保存 ${held} 条的检查点，而日志只有 ${size} 条：日志被截断或回退`,
    `The anchor holds a checkpoint of ${held} entries and the log has ${size}: the log was cut or rolled back`,
  );
}

/** The anchor has seen other entries. */
export function forkedFrom(held: number): ComplianceError {
  return anchorError(
    'ZP_ANCHOR_CONTRADICTS',
    `日志的前 ${held} 条与锚点所保存的不同：日志被改写或分叉`,
    `The first ${held} entries of the log are not those the anchor holds: the log was rewritten or forked`,
  );
}

/**
 * The place of a checkpoint in folders and archives (检查点名称): `<origin>/<size>`, so that names of a log sort by size.
 * Whatever a file name cannot hold is written as `=` and the hexadecimal bytes.
 */
export function checkpointPlace(origin: string, size: number): { readonly folder: string; readonly file: string } {
  const escaped = origin
    .replaceAll(PLAIN, (character) => [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''))
    .replace(/^\./, '=2e');
  // Longer than file names may be: the digest tells it from others as well.
  const folder = escaped.length <= LONGEST ? escaped : `${escaped.slice(0, 100)}=${hash('sha256', origin)}`;
  return { folder, file: String(size).padStart(DIGITS, '0') };
}

/** The text of a note without its signatures: the same log at the same size has one text, whoever signed it. */
export function textOf(note: string): string {
  return note.slice(0, Math.max(0, note.lastIndexOf('\n\n')));
}
