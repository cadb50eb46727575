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
import { ERASURE_SCHEMA, LIFT_SCHEMA } from '../rules/schemas.ts';
import type { ErasureInput, LiftInput } from '../rules/schemas.ts';

const COLLECTION = 'subjectKeys';

export type Erasure = {
  readonly subject: string;
  readonly state: 'awaiting-second-person' | 'restricted' | 'erased';
  /** Who proposed, and who confirmed; a rule where the end of the period did. */
  readonly by: readonly string[];
  /** Last civil day on which the law wants it kept, as far as that is known. */
  readonly until?: string;
  /** What to tell the subject in writing (书面答复). */
  readonly answer: { readonly zh: string; readonly en: string };
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
   * Answer a request to erase what is sealed for one subject (删除个人信息). Where the law still wants it kept, its processing is
   * restricted at once: it stays stored, nobody reads it, nothing is added, and it is erased once its period has ended and it
   * was disposed of. Elsewhere its key is destroyed, asked for by one person and done when a second asks for the same. Readers get
   * a marker either way; every proof still verifies.
   * @throws ZP_INPUT_INVALID, ZP_NOT_FOUND for a subject with nothing sealed, ZP_SUBJECT_ERASED, ZP_SEPARATION_OF_DUTIES,
   * ZP_STATE while a posting or an appeal of it is under way, ZP_FORBIDDEN
   * @source PIPL Art. 47; Order 44 Art. 26
   */
  eraseSubject(actor: Actor, input: unknown, options?: { readonly idempotency?: Idempotency }): Promise<Erasure>;
  /** Where a request to erase stands, with the answer to the subject. @throws ZP_NOT_FOUND while there is none */
  getErasure(actor: Actor, subject: string): Promise<Erasure>;
  /**
   * Let processing go on after all (解除限制), as when the request was withdrawn or an authority wants to see: two persons with the
   * same reference. @throws ZP_STATE unless it is restricted, ZP_SEPARATION_OF_DUTIES
   */
  liftRestriction(
    actor: Actor,
    input: unknown,
    options?: { readonly idempotency?: Idempotency },
  ): Promise<{ readonly subject: string; readonly state: 'awaiting-second-person' | 'lifted' }>;
  /** Destroy the keys of restricted subjects of which nothing is kept any more (期满销毁密钥). Call it every day. */
  settleErasures(actor: Actor): Promise<{ readonly erased: number; readonly restricted: number }>;
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
  /** What the law still wants of a subject, and until when. */
  keeping(reader: Reader, tenant: string, subject: string): Promise<Keeping>;
}

/** What the law still wants of a subject (依法保存情况). */
export interface Keeping {
  readonly isKept: boolean;
  readonly isUnderWay: boolean;
  /** Absent while nobody knows. */
  readonly until?: string;
}

interface ErasureDecided {
  readonly drafts: readonly Draft[];
  readonly result: Erasure;
}

interface ErasureState {
  readonly row: StoredRecord | undefined;
  readonly keeping: Keeping;
}

