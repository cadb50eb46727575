import { setTimeout as sleep } from 'node:timers/promises';

import { ComplianceError } from '../kernel/errors.ts';
import type { Draft, Execute, Idempotency, Reader } from '../kernel/execute.ts';
import type { Actor } from '../kernel/identity.ts';
import type { Keys } from '../kernel/keys.ts';
import type { Store, StoredRecord } from '../kernel/store.ts';
import { subjectErased, subjectKeyId } from '../kernel/subject-keys.ts';
import type { SubjectKeyRecord, SubjectKeys } from '../kernel/subject-keys.ts';
import { createValidator } from '../kernel/validate.ts';
import { cite } from '../rules/instruments.ts';
import type { Verb } from '../rules/permissions.ts';
import { ERASURE_SCHEMA } from '../rules/schemas.ts';
import type { ErasureInput } from '../rules/schemas.ts';

const COLLECTION = 'subjectKeys';
export type Erasure = {
  readonly subject: string;
  readonly state: 'awaiting-second-person' | 'erased';
  /** Who proposed, and who confirmed. */
  readonly by: readonly string[];
};

/** What one page of a rotation did. */
export type RotationPage = {
  readonly checked: number;
  readonly rewrapped: number;
  /** Key-encryption key that now wraps these. */
  readonly kek: string;
  /** Present until every subject key has been looked at; carry on with it, also after a restart. */
  readonly cursor?: string;
};

export interface RotationOptions {
  /** Subject keys looked at a second, at most. Default 100. */
  readonly perSecond?: number;
  readonly signal?: AbortSignal;
  readonly onPage?: (page: RotationPage) => void;
}

/** Keys of data subjects (数据主体密钥). */
export interface ConfidentialityCommands {
  /**
   * Erase what is sealed for one subject (删除个人信息) by destroying its key: asked for by one person, done when a second
   * asks for the same. Readers then get a marker; every proof still verifies. An organisation's key stays while there is
   * a posting of it: disposal, by its own two persons, comes first.
   * @throws ZP_INPUT_INVALID, ZP_NOT_FOUND for a subject with nothing sealed, ZP_SUBJECT_ERASED, ZP_SEPARATION_OF_DUTIES,
   * ZP_STATE while the law wants it kept, ZP_FORBIDDEN
   * @source PIPL Art. 47; Order 44 Art. 26
   */
  eraseSubject(actor: Actor, input: unknown, options?: { readonly idempotency?: Idempotency }): Promise<Erasure>;
  /**
   * Wrap one page of subject keys by the current key-encryption key (更换主密钥); sealed data is not touched, reads go on.
   * @throws ZP_KEYS_UNAVAILABLE, ZP_CURSOR_INVALID, ZP_FORBIDDEN
   */
  rotateKeys(actor: Actor, page: { readonly limit: number; readonly cursor?: string }): Promise<RotationPage>;
  /** All of them, at a bounded rate. @returns totals */
  rotateAllKeys(actor: Actor, options?: RotationOptions): Promise<{ readonly checked: number; readonly rewrapped: number }>;
}

/** What the commands work with. */
export interface ConfidentialityContext {
  readonly execute: Execute;
  /** Reads inside a tenant, opening nothing. */
  reader(tenant: string): Reader;
  permit(actor: Actor, verb: Verb): void;
  /** Absent where nothing is sealed. */
  readonly sealing?: { readonly keys: Keys; readonly subjects: SubjectKeys };
}

interface ErasureDecided {
  readonly drafts: readonly Draft[];
  readonly result: Erasure;
}

interface ErasureState {
  readonly row: StoredRecord | undefined;
  readonly kept: boolean;
}

/** Whether Art. 26 still wants an organisation's postings: as long as there is one, since only disposal takes one away. */
async function keptByLaw(reader: Reader, subject: string): Promise<boolean> {
  const [kind, ...rest] = subject.split('.');
  if (kind !== 'organisation') return false;
  const { records } = await reader.find('postings', { where: { organisation: rest.join('.') }, limit: 1 });
  return records.length > 0;
}

