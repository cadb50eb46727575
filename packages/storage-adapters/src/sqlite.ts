import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';

import { checkQuery, COLLECTIONS, ComplianceError, decodeCursor, encodeCursor, isComplianceError } from '@zhengpin/core';
import type { Change, CollectionDeclaration, FieldValue, JsonObject, Page, Query, Store, StoredRecord } from '@zhengpin/core';

/** Where the file is and how to open it (SQLite 存储选项). */
export interface SqliteStoreOptions {
  /** File path. */
  readonly path: string;
  /** Defaults to the kit's own collections. */
  readonly collections?: readonly CollectionDeclaration[];
  /** How long to wait for another process's write, in ms. Default 5000. */
  readonly busyTimeoutMs?: number;
  /**
   * Open what is there without setting up or writing anything, e.g. to verify a copy. A row whose text this store
   * cannot have written is then not handed out: ZP_STORE_UNAVAILABLE. Default false.
   */
  readonly readOnly?: boolean;
}

/** Layout of the tables, in `PRAGMA user_version`; raised when an older kit could not read them any more. */
const SCHEMA = 1;

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

function invalid(what: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `无效：${what}`, en: `not valid: ${what}` } });
}

function sqlValue(value: FieldValue): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

function expression(field: string): string {
  return field === 'id' ? 'id' : `json_extract(body, '$.${field}')`;
}

function unavailable(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_STORE_UNAVAILABLE', { detail: { zh, en } });
}

/** With `exact`, only a text this store writes itself. */
function rowOf(row: Record<string, unknown>, exact: boolean): StoredRecord {
  const text = String(row['body']);
  const body = JSON.parse(text) as JsonObject;
  // SQLite finds a row by the first of two equal keys and JSON.parse reads the last: what an index shows could differ
  // from what the evidence vouches for. A text that comes back as it was has each key once.
  if (exact && JSON.stringify(body) !== text) {
    const id = String(row['id']);
    throw unavailable(`记录 ${id} 的文本不是本存储写入的`, `The text of record ${id} was not written by this store`);
  }
  return { id: String(row['id']), version: Number(row['version']), body };
}

function schemaOf(db: DatabaseSync): number {
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found > SCHEMA) {
    throw unavailable(
      `存储文件的结构版本为 ${found}，本版本只认识到 ${SCHEMA}，请升级`,
      `The store file has schema version ${found}; this release knows up to ${SCHEMA}: upgrade the kit`,
    );
  }
  return found;
}

function migrate(db: DatabaseSync, collections: readonly CollectionDeclaration[]): void {
  db.exec('BEGIN IMMEDIATE');
  schemaOf(db);
  for (const { name, fields, indexes } of collections) {
    for (const word of [name, ...fields]) if (!NAME.test(word)) throw invalid(word);
    db.exec(`CREATE TABLE IF NOT EXISTS zp_${name} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)`);
    for (const index of indexes) {
      // Expressions over the body, not copied columns: a row edited by hand cannot disagree with what it is found by.
      const on = [...index.map(expression), 'id'].join(', ');
      db.exec(`CREATE INDEX IF NOT EXISTS zp_${name}_${index.join('_')} ON zp_${name} (${on})`);
    }
  }
  db.exec(`PRAGMA user_version=${SCHEMA}`);
  db.exec('COMMIT');
}

/** A file written before a collection existed has no table for it: read-only, an empty one stands in, on this side only. */
function standIn(db: DatabaseSync, collections: readonly CollectionDeclaration[]): void {
  const there = new Set(
    db
      .prepare("SELECT name FROM sqlite_master WHERE type='table'")
      .all()
      .map((row) => row['name']),
  );
  for (const { name } of collections) {
    if (!NAME.test(name)) throw invalid(name);
    if (!there.has(`zp_${name}`))
      db.exec(`CREATE TEMP TABLE zp_${name} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)`);
  }
}

