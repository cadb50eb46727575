import { ComplianceError } from '../../kernel/errors.ts';
import type { Role } from '../../kernel/identity.ts';
import { PERSONAL_KINDS } from '../../recognition/kinds.ts';
import type { PersonalKind } from '../../recognition/kinds.ts';
import { recognise, redact } from '../../recognition/recognise.ts';
import { PERSONAL_FIELDS } from '../../rules/personal-fields.ts';
import type { PersonalField } from '../../rules/personal-fields.ts';
import { masked } from './masks.ts';

/**
 * Which fields a document holds (文档字段映射): JSON Pointers, `*` for every item or member, to a field of the catalogue. `public` is for what
 * a host knows to be nobody's. What is not mapped goes out only while it does not look like personal information.
 */
export type FieldMap = { readonly [pointer: string]: string };

/** What may leave of a document, and what was in it (外发投影). */
export interface Projection {
  readonly value: unknown;
  /** Fields that were shown, whole or in part. */
  readonly fields: readonly string[];
  /** Ids of the subjects, as the map of subjects says. */
  readonly subjects: readonly string[];
  /** Kinds found where no field was declared: they were redacted. */
  readonly undeclared: readonly PersonalKind[];
}

export interface Projector {
  /** @throws nothing: what cannot be read is withheld */
  project(value: unknown, role: Role): Projection;
  /** Fields the map declares. */
  readonly declared: readonly PersonalField[];
}

interface Node {
  readonly inner: Map<string, Node>;
  any?: Node;
  field?: PersonalField | 'public';
  isSubject?: true;
}

const MOST_DEEP = 64;
const MOST_KEYS = 1000;
const NOWHERE: readonly Node[] = [];

function invalid(zh: string, en: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh, en } });
}

function stepsOf(pointer: string): readonly string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw invalid(`不是 JSON Pointer：${pointer}`, `not a JSON Pointer: ${pointer}`);
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nodeAt(root: Node, pointer: string): Node {
  let node = root;
  for (const step of stepsOf(pointer)) {
    const next: Node = (step === '*' ? node.any : node.inner.get(step)) ?? { inner: new Map() };
    if (step === '*') node.any = next;
    else node.inner.set(step, next);
    node = next;
  }
  return node;
}

/** Nothing is declared below. */
function isLeaf({ inner, any }: Node): boolean {
  return inner.size === 0 && any === undefined;
}

function below(nodes: readonly Node[], step: string): readonly Node[] {
  if (nodes.length === 0) return NOWHERE;
  const next: Node[] = [];
  for (const { inner, any } of nodes) {
    const named = inner.get(step);
    if (named) next.push(named);
    if (any) next.push(any);
  }
  return next.length === 0 ? NOWHERE : next;
}

/** What stands in the place of a withheld item of a list, so that the others keep their places. */
const WITHHELD = null;

/**
 * Decide once how documents of one kind leave (编制投影).
 * @param subjects pointers to the opaque ids of the persons or employers a document is about
 * @throws ZP_OPTION_INVALID for a field the catalogue does not have, or a pointer that is none
 */
export function createProjector(
  fields: FieldMap,
  subjects: readonly string[],
  catalogue: readonly PersonalField[] = PERSONAL_FIELDS,
): Projector {
  const root: Node = { inner: new Map() };
  const declared: PersonalField[] = [];
  for (const [pointer, id] of Object.entries(fields)) {
    const field = id === 'public' ? id : catalogue.find((one) => one.id === id);
    if (field === undefined) throw invalid(`目录中没有字段 ${id}`, `the catalogue has no field ${id}`);
    nodeAt(root, pointer).field = field;
    if (field !== 'public') declared.push(field);
  }
  for (const pointer of subjects) nodeAt(root, pointer).isSubject = true;

  /** Keys that were looked at and are nobody's: documents of one kind have few. */
  const harmless = new Set<string>();

  function project(value: unknown, role: Role): Projection {
    const shown = new Set<string>();
    const ids = new Set<string>();
    const undeclared = new Set<PersonalKind>();
    const DROP = Symbol('drop');

    function plain(text: string): string {
      const found = recognise(text);
      for (const { kind } of found) undeclared.add(kind);
      return found.length === 0 ? text : redact(text);
    }

    function plainKey(key: string): string {
      if (harmless.has(key)) return key;
      const name = plain(key);
      if (name === key && harmless.size < MOST_KEYS) harmless.add(key);
      return name;
    }

    function leaf(inner: string | number | boolean, field: PersonalField | 'public' | undefined): unknown {
      if (field === 'public') return inner;
      if (field === undefined) {
        if (typeof inner === 'boolean') return inner;
        const text = plain(String(inner));
        return text === String(inner) ? inner : text;
      }
      const sight = field.sight[role];
      if (sight === undefined) return DROP;
      shown.add(field.id);
      return sight === 'full' || typeof inner === 'boolean' ? (sight === 'full' ? inner : DROP) : masked(field.id, inner);
    }

    function walk(inner: unknown, nodes: readonly Node[], above: PersonalField | 'public' | undefined, depth: number): unknown {
      const own = nodes.find((node) => node.field !== undefined)?.field ?? above;
      if (typeof inner === 'bigint') return leaf(String(inner), own);
      if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean') {
        if (nodes.some((node) => node.isSubject)) ids.add(String(inner));
        return leaf(inner, nodes.some((node) => node.isSubject) ? (own ?? 'public') : own);
      }
      if (inner === null || inner === undefined) return inner;
      if (typeof inner !== 'object' || depth > MOST_DEEP) return DROP;
      const json = (inner as { toJSON?: unknown }).toJSON;
      if (typeof json === 'function') return walk(json.call(inner), nodes, above, depth + 1);
      if (inner instanceof Uint8Array) return DROP;
      if (own !== undefined && nodes.every(isLeaf)) {
        if (own === 'public') return inner;
        const sight = own.sight[role];
        // A field the role may not see at all goes with everything below it, and one it sees all of stays as it is.
        if (sight === undefined) return DROP;
        if (sight === 'full') {
          shown.add(own.id);
          return inner;
        }
      } else if (own !== undefined && own !== 'public' && own.sight[role] === undefined) return DROP;
      if (Array.isArray(inner)) {
        return (inner as readonly unknown[]).map((item, i) => {
          const next = walk(item, below(nodes, String(i)), own, depth + 1);
          return next === DROP ? WITHHELD : next;
        });
      }
      const copy: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(inner)) {
        const next = walk(item, below(nodes, key), own, depth + 1);
        if (next === DROP) continue;
        const name = plainKey(key);
        // A key of that name would set the prototype instead.
        if (name === '__proto__') Object.defineProperty(copy, name, { value: next, enumerable: true, configurable: true, writable: true });
        else copy[name] = next;
      }
      return copy;
    }

    const result = walk(value, [root], undefined, 0);
    return {
      value: result === DROP ? WITHHELD : result,
      fields: [...shown].toSorted(),
      subjects: [...ids],
      undeclared: [...undeclared].toSorted((a, b) => Object.keys(PERSONAL_KINDS).indexOf(a) - Object.keys(PERSONAL_KINDS).indexOf(b)),
    };
  }

  return { project, declared };
}
