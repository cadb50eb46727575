import { rowId } from '../stored.ts';
import type { Fault } from './report.ts';

const LISTED = 100;

/** The faults of one tenant: as many as are listed, and a count of the rest, however many there are. */
export interface FaultList {
  add(fault: Fault): void;
  /** Whether a fault kept so far names this entry. */
  has(seq: number): boolean;
  list(): readonly Fault[];
  more(): number;
}

/** A fault that names no entry is worth less than one that does. */
function place(fault: Fault): number {
  return fault.seq ?? Number.MAX_SAFE_INTEGER;
}

function nameOf({ kind, seq, record, entry }: Fault): string {
  return JSON.stringify([kind, seq, record?.collection, record?.id, entry]);
}

export function createFaults(): FaultList {
  let faults = new Map<string, Fault>();
  let dropped = 0;
  function trim(): void {
    const sorted = [...faults].sort(([, a], [, b]) => place(a) - place(b));
    dropped += Math.max(0, sorted.length - LISTED);
    faults = new Map(sorted.slice(0, LISTED));
  }
  return {
    add(fault) {
      const name = nameOf(fault);
      if (faults.has(name)) return;
      faults.set(name, fault);
      // Sorting once in a hundred faults instead of at each keeps a ruined store cheap to report.
      if (faults.size >= 2 * LISTED) trim();
    },
    has: (seq) => [...faults.values()].some((fault) => fault.seq === seq),
    list() {
      trim();
      return [...faults.values()];
    },
    more: () => dropped,
  };
}

/** The entry a fault names. */
export function at(tenant: string, seq: number): { readonly seq: number; readonly entry: string } {
  return { seq, entry: rowId(tenant, seq) };
}

export function edited(tenant: string, seq: number, zh: string, en: string): Fault {
  return { kind: 'edited', ...at(tenant, seq), detail: { zh, en } };
}

export function missing(tenant: string, seq: number): Fault {
  return { kind: 'missing', ...at(tenant, seq), detail: { zh: '条目缺失', en: 'The entry is missing' } };
}

/** Entries `from` to `to` agree among themselves and not with what was signed. */
export function forked(tenant: string, from: number, to: number): Fault {
  const detail =
    to - from === 1
      ? { zh: `条目 ${from} 与已签名的根不符`, en: `Entry ${from} does not agree with the signed root` }
      : {
          zh: `条目 ${from} 至 ${to - 1} 中有与已签名的根不符者`,
          en: `Some entry from ${from} to ${to - 1} does not agree with the signed root`,
        };
  return { kind: 'forked', ...at(tenant, from), detail };
}

/** A row that cannot be read and whose id could not be found out. */
export function stuckAfter(collection: string, after: string): Fault {
  const detail = { zh: `${collection} 中 ${after} 之后的行无法读取`, en: `The row after ${after} in ${collection} cannot be read` };
  return { kind: 'unreadable', entry: after, detail };
}
