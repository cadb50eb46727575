import type { CollectionDeclaration } from '@zhengpin/core';
import { createHash } from 'node:crypto';

import { isContended, isErrno, isMissingTable, unavailable } from './errors.ts';
import type { Session } from './session.ts';
import { ID_BYTES, keyColumn } from './values.ts';

/** Layout of the tables, in `zp_schema`; raised when an older kit could not read or write them any more. */
const SCHEMA = 1;
const ATTEMPTS = 10;
/** Somebody else made the table, the column or the index a moment before. */
const THERE_ALREADY = [1050, 1060, 1061] as const;

/** What is in the database of the kit's tables. */
export interface Layout {
  /** Columns by table. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** `table.index` of every index. */
  readonly indexes: ReadonlySet<string>;
}

/** Name of an index over these fields; long ones are shortened by a digest, a name in SQL has 64 characters. */
function indexName(fields: readonly string[]): string {
  const name = `ix_${fields.join('_')}`;
  return name.length <= 64 ? name : `${name.slice(0, 47)}_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

function indexDefinition(fields: readonly string[]): string {
  return `KEY \`${indexName(fields)}\` (${[...fields.map((field) => `\`f_${field}\``), 'id'].join(', ')})`;
}

function createTable({ name, fields, indexes }: CollectionDeclaration): string {
  const parts = [
    // Bytes, not characters: every id is itself, blanks at the end and case included, and bytes of UTF-8 order by code point.
    `id VARBINARY(${ID_BYTES}) NOT NULL`,
    'version BIGINT NOT NULL',
    // Text, not JSON: that type would bring keys into another order, and MariaDB has none.
    'body LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
    ...fields.map(keyColumn),
    'PRIMARY KEY (id)',
    ...indexes.map(indexDefinition),
  ];
  return `CREATE TABLE IF NOT EXISTS \`zp_${name}\` (${parts.join(', ')}) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;
}

export async function readLayout(session: Session): Promise<Layout> {
  const mine = `WHERE table_schema = DATABASE() AND table_name LIKE 'zp\\_%'`;
  const [found, indexed] = await session.run([
    `SELECT table_name AS t, column_name AS c FROM information_schema.columns ${mine}`,
    `SELECT table_name AS t, index_name AS c FROM information_schema.statistics ${mine}`,
  ]);
  const columns = new Map<string, Set<string>>();
  for (const row of found?.rows ?? []) {
    const table = String(row['t']);
    columns.set(table, (columns.get(table) ?? new Set()).add(String(row['c'])));
  }
  return { columns, indexes: new Set(indexed?.rows.map((row) => `${String(row['t'])}.${String(row['c'])}`)) };
}

/** Table names as this server keeps them: in lower case where `lower_case_table_names` says so. */
function columnsOf(layout: Layout, name: string): ReadonlySet<string> | undefined {
  return layout.columns.get(`zp_${name}`) ?? layout.columns.get(`zp_${name.toLowerCase()}`);
}

/** True when the table has a column for this field; a store opened read-only may meet an older one. */
export function hasColumn(layout: Layout, collection: string, field: string): boolean {
  return columnsOf(layout, collection)?.has(`f_${field}`) === true;
}

function missing(layout: Layout, collections: readonly CollectionDeclaration[]): readonly string[] {
  return collections.flatMap((declaration) => {
    const { name, fields, indexes } = declaration;
    const there = columnsOf(layout, name);
    if (there === undefined) return [createTable(declaration)];
    const alter = `ALTER TABLE \`zp_${name}\` ADD`;
    return [
      ...fields.filter((field) => !there.has(`f_${field}`)).map((field) => `${alter} COLUMN ${keyColumn(field)}`),
      ...indexes
        .filter((index) => ![name, name.toLowerCase()].some((table) => layout.indexes.has(`zp_${table}.${indexName(index)}`)))
        .map((index) => `${alter} ${indexDefinition(index)}`),
    ];
  });
}

/** @returns the version the tables say they have; 0 when there are none */
export async function schemaVersion(session: Session): Promise<number> {
  try {
    const [outcome] = await session.run(['SELECT version FROM zp_schema WHERE id=1']);
    const version = Number(outcome?.rows[0]?.['version'] ?? 0);
    if (version > SCHEMA) {
      throw unavailable(
        `存储的结构版本为 ${version}，本版本只认识到 ${SCHEMA}，请升级`,
        `The store has schema version ${version}; this release knows up to ${SCHEMA}: upgrade the kit`,
      );
    }
    return version;
  } catch (error) {
    if (isMissingTable(error)) return 0;
    throw error;
  }
}

/** True when there is nothing to set up. */
export async function isCurrent(session: Session, collections: readonly CollectionDeclaration[]): Promise<boolean> {
  return (await schemaVersion(session)) === SCHEMA && missing(await readLayout(session), collections).length === 0;
}

/**
 * Bring the tables up to date (升级表结构). Several replicas may do it at once: there is no lock to hold, each step can be
 * taken twice, and whoever comes second finds it taken.
 */
export async function migrate(session: Session, collections: readonly CollectionDeclaration[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const version = await schemaVersion(session);
      const steps = missing(await readLayout(session), collections);
      if (version === SCHEMA && steps.length === 0) return;
      if (version === 0)
        await session.run(['CREATE TABLE IF NOT EXISTS zp_schema (id INT NOT NULL PRIMARY KEY, version INT NOT NULL) ENGINE=InnoDB']);
      // One by one: each commits by itself, and the next must not be skipped when one was there already.
      for (const step of steps) {
        await session.run([step]).catch((error: unknown) => {
          if (!isErrno(error, ...THERE_ALREADY)) throw error;
        });
      }
      // Compare and set: never write over a newer version somebody has put there meanwhile.
      await session.run([`INSERT IGNORE INTO zp_schema (id, version) VALUES (1, ${SCHEMA})`]);
      await schemaVersion(session);
      return;
    } catch (error) {
      if (!isContended(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