/**
 * A store in one SQLite file (SQLite 存储): WAL with synchronous=FULL, so a resolved commit survives power loss.
 * @throws ZP_OPTION_INVALID for unknown options; ZP_STORE_UNAVAILABLE when the file cannot be opened, was written by a
 * newer kit, or is opened read-only and is not there or never was a store.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const known = ['path', 'collections', 'busyTimeoutMs', 'readOnly'];
  for (const key of Object.keys(options)) if (!known.includes(key)) throw invalid(`option ${key}`);
  const { path, collections = COLLECTIONS, busyTimeoutMs = 5000, readOnly = false } = options;
  if (!Number.isInteger(busyTimeoutMs) || busyTimeoutMs < 0) throw invalid('busyTimeoutMs');
  if (typeof readOnly !== 'boolean') throw invalid('readOnly');
  const statements = new Map<string, StatementSync>();

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (isComplianceError(cause)) throw cause;
      throw new ComplianceError('ZP_STORE_UNAVAILABLE', { cause });
    }
  }

  const db = guarded(() => {
    const opened = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
    try {
      if (readOnly) {
        if (schemaOf(opened) === 0) throw unavailable('该文件不是本工具的存储', 'The file is not a store of the kit');
        standIn(opened, collections);
        return opened;
      }
      // What is overwritten or removed is zeroed in the file: an erased key should not lie there to be found.
      opened.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON');
      migrate(opened, collections);
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  });

  function prepared(sql: string): StatementSync {
    let statement = statements.get(sql);
    if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
    return statement;
  }

  function table(collection: string): string {
    if (!collections.some((c) => c.name === collection)) throw invalid(`collection ${collection}`);
    return `zp_${collection}`;
  }

  function apply({ collection, id, expectedVersion, body }: Change): boolean {
    const name = table(collection);
    if (body === undefined) return prepared(`DELETE FROM ${name} WHERE id=? AND version=?`).run(id, expectedVersion).changes === 1;
    const text = JSON.stringify(body);
    return expectedVersion === 0
      ? prepared(`INSERT INTO ${name} VALUES (?, 1, ?) ON CONFLICT DO NOTHING`).run(id, text).changes === 1
      : prepared(`UPDATE ${name} SET version=version+1, body=? WHERE id=? AND version=?`).run(text, id, expectedVersion).changes === 1;
  }

  return {
    async get(collection, id) {
      return guarded(() => {
        const row = prepared(`SELECT id, version, body FROM ${table(collection)} WHERE id=?`).get(id);
        return row && rowOf(row, readOnly);
      });
    },

    async find(collection, query: Query): Promise<Page> {
      checkQuery(collections, collection, query);
      const position = decodeCursor(collection, query);
      const key = expression(query.range?.field ?? 'id');
      const down = query.order === 'desc';
      const where: string[] = [];
      const values: SQLInputValue[] = [];
      for (const [field, value] of Object.entries(query.where ?? {})) {
        where.push(`${expression(field)} = ?`);
        values.push(sqlValue(value));
      }
      for (const [bound, sign] of [
        ['gt', '>'],
        ['gte', '>='],
        ['lt', '<'],
        ['lte', '<='],
      ] as const) {
        const value = query.range?.[bound];
        if (value === undefined) continue;
        where.push(`${key} ${sign} ?`);
        values.push(sqlValue(value));
      }
      if (query.range) where.push(`${key} IS NOT NULL`);
      if (position) {
        where.push(`(${key}, id) ${down ? '<' : '>'} (?, ?)`);
        values.push(position.value === null ? null : sqlValue(position.value), position.id);
      }
      const order = down ? 'DESC' : 'ASC';
      const sql = `SELECT id, version, body, ${key} AS sort FROM ${table(collection)} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY ${key} ${order}, id ${order} LIMIT ?`;
      return guarded(() => {
        const rows = prepared(sql).all(...values, query.limit + 1);
        const page = rows.slice(0, query.limit);
        const last = page.at(-1);
        const records = page.map((row) => rowOf(row, readOnly));
        if (rows.length <= query.limit || last === undefined) return { records };
        const sort = last['sort'];
        const value = typeof sort === 'string' || typeof sort === 'number' ? sort : null;
        return { records, cursor: encodeCursor(collection, query, { value, id: String(last['id']) }) };
      });
    },

    async commit(changes) {
      if (readOnly) throw invalid('commit to a store opened with readOnly');
      const names = new Set(changes.map((c) => `${c.collection}/${c.id}`));
      if (names.size !== changes.length) throw invalid('a commit names a record twice');
      guarded(() => {
        db.exec('BEGIN IMMEDIATE');
        try {
          for (const change of changes) if (!apply(change)) throw new ComplianceError('ZP_CONFLICT');
          db.exec('COMMIT');
        } catch (error) {
          if (db.isTransaction) db.exec('ROLLBACK');
          throw error;
        }
      });
    },

    async close() {
      if (db.isOpen) db.close();
    },
  };
}

export interface SqliteSettings {
  /** Version of the SQLite library in this Node. */
  readonly library: string;
  /** `wal` when the kit has opened the file for writing. */
  readonly journalMode: string;
  /** Default of a connection that sets nothing; the kit's own always writes with FULL (2). */
  readonly synchronous: number;
}

/**
 * What SQLite says about itself and about a file (SQLite 设置), for a look-over of the installation; writes nothing.
 * @throws whatever `node:sqlite` throws for a file it cannot open
 */
export function sqliteSettings(path = ':memory:'): SqliteSettings {
  const db = path === ':memory:' ? new DatabaseSync(path) : new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return {
      library: String(db.prepare('SELECT sqlite_version() AS version').get()?.['version']),
      journalMode: String(db.prepare('PRAGMA journal_mode').get()?.['journal_mode']),
      synchronous: Number(db.prepare('PRAGMA synchronous').get()?.['synchronous']),
    };
  } finally {
    db.close();
  }
}
