import { ComplianceError } from '../../kernel/errors.ts';
import type { Draft } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Change } from '../../kernel/store.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RECIPIENT_SCHEMA, TRANSFER_SCHEMA } from '../../rules/privacy-schemas.ts';
import type { RecipientInput, TransferInput } from '../../rules/privacy-schemas.ts';
import { standingOf } from './consents.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { AssessmentRecord } from './incidents.ts';

/** A recipient abroad and the route by which information may go there (境外接收方记录). */
export type RecipientRecord = RecipientInput & {
  readonly tenant: string;
  readonly state: 'proposed' | 'approved';
  readonly by: readonly string[];
  readonly at: string;
};

/** Persons whose information went abroad in a calendar year, each once (年度出境人数). */
export type TransferYear = { readonly tenant: string; readonly year: string; readonly persons: number; readonly sensitive: number };
type TransferPerson = { readonly tenant: string; readonly sensitive: boolean };

export type Passed = { readonly passed: boolean; readonly year: string; readonly persons: number; readonly sensitive: number };

/** Transfers abroad (数据出境): by default there are none. */
export interface TransferCommands {
  /** Propose a recipient abroad, or approve it as the second person with the very same content. @throws ZP_SEPARATION_OF_DUTIES, ZP_NOT_FOUND for an unknown assessment */
  approveRecipient(
    actor: Actor,
    input: unknown,
    options?: DeskOptions,
  ): Promise<{ readonly recipient: string; readonly state: RecipientRecord['state'] }>;
  /**
   * Before information goes abroad: passes only to an approved recipient by a route that is enough for the persons of this calendar year, with an
   * assessment that says go on, and with the separate consent of each. Every answer is on record, refusals too.
   * @throws ZP_TRANSFER_REFUSED naming what is missing
   * @source Order 44 Art. 22; PIPL Arts. 38, 39, 55; provisions on cross-border data flows (2024)
   */
  passTransfer(actor: Actor, input: unknown, options?: DeskOptions): Promise<Passed>;
  listRecipients(actor: Actor, page: PageOptions): Promise<Listing<Loaded<RecipientRecord>>>;
  /** Persons of one calendar year. */
  transferYear(actor: Actor, year: string): Promise<TransferYear>;
}

type Route = RecipientInput['route'];

/** How much each route carries; what is necessary for the person's own contract is not counted. */
const STRENGTH: { readonly [route in Route]: number } = {
  'small-volume': 0,
  'standard-contract': 1,
  certification: 1,
  'security-assessment': 2,
  'contract-necessity': 3,
};
/** Persons a calendar year, by the provisions of 2024. */
const SMALL = 100_000;
const LARGE = 1_000_000;
const LARGE_SENSITIVE = 10_000;

/** The route that is needed for so many persons of a year (所需路径). */
export function routeNeeded(persons: number, sensitive: number): 'small-volume' | 'standard-contract' | 'security-assessment' {
  if (persons >= LARGE || sensitive >= LARGE_SENSITIVE) return 'security-assessment';
  return persons >= SMALL || sensitive > 0 ? 'standard-contract' : 'small-volume';
}

const WHY = {
  'no-recipient': { zh: '接收方未经批准', en: 'The recipient is not approved' },
  expired: { zh: '出境路径已过期', en: 'The route has expired' },
  assessment: { zh: '影响评估缺失或结论为不得进行', en: 'The impact assessment is missing, or says stop' },
  consent: { zh: '缺少单独同意', en: 'Separate consent is missing' },
  route: { zh: '出境路径不足以覆盖本年度人数', en: 'The route is not enough for the persons of this year' },
} as const satisfies { readonly [why: string]: Text };

