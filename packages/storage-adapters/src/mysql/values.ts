import { ComplianceError } from '@zhengpin/core';
import type { CollectionDeclaration, FieldValue, JsonObject } from '@zhengpin/core';

/** Longest id in bytes of UTF-8. With {@link MOST_INDEXED} fields beside it an index stays within InnoDB's 3072 bytes. */
export const ID_BYTES = 1024;
/** Longest key of a declared field, its type letter included. */
const KEY_BYTES = 500;
const MOST_INDEXED = 4;
/** MariaDB's JSON functions read 31 levels, MySQL's 100. */
const DEPTH = 31;
const NAME = /^[A-Za-z][A-Za-z0-9]*$/;
/** A name in SQL has 64 characters at most, prefix included. */
const NAME_LENGTH = 60;

export function invalid(zh: string, en: string = zh): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `无效：${zh}`, en: `not valid: ${en}` } });
}

/**
 * A literal that is nothing but hexadecimal digits: no value can end it early, whatever the session's `sql_mode` or
 * character set says about backslashes.
 */
export function literal(text: string): string {
  return `X'${Buffer.from(text, 'utf8').toString('hex')}'`;
}

/** How the text of a body stands in a statement. */
export type TextLiteral = (text: string) => string;

/** For sessions of the host: as {@link literal}, whatever they are set to. Twice the bytes. */
export const hexText: TextLiteral = (text) => `_utf8mb4 ${literal(text)}`;

/**
 * For the store's own sessions, which are set to utf8mb4 and a `sql_mode` where a backslash escapes: JSON text with its quotes
 * and backslashes doubled. It has no control characters, and a doubled quote ends a literal in no mode.
 */
export const quotedText: TextLiteral = (text) => `'${text.replace(/['\\]/g, '$&$&')}'`;

const WHOLE_DIGITS = 41;
const FRACTION_DIGITS = 20;
const OFFSET = 10n ** BigInt(WHOLE_DIGITS - 1);

/** Digits of fixed length that order as the numbers do: the decimal value plus 10^40. */
function numberKey(value: number): string {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const zeros = FRACTION_DIGITS + Number(exponent) + 1 - digits.length;
  const offset = OFFSET * 10n ** BigInt(FRACTION_DIGITS);
  const units = zeros >= 0 && zeros < 80 ? BigInt(digits) * 10n ** BigInt(zeros) : offset;
  if (value !== 0 && units >= offset)
    throw invalid(`声明字段中的数 ${value} 超出可比较范围`, `the number ${value} in a declared field has more digits than can be compared`);
  const all = (value < 0 ? offset - units : offset + (value === 0 ? 0n : units)).toString().padStart(WHOLE_DIGITS + FRACTION_DIGITS, '0');
  return `${all.slice(0, WHOLE_DIGITS)}.${all.slice(WHOLE_DIGITS)}`;
}

/**
 * What a declared field is found and ordered by (查找键): its type, then its value, so that bytes compare as values do and
 * `1`, `true` and `"1"` stay three things. {@link keyColumn} is the same in SQL.
 * @throws ZP_OPTION_INVALID for a number beyond 40 digits before or 20 after the point
 */
export function keyOf(value: FieldValue): string {
  if (typeof value === 'string') return `s${value}`;
  return typeof value === 'boolean' ? `b${value}` : `n${numberKey(value)}`;
}

/** {@link keyOf} over the stored body; NULL for null, lists, objects and what is absent. */
export function keyExpression(field: string): string {
  const value = `JSON_EXTRACT(body, '$.${field}')`;
  const text = `JSON_UNQUOTE(${value})`;
  const length = WHOLE_DIGITS + 1 + FRACTION_DIGITS;
  const number = `CONCAT('n', LPAD(CAST(${text} AS DECIMAL(65,${FRACTION_DIGITS})) + ${OFFSET}, ${length}, '0'))`;
  const cases = [
    `'STRING' THEN CONCAT('s', ${text})`,
    `'BOOLEAN' THEN CONCAT('b', ${text})`,
    ...['INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'].map((type) => `'${type}' THEN ${number}`),
  ];
  return `CASE JSON_TYPE(${value}) ${cases.map((c) => `WHEN ${c}`).join(' ')} END`;
}

/** A column computed from the body: a row edited by hand cannot disagree with what it is found by. */
export function keyColumn(field: string): string {
  return `\`f_${field}\` VARBINARY(${KEY_BYTES}) GENERATED ALWAYS AS (${keyExpression(field)}) VIRTUAL`;
}

function levels(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let most = 0;
  for (const inner of Object.values(value)) most = Math.max(most, levels(inner));
  return most + 1;
}

/**
 * The text of a body as it is stored.
 * @throws ZP_OPTION_INVALID for what the server's JSON functions cannot read back: a lone surrogate, more than 31 levels, or
 * a declared field longer than 499 bytes
 */
export function bodyText({ name, fields }: CollectionDeclaration, body: JsonObject): string {
  const text = JSON.stringify(body);
  if (fields.length === 0) return text;
  for (const field of fields) {
    const value = Object.hasOwn(body, field) ? body[field] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    if (Buffer.byteLength(keyOf(value)) > KEY_BYTES)
      throw invalid(`${name}.${field} 超过 ${KEY_BYTES - 1} 字节`, `${name}.${field} is longer than ${KEY_BYTES - 1} bytes`);
  }
  // JSON.stringify escapes a surrogate only when its other half is missing.
  if (text.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text))
    throw invalid(`${name} 的文本含有残缺的字符`, `a text in ${name} holds half a character (a lone surrogate)`);
  if (levels(body) > DEPTH)
    throw invalid(`${name} 的内容嵌套超过 ${DEPTH} 层`, `a body of ${name} is nested more than ${DEPTH} levels deep`);
  return text;
}

/** True for ids a row can have; any other is simply not there. */
export function possibleId(id: string): boolean {
  return id.isWellFormed() && Buffer.byteLength(id) <= ID_BYTES;
}

/** @throws ZP_OPTION_INVALID unless names fit SQL, also where it ignores case, and every index fits its 3072 bytes. */
export function checkDeclarations(collections: readonly CollectionDeclaration[]): void {
  for (const words of [collections.map((c) => c.name), ...collections.map((c) => ['id', 'version', 'body', ...c.fields])]) {
    for (const word of words) if (!NAME.test(word) || word.length > NAME_LENGTH) throw invalid(word);
    const twice = words.find((word, i) => words.findIndex((w) => w.toLowerCase() === word.toLowerCase()) !== i);
    if (twice !== undefined) throw invalid(`${twice}（重名）`, `${twice} (named twice)`);
  }
  for (const { name, fields, indexes } of collections) {
    for (const index of indexes) {
      const unknown = index.find((field) => !fields.includes(field));
      if (unknown !== undefined) throw invalid(`索引字段 ${name}.${unknown}`, `index over ${name}.${unknown}`);
      if (index.length > MOST_INDEXED)
        throw invalid(`${name} 的索引多于 ${MOST_INDEXED} 个字段`, `an index of ${name} has more than ${MOST_INDEXED} fields`);
    }
  }
}