/** The commands over a context. */
export function createConfidentiality(context: ConfidentialityContext): ConfidentialityCommands {
  const parse = createValidator<ErasureInput>(ERASURE_SCHEMA);

  function sealing(): { readonly keys: Keys; readonly subjects: SubjectKeys } {
    if (context.sealing) return context.sealing;
    throw new ComplianceError('ZP_STATE', { detail: { zh: '未配置密钥，没有密封字段', en: 'No keys are configured: nothing is sealed' } });
  }

  function decideErasure({ row, kept }: ErasureState, actor: Actor, given: ErasureInput, now: string): ErasureDecided {
    if (row === undefined) throw new ComplianceError('ZP_NOT_FOUND');
    const record = row.body as SubjectKeyRecord;
    if (record.key === undefined) throw subjectErased();
    if (kept) {
      throw new ComplianceError('ZP_STATE', {
        detail: {
          zh: '该单位尚有招聘信息在保存期限内或未经处置，依法应当保存',
          en: 'Postings of this organisation are under way or not disposed of yet: the law wants them kept',
        },
        citations: [cite('order44', '26'), cite('pipl', '47')],
      });
    }
    const first = record.pending;
    const same = first?.ground === given.ground && first.reference === given.reference;
    // Nobody confirms their own proposal, and nobody erases their own traces.
    if ((same && first.by === actor.id) || given.subject === `account.${actor.id}`) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
    return erasure(row, actor, given, now, same ? first.by : undefined);
  }

  async function rotateKeys(actor: Actor, page: { readonly limit: number; readonly cursor?: string }): Promise<RotationPage> {
    context.permit(actor, 'keys.rotate');
    const { keys, subjects } = sealing();
    const kek = await keys.current();
    return context.execute({
      actor,
      async load(reader) {
        const found = await reader.find(COLLECTION, { limit: page.limit, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) });
        const stale = found.records.filter(({ body }) => body['key'] !== undefined && body['kek'] !== kek);
        const next = await Promise.all(
          stale.map(async (row) => {
            const record = row.body as SubjectKeyRecord;
            return { row, from: record.kek ?? '', body: await subjects.rewrap(record) };
          }),
        );
        return { checked: found.records.length, next, cursor: found.cursor };
      },
      decide({ checked, next, cursor }) {
        const changes = next.map(({ row, body }) => ({ collection: COLLECTION, id: row.id, expectedVersion: row.version, body }));
        const from = [...new Set(next.map((one) => one.from))];
        const subject = { collection: COLLECTION, id: actor.tenant };
        const result: RotationPage = { checked, rewrapped: next.length, kek, ...(cursor === undefined ? {} : { cursor }) };
        const facts = { from, to: kek, count: next.length };
        return { drafts: changes.length === 0 ? [] : [{ kind: 'subject-keys.rewrapped', subject, facts, changes }], result };
      },
    });
  }

  return {
    async eraseSubject(actor, input, options = {}) {
      context.permit(actor, 'subject.erase');
      const given = parse(input);
      sealing();
      return context.execute<ErasureState, Erasure>({
        actor,
        ...(options.idempotency ? { idempotency: options.idempotency } : {}),
        async load(reader) {
          const row = await reader.get(COLLECTION, subjectKeyId(actor.tenant, given.subject));
          return { row, kept: await keptByLaw(reader, given.subject) };
        },
        decide: (state, now) => decideErasure(state, actor, given, now),
      });
    },
    rotateKeys,
    async rotateAllKeys(actor, options = {}) {
      const { perSecond = 100, signal, onPage } = options;
      const limit = Math.max(1, Math.min(100, perSecond));
      const totals = { checked: 0, rewrapped: 0 };
      for (let cursor: string | undefined; ;) {
        signal?.throwIfAborted();
        const page = await rotateKeys(actor, { limit, ...(cursor === undefined ? {} : { cursor }) });
        totals.checked += page.checked;
        totals.rewrapped += page.rewrapped;
        onPage?.(page);
        cursor = page.cursor;
        if (cursor === undefined) return totals;
        await sleep((page.checked / perSecond) * 1000);
      }
    },
  };
}

/** The proposal, or with a first person the erasure itself: the wrapped key goes, a tombstone stays. */
function erasure(
  row: StoredRecord,
  actor: Actor,
  { subject, ground, reference }: ErasureInput,
  now: string,
  first: string | undefined,
): ErasureDecided {
  const { tenant, createdAt, kek = '', key = '' } = row.body as SubjectKeyRecord;
  const by = first === undefined ? [actor.id] : [first, actor.id];
  const why = { ground, reference, at: now };
  const body: SubjectKeyRecord =
    first === undefined
      ? { tenant, subject, createdAt, kek, key, pending: { ...why, by: actor.id } }
      : { tenant, subject, createdAt, erased: { ...why, by } };
  const draft: Draft = {
    kind: first === undefined ? 'subject.erasure-proposed' : 'subject.erased',
    subject: { collection: COLLECTION, id: row.id },
    facts: { ground, reference, by },
    changes: [{ collection: COLLECTION, id: row.id, expectedVersion: row.version, body }],
  };
  return { drafts: [draft], result: { subject, state: first === undefined ? 'awaiting-second-person' : 'erased', by } };
}

/** Where subject keys stand, a tenant (数据主体密钥状态). */
export interface KeyStatus {
  readonly tenant: string;
  /** Live subject keys by the key-encryption key that wraps them. */
  readonly keks: { readonly [kek: string]: number };
  readonly erased: number;
  /** Erasures that wait for their second person. */
  readonly pending: number;
}

/** Count the subject keys of a store, tenant by tenant; needs no key. */
export async function keyStatus(store: Store): Promise<readonly KeyStatus[]> {
  const tenants = new Map<string, { keks: Record<string, number>; erased: number; pending: number }>();
  for (let cursor: string | undefined; ;) {
    const page = await store.find(COLLECTION, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { body } of page.records) {
      const { tenant, kek, key, pending, erased } = body as SubjectKeyRecord;
      const counts = tenants.get(tenant) ?? { keks: {}, erased: 0, pending: 0 };
      tenants.set(tenant, counts);
      if (erased) counts.erased++;
      else if (key !== undefined) counts.keks[kek ?? ''] = (counts.keks[kek ?? ''] ?? 0) + 1;
      if (pending) counts.pending++;
    }
    cursor = page.cursor;
    if (cursor === undefined) return [...tenants].map(([tenant, counts]) => ({ tenant, ...counts }));
  }
}