export function createTransfers(context: DeskContext): TransferCommands {
  const { execute, calendar } = context;
  const parseRecipient = createValidator<RecipientInput>(RECIPIENT_SCHEMA);
  const parseTransfer = createValidator<TransferInput>(TRANSFER_SCHEMA);
  const recipientId = (tenant: string, recipient: string): string => `${tenant}/${recipient}`;

  interface State {
    readonly recipient: Loaded<RecipientRecord> | undefined;
    readonly assessment: Loaded<AssessmentRecord> | undefined;
    readonly year: Loaded<TransferYear> | undefined;
    readonly persons: readonly (Loaded<TransferPerson> | undefined)[];
    readonly withoutConsent: number;
  }

  function objection(
    { recipient, assessment, withoutConsent }: State,
    counts: { persons: number; sensitive: number },
    today: string,
  ): keyof typeof WHY | undefined {
    if (recipient?.body.state !== 'approved') return 'no-recipient';
    if ((recipient.body.validThrough ?? '9999-12-31') < today) return 'expired';
    if (assessment === undefined || assessment.body.conclusion === 'stop') return 'assessment';
    if (withoutConsent > 0) return 'consent';
    return STRENGTH[recipient.body.route] < STRENGTH[routeNeeded(counts.persons, counts.sensitive)] ? 'route' : undefined;
  }

  return {
    async approveRecipient(actor, input, options = {}) {
      context.permit(actor, 'transfer.approve');
      const given = parseRecipient(input);
      const id = recipientId(actor.tenant, given.recipient);
      return execute<
        { readonly there: Loaded<RecipientRecord> | undefined; readonly isAssessed: boolean },
        { readonly recipient: string; readonly state: RecipientRecord['state'] }
      >({
        actor,
        ...retrying(options),
        load: async (reader) => ({
          there: await load<RecipientRecord>(reader, 'recipients', id),
          isAssessed: (await load(reader, 'assessments', given.assessment)) !== undefined,
        }),
        decide({ there, isAssessed }, at) {
          if (!isAssessed)
            throw new ComplianceError('ZP_NOT_FOUND', { detail: { zh: '影响评估未登记', en: 'The impact assessment is not on record' } });
          const isSame =
            there?.body.state === 'proposed' &&
            Object.entries(given).every(([name, value]) => there.body[name as keyof RecipientInput] === value);
          const first = there?.body.by[0];
          if (isSame && first === actor.id) throw new ComplianceError('ZP_SEPARATION_OF_DUTIES');
          const state = isSame ? 'approved' : 'proposed';
          const body: RecipientRecord = {
            ...given,
            tenant: actor.tenant,
            state,
            by: isSame && first !== undefined ? [first, actor.id] : [actor.id],
            at,
          };
          const { recipient, jurisdiction, route, reference } = given;
          const facts = { recipient, jurisdiction, route, reference, by: body.by };
          const changes = [there ? replace('recipients', there, body) : create('recipients', id, body)];
          return {
            drafts: [{ kind: `transfer.recipient-${state}`, subject: { collection: 'recipients', id }, facts, changes }],
            result: { recipient, state },
          };
        },
      });
    },

    async passTransfer(actor, input, options = {}) {
      context.permit(actor, 'transfer.pass');
      const given = parseTransfer(input);
      const { tenant } = actor;
      const today = calendar.today(context.now());
      const year = today.slice(0, 4);
      const yearId = `${tenant}/${year}`;
      const outcome = await execute<State, Passed & { readonly why: keyof typeof WHY | '' }>({
        actor,
        ...retrying(options),
        async load(reader) {
          const recipient = await load<RecipientRecord>(reader, 'recipients', recipientId(tenant, given.recipient));
          const [assessment, counted, persons, standings] = await Promise.all([
            recipient && load<AssessmentRecord>(reader, 'assessments', recipient.body.assessment),
            load<TransferYear>(reader, 'transferYears', yearId),
            Promise.all(given.subjects.map((subject) => load<TransferPerson>(reader, 'transferPersons', `${yearId}/${subject}`))),
            Promise.all(
              given.subjects.map((subject) =>
                standingOf(reader, tenant, { subject, scope: 'separate', purpose: given.purpose, recipient: given.recipient }, today),
              ),
            ),
          ]);
          return {
            recipient,
            assessment,
            year: counted,
            persons,
            withoutConsent: standings.filter((standing) => standing !== 'given').length,
          };
        },
        decide(state) {
          const isCounted = state.recipient?.body.route !== 'contract-necessity';
          const changes: Change[] = [];
          const next = { persons: state.year?.body.persons ?? 0, sensitive: state.year?.body.sensitive ?? 0 };
          for (const [i, subject] of given.subjects.entries()) {
            const known = state.persons[i];
            if (!isCounted) break;
            if (known === undefined) next.persons++;
            if (given.sensitive && known?.body.sensitive !== true) next.sensitive++;
            if (known === undefined)
              changes.push(create('transferPersons', `${yearId}/${subject}`, { tenant, sensitive: given.sensitive }));
            else if (given.sensitive && !known.body.sensitive) changes.push(replace('transferPersons', known, { tenant, sensitive: true }));
          }
          const why = objection(state, next, today);
          const facts = {
            recipient: given.recipient,
            purpose: given.purpose,
            subjects: given.subjects.length,
            sensitive: given.sensitive,
            reference: given.reference,
          };
          const subject = { collection: 'recipients', id: recipientId(tenant, given.recipient) };
          if (why !== undefined) {
            const refused: Draft = {
              kind: 'transfer.refused',
              subject,
              facts: { ...facts, why, withoutConsent: state.withoutConsent },
              changes: [],
            };
            return {
              drafts: [refused],
              result: {
                passed: false,
                year,
                ...(state.year ? { persons: state.year.body.persons, sensitive: state.year.body.sensitive } : { persons: 0, sensitive: 0 }),
                why,
              },
            };
          }
          const body: TransferYear = { tenant, year, ...next };
          if (changes.length > 0)
            changes.push(state.year ? replace('transferYears', state.year, body) : create('transferYears', yearId, body));
          return {
            drafts: [{ kind: 'transfer.passed', subject, facts: { ...facts, ...next }, changes }],
            result: { passed: true, year, ...next, why: '' },
          };
        },
      });
      if (outcome.why !== '') {
        throw new ComplianceError('ZP_TRANSFER_REFUSED', {
          detail: WHY[outcome.why],
          citations: [cite('order44', '22'), cite('pipl', '38'), cite('pipl', '39')],
        });
      }
      const { passed, persons, sensitive } = outcome;
      return { passed, year, persons, sensitive };
    },

    async listRecipients(actor, page) {
      context.permit(actor, 'privacy.read');
      return listed<RecipientRecord>(await context.reader(actor.tenant).find('recipients', page));
    },
    async transferYear(actor, year) {
      context.permit(actor, 'privacy.read');
      if (!/^\d{4}$/u.test(year)) throw new ComplianceError('ZP_NOT_FOUND');
      const { tenant } = actor;
      return (
        (await load<TransferYear>(context.reader(tenant), 'transferYears', `${tenant}/${year}`))?.body ?? {
          tenant,
          year,
          persons: 0,
          sensitive: 0,
        }
      );
    },
  };
}
