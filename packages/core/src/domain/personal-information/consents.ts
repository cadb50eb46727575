import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { CONSENT_SCHEMA, NOTICE_SCHEMA, WITHDRAWAL_SCHEMA } from '../../rules/privacy-schemas.ts';
import type { ConsentInput, NoticeInput, WithdrawalInput } from '../../rules/privacy-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** A version of a notice as it was put out (告知版本记录). */
export type NoticeRecord = NoticeInput & { readonly tenant: string; readonly publishedBy: string; readonly publishedAt: string };

/** Where the consent of a person to one purpose stands (同意记录); what it was before is in the evidence log. */
export type ConsentRecord = {
  readonly tenant: string;
  readonly subject: string;
  readonly scope: ConsentInput['scope'];
  readonly purpose: string;
  readonly recipient?: string;
  readonly notice: string;
  readonly version: string;
  readonly state: 'given' | 'withdrawn';
  readonly at: string;
  readonly reference: string;
};

/** Whose consent to what is asked about. */
export type ConsentAsked = Pick<ConsentRecord, 'subject' | 'scope' | 'purpose' | 'recipient'>;
export type ConsentStanding = 'given' | 'none' | 'withdrawn' | 'outdated';

/** Consent, and the notices it was given under (同意与告知). */
export interface ConsentCommands {
  /** Put out a version of a notice. @throws ZP_STATE for a version that is out already with another text */
  publishNotice(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly notice: string; readonly version: string }>;
  /**
   * Put consent on record as it was given. Separate consent to hand something on names the recipient.
   * @throws ZP_INPUT_INVALID, ZP_NOT_FOUND for a notice nobody put out, ZP_STATE for a version that a material change has replaced
   * @source PIPL Arts. 13, 14, 23, 29, 39
   */
  recordConsent(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly subject: string; readonly state: 'given' }>;
  /** As easily as it was given. @throws ZP_NOT_FOUND @source PIPL Art. 15 */
  withdrawConsent(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly subject: string; readonly state: 'withdrawn' }>;
  /** Where the consents of a person stand. */
  listConsents(actor: Actor, subject: string, page: PageOptions): Promise<Listing<Loaded<ConsentRecord>>>;
  consentStanding(tenant: string, asked: ConsentAsked): Promise<ConsentStanding>;
  /** Before anything is done that needs it. @throws ZP_CONSENT_MISSING naming what is missing @source PIPL Arts. 13, 23 */
  assertConsent(tenant: string, asked: ConsentAsked): Promise<void>;
}

function consentId(tenant: string, { subject, scope, purpose, recipient = '-' }: ConsentAsked): string {
  return `${tenant}/${subject}/${scope}/${purpose}/${recipient}`;
}

/** Versions of one notice, looked at for material changes; a notice with more is a diary. */
const MOST_VERSIONS = 200;

/** The last version from which on consent reaches: the newest that is in effect and changed something that matters. */
async function lastMaterial(reader: Reader, notice: string, today: string): Promise<NoticeRecord | undefined> {
  const { records } = await reader.find('notices', { where: { notice }, limit: MOST_VERSIONS });
  return records
    .map(({ body }) => body as NoticeRecord)
    .filter(({ material, effectiveFrom }) => material && effectiveFrom <= today)
    .toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
    .at(-1);
}

/** Where a consent stands, for whoever reads it in a commit of its own. */
export async function standingOf(reader: Reader, tenant: string, asked: ConsentAsked, today: string): Promise<ConsentStanding> {
  const consent = await load<ConsentRecord>(reader, 'consents', consentId(tenant, asked));
  if (consent === undefined) return 'none';
  const { state, notice, version } = consent.body;
  if (state === 'withdrawn') return 'withdrawn';
  const [material, own] = await Promise.all([
    lastMaterial(reader, notice, today),
    load<NoticeRecord>(reader, 'notices', `${tenant}/${notice}/${version}`),
  ]);
  return material && (own?.body.effectiveFrom ?? '') < material.effectiveFrom ? 'outdated' : 'given';
}

function consentMissing(standing: ConsentStanding, { scope, purpose }: ConsentAsked): ComplianceError {
  const why = {
    none: { zh: '尚未取得', en: 'was never given' },
    withdrawn: { zh: '已撤回', en: 'was withdrawn' },
    outdated: { zh: '取得后告知内容有实质变更，须重新取得', en: 'was given before the notice changed: it has to be asked for anew' },
    given: { zh: '', en: '' },
  }[standing];
  return new ComplianceError('ZP_CONSENT_MISSING', {
    detail: {
      zh: `${scope === 'separate' ? '单独同意' : '同意'}（${purpose}）${why.zh}`,
      en: `${scope === 'separate' ? 'Separate consent' : 'Consent'} to ${purpose} ${why.en}`,
    },
    citations: [cite('pipl', '13'), cite('pipl', '14'), ...(scope === 'separate' ? [cite('pipl', '23')] : [])],
  });
}

