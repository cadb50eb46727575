import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { ComplianceError } from './errors.ts';
import type { Issue } from './errors.ts';
import { isUscc } from './identifiers.ts';
import type { Citation } from './law.ts';
import type { Text } from './text.ts';

/** What a field is called and why it is asked for; keyed by JSON Pointer of the field. */
export interface FieldNote {
  readonly title: Text;
  readonly advice?: Text;
  readonly citations: readonly Citation[];
}

const MAX_DEPTH = 16;
const MAX_ISSUES = 50;

const RULES: { readonly [keyword: string]: (params: Record<string, unknown>) => Text } = {
  required: () => ({ zh: '必填项缺失', en: 'is required' }),
  additionalProperties: () => ({ zh: '不接受该字段', en: 'is not a field of this document' }),
  type: (p) => ({ zh: `类型须为 ${String(p['type'])}`, en: `must be ${String(p['type'])}` }),
  enum: (p) => ({ zh: `须为下列之一：${list(p['allowedValues'])}`, en: `must be one of ${list(p['allowedValues'])}` }),
  const: (p) => ({ zh: `须为 ${String(p['allowedValue'])}`, en: `must be ${String(p['allowedValue'])}` }),
  minLength: () => ({ zh: '不得为空或过短', en: 'is empty or too short' }),
  maxLength: (p) => ({ zh: `不得超过 ${String(p['limit'])} 个字符`, en: `must not exceed ${String(p['limit'])} characters` }),
  minimum: (p) => ({ zh: `不得小于 ${String(p['limit'])}`, en: `must be at least ${String(p['limit'])}` }),
  maximum: (p) => ({ zh: `不得大于 ${String(p['limit'])}`, en: `must be at most ${String(p['limit'])}` }),
  minItems: (p) => ({ zh: `至少 ${String(p['limit'])} 项`, en: `needs at least ${String(p['limit'])} items` }),
  maxItems: (p) => ({ zh: `至多 ${String(p['limit'])} 项`, en: `takes at most ${String(p['limit'])} items` }),
  minProperties: () => ({ zh: '须填写其中一项', en: 'needs one of its fields' }),
  maxProperties: () => ({ zh: '只能填写其中一项', en: 'takes only one of its fields' }),
  uniqueItems: () => ({ zh: '不得重复', en: 'must not repeat an item' }),
  pattern: () => ({ zh: '格式不符', en: 'has the wrong form' }),
  format: (p) => FORMATS[String(p['format'])] ?? { zh: `须为 ${String(p['format'])} 格式`, en: `must be a valid ${String(p['format'])}` },
};

const FORMATS: { readonly [format: string]: Text } = {
  date: { zh: '须为真实存在的日期（YYYY-MM-DD）', en: 'must be a date that exists (YYYY-MM-DD)' },
  uscc: { zh: '统一社会信用代码校验不通过（GB 32100-2015）', en: 'is not a valid unified social credit code (GB 32100-2015)' },
};

function list(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(', ') : '';
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function pointerOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  const extra = error.keyword === 'required' ? params['missingProperty'] : params['additionalProperty'];
  return typeof extra === 'string' ? `${error.instancePath}/${escapePointer(extra)}` : error.instancePath;
}

function unreadable(value: unknown, pointer: string, depth: number): { readonly pointer: string; readonly rule: string } | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : { pointer, rule: 'well-formed' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return { pointer, rule: 'depth' };
  for (const [key, item] of Object.entries(value)) {
    const at = `${pointer}/${escapePointer(key)}`;
    if (!key.isWellFormed()) return { pointer, rule: 'well-formed' };
    const found = unreadable(item, at, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function issueOf(pointer: string, rule: string, what: Text, note: FieldNote | undefined): Issue {
  const zh = note ? `${note.title.zh}：${what.zh}` : what.zh;
  const en = note ? `${note.title.en}: ${what.en}` : what.en;
  return { pointer, rule, title: { zh, en }, advice: note?.advice ?? what, citations: note?.citations ?? [] };
}

/** Throws ZP_INPUT_INVALID with every issue found. */
export function refuse(issues: readonly Issue[]): never {
  throw new ComplianceError('ZP_INPUT_INVALID', {
    detail: { zh: `提交内容有 ${issues.length} 处不符合要求`, en: `The input has ${issues.length} problem(s)` },
    issues,
  });
}

/** A field is named in an issue by its own note or, below a noted object, by that object's. */
function noteFor(notes: { readonly [pointer: string]: FieldNote }, pointer: string): FieldNote | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const note = notes[at];
    if (note) return note;
  }
  return undefined;
}

export type Validator<T> = (input: unknown) => T;

/** One compiler for the process: making one costs as much as compiling a schema. */
let ajv: Ajv2020 | undefined;

function createAjv(): Ajv2020 {
  const made = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  formats.default(made, ['date', 'date-time', 'uri']);
  made.addFormat('uscc', { type: 'string', validate: isUscc });
  return made;
}

/**
 * Compile a JSON Schema 2020-12 into the one check an input passes at the edge (输入校验).
 * @throws (the returned function) ZP_INPUT_INVALID with a JSON Pointer, rule and advice an issue.
 */
export function createValidator<T>(schema: object, notes: { readonly [pointer: string]: FieldNote } = {}): Validator<T> {
  ajv ??= createAjv();
  // A schema is compiled once a process, however many kernels there are.
  const check: ValidateFunction<T> = ajv.compile<T>(schema);
  return (input) => {
    const broken = unreadable(input, '', 0);
    if (broken) {
      const text =
        broken.rule === 'depth'
          ? { zh: '嵌套过深', en: 'is nested too deeply' }
          : { zh: '含有不成对的代理字符', en: 'contains a lone surrogate' };
      refuse([issueOf(broken.pointer, broken.rule, text, undefined)]);
    }
    if (check(input)) return input;
    // "if" only repeats what its branch has said.
    const errors = (check.errors ?? []).filter((error) => error.keyword !== 'if').slice(0, MAX_ISSUES);
    return refuse(
      errors.map((error) => {
        const pointer = pointerOf(error);
        const what = RULES[error.keyword]?.(error.params as Record<string, unknown>) ?? { zh: '不符合要求', en: 'is not valid' };
        return issueOf(pointer, error.keyword, what, noteFor(notes, pointer));
      }),
    );
  };
}
