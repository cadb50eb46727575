import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** What a witness remembers of a log (见证记录): the newest checkpoint it cosigned. */
interface Seen {
  /** 0 before the first. */
  readonly size: number;
  /** Base64; empty before the first. */
  readonly root: string;
}

/** The memory of a witness, on disk before any call returns. */
export interface WitnessRecord {
  seen(origin: string): Seen;
  /** Move from one state to the next; false when somebody else has moved meanwhile. */
  advance(origin: string, from: Seen, to: Seen, note: string): boolean;
  /** Keep a signed checkpoint that contradicts the record: it shows what the log's operator did. */
  keepContradiction(at: string, origin: string, request: string): void;
  /** How many of those are kept. */
  contradictions(origin: string): number;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS logs (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root TEXT NOT NULL, note TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS contradictions (id INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL, request TEXT NOT NULL) STRICT;`;
/** Of each log: enough to show what happened, and no way to fill the disk. */
const MOST_CONTRADICTIONS = 100;

/**
 * Open the memory of a witness.
 * @param create a witness that lost its memory must not start with an empty one: it would cosign another history
 */
export function openRecord(path: string, create: boolean): WitnessRecord {
  if (existsSync(path) === create)
    throw new Error(create ? `${path} exists already` : `${path} is missing: a witness without its record is retired`);
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;${SCHEMA}`);
  const read = db.prepare('SELECT size, root FROM logs WHERE origin = ?');
  const first = db.prepare(`INSERT OR IGNORE INTO logs VALUES (?, 0, '', '')`);
  const move = db.prepare('UPDATE logs SET size = ?, root = ?, note = ? WHERE origin = ? AND size = ? AND root = ?');
  const count = db.prepare('SELECT count(*) AS n FROM contradictions WHERE origin = ?');
  const keep = db.prepare('INSERT INTO contradictions (at, origin, request) VALUES (?, ?, ?)');
  return {
    seen(origin) {
      const row = read.get(origin);
      return row === undefined ? { size: 0, root: '' } : { size: Number(row['size']), root: String(row['root']) };
    },
    advance(origin, from, to, note) {
      first.run(origin);
      return move.run(to.size, to.root, note, origin, from.size, from.root).changes === 1;
    },
    keepContradiction(at, origin, request) {
      if (this.contradictions(origin) < MOST_CONTRADICTIONS) keep.run(at, origin, request);
    },
    contradictions: (origin) => Number(count.get(origin)?.['n']),
    close: () => db.close(),
  };
}
