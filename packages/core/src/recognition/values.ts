import type { PersonalKind } from './kinds.ts';
import { recognise, redact } from './recognise.ts';

/** Personal information found in a value, by where it stands. */
export interface Found {
  /** JSON Pointer; a key that is personal itself is named by the pointer of what holds it. */
  readonly pointer: string;
  readonly kind: PersonalKind;
}

/** How deep a value is read; what lies deeper is no plain data. */
const MOST_DEEP = 64;

function segment(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Visit every text of a JSON value. Numbers are read as they are written: a telephone number may be one. */
function visit(value: unknown, see: (text: string, pointer: string) => void, pointer: string, depth: number): void {
  if (typeof value === 'string') return see(value, pointer);
  if (typeof value === 'number' || typeof value === 'bigint') return see(String(value), pointer);
  if (typeof value !== 'object' || value === null || depth > MOST_DEEP) return undefined;
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries()) visit(item, see, `${pointer}/${i}`, depth + 1);
    return undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    see(key, pointer);
    visit(inner, see, `${pointer}/${segment(key)}`, depth + 1);
  }
  return undefined;
}

/** Personal information anywhere in a JSON value (在结构中识别). */
export function recogniseIn(value: unknown): readonly Found[] {
  const found: Found[] = [];
  visit(value, (text, pointer) => found.push(...recognise(text).map(({ kind }) => ({ pointer, kind }))), '', 0);
  return found;
}

/**
 * A copy of a value in which every text, key and number is redacted (结构脱敏). Errors become their name and message; what is
 * circular or deeper than 64 levels is cut. For logs and the like, never for what goes on being used.
 */
export function redactIn(value: unknown): unknown {
  const seen = new Set<object>();
  const copy = (inner: unknown, depth: number): unknown => {
    if (typeof inner === 'string') return redact(inner);
    if (typeof inner === 'number' || typeof inner === 'bigint') {
      const text = redact(String(inner));
      return text === String(inner) ? inner : text;
    }
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth > MOST_DEEP || seen.has(inner)) return '〔…〕';
    seen.add(inner);
    try {
      if (inner instanceof Error)
        return { name: inner.name, message: redact(inner.message), ...(inner.stack ? { stack: redact(inner.stack) } : {}) };
      if (inner instanceof Date) return inner.toISOString();
      if (inner instanceof Uint8Array) return `〔${inner.length} bytes〕`;
      if (Array.isArray(inner)) return (inner as readonly unknown[]).map((item) => copy(item, depth + 1));
      return Object.fromEntries(Object.entries(inner).map(([key, item]) => [redact(key), copy(item, depth + 1)]));
    } finally {
      seen.delete(inner);
    }
  };
  return copy(value, 0);
}
