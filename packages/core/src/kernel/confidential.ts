import { createHmac } from 'node:crypto';

import type { Command, Draft, Execute, Idempotency, Reader } from './execute.ts';
import { keysUnavailable } from './keys.ts';
import {
  ERASED_TEXT,
  ERASED_VALUE,
  erasedValue,
  isErased,
  isRestricted,
  isSealed,
  openValue,
  RESTRICTED_TEXT,
  RESTRICTED_VALUE,
  sealValue,
} from './seal.ts';
import type { Place, SealedValue } from './seal.ts';
import type { Citation } from './law.ts';
import type { Json, JsonObject, StoredRecord } from './store.ts';
import { subjectErased, subjectRestricted } from './subject-keys.ts';
import type { SubjectKey, SubjectKeys } from './subject-keys.ts';
import type { Actor } from './identity.ts';
import type { Text } from './text.ts';

/** One field that is stored sealed (密封字段). */
export interface SealedField {
  readonly collection: string;
  /** Path inside the record; `*` is every item of a list. */
  readonly path: readonly [string, ...string[]];
  /** Whose key seals it: the kind of subject and the field of the record that names it; the first that is there. */
  readonly subject: readonly { readonly kind: 'account' | 'organisation'; readonly field: string }[];
  /** The value is no text: an erased one reads as an object, not as a text. */
  readonly json?: true;
  readonly title: Text;
  readonly citations: readonly Citation[];
}

/** How often a command may discover further subjects. */
const ROUNDS = 4;

type Change = (value: Json, pointer: string) => Json;

/** A copy of a value with what the path names put through `change`; nothing else is copied. */
function at(value: Json | undefined, path: readonly string[], change: Change, pointer = ''): Json | undefined {
  if (value === undefined) return undefined;
  const [step, ...rest] = path;
  if (step === undefined) return change(value, pointer);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return step === '*' ? items.map((item, i) => at(item, rest, change, `${pointer}/${i}`) ?? null) : items;
  }
  const record = value as JsonObject;
  const inner = Object.hasOwn(record, step) ? record[step] : undefined;
  const next = at(inner, rest, change, `${pointer}/${step}`);
  return next === inner || next === undefined ? record : { ...record, [step]: next };
}

function subjectOf(field: SealedField, body: JsonObject): string {
  for (const { kind, field: name } of field.subject) {
    const id = body[name];
    if (typeof id === 'string' && id !== '') return `${kind}.${id}`;
  }
  throw new TypeError(`no subject for ${field.collection}.${field.path.join('.')}`);
}

/** The subject under whose key an actor's own leftovers are sealed. */
function subjectOfActor({ id, organisation }: Actor): string {
  return organisation === undefined ? `account.${id}` : `organisation.${organisation}`;
}

interface Session extends Reader {
  /** Have the keys of these subjects at hand. */
  take(subjects: readonly string[]): Promise<void>;
  /** Subjects of these drafts whose keys are not at hand. */
  lacking(drafts: readonly Draft[]): readonly string[];
  sealDraft(draft: Draft): Draft;
}

/** A reader that opens what it reads, and the keys it met on the way (机密读写). */
function createSession(table: readonly SealedField[], keys: SubjectKeys, tenant: string, reader: Reader): Session {
  const met = new Map<string, SubjectKey>();
  const coming = new Map<string, Promise<void>>();
  /** What stood in the places of restricted values: a record that moves on keeps it. */
  const withheld = new Map<string, SealedValue>();

  async function one(subject: string): Promise<void> {
    const found = await keys.find(reader, tenant, subject);
    if (found.state !== 'none') met.set(subject, found);
  }

  async function take(subjects: readonly string[]): Promise<void> {
    await Promise.all(
      [...new Set(subjects)].map((subject) => {
        const waiting = coming.get(subject) ?? one(subject);
        coming.set(subject, waiting);
        return waiting;
      }),
    );
  }

  function open(collection: string, id: string, value: SealedValue, field: string, whole: boolean): Json {
    const { subject } = value;
    const key = met.get(subject);
    // A subject is erased when its tombstone says so; a key row that is gone is damage.
    if (key === undefined || key.state === 'none') throw keysUnavailable('该主体的密钥缺失', 'The key of this subject is missing');
    if (key.state === 'erased') return whole ? ERASED_VALUE : ERASED_TEXT;
    if (key.state === 'restricted') {
      withheld.set(`${collection}/${id}${field}`, value);
      return whole ? RESTRICTED_VALUE : RESTRICTED_TEXT;
    }
    return openValue(key.key, { tenant, subject, collection, id, field }, value);
  }

  async function openAll(collection: string, records: readonly StoredRecord[]): Promise<readonly StoredRecord[]> {
    const fields = table.filter((field) => field.collection === collection);
    if (fields.length === 0) return records;
    const subjects: string[] = [];
    const look: Change = (value) => {
      if (isSealed(value)) subjects.push(value.subject);
      return value;
    };
    for (const { body } of records) for (const { path } of fields) at(body, path, look);
    await take(subjects);
    return records.map(({ body, ...rest }) => {
      let opened: Json = body;
      for (const { path, json } of fields) {
        opened =
          at(opened, path, (value, pointer) => (isSealed(value) ? open(collection, rest.id, value, pointer, json === true) : value)) ??
          opened;
      }
      return { ...rest, body: opened as JsonObject };
    });
  }

  function seal(collection: string, id: string, body: JsonObject): JsonObject {
    let sealed: Json = body;
    for (const field of table) {
      if (field.collection !== collection) continue;
      sealed =
        at(sealed, field.path, (value, pointer) => {
          const subject = subjectOf(field, body);
          const key = met.get(subject);
          if (key === undefined || key.state === 'none') throw keysUnavailable('该主体的密钥缺失', 'The key of this subject is missing');
          if (key.state === 'erased') {
            // A record may move on after an erasure, with its markers; new content for who was erased is refused.
            if (isErased(value)) return erasedValue(subject);
            throw subjectErased();
          }
          if (key.state === 'restricted') {
            const kept = withheld.get(`${collection}/${id}${pointer}`);
            if (kept === undefined || !isRestricted(value)) throw subjectRestricted();
            return kept;
          }
          return sealValue(key.key, { tenant, subject, collection, id, field: pointer }, value);
        }) ?? sealed;
    }
    return sealed as JsonObject;
  }

  return {
    take,
    lacking(drafts) {
      const subjects = new Set<string>();
      for (const { collection, body } of drafts.flatMap((draft) => draft.changes)) {
        if (body === undefined) continue;
        for (const field of table) {
          if (field.collection !== collection) continue;
          at(body, field.path, (value) => {
            subjects.add(subjectOf(field, body));
            return value;
          });
        }
      }
      return [...subjects].filter((subject) => !met.has(subject));
    },
    async get(collection, id) {
      const record = await reader.get(collection, id);
      return record && (await openAll(collection, [record]))[0];
    },
    async find(collection, query) {
      const page = await reader.find(collection, query);
      return { ...page, records: await openAll(collection, page.records) };
    },
    sealDraft(draft) {
      const changes = draft.changes.map((change) =>
        change.body === undefined ? change : { ...change, body: seal(change.collection, change.id, change.body) },
      );
      return { ...draft, changes };
    },
  };
}

