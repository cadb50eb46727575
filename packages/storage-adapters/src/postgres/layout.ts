import type { CollectionDeclaration } from '@zhengpin/core';

import { ask, sqlState, unavailable } from './session.ts';
import type { PostgresClient } from './session.ts';
import { indexStatements, quoted, tableName } from './statements.ts';

/** Layout of the tables; raised when an older kit could not read them any more. */
const SCHEMA = 1;
const TRIES = 10;

/** Where to look and what should be there. */
interface Place {
  readonly client: PostgresClient;
  readonly schema: string;
  readonly collections: readonly CollectionDeclaration[];
  /** For looking; building an index takes as long as it takes. */
  readonly timeoutMs: number;
}

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

async function look({ client, schema, timeoutMs }: Place): Promise<Found> {
  const relations = await ask(
    client,
    {
      text:
        `SELECT c.relname AS name, coalesce(i.indisvalid, true)::text AS valid FROM pg_catalog.pg_class c ` +
        `JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid ` +
        `WHERE n.nspname = $1 AND c.relname LIKE 'zp\\_%'`,
      values: [schema],
    },
    timeoutMs,
  );
  const named = (valid: string): string[] => relations.flatMap((row) => (row['valid'] === valid ? [row['name'] ?? ''] : []));
  const [names, broken] = [new Set(named('true')), named('false')];
  if (!names.has('zp_schema')) return { version: undefined, names, broken };
  const [newest] = await ask(client, { text: `SELECT max(version) AS version FROM ${tableName(schema, 'schema')}`, values: [] }, timeoutMs);
  const version = typeof newest?.['version'] === 'string' ? Number(newest['version']) : undefined;
  if (version !== undefined && version > SCHEMA) throw newer(version);
  return { version, names, broken };
}

/** What is declared and not there, as statements; none when nothing is to be done. */
function missing(found: Found, { schema, collections }: Place): readonly string[] {
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

async function create(place: Place): Promise<void> {
  const { client, schema } = place;
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
    for (const text of missing(await look(place), place)) await run(text);
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
export async function migrate(place: Place): Promise<void> {
  for (let tries = 1; ; tries++) {
    const found = await look(place);
    if (found.version !== undefined && missing(found, place).length === 0) return;
    try {
      await create(place);
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
export async function absent(place: Place): Promise<ReadonlySet<string>> {
  const { version, names } = await look(place);
  if (version === undefined)
    throw unavailable(
      `数据库模式 ${place.schema} 中没有本工具的存储`,
      `There is no store of the kit in the database schema ${place.schema}`,
    );
  return new Set(place.collections.map(({ name }) => name).filter((name) => !names.has(`zp_${name}`)));
}
