import type { CollectionDeclaration } from '@zhengpin/core';

import { sqlState, unavailable } from './session.ts';
import type { PostgresClient } from './session.ts';
import { indexStatements, quoted, tableName } from './statements.ts';

/** Layout of the tables; raised when an older kit could not read them any more. */
const SCHEMA = 1;
const TRIES = 10;

interface Found {
  /** Undefined where the kit never was. */
  readonly version: number | undefined;
  /** Tables and usable indexes of the kit. */
  readonly names: ReadonlySet<string>;
  /** Indexes whose building was broken off. */
  readonly broken: readonly string[];
}

function newer(version: number): Error {
  return unavailable(
    `数据库的结构版本为 ${version}，本版本只认识到 ${SCHEMA}，请升级`,
    `The database has schema version ${version}; this release knows up to ${SCHEMA}: upgrade the kit`,
  );
}

async function look(client: PostgresClient, schema: string): Promise<Found> {
  const { rows } = await client.query({
    text:
      `SELECT c.relname AS name, coalesce(i.indisvalid, true) AS valid FROM pg_catalog.pg_class c ` +
      `JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid ` +
      `WHERE n.nspname = $1 AND c.relname LIKE 'zp\\_%'`,
    values: [schema],
  });
  const relations = rows as readonly { readonly name: string; readonly valid: boolean }[];
  const names = new Set(relations.filter(({ valid }) => valid).map(({ name }) => name));
  const broken = relations.filter(({ valid }) => !valid).map(({ name }) => name);
  if (!names.has('zp_schema')) return { version: undefined, names, broken };
  const versions = await client.query({ text: `SELECT max(version) AS version FROM ${tableName(schema, 'schema')}` });
  const version = (versions.rows[0] as { readonly version: number | null } | undefined)?.version ?? undefined;
  if (version !== undefined && version > SCHEMA) throw newer(version);
  return { version, names, broken };
}

/** What is declared and not there, as statements; none when nothing is to be done. */
function missing(found: Found, schema: string, collections: readonly CollectionDeclaration[]): readonly string[] {
  const statements: string[] = [];
  for (const declaration of collections) {
    const { name } = declaration;
    if (!found.names.has(`zp_${name}`))
      statements.push(
        `CREATE TABLE IF NOT EXISTS ${tableName(schema, name)} (id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, body jsonb NOT NULL)`,
      );
    for (const index of indexStatements(schema, declaration)) {
      if (found.names.has(index.name)) continue;
      if (found.broken.includes(index.name)) statements.push(`DROP INDEX ${quoted(schema)}.${quoted(index.name)}`);
      statements.push(index.text);
    }
  }
  if (found.version === undefined)
    statements.push(`INSERT INTO ${tableName(schema, 'schema')} (version) VALUES (${SCHEMA}) ON CONFLICT DO NOTHING`);
  return statements;
}

async function create(client: PostgresClient, schema: string, collections: readonly CollectionDeclaration[]): Promise<void> {
  const run = (text: string): Promise<unknown> => client.query({ text });
  await run('BEGIN');
  try {
    await run('SET LOCAL statement_timeout = 0');
    const { rows } = await client.query({ text: 'SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', values: [schema] });
    // Asked first: even IF NOT EXISTS wants the right to create schemas.
    if (rows.length === 0) await run(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
    const versions = tableName(schema, 'schema');
    await run(
      `CREATE TABLE IF NOT EXISTS ${versions} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    );
    // From here on one replica at a time; whoever waited looks again at what is there by then.
    await run(`LOCK TABLE ${versions} IN SHARE ROW EXCLUSIVE MODE`);
    for (const text of missing(await look(client, schema), schema, collections)) await run(text);
    await run('COMMIT');
  } catch (error) {
    // A connection that is gone cannot roll back, and need not.
    await run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Two replicas made the same thing at once: the schema, the version table, or its types. */
const MADE_MEANWHILE = ['42P06', '42P07', '23505', '42710', '40P01', '40001', 'XX000'];

/**
 * Bring the tables up to what is declared (建表与升级): nothing but two reads where all is there already, so that the
 * application's role needs no right to create. Several replicas may do it at once.
 * @throws ZP_STORE_UNAVAILABLE when the tables were made by a newer kit; what the driver throws
 */
export async function migrate(client: PostgresClient, schema: string, collections: readonly CollectionDeclaration[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    const found = await look(client, schema);
    if (found.version !== undefined && missing(found, schema, collections).length === 0) return;
    try {
      await create(client, schema, collections);
      return;
    } catch (error) {
      if (tries === TRIES || !MADE_MEANWHILE.includes(sqlState(error) ?? '')) throw error;
    }
  }
}

/**
 * The declared collections that have no table yet, for a reader that creates nothing.
 * @throws ZP_STORE_UNAVAILABLE when this never was a store, or is one of a newer kit; what the driver throws
 */
export async function absent(
  client: PostgresClient,
  schema: string,
  collections: readonly CollectionDeclaration[],
): Promise<ReadonlySet<string>> {
  const { version, names } = await look(client, schema);
  if (version === undefined)
    throw unavailable(`数据库模式 ${schema} 中没有本工具的存储`, `There is no store of the kit in the database schema ${schema}`);
  return new Set(collections.map(({ name }) => name).filter((name) => !names.has(`zp_${name}`)));
}