/** The writer and reader of a kit that keeps confidences. */
export interface Confidential {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  /** Opens what is read from elsewhere, such as copies; the place to read from also gives the rows of keys. */
  over(tenant: string, from: Reader): Reader;
}

/** What keeps the result of a command for its retries. */
interface Kept {
  readonly key: Uint8Array;
  readonly place: Place;
  readonly idempotency: Idempotency;
}

/**
 * Seal on the way into the writer and open on the way out (密封读写): duties work with plain values, and what reaches
 * the evidence log and the store is sealed already, so commitments are over the sealed bytes. A result kept for retries
 * is sealed with the key of the actor's organisation or account, and the digest of its request is keyed.
 *
 * @param plain reader of a tenant that opens nothing.
 */
export function createConfidential(
  execute: Execute,
  plain: (tenant: string) => Reader,
  keys: SubjectKeys,
  table: readonly SealedField[],
): Confidential {
  async function keep(actor: Actor, { id, request }: Idempotency): Promise<Kept> {
    const subject = subjectOfActor(actor);
    const { tenant } = actor;
    let found = await keys.find(plain(tenant), tenant, subject);
    if (found.state === 'none') {
      await keys.ensure(actor, subject);
      found = await keys.find(plain(tenant), tenant, subject);
    }
    if (found.state === 'restricted') throw subjectRestricted();
    if (found.state !== 'live') throw subjectErased();
    const keyed = createHmac('sha256', found.key).update(request).digest('hex');
    return {
      key: found.key,
      place: { tenant, subject, collection: 'idempotency', id, field: '/result' },
      idempotency: { id, request: keyed },
    };
  }

  /** One try; says which keys it lacked instead of writing when it lacked any. */
  async function attempt<State, Result extends JsonObject>(
    command: Command<State, Result>,
    wanted: readonly string[],
    kept: Kept | undefined,
  ): Promise<{ readonly lacking: readonly string[] } | { readonly result: Result }> {
    let lacking: readonly string[] = [];
    let made: { readonly sealed: string; readonly result: Result } | undefined;
    const answer = await execute<{ readonly state: State; readonly session: Session }, JsonObject>({
      actor: command.actor,
      ...(kept ? { idempotency: kept.idempotency } : {}),
      async load(reader) {
        const session = createSession(table, keys, command.actor.tenant, reader);
        const [state] = await Promise.all([command.load(session), session.take(wanted)]);
        return { state, session };
      },
      decide({ state, session }, now) {
        const { drafts, result } = command.decide(state, now);
        lacking = session.lacking(drafts);
        if (lacking.length > 0) return { drafts: [], result: {} };
        const ready = drafts.map((draft) => session.sealDraft(draft));
        if (kept === undefined) return { drafts: ready, result };
        const value = sealValue(kept.key, kept.place, result);
        made = { sealed: value.sealed, result };
        return { drafts: ready, result: value };
      },
    });
    if (lacking.length > 0) return { lacking };
    if (kept === undefined || !isSealed(answer)) return { result: answer as Result };
    if (made?.sealed === answer.sealed) return { result: made.result };
    return { result: openValue(kept.key, kept.place, answer) as Result };
  }

  return {
    async execute(command) {
      const { actor, idempotency } = command;
      const kept = idempotency && (await keep(actor, idempotency));
      let wanted = actor.organisation === undefined ? [] : [subjectOfActor(actor)];
      for (let round = 1; ; round++) {
        const tried = await attempt(command, wanted, kept);
        if ('result' in tried) return tried.result;
        if (round === ROUNDS) throw keysUnavailable('数据密钥未能备齐', 'The data keys could not be had');
        for (const subject of tried.lacking) {
          const found = await keys.find(plain(actor.tenant), actor.tenant, subject);
          if (found.state === 'none') await keys.ensure(actor, subject);
        }
        wanted = [...wanted, ...tried.lacking];
      }
    },
    reader: (tenant) => createSession(table, keys, tenant, plain(tenant)),
    over: (tenant, from) => createSession(table, keys, tenant, from),
  };
}