/** The commands over a context. */
export function createConfidentiality(context: ConfidentialityContext): ConfidentialityCommands {
  const parse = createValidator<ErasureInput>(ERASURE_SCHEMA);
  const parseLift = createValidator<LiftInput>(LIFT_SCHEMA);

  function sealing(): { readonly keys: Keys; readonly subjects: SubjectKeys } {
    if (context.sealing) return context.sealing;
    throw new ComplianceError('ZP_STATE', { detail: { zh: '未配置密钥，没有密封字段', en: 'No keys are configured: nothing is sealed' } });
  }

  function decideErasure({ row, keeping }: ErasureState, actor: Actor, given: ErasureInput, now: string): ErasureDecided {
    if (row === undefined) throw new ComplianceError('ZP_NOT_FOUND');
    const record = row.body as SubjectKeyRecord;
    if (record.key === undefined) throw subjectErased();
    // Nobody erases their own traces.
    if (given.subject === `account.${actor.id}`) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
    if (keeping.isKept) return restriction(row, actor, given, now, keeping);
    const first = record.pending;
    const same = first?.ground === given.ground && first.reference === given.reference;
    // Nor confirms their own proposal.
    if (same && first.by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
    return erasure(row, given, now, same ? [first.by, actor.id] : [actor.id], same);
  }

  const rowOf = (reader: Reader, tenant: string, subject: string): Promise<StoredRecord | undefined> =>
    reader.get(COLLECTION, subjectKeyId(tenant, subject));

  /** Erase one restricted subject, if nothing of it is kept any more. @returns whether it was */
  async function eraseKept(actor: Actor, subject: string): Promise<boolean> {
    const { done } = await context.execute<ErasureState, { readonly done: boolean }>({
      actor,
      load: async (reader) => ({
        row: await rowOf(reader, actor.tenant, subject),
        keeping: await context.keeping(reader, actor.tenant, subject),
      }),
      decide({ row, keeping }, now) {
        const restricted = (row?.body as SubjectKeyRecord | undefined)?.restricted;
        if (row === undefined || restricted === undefined || keeping.isKept) return { drafts: [], result: { done: false } };
        const { ground, reference, by } = restricted;
        const { drafts } = erasure(row, { subject, ground: ground as ErasureInput['ground'], reference }, now, [by, BY_RULE], true);
        return { drafts, result: { done: true } };
      },
    });
    return done;
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
      decide({ checked, next, cursor }, now) {
        const changes = next.map(({ row, body }) => ({
          collection: COLLECTION,
          id: row.id,
          expectedVersion: row.version,
          body: { ...body, wrappedAt: now },
        }));
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
        load: async (reader) => ({
          row: await rowOf(reader, actor.tenant, given.subject),
          keeping: await context.keeping(reader, actor.tenant, given.subject),
        }),
        decide: (state, now) => decideErasure(state, actor, given, now),
      });
    },
    async getErasure(actor, subject) {
      context.permit(actor, 'subject.erase');
      const reader = context.reader(actor.tenant);
      const record = (await rowOf(reader, actor.tenant, subject))?.body as SubjectKeyRecord | undefined;
      if (record?.erased) return { subject, state: 'erased', by: record.erased.by, answer: ERASED_ANSWER };
      if (record?.restricted) {
        const { until } = await context.keeping(reader, actor.tenant, subject);
        return restrictedView(subject, record.restricted.by, until);
      }
      if (record?.pending) return { subject, state: 'awaiting-second-person', by: [record.pending.by], answer: PENDING_ANSWER };
      throw new ComplianceError('ZP_NOT_FOUND');
    },
    async liftRestriction(actor, input, options = {}) {
      context.permit(actor, 'subject.erase');
      const { subject, reference } = parseLift(input);
      return context.execute<StoredRecord | undefined, { readonly subject: string; readonly state: 'awaiting-second-person' | 'lifted' }>({
        actor,
        ...(options.idempotency ? { idempotency: options.idempotency } : {}),
        load: (reader) => rowOf(reader, actor.tenant, subject),
        decide(row) {
          if (row === undefined) throw new ComplianceError('ZP_NOT_FOUND');
          const { restricted, state: _state, ...rest } = row.body as SubjectKeyRecord;
          if (restricted === undefined) throw new ComplianceError('ZP_STATE');
          const isSecond = restricted.lift?.reference === reference;
          if (isSecond && restricted.lift?.by === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const body: SubjectKeyRecord = isSecond
            ? rest
            : { ...rest, state: 'restricted', restricted: { ...restricted, lift: { by: actor.id, reference } } };
          const by = isSecond ? [restricted.lift?.by ?? '', actor.id] : [actor.id];
          const draft: Draft = {
            kind: isSecond ? 'subject.restriction-lifted' : 'subject.lift-proposed',
            subject: { collection: COLLECTION, id: row.id },
            facts: { reference, by },
            changes: [{ collection: COLLECTION, id: row.id, expectedVersion: row.version, body }],
          };
          return { drafts: [draft], result: { subject, state: isSecond ? 'lifted' : 'awaiting-second-person' } };
        },
      });
    },
    async settleErasures(actor) {
      context.permit(actor, 'subject.erase');
      const reader = context.reader(actor.tenant);
      const counts = { erased: 0, restricted: 0 };
      for (let cursor: string | undefined; ;) {
        const page = await reader.find(COLLECTION, {
          where: { state: 'restricted' },
          limit: 200,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const { body } of page.records)
          counts[(await eraseKept(actor, (body as SubjectKeyRecord).subject)) ? 'erased' : 'restricted']++;
        cursor = page.cursor;
        if (cursor === undefined) return counts;
      }
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

const BY_RULE = 'rule:period-ended';
const PENDING_ANSWER = { zh: '删除请求已受理，待复核后办理', en: 'The request was taken up and waits for its second check' };
const ERASED_ANSWER = { zh: '密钥已销毁，相关个人信息无法恢复', en: 'The key was destroyed: the information cannot be had back' };

function restrictedView(subject: string, by: string, until: string | undefined): Erasure {
  return {
    subject,
    state: 'restricted',
    by: [by],
    ...(until === undefined ? {} : { until }),
    answer: {
      zh: `法律、行政法规规定的保存期限尚未届满（《网络招聘服务管理规定》第二十六条、《电子商务法》第三十一条），${until === undefined ? '自服务完成之日起至少保存三年' : `须保存至 ${until}`}。依《个人信息保护法》第四十七条第二款，现起仅作存储并采取安全保护措施，停止其他处理；期限届满并处置后销毁密钥，不再可读。`,
      en: `The law still wants this kept (Order 44 Art. 26, E-commerce Law Art. 31): ${until === undefined ? 'for at least three years from completion of the service' : `until ${until}`}. Under PIPL Art. 47(2) it is from now on stored and secured and nothing else. When the period has ended and it was disposed of, its key is destroyed and it cannot be read any more.`,
    },
  };
}

/** Processing stops at once, and takes no second person: it can be lifted by two. */
function restriction(row: StoredRecord, actor: Actor, given: ErasureInput, now: string, { isUnderWay, until }: Keeping): ErasureDecided {
  if (isUnderWay) {
    throw new ComplianceError('ZP_STATE', {
      detail: {
        zh: '尚有进行中的招聘信息或申诉，请先撤回、关闭或办结',
        en: 'A posting or an appeal is under way: withdraw, close or decide it first',
      },
      citations: [cite('order44', '26'), cite('pipl', '47')],
    });
  }
  const record = row.body as SubjectKeyRecord;
  const { subject, ground, reference } = given;
  if (record.restricted) return { drafts: [], result: restrictedView(subject, record.restricted.by, until) };
  const { pending: _pending, ...rest } = record;
  const body: SubjectKeyRecord = { ...rest, state: 'restricted', restricted: { by: actor.id, at: now, ground, reference } };
  const draft: Draft = {
    kind: 'subject.restricted',
    subject: { collection: COLLECTION, id: row.id },
    facts: { ground, reference, by: [actor.id], until: until ?? null },
    changes: [{ collection: COLLECTION, id: row.id, expectedVersion: row.version, body }],
  };
  return { drafts: [draft], result: restrictedView(subject, actor.id, until) };
}

/** The proposal, or once it is confirmed the erasure itself: the wrapped key goes, a tombstone stays. */
function erasure(
  row: StoredRecord,
  { subject, ground, reference }: ErasureInput,
  now: string,
  by: readonly string[],
  isConfirmed: boolean,
): ErasureDecided {
  const record = row.body as SubjectKeyRecord;
  const { tenant, createdAt } = record;
  const why = { ground, reference, at: now };
  const body: SubjectKeyRecord = isConfirmed
    ? { tenant, subject, createdAt, erased: { ...why, by } }
    : { ...record, pending: { ...why, by: by[0] ?? '' } };
  const draft: Draft = {
    kind: isConfirmed ? 'subject.erased' : 'subject.erasure-proposed',
    subject: { collection: COLLECTION, id: row.id },
    facts: { ground, reference, by, ...(isConfirmed ? { method: 'crypto-erase' } : {}) },
    changes: [{ collection: COLLECTION, id: row.id, expectedVersion: row.version, body }],
  };
  const state = isConfirmed ? 'erased' : 'awaiting-second-person';
  return { drafts: [draft], result: { subject, state, by, answer: isConfirmed ? ERASED_ANSWER : PENDING_ANSWER } };
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
