import { ComplianceError } from '@zhengpin/core';
import type { Json } from '@zhengpin/core';

/**
 * PostgreSQL keeps neither U+0000 nor half a surrogate pair. Both are written as an escape that keeps the order of
 * code points: U+0000 and U+0001 behind U+0001, U+D7FF (which no writing uses) and half a pair behind U+D7FF.
 */
const FIRST = '\u{1}';
const LAST = '\u{D7FF}';
const AWKWARD = new RegExp(String.raw`[\0${FIRST}${LAST}]|\p{Cs}`, 'gu');
const ESCAPED = new RegExp(`${FIRST}[\u{1}\u{2}]?|${LAST}(?:0|d[89a-f][0-9a-f]{2})?`, 'gu');
/** In a JSON text: what may need an escape. Taking one text too many costs time, nothing else. */
const AWKWARD_JSON = /\\u(?:000[01]|d[89a-f])|\uD7FF/;

function escapeOne(char: string): string {
  if (char === '\0') return `${FIRST}\u{1}`;
  if (char === FIRST) return `${FIRST}\u{2}`;
  return char === LAST ? `${LAST}0` : LAST + char.charCodeAt(0).toString(16);
}

function readOne(escape: string): string {
  if (escape.length === 1)
    throw new ComplianceError('ZP_STORE_UNAVAILABLE', {
      detail: { zh: '有记录的文本不是本存储写入的', en: 'A record holds a text that this store did not write' },
    });
  if (escape.startsWith(FIRST)) return escape.endsWith('\u{2}') ? FIRST : '\0';
  return escape === `${LAST}0` ? LAST : String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]));
}

/** A text as a `text` column keeps it. */
export function textToColumn(text: string): string {
  return text.replace(AWKWARD, escapeOne);
}

/** @throws ZP_STORE_UNAVAILABLE for a text that {@link textToColumn} does not give */
export function textFromColumn(text: string): string {
  return text.replace(ESCAPED, readOne);
}

/**
 * JSON text of a value as a `jsonb` column keeps it.
 * @throws ZP_INPUT_INVALID for a value nested too deep to be walked
 */
export function jsonToColumn(value: Json): string {
  try {
    const text = JSON.stringify(value);
    return AWKWARD_JSON.test(text) ? JSON.stringify(mapTexts(JSON.parse(text) as Json, textToColumn)) : text;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ComplianceError('ZP_INPUT_INVALID', { detail: { zh: '记录嵌套过深', en: 'A record is nested too deep' }, cause });
  }
}

/** @throws ZP_STORE_UNAVAILABLE for a text that {@link jsonToColumn} does not give */
export function jsonFromColumn(text: string): Json {
  const value = JSON.parse(text) as Json;
  return text.includes(String.raw`\u0001`) || text.includes(LAST) ? mapTexts(value, textFromColumn) : value;
}
