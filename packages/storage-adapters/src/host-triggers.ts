import { ComplianceError } from '@zhengpin/core';

/** Which table of the host's to guard, and where the kit's tables are (宿主表触发器选项). */
export interface HostTriggerOptions {
  readonly dialect: 'postgres' | 'mysql' | 'sqlite';
  /** A table of the host's in the same database. */
  readonly table: string;
  /** Its column with the id of the posting a row is about. */
  readonly column: string;
  readonly tenant: string;
  /** Schema of the kit's tables; PostgreSQL only. Default `public`. */
  readonly schema?: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;
const TENANT = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const REFUSAL = 'ZP_RETAINED 依法应当保存，尚未处置 / kept by law, not disposed of';

function postgres({ table, column, tenant, schema = 'public' }: HostTriggerOptions): string {
  const name = `zp_retained_${table}`;
  return `CREATE OR REPLACE FUNCTION "${schema}"."${name}"() RETURNS trigger LANGUAGE plpgsql AS $zp$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    RAISE EXCEPTION '${REFUSAL}' USING ERRCODE = 'ZP026';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW."${column}" IS NOT DISTINCT FROM OLD."${column}" THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM "${schema}"."zp_serviceLinks" l
    WHERE l.id = OLD."${column}"::text AND l.body->>'tenant' = '${tenant}' AND l.body->>'disposed' = 'true'
  ) THEN
    RAISE EXCEPTION '${REFUSAL}' USING ERRCODE = 'ZP026';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $zp$;
CREATE OR REPLACE TRIGGER ${name} BEFORE DELETE OR UPDATE OF "${column}" ON "${table}"
  FOR EACH ROW EXECUTE FUNCTION "${schema}"."${name}"();
CREATE OR REPLACE TRIGGER ${name}_all BEFORE TRUNCATE ON "${table}"
  FOR EACH STATEMENT EXECUTE FUNCTION "${schema}"."${name}"();
`;
}

function sqlite({ table, column, tenant }: HostTriggerOptions): string {
  const trigger = (name: string, when: string): string => `CREATE TRIGGER IF NOT EXISTS ${name} BEFORE ${when} ON "${table}" FOR EACH ROW
WHEN NOT EXISTS (
  SELECT 1 FROM zp_serviceLinks l WHERE l.id = CAST(OLD."${column}" AS TEXT)
    AND json_extract(l.body, '$.tenant') = '${tenant}' AND json_extract(l.body, '$.disposed') = 1
)
BEGIN
  SELECT RAISE(ABORT, '${REFUSAL}');
END;
`;
  return `${trigger(`zp_retained_${table}_delete`, 'DELETE')}${trigger(`zp_retained_${table}_update`, `UPDATE OF "${column}"`)}`;
}

function mysql({ table, column, tenant }: HostTriggerOptions): string {
  const trigger = (name: string, event: string, unless: string): string => `DROP TRIGGER IF EXISTS ${name};
CREATE TRIGGER ${name} BEFORE ${event} ON \`${table}\` FOR EACH ROW
BEGIN
  IF ${unless}NOT EXISTS (
    SELECT 1 FROM zp_serviceLinks l WHERE l.id = CAST(OLD.\`${column}\` AS BINARY)
      AND JSON_UNQUOTE(JSON_EXTRACT(l.body, '$.tenant')) = '${tenant}'
      AND JSON_UNQUOTE(JSON_EXTRACT(l.body, '$.disposed')) = 'true'
  ) THEN
    SIGNAL SQLSTATE '45026' SET MESSAGE_TEXT = '${REFUSAL}';
  END IF;
END;
`;
  const isSame = `NOT (NEW.\`${column}\` <=> OLD.\`${column}\`) AND `;
  return `${trigger(`zp_retained_${table}_delete`, 'DELETE', '')}${trigger(`zp_retained_${table}_update`, 'UPDATE', isSame)}`;
}

/**
 * SQL that keeps a table of the host's from losing rows early (宿主表防删触发器): a row goes, or becomes about another posting, only
 * once the kit has disposed of its posting. For whoever owns the schema to run; in the `mysql` client between `DELIMITER` lines.
 * Who may drop a trigger can still delete, TRUNCATE passes it in MySQL, and so do cascades of foreign keys there.
 * @throws ZP_OPTION_INVALID for names that are not plain
 * @source Order 44 Art. 26
 */
export function hostTriggers(options: HostTriggerOptions): string {
  const { dialect, table, column, tenant, schema = 'public' } = options;
  for (const word of [table, column, schema]) {
    if (!NAME.test(word))
      throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `名称无效：${word}`, en: `not a plain name: ${word}` } });
  }
  if (!TENANT.test(tenant)) throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '租户无效', en: 'not a tenant' } });
  return { postgres, mysql, sqlite }[dialect](options);
}
