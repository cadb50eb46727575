import { randomBytes } from 'node:crypto';

import { ComplianceError } from './errors.ts';
import type { Execute, Reader } from './execute.ts';
import type { Actor } from './identity.ts';
import { KEY_BYTES, keysUnavailable } from './keys.ts';
import type { Keys } from './keys.ts';

const COLLECTION = 'subjectKeys';
/** Data keys held unwrapped in this process. */
const HELD = 1000;

/** The data key of one subject as stored, or what is left of it (数据主体密钥). No key: erased. */
export type SubjectKeyRecord = {
  readonly tenant: string;
  readonly subject: string;
  readonly createdAt: string;
  readonly kek?: string;
  readonly key?: string;
  /** When the key-encryption key was last changed for it; absent: never. */
  readonly wrappedAt?: string;
  /** Only stored any more, because the law still wants it (限制处理). */
  readonly state?: 'restricted';
  readonly restricted?: {
    readonly by: string;
    readonly at: string;
    readonly ground: string;
    readonly reference: string;
    /** A first person's word that processing may go on. */
    readonly lift?: { readonly by: string; readonly reference: string };
  };
  /** An erasure that waits for its second person. */
  readonly pending?: { readonly by: string; readonly at: string; readonly ground: string; readonly reference: string };
  readonly erased?: { readonly by: readonly string[]; readonly at: string; readonly ground: string; readonly reference: string };
};

/** A subject's key as found: open, not to be used while its data is only stored, erased, or never made. */
export type SubjectKey =
  | { readonly state: 'live'; readonly key: Uint8Array }
  | { readonly state: 'restricted' }
  | { readonly state: 'erased' }
  | { readonly state: 'none' };

/** Data keys of subjects (数据主体密钥库). */
export interface SubjectKeys {
  /** What the store says now, so that an erasure holds at once and everywhere. @throws ZP_KEYS_UNAVAILABLE */
  find(reader: Reader, tenant: string, subject: string): Promise<SubjectKey>;
  /** Make the key on first use, recorded as evidence. @throws ZP_KEYS_UNAVAILABLE */
  ensure(actor: Actor, subject: string): Promise<void>;
  /** The same data key under the current key-encryption key; what it seals is not touched. @throws ZP_KEYS_UNAVAILABLE */
  rewrap(record: SubjectKeyRecord): Promise<SubjectKeyRecord>;
}

/** Id of a subject's row. */
export function subjectKeyId(tenant: string, subject: string): string {
  return `${tenant}/${subject}`;
}

/**
 * The data keys over a store and a {@link Keys} port. Rows are read each time; only the unwrapping is remembered, for the
 * last thousand keys, so a key service is asked seldom and an erased key is never used again.
 */
export function createSubjectKeys(execute: Execute, keys: Keys): SubjectKeys {
  const held = new Map<string, Promise<Uint8Array>>();

  async function unwrap({ tenant, subject, kek = '', key = '' }: SubjectKeyRecord): Promise<Uint8Array> {
    const name = `${subjectKeyId(tenant, subject)}/${kek}/${key}`;
    const known = held.get(name);
    held.delete(name);
    const opened = known ?? keys.unwrap({ kek, key }, { tenant, subject });
    held.set(name, opened);
    const oldest = held.size > HELD ? held.keys().next().value : undefined;
    if (oldest !== undefined) held.delete(oldest);
    try {
      return await opened;
    } catch (error) {
      held.delete(name);
      throw error;
    }
  }

  return {
    async find(reader, tenant, subject) {
      const row = (await reader.get(COLLECTION, subjectKeyId(tenant, subject)))?.body as SubjectKeyRecord | undefined;
      if (row === undefined) return { state: 'none' };
      if (row.key === undefined) return { state: 'erased' };
      if (row.restricted !== undefined) return { state: 'restricted' };
      // Where the row stands says whose it is, not what it says of itself.
      return { state: 'live', key: await unwrap({ ...row, tenant, subject }) };
    },

    async ensure(actor, subject) {
      const { tenant } = actor;
      const id = subjectKeyId(tenant, subject);
      const wrapped = await keys.wrap(randomBytes(KEY_BYTES), { tenant, subject });
      await execute({
        actor,
        load: (reader) => reader.get(COLLECTION, id),
        decide(there, now) {
          if (there !== undefined) return { drafts: [], result: {} };
          const body: SubjectKeyRecord = { tenant, subject, createdAt: now, ...wrapped };
          return {
            drafts: [
              {
                kind: 'subject-key.made',
                subject: { collection: COLLECTION, id },
                facts: { kek: wrapped.kek },
                changes: [{ collection: COLLECTION, id, expectedVersion: 0, body }],
              },
            ],
            result: {},
          };
        },
      });
    },

    async rewrap(record) {
      const { tenant, subject } = record;
      const wrapped = await keys.wrap(await unwrap(record), { tenant, subject });
      if (wrapped.kek !== (await keys.current())) throw keysUnavailable('主密钥正在更换', 'The key-encryption key is changing just now');
      return { ...record, ...wrapped };
    },
  };
}

/** What a write to an erased subject is refused with. */
export function subjectErased(): ComplianceError {
  return new ComplianceError('ZP_SUBJECT_ERASED');
}

/** What a write about a restricted subject is refused with. */
export function subjectRestricted(): ComplianceError {
  return new ComplianceError('ZP_SUBJECT_RESTRICTED');
}