export function createConsents(context: DeskContext): ConsentCommands {
  const { execute, calendar } = context;
  const parseNotice = createValidator<NoticeInput>(NOTICE_SCHEMA);
  const parseConsent = createValidator<ConsentInput>(CONSENT_SCHEMA);
  const parseWithdrawal = createValidator<WithdrawalInput>(WITHDRAWAL_SCHEMA);
  const today = (): string => calendar.today(context.now());

  const standing = (tenant: string, asked: ConsentAsked): Promise<ConsentStanding> =>
    standingOf(context.reader(tenant), tenant, asked, today());

  return {
    async publishNotice(actor, input, options = {}) {
      context.permit(actor, 'consent.record');
      const given = parseNotice(input);
      const id = `${actor.tenant}/${given.notice}/${given.version}`;
      const result = { notice: given.notice, version: given.version };
      return execute<Loaded<NoticeRecord> | undefined, typeof result>({
        actor,
        ...retrying(options),
        load: (reader) => load<NoticeRecord>(reader, 'notices', id),
        decide(there, now) {
          if (there?.body.sha256 === given.sha256) return { drafts: [], result };
          if (there)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '该版本已发布，文本不得更改', en: 'This version is out: its text does not change' },
            });
          const body: NoticeRecord = { ...given, tenant: actor.tenant, publishedBy: actor.id, publishedAt: now };
          const { notice, version, sha256, material } = given;
          const facts = { notice, version, sha256, material };
          return {
            drafts: [{ kind: 'notice.published', subject: { collection: 'notices', id }, facts, changes: [create('notices', id, body)] }],
            result,
          };
        },
      });
    },

    async recordConsent(actor, input, options = {}) {
      context.permit(actor, 'consent.record');
      const given = parseConsent(input);
      const { subject, scope, purpose, recipient, notice, version, reference } = given;
      const id = consentId(actor.tenant, given);
      interface State {
        readonly there: Loaded<ConsentRecord> | undefined;
        readonly shown: Loaded<NoticeRecord>;
        readonly material: NoticeRecord | undefined;
      }
      return execute<State, { readonly subject: string; readonly state: 'given' }>({
        actor,
        ...retrying(options),
        async load(reader) {
          const shown = found(await load<NoticeRecord>(reader, 'notices', `${actor.tenant}/${notice}/${version}`));
          return { shown, there: await load<ConsentRecord>(reader, 'consents', id), material: await lastMaterial(reader, notice, today()) };
        },
        decide({ there, shown, material }, at) {
          if (material && shown.body.effectiveFrom < material.effectiveFrom)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '所示告知版本已被实质变更取代', en: 'The version that was shown has been replaced by a material change' },
            });
          const body: ConsentRecord = {
            tenant: actor.tenant,
            subject,
            scope,
            purpose,
            ...(recipient === undefined ? {} : { recipient }),
            notice,
            version,
            state: 'given',
            at,
            reference,
          };
          const draft: Draft = {
            kind: 'consent.given',
            subject: { collection: 'consents', id },
            facts: { scope, purpose, recipient: recipient ?? null, notice, version, reference },
            changes: [there ? replace('consents', there, body) : create('consents', id, body)],
          };
          return { drafts: [draft], result: { subject, state: 'given' } };
        },
      });
    },

    async withdrawConsent(actor, input, options = {}) {
      context.permit(actor, 'consent.record');
      const given = parseWithdrawal(input);
      const id = consentId(actor.tenant, given);
      return execute<Loaded<ConsentRecord>, { readonly subject: string; readonly state: 'withdrawn' }>({
        actor,
        ...retrying(options),
        load: async (reader) => found(await load<ConsentRecord>(reader, 'consents', id)),
        decide(consent, at) {
          const result = { subject: given.subject, state: 'withdrawn' as const };
          if (consent.body.state === 'withdrawn') return { drafts: [], result };
          const body: ConsentRecord = { ...consent.body, state: 'withdrawn', at, reference: given.reference };
          const { scope, purpose, recipient = null } = consent.body;
          const facts = { scope, purpose, recipient, reference: given.reference };
          return {
            drafts: [
              { kind: 'consent.withdrawn', subject: { collection: 'consents', id }, facts, changes: [replace('consents', consent, body)] },
            ],
            result,
          };
        },
      });
    },

    async listConsents(actor, subject, page) {
      context.permit(actor, 'privacy.read');
      return listed<ConsentRecord>(await context.reader(actor.tenant).find('consents', { where: { subject }, ...page }));
    },
    consentStanding: standing,
    async assertConsent(tenant, asked) {
      const now = await standing(tenant, asked);
      if (now !== 'given') throw consentMissing(now, asked);
    },
  };
}
