import { systemClock } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Archive } from '../../kernel/archive.ts';
import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import { anchorError, checkpointPlace, forkedFrom, rolledBack, textOf } from './anchor.ts';
import type { Anchor } from './anchor.ts';

export interface ArchiveAnchorOptions {
  /** Default `archive`. */
  readonly name?: string;
  /**
   * How long a checkpoint cannot be removed, in years from its publication. Default 5: the three years after a service
   * (Order 44 Art. 26) and two for the service itself. Checkpoints hold no personal information.
   */
  readonly retainYears?: number;
  /** Default the machine's clock. */
  readonly clock?: Clock;
}

/** Where checkpoints lie in an archive. */
const ROOT = 'checkpoints';
const DIGITS = 12;

/** The largest size under a folder, found digit by digit: listings go upwards, and a log of years has many checkpoints. */
async function largest(archive: Archive, folder: string): Promise<number> {
  let found = '';
  while (found.length < DIGITS) {
    let digit = 9;
    while (digit >= 0 && (await archive.list(`${folder}/${found}${digit}`, { limit: 1 })).entries.length === 0) digit--;
    if (digit < 0) return 0;
    found += String(digit);
  }
  return Number(found);
}

function isUtf8Equal(bytes: Uint8Array | undefined, note: string): boolean {
  return bytes !== undefined && textOf(Buffer.from(bytes).toString('utf8')) === textOf(note);
}

/**
 * Checkpoints in an archive (归档锚点), `checkpoints/<origin>/<size>`: an object each, written once and kept until a date.
 * With an object store that locks, in an account the platform's administrators do not hold, nobody can take them back.
 * @throws ZP_OPTION_INVALID for `retainYears` that are not 1 to 100
 */
export function archiveAnchor(archive: Archive, options: ArchiveAnchorOptions = {}): Anchor {
  const { name = 'archive', retainYears = 5, clock = systemClock } = options;
  if (!Number.isInteger(retainYears) || retainYears < 1 || retainYears > 100)
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: 'retainYears 须为 1 至 100', en: 'retainYears is 1 to 100' } });
  const held = new Map<string, number>();

  function retainUntil(): string {
    const until = new Date(clock.now());
    until.setUTCFullYear(until.getUTCFullYear() + retainYears);
    return until.toISOString();
  }

  async function keep(origin: string, size: number, note: string): Promise<void> {
    const { folder: sub, file } = checkpointPlace(origin, size);
    const folder = `${ROOT}/${sub}`;
    const key = `${folder}/${file}`;
    const most = held.get(origin) ?? (await largest(archive, folder));
    if (most > size) throw rolledBack(most, size);
    if (most < size) {
      try {
        await archive.put(key, Buffer.from(note), { retainUntil: retainUntil() });
      } catch (error) {
        if (!isComplianceError(error) || error.code !== 'ZP_CONFLICT') throw error;
      }
    }
    // Also after a conflict: with other signatures it says the same.
    if (!isUtf8Equal(await archive.get(key), note)) throw forkedFrom(size);
    held.set(origin, size);
  }

  return {
    name,
    async publish({ origin, size, note }) {
      try {
        await keep(origin, size, note);
      } catch (error) {
        if (isComplianceError(error) && error.code === 'ZP_ANCHOR_CONTRADICTS') throw error;
        const refused = isComplianceError(error) && error.code !== 'ZP_STORE_UNAVAILABLE';
        const detail = isComplianceError(error) ? error.detail : { zh: '归档出错', en: 'The archive failed' };
        throw anchorError(refused ? 'ZP_ANCHOR_REFUSED' : 'ZP_ANCHOR_UNAVAILABLE', detail.zh, detail.en, error);
      }
      return {};
    },
  };
}
